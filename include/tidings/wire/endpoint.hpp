// Where a platform is reached.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_WIRE_ENDPOINT_HPP
#define TIDINGS_WIRE_ENDPOINT_HPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/result.hpp>
#include <tidings/version.hpp>

#include <string>
#include <string_view>
#include <system_error>

namespace boost::urls {
class url_view;
}

namespace tidings::inline v0::transport {

namespace detail {

/// Whether the port of a URL is one: Boost.URL takes any digits.
TIDINGS_DECL bool is_port(std::string_view text) noexcept;

/// Whether a resolver may take a name for an IPv4 address: its last label is a number, as in `127.1`, `0x7f.1` and
/// `2130706433`.
TIDINGS_DECL bool ends_in_a_number(std::string_view host) noexcept;

/// Why the host of a URL is refused: it is not the same host to everybody who reads it. Empty: it is a name, or an
/// address in its usual form.
TIDINGS_DECL std::string_view host_fault(boost::urls::url_view const& url) noexcept;

} // namespace detail

/// The scheme, host, port and path prefix of a base URL.
class endpoint
{
public:
    /// @param base_url  `http://` or `https://`, a host name or address, perhaps a port and a path. No user, query or
    ///                  fragment.
    /// @returns The endpoint, or `errc::invalid_argument`.
    static result<endpoint> parse(std::string_view base_url);

    bool tls() const noexcept { return tls_; }
    /// The host name, or the address without brackets.
    std::string const& host() const noexcept { return host_; }
    std::string const& port() const noexcept { return port_; }
    /// Host and port as in messages and in the Host header.
    std::string const& authority() const noexcept { return authority_; }
    /// The same with the port in any case: what a proxy is asked for.
    std::string host_and_port() const { return says_port_ ? authority_ : authority_ + ':' + port_; }
    /// The path of the base URL without a slash at its end.
    std::string const& prefix() const noexcept { return prefix_; }

    /// The header lines that every request to it has.
    std::string fixed_headers() const;

private:
    bool tls_ = false;
    bool says_port_ = false;
    std::string host_;
    std::string port_;
    std::string authority_;
    std::string prefix_;
};

} // namespace tidings::inline v0::transport

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/wire/impl/endpoint.ipp>
#endif

#endif
