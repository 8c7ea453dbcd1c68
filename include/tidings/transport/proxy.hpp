// A proxy between the program and a platform.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TRANSPORT_PROXY_HPP
#define TIDINGS_TRANSPORT_PROXY_HPP

#include <tidings/secret.hpp>

#include <concepts>
#include <string>
#include <string_view>
#include <utility>

namespace tidings::inline v0::transport {

/// An HTTP proxy that makes connections by CONNECT, with a user name and a password (Basic) if it wants them.
///
/// What it was given is checked when the transport is opened: a notifier then fails with `errc::invalid_argument`
/// before any byte is sent. No message repeats the credentials.
class proxy
{
public:
    /// @param url  `http://host:port` or `host:port`; `http://user:password@host:port` with both percent-encoded.
    template<std::convertible_to<std::string_view> Text>
    proxy(Text const& url) : url_(std::string_view(url))
    {
    }

    /// @param url       As above, without credentials.
    /// @param user      As it is, not encoded. Has no colon.
    /// @param password  As it is, not encoded.
    proxy(std::string_view url, std::string user, secret password)
        : url_(url), user_(std::move(user)), password_(std::move(password)), has_credentials_(true)
    {
    }

    /// The text that was given; it may have a password in it.
    secret const& url() const noexcept { return url_; }
    /// Whether credentials were given beside the URL.
    bool has_credentials() const noexcept { return has_credentials_; }
    std::string const& user() const noexcept { return user_; }
    secret const& password() const noexcept { return password_; }

private:
    secret url_;
    std::string user_;
    secret password_;
    bool has_credentials_ = false;
};

} // namespace tidings::inline v0::transport

#endif
