// Performs operations. Knows neither the platform nor the kind of address, so that all notifiers of a transport share
// it.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_ENGINE_HPP
#define TIDINGS_IMPL_ENGINE_HPP

#include <tidings/concepts.hpp>
#include <tidings/detail/background.hpp>
#include <tidings/detail/character_set.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/detail/duration.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/detail/on_executor.hpp>
#include <tidings/detail/wait.hpp>
#include <tidings/impl/call.hpp>
#include <tidings/impl/failure_context.hpp>
#include <tidings/impl/in_flight.hpp>
#include <tidings/impl/observe.hpp>
#include <tidings/impl/outcome.hpp>
#include <tidings/impl/warm_up.hpp>
#include <tidings/policy/clock.hpp>
#include <tidings/send_options.hpp>
#include <tidings/wire/detail/foreign_answer.hpp>
#include <tidings/wire/detail/redaction.hpp>
#include <tidings/wire/procedure.hpp>
#include <tidings/wire/request.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <chrono>
#include <concepts>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0::detail {

/// Makes the operation that fetches a token; bound to the credentials.
using token_operation_factory = std::function<std::unique_ptr<wire::token_operation>()>;

/// The decision of the retry policy. Not a type parameter of the engine: it is called only after a failure.
using retry_function = std::function<retry_decision(retry_context const&)>;

template<retry_policy R>
retry_function retry_function_of(R policy)
{
    return [kept = std::make_shared<R const>(std::move(policy))](retry_context const& q) { return kept->next(q); };
}

/// One of the platform's addresses and the connections to it.
template<class Client>
class endpoint_client
{
public:
    endpoint_client(transport::endpoint at, std::unique_ptr<Client> how)
        : where(std::move(at)), fixed(where.fixed_headers()), client(std::move(how))
    {
        // Giving back must not throw.
        spare_.reserve(max_spare);
        spare_requests_.reserve(max_spare);
    }
    endpoint_client(endpoint_client const&) = delete;
    endpoint_client& operator=(endpoint_client const&) = delete;

    /// An exchange, lent to an operation when it has its token, and its request from when it is written.
    class handle
    {
    public:
        explicit handle(endpoint_client& from) noexcept : from_(from) {}
        handle(handle const&) = delete;
        handle& operator=(handle const&) = delete;
        ~handle()
        {
            if (!exchange_)
                return;
            constexpr std::size_t max_kept = 128 * 1024; // what carried an upload or a huge answer is not kept
            exchange_->in.release_buffer();
            if (from_.spare_.size() < max_spare && exchange_->in.capacity() <= max_kept)
                from_.spare_.push_back(std::move(exchange_));
            if (request_ && from_.spare_requests_.size() < max_spare && request_->capacity() <= max_kept)
                from_.spare_requests_.push_back(std::move(request_));
        }

        /// Takes an exchange, or makes the one it has ready for a new request.
        void renew()
        {
            if (exchange_)
            {
                exchange_->reset();
                return;
            }
            if (from_.spare_.empty())
                exchange_ = std::make_unique<transport::exchange>();
            else
            {
                exchange_ = std::move(from_.spare_.back());
                from_.spare_.pop_back();
            }
            exchange_->in.use_buffers(from_.buffers_);
            exchange_->reset();
        }

        /// To write into.
        wire::request& request()
        {
            if (request_)
                return *request_;
            if (from_.spare_requests_.empty())
                request_ = std::make_unique<wire::request>(from_.where.prefix(), from_.fixed);
            else
            {
                request_ = std::move(from_.spare_requests_.back());
                from_.spare_requests_.pop_back();
            }
            return *request_;
        }

        /// How many bytes of memory it has for a request and its reply.
        std::size_t capacity() const noexcept
        {
            return exchange_->in.capacity() + (request_ ? request_->capacity() : 0);
        }

        explicit operator bool() const noexcept { return exchange_ != nullptr; }
        transport::exchange* operator->() const noexcept { return exchange_.get(); }
        transport::exchange& operator*() const noexcept { return *exchange_; }

    private:
        endpoint_client& from_;
        std::unique_ptr<transport::exchange> exchange_;
        std::unique_ptr<wire::request> request_; ///< One that waits for a connection has none.
    };

