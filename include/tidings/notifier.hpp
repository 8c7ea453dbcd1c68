// Tells a person something: a platform, a way to name people, and policies, composed at compile time.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_NOTIFIER_HPP
#define TIDINGS_NOTIFIER_HPP

#include <tidings/basic_client.hpp>
#include <tidings/concepts.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/directory/in_memory.hpp>
#include <tidings/impl/after.hpp>
#include <tidings/impl/client_parts.hpp>
#include <tidings/impl/completion.hpp>
#include <tidings/impl/context.hpp>
#include <tidings/impl/failure_context.hpp>
#include <tidings/impl/lookup.hpp>
#include <tidings/impl/send.hpp>
#include <tidings/impl/send_each.hpp>
#include <tidings/impl/token_key.hpp>
#include <tidings/impl/usable.hpp>
#include <tidings/match/first_of.hpp>
#include <tidings/policy/addressing.hpp>
#include <tidings/receipt.hpp>
#include <tidings/send_each.hpp>
#include <tidings/send_options.hpp>
#include <tidings/token_cache/in_memory.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/execution_context.hpp>

#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace tidings::inline v0 {

namespace detail {

/// The types that a notifier is made of. A mistake in its arguments is found here first.
template<class Provider, class Match, class... Policies>
struct notifier_client_parts : client_policies<Policies...>
{
    static_assert(provider<Provider>, "tidings: the first argument of notifier is no provider, such as tidings::lark");
    static_assert(match_strategy<Match>,
                  "tidings: the second argument of notifier is no way to name people, such as tidings::match::email");
    static_assert((fills_a_slot<Policies>() && ...),
                  "tidings: one of the policies fills no slot of a notifier; see tidings/concepts.hpp for what does");

    using common = client_policies<Policies...>;
    using addressing_t = pick_t<addressing_kind, addressing::lookup, Policies...>;
    using directory_t = pick_t<directory_kind, directory::in_memory, Policies...>;
    using token_cache_t = pick_t<token_cache_kind, token_cache::in_memory, Policies...>;

    static_assert(addressing_policy<addressing_t>, "tidings: this is no addressing policy; see tidings/concepts.hpp");
    static_assert(directory_policy<directory_t>, "tidings: this is no directory; see tidings/concepts.hpp");
    static_assert(token_cache_policy<token_cache_t>, "tidings: this is no token cache; see tidings/concepts.hpp");

    static_assert(usable<Provider, Match, addressing_t>());

    using token_entry =
        typename decltype(std::declval<token_cache_t&>().entry_for(std::declval<std::string>()))::element_type;
    using people_t =
        typename decltype(std::declval<directory_t&>().entry_for(std::declval<std::string>()))::element_type;
    using engine_type = typename common::template engine_t<token_entry>;
    using context = detail::context<Provider, engine_type, people_t, addressing_t>;
    using state = typename context::state;

    /// Whether it is one of the notifier's policies.
    template<class Given>
    static constexpr bool has = common::template has<Given> || std::is_same_v<Given, addressing_t> ||
                                std::is_same_v<Given, directory_t> || std::is_same_v<Given, token_cache_t>;

    /// Fills in the rest of the state: the engine, or why there is none.
    template<class... Given>
    static result<void> start(state& self, boost::asio::any_io_executor const& ex, std::tuple<Given...>& given)
    {
        if (auto const valid = self.app->check(); !valid)
            return valid.error();
        auto const url = given_or_default<typename common::base_url_t>(given);
        auto clients = common::open(ex, given, url.text(), Provider::base_urls);
        if (!clients)
            return clients.error();
        auto const& where = clients->front()->where;
        self.key = token_key(platform_name_of<Provider>(), where, self.app->app_id(), self.app->app_secret());
        self.people = given_or_default<directory_t>(given).entry_for(self.key);
        auto const pacing_key = token_key({}, where, self.app->app_id(), self.app->app_secret());
        self.engine = common::make_engine(
            ex, platform_name_of<Provider>(), *std::move(clients),
            given_or_default<token_cache_t>(given).entry_for(self.key), pacing_key,
            [app = self.app] { return Provider::fetch_token(*app); }, self.observer, given);
        return {};
    }
};

struct diagnosis_access; // tidings/diagnose.hpp

} // namespace detail

/// Sends messages to people on one platform, as one application's bot.
///
/// @tparam Provider  The platform: `lark`, `feishu`, `dingtalk`, `dingtalk_work`, `wecom`.
/// @tparam Match     What names a person: `match::login_name`, `match::phone_number`, `match::email`, or a chain of
///                   them, `match::first_of<…>`.
/// @tparam Policies  In any order, at most one for each slot; the defaults are `addressing::lookup`, `base_url`,
///                   `channel_language`, `clock::steady`, `deadline`, `directory::in_memory`, `observer::none`,
///                   `pacing::published`, `retry::safe`, `token_cache::in_memory` and `transport::https`.
///                   `concepts.hpp` says what each has to offer.
///
/// @par Executor       Everything runs on the executor given to the constructor: one thread, or a strand.
/// @par Thread safety  Distinct objects: safe, also when they share a token cache, a directory or pacing. Shared
///                     objects: every operation may be called on any thread; those without `async_` must be awaited
///                     on the executor. The destructor, moving and assignment are unsafe: on the executor, or while
///                     nobody runs it; the notifier is destroyed before its execution context. See docs/threads.md.
template<class Provider, class Match, class... Policies>
class notifier : public basic_client<typename detail::notifier_client_parts<Provider, Match, Policies...>::state>
{
    using parts = detail::notifier_client_parts<Provider, Match, Policies...>;
    using state = typename parts::state;
    using context = typename parts::context;
    using addressing_t = typename parts::addressing_t;
    using base = basic_client<state>;

public:
    using provider_type = Provider;
    using match_type = Match;
    /// See `basic_client::executor_type`.
    using executor_type = boost::asio::any_io_executor;
    using credentials = typename Provider::credentials;
    /// The recipient of a message, in the platform's terms: an id and its type.
    using recipient = typename Provider::recipient;

