// What the links of a chain said.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_CHAIN_HPP
#define TIDINGS_IMPL_CHAIN_HPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/impl/any_match.hpp>
#include <tidings/impl/failure_context.hpp>
#include <tidings/match/first_of.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0::detail {

template<class M>
inline constexpr bool is_chain = false;
template<class... Links>
inline constexpr bool is_chain<match::first_of<Links...>> = true;

template<class... Links>
constexpr std::size_t chain_length(match::first_of<Links...> const&) noexcept
{
    return sizeof...(Links);
}
template<class Chain>
    requires is_any_match<Chain>
std::size_t chain_length(Chain const& chain) noexcept
{
    return chain.size();
}

/// Calls `f` with a pointer to one link of a chain: null when the link was not given.
template<class... Links, class F>
auto visit_link(match::first_of<Links...> const& chain, std::size_t at, F f)
{
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
        using chain_t = match::first_of<Links...>;
        using visitor_t = decltype(f(chain.template link<0>())) (*)(chain_t const&, F&);
        static constexpr visitor_t visitors[] = {+[](chain_t const& c, F& g) { return g(c.template link<I>()); }...};
        return visitors[at](chain, f);
    }(std::index_sequence_for<Links...>());
}
template<class Chain, class F>
    requires is_any_match<Chain>
auto visit_link(Chain const& chain, std::size_t at, F f)
{
    bool const given = chain.is_given(at);
    return chain.visit_link(at, [&f, given](auto const& link) { return f(given ? &link : nullptr); });
}

/// An address as one of a kind that it is known to be.
template<class Link, class M>
Link const& link_as(M const& who) noexcept
{
    if constexpr (is_any_match<M>)
        return *who.template get_if<Link>();
    else
        return who;
}

/// Whether the next link of a chain may succeed: the failure concerns this kind of look-up, not the platform or the
/// connection to it.
TIDINGS_DECL bool tries_next_link(failure const& f) noexcept;

/// Collects why each link found nobody.
class chain_report
{
public:
    void add(std::string_view link, failure const& why, std::string_view in_short = {});

    /// The failure of the whole chain.
    ///
    /// @param where  The look-up by the whole chain.
    failure result(failure_context const& where) const;

    /// A failure of a call that was given up while the next link was asked: the links before it are the cause.
    failure in_view_of_links(failure const& f) const;

private:
    static int rank(failure const& f) noexcept;

    failure worst_;
    std::vector<std::string> lines_;
};

} // namespace tidings::inline v0::detail

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/impl/chain.ipp>
#endif

#endif
