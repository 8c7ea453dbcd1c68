// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_SCRIPT_IPP
#define TIDINGS_SANDBOX_IMPL_SCRIPT_IPP

#include <tidings/sandbox/detail/platform.hpp>
#include <tidings/sandbox/detail/script.hpp>

#include <boost/beast/http/status.hpp>

namespace tidings::inline v0::sandbox::detail {

// A single line should not be what a client stumbles over.
inline constexpr std::size_t max_padding = 4096;

// Begins like TLS.
inline constexpr std::string_view no_http("\x16\x03\x01\x00\xff not http \x00\x01\r\n\r\n", 21);

// The answer as text. `framing` is the header that says where the body ends.
inline std::string head_text(response const& r, std::string const& framing, bool keep_alive)
{
    auto const reason = boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(r.status));
    auto out = "HTTP/1.1 " + std::to_string(r.status) + " " + std::string(reason.data(), reason.size()) + "\r\n";
    if (!r.content_type.empty())
        out += "Content-Type: " + r.content_type + "\r\n";
    for (auto const& [name, value] : r.headers)
        out += name + ": " + value + "\r\n";
    out += framing + "\r\n";
    return out + (keep_alive ? "\r\n" : "Connection: close\r\n\r\n");
}

inline std::size_t shifted(std::size_t size, std::int64_t by)
{
    return static_cast<std::size_t>(std::max<std::int64_t>(static_cast<std::int64_t>(size) + by, 0));
}

inline std::string sized(std::size_t body_size)
{
    return "Content-Length: " + std::to_string(body_size);
}

inline std::string in_chunks(std::string_view body)
{
    std::string out;
    for (auto rest = body; !rest.empty();)
    {
        // Odd sizes, so that a chunk boundary falls into the middle of things.
        auto const n = std::min<std::size_t>(rest.size(), 37);
        char size[24];
        std::snprintf(size, sizeof size, "%zx\r\n", n);
        out.append(size).append(rest.substr(0, n)).append("\r\n");
        rest.remove_prefix(n);
    }
    return out + "0\r\n\r\n";
}

// With one more member in front; text that is no object gives way to it.
inline std::string padded(std::string_view object, std::size_t size)
{
    auto const rest = object.starts_with('{') ? object.substr(1) : "}";
    return R"({"padding":")" + std::string(size, 'x') + (rest == "}" ? "\"" : "\",") + std::string(rest);
}

inline response canned(fault const& f)
{
    response out;
    out.status = static_cast<unsigned>(f.status());
    out.headers.assign(f.headers().begin(), f.headers().end());
    out.body = f.body();
    return out;
}

TIDINGS_SANDBOX_DECL script plan(response const& answered, fault const* f, bool head_only, bool keep_alive)
{
    auto const what = f ? f->what() : fault_kind::delay;
    auto r = what == fault_kind::answer ? canned(*f) : answered;
    script out;
    if (f && f->delay().count() > 0)
        out.steps.push_back({act::wait, {}, f->delay()});
    auto const cut = f && f->reset() ? act::reset : act::cut;
    auto const more = f ? f->size() : 0;
    auto const size = static_cast<std::size_t>(std::max<std::int64_t>(more, 0));

    if (what == fault_kind::big_headers)
        for (std::size_t left = size; left > 0; left -= std::min(left, max_padding))
            r.headers.emplace_back("X-Padding", std::string(std::min(left, max_padding), 'x'));
    if (what == fault_kind::big_body)
        r.body = padded(r.body, size);
    if (what == fault_kind::truncated_json)
        r.body.resize(r.body.size() / 2);
    auto const stays = keep_alive && what != fault_kind::connection_close && what != fault_kind::linger;
    auto const framing = what == fault_kind::chunked        ? "Transfer-Encoding: chunked"
                         : what == fault_kind::wrong_length ? sized(shifted(r.body.size(), more))
                                                            : sized(r.body.size());
    auto const head = head_text(r, framing, stays);
    auto const body = head_only ? std::string() : what == fault_kind::chunked ? in_chunks(r.body) : r.body;

    out.status = static_cast<int>(r.status);
    switch (what)
    {
    case fault_kind::refuse_connection:
    case fault_kind::cut_before_reading:
    case fault_kind::cut_before_headers:
    case fault_kind::reply_lost:
        out.status = 0;
        out.steps.push_back({cut});
        return out;
    case fault_kind::cut_in_headers:
    case fault_kind::stall_in_headers:
        out.steps.push_back({act::send, head.substr(0, head.size() / 2)});
        out.steps.push_back({what == fault_kind::cut_in_headers ? cut : act::stall});
        return out;
    case fault_kind::cut_in_body:
    case fault_kind::stall_in_body:
        out.steps.push_back({act::send, head + body.substr(0, body.size() / 2)});
        out.steps.push_back({what == fault_kind::cut_in_body ? cut : act::stall});
        return out;
    case fault_kind::stall:
        out.status = 0;
        out.steps.push_back({act::stall});
        return out;
    case fault_kind::garbage:
        out.status = 0;
        out.steps.push_back({act::send, std::string(no_http)});
        out.steps.push_back({cut});
        return out;
    case fault_kind::linger:
        out.steps.push_back({act::send, head + body});
        out.steps.push_back({act::hear});
        out.steps.push_back({cut});
        return out;
    case fault_kind::answer_twice:
    {
        // `size` bytes of the second come along with the first, the rest when the next request comes, which nobody
        // reads. Where none come along, it follows at once, with TLS in a record of its own.
        auto const again = head + body;
        auto const along = std::min(size, again.size());
        out.steps.push_back({act::send, again + again.substr(0, along)});
        if (along == again.size())
            break;
        if (along != 0)
            out.steps.push_back({act::hear});
        out.steps.push_back({act::send, again.substr(along)});
        break;
    }
    case fault_kind::byte_by_byte: out.steps.push_back({act::send_slowly, head + body}); break;
    case fault_kind::continue_first:
        out.steps.push_back({act::send, "HTTP/1.1 100 Continue\r\n\r\n" + head + body});
        break;
    case fault_kind::close_after:
    case fault_kind::wrong_length:
        out.steps.push_back({act::send, head + body});
        out.steps.push_back({what == fault_kind::close_after && cut == act::cut ? act::close : cut});
        return out;
    default: out.steps.push_back({act::send, head + body}); break;
    }
    if (!stays)
        out.steps.push_back({act::close});
    return out;
}

} // namespace tidings::inline v0::sandbox::detail

#endif
