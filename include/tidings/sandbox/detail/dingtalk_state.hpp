// What changes on DingTalk's side while the sandbox runs.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_DETAIL_DINGTALK_STATE_HPP
#define TIDINGS_SANDBOX_DETAIL_DINGTALK_STATE_HPP

#include <tidings/sandbox/detail/clock.hpp>

namespace tidings::sandbox::detail {

struct dingtalk_state
{
};

} // namespace tidings::sandbox::detail

#endif
