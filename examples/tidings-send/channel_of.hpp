// A channel made of a notifier.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_EXAMPLES_SEND_CHANNEL_OF_HPP
#define TIDINGS_EXAMPLES_SEND_CHANNEL_OF_HPP

#include "channel.hpp"

#include <tidings/capabilities.hpp>
#include <tidings/match/email.hpp>
#include <tidings/match/first_of.hpp>
#include <tidings/match/login_name.hpp>
#include <tidings/match/phone_number.hpp>
#include <tidings/notifier.hpp>
#include <tidings/token_cache/file.hpp>
#include <tidings/transport/by_scheme.hpp>

#include <boost/hana/for_each.hpp>
#include <boost/hana/keys.hpp>

#include <algorithm>
#include <iterator>
#include <optional>
#include <ranges>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace tidings_send {

namespace td = tidings;
namespace asio = boost::asio;

/// What --match calls a strategy: its name with hyphens.
template<class Match>
std::string option_name()
{
    std::string name(Match::name);
    std::replace(name.begin(), name.end(), ' ', '-');
    return name;
}

/// One text for all links of a chain; the links that were not asked for stay out of it.
template<class Match>
Match address_of(order const& what, std::string_view to)
{
    if constexpr (requires { Match::size; })
    {
        auto const link = [&]<class Link>(std::type_identity<Link>) {
            auto const asked = std::find(what.match.begin(), what.match.end(), option_name<Link>());
            return asked != what.match.end() ? std::optional<Link>(to) : std::nullopt;
        };
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            return Match(link(std::type_identity<typename Match::template link_type<I>>())...);
        }(std::make_index_sequence<Match::size>());
    }
    else
        return Match(to);
}

/// The way to the platform. Settings that cannot be used are the result of the first call.
inline td::transport::by_scheme transport_of(order const& what)
{
    auto const by_way_of = [&what](auto how) {
        if (!what.proxy.empty())
            how.proxy(what.proxy);
        if (what.proxy_from_environment)
            how.proxy_from_environment();
        return how;
    };
    auto tls = by_way_of(td::transport::https());
    tls.ca_file(what.ca_file).ca_directory(what.ca_directory).system_authorities(what.system_authorities);
    tls.client_certificate(what.client_certificate, what.client_key, td::secret(what.passphrase));
    return td::transport::by_scheme(std::move(tls), by_way_of(td::transport::http()));
}

/// What every channel has: its notifier, and the one way to send to many.
template<class Notifier>
class channel_with : public channel
{
public:
    channel_with(asio::any_io_executor ex, order const& what, typename Notifier::credentials app, bool knows_keys)
        : what_(what),
          notify_(std::move(ex), std::move(app), transport_of(what), td::base_url(what.base_url),
                  td::deadline(what.timeout), td::retry::safe().max_retries(what.retries),
                  td::channel_language(what.language),
                  what.token_cache.empty() ? td::token_cache::file::off() : td::token_cache::file(what.token_cache)),
          knows_keys_(knows_keys)
    {
    }

    bool knows_keys() const override { return knows_keys_; }

protected:
    /// Sends to each of `to` as long as `more` says so; `address` makes of a text whom to send to.
    template<class Address>
    asio::awaitable<td::result<td::send_summary>> send_each(std::vector<std::string> const& to,
                                                            std::function<bool()> const& more, sink const& report,
                                                            Address address)
    {
        auto const goes_on = [&more](std::string const&) { return more(); };
        auto people = to | std::views::take_while(goes_on) | std::views::transform(std::move(address));
        auto const tell = [&report](std::size_t index, auto const&, td::result<td::receipt> const& outcome) {
            report(index, outcome);
        };
        return std::visit(
            [&](auto const& message) {
                return notify_.send_each(std::move(people), message, tell,
                                         td::send_each_options().key(what_.message_key));
            },
            what_.message);
    }

    order const& what_;
    Notifier notify_;

private:
    bool knows_keys_;
};

template<class Provider, class Match, class... Policies>
using notifier_for = td::notifier<Provider, Match, td::transport::by_scheme, td::token_cache::file, Policies...>;

template<class Provider, class Match, class... Policies>
class channel_of final : public channel_with<notifier_for<Provider, Match, Policies...>>
{
    using notifier = notifier_for<Provider, Match, Policies...>;
    using base = channel_with<notifier>;
    using base::what_;

public:
    using base::base;

