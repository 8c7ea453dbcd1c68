// The notifiers of all platforms, behind one class.
//
// Each platform is compiled once, for `any_match` as its match strategy; the engine, the transport and the token cache are
// compiled once for all.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_ANY_NOTIFIER_IPP
#define TIDINGS_IMPL_ANY_NOTIFIER_IPP

#include <tidings/any_notifier.hpp>
#include <tidings/capability_table.hpp>
#include <tidings/detail/enumerate.hpp>
#include <tidings/diagnose.hpp>
#include <tidings/impl/any_client.hpp>
#include <tidings/impl/any_match.hpp>
#include <tidings/impl/usable.hpp>
#include <tidings/notifier.hpp>
#include <tidings/printable_text.hpp>
#include <tidings/token_cache/file.hpp>
#include <tidings/transport/by_scheme.hpp>

#include <boost/hana/for_each.hpp>
#include <boost/hana/keys.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <ranges>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace tidings::inline v0 {

namespace detail {

inline failure cannot_make_notifier(std::string detail)
{
    return cannot_make("make notifier", std::move(detail));
}

/// A call that a platform does not have.
inline failure cannot_call(std::string_view platform, std::string detail)
{
    return make_failure(errc::invalid_argument, [platform, &detail](diagnostics& facts) {
        facts.platform = platform;
        facts.operation = "check arguments";
        facts.detail = std::move(detail);
    });
}

template<class T>
boost::asio::awaitable<result<T>> complete_with(failure why)
{
    co_return why;
}

/// The platform's match strategies that are meant, as indexes of its row; or why it cannot be.
TIDINGS_DECL result<std::vector<std::size_t>> find_matches(platform_capabilities const& platform,
                                                           std::vector<std::string> const& names, bool scans)
{
    auto const title = std::string(platform.title);
    auto const alternatives = [&platform](bool with_scan) {
        std::vector<std::string_view> usable;
        for (auto const& match : platform.matches)
            if (with_scan || match.kind != lookup_kind::scan)
                usable.push_back(match.name);
        return enumerate(usable, [](std::string_view name) { return name; });
    };
    if (names.empty())
        return cannot_make_notifier("no match strategy was given; " + title + " has " + alternatives(scans));
    std::vector<std::size_t> out;
    for (auto const& name : names)
    {
        auto const* const found = platform.find_match(name);
        if (!found)
            return cannot_make_notifier(title + " does not find people by \"" + printable_text(name) +
                                        "\"; use one of " + alternatives(scans));
        if (found->kind == lookup_kind::scan && !scans)
            return cannot_make_notifier(
                title + " has no look-up for this kind of address: " + std::string(found->name) +
                ". Set directory_scan, which reads the whole directory once and remembers it, or use one "
                "of " +
                alternatives(false));
        auto const at = static_cast<std::size_t>(found - platform.matches.data());
        if (std::find(out.begin(), out.end(), at) != out.end())
            return cannot_make_notifier("the chain has " + std::string(found->name) + " twice");
        if (!out.empty() && !platform.matches[out.back()].tells_not_found)
            return cannot_make_notifier("a chain goes on to the next link when a link leads to nobody; of " +
                                        std::string(platform.matches[out.back()].name) + " " + title +
                                        " cannot tell. Make it the last link");
        out.push_back(at);
    }
    return out;
}

template<class Provider>
typename Provider::credentials credentials_of(any_credentials const& app)
{
    using credentials = typename Provider::credentials;
    if constexpr (std::constructible_from<credentials, std::string, secret, std::int64_t>)
        return credentials(app.app_id(), app.app_secret(), app.agent_id());
    else
    {
        credentials out(app.app_id(), app.app_secret());
        if constexpr (requires { out.agent_id(app.agent_id()); })
            out.agent_id(app.agent_id());
        if constexpr (requires { out.robot_code(app.robot_code()); })
            if (!app.robot_code().empty())
                out.robot_code(app.robot_code());
        return out;
    }
}

/// Whether a provider finds people by reading its directory.
template<class Provider>
constexpr bool has_scan()
{
    return decltype(boost::hana::size(found_without_scan<Provider>()))::value !=
           decltype(boost::hana::size(boost::hana::keys(Provider::match_support)))::value;
}

template<class Provider, class Match>
using any_notifier_type = std::conditional_t<
    has_scan<Provider>(),
    notifier<Provider, Match, transport::by_scheme, token_cache::file, observer::any, addressing::directory_scan>,
    notifier<Provider, Match, transport::by_scheme, token_cache::file, observer::any>>;

/// The notifier of one platform.
template<class Provider>
class any_notifier_of final : public any_notifier_base
{
    using match_t = any_match_for<any_address, Provider>;
    using notifier_t = any_notifier_type<Provider, match_t>;
    using recipient = typename Provider::recipient;

public:
    any_notifier_of(boost::asio::any_io_executor ex, platform_capabilities const& row, std::vector<std::size_t> kinds,
                    any_credentials const& app, any_settings const& settings)
        : row_(row), kinds_(std::make_shared<std::vector<std::size_t> const>(std::move(kinds))),
          notifier_(with_policies(settings, [&](auto... policies) {
              return notifier_t(std::move(ex), credentials_of<Provider>(app), std::move(policies)...,
                                settings.token_cache().empty() ? token_cache::file::off()
                                                               : token_cache::file(settings.token_cache()));
          }))
    {
    }

    boost::asio::any_io_executor get_executor() const noexcept override { return notifier_.get_executor(); }
    platform_capabilities const& capabilities() const noexcept override { return row_; }

    result<std::string> check(any_address const& who) const override
    {
        auto const match = match_of(who);
        if (auto const valid = notifier_.check(match); !valid)
            return valid.error();
        return std::string(match.view());
    }

