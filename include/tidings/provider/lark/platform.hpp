// What Lark and Feishu share as providers.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_LARK_PLATFORM_HPP
#define TIDINGS_PROVIDER_LARK_PLATFORM_HPP

#include <tidings/capabilities.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/match/chat_id.hpp>
#include <tidings/match/email.hpp>
#include <tidings/match/login_name.hpp>
#include <tidings/match/open_id.hpp>
#include <tidings/match/phone_number.hpp>
#include <tidings/match/union_id.hpp>
#include <tidings/message/markdown.hpp>
#include <tidings/message/notice.hpp>
#include <tidings/message/text.hpp>
#include <tidings/provider/detail/native.hpp>
#include <tidings/provider/detail/split.hpp>
#include <tidings/provider/lark/operations.hpp>
#include <tidings/wire/procedure.hpp>

#include <boost/hana/set.hpp>

#include <array>
#include <concepts>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace tidings::inline v0::providers::lark {

class callback;

/// A card in the platform's own JSON: version 1.0, 2.0, a template or a card entity.
class card
{
public:
    static constexpr std::string_view name = "card";

    /// @param json  A JSON object. Checked when the message is sent; up to 30,000 bytes in all.
    explicit card(std::string json) noexcept : json_(std::move(json)) {}

    std::string const& body() const noexcept { return json_; }
    std::string take() && noexcept { return std::move(json_); }

private:
    std::string json_;
};

/// A message of any other kind, in the platform's own terms.
class native final : public tidings::detail::native_base
{
public:
    /// @param msg_type  "post", "share_chat", "image" and so on.
    /// @param content   A JSON object: what becomes the string `content`. Checked when the message is sent.
    native(std::string msg_type, std::string content) noexcept : native_base(std::move(msg_type), std::move(content)) {}
};

class diagnostic;

/// The provider of one brand. Everything in it is bytes and tables; nothing is ever constructed.
template<brand const& Brand>
class platform
{
public:
    static constexpr std::string_view name = Brand.name;
    static constexpr std::string_view title = Brand.title;
    static constexpr std::array base_urls{Brand.base_url};

