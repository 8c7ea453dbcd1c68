// A bounded set of connections that are kept alive, and the one way to use them.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TRANSPORT_DETAIL_POOL_HPP
#define TIDINGS_TRANSPORT_DETAIL_POOL_HPP

#include <tidings/detail/background.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/transport/detail/client.hpp>
#include <tidings/transport/detail/connection.hpp>
#include <tidings/transport/detail/place.hpp>
#include <tidings/transport/detail/pool_settings.hpp>
#include <tidings/transport/detail/round_trip.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/post.hpp>
#include <boost/intrusive/list.hpp>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tidings::inline v0::transport::detail {

inline asio::awaitable<boost::system::error_code> open_connection(std::shared_ptr<pool> from, connection& c,
                                                                  exchange& x);

/// A connection that is opened before a call needs it.
class early_opening
    : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>
{
public:
    early_opening(handle place, opening_guard guard, clock::time_point deadline, std::size_t& count)
        : place_(std::move(place)), guard_(std::move(guard)), count_(count)
    {
        x.deadline = deadline;
        ++count_;
    }
    early_opening(early_opening const&) = delete;
    early_opening& operator=(early_opening const&) = delete;
    ~early_opening() { leave(); }

    connection& target() const noexcept { return *place_.get(); }

    /// @param is_open  Otherwise a call that waits for it gets the place, to try it itself.
    void end(bool is_open)
    {
        leave();
        if (is_open && place_.get()->is_quiet())
            place_.keep();
        place_ = {};
    }
    opening_guard& guard() noexcept { return guard_; }

    exchange x;
    asio::cancellation_signal stop;

private:
    void leave() noexcept
    {
        if (std::exchange(is_counted_, false))
            --count_;
        unlink();
    }

    handle place_;
    opening_guard guard_;
    std::size_t& count_;
    bool is_counted_ = true;
};

/// Connections to one endpoint. Used from one executor at a time.
class pool : public std::enable_shared_from_this<pool>
{
public:
    pool(asio::any_io_executor ex, route way, pool_settings settings)
        : executor_(std::move(ex)), way_(std::move(way)), settings_(settings), breaker_(settings.breaker),
          deadlines_(std::make_shared<deadline_timer>(executor_))
    {
        spare_.reserve(max_spare); // giving back must not throw
    }
    pool(pool const&) = delete;
    pool& operator=(pool const&) = delete;
    ~pool()
    {
        for (auto* const at : spare_)
            ::operator delete(at);
    }

    asio::any_io_executor const& executor() const noexcept { return executor_; }
    route const& way() const noexcept { return way_; }

    /// An idle connection that seems alive, else a place for one, else nothing.
    ///
    /// @param may_repeat  Whether the request may be repeated over another connection.
    handle take(bool may_repeat)
    {
        while (!idle_.empty())
        {
            handle out(shared_from_this(), std::move(idle_.back()));
            idle_.pop_back();
            if (!is_stale(*out.get(), may_repeat))
                return out;
            // Closed, and its place given back, by the end of its scope.
        }
        return take_new();
    }

    /// Whether a connection that was kept can no longer be used.
    bool is_stale(connection& c, bool may_repeat) const { return c.is_stale(settings_.idle_timeout, may_repeat); }

    /// A place for a connection, else nothing: then one that is in use has to come back first.
    handle take_new()
    {
        if (used_ == settings_.max_connections || waiting_is_better(used_))
            return {};
        if (early_count_ > waiting_count_ && may_wait()) // one of those is as near
            return {};
        add_place();
        return {shared_from_this(), nullptr};
    }

    /// Opens a connection if there are fewer than `wanted`, for a call that has something to wait for before it needs
    /// one. A failure has no consequences: the call tries it itself.
    TIDINGS_COLD void open_early(std::size_t wanted, clock::time_point deadline)
    {
        if (closed_ || used_ >= std::min(wanted, settings_.max_connections) ||
            breaker_.look(clock::now()) != breaker::attempt::usual)
            return;
        try
        {
            add_place();
            handle place(shared_from_this(), nullptr);
            auto c = make_connection();
            opening_guard guard(*this, c->attempt);
            place.put(std::move(c));
            auto const opening =
                std::make_shared<early_opening>(std::move(place), std::move(guard), deadline, early_count_);
            early_.push_back(*opening);
            tidings::detail::start(executor_, open_connection(shared_from_this(), opening->target(), opening->x),
                                   std::make_unique<early_opening_end>(shared_from_this(), opening));
        }
        catch (std::bad_alloc const&)
        {
        }
    }

