// Every policy a notifier can be made of: what each has to offer, in one place.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_CONCEPTS_HPP
#define TIDINGS_CONCEPTS_HPP

#include <tidings/result.hpp>
#include <tidings/secret.hpp>
#include <tidings/transport/endpoint.hpp>
#include <tidings/transport/exchange.hpp>
#include <tidings/wire/operation.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace tidings {

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
// -------------------------------------------------------------------------------------------------------

/// What identifies a person. Models: `match::email`, `match::login_name`, `match::phone_number`.
///
/// `m.check()` succeeds, or says with `errc::invalid_argument` why the address is none; `m.view()` is the address in
/// the form that providers take; `M::name` is what a person calls it.
template<class M>
concept match_strategy = std::move_constructible<M> && requires(M const& m) {
    { M::name } -> std::convertible_to<std::string_view>;
    { m.view() } -> std::convertible_to<std::string_view>;
    { m.check() } -> std::same_as<result<void>>;
};

/// Whether addresses are looked up or used as they are. Models: `addressing::lookup`, `addressing::direct`.
template<class A>
concept addressing_policy = policy<A> && requires {
    { A::prefers_direct } -> std::convertible_to<bool>;
};

// ---- Providers
// -------------------------------------------------------------------------------------------------------

/// A platform's knowledge of bytes. Models: `lark`, `feishu`.
///
/// `P::fetch_token(app)` is the operation that fetches a token; `app` outlives it. `app.check()` succeeds or says what
/// is wrong with the credentials, `app.app_id()` and `app.app_secret()` tell two applications apart.
template<class P>
concept provider = requires(typename P::credentials const& app) {
    { P::name } -> std::convertible_to<std::string_view>;
    { P::base_url } -> std::convertible_to<std::string_view>;
    { app.check() } -> std::same_as<result<void>>;
    { app.app_id() } -> std::convertible_to<std::string_view>;
    { app.app_secret() } -> std::convertible_to<secret const&>;
    { P::fetch_token(app) } -> std::same_as<std::unique_ptr<wire::token_operation>>;
    typename P::recipient;
};

/// The provider can write to this kind of address as it is.
template<class P, class M>
concept addresses_directly = requires(M const& who) {
    { P::direct(who) } -> std::same_as<typename P::recipient>;
};

/// The provider can look this kind of address up.
template<class P, class M>
concept looks_up = requires(typename P::credentials const& app, M const& who, typename P::look_up const& done) {
    { P::find(app, who) } -> std::derived_from<wire::operation>;
    { P::found(done, M::name) } -> std::same_as<result<typename P::recipient>>;
};

/// The provider can reach people by this kind of address, one way or the other.
template<class P, class M>
concept reaches = addresses_directly<P, M> || looks_up<P, M>;

/// The provider can send this kind of message.
///
/// `P::check(content, key)` says before any byte is sent why a message cannot be; `P::send(…)` is the operation.
template<class P, class Message>
concept sends = requires(typename P::credentials const& app, typename P::recipient const& to, Message const& what,
                         std::string_view key) {
    { P::check(P::content_of(what), key) } -> std::same_as<result<void>>;
    { P::send(app, to, P::content_of(what), key).message_id() } -> std::convertible_to<std::string_view>;
    { to.id() } -> std::convertible_to<std::string_view>;
};

// ---- Access tokens
// ---------------------------------------------------------------------------------------------------

/// A token and how long it lives. Immutable and shared: dropping it from a cache disturbs nobody who uses it.
class access_token
{
public:
    using time_point = std::chrono::steady_clock::time_point;

    access_token(secret value, time_point expires) noexcept : value_(std::move(value)), expires_(expires) {}

    secret const& value() const noexcept { return value_; }
    time_point expires() const noexcept { return expires_; }

private:
    secret value_;
    time_point expires_;
};
using token_ptr = std::shared_ptr<access_token const>;

/// What to do with a token at a point of time.
enum class freshness
{
    /// Use it.
    use,
    /// Use it, and fetch the next one in the background.
    refresh_ahead,
    /// It is over, or about to be.
    must_fetch
};

