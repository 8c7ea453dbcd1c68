// The one shape that every call to a platform has.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_WIRE_OPERATION_HPP
#define TIDINGS_WIRE_OPERATION_HPP

#include <tidings/detail/failure.hpp>
#include <tidings/result.hpp>
#include <tidings/secret.hpp>
#include <tidings/wire/limits.hpp>
#include <tidings/wire/reply.hpp>
#include <tidings/wire/request.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace tidings::inline v0::wire {

/// What repeating a request may do.
enum class idempotency
{
    /// It changes nothing: a lost answer is a failure like any other.
    idempotent,
    /// It carries an idempotency key: the same request again changes nothing more.
    with_key,
    /// Each request counts.
    none
};

/// One request and how its answer is read: bytes in, bytes out; no sockets, no clock. A platform is a set of these.
///
/// An operation is used by one coroutine at a time. `encode` may be called again after `decode`, for a repetition.
class operation
{
public:
    operation(operation const&) = delete;
    operation& operator=(operation const&) = delete;

    /// What a person calls it: "send message".
    std::string_view name() const noexcept { return name_; }
    wire::idempotency idempotency() const noexcept { return idempotency_; }
    bool needs_token() const noexcept { return needs_token_; }
    /// Which of the platform's base URLs it goes to, counted from 0.
    unsigned host() const noexcept { return host_; }

    /// Writes the request, except for its end.
    ///
    /// @param out    The request.
    /// @param token  The access token; empty if `needs_token()` is false.
    /// @returns Success, or why the arguments are not valid: then nothing must be sent.
    virtual result<void> encode(request& out, std::string_view token) const = 0;

    /// Reads the answer and keeps its result.
    ///
    /// @param in  The reply. Text of it that becomes part of a failure has to pass its filter: see `reply`.
    /// @returns Success, or the platform's refusal. `errc::protocol_error` if it is not an answer of the platform.
    virtual result<void> decode(reply const& in) = 0;

    /// The secret in the request other than the access token, which must not be part of an error: it is removed from an
    /// answer that repeats it.
    virtual std::string_view confidential() const noexcept { return {}; }
    /// The same for a second secret: the one that signs the requests of a webhook.
    virtual std::string_view also_confidential() const noexcept { return {}; }
    /// The same for the beginning of the path of the request: of the address of a webhook, failures name the host only.
    virtual std::string_view confidential_path() const noexcept { return {}; }

    /// The platform's limits for such calls; null if it has published none.
    virtual api_limits const* limits() const noexcept { return nullptr; }
    /// How many people it goes to, where the platform counts them.
    virtual std::size_t recipient_count() const noexcept { return 0; }
    /// The id of one of them, where each has a limit of their own.
    virtual std::string_view recipient_id(std::size_t) const noexcept { return {}; }

protected:
    operation(std::string_view name, wire::idempotency what, bool needs_token, unsigned host = 0) noexcept
        : name_(name), idempotency_(what), needs_token_(needs_token), host_(host)
    {
    }
    ~operation() = default;

private:
    std::string_view name_;
    wire::idempotency idempotency_;
    bool needs_token_;
    unsigned host_;
};

/// When a token expires, and when the next one can be fetched.
class token_margins
{
public:
    constexpr token_margins() noexcept = default;
    constexpr token_margins(std::chrono::seconds u, std::chrono::seconds r) noexcept : use(u), refresh(r) {}

    /// A token is not used when it has no more than this left: time for a request to arrive, and for clocks to differ.
    std::chrono::seconds use{60};
    /// From this long before its end on, the platform issues a newer token and the old one keeps working, so that no
    /// caller waits for a refresh.
    std::chrono::seconds refresh{std::chrono::minutes(30)};
};

/// An operation that fetches an access token.
class token_operation : public operation
{
public:
    virtual ~token_operation() = default;

    /// After a successful `decode`: the token, taken out.
    secret take_token() noexcept { return std::move(token_); }
    /// After a successful `decode`: how long it lives, counted from when the request was sent.
    std::chrono::seconds lifetime() const noexcept { return lifetime_; }
    token_margins margins() const noexcept { return margins_; }

protected:
    using operation::operation;

    /// Keeps the token of an answer, if it is a valid token.
    ///
    /// @param token    From an answer that reports success.
    /// @param seconds  The lifetime that the platform states.
    /// @param max_length  The maximum of bytes of a token.
    result<void> keep(secret token, std::int64_t seconds, std::size_t max_length = 4096);

    token_margins margins_;
    secret token_;
    std::chrono::seconds lifetime_{0};
};

} // namespace tidings::inline v0::wire

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/wire/impl/operation.ipp>
#endif

#endif
