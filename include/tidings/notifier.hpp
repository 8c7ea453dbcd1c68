// Tells a person something: a platform, a way to name people, and policies, composed at compile time.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_NOTIFIER_HPP
#define TIDINGS_NOTIFIER_HPP

#include <tidings/concepts.hpp>
#include <tidings/detail/completion.hpp>
#include <tidings/detail/engine.hpp>
#include <tidings/detail/policies.hpp>
#include <tidings/detail/token_key.hpp>
#include <tidings/policy/addressing.hpp>
#include <tidings/policy/base_url.hpp>
#include <tidings/policy/clock.hpp>
#include <tidings/policy/deadline.hpp>
#include <tidings/receipt.hpp>
#include <tidings/token_cache/in_memory.hpp>
#include <tidings/transport/https.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <tuple>
#include <utility>

namespace tidings {

/// Sends messages to people on one platform, as one application's bot.
///
/// @tparam Provider  The platform: `lark`, `feishu`.
/// @tparam Match     What names a person: `match::login_name`, `match::phone_number`, `match::email`.
/// @tparam Policies  In any order, at most one for each slot; the defaults are `addressing::lookup`, `base_url`,
///                   `clock::steady`, `deadline`, `token_cache::in_memory` and `transport::https`. What each has to
///                   offer stands in `concepts.hpp`.
///
/// @par Executor       Everything runs on the executor given to the constructor: one thread, or a strand.
/// @par Thread safety  Distinct objects: safe, also when they share a token cache. Shared objects: unsafe. The
///                     destructor runs on the executor too, and before its context is destroyed, as that of any I/O
///                     object.
template<class Provider, class Match, class... Policies>
class notifier
{
    static_assert(provider<Provider>, "tidings: the first argument of notifier is no provider, such as tidings::lark");
    static_assert(match_strategy<Match>,
                  "tidings: the second argument of notifier is no way to name people, such as tidings::match::email");
    static_assert((detail::fills_a_slot<Policies>() && ...),
                  "tidings: one of the policies fills no slot of a notifier; see tidings/concepts.hpp for what does");

    using addressing_t = detail::pick_t<addressing_kind, addressing::lookup, Policies...>;
    using base_url_t = detail::pick_t<base_url_kind, base_url, Policies...>;
    using clock_t = detail::pick_t<clock_kind, clock::steady, Policies...>;
    using deadline_t = detail::pick_t<deadline_kind, deadline, Policies...>;
    using token_cache_t = detail::pick_t<token_cache_kind, token_cache::in_memory, Policies...>;
    using transport_t = detail::pick_t<transport_kind, transport::https, Policies...>;

    static_assert(addressing_policy<addressing_t>, "tidings: this is no addressing policy; see tidings/concepts.hpp");
    static_assert(base_url_policy<base_url_t>, "tidings: this is no base URL policy; see tidings/concepts.hpp");
    static_assert(clock_policy<clock_t>, "tidings: this is no clock policy; see tidings/concepts.hpp");
    static_assert(deadline_policy<deadline_t>, "tidings: this is no deadline policy; see tidings/concepts.hpp");
    static_assert(token_cache_policy<token_cache_t>, "tidings: this is no token cache; see tidings/concepts.hpp");
    static_assert(transport_policy<transport_t>, "tidings: this is no transport; see tidings/concepts.hpp");

    static_assert(reaches<Provider, Match>,
                  "tidings: this platform cannot find people by this; use another of the match strategies");
    static_assert(!addressing_t::prefers_direct || addresses_directly<Provider, Match>,
                  "tidings: this platform cannot write to this kind of address directly; leave addressing::direct out, "
                  "so that the person is looked up");

public:
    using provider_type = Provider;
    using match_type = Match;
    using executor_type = boost::asio::any_io_executor;
    using credentials = typename Provider::credentials;
    /// Whom a message goes to, in the platform's terms: an id and its type.
    using recipient = typename Provider::recipient;

    /// Does no I/O and does not fail: a setting that is not usable is the result of every call.
    ///
    /// @param ex        Where everything runs.
    /// @param app       The application that sends.
    /// @param policies  Values for any of `Policies`, in any order; the others are default constructed.
    template<class... Given>
    notifier(executor_type ex, credentials app, Given... policies) : state_(std::make_shared<state>())
    {
        state_->app = std::make_shared<credentials const>(std::move(app));
        static_assert(((std::is_same_v<Given, addressing_t> || std::is_same_v<Given, base_url_t> ||
                        std::is_same_v<Given, clock_t> || std::is_same_v<Given, deadline_t> ||
                        std::is_same_v<Given, token_cache_t> || std::is_same_v<Given, transport_t>) &&
                       ...),
                      "tidings: the constructor was given something that is none of this notifier's policies");
        std::tuple<Given...> given(std::move(policies)...);
        start(std::move(ex), detail::given_or_default<base_url_t>(given), detail::given_or_default<clock_t>(given),
              detail::given_or_default<deadline_t>(given), detail::given_or_default<token_cache_t>(given),
              detail::given_or_default<transport_t>(given));
    }

