// A bounded set of connections that are kept alive, and the one way to use them.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TRANSPORT_DETAIL_POOL_HPP
#define TIDINGS_TRANSPORT_DETAIL_POOL_HPP

#include <tidings/detail/config.hpp>
#include <tidings/transport/detail/client.hpp>
#include <tidings/transport/detail/connection.hpp>
#include <tidings/transport/detail/pool_settings.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0::transport::detail {

class pool;
using connection_ptr = std::unique_ptr<connection>;

/// The right to one of the pool's connections, with or without a connection in it. Given back when it goes.
class handle
{
public:
    handle() noexcept = default;
    handle(std::shared_ptr<pool> from, connection_ptr c) noexcept : pool_(std::move(from)), connection_(std::move(c)) {}
    handle(handle&&) noexcept = default;
    handle& operator=(handle&& other) noexcept
    {
        handle old(std::move(*this));
        pool_ = std::move(other.pool_);
        connection_ = std::move(other.connection_);
        return *this;
    }
    inline ~handle();

    explicit operator bool() const noexcept { return pool_ != nullptr; }
    connection* get() const noexcept { return connection_.get(); }
    void put(connection_ptr c) noexcept { connection_ = std::move(c); }

    /// Gives it back with a connection that can be used again.
    inline void keep(clock::time_point now = clock::now());

private:
    std::shared_ptr<pool> pool_;
    connection_ptr connection_;
};

/// A call that waits for a connection.
class waiter : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>
{
public:
    /// @param count   Of those in the queue. Outlives it.
    /// @param coming  Of those that are woken to share a connection, and do not know it yet. Outlives it.
    /// @param shares  Whether it may share a connection.
    waiter(asio::any_io_executor const& ex, std::size_t& count, std::size_t& coming, bool shares)
        : timer(ex), may_share(shares), count_(count), coming_(coming)
    {
        ++count_;
    }
    waiter(waiter const&) = delete;
    waiter& operator=(waiter const&) = delete;
    ~waiter()
    {
        leave();
        has_come();
    }

    void wake_to_share()
    {
        if (!std::exchange(is_coming_, true))
            ++coming_;
        timer.cancel();
    }
    void has_come() noexcept
    {
        if (std::exchange(is_coming_, false))
            --coming_;
    }

    void grant(handle s)
    {
        leave();
        granted = std::move(s);
        timer.cancel();
    }

    asio::steady_timer timer;
    handle granted;
    bool const may_share;

private:
    void leave() noexcept
    {
        if (std::exchange(is_counted_, false))
            --count_;
        this->unlink();
    }

    std::size_t& count_;
    std::size_t& coming_;
    bool is_counted_ = true;
    bool is_coming_ = false;
};

/// A connection that is being opened. One of `opened`, `not_opened` and `opening_abandoned` of the pool follows in any
/// case.
class opening_guard
{
public:
    opening_guard() noexcept = default;
    opening_guard(pool& from, breaker::attempt a) noexcept : pool_(&from), attempt_(a) {}
    opening_guard(opening_guard&& other) noexcept : pool_(std::exchange(other.pool_, nullptr)), attempt_(other.attempt_)
    {
    }
    opening_guard& operator=(opening_guard&& other) noexcept
    {
        std::swap(pool_, other.pool_);
        std::swap(attempt_, other.attempt_);
        return *this;
    }
    inline ~opening_guard();

    /// It ended, and the pool is notified in another way.
    void end() noexcept { pool_ = nullptr; }

private:
    pool* pool_ = nullptr;
    breaker::attempt attempt_ = breaker::attempt::usual;
};

/// Memory of the step that an exchange is waiting for: there is one at a time.
class step_memory
{
public:
    step_memory() noexcept = default;
    step_memory(step_memory const&) = delete;
    step_memory& operator=(step_memory const&) = delete;

    void* allocate(std::size_t size)
    {
        if (is_used_ || size > sizeof bytes_)
            return ::operator new(size);
        is_used_ = true;
        return bytes_;
    }
    void deallocate(void* at) noexcept
    {
        if (at == bytes_)
            is_used_ = false;
        else
            ::operator delete(at);
    }

private:
    alignas(std::max_align_t) std::byte bytes_[320];
    bool is_used_ = false;
};

template<class T>
class step_allocator
{
public:
    using value_type = T;

    explicit step_allocator(step_memory& memory) noexcept : memory_(&memory) {}
    template<class U>
    step_allocator(step_allocator<U> const& other) noexcept : memory_(other.memory_)
    {
    }

    T* allocate(std::size_t n) { return static_cast<T*>(memory_->allocate(n * sizeof(T))); }
    void deallocate(T* at, std::size_t) noexcept { memory_->deallocate(at); }

