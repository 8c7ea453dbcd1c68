// A bounded set of connections that are kept alive, and the one way to use them.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TRANSPORT_DETAIL_POOL_HPP
#define TIDINGS_TRANSPORT_DETAIL_POOL_HPP

#include <tidings/transport/detail/connection.hpp>

#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/post.hpp>
#include <boost/intrusive/list.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tidings::inline v0::transport::detail {

/// Bounds of a pool.
class pool_settings
{
public:
    pool_settings() = default;

    std::size_t max_connections = 16;
    std::size_t max_waiting = 4096;
    clock::duration idle_timeout = std::chrono::seconds(50);
    breaker_settings breaker;
};

template<class Stream>
class pool;

/// The right to one of the pool's connections, with or without a connection in it. Given back when it goes.
template<class Stream>
class handle
{
public:
    using connection_ptr = std::shared_ptr<connection<Stream>>;

    handle() noexcept = default;
    handle(std::shared_ptr<pool<Stream>> from, connection_ptr c) noexcept
        : pool_(std::move(from)), connection_(std::move(c))
    {
    }
    handle(handle&&) noexcept = default;
    handle& operator=(handle&& other) noexcept
    {
        handle old(std::move(*this));
        pool_ = std::move(other.pool_);
        connection_ = std::move(other.connection_);
        return *this;
    }
    ~handle()
    {
        // An exchange that was destroyed in the middle must not keep its connection until the deadline.
        if (connection_)
            connection_->unwatch();
        if (pool_)
            pool_->take_back(nullptr);
    }

    explicit operator bool() const noexcept { return pool_ != nullptr; }
    connection<Stream>* get() const noexcept { return connection_.get(); }
    void put(connection_ptr c) noexcept { connection_ = std::move(c); }

    /// Gives it back with a connection that can be used again.
    void keep()
    {
        auto const owner = std::exchange(pool_, nullptr);
        owner->take_back(std::move(connection_));
    }

private:
    std::shared_ptr<pool<Stream>> pool_;
    connection_ptr connection_;
};

/// A call that waits for a connection.
template<class Stream>
class waiter : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>
{
public:
    /// @param count  Of those in the queue. Outlives it.
    waiter(asio::any_io_executor const& ex, std::size_t& count) : timer(ex), count_(count) { ++count_; }
    waiter(waiter const&) = delete;
    waiter& operator=(waiter const&) = delete;
    ~waiter() { leave(); }

    void grant(handle<Stream> s)
    {
        leave();
        granted = std::move(s);
        timer.cancel();
    }

    asio::steady_timer timer;
    handle<Stream> granted;

private:
    void leave() noexcept
    {
        if (std::exchange(is_counted_, false))
            --count_;
        this->unlink();
    }

    std::size_t& count_;
    bool is_counted_ = true;
};

/// Connections to one endpoint. Used from one executor at a time.
template<class Stream>
class pool : public std::enable_shared_from_this<pool<Stream>>
{
public:
    using connection_ptr = std::shared_ptr<connection<Stream>>;

    pool(asio::any_io_executor ex, route way, pool_settings settings)
        : executor_(std::move(ex)), way_(std::move(way)), settings_(settings), breaker_(settings.breaker)
    {
    }

    asio::any_io_executor const& executor() const noexcept { return executor_; }
    route const& way() const noexcept { return way_; }

    /// An idle connection that seems alive, else a place for one, else nothing.
    handle<Stream> take()
    {
        while (!idle_.empty())
        {
            handle<Stream> out(this->shared_from_this(), std::move(idle_.back()));
            idle_.pop_back();
            if (!is_stale(*out.get()))
                return out;
            // Closed, and its place given back, by the end of its scope.
        }
        return take_new();
    }

    /// Whether a connection that was kept can no longer be used.
    bool is_stale(connection<Stream>& c) const { return c.is_stale(settings_.idle_timeout); }

