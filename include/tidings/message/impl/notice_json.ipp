// Reads a notice from JSON. Needs Boost.JSON.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_MESSAGE_IMPL_NOTICE_JSON_IPP
#define TIDINGS_MESSAGE_IMPL_NOTICE_JSON_IPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/message/notice.hpp>
#include <tidings/message/notice_json.hpp>

#include <boost/json/stream_parser.hpp>
#include <boost/json/value.hpp>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace tidings::inline v0 {

namespace detail {

TIDINGS_DECL std::optional<notice> notice_reader::read(boost::json::value const& json)
{
    auto const* const root = object(json, "");
    if (!root || !knows(*root, "", {"title", "severity", "facts", "body", "markdown", "buttons", "footer"}))
        return std::nullopt;
    if (!root->contains("title"))
    {
        wrong("title", "is missing");
        return std::nullopt;
    }
    notice out(text(root->at("title"), "title"));
    if (auto const* const severity = root->if_contains("severity"))
        out.level(severity_of(*severity));
    if (auto const* const facts = root->if_contains("facts"))
        each(*facts, "facts", {"label", "value"}, [&](boost::json::object const& item, std::string const& path) {
            auto label = text(item.at("label"), path + ".label");
            out.fact(std::move(label), text(item.at("value"), path + ".value"));
        });
    if (root->contains("body") && root->contains("markdown"))
        wrong("markdown", "and body are both there; use one of them");
    if (auto const* const body = root->if_contains("body"))
        out.body(text(*body, "body"));
    if (auto const* const body = root->if_contains("markdown"))
        out.body(markdown(text(*body, "markdown")));
    if (auto const* const buttons = root->if_contains("buttons"))
        each(*buttons, "buttons", {"label", "url"}, [&](boost::json::object const& item, std::string const& path) {
            auto label = text(item.at("label"), path + ".label");
            auto const* const url = item.at("url").if_string();
            if (url)
                out.button(std::move(label), std::string(url->data(), url->size()));
            if (!url || !notice::is_web_url(out.buttons().back().url()))
                wrong(path + ".url", "must be a string that starts with http:// or https:// and has a host and "
                                     "at most 2048 bytes");
        });
    if (auto const* const footer = root->if_contains("footer"))
        out.footer(text(*footer, "footer"));
    return out;
}

TIDINGS_DECL void notice_reader::wrong(std::string_view path, std::string_view what)
{
    if (!problem_.empty())
        return;
    problem_ = path.empty() ? "the notice" : std::string(path);
    problem_ += ' ';
    problem_ += what;
}

TIDINGS_DECL boost::json::object const* notice_reader::object(boost::json::value const& json, std::string_view path)
{
    auto const* const out = json.if_object();
    if (!out)
        wrong(path, "must be a JSON object");
    return out;
}

TIDINGS_DECL bool notice_reader::knows(boost::json::object const& json, std::string const& path,
                                       std::initializer_list<std::string_view> names)
{
    for (auto const& member : json)
    {
        std::string_view const key(member.key().data(), member.key().size());
        bool known = false;
        for (auto const name : names)
            known = known || key == name;
        if (known)
            continue;
        std::string list;
        for (auto const name : names)
            (list += list.empty() ? "" : ", ") += name;
        wrong(path.empty() ? std::string(key) : path + "." + std::string(key),
              "is not a known member; there are " + list);
        return false;
    }
    return true;
}

TIDINGS_DECL localized notice_reader::text(boost::json::value const& json, std::string const& path)
{
    if (auto const* const string = json.if_string())
        return std::string(string->data(), string->size());
    auto const* const all = json.if_object();
    if (!all)
    {
        wrong(path, "must be a string, or an object with a text for each language");
        return {};
    }
    if (all->empty())
    {
        wrong(path, "has no text: it may be a string, or an object such as {\"default\": \"...\", \"zh\": \"...\"}");
        return {};
    }
    localized out;
    bool has_default = false;
    for (auto const& member : *all)
    {
        std::string const key(member.key().data(), member.key().size());
        auto const* const item = member.value().if_string();
        if (!item)
            wrong(path + "." + key, "must be a string");
        else if (key.empty())
            wrong(path, "has a language without a name");
        else
        {
            std::string text(item->data(), item->size());
            bool const is_default = key == "default";
            if (is_default || (!has_default && &member == all->begin()))
                out.in(language_tag(), text);
            has_default = has_default || is_default;
            if (!is_default)
                out.in(language_tag(key), std::move(text));
        }
    }
    return out;
}

TIDINGS_DECL severity notice_reader::severity_of(boost::json::value const& json)
{
    if (auto const* const name = json.if_string())
        for (auto const s : {severity::info, severity::success, severity::warning, severity::critical})
            if (std::string_view(name->data(), name->size()) == to_string(s))
                return s;
    wrong("severity", "must be one of info, success, warning, critical");
    return severity::info;
}

} // namespace detail

} // namespace tidings::inline v0

namespace tidings::inline v0 {

/// Reads a notice from JSON and checks it.
///
/// @code{.json}
/// {"title": {"default": "Disk almost full", "zh": "磁盘将满"}, "severity": "warning",
///  "facts": [{"label": "Host", "value": "db-01"}], "markdown": "Run **cleanup** first.",
///  "buttons": [{"label": "Runbook", "url": "https://wiki.example/disk"}], "footer": "monitor-7"}
/// @endcode
///
/// Only `title` is required. `body` instead of `markdown` is plain text. Each text is a string, or an object with a
/// text for each language. People whose language is not among them get `default`, or the first text where there is no
/// `default`.
///
/// @param json  UTF-8; a byte order mark in front is ignored.
/// @returns The notice, or `errc::message_invalid` that names the member: "buttons[0].url must be a string …".
TIDINGS_DECL result<notice> notice::from_json(std::string_view json)
{
    boost::system::error_code ec;
    boost::json::stream_parser parser;
    if (json.starts_with(tidings::detail::byte_order_mark))
        json.remove_prefix(tidings::detail::byte_order_mark.size());
    parser.write(json.data(), json.size(), ec);
    if (!ec)
        parser.finish(ec);
    if (ec)
        return make_failure(errc::message_invalid, "the notice is not JSON: " + ec.message());
    tidings::detail::notice_reader reader;
    auto out = reader.read(parser.release());
    if (!reader.problem().empty())
        return make_failure(errc::message_invalid, reader.problem());
    if (auto const valid = out->check(); !valid)
        return valid.error();
    return *std::move(out);
}

} // namespace tidings::inline v0

#endif
