// One request and one answer, free of sockets.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_DETAIL_HTTP_HPP
#define TIDINGS_SANDBOX_DETAIL_HTTP_HPP

#include <tidings/sandbox/message.hpp>

#include <cctype>

namespace tidings::inline v0::sandbox::detail {

struct request
{
    brand platform = brand::lark;
    std::string method;
    std::string target;
    header_list headers;
    std::string body;
    std::string peer;
    int connection = 0;
};

struct response
{
    unsigned status = 200;
    std::string content_type;
    header_list headers;
    std::string body;
    // Not empty: the uuid of a message that counts as "being sent" until this answer has left.
    std::string pending_uuid;
};

inline int hex_value(char c) noexcept
{
    if (c >= '0' && c <= '9')
        return c - '0';
    auto const lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

inline std::string percent_decoded(std::string_view text, bool plus_is_blank)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i)
    {
        auto const two =
            text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0;
        if (two)
        {
            out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
            i += 2;
        }
        else
            out += plus_is_blank && text[i] == '+' ? ' ' : text[i];
    }
    return out;
}

inline std::vector<std::string_view> split(std::string_view text, char at)
{
    std::vector<std::string_view> out;
    for (;;)
    {
        auto const end = text.find(at);
        out.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
            return out;
        text.remove_prefix(end + 1);
    }
}

inline std::string lower(std::string_view text)
{
    std::string out(text);
    for (auto& c : out)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return out;
}

inline bool same_text(std::string_view a, std::string_view b)
{
    return lower(a) == lower(b);
}

// The first header of that name, or an empty view.
inline std::string_view find_header(header_list const& headers, std::string_view name)
{
    for (auto const& [key, value] : headers)
        if (same_text(key, name))
            return value;
    return {};
}

// Why a request must not be answered; empty: it may be. A web page can send requests to this machine, and can give its
// own name this machine's address; its browser then says so in these headers. The host counts for the sandbox's own
// calls only: those of the platforms need a token.
std::string forbidden(request const& req, std::vector<std::string> const& allowed_hosts);

inline std::optional<std::uint32_t> ipv4(std::string_view text)
{
    std::uint32_t out = 0;
    auto const parts = split(text, '.');
    for (auto const part : parts)
    {
        if (part.empty() || part.size() > 3 || part.find_first_not_of("0123456789") != std::string_view::npos)
            return std::nullopt;
        out = out << 8 | static_cast<std::uint32_t>(std::stoi(std::string(part)));
    }
    return parts.size() == 4 ? std::optional(out) : std::nullopt;
}

// An address, `1.2.3.*`, or CIDR.
inline bool ip_fits(std::string_view rule, std::string_view ip)
{
    if (rule.ends_with('*'))
        return ip.starts_with(rule.substr(0, rule.size() - 1));
    auto const slash = rule.find('/');
    if (slash == std::string_view::npos)
        return rule == ip;
    auto const net = ipv4(rule.substr(0, slash));
    auto const host = ipv4(ip);
    auto const bits = std::atoi(std::string(rule.substr(slash + 1)).c_str());
    auto const mask = bits <= 0 ? 0u : ~0u << (32 - std::min(bits, 32));
    return net && host && (*net & mask) == (*host & mask);
}

} // namespace tidings::inline v0::sandbox::detail

#endif