    friend bool operator==(step_allocator const&, step_allocator const&) noexcept = default;

private:
    template<class>
    friend class step_allocator;

    step_memory* memory_;
};

/// An exchange that may be one of several in a row.
class exchange_in_line
    : public pending_exchange,
      public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>
{
public:
    inline void take_place_of(exchange_in_line& other);

protected:
    exchange_in_line() = default;
    ~exchange_in_line() = default;
};
using line = boost::intrusive::list<exchange_in_line, boost::intrusive::constant_time_size<false>>;

inline void exchange_in_line::take_place_of(exchange_in_line& other)
{
    line any; // it keeps no count, so that each can do it
    any.insert(line::s_iterator_to(other), *this);
    other.unlink();
}

/// Makes one exchange: takes a connection, writes the request, reads the reply.
///
/// Several that may be repeated can share a connection: they are written together, and their replies are read in the same
/// order. The first has the connection, and the others behind it; it passes both on when its reply is there.
///
/// It has no type parameter for its handler, and is moved nowhere: what waits for a step knows its address. Where a step
/// is destroyed with its execution context, the exchange is destroyed with it.
class round_trip final : public exchange_in_line
{
public:
    round_trip(std::shared_ptr<pool> from, exchange& x) noexcept : pool_(std::move(from)), x_(&x) {}
    /// One that nobody waits for.
    round_trip(std::shared_ptr<pool> from, std::unique_ptr<exchange> dropped) noexcept
        : pool_(std::move(from)), x_(dropped.get()), dropped_(std::move(dropped))
    {
    }
    round_trip(round_trip const&) = delete;
    round_trip& operator=(round_trip const&) = delete;

    /// Called within the initiating call: from here on the exchange destroys itself.
    ///
    /// @param own   The executor of the handler.
    /// @param slot  Of the handler.
    inline void start(asio::any_io_executor const& own, asio::cancellation_slot slot);

    /// Whether it may share a connection with others.
    bool may_share() const noexcept
    {
        return may_repeat() && !x_->writer && !x_->require_new_connection && x_->request_bytes.size() <= max_together;
    }
    std::size_t size() const noexcept { return x_->request_bytes.size(); }
    /// Before it is written: another one is to be written with it.
    ///
    /// @throws std::bad_alloc  It is not.
    inline void take_along(round_trip& r);

    /// Writes the request, with those that it takes along, or as much of them as the socket takes.
    inline void depart(clock::time_point now);
    /// Goes on after `depart`.
    inline void written();

    static round_trip& of(exchange_in_line& r) noexcept { return static_cast<round_trip&>(r); }
    static round_trip& pop(line& from) noexcept
    {
        auto& out = of(from.front());
        from.pop_front();
        return out;
    }

    /// Its end without a result, where the execution context has ended.
    inline void destroy() noexcept;

private:
    enum class step
    {
        waiting, ///< For a connection.
        opening,
        leaving,   ///< It is written with the others of this turn of the loop.
        following, ///< It is written, behind another one over the same connection.
        sending,
        receiving,
        sending_record, ///< One of TLS itself, before more can be received.
        ending          ///< All that is left is to call the handler.
    };

    /// What a step calls when it has ended.
    class step_handler
    {
    public:
        using allocator_type = step_allocator<void>;

        explicit step_handler(round_trip& of) noexcept : of_(&of), memory_(&of.memory_) {}
        step_handler(step_handler&& other) noexcept : of_(std::exchange(other.of_, nullptr)), memory_(other.memory_) {}
        step_handler& operator=(step_handler&&) = delete;
        ~step_handler()
        {
            if (of_)
                of_->not_called();
        }

        allocator_type get_allocator() const noexcept { return allocator_type(*memory_); }

        void operator()(boost::system::error_code ec = {}, std::size_t size = 0)
        {
            std::exchange(of_, nullptr)->ended(ec, size);
        }

    private:
        round_trip* of_;
        step_memory* memory_;
    };

    /// Goes on when the opening of a connection has ended.
    ///
    /// It has no associated executor: `co_spawn` then passes a cancellation on at once. Otherwise a cancellation that
    /// comes while no thread runs the executor would post a pointer into the memory of the operation's cancellation
    /// slot, which may have another use by then.
    class opening_end
    {
    public:
        using cancellation_slot_type = asio::cancellation_slot;

        explicit opening_end(round_trip& of) noexcept : of_(&of) { of.opening_end_ = this; }
        opening_end(opening_end&& other) noexcept : of_(std::exchange(other.of_, nullptr))
        {
            if (of_)
                of_->opening_end_ = this;
        }
        opening_end& operator=(opening_end&&) = delete;
        ~opening_end()
        {
            if (auto* const of = detach())
                of->not_called();
        }

