// DingTalk as a provider, by either of its routes to a person.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_DINGTALK_PLATFORM_HPP
#define TIDINGS_PROVIDER_DINGTALK_PLATFORM_HPP

#include <tidings/capabilities.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/directory/detail/people_index.hpp>
#include <tidings/match/chat_id.hpp>
#include <tidings/match/email.hpp>
#include <tidings/match/login_name.hpp>
#include <tidings/match/phone_number.hpp>
#include <tidings/message/markdown.hpp>
#include <tidings/message/notice.hpp>
#include <tidings/message/text.hpp>
#include <tidings/provider/detail/native.hpp>
#include <tidings/provider/detail/split.hpp>
#include <tidings/provider/dingtalk/dialect.hpp>
#include <tidings/provider/dingtalk/operations.hpp>
#include <tidings/receipt.hpp>
#include <tidings/wire/procedure.hpp>

#include <boost/hana/insert.hpp>
#include <boost/hana/set.hpp>

#include <array>
#include <charconv>
#include <concepts>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace tidings::inline v0::providers::dingtalk {

/// How a message reaches a person.
enum class route
{
    /// The application's bot writes to them. Needs the bot and the scope qyapi_robot_sendmsg.
    bot,
    /// A work notification. Needs the agent id, no bot and no scope.
    work
};

/// Finds a person by the login name of a dedicated account, one that DingTalk hosts for the organisation (a paid
/// feature). Ordinary accounts have none: use `match::login_name`, which is the userid.
class login_id
{
public:
    static constexpr std::string_view name = "login_id";
    static constexpr std::string_view title = "login id";

    /// @param text  Checked when it is used: 1 to 64 bytes, no control characters.
    login_id(std::string_view text) : text_(text) {}
    login_id(std::string const& text) : text_(text) {}
    login_id(char const* text) : text_(std::string_view(text)) {}

    std::string_view view() const noexcept { return tidings::detail::visible_part(text_); }
    result<void> check() const;

private:
    tidings::detail::inline_string text_;
};

/// A message in the platform's own terms.
class native final : public tidings::detail::native_base
{
public:
    /// @param kind    The bot's `msgKey` ("sampleLink"), or the `msgtype` of a work notification ("oa").
    /// @param params  A JSON object: `msgParam`, or the member of that name. Checked when the message is sent.
    native(std::string kind, std::string params) noexcept : native_base(std::move(kind), std::move(params)) {}
};

namespace detail {

/// The bytes around a text in `msgParam` or `msg`, at most.
inline constexpr std::size_t frame = 64;

/// What a list of chats and a locked screen show of a message of Markdown: its first line that shows something, as
/// plain text.
TIDINGS_DECL std::string title_of(std::string_view portable);

/// A message of the bot: to people, or to a group.
class bot_send
{
public:
    /// The arguments outlive the object.
    bot_send(application app, std::span<recipient const> to, content const& what);

    wire::operation* operation() noexcept;

    result<void> outcome(std::size_t i) const;

    std::string_view message_id() const noexcept;

private:
    std::variant<std::monostate, batch_send, send_to_group> op_;
};

/// The readers of a message of the bot: one query for a message to people, page by page for a message to a group.
class bot_readers final : public wire::procedure
{
public:
    /// @param group  Empty for a message to people. Outlives the object, as `key` does.
    bot_readers(application app, std::string_view key, std::string_view group) : app_(app), key_(key), group_(group) {}

    wire::operation* next() override;

    bot_readers const* operator->() const noexcept { return this; }
    std::vector<std::string> const& readers() const noexcept { return of_people_ ? of_people_->readers() : readers_; }

private:
    application app_;
    std::string_view key_;
    std::string_view group_;
    std::optional<read_status> of_people_;
    std::optional<group_readers> of_group_;
    std::vector<std::string> readers_;
};

TIDINGS_DECL std::string markdown_params(std::string_view portable);

} // namespace detail

class diagnostic;

/// The provider of one route. Everything in it is bytes and tables; nothing is ever constructed.
template<route Route>
class platform
{
    static constexpr bool by_bot = Route == route::bot;
    static constexpr std::size_t max_message = by_bot ? batch_send::max_length : send_work::max_length;

public:
    static constexpr std::string_view name = by_bot ? "dingtalk" : "dingtalk_work";
    /// Both routes are one platform: one application, one access token.
    static constexpr std::string_view platform_name = "dingtalk";
    static constexpr std::string_view title = by_bot ? "DingTalk" : "DingTalk, work notification";
    static constexpr std::array<std::string_view, 2> base_urls{"https://api.dingtalk.com", "https://oapi.dingtalk.com"};

