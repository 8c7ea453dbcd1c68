// Prepares a client for its first message, without sending anything.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_WARM_UP_HPP
#define TIDINGS_IMPL_WARM_UP_HPP

#include <tidings/wire/procedure.hpp>

#include <optional>
#include <string_view>

namespace tidings::inline v0::detail {

/// A request of no bytes, for which the transport only opens a connection. With an access token beside it, which is
/// fetched unless there is one.
class open_connection final : public wire::operation
{
public:
    explicit open_connection(unsigned host)
        : operation("open connection", wire::idempotency::idempotent, host == 0, host)
    {
    }

    result<void> encode(wire::request& out, std::string_view) const override;
    result<void> decode(wire::reply const&) override { return {}; }
};

/// A token, and a connection to each of the platform's hosts.
class warm_up final : public wire::procedure
{
public:
    /// @param hosts  How many there are.
    explicit warm_up(unsigned hosts) noexcept : hosts_(hosts) {}

    wire::operation* next() override { return next_ == hosts_ ? nullptr : &current_.emplace(next_++); }

private:
    unsigned hosts_;
    unsigned next_ = 0;
    std::optional<open_connection> current_;
};

} // namespace tidings::inline v0::detail

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/impl/warm_up.ipp>
#endif

#endif
