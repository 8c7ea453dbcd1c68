// An address whose match strategy, or chain of match strategies, is chosen when the program runs.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_ANY_MATCH_HPP
#define TIDINGS_IMPL_ANY_MATCH_HPP

#include <tidings/capabilities.hpp>
#include <tidings/detail/enumerate.hpp>
#include <tidings/error.hpp>
#include <tidings/result.hpp>

#include <boost/hana/keys.hpp>
#include <boost/hana/unpack.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace tidings::inline v0::detail {

/// What people call a match strategy.
template<class M>
constexpr std::string_view match_title() noexcept
{
    if constexpr (requires { M::title; })
        return M::title;
    else if constexpr (requires { M::name; })
        return M::name;
    else
        return "recipient";
}

/// One address of one of the kinds that a platform has, or a chain of them: the same text as each link, or a person with
/// a text for each kind. All notifiers of a platform that are made at run time have this match strategy, so that the flow
/// is compiled once for a platform and not once for each of its match strategies.
///
/// @tparam Origin     What the caller wrote: `any_address`.
/// @tparam Recipient  The platform's: a recipient is an address for which nothing is looked up.
/// @tparam Links      The match strategies of the platform.
template<class Origin, class Recipient, class... Links>
class any_match
{
public:
    static constexpr std::string_view name = "address";

    using link_type = std::variant<Recipient, Links...>;

    any_match(Origin from, Recipient to) : origin_(std::move(from)) { links_.emplace_back(std::move(to), true); }

    /// @param kinds  Indexes into `Links`, at least one.
    any_match(Origin from, std::span<std::size_t const> kinds, std::string_view text) : origin_(std::move(from))
    {
        links_.reserve(kinds.size());
        for (auto const kind : kinds)
            links_.emplace_back(make_link(kind, text), true);
    }

    /// @param kinds   Indexes into `Links`, at least one.
    /// @param person  `person.find(Link::name)` is the text of a kind; empty when there is none.
    template<class Person>
        requires requires(Person const& p, std::string_view kind) { p.find(kind).empty(); }
    any_match(Origin from, std::span<std::size_t const> kinds, Person const& person) : origin_(std::move(from))
    {
        static constexpr std::string_view names[] = {Links::name...};
        links_.reserve(kinds.size());
        for (auto const kind : kinds)
        {
            std::string_view const text = person.find(names[kind]);
            links_.emplace_back(make_link(kind, text), !text.empty());
        }
    }

    Origin const& origin() const noexcept { return origin_; }
    /// What the caller wrote for one kind of address.
    std::string_view written_for(std::string_view kind) const noexcept
    {
        if (auto const* const person = origin_.person())
            if (auto const text = person->find(kind); !text.empty())
                return text;
        return origin_.view();
    }

    std::size_t size() const noexcept { return links_.size(); }
    /// Whether this is an address as a static match strategy is one; else it is a chain.
    bool is_single() const noexcept { return links_.size() == 1; }
    /// The first link, if it is one of this kind.
    template<class Link>
    Link const* get_if() const noexcept
    {
        return std::get_if<Link>(&links_.front().value);
    }

    /// Whether the person has an address of the link's kind.
    bool is_given(std::size_t i) const noexcept { return links_[i].given; }

    /// Calls `f` with a link, also one that was not given.
    template<class F>
    decltype(auto) visit_link(std::size_t i, F&& f) const
    {
        return std::visit(std::forward<F>(f), links_[i].value);
    }
    template<class F>
    decltype(auto) visit(F&& f) const
    {
        return visit_link(0, std::forward<F>(f));
    }
    /// Calls `f` with each link that was given.
    template<class F>
    void for_each(F&& f) const
    {
        for (auto const& link : links_)
            if (link.given)
                std::visit(f, link.value);
    }

    /// The address in the form in which its match strategy uses it. A chain has no such form: it is the address as it
    /// was given, since what is one phone number may be two email addresses.
    std::string_view view() const noexcept
    {
        if (!is_single())
            return origin_.view();
        return visit([](auto const& link) -> std::string_view {
            if constexpr (requires { link.view(); })
                return link.view();
            else
                return link.id();
        });
    }

    /// As `match::first_of::check`; also names the kinds of which the person has no address.
    result<void> check() const
    {
        bool usable = false;
        std::string reasons;
        for_each([&](auto const& link) {
            result<void> const valid = link.check();
            usable = usable || valid.has_value();
            if (!valid)
                reasons += (reasons.empty() ? "" : "; ") + valid.error().facts()->detail;
        });
        if (usable)
            return {};
        std::vector<std::string_view> missing;
        for (auto const& link : links_)
            if (!link.given)
                missing.push_back(std::visit([]<class Link>(Link const&) { return match_title<Link>(); }, link.value));
        if (!missing.empty())
        {
            reasons += reasons.empty() ? "the person has " : "; the person has ";
            reasons += enumerate(missing, [](std::string_view title) { return "no " + std::string(title); });
        }
        return make_failure(errc::invalid_recipient, reasons);
    }

private:
    struct chain_link
    {
        chain_link(link_type v, bool g) : value(std::move(v)), given(g) {}

        link_type value;
        bool given; ///< False: the value is an empty address of the kind, which is not used.
    };

    static link_type make_link(std::size_t kind, std::string_view text)
    {
        using maker = link_type (*)(std::string_view);
        static constexpr maker makers[] = {+[](std::string_view t) { return link_type(Links(t)); }...};
        return makers[kind](text);
    }

    Origin origin_;
    std::vector<chain_link> links_;
};

template<class M>
inline constexpr bool is_any_match = false;
template<class Origin, class Recipient, class... Links>
inline constexpr bool is_any_match<any_match<Origin, Recipient, Links...>> = true;

/// The links of a list that `hana::keys` returned.
template<class Origin, class Recipient>
struct any_match_of
{
    template<class... Links>
    struct apply
    {
        using match = any_match<Origin, Recipient, Links...>;
    };
};

/// The `any_match` of a platform.
template<class Origin, class Provider>
using any_match_for = typename decltype(boost::hana::unpack(
    boost::hana::keys(Provider::match_support),
    boost::hana::template_<any_match_of<Origin, typename Provider::recipient>::template apply>))::type::match;

} // namespace tidings::inline v0::detail

#endif