    using native = providers::dingtalk::native;
    using login_id = providers::dingtalk::login_id;
    using recipient = providers::dingtalk::recipient;
    using content = providers::dingtalk::content;

    /// Client ID and Client Secret of an internal application, from the developer console's "Credentials & Basic Info".
    class credentials
    {
    public:
        /// @param app_key     Client ID, formerly AppKey: `ding…`. The bot's robot code is the same unless set.
        /// @param app_secret  Belongs to it.
        credentials(std::string app_key, secret app_secret)
            : app_key_(std::move(app_key)), app_secret_(std::move(app_secret)), robot_code_(app_key_)
        {
        }

        credentials& robot_code(std::string code)
        {
            robot_code_ = std::move(code);
            return *this;
        }
        /// Needed for work notifications.
        credentials& agent_id(std::int64_t id) noexcept
        {
            agent_id_ = id;
            return *this;
        }
        /// Fetches the token by the older call, for networks that let only oapi.dingtalk.com through.
        credentials& old_token_call(bool yes = true) noexcept
        {
            old_token_call_ = yes;
            return *this;
        }

        std::string const& app_id() const noexcept { return app_key_; }
        secret const& app_secret() const noexcept { return app_secret_; }
        std::string const& robot_code() const noexcept { return robot_code_; }
        std::int64_t agent_id() const noexcept { return agent_id_; }
        bool old_token_call() const noexcept { return old_token_call_; }

        /// Success, or `errc::invalid_argument`.
        result<void> check() const
        {
            constexpr std::size_t max_length = 128;
            if (auto const valid = tidings::detail::check_setting(app_key_, "Client ID (AppKey)", max_length); !valid)
                return valid;
            if (auto const valid =
                    tidings::detail::check_setting(app_secret_.reveal(), "Client Secret (AppSecret)", max_length);
                !valid)
                return valid;
            if constexpr (by_bot)
                return tidings::detail::check_setting(robot_code_, "robot code", max_length);
            else if (agent_id_ <= 0)
                return make_failure(errc::invalid_argument, "a work notification needs the application's agent id");
            return {};
        }

    private:
        std::string app_key_;
        secret app_secret_;
        std::string robot_code_;
        std::int64_t agent_id_ = 0;
        bool old_token_call_ = false;
    };

    static application application_of(credentials const& app) noexcept
    {
        return {app.app_id(), app.robot_code(), app.agent_id()};
    }

    /// The operation that fetches an access token.
    static std::unique_ptr<wire::token_operation> fetch_token(credentials const& app)
    {
        if (app.old_token_call())
            return std::make_unique<get_token>(application_of(app), app.app_secret());
        return std::make_unique<providers::dingtalk::fetch_token>(application_of(app), app.app_secret());
    }

    /// The requests that show whether messages would be delivered. Include `tidings/diagnose.hpp`.
    ///
    /// @param app  Outlives what is returned.
    /// @param by   The names of the match strategies that people are found by.
    template<class Diagnostic = providers::dingtalk::diagnostic>
    static Diagnostic diagnostic_of(credentials const& app, std::vector<std::string_view> const& by)
    {
        return Diagnostic(application_of(app), by, !by_bot);
    }

    // ---- What it can do

    static constexpr auto match_support = [] {
        auto const people = boost::hana::make_map(supports_match<match::login_name, lookup_kind::direct>,
                                                  supports_match<match::phone_number, lookup_kind::look_up>,
                                                  supports_match<match::email, lookup_kind::scan>,
                                                  supports_match<login_id, lookup_kind::look_up>);
        if constexpr (by_bot)
            return boost::hana::insert(people, supports_match<match::chat_id, lookup_kind::direct>);
        else
            return people;
    }();
    /// Whether a message that is sent again under the same key is delivered once.
    static constexpr bool has_idempotency_keys = false;
    static constexpr auto messages = boost::hana::tuple_t<text, markdown, notice, image, file, native>;
    static constexpr auto capabilities =
        boost::hana::make_set(boost::hana::type_c<capability::recall>, boost::hana::type_c<capability::readers>);

    // ---- Finding people

