// The headers and the texts of an e-mail: functions of what is to be sent.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SUBSCRIPTION_DETAIL_SMTP_MESSAGE_HPP
#define TIDINGS_SUBSCRIPTION_DETAIL_SMTP_MESSAGE_HPP

#include <tidings/detail/address.hpp>
#include <tidings/detail/ascii.hpp>
#include <tidings/detail/crypto.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/detail/utf8.hpp>
#include <tidings/impl/derived_key.hpp>
#include <tidings/match/email.hpp>
#include <tidings/printable_text.hpp>
#include <tidings/receipt.hpp>
#include <tidings/result.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace tidings::inline v0::subscription::detail {

/// The address as it is written into commands and headers, which have no place for anything else.
///
/// Only what needs no quoting: letters, digits and the marks of RFC 5322's atoms before the `@`, a domain name after it.
/// Line breaks, brackets, commas and quotes are refused, so that an address cannot become two, or another header.
///
/// @param kind  `errc::invalid_recipient`, or `errc::invalid_argument` for the sender.
inline result<std::string> mailbox(std::string_view text, std::string_view what, errc kind)
{
    constexpr std::size_t max_local = 64;
    constexpr std::size_t max_label = 63;
    constexpr std::string_view atom_marks = "!#$%&'*+/=?^_`{|}~-.";
    match::email const address(text);
    if (auto const valid = address.check(); !valid)
        return tidings::make_failure(kind, [&](diagnostics& facts) {
            if (kind != errc::invalid_recipient)
                (facts.detail = what) += ": ";
            facts.detail += valid.error().facts()->detail;
        });
    auto const shown = address.view();
    auto const at = shown.find('@');
    auto const local = shown.substr(0, at);
    auto const domain = shown.substr(at + 1);
    auto const refuse = [&](std::string_view why) { return tidings::detail::refuse(what, why, kind); };
    if (std::any_of(shown.begin(), shown.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }))
        return refuse("has a character outside of ASCII");
    if (local.size() > max_local)
        return refuse("has more than 64 characters before the @");
    if (!tidings::detail::is_alphanumeric(local, atom_marks) || local.starts_with('.') || local.ends_with('.') ||
        local.find("..") != local.npos)
        return refuse("has a character before the @ that an address cannot have there");
    for (auto rest = domain;;)
    {
        auto const label = rest.substr(0, rest.find('.'));
        if (label.empty() || label.size() > max_label || !tidings::detail::is_alphanumeric(label, "-_") ||
            label.starts_with('-') || label.ends_with('-'))
            return refuse("has no valid domain after the @");
        if (label.size() == rest.size())
            break;
        rest.remove_prefix(label.size() + 1);
    }
    return std::string(shown);
}

/// The same key and the same sender's domain give the same id, on every machine and after every restart.
///
/// @param key   Valid: see `check_key`.
/// @param from  A mailbox.
inline std::string message_id_of(idempotency_key const& key, std::string_view from)
{
    std::string out("<");
    out += tidings::detail::derived_key(key, {"Message-ID"}).view();
    out += from.substr(from.find('@'));
    out += '>';
    return out;
}

/// How many bytes of `text` make one encoded word: whole characters.
inline std::size_t encoded_word_size(std::string_view text) noexcept
{
    constexpr std::size_t max_bytes = 39; // 52 characters of Base64: with "Subject: " in front, a line has 73
    auto size = std::min(text.size(), max_bytes);
    while (size != text.size() && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80)
        --size;
    return size;
}

/// A text as the body of a header: itself if it is short ASCII, otherwise encoded words of RFC 2047, one a line.
///
/// @param text  Printable UTF-8 in one line.
inline std::string header_text(std::string_view text)
{
    constexpr std::size_t max_plain = 66; // of a line with 76 characters
    auto const plain = [](char c) { return c >= ' ' && c <= '~'; };
    if (text.size() <= max_plain && std::all_of(text.begin(), text.end(), plain) && text.find("=?") == text.npos)
        return std::string(text);
    std::string out;
    while (!text.empty())
    {
        auto const size = encoded_word_size(text);
        if (!out.empty())
            out += "\r\n ";
        out += "=?UTF-8?B?";
        out += tidings::detail::base64_encode(text.substr(0, size));
        out += "?=";
        text.remove_prefix(size);
    }
    return out;
}

