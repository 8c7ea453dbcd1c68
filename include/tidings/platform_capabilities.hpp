// What a platform can do, for programs that choose one when they run.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PLATFORM_CAPABILITIES_HPP
#define TIDINGS_PLATFORM_CAPABILITIES_HPP

#include <tidings/lookup_kind.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::inline v0 {

namespace detail {

/// Whether two names of platforms or match strategies are the same: `-` and a blank count as `_`.
inline bool is_same_name(std::string_view a, std::string_view b) noexcept
{
    auto const plain = [](char c) { return c == '-' || c == ' ' ? '_' : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [plain](char x, char y) { return plain(x) == plain(y); });
}

} // namespace detail

/// A row of `capability_table`: what one platform can do.
///
/// @par Thread safety  Distinct objects: safe. Shared objects: safe for reading.
class platform_capabilities
{
public:
    /// How the platform finds people by one match strategy.
    class match_support
    {
    public:
        match_support(std::string_view n, lookup_kind k, bool tells) noexcept : name(n), kind(k), tells_not_found(tells)
        {
        }

        std::string_view name; ///< `Match::name`: "login_name".
        lookup_kind kind;
        /// Whether the platform can tell that an address belongs to nobody before it is sent to, so that another link of
        /// a chain may follow this one.
        bool tells_not_found;
    };

    platform_capabilities() = default;

    std::string_view name;  ///< `Provider::name`: "dingtalk_work".
    std::string_view title; ///< For people: "DingTalk, work notification".
    std::vector<match_support> matches;
    std::vector<std::string_view> messages;     ///< Kinds of messages: "text", "markdown".
    std::vector<std::string_view> capabilities; ///< What can be done with a sent message: "recall", "readers".
    /// Whether a message that is sent again under the same `idempotency_key` is delivered once.
    bool idempotency_keys = false;

    /// Null where the platform does not find people by it.
    ///
    /// @param match  `Match::name`; `-` and a blank count as `_`.
    match_support const* find_match(std::string_view match) const noexcept
    {
        auto const found = std::find_if(matches.begin(), matches.end(), [match](match_support const& support) {
            return detail::is_same_name(support.name, match);
        });
        return found == matches.end() ? nullptr : &*found;
    }

    bool has_message(std::string_view message) const noexcept
    {
        return std::find(messages.begin(), messages.end(), message) != messages.end();
    }

    bool has_capability(std::string_view capability) const noexcept
    {
        return std::find(capabilities.begin(), capabilities.end(), capability) != capabilities.end();
    }
};

/// A table as Markdown, for documentation and for programs: a line for each platform.
inline std::string to_markdown(std::vector<platform_capabilities> const& platforms)
{
    auto const add = [](std::string& list, std::string_view name) {
        list += list.empty() ? "" : ", ";
        list += name;
    };
    auto const with_blanks = [](std::string_view name) {
        std::string out(name);
        std::replace(out.begin(), out.end(), '_', ' ');
        return out;
    };
    constexpr std::string_view columns[] = {"login_name", "phone_number", "email"};
    std::string out = "| platform | login name | phone number | email | also by | messages | afterwards |\n"
                      "| --- | --- | --- | --- | --- | --- | --- |\n";
    auto const cell = [&out](std::string_view text) {
        out += ' ';
        out += text.empty() ? "-" : text;
        out += " |";
    };
    for (auto const& platform : platforms)
    {
        out += '|';
        cell(platform.title);
        for (auto const column : columns)
        {
            auto const* const match = platform.find_match(column);
            cell(to_string(match ? match->kind : lookup_kind::none));
        }
        std::string also;
        for (auto const& match : platform.matches)
            if (std::find(std::begin(columns), std::end(columns), match.name) == std::end(columns))
                add(also, with_blanks(match.name) + " (" + std::string(to_string(match.kind)) + ')');
        cell(also);
        for (auto const* const names : {&platform.messages, &platform.capabilities})
        {
            std::string list;
            for (auto const name : *names)
                add(list, name);
            cell(list);
        }
        out += '\n';
    }
    return out;
}

} // namespace tidings::inline v0

#endif
