// Decides which request may call an API of a platform, and when. No I/O, no clock.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PACING_DETAIL_LIMITER_HPP
#define TIDINGS_PACING_DETAIL_LIMITER_HPP

#include <tidings/detail/ascii.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/pacing/detail/past_recipients.hpp>
#include <tidings/pacing/detail/rate_log.hpp>
#include <tidings/wire/limits.hpp>
#include <tidings/wire/operation.hpp>

#include <boost/container/small_vector.hpp>
#include <boost/intrusive/list.hpp>
#include <boost/intrusive/set.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

namespace tidings::inline v0::detail {

/// What a program changes of the published limits.
class limit_changes
{
public:
    limit_changes() = default;

    /// For the API of this name, or for every API when that is empty.
    using list = std::vector<std::pair<std::string, wire::rate>>;

    list calls;
    list each_person;
    double share = 1;
    std::size_t max_waiting = 10'000;
    std::size_t max_people = 100'000;

    /// The limits that this program keeps. One for every API changes only a published one of the same length.
    std::vector<wire::rate> apply(list const& changed, std::string_view api, wire::rates const& published) const;

    /// This program's part of a limit, which is never nothing.
    wire::rate scaled(wire::rate const& whole) const noexcept;
};

/// The shortest time that a question and its answer took, of the last few hundred. What takes longer was held up
/// somewhere, perhaps on its way there.
class min_rtt
{
public:
    using duration = std::chrono::steady_clock::duration;

    void took(duration d) noexcept;

    /// Zero until enough are known.
    duration get() const noexcept { return known_; }

private:
    static constexpr int enough = 256;

    duration known_{0};
    duration min_ = duration::max();
    int count_ = 0;
};

/// The limits of one API and one application: lets requests go, or has them wait in the order of their arrival.
///
/// A request waits behind earlier ones that need the same: the same person, or the API when that has no room. So waiting
/// for one person does not delay requests to others; and a request to many people, which is sent only when all of them
/// can be reached, is not overtaken by requests to some of them.
class limiter
{
public:
    using time_point = rate_log::time_point;
    using duration = rate_log::duration;

private:
    struct person;

public:
    class waiter;

    /// Names a request that was let go. 0: none.
    class ticket
    {
    public:
        ticket() noexcept = default;

        friend bool operator==(ticket const& t, std::uint64_t number) noexcept { return t.number_ == number; }

    private:
        friend class limiter;

        ticket(std::uint64_t number, person* only) noexcept : number_(number), only_(only) {}

        std::uint64_t number_ = 0;
        person* only_ = nullptr; ///< The person it goes to, if it is one: who is not forgotten while it is out.
    };

private:
    /// The place of a request in the line for one of its people.
    struct place : boost::intrusive::list_base_hook<>
    {
        place(waiter& w, person& p) noexcept : of(&w), in_line_for(&p) {}

        waiter* of;
        person* in_line_for;
    };

    /// A person who has limits of their own. Known by a hash only: two people with the same one would share a limit.
    struct person : boost::intrusive::list_base_hook<>
    {
        std::uint64_t key = 0;
        boost::container::small_vector<rate_log, std::tuple_size_v<wire::rates>> logs; ///< One for each limit.
        time_point blocked_until{};
        std::uint64_t seen = 0;             ///< The last walk through the people of a request that came by.
        boost::intrusive::list<place> line; ///< Requests in the queue, first in, first out.
    };

public:
    /// A request in the queue. Owned by the waiting call.
    class waiter : public boost::intrusive::list_base_hook<>
    {
    public:
        waiter() = default;

        /// Not 0: it was let go.
        ticket granted;
        /// It cannot be let go before its deadline.
        std::optional<failure> rejected;

    private:
        friend class limiter;

        enum class state : std::uint8_t
        {
            in_line,          ///< Others are before it in the line for one of its people.
            waits_for_people, ///< It is the first in each line, and a person has no room.
            waits_for_calls   ///< It waits only for room at the API, or for its turn there.
        };

