// What the sandbox knows about DingTalk before the first request. Plain data.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_DINGTALK_WORLD_HPP
#define TIDINGS_SANDBOX_DINGTALK_WORLD_HPP

#include <tidings/sandbox/audience.hpp>

#include <cstdint>
#include <map>
#include <optional>

namespace tidings::sandbox {

/// One application of DingTalk.
struct dingtalk_app
{
    dingtalk_app() = default;
};

/// DingTalk's own part of the world.
struct dingtalk_world
{
    dingtalk_world() = default;

    std::vector<dingtalk_app> apps;
};

} // namespace tidings::sandbox

#endif