    transport::endpoint where;
    std::string fixed;
    std::unique_ptr<Client> client;

private:
    static constexpr std::size_t max_spare = 64;

    transport::detail::reply_buffers buffers_; ///< Before the exchanges, which use it.
    std::vector<std::unique_ptr<transport::exchange>> spare_;
    std::vector<std::unique_ptr<wire::request>> spare_requests_;
};

template<class TokenEntry, class Pacing, class Client, class Clock, class Observer>
class engine : public std::enable_shared_from_this<engine<TokenEntry, Pacing, Client, Clock, Observer>>
{
public:
    using observer_type = Observer;
    using time_point = std::chrono::steady_clock::time_point;
    using duration = std::chrono::steady_clock::duration;
    using client_list = std::vector<std::unique_ptr<endpoint_client<Client>>>;

    /// @param clients  One for each base URL of the platform, or a single one for all of them.
    engine(boost::asio::any_io_executor ex, std::string_view platform, client_list clients,
           std::shared_ptr<TokenEntry> token_entry, std::shared_ptr<Pacing> pacing, Clock clock, retry_function retry,
           std::chrono::steady_clock::duration limit, token_operation_factory make_token_operation, Observer observer)
        : executor_(std::move(ex)), platform_(platform), clients_(std::move(clients)),
          token_entry_(std::move(token_entry)), pacing_(std::move(pacing)), clock_(std::move(clock)),
          retry_(std::move(retry)), limit_(limit), make_token_operation_(std::move(make_token_operation)),
          observer_(std::move(observer))
    {
    }

    boost::asio::any_io_executor const& executor() const noexcept { return executor_; }
    std::string_view platform() const noexcept { return platform_; }
    /// Whether every request goes through TLS.
    bool is_encrypted() const noexcept
    {
        return std::all_of(clients_.begin(), clients_.end(), [](auto const& there) { return there->where.tls(); });
    }
    Clock const& clock() const noexcept { return clock_; }

    /// When a call that starts now has to be over.
    ///
    /// @param limit  Of this call; nothing: the `deadline` policy.
    time_point deadline(std::optional<duration> const& limit = std::nullopt) const noexcept
    {
        using std::chrono::steady_clock;
        if (limit)
            return steady_clock::now() + bounded(*limit);
        return limit_ == steady_clock::duration::zero() ? time_point::max() : steady_clock::now() + limit_;
    }

    /// Counts an operation as long as `counted` lives, or refuses it.
    ///
    /// @param limit  The deadline of this call, if it has one.
    result<void> begin(std::optional<duration> const& limit, in_flight::guard& counted)
    {
        TIDINGS_ASSERT_ON_EXECUTOR(executor_);
        if (limit)
            if (auto const valid = check_deadline(limit); !valid)
                return valid.error();
        if (in_flight_.closed())
            return make_failure(errc::cancelled, "it is closed");
        counted = in_flight::guard(in_flight_);
        return {};
    }

    /// Counts what was begun for operations and may end after them, also when no further operation may begin.
    in_flight::guard count() noexcept { return in_flight::guard(in_flight_); }

    /// Waits until no operation is counted any more.
    ///
    /// @param limit  How long at most; nothing: as long as it takes.
    /// @param close  Whether to refuse every further operation from now on.
    /// @param queue  Whether to begin behind what waits for its first step on the executor. Where an `async_` form has
    ///               done that already, it must not be done again: operations started meanwhile would be admitted.
    static boost::asio::awaitable<result<void>> drain(std::shared_ptr<engine> self, std::optional<duration> limit,
                                                      bool close, bool queue)
    {
        TIDINGS_ASSERT_ON_EXECUTOR(self->executor_);
        failure why;
        try
        {
            if (queue)
                co_await boost::asio::post(self->executor_, boost::asio::use_awaitable);
            if (auto const valid = check_deadline(limit); !valid)
                why = valid.error();
            else
            {
                if (close)
                {
                    self->in_flight_.close();
                    self->stop();
                }
                auto const until = limit ? std::chrono::steady_clock::now() + bounded(*limit) : time_point::max();
                result<void> const ended = co_await self->in_flight_.ended(self->executor_, until);
                if (ended)
                    co_return ended;
                why = ended.error();
            }
        }
        catch (boost::system::system_error const& e)
        {
            if (e.code() != boost::asio::error::operation_aborted)
                throw;
            why = errc::cancelled;
        }
        co_return failure_context(self->platform_, "wait for operations in flight")(why);
    }

