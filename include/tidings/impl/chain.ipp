// What the links of a chain said.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_CHAIN_IPP
#define TIDINGS_IMPL_CHAIN_IPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/impl/any_match.hpp>
#include <tidings/impl/chain.hpp>
#include <tidings/impl/failure_context.hpp>
#include <tidings/match/first_of.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace tidings::inline v0::detail {

TIDINGS_COLD TIDINGS_DECL bool tries_next_link(failure const& f) noexcept
{
    return f == errc::recipient_not_found || f == errc::ambiguous_recipient || f == errc::recipient_unreachable ||
           f == errc::permission_missing || f == errc::invalid_recipient || f == errc::invalid_argument;
}

TIDINGS_COLD TIDINGS_DECL void chain_report::add(std::string_view link, failure const& why, std::string_view in_short)
{
    std::string line(link);
    line += ": ";
    if (!in_short.empty())
        line += in_short;
    else
    {
        line += why.code().message();
        if (auto const* const facts = why.facts(); facts && !facts->detail.empty())
            line += ", " + facts->detail;
        if (!why.platform_code().empty())
            (line += ", the platform says ") += why.platform_code();
    }
    lines_.push_back(std::move(line));
    // The most important failure represents all: a missing permission before a person who does not exist.
    if (in_short.empty() && (!worst_.code() || rank(why) > rank(worst_)))
        worst_ = why;
}

TIDINGS_COLD TIDINGS_DECL failure chain_report::result(failure_context const& where) const
{
    return amend(worst_, [&](diagnostics& facts) {
        auto const asked = facts.operation;
        where.write_to(facts);
        if (!asked.empty())
            facts.operation = asked;
        facts.links = lines_;
        facts.detail = "no link of the chain found a person: ";
        for (auto const& line : lines_)
            (facts.detail += &line == &lines_.front() ? "" : "; ") += line;
    });
}

TIDINGS_COLD TIDINGS_DECL failure chain_report::in_view_of_links(failure const& f) const
{
    return worst_.code() && !f.cause() ? because_of(f, worst_) : f;
}

TIDINGS_COLD TIDINGS_DECL int chain_report::rank(failure const& f) noexcept
{
    return f == errc::permission_missing      ? 4
           : f == errc::recipient_unreachable ? 3
           : f == errc::ambiguous_recipient   ? 2
           : f == errc::recipient_not_found   ? 1
                                              : 0;
}

} // namespace tidings::inline v0::detail

#endif
