// Remembers messages, so that an event that is given twice reaches nobody twice.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SUBSCRIPTION_DELIVERY_LOG_HPP
#define TIDINGS_SUBSCRIPTION_DELIVERY_LOG_HPP

#include <tidings/result.hpp>
#include <tidings/subscription/delivery.hpp>
#include <tidings/subscription/holding.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tidings::inline v0::subscription {

/// A message that is delivered later.
class held_delivery
{
public:
    held_delivery() = default;
    held_delivery(delivery_id of, hold why, std::shared_ptr<std::string const> event_document) noexcept
        : id(std::move(of)), reason(why), event(std::move(event_document))
    {
    }

    delivery_id id;
    hold reason;
    std::shared_ptr<std::string const> event; ///< `event::text`. The messages about one event share it.
};

/// Whether a message may be sent now.
class attempt
{
public:
    enum class kind : std::uint8_t
    {
        first, ///< It was not delivered before: there was no attempt, or each one failed.
        /// An attempt before did not come to its end: it may have delivered the message. Those after it failed.
        interrupted,
        done ///< It was delivered, or that is unknown, or it is being delivered.
    };

    attempt(kind k) noexcept : what(k) {}
    /// An attempt was interrupted.
    ///
    /// @param sent_under  The key of that attempt.
    /// @param begun       When it began.
    attempt(idempotency_key sent_under, std::chrono::sys_seconds begun)
        : what(kind::interrupted), since(begun), key(std::move(sent_under))
    {
    }

    kind what;
    std::chrono::sys_seconds since{}; ///< Of the attempt that was interrupted: of the first one, if there are several.
    std::optional<idempotency_key> key; ///< Of that attempt.

    friend bool operator==(attempt const& a, kind k) noexcept { return a.what == k; }
};

/// A memory of messages.
///
/// - `l.begin(id, key)` remembers that the message is about to be sent under that key, and returns whether it may be. Two
///   callers at a time do not both get `first`, or `interrupted`, for one message. Unless it returned `done`, the caller
///   sends, or not, and calls `end`. A message that was interrupted keeps the key and the time of that attempt.
/// - `l.end(id, status)` remembers what became of it: `delivered`, `failed` or `unknown`. If it was interrupted before and
///   failed now, it is interrupted still. A held message that was delivered, or that is unknown, is held no more; one
///   that failed still is.
/// - `l.hold(h)` remembers a message for later, and returns `first`; or `done`, and holds nothing. Held twice, it is
///   held once, for the reason that came last.
/// - `l.held()` returns the messages that are held. A digest lists them in this order: that in which they were held.
///
/// A failure of `begin` or `hold` is the failure of that message, which is not sent. Operations are awaited on the
/// dispatcher's executor; arguments live until they have completed. They are not cancelled.
///
/// `memory_log` and `file_log` model it.
template<class L>
concept delivery_log = requires(L& l, delivery_id const& id, idempotency_key const& key, held_delivery const& h) {
    { l.begin(id, key) } -> std::same_as<boost::asio::awaitable<result<attempt>>>;
    { l.end(id, delivery_status::failed) } -> std::same_as<boost::asio::awaitable<result<void>>>;
    { l.hold(h) } -> std::same_as<boost::asio::awaitable<result<attempt>>>;
    { l.held() } -> std::same_as<boost::asio::awaitable<result<std::vector<held_delivery>>>>;
};

namespace detail {

/// The state of each message.
class delivery_table
{
public:
    enum class state : std::uint8_t
    {
        none,
        running,
        interrupted,
        delivered,
        failed,
        unknown
    };

    class entry
    {
    public:
        entry() = default;

        state now = state::none;
        bool was_interrupted = false;       ///< An attempt before the one that is running.
        std::chrono::sys_seconds since{};   ///< When the first attempt began that was interrupted.
        std::optional<idempotency_key> key; ///< Of that attempt. Of a message that is running, interrupted or not.
        std::optional<hold> held;
        std::uint64_t held_as = 0; ///< Its place in the order in which messages were held. 0: it is not held.
        std::shared_ptr<std::string const> event;

        /// If it throws, nothing has changed.
        attempt begin(idempotency_key const& under)
        {
            if (is_settled(now))
                return attempt::kind::done;
            attempt out = attempt::kind::first;
            if (now == state::interrupted)
                out = attempt(*key, since);
            else
                key = under;
            was_interrupted = now == state::interrupted;
            now = state::running;
            return out;
        }
        attempt hold_back(held_delivery const& h) noexcept
        {
            if (is_settled(now))
                return attempt::kind::done;
            held = h.reason;
            event = h.event;
            return attempt::kind::first;
        }
    };

    attempt begin(delivery_id const& id, idempotency_key const& key) { return entries_[id].begin(key); }

    void end(delivery_id const& id, delivery_status became)
    {
        auto& known = entries_[id];
        known.now = became == delivery_status::delivered ? state::delivered
                    : became == delivery_status::unknown ? state::unknown
                    : known.was_interrupted              ? state::interrupted
                                                         : state::failed;
        if (!is_settled(known.now))
            return;
        known.key.reset();
        known.held.reset();
        known.held_as = 0;
        known.event.reset();
    }

    attempt hold_back(held_delivery const& h)
    {
        auto& known = entries_[h.id];
        auto out = known.hold_back(h);
        place(known);
        return out;
    }

    /// Gives a message that is held its place among them.
    void place(entry& known) noexcept
    {
        if (known.held && known.held_as == 0)
            known.held_as = ++last_held_;
    }

    /// In the order in which they were held.
    std::vector<held_delivery> held() const
    {
        std::map<std::uint64_t, std::pair<delivery_id const, entry> const*> ordered;
        for (auto const& one : entries_)
            if (one.second.held && one.second.now != state::running)
                ordered.emplace(one.second.held_as, &one);
        std::vector<held_delivery> out;
        for (auto const& [place, one] : ordered)
            out.emplace_back(one->first, *one->second.held, one->second.event);
        return out;
    }

    entry& operator[](delivery_id const& id) { return entries_[id]; }

private:
    static bool is_settled(state s) noexcept
    {
        return s == state::running || s == state::delivered || s == state::unknown;
    }

    std::map<delivery_id, entry> entries_;
    std::uint64_t last_held_ = 0;
};

} // namespace detail

/// Remembers messages as long as the program runs. Copies share what they remember.
///
/// @par Thread safety  Distinct objects: safe. Shared objects and copies: unsafe; use them on one executor.
class memory_log
{
public:
    memory_log() : known_(std::make_shared<detail::delivery_table>()) {}

    boost::asio::awaitable<result<attempt>> begin(delivery_id const& id, idempotency_key const& key)
    {
        co_return known_->begin(id, key);
    }
    boost::asio::awaitable<result<void>> end(delivery_id const& id, delivery_status became)
    {
        known_->end(id, became);
        co_return result<void>();
    }
    boost::asio::awaitable<result<attempt>> hold(held_delivery const& h) { co_return known_->hold_back(h); }
    boost::asio::awaitable<result<std::vector<held_delivery>>> held() { co_return known_->held(); }

private:
    std::shared_ptr<detail::delivery_table> known_;
};

static_assert(delivery_log<memory_log>);

} // namespace tidings::inline v0::subscription

#endif