    /// The one way anything is asked of the platform: permit, token, request, round trip, answer; again when the token
    /// was stale or the retry policy says so; then the next operation of the procedure.
    boost::asio::awaitable<result<void>> perform(wire::procedure& what, call& c)
    {
        c.log = {};
        try
        {
            while (auto* const op = what.next())
            {
                execution on(*this, *op, c);
                if (auto const pause = what.pause(); pause.count() > 0)
                {
                    result<void> const waited = co_await wait(pause, c.deadline);
                    if (!waited)
                        co_return what.map_error(on.annotate(waited.error()));
                }
                for (auto step = execution::step::begin; step != execution::step::done;)
                {
                    if (step == execution::step::failed)
                    {
                        bool const again = co_await repeat(*op, c);
                        if (!again)
                            co_return what.map_error(c.log.final_failure());
                    }
                    if (!on.has_permit())
                    {
                        result<void> const granted = co_await wait_for_turn(on, c);
                        if (!granted)
                            co_return what.map_error(c.log.final_failure());
                    }
                    if (!on.has_token())
                    {
                        result<token_ptr> const fetched = co_await obtain_token(on.client(), c);
                        on.take_token(fetched);
                    }
                    if (!on.encode())
                        co_return what.map_error(c.log.final_failure());
                    on.begin();
                    // No use_awaitable: that is a coroutine of its own, and one frame more than Asio keeps ready for
                    // reuse.
                    auto const [ec] =
                        co_await on.client().async_round_trip(on.x(), boost::asio::as_tuple(boost::asio::deferred));
                    step = on.on_reply(ec);
                    if (step == execution::step::unwritten)
                        co_return what.map_error(c.log.final_failure());
                }
                c.log.succeeded();
            }
            co_return result<void>();
        }
        catch (boost::system::system_error const& e)
        {
            // A coroutine that was cancelled between two steps leaves by an exception of Asio's.
            if (e.code() != boost::asio::error::operation_aborted)
                throw;
            c.log.add(failure_context(platform_)(errc::cancelled));
        }
        co_return what.map_error(c.log.final_failure());
    }

    /// Fetches a token unless there is one, and opens a connection to each host unless there is one.
    TIDINGS_COLD boost::asio::awaitable<result<void>> warm_up(call& c)
    {
        detail::warm_up all(static_cast<unsigned>(clients_.size()));
        result<void> const done = co_await perform(all, c);
        co_return done;
    }

    /// Whether a text that the platform names a thing by has a large part of a token or of the application's secret in
    /// it. A quick look, for what succeeds.
    bool is_confidential(std::string_view text) const noexcept
    {
        constexpr std::size_t part = redactor::min_part;
        for (std::size_t at = 0; at + part <= text.size(); at += part)
        {
            auto const piece = text.substr(at, part);
            if (!secret_characters_.has_all_of(piece))
                continue; // of a random text, most pieces have a character that no secret has
            for (auto const secret : secrets())
                if (secret.find(piece) != secret.npos)
                    return true;
        }
        return false;
    }

    /// Why somebody gave up who waited for a token: what the call that fetches it has met so far is the cause.
    TIDINGS_COLD failure in_view_of_the_fetch(failure const& f) const
    {
        bool const has_met = fetching_ && fetching_->failed() && !is_given_up(fetching_->last());
        return has_met && is_given_up(f) && !f.cause() ? because_of(f, fetching_->last()) : f;
    }

    /// Ends what goes on in the background. Called on the executor, or while nobody runs it.
    void stop() { background_.emit(boost::asio::cancellation_type::terminal); }

private:
    static result<void> check_deadline(std::optional<duration> const& limit)
    {
        if (limit && *limit <= duration::zero())
            return make_failure(errc::invalid_argument, "the deadline is not more than zero");
        return {};
    }

