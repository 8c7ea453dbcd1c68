// The steps of an exchange. They need the pool, which needs the class.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TRANSPORT_DETAIL_ROUND_TRIP_STEPS_HPP
#define TIDINGS_TRANSPORT_DETAIL_ROUND_TRIP_STEPS_HPP

#include <tidings/detail/background.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/transport/detail/client.hpp>
#include <tidings/transport/detail/connection.hpp>
#include <tidings/transport/detail/pool.hpp>
#include <tidings/transport/detail/round_trip.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <memory>
#include <new>
#include <string_view>
#include <utility>

namespace tidings::inline v0::transport::detail {

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
            tidings::detail::start(pool_->executor(), std::move(opening), std::make_unique<opening_end>(*this));
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
