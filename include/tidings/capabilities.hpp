// What each platform can do, in one table: compile errors, documentation and programs are made from it.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_CAPABILITIES_HPP
#define TIDINGS_CAPABILITIES_HPP

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

namespace tidings {

/// How a platform reaches people by one kind of address.
enum class reach
{
    /// Not at all.
    none,
    /// The address is used as it is.
    direct,
    /// The person is looked up first.
    look_up,
    /// Looked up, or used as it is with `addressing::direct`.
    either,
    /// Only with `addressing::directory_scan`.
    scan
};

constexpr std::string_view to_string(reach r) noexcept
{
    switch (r)
    {
    case reach::none: return "none";
    case reach::direct: return "direct";
    case reach::look_up: return "look-up";
    case reach::either: return "look-up or direct";
    case reach::scan: return "directory scan";
    }
    return "unknown";
}

template<reach R>
using reach_constant = std::integral_constant<reach, R>;
/// `finds<match::email, reach::look_up>`: a row of a provider's `reaches`.
template<class Match, reach R>
inline constexpr auto finds = boost::hana::make_pair(boost::hana::type_c<Match>, reach_constant<R>{});

/// What can be done with a message after it was sent.
namespace verb {
struct recall
{
    static constexpr std::string_view name = "recall";
};
struct read_by
{
    static constexpr std::string_view name = "read_by";
};
} // namespace verb

/// How `Provider` reaches people by `Match`; from its table `Provider::reaches`.
template<class Provider, class Match>
constexpr reach reach_of() noexcept
{
    using found = decltype(boost::hana::find(Provider::reaches, boost::hana::type_c<Match>));
    if constexpr (decltype(boost::hana::is_just(std::declval<found>()))::value)
        return std::remove_cvref_t<decltype(std::declval<found>().value())>::value;
    else
        return reach::none;
}

/// Whether `Provider` sends messages of this kind; from its table `Provider::messages`.
template<class Provider, class Message>
constexpr bool says_it() noexcept
{
    return decltype(boost::hana::contains(Provider::messages, boost::hana::type_c<Message>))::value;
}

/// Whether `Provider` can do this with a message that was sent; from its table `Provider::verbs`.
template<class Provider, class Verb>
constexpr bool can() noexcept
{
    return decltype(boost::hana::contains(Provider::verbs, boost::hana::type_c<Verb>))::value;
}

namespace detail {
/// The match strategies of a provider that need no `addressing::directory_scan`.
template<class Provider>
constexpr auto found_without_scan()
{
    return boost::hana::filter(boost::hana::keys(Provider::reaches), [](auto match) {
        return boost::hana::bool_c < reach_of<Provider, typename decltype(match)::type>() != reach::scan > ;
    });
}
} // namespace detail

} // namespace tidings

#endif