    using permit_t = decltype(std::declval<Pacing&>().take(std::declval<wire::operation const&>(), time_point()));

    /// How long every platform that takes an idempotency key remembers it: WeCom half an hour at least, Lark an hour.
    static constexpr std::chrono::minutes key_life{25};

    /// A token is used. An answer that is still on its way may contain the one before it.
    void note(token_ptr const& token)
    {
        if (!token || token == token_)
            return;
        if (!own_secret_) // now: when a message has been delivered, nothing may fail any more
            own_secret_ = make_token_operation_();
        previous_token_ = std::move(token_);
        token_ = token;
        secret_characters_.clear();
        for (auto const secret : secrets())
            secret_characters_.add(secret);
    }

    /// Those of this application that the platform knows; empty where there is none.
    std::array<std::string_view, 3> secrets() const noexcept
    {
        return {token_ ? token_->value().reveal() : std::string_view(),
                previous_token_ ? previous_token_->value().reveal() : std::string_view(),
                own_secret_ ? own_secret_->confidential() : std::string_view()};
    }

    void add_secrets(redactor& to)
    {
        if (own_secret_)
            to.add(own_secret_->confidential());
        for (auto const& token : {token_, previous_token_})
            if (token)
                to.add(token->value().reveal());
    }

    /// One operation of a call, from its first attempt to its last: everything between two waits.
    class execution final : private transport::request_writer
    {
    public:
        enum class step
        {
            begin,
            done,
            again,    ///< At once: with another token, or over another connection.
            failed,   ///< `call::log` says why.
            unwritten ///< The same: the request cannot be written. It is not repeated.
        };

        execution(engine& e, wire::operation& op, call& c)
            : engine_(e), op_(op), call_(c), target_(*e.clients_[e.clients_.size() == 1 ? 0 : op.host()]), x_(target_),
              report_(e.observer_, e.platform_, op.name(), target_.where.authority(), op.idempotency())
        {
        }

        wire::operation const& operation() const noexcept { return op_; }
        Client& client() const noexcept { return *target_.client; }
        transport::exchange& x() const noexcept { return *x_; }

        /// Whether the request may be made now, as far as the platform's limits go.
        bool has_permit()
        {
            now_ = std::chrono::steady_clock::now();
            permit_ = engine_.pacing_->take(op_, now_);
            return static_cast<bool>(permit_);
        }

        void take_permit(result<permit_t> granted)
        {
            now_ = std::chrono::steady_clock::now();
            if (granted)
                permit_ = *std::move(granted);
            else
                call_.log.add(annotate(granted.error()));
        }

        /// Whether it can begin: with the token at hand, or without any.
        bool has_token()
        {
            if (!op_.needs_token())
                return true;
            auto cached_value = engine_.token_entry_->peek(clock_now());
            if (cached_value.state == freshness::refresh_ahead)
                engine_.refresh_in_background();
            token_ = std::move(cached_value.token);
            engine_.note(token_);
            return token_ != nullptr;
        }

        void take_token(result<token_ptr> const& fetched)
        {
            now_ = std::chrono::steady_clock::now();
            if (fetched)
            {
                token_ = *fetched;
                engine_.note(token_);
            }
            else
                call_.log.add(fetched.error());
        }

        /// Writes the request, or leaves that to the transport where it would wait. False: it cannot be, and
        /// `call::log` says why.
        bool encode()
        {
            if (op_.needs_token() && !token_)
                return false;
            if (now_ >= call_.deadline)
            {
                call_.log.add(annotate(make_failure(errc::timed_out, "before the request was written")));
                return false;
            }
            auto const now = clock_now();
            if (!first_)
                first_ = now;
            if (op_.idempotency() == wire::idempotency::with_key && call_.log.may_have_arrived() &&
                now - *first_ > key_life)
                return false; // it would be a second message
            x_.renew();
            x_->require_new_connection = reconnected_;
            x_->may_repeat = op_.idempotency() != wire::idempotency::none;
            x_->deadline = call_.deadline;
            x_->committed = op_.idempotency() == wire::idempotency::idempotent ? nullptr : &call_.committed;
            if (writes_late())
            {
                x_->writer = this;
                return true;
            }
            auto const written = write();
            if (!written)
                call_.log.add(annotate(written.error()));
            return written.has_value();
        }