    /// A place for a connection, else nothing: then one that is in use has to come back first.
    handle<Stream> take_new()
    {
        if (used_ == settings_.max_connections || waiting_is_better(used_))
            return {};
        add_place();
        return {this->shared_from_this(), nullptr};
    }

    /// A connection to be opened, with the right to; `opened` or `not_opened` has to follow. Nothing when the last ones
    /// could not be opened: `refuse` says why.
    connection_ptr make_connection()
    {
        auto const now = clock::now();
        if (breaker_.look(now) == breaker::attempt::denied)
            return nullptr;
        connection_ptr out;
        if constexpr (connection<Stream>::tls)
            out = std::make_shared<connection<Stream>>(executor_, *way_.context);
        else
            out = std::make_shared<connection<Stream>>(executor_);
        out->attempt = breaker_.ask(now);
        ++opening_;
        return out;
    }

    void opened(exchange& x)
    {
        --opening_;
        if (breaker_.succeeded())
            x.breaker_change = breaker_change::closed;
        // Those who waited for a connection to come back, since none could be opened.
        while (!waiting_.empty() && used_ < settings_.max_connections)
        {
            add_place();
            grant_first(nullptr);
        }
    }

    /// @param ec  Not success.
    /// @param x   How far it came.
    void not_opened(connection<Stream> const& c, boost::system::error_code ec, exchange& x)
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
        last_ = {late ? asio::error::timed_out : ec, x.progress, x.detail};
        if (late)
            last_.reached = way_.proxy ? progress::connecting_to_proxy : progress::connecting;
        if (breaker_.look(clock::now()) == breaker::attempt::denied)
            wake_all(); // the next try is another time
    }

    /// The opening ended by an exception, or with its execution context: its result is not known.
    void opening_abandoned(breaker::attempt a) noexcept
    {
        --opening_;
        breaker_.abandoned(a);
        wake_all();
    }

    /// The error of a caller whose connection was not opened.
    boost::system::error_code error_of(connection<Stream> const& c, boost::system::error_code ec, exchange& x) const
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
    boost::system::error_code refuse(exchange& x) const
    {
        x.progress = last_.reached;
        x.detail = last_.detail;
        if (!x.detail.empty())
            x.detail += "; ";
        x.detail += breaker_.describe(clock::now());
        return last_.ec;
    }

    /// Whether there is room for one more to wait.
    bool may_wait() const noexcept { return waiting_count_ < settings_.max_waiting; }
    std::unique_ptr<waiter<Stream>> enqueue()
    {
        auto out = std::make_unique<waiter<Stream>>(executor_, waiting_count_);
        waiting_.push_back(*out);
        return out;
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
        if (c)
            c->become_idle();
        if (settings_.idle_timeout <= clock::duration::zero())
            c.reset();
        if (!waiting_.empty() && (c || !waiting_is_better(used_ - 1)))
            grant_first(std::move(c));
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
    }

private:
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

    void grant_first(connection_ptr c)
    {
        waiting_.front().grant(handle<Stream>(this->shared_from_this(), std::move(c)));
    }

    /// Why a connection could not be opened.
    class fault
    {
    public:
        fault() = default;
        fault(boost::system::error_code e, progress p, std::string d) : ec(e), reached(p), detail(std::move(d)) {}

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
    boost::intrusive::list<waiter<Stream>, boost::intrusive::constant_time_size<false>> waiting_;
    std::size_t waiting_count_ = 0; // the list has to be walked to be counted
    std::size_t used_ = 0;          // idle, being opened, or in an exchange
    std::size_t opening_ = 0;       // of these
    bool closed_ = false;
};

