// The platforms of the library and their capabilities.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_CAPABILITY_TABLE_HPP
#define TIDINGS_CAPABILITY_TABLE_HPP

#include <tidings/capabilities.hpp>
#include <tidings/provider/dingtalk.hpp>
#include <tidings/provider/dingtalk_work.hpp>
#include <tidings/provider/feishu.hpp>
#include <tidings/provider/lark.hpp>
#include <tidings/provider/wecom.hpp>

#include <boost/hana/for_each.hpp>

#include <string>
#include <string_view>
#include <type_traits>

namespace tidings::inline v0 {

/// The table of some providers: provider -> (match support, messages, operations on sent messages).
template<class... Providers>
constexpr auto make_capability_table() noexcept
{
    return boost::hana::make_map(boost::hana::make_pair(
        boost::hana::type_c<Providers>,
        boost::hana::make_tuple(Providers::match_support, Providers::messages, Providers::capabilities))...);
}

/// The table of the library's own providers. A new platform gets its line here.
inline constexpr auto capability_table = make_capability_table<lark, feishu, dingtalk, dingtalk_work, wecom>();

/// A table as Markdown, for documentation and for programs: a line for each platform.
template<class Table>
std::string to_markdown(Table const& table)
{
    namespace hana = boost::hana;
    auto const add = [](std::string& list, std::string_view name) {
        list += list.empty() ? "" : ", ";
        list += name;
    };
    auto const names = [&add](auto const& types) {
        std::string list;
        hana::for_each(types, [&](auto type) { add(list, decltype(type)::type::name); });
        return list;
    };
    std::string out = "| platform | login name | phone number | email | also by | messages | afterwards |\n"
                      "| --- | --- | --- | --- | --- | --- | --- |\n";
    hana::for_each(table, [&](auto const& row) {
        using provider = typename std::remove_cvref_t<decltype(hana::first(row))>::type;
        std::string also;
        hana::for_each(hana::keys(provider::match_support), [&](auto match) {
            using match_t = typename decltype(match)::type;
            if constexpr (!std::is_same_v<match_t, match::login_name> &&
                          !std::is_same_v<match_t, match::phone_number> && !std::is_same_v<match_t, match::email>)
            {
                std::string how(match_t::name);
                how += " (";
                how += to_string(lookup_kind_of<provider, match_t>());
                how += ')';
                add(also, how);
            }
        });
        auto const capabilities = names(hana::to_tuple(provider::capabilities));
        auto const cell = [&out](std::string_view text) {
            out += ' ';
            out += text.empty() ? "-" : text;
            out += " |";
        };
        out += '|';
        cell(provider::title);
        cell(to_string(lookup_kind_of<provider, match::login_name>()));
        cell(to_string(lookup_kind_of<provider, match::phone_number>()));
        cell(to_string(lookup_kind_of<provider, match::email>()));
        cell(also);
        cell(names(provider::messages));
        cell(capabilities);
        out += '\n';
    });
    return out;
}

} // namespace tidings::inline v0

#endif
