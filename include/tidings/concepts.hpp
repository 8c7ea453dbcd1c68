// Every policy a notifier can be made of: what each has to offer, in one place.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_CONCEPTS_HPP
#define TIDINGS_CONCEPTS_HPP

#include <tidings/access_token.hpp>
#include <tidings/detail/inline_string.hpp>
#include <tidings/event.hpp>
#include <tidings/message/localized.hpp>
#include <tidings/result.hpp>
#include <tidings/secret.hpp>
#include <tidings/wire/endpoint.hpp>
#include <tidings/wire/exchange.hpp>
#include <tidings/wire/operation.hpp>
#include <tidings/wire/procedure.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace tidings::inline v0 {

// ---- The slots of a notifier. A policy names the one it fills: `using policy_kind = transport_kind;`.
// ----------------

struct addressing_kind
{
};
struct base_url_kind
{
};
struct clock_kind
{
};
struct deadline_kind
{
};
struct directory_kind
{
};
struct language_kind
{
};
struct observer_kind
{
};
struct pacing_kind
{
};
struct retry_kind
{
};
struct token_cache_kind
{
};
struct transport_kind
{
};

/// Anything that fills a slot of a notifier.
template<class P>
concept policy = requires { typename P::policy_kind; };

// ---- Addresses

/// An address that identifies a person. Models: `match::email`, `match::login_name`, `match::phone_number`.
///
/// `m.check()` returns success, or `errc::invalid_recipient` with the reason; `m.view()` is the address in the form
/// that providers take; `M::name` is the name of the kind of address in code, on command lines and in JSON. `M::title`,
/// if there is one, is what people call it.
template<class M>
concept match_strategy = std::move_constructible<M> && requires(M const& m) {
    { M::name } -> std::convertible_to<std::string_view>;
    { m.view() } -> std::convertible_to<std::string_view>;
    { m.check() } -> std::same_as<result<void>>;
};

/// Selects how addresses become people. Models: `addressing::lookup`, `addressing::direct`,
/// `addressing::directory_scan`.
template<class A>
concept addressing_policy = policy<A> && requires {
    { A::prefers_direct } -> std::convertible_to<bool>;
    { A::scans } -> std::convertible_to<bool>;
};

// ---- Providers

/// The requests and answers of a platform. Models: `lark`, `feishu`, `dingtalk`, `dingtalk_work`, `wecom`.
///
/// `P::base_urls` are the platform's addresses, which operations number from 0. `P::fetch_token(app)` is the operation
/// that fetches a token; `app` outlives it. `app.check()` returns success or what is wrong with the credentials;
/// `app.app_id()` and `app.app_secret()` distinguish two applications. `P::recipient_from_id(id)` is the recipient for
/// an id that a look-up returned, `P::not_found_error(kind)` the failure of a look-up that found no one.
template<class P>
concept provider = requires(typename P::credentials const& app, std::string_view text) {
    { P::name } -> std::convertible_to<std::string_view>;
    { *std::begin(P::base_urls) } -> std::convertible_to<std::string_view>;
    { app.check() } -> std::same_as<result<void>>;
    { app.app_id() } -> std::convertible_to<std::string_view>;
    { app.app_secret() } -> std::convertible_to<secret const&>;
    { P::fetch_token(app) } -> std::same_as<std::unique_ptr<wire::token_operation>>;
    { P::recipient_from_id(text) } -> std::same_as<typename P::recipient>;
    { P::not_found_error(text) } -> std::same_as<failure>;
};

/// The platform that failures name: `P::platform_name` where several providers are routes of one platform, else
/// `P::name`.
template<class P>
constexpr std::string_view platform_name_of() noexcept
{
    if constexpr (requires { P::platform_name; })
        return P::platform_name;
    else
        return P::name;
}

/// The provider can send to this kind of address without a look-up.
template<class P, class M>
concept addresses_directly = requires(M const& address) {
    { P::direct(address) } -> std::same_as<typename P::recipient>;
};

/// A procedure that looks up the people who have given addresses. At most `F::max_batch` addresses are added with
/// `f.add(who)`; afterwards `f.id_of(i)` is the id of the i-th person, empty if no one has the address. If an address
/// may belong to several people although the procedure succeeded, `f.is_ambiguous(i)` reports it.
template<class F, class M>
concept finder_of = std::derived_from<F, wire::procedure> && requires(F& f, M const& address, std::size_t i) {
    { F::max_batch } -> std::convertible_to<std::size_t>;
    f.add(address);
    { f.id_of(i) } -> std::convertible_to<std::string_view>;
};

