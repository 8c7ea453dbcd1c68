// The requests by which a platform shows whether messages would be delivered.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_WIRE_DIAGNOSTIC_HPP
#define TIDINGS_WIRE_DIAGNOSTIC_HPP

#include <tidings/diagnosis.hpp>
#include <tidings/wire/operation.hpp>

#include <string_view>

namespace tidings::inline v0::wire {

/// The findings that several platforms have.
namespace findings {
inline constexpr tidings::detail::stored_remedy availability_unknown{
    "the platform does not say to whom the application may write", "平台不提供应用可向哪些人发送"};
inline constexpr tidings::detail::stored_remedy quota_unknown{
    "the platform does not say how much of the monthly quota is left", "平台不提供本月剩余额度"};
} // namespace findings

/// Requests that send nothing to people, and what their answers show. Unlike a `procedure` it goes on after a failure.
///
/// The access token is fetched before, and people are looked up afterwards.
class diagnostic
{
public:
    /// The next request, which stays valid until its outcome was recorded; null after the last.
    virtual operation* next() = 0;

    /// What the outcome of the request that `next` returned shows.
    virtual void record(result<void> const& outcome, diagnosis& out) = 0;

    /// The check that a failure of this platform is about.
    virtual std::string_view concerned(failure const& f) const { return check::concerned_by(f.kind()); }

    /// The outcome of looking up a person by any kind of address.
    virtual void record_lookup(result<void> const&, diagnosis&) {}

    /// Adds what the platform cannot tell.
    virtual void finish(diagnosis& out) = 0;

    /// Adds a failure to the check that it concerns.
    ///
    /// @returns Whether there is such a check.
    bool fail(failure const& why, diagnosis& out) const;

    /// As above. After a failure that concerns no check, `otherwise` is unknown: the platform refused to say it.
    void fail(failure const& why, diagnosis& out, std::string_view otherwise) const;

protected:
    diagnostic() noexcept = default;
    ~diagnostic() = default;
};

} // namespace tidings::inline v0::wire

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/wire/impl/diagnostic.ipp>
#endif

#endif
