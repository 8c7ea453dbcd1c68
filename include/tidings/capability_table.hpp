// The platforms of the library and their capabilities.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_CAPABILITY_TABLE_HPP
#define TIDINGS_CAPABILITY_TABLE_HPP

#include <tidings/capabilities.hpp>
#include <tidings/impl/usable.hpp>
#include <tidings/platform_capabilities.hpp>
#include <tidings/provider/dingtalk.hpp>
#include <tidings/provider/dingtalk_work.hpp>
#include <tidings/provider/feishu.hpp>
#include <tidings/provider/lark.hpp>
#include <tidings/provider/wecom.hpp>

#include <boost/hana/for_each.hpp>
#include <boost/hana/keys.hpp>

#include <string>
#include <vector>

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

namespace detail {
template<class Provider>
platform_capabilities describe_platform()
{
    namespace hana = boost::hana;
    platform_capabilities out;
    out.name = Provider::name;
    out.title = Provider::title;
    hana::for_each(hana::keys(Provider::match_support), [&out](auto match) {
        using match_t = typename decltype(match)::type;
        out.matches.emplace_back(match_t::name, lookup_kind_of<Provider, match_t>(),
                                 tells_not_found<Provider, match_t>);
    });
    hana::for_each(Provider::messages, [&out](auto message) { out.messages.push_back(decltype(message)::type::name); });
    hana::for_each(hana::to_tuple(Provider::capabilities),
                   [&out](auto capability) { out.capabilities.push_back(decltype(capability)::type::name); });
    if constexpr (requires { Provider::has_idempotency_keys; }) // else it has none
        out.idempotency_keys = Provider::has_idempotency_keys;
    return out;
}
} // namespace detail

/// A table for programs that choose a platform when they run: a row for each platform.
template<class Table>
std::vector<platform_capabilities> describe(Table const& table)
{
    std::vector<platform_capabilities> out;
    boost::hana::for_each(boost::hana::keys(table), [&out](auto provider) {
        out.push_back(detail::describe_platform<typename decltype(provider)::type>());
    });
    return out;
}

/// A table as Markdown, for documentation and for programs: a line for each platform.
template<class Table>
std::string to_markdown(Table const& table)
{
    return to_markdown(describe(table));
}

} // namespace tidings::inline v0

#endif
