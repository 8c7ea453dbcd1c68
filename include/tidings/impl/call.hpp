// The budget of one call, and the log of its attempts.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_CALL_HPP
#define TIDINGS_IMPL_CALL_HPP

#include <tidings/detail/failure.hpp>
#include <tidings/impl/failure_context.hpp>
#include <tidings/result.hpp>

#include <chrono>
#include <cstddef>

namespace tidings::inline v0::detail {

/// The results of an operation's attempts. After a success, it decides how refusals in that answer are to be
/// understood.
class attempt_log
{
public:
    attempt_log() noexcept = default;

    bool failed() const noexcept { return last_.code().failed(); }

    /// Another attempt failed. If time ran out or the caller cancelled, the error before that is the cause.
    void add(failure const& f);

    /// Whether one of them may have been accepted.
    bool may_have_arrived() const noexcept { return unknown_.code().failed(); }

    /// It goes on at once, and this is what would have to be told if that came to nothing.
    void record_retry(failure const& f) { last_ = f; }

    /// What the last one came to.
    failure const& last() const noexcept { return last_; }

    /// What that means after those before it: a message that may have arrived once stays so, unless what was said later
    /// of the same request is true of it at any time.
    failure final_failure() const { return stays_unknown(last_) ? unknown_then(last_, last_.attempts()) : last_; }

    /// The operation has succeeded, and the next of the procedure begins. That an earlier attempt may have been
    /// accepted, too, stays true.
    void succeeded() { last_ = {}; }

    /// The same for a person whom an answer that succeeded refuses.
    ///
    /// @param where  Of the refusal, which knows nothing of the attempts.
    failure final_failure(failure const& refused, failure_context const& where) const
    {
        return stays_unknown(refused) ? unknown_then(refused, where.attempts()) : where(refused);
    }

private:
    /// Whether an earlier attempt may have been accepted, whatever was answered to a later one.
    bool stays_unknown(failure const& later) const noexcept
    {
        return unknown_.code().failed() && later != errc::outcome_unknown && !always_refused(later);
    }

    failure unknown_then(failure const& later, unsigned attempts) const;

    /// The platform says that such a message cannot be. That there is no such person is not true at any time: an id may
    /// have been changed between two attempts.
    static bool always_refused(failure const& f) noexcept;

    failure last_;
    failure unknown_;
};

/// One call: all its operations share the deadline and the number of repetitions.
class call
{
public:
    using time_point = std::chrono::steady_clock::time_point;
    using duration = std::chrono::steady_clock::duration;

    explicit call(time_point until) noexcept : deadline(until) {}
    call(call const&) = delete;
    call& operator=(call const&) = delete;

    /// Whether the directory is given a person who was found.
    bool remembers() noexcept { return !max_remembered || (*max_remembered != 0 && (*max_remembered)-- != 0); }

    time_point deadline;
    /// How much longer than the deadline a request may wait for its turn. More than zero: that wait is not the call's
    /// time, and the deadline is later by as much.
    duration queue_timeout = duration::zero();
    unsigned requests = 0;                 ///< Made so far, those for a token apart.
    unsigned repetitions = 0;              ///< Made so far, of whatever request.
    duration last_wait = duration::zero(); ///< Before the last repetition.
    bool committed = false;                ///< A request that delivers something was begun to be written.
    std::size_t* max_remembered = nullptr; ///< How many more people the directory is given. Null: no limit.
    bool from_memory = false;              ///< The person found last was remembered: a link of a chain.
    std::size_t connections = 1;           ///< Needed at once as soon as there is a token.
    attempt_log log;                       ///< Of the procedure under way.
};

} // namespace tidings::inline v0::detail

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/impl/call.ipp>
#endif

#endif
