// WeCom as a provider.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_WECOM_PLATFORM_HPP
#define TIDINGS_PROVIDER_WECOM_PLATFORM_HPP

#include <tidings/capabilities.hpp>
#include <tidings/detail/ascii.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/match/chat_id.hpp>
#include <tidings/match/department.hpp>
#include <tidings/match/email.hpp>
#include <tidings/match/login_name.hpp>
#include <tidings/match/phone_number.hpp>
#include <tidings/match/tag.hpp>
#include <tidings/message/markdown.hpp>
#include <tidings/message/notice.hpp>
#include <tidings/message/text.hpp>
#include <tidings/provider/detail/native.hpp>
#include <tidings/provider/detail/split.hpp>
#include <tidings/provider/wecom/operations.hpp>
#include <tidings/wire/procedure.hpp>

#include <boost/hana/set.hpp>

#include <array>
#include <concepts>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>

namespace tidings::inline v0::providers::wecom {

class callback;

/// A message in the platform's own terms.
class native final : public tidings::detail::native_base
{
public:
    /// @param type    `msgtype`: "news", "mpnews", "template_card" and so on.
    /// @param member  A JSON object, the member of that name. Checked when the message is sent.
    native(std::string type, std::string member) noexcept : native_base(std::move(type), std::move(member)) {}
};

class diagnostic;

/// The provider. Everything in it is bytes and tables; nothing is ever constructed.
class platform
{
public:
    static constexpr std::string_view name = "wecom";
    static constexpr std::string_view title = "WeCom";
    static constexpr std::array<std::string_view, 1> base_urls{"https://qyapi.weixin.qq.com"};

    using native = providers::wecom::native;
    using recipient = providers::wecom::recipient;
    using content = providers::wecom::content;
    /// What WeCom calls back with; in `tidings/provider/wecom/callback.hpp`.
    using callback = providers::wecom::callback;

    /// The organisation's id, and secret and agent id of one of its self-built applications.
    class credentials
    {
    public:
        /// @param corp_id     `ww…`, from My Company > Company Information.
        /// @param app_secret  Of the application.
        /// @param agent_id    Of the same application.
        credentials(std::string corp_id, secret app_secret, std::int64_t agent_id);

        std::string const& app_id() const noexcept { return corp_id_; }
        secret const& app_secret() const noexcept { return app_secret_; }
        std::int64_t agent_id() const noexcept { return agent_id_; }

        /// Success, or `errc::invalid_argument`.
        result<void> check() const;

    private:
        std::string corp_id_;
        secret app_secret_;
        std::int64_t agent_id_;
    };

    static application application_of(credentials const& app) noexcept { return {app.app_id(), app.agent_id()}; }

    /// The operation that fetches an access token.
    static std::unique_ptr<wire::token_operation> fetch_token(credentials const& app);

    /// The requests that show whether messages would be delivered. Include `tidings/diagnose.hpp`.
    ///
    /// @param app  Outlives what is returned.
    template<class Diagnostic = providers::wecom::diagnostic>
    static Diagnostic diagnostic_of(credentials const& app, std::vector<std::string_view> const&)
    {
        return Diagnostic(application_of(app));
    }

    // ---- What it can do

    static constexpr auto match_support = boost::hana::make_map(
        supports_match<match::login_name, lookup_kind::direct>,
        supports_match<match::phone_number, lookup_kind::look_up>, supports_match<match::email, lookup_kind::look_up>,
        supports_match<match::department, lookup_kind::direct>, supports_match<match::tag, lookup_kind::direct>,
        supports_match<match::chat_id, lookup_kind::direct>);
    /// Whether a message that is sent again under the same key is delivered once.
    static constexpr bool has_idempotency_keys = true;
    static constexpr auto messages = boost::hana::tuple_t<text, markdown, notice, image, file, native>;
    static constexpr auto capabilities = boost::hana::make_set(boost::hana::type_c<capability::recall>);

    // ---- Finding people

    /// Success, or why this cannot be the login name of any person. Checked before any byte is sent.
    static result<void> check(match::login_name const& who);

    static result<void> check(match::email const& who);

    /// Success, or why no message can go to this. Asked before any byte is sent.
    static result<void> check(recipient const& to) { return to.check(); }

