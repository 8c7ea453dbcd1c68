// One exchange, step after step.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TRANSPORT_DETAIL_ROUND_TRIP_HPP
#define TIDINGS_TRANSPORT_DETAIL_ROUND_TRIP_HPP

#include <tidings/detail/background.hpp>
#include <tidings/transport/detail/client.hpp>
#include <tidings/transport/detail/connection.hpp>
#include <tidings/transport/detail/place.hpp>
#include <tidings/transport/detail/step_memory.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/intrusive/list.hpp>

#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace tidings::inline v0::transport::detail {

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
    class opening_end final : public tidings::detail::coroutine_end
    {
    public:
        explicit opening_end(round_trip& of) noexcept : of_(&of) { of.opening_end_ = this; }
        ~opening_end() override
        {
            if (auto* const of = detach())
                of->not_called();
        }

        asio::cancellation_slot slot() const noexcept override { return of_->cancel_opening_.slot(); }

        void operator()(std::exception_ptr thrown, boost::system::error_code ec) override
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

} // namespace tidings::inline v0::transport::detail

#endif
