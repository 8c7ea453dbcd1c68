// An address whose match strategy, or chain of match strategies, is chosen when the program runs.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_ANY_MATCH_HPP
#define TIDINGS_IMPL_ANY_MATCH_HPP

#include <tidings/capabilities.hpp>
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

/// One address of one of the kinds that a platform has, or the same text as each link of a chain. All notifiers of a
/// platform that are made at run time have this match strategy, so that the flow is compiled once for a platform and not
/// once for each of its match strategies.
///
/// @tparam Origin     What the caller wrote.
/// @tparam Recipient  The platform's: a recipient is an address for which nothing is looked up.
/// @tparam Links      The match strategies of the platform.
template<class Origin, class Recipient, class... Links>
class any_match
{
public:
    static constexpr std::string_view name = "address";

    using link_type = std::variant<Recipient, Links...>;

    any_match(Origin from, Recipient to) : origin_(std::move(from)) { links_.emplace_back(std::move(to)); }

    /// @param kinds  Indexes into `Links`, at least one.
    any_match(Origin from, std::span<std::size_t const> kinds, std::string_view text) : origin_(std::move(from))
    {
        using maker = link_type (*)(std::string_view);
        static constexpr maker makers[] = {+[](std::string_view t) { return link_type(Links(t)); }...};
        links_.reserve(kinds.size());
        for (auto const kind : kinds)
            links_.push_back(makers[kind](text));
    }

    Origin const& origin() const noexcept { return origin_; }

    std::size_t size() const noexcept { return links_.size(); }
    /// Whether this is an address as a static match strategy is one; else it is a chain.
    bool is_single() const noexcept { return links_.size() == 1; }
    /// The first link, if it is one of this kind.
    template<class Link>
    Link const* get_if() const noexcept
    {
        return std::get_if<Link>(&links_.front());
    }

    /// Calls `f` with a link.
    template<class F>
    decltype(auto) visit_link(std::size_t i, F&& f) const
    {
        return std::visit(std::forward<F>(f), links_[i]);
    }
    template<class F>
    decltype(auto) visit(F&& f) const
    {
        return visit_link(0, std::forward<F>(f));
    }
    template<class F>
    void for_each(F&& f) const
    {
        for (auto const& link : links_)
            std::visit(f, link);
    }

    /// The address in the form in which its match strategy uses it. A chain has no such form: it is the text as it was
    /// given, since what is one phone number may be two email addresses.
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

    /// As `match::first_of::check`.
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
        return make_failure(errc::invalid_recipient, reasons);
    }

private:
    Origin origin_;
    std::vector<link_type> links_;
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