    td::result<std::string> check(std::string const& to) const override
    {
        auto const who = address_of<Match>(what_, to);
        if (auto const valid = who.check(); !valid)
            return valid.error();
        if constexpr (requires { Provider::check(who); })
            if (auto const valid = Provider::check(who); !valid)
                return valid.error();
        return std::string(who.view());
    }

    asio::awaitable<td::result<td::send_summary>> send(std::vector<std::string> const& to,
                                                       std::function<bool()> const& more, sink const& report) override
    {
        return this->send_each(to, more, report,
                               [this](std::string const& one) { return address_of<Match>(what_, one); });
    }

    asio::awaitable<td::result<std::string>> resolve(std::string const& to) override
    {
        auto who = address_of<Match>(what_, to);
        td::result<typename notifier::recipient> const found = co_await this->notify_.resolve(std::move(who));
        if (!found)
            co_return found.error();
        co_return std::string(found->id());
    }
};

/// A channel to ids, which need no look-up: people's ids, chats, departments, tags. One notifier sends to them all,
/// since each becomes a recipient.
template<class Provider, class... Policies>
class channel_to_ids final : public channel_with<notifier_for<Provider, td::match::login_name, Policies...>>
{
    using base = channel_with<notifier_for<Provider, td::match::login_name, Policies...>>;
    using recipient = typename Provider::recipient;

public:
    using base::base;

    td::result<std::string> check(std::string const& to) const override
    {
        auto const who = recipient_of(to);
        if (!who)
            return who.error();
        return std::string(who->id());
    }

    asio::awaitable<td::result<td::send_summary>> send(std::vector<std::string> const& to,
                                                       std::function<bool()> const& more, sink const& report) override
    {
        return this->send_each(to, more, report, [this](std::string const& one) {
            auto const who = recipient_of(one);
            return who ? *who : recipient(); // one that is none is refused by the call
        });
    }

    asio::awaitable<td::result<std::string>> resolve(std::string const& to) override { co_return check(to); }

private:
    td::result<recipient> recipient_of(std::string_view to) const
    {
        td::result<recipient> out = td::failure(td::errc::invalid_recipient);
        boost::hana::for_each(boost::hana::keys(Provider::match_support), [&](auto match) {
            using match_t = typename decltype(match)::type;
            if constexpr (td::lookup_kind_of<Provider, match_t>() == td::lookup_kind::direct)
                if (option_name<match_t>() == this->what_.match.front())
                {
                    auto const who = Provider::direct(match_t(to));
                    auto valid = match_t(to).check();
                    if (valid)
                        valid = Provider::check(who);
                    if (valid)
                        out = who;
                    else
                        out = valid.error();
                }
        });
        return out;
    }
};

/// The channel of a platform for the order's match strategies. Every chain is a part of one of the three fields in some
/// order.
///
/// @param knows_keys  Whether the platform knows idempotency keys.
template<class Provider, class... Policies>
std::unique_ptr<channel> open_channel(asio::any_io_executor ex, order const& what, typename Provider::credentials app,
                                      bool knows_keys)
{
    using td::match::email;
    using td::match::first_of;
    using td::match::login_name;
    using td::match::phone_number;

    auto const open = [&]<class Match>(std::type_identity<Match>) -> std::unique_ptr<channel> {
        return std::make_unique<channel_of<Provider, Match, Policies...>>(std::move(ex), what, std::move(app),
                                                                          knows_keys);
    };
    auto const position = [&](std::string_view name) {
        return std::find(what.match.begin(), what.match.end(), name) - what.match.begin();
    };
    auto const login = position(option_name<login_name>());
    auto const phone = position(option_name<phone_number>());
    auto const mail = position(option_name<email>());
    if (std::min({login, phone, mail}) == std::ssize(what.match))
        return std::make_unique<channel_to_ids<Provider, Policies...>>(std::move(ex), what, std::move(app), knows_keys);
    if (what.match.size() == 1)
        return login == 0   ? open(std::type_identity<login_name>())
               : phone == 0 ? open(std::type_identity<phone_number>())
                            : open(std::type_identity<email>());
    if (login <= phone && login <= mail)
        return phone <= mail ? open(std::type_identity<first_of<login_name, phone_number, email>>())
                             : open(std::type_identity<first_of<login_name, email, phone_number>>());
    if (phone <= login && phone <= mail)
        return mail <= login ? open(std::type_identity<first_of<phone_number, email, login_name>>())
                             : open(std::type_identity<first_of<phone_number, login_name, email>>());
    return phone <= login ? open(std::type_identity<first_of<email, phone_number, login_name>>())
                          : open(std::type_identity<first_of<email, login_name, phone_number>>());
}

} // namespace tidings_send

#endif
