// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_DINGTALK_WORLD_IPP
#define TIDINGS_SANDBOX_IMPL_DINGTALK_WORLD_IPP

#include <tidings/sandbox/detail/json_io.hpp>
#include <tidings/sandbox/world.hpp>

namespace tidings::sandbox::detail {

template<class F>
void members(F&&, is_a<dingtalk_app> auto&)
{
}

template<class F>
void members(F&& f, is_a<dingtalk_world> auto& x)
{
    f("apps", x.apps);
}

// DingTalk's part of the standard world.
inline dingtalk_world standard_dingtalk()
{
    return {};
}

} // namespace tidings::sandbox::detail

#endif
