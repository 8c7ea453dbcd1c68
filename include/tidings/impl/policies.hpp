// Chooses a notifier's policies from a list in any order.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_POLICIES_HPP
#define TIDINGS_IMPL_POLICIES_HPP

#include <tidings/concepts.hpp>

#include <boost/hana/at.hpp>
#include <boost/hana/bool.hpp>
#include <boost/hana/contains.hpp>
#include <boost/hana/filter.hpp>
#include <boost/hana/size.hpp>
#include <boost/hana/tuple.hpp>
#include <boost/hana/type.hpp>

#include <tuple>
#include <type_traits>
#include <utility>

namespace tidings::inline v0::detail {

namespace hana = boost::hana;

/// The slots a notifier has.
inline constexpr auto slots =
    hana::tuple_t<addressing_kind, base_url_kind, clock_kind, deadline_kind, directory_kind, language_kind,
                  observer_kind, pacing_kind, retry_kind, token_cache_kind, transport_kind>;

template<class P>
constexpr bool fills_a_slot() noexcept
{
    if constexpr (policy<P>)
        return decltype(hana::contains(slots, hana::type_c<typename P::policy_kind>))::value;
    else
        return false;
}

/// The one of `Ps` that fills the slot `Kind`, or `Default`.
template<class Kind, class Default, class... Ps>
constexpr auto pick() noexcept
{
    if constexpr ((policy<Ps> && ...))
    {
        constexpr auto fits = [](auto p) {
            return hana::bool_c<std::is_same_v<typename decltype(p)::type::policy_kind, Kind>>;
        };
        constexpr auto found = hana::filter(hana::tuple_t<Ps...>, fits);
        constexpr auto count = decltype(hana::size(found))::value;
        static_assert(count <= 1, "tidings: two policies fill the same slot; keep one of them");
        if constexpr (count == 0)
            return hana::type_c<Default>;
        else
            return hana::at_c<0>(found);
    }
    else
        return hana::type_c<Default>; // the notifier says which of them is no policy
}

template<class Kind, class Default, class... Ps>
using pick_t = typename decltype(pick<Kind, Default, Ps...>())::type;

/// The value given for policy `P`, or a default one.
template<class P, class... Given>
P given_or_default(std::tuple<Given...>& given)
{
    if constexpr ((std::is_same_v<P, Given> || ...))
        return std::move(std::get<P>(given));
    else
    {
        static_assert(std::is_default_constructible_v<P>,
                      "tidings: this policy has no default; pass one to the notifier's constructor");
        return P();
    }
}

} // namespace tidings::inline v0::detail

#endif