        /// An attempt begins.
        void begin() noexcept { report_.begin(*x_); }

        /// What became of the exchange.
        step on_reply(error_code ec)
        {
            if (thrown_)
                std::rethrow_exception(thrown_);
            if (unwritten_.code().failed())
            {
                permit_.release();
                auto const why = annotate(unwritten_);
                report_.end(why);
                call_.log.add(why);
                return step::unwritten;
            }
            if (x_->progress >= transport::progress::sending && !x_->request_bytes.empty())
            {
                ++made_;
                ++call_.requests;
                bool const is_known = x_->answered != time_point::max();
                permit_.on_reply(x_->write_started, is_known ? x_->answered : std::chrono::steady_clock::now());
            }
            else
                permit_.release();
            if (ec)
            {
                auto const why = annotate(explain(ec, *x_, target_.where, op_.idempotency()));
                report_.end(why);
                call_.log.add(why);
                // Most likely the peer had just closed what was kept alive: no fault of anybody's, and no repetition
                // that counts.
                bool const harmless = op_.idempotency() != wire::idempotency::none;
                if (!x_->reused_connection_closed || !harmless || std::exchange(reconnected_, true))
                    return step::failed;
                engine_.observe_retry(op_, why, 0, {});
                return step::again;
            }
            cleaner const filter(*this);
            auto const reply = x_->in.reply().with(filter);
            auto const decoded = op_.decode(reply);
            if (decoded)
            {
                report_.end(failure());
                return step::done;
            }
            auto const refusal = with_reply_facts(decoded.error(), reply);
            if (refusal == errc::rate_limited)
                engine_.pacing_->refused(op_, refusal, std::chrono::steady_clock::now());
            if (token_ && !replayed_ && refusal == errc::token_rejected)
            {
                replayed_ = true;
                engine_.token_entry_->drop(token_);
                auto const why = annotate(refusal);
                report_.end(why);
                call_.log.record_retry(why);
                engine_.observe_retry(op_, why, 0, {});
                return step::again;
            }
            auto const why = annotate(map_refusal(refusal, op_.idempotency()));
            report_.end(why);
            call_.log.add(why);
            return step::failed;
        }

        /// What the decoder cannot know of an answer: who it is from when it is not the platform's, and how long a
        /// gateway asks to wait.
        failure with_reply_facts(failure const& decoded, wire::reply const& in) const
        {
            auto const now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
            auto out = heed_retry_after(decoded, in, now);
            if (!out.facts() || !out.facts()->foreign)
                return out;
            return describe_foreign_answer(out, in, target_.where, x_->request_bytes);
        }

        failure annotate(failure const& f) const
        {
            return amend(f, [this](diagnostics& facts) {
                failure_context(engine_.platform_, op_.name(), made_).write_to(facts);
                // A platform, a gateway or a proxy may repeat what it was sent. What a decoder kept has passed the
                // filter of its reply; this is for the others, and for decoders that know of no filter. Our own words
                // are without secrets: they cost nothing, also where many wait in vain.
                bool const foreign = facts.http_status != 0 || (x_ && !x_->detail.empty()) ||
                                     !facts.platform_message.empty() || !facts.platform_code.empty() ||
                                     !facts.log_id.empty() || !facts.link.empty();
                if (!foreign)
                    return;
                redactor secrets;
                add_secrets(secrets);
                for (auto* const text : {&facts.platform_message, &facts.platform_code, &facts.log_id, &facts.link,
                                         &facts.refused_ip, &facts.detail})
                    secrets.redact(*text);
                for (auto& scope : facts.scopes)
                    secrets.redact(scope);
            });
        }

    private:
        /// The filter of a reply: made when it is first asked, which is where something was refused.
        class cleaner final : public wire::text_filter
        {
        public:
            explicit cleaner(execution const& c) noexcept : execution_(c) {}

            bool clean(wiped_string& text) const override
            {
                if (!secrets_)
                    execution_.add_secrets(secrets_.emplace());
                return secrets_->redact(text);
            }
            bool was_sent(std::string_view text) const noexcept override
            {
                return execution_.x_->request_bytes.find(text) != std::string_view::npos;
            }