    /// Does no I/O and does not fail: a setting that is not usable is the result of every call.
    ///
    /// @param ex        Where everything runs.
    /// @param app       The application that sends.
    /// @param policies  Values for any of `Policies`, in any order; the others are default constructed.
    template<class... Given>
    notifier(executor_type ex, credentials app, Given... policies) : base(std::move(ex))
    {
        static_assert((parts::template has<Given> && ...),
                      "tidings: the constructor was given something that is none of this notifier's policies");
        std::tuple<Given...> given(std::move(policies)...);
        state_ = std::make_shared<state>(detail::given_or_default<typename parts::observer_t>(given));
        state_->app = std::make_shared<credentials const>(std::move(app));
        state_->lang = detail::given_or_default<typename parts::language_t>(given).tag();
        if constexpr (addressing_t::scans)
            state_->addressing = detail::given_or_default<addressing_t>(given);
        if (auto const ready = parts::start(*state_, executor_, given); !ready)
            state_->unusable = detail::failure_context(platform_name_of<Provider>())(ready.error());
    }

    /// Takes the executor of an execution context, such as an `io_context` that one thread runs.
    ///
    /// @param where     Where everything runs. Must outlive the notifier.
    /// @param app       The application that sends.
    /// @param policies  Values for any of `Policies`, in any order; the others are default constructed.
    ///
    /// @par Exception safety  Throws only `std::bad_alloc`, and what moving a policy throws.
    template<class Context, class... Given>
        requires std::convertible_to<Context&, boost::asio::execution_context&>
    notifier(Context& where, credentials app, Given... policies)
        : notifier(executor_type(where.get_executor()), std::move(app), std::move(policies)...)
    {
    }

    /// Takes over the operations in flight, too, which do not notice. Afterwards only the destructor of `other` and
    /// assignment to it may be called.
    ///
    /// @par Thread safety  Unsafe while another thread calls either notifier.
    notifier(notifier&&) noexcept = default;
    /// Ends what it was before, as the destructor does, and takes over the other one.
    ///
    /// @par Thread safety  Unsafe while another thread calls either notifier.
    notifier& operator=(notifier&& other) noexcept = default;
    /// Cancels a token refresh in the background. Operations in flight go on, and their handlers are called: each has a
    /// share of what it needs. To wait for them, see `close`.
    ///
    /// @par Thread safety  On the executor, or while nobody runs it, and before the execution context is destroyed.
    ~notifier() = default;

    /// Sends one message to one person.
    ///
    /// Checks everything that can be checked without I/O, fetches an access token unless a fresh one is cached, looks
    /// up `who` unless the platform takes the address as it is or the directory has it, then sends. If the platform
    /// rejects the token, a new one is fetched, once. A temporary failure is retried as the retry policy says, under
    /// the same key and within the deadline.
    ///
    /// @param who   The person. Checked before any byte is sent.
    /// @param what  The message: a kind that the platform can send.
    /// @param how   The idempotency key (random unless given), the person's language, and the deadline of this call
    ///              (the `deadline` policy unless given). Repeat a send under the same key when its outcome is unknown.
    /// @returns The receipt, or the failure.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the operation, which owns `who`, `what` and `how`.
    /// @par Executor          Must be awaited on `get_executor()`: asserted in debug builds, where the type of the
    ///                        executor can tell. On another executor use `async_send`.
    /// @par Per-operation cancellation
    ///   `terminal`, and `partial` where the awaiting coroutine lets it through: completes with `errc::cancelled`, or
    ///   with `errc::outcome_unknown` once the request was being written. `total`, where the awaiting coroutine lets it
    ///   through: completes with `errc::cancelled` until the message's request is being written; then that request is
    ///   completed, and no other one is begun (a retry, a further part, a question about the outcome). The notifier
    ///   stays usable.
    /// @par Errors
    ///   `errc::invalid_recipient`: the address or the id is not valid; no byte was sent
    ///   `errc::invalid_argument`: a key, a deadline or a setting is not valid; no byte was sent
    ///
    ///   `errc::message_invalid`, `errc::message_too_long`: found here, or by the platform
    ///
    ///   `errc::recipient_not_found`: no one has this address, or the application may not see the person
    ///
    ///   `errc::ambiguous_recipient`: more than one person has this address
    ///
    ///   `errc::recipient_unreachable`: the person exists, and the message may not reach them
    ///
    ///   `errc::bad_credentials`, `errc::token_rejected`, `errc::permission_missing`, `errc::app_not_published`,
    ///   `errc::bot_disabled`, `errc::ip_not_allowed`, `errc::quota_exhausted`: the application's set-up
    ///
    ///   `errc::rate_limited`: too many requests, by the platform's answer or by our own limiter, which knows that the
    ///   request would have to wait beyond the deadline
    ///
    ///   `errc::server_error`, `errc::platform_error`, `errc::duplicate_message`: the platform refused
    ///
    ///   `errc::connect_failed`, `errc::proxy_refused`, `errc::tls_failed`, `errc::protocol_error`,
    ///   `errc::queue_full`: the connection
    ///
    ///   `errc::timed_out`: the deadline passed before the request was being written
    ///
    ///   `errc::cancelled`: cancelled before the request was being written, or the notifier is closed
    ///
    ///   `errc::partly_delivered`: of a divided text, the first parts were delivered and the rest was not
    ///
    ///   `errc::outcome_unknown`: the request may have arrived and no clear answer came; `failure::cause()` says why
    /// @par Exception safety  Throws only `std::bad_alloc`, and what a policy of your own throws. The notifier is as it
    ///                        was.
    /// @par Thread safety     May be called on any thread, and must be awaited on `get_executor()`.
    template<class Message>
    [[nodiscard]] boost::asio::awaitable<result<receipt>> send(Match who, Message what,
                                                               send_options how = send_options())
    {
        return start_send(std::move(who), std::move(what), std::move(how)).operation;
    }