    /// Success, or why this message cannot go to this recipient: a chat takes fewer kinds.
    static result<void> check(content const& what, recipient const& to);

    /// A login name is the userid.
    static recipient direct(match::login_name const& who) { return recipient(who.view()); }
    static recipient direct(match::department const& who) { return {"department", who.view()}; }
    static recipient direct(match::tag const& who) { return {"tag", who.view()}; }
    static recipient direct(match::chat_id const& where) { return {"chat_id", where.view()}; }
    static recipient recipient_from_id(std::string_view id) { return recipient(id); }

    /// The identity of a recipient: the letter case of a userid makes no difference.
    static std::string identity(recipient const& to);

    /// @param kind  What a person calls the address.
    static failure not_found_error(std::string_view kind);

    /// Finds out who has an address, one a call; an email address may be a company mailbox or a personal one, which are
    /// asked for one after the other.
    template<class M>
        requires std::same_as<M, match::phone_number> || std::same_as<M, match::email> ||
                 std::same_as<M, match::login_name>
    class finder final : public wire::procedure
    {
        static constexpr bool by_email = std::same_as<M, match::email>;
        using operation_t =
            std::conditional_t<by_email, get_by_email,
                               std::conditional_t<std::same_as<M, match::phone_number>, get_by_mobile, get_user>>;

    public:
        static constexpr std::size_t max_batch = 1;

        explicit finder(credentials const& app) : app_(application_of(app)) {}

        void add(M const& who)
        {
            address_.assign(who.view());
            if constexpr (by_email)
                op_.emplace(app_, address_, get_by_email::mailbox::company, false);
            else
                op_.emplace(app_, address_);
        }

        wire::operation* next() override
        {
            if (++asked_ == 1)
                return &*op_;
            if constexpr (by_email)
                if (asked_ == 2 && op_->userid().empty())
                {
                    op_.emplace(app_, address_, get_by_email::mailbox::personal, true);
                    return &*op_;
                }
            return nullptr;
        }

        std::string_view id_of(std::size_t) const noexcept { return op_->userid(); }

    private:
        application app_;
        tidings::detail::inline_string address_;
        std::optional<operation_t> op_;
        int asked_ = 0;
    };

    // ---- Sending

    static content content_of(text const& what, language_tag const& lang);
    static content content_of(markdown const& what, language_tag const& lang);
    static content content_of(notice const& what, language_tag const& lang);
    static content content_of(native const& what, language_tag const&) { return {what.type(), what.json()}; }

    // ---- Images and files

    /// More than five bytes; 10 MB for an image (PNG or JPEG), 20 MB for a file.
    static result<void> check_attachment(attachment const& what);
    static wire::single<upload_media> upload(credentials const& app, attachment const& what);
    static content content_of(attachment const& what, std::string_view key);

    /// A long text in pieces that can be sent.
    static std::vector<std::string> split(text const& what, language_tag const& lang);
    static std::vector<std::string> split(markdown const& what, language_tag const& lang);

    /// Success, or why this message cannot be sent. Asked before any byte is sent.
    static result<void> check(content const& what) { return what.check(); }

    /// Sends one message to up to 1000 people, to up to 100 departments or tags, or to a chat, and determines the
    /// outcome for each.
    class delivery final : public wire::procedure
    {
    public:
        static constexpr std::size_t max_batch = send_message::max_batch;
        static std::size_t max_batch_for(recipient const& to) noexcept;

        /// The arguments outlive the procedure.
        ///
        /// @param app   The application.
        /// @param to    At least one; all of one type.
        /// @param what  The message.
        /// @param key   The idempotency key.
        delivery(credentials const& app, std::span<recipient const> to, content const& what, std::string_view key);

        wire::operation* next() override { return once_.next(); }

        result<void> outcome(std::size_t i) const;

        std::string_view message_id() const noexcept;

    private:
        wire::operation& make_operation(application from, std::span<recipient const> to, content const& what,
                                        std::string_view key);

        std::variant<std::monostate, send_message, send_to_groups, send_to_chat> op_;
        wire::just once_;
    };

    // ---- Afterwards

    static wire::single<providers::wecom::recall> recall(credentials const& app, std::string_view id);
};

} // namespace tidings::inline v0::providers::wecom

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/provider/wecom/impl/platform.ipp>
#endif

#endif
