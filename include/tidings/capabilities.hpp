// The capabilities of each platform in one table: compile errors, documentation and programs are made from it.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_CAPABILITIES_HPP
#define TIDINGS_CAPABILITIES_HPP

#include <tidings/lookup_kind.hpp>

#include <boost/hana/at_key.hpp>
#include <boost/hana/bool.hpp>
#include <boost/hana/contains.hpp>
#include <boost/hana/filter.hpp>
#include <boost/hana/find.hpp>
#include <boost/hana/integral_constant.hpp>
#include <boost/hana/keys.hpp>
#include <boost/hana/map.hpp>
#include <boost/hana/optional.hpp>
#include <boost/hana/pair.hpp>
#include <boost/hana/set.hpp>
#include <boost/hana/tuple.hpp>
#include <boost/hana/type.hpp>

#include <string_view>
#include <type_traits>

namespace tidings::inline v0 {

template<lookup_kind R>
using lookup_kind_constant = std::integral_constant<lookup_kind, R>;
/// `supports_match<match::email, lookup_kind::look_up>`: a row of a provider's `match_support`.
template<class Match, lookup_kind R>
inline constexpr auto supports_match = boost::hana::make_pair(boost::hana::type_c<Match>, lookup_kind_constant<R>{});

/// Operations on a message that was sent.
namespace capability {
/// Takes a message back.
struct recall
{
    static constexpr std::string_view name = "recall";
};
/// Lists the people who have read a message.
struct readers
{
    static constexpr std::string_view name = "readers";
};
} // namespace capability

/// How `Provider` finds people by `Match`; from its table `Provider::match_support`.
template<class Provider, class Match>
constexpr lookup_kind lookup_kind_of() noexcept
{
    using found = decltype(boost::hana::find(Provider::match_support, boost::hana::type_c<Match>));
    if constexpr (decltype(boost::hana::is_just(std::declval<found>()))::value)
        return std::remove_cvref_t<decltype(std::declval<found>().value())>::value;
    else
        return lookup_kind::none;
}

/// Whether `Provider` sends messages of this kind; from its table `Provider::messages`.
template<class Provider, class Message>
constexpr bool supports_message() noexcept
{
    return decltype(boost::hana::contains(Provider::messages, boost::hana::type_c<Message>))::value;
}

/// Whether `Provider` supports this operation on a sent message; from its table `Provider::capabilities`.
template<class Provider, class Verb>
constexpr bool supports() noexcept
{
    return decltype(boost::hana::contains(Provider::capabilities, boost::hana::type_c<Verb>))::value;
}

namespace detail {
/// The match strategies of a provider that need no `addressing::directory_scan`.
template<class Provider>
constexpr auto found_without_scan()
{
    return boost::hana::filter(boost::hana::keys(Provider::match_support), [](auto match) {
        return boost::hana::bool_c < lookup_kind_of<Provider, typename decltype(match)::type>() != lookup_kind::scan > ;
    });
}
} // namespace detail

} // namespace tidings::inline v0

#endif
