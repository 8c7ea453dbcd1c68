// What the group webhooks of all platforms share: the address taken apart, the time, the unknown outcome.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_DETAIL_WEBHOOK_HPP
#define TIDINGS_PROVIDER_DETAIL_WEBHOOK_HPP

#include <tidings/detail/address.hpp>
#include <tidings/detail/ascii.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/result.hpp>
#include <tidings/secret.hpp>
#include <tidings/webhook_address.hpp>
#include <tidings/wire/endpoint.hpp>
#include <tidings/wire/procedure.hpp>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace tidings::inline v0::detail {

/// Tells the time that a signature names. Called when a request is written: a signature lives an hour.
using webhook_clock = std::chrono::sys_time<std::chrono::milliseconds> (*)();

inline std::chrono::sys_time<std::chrono::milliseconds> system_time() noexcept
{
    return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

/// What of an address a request needs.
class webhook_key
{
public:
    webhook_key() noexcept = default;
    /// @param path  What the path of the address has before that of the platform.
    webhook_key(secret token, secret signing, secret path = secret()) noexcept
        : token_(std::move(token)), signing_(std::move(signing)), path_(std::move(path))
    {
    }

    std::string_view token() const noexcept { return token_.reveal(); }
    /// Empty: nothing is signed.
    secret const& signing() const noexcept { return signing_; }
    std::string_view path() const noexcept { return path_.reveal(); }

private:
    secret token_;
    secret signing_;
    secret path_;
};

inline failure refuse_webhook(std::string_view why)
{
    return refuse("webhook address", why, errc::invalid_argument);
}

/// An address taken apart. Shows parts of the text it was made of. What it refuses it does not repeat.
class webhook_parts
{
public:
    static result<webhook_parts> parse(std::string_view pasted)
    {
        auto const is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
        while (!pasted.empty() && is_blank(pasted.front()))
            pasted.remove_prefix(1);
        while (!pasted.empty() && is_blank(pasted.back()))
            pasted.remove_suffix(1);
        if (pasted.empty())
            return refuse_webhook("is empty");
        constexpr std::size_t max_length = 2000;
        auto const parsed = boost::urls::parse_uri(pasted);
        if (parsed.has_error() || pasted.size() > max_length)
            return refuse_webhook("is not a URL; paste all of it, from https:// on");
        webhook_parts out(*parsed);
        auto const scheme = out.url_.scheme_id();
        if (scheme != boost::urls::scheme::https && scheme != boost::urls::scheme::http)
            return refuse_webhook("does not start with https://");
        if (out.url_.has_userinfo() || out.url_.has_fragment() || out.url_.encoded_host().empty())
            return refuse_webhook("has a user or a fragment, or no host");
        out.path_ = out.url_.encoded_path();
        return out;
    }

    bool tls() const noexcept { return url_.scheme_id() == boost::urls::scheme::https; }
    std::string host() const { return url_.host_address(); }
    std::string port() const { return url_.has_port() ? std::string(url_.port()) : tls() ? "443" : "80"; }
    bool has_query() const noexcept { return url_.has_query(); }

    bool leads_to(transport::endpoint const& there) const
    {
        return tls() == there.tls() && equal_ignoring_case(host(), there.host()) && port() == there.port();
    }

    /// The path, as it was written.
    std::string_view path() const noexcept { return path_; }

    /// @returns Whether the path starts with `prefix`, which is then taken off.
    bool skip(std::string_view prefix) noexcept
    {
        if (!path_.starts_with(prefix))
            return false;
        path_.remove_prefix(prefix.size());
        return true;
    }

    /// The only parameter of this name, as it was written. Empty when there is none, or more than one.
    std::string_view parameter(std::string_view name) const
    {
        std::string_view found;
        bool again = false;
        std::string_view rest = url_.encoded_query();
        while (!rest.empty())
        {
            auto const pair = rest.substr(0, rest.find('&'));
            rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
            if (pair.size() <= name.size() || !pair.starts_with(name) || pair[name.size()] != '=')
                continue;
            if (std::exchange(again, true))
                return {};
            found = pair.substr(name.size() + 1);
        }
        return found;
    }

private:
    explicit webhook_parts(boost::urls::url_view url) noexcept : url_(url) {}

    boost::urls::url_view url_;
    std::string_view path_;
};

/// The token of an address, or why it is not valid: letters, digits, `-` and `_`, so that it is the same in a path and
/// in a query.
inline result<std::string_view> check_webhook_token(std::string_view text)
{
    constexpr std::size_t max_length = 256;
    if (text.empty())
        return refuse_webhook("has no token, or more than one; paste it as the group's settings show it");
    if (text.size() > max_length || !is_alphanumeric(text, "-_"))
        return refuse_webhook("has a token that cannot be one; paste it as the group's settings show it");
    return text;
}

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

#endif