        private:
            execution const& execution_;
            mutable std::optional<redactor> secrets_;
        };

        /// All that the platform knows of this application's secrets and might repeat.
        void add_secrets(redactor& to) const
        {
            to.add(op_.confidential());
            to.add(op_.also_confidential());
            to.add(op_.confidential_path());
            if (token_)
                to.add(token_->value().reveal());
            engine_.add_secrets(to);
        }

        bool writes_late() const
        {
            if constexpr (requires(Client const& c) { c.writes_late(); })
                return target_.client->writes_late();
            else
                return false;
        }

        result<void> write()
        {
            auto& request = x_.request();
            auto encoded = op_.encode(request, token_ ? token_->value().reveal() : std::string_view{});
            if (encoded)
            {
                x_->request_bytes = request.finish();
                permit_.on_sent();
            }
            return encoded;
        }

        /// The transport has no use for a fault: it is kept for `on_reply`.
        bool write_request() noexcept override
        {
            try
            {
                auto const written = write();
                if (!written)
                    unwritten_ = written.error();
                return written.has_value();
            }
            catch (...)
            {
                thrown_ = std::current_exception();
                return false;
            }
        }

        /// The time for tokens and keys.
        time_point clock_now() const
        {
            if constexpr (std::same_as<Clock, tidings::clock::steady>)
                return now_;
            else
                return engine_.clock_.now();
        }

        engine& engine_;
        wire::operation& op_;
        call& call_;
        endpoint_client<Client>& target_;
        typename endpoint_client<Client>::handle x_;
        [[no_unique_address]] attempt_report_for<Observer> report_;
        permit_t permit_;
        token_ptr token_;
        failure unwritten_;               ///< Why the request could not be written when there was a connection.
        std::exception_ptr thrown_;       ///< The same.
        time_point now_;                  ///< When the last wait before the request ended: the clock is read once.
        std::optional<time_point> first_; ///< When the request was written for the first time.
        unsigned made_ = 0;
        bool replayed_ = false;
        bool reconnected_ = false;
    };

    /// Shows those who wait for a token how its fetch fares, as long as it lasts.
    class fetch_guard
    {
    public:
        fetch_guard(attempt_log const*& token_entry, attempt_log const& own) noexcept
            : token_entry_(token_entry), own_(own)
        {
            token_entry_ = &own_;
        }
        fetch_guard(fetch_guard const&) = delete;
        fetch_guard& operator=(fetch_guard const&) = delete;
        ~fetch_guard()
        {
            if (token_entry_ == &own_)
                token_entry_ = nullptr;
        }

    private:
        attempt_log const*& token_entry_;
        attempt_log const& own_;
    };

    /// The wait for a permit, which is not the call's time when the call has patience.
    boost::asio::awaitable<result<void>> wait_for_turn(execution& on, call& c)
    {
        using std::chrono::steady_clock;
        bool const shifts = c.queue_timeout.count() > 0 && c.deadline != time_point::max();
        auto const since = steady_clock::now();
        result<permit_t> turn =
            co_await pacing_->wait(on.operation(), shifts ? c.deadline + c.queue_timeout : c.deadline);
        observe_wait(on.operation(), turn ? error_code() : turn.error().code(), since);
        bool const granted = turn.has_value();
        on.take_permit(std::move(turn));
        if (!granted)
            co_return c.log.last();
        if (shifts)
            c.deadline += steady_clock::now() - since;
        co_return result<void>();
    }

    /// Whether the operation is attempted once more; if so, after the wait that belongs before it.
    boost::asio::awaitable<bool> repeat(wire::operation const& op, call& c)
    {
        auto const wait_for = ask_again(op, c);
        if (!wait_for)
            co_return false;
        ++c.repetitions;
        c.last_wait = *wait_for;
        observe_retry(op, c.log.last(), c.repetitions, *wait_for);
        result<void> const waited = co_await wait(*wait_for, c.deadline);
        if (!waited)
            c.log.add(failure_context(platform_, op.name(), c.log.last().attempts())(waited.error()));
        co_return waited.has_value();
    }

