// What the sandbox knows about WeCom before the first request. Plain data.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_WECOM_WORLD_HPP
#define TIDINGS_SANDBOX_WECOM_WORLD_HPP

#include <tidings/sandbox/audience.hpp>

#include <cstdint>
#include <map>
#include <optional>

namespace tidings::sandbox {

/// One application of WeCom.
struct wecom_app
{
    wecom_app() = default;
};

/// WeCom's own part of the world.
struct wecom_world
{
    wecom_world() = default;

    std::vector<wecom_app> apps;
};

} // namespace tidings::sandbox

#endif
