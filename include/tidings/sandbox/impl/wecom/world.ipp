// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_WECOM_WORLD_IPP
#define TIDINGS_SANDBOX_IMPL_WECOM_WORLD_IPP

#include <tidings/sandbox/detail/json_io.hpp>
#include <tidings/sandbox/world.hpp>

namespace tidings::sandbox::detail {

template<class F>
void members(F&&, is_a<wecom_app> auto&)
{
}

template<class F>
void members(F&& f, is_a<wecom_world> auto& x)
{
    f("apps", x.apps);
}

// WeCom's part of the standard world.
inline wecom_world standard_wecom()
{
    return {};
}

} // namespace tidings::sandbox::detail

#endif