        cancellation_slot_type get_cancellation_slot() const noexcept { return of_->cancel_opening_.slot(); }

        void operator()(std::exception_ptr thrown, boost::system::error_code ec)
        {
            detach()->connection_opened(thrown, ec);
        }

        round_trip* detach() noexcept
        {
            if (of_)
                of_->opening_end_ = nullptr;
            return std::exchange(of_, nullptr);
        }

    private:
        round_trip* of_;
    };

    /// What a cancellation calls.
    class canceller
    {
    public:
        explicit canceller(round_trip& of) noexcept : of_(&of) {}

        void operator()(asio::cancellation_type type) const { of_->cancel(type); }

    private:
        round_trip* of_;
    };

    /// Starts what ends in `ended`. Without the memory for it, it has ended already.
    template<class Start>
    void begin_step(step what, Start const& start_step);
    inline void not_called() noexcept;

    inline void ended(boost::system::error_code ec, std::size_t size);
    inline void connection_opened(std::exception_ptr const& thrown, boost::system::error_code ec);
    inline void cancel(asio::cancellation_type type);

    /// Where only a connection is wanted, it has to be there.
    bool may_repeat() const noexcept { return x_->may_repeat && (x_->writer || !x_->request_bytes.empty()); }
    bool is_cancelled() const noexcept { return cancelled_ != asio::cancellation_type::none; }
    /// Nobody waits for its reply, nor for one behind it.
    bool is_abandoned() const noexcept { return is_cancelled() || (dropped_ && handle_.get()->awaited == 0); }
    /// Whether writing failed because the peer reset the connection when it had received something: it may have answered
    /// before (413), and that can still be read.
    bool may_have_been_answered() const noexcept
    {
        return sent_ != 0 && behind_.empty() &&
               (ec_ == asio::error::connection_reset || ec_ == asio::error::broken_pipe);
    }

    inline void wait();
    inline void stop_waiting();
    inline void use();
    inline void open();
    inline void begin();
    inline bool write_request();
    inline bool is_wanted(clock::time_point now);
    inline void commit(clock::time_point now);
    inline clock::time_point nearest_deadline();
    inline void write(clock::time_point now);
    inline void receive();
    inline void received(boost::system::error_code ec, std::size_t size);
    inline void received_record(boost::system::error_code ec);
    inline bool feed(std::size_t size, boost::system::error_code& ec);
    inline bool feed_from(std::string_view& bytes, boost::system::error_code& ec);
    inline void go_on_receiving(bool is_complete, boost::system::error_code ec);
    inline bool read_records(boost::system::error_code& ec);
    inline void decline(boost::system::error_code ec);
    inline void pass_on();
    inline round_trip* substitute();
    inline void stop_following();
    inline bool leave_to_others(boost::system::error_code ec);
    inline void cut(line& ended);
    inline void lost(boost::system::error_code ec);
    inline void finish(boost::system::error_code ec);
    static inline void finish_all(line& ended);
    inline void complete();

    std::shared_ptr<pool> pool_;
    exchange* x_;
    handle handle_;
    opening_guard opening_;
    opening_end* opening_end_ = nullptr; ///< While it may be called.
    std::optional<waiter> waiter_;
    std::optional<asio::any_io_executor> own_; ///< Of the handler, where that is another than the pool's.
    asio::cancellation_slot slot_;
    asio::cancellation_signal cancel_opening_;
    asio::cancellation_type heeded_ =
        asio::cancellation_type::total | asio::cancellation_type::partial | asio::cancellation_type::terminal;
    asio::cancellation_type cancelled_ = asio::cancellation_type::none;
    line behind_;                  ///< They get their replies over this connection after this one.
    connection* shared_ = nullptr; ///< While it is in the line of another one.
    std::unique_ptr<exchange> dropped_;
    std::string_view outgoing_; ///< The request, or several.
    std::size_t sent_ = 0;
    boost::system::error_code ec_;
    step step_ = step::ending;
    bool has_company_ = false; ///< It was written together with others.
    bool must_post_ = true;    ///< The handler cannot be called at once: the initiating call has not returned.
    bool is_starting_ = false; ///< A step may turn out not to begin.
    step_memory memory_;
};

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
            asio::co_spawn(executor_, open_connection(shared_from_this(), opening->target(), opening->x),
                           asio::bind_cancellation_slot(opening->stop.slot(),
                                                        [self = shared_from_this(), opening](
                                                            std::exception_ptr thrown, boost::system::error_code ec) {
                                                            self->early_opened(*opening, !thrown && !ec);
                                                        }));
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

