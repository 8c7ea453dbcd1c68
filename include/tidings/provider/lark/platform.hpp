// What Lark and Feishu share as providers.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_LARK_PLATFORM_HPP
#define TIDINGS_PROVIDER_LARK_PLATFORM_HPP

#include <tidings/match/email.hpp>
#include <tidings/match/login_name.hpp>
#include <tidings/match/phone_number.hpp>
#include <tidings/message/markdown.hpp>
#include <tidings/message/text.hpp>
#include <tidings/provider/lark/operations.hpp>

#include <memory>
#include <string>
#include <utility>

namespace tidings::lark_wire {

/// A card in the platform's own JSON: version 1.0, 2.0, a template or a card entity.
class card
{
public:
    static constexpr std::string_view name = "card";

    /// @param json  A JSON object. Checked when the message is sent; up to 30,000 bytes in all.
    explicit card(std::string json) noexcept : json_(std::move(json)) {}

    std::string const& body() const noexcept { return json_; }

private:
    std::string json_;
};

/// The provider of one brand. Everything in it is bytes and tables; nothing is ever constructed.
template<brand const& Brand>
class platform
{
public:
    static constexpr std::string_view name = Brand.name;
    static constexpr std::string_view base_url = Brand.base_url;

    /// A card in the platform's own JSON.
    using card = lark_wire::card;

    /// The id and the secret of a self-built application, from the developer console's "Credentials & Basic Info".
    class credentials
    {
    public:
        /// @param app_id      `cli_…`.
        /// @param app_secret  Belongs to it.
        credentials(std::string app_id, secret app_secret) noexcept
            : app_id_(std::move(app_id)), app_secret_(std::move(app_secret))
        {
        }

        std::string const& app_id() const noexcept { return app_id_; }
        secret const& app_secret() const noexcept { return app_secret_; }

        /// Success, or `errc::invalid_argument`.
        result<void> check() const
        {
            constexpr std::size_t longest = 128;
            if (auto const sound = tidings::detail::check_address(app_id_, "App ID", longest); !sound)
                return sound;
            return tidings::detail::check_address(app_secret_.reveal(), "App Secret", longest);
        }

    private:
        std::string app_id_;
        secret app_secret_;
    };

    /// Whom a message goes to, in the platform's terms.
    using recipient = lark_wire::recipient;
    using look_up = lark_wire::look_up;
    using send_message = lark_wire::send_message;

    /// The operation that fetches an access token.
    static std::unique_ptr<wire::token_operation> fetch_token(credentials const& app)
    {
        return std::make_unique<lark_wire::fetch_token>(application_of(app), app.app_secret());
    }

    /// An address that can be written to as it is.
    static recipient direct(match::login_name const& who) { return {"user_id", who.view()}; }
    static recipient direct(match::email const& who) { return {"email", who.view()}; }

    /// The operation that finds out who has an address.
    static look_up find(credentials const& app, match::email const& who)
    {
        return look_up(application_of(app), look_up::by::email, who.view());
    }
    static look_up find(credentials const& app, match::phone_number const& who)
    {
        return look_up(application_of(app), look_up::by::phone_number, who.view());
    }

    /// Whom the look-up found, or why nobody.
    ///
    /// @param kind  What a person calls the address: "email".
    static result<recipient> found(look_up const& done, std::string_view kind)
    {
        if (auto const id = done.owner(0); !id.empty())
            return recipient("open_id", id);
        auto facts = tidings::detail::new_facts();
        facts->detail = "nobody that this application may see has this ";
        facts->detail += kind;
        facts->remedy = &remedies::not_found;
        facts->console = Brand.console;
        return failure(errc::recipient_not_found, std::move(facts));
    }

    /// The messages this platform can send.
    static content content_of(text const& what) noexcept { return {content::kind::text, what.body()}; }
    static content content_of(markdown const& what) noexcept { return {content::kind::post_markdown, what.body()}; }
    static content content_of(card const& what) noexcept { return {content::kind::card, what.body()}; }

    /// Success, or why this message cannot be sent. Asked before any byte is sent.
    static result<void> check(content const& what, std::string_view key)
    {
        return lark_wire::send_message::check(Brand, what, key);
    }

    static send_message send(credentials const& app, recipient const& to, content const& what, std::string_view key)
    {
        return send_message(application_of(app), to, what, key);
    }

    /// The application as the other operations of `lark_wire` take it.
    static application application_of(credentials const& app) noexcept { return {Brand, app.app_id()}; }
};

} // namespace tidings::lark_wire

#endif
