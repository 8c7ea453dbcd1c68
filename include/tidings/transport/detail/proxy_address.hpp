// Where a proxy is and what it wants to see, taken apart and checked.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TRANSPORT_DETAIL_PROXY_ADDRESS_HPP
#define TIDINGS_TRANSPORT_DETAIL_PROXY_ADDRESS_HPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/crypto.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/detail/platform_text.hpp>
#include <tidings/detail/wiped_string.hpp>
#include <tidings/result.hpp>
#include <tidings/secret.hpp>
#include <tidings/transport/proxy.hpp>
#include <tidings/wire/endpoint.hpp>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace tidings::inline v0::transport::detail {

/// Where a proxy listens, and the credentials that it is shown.
class proxy_address
{
public:
    /// @param what  Names it in a refusal: "the proxy".
    /// @returns The address, or `errc::invalid_argument` with the reason and nothing of what was given.
    TIDINGS_COLD static result<proxy_address> parse(proxy const& given, std::string_view what = "the proxy")
    {
        auto const refuse = [what](std::string_view why) {
            return failure(make_failure(errc::invalid_argument, std::string(what) + ' ' + std::string(why)));
        };
        constexpr std::string_view no_url = "is not a URL; write it as http://host:port";
        tidings::detail::wiped_string text;
        auto const written = given.url().reveal();
        if (written.find("://") == written.npos)
            text += "http://";
        text += written;
        if (auto const why = userinfo_fault(text.view()); !why.empty())
            return refuse(why);
        auto const parsed = boost::urls::parse_uri(text.view());
        if (parsed.has_error())
            return refuse(
                text.view().find('@') == std::string_view::npos
                    ? no_url
                    : "is not a URL; write it as http://user:password@host:port, with everything in user name "
                      "and password that is neither letter nor digit percent-encoded");
        auto const& url = *parsed;
        if (url.scheme_id() == boost::urls::scheme::https)
            return refuse("starts with https://; only proxies that are spoken to without TLS are known: http://");
        if (url.scheme_id() != boost::urls::scheme::http)
            return refuse("is not an HTTP proxy; its URL starts with http://");
        if (auto const why = host_fault(url); !why.empty())
            return refuse(why);
        if (!is_port(url.port()))
            return refuse("has no usable port; write it as http://host:port");
        if ((!url.encoded_path().empty() && url.encoded_path() != "/") || url.has_query() || url.has_fragment())
            return refuse("has a path, a query or a fragment");
        if (url.has_userinfo() && given.has_credentials())
            return refuse("has credentials in its URL and beside it");

        proxy_address out;
        out.host_ = url.host_address();
        out.port_ = std::string(url.port());
        out.name_ = std::string(url.encoded_host()) + ':' + out.port_;
        if (url.has_userinfo())
            return out.show(url.user(), secret(url.password()), refuse);
        if (given.has_credentials())
            return out.show(given.user(), given.password(), refuse);
        return out;
    }

    /// The host name, or the address without brackets.
    std::string const& host() const noexcept { return host_; }
    std::string const& port() const noexcept { return port_; }
    /// Host and port as in messages.
    std::string const& name() const noexcept { return name_; }
    /// The text after `Basic` in the request; empty: no credentials.
    secret const& credentials() const noexcept { return credentials_; }

    /// Foreign text without the credentials, if it contains them.
    TIDINGS_COLD std::string without_secrets(std::string text) const
    {
        for (auto const* const hidden : {&credentials_, &password_})
            tidings::detail::hide(text, hidden->reveal());
        return text;
    }

private:
    /// The character in a password that ends or divides the part with the user name too early, if it is not
    /// percent-encoded.
    TIDINGS_COLD static std::string_view userinfo_fault(std::string_view url) noexcept
    {
        auto const rest = url.substr(url.find("://") + 3);
        auto const last = rest.rfind('@');
        if (last == rest.npos)
            return {};
        auto const before = rest.substr(0, last);
        if (before.find('@') != before.npos)
            return "has an @ in its user name or password; write it as %40";
        if (before.find_first_of("/?#") != before.npos)
            return "has a /, ? or # in its user name or password; write them as %2F, %3F and %23";
        return {};
    }

    template<class Refuse>
    TIDINGS_COLD result<proxy_address> show(std::string const& user, secret password, Refuse const& refuse)
    {
        auto const control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
        auto const shown = password.reveal();
        if (user.empty() || user.find(':') != user.npos)
            return refuse("has a user name that is empty or has a colon in it");
        if (std::any_of(user.begin(), user.end(), control) || std::any_of(shown.begin(), shown.end(), control))
            return refuse("has control characters in its user name or password");
        tidings::detail::wiped_string both;
        both += user;
        both += ':';
        both += shown;
        credentials_ = secret(tidings::detail::base64_encode(both));
        password_ = std::move(password);
        return std::move(*this);
    }

    std::string host_;
    std::string port_;
    std::string name_;
    secret credentials_;
    secret password_;
};

} // namespace tidings::inline v0::transport::detail

#endif