/// The provider can look this kind of address up, with `P::finder<M>(app)`.
template<class P, class M>
concept looks_up = requires { typename P::template finder<M>; } && finder_of<typename P::template finder<M>, M> &&
                   std::constructible_from<typename P::template finder<M>, typename P::credentials const&>;

/// The provider finds this kind of address only by reading the whole directory, with the procedure `P::scan<M>(app,
/// calls per second)`; afterwards `s.take_index()` is the index from addresses to people.
template<class P, class M>
concept finds_by_scan = requires { typename P::template scan<M>; };

/// The provider can send this kind of message.
///
/// `P::content_of(what, lang)` is the message in the platform's form, a `P::content` that owns what it needs.
/// `P::check(content)` returns success, or why a message is not valid, before any byte is sent. `P::delivery(app,
/// people, content, key)` is the procedure that sends it to at most `P::delivery::max_batch` people; afterwards
/// `d.outcome(i)` is the outcome for the i-th person and `d.message_id()` the id of the message.
template<class P, class Message>
concept encodes_message = requires(typename P::recipient const& to, Message what, language_tag const& lang,
                                   std::string_view key, typename P::delivery const& done) {
    { P::content_of(std::move(what), lang) } -> std::same_as<typename P::content>;
    { P::check(P::content_of(std::move(what), lang)) } -> std::same_as<result<void>>;
    requires std::derived_from<typename P::delivery, wire::procedure>;
    { P::delivery::max_batch } -> std::convertible_to<std::size_t>;
    { done.outcome(std::size_t()) } -> std::same_as<result<void>>;
    { done.message_id() } -> std::convertible_to<std::string_view>;
    { to.id() } -> std::convertible_to<std::string_view>;
};

/// The platform has a call that sends one message to many people.
///
/// `P::batch` sends as `P` does, with `messages`, `content_of`, `check` and `delivery` of its own;
/// `P::batch::direct(who)` exists for addresses that a batch accepts without a look-up.
template<class P>
concept supports_batch = requires {
    typename P::batch;
    requires std::same_as<typename P::batch::recipient, typename P::recipient>;
    requires std::same_as<typename P::batch::content, typename P::content>;
    requires std::derived_from<typename P::batch::delivery, wire::procedure>;
    { P::batch::delivery::max_batch } -> std::convertible_to<std::size_t>;
};

// ---- Access tokens

/// The token of one application in a cache.
///
/// `e.peek(now)` looks without waiting. `e.obtain(fetch, now, deadline)` completes with a usable token: a cached one,
/// one that another caller is fetching, or one that it fetches with `fetch`. It waits no longer than `deadline`, and
/// cancelling it does not affect other callers. `e.refresh(fetch, now)` replaces a token that still works, unless that
/// is in progress. `e.drop(token)` forgets the token if it is still the cached one.
///
/// `now` is a time of the notifier's clock; `deadline` is a time of the steady clock.
template<class S>
concept token_entry = requires(S& s, token_fetch const& fetch, access_token::time_point now,
                               std::chrono::steady_clock::time_point deadline, token_ptr const& token) {
    { s.peek(now) } -> std::same_as<cached_token>;
    { s.obtain(fetch, now, deadline) } -> std::same_as<boost::asio::awaitable<result<token_ptr>>>;
    { s.refresh(fetch, now) } -> std::same_as<boost::asio::awaitable<void>>;
    { s.drop(token) };
};

/// Keeps access tokens. Models: `token_cache::in_memory`, `token_cache::file`, `token_cache::none`.
///
/// `c.entry_for(key)` is the entry for the token that `key` names; the key contains no secret.
template<class C>
concept token_cache_policy = policy<C> && std::move_constructible<C> && requires(C& c, std::string const& key) {
    requires token_entry<std::remove_pointer_t<decltype(std::to_address(c.entry_for(key)))>>;
};

// ---- Transport

/// Makes exchanges with one endpoint.
///
/// `c.async_round_trip(x, token)` sends `x.request_bytes`, reads the reply into `x.in` and completes with
/// `void(error_code)`, never inside the call. It completes no later than `x.deadline`, reports in `x.progress` how far
/// the exchange came and in `x.reused_connection_closed` whether a kept or shared connection may have been closed then,
/// and opens a new connection if `x.require_new_connection` is set. It repeats nothing. An exchange without bytes only
/// makes sure that a connection is open. Where `x.committed` is not null, the client sets `*x.committed` to true
/// when it begins to write, and ignores `total` cancellation from then on.
///
/// Optional: `c.open_early(wanted, deadline)` opens a connection in the background unless there are `wanted` already, and
/// `c.stop_early()` ends such attempts. The engine calls them while a token is fetched.
template<class C>
concept transport_client = requires(C& c, transport::exchange& x) {
    {
        c.async_round_trip(x, boost::asio::as_tuple(boost::asio::use_awaitable))
    } -> std::same_as<boost::asio::awaitable<std::tuple<boost::system::error_code>>>;
};