    /// Sends one message to a recipient that `resolve` returned, or that `recipient::parse` made of a text. No one is
    /// looked up.
    ///
    /// @param to    Checked before any byte is sent. An id that no longer exists is `errc::recipient_not_found`.
    /// @param what  The message: a kind that the platform can send to this type of recipient.
    /// @param how   The idempotency key, the recipient's language, and the deadline of this call.
    /// @returns The receipt, or the failure.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the operation, which owns `to`, `what` and `how`.
    /// @par Executor          Must be awaited on `get_executor()`.
    /// @par Per-operation cancellation
    ///   `terminal`, and `partial` where the awaiting coroutine lets it through: completes with `errc::cancelled`, or
    ///   with `errc::outcome_unknown` once the request was being written. `total`, where the awaiting coroutine lets it
    ///   through: completes with `errc::cancelled` until the message's request is being written; then that request is
    ///   completed, and no other one is begun.
    /// @par Errors
    ///   As for `send` to an address, but for those of a look-up: no `errc::ambiguous_recipient`.
    ///   A message that cannot go to this type of recipient is refused before any byte is sent.
    /// @par Exception safety  Throws only `std::bad_alloc`, and what a policy of your own throws.
    /// @par Thread safety     May be called on any thread, and must be awaited on `get_executor()`.
    template<std::same_as<recipient> To, class Message> // deduced, so that `send({"ada"}, …)` means an address
    [[nodiscard]] boost::asio::awaitable<result<receipt>> send(To to, Message what, send_options how = send_options())
    {
        return start_send(std::move(to), std::move(what), std::move(how)).operation;
    }

    /// Sends one message to one person, for any completion token and from any thread.
    ///
    /// @param who    The person. Checked before any byte is sent.
    /// @param what   The message. Rendered inside this call.
    /// @param token  Default: `boost::asio::deferred`, which makes an operation to be awaited in a coroutine on any
    ///               executor, once.
    /// @returns What the token makes of the completion signature `void(result<receipt>)`.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the call, not the operation, which owns `who` and `what`.
    /// @par Executor
    ///   The operation runs on `get_executor()`. The handler is called on its associated executor, `get_executor()`
    ///   unless it has one; never inside this call.
    /// @par Per-operation cancellation
    ///   `terminal` and `partial`: completes with `errc::cancelled`, or with `errc::outcome_unknown` once the request
    ///   was being written. `total`: completes with `errc::cancelled` until the message's request is being written, and
    ///   is ignored from then on: the operation goes on to its end. The signal may be emitted on the calling thread.
    /// @par Errors            As for `send`. An exception of `send` becomes `errc::outcome_unknown`.
    /// @par Exception safety  This call throws only `std::bad_alloc`, and what moving the arguments throws; nothing is
    ///                        sent then.
    /// @par Thread safety     May be called on any thread.
    template<class Message, class Token = boost::asio::deferred_t>
        requires detail::no_options<Token, send_options>
    [[nodiscard]] auto async_send(Match who, Message what, Token&& token = Token())
    {
        return async_send(std::move(who), std::move(what), send_options(), std::forward<Token>(token));
    }

    /// Sends one message to one person, with options, for any completion token and from any thread.
    ///
    /// @param who    The person. Checked before any byte is sent.
    /// @param what   The message. Rendered inside this call.
    /// @param how    The idempotency key, the person's language, and the deadline of this call, which begins when the
    ///               operation does.
    /// @param token  Default: `boost::asio::deferred`.
    /// @returns What the token makes of the completion signature `void(result<receipt>)`.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the call, not the operation, which owns `who` and `what`.
    /// @par Executor
    ///   The operation runs on `get_executor()`. The handler is called on its associated executor, `get_executor()`
    ///   unless it has one; never inside this call.
    /// @par Per-operation cancellation
    ///   `terminal` and `partial`: completes with `errc::cancelled`, or with `errc::outcome_unknown` once the request
    ///   was being written. `total`: completes with `errc::cancelled` until the message's request is being written, and
    ///   is ignored from then on: the operation goes on to its end. The signal may be emitted on the calling thread.
    /// @par Errors            As for `send`. An exception of `send` becomes `errc::outcome_unknown`.
    /// @par Exception safety  This call throws only `std::bad_alloc`, and what moving the arguments throws; nothing is
    ///                        sent then.
    /// @par Thread safety     May be called on any thread.
    template<class Message, class Token = boost::asio::deferred_t>
    [[nodiscard]] auto async_send(Match who, Message what, send_options how, Token&& token = Token())
    {
        return base::async_deliver(start_send(std::move(who), std::move(what), std::move(how)),
                                   std::forward<Token>(token));
    }

    /// Sends one message to a recipient, for any completion token and from any thread.
    ///
    /// @param to     Checked before any byte is sent. No one is looked up.
    /// @param what   The message. Rendered inside this call.
    /// @param token  Default: `boost::asio::deferred`.
    /// @returns What the token makes of the completion signature `void(result<receipt>)`.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the call, not the operation, which owns `to` and `what`.
    /// @par Executor
    ///   The operation runs on `get_executor()`. The handler is called on its associated executor, `get_executor()`
    ///   unless it has one; never inside this call.
    /// @par Per-operation cancellation
    ///   `terminal` and `partial`: completes with `errc::cancelled`, or with `errc::outcome_unknown` once the request
    ///   was being written. `total`: completes with `errc::cancelled` until the message's request is being written, and
    ///   is ignored from then on: the operation goes on to its end. The signal may be emitted on the calling thread.
    /// @par Errors            As for `send`. An exception of `send` becomes `errc::outcome_unknown`.
    /// @par Exception safety  This call throws only `std::bad_alloc`, and what moving the arguments throws; nothing is
    ///                        sent then.
    /// @par Thread safety     May be called on any thread.
    template<std::same_as<recipient> To, class Message, class Token = boost::asio::deferred_t>
        requires detail::no_options<Token, send_options>
    [[nodiscard]] auto async_send(To to, Message what, Token&& token = Token())
    {
        return async_send(std::move(to), std::move(what), send_options(), std::forward<Token>(token));
    }

