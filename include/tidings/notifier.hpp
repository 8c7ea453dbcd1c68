// Tells a person something: a platform, a way to name people, and policies, composed at compile time.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_NOTIFIER_HPP
#define TIDINGS_NOTIFIER_HPP

#include <tidings/concepts.hpp>
#include <tidings/directory/in_memory.hpp>
#include <tidings/impl/completion.hpp>
#include <tidings/impl/engine.hpp>
#include <tidings/impl/flow.hpp>
#include <tidings/impl/policies.hpp>
#include <tidings/impl/token_key.hpp>
#include <tidings/impl/usable.hpp>
#include <tidings/match/first_of.hpp>
#include <tidings/pacing/published.hpp>
#include <tidings/policy/addressing.hpp>
#include <tidings/policy/base_url.hpp>
#include <tidings/policy/channel_language.hpp>
#include <tidings/policy/clock.hpp>
#include <tidings/policy/deadline.hpp>
#include <tidings/policy/retry.hpp>
#include <tidings/receipt.hpp>
#include <tidings/send_each.hpp>
#include <tidings/send_options.hpp>
#include <tidings/token_cache/in_memory.hpp>
#include <tidings/transport/https.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

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

/// Sends messages to people on one platform, as one application's bot.
///
/// @tparam Provider  The platform: `lark`, `feishu`, `dingtalk`, `dingtalk_work`, `wecom`.
/// @tparam Match     What names a person: `match::login_name`, `match::phone_number`, `match::email`, or a chain of
///                   them, `match::first_of<…>`.
/// @tparam Policies  In any order, at most one for each slot; the defaults are `addressing::lookup`, `base_url`,
///                   `channel_language`, `clock::steady`, `deadline`, `directory::in_memory`, `pacing::published`,
///                   `retry::safe`,
///                   `token_cache::in_memory` and `transport::https`. What each has to offer stands in `concepts.hpp`.
///
/// @par Executor       Everything runs on the executor given to the constructor: one thread, or a strand.
/// @par Thread safety  Distinct objects: safe, also when they share a token cache, a directory or pacing. Shared
///                     objects: `async_send` may be called on any thread, and so may `send` and the other operations if
///                     they are awaited on the executor; everything else is unsafe. The destructor runs on the
///                     executor, or while nobody runs it, and before the execution context is destroyed. See
///                     docs/threads.md.
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
    using directory_t = detail::pick_t<directory_kind, directory::in_memory, Policies...>;
    using language_t = detail::pick_t<language_kind, channel_language, Policies...>;
    using pacing_t = detail::pick_t<pacing_kind, pacing::published, Policies...>;
    using retry_t = detail::pick_t<retry_kind, retry::safe, Policies...>;
    using token_cache_t = detail::pick_t<token_cache_kind, token_cache::in_memory, Policies...>;
    using transport_t = detail::pick_t<transport_kind, transport::https, Policies...>;

    static_assert(addressing_policy<addressing_t>, "tidings: this is no addressing policy; see tidings/concepts.hpp");
    static_assert(base_url_policy<base_url_t>, "tidings: this is no base URL policy; see tidings/concepts.hpp");
    static_assert(clock_policy<clock_t>, "tidings: this is no clock policy; see tidings/concepts.hpp");
    static_assert(deadline_policy<deadline_t>, "tidings: this is no deadline policy; see tidings/concepts.hpp");
    static_assert(directory_policy<directory_t>, "tidings: this is no directory; see tidings/concepts.hpp");
    static_assert(language_policy<language_t>, "tidings: this is no language policy; see tidings/concepts.hpp");
    static_assert(pacing_policy<pacing_t>, "tidings: this is no pacing policy; see tidings/concepts.hpp");
    static_assert(retry_policy<retry_t>, "tidings: this is no retry policy; see tidings/concepts.hpp");
    static_assert(token_cache_policy<token_cache_t>, "tidings: this is no token cache; see tidings/concepts.hpp");
    static_assert(transport_policy<transport_t>, "tidings: this is no transport; see tidings/concepts.hpp");

    static_assert(detail::usable<Provider, Match, addressing_t>());

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
                        std::is_same_v<Given, directory_t> || std::is_same_v<Given, language_t> ||
                        std::is_same_v<Given, pacing_t> || std::is_same_v<Given, retry_t> ||
                        std::is_same_v<Given, token_cache_t> || std::is_same_v<Given, transport_t>) &&
                       ...),
                      "tidings: the constructor was given something that is none of this notifier's policies");
        std::tuple<Given...> given(std::move(policies)...);
        state_->lang = detail::given_or_default<language_t>(given).tag();
        start(std::move(ex), given);
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
    /// takes is fetched anew, once. What fails for the moment is repeated as the retry policy says, under the same key
    /// and within the deadline.
    ///
    /// @param who   The person. Checked before any byte is sent.
    /// @param what  The message: a kind that the platform can send.
    /// @param how   The idempotency key, a random one unless given, and the person's language. Repeat a send under the
    ///              same key when its outcome is unknown.
    /// @returns The receipt, or why not.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  `*this` outlives the operation, which owns `who`, `what` and `how`.
    /// @par Executor          Awaited on `get_executor()`: asserted in debug builds, where the type of the executor can
    ///                        tell. On another executor use `async_send`.
    /// @par Per-operation cancellation
    ///   `terminal`, and `partial` where the awaiting coroutine lets it through: completes with `errc::cancelled`, or
    ///   with `errc::outcome_unknown` once the request was being written. The notifier stays usable.
    /// @par Errors
    ///   `errc::invalid_argument`       an address, a key or a setting is not usable; no byte was sent
    ///   `errc::message_invalid`, `errc::message_too_long`  the message is not; found here or by the platform
    ///   `errc::recipient_not_found`    nobody has this address, or the application may not see them
    ///   `errc::ambiguous_recipient`    more than one person has this address
    ///   `errc::recipient_unreachable`  the person exists, and the message may not reach them
    ///   `errc::bad_credentials`, `errc::token_rejected`, `errc::permission_missing`, `errc::app_not_published`,
    ///   `errc::bot_disabled`, `errc::ip_not_allowed`, `errc::quota_exhausted`  the application's set-up
    ///   `errc::rate_limited`           too many requests, as the platform says, or as it would if this one did not
    ///   wait
    ///                                  beyond the deadline
    ///   `errc::server_error`, `errc::platform_error`  the platform refused
    ///   `errc::connect_failed`, `errc::tls_failed`, `errc::protocol_error`, `errc::queue_full`  the way to it
    ///   `errc::timed_out`              the deadline passed before the request was being written
    ///   `errc::outcome_unknown`        the request may have arrived and the answer did not; `failure::cause()` says
    ///   why
    /// @par Exception safety  Throws only `std::bad_alloc`, and what a policy of the user's own throws. The notifier is
    ///                        as it was, and can be used further.
    template<class Message>
    boost::asio::awaitable<result<receipt>> send(Match who, Message what, send_options how = send_options())
    {
        return start_send(std::move(who), std::move(what), std::move(how));
    }

    /// As above, to what `resolve` returned or `recipient::parse` made of a text: nobody is looked up.
    ///
    /// @param to  Checked before any byte is sent. An id that is nobody's any more is `errc::recipient_not_found`.
    template<std::same_as<recipient> To, class Message> // deduced, so that `send({"ada"}, …)` means an address
    boost::asio::awaitable<result<receipt>> send(To to, Message what, send_options how = send_options())
    {
        return start_send(std::move(to), std::move(what), std::move(how));
    }

    /// As `send`, with any completion token.
    ///
    /// May be called on any thread: the operation runs on `get_executor()`. Completes with `void(result<receipt>)` on
    /// the handler's associated executor, `get_executor()` unless it has one; never inside this call. Cancellation as
    /// for `send`, of types `terminal` and `partial`; the signal may be emitted on the calling thread.
    ///
    /// What `send` would throw is `errc::outcome_unknown` here.
    template<class Message, class Token>
    auto async_send(Match who, Message what, Token&& token)
    {
        return async_send(std::move(who), std::move(what), send_options(), std::forward<Token>(token));
    }

    /// As above, with options.
    template<class Message, class Token>
    auto async_send(Match who, Message what, send_options how, Token&& token)
    {
        return detail::async_run<receipt>(executor_, send(std::move(who), std::move(what), std::move(how)),
                                          std::forward<Token>(token));
    }

    /// As above, to a recipient.
    template<std::same_as<recipient> To, class Message, class Token>
    auto async_send(To to, Message what, Token&& token)
    {
        return async_send(std::move(to), std::move(what), send_options(), std::forward<Token>(token));
    }

    /// As above, to a recipient, with options.
    template<std::same_as<recipient> To, class Message, class Token>
    auto async_send(To to, Message what, send_options how, Token&& token)
    {
        return detail::async_run<receipt>(executor_, send(std::move(to), std::move(what), std::move(how)),
                                          std::forward<Token>(token));
    }

    /// Sends one message to many people, in the platform's batches, and tells of each what became of it.
    ///
    /// One person's failure touches nobody else; nobody gets the message twice, however often they stand in a window.
    /// Of the range, `send_each_options::window` people are in memory at a time.
    ///
    /// @param people  A range of `Match`, of `recipient_of<Match>` or of what makes one; or of `recipient` or
    ///                `recipient_of<recipient>`, which are not looked up. An lvalue is referred to.
    /// @param what    The message. A long text is refused here, not divided.
    /// @param sink    Called as `sink(std::size_t index, Match const& who, result<receipt> const& outcome)` for each
    ///                person, in the order of the range; may return an `awaitable<void>`, which is waited for. For
    ///                recipients `who` is a `recipient const&`.
    /// @param how     The key, how many requests at a time, how many people in memory.
    /// @returns How many fared how; a failure when nobody was tried, because the message or a setting is not usable.
    ///
    /// @par Exceptions
    ///   What `sink`, the range or a policy of the user's own throws leaves the operation, and so does
    ///   `std::bad_alloc`; of several exceptions the first. No outcome is lost by it: the sink is still called for
    ///   everybody else of the same window, those whose request was cut short with `errc::outcome_unknown`, and then
    ///   the exception is thrown. Nobody of later windows is sent to. When the range throws, nobody of the window that
    ///   was being read is sent to either, and the sink is not called for them. The awaiting coroutine is as it was.
    /// @par Object lifetimes  `*this` and an lvalue range outlive the operation, which owns everything else.
    /// @par Executor          Awaited on `get_executor()`, where `sink` is called, too.
    /// @par Per-operation cancellation
    ///   As for `send`. Those under way get `errc::cancelled` or `errc::outcome_unknown`, and the sink is told; the
    ///   rest of the range is left, and `send_summary::complete` is false.
    /// @par Errors            Of each person: as for `send`. The deadline applies to each request with its answer, and
    /// not
    ///                        to the wait for its turn, which takes two minutes more at most.
    template<std::ranges::input_range People, class Message, class Sink>
    boost::asio::awaitable<result<send_summary>> send_each(People&& people, Message what, Sink sink,
                                                           send_each_options how = send_each_options())
    {
        return spread<Provider>(std::forward<People>(people), std::move(what), std::move(sink), std::move(how));
    }

    /// As above, but the platform spreads the message itself: up to 200 people of Lark or Feishu with one request.
    ///
    /// @param how  What that is good for and what it costs: see `native_batch_options`.
    template<std::ranges::input_range People, class Message, class Sink>
    boost::asio::awaitable<result<send_summary>> send_each(People&& people, Message what, Sink sink,
                                                           native_batch_options how)
    {
        if constexpr (std::same_as<addressed_by<People>, Match>)
            static_assert(detail::check_batch<Provider, Match, addressing_t>::check());
        else
            static_assert(detail::has_batch<Provider>());
        if constexpr (supports_batch<Provider>)
            return spread<typename Provider::batch>(std::forward<People>(people), std::move(what), std::move(sink),
                                                    how.each());
    }

    /// Takes a message back, all its parts.
    ///
    /// @param sent  From a `send` of the same application. The platforms allow it for a day or so; where one message
    /// went
    ///              to many, it is taken back from all.
    /// @returns Success, or why not. Lifetimes, cancellation and errors as for `send`.
    boost::asio::awaitable<result<void>> recall(receipt sent)
        requires(supports<Provider, capability::recall>())
    {
        return flow::template ask_about<void>(state_, std::move(sent),
                                              [](credentials const& app, std::string_view id, receipt const& of) {
                                                  if constexpr (requires { Provider::recall(app, id, of); })
                                                      return Provider::recall(app, id, of);
                                                  else
                                                      return Provider::recall(app, id);
                                              });
    }

    /// Who has read a message.
    ///
    /// @param sent  From a `send` of the same application.
    /// @returns Ids of those who have: `open_id` on Lark and Feishu, userid on DingTalk. Empty: nobody yet.
    ///          `errc::invalid_argument` where the platform cannot tell: a message sent with `native_batch_options`.
    boost::asio::awaitable<result<std::vector<std::string>>> readers(receipt sent)
        requires(supports<Provider, capability::readers>())
    {
        return flow::template ask_about<std::vector<std::string>>(
            state_, std::move(sent), [](credentials const& app, std::string_view id, receipt const& of) {
                if constexpr (requires { Provider::readers(app, id, of); })
                    return Provider::readers(app, id, of);
                else
                    return Provider::readers(app, id);
            });
    }

    /// Finds out whom messages to `who` go to, and sends none.
    ///
    /// An address that the platform takes as it is comes back without I/O: whether it belongs to somebody is then found
    /// out by sending. Lifetimes, cancellation and errors as for `send`; the outcome is never unknown.
    boost::asio::awaitable<result<recipient>> resolve(Match who) { return flow::identify(state_, std::move(who)); }

    /// Fetches an access token and opens a connection unless there are some, so that the first message need not wait.
    ///
    /// Lifetimes, cancellation and errors as for `send`; the outcome is never unknown.
    boost::asio::awaitable<result<void>> warm_up() { return flow::prepare(state_); }

