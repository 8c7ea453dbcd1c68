// Reads events, finds the people that they concern, and writes the messages.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SUBSCRIPTION_IMPL_EVENT_IPP
#define TIDINGS_SUBSCRIPTION_IMPL_EVENT_IPP

#include <tidings/config/detail/json_document.hpp>
#include <tidings/detail/address.hpp>
#include <tidings/detail/utf8.hpp>
#include <tidings/detail/wiped_string.hpp>
#include <tidings/match/login_name.hpp>
#include <tidings/message/detail/shown_text.hpp>
#include <tidings/message/localized.hpp>
#include <tidings/subscription/detail/cells.hpp>
#include <tidings/subscription/event.hpp>
#include <tidings/wire/json_writer.hpp>

#include <algorithm>
#include <cstddef>
#include <set>

namespace tidings::inline v0::subscription {

namespace detail {

class event_reader
{
public:
    explicit event_reader(config::problems& wrong) noexcept : wrong_(wrong) {}

    event read(std::span<type_description const> types, json_node const& from)
    {
        event out;
        constexpr std::size_t max_id = 200;
        constexpr std::size_t max_subject = 1000;
        out.id = text(from, "id", true, max_id);
        if (auto const at = find_cell(types, from, "", wrong_))
            out.at = *at;
        out.subject = text(from, "subject", true, max_subject);
        out.submitter = login_name(from, "submitter");
        out.executor = login_name(from, "executor");
        out.data_owner = login_name(from, "data_owner");
        if (auto const* const list = from.find("approvers"))
            read_approvers(*list, out.approvers);
        if (auto const* const fields = from.find("fields"))
            read_fields(*fields, out.fields);
        out.link = text(from, "link", false, max_subject * 2);
        if (!out.link.empty() && !notice::is_web_url(out.link))
            report("/link", "must start with https:// or http:// and have a host",
                   "必须以 https:// 或 http:// 开头并包含主机");
        return out;
    }

private:
    void report(std::string where, std::string english, std::string chinese)
    {
        wrong_.emplace_back(std::move(where), std::move(english), std::move(chinese));
    }

    static bool shows_nothing(std::string_view text)
    {
        return tidings::detail::message_text(std::string(text)).empty();
    }

    /// One line of text; empty if it is missing or not valid.
    std::string text(json_node const& from, std::string_view name, bool required, std::size_t max_bytes)
    {
        auto const where = pointer_to("", name);
        auto const* const found = from.find(name);
        if (!found)
        {
            if (required)
                report(where, "is missing", "缺失");
            return {};
        }
        if (!found->is_string())
            report(where, "must be a string", "必须是字符串");
        else if (required && shows_nothing(found->text()))
            report(where, "must not be empty", "不能为空");
        else if (found->text().size() > max_bytes)
            report(where, "must have at most " + std::to_string(max_bytes) + " bytes",
                   "最多 " + std::to_string(max_bytes) + " 字节");
        else if (tidings::detail::find_invalid_utf8(found->text()) != found->text().npos ||
                 std::any_of(found->text().begin(), found->text().end(), tidings::detail::is_control))
            report(where, "must be one line of UTF-8 text", "必须是一行 UTF-8 文本");
        else
            return std::string(found->text());
        return {};
    }

    bool is_login_name(std::string_view name, std::string const& where)
    {
        if (match::login_name(std::string(name)).check())
            return true;
        report(where, "is no login name", "不是有效的登录名");
        return false;
    }

    std::string login_name(json_node const& from, std::string_view name)
    {
        constexpr std::size_t max_bytes = 256;
        auto out = std::string(written_login_name(text(from, name, false, max_bytes)));
        return out.empty() || is_login_name(out, pointer_to("", name)) ? out : std::string();
    }

    void read_approvers(json_node const& list, std::vector<std::string>& out)
    {
        if (!list.is_array())
            return report("/approvers", "must be an array of login names", "必须是登录名数组");
        for (std::size_t i = 0; i != list.elements().size(); ++i)
        {
            auto const where = pointer_to("/approvers", i);
            if (!list.elements()[i].is_string())
                report(where, "must be a string", "必须是字符串");
            else if (auto const name = written_login_name(list.elements()[i].text()); is_login_name(name, where))
                out.emplace_back(name);
        }
    }

    void read_fields(json_node const& from, std::vector<std::pair<std::string, std::string>>& out)
    {
        if (!from.is_object())
            return report("/fields", "must be an object with a text for each label", "必须是对象，每个标签一段文本");
        constexpr std::size_t max_fields = notice::max_facts - 3; // the subject, the submitter, the people of a group
        if (from.members().size() > max_fields)
            report("/fields", "must have at most " + std::to_string(max_fields) + " members",
                   "最多 " + std::to_string(max_fields) + " 个成员");
        for (auto const& [label, value] : from.members())
        {
            auto const where = pointer_to("/fields", label);
            if (shows_nothing(label)) // the message would be refused
                report(where, "must have a label", "标签不能为空");
            else if (value.is_string())
                out.emplace_back(label, std::string(value.text()));
            else if (value.is_integer())
                out.emplace_back(label, std::to_string(value.number()));
            else if (value.is_boolean())
                out.emplace_back(label, value.number() != 0 ? "true" : "false");
            else
                report(where, "must be a string, a whole number or a boolean", "必须是字符串、整数或布尔值");
        }
    }

