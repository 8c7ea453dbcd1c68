// What a notifier and a webhook are made of: the policies that both have, the state, the engine.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_CLIENT_PARTS_HPP
#define TIDINGS_IMPL_CLIENT_PARTS_HPP

#include <tidings/concepts.hpp>
#include <tidings/impl/engine.hpp>
#include <tidings/impl/in_flight.hpp>
#include <tidings/impl/observe.hpp>
#include <tidings/impl/policies.hpp>
#include <tidings/message/localized.hpp>
#include <tidings/observer/none.hpp>
#include <tidings/pacing/published.hpp>
#include <tidings/policy/base_url.hpp>
#include <tidings/policy/channel_language.hpp>
#include <tidings/policy/clock.hpp>
#include <tidings/policy/deadline.hpp>
#include <tidings/policy/retry.hpp>
#include <tidings/result.hpp>
#include <tidings/transport/https.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace tidings::inline v0::detail {

/// What an operation needs. Shared with those in flight, so that destroying the client, and then the context, in the
/// middle of them is safe.
template<class Engine>
struct client_state
{
    explicit client_state(typename Engine::observer_type o) : observer(std::move(o)) {}

    /// Begins an operation, which is counted as long as `counted` lives.
    ///
    /// @param limit  The deadline of this call, if it has one.
    result<void> begin(std::optional<std::chrono::steady_clock::duration> const& limit, in_flight::guard& counted) const
    {
        if (!engine)
            return unusable;
        return engine->begin(limit, counted);
    }

    std::shared_ptr<Engine> engine; ///< Null where the settings are not usable.
    language_tag lang;
    failure unusable; ///< Why there is no engine.
    [[no_unique_address]] mutable typename Engine::observer_type observer;
};

/// The policies that both have.
template<class... Policies>
struct client_policies
{
    using base_url_t = pick_t<base_url_kind, base_url, Policies...>;
    using clock_t = pick_t<clock_kind, clock::steady, Policies...>;
    using deadline_t = pick_t<deadline_kind, deadline, Policies...>;
    using language_t = pick_t<language_kind, channel_language, Policies...>;
    using observer_t = pick_t<observer_kind, observer::none, Policies...>;
    using pacing_t = pick_t<pacing_kind, pacing::published, Policies...>;
    using retry_t = pick_t<retry_kind, retry::safe, Policies...>;
    using transport_t = pick_t<transport_kind, transport::https, Policies...>;

    static_assert(base_url_policy<base_url_t>, "tidings: this is no base URL policy; see tidings/concepts.hpp");
    static_assert(clock_policy<clock_t>, "tidings: this is no clock policy; see tidings/concepts.hpp");
    static_assert(deadline_policy<deadline_t>, "tidings: this is no deadline policy; see tidings/concepts.hpp");
    static_assert(language_policy<language_t>, "tidings: this is no language policy; see tidings/concepts.hpp");
    static_assert(is_observer<observer_t>());
    static_assert(pacing_policy<pacing_t>, "tidings: this is no pacing policy; see tidings/concepts.hpp");
    static_assert(retry_policy<retry_t>, "tidings: this is no retry policy; see tidings/concepts.hpp");
    static_assert(transport_policy<transport_t>, "tidings: this is no transport; see tidings/concepts.hpp");

    using pacing_entry =
        typename decltype(std::declval<pacing_t&>().entry_for(std::declval<std::string>()))::element_type;
    template<class TokenEntry>
    using engine_t = engine<TokenEntry, pacing_entry, typename transport_t::client, clock_t, observer_t>;
    using endpoint_t = endpoint_client<typename transport_t::client>;
    using client_list = std::vector<std::unique_ptr<endpoint_t>>;

    /// Whether it is one of them.
    template<class Given>
    static constexpr bool has =
        std::is_same_v<Given, base_url_t> || std::is_same_v<Given, clock_t> || std::is_same_v<Given, deadline_t> ||
        std::is_same_v<Given, language_t> || std::is_same_v<Given, observer_t> || std::is_same_v<Given, pacing_t> ||
        std::is_same_v<Given, retry_t> || std::is_same_v<Given, transport_t>;

    /// The hosts to talk to.
    ///
    /// @param base_url  In place of the platform's own base URLs, unless it is empty.
    /// @param own       The platform's own.
    template<class Urls, class... Given>
    static result<client_list> open(boost::asio::any_io_executor const& ex, std::tuple<Given...>& given,
                                    std::string_view base_url, Urls const& own)
    {
        auto const how = given_or_default<transport_t>(given);
        client_list out;
        auto const add = [&](std::string_view url) -> result<void> {
            auto where = transport::endpoint::parse(url);
            if (!where)
                return where.error();
            auto client = how.open(ex, *where);
            if (!client)
                return client.error();
            out.push_back(std::make_unique<endpoint_t>(*std::move(where), *std::move(client)));
            return {};
        };
        if (!base_url.empty())
        {
            if (auto const added = add(base_url); !added)
                return added.error();
            return out;
        }
        for (std::string_view const url : own)
            if (auto const added = add(url); !added)
                return added.error();
        return out;
    }

    /// @param pacing_key  Of the application: two routes of one platform are two providers and share their limits.
    template<class TokenEntry, class... Given>
    static std::shared_ptr<engine_t<TokenEntry>> make_engine(boost::asio::any_io_executor ex, std::string_view platform,
                                                             client_list clients, std::shared_ptr<TokenEntry> tokens,
                                                             std::string const& pacing_key,
                                                             token_operation_factory make_token_operation,
                                                             observer_t const& observer, std::tuple<Given...>& given)
    {
        return std::make_shared<engine_t<TokenEntry>>(
            std::move(ex), platform, std::move(clients), std::move(tokens),
            given_or_default<pacing_t>(given).entry_for(pacing_key), given_or_default<clock_t>(given),
            retry_function_of(given_or_default<retry_t>(given)), given_or_default<deadline_t>(given).limit(),
            std::move(make_token_operation), observer);
    }
};

} // namespace tidings::inline v0::detail

#endif