private:
    using place_t = typename decltype(std::declval<token_cache_t&>().slot(std::declval<std::string>()))::element_type;
    using turns_t = typename decltype(std::declval<pacing_t&>().slot(std::declval<std::string>()))::element_type;
    using engine_t = detail::engine<place_t, turns_t, typename transport_t::client, clock_t>;
    using people_t = typename decltype(std::declval<directory_t&>().slot(std::declval<std::string>()))::element_type;
    using flow = detail::flow<Provider, engine_t, people_t, addressing_t>;
    using state = typename flow::state;

    template<class Who, class Message>
    boost::asio::awaitable<result<receipt>> start_send(Who who, Message what, send_options how)
    {
        static_assert(detail::check_sendable<Provider, Message>());
        auto rendered_message =
            flow::render(std::move(what), how.language() ? *how.language() : state_->lang, how.key(), true);
        return flow::deliver(flow::make_send_operation(state_, std::move(who), std::move(rendered_message), how.key()));
    }

    /// How the people of a range are named: by `Match`, or as recipients.
    template<class People>
    using addressed_by =
        std::conditional_t<!std::constructible_from<recipient_of<Match>, std::ranges::range_reference_t<People>> &&
                               std::constructible_from<recipient_of<recipient>, std::ranges::range_reference_t<People>>,
                           recipient, Match>;

    /// @tparam Way  Who sends: `Provider`, or `Provider::batch`.
    template<class Sender, class People, class Message, class Sink>
    boost::asio::awaitable<result<send_summary>> spread(People&& people, Message what, Sink sink, send_each_options how)
    {
        static_assert(detail::check_sendable<Sender, Message>());
        using who = addressed_by<People>;
        static_assert(std::constructible_from<recipient_of<who>, std::ranges::range_reference_t<People>>,
                      "tidings: the people are none of this notifier's match strategy, nor recipients");
        static_assert(std::invocable<Sink&, std::size_t, who const&, result<receipt> const&>,
                      "tidings: the sink is called with an index, a Match (a recipient, where the range has those) and "
                      "a result<receipt>");
        auto render = [what = std::move(what), key = how.key()](language_tag const& lang) {
            return flow::template render<Sender>(Message(what), lang, key, false);
        };
        return flow::template deliver_each<Sender, who>(state_, std::views::all(std::forward<People>(people)),
                                                        std::move(render), std::move(sink), std::move(how));
    }

    template<class... Given>
    void start(executor_type ex, std::tuple<Given...>& given)
    {
        executor_ = ex;
        if constexpr (addressing_t::scans)
            state_->addressing = detail::given_or_default<addressing_t>(given);
        auto const url = detail::given_or_default<base_url_t>(given);
        auto const how = detail::given_or_default<transport_t>(given);
        typename engine_t::client_list clients;
        failure wrong;
        auto const open = [&](std::string_view text) {
            auto where = transport::endpoint::parse(text);
            if (!where)
                return wrong = where.error(), false;
            auto client = how.open(ex, *where);
            if (!client)
                return wrong = client.error(), false;
            using site_t = detail::endpoint_client<typename transport_t::client>;
            clients.push_back(std::make_unique<site_t>(*std::move(where), *std::move(client)));
            return true;
        };
        std::string_view const elsewhere = url.text();
        auto valid = state_->app->check();
        bool usable = valid.has_value();
        if (!usable)
            wrong = valid.error();
        else if (!elsewhere.empty())
            usable = open(elsewhere);
        else
            for (std::string_view const own : Provider::base_urls)
                usable = usable && open(own);
        if (!usable)
        {
            state_->unusable = detail::amend(wrong, [](diagnostics& facts) { facts.platform = Provider::name; });
            return;
        }
        state_->key =
            detail::token_key(Provider::name, clients.front()->where, state_->app->app_id(), state_->app->app_secret());
        state_->people = detail::given_or_default<directory_t>(given).slot(state_->key);
        // Two routes of one platform are two providers, and the same application.
        auto const pacing_key =
            detail::token_key({}, clients.front()->where, state_->app->app_id(), state_->app->app_secret());
        state_->engine = std::make_shared<engine_t>(std::move(ex), Provider::name, std::move(clients),
                                                    detail::given_or_default<token_cache_t>(given).slot(state_->key),
                                                    detail::given_or_default<pacing_t>(given).slot(pacing_key),
                                                    detail::given_or_default<clock_t>(given),
                                                    detail::retry_function_of(detail::given_or_default<retry_t>(given)),
                                                    detail::given_or_default<deadline_t>(given).limit(),
                                                    [app = state_->app] { return Provider::fetch_token(*app); });
    }

    std::shared_ptr<state> state_;
    executor_type executor_;
};

} // namespace tidings::inline v0

#endif