/// Moves bytes. Models: `transport::https`, `transport::http`, `transport::by_scheme`, `transport::pipelined`.
///
/// `t.open(executor, where)` makes a client, or returns why the endpoint or the settings are not usable.
template<class T>
concept transport_policy =
    policy<T> && std::move_constructible<T> && transport_client<typename T::client> &&
    requires(T const& t, boost::asio::any_io_executor const& ex, transport::endpoint const& where) {
        { t.open(ex, where) } -> std::same_as<result<std::unique_ptr<typename T::client>>>;
    };

// ---- Pacing
// -----------------------------------------------------------------------------------------------------------

/// The permission to make one request. Converts to false if there is none.
///
/// `p.on_sent()` reports that the request is about to be made; a permit that is destroyed before that is given back.
/// `p.on_reply(began, now)` reports that the request was written from `began` on (`max()`: not known) and that its
/// answer arrived or was lost at `now`. `p.release()` reports that the request was not made.
template<class P>
concept pacing_permit =
    std::default_initializable<P> && std::movable<P> && requires(P& p, std::chrono::steady_clock::time_point when) {
        { static_cast<bool>(p) };
        p.on_sent();
        p.on_reply(when, when);
        p.release();
    };

/// The requests of one application. Operations outlive the permits for them.
///
/// `p.take(op, now)` is a permit; an empty permit means that the request has to wait. Then `p.wait(op, deadline)`
/// completes with one. It fails at once with `errc::rate_limited` if that would be later than the deadline, and
/// cancelling it does not affect other callers. `p.refused(op, why, now)` reports that the platform limited a request
/// nevertheless.
template<class P>
concept pacing_entry =
    requires(P& p, wire::operation const& op, failure const& why, std::chrono::steady_clock::time_point now) {
        requires pacing_permit<decltype(p.take(op, now))>;
        { p.wait(op, now) } -> std::same_as<boost::asio::awaitable<result<decltype(p.take(op, now))>>>;
        p.refused(op, why, now);
    };

/// Sends no faster than the platform permits. Models: `pacing::published`, `pacing::none`.
///
/// `p.entry_for(key)` is the entry of the application, or of the group's address, that `key` names.
template<class P>
concept pacing_policy = policy<P> && std::move_constructible<P> && requires(P& p, std::string const& key) {
    requires pacing_entry<std::remove_pointer_t<decltype(std::to_address(p.entry_for(key)))>>;
};

// ---- The rest

/// The clock for the age of tokens. Models: `clock::steady`. `c.now()` never goes back.
template<class C>
concept clock_policy = policy<C> && std::move_constructible<C> && requires(C const& c) {
    { c.now() } -> std::same_as<access_token::time_point>;
};

/// How long one call may take. Models: `deadline`. `d.limit()` of zero means for ever.
template<class D>
concept deadline_policy = policy<D> && std::move_constructible<D> && requires(D const& d) {
    { d.limit() } -> std::convertible_to<std::chrono::steady_clock::duration>;
};

/// What a retry policy is asked when a request did not succeed.
class retry_context
{
public:
    using duration = std::chrono::steady_clock::duration;

    retry_context(failure const& f, wire::idempotency w) noexcept : why(f), idempotency(w) {}

    failure const& why;                    ///< What became of the request.
    wire::idempotency idempotency;         ///< What repeating it may do.
    unsigned attempts = 0;                 ///< Repetitions the call has had already, of whatever request.
    duration last_wait = duration::zero(); ///< The wait before the last of them.
    duration remaining = duration::max();  ///< The time until the call's deadline.
    double jitter = 0;                     ///< At random, from 0 to 1.
};

/// What it answers.
class retry_decision
{
public:
    using duration = std::chrono::steady_clock::duration;

    static retry_decision stop() noexcept { return retry_decision(); }
    static retry_decision again(duration wait) noexcept
    {
        retry_decision out;
        out.wait_ = wait;
        return out;
    }

