// Tells a group something, by its custom bot: a platform and policies, composed at compile time.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_WEBHOOK_HPP
#define TIDINGS_WEBHOOK_HPP

#include <tidings/basic_client.hpp>
#include <tidings/concepts.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/detail/on_executor.hpp>
#include <tidings/impl/client_parts.hpp>
#include <tidings/impl/completion.hpp>
#include <tidings/impl/derived_key.hpp>
#include <tidings/impl/engine.hpp>
#include <tidings/impl/failure_context.hpp>
#include <tidings/impl/policies.hpp>
#include <tidings/impl/token_key.hpp>
#include <tidings/impl/usable.hpp>
#include <tidings/provider/detail/webhook.hpp>
#include <tidings/receipt.hpp>
#include <tidings/send_options.hpp>
#include <tidings/token_cache/none.hpp>
#include <tidings/webhook_address.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/system/system_error.hpp>

#include <array>
#include <concepts>
#include <memory>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace tidings::inline v0 {

namespace detail {

/// The provider's `hook.hpp` is included.
template<class Provider>
concept has_webhooks = requires {
    { Provider::name } -> std::convertible_to<std::string_view>;
    webhook_traits<Provider>::messages;
};

/// Of a notifier's slots, those that a webhook has, too: it knows neither tokens nor people.
template<class P>
constexpr bool fills_a_webhook_slot() noexcept
{
    if constexpr (policy<P>)
    {
        using kind = typename P::policy_kind;
        return std::is_same_v<kind, base_url_kind> || std::is_same_v<kind, clock_kind> ||
               std::is_same_v<kind, deadline_kind> || std::is_same_v<kind, language_kind> ||
               std::is_same_v<kind, observer_kind> || std::is_same_v<kind, pacing_kind> ||
               std::is_same_v<kind, retry_kind> || std::is_same_v<kind, transport_kind>;
    }
    else
        return false;
}

/// The types that a webhook is made of. A mistake in its arguments is found here first.
template<class Provider, class... Policies>
struct webhook_client_parts : client_policies<Policies...>
{
    static_assert(has_webhooks<Provider>,
                  "tidings: the first argument of webhook is no provider with group webhooks, such as tidings::lark; "
                  "each needs its header, such as tidings/provider/lark/webhook.hpp");
    static_assert(
        (fills_a_webhook_slot<Policies>() && ...),
        "tidings: one of the policies fills no slot of a webhook, which has base_url, channel_language, clock, "
        "deadline, observer, pacing, retry and transport");

    using common = client_policies<Policies...>;
    using hook = webhook_traits<Provider>;
    // Its operations need no token: the place of tokens stays empty, and nothing fetches them.
    using token_entry = token_cache::none::entry;
    using engine_type = typename common::template engine_t<token_entry>;

    struct state : client_state<engine_type>
    {
        using client_state<engine_type>::client_state;

        webhook_key key;
    };

    /// Fills in the rest of the state: the engine, or why there is none.
    template<class... Given>
    static result<void> start(state& self, boost::asio::any_io_executor const& ex, webhook_address const& address,
                              std::tuple<Given...>& given)
    {
        auto const url = given_or_default<typename common::base_url_t>(given);
        auto key = read_webhook<hook>(address, url.text());
        if (!key)
            return key.error();
        auto clients = common::open(ex, given, url.text(), std::array{std::string_view(hook::base_url)});
        if (!clients)
            return clients.error();
        self.key = *std::move(key);
        // The address is a secret as that of an application is.
        auto const pacing_key = token_key({}, clients->front()->where, "webhook", secret(self.key.token()));
        self.engine = common::make_engine(ex, Provider::name, *std::move(clients), std::make_shared<token_entry>(),
                                          pacing_key, token_operation_factory(), self.observer, given);
        return {};
    }
};

} // namespace detail

