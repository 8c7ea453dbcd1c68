// People known in more than one way.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_MATCH_FIRST_OF_HPP
#define TIDINGS_MATCH_FIRST_OF_HPP

#include <tidings/concepts.hpp>
#include <tidings/detail/address.hpp>
#include <tidings/detail/failure.hpp>

#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace tidings::inline v0::match {

/// A chain of match strategies: the person that the first successful link finds. If a link's address is not valid, or
/// finds no one, the next link is tried; if no link finds a person, the failure has the reason of each link.
///
/// @tparam Links  Match strategies, at least two, the preferred one first.
template<match_strategy... Links>
class first_of
{
    static_assert(sizeof...(Links) >= 2, "tidings: a chain has at least two links");

public:
    static constexpr std::string_view name = "chain";
    static constexpr std::size_t size = sizeof...(Links);
    template<std::size_t I>
    using link_type = std::tuple_element_t<I, std::tuple<Links...>>;

    /// One text that each link tries to understand: `"ada@example.com"`, `"+6591234567"`.
    first_of(std::string_view text) : links_(std::optional<Links>(std::in_place, text)...), text_(text) {}
    first_of(std::string const& text) : first_of(std::string_view(text)) {}
    first_of(char const* text) : first_of(std::string_view(text)) {}

    /// One address for each link; `std::nullopt` where none is known.
    first_of(std::optional<Links>... addresses) : links_(std::move(addresses)...)
    {
        for_each([this](auto const& address) {
            if (text_.empty())
                text_ = address.view();
        });
    }

    /// The first address there is.
    std::string_view view() const noexcept { return text_; }

    /// The I-th link, null when it was not given.
    template<std::size_t I>
    link_type<I> const* link() const noexcept
    {
        auto const& address = std::get<I>(links_);
        return address ? &*address : nullptr;
    }

    /// Calls `f` with each address that was given.
    template<class F>
    void for_each(F&& f) const
    {
        std::apply([&f](auto const&... address) { ((address ? f(*address) : void()), ...); }, links_);
    }

    /// Success if at least one link has a valid address; otherwise `errc::invalid_recipient` with the reason of each
    /// link.
    result<void> check() const
    {
        bool usable = false;
        std::string problems;
        for_each([&](auto const& address) {
            auto const valid = address.check();
            usable = usable || valid.has_value();
            if (!valid)
                problems += (problems.empty() ? "" : "; ") + valid.error().facts()->detail;
        });
        if (usable)
            return {};
        return make_failure(errc::invalid_recipient,
                            problems.empty() ? "no link of the chain has an address" : problems);
    }

private:
    std::tuple<std::optional<Links>...> links_;
    std::string text_;
};

} // namespace tidings::inline v0::match

#endif