/// The subject in one printable line. A line break in it, or another control character, becomes a blank.
inline result<std::string> checked_subject(std::string_view subject)
{
    constexpr std::size_t max_bytes = 2000;
    if (tidings::detail::find_invalid_utf8(subject) != subject.npos)
        return tidings::make_failure(errc::message_invalid, "the subject is not valid UTF-8");
    if (subject.size() > max_bytes)
        return tidings::make_failure(errc::message_too_long, "the subject has more than 2000 bytes");
    auto out = printable_text(subject);
    auto const first = out.find_first_not_of(' ');
    if (first == out.npos)
        return tidings::make_failure(errc::message_invalid, "the subject is empty");
    out.erase(out.find_last_not_of(' ') + 1);
    out.erase(0, first);
    return out;
}

/// A text of the message with the line ends of e-mail, which are CR LF.
inline result<std::string> checked_body(std::string_view text, std::string_view what)
{
    std::string out;
    if (tidings::detail::find_invalid_utf8(text) != text.npos)
        return tidings::make_failure(errc::message_invalid, (out += what) += " is not valid UTF-8");
    out.reserve(text.size() + text.size() / 16);
    for (std::size_t i = 0; i != text.size(); ++i)
    {
        bool const is_pair = text[i] == '\r' && i + 1 != text.size() && text[i + 1] == '\n';
        if (is_pair)
            continue;
        if (text[i] == '\n' || text[i] == '\r')
            out += "\r\n";
        else
            out += text[i];
    }
    return out;
}

/// A point in time as a `Date` header has it, in UTC. Independent of the locale.
inline std::string mail_date(std::chrono::system_clock::time_point when)
{
    constexpr std::string_view days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::string_view months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    auto const day = std::chrono::floor<std::chrono::days>(when);
    std::chrono::year_month_day const date(day);
    std::chrono::hh_mm_ss const time(std::chrono::floor<std::chrono::seconds>(when - day));
    auto const two_digits = [](auto n) {
        auto digits = std::to_string(n);
        return digits.size() == 1 ? "0" + digits : digits;
    };
    std::string out(days[std::chrono::weekday(day).c_encoding()]);
    out += ", " + std::to_string(static_cast<unsigned>(date.day())) + ' ';
    out += months[static_cast<unsigned>(date.month()) - 1];
    out += ' ' + std::to_string(static_cast<int>(date.year())) + ' ' + two_digits(time.hours().count()) + ':';
    out += two_digits(time.minutes().count()) + ':' + two_digits(time.seconds().count()) + " +0000";
    return out;
}

/// Text in Base64, in lines of 76 characters.
inline void append_base64(std::string& out, std::string_view text)
{
    constexpr std::size_t bytes_of_line = 57;
    for (; !text.empty(); text.remove_prefix(std::min(text.size(), bytes_of_line)))
        (out += tidings::detail::base64_encode(text.substr(0, bytes_of_line))) += "\r\n";
}

/// What a message is made of. Each text has passed its check.
struct mail_parts
{
    std::string from;
    std::string to;
    std::string message_id;
    std::string subject;
    std::string text;
    std::string html; ///< Empty: the message has the plain text only.
    std::chrono::system_clock::time_point date;
};

/// The message as it follows the reply to `DATA`, with the line that ends it.
///
/// Whatever the texts are, it is ASCII in lines of at most 300 bytes, and only its last line begins with a full stop.
inline std::string mail_content(mail_parts const& m)
{
    std::string out;
    auto const header = [&out](std::string_view name, std::string_view value) {
        ((out += name) += ": ") += value;
        out += "\r\n";
    };
    auto const part = [&](std::string_view type, std::string_view text) {
        header("Content-Type", std::string(type) + "; charset=utf-8");
        header("Content-Transfer-Encoding", "base64");
        out += "\r\n";
        append_base64(out, text);
    };
    header("Date", mail_date(m.date));
    header("From", m.from);
    header("To", m.to);
    header("Message-ID", m.message_id);
    header("Subject", header_text(m.subject));
    header("Auto-Submitted", "auto-generated");
    header("MIME-Version", "1.0");
    if (m.html.empty())
    {
        part("text/plain", m.text);
        return out += ".\r\n";
    }
    constexpr std::string_view boundary = "=_tidings"; // Base64 has no underscore
    header("Content-Type", "multipart/alternative; boundary=\"" + std::string(boundary) + '"');
    out += "\r\n";
    for (bool const is_html : {false, true})
    {
        ((out += "--") += boundary) += "\r\n";
        part(is_html ? "text/html" : "text/plain", is_html ? m.html : m.text);
    }
    ((out += "--") += boundary) += "--\r\n";
    return out += ".\r\n";
}

} // namespace tidings::inline v0::subscription::detail

#endif