    notifier(notifier&&) noexcept = default;
    notifier& operator=(notifier&& other) noexcept
    {
        notifier old(std::move(*this));
        state_ = std::move(other.state_);
        executor_ = std::move(other.executor_);
        return *this;
    }
    ~notifier()
    {
        if (state_ && state_->engine)
            state_->engine->stop();
    }

    executor_type get_executor() const noexcept { return executor_; }

    /// Sends one message to one person.
    ///
    /// Checks everything that can be checked without I/O, fetches an access token unless a fresh one is cached, finds
    /// out who `who` is unless the platform takes the address as it is, then sends. A token that the platform no longer
    /// takes is fetched anew, once.
    ///
    /// @param who   The person. Checked before any byte is sent.
    /// @param what  The message: a kind that the platform can send.
    /// @param key   Names this message to this person; a random one unless given. Repeat a send under the same key when
    ///              its outcome is unknown.
    /// @returns The receipt, or why not.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  `*this` outlives the operation, which owns `who`, `what` and `key`.
    /// @par Executor          Awaited on `get_executor()`.
    /// @par Per-operation cancellation
    ///   `terminal`, and `partial` where the awaiting coroutine lets it through: completes with `errc::cancelled`, or
    ///   with `errc::outcome_unknown` once the request was being written. The notifier stays usable.
    /// @par Errors
    ///   `errc::invalid_argument`       an address, a key or a setting is not usable; no byte was sent
    ///   `errc::message_invalid`, `errc::message_too_long`  the message is not; found here or by the platform
    ///   `errc::recipient_not_found`    nobody has this address, or the application may not see them
    ///   `errc::recipient_unreachable`  the person exists, and the message may not reach them
    ///   `errc::bad_credentials`, `errc::token_rejected`, `errc::permission_missing`, `errc::app_not_published`,
    ///   `errc::bot_disabled`, `errc::ip_not_allowed`, `errc::quota_exhausted`  the application's set-up
    ///   `errc::rate_limited`, `errc::server_error`, `errc::platform_error`     the platform refused
    ///   `errc::connect_failed`, `errc::tls_failed`, `errc::protocol_error`, `errc::queue_full`  the way to it
    ///   `errc::timed_out`              the deadline passed before the request was being written
    ///   `errc::outcome_unknown`        the request may have arrived and the answer did not; `failure::cause()` says
    ///   why
    /// @par Exception safety  Throws only `std::bad_alloc`.
    template<class Message>
    boost::asio::awaitable<result<receipt>> send(Match who, Message what,
                                                 idempotency_key key = idempotency_key::random())
    {
        static_assert(sends<Provider, Message>,
                      "tidings: this platform cannot send this kind of message; text, markdown and the platform's own "
                      "card can be sent");
        return deliver(state_, std::move(who), std::move(what), std::move(key));
    }

    /// As `send`, with any completion token.
    ///
    /// Completes with `void(result<receipt>)` on the handler's associated executor, `get_executor()` unless it has one;
    /// never inside this call. Cancellation as for `send`, of types `terminal` and `partial`.
    template<class Message, class Token>
    auto async_send(Match who, Message what, Token&& token)
    {
        return async_send(std::move(who), std::move(what), idempotency_key::random(), std::forward<Token>(token));
    }

    /// As above, under a key of the caller's.
    template<class Message, class Token>
    auto async_send(Match who, Message what, idempotency_key key, Token&& token)
    {
        return detail::async_run<receipt>(executor_, send(std::move(who), std::move(what), std::move(key)),
                                          std::forward<Token>(token));
    }

    /// Finds out whom messages to `who` go to, and sends none.
    ///
    /// An address that the platform takes as it is comes back without I/O: whether it belongs to somebody is then found
    /// out by sending. Lifetimes, cancellation and errors as for `send`; the outcome is never unknown.
    boost::asio::awaitable<result<recipient>> resolve(Match who) { return identify(state_, std::move(who)); }

    /// Fetches an access token and opens a connection unless there are some, so that the first message need not wait.
    ///
    /// Lifetimes, cancellation and errors as for `send`; the outcome is never unknown.
    boost::asio::awaitable<result<void>> warm_up() { return prepare(state_); }

private:
    using place_t = typename decltype(std::declval<token_cache_t&>().slot(std::declval<std::string>()))::element_type;
    using engine_t = detail::engine<place_t, typename transport_t::client, clock_t>;

