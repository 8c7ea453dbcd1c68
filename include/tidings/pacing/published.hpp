// Sending no faster than the platforms permit.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PACING_PUBLISHED_HPP
#define TIDINGS_PACING_PUBLISHED_HPP

#include <tidings/concepts.hpp>
#include <tidings/detail/keyed_store.hpp>
#include <tidings/detail/wake.hpp>
#include <tidings/pacing/detail/limiter.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0::pacing {

/// Keeps to the limits that the platforms publish, for each application, API and person: the platform never counts more
/// than its limit within any period of that length. Waiting requests are served first in, first out; waiting for one
/// recipient's limit does not delay requests to others. A request that would wait beyond its deadline fails at once,
/// with `errc::rate_limited` and `failure::wait()`. If the platform refuses nevertheless, all requests wait as long as
/// it asks.
///
/// Copies share what they count: give copies of one policy to all notifiers that send for the same application. If
/// several programs do, give each of them its `share`.
///
/// @par Thread safety  Distinct objects, copies included: safe. Notifiers of different threads may share one.
class published
{
public:
    using policy_kind = pacing_kind;

    published() : store_(std::make_shared<store>()) {}

    // All setters are to be called before the first notifier gets a copy.

    /// This program's part of every limit, including limits that are set with the following functions.
    ///
    /// @param part  More than 0, at most 1. At least 1 is left of a limit.
    published& share(double part);
    /// Changes the limits of this length of time of every API that has one: for a plan that permits more calls.
    ///
    /// @param max_count  Calls of one application. 0: no limit.
    /// @param per        More than zero.
    published& limit(unsigned max_count, std::chrono::milliseconds per) { return limit({}, max_count, per); }
    /// Changes or adds a limit of one API.
    ///
    /// @param api        By its name in `docs/pacing.md`: "im/v1/messages".
    /// @param max_count  Calls of one application. 0: no limit.
    /// @param per        More than zero.
    published& limit(std::string api, unsigned max_count, std::chrono::milliseconds per);
    /// The same for calls to one person.
    published& limit_each_person(unsigned max_count, std::chrono::milliseconds per);
    published& limit_each_person(std::string api, unsigned max_count, std::chrono::milliseconds per);
    /// How many requests may wait for one API of one application; more fail with `errc::queue_full`. Default 10,000.
    published& max_waiting(std::size_t n);
    /// The number of people of one application whose requests are counted. Beyond that, the person without a request
    /// for the longest time is forgotten. Default 100,000. People for whom no request counts any more are forgotten in
    /// any case.
    published& max_people(std::size_t n);

    /// One application's requests.
    class entry
    {
        struct woken_tag;
        struct api_queue;

    public:
        using time_point = std::chrono::steady_clock::time_point;

        explicit entry(detail::limit_changes const& changes) : changes_(changes) {}
        entry(entry const&) = delete;
        entry& operator=(entry const&) = delete;

        /// The permission to make one request.
        class permit
        {
        public:
            permit() noexcept = default;
            permit(permit&& other) noexcept;
            permit& operator=(permit&& other) noexcept;
            /// A request that was sent and whose answer is not known counts from now.
            ~permit();

            explicit operator bool() const noexcept { return op_ != nullptr; }

            void on_sent() noexcept { sent_ = true; }
            void on_reply(time_point began, time_point now) noexcept;
            void release() noexcept;

        private:
            friend class entry;
            /// For an operation without limits.
            explicit permit(wire::operation const& op) noexcept : op_(&op) {}
            permit(wire::operation const& op, entry& owner, api_queue& queue, detail::limiter::ticket t) noexcept;

            wire::operation const* op_ = nullptr;
            entry* owner_ = nullptr; ///< Null: there is nothing to give back.
            api_queue* queue_ = nullptr;
            detail::limiter::ticket ticket_;
            bool sent_ = false;
        };

        permit take(wire::operation const& op, time_point now);

