// Performs operations. Knows neither the platform nor the kind of address, so that all notifiers of a transport share
// it.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_ENGINE_HPP
#define TIDINGS_DETAIL_ENGINE_HPP

#include <tidings/concepts.hpp>
#include <tidings/detail/outcome.hpp>
#include <tidings/wire/procedure.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::detail {

/// Makes the operation that fetches a token; bound to the credentials.
using token_operation_factory = std::function<std::unique_ptr<wire::token_operation>()>;

/// One of the platform's addresses and the connections to it.
template<class Client>
class site
{
public:
    site(transport::endpoint at, std::unique_ptr<Client> how)
        : where(std::move(at)), fixed(where.fixed_headers()), client(std::move(how))
    {
    }
    site(site const&) = delete;
    site& operator=(site const&) = delete;

    /// An exchange with its buffers, lent for one operation.
    class lease
    {
    public:
        explicit lease(site& from) : from_(from)
        {
            if (from_.spare_.empty())
                exchange_ = std::make_unique<transport::exchange>(from_.where.prefix(), from_.fixed);
            else
            {
                exchange_ = std::move(from_.spare_.back());
                from_.spare_.pop_back();
            }
            exchange_->reset();
        }
        lease(lease const&) = delete;
        lease& operator=(lease const&) = delete;
        ~lease()
        {
            constexpr std::size_t most_spare = 64;
            constexpr std::size_t most_kept = 256 * 1024; // what carried an upload is not kept
            if (from_.spare_.size() < most_spare && exchange_->out.body_size() <= most_kept)
                from_.spare_.push_back(std::move(exchange_));
        }

        transport::exchange* operator->() const noexcept { return exchange_.get(); }
        transport::exchange& operator*() const noexcept { return *exchange_; }

    private:
        site& from_;
        std::unique_ptr<transport::exchange> exchange_;
    };

    transport::endpoint where;
    std::string fixed;
    std::unique_ptr<Client> client;

private:
    std::vector<std::unique_ptr<transport::exchange>> spare_;
};

template<class Place, class Pacing, class Client, class Clock>
class engine : public std::enable_shared_from_this<engine<Place, Pacing, Client, Clock>>
{
public:
    using time_point = std::chrono::steady_clock::time_point;
    using site_list = std::vector<std::unique_ptr<site<Client>>>;

    /// @param sites  Where the platform is: one for each of its base URLs, or a single one that stands for all.
    engine(boost::asio::any_io_executor ex, std::string_view platform, site_list sites, std::shared_ptr<Place> place,
           std::shared_ptr<Pacing> pacing, Clock clock, std::chrono::steady_clock::duration limit,
           token_operation_factory make_token_operation)
        : executor_(std::move(ex)), platform_(platform), sites_(std::move(sites)), place_(std::move(place)),
          pacing_(std::move(pacing)), clock_(std::move(clock)), limit_(limit),
          make_token_operation_(std::move(make_token_operation))
    {
    }

    boost::asio::any_io_executor const& executor() const noexcept { return executor_; }
    std::string_view platform() const noexcept { return platform_; }
    Clock const& clock() const noexcept { return clock_; }

    /// When a call that starts now has to be over.
    time_point deadline() const noexcept
    {
        using std::chrono::steady_clock;
        return limit_ == steady_clock::duration::zero() ? time_point::max() : steady_clock::now() + limit_;
    }

    /// The one way anything is asked of the platform: permit, token, request, round trip, answer; once more when the
    /// token was stale; then the next operation of the procedure.
    ///
    /// @param attempts  Raised by the number of requests made.
    /// @param patience  How much longer than the deadline a request may wait for its turn. More than zero: that wait is
    ///                  not the call's time, and the deadline is later by as much.
    boost::asio::awaitable<result<void>> perform(wire::procedure& what, time_point deadline, unsigned& attempts,
                                                 std::chrono::steady_clock::duration patience = {})
    {
        using std::chrono::steady_clock;
        while (auto* const op = what.next())
        {
            if (auto const pause = what.pause(); pause.count() > 0)
            {
                result<void> const waited = co_await wait(pause, deadline);
                if (!waited)
                    co_return what.settle(tell(waited.error(), *op, 0));
            }
            auto& there = sites_.size() == 1 ? *sites_.front() : *sites_[op->host()];
            typename site<Client>::lease const x(there);
            unsigned made = 0;
            for (bool replayed = false;; replayed = true)
            {
                auto permit = pacing_->take(*op, steady_clock::now());
                if (!permit)
                {
                    result<void> const granted = co_await wait_for_turn(*op, permit, deadline, patience);
                    if (!granted)
                        co_return what.settle(tell(granted.error(), *op, made));
                }
                token_ptr token;
                if (op->needs_token())
                {
                    auto cached = place_->peek(clock_.now());
                    if (cached.state == freshness::refresh_ahead && !refreshing_ && clock_.now() >= refresh_not_before_)
                        refresh_in_background();
                    if (!cached.token)
                    {
                        result<token_ptr> fetched = co_await obtain_token(deadline);
                        if (!fetched)
                            co_return what.settle(fetched.error());
                        cached.token = *std::move(fetched);
                    }
                    token = std::move(cached.token);
                }

                x->reset();
                auto const encoded = op->encode(x->out, token ? token->value().reveal() : std::string_view{});
                if (!encoded)
                    co_return what.settle(tell(encoded.error(), *op, made));
                x->bytes = x->out.finish();
                x->repeatable = op->what_it_does() != wire::effect::unkeyed;
                x->deadline = deadline;
                permit.departs();
                // No use_awaitable: that is a coroutine of its own, and one frame more than Asio keeps ready for reuse.
                auto const [ec] =
                    co_await there.client->async_round_trip(*x, boost::asio::as_tuple(boost::asio::deferred));
                if (x->progress >= transport::progress::sending)
                {
                    ++made;
                    ++attempts;
                    permit.answered(x->began, steady_clock::now());
                }
                else
                    permit.unused();
                if (ec)
                    co_return what.settle(tell(explain(ec, *x, there.where, op->what_it_does()), *op, made));

                auto const decoded = op->decode(x->in.reply());
                if (decoded)
                    break;
                if (decoded.error() == errc::rate_limited)
                    pacing_->refused(*op, decoded.error(), steady_clock::now());
                if (token && !replayed && decoded.error() == errc::token_rejected)
                {
                    place_->drop(token);
                    continue;
                }
                co_return what.settle(tell(detail::settle(decoded.error(), op->what_it_does()), *op, made));
            }
        }
        co_return result<void>();
    }

