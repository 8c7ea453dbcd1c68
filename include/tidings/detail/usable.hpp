// What a platform can do, and compile errors that say what to use instead.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_USABLE_HPP
#define TIDINGS_DETAIL_USABLE_HPP

#include <tidings/capabilities.hpp>
#include <tidings/detail/chain.hpp>

#include <boost/hana/unpack.hpp>

#include <concepts>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace tidings::detail {

/// In a compile error, the arguments of this are what can be used instead.
template<class... Alternatives>
struct use_one_of
{
};

template<class List>
using alternatives_of = decltype(boost::hana::unpack(std::declval<List>(), boost::hana::template_<use_one_of>));

/// An address of a kind the platform uses as it is, and that somebody owns: a login name. It is looked up only where a
/// chain has to know whether to go on.
template<class P, class M>
inline constexpr bool certain = reach_of<P, M>() == reach::direct;

/// The provider can divide this kind of message when it is too long.
template<class P, class Message>
concept divides = requires(Message const& what, language_tag const& tongue) {
    what.when_long();
    { P::split(what, tongue) } -> std::same_as<std::vector<std::string>>;
};

template<class Provider, class Message, class Alternatives>
constexpr bool says_or_explains()
{
    static_assert(says_it<Provider, Message>(),
                  "tidings: this platform cannot send this kind of message; it can send what use_one_of<> lists");
    return true;
}

template<class Provider, class Message>
constexpr bool says()
{
    using list = std::remove_cvref_t<decltype(Provider::messages)>;
    return says_or_explains<Provider, Message, typename alternatives_of<list>::type>();
}

template<class Provider, class Match, class Addressing, class Alternatives>
constexpr bool finds_or_explains()
{
    constexpr auto how = reach_of<Provider, Match>();
    static_assert(how != reach::none, "tidings: this platform cannot find people by this; use one of the match "
                                      "strategies that use_one_of<> lists");
    static_assert(how != reach::scan || Addressing::scans,
                  "tidings: this platform has no look-up for this kind of address. Add addressing::directory_scan, "
                  "which reads the whole directory once and remembers it, or use one of the match strategies that "
                  "use_one_of<> lists");
    static_assert(!Addressing::prefers_direct || how == reach::direct || how == reach::either,
                  "tidings: this platform cannot write to this kind of address directly; leave addressing::direct out, "
                  "so that the person is looked up");
    return true;
}

template<class Provider, class Match, class Addressing>
struct usable_as
{
    static constexpr bool check()
    {
        using list = std::remove_cvref_t<decltype(found_without_scan<Provider>())>;
        return finds_or_explains<Provider, Match, Addressing, typename alternatives_of<list>::type>();
    }
};
template<class Provider, class... Links, class Addressing>
struct usable_as<Provider, match::first_of<Links...>, Addressing>
{
    static constexpr bool check()
    {
        static_assert(goes_on(), "tidings: a chain goes on to the next link when a link leads to nobody; of one link "
                                 "before the last, such as a chat id, this platform cannot tell. Make it the last "
                                 "link");
        return (usable_as<Provider, Links, Addressing>::check() && ...);
    }

private:
    /// Whether the platform can tell of each link but the last that it leads to nobody.
    static constexpr bool goes_on()
    {
        constexpr bool tells[] = {(looks_up<Provider, Links> || finds_by_scan<Provider, Links>)...};
        for (std::size_t i = 0; i + 1 < sizeof...(Links); ++i)
            if (!tells[i])
                return false;
        return true;
    }
};

/// Whether a platform can spread a message; says in a compile error what to do where it cannot.
template<class Provider>
constexpr bool has_batch()
{
    static_assert(spreads<Provider>, "tidings: this platform has no call that spreads a message; leave "
                                     "batch_options out: send_each sends to as many at a time as it can");
    return true;
}

/// Whether a platform can spread a message to people who are known by this; says in a compile error why not.
template<class Provider, class Match, class Addressing>
struct spread_to
{
    static constexpr bool check()
    {
        has_batch<Provider>();
        if constexpr (spreads<Provider>)
        {
            static_assert(reach_of<Provider, Match>() != reach::direct ||
                              addresses_directly<typename Provider::batch, Match>,
                          "tidings: a batch goes to people and not to chats; leave batch_options out");
            static_assert(!Addressing::prefers_direct || !addresses_directly<Provider, Match> ||
                              addresses_directly<typename Provider::batch, Match>,
                          "tidings: a batch names people by their ids; leave addressing::direct out, so that the "
                          "person is looked up");
        }
        return true;
    }
};
template<class Provider, class... Links, class Addressing>
struct spread_to<Provider, match::first_of<Links...>, Addressing>
{
    static constexpr bool check() { return (spread_to<Provider, Links, Addressing>::check() && ...); }
};

/// Whether a notifier of these can be; says in a compile error why not.
template<class Provider, class Match, class Addressing>
constexpr bool usable()
{
    return usable_as<Provider, Match, Addressing>::check();
}

} // namespace tidings::detail

#endif
