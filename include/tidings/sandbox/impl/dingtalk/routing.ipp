// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_DINGTALK_ROUTING_IPP
#define TIDINGS_SANDBOX_IMPL_DINGTALK_ROUTING_IPP

#include <tidings/sandbox/detail/dingtalk.hpp>
#include <tidings/sandbox/detail/platform.hpp>

namespace tidings::sandbox::detail {

TIDINGS_SANDBOX_DECL response answer_dingtalk(state&, request const&)
{
    return not_found();
}

TIDINGS_SANDBOX_DECL void check_dingtalk(world const&) {}

TIDINGS_SANDBOX_DECL void revoke_dingtalk(state&, std::string const&) {}

} // namespace tidings::sandbox::detail

#endif