    /// Sends one message to a recipient, with options, for any completion token and from any thread.
    ///
    /// @param to     Checked before any byte is sent. No one is looked up.
    /// @param what   The message. Rendered inside this call.
    /// @param how    The idempotency key, the recipient's language, and the deadline of this call.
    /// @param token  Default: `boost::asio::deferred`.
    /// @returns What the token makes of the completion signature `void(result<receipt>)`.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the call, not the operation, which owns `to` and `what`.
    /// @par Executor
    ///   The operation runs on `get_executor()`. The handler is called on its associated executor, `get_executor()`
    ///   unless it has one; never inside this call.
    /// @par Per-operation cancellation
    ///   `terminal` and `partial`: completes with `errc::cancelled`, or with `errc::outcome_unknown` once the request
    ///   was being written. `total`: completes with `errc::cancelled` until the message's request is being written, and
    ///   is ignored from then on: the operation goes on to its end. The signal may be emitted on the calling thread.
    /// @par Errors            As for `send`. An exception of `send` becomes `errc::outcome_unknown`.
    /// @par Exception safety  This call throws only `std::bad_alloc`, and what moving the arguments throws; nothing is
    ///                        sent then.
    /// @par Thread safety     May be called on any thread.
    template<std::same_as<recipient> To, class Message, class Token = boost::asio::deferred_t>
    [[nodiscard]] auto async_send(To to, Message what, send_options how, Token&& token = Token())
    {
        return base::async_deliver(start_send(std::move(to), std::move(what), std::move(how)),
                                   std::forward<Token>(token));
    }

    /// Sends one message to many people, in the platform's batches, and reports the outcome of each.
    ///
    /// One person's failure does not affect the others; no one gets the message twice, however often they are in a
    /// window. Of the range, `send_each_options::window` people are in memory at a time.
    ///
    /// @param people  A range of `Match`, of `recipient_of<Match>` or of what makes one; or of `recipient` or
    ///                `recipient_of<recipient>`, which are not looked up. An lvalue is referred to.
    /// @param what    The message. A long text is refused here, not divided.
    /// @param sink    Called as `sink(std::size_t index, Match const& who, result<receipt> const& outcome)` for each
    ///                person, in the order of the range; may return an `awaitable<void>`, which is awaited. For
    ///                recipients `who` is a `recipient const&`.
    /// @param how     The key, how many requests at a time, how many people in memory, the deadline of each request.
    /// @returns Counts of delivered, failed and unknown; a failure when nothing was tried, because the message or a
    ///          setting is not usable.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  `*this` and an lvalue range must outlive the operation, which owns everything else.
    /// @par Executor          Must be awaited on `get_executor()`, where `sink` is called, too.
    /// @par Per-operation cancellation
    ///   `terminal` and `partial`: requests under way end with `errc::cancelled` or `errc::outcome_unknown`. `total`:
    ///   requests that are being written are completed, the others end with `errc::cancelled`. In each case the sink is
    ///   called for everyone of the window, the rest of the range is left, and `send_summary::complete` is false.
    /// @par Errors
    ///   Of each person: as for `send`. The deadline applies to each request with its answer, and not to the wait for
    ///   the permission of the pacing policy, which takes two minutes more at most.
    ///
    ///   Of the call: `errc::invalid_argument`, `errc::message_invalid`, `errc::message_too_long`, `errc::cancelled`
    ///   when the notifier is closed, and those of an upload.
    /// @par Exception safety
    ///   What `sink`, the range or a policy of your own throws leaves the operation, and so does `std::bad_alloc`; of
    ///   several exceptions the first. No outcome is lost by it: the sink is still called for everyone else of the same
    ///   window, those whose request was cut short with `errc::outcome_unknown`, and then the exception is thrown. No
    ///   one of later windows is sent to. When the range throws, no one of the window that was being read is sent to
    ///   either, and the sink is not called for them. The awaiting coroutine is as it was.
    /// @par Thread safety     May be called on any thread, and must be awaited on `get_executor()`.
    template<std::ranges::input_range People, class Message, class Sink>
    [[nodiscard]] boost::asio::awaitable<result<send_summary>> send_each(People&& people, Message what, Sink sink,
                                                                         send_each_options how = send_each_options())
    {
        return start_send_each(std::forward<People>(people), std::move(what), std::move(sink), std::move(how),
                               detail::on_exception::rethrow);
    }

    /// Sends one message to many people with the platform's own call for that: up to 200 people of Lark or Feishu with
    /// one request.
    ///
    /// @param people  A range of `Match`, of `recipient_of<Match>` or of what makes one; or of `recipient` or
    ///                `recipient_of<recipient>`, which are not looked up. An lvalue is referred to.
    /// @param what    The message. A long text is refused here, not divided.
    /// @param sink    Called as `sink(std::size_t index, Match const& who, result<receipt> const& outcome)` for each
    ///                person, in the order of the range; may return an `awaitable<void>`, which is awaited.
    /// @param how     How many requests at a time, how many people in memory, the deadline of each request. What this
    ///                way is good for and what it costs: see `native_batch_options`.
    /// @returns Counts of delivered, failed and unknown, or the failure when nothing was tried.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  `*this` and an lvalue range must outlive the operation, which owns everything else.
    /// @par Executor          Must be awaited on `get_executor()`, where `sink` is called, too.
    /// @par Per-operation cancellation
    ///   `terminal` and `partial`: requests under way end with `errc::cancelled` or `errc::outcome_unknown`. `total`:
    ///   requests that are being written are completed, the others end with `errc::cancelled`.
    /// @par Errors
    ///   As for `send_each` with `send_each_options`. There is no key: when the answer is lost, all people of the request
    ///   have `errc::outcome_unknown`. A recipient whose type cannot be part of a batch is refused.
    /// @par Exception safety
    ///   As for `send_each` with `send_each_options`: an exception of `sink`, the range or a policy of your own leaves the
    ///   operation after the sink was called for everyone of the window.
    /// @par Thread safety     May be called on any thread, and must be awaited on `get_executor()`.
    template<std::ranges::input_range People, class Message, class Sink>
    [[nodiscard]] boost::asio::awaitable<result<send_summary>> send_each(People&& people, Message what, Sink sink,
                                                                         native_batch_options how)
    {
        return start_send_each(std::forward<People>(people), std::move(what), std::move(sink), std::move(how),
                               detail::on_exception::rethrow);
    }

