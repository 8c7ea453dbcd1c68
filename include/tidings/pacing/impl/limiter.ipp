// Decides which request may call an API of a platform, and when. No I/O, no clock.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PACING_IMPL_LIMITER_IPP
#define TIDINGS_PACING_IMPL_LIMITER_IPP

#include <tidings/detail/ascii.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/pacing/detail/limiter.hpp>
#include <tidings/pacing/detail/rate_log.hpp>
#include <tidings/wire/limits.hpp>
#include <tidings/wire/operation.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0::detail {

TIDINGS_COLD TIDINGS_DECL std::vector<wire::rate> limit_changes::apply(list const& changed, std::string_view api,
                                                                       wire::rates const& published) const
{
    std::vector<wire::rate> all(published.begin(), published.end());
    for (auto const& [where, limit] : changed)
    {
        if (!where.empty() && where != api)
            continue;
        auto const per = limit.per();
        auto const same =
            std::find_if(all.begin(), all.end(), [per](wire::rate const& r) { return r && r.per() == per; });
        if (same != all.end())
            *same = limit;
        else if (!where.empty())
            all.push_back(limit);
    }
    std::vector<wire::rate> out;
    for (auto const& limit : all)
        if (limit)
            out.push_back(scaled(limit));
    return out;
}

TIDINGS_COLD TIDINGS_DECL wire::rate limit_changes::scaled(wire::rate const& whole) const noexcept
{
    return wire::rate(std::max(static_cast<unsigned>(share * whole.max_count()), 1u), whole.per());
}

TIDINGS_DECL void min_rtt::took(duration d) noexcept
{
    min_ = std::min(min_, d);
    known_ = std::min(known_, d);
    if (++count_ == enough)
    {
        known_ = std::exchange(min_, duration::max());
        count_ = 0;
    }
}

/// The period of the longest of some limits.
inline limiter::duration longest(std::vector<wire::rate> const& limits) noexcept
{
    limiter::duration out{0};
    for (auto const& limit : limits)
        out = std::max<limiter::duration>(out, limit.per());
    return out;
}

TIDINGS_COLD TIDINGS_DECL limiter::limiter(wire::api_limits const& limits, limit_changes const& changes)
    : api_(limits.api()), refusal_of_one_(limits.refusal_of_one()), max_waiting_(changes.max_waiting),
      max_people_(changes.max_people), each_(changes.apply(changes.each_person, api_, limits.each_person())),
      knows_people_(!each_.empty() || !refusal_of_one_.empty()), past_(longest(each_))
{
    for (auto const& limit : changes.apply(changes.calls, api_, limits.calls()))
        gauges_.emplace_back(limit, false);
    if (limits.people())
        gauges_.emplace_back(changes.scaled(limits.people()), true);
}

TIDINGS_DECL limiter::ticket limiter::take(wire::operation const& op, time_point now)
{
    gather(op, now);
    bool const may =
        now >= blocked_until_ && !(api_is_full_ && !queue_.empty()) && api_has_room(op.recipient_count(), now) &&
        std::all_of(people_.begin(), people_.end(), [&](person* p) { return p->line.empty() && has_room(*p, now); });
    return may ? admit(people_, op.recipient_count(), now) : ticket();
}

TIDINGS_DECL std::optional<failure> limiter::enqueue(waiter& w, wire::operation const& op, time_point deadline,
                                                     time_point now)
{
    if (queue_.size() >= max_waiting_)
        return make_failure(errc::queue_full, "our own limiter: " + std::to_string(queue_.size()) +
                                                  " requests wait already for " + std::string(api_));
    gather(op, now);
    w.size_ = op.recipient_count();
    w.deadline_ = deadline;
    if (auto const first = find_blocker(people_, w.size_, now); first.until >= deadline)
        return reason(first, now);
    w.places_.clear();
    w.places_.reserve(people_.size());
    // From here on nothing throws.
    w.number_ = ++arrivals_;
    w.behind_ = 0;
    w.state_ = waiter::state::in_line;
    for (auto* const p : people_)
    {
        w.behind_ += p->line.empty() ? 0 : 1;
        p->line.push_back(w.places_.emplace_back(w, *p));
    }
    queue_.push_back(w);
    if (w.behind_ == 0)
        sort(w, now);
    return std::nullopt;
}

TIDINGS_DECL void limiter::remove(waiter& w, time_point now) noexcept
{
    unsort(w);
    for (auto& own : w.places_)
    {
        auto& line = own.in_line_for->line;
        bool const was_first = &line.front() == &own;
        line.erase(line.iterator_to(own));
        if (was_first && !line.empty())
            if (auto& next = *line.front().of; --next.behind_ == 0)
                sort(next, now);
    }
    w.places_.clear();
    queue_.erase(queue_.iterator_to(w));
}