// ---- Exchanges

TIDINGS_COLD inline asio::awaitable<boost::system::error_code> open_connection(std::shared_ptr<pool> from,
                                                                               connection& c, exchange& x)
{
    // Resetting forgets what has come already.
    auto const before = co_await asio::this_coro::cancellation_state;
    if (before.cancelled() != asio::cancellation_type::none)
        co_return asio::error::operation_aborted;
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    boost::system::error_code const ec = co_await detail::open(c, from->way(), from->deadlines(), x);
    co_return ec;
}

inline void round_trip::start(asio::any_io_executor const& own, asio::cancellation_slot slot)
{
    try
    {
        if (own != pool_->executor())
        {
            own_ = own; // in case that the next fails
            own_ = asio::prefer(own, asio::execution::outstanding_work.tracked);
        }
        if (slot.is_connected())
        {
            slot.emplace<canceller>(*this);
            slot_ = slot;
        }
        if (pool_->share(*this, false))
            return;
        handle_ = pool_->take(may_repeat());
    }
    catch (std::bad_alloc const&)
    {
        finish(asio::error::no_memory);
        return;
    }
    if (handle_)
        use();
    else if (!pool_->may_wait())
        finish(make_error_code(errc::queue_full));
    else
    {
        x_->progress = progress::queued;
        pool_->enqueue(waiter_, may_share());
        wait();
    }
}

inline void round_trip::destroy() noexcept
{
    auto const from = pool_;
    while (!behind_.empty())
        of(behind_.front()).destroy();
    this->~round_trip();
    from->deallocate(this);
}

template<class Start>
void round_trip::begin_step(step what, Start const& start_step)
{
    step_ = what;
    is_starting_ = true;
    try
    {
        start_step(step_handler(*this));
        is_starting_ = false;
    }
    catch (...)
    {
        is_starting_ = false;
        lost(asio::error::no_memory);
    }
}

TIDINGS_COLD inline void round_trip::not_called() noexcept
{
    if (!is_starting_)
        destroy();
}

/// A step has ended, but the opening of a connection.
inline void round_trip::ended(boost::system::error_code ec, std::size_t size)
{
    must_post_ = false;
    switch (step_)
    {
    case step::waiting: stop_waiting(); return;
    case step::sending:
        if (!ec)
            write(x_->write_started);
        else
            ec_ = ec;
        written();
        return;
    case step::receiving: received(ec, size); return;
    case step::sending_record: received_record(ec); return;
    case step::ending: complete(); return;
    case step::opening:
    case step::leaving:
    case step::following: return; // these end elsewhere
    }
}

/// A connection was opened, or not.
TIDINGS_COLD inline void round_trip::connection_opened(std::exception_ptr const& thrown, boost::system::error_code ec)
{
    // A coroutine that was cancelled between two steps leaves by an exception; the resolver throws, too, when it gets no
    // thread.
    if (thrown)
        try
        {
            std::rethrow_exception(thrown);
        }
        catch (boost::system::system_error const& e)
        {
            ec = e.code();
        }
        catch (...)
        {
            ec = asio::error::no_memory;
        }
    must_post_ = false;
    opening_.end();
    if (ec)
        pool_->not_opened(*handle_.get(), ec, *x_);
    else
        pool_->opened(*x_);
    if (ec)
        finish(pool_->error_of(*handle_.get(), ec, *x_));
    else if (is_cancelled())
        decline(asio::error::operation_aborted);
    else
        begin();
}

/// Interrupts the step that is waited for. A cancellation that comes after it has ended, and before it is known here,
/// keeps the next one from beginning.
TIDINGS_COLD inline void round_trip::cancel(asio::cancellation_type type)
{
    type = type & heeded_;
    if (type == asio::cancellation_type::none)
        return;
    cancelled_ = cancelled_ | type;
    boost::system::error_code ignored;
    switch (step_)
    {
    case step::waiting: waiter_->timer.cancel(); return;
    case step::opening: cancel_opening_.emit(type); return;
    case step::sending:
    case step::receiving:
    case step::sending_record: handle_.get()->socket().cancel(ignored); return;
    case step::following: stop_following(); return;
    case step::leaving:
    case step::ending: return;
    }
}

inline void round_trip::wait()
{
    auto& timer = waiter_->timer;
    timer.expires_at(std::min(x_->deadline, pool_->next_try()));
    begin_step(step::waiting, [&timer](step_handler next) { timer.async_wait(std::move(next)); });
}