    /// No call needs them any more.
    void stop_early()
    {
        for (auto at = early_.begin(); at != early_.end();)
            (at++)->stop.emit(asio::cancellation_type::terminal);
    }

    /// A connection to be opened, with the right to; `opened` or `not_opened` has to follow. Nothing when the last ones
    /// could not be opened: `refuse` says why.
    TIDINGS_COLD connection_ptr make_connection()
    {
        auto const now = clock::now();
        if (breaker_.look(now) == breaker::attempt::denied)
            return nullptr;
        auto out = std::make_unique<connection>(executor_, way_.context.get());
        out->attempt = breaker_.ask(now);
        ++opening_;
        return out;
    }

    TIDINGS_COLD void opened(exchange& x)
    {
        --opening_;
        if (breaker_.succeeded())
            x.breaker_change = breaker_change::closed;
        // Those who waited for a connection to come back, since none could be opened.
        try
        {
            while (!waiting_.empty() && used_ < settings_.max_connections)
            {
                add_place();
                grant_first(nullptr);
            }
        }
        catch (std::bad_alloc const&) // they look again when a connection comes back
        {
        }
    }

    /// @param ec  Not success.
    /// @param x   How far it came.
    TIDINGS_COLD void not_opened(connection const& c, boost::system::error_code ec, exchange& x)
    {
        --opening_;
        bool const late = c.expired() || ec == make_error_code(errc::timed_out);
        bool const counts = late ? x.deadline - c.begun() >= attempt_delay : ec != asio::error::operation_aborted;
        if (!counts)
        {
            breaker_.abandoned(c.attempt);
            return;
        }
        if (auto const pause = breaker_.failed(c.attempt, clock::now()))
        {
            x.breaker_change = breaker_change::opened;
            x.breaker_pause = *pause;
        }
        // That a deadline passed is true of this caller only.
        last_.ec = late ? asio::error::timed_out : ec;
        last_.reached = x.progress;
        if (late)
            last_.reached = way_.proxy ? progress::connecting_to_proxy : progress::connecting;
        try
        {
            last_.detail = x.detail;
        }
        catch (std::bad_alloc const&)
        {
            last_.detail.clear();
        }
        if (breaker_.look(clock::now()) == breaker::attempt::denied)
            wake_all(); // the next try is another time
    }

    /// The opening ended by an exception, or with its execution context: its result is not known.
    TIDINGS_COLD void opening_abandoned(breaker::attempt a) noexcept
    {
        --opening_;
        breaker_.abandoned(a);
        wake_all();
    }

    /// The error of a caller whose connection was not opened.
    TIDINGS_COLD boost::system::error_code error_of(connection const& c, boost::system::error_code ec,
                                                    exchange& x) const
    {
        bool const late = c.expired() || ec == make_error_code(errc::timed_out);
        if (!late)
            return ec;
        if (clock::now() >= x.deadline)
            return make_error_code(errc::timed_out);
        // The call has time left, and the host had enough.
        x.progress = way_.proxy ? progress::connecting_to_proxy : progress::connecting;
        return asio::error::timed_out;
    }

    /// The error of a caller that may not open a connection: the error of the last attempt.
    TIDINGS_COLD boost::system::error_code refuse(exchange& x) const
    {
        x.progress = last_.reached;
        x.detail = last_.detail;
        if (!x.detail.empty())
            x.detail += "; ";
        x.detail += breaker_.describe(clock::now());
        return last_.ec;
    }

    /// Whether one that waits needs its request only when it has a connection. Where requests share one, their sizes
    /// decide which do.
    bool writes_late() const noexcept { return waiting_count_ != 0 && settings_.depth == 1; }
    /// Whether there is room for one more to wait.
    bool may_wait() const noexcept { return waiting_count_ < settings_.max_waiting; }
    void enqueue(std::optional<waiter>& who, bool may_share)
    {
        who.emplace(executor_, waiting_count_, coming_count_, may_share);
        waiting_.push_back(*who);
    }
    /// When a waiting call should look by itself, if no connection comes back before: when a host that could not be
    /// reached may be tried again, and there is a place for it.
    clock::time_point next_try() const noexcept
    {
        return used_ == settings_.max_connections ? clock::time_point::max() : breaker_.next();
    }

