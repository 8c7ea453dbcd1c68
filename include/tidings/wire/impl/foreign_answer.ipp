// Describes an answer that is not the platform's. No I/O.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_WIRE_IMPL_FOREIGN_ANSWER_IPP
#define TIDINGS_WIRE_IMPL_FOREIGN_ANSWER_IPP

#include <tidings/detail/ascii.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/wire/detail/foreign_answer.hpp>
#include <tidings/wire/endpoint.hpp>
#include <tidings/wire/reply.hpp>

#include <boost/url/grammar/ci_string.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace tidings::inline v0::detail {

TIDINGS_COLD TIDINGS_DECL std::optional<std::chrono::sys_seconds> http_date(std::string_view text) noexcept
{
    // Weekday, day, month, year, time: with a comma behind the first. Weekday, month, day, time, year: without.
    constexpr std::size_t max_words = 6;
    std::array<std::string_view, max_words> words;
    std::size_t count = 0;
    bool const is_asctime = text.find(',') == text.npos;
    constexpr std::string_view between = " ,-";
    while (!text.empty() && count != words.size())
    {
        auto const end = std::min(text.find_first_of(between), text.size());
        if (end != 0)
            words[count++] = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    constexpr std::size_t fewest_words = 5;
    if (count < fewest_words)
        return {};
    auto const number = [](std::string_view digits) {
        int out = -1;
        auto const* const end = digits.data() + digits.size();
        auto const [at, ec] = std::from_chars(digits.data(), end, out);
        return ec == std::errc() && at == end ? out : -1;
    };
    auto const [day_text, month_text, year_text, time] = is_asctime
                                                             ? std::array{words[2], words[1], words[4], words[3]}
                                                             : std::array{words[1], words[2], words[3], words[4]};
    constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    constexpr std::size_t letters = 3;
    auto const month = month_text.size() == letters ? months.find(month_text) : months.npos;
    constexpr std::string_view time_form = "hh:mm:ss";
    if (month == months.npos || month % letters != 0 || time.size() != time_form.size())
        return {};
    auto year_number = number(year_text);
    constexpr int century = 100;
    if (year_number >= 0 && year_number < century) // as RFC 850 wrote it
        year_number += year_number < 70 ? 2000 : 1900;
    std::chrono::year_month_day const date(std::chrono::year(year_number),
                                           std::chrono::month(static_cast<unsigned>(month / letters + 1)),
                                           std::chrono::day(static_cast<unsigned>(std::max(number(day_text), 0))));
    auto const hour = number(time.substr(0, 2));
    auto const minute = number(time.substr(3, 2));
    auto const second = number(time.substr(6, 2));
    constexpr int sixty = 60; // also a leap second
    if (!date.ok() || year_number < 1970 || hour < 0 || hour > 23 || minute < 0 || minute >= sixty || second < 0 ||
        second > sixty)
        return {};
    return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
           std::chrono::seconds(second);
}

TIDINGS_COLD TIDINGS_DECL std::optional<std::chrono::seconds> retry_after(wire::reply const& in,
                                                                          std::chrono::sys_seconds now) noexcept
{
    constexpr std::chrono::seconds max_length = std::chrono::hours(1);
    auto const text = in.header("Retry-After");
    if (text.empty())
        return {};
    if (text.find_first_not_of("0123456789") == text.npos)
    {
        std::int64_t seconds = 0;
        auto const [at, ec] = std::from_chars(text.data(), text.data() + text.size(), seconds);
        return ec == std::errc() ? std::min(std::chrono::seconds(seconds), max_length) : max_length;
    }
    auto const until = http_date(text);
    if (!until)
        return {};
    auto const since = http_date(in.header("Date")).value_or(now);
    return std::clamp(*until - since, std::chrono::seconds(0), max_length);
}

TIDINGS_COLD TIDINGS_DECL std::string asked_address(transport::endpoint const& where, std::string_view request)
{
    auto target = request.substr(std::min(request.find(' ') + 1, request.size()));
    target = target.substr(0, target.find_first_of(" ?"));
    std::string out = where.tls() ? "https://" : "http://";
    out += where.authority();
    out += target;
    return out;
}

TIDINGS_COLD TIDINGS_DECL std::string redirect_target(std::string_view location)
{
    location = location.substr(0, location.find_first_of("?#"));
    auto const scheme = location.find("//");
    auto const host = scheme == location.npos ? location.size() : scheme + 2;
    auto const authority = location.substr(host, location.find('/', host) - host);
    auto const user = authority.rfind('@');
    std::string out(location.substr(0, host));
    out += location.substr(user == authority.npos ? host : host + user + 1);
    return out;
}

TIDINGS_COLD TIDINGS_DECL std::size_t find_ignoring_case(std::string_view text, std::string_view what,
                                                         std::size_t from) noexcept
{
    auto const begin = text.begin() + static_cast<std::ptrdiff_t>(std::min(from, text.size()));
    auto const at = std::search(begin, text.end(), what.begin(), what.end(),
                                [](char a, char b) { return to_lower(a) == to_lower(b); });
    return at == text.end() ? text.npos : static_cast<std::size_t>(at - text.begin());
}

TIDINGS_COLD TIDINGS_DECL std::string_view title_of(std::string_view page) noexcept
{
    constexpr std::size_t far_enough = 16 * 1024;
    page = page.substr(0, far_enough);
    auto const tag = find_ignoring_case(page, "<title");
    auto const begin = tag == page.npos ? page.npos : page.find('>', tag);
    auto const end = begin == page.npos ? page.npos : find_ignoring_case(page, "</title", begin);
    return end == page.npos ? std::string_view() : page.substr(begin + 1, end - begin - 1);
}

TIDINGS_COLD TIDINGS_DECL std::string excerpt(wire::reply const& in, std::string_view text, std::size_t max_length)
{
    constexpr std::size_t far_enough = 4096;
    std::string out;
    for (char const c : in.cleaned(text.substr(0, far_enough)))
    {
        bool const blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
        if (!blank)
            out += c;
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
    }
    while (!out.empty() && out.back() == ' ')
        out.pop_back();
    if (out.size() <= max_length)
        return out;
    auto size = max_length;
    while (size != 0 && (static_cast<unsigned char>(out[size]) & 0xc0u) == 0x80u)
        --size; // not within a character
    out.resize(size);
    return out + "...";
}

TIDINGS_COLD TIDINGS_DECL bool is_compressed(wire::reply const& in) noexcept
{
    auto const coding = in.header("Content-Encoding");
    return !coding.empty() && !boost::urls::grammar::ci_is_equal(coding, "identity");
}

TIDINGS_COLD TIDINGS_DECL remedy_text const* remedy_for(wire::reply const& in,
                                                        transport::endpoint const& where) noexcept
{
    constexpr unsigned bad_request = 400;
    constexpr unsigned not_found = 404;
    constexpr unsigned server_error = 500;
    auto const status = in.status();
    bool const redirects = status >= 300 && status < 400 && !in.header("Location").empty();
    constexpr std::size_t beginning = 4096;
    auto const page = in.body().substr(0, beginning);
    if (!where.tls())
    {
        // What nginx, Apache and Go say on a port with TLS.
        bool const wants_tls = status == bad_request && (find_ignoring_case(page, "to HTTPS port") != page.npos ||
                                                         find_ignoring_case(page, "to an HTTPS server") != page.npos ||
                                                         find_ignoring_case(page, "SSL-enabled server") != page.npos);
        constexpr std::string_view secure = "https://";
        auto const leads_to = in.header("Location");
        bool const same_with_tls = redirects && boost::urls::grammar::ci_is_equal(leads_to.substr(0, 8), secure) &&
                                   find_ignoring_case(leads_to.substr(8), where.host()) == 0;
        if (wants_tls || same_with_tls)
            return &use_https;
    }
    if (redirects)
        return &follow_no_redirect;
    if (is_compressed(in))
        return &do_not_compress;
    if (status == not_found && !where.prefix().empty())
        return &leave_the_path_out;
    return status >= server_error ? &ask_the_gateway : nullptr;
}

TIDINGS_COLD TIDINGS_DECL failure describe_foreign_answer(failure const& decoded, wire::reply const& in,
                                                          transport::endpoint const& where, std::string_view request)
{
    constexpr std::size_t a_word = 60;
    constexpr std::size_t a_line = 160;
    auto detail = excerpt(in, asked_address(where, request), a_line);
    detail += " answered " + std::to_string(in.status());
    if (auto const reason = excerpt(in, in.reason(), a_word); !reason.empty())
        detail += ' ' + reason;
    if (in.status() >= 300 && in.status() < 400 && !in.header("Location").empty())
        detail += ", Location: " + excerpt(in, redirect_target(in.header("Location")), a_line);
    if (is_compressed(in))
        detail += ", the body is compressed (" + excerpt(in, in.header("Content-Encoding"), a_word) + ')';
    else if (auto const title = excerpt(in, title_of(in.body()), a_line); !title.empty())
        detail += ", a page with the title \"" + title + '"';
    for (auto const* const name : {"Content-Type", "Server", "Via"})
        if (auto const value = in.header(name); !value.empty())
            detail += std::string(", ") + name + ": " + excerpt(in, value.substr(0, value.find(';')), a_word);
    detail += ", " + std::to_string(in.body().size()) + " bytes that are not the platform's JSON";
    return amend(decoded, [&](diagnostics& facts) {
        facts.detail = std::move(detail);
        if (!facts.remedy)
            facts.remedy = remedy_for(in, where);
    });
}

TIDINGS_COLD TIDINGS_DECL failure heed_retry_after(failure const& decoded, wire::reply const& in,
                                                   std::chrono::sys_seconds now)
{
    constexpr unsigned too_many = 429;
    constexpr unsigned unavailable = 503;
    bool const passes = decoded == errc::rate_limited || decoded == errc::server_error;
    if (decoded.wait() || !passes || (in.status() != too_many && in.status() != unavailable))
        return decoded;
    auto const wait = retry_after(in, now);
    return wait ? amend(decoded, [&wait](diagnostics& facts) { facts.wait = *wait; }) : decoded;
}

} // namespace tidings::inline v0::detail

#endif
