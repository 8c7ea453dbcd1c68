// Makes failures, and changes the facts of one.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_FAILURE_HPP
#define TIDINGS_DETAIL_FAILURE_HPP

#include <tidings/detail/config.hpp>
#include <tidings/error.hpp>

#include <string>
#include <utility>

namespace tidings::inline v0 {

namespace detail {

/// The facts of a failure that is being made: `auto facts = new_facts(); facts->detail = …; return {errc, facts};`
TIDINGS_COLD inline boost::intrusive_ptr<diagnostics> new_facts()
{
    return boost::intrusive_ptr<diagnostics>(new diagnostics);
}

/// A look-up that names more than one person. A message must not go to one of them by chance.
TIDINGS_COLD inline failure several_people()
{
    return make_failure(errc::ambiguous_recipient, "the platform names several people for one address");
}

/// The same failure with facts that only its caller knows. Copies the facts: others may share them.
template<class Change>
TIDINGS_COLD failure amend(failure const& f, Change&& change)
{
    auto facts = new_facts();
    if (auto const* old = f.facts())
        *facts = *old;
    change(*facts);
    return {static_cast<errc>(f.code().value()), std::move(facts)};
}

/// Whether the only reason is the caller's deadline or cancellation.
inline bool is_given_up(failure const& f) noexcept
{
    return f == errc::cancelled || f == errc::timed_out;
}

/// The same failure, with the error before it as its cause.
TIDINGS_DECL failure because_of(failure const& f, failure const& before);

/// The remedy of an unknown outcome where no key makes it safe to send again.
inline constexpr tidings::detail::stored_remedy look_before_sending_again{
    "Look whether the message has arrived before you send it again: this platform knows no idempotency key here, and "
    "it may then be there twice.",
    "重新发送前请先确认消息是否已送达：此处平台没有幂等键，重发可能造成重复。"};

} // namespace detail

} // namespace tidings::inline v0

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/detail/impl/failure.ipp>
#endif

#endif
