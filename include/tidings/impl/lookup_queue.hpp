// Look-ups that begin in the same turn of the loop go to the platform together.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_LOOKUP_QUEUE_HPP
#define TIDINGS_IMPL_LOOKUP_QUEUE_HPP

#include <tidings/detail/failure.hpp>
#include <tidings/impl/call.hpp>
#include <tidings/result.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace tidings::inline v0::detail {

/// The look-ups of one kind of address that wait for the end of the turn. Used on the notifier's executor, or while
/// nobody runs that.
template<class Link, class Recipient>
class lookup_queue
{
public:
    class group;

    /// One look-up, in the frame of its coroutine. When that is destroyed, it leaves its queue or group.
    class waiter : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>
    {
    public:
        /// @param queue  Outlives this. Divided by the first waiter in it.
        /// @param ex     The notifier's.
        /// @param who    Outlives this.
        /// @param c      Outlives this.
        waiter(lookup_queue& queue, boost::asio::any_io_executor const& ex, Link const& who, call& c)
            : timer(ex), queue_(queue), who_(who), call_(c), divides_(queue.waiting_.empty())
        {
            queue.waiting_.push_back(*this);
        }
        waiter(waiter const&) = delete;
        waiter& operator=(waiter const&) = delete;
        ~waiter()
        {
            this->unlink();
            if (!divides_ || queue_.waiting_.empty())
                return;
            // It was lost before the turn ended, since memory ran out.
            auto& next = queue_.waiting_.front();
            next.divides_ = true;
            next.timer.cancel();
        }

        /// Whether this one has to divide the queue at the end of the turn.
        bool divides() const noexcept { return divides_; }
        /// Whether there is nothing left to wait for.
        bool is_settled() const noexcept { return !this->is_linked(); }
        /// Of a settled one. Nothing: it has to be looked up alone.
        std::optional<result<Recipient>> const& outcome() const noexcept { return outcome_; }

        /// Gives up. The request of a group that everybody has left is cancelled.
        ///
        /// @param why  Cancelled, or timed out.
        /// @returns The failure. If the request has met an error, that is the cause.
        failure leave(failure const& why)
        {
            auto const from = group_ ? group_->shared_from_this() : nullptr;
            this->unlink();
            if (!from)
                return why;
            call_.requests += from->budget.requests;
            if (from->members_.empty())
                from->stop.emit(boost::asio::cancellation_type::terminal);
            auto const& met = from->budget.log;
            return met.failed() && !is_given_up(met.last()) ? because_of(why, met.last()) : why;
        }

        boost::asio::steady_timer timer; ///< Cancelled when it is settled.

    private:
        friend class group;
        friend class lookup_queue;

        void settle() noexcept
        {
            this->unlink();
            group_ = nullptr;
            timer.cancel();
        }

        lookup_queue& queue_;
        Link const& who_;
        call& call_;
        bool divides_;
        group* group_ = nullptr; ///< While it is linked there.
        std::size_t index_ = 0;  ///< Of its address in the group.
        std::optional<result<Recipient>> outcome_;
    };

private:
    using list = boost::intrusive::list<waiter, boost::intrusive::constant_time_size<false>>;

public:
    /// Those who are looked up with one request. It has copies of their addresses, since each may leave at any time.
    class group : public std::enable_shared_from_this<group>
    {
    public:
        std::size_t size() const noexcept { return addresses_.size(); }
        Link const& address(std::size_t i) const noexcept { return addresses_[i]; }

        /// The result for an address.
        void settle(std::size_t i, result<Recipient> const& outcome)
        {
            for (auto at = members_.begin(); at != members_.end();)
            {
                auto& member = *at++;
                if (member.index_ != i)
                    continue;
                member.outcome_ = outcome;
                account_for(member);
                member.settle();
            }
        }
        /// Whether the directory is given the person who has an address: a call that waits for it decides. Yes if none does
        /// any more.
        bool remembers(std::size_t i) noexcept
        {
            bool is_awaited = false;
            for (auto& member : members_)
                if (member.index_ == i)
                {
                    if (member.call_.remembers())
                        return true;
                    is_awaited = true;
                }
            return !is_awaited;
        }
        /// All others are to be looked up alone.
        void dissolve() noexcept
        {
            while (!members_.empty())
            {
                account_for(members_.front());
                members_.front().settle();
            }
        }

        call budget{call::time_point::min()}; ///< The deadline is the last of the members'.
        boost::asio::cancellation_signal stop;

    private:
        friend class lookup_queue;
        friend class waiter;

        /// Takes waiters from the front, as long as there is room for their addresses.
        void take_from(list& waiting, std::size_t max_size)
        {
            addresses_.reserve(max_size); // addresses must not be moved: views refer to them
            std::size_t count = 0;
            while (!waiting.empty())
            {
                auto& next = waiting.front();
                auto const known = std::find_if(addresses_.begin(), addresses_.end(), [&next](Link const& address) {
                    return address.view() == next.who_.view();
                });
                next.index_ = static_cast<std::size_t>(known - addresses_.begin());
                if (known == addresses_.end())
                {
                    if (addresses_.size() == max_size)
                        return;
                    addresses_.push_back(next.who_);
                }
                next.unlink();
                next.group_ = this;
                members_.push_back(next);
                budget.connections = ++count;
                auto const& own = next.call_;
                budget.deadline = std::max(budget.deadline, own.deadline);
                budget.repetitions = std::max(budget.repetitions, own.repetitions);
                budget.last_wait = std::max(budget.last_wait, own.last_wait);
            }
        }

        void account_for(waiter& member) const noexcept
        {
            member.call_.requests += budget.requests;
            member.call_.repetitions = std::max(member.call_.repetitions, budget.repetitions);
            member.call_.last_wait = std::max(member.call_.last_wait, budget.last_wait);
        }

        std::vector<Link> addresses_;
        list members_;
    };
    using group_ptr = std::shared_ptr<group>;

    /// At the end of the turn: divides the queue into groups of at most `max_size` addresses. Somebody without others is
    /// to be looked up alone; so are those whose group cannot be started, since memory ran out.
    ///
    /// @param by     Who divides it. May have left.
    /// @param start  Starts the look-up of a group.
    template<class Start>
    void divide(waiter& by, std::size_t max_size, Start const& start) noexcept
    {
        list waiting;
        waiting.swap(waiting_);
        by.divides_ = false;
        while (!waiting.empty())
        {
            group_ptr together;
            try
            {
                if (std::next(waiting.begin()) != waiting.end())
                {
                    together = std::make_shared<group>();
                    together->take_from(waiting, max_size);
                    if (std::next(together->members_.begin()) != together->members_.end())
                    {
                        start(together);
                        continue;
                    }
                }
            }
            catch (std::exception const&)
            {
            }
            if (together && !together->members_.empty())
                together->dissolve();
            else if (!waiting.empty())
                waiting.front().settle();
        }
    }

private:
    list waiting_;
};

/// The queues of a notifier: one for each kind of address.
class lookup_queues
{
public:
    template<class Queue>
    Queue& of()
    {
        for (auto const& [kind, queue] : all_)
            if (kind == &kind_of<Queue>)
                return *static_cast<Queue*>(queue.get());
        auto fresh = std::make_shared<Queue>();
        all_.emplace_back(&kind_of<Queue>, fresh);
        return *fresh;
    }

private:
    template<class Queue>
    static inline char kind_of = 0;

    std::vector<std::pair<void const*, std::shared_ptr<void>>> all_;
};

} // namespace tidings::inline v0::detail

#endif