        boost::asio::awaitable<result<permit>> wait(wire::operation const& op, time_point deadline);

        void refused(wire::operation const& op, failure const& why, time_point now);

    private:
        /// A waiting call. The timer belongs to its own executor; everything else to the entry's mutex.
        struct waiter : detail::limiter::waiter,
                        boost::intrusive::list_base_hook<boost::intrusive::tag<woken_tag>>,
                        std::enable_shared_from_this<waiter>
        {
            waiter(boost::asio::any_io_executor const& ex, wire::operation const& o)
                : op(o), posting(detail::posting_service::of(ex)), timer(ex)
            {
            }

            wire::operation const& op;
            detail::posting_service& posting;
            boost::asio::steady_timer timer;
            api_queue* queue = nullptr; ///< From when it asks to be put there.
            bool queued = false;
        };

        /// The calls to wake. Not a container that allocates: destructors fill it.
        using sleepers = boost::intrusive::list<
            waiter, boost::intrusive::base_hook<boost::intrusive::list_base_hook<boost::intrusive::tag<woken_tag>>>>;

        static void add(sleepers& woken, waiter& caller) noexcept;

        /// The limits of one API, and its waiting requests: one of them sleeps only until something may change, and
        /// wakes the requests that can be sent. The others sleep until they are woken, or their time has passed.
        struct api_queue
        {
            api_queue(wire::api_limits const& limits, detail::limit_changes const& changes) : rules(limits, changes) {}

            detail::limiter rules;
            waiter* watch = nullptr;
            time_point alarm;
        };

        /// One wait, which ends in any case: also when the coroutine is destroyed in the middle of it.
        class waiter_guard
        {
        public:
            waiter_guard(entry& p, std::shared_ptr<waiter> const& caller) noexcept : entry_(p), caller_(*caller) {}
            waiter_guard(waiter_guard const&) = delete;
            waiter_guard& operator=(waiter_guard const&) = delete;
            ~waiter_guard() { entry_.end(caller_); }

            std::optional<failure> begin(time_point deadline) const { return entry_.begin(caller_, deadline); }
            /// Wakes the requests that can be sent.
            ///
            /// @returns When to look again. Nothing: this wait has ended, and no other object refers to it any more.
            std::optional<time_point> look() const { return entry_.look_for(caller_); }
            permit take() const noexcept;
            void give_up() const { entry_.give_up(caller_); }

        private:
            entry& entry_;
            waiter& caller_;
        };

        api_queue& queue_of(wire::api_limits const& limits);

        std::optional<failure> begin(waiter& caller, time_point deadline);

        std::optional<time_point> look_for(waiter& caller);

        void give_up(waiter& caller);

        void end(waiter& caller) noexcept;

        void finish(wire::operation const& op, api_queue& queue, detail::limiter::ticket t, time_point began,
                    time_point now, bool made) noexcept;

        /// Wakes the requests that can be sent, and makes sure that one of the others wakes in time to look again.
        void look(api_queue& queue, time_point now, sleepers& woken) noexcept;

        /// A call has left the queue.
        static void leave(api_queue& queue, detail::limiter::waiter& w, sleepers& woken) noexcept;

        /// Wakes each call on its own executor, except the calling one. Under the mutex: a call in the queue is not
        /// destroyed meanwhile, and so neither is its execution context, though that may have begun.
        static void wake(sleepers& woken, waiter const* except = nullptr) noexcept;

        detail::limit_changes const changes_;
        std::mutex mutex_;
        std::vector<std::unique_ptr<api_queue>> queues_;
    };

    /// The requests of the application that `key` names. Kept for the life of the policy.
    std::shared_ptr<entry> entry_for(std::string const& key);

private:
    struct store
    {
        detail::limit_changes changes;
        detail::keyed_store<entry> entries;
    };

    std::shared_ptr<store> store_;
};
static_assert(pacing_policy<published>);

} // namespace tidings::inline v0::pacing

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/pacing/impl/published.ipp>
#endif

#endif