    /// Sends one message to many people, for any completion token and from any thread.
    ///
    /// @param people  As for `send_each`. Read on `get_executor()`.
    /// @param what    The message.
    /// @param sink    As for `send_each`. Called on `get_executor()`.
    /// @param token   Default: `boost::asio::deferred`.
    /// @returns What the token makes of the completion signature `void(result<send_summary>)`.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  An lvalue range must outlive the operation, which owns everything else. `*this` must
    ///                        outlive the call.
    /// @par Executor
    ///   The operation runs on `get_executor()`. The handler is called on its associated executor, `get_executor()`
    ///   unless it has one; never inside this call.
    /// @par Per-operation cancellation
    ///   `terminal`, `partial` and `total`: as for `send_each`. The signal may be emitted on the calling thread.
    /// @par Errors
    ///   As for `send_each`.
    ///
    ///   `errc::partly_delivered`: the sink or the range threw; the message has the exception's text and the counts of
    ///   delivered, failed and unknown. `errc::cancelled` where the message was sent to no one.
    ///
    ///   `errc::outcome_unknown`: a policy of your own threw, or memory ran out. The sink was called as `send_each`
    ///   says in each case.
    /// @par Exception safety  This call throws only `std::bad_alloc`, and what moving the arguments throws.
    /// @par Thread safety     May be called on any thread.
    template<std::ranges::input_range People, class Message, class Sink, class Token = boost::asio::deferred_t>
        requires detail::no_options<Token, send_each_options, native_batch_options>
    [[nodiscard]] auto async_send_each(People&& people, Message what, Sink sink, Token&& token = Token())
    {
        return async_send_each(std::forward<People>(people), std::move(what), std::move(sink), send_each_options(),
                               std::forward<Token>(token));
    }

    /// Sends one message to many people, with options, for any completion token and from any thread.
    ///
    /// @param people  As for `send_each`. Read on `get_executor()`.
    /// @param what    The message.
    /// @param sink    As for `send_each`. Called on `get_executor()`.
    /// @param how     `send_each_options`, or `native_batch_options` where the platform has a call for that.
    /// @param token   Default: `boost::asio::deferred`.
    /// @returns What the token makes of the completion signature `void(result<send_summary>)`.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  An lvalue range must outlive the operation, which owns everything else. `*this` must
    ///                        outlive the call.
    /// @par Executor
    ///   The operation runs on `get_executor()`. The handler is called on its associated executor, `get_executor()`
    ///   unless it has one; never inside this call.
    /// @par Per-operation cancellation
    ///   `terminal`, `partial` and `total`: as for `send_each`. The signal may be emitted on the calling thread.
    /// @par Errors
    ///   As for `send_each`.
    ///
    ///   `errc::partly_delivered`: the sink or the range threw; the message has the exception's text and the counts of
    ///   delivered, failed and unknown. `errc::cancelled` where the message was sent to no one.
    ///
    ///   `errc::outcome_unknown`: a policy of your own threw, or memory ran out. The sink was called as `send_each`
    ///   says in each case.
    /// @par Exception safety  This call throws only `std::bad_alloc`, and what moving the arguments throws.
    /// @par Thread safety     May be called on any thread.
    template<std::ranges::input_range People, class Message, class Sink, class Options,
             class Token = boost::asio::deferred_t>
        requires std::same_as<Options, send_each_options> || std::same_as<Options, native_batch_options>
    [[nodiscard]] auto async_send_each(People&& people, Message what, Sink sink, Options how, Token&& token = Token())
    {
        return detail::async_run<send_summary>(executor_,
                                               start_send_each(std::forward<People>(people), std::move(what),
                                                               std::move(sink), std::move(how),
                                                               detail::on_exception::report),
                                               std::forward<Token>(token));
    }

    /// Takes a message back, all its parts. Where one message went to many people, it is taken back from all of them.
    ///
    /// @param sent  The receipt of a `send` of the same application. The platforms allow it for a day or so.
    /// @param how   The deadline of this call (the `deadline` policy unless given).
    /// @returns Success, or the failure.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the operation, which owns `sent` and `how`.
    /// @par Executor          Must be awaited on `get_executor()`.
    /// @par Per-operation cancellation
    ///   `terminal`, and `partial` where the awaiting coroutine lets it through: completes with `errc::cancelled`, or
    ///   with `errc::outcome_unknown` once a request was being written. `total`, where the awaiting coroutine lets it
    ///   through: a request that is being written is completed, and no other one is begun.
    /// @par Errors
    ///   As for `send`, of the application and the connection. `errc::invalid_argument` also when the receipt names no
    ///   message of this platform; `errc::platform_error` when the platform no longer takes the message back.
    /// @par Exception safety  Throws only `std::bad_alloc`, and what a policy of your own throws.
    /// @par Thread safety     May be called on any thread, and must be awaited on `get_executor()`.
    [[nodiscard]] boost::asio::awaitable<result<void>> recall(receipt sent, call_options how = call_options())
        requires(supports<Provider, capability::recall>())
    {
        return after::template ask_about<void>(
            state_, std::move(sent),
            [](credentials const& app, std::string_view id, receipt const& of) {
                if constexpr (requires { Provider::recall(app, id, of); })
                    return Provider::recall(app, id, of);
                else
                    return Provider::recall(app, id);
            },
            how);
    }