    delivery send(any_address who, any_message what, send_options how) override
    {
        return visit_message<Provider, delivery>(std::move(what), [&](auto message) {
            return client_access::start(notifier_, match_of(who), std::move(message), std::move(how));
        });
    }

    boost::asio::awaitable<result<send_summary>> send_each(std::shared_ptr<any_people> people, any_message what,
                                                           any_sink sink, send_each_options how,
                                                           bool reports_exceptions) override
    {
        auto const exceptions = reports_exceptions ? on_exception::report : on_exception::rethrow;
        return visit_message<Provider, boost::asio::awaitable<result<send_summary>>>(
            std::move(what), [&](auto message) {
                return client_access::start_each(notifier_, recipients_of(people), std::move(message), sink_of(sink),
                                                 std::move(how), exceptions);
            });
    }

    boost::asio::awaitable<result<any_recipient>> resolve(any_address who, call_options how) override
    {
        return any_recipient_of(notifier_.resolve(match_of(who), how));
    }

    boost::asio::awaitable<result<void>> recall(receipt sent, [[maybe_unused]] call_options how) override
    {
        if constexpr (supports<Provider, capability::recall>())
            return notifier_.recall(std::move(sent), how);
        else
            return without<void>(capability::recall::name);
    }

    boost::asio::awaitable<result<std::vector<std::string>>> readers(receipt sent,
                                                                     [[maybe_unused]] call_options how) override
    {
        if constexpr (supports<Provider, capability::readers>())
            return notifier_.readers(std::move(sent), how);
        else
            return without<std::vector<std::string>>(capability::readers::name);
    }

    boost::asio::awaitable<result<void>> warm_up(call_options how) override { return notifier_.warm_up(how); }
    boost::asio::awaitable<result<diagnosis>> diagnose(std::vector<any_address> people, call_options how) override
    {
        std::vector<std::string_view> by;
        for (auto const kind : *kinds_)
            by.push_back(row_.matches[kind].name);
        std::vector<match_t> all;
        for (auto const& who : people)
            all.push_back(match_of(who));
        return diagnosis_access::run(notifier_, std::move(by), std::move(all), how);
    }
    boost::asio::awaitable<result<void>> end(call_options how, bool close, bool queue) override
    {
        return client_access::end(notifier_, how, close, queue);
    }

private:
    match_t match_of(any_address const& who) const { return match_of(who, *kinds_); }
    static match_t match_of(any_address const& who, std::vector<std::size_t> const& kinds)
    {
        if (auto const* const person = who.person())
            return match_t(who, kinds, *person);
        auto const* const to = who.recipient();
        if (!to)
            return match_t(who, kinds, who.view());
        // Of another platform: a recipient without a type, which the check refuses.
        auto const own = recipient(to->type(), to->id());
        return match_t(who, own.text() == to->text() ? own : recipient());
    }

    template<class T>
    boost::asio::awaitable<result<T>> without(std::string_view capability) const
    {
        return complete_with<T>(cannot_call(platform_name_of<Provider>(),
                                            std::string(Provider::title) + " does not have " + std::string(capability) +
                                                "; of a message that was sent it has " +
                                                enumerate(row_.capabilities, [](auto name) { return name; })));
    }

    /// The operation that reads them may outlive this object.
    auto recipients_of(std::shared_ptr<any_people> people) const
    {
        return std::views::iota(std::size_t(0)) |
               std::views::take_while([people](std::size_t) { return !people->at_end(); }) |
               std::views::transform([kinds = kinds_, people](std::size_t) {
                   auto next = people->read();
                   people->advance();
                   return next.language() ? recipient_of<match_t>(match_of(next.who(), *kinds), *next.language())
                                          : recipient_of<match_t>(match_of(next.who(), *kinds));
               });
    }

    static auto sink_of(any_sink sink)
    {
        return [sink = std::move(sink)](std::size_t index, match_t const& who, result<receipt> const& outcome) {
            return sink(index, who.origin(), outcome);
        };
    }

    static boost::asio::awaitable<result<any_recipient>> any_recipient_of(
        boost::asio::awaitable<result<recipient>> resolving)
    {
        result<recipient> const found = co_await std::move(resolving);
        if (!found)
            co_return found.error();
        co_return *any_recipient::parse(found->text());
    }

    platform_capabilities const& row_;
    std::shared_ptr<std::vector<std::size_t> const> kinds_;
    notifier_t notifier_;
};

TIDINGS_DECL std::vector<platform_capabilities> const& all_platforms()
{
    static auto const rows = describe(capability_table);
    return rows;
}

TIDINGS_DECL result<std::unique_ptr<any_notifier_base>> make_any_notifier(boost::asio::any_io_executor ex,
                                                                          std::string_view provider,
                                                                          std::vector<std::string> const& match,
                                                                          any_credentials const& app,
                                                                          any_settings const& settings)
{
    auto const& rows = all_platforms();
    auto const row = std::find_if(rows.begin(), rows.end(),
                                  [provider](auto const& candidate) { return is_same_name(candidate.name, provider); });
    if (row == rows.end())
        return cannot_make_notifier("there is no platform \"" + printable_text(provider) + "\"; the platforms are " +
                                    enumerate(rows, [](auto const& platform) { return platform.name; }));
    auto const kinds = find_matches(*row, match, settings.directory_scan());
    if (!kinds)
        return kinds.error();
    std::unique_ptr<any_notifier_base> out;
    boost::hana::for_each(boost::hana::keys(capability_table), [&](auto candidate) {
        using provider_t = typename decltype(candidate)::type;
        if (provider_t::name == row->name)
            out = std::make_unique<any_notifier_of<provider_t>>(ex, *row, *kinds, app, settings);
    });
    return out;
}

} // namespace detail

} // namespace tidings::inline v0

#endif
