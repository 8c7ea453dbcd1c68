// The nodes and the people that a document names.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SUBSCRIPTION_DETAIL_CELLS_HPP
#define TIDINGS_SUBSCRIPTION_DETAIL_CELLS_HPP

#include <tidings/config/detail/json_document.hpp>
#include <tidings/config/problem.hpp>
#include <tidings/detail/address.hpp>
#include <tidings/subscription/event_type.hpp>

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tidings::inline v0::subscription::detail {

using config::detail::json_node;
using config::detail::pointer_to;

/// A login name as somebody has written it, without blanks and characters that are not shown at its ends: with them, it
/// would be another person, of whom nobody knows.
inline std::string_view written_login_name(std::string_view text) noexcept
{
    constexpr std::string_view blanks = " \t";
    for (;;)
    {
        auto rest = tidings::detail::visible_part(text);
        rest.remove_prefix(std::min(rest.find_first_not_of(blanks), rest.size()));
        rest = rest.substr(0, rest.find_last_not_of(blanks) + 1);
        if (rest.size() == text.size())
            return rest;
        text = rest;
    }
}

/// The names of types or nodes, with commas between.
template<class Descriptions>
std::string list_names(Descriptions const& all)
{
    std::string out;
    for (auto const& each : all)
        (out += out.empty() ? "" : ", ") += each.name;
    return out;
}

/// The cell that the members `type` and `node` name; nothing if they do not, which is a problem.
inline std::optional<cell> find_cell(std::span<type_description const> types, json_node const& from,
                                     std::string const& where, config::problems& wrong)
{
    auto const member = [&](std::string_view name) -> json_node const* {
        auto const* const found = from.find(name);
        if (found && found->is_string())
            return found;
        if (found)
            wrong.emplace_back(pointer_to(where, name), "must be a string", "必须是字符串");
        else
            wrong.emplace_back(pointer_to(where, name), "is missing", "缺失");
        return nullptr;
    };
    auto const* const type = member("type");
    auto const* const node = member("node");
    if (!type || !node)
        return std::nullopt;
    cell at;
    while (at.type != types.size() && types[at.type].name != type->text())
        ++at.type;
    if (at.type == types.size())
    {
        auto const known = list_names(types);
        wrong.emplace_back(pointer_to(where, "type"), "is no event type; there are " + known,
                           "不是事件类型；可用的有：" + known);
        return std::nullopt;
    }
    at.node = types[at.type].find(node->text());
    if (at.node == types[at.type].nodes.size())
    {
        auto const known = list_names(types[at.type].nodes);
        wrong.emplace_back(pointer_to(where, "node"), "is no node of this event type; there are " + known,
                           "不是该事件类型的节点；可用的有：" + known);
        return std::nullopt;
    }
    return at;
}

} // namespace tidings::inline v0::subscription::detail

#endif