/// A connection that is being opened. One of `opened`, `not_opened` and `opening_abandoned` of the pool follows in any
/// case.
template<class Stream>
class opening_guard
{
public:
    opening_guard() noexcept = default;
    opening_guard(pool<Stream>& from, breaker::attempt a) noexcept : pool_(&from), attempt_(a) {}
    opening_guard(opening_guard&& other) noexcept : pool_(std::exchange(other.pool_, nullptr)), attempt_(other.attempt_)
    {
    }
    opening_guard& operator=(opening_guard&& other) noexcept
    {
        std::swap(pool_, other.pool_);
        std::swap(attempt_, other.attempt_);
        return *this;
    }
    ~opening_guard()
    {
        if (pool_)
            pool_->opening_abandoned(attempt_);
    }

    /// It ended, and the pool is notified in another way.
    void end() noexcept { pool_ = nullptr; }

private:
    pool<Stream>* pool_ = nullptr;
    breaker::attempt attempt_ = breaker::attempt::usual;
};

/// Makes one exchange: takes a connection, writes the request, reads the reply.
///
/// A composed operation and no coroutine: a warm exchange is one write and one read, and a coroutine's frame more would
/// not fit what Asio keeps ready for reuse.
template<class Stream>
class round_trip
{
public:
    round_trip(std::shared_ptr<pool<Stream>> from, exchange& x) noexcept : pool_(std::move(from)), x_(&x) {}

    /// The start, and the end of everything that was started but the opening of a connection.
    template<class Self>
    void operator()(Self& self, boost::system::error_code ec = {}, std::size_t size = 0)
    {
        switch (step_)
        {
        case step::start: start(self); return;
        case step::waiting:
            // Woken: by a grant, by the deadline or by a cancellation, or to look for itself. The grant of one who
            // cancelled goes on to the next with the waiter.
            handle_ = std::move(waiting_->granted);
            if (stopped(self))
                decline(self, asio::error::operation_aborted);
            else if (clock::now() >= x_->deadline)
                decline(self, make_error_code(errc::timed_out));
            else if (handle_ || (handle_ = pool_->take_new()))
            {
                waiting_.reset();
                if (handle_.get() && pool_->is_stale(*handle_.get()))
                    handle_.put(nullptr);
                use(self);
            }
            else
                wait(self);
            return;
        case step::failing: complete(self, ec_); return;
        case step::sending:
            if (ec)
                lost(self, ec);
            else if (stopped(self))
                lost(self, asio::error::operation_aborted);
            else if (sent_ += size; sent_ != x_->request_bytes.size())
                send(self);
            else
                receive(self);
            return;
        case step::receiving: received(self, ec, size); return;
        case step::opening: return; // ends in the overload below
        }
    }

    /// A connection was opened, or not.
    template<class Self>
    void operator()(Self& self, std::exception_ptr thrown, boost::system::error_code ec)
    {
        if (thrown)
            ec = code_of(thrown);
        opening_.end();
        if (ec)
            pool_->not_opened(*handle_.get(), ec, *x_);
        else
            pool_->opened(*x_);
        if (ec)
            finish(self, pool_->error_of(*handle_.get(), ec, *x_));
        else if (stopped(self))
            decline(self, asio::error::operation_aborted);
        else
            begin(self);
    }

private:
    enum class step
    {
        start,
        waiting,
        opening,
        sending,
        receiving,
        failing
    };

    /// A coroutine that was cancelled between two steps leaves by an exception; the resolver throws, too, when it gets
    /// no thread.
    static boost::system::error_code code_of(std::exception_ptr const& thrown)
    {
        try
        {
            std::rethrow_exception(thrown);
        }
        catch (boost::system::system_error const& e)
        {
            return e.code();
        }
        catch (...)
        {
            return asio::error::no_memory;
        }
    }

    /// Whether a cancellation arrived after a step had ended and before its handler was called: then there was nothing
    /// to interrupt, and the next step must not begin.
    template<class Self>
    static bool stopped(Self& self) noexcept
    {
        return self.cancelled() != asio::cancellation_type::none;
    }