/// Woken: by a grant, by the deadline or by a cancellation, or to look for itself. The grant of one who cancelled goes on
/// to the next with the waiter.
inline void round_trip::stop_waiting()
{
    waiter_->has_come();
    handle_ = std::move(waiter_->granted);
    if (is_cancelled())
    {
        decline(asio::error::operation_aborted);
        return;
    }
    if (clock::now() >= x_->deadline)
    {
        decline(make_error_code(errc::timed_out));
        return;
    }
    try
    {
        if (!handle_ && pool_->share(*this, true))
        {
            waiter_.reset();
            return;
        }
        if (!handle_)
            handle_ = pool_->take_new();
    }
    catch (std::bad_alloc const&)
    {
        decline(asio::error::no_memory);
        return;
    }
    if (handle_)
    {
        waiter_.reset();
        if (handle_.get() && pool_->is_stale(*handle_.get(), may_repeat()))
            handle_.put(nullptr);
        use();
    }
    else
        wait();
}

inline void round_trip::use()
{
    if (handle_.get() && !x_->require_new_connection)
    {
        x_->progress = progress::connected;
        begin();
    }
    else
        open();
}

TIDINGS_COLD inline void round_trip::open()
{
    x_->unused_proxy = pool_->way().unused_proxy;
    step_ = step::opening;
    is_starting_ = true;
    boost::system::error_code ec;
    try
    {
        if (auto c = pool_->make_connection())
        {
            opening_ = opening_guard(*pool_, c->attempt);
            handle_.put(std::move(c));
            auto opening = open_connection(pool_, *handle_.get(), *x_);
            asio::co_spawn(pool_->executor(), std::move(opening), opening_end(*this));
            is_starting_ = false;
            return;
        }
        ec = pool_->refuse(*x_);
    }
    catch (...)
    {
        // Asio posts the end of a coroutine that could not be started.
        if (opening_end_)
            opening_end_->detach();
        opening_ = opening_guard();
        ec = asio::error::no_memory;
    }
    is_starting_ = false;
    finish(ec); // calls the handler, which may throw
}

/// Leaves the queue without having used what was granted.
TIDINGS_COLD inline void round_trip::decline(boost::system::error_code ec)
{
    waiter_.reset();
    if (handle_.get() && handle_.get()->is_quiet())
        handle_.keep();
    finish(ec);
}

inline void round_trip::begin()
{
    if (x_->writer && !write_request())
        return;
    if (x_->request_bytes.empty()) // only a connection was wanted
    {
        if (handle_.get()->is_quiet())
            handle_.keep();
        x_->progress = progress::complete;
        finish({});
        return;
    }
    try
    {
        (void)x_->in.space(); // gets the memory for the reply: that must not fail when the request has been sent
    }
    catch (std::bad_alloc const&)
    {
        finish(asio::error::no_memory);
        return;
    }
    step_ = step::leaving;
    if (pool_->defer(*this))
    {
        must_post_ = true; // a handler that throws must not keep others from leaving
        return;
    }
    write(clock::now());
    written();
}

/// There is a connection for a request that was not written until now.
inline bool round_trip::write_request()
{
    bool const is_written = std::exchange(x_->writer, nullptr)->write_request();
    if (!is_written)
        decline(asio::error::invalid_argument);
    return is_written;
}

inline void round_trip::take_along(round_trip& r)
{
    (void)handle_.get()->together(); // gets its memory
    (void)r.x_->in.space();          // as in `begin`
    r.x_->progress = progress::connected;
    r.step_ = step::leaving;
    r.must_post_ = true;
    behind_.push_back(r);
}

inline void round_trip::depart(clock::time_point now)
{
    for (auto at = behind_.begin(); at != behind_.end();)
        if (auto& r = of(*at++); !r.is_wanted(now))
        {
            r.unlink();
            r.finish(r.ec_);
        }
    if (behind_.empty() || is_wanted(now))
    {
        write(now);
        return;
    }
    auto& next = pop(behind_);
    next.handle_ = std::move(handle_);
    next.behind_.swap(behind_);
    next.take_place_of(*this);
    next.write(now);
    finish(ec_);
}

/// Whether it is still to be written. Otherwise `ec_` is why not.
inline bool round_trip::is_wanted(clock::time_point now)
{
    if (is_cancelled())
        ec_ = asio::error::operation_aborted;
    else if (now >= x_->deadline)
        ec_ = make_error_code(errc::timed_out);
    return !ec_;
}

/// From here on the peer may have received it.
inline void round_trip::commit(clock::time_point now)
{
    if (x_->committed)
    {
        *x_->committed = true;
        heeded_ = asio::cancellation_type::partial | asio::cancellation_type::terminal;
    }
    x_->write_started = now;
    x_->progress = progress::sending;
}

