// What changes on WeCom's side while the sandbox runs.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_DETAIL_WECOM_STATE_HPP
#define TIDINGS_SANDBOX_DETAIL_WECOM_STATE_HPP

#include <tidings/sandbox/detail/clock.hpp>

namespace tidings::sandbox::detail {

struct wecom_state
{
};

} // namespace tidings::sandbox::detail

#endif