    /// Takes a message back, for any completion token and from any thread.
    ///
    /// @param sent   The receipt of a `send` of the same application.
    /// @param token  Default: `boost::asio::deferred`.
    /// @returns What the token makes of the completion signature `void(result<void>)`.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the call; the operation owns `sent`.
    /// @par Executor
    ///   The operation runs on `get_executor()`. The handler is called on its associated executor, `get_executor()`
    ///   unless it has one; never inside this call.
    /// @par Per-operation cancellation
    ///   `terminal`, `partial` and `total`: as for `recall`. The signal may be emitted on the calling thread.
    /// @par Errors            As for `recall`. An exception of `recall` becomes `errc::outcome_unknown`.
    /// @par Exception safety  This call throws only `std::bad_alloc`.
    /// @par Thread safety     May be called on any thread.
    template<class Token = boost::asio::deferred_t>
        requires(detail::no_options<Token, call_options> && supports<Provider, capability::recall>())
    [[nodiscard]] auto async_recall(receipt sent, Token&& token = Token())
    {
        return async_recall(std::move(sent), call_options(), std::forward<Token>(token));
    }

    /// Takes a message back, with options, for any completion token and from any thread.
    ///
    /// @param sent   The receipt of a `send` of the same application.
    /// @param how    The deadline of this call.
    /// @param token  Default: `boost::asio::deferred`.
    /// @returns What the token makes of the completion signature `void(result<void>)`.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the call; the operation owns `sent`.
    /// @par Executor
    ///   The operation runs on `get_executor()`. The handler is called on its associated executor, `get_executor()`
    ///   unless it has one; never inside this call.
    /// @par Per-operation cancellation
    ///   `terminal`, `partial` and `total`: as for `recall`. The signal may be emitted on the calling thread.
    /// @par Errors            As for `recall`. An exception of `recall` becomes `errc::outcome_unknown`.
    /// @par Exception safety  This call throws only `std::bad_alloc`.
    /// @par Thread safety     May be called on any thread.
    template<class Token = boost::asio::deferred_t>
        requires(supports<Provider, capability::recall>())
    [[nodiscard]] auto async_recall(receipt sent, call_options how, Token&& token = Token())
    {
        return detail::async_run<void>(executor_, recall(std::move(sent), how), std::forward<Token>(token));
    }

    /// The ids of those who have read a message.
    ///
    /// @param sent  The receipt of a `send` of the same application.
    /// @param how   The deadline of this call (the `deadline` policy unless given).
    /// @returns Sorted ids: `open_id` on Lark and Feishu, userid on DingTalk. Empty when it was not read yet.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the operation, which owns `sent` and `how`.
    /// @par Executor          Must be awaited on `get_executor()`.
    /// @par Per-operation cancellation
    ///   `terminal`, and `partial` and `total` where the awaiting coroutine lets them through: completes with
    ///   `errc::cancelled`.
    /// @par Errors
    ///   As for `send`, of the application and the connection; the outcome is never unknown. `errc::invalid_argument`
    ///   also when the receipt names no message of this platform, and where the platform cannot tell: a message sent
    ///   with `native_batch_options`.
    /// @par Exception safety  Throws only `std::bad_alloc`, and what a policy of your own throws.
    /// @par Thread safety     May be called on any thread, and must be awaited on `get_executor()`.
    [[nodiscard]] boost::asio::awaitable<result<std::vector<std::string>>> readers(receipt sent,
                                                                                   call_options how = call_options())
        requires(supports<Provider, capability::readers>())
    {
        return after::template ask_about<std::vector<std::string>>(
            state_, std::move(sent),
            [](credentials const& app, std::string_view id, receipt const& of) {
                if constexpr (requires { Provider::readers(app, id, of); })
                    return Provider::readers(app, id, of);
                else
                    return Provider::readers(app, id);
            },
            how);
    }

    /// The ids of those who have read a message, for any completion token and from any thread.
    ///
    /// @param sent   The receipt of a `send` of the same application.
    /// @param token  Default: `boost::asio::deferred`.
    /// @returns What the token makes of the completion signature `void(result<std::vector<std::string>>)`.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the call; the operation owns `sent`.
    /// @par Executor
    ///   The operation runs on `get_executor()`. The handler is called on its associated executor, `get_executor()`
    ///   unless it has one; never inside this call.
    /// @par Per-operation cancellation
    ///   `terminal`, `partial` and `total`: completes with `errc::cancelled`. The signal may be emitted on the calling
    ///   thread.
    /// @par Errors            As for `readers`. An exception of `readers` becomes `errc::outcome_unknown`.
    /// @par Exception safety  This call throws only `std::bad_alloc`.
    /// @par Thread safety     May be called on any thread.
    template<class Token = boost::asio::deferred_t>
        requires(detail::no_options<Token, call_options> && supports<Provider, capability::readers>())
    [[nodiscard]] auto async_readers(receipt sent, Token&& token = Token())
    {
        return async_readers(std::move(sent), call_options(), std::forward<Token>(token));
    }