    template<class Self>
    void start(Self& self)
    {
        auto s = pool_->take();
        // A request that delivers something and is written at once sets its filter then.
        bool const is_written_at_once = s.get() && !x_->require_new_connection && x_->committed;
        if (!is_written_at_once)
            self.reset_cancellation_state(asio::enable_total_cancellation());
        acquire(self, std::move(s));
    }

    template<class Self>
    void acquire(Self& self, handle<Stream> s)
    {
        if (s)
        {
            handle_ = std::move(s);
            use(self);
            return;
        }
        if (!pool_->may_wait())
        {
            finish(self, make_error_code(errc::queue_full));
            return;
        }
        x_->progress = progress::queued;
        step_ = step::waiting;
        waiting_ = pool_->enqueue();
        wait(self);
    }

    template<class Self>
    void wait(Self& self)
    {
        auto& timer = waiting_->timer;
        timer.expires_at(std::min(x_->deadline, pool_->next_try()));
        timer.async_wait(std::move(self));
    }

    template<class Self>
    void use(Self& self)
    {
        if (handle_.get() && !x_->require_new_connection)
        {
            x_->progress = progress::connected;
            begin(self);
            return;
        }
        x_->unused_proxy = pool_->way().unused_proxy;
        auto c = pool_->make_connection();
        if (!c)
        {
            finish(self, pool_->refuse(*x_));
            return;
        }
        step_ = step::opening;
        opening_ = opening_guard<Stream>(*pool_, c->attempt);
        handle_.put(std::move(c));
        auto const ex = pool_->executor(); // moving `self` moves this operation with it
        auto opening = open_connection(pool_, *handle_.get(), *x_);
        asio::co_spawn(ex, std::move(opening), opening_end<Self>(std::move(self)));
    }

    /// Goes on when the opening of a connection has ended.
    ///
    /// It has no associated executor: `co_spawn` then passes a cancellation on at once. Otherwise a cancellation that
    /// comes while no thread runs the executor would post a pointer into the memory of the operation's cancellation
    /// slot, which may have another use by then.
    template<class Self>
    class opening_end
    {
    public:
        using cancellation_slot_type = asio::associated_cancellation_slot_t<Self>;
        using allocator_type = asio::associated_allocator_t<Self>;

        explicit opening_end(Self self) : self_(std::move(self)) {}

        cancellation_slot_type get_cancellation_slot() const noexcept
        {
            return asio::get_associated_cancellation_slot(self_);
        }
        allocator_type get_allocator() const noexcept { return asio::get_associated_allocator(self_); }

        void operator()(std::exception_ptr thrown, boost::system::error_code ec) { self_(thrown, ec); }

    private:
        Self self_;
    };

    static asio::awaitable<boost::system::error_code> open_connection(std::shared_ptr<pool<Stream>> from,
                                                                      connection<Stream>& c, exchange& x)
    {
        // Resetting forgets what has come already.
        auto const before = co_await asio::this_coro::cancellation_state;
        if (before.cancelled() != asio::cancellation_type::none)
            co_return asio::error::operation_aborted;
        co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
        boost::system::error_code const ec = co_await open(c, from->way(), x);
        co_return ec;
    }

    /// Leaves the queue without having used what was granted.
    template<class Self>
    void decline(Self& self, boost::system::error_code ec)
    {
        waiting_.reset();
        if (handle_ && handle_.get())
            handle_.keep();
        finish(self, ec);
    }

    template<class Self>
    void begin(Self& self)
    {
        if (x_->request_bytes.empty()) // only a connection was wanted
        {
            handle_.keep();
            x_->progress = progress::complete;
            finish(self, {});
            return;
        }
        (void)x_->in.space(); // gets the memory for the reply: that must not fail when the request has been sent
        if (x_->committed)
        {
            *x_->committed = true;
            self.reset_cancellation_state(asio::enable_partial_cancellation());
        }
        sent_ = 0;
        x_->write_started = clock::now();
        x_->progress = progress::sending;
        handle_.get()->watch(x_->deadline);
        send(self);
    }