/// Sends messages to one group, as its custom bot. It needs no application, no token and no approval by an
/// administrator: every program that has the address can write to the group.
///
/// @tparam Provider  The platform: `lark`, `feishu`, `dingtalk`, `wecom`, with its header
///                   `tidings/provider/<platform>/webhook.hpp`.
/// @tparam Policies  In any order, at most one for each slot; the defaults are `base_url`, `channel_language`,
///                   `clock::steady`, `deadline`, `observer::none`, `pacing::published`, `retry::safe` and
///                   `transport::https`, as for `notifier`.
///
/// @par Messages       `text`, `markdown` and `notice`; `lark::card`, and the `native` of each platform, in the terms
///                     of its webhooks. No text mentions anyone. Nothing is cut off, and nothing divided: a message
///                     that is too long is refused (Lark and Feishu 20,000 bytes of request, DingTalk 20,000, WeCom
///                     2048 bytes of text and 4096 of Markdown).
/// @par Executor       Everything runs on the executor given to the constructor: one thread, or a strand.
/// @par Thread safety  Distinct objects: safe. Shared objects: every operation may be called on any thread; those
///                     without `async_` must be awaited on the executor. The destructor, moving and assignment are
///                     unsafe: on the executor, or while nobody runs it; the webhook is destroyed before its execution
///                     context. See docs/threads.md.
///
/// Sources: "Custom bot usage guide" of Lark and Feishu, "Custom robot access" of DingTalk, "Group robot configuration"
/// of WeCom.
template<class Provider, class... Policies>
class webhook : public basic_client<typename detail::webhook_client_parts<Provider, Policies...>::state>
{
    using parts = detail::webhook_client_parts<Provider, Policies...>;
    using state = typename parts::state;
    using hook = typename parts::hook;
    using base = basic_client<state>;

public:
    using provider_type = Provider;
    /// See `basic_client::executor_type`.
    using executor_type = boost::asio::any_io_executor;

    /// Does no I/O and does not fail: an address or a setting that is not usable is the result of every call.
    ///
    /// @param ex        Where everything runs.
    /// @param where     The group: the address of its custom bot.
    /// @param policies  Values for any of `Policies`, in any order; the others are default constructed.
    template<class... Given>
    webhook(executor_type ex, webhook_address const& where, Given... policies) : base(std::move(ex))
    {
        static_assert((parts::template has<Given> && ...),
                      "tidings: the constructor was given something that is none of this webhook's policies");
        std::tuple<Given...> given(std::move(policies)...);
        state_ = std::make_shared<state>(detail::given_or_default<typename parts::observer_t>(given));
        state_->lang = detail::given_or_default<typename parts::language_t>(given).tag();
        if (auto const ready = parts::start(*state_, executor_, where, given); !ready)
            state_->unusable = detail::failure_context(Provider::name)(ready.error());
    }

    /// Takes the executor of an execution context, such as an `io_context` that one thread runs.
    ///
    /// @param on        Where everything runs. Must outlive the webhook.
    /// @param where     The group: the address of its custom bot.
    /// @param policies  Values for any of `Policies`, in any order; the others are default constructed.
    ///
    /// @par Exception safety  Throws only `std::bad_alloc`, and what moving a policy throws.
    template<class Context, class... Given>
        requires std::convertible_to<Context&, boost::asio::execution_context&>
    webhook(Context& on, webhook_address const& where, Given... policies)
        : webhook(executor_type(on.get_executor()), where, std::move(policies)...)
    {
    }

    /// Takes over the operations in flight, too, which do not notice. Afterwards only the destructor of the other one
    /// and assignment to it may be called.
    ///
    /// @par Thread safety  Unsafe while another thread calls either webhook.
    webhook(webhook&&) noexcept = default;
    /// Ends what it was before, as the destructor does, and takes over the other one.
    ///
    /// @par Thread safety  Unsafe while another thread calls either webhook.
    webhook& operator=(webhook&& other) noexcept = default;
    /// Operations in flight go on, and their handlers are called: each has a share of what it needs. To wait for them,
    /// see `close`.
    ///
    /// @par Thread safety  On the executor, or while nobody runs it, and before the execution context is destroyed.
    ~webhook() = default;