    void observe_retry(wire::operation const& op, failure const& why, unsigned retry,
                       std::chrono::steady_clock::duration wait) noexcept
    {
        observe<event::retry_planned>(observer_, [&] {
            event::retry_planned e;
            e.platform = platform_;
            e.operation = op.name();
            e.reason = why.code();
            e.cause = why.cause();
            e.retry = retry;
            e.wait = wait;
            return e;
        });
    }

    void observe_wait(wire::operation const& op, error_code error, time_point since) noexcept
    {
        observe<event::permit_waited>(observer_, [&] {
            event::permit_waited e;
            e.platform = platform_;
            e.operation = op.name();
            if (auto const* const limits = op.limits())
                e.limit = limits->api();
            e.duration = std::chrono::steady_clock::now() - since;
            e.error = error;
            return e;
        });
    }

    void observe_token(std::chrono::seconds lifetime, time_point since) noexcept
    {
        observe<event::token_fetched>(observer_, [&] {
            event::token_fetched e;
            e.platform = platform_;
            e.duration = std::chrono::steady_clock::now() - since;
            e.lifetime = lifetime;
            return e;
        });
    }

    std::optional<std::chrono::steady_clock::duration> ask_again(wire::operation const& op, call const& c)
    {
        retry_context q(c.log.last(), op.idempotency());
        q.attempts = c.repetitions;
        q.last_wait = c.last_wait;
        if (c.deadline != time_point::max())
            q.remaining = c.deadline - std::chrono::steady_clock::now();
        q.jitter = std::uniform_real_distribution<double>()(rng_);
        return retry_(q).wait();
    }

    /// A wait of the call's own: for what the platform needs time for, or before a repetition.
    boost::asio::awaitable<result<void>> wait(std::chrono::steady_clock::duration pause, time_point deadline)
    {
        boost::asio::steady_timer timer(executor_, pause);
        if (timer.expiry() > deadline)
            co_return make_failure(errc::timed_out, "there is no time left to wait for the platform");
        boost::system::error_code const ec = co_await expiry_of(timer);
        if (ec)
            co_return failure(errc::cancelled);
        co_return result<void>();
    }

    /// A call that waits for a token. Meanwhile connections are opened for all that are to be sent, but for a single
    /// one: the fetch has its connection.
    class token_waiter
    {
    public:
        token_waiter(engine& e, Client& client, call const& c) : engine_(e), connections_(e.connections_of(c))
        {
            if constexpr (opens_early)
            {
                engine_.waiting_for_token_ += connections_;
                for (auto n = connections_; engine_.waiting_for_token_ > 1 && n != 0; --n)
                    client.open_early(engine_.waiting_for_token_, c.deadline);
            }
        }
        token_waiter(token_waiter const&) = delete;
        token_waiter& operator=(token_waiter const&) = delete;
        ~token_waiter()
        {
            if constexpr (opens_early)
                if ((engine_.waiting_for_token_ -= connections_) == 0 && !has_token_)
                    for (auto const& there : engine_.clients_)
                        there->client->stop_early();
        }

        void has_token(bool yes) noexcept { has_token_ = yes; }

    private:
        static constexpr bool opens_early = requires(Client& c, time_point t) {
            c.open_early(std::size_t(), t);
            c.stop_early();
        };

        engine& engine_;
        std::size_t connections_;
        bool has_token_ = false;
    };

    /// How many connections to the host of its first request a call needs when it has a token. Those behind a shared
    /// look-up go on to the host of their message, which may be another one.
    std::size_t connections_of(call const& c) const noexcept { return clients_.size() == 1 ? c.connections : 1; }

    /// @param client  Of the request that needs it.
    TIDINGS_COLD boost::asio::awaitable<result<token_ptr>> obtain_token(Client& client, call& c)
    {
        token_waiter waiting(*this, client, c);
        token_fetch const fetch = [this, &c] { return fetch_token(c); };
        result<token_ptr> got = co_await token_entry_->obtain(fetch, clock_.now(), c.deadline);
        waiting.has_token(got.has_value());
        if (got || !got.error().operation().empty())
            co_return got;
        co_return amend(in_view_of_the_fetch(got.error()), [this](diagnostics& facts) {
            failure_context(platform_, "fetch access token").write_to(facts);
        });
    }