/// Of all those on the connection.
inline clock::time_point round_trip::nearest_deadline()
{
    auto out = x_->deadline;
    for (auto& r : behind_)
        out = std::min(out, of(r).x_->deadline);
    return out;
}

inline void round_trip::write(clock::time_point now)
{
    auto& c = *handle_.get();
    if (x_->progress != progress::sending)
    {
        if (!is_wanted(now))
            return;
        try
        {
            pool_->deadlines().watch(c, nearest_deadline());
        }
        catch (std::bad_alloc const&)
        {
            ec_ = asio::error::no_memory;
            return;
        }
        commit(now);
        outgoing_ = x_->request_bytes;
        if (!behind_.empty())
        {
            auto& together = c.together();
            together.assign(outgoing_);
            c.awaited = 1;
            has_company_ = true;
            for (auto& other : behind_)
            {
                auto& r = of(other);
                r.commit(now);
                together += r.x_->request_bytes;
                r.has_company_ = true;
                r.shared_ = &c;
                r.step_ = step::following;
                ++c.awaited;
            }
            outgoing_ = together;
        }
    }
    while (!ec_ && sent_ != outgoing_.size())
    {
        auto const rest = asio::buffer(outgoing_.data() + sent_, outgoing_.size() - sent_);
        std::size_t size = 0;
        if (auto* const tls = c.tls())
        {
            auto const needed = tls->write(rest, size, ec_);
            if (needed == tls_session::need::output)
                return;
            if (needed == tls_session::need::input) // that would be a new handshake, which is refused
                ec_ = asio::ssl::error::unexpected_result;
        }
        else
        {
            size = c.socket().write_some(rest, ec_);
            if (ec_ == asio::error::would_block || ec_ == asio::error::try_again)
            {
                ec_ = {};
                return;
            }
        }
        sent_ += size;
    }
}

inline void round_trip::written()
{
    if (x_->progress != progress::sending) // nothing was written: the connection is as it was
    {
        while (!behind_.empty())
            pop(behind_).finish(ec_);
        decline(ec_);
    }
    else if (ec_ && !may_have_been_answered())
        lost(ec_);
    else if (is_abandoned())
        lost(asio::error::operation_aborted);
    else if (ec_ || sent_ == outgoing_.size())
    {
        auto& c = *handle_.get();
        // Of one that is kept nothing is left to read.
        if (c.tls() && !c.reused() && c.tls()->has_input())
        {
            x_->progress = progress::receiving;
            received_record({});
        }
        else
            receive();
    }
    else
        begin_step(step::sending, [this](step_handler next) {
            handle_.get()->socket().async_wait(tcp::socket::wait_write, std::move(next));
        });
}

inline void round_trip::receive()
{
    x_->progress = progress::receiving;
    auto& c = *handle_.get();
    auto const space = c.tls() ? c.tls()->space() : x_->in.space();
    begin_step(step::receiving, [&c, space](step_handler next) { c.socket().async_read_some(space, std::move(next)); });
}

inline void round_trip::received(boost::system::error_code ec, std::size_t size)
{
    auto* const tls = handle_.get()->tls();
    bool is_complete = false;
    if (ec)
    {
        if (ec == asio::error::eof && tls)
            ec = tls->closed();
    }
    else if (tls)
    {
        tls->received(size);
        received_record(ec);
        return;
    }
    else
        is_complete = feed(size, ec);
    go_on_receiving(is_complete, ec);
}

/// TLS has something to read.
inline void round_trip::received_record(boost::system::error_code ec)
{
    bool const is_complete = !ec && read_records(ec);
    go_on_receiving(is_complete, ec);
}

/// Takes bytes of the reply. An unusual one may need memory.
inline bool round_trip::feed(std::size_t size, boost::system::error_code& ec)
{
    try
    {
        return x_->in.feed(size, ec);
    }
    catch (std::bad_alloc const&)
    {
        ec = asio::error::no_memory;
        return false;
    }
}

/// As `feed`, of bytes that arrived with the reply of another one.
inline bool round_trip::feed_from(std::string_view& bytes, boost::system::error_code& ec)
{
    try
    {
        return x_->in.feed_from(bytes, ec);
    }
    catch (std::bad_alloc const&)
    {
        ec = asio::error::no_memory;
        return false;
    }
}

