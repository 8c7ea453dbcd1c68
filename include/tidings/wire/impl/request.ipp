// One HTTP request, written in place.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_WIRE_IMPL_REQUEST_IPP
#define TIDINGS_WIRE_IMPL_REQUEST_IPP

#include <tidings/detail/config.hpp>
#include <tidings/wire/json_writer.hpp>
#include <tidings/wire/request.hpp>

#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <openssl/crypto.h>

#include <array>
#include <charconv>
#include <string_view>

namespace tidings::inline v0::wire {

TIDINGS_DECL void request::start(std::string_view method, std::string_view path)
{
    kept_call_ = nullptr;
    head_.assign(method);
    head_ += ' ';
    head_ += prefix_;
    head_ += path;
    separator_ = '?';
    headers_ = false;
    body_at_ = 0;
}

TIDINGS_DECL void request::clear() noexcept
{
    kept_call_ = nullptr;
    head_.clear();
    body_at_ = 0;
}

TIDINGS_DECL void request::segment(std::string_view text)
{
    head_ += '/';
    encode(text);
}

TIDINGS_DECL void request::query(std::string_view name, std::string_view value)
{
    head_ += separator_;
    separator_ = '&';
    head_ += name;
    head_ += '=';
    encode(value);
}

TIDINGS_DECL void request::header(std::string_view name, std::string_view value, std::string_view rest)
{
    end_request_line();
    head_ += name;
    head_ += ": ";
    head_ += value;
    head_ += rest;
    head_ += "\r\n";
}

TIDINGS_DECL tidings::detail::wiped_string& request::body(std::string_view content_type)
{
    header("Content-Type", content_type);
    body_at_ = head_.size() + max_tail;
    bytes_.resize(body_at_);
    return bytes_;
}

TIDINGS_DECL std::string_view request::finish()
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

TIDINGS_DECL bool request::resume(head_key const& key)
{
    if (key.call() == kept_call_ && key.variant() == kept_variant_ && key.token() == kept_token_.view())
    {
        bytes_.resize(body_at_);
        return true;
    }
    kept_call_ = nullptr;
    // The token may be another one now.
    for (auto* const text : {&head_, &kept_token_})
        if (!text->empty())
            OPENSSL_cleanse(text->data(), text->size());
    return false;
}

TIDINGS_DECL void request::keep(head_key const& key)
{
    kept_token_.assign(key.token());
    kept_variant_ = key.variant();
    kept_call_ = key.call();
}

TIDINGS_DECL void request::end_request_line()
{
    if (headers_)
        return;
    headers_ = true;
    head_ += " HTTP/1.1\r\n";
    head_ += fixed_;
}

TIDINGS_DECL void request::encode(std::string_view text)
{
    auto const at = head_.size();
    auto const size = boost::urls::encoded_size(text, boost::urls::unreserved_chars);
    head_.resize(at + size);
    boost::urls::encode(head_.data() + at, size, text, boost::urls::unreserved_chars);
}

} // namespace tidings::inline v0::wire

#endif
