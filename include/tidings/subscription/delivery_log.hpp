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
        /// An attempt before did not come to its end: it may have delivered the message.
        interrupted,
        done ///< It was delivered, or that is unknown, or it is being delivered.
    };

    attempt(kind k) noexcept : what(k) {}
    /// @param begun  When the attempt began that was interrupted.
    explicit attempt(std::chrono::sys_seconds begun) noexcept : what(kind::interrupted), since(begun) {}

    kind what;
    std::chrono::sys_seconds since{}; ///< Of an interrupted attempt.

    friend bool operator==(attempt const& a, kind k) noexcept { return a.what == k; }
};

/// A memory of messages.
///
/// - `l.begin(id)` remembers that the message is about to be sent, and returns whether it may be. Two callers at a time
///   do not both get `first` for one message. Unless it returned `done`, the caller sends, or not, and calls `end`.
/// - `l.end(id, status)` remembers what became of it: `delivered`, `failed` or `unknown`. A held message that was
///   delivered, or that is unknown, is held no more; one that failed still is.
/// - `l.hold(h)` remembers a message for later, and returns `first`; or `done`, and holds nothing. Held twice, it is
///   held once, for the reason that came last.
/// - `l.held()` returns the messages that are held.
///
/// A failure of `begin` or `hold` is the failure of that message, which is not sent. Operations are awaited on the
/// dispatcher's executor; arguments live until they have completed. They are not cancelled.
///
/// `memory_log` and `file_log` model it.
template<class L>
concept delivery_log = requires(L& l, delivery_id const& id, held_delivery const& h) {
    { l.begin(id) } -> std::same_as<boost::asio::awaitable<result<attempt>>>;
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
        std::chrono::sys_seconds since{}; ///< When the attempt began that was interrupted.
        std::optional<hold> held;
        std::shared_ptr<std::string const> event;
    };

    attempt begin(delivery_id const& id)
    {
        auto& known = entries_[id];
        if (is_settled(known.now))
            return attempt::kind::done;
        bool const interrupted = known.now == state::interrupted;
        known.now = state::running;
        return interrupted ? attempt(known.since) : attempt(attempt::kind::first);
    }

    void end(delivery_id const& id, delivery_status became)
    {
        auto& known = entries_[id];
        known.now = became == delivery_status::delivered ? state::delivered
                    : became == delivery_status::unknown ? state::unknown
                                                         : state::failed;
        if (known.now == state::failed)
            return;
        known.held.reset();
        known.event.reset();
    }

    attempt hold_back(held_delivery const& h)
    {
        auto& known = entries_[h.id];
        if (is_settled(known.now))
            return attempt::kind::done;
        known.held = h.reason;
        known.event = h.event;
        return attempt::kind::first;
    }

    std::vector<held_delivery> held() const
    {
        std::vector<held_delivery> out;
        for (auto const& [id, known] : entries_)
            if (known.held && known.now != state::running)
                out.emplace_back(id, *known.held, known.event);
        return out;
    }

    entry& operator[](delivery_id const& id) { return entries_[id]; }

private:
    static bool is_settled(state s) noexcept
    {
        return s == state::running || s == state::delivered || s == state::unknown;
    }

    std::map<delivery_id, entry> entries_;
};

} // namespace detail

/// Remembers messages as long as the program runs. Copies share what they remember.
///
/// @par Thread safety  Distinct objects: safe. Shared objects and copies: unsafe; use them on one executor.
class memory_log
{
public:
    memory_log() : known_(std::make_shared<detail::delivery_table>()) {}

    boost::asio::awaitable<result<attempt>> begin(delivery_id const& id) { co_return known_->begin(id); }
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