    /// @param c  Whose deadline and repetitions it spends.
    TIDINGS_COLD boost::asio::awaitable<result<token_ptr>> fetch_token(call& c)
    {
        auto const op = make_token_operation_();
        // The lifetime counts from before the request: the answer's way must not lengthen it.
        auto const asked = clock_.now();
        auto const begun = now_for<event::token_fetched>(observer_);
        call own(c.deadline);
        own.repetitions = c.repetitions;
        wire::just only(*op);
        fetch_guard const to_others(fetching_, own.log);
        result<void> const done = co_await perform(only, own);
        c.repetitions = own.repetitions;
        if (!done)
            co_return done.error();
        observe_token(op->lifetime(), begun);
        auto token = std::make_shared<access_token const>(op->take_token(), asked + op->lifetime(), op->margins());
        co_return token_ptr(std::move(token));
    }

    TIDINGS_COLD void refresh_in_background()
    {
        // A refresh that fails is not repeated with every message: the token at hand still works.
        constexpr std::chrono::seconds pause{30};
        if (refreshing_ || in_flight_.closed() || clock_.now() < refresh_not_before_)
            return;
        refresh_not_before_ = clock_.now() + pause;
        start(executor_, refresh(this->shared_from_this()), std::make_unique<refresh_end>(*this));
    }

    /// Runs after the refresh, whether it ends, cannot be started, or is destroyed with its execution context.
    ///
    /// The slot is cleared, because nothing is left to cancel.
    class refresh_end final : public coroutine_end
    {
    public:
        explicit refresh_end(engine& e) : engine_(e.shared_from_this()), counted_(e.in_flight_)
        {
            e.refreshing_ = true;
        }
        ~refresh_end() override
        {
            engine_->refreshing_ = false;
            engine_->background_.slot().clear();
        }

        boost::asio::cancellation_slot slot() const noexcept override { return engine_->background_.slot(); }

        /// A failed refresh is not an error: the next call that needs a token after its expiry fetches it.
        void operator()(std::exception_ptr, boost::system::error_code) override {}

    private:
        std::shared_ptr<engine> engine_;
        in_flight::guard counted_;
    };

    TIDINGS_COLD static boost::asio::awaitable<boost::system::error_code> refresh(std::shared_ptr<engine> self)
    {
        call own(self->deadline());
        token_fetch const fetch = [&self, &own] { return self->fetch_token(own); };
        co_await self->token_entry_->refresh(fetch, self->clock_.now());
        co_return boost::system::error_code();
    }

    boost::asio::any_io_executor executor_;
    std::string_view platform_;
    client_list clients_;
    std::shared_ptr<TokenEntry> token_entry_;
    std::shared_ptr<Pacing> pacing_;
    Clock clock_;
    retry_function retry_;
    std::chrono::steady_clock::duration limit_;
    token_operation_factory make_token_operation_;
    [[no_unique_address]] Observer observer_;
    std::unique_ptr<wire::token_operation> own_secret_; ///< Knows the application's secret. Made with the first token.
    token_ptr token_;                                   ///< Used last.
    token_ptr previous_token_;
    character_set secret_characters_; ///< Of all of them.
    boost::asio::cancellation_signal background_;
    time_point refresh_not_before_{};
    bool refreshing_ = false;
    std::size_t waiting_for_token_ = 0;
    in_flight in_flight_;
    attempt_log const* fetching_ = nullptr; ///< Of the call that fetches a token now.
    std::minstd_rand rng_{std::random_device()()};
};

/// Waits until no operation of `with` is in flight. Without an engine, whose settings are not usable, none ever is.
///
/// @param close  Whether to refuse every further operation from now on.
/// @param queue  See `engine::drain`.
template<class Engine>
boost::asio::awaitable<result<void>> drain(std::shared_ptr<Engine> with, call_options how, bool close, bool queue)
{
    if (!with)
        co_return result<void>();
    result<void> const ended = co_await Engine::drain(with, how.deadline(), close, queue);
    co_return ended;
}

} // namespace tidings::inline v0::detail

#endif
