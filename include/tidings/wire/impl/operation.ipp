// The one shape that every call to a platform has.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_WIRE_IMPL_OPERATION_IPP
#define TIDINGS_WIRE_IMPL_OPERATION_IPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/result.hpp>
#include <tidings/secret.hpp>
#include <tidings/wire/limits.hpp>
#include <tidings/wire/operation.hpp>
#include <tidings/wire/reply.hpp>
#include <tidings/wire/request.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace tidings::inline v0::wire {

TIDINGS_DECL result<void> token_operation::keep(secret token, std::int64_t seconds, std::size_t max_length)
{
    // It becomes part of a header or of a target.
    auto const printable = [](char c) { return c > ' ' && c < 0x7f; };
    auto const text = token.reveal();
    if (text.empty() || text.size() > max_length || !std::all_of(text.begin(), text.end(), printable))
        return make_failure(errc::protocol_error, "the answer succeeds and has no usable access token");
    constexpr std::int64_t max_life = 24 * 60 * 60; // the documentations say two hours
    token_ = std::move(token);
    lifetime_ = std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, max_life));
    return {};
}

} // namespace tidings::inline v0::wire

#endif