    /// Sends one message to the group.
    ///
    /// Checks everything that can be checked without I/O, then makes one request. Where the address has a signing
    /// secret, the request is signed with the time of that moment: this machine's clock may be an hour off, not more.
    ///
    /// @param what  The message: a kind that the platform's webhooks can send.
    /// @param how   The idempotency key (random unless given), the group's language, and the deadline of this call (the
    ///              `deadline` policy unless given). DingTalk delivers messages with the same key only once; Lark,
    ///              Feishu and WeCom have no keys for webhooks.
    /// @returns The receipt, or the failure. The receipt names no message and no person: the platforms name none.
    ///
    /// @par Preconditions     The webhook has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the operation, which owns `what` and `how`.
    /// @par Executor          Must be awaited on `get_executor()`: asserted in debug builds, where the type of the
    ///                        executor can tell. On another executor use `async_send`.
    /// @par Per-operation cancellation
    ///   `terminal`, and `partial` where the awaiting coroutine lets it through: completes with `errc::cancelled`, or
    ///   with `errc::outcome_unknown` once the request was being written. `total`, where the awaiting coroutine lets it
    ///   through: completes with `errc::cancelled` until the request is being written; then that request is completed,
    ///   and not retried. The webhook stays usable.
    /// @par Errors
    ///   `errc::invalid_argument`: the address, a key, a deadline or a setting is not usable; no byte was sent
    ///
    ///   `errc::message_invalid`, `errc::message_too_long`: found here or by the platform. Also when the message has
    ///   none of the keywords that the bot asks for
    ///
    ///   `errc::bad_credentials`: the address is unknown, or the signature does not fit: the secret, or the clock
    ///
    ///   `errc::bot_disabled`, `errc::recipient_not_found`: the bot is out of order or was removed from the group, or
    ///   the group no longer exists
    ///
    ///   `errc::ip_not_allowed`, `errc::permission_missing`: the bot's security settings
    ///
    ///   `errc::rate_limited`: the request would have to wait beyond the deadline, or the platform refused;
    ///   `failure::wait()` says how long where that is known
    ///
    ///   `errc::quota_exhausted`, `errc::server_error`, `errc::platform_error`: the platform refused
    ///
    ///   `errc::connect_failed`, `errc::proxy_refused`, `errc::tls_failed`, `errc::protocol_error`,
    ///   `errc::queue_full`: the connection
    ///
    ///   `errc::timed_out`: the deadline passed before the request was being written
    ///
    ///   `errc::cancelled`: cancelled before the request was being written, or the webhook is closed
    ///
    ///   `errc::outcome_unknown`: the request may have arrived and no clear answer came; `failure::cause()` says why
    /// @par Exception safety  Throws only `std::bad_alloc`, and what a policy of your own throws. The webhook is as it
    ///                        was.
    /// @par Thread safety     May be called on any thread, and must be awaited on `get_executor()`.
    template<class Message>
    [[nodiscard]] boost::asio::awaitable<result<receipt>> send(Message what, send_options how = send_options())
    {
        return start_send(std::move(what), std::move(how)).operation;
    }

    /// Sends one message to the group, for any completion token and from any thread.
    ///
    /// @param what   The message. Rendered on `get_executor()`.
    /// @param token  Default: `boost::asio::deferred`, which makes an operation to be awaited in a coroutine on any
    ///               executor, once.
    /// @returns What the token makes of the completion signature `void(result<receipt>)`.
    ///
    /// @par Preconditions     The webhook has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the call, not the operation, which owns `what`.
    /// @par Executor
    ///   The operation runs on `get_executor()`. The handler is called on its associated executor, `get_executor()`
    ///   unless it has one; never inside this call.
    /// @par Per-operation cancellation
    ///   `terminal` and `partial`: completes with `errc::cancelled`, or with `errc::outcome_unknown` once the request
    ///   was being written. `total`: completes with `errc::cancelled` until the request is being written, and is ignored
    ///   from then on: the operation goes on to its end. The signal may be emitted on the calling thread.
    /// @par Errors            As for `send`. An exception of `send` becomes `errc::outcome_unknown`.
    /// @par Exception safety  This call throws only `std::bad_alloc`, and what moving `what` throws; nothing is sent
    ///                        then.
    /// @par Thread safety     May be called on any thread.
    template<class Message, class Token = boost::asio::deferred_t>
        requires detail::no_options<Token, send_options>
    [[nodiscard]] auto async_send(Message what, Token&& token = Token())
    {
        return async_send(std::move(what), send_options(), std::forward<Token>(token));
    }