    /// Success, or why this cannot be the login name of any person. Checked before any byte is sent.
    static result<void> check(match::login_name const& who)
    {
        if (by_bot || who.view().find(',') == std::string_view::npos)
            return {};
        return tidings::detail::refuse(match::login_name::title, "has a comma, which separates userids");
    }

    /// Success, or why no message can go to this. Asked before any byte is sent.
    static result<void> check(recipient const& to)
    {
        if (auto const valid = to.check(); !valid || by_bot)
            return valid;
        if (is_chat(to))
            return tidings::detail::refuse("recipient", "is a chat; a work notification goes to people");
        return check(match::login_name(to.id()));
    }

    /// A login name is the userid.
    static recipient direct(match::login_name const& who) { return recipient(who.view()); }
    static recipient direct(match::chat_id const& where)
        requires(by_bot)
    {
        return {"chat_id", where.view()};
    }
    static recipient recipient_from_id(std::string_view id) { return recipient(id); }

    /// @param kind  What a person calls the address.
    static failure not_found_error(std::string_view kind)
    {
        auto facts = tidings::detail::new_facts();
        facts->detail = "no person that this application may see has this ";
        facts->detail += kind;
        facts->remedy = &remedies::not_found;
        if (kind == match::email::title)
            facts->remedy = &remedies::no_such_email;
        facts->console = console;
        return {errc::recipient_not_found, std::move(facts)};
    }

    /// Finds out who has a mobile number, a userid or the login name of a dedicated account: one a call.
    template<class M>
        requires std::same_as<M, match::phone_number> || std::same_as<M, match::login_name> || std::same_as<M, login_id>
    class finder final : public wire::procedure
    {
        using operation_t = std::conditional_t<std::same_as<M, match::phone_number>, get_by_mobile, get_user>;

    public:
        static constexpr std::size_t max_batch = 1;

        explicit finder(credentials const& app) : app_(application_of(app)) {}

        void add(M const& who)
        {
            if constexpr (std::same_as<M, match::phone_number>)
                op_.emplace(app_, who.view());
            else
                op_.emplace(app_, std::same_as<M, login_id> ? get_user::by::login_id : get_user::by::userid,
                            who.view());
            once_.emplace(*op_);
        }

        wire::operation* next() override { return once_ ? once_->next() : nullptr; }
        std::string_view id_of(std::size_t) const noexcept { return op_->userid(); }

    private:
        application app_;
        std::optional<operation_t> op_;
        std::optional<wire::just> once_;
    };

    /// Reads who has which email address: the application's range, each department in it with those below, each page of
    /// its people, and the people that are in the range one by one. There is no call that looks an email address up.
    template<class M>
        requires std::same_as<M, match::email>
    class scan final : public wire::procedure
    {
    public:
        scan(credentials const& app, unsigned calls_per_second)
            : app_(application_of(app)), interval_(std::chrono::milliseconds(1000 / calls_per_second)), range_(app_)
        {
        }

        wire::operation* next() override
        {
            pause_ = at_ == step::start ? std::chrono::milliseconds(0) : interval_;
            switch (std::exchange(at_, step::between))
            {
            case step::start: at_ = step::range; return &range_;
            case step::range:
                for (auto const id : range_.departments())
                    enlist(id);
                single_ = range_.people();
                break;
            case step::department:
                for (auto const id : below_->below())
                    enlist(id);
                return page(0);
            case step::people:
                for (auto const& item : people_->people())
                    take(item.userid, item.email, item.company_email);
                if (auto const cursor = people_->next_page(); cursor != 0)
                    return page(cursor);
                break;
            case step::person: take(user_->userid(), user_->email(), user_->company_email()); break;
            case step::between: break;
            }
            if (!open_.empty())
            {
                department_ = open_.front();
                open_.pop_front();
                below_.emplace(app_, department_);
                at_ = step::department;
                return &*below_;
            }
            if (next_single_ != single_.size())
            {
                user_.emplace(app_, get_user::by::userid, single_[next_single_++], false); // may have left since
                at_ = step::person;
                return &*user_;
            }
            return nullptr;
        }

        std::chrono::milliseconds pause() const noexcept override { return pause_; }

        tidings::detail::people_index take_index() { return std::move(index_); }

    private:
        enum class step
        {
            start,
            range,
            department,
            people,
            person,
            between
        };

        wire::operation* page(std::int64_t cursor)
        {
            people_.emplace(app_, department_, cursor);
            at_ = step::people;
            return &*people_;
        }