        /// One for each of its people. Not moved while they are in line.
        boost::container::small_vector<place, 1> places_;
        std::size_t size_ = 0;
        time_point deadline_;
        std::uint64_t number_ = 0; ///< In the order of arrival.
        std::size_t behind_ = 0;   ///< Of how many lines it is not the first.
        std::uint64_t seen_ = 0;   ///< The last walk along the lines that came by.
        time_point ready_{};       ///< When its people have room, of one that waits for them.
        state state_ = state::in_line;
        boost::intrusive::set_member_hook<> sorted_; ///< In one of the sets, unless it is in line.
    };

    /// @param limits   Of the platform.
    /// @param changes  Of the program. Copied.
    limiter(wire::api_limits const& limits, limit_changes const& changes);

    std::string_view api() const noexcept { return api_; }

    /// Lets a request go if nothing is in its way.
    ///
    /// @returns 0 when it has to wait.
    ticket take(wire::operation const& op, time_point now);

    /// Puts a request at the end of the queue, unless it cannot be let go before its deadline.
    ///
    /// @returns Why it was not put there.
    std::optional<failure> enqueue(waiter& w, wire::operation const& op, time_point deadline, time_point now);

    /// Takes a request out of the queue. Another one may become the first in a line.
    void remove(waiter& w, time_point now) noexcept;

    bool nobody_waits() const noexcept { return queue_.empty(); }
    std::size_t waiting() const noexcept { return queue_.size(); }
    /// The request that came last: most others leave before it.
    waiter& last() noexcept { return queue_.back(); }

    /// Removes the requests that can be sent from the queue, first in, first out.
    ///
    /// @param go  Called for each of them with the waiter, which is no longer in the queue.
    /// @returns When to look again; `max()` if only an answer can change anything.
    template<class Go>
    time_point look(time_point now, Go&& go)
    {
        auto const never = time_point::max();
        api_is_full_ = false;
        if (queue_.empty())
            return never;
        if (now < blocked_until_)
        {
            api_is_full_ = true;
            return blocked_until_;
        }
        while (!for_people_.empty() && for_people_.begin()->ready_ <= now)
            sort(*for_people_.begin(), now);
        auto again = never;
        while (!for_calls_.empty())
        {
            auto& w = *for_calls_.begin();
            sort(w, now); // a platform may have refused one of its people since
            if (w.state_ != waiter::state::waits_for_calls)
                continue;
            if (!api_has_room(w.size_, now))
            {
                api_is_full_ = true;
                again = api_room_at(w.size_, now, never);
                break;
            }
            w.granted = admit(w.places_, w.size_, now);
            remove(w, now);
            go(w);
        }
        return for_people_.empty() ? again : std::min(again, for_people_.begin()->ready_);
    }

    /// The answer is there, or never will be.
    ///
    /// Does not throw: the people of a request that is out are known, and so is their number.
    ///
    /// @param began  When the request was being written; `max()` if it is not known.
    void on_reply(wire::operation const& op, ticket t, time_point began, time_point now) noexcept;

    /// The request was not made after all. Does not throw either.
    void release(wire::operation const& op, ticket t, time_point now) noexcept;

    /// The platform refused although this limiter permitted the request: other programs use the same limit, or it is
    /// lower than published. No request is sent before the platform's wait has passed; if the refusal concerns one
    /// person, no request to that person.
    ///
    /// @param give_up  Called with each waiter whose deadline is before that. It is no longer in the queue.
    template<class GiveUp>
    void refused(wire::operation const& op, failure const& why, time_point now, GiveUp&& give_up)
    {
        // A longer block is tried again after this time, because it may have ended.
        constexpr std::chrono::seconds max_length = std::chrono::minutes(10);
        constexpr std::chrono::seconds usual{1};
        auto const until = now + std::min(why.wait().value_or(usual), max_length);
        if (!refusal_of_one_.empty() && why.platform_code() == refusal_of_one_)
        {
            gather(op, now);
            for (auto* const p : people_)
                p->blocked_until = std::max(p->blocked_until, until);
            sort_first_in_lines(now);
            return;
        }
        blocked_until_ = std::max(blocked_until_, until);
        for (auto at = queue_.begin(); at != queue_.end();)
        {
            auto& w = *at++;
            if (w.deadline_ > blocked_until_)
                continue;
            w.rejected = reason(blocker(blocked_until_), now);
            remove(w, now);
            give_up(w);
        }
    }