    /// How long to wait before the request is made again; nothing when it is not.
    std::optional<duration> const& wait() const noexcept { return wait_; }

private:
    retry_decision() noexcept = default;

    std::optional<duration> wait_;
};

/// Whether a request that did not succeed is made again. Models: `retry::safe`, `retry::at_least_once`, `retry::none`.
/// `r.next(question)` is a function of its argument.
template<class R>
concept retry_policy = policy<R> && std::move_constructible<R> && requires(R const& r, retry_context const& q) {
    { r.next(q) } -> std::same_as<retry_decision>;
};

/// What a directory remembers of an address.
class remembered
{
public:
    enum class kind
    {
        nothing,
        person,
        nobody ///< It was looked up, and no person has it.
    };

    remembered() noexcept = default;
    remembered(kind what, std::string_view id) : what_(what), id_(id) {}

    kind what() const noexcept { return what_; }
    /// The person's id.
    std::string_view id() const noexcept { return id_; }

private:
    kind what_ = kind::nothing;
    detail::inline_string id_;
};

/// The results of one application's look-ups. `kind` is the name of the match strategy. Never waits.
template<class P>
concept directory_entry = requires(P& p, std::string_view text, access_token::time_point now) {
    { p.find(text, text, now) } -> std::same_as<remembered>;
    p.keep(text, text, text, now);
    p.forget(text, text);
};

/// Remembers people. Models: `directory::in_memory`, `directory::none`.
///
/// `d.entry_for(key)` is the memory of the application that `key` names: ids of one application are never used for another.
/// `e.find(kind, address, now)` returns what is remembered; `e.keep(kind, address, id, now)` stores the result of a
/// look-up, an empty id if it found no one; `e.forget(kind, address)` removes an id that the platform rejected. One with
/// `e.max_entries()`, how many addresses it holds at most, is given half as many people by one call of `send_each`.
template<class D>
concept directory_policy = policy<D> && std::move_constructible<D> && requires(D& d, std::string const& key) {
    requires directory_entry<std::remove_pointer_t<decltype(std::to_address(d.entry_for(key)))>>;
};

/// The language of messages that have several. Models: `channel_language`.
template<class L>
concept language_policy = policy<L> && std::move_constructible<L> && requires(L const& l) {
    { l.tag() } -> std::convertible_to<language_tag const&>;
};

/// The observer has a function for this event: `o.on(e)`. Put `static_assert(observes<my_log, event::attempt_ended>);`
/// behind an observer of your own: a function that is misspelt is never called.
template<class O, class Event>
concept observes = requires(O& o, Event const& e) { o.on(e); };

namespace detail {

/// Whether the observer has no function for the event, or one that does not throw.
template<class O, class Event>
constexpr bool observes_without_throwing() noexcept
{
    if constexpr (observes<O, Event>)
        return noexcept(std::declval<O&>().on(std::declval<Event const&>()));
    else
        return true;
}

/// Calls `f.template operator()<Events...>()` with all kinds of events.
template<class F>
constexpr auto with_all_events(F f) noexcept
{
    return f.template operator()<event::attempt_begun, event::attempt_ended, event::retry_planned, event::token_fetched,
                                 event::person_resolved, event::permit_waited, event::breaker_opened,
                                 event::breaker_closed, event::delivery_settled>();
}

template<class O>
inline constexpr bool never_throws_at_an_event =
    with_all_events([]<class... Events>() { return (observes_without_throwing<O, Events>() && ...); });

template<class O>
inline constexpr bool observes_some_event =
    with_all_events([]<class... Events>() { return (observes<O, Events> || ...); });

} // namespace detail

/// Gets the events of a notifier: attempts, repetitions, waits, deliveries. Models: `observer::none`,
/// `observer::all_of`, `observer::any`, `observer::spdlog`, `observer::prometheus`.
///
/// `o.on(e)` is a function for each event of `tidings/event.hpp` that the observer is interested in, and `noexcept`;
/// events without a function cost nothing. Observers are handles: copies share what they write to.
///
/// Functions are called on the notifier's executor, in the middle of its work: they return soon, do not wait, and do
/// not destroy the notifier. Texts in an event are valid until the function returns.
template<class O>
concept observer_policy = policy<O> && std::copy_constructible<O> && detail::never_throws_at_an_event<O>;

/// Where the platform is. Models: `base_url`.
template<class B>
concept base_url_policy = policy<B> && std::move_constructible<B> && requires(B const& b) {
    { b.text() } -> std::convertible_to<std::string_view>;
};

} // namespace tidings::inline v0

#endif
