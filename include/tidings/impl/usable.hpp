// What a platform can do, and compile errors that say what to use instead.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_USABLE_HPP
#define TIDINGS_IMPL_USABLE_HPP

#include <tidings/capabilities.hpp>
#include <tidings/impl/any_match.hpp>
#include <tidings/impl/chain.hpp>

#include <boost/hana/unpack.hpp>

#include <concepts>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace tidings::inline v0::detail {

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
inline constexpr bool resolves_by_itself = lookup_kind_of<P, M>() == lookup_kind::direct;

/// The platform can tell that this kind of address leads to nobody, so that another link of a chain may follow.
template<class P, class M>
inline constexpr bool tells_not_found = looks_up<P, M> || finds_by_scan<P, M>;

/// The provider can divide this kind of message when it is too long.
template<class P, class Message>
concept divides = requires(Message const& what, language_tag const& lang) {
    what.when_long();
    { P::split(what, lang) } -> std::same_as<std::vector<std::string>>;
};

template<class Provider, class Message, class Alternatives>
constexpr bool check_message()
{
    static_assert(supports_message<Provider, Message>(),
                  "tidings: this platform cannot send this kind of message; it can send what use_one_of<> lists");
    return true;
}

template<class Provider, class Message>
constexpr bool check_sendable()
{
    using list = std::remove_cvref_t<decltype(Provider::messages)>;
    return check_message<Provider, Message, typename alternatives_of<list>::type>();
}

template<class Provider, class Match, class Addressing, class Alternatives>
constexpr bool check_match()
{
    constexpr auto how = lookup_kind_of<Provider, Match>();
    static_assert(how != lookup_kind::none, "tidings: this platform cannot find people by this; use one of the match "
                                            "strategies that use_one_of<> lists");
    static_assert(how != lookup_kind::scan || Addressing::scans,
                  "tidings: this platform has no look-up for this kind of address. Add addressing::directory_scan, "
                  "which reads the whole directory once and remembers it, or use one of the match strategies that "
                  "use_one_of<> lists");
    static_assert(!Addressing::prefers_direct || how == lookup_kind::direct || how == lookup_kind::either,
                  "tidings: this platform cannot write to this kind of address directly; leave addressing::direct out, "
                  "so that the person is looked up");
    return true;
}

template<class Provider, class Match, class Addressing>
struct check_usable
{
    static constexpr bool check()
    {
        using list = std::remove_cvref_t<decltype(found_without_scan<Provider>())>;
        return check_match<Provider, Match, Addressing, typename alternatives_of<list>::type>();
    }
};
template<class Provider, class... Links, class Addressing>
struct check_usable<Provider, match::first_of<Links...>, Addressing>
{
    static constexpr bool check()
    {
        static_assert(tries_next_link(),
                      "tidings: a chain goes on to the next link when a link leads to nobody; of one link "
                      "before the last, such as a chat id, this platform cannot tell. Make it the last "
                      "link");
        return (check_usable<Provider, Links, Addressing>::check() && ...);
    }

private:
    /// Whether the platform can tell of each link but the last that it leads to nobody.
    static constexpr bool tries_next_link()
    {
        constexpr bool tells[] = {tells_not_found<Provider, Links>...};
        for (std::size_t i = 0; i + 1 < sizeof...(Links); ++i)
            if (!tells[i])
                return false;
        return true;
    }
};

/// A kind of address that is chosen at run time is checked at run time.
template<class Provider, class Origin, class... Links, class Addressing>
struct check_usable<Provider, any_match<Origin, Links...>, Addressing>
{
    static constexpr bool check() { return true; }
};

/// Whether a platform can spread a message; says in a compile error what to do where it cannot.
template<class Provider>
constexpr bool has_batch()
{
    static_assert(supports_batch<Provider>, "tidings: this platform has no call that spreads a message; leave "
                                            "native_batch_options out: send_each sends to as many at a time as it can");
    return true;
}

/// Whether a platform can spread a message to people who are known by this; says in a compile error why not.
template<class Provider, class Match, class Addressing>
struct check_batch
{
    static constexpr bool check()
    {
        has_batch<Provider>();
        if constexpr (supports_batch<Provider>)
        {
            static_assert(lookup_kind_of<Provider, Match>() != lookup_kind::direct ||
                              addresses_directly<typename Provider::batch, Match>,
                          "tidings: a batch goes to people and not to chats; leave native_batch_options out");
            static_assert(!Addressing::prefers_direct || !addresses_directly<Provider, Match> ||
                              addresses_directly<typename Provider::batch, Match>,
                          "tidings: a batch names people by their ids; leave addressing::direct out, so that the "
                          "person is looked up");
        }
        return true;
    }
};
template<class Provider, class... Links, class Addressing>
struct check_batch<Provider, match::first_of<Links...>, Addressing>
{
    static constexpr bool check() { return (check_batch<Provider, Links, Addressing>::check() && ...); }
};

/// Whether a notifier of these can be; says in a compile error why not.
template<class Provider, class Match, class Addressing>
constexpr bool usable()
{
    return check_usable<Provider, Match, Addressing>::check();
}

} // namespace tidings::inline v0::detail

#endif
