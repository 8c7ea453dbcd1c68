// The request to a proxy and its answer, without I/O.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TRANSPORT_DETAIL_PROXY_ANSWER_HPP
#define TIDINGS_TRANSPORT_DETAIL_PROXY_ANSWER_HPP

#include <tidings/detail/ascii.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/detail/wiped_string.hpp>
#include <tidings/error.hpp>
#include <tidings/transport/detail/proxy_address.hpp>
#include <tidings/version.hpp>
#include <tidings/wire/detail/reply_reader.hpp>
#include <tidings/wire/endpoint.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/version.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::inline v0::transport::detail {

/// Writes the request for a connection to `where`.
TIDINGS_COLD inline void write_connect(tidings::detail::wiped_string& out, endpoint const& where,
                                       proxy_address const& proxy)
{
    auto const target = where.host_and_port();
    out += "CONNECT ";
    out += target;
    out += " HTTP/1.1\r\nHost: ";
    out += target;
    out += "\r\nUser-Agent: tidings/" TIDINGS_VERSION_STRING "\r\n";
    if (!proxy.credentials().empty())
    {
        out += "Proxy-Authorization: Basic ";
        out += proxy.credentials().reveal();
        out += "\r\n";
    }
    out += "\r\n";
}

/// Takes bytes until the head of a proxy's answer is complete. It does not use the bytes that follow.
class proxy_answer final : private boost::beast::http::basic_parser<false>
{
public:
    proxy_answer()
    {
        header_limit(reply_limits::head);
        skip(true); // no body, whatever the head says
    }

    /// Where the next bytes go; never empty.
    boost::asio::mutable_buffer space() { return {buffer_.data() + size_, buffer_.size() - size_}; }

    /// Tells that `size` bytes were put into `space()`.
    ///
    /// @param ec  Set when the bytes are no answer, one over the limit, or more than a proxy may say before us.
    /// @returns Whether the head is complete.
    TIDINGS_COLD bool feed(std::size_t size, boost::beast::error_code& ec)
    {
        using boost::beast::http::error;
        size_ += size;
        taken_ += put(boost::asio::const_buffer(buffer_.data() + taken_, size_ - taken_), ec);
        if (ec == error::need_more)
            ec = size_ == buffer_.size() ? error::buffer_overflow : boost::beast::error_code();
        if (ec || !is_done())
            return false;
        if (is_interim())
        {
            auto const rest = size_ - taken_;
            proxy_answer next;
            std::copy_n(buffer_.begin() + static_cast<std::ptrdiff_t>(taken_), rest, next.buffer_.begin());
            *this = std::move(next);
            return rest != 0 && feed(rest, ec);
        }
        // The target answers only after the client has written. Bytes that arrived before are not from it, with TLS or
        // without, and must not be taken for its answer.
        if (granted() && taken_ != size_)
            ec = error::unexpected_body;
        return !ec;
    }

    /// More answers follow (RFC 9110, section 15.2).
    bool is_interim() const noexcept { return status_ >= 100 && status_ < 200; }

    bool granted() const noexcept { return status_ >= 200 && status_ < 300; }
    unsigned status() const noexcept { return status_; }

    /// What a refusal means.
    errc error() const noexcept
    {
        // A gateway's trouble, or too much at a time, may pass; the rest is for a person.
        constexpr unsigned timeout = 408;
        constexpr unsigned too_many = 429;
        bool const is_temporary = status_ >= 500 || status_ == timeout || status_ == too_many;
        return is_temporary ? errc::connect_failed : errc::proxy_refused;
    }

    /// A refusal in words, without the credentials.
    TIDINGS_COLD std::string describe(proxy_address const& proxy) const
    {
        constexpr unsigned unauthorized = 401; // by some that mean 407
        constexpr unsigned authenticate = 407;
        auto out = proxy.name() + " answered " + std::to_string(status_);
        constexpr std::size_t max_length = 200;
        if (!reason_.empty()) // cut afterwards: half a secret would not be found
            out += ' ' + proxy.without_secrets(reason_).substr(0, max_length);
        if (status_ != authenticate && status_ != unauthorized)
            return out;
        if (!offered_.empty() && !offers_basic_)
            return out + ": it wants " + proxy.without_secrets(offered_) + ", and only Basic is known here";
        return out + (proxy.credentials().empty() ? ": it wants a user name and a password"
                                                  : ": it wants another user name or password");
    }

private:
    using base = boost::beast::http::basic_parser<false>;
    using error_code = boost::beast::error_code;
    using text = boost::beast::string_view;

    // One line may contain several challenges, separated by commas.
    TIDINGS_COLD static bool mentions_basic(std::string_view challenge)
    {
        constexpr std::string_view wanted = "basic";
        return std::search(challenge.begin(), challenge.end(), wanted.begin(), wanted.end(),
                           [](char a, char b) { return tidings::detail::to_lower(a) == b; }) != challenge.end();
    }

    void on_request_impl(boost::beast::http::verb, text, text, int, error_code&) override {}
    void on_response_impl(int code, text reason, int, error_code&) override
    {
        status_ = static_cast<unsigned>(code);
        reason_.assign(reason.data(), reason.size());
    }
    void on_field_impl(boost::beast::http::field name, text, text value, error_code&) override
    {
        namespace http = boost::beast::http;
        if (name != http::field::proxy_authenticate && name != http::field::www_authenticate)
            return;
        constexpr std::size_t max_length = 100;
        auto const scheme = value.substr(0, value.find(' '));
        offers_basic_ = offers_basic_ || mentions_basic(std::string_view(value.data(), value.size()));
        if (offered_.size() + scheme.size() > max_length)
            return;
        if (!offered_.empty())
            offered_ += ", ";
        offered_.append(scheme.data(), scheme.size());
    }
#if BOOST_BEAST_VERSION >= 359 // Boost 1.90: fields after a body are reported separately
    void on_trailer_field_impl(boost::beast::http::field, text, text, error_code&) override {}
#endif
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code&) override {}
    std::size_t on_body_impl(text part, error_code&) override { return part.size(); }
    void on_chunk_header_impl(std::uint64_t, text, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, text part, error_code&) override { return part.size(); }
    void on_finish_impl(error_code&) override {}

    std::vector<char> buffer_ = std::vector<char>(reply_limits::head);
    std::size_t size_ = 0;
    std::size_t taken_ = 0;
    unsigned status_ = 0;
    std::string reason_;
    std::string offered_;
    bool offers_basic_ = false;
};

} // namespace tidings::inline v0::transport::detail

#endif