/// Reads what TLS has. `step_` tells afterwards what it needs for more.
///
/// @returns Whether the reply is complete.
inline bool round_trip::read_records(boost::system::error_code& ec)
{
    auto& tls = *handle_.get()->tls();
    for (;;)
    {
        std::size_t size = 0;
        auto const needed = tls.read(x_->in.space(), size, ec);
        step_ = needed == tls_session::need::output ? step::sending_record : step::receiving;
        if (ec || needed != tls_session::need::nothing)
            return false;
        if (feed(size, ec))
            return true;
        if (ec)
            return false;
    }
}

inline void round_trip::go_on_receiving(bool is_complete, boost::system::error_code ec)
{
    if (ec_ && ec && ec.category() != asio::error::get_ssl_category()) // the end of a broken connection
    {
        x_->progress = progress::sending;
        ec = ec_;
    }
    if (ec == asio::error::eof)
    {
        ec = {};
        is_complete = x_->in.feed_end(ec);
        if (!is_complete && !ec)
            ec = asio::error::eof;
    }
    if (is_complete && !behind_.empty())
        pass_on();
    else if (is_complete)
    {
        auto& c = *handle_.get();
        x_->progress = progress::complete;
        x_->answered = clock::now();
        c.unwatch();
        if (has_company_)
            c.was_shared = true;
        if (!ec_ && x_->in.reusable() && !c.expired() && c.is_quiet())
            handle_.keep(x_->answered);
        finish({});
    }
    else if (ec)
        lost(ec);
    else if (is_abandoned())
        lost(asio::error::operation_aborted);
    else if (step_ == step::sending_record)
        begin_step(step_, [this](step_handler next) {
            handle_.get()->socket().async_wait(tcp::socket::wait_write, std::move(next));
        });
    else
        receive();
}

/// The reply is there, and others share the connection: it gives the connection to the next of them, whose reply may be
/// there, too. The handlers are called when all that has arrived is read.
inline void round_trip::pass_on()
{
    auto& c = *handle_.get();
    bool const posts = must_post_;
    line ended;
    auto* first = this;
    auto rest = x_->in.take_rest();
    boost::system::error_code ec;
    auto const now = clock::now();
    for (bool is_complete = true; is_complete;)
    {
        auto& done = *std::exchange(first, nullptr);
        done.x_->progress = progress::complete;
        done.x_->answered = now;
        done.ec_ = {};
        done.step_ = step::ending;
        ended.push_back(done);
        if (!done.dropped_)
            --c.awaited;
        if (done.behind_.empty())
        {
            c.unwatch();
            c.was_shared = true;
            if (done.x_->in.keeps_alive() && rest.empty() && !c.expired() && c.is_quiet())
                done.handle_.keep(now);
            done.handle_ = {};
            break;
        }
        if (!done.x_->in.keeps_alive() || c.awaited == 0)
        {
            if (c.awaited != 0)
                pool_->not_all_answered(c);
            done.cut(ended);
            done.handle_ = {};
            break;
        }
        first = &pop(done.behind_);
        first->handle_ = std::move(done.handle_);
        first->behind_.swap(done.behind_);
        first->shared_ = nullptr;
        first->must_post_ = posts;
        first->x_->progress = progress::receiving;
        first->step_ = step::receiving;
        is_complete = first->feed_from(rest, ec);
        if (!is_complete && !ec && c.tls() && (is_complete = first->read_records(ec)))
            rest = first->x_->in.take_rest();
    }
    if (first)
    {
        try
        {
            pool_->deadlines().watch(c, first->nearest_deadline());
        }
        catch (std::bad_alloc const&)
        {
            ec = asio::error::no_memory;
        }
        first->must_post_ = true; // the handlers of the others come first
        first->go_on_receiving(false, ec);
    }
    finish_all(ended);
}

/// Makes one that reads the reply in place of this one, and drops it. Null: there is no memory.
inline round_trip* round_trip::substitute()
{
    try
    {
        auto unused = std::make_unique<exchange>();
        (void)unused->in.space();
        unused->deadline = x_->deadline;
        unused->progress = x_->progress;
        unused->write_started = x_->write_started;
        auto* const out = ::new (pool_->allocate()) round_trip(pool_, std::move(unused));
        out->shared_ = shared_;
        out->outgoing_ = outgoing_;
        out->sent_ = sent_;
        out->step_ = step_;
        out->has_company_ = true;
        out->must_post_ = must_post_;
        return out;
    }
    catch (std::bad_alloc const&)
    {
        return nullptr;
    }
}

/// Cancelled while it waits behind another one. Without memory it stays, and ends when its turn comes.
inline void round_trip::stop_following()
{
    auto* const instead = substitute();
    if (!instead)
        return;
    instead->take_place_of(*this);
    boost::system::error_code ignored;
    if (--shared_->awaited == 0) // the first is a substitute, too
        shared_->socket().cancel(ignored);
    must_post_ = true;
    finish(asio::error::operation_aborted);
}

