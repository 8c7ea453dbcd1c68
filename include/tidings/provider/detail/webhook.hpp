// What the group webhooks of all platforms share: the address taken apart, the time, the unknown outcome.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_DETAIL_WEBHOOK_HPP
#define TIDINGS_PROVIDER_DETAIL_WEBHOOK_HPP

#include <tidings/detail/address.hpp>
#include <tidings/detail/ascii.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/result.hpp>
#include <tidings/secret.hpp>
#include <tidings/webhook_address.hpp>
#include <tidings/wire/endpoint.hpp>
#include <tidings/wire/procedure.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace tidings::inline v0::detail {

/// Tells the time that a signature names. Called when a request is written: a signature lives an hour.
using webhook_clock = std::chrono::sys_time<std::chrono::milliseconds> (*)();

TIDINGS_DECL std::chrono::sys_time<std::chrono::milliseconds> system_time() noexcept;

/// What of an address a request needs.
class webhook_key
{
public:
    webhook_key() noexcept = default;
    /// @param path  What the path of the address has before that of the platform.
    webhook_key(secret token, secret signing, secret path = secret()) noexcept;

    std::string_view token() const noexcept { return token_.reveal(); }
    /// Empty: nothing is signed.
    secret const& signing() const noexcept { return signing_; }
    std::string_view path() const noexcept { return path_.reveal(); }

private:
    secret token_;
    secret signing_;
    secret path_;
};

TIDINGS_DECL failure refuse_webhook(std::string_view why);

/// An address taken apart. Shows parts of the text it was made of. What it refuses it does not repeat.
class webhook_parts
{
public:
    static result<webhook_parts> parse(std::string_view pasted);

    bool tls() const noexcept { return tls_; }
    std::string const& host() const noexcept { return host_; }
    std::string const& port() const noexcept { return port_; }
    bool has_query() const noexcept { return has_query_; }

    bool leads_to(transport::endpoint const& there) const;

    /// The path, as it was written.
    std::string_view path() const noexcept { return path_; }

    /// @returns Whether the path starts with `prefix`, which is then taken off.
    bool skip(std::string_view prefix) noexcept;

    /// The only parameter of this name, as it was written. Empty when there is none, or more than one.
    std::string_view parameter(std::string_view name) const;

private:
    webhook_parts() = default;

    bool tls_ = false;
    bool has_query_ = false;
    std::string host_;
    std::string port_;
    std::string_view path_;
    std::string_view query_;
};

/// The token of an address, or why it is not valid: letters, digits, `-` and `_`, so that it is the same in a path and
/// in a query.
TIDINGS_DECL result<std::string_view> check_webhook_token(std::string_view text);

/// Finds the token in an address: that of the platform, or of `other`, which replaces it.
///
/// @param other  A base URL, or empty.
template<class Hook>
result<webhook_key> read_webhook(webhook_address const& address, std::string_view other)
{
    auto parsed = webhook_parts::parse(address.url().reveal());
    if (!parsed)
        return parsed.error();
    auto parts = *parsed;
    auto const own = transport::endpoint::parse(Hook::base_url);
    secret path;
    if (!parts.leads_to(*own))
    {
        bool there = false;
        if (!other.empty())
        {
            auto const elsewhere = transport::endpoint::parse(other);
            if (!elsewhere)
                return elsewhere.error();
            there = parts.leads_to(*elsewhere) && parts.skip(elsewhere->prefix());
            path = secret(elsewhere->prefix());
        }
        if (!there)
        {
            std::string why = "does not lead to ";
            why += Hook::base_url;
            why += Hook::elsewhere(parts.host());
            return refuse_webhook(why);
        }
    }
    result<std::string_view> const token = Hook::token_in(parts);
    if (!token)
        return token.error();
    auto const& signing = address.signing_key();
    if (!signing.empty())
    {
        if (!Hook::signs)
            return make_failure(errc::invalid_argument,
                                "webhooks of this platform are not signed: leave the signing secret out");
        constexpr std::size_t max_length = 256;
        if (auto const valid = check_setting(signing.reveal(), "signing secret", max_length); !valid)
            return valid.error();
    }
    return webhook_key(secret(*token), signing, std::move(path));
}

/// Sends one message to a group.
template<class Operation>
class webhook_delivery : public wire::procedure
{
public:
    /// The arguments outlive the procedure.
    template<class... Args>
    explicit webhook_delivery(Args&&... args) : op_(std::forward<Args>(args)...)
    {
    }

    wire::operation* next() override { return op_.next(); }

protected:
    ~webhook_delivery() = default;

private:
    wire::single<Operation> op_;
};

} // namespace tidings::inline v0::detail

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/provider/impl/webhook.ipp>
#endif

#endif