    /// Fetches a token unless there is one, and opens a connection unless there is one.
    boost::asio::awaitable<result<void>> warm_up(time_point deadline)
    {
        if (auto const cached = place_->peek(clock_.now()); !cached.token)
        {
            result<token_ptr> const fetched = co_await obtain_token(deadline);
            if (!fetched)
                co_return fetched.error();
        }
        for (auto const& there : sites_)
        {
            typename site<Client>::lease const x(*there);
            x->bytes = {};
            x->repeatable = true;
            x->deadline = deadline;
            auto const [ec] =
                co_await there->client->async_round_trip(*x, boost::asio::as_tuple(boost::asio::use_awaitable));
            if (ec)
                co_return amend(explain(ec, *x, there->where, wire::effect::read), [this](diagnostics& facts) {
                    facts.platform = platform_;
                    facts.operation = "open connection";
                });
        }
        co_return result<void>();
    }

    /// Ends what goes on in the background. Called on the executor.
    void stop() { background_.emit(boost::asio::cancellation_type::terminal); }

private:
    using permit_t = decltype(std::declval<Pacing&>().take(std::declval<wire::operation const&>(), time_point()));

    /// The wait for a permit, which is not the call's time when it has patience.
    boost::asio::awaitable<result<void>> wait_for_turn(wire::operation const& op, permit_t& granted,
                                                       time_point& deadline,
                                                       std::chrono::steady_clock::duration patience)
    {
        using std::chrono::steady_clock;
        bool const shifts = patience.count() > 0 && deadline != time_point::max();
        auto const since = steady_clock::now();
        result<permit_t> turn = co_await pacing_->wait(op, shifts ? deadline + patience : deadline);
        if (!turn)
            co_return turn.error();
        granted = *std::move(turn);
        if (shifts)
            deadline += steady_clock::now() - since;
        co_return result<void>();
    }

    /// The wait before an operation that must not come at once.
    boost::asio::awaitable<result<void>> wait(std::chrono::milliseconds pause, time_point deadline)
    {
        boost::asio::steady_timer timer(executor_, pause);
        if (timer.expiry() > deadline)
            co_return fail(errc::timed_out, "there is no time left to wait for the platform");
        boost::system::error_code ec;
        co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ec));
        if (ec)
            co_return failure(errc::cancelled);
        co_return result<void>();
    }

    failure tell(failure const& f, wire::operation const& op, unsigned attempts) const
    {
        return amend(f, [&](diagnostics& facts) {
            facts.platform = platform_;
            facts.operation = op.name();
            facts.attempts = attempts;
        });
    }

    boost::asio::awaitable<result<token_ptr>> obtain_token(time_point deadline)
    {
        token_fetch const fetch = [this, deadline] { return fetch_token(deadline); };
        result<token_ptr> got = co_await place_->obtain(fetch, clock_.now(), deadline);
        if (got || !got.error().operation().empty())
            co_return got;
        co_return amend(got.error(), [this](diagnostics& facts) {
            facts.platform = platform_;
            facts.operation = "fetch access token";
        });
    }

    boost::asio::awaitable<result<token_ptr>> fetch_token(time_point deadline)
    {
        auto const op = make_token_operation_();
        // The lifetime counts from before the request: the answer's way must not lengthen it.
        auto const asked = clock_.now();
        unsigned attempts = 0;
        wire::just only(*op);
        result<void> const done = co_await perform(only, deadline, attempts);
        if (!done)
            co_return done.error();
        auto token = std::make_shared<access_token const>(op->take_token(), asked + op->lifetime(), op->margins());
        co_return token_ptr(std::move(token));
    }

    void refresh_in_background()
    {
        // A refresh that fails is not repeated with every message: the token at hand still works.
        constexpr std::chrono::seconds pause{30};
        refreshing_ = true;
        refresh_not_before_ = clock_.now() + pause;
        boost::asio::co_spawn(executor_, refresh(this->shared_from_this()),
                              boost::asio::bind_cancellation_slot(background_.slot(), boost::asio::detached));
    }

    static boost::asio::awaitable<void> refresh(std::shared_ptr<engine> self)
    {
        struct clear
        {
            explicit clear(bool& f) noexcept : flag(f) {}
            clear(clear const&) = delete;
            clear& operator=(clear const&) = delete;
            ~clear() { flag = false; }

            bool& flag;
        } const at_end(self->refreshing_);
        token_fetch const fetch = [&self] { return self->fetch_token(self->deadline()); };
        co_await self->place_->refresh(fetch);
    }

    boost::asio::any_io_executor executor_;
    std::string_view platform_;
    site_list sites_;
    std::shared_ptr<Place> place_;
    std::shared_ptr<Pacing> pacing_;
    Clock clock_;
    std::chrono::steady_clock::duration limit_;
    token_operation_factory make_token_operation_;
    boost::asio::cancellation_signal background_;
    time_point refresh_not_before_{};
    bool refreshing_ = false;
};

} // namespace tidings::detail

#endif
