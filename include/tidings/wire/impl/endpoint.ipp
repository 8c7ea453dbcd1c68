// Where a platform is reached.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_WIRE_IMPL_ENDPOINT_IPP
#define TIDINGS_WIRE_IMPL_ENDPOINT_IPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/result.hpp>
#include <tidings/version.hpp>
#include <tidings/wire/endpoint.hpp>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <charconv>
#include <string>
#include <string_view>
#include <system_error>

namespace tidings::inline v0::transport {

namespace detail {

TIDINGS_COLD TIDINGS_DECL bool is_port(std::string_view text) noexcept
{
    constexpr unsigned long highest = 65535;
    unsigned long number = 0;
    auto const* const end = text.data() + text.size();
    auto const [at, ec] = std::from_chars(text.data(), end, number);
    return ec == std::errc() && at == end && number != 0 && number <= highest;
}

TIDINGS_COLD TIDINGS_DECL bool ends_in_a_number(std::string_view host) noexcept
{
    auto const last = host.substr(host.find_last_of('.') + 1); // npos + 1 is 0
    bool const digits = last.find_first_not_of("0123456789") == last.npos;
    bool const hexadecimal = last.size() >= 2 && last[0] == '0' && (last[1] == 'x' || last[1] == 'X') &&
                             last.find_first_not_of("0123456789abcdefABCDEF", 2) == last.npos;
    return !last.empty() && (digits || hexadecimal);
}

TIDINGS_COLD TIDINGS_DECL std::string_view host_fault(boost::urls::url_view const& url) noexcept
{
    auto const shown = std::string_view(url.encoded_host().data(), url.encoded_host().size());
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    if (shown.empty())
        return "has no host";
    if (shown.find('%') != shown.npos || url.host_type() == boost::urls::host_type::ipvfuture)
        return "has a host with %, or an address of an unknown kind";
    if (url.host_type() != boost::urls::host_type::name)
        return {};
    if (shown.find_first_not_of(letters) != shown.npos)
        return "has a host with characters that no host name has";
    if (shown.back() == '.')
        return "has a host with a dot at its end; leave the dot out";
    if (shown.front() == '.' || shown.find("..") != shown.npos)
        return "has a host with an empty part between its dots";
    if (ends_in_a_number(shown))
        return "has a host that may be taken for an IPv4 address and is not written as one; write four decimal numbers "
               "without leading zeros, as in 127.0.0.1";
    return {};
}

} // namespace detail

} // namespace tidings::inline v0::transport

namespace tidings::inline v0::transport {

TIDINGS_COLD TIDINGS_DECL result<endpoint> endpoint::parse(std::string_view base_url)
{
    auto const refuse = [](std::string_view why) {
        return failure(make_failure(errc::invalid_argument, "the base URL " + std::string(why)));
    };
    auto const parsed = boost::urls::parse_uri(base_url);
    if (parsed.has_error())
        return refuse("is not a URL; write it as https://host");
    auto const& url = *parsed;
    endpoint out;
    out.tls_ = url.scheme_id() == boost::urls::scheme::https;
    if (!out.tls_ && url.scheme_id() != boost::urls::scheme::http)
        return refuse("starts with neither https:// nor http://");
    if (url.has_userinfo() || url.has_query() || url.has_fragment())
        return refuse("has a user, a query or a fragment");
    if (auto const why = detail::host_fault(url); !why.empty())
        return refuse(why);
    if (url.has_port() && !detail::is_port(url.port()))
        return refuse("has an unusable port");
    // Boost.URL 1.81 takes what stands right behind the bracket of an address for the beginning of the path.
    if (!url.encoded_path().empty() && url.encoded_path().front() != '/')
        return refuse("has something behind its host that is neither a port nor a path");
    out.host_ = url.host_address();
    out.port_ = url.has_port() ? std::string(url.port()) : out.tls_ ? "443" : "80";
    out.authority_ = std::string(url.encoded_host());
    out.says_port_ = url.has_port();
    if (out.says_port_)
        out.authority_ += ':' + out.port_;
    out.prefix_ = std::string(url.encoded_path());
    while (!out.prefix_.empty() && out.prefix_.back() == '/')
        out.prefix_.pop_back();
    return out;
}

TIDINGS_COLD TIDINGS_DECL std::string endpoint::fixed_headers() const
{
    return "Host: " + authority_ +
           "\r\nUser-Agent: tidings/" TIDINGS_VERSION_STRING
           "\r\nAccept: application/json\r\nAccept-Encoding: identity\r\n";
}

} // namespace tidings::inline v0::transport

#endif
