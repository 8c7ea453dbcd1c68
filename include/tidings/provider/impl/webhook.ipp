// What the group webhooks of all platforms share: the address taken apart, the time, the unknown outcome.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_IMPL_WEBHOOK_IPP
#define TIDINGS_PROVIDER_IMPL_WEBHOOK_IPP

#include <tidings/detail/address.hpp>
#include <tidings/detail/ascii.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/provider/detail/webhook.hpp>
#include <tidings/result.hpp>
#include <tidings/secret.hpp>
#include <tidings/webhook_address.hpp>
#include <tidings/wire/endpoint.hpp>
#include <tidings/wire/procedure.hpp>

#include <boost/url/parse.hpp>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

namespace tidings::inline v0::detail {

TIDINGS_DECL std::chrono::sys_time<std::chrono::milliseconds> system_time() noexcept
{
    return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

TIDINGS_DECL webhook_key::webhook_key(secret token, secret signing, secret path) noexcept
    : token_(std::move(token)), signing_(std::move(signing)), path_(std::move(path))
{
}

TIDINGS_DECL failure refuse_webhook(std::string_view why)
{
    return refuse("webhook address", why, errc::invalid_argument);
}

TIDINGS_DECL result<webhook_parts> webhook_parts::parse(std::string_view pasted)
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
    auto const& url = *parsed;
    auto const scheme = url.scheme_id();
    if (scheme != boost::urls::scheme::https && scheme != boost::urls::scheme::http)
        return refuse_webhook("does not start with https://");
    if (url.has_userinfo() || url.has_fragment() || url.encoded_host().empty())
        return refuse_webhook("has a user or a fragment, or no host");
    webhook_parts out;
    out.tls_ = scheme == boost::urls::scheme::https;
    out.has_query_ = url.has_query();
    out.host_ = url.host_address();
    out.port_ = url.has_port() ? std::string(url.port()) : out.tls_ ? "443" : "80";
    out.path_ = url.encoded_path();
    out.query_ = url.encoded_query();
    return out;
}

TIDINGS_DECL bool webhook_parts::leads_to(transport::endpoint const& there) const
{
    return tls() == there.tls() && equal_ignoring_case(host(), there.host()) && port() == there.port();
}

TIDINGS_DECL bool webhook_parts::skip(std::string_view prefix) noexcept
{
    if (!path_.starts_with(prefix))
        return false;
    path_.remove_prefix(prefix.size());
    return true;
}

TIDINGS_DECL std::string_view webhook_parts::parameter(std::string_view name) const
{
    std::string_view found;
    bool again = false;
    std::string_view rest = query_;
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

TIDINGS_DECL result<std::string_view> check_webhook_token(std::string_view text)
{
    constexpr std::size_t max_length = 256;
    if (text.empty())
        return refuse_webhook("has no token, or more than one; paste it as the group's settings show it");
    if (text.size() > max_length || !is_alphanumeric(text, "-_"))
        return refuse_webhook("has a token that cannot be one; paste it as the group's settings show it");
    return text;
}

} // namespace tidings::inline v0::detail

#endif