/// Cancelled before any byte of its reply has arrived: others on the connection still get theirs.
///
/// @returns Whether it has ended.
inline bool round_trip::leave_to_others(boost::system::error_code ec)
{
    auto* const c = handle_.get();
    if (behind_.empty() || !is_cancelled() || ec != asio::error::operation_aborted || c->expired() || c->awaited == 1 ||
        x_->in.started())
        return false;
    auto* const instead = substitute();
    if (!instead)
        return false;
    instead->handle_ = std::move(handle_);
    instead->behind_.swap(behind_);
    --c->awaited;
    must_post_ = true;
    finish(ec);
    if (instead->sent_ != instead->outgoing_.size())
    {
        instead->write(instead->x_->write_started);
        instead->written();
    }
    else if (c->tls())
        instead->received_record({});
    else
        instead->receive();
    return true;
}

/// Those behind get no reply over this connection. Nothing is lost: they may be repeated.
///
/// @param ended  They are put there.
inline void round_trip::cut(line& ended)
{
    bool const is_late = handle_.get()->expired();
    auto const now = clock::now();
    while (!behind_.empty())
    {
        auto& r = pop(behind_);
        bool const was_its_deadline = is_late && now >= r.x_->deadline;
        r.ec_ = was_its_deadline ? make_error_code(errc::timed_out) : asio::error::connection_aborted;
        r.x_->reused_connection_closed = !was_its_deadline;
        r.step_ = step::ending;
        r.must_post_ = must_post_;
        ended.push_back(r);
    }
}

/// The connection broke. One that was idle before may have been closed by the peer just then, and one that was shared
/// because it was: the caller decides what to do about it.
TIDINGS_COLD inline void round_trip::lost(boost::system::error_code ec)
{
    auto* const c = handle_.get();
    if (!c)
    {
        finish(ec);
        return;
    }
    if (leave_to_others(ec))
        return;
    bool const is_repeatable_elsewhere = c->reused() || has_company_;
    x_->certificate_refused =
        rejects_a_certificate(ec) && c->certificate_is_pending() && !c->expired() && !x_->in.started();
    x_->reused_connection_closed =
        !c->expired() && ec != asio::error::operation_aborted && is_repeatable_elsewhere && !x_->in.started();
    if (has_company_ && (c->expired() || ec != asio::error::operation_aborted) && ec != asio::error::no_memory)
        pool_->not_all_answered(*c);
    if (c->expired())
    {
        bool const was_its_deadline = !has_company_ || is_cancelled() || clock::now() >= x_->deadline;
        ec = was_its_deadline ? make_error_code(errc::timed_out) : asio::error::connection_aborted;
        x_->reused_connection_closed = !was_its_deadline && !x_->in.started();
    }
    line ended;
    step_ = step::ending;
    ec_ = ec;
    ended.push_back(*this);
    cut(ended);
    finish_all(ended);
}

inline void round_trip::finish_all(line& ended)
{
    try
    {
        while (!ended.empty())
        {
            auto& r = pop(ended);
            r.finish(r.ec_);
        }
    }
    catch (...)
    {
        while (!ended.empty())
        {
            auto& r = pop(ended);
            r.must_post_ = true;
            r.finish(r.ec_);
        }
        throw;
    }
}

inline void round_trip::finish(boost::system::error_code ec)
{
    ec_ = ec;
    step_ = step::ending;
    if (!must_post_)
    {
        complete();
        return;
    }
    is_starting_ = true;
    try
    {
        asio::post(pool_->executor(), step_handler(*this));
        is_starting_ = false;
    }
    catch (std::bad_alloc const&)
    {
        is_starting_ = false;
        complete(); // otherwise it would never
    }
}

inline void round_trip::complete()
{
    /// When the handler has begun no other exchange, the executor may run out of work.
    class end
    {
    public:
        explicit end(std::shared_ptr<pool> of) noexcept : pool_(std::move(of)) {}
        end(end const&) = delete;
        end& operator=(end const&) = delete;
        ~end() { pool_->deadlines().settle(); }

    private:
        std::shared_ptr<pool> pool_;
    };

    end const at_end(pool_);
    auto const ec = ec_;
    auto const own = std::move(own_);
    auto done = std::move(handler);
    if (slot_.is_connected())
        slot_.clear();
    handle_ = {};
    destroy();
    if (!done) // a substitute's
        return;
    if (own)
        asio::dispatch(*own, [done = std::move(done), ec]() mutable { done(ec); });
    else
        done(ec);
}

} // namespace tidings::inline v0::transport::detail

#endif
