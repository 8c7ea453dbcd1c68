// One HTTP request, written in place.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_WIRE_REQUEST_HPP
#define TIDINGS_WIRE_REQUEST_HPP

#include <tidings/wire/json_writer.hpp>

#include <boost/assert.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include <array>
#include <charconv>
#include <string_view>

namespace tidings::inline v0::wire {

/// The bytes of one HTTP/1.1 request. Reused: a warm request allocates nothing.
///
/// Calls come in this order: `start`, `segment` and `query`, `header`, `body`, `finish`; or `clear`, `finish`. Its bytes are wiped when it is
/// destroyed: a request carries an access token.
class request
{
public:
    /// @param prefix  What every path starts with: the path of the base URL, empty or `/…` without a slash at its end.
    /// @param fixed   Header lines that every request of the connection has, each with its CR LF.
    request(std::string_view prefix, std::string_view fixed) : prefix_(prefix), fixed_(fixed) {}
    request(request const&) = delete;
    request& operator=(request const&) = delete;

    /// Starts the request.
    ///
    /// @param method  `GET`, `POST`, … .
    /// @param path    Starts with `/` and needs no encoding.
    void start(std::string_view method, std::string_view path)
    {
        head_.assign(method);
        head_ += ' ';
        head_ += prefix_;
        head_ += path;
        separator_ = '?';
        headers_ = false;
        body_at_ = 0;
    }

    /// Makes it a request of no bytes, for which only a connection is opened: `finish` returns nothing.
    void clear() noexcept
    {
        head_.clear();
        body_at_ = 0;
    }

    /// Appends `/` and a path segment, percent-encoded.
    void segment(std::string_view text)
    {
        head_ += '/';
        encode(text);
    }

    /// Appends a parameter to the query.
    ///
    /// @param name   Needs no encoding.
    /// @param value  Percent-encoded as needed.
    void query(std::string_view name, std::string_view value)
    {
        head_ += separator_;
        separator_ = '&';
        head_ += name;
        head_ += '=';
        encode(value);
    }

    /// Appends a header.
    ///
    /// @param name   Its name.
    /// @param value  Its value.
    /// @param rest   The end of the value, so that a token needs no copy.
    void header(std::string_view name, std::string_view value, std::string_view rest = {})
    {
        end_request_line();
        head_ += name;
        head_ += ": ";
        head_ += value;
        head_ += rest;
        head_ += "\r\n";
    }

    /// Starts a JSON body; `finish` adds its length to the head.
    json_writer body() { return json_writer(body("application/json; charset=utf-8")); }

    /// Starts a body of any type: what is appended to the string that is returned.
    tidings::detail::wiped_string& body(std::string_view content_type)
    {
        header("Content-Type", content_type);
        body_at_ = head_.size() + max_tail;
        bytes_.resize(body_at_);
        return bytes_;
    }

    /// @returns The request, head and body in one piece, valid until the next `start`.
    std::string_view finish()
    {
        if (head_.empty())
            return {};
        end_request_line();
        if (body_at_ == 0)
        {
            head_ += "\r\n";
            return head_;
        }
        // The head is put right before the body, now that its length is known.
        constexpr std::string_view name = "Content-Length: ";
        std::array<char, max_tail> tail;
        name.copy(tail.data(), name.size());
        auto* end = std::to_chars(tail.data() + name.size(), tail.data() + tail.size(), body_size()).ptr;
        for (char const c : std::string_view("\r\n\r\n"))
            *end++ = c;
        auto const tail_size = static_cast<std::size_t>(end - tail.data());
        auto const begin = body_at_ - tail_size - head_.size();
        head_.view().copy(bytes_.data() + begin, head_.size());
        std::string_view(tail.data(), tail_size).copy(bytes_.data() + body_at_ - tail_size, tail_size);
        return bytes_.view().substr(begin);
    }

    std::size_t body_size() const noexcept { return body_at_ == 0 ? 0 : bytes_.size() - body_at_; }

    /// How many bytes of memory it keeps for the next request.
    std::size_t capacity() const noexcept { return head_.capacity() + bytes_.capacity(); }

    /// The body alone, for tests and size checks.
    std::string_view body_text() const noexcept
    {
        return body_at_ == 0 ? std::string_view{} : bytes_.view().substr(body_at_);
    }

private:
    // "Content-Length: ", twenty digits, two line ends.
    static constexpr std::size_t max_tail = 40;

    void end_request_line()
    {
        if (headers_)
            return;
        headers_ = true;
        head_ += " HTTP/1.1\r\n";
        head_ += fixed_;
    }

    void encode(std::string_view text)
    {
        auto const at = head_.size();
        auto const size = boost::urls::encoded_size(text, boost::urls::unreserved_chars);
        head_.resize(at + size);
        boost::urls::encode(head_.data() + at, size, text, boost::urls::unreserved_chars);
    }

    std::string_view prefix_;
    std::string_view fixed_;
    tidings::detail::wiped_string head_;
    tidings::detail::wiped_string bytes_;
    std::size_t body_at_ = 0;
    char separator_ = '?';
    bool headers_ = false;
};

} // namespace tidings::inline v0::wire

#endif