TIDINGS_DECL void limiter::on_reply(wire::operation const& op, ticket t, time_point began, time_point now) noexcept
{
    duration usual{0};
    if (began <= now)
    {
        rtt_.took(now - began);
        usual = rtt_.get();
    }
    gather_those_out(op, t, now);
    for (auto& g : gauges_)
        g.log.on_reply(t.number_, g.weight(op.recipient_count()), counts_from(g.limit, now, usual));
    for (auto* const p : people_)
        for (std::size_t i = 0; i != each_.size(); ++i)
            p->logs[i].on_reply(t.number_, 1, counts_from(each_[i], now, usual));
    sort_first_in_lines(now);
}

TIDINGS_DECL void limiter::release(wire::operation const& op, ticket t, time_point now) noexcept
{
    gather_those_out(op, t, now);
    for (auto& g : gauges_)
        g.log.release(t.number_, g.weight(op.recipient_count()));
    for (auto* const p : people_)
        for (std::size_t i = 0; i != each_.size(); ++i)
            p->logs[i].release(t.number_, 1);
    sort_first_in_lines(now);
}

TIDINGS_COLD TIDINGS_DECL failure limiter::too_late(waiter const& w, time_point now) const
{
    return reason(find_blocker(w.places_, w.size_, now), now);
}

TIDINGS_DECL bool limiter::api_has_room(std::size_t people, time_point now)
{
    return std::all_of(gauges_.begin(), gauges_.end(),
                       [&](gauge& g) { return g.log.has_room(g.limit, g.weight(people), now); });
}

TIDINGS_DECL limiter::time_point limiter::api_room_at(std::size_t people, time_point now, time_point unknown) const
{
    auto out = now;
    for (auto const& g : gauges_)
        out = std::max(out, g.log.room_at(g.limit, g.weight(people), now, unknown));
    return out;
}

TIDINGS_DECL bool limiter::has_room(person& p, time_point now)
{
    if (now < p.blocked_until)
        return false;
    for (std::size_t i = 0; i != each_.size(); ++i)
        if (!p.logs[i].has_room(each_[i], 1, now))
            return false;
    return true;
}

TIDINGS_DECL limiter::time_point limiter::room_at(person const& p, time_point now) const
{
    auto out = std::max(now, p.blocked_until);
    for (std::size_t i = 0; i != each_.size(); ++i)
        out = std::max(out, p.logs[i].room_at(each_[i], 1, now, time_point::max()));
    return out;
}

TIDINGS_DECL limiter::time_point limiter::counts_from(wire::rate const& limit, time_point now,
                                                      duration usual_rtt) noexcept
{
    constexpr int margin = 32;
    return now - std::max(duration(0), usual_rtt - limit.per() / margin);
}

TIDINGS_DECL void limiter::sort(waiter& w, time_point now) noexcept
{
    auto ready = now;
    for (auto const& own : w.places_)
        ready = std::max(ready, room_at(*own.in_line_for, now));
    auto const becomes = ready <= now ? waiter::state::waits_for_calls : waiter::state::waits_for_people;
    if (w.state_ == becomes && (becomes == waiter::state::waits_for_calls || w.ready_ == ready))
        return;
    unsort(w);
    w.state_ = becomes;
    w.ready_ = ready;
    if (becomes == waiter::state::waits_for_people)
    {
        for_people_.insert(w);
        return;
    }
    for_calls_.insert(w);
    people_waiting_ += w.size_;
}

TIDINGS_DECL void limiter::unsort(waiter& w) noexcept
{
    switch (std::exchange(w.state_, waiter::state::in_line))
    {
    case waiter::state::in_line: return;
    case waiter::state::waits_for_people: for_people_.erase(for_people_.iterator_to(w)); return;
    case waiter::state::waits_for_calls: for_calls_.erase(for_calls_.iterator_to(w)); people_waiting_ -= w.size_;
    }
}

TIDINGS_DECL void limiter::sort_first_in_lines(time_point now) noexcept
{
    auto const walk = ++walks_;
    for (auto* const p : people_)
        if (!p->line.empty())
            if (auto& w = *p->line.front().of; w.behind_ == 0 && std::exchange(w.seen_, walk) != walk)
                sort(w, now);
}

TIDINGS_DECL void limiter::gather(wire::operation const& op, time_point now)
{
    people_.clear();
    if (!knows_people_)
        return;
    auto const walk = ++walks_;
    for (std::size_t i = 0; i != op.recipient_count(); ++i)
    {
        auto& p = find(hash_ignoring_case(op.recipient_id(i)), now, walk);
        if (std::exchange(p.seen, walk) != walk)
            people_.push_back(&p);
    }
}