    /// The ids of those who have read a message, with options, for any completion token and from any thread.
    ///
    /// @param sent   The receipt of a `send` of the same application.
    /// @param how    The deadline of this call.
    /// @param token  Default: `boost::asio::deferred`.
    /// @returns What the token makes of the completion signature `void(result<std::vector<std::string>>)`.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the call; the operation owns `sent`.
    /// @par Executor
    ///   The operation runs on `get_executor()`. The handler is called on its associated executor, `get_executor()`
    ///   unless it has one; never inside this call.
    /// @par Per-operation cancellation
    ///   `terminal`, `partial` and `total`: completes with `errc::cancelled`. The signal may be emitted on the calling
    ///   thread.
    /// @par Errors            As for `readers`. An exception of `readers` becomes `errc::outcome_unknown`.
    /// @par Exception safety  This call throws only `std::bad_alloc`.
    /// @par Thread safety     May be called on any thread.
    template<class Token = boost::asio::deferred_t>
        requires(supports<Provider, capability::readers>())
    [[nodiscard]] auto async_readers(receipt sent, call_options how, Token&& token = Token())
    {
        return detail::async_run<std::vector<std::string>>(executor_, readers(std::move(sent), how),
                                                           std::forward<Token>(token));
    }

    /// Checks an address without any I/O.
    ///
    /// @returns Success, or why no message can go to this address.
    [[nodiscard]] result<void> check(Match const& who) const { return context::check_address(who); }

    /// The recipient that messages to `who` go to. Sends nothing.
    ///
    /// An address that the platform takes as it is comes back without I/O: whether it exists is then found out by
    /// sending.
    ///
    /// @param who  The person. Checked before any byte is sent.
    /// @param how  The deadline of this call (the `deadline` policy unless given).
    /// @returns The recipient, or the failure.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the operation, which owns `who` and `how`.
    /// @par Executor          Must be awaited on `get_executor()`.
    /// @par Per-operation cancellation
    ///   `terminal`, and `partial` and `total` where the awaiting coroutine lets them through: completes with
    ///   `errc::cancelled`.
    /// @par Errors            As for `send`, but for those of a message; the outcome is never unknown.
    /// @par Exception safety  Throws only `std::bad_alloc`, and what a policy of your own throws.
    /// @par Thread safety     May be called on any thread, and must be awaited on `get_executor()`.
    [[nodiscard]] boost::asio::awaitable<result<recipient>> resolve(Match who, call_options how = call_options())
    {
        return lookup::identify(state_, std::move(who), how);
    }

    /// The recipient that messages to `who` go to, for any completion token and from any thread.
    ///
    /// @param who    The person. Checked before any byte is sent.
    /// @param token  Default: `boost::asio::deferred`.
    /// @returns What the token makes of the completion signature `void(result<recipient>)`.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the call; the operation owns `who`.
    /// @par Executor
    ///   The operation runs on `get_executor()`. The handler is called on its associated executor, `get_executor()`
    ///   unless it has one; never inside this call.
    /// @par Per-operation cancellation
    ///   `terminal`, `partial` and `total`: completes with `errc::cancelled`. The signal may be emitted on the calling
    ///   thread.
    /// @par Errors            As for `resolve`. An exception of `resolve` becomes `errc::outcome_unknown`.
    /// @par Exception safety  This call throws only `std::bad_alloc`, and what moving `who` throws.
    /// @par Thread safety     May be called on any thread.
    template<class Token = boost::asio::deferred_t>
        requires detail::no_options<Token, call_options>
    [[nodiscard]] auto async_resolve(Match who, Token&& token = Token())
    {
        return async_resolve(std::move(who), call_options(), std::forward<Token>(token));
    }

    /// The recipient that messages to `who` go to, with options, for any completion token and from any thread.
    ///
    /// @param who    The person. Checked before any byte is sent.
    /// @param how    The deadline of this call.
    /// @param token  Default: `boost::asio::deferred`.
    /// @returns What the token makes of the completion signature `void(result<recipient>)`.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the call; the operation owns `who`.
    /// @par Executor
    ///   The operation runs on `get_executor()`. The handler is called on its associated executor, `get_executor()`
    ///   unless it has one; never inside this call.
    /// @par Per-operation cancellation
    ///   `terminal`, `partial` and `total`: completes with `errc::cancelled`. The signal may be emitted on the calling
    ///   thread.
    /// @par Errors            As for `resolve`. An exception of `resolve` becomes `errc::outcome_unknown`.
    /// @par Exception safety  This call throws only `std::bad_alloc`, and what moving `who` throws.
    /// @par Thread safety     May be called on any thread.
    template<class Token = boost::asio::deferred_t>
    [[nodiscard]] auto async_resolve(Match who, call_options how, Token&& token = Token())
    {
        return detail::async_run<recipient>(executor_, resolve(std::move(who), how), std::forward<Token>(token));
    }

    /// Fetches an access token and opens a connection unless there are some, so that the first message need not wait. A
    /// temporary failure is retried as the retry policy says, within the deadline.
    ///
    /// @param how  The deadline of this call (the `deadline` policy unless given).
    /// @returns Success, or the failure.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the operation, which owns `how`.
    /// @par Executor          Must be awaited on `get_executor()`.
    /// @par Per-operation cancellation
    ///   `terminal`, and `partial` and `total` where the awaiting coroutine lets them through: completes with
    ///   `errc::cancelled`.
    /// @par Errors            As for `send`, of the application and the connection; the outcome is never unknown.
    /// @par Exception safety  Throws only `std::bad_alloc`, and what a policy of your own throws.
    /// @par Thread safety     May be called on any thread, and must be awaited on `get_executor()`.
    [[nodiscard]] boost::asio::awaitable<result<void>> warm_up(call_options how = call_options())
    {
        return after::prepare(state_, how);
    }

