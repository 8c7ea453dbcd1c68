// One HTTP request, written in place.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_WIRE_REQUEST_HPP
#define TIDINGS_WIRE_REQUEST_HPP

#include <tidings/wire/json_writer.hpp>

#include <array>
#include <string_view>

namespace tidings::inline v0::wire {

/// Everything that the head of a request depends on, of a call that is made again and again.
class head_key
{
public:
    /// @param call     Which call: the address of a constant of its own.
    /// @param variant  What else its head depends on: a literal.
    /// @param token    The access token.
    constexpr head_key(void const* call, std::string_view variant, std::string_view token) noexcept
        : call_(call), variant_(variant), token_(token)
    {
    }

    constexpr void const* call() const noexcept { return call_; }
    constexpr std::string_view variant() const noexcept { return variant_; }
    constexpr std::string_view token() const noexcept { return token_; }

private:
    void const* call_;
    std::string_view variant_;
    std::string_view token_;
};

/// The bytes of one HTTP/1.1 request. Reused: a warm request allocates nothing.
///
/// Calls come in this order: `start`, `segment` and `query`, `header`, `body`, `finish`; or `body` with a key, `finish`; or
/// `clear`, `finish`. Its bytes are wiped when it is destroyed: a request carries an access token.
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
    void start(std::string_view method, std::string_view path);

    /// Makes it a request of no bytes, for which only a connection is opened: `finish` returns nothing.
    void clear() noexcept;

    /// Appends `/` and a path segment, percent-encoded.
    void segment(std::string_view text);

    /// Appends a parameter to the query.
    ///
    /// @param name   Needs no encoding.
    /// @param value  Percent-encoded as needed.
    void query(std::string_view name, std::string_view value);

    /// Appends a header.
    ///
    /// @param name   Its name.
    /// @param value  Its value.
    /// @param rest   The end of the value, so that a token needs no copy.
    void header(std::string_view name, std::string_view value, std::string_view rest = {});

    /// Starts a JSON body; `finish` adds its length to the head.
    json_writer body() { return json_writer(body("application/json; charset=utf-8")); }

    /// The same with everything before it: the head of the request before, if that had the same.
    ///
    /// @param key    Of the head.
    /// @param write  Writes the head: calls `start`, and what may follow it.
    template<class Write>
    json_writer body(head_key const& key, Write const& write)
    {
        if (resume(key))
            return json_writer(bytes_);
        write();
        auto const json = body();
        keep(key);
        return json;
    }

    /// Starts a body of any type: what is appended to the string that is returned.
    tidings::detail::wiped_string& body(std::string_view content_type);

    /// @returns The request, head and body in one piece, valid until the next `start`.
    std::string_view finish();

    std::size_t body_size() const noexcept { return body_at_ == 0 ? 0 : bytes_.size() - body_at_; }

    /// How many bytes of memory it keeps for the next request.
    std::size_t capacity() const noexcept { return head_.capacity() + bytes_.capacity() + kept_token_.capacity(); }

    /// The body alone, for tests and size checks.
    std::string_view body_text() const noexcept
    {
        return body_at_ == 0 ? std::string_view{} : bytes_.view().substr(body_at_);
    }

private:
    // "Content-Length: ", twenty digits, two line ends.
    static constexpr std::size_t max_tail = 40;

    /// Whether the head is the one that was kept; the body starts then.
    bool resume(head_key const& key);
    void keep(head_key const& key);

    void end_request_line();

    void encode(std::string_view text);

    std::string_view prefix_;
    std::string_view fixed_;
    tidings::detail::wiped_string head_;
    tidings::detail::wiped_string bytes_;
    std::size_t body_at_ = 0;
    char separator_ = '?';
    bool headers_ = false;
    void const* kept_call_ = nullptr; ///< Null: the head has to be written.
    std::string_view kept_variant_;
    tidings::detail::wiped_string kept_token_;
};

} // namespace tidings::inline v0::wire

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/wire/impl/request.ipp>
#endif

#endif