/// The decision. Lark and Feishu hand out a new token from 30 minutes before the end on, and the old one works until
/// its own end: so refreshing then costs nobody a wait.
///
/// @param expires  The end of the token.
/// @param now      The same clock's present.
constexpr freshness judge(access_token::time_point expires, access_token::time_point now) noexcept
{
    constexpr std::chrono::seconds refresh_margin = std::chrono::minutes(30);
    constexpr std::chrono::seconds use_margin{60}; // time for a request to arrive, and for clocks to differ
    if (expires - now <= use_margin)
        return freshness::must_fetch;
    return expires - now < refresh_margin ? freshness::refresh_ahead : freshness::use;
}

/// A cached token and what to do with it.
class cached_token
{
public:
    cached_token() noexcept = default;
    cached_token(token_ptr t, freshness f) noexcept : token(std::move(t)), state(f) {}

    token_ptr token; ///< Null when there is none that can be used.
    freshness state = freshness::must_fetch;
};

/// Fetches one token; bound to the credentials.
using token_fetch = std::function<boost::asio::awaitable<result<token_ptr>>()>;

/// The place of one application's token in a cache.
///
/// `s.peek(now)` looks without waiting. `s.obtain(fetch, now, deadline)` completes with a token that can be used: a
/// cached one, the one that somebody else is fetching, or one that it fetches with `fetch`; it waits no longer than
/// `deadline` and can be cancelled without disturbing other callers. `s.refresh(fetch)` replaces a token that still
/// works, unless that is under way. `s.drop(token)` forgets the token if it still is the cached one.
template<class S>
concept token_slot = requires(S& s, token_fetch const& fetch, access_token::time_point now,
                              std::chrono::steady_clock::time_point deadline, token_ptr const& token) {
    { s.peek(now) } -> std::same_as<cached_token>;
    { s.obtain(fetch, now, deadline) } -> std::same_as<boost::asio::awaitable<result<token_ptr>>>;
    { s.refresh(fetch) } -> std::same_as<boost::asio::awaitable<void>>;
    { s.drop(token) };
};

/// Keeps access tokens. Models: `token_cache::in_memory`, `token_cache::none`.
///
/// `c.slot(key)` is the place of the token that `key` names; the key has no secret in it.
template<class C>
concept token_cache_policy = policy<C> && std::move_constructible<C> && requires(C& c, std::string const& key) {
    requires token_slot<std::remove_pointer_t<decltype(std::to_address(c.slot(key)))>>;
};

// ---- Transport
// -------------------------------------------------------------------------------------------------------

/// Makes exchanges with one endpoint.
///
/// `c.async_round_trip(x, token)` sends `x.bytes`, reads the reply into `x.in` and completes with `void(error_code)`,
/// never inside the call. It keeps to `x.deadline`, tells in `x.progress` how far it came, and repeats a request by
/// itself only if `x.repeatable`. An exchange without bytes only sees to it that a connection is open.
template<class C>
concept transport_client = requires(C& c, transport::exchange& x) {
    {
        c.async_round_trip(x, boost::asio::as_tuple(boost::asio::use_awaitable))
    } -> std::same_as<boost::asio::awaitable<std::tuple<boost::system::error_code>>>;
};

/// Moves bytes. Models: `transport::https`, `transport::http`, `transport::by_scheme`.
///
/// `t.open(executor, where)` makes a client, or says why the endpoint or the settings are not usable.
template<class T>
concept transport_policy =
    policy<T> && std::move_constructible<T> && transport_client<typename T::client> &&
    requires(T const& t, boost::asio::any_io_executor const& ex, transport::endpoint const& where) {
        { t.open(ex, where) } -> std::same_as<result<std::unique_ptr<typename T::client>>>;
    };

// ---- The rest
// --------------------------------------------------------------------------------------------------------

/// Tells the age of tokens. Models: `clock::steady`. `c.now()` never goes back.
template<class C>
concept clock_policy = policy<C> && std::move_constructible<C> && requires(C const& c) {
    { c.now() } -> std::same_as<access_token::time_point>;
};

/// How long one call may take. Models: `deadline`. `d.limit()` of zero means for ever.
template<class D>
concept deadline_policy = policy<D> && std::move_constructible<D> && requires(D const& d) {
    { d.limit() } -> std::convertible_to<std::chrono::steady_clock::duration>;
};

/// Where the platform is. Models: `base_url`.
template<class B>
concept base_url_policy = policy<B> && std::move_constructible<B> && requires(B const& b) {
    { b.text() } -> std::convertible_to<std::string_view>;
};

} // namespace tidings

#endif