    /// A connection comes back; the call that has waited longest gets it.
    void take_back(connection_ptr c)
    {
        if (settings_.idle_timeout <= clock::duration::zero())
            c.reset();
        if (!waiting_.empty() && (c || !waiting_is_better(used_ - 1)))
        {
            bool const is_open = c != nullptr;
            bool const shares = waiting_.front().may_share;
            grant_first(std::move(c));
            if (is_open && shares)
                wake_to_share();
        }
        else if (c && !closed_)
            idle_.push_back(std::move(c));
        else
        {
            --used_;
            wake_all();
        }
    }

    /// Closes what is idle now, and everything else as soon as it is.
    void close()
    {
        closed_ = true;
        used_ -= idle_.size();
        idle_.clear();
        stop_early();
    }

    deadline_timer& deadlines() noexcept { return *deadlines_; }

    /// Lets a request leave at the end of this turn of the executor's loop, with those that join it until then. So the
    /// peer has many to answer when it wakes up, and their answers are there when they are read.
    ///
    /// @returns False: there is no other exchange under way, or no memory. It has to be written now.
    bool defer(round_trip& r)
    {
        bool const shares = settings_.depth != 1 && r.may_share() && sharing_is_allowed();
        if (shares)
            wake_to_share();
        bool const is_alone = used_ - idle_.size() - opening_ <= 1;
        if (is_alone && !(shares && !waiting_.empty()))
            return false;
        if (leaving_.empty())
            try
            {
                asio::post(executor_, departure(shared_from_this()));
            }
            catch (std::bad_alloc const&)
            {
                return false;
            }
        leaving_.push_back(r);
        if (shares)
        {
            gathering_ = &r;
            gathered_ = 1;
            gathered_bytes_ = r.size();
        }
        return true;
    }

    /// Lets a request leave with the last one that was deferred in this turn, over the same connection.
    ///
    /// @param has_waited  Otherwise those that wait come first.
    /// @throws std::bad_alloc  It does not.
    bool share(round_trip& r, bool has_waited)
    {
        if (!gathering_ || !r.may_share() || (!has_waited && !waiting_.empty()) || gathered_ == settings_.depth ||
            gathered_bytes_ + r.size() > max_together)
            return false;
        gathering_->take_along(r);
        ++gathered_;
        gathered_bytes_ += r.size();
        return true;
    }

    /// The peer did not answer all of those that shared a connection.
    void not_all_answered(connection const& c)
    {
        if (!c.was_shared)
            share_again_ = clock::now() + sharing_pause;
    }

    /// Memory for one exchange.
    void* allocate()
    {
        if (spare_.empty())
            return ::operator new(sizeof(round_trip));
        auto* const out = spare_.back();
        spare_.pop_back();
        return out;
    }
    void deallocate(void* at) noexcept
    {
        if (spare_.size() < max_spare)
            spare_.push_back(at);
        else
            ::operator delete(at);
    }

private:
    static constexpr std::size_t max_spare = 64;
    static constexpr int max_put_off = 16;

    /// The end of a turn of the loop.
    class departure
    {
    public:
        explicit departure(std::shared_ptr<pool> from) noexcept : pool_(std::move(from)) {}
        departure(departure&&) noexcept = default;
        departure& operator=(departure&&) = delete;
        ~departure()
        {
            if (pool_)
                while (!pool_->leaving_.empty())
                    round_trip::of(pool_->leaving_.front()).destroy();
        }

        void operator()()
        {
            auto const from = std::move(pool_);
            if (from->coming_count_ != 0 && from->put_off_departure())
                return;
            from->gathering_ = nullptr;
            from->departures_put_off_ = 0;
            line all;
            all.swap(from->leaving_);
            // First all are written: meanwhile the peer answers.
            auto const now = clock::now();
            for (auto at = all.begin(); at != all.end();)
                round_trip::of(*at++).depart(now);
            while (!all.empty())
                round_trip::pop(all).written();
        }

    private:
        std::shared_ptr<pool> pool_;
    };

    /// On a strand, the end of a turn comes before those that were woken to share: their timers belong to the context, and
    /// what these call is passed on to the strand when it has run already.
    ///
    /// @returns Whether there will be another end. They come soon, but it is not waited for at any cost.
    TIDINGS_COLD bool put_off_departure()
    {
        if (departures_put_off_ == max_put_off)
            return false;
        line all;
        all.swap(leaving_); // without memory, `departure` would destroy them
        bool is_posted = false;
        try
        {
            asio::post(executor_, departure(shared_from_this()));
            is_posted = true;
            ++departures_put_off_;
        }
        catch (std::bad_alloc const&)
        {
        }
        all.swap(leaving_);
        return is_posted;
    }