TIDINGS_DECL void limiter::gather_those_out(wire::operation const& op, ticket const& t, time_point now)
{
    people_.clear();
    if (t.only_)
        people_.push_back(t.only_);
    else if (!each_.empty())
        gather(op, now);
}

TIDINGS_DECL limiter::person& limiter::find(std::uint64_t key, time_point now, std::uint64_t walk)
{
    auto at = known_.find(key);
    if (at == known_.end())
    {
        at = add(key, now, walk);
        recent_.push_front(at->second);
    }
    else
        recent_.splice(recent_.begin(), recent_, recent_.iterator_to(at->second));
    return at->second;
}

TIDINGS_DECL limiter::index::iterator limiter::add(std::uint64_t key, time_point now, std::uint64_t walk)
{
    if (known_.size() + past_.size() >= max_people_)
        past_.forget_older_half();
    for (int tries = 0; tries != 8 && !recent_.empty(); ++tries)
    {
        auto& last = recent_.back();
        auto const look_at_another = [&] { recent_.splice(recent_.begin(), recent_, recent_.iterator_to(last)); };
        bool const is_out =
            std::any_of(last.logs.begin(), last.logs.end(), [](auto const& log) { return log.is_out(); });
        if (!last.line.empty() || last.seen == walk || is_out)
        {
            look_at_another();
            continue;
        }
        if (known_.size() < max_people_ && !is_idle(last, now))
        {
            if (known_.size() < max_close)
                break;
            auto const from = only_answer(last, now);
            if (!from)
            {
                look_at_another();
                continue;
            }
            past_.add(last.key, *from, now);
        }
        recent_.pop_back();
        auto node = known_.extract(last.key);
        if (known_.size() >= max_people_)
            continue; // too many had been needed at once
        node.key() = key;
        start(node.mapped(), key);
        return known_.insert(std::move(node)).position;
    }
    auto const at = known_.try_emplace(key).first;
    try
    {
        start(at->second, key);
    }
    catch (...)
    {
        known_.erase(at);
        throw;
    }
    return at;
}

TIDINGS_DECL void limiter::start(person& p, std::uint64_t key)
{
    p.key = key;
    p.blocked_until = {};
    p.logs.resize(each_.size());
    auto const from = past_.find(key);
    for (auto& log : p.logs)
    {
        log.clear();
        if (from)
            log.restore(*from);
    }
    past_.erase(key);
}

TIDINGS_DECL std::optional<limiter::time_point> limiter::only_answer(person const& p, time_point now) const noexcept
{
    auto out = time_point::min();
    for (auto const& log : p.logs)
    {
        auto const from = log.only_answer();
        if (!from)
            return std::nullopt;
        out = std::max(out, *from);
    }
    return p.blocked_until <= now ? std::optional(out) : std::nullopt;
}

TIDINGS_DECL bool limiter::is_idle(person& p, time_point now)
{
    for (std::size_t i = 0; i != each_.size(); ++i)
        if (!p.logs[i].is_idle(each_[i], now))
            return false;
    return p.blocked_until <= now;
}

/// Why a request cannot go in time. Without memory for the words, the code alone.
TIDINGS_COLD TIDINGS_DECL failure limiter::reason(blocker const& o, time_point now) const noexcept
{
    try
    {
        return describe(o, now);
    }
    catch (std::bad_alloc const&)
    {
        return errc::rate_limited;
    }
}

TIDINGS_COLD TIDINGS_DECL failure limiter::describe(blocker const& o, time_point now) const
{
    auto const seconds = std::max(std::chrono::ceil<std::chrono::seconds>(o.until - now), std::chrono::seconds(1));
    auto facts = new_facts();
    facts->detail = "our own limiter: ";
    auto const period = [](wire::rate const& r) {
        auto const length = r.per();
        auto const whole = std::chrono::duration_cast<std::chrono::seconds>(length);
        if (whole != length)
            return std::to_string(length.count()) + " milliseconds";
        return whole == std::chrono::seconds(1) ? "a second" : std::to_string(whole.count()) + " seconds";
    };
    if (o.limit)
    {
        facts->detail += std::to_string(queue_.size()) + (queue_.size() == 1 ? " request waits" : " requests wait");
        facts->detail += " already, and " + std::to_string(o.limit.max_count()) + " in " + period(o.limit);
        facts->detail += o.of_person ? " may go to one person by " : " may go to ";
        facts->detail += api_;
    }
    else
    {
        facts->detail += "the platform asked to send nothing ";
        facts->detail += o.of_person ? "to this person by " : "to ";
        facts->detail += api_;
    }
    facts->wait = seconds;
    facts->remedy = &remedies::send_slower;
    return {errc::rate_limited, std::move(facts)};
}

} // namespace tidings::inline v0::detail

#endif