    /// Why a request of the queue is not let go before its deadline, which has come.
    failure too_late(waiter const& w, time_point now) const;

private:
    /// A limit of the application, and what counts against it.
    struct gauge
    {
        gauge(wire::rate r, bool people) noexcept : limit(r), counts_people(people) {}

        unsigned weight(std::size_t people) const noexcept { return counts_people ? static_cast<unsigned>(people) : 1; }

        wire::rate limit;
        bool counts_people;
        rate_log log;
    };

    /// What a request waits for the longest.
    struct blocker
    {
        explicit blocker(time_point t) noexcept : until(t) {}
        void consider(time_point t, wire::rate const& r, bool person) noexcept
        {
            if (t <= until)
                return;
            until = t;
            limit = r;
            of_person = person;
        }

        time_point until;
        wire::rate limit{}; ///< None: the platform asked to wait.
        bool of_person = false;
    };

    bool api_has_room(std::size_t people, time_point now);
    time_point api_room_at(std::size_t people, time_point now, time_point unknown) const;
    bool has_room(person& p, time_point now);
    time_point room_at(person const& p, time_point now) const;

    static person& person_of(person* p) noexcept { return *p; }
    static person& person_of(place const& own) noexcept { return *own.in_line_for; }

    /// @param people  Persons, or places in the lines for them.
    template<class People>
    ticket admit(People const& people, std::size_t size, time_point now)
    {
        for (auto& g : gauges_)
            g.log.prepare(g.limit, now);
        for (auto const& p : people)
            for (std::size_t i = 0; i != each_.size(); ++i)
                person_of(p).logs[i].prepare(each_[i], now);
        // From here on nothing throws: a request counts against all limits, or against none.
        auto const t = ++tickets_;
        bool const is_one = people.size() == 1 && !each_.empty();
        for (auto& g : gauges_)
            g.log.reserve(g.limit, t, g.weight(size), now);
        for (auto const& p : people)
            for (std::size_t i = 0; i != each_.size(); ++i)
                person_of(p).logs[i].reserve(each_[i], t, 1, now);
        return {t, is_one ? &person_of(people.front()) : nullptr};
    }

    /// From when a request counts whose answer has just come. The platform counted it no later than now, and that much
    /// is certain. But an answer that takes a good part of the limit's length would make the limit lower than it is: so
    /// what is more than 1/32 of that length is taken off, as far as every trip takes it, to the platform and back. The
    /// part that stays makes up for what may be wrong with that.
    static time_point counts_from(wire::rate const& limit, time_point now, duration usual_rtt) noexcept;

    /// When a request at the end of the queue can go at the earliest, and why not before.
    ///
    /// @param people  Persons, or places in the lines for them.
    template<class People>
    blocker find_blocker(People const& people, std::size_t size, time_point now) const
    {
        blocker out(std::max(now, blocked_until_));
        for (auto const& g : gauges_)
        {
            auto const before = g.counts_people ? people_waiting_ : for_calls_.size();
            auto const n = before + std::clamp(g.weight(size), 1u, g.limit.max_count());
            out.consider(g.log.earliest(g.limit, n, now), g.limit, false);
        }
        for (auto const& one : people)
        {
            auto const& p = person_of(one);
            out.consider(p.blocked_until, {}, true);
            for (std::size_t i = 0; i != each_.size(); ++i)
                out.consider(p.logs[i].earliest(each_[i], p.line.size() + 1, now), each_[i], true);
        }
        return out;
    }