    /// Sends one message to the group, with options, for any completion token and from any thread.
    ///
    /// @param what   The message. Rendered on `get_executor()`.
    /// @param how    The idempotency key, the group's language, and the deadline of this call.
    /// @param token  Default: `boost::asio::deferred`.
    /// @returns What the token makes of the completion signature `void(result<receipt>)`.
    ///
    /// @par Preconditions     The webhook has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the call, not the operation, which owns `what`.
    /// @par Executor
    ///   The operation runs on `get_executor()`. The handler is called on its associated executor, `get_executor()`
    ///   unless it has one; never inside this call.
    /// @par Per-operation cancellation
    ///   `terminal` and `partial`: completes with `errc::cancelled`, or with `errc::outcome_unknown` once the request
    ///   was being written. `total`: completes with `errc::cancelled` until the request is being written, and is ignored
    ///   from then on: the operation goes on to its end. The signal may be emitted on the calling thread.
    /// @par Errors            As for `send`. An exception of `send` becomes `errc::outcome_unknown`.
    /// @par Exception safety  This call throws only `std::bad_alloc`, and what moving `what` throws; nothing is sent
    ///                        then.
    /// @par Thread safety     May be called on any thread.
    template<class Message, class Token = boost::asio::deferred_t>
    [[nodiscard]] auto async_send(Message what, send_options how, Token&& token = Token())
    {
        return base::async_deliver(start_send(std::move(what), std::move(how)), std::forward<Token>(token));
    }

private:
    friend struct detail::client_access;

    using base::executor_;
    using base::state_;

    static constexpr detail::failure_context checking{Provider::name, "check arguments"};

    /// One message, on its way. Not in the coroutine's frame: a cancellation asks for `own.committed`.
    template<class Message>
    struct send_operation
    {
        send_operation(std::shared_ptr<state const> s, Message m, send_options h)
            : self(std::move(s)), what(std::move(m)), how(std::move(h)), own(detail::call::time_point())
        {
        }

        std::shared_ptr<state const> self;
        Message what;
        send_options how;
        detail::call own;
    };

    template<class Message>
    detail::delivery start_send(Message what, send_options how) const
    {
        static_assert(detail::check_sendable<hook, Message>());
        return detail::deliver_observed(
            Provider::name, std::make_unique<send_operation<Message>>(state_, std::move(what), std::move(how)),
            [](auto e) { return deliver(std::move(e)); });
    }

    /// Checks a message without any I/O.
    template<class Message>
    static result<void> check(send_operation<Message> const& e)
    {
        if constexpr (requires { e.what.check(); })
            if (auto valid = e.what.check(); !valid)
                return valid;
        return detail::check_key(e.how.key());
    }

    /// @tparam Pointer  Owns the operation, or refers to one that somebody else owns.
    template<class Pointer>
    static boost::asio::awaitable<result<receipt>> deliver(Pointer e)
    {
        auto const& self = *e->self;
        detail::in_flight::guard counted;
        if (auto const begun = self.begin(e->how.deadline(), counted); !begun)
            co_return checking(begun.error());
        if (auto const valid = check(*e); !valid)
            co_return checking(valid.error());
        auto const& lang = e->how.language() ? *e->how.language() : self.lang;
        auto const content = hook::content_of(e->what, lang);
        if (auto const valid = hook::check(content); !valid)
            co_return checking(valid.error());
        typename hook::delivery sending(self.key, content, e->how.key().view());
        e->own.deadline = self.engine->deadline(e->how.deadline());
        try
        {
            result<void> const done = co_await self.engine->perform(sending, e->own);
            if (!done)
                co_return done.error();
        }
        catch (boost::system::system_error const& thrown)
        {
            co_return checking(detail::cancelled_or_rethrow(thrown));
        }
        co_return receipt({}, {}, e->own.requests);
    }
};

/// Makes a webhook whose policies are those of the values: nobody names a policy twice.
///
/// @tparam Provider  The platform.
/// @param on         An executor, or an execution context, where everything runs.
/// @param where      The group: the address of its custom bot.
/// @param policies   At most one for each slot, in any order; the types are deduced.
///
/// @par Exception safety  Throws only `std::bad_alloc`, and what moving a policy throws.
template<class Provider, class Where, class... Policies>
[[nodiscard]] webhook<Provider, Policies...> make_webhook(Where&& on, webhook_address const& where,
                                                          Policies... policies)
{
    return webhook<Provider, Policies...>(std::forward<Where>(on), where, std::move(policies)...);
}

} // namespace tidings::inline v0

#endif