        void take(std::string_view userid, std::string_view email, std::string_view company_email)
        {
            index_.add(email, userid);
            index_.add(company_email, userid);
        }

        void enlist(std::int64_t id)
        {
            if (seen_.insert(id).second)
                open_.push_back(id);
        }

        application app_;
        std::chrono::milliseconds interval_;
        std::chrono::milliseconds pause_{0};
        step at_ = step::start;
        authorised_range range_;
        std::optional<list_departments> below_;
        std::optional<list_people> people_;
        std::optional<get_user> user_;
        std::int64_t department_ = 0;
        std::deque<std::int64_t> open_;
        std::set<std::int64_t> seen_;
        std::vector<std::string> single_;
        std::size_t next_single_ = 0;
        tidings::detail::people_index index_;
    };

    // ---- Sending

    static content content_of(text what, language_tag const& lang)
    {
        return content(tidings::detail::message_text(std::move(what).take(lang)));
    }
    static content content_of(markdown const& what, language_tag const& lang)
    {
        std::string_view const body = what.body(lang);
        return {by_bot ? "sampleMarkdown" : "markdown", detail::markdown_params(body)};
    }
    static content content_of(notice const& what, language_tag const& lang)
    {
        auto const native = by_bot ? notice_for_robot(what, lang) : notice_for_work(what, lang);
        return {native.type(), native.json()};
    }
    static content content_of(native const& what, language_tag const&) { return {what.type(), what.json()}; }

    // ---- Images and files

    /// 20 MB, of a work notification's file 10 MB; the bot sends only some kinds of files.
    static result<void> check_attachment(attachment const& what)
    {
        constexpr std::size_t megabyte = 1024 * 1024;
        constexpr std::size_t max_count = 20 * megabyte;
        constexpr std::size_t max_work_file = 10 * megabyte;
        bool const is_file = what.what() == attachment::kind::file;
        auto const extension = what.extension();
        constexpr std::array<std::string_view, 6> known{"xlsx", "pdf", "zip", "rar", "doc", "docx"};
        if (by_bot && is_file && std::find(known.begin(), known.end(), extension) == known.end())
            return make_failure(errc::message_invalid, "DingTalk's bot sends files that end in xlsx, pdf, zip, "
                                                       "rar, doc or docx");
        return tidings::detail::check_size(what, !by_bot && is_file ? max_work_file : max_count);
    }
    static wire::single<upload_media> upload(credentials const& app, attachment const& what)
    {
        return wire::single<upload_media>(application_of(app), what);
    }
    static content content_of(attachment const& what, std::string_view key)
    {
        bool const is_image = what.what() == attachment::kind::image;
        tidings::detail::wiped_string out;
        wire::json_writer json(out);
        json.open_object();
        if constexpr (!by_bot)
            json.member("media_id", key);
        else if (is_image)
            json.member("photoURL", key);
        else
            json.member("mediaId", key).member("fileName", what.file_name()).member("fileType", what.extension());
        json.close_object();
        std::string_view const kind = by_bot     ? (is_image ? "sampleImageMsg" : "sampleFile")
                                      : is_image ? "image"
                                                 : "file";
        return {kind, std::string(out.view())};
    }

    /// A long text in pieces that can be sent.
    static std::vector<std::string> split(text const& what, language_tag const& lang)
    {
        return tidings::detail::split_text(tidings::detail::clean_text(what.body(lang)), max_message - detail::frame,
                                           tidings::detail::json_cost());
    }
    static std::vector<std::string> split(markdown const& what, language_tag const& lang)
    {
        return tidings::detail::split_markdown(what.body(lang), max_message, [](std::string_view piece) {
            return detail::markdown_params(piece).size() + detail::frame;
        });
    }

    /// Success, or why this message cannot be sent. Asked before any byte is sent.
    static result<void> check(content const& what)
    {
        if constexpr (by_bot)
            return batch_send::check(what);
        else
            return send_work::check(what);
    }

    /// Sends one message to several people or to one group, and determines the outcome for each.
    class delivery final : public wire::procedure
    {
    public:
        static constexpr std::size_t max_batch = by_bot ? batch_send::max_batch : send_work::max_batch;
        static std::size_t max_batch_for(recipient const& to) noexcept { return is_chat(to) ? 1 : max_batch; }