    failure reason(blocker const& o, time_point now) const noexcept;
    failure describe(blocker const& o, time_point now) const;

    /// Where a request belongs that is the first in each of its lines: its people have room, or will have it.
    void sort(waiter& w, time_point now) noexcept;

    void unsort(waiter& w) noexcept;

    /// The room of `people_` has changed. A request that is the first in the lines of many of them is sorted once: that
    /// looks at all of its people.
    void sort_first_in_lines(time_point now) noexcept;

    struct by_arrival
    {
        bool operator()(waiter const& a, waiter const& b) const noexcept { return a.number_ < b.number_; }
    };
    struct by_readiness
    {
        bool operator()(waiter const& a, waiter const& b) const noexcept
        {
            return std::tie(a.ready_, a.number_) < std::tie(b.ready_, b.number_);
        }
    };
    template<class Order>
    using sorted_waiters = boost::intrusive::set<
        waiter, boost::intrusive::compare<Order>,
        boost::intrusive::member_hook<waiter, boost::intrusive::set_member_hook<>, &waiter::sorted_>>;

    // ---- People

    /// Fills `people_` with the people of a request, each of them once. Letter case makes no difference: on WeCom it is the
    /// same person, and elsewhere it does no harm.
    void gather(wire::operation const& op, time_point now);

    /// The people of a request that is out. They are not forgotten while it is, so this needs no memory.
    void gather_those_out(wire::operation const& op, ticket const& t, time_point now);

    person& find(std::uint64_t key, time_point now, std::uint64_t walk);

    using index = std::unordered_map<std::uint64_t, person>;

    /// Makes room for a new person: usually the place of a person for whom no request counts any more.
    index::iterator add(std::uint64_t key, time_point now, std::uint64_t walk);

    /// Begins with a new person: with the request to them that counts, if there is one.
    void start(person& p, std::uint64_t key);

    bool is_idle(person& p, time_point now);

    /// From when the only request to a person counts, if that is all that there is to know. The person is not idle.
    std::optional<time_point> only_answer(person const& p, time_point now) const noexcept;

    /// Beyond this number, people to whom only one request went are kept in less memory.
    static constexpr std::size_t max_close = 256;

    std::string_view api_;
    std::string_view refusal_of_one_;
    std::size_t max_waiting_;
    std::size_t max_people_;
    std::vector<gauge> gauges_;
    std::vector<wire::rate> each_;
    bool knows_people_;

    time_point blocked_until_{};
    bool api_is_full_ = false;                ///< The queue ends at the API, and not at its people.
    boost::intrusive::list<waiter> queue_;    ///< All of them, first in, first out.
    sorted_waiters<by_readiness> for_people_; ///< Those that are the first in each line, and wait for a person.
    sorted_waiters<by_arrival> for_calls_;    ///< Those that need nothing but room at the API.
    std::size_t people_waiting_ = 0;          ///< The people of these.
    std::uint64_t arrivals_ = 0;

    index known_;
    past_recipients past_;
    boost::intrusive::list<person> recent_; ///< The most recent recipient is the first.
    std::vector<person*> people_;           ///< Of the request that is looked at.
    std::uint64_t walks_ = 0;
    std::uint64_t tickets_ = 0;
    min_rtt rtt_;
};

namespace remedies {

inline constexpr stored_remedy send_slower{
    "Send more slowly, or give the call a later deadline: {wait} seconds would do. When your plan permits more, tell "
    "the pacing policy; when several programs send for the same application, give each its share.",
    "请放慢发送速度，或将截止时间延后 {wait} 秒。若套餐允许更高频率，请调整 pacing "
    "策略；若多个程序共用同一应用，请为每个程序分配份额。"};

} // namespace remedies

} // namespace tidings::inline v0::detail

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/pacing/impl/limiter.ipp>
#endif

#endif