    /// A card in the platform's own JSON.
    using card = providers::lark::card;
    /// Any other kind of message in the platform's own terms.
    using native = providers::lark::native;
    /// What the platform calls back with; in `tidings/provider/lark/callback.hpp`.
    using callback = providers::lark::callback;

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
            constexpr std::size_t max_length = 128;
            if (auto const valid = tidings::detail::check_setting(app_id_, "App ID", max_length); !valid)
                return valid;
            return tidings::detail::check_setting(app_secret_.reveal(), "App Secret", max_length);
        }

    private:
        std::string app_id_;
        secret app_secret_;
    };

    /// The recipient of a message, in the platform's terms.
    using recipient = providers::lark::recipient;
    using content = providers::lark::content;
    /// The operation that fetches an access token.
    static std::unique_ptr<wire::token_operation> fetch_token(credentials const& app)
    {
        return std::make_unique<providers::lark::fetch_token>(application_of(app), app.app_secret());
    }

    /// The requests that show whether messages would be delivered. Include `tidings/diagnose.hpp`.
    ///
    /// @param app  Outlives what is returned.
    /// @param by   The names of the match strategies that people are found by.
    template<class Diagnostic = providers::lark::diagnostic>
    static Diagnostic diagnostic_of(credentials const& app, std::vector<std::string_view> by)
    {
        return Diagnostic(application_of(app), std::move(by));
    }

    // ---- What it can do

    static constexpr auto match_support = boost::hana::make_map(
        supports_match<match::login_name, lookup_kind::direct>,
        supports_match<match::phone_number, lookup_kind::look_up>, supports_match<match::email, lookup_kind::either>,
        supports_match<match::open_id, lookup_kind::direct>, supports_match<match::union_id, lookup_kind::direct>,
        supports_match<match::chat_id, lookup_kind::direct>);
    /// Whether a message that is sent again under the same key is delivered once.
    static constexpr bool has_idempotency_keys = true;
    static constexpr auto messages = boost::hana::tuple_t<text, markdown, notice, image, file, card, native>;
    static constexpr auto capabilities =
        boost::hana::make_set(boost::hana::type_c<capability::recall>, boost::hana::type_c<capability::readers>);

    // ---- Finding people

    /// Success, or why no message can go to this. Asked before any byte is sent.
    static result<void> check(recipient const& to) { return to.check(); }

    /// An address that can be sent to without a look-up.
    static recipient direct(match::login_name const& who) { return {"user_id", who.view()}; }
    static recipient direct(match::email const& who) { return {"email", who.view()}; }
    static recipient direct(match::open_id const& who) { return {"open_id", who.view()}; }
    static recipient direct(match::union_id const& who) { return {"union_id", who.view()}; }
    static recipient direct(match::chat_id const& where) { return {"chat_id", where.view()}; }

    /// Finds out who has addresses: up to 50 email addresses or phone numbers in one call, one id of a person.
    template<class M>
        requires std::same_as<M, match::email> || std::same_as<M, match::phone_number> ||
                 std::same_as<M, match::login_name> || std::same_as<M, match::open_id> ||
                 std::same_as<M, match::union_id>
    class finder final : public wire::procedure
    {
        static constexpr bool checks = !std::same_as<M, match::email> && !std::same_as<M, match::phone_number>;

    public:
        static constexpr std::size_t max_batch = checks ? 1 : look_up::max_batch;

        explicit finder(credentials const& app) : app_(application_of(app)), op_(app_) {}

        void add(M const& who)
        {
            if constexpr (checks)
                once_.emplace(user_.emplace(app_, who.view(), platform::direct(who).type()));
            else if constexpr (std::same_as<M, match::email>)
                op_.add(look_up::by::email, who.view());
            else
                op_.add(look_up::by::phone_number, who.view());
            if constexpr (!checks)
                once_.emplace(op_);
        }

        wire::operation* next() override { return once_ ? once_->next() : nullptr; }

        std::string_view id_of(std::size_t i) const noexcept
        {
            if constexpr (checks)
                return user_->resigned() ? std::string_view() : user_->open_id(); // as for an email address
            else
                return op_.id_of(i);
        }
        bool is_ambiguous(std::size_t i) const noexcept
        {
            if constexpr (checks)
                return false; // was a failure of the look-up
            else
                return op_.is_ambiguous(i);
        }

    private:
        application app_;
        look_up op_;
        std::optional<get_user> user_;
        std::optional<wire::just> once_;
    };

    static recipient recipient_from_id(std::string_view id) { return {"open_id", id}; }

    /// @param kind  What a person calls the address: "email".
    static failure not_found_error(std::string_view kind)
    {
        auto facts = tidings::detail::new_facts();
        facts->detail = "no person that this application may see has this ";
        facts->detail += kind;
        facts->remedy = &remedies::not_found;
        facts->console = Brand.console;
        return {errc::recipient_not_found, std::move(facts)};
    }

    // ---- Sending

    static content content_of(text what, language_tag const& lang)
    {
        auto body = tidings::detail::message_text(std::move(what).take(lang));
        auto const kind = reads_as_markup(body) ? content::kind::post_text : content::kind::text;
        return {kind, std::move(body)};
    }
    /// As a post, or as a card where a post would change what people wrote.
    static content content_of(markdown const& what, language_tag const& lang)
    {
        auto const body = tidings::detail::clean_text(what.body(lang));
        if (!post_is_exact(body))
            return {content::kind::card, markdown_card(body)};
        bool const seen = tidings::detail::shows_something(tidings::detail::plain_markup(body));
        return {content::kind::post_markdown, seen ? render_markdown(body) : std::string()};
    }
    static content content_of(notice const& what, language_tag const& lang)
    {
        return {content::kind::card, notice_card(what, lang).json()};
    }
    static content content_of(card what, language_tag const&) { return {content::kind::card, std::move(what).take()}; }
    static content content_of(native what, language_tag const&)
    {
        auto type = what.type();
        return content::native(std::move(type), std::move(what).take());
    }

    // ---- Images and files

    /// Bytes: 10 MB for an image, 30 MB for a file.
    static result<void> check_attachment(attachment const& what)
    {
        constexpr std::size_t megabyte = 1024 * 1024;
        constexpr std::size_t max_image = 10 * megabyte;
        constexpr std::size_t max_file = 30 * megabyte;
        return tidings::detail::check_size(what, what.what() == attachment::kind::image ? max_image : max_file);
    }
    static wire::single<upload_attachment> upload(credentials const& app, attachment const& what)
    {
        return wire::single<upload_attachment>(application_of(app), what);
    }
    static content content_of(attachment const& what, std::string_view key)
    {
        bool const is_image = what.what() == attachment::kind::image;
        tidings::detail::wiped_string json;
        wire::json_writer(json).open_object().member(is_image ? "image_key" : "file_key", key).close_object();
        return content::native(is_image ? "image" : "file", std::string(json.view()));
    }

    /// A long text in pieces that can be sent. Beside the frame of the request there is the content's own.
    static std::vector<std::string> split(text const& what, language_tag const& lang)
    {
        auto const body = tidings::detail::clean_text(what.body(lang));
        if (reads_as_markup(body))
            return tidings::detail::split_text(body, content::max_post - 2 * content::frame, plain_text_cost());
        return tidings::detail::split_text(body, content::max_text - 2 * content::frame,
                                           tidings::detail::nested_json_cost());
    }
    static std::vector<std::string> split(markdown const& what, language_tag const& lang)
    {
        return tidings::detail::split_markdown(
            what.body(lang), content::max_post - 2 * content::frame, [](std::string_view piece) {
                constexpr tidings::detail::nested_json_cost cost;
                return std::max(cost(render_markdown(piece)), cost(markdown_card(piece)));
            });
    }

    /// Success, or why this message cannot be sent. Asked before any byte is sent.
    static result<void> check(content const& what) { return send_message::check(Brand, what); }

    /// Sends one message to one person.
    class delivery final : public wire::procedure
    {
    public:
        static constexpr std::size_t max_batch = 1;

        /// The arguments outlive the procedure.
        delivery(credentials const& app, std::span<recipient const> people, content const& what,
                 std::string_view key) noexcept
            : op_(application_of(app), people.front(), what, key)
        {
        }

        wire::operation* next() override { return op_.next(); }

        result<void> outcome(std::size_t) const { return {}; }
        std::string_view message_id() const noexcept { return op_->message_id(); }

    private:
        wire::single<send_message> op_;
    };

    /// One message to many with one request: the platform spreads it.
    class batch
    {
    public:
        using recipient = providers::lark::recipient;
        using content = providers::lark::content;

        static constexpr auto messages = boost::hana::tuple_t<text, markdown, notice, image, card, native>;

        /// Success, or why this recipient cannot be in a batch.
        static result<void> check(recipient const& to)
        {
            auto const valid = platform::check(to);
            return valid ? batch_send::check(to) : valid;
        }

        /// An address that a batch accepts without a look-up.
        template<class M>
            requires std::same_as<M, match::login_name> || std::same_as<M, match::open_id> ||
                     std::same_as<M, match::union_id>
        static recipient direct(M const& who)
        {
            return platform::direct(who);
        }

        template<class Message>
        static content content_of(Message what, language_tag const& lang)
        {
            // The `md` element of posts is not for batches.
            if constexpr (std::same_as<Message, markdown>)
                return {content::kind::card, markdown_card(what.body(lang))};
            else
                return platform::content_of(std::move(what), lang);
        }

        /// As that of a message to one, which it becomes when an id has to be found out once more.
        static result<void> check(content const& what)
        {
            auto const valid = platform::check(what);
            return valid ? batch_send::check(Brand, what) : valid;
        }

        /// Sends one message to up to 200 people.
        class delivery final : public wire::procedure
        {
        public:
            static constexpr std::size_t max_batch = batch_send::max_batch;

            /// The arguments outlive the procedure. The key is not sent: there is no place for it.
            delivery(credentials const& app, std::span<recipient const> people, content const& what,
                     std::string_view) noexcept
                : op_(application_of(app), people, what)
            {
            }

            wire::operation* next() override { return op_.next(); }

            result<void> outcome(std::size_t i) const { return op_->outcome(i); }
            std::string_view message_id() const noexcept { return op_->message_id(); }

        private:
            wire::single<batch_send> op_;
        };
    };

    // ---- Afterwards

    static wire::single<recall_message> recall(credentials const& app, std::string_view id)
    {
        return wire::single<recall_message>(application_of(app), id);
    }

    /// The readers of a message, page by page.
    class reading final : public wire::procedure
    {
    public:
        reading(credentials const& app, std::string_view id) : app_(application_of(app)), id_(id) {}

        /// Success, or why the readers cannot be known. Checked before any byte is sent.
        result<void> check() const
        {
            if (!names_batch(id_))
                return {};
            return make_failure(
                errc::invalid_argument,
                "the message was sent in a batch: the platform reports only how many have read it, not who");
        }

        wire::operation* next() override
        {
            std::string page;
            if (op_)
            {
                readers_.insert(readers_.end(), op_->readers().begin(), op_->readers().end());
                page = op_->next_page();
                if (page.empty())
                    return nullptr;
            }
            op_.emplace(app_, id_, std::move(page));
            return &*op_;
        }

        reading const* operator->() const noexcept { return this; }
        std::vector<std::string> const& readers() const noexcept { return readers_; }

    private:
        application app_;
        std::string_view id_;
        std::optional<list_readers> op_;
        std::vector<std::string> readers_;
    };
    static reading readers(credentials const& app, std::string_view id) { return reading(app, id); }

    /// The application as the other operations of `providers::lark` take it.
    static application application_of(credentials const& app) noexcept { return {Brand, app.app_id()}; }
};

} // namespace tidings::inline v0::providers::lark

#endif