    template<class Self>
    void send(Self& self)
    {
        step_ = step::sending;
        auto& stream = handle_.get()->stream;
        stream.async_write_some(asio::buffer(x_->request_bytes.data() + sent_, x_->request_bytes.size() - sent_),
                                std::move(self));
    }

    template<class Self>
    void receive(Self& self)
    {
        step_ = step::receiving;
        x_->progress = progress::receiving;
        auto& stream = handle_.get()->stream;
        auto const space = x_->in.space();
        stream.async_read_some(space, std::move(self));
    }

    template<class Self>
    void received(Self& self, boost::system::error_code ec, std::size_t size)
    {
        bool complete_now = false;
        if (!ec)
            complete_now = x_->in.feed(size, ec);
        else if (ec == asio::error::eof)
        {
            ec = {};
            complete_now = x_->in.feed_end(ec);
            if (!complete_now && !ec)
                ec = asio::error::eof;
        }
        if (complete_now)
        {
            x_->progress = progress::complete;
            handle_.get()->unwatch();
            if (x_->in.reusable() && !handle_.get()->expired())
                handle_.keep();
            finish(self, {});
        }
        else if (ec)
            lost(self, ec);
        else if (stopped(self))
            lost(self, asio::error::operation_aborted);
        else
            receive(self);
    }

    /// The connection broke. One that was idle before may have been closed by the peer just then: the caller decides
    /// what to do about it.
    template<class Self>
    void lost(Self& self, boost::system::error_code ec)
    {
        auto* const c = handle_.get();
        x_->certificate_refused =
            rejects_a_certificate(ec) && c->certificate_is_pending() && !c->expired() && !x_->in.started();
        x_->reused_connection_closed =
            !c->expired() && ec != asio::error::operation_aborted && c->reused() && !x_->in.started();
        finish(self, c->expired() ? make_error_code(errc::timed_out) : ec);
    }

    template<class Self>
    void finish(Self& self, boost::system::error_code ec)
    {
        if (step_ != step::start)
        {
            complete(self, ec);
            return;
        }
        // Nothing has been waited for yet: completing now would be inside the initiating call.
        step_ = step::failing;
        ec_ = ec;
        asio::post(pool_->executor(), std::move(self));
    }

    template<class Self>
    void complete(Self& self, boost::system::error_code ec)
    {
        if (handle_ && handle_.get())
            handle_.get()->unwatch();
        handle_ = {};
        self.complete(ec);
    }

    std::shared_ptr<pool<Stream>> pool_;
    exchange* x_;
    handle<Stream> handle_;
    opening_guard<Stream> opening_;
    std::unique_ptr<waiter<Stream>> waiting_;
    std::size_t sent_ = 0;
    boost::system::error_code ec_;
    step step_ = step::start;
};

/// What a transport policy makes: exchanges with one endpoint.
template<class Stream>
class client
{
public:
    client(asio::any_io_executor ex, route way, pool_settings settings)
        : pool_(std::make_shared<pool<Stream>>(std::move(ex), std::move(way), settings))
    {
    }
    client(client&&) noexcept = default;
    client& operator=(client&&) = delete;
    ~client()
    {
        if (pool_)
            pool_->close();
    }

    /// Makes one exchange; one without bytes only sees to it that a connection is open.
    ///
    /// Completes with `void(error_code)`, never inside the call. `x` belongs to it until then.
    template<class Token>
    auto async_round_trip(exchange& x, Token&& token)
    {
        return asio::async_compose<Token, void(boost::system::error_code)>(round_trip<Stream>(pool_, x), token,
                                                                           pool_->executor());
    }

private:
    std::shared_ptr<pool<Stream>> pool_;
};

} // namespace tidings::inline v0::transport::detail

#endif