    /// Fetches an access token and opens a connection unless there are some, for any completion token and from any
    /// thread.
    ///
    /// @param token  Default: `boost::asio::deferred`.
    /// @returns What the token makes of the completion signature `void(result<void>)`.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the call.
    /// @par Executor
    ///   The operation runs on `get_executor()`. The handler is called on its associated executor, `get_executor()`
    ///   unless it has one; never inside this call.
    /// @par Per-operation cancellation
    ///   `terminal`, `partial` and `total`: completes with `errc::cancelled`. The signal may be emitted on the calling
    ///   thread.
    /// @par Errors            As for `warm_up`. An exception of `warm_up` becomes `errc::outcome_unknown`.
    /// @par Exception safety  This call throws only `std::bad_alloc`.
    /// @par Thread safety     May be called on any thread.
    template<class Token = boost::asio::deferred_t>
        requires detail::no_options<Token, call_options>
    [[nodiscard]] auto async_warm_up(Token&& token = Token())
    {
        return async_warm_up(call_options(), std::forward<Token>(token));
    }

    /// Fetches an access token and opens a connection, with options, for any completion token and from any thread.
    ///
    /// @param how    The deadline of this call.
    /// @param token  Default: `boost::asio::deferred`.
    /// @returns What the token makes of the completion signature `void(result<void>)`.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the call.
    /// @par Executor
    ///   The operation runs on `get_executor()`. The handler is called on its associated executor, `get_executor()`
    ///   unless it has one; never inside this call.
    /// @par Per-operation cancellation
    ///   `terminal`, `partial` and `total`: completes with `errc::cancelled`. The signal may be emitted on the calling
    ///   thread.
    /// @par Errors            As for `warm_up`. An exception of `warm_up` becomes `errc::outcome_unknown`.
    /// @par Exception safety  This call throws only `std::bad_alloc`.
    /// @par Thread safety     May be called on any thread.
    template<class Token = boost::asio::deferred_t>
    [[nodiscard]] auto async_warm_up(call_options how, Token&& token = Token())
    {
        return detail::async_run<void>(executor_, warm_up(how), std::forward<Token>(token));
    }

private:
    friend struct detail::client_access;
    friend struct detail::diagnosis_access;

    using base::executor_;
    using base::state_;
    using lookup = detail::lookup<context>;
    using sending = detail::sending<context>;
    using sending_each = detail::sending_each<context>;
    using after = detail::after<context>;

    template<class Who, class Message>
    auto prepare_send(Who&& who, Message&& what, send_options&& how)
    {
        static_assert(detail::check_sendable<Provider, Message>());
        auto rendered_message =
            sending::render(std::move(what), how.language() ? *how.language() : state_->lang, how.key(), true);
        return sending::make_send_operation(state_, std::move(who), std::move(rendered_message), how.key(),
                                            how.deadline());
    }

    template<class Who, class Message>
    detail::delivery start_send(Who who, Message what, send_options how)
    {
        return detail::deliver_observed(platform_name_of<Provider>(),
                                        prepare_send(std::move(who), std::move(what), std::move(how)),
                                        [](auto e) { return sending::deliver(std::move(e)); });
    }

    /// How the people of a range are named: by `Match`, or as recipients.
    template<class People>
    using addressed_by =
        std::conditional_t<!std::constructible_from<recipient_of<Match>, std::ranges::range_reference_t<People>> &&
                               std::constructible_from<recipient_of<recipient>, std::ranges::range_reference_t<People>>,
                           recipient, Match>;

    /// @tparam Sender  How it is sent: `Provider`, or `Provider::batch`.
    template<class Sender, class People, class Message, class Sink>
    boost::asio::awaitable<result<send_summary>> spread(People&& people, Message what, Sink sink, send_each_options how,
                                                        detail::on_exception exceptions)
    {
        static_assert(detail::check_sendable<Sender, Message>());
        using who = addressed_by<People>;
        static_assert(std::constructible_from<recipient_of<who>, std::ranges::range_reference_t<People>>,
                      "tidings: the people are none of this notifier's match strategy, nor recipients");
        static_assert(std::invocable<Sink&, std::size_t, who const&, result<receipt> const&>,
                      "tidings: the sink is called with an index, a Match (a recipient, where the range has those) and "
                      "a result<receipt>");
        auto render = [what = std::move(what), key = how.key()](language_tag const& lang) {
            return sending::template render<Sender>(Message(what), lang, key, false);
        };
        return sending_each::template deliver_each<Sender, who>(state_, std::views::all(std::forward<People>(people)),
                                                                std::move(render), std::move(sink), std::move(how),
                                                                exceptions);
    }

    template<class People, class Message, class Sink>
    boost::asio::awaitable<result<send_summary>> start_send_each(People&& people, Message what, Sink sink,
                                                                 send_each_options how, detail::on_exception exceptions)
    {
        return spread<Provider>(std::forward<People>(people), std::move(what), std::move(sink), std::move(how),
                                exceptions);
    }

    template<class People, class Message, class Sink>
    boost::asio::awaitable<result<send_summary>> start_send_each(People&& people, Message what, Sink sink,
                                                                 native_batch_options how,
                                                                 detail::on_exception exceptions)
    {
        if constexpr (std::same_as<addressed_by<People>, Match>)
            static_assert(detail::check_batch<Provider, Match, addressing_t>::check());
        else
            static_assert(detail::has_batch<Provider>());
        if constexpr (supports_batch<Provider>)
            return spread<typename Provider::batch>(std::forward<People>(people), std::move(what), std::move(sink),
                                                    how.each(), exceptions);
    }
};

/// Makes a notifier whose policies are those of the values, so that no policy has to be named twice.
///
/// @tparam Provider  The platform.
/// @tparam Match     The kind of address.
/// @param where      An executor, or an execution context, where everything runs.
/// @param app        The application that sends.
/// @param policies   At most one for each slot, in any order; the types are deduced.
///
/// @par Exception safety  Throws only `std::bad_alloc`, and what moving a policy throws.
template<class Provider, class Match, class Where, class... Policies>
[[nodiscard]] notifier<Provider, Match, Policies...> make_notifier(Where&& where, typename Provider::credentials app,
                                                                   Policies... policies)
{
    return notifier<Provider, Match, Policies...>(std::forward<Where>(where), std::move(app), std::move(policies)...);
}

} // namespace tidings::inline v0

#endif