    class early_opening_end final : public tidings::detail::coroutine_end
    {
    public:
        early_opening_end(std::shared_ptr<pool> of, std::shared_ptr<early_opening> opening) noexcept
            : of_(std::move(of)), opening_(std::move(opening))
        {
        }

        asio::cancellation_slot slot() const noexcept override { return opening_->stop.slot(); }
        void operator()(std::exception_ptr thrown, boost::system::error_code ec) override
        {
            of_->early_opened(*opening_, !thrown && !ec);
        }

    private:
        std::shared_ptr<pool> of_;
        std::shared_ptr<early_opening> opening_;
    };

    TIDINGS_COLD void early_opened(early_opening& o, bool is_open)
    {
        if (is_open)
        {
            o.guard().end();
            --opening_;
            breaker_.succeeded();
        }
        else
            o.guard() = opening_guard();
        o.end(is_open);
        deadlines_->settle();
    }

    /// Gets the memory for giving the connection back, too: that must not throw.
    void add_place()
    {
        if (idle_.capacity() <= used_)
            idle_.reserve(2 * used_ + 1);
        ++used_;
    }

    /// Whether there are connections in use, and another one could not be opened now.
    ///
    /// @param used  Of how many places.
    bool waiting_is_better(std::size_t used) const noexcept
    {
        return used > idle_.size() + opening_ && breaker_.look(clock::now()) == breaker::attempt::denied;
    }

    /// Wakes all waiting calls, so that they ask when the next try is.
    void wake_all()
    {
        for (auto& w : waiting_)
            w.timer.cancel();
    }

    bool sharing_is_allowed() const noexcept
    {
        return share_again_ == clock::time_point::min() || clock::now() >= share_again_;
    }

    /// The first that wait may leave with one that is about to.
    void wake_to_share()
    {
        if (settings_.depth == 1 || waiting_.empty() || !sharing_is_allowed())
            return;
        auto at = waiting_.begin();
        for (std::size_t n = 1; n != settings_.depth && at != waiting_.end() && at->may_share; ++n)
            (at++)->wake_to_share();
    }

    void grant_first(connection_ptr c) { waiting_.front().grant(handle(shared_from_this(), std::move(c))); }

    /// Why a connection could not be opened.
    class fault
    {
    public:
        fault() = default;

        boost::system::error_code ec;
        progress reached = progress::queued;
        std::string detail;
    };

    asio::any_io_executor executor_;
    route way_;
    pool_settings settings_;
    breaker breaker_;
    fault last_;
    std::vector<connection_ptr> idle_;
    boost::intrusive::list<waiter, boost::intrusive::constant_time_size<false>> waiting_;
    std::size_t waiting_count_ = 0; // the list has to be walked to be counted
    std::size_t coming_count_ = 0;
    std::size_t used_ = 0;    // idle, being opened, or in an exchange
    std::size_t opening_ = 0; // of these
    bool closed_ = false;
    std::shared_ptr<deadline_timer> deadlines_;
    line leaving_;
    round_trip* gathering_ = nullptr; // of these, the one that others may leave with
    std::size_t gathered_ = 0;        // how many leave with it, itself included
    std::size_t gathered_bytes_ = 0;
    int departures_put_off_ = 0;
    clock::time_point share_again_ = clock::time_point::min();
    std::vector<void*> spare_;
    boost::intrusive::list<early_opening, boost::intrusive::constant_time_size<false>> early_;
    std::size_t early_count_ = 0;
};

inline handle::~handle()
{
    // An exchange that was destroyed in the middle must not keep its connection until the deadline.
    if (connection_)
        connection_->unwatch();
    if (pool_)
        pool_->take_back(nullptr);
}

inline void handle::keep(clock::time_point now)
{
    connection_->become_idle(now);
    auto const owner = std::exchange(pool_, nullptr);
    owner->take_back(std::move(connection_));
}

inline opening_guard::~opening_guard()
{
    if (pool_)
        pool_->opening_abandoned(attempt_);
}

} // namespace tidings::inline v0::transport::detail

#endif