    config::problems& wrong_;
};

/// A text without the characters that turn the direction of what follows them (U+202A to U+202E, U+2066 to U+2069):
/// behind one of them in a subject or a name, the sentence that it is part of would be shown from right to left.
inline std::string without_direction(std::string text)
{
    constexpr std::size_t size = 3;
    for (std::size_t at = text.find('\xe2'); at != text.npos; at = text.find('\xe2', at))
    {
        auto const mark = std::string_view(text).substr(at, size);
        if ((mark >= "\xe2\x80\xaa" && mark <= "\xe2\x80\xae") || (mark >= "\xe2\x81\xa6" && mark <= "\xe2\x81\xa9"))
            text.erase(at, size);
        else
            ++at;
    }
    return text;
}

/// The value of a placeholder.
inline std::string value_of(std::string_view name, event const& what, type_description const& type,
                            node_description const& node, people const* all, language l)
{
    auto const person_name = [all](std::string const& login_name) {
        auto const* const known = all ? all->find(login_name) : nullptr;
        return known && !known->name.empty() ? known->name : login_name;
    };
    if (name == "type")
        return std::string(type.title.in(l));
    if (name == "node")
        return std::string(node.title.in(l));
    if (name == "subject")
        return what.subject;
    if (name == "submitter")
        return person_name(what.submitter);
    if (name == "executor")
        return person_name(what.executor);
    if (name == "data_owner")
        return person_name(what.data_owner);
    std::string out;
    for (auto const& approver : what.approvers)
        (out += out.empty() ? "" : ", ") += person_name(approver);
    return out;
}

} // namespace detail

TIDINGS_DECL config::checked<event> event::parse(std::span<type_description const> types, std::string_view text)
{
    config::problems wrong;
    auto const root = config::detail::parse_json(text, wrong);
    if (!root || !config::detail::is_object_of(*root, "",
                                               {"id", "type", "node", "subject", "submitter", "approvers", "executor",
                                                "data_owner", "fields", "link"},
                                               wrong))
        return wrong;
    auto out = detail::event_reader(wrong).read(types, *root);
    if (!wrong.empty())
        return wrong;
    return out;
}

TIDINGS_DECL std::string event::text(std::span<type_description const> types) const
{
    tidings::detail::wiped_string out;
    wire::json_writer json(out);
    auto const member = [&json](std::string_view name, std::string const& value) {
        if (!value.empty())
            json.member(name, value);
    };
    auto const& type = types[at.type];
    json.open_object();
    json.member("id", id).member("type", type.name).member("node", type.nodes[at.node].name).member("subject", subject);
    member("submitter", submitter);
    if (!approvers.empty())
    {
        json.key("approvers").open_array();
        for (auto const& login_name : approvers)
            json.string(login_name);
        json.close_array();
    }
    member("executor", executor);
    member("data_owner", data_owner);
    if (!fields.empty())
    {
        json.key("fields").open_object();
        for (std::size_t i = 0; i != fields.size(); ++i)
        {
            if (i != 0)
                out += ',';
            wire::json_writer(out).string(fields[i].first); // a label may need escapes, unlike a key of ours
            out += ':';
            wire::json_writer(out).string(fields[i].second);
        }
        json.close_object();
    }
    member("link", link);
    json.close_object();
    return std::string(out.view());
}

TIDINGS_DECL std::vector<std::string> receivers_of(event const& what, subscriptions const& by, people const& all)
{
    std::vector<std::string> out;
    std::set<std::string, std::less<>> known;
    auto const add = [&](std::string const& login_name) {
        if (!login_name.empty() && known.insert(login_name).second)
            out.push_back(login_name);
    };
    auto const parts = by.receiver_roles(what.at);
    if (parts.has(role::submitter))
        add(what.submitter);
    if (parts.has(role::approvers))
        for (auto const& login_name : what.approvers.empty() ? all.with_role("approver") : what.approvers)
            add(login_name);
    if (parts.has(role::executor))
        add(what.executor);
    if (parts.has(role::data_owner))
        add(what.data_owner);
    for (auto const& login_name : by.receivers(what.at))
        add(login_name);
    return out;
}

TIDINGS_DECL notice message_of(event const& what, std::span<type_description const> types, people const* all,
                               headline const& title)
{
    auto const& type = types[what.at.type];
    auto const& node = type.nodes[what.at.node];
    static constexpr headline plain{"{type} {node}: {subject}", "{type}{node}：{subject}"};
    auto const render = [&](text_template const& own, text_template const& fallback, language l) {
        bool is_whole = !own.empty();
        auto const sentence = [&](text_template const& from) {
            return from.render([&](std::string_view name) {
                auto value = detail::without_direction(detail::value_of(name, what, type, node, all, l));
                is_whole = is_whole && !value.empty();
                return value;
            });
        };
        auto out = sentence(own);
        return is_whole ? out : sentence(fallback);
    };
    localized heading(render(title.english, plain.english, language::english));
    heading.in("zh", render(title.chinese, plain.chinese, language::chinese));
    notice out(std::move(heading));
    if (node.urgent)
        out.level(severity::warning);
    auto const fact = [&out](std::string_view english, std::string_view chinese, std::string value) {
        if (value.empty())
            return;
        localized label(detail::without_direction(std::string(english)));
        label.in("zh", detail::without_direction(std::string(chinese)));
        out.fact(std::move(label), localized(detail::without_direction(std::move(value))));
    };
    fact("Subject", "主题", what.subject);
    fact("Submitted by", "提交人", detail::value_of("submitter", what, type, node, all, language::english));
    for (auto const& [label, value] : what.fields)
        fact(label, label, value);
    if (what.link.empty())
        return out;
    if (node.wants == purpose::action)
    {
        localized open("Open");
        open.in("zh", "打开");
        out.button(std::move(open), what.link);
    }
    else
        out.footer(localized(what.link));
    return out;
}

TIDINGS_DECL notice message_of(event const& what, std::span<type_description const> types, people const* all)
{
    return message_of(what, types, all, types[what.at.type].nodes[what.at.node].sentence);
}

} // namespace tidings::inline v0::subscription

#endif