    /// What an operation needs; shared with those in flight, so that destroying the notifier, and then the context,
    /// in the middle of them is safe.
    struct state
    {
        std::shared_ptr<credentials const> app;
        std::shared_ptr<engine_t> engine;
        failure unusable;
    };

    void start(executor_type ex, base_url_t url, clock_t clock, deadline_t limit, token_cache_t cache, transport_t how)
    {
        executor_ = ex;
        std::string_view const text = url.text();
        auto where = transport::endpoint::parse(text.empty() ? Provider::base_url : text);
        if (auto const sound = state_->app->check(); !sound)
            state_->unusable = sound.error();
        else if (!where)
            state_->unusable = where.error();
        else if (auto client = how.open(ex, *where); !client)
            state_->unusable = client.error();
        else
        {
            auto const key =
                detail::token_key(Provider::name, *where, state_->app->app_id(), state_->app->app_secret());
            state_->engine = std::make_shared<engine_t>(
                std::move(ex), Provider::name, *std::move(where), *std::move(client), cache.slot(key), std::move(clock),
                limit.limit(), [app = state_->app] { return Provider::fetch_token(*app); });
            return;
        }
        state_->unusable = detail::amend(state_->unusable, [](diagnostics& facts) { facts.platform = Provider::name; });
    }

    static failure refuse(failure const& f)
    {
        return detail::amend(f, [](diagnostics& facts) {
            facts.platform = Provider::name;
            facts.operation = "check arguments";
        });
    }

    /// A coroutine that was cancelled between two steps leaves by an exception of Asio's.
    static failure cancelled_or_rethrow(boost::system::system_error const& e)
    {
        if (e.code() != boost::asio::error::operation_aborted)
            throw;
        return refuse(errc::cancelled);
    }

    template<class Message>
    static boost::asio::awaitable<result<receipt>> deliver(std::shared_ptr<state const> self, Match who, Message what,
                                                           idempotency_key key)
    {
        if (!self->engine)
            co_return self->unusable;
        if (auto const sound = who.check(); !sound)
            co_return refuse(sound.error());
        auto const content = Provider::content_of(what);
        if (auto const sound = Provider::check(content, key.view()); !sound)
            co_return refuse(sound.error());
        auto const until = self->engine->deadline();
        try
        {
            recipient to;
            if constexpr (uses_directly)
                to = Provider::direct(who);
            else
            {
                result<recipient> found = co_await look_up(self, who, until);
                if (!found)
                    co_return found.error();
                to = *std::move(found);
            }
            auto op = Provider::send(*self->app, to, content, key.view());
            unsigned attempts = 0;
            result<void> const sent = co_await self->engine->perform(op, until, attempts);
            if (!sent)
                co_return sent.error();
            co_return receipt(op.message_id(), to.id(), attempts);
        }
        catch (boost::system::system_error const& e)
        {
            co_return cancelled_or_rethrow(e);
        }
    }

    static boost::asio::awaitable<result<recipient>> identify(std::shared_ptr<state const> self, Match who)
    {
        if (!self->engine)
            co_return self->unusable;
        if (auto const sound = who.check(); !sound)
            co_return refuse(sound.error());
        if constexpr (uses_directly)
            co_return Provider::direct(who);
        else
        {
            try
            {
                result<recipient> found = co_await look_up(self, who, self->engine->deadline());
                co_return found;
            }
            catch (boost::system::system_error const& e)
            {
                co_return cancelled_or_rethrow(e);
            }
        }
    }

    static boost::asio::awaitable<result<void>> prepare(std::shared_ptr<state const> self)
    {
        if (!self->engine)
            co_return self->unusable;
        try
        {
            result<void> const done = co_await self->engine->warm_up(self->engine->deadline());
            co_return done;
        }
        catch (boost::system::system_error const& e)
        {
            co_return cancelled_or_rethrow(e);
        }
    }

    static boost::asio::awaitable<result<recipient>> look_up(std::shared_ptr<state const> self, Match const& who,
                                                             std::chrono::steady_clock::time_point until)
    {
        auto op = Provider::find(*self->app, who);
        unsigned attempts = 0;
        result<void> const done = co_await self->engine->perform(op, until, attempts);
        if (!done)
            co_return done.error();
        auto found = Provider::found(op, Match::name);
        if (!found)
            co_return detail::amend(found.error(), [&op, attempts](diagnostics& facts) {
                facts.platform = Provider::name;
                facts.operation = op.name();
                facts.attempts = attempts;
            });
        co_return found;
    }

    static constexpr bool uses_directly =
        addresses_directly<Provider, Match> && (addressing_t::prefers_direct || !looks_up<Provider, Match>);

    std::shared_ptr<state> state_;
    executor_type executor_;
};

} // namespace tidings

#endif