        /// The arguments outlive the procedure.
        delivery(credentials const& app, std::span<recipient const> people, content const& what, std::string_view)
            : app_(application_of(app)), people_(people), op_(app_, people, what), once_(sending())
        {
        }

        wire::operation* next() override
        {
            if (auto* const sending = once_.next())
                return sending;
            if constexpr (!by_bot)
            {
                // The platform answers "accepted" to notifications that it then drops: only a query shows the result.
                if (result_ && (settled() || ++asked_ == max_questions))
                    return nullptr;
                id_.assign(std::to_string(op_.task()));
                result_.emplace(app_, op_.task());
                return &*result_;
            }
            else
                return nullptr;
        }

        std::chrono::milliseconds pause() const noexcept override
        {
            if constexpr (by_bot)
                return std::chrono::milliseconds(0);
            else
            {
                constexpr std::chrono::milliseconds first{50};
                return result_ ? first * (1 << asked_) : std::chrono::milliseconds(0);
            }
        }

        failure map_error(failure const& f) const override
        {
            bool const accepted = !by_bot && result_; // and what became of it is not known
            if (!accepted && f != errc::outcome_unknown)
                return f;
            return tidings::detail::amend(failure(errc::outcome_unknown, f.facts()), [&f](diagnostics& facts) {
                // Not the usual advice, which trusts in an idempotency key.
                facts.remedy = &remedies::once_a_day;
                if (by_bot)
                    facts.remedy = &tidings::detail::look_before_sending_again;
                if (f != errc::outcome_unknown)
                    facts.cause = f.code();
            });
        }

        result<void> outcome(std::size_t i) const
        {
            if constexpr (by_bot)
                return op_.outcome(i);
            else
            {
                auto const id = people_[i].id();
                switch (result_->of(id))
                {
                case send_result::fate::delivered: return {};
                case send_result::fate::refused: return result_->why(id);
                case send_result::fate::open: break;
                }
                auto facts = tidings::detail::new_facts();
                facts->detail = "the platform accepted the notification and does not report its result";
                facts->remedy = &remedies::once_a_day;
                return failure(errc::outcome_unknown, std::move(facts));
            }
        }

        std::string_view message_id() const noexcept
        {
            if constexpr (by_bot)
                return op_.message_id();
            else
                return id_;
        }

    private:
        static constexpr unsigned max_questions = 6;

        wire::operation& sending() noexcept
        {
            if constexpr (by_bot)
                return *op_.operation();
            else
                return op_;
        }

        bool settled() const
        {
            return std::none_of(people_.begin(), people_.end(), [this](recipient const& person) {
                return result_->of(person.id()) == send_result::fate::open;
            });
        }

        application app_;
        std::span<recipient const> people_;
        std::conditional_t<by_bot, detail::bot_send, send_work> op_;
        wire::just once_;
        std::optional<send_result> result_;
        tidings::detail::inline_string id_;
        unsigned asked_ = 0;
    };

    // ---- Afterwards

    /// A work notification is a number; the bot's messages are any text.
    static bool is_message_id(std::string_view id) noexcept { return by_bot || task_of(id) > 0; }

    /// Takes a message back.
    ///
    /// @param app  The application.
    /// @param id   The id of the message.
    /// @param of   The receipt with the message. A message to a group needs the group as well.
    static auto recall(credentials const& app, std::string_view id, receipt const& of = receipt())
    {
        if constexpr (by_bot)
            return wire::single<providers::dingtalk::recall>(application_of(app), id, chat_of(of));
        else
            return wire::single<recall_work>(application_of(app), task_of(id));
    }
    static auto readers(credentials const& app, std::string_view id, receipt const& of = receipt())
    {
        if constexpr (by_bot)
            return detail::bot_readers(application_of(app), id, chat_of(of));
        else
            return wire::single<send_result>(application_of(app), task_of(id));
    }

private:
    static std::string_view chat_of(receipt const& of) noexcept
    {
        return of.recipient_type() == "chat_id" ? of.person_id() : std::string_view();
    }

    static std::int64_t task_of(std::string_view id) noexcept
    {
        std::int64_t out = 0;
        auto const* const end = id.data() + id.size();
        auto const [at, ec] = std::from_chars(id.data(), end, out);
        return ec == std::errc() && at == end ? out : 0;
    }
};

} // namespace tidings::inline v0::providers::dingtalk

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/provider/dingtalk/impl/platform.ipp>
#endif

#endif
