// What DingTalk can be asked: one operation per call.
//
// Sources: "Obtain the access token of an internal app", "gettoken", "Query users by phone number", "Query user
// details", "Obtain the authorisation scope", "Obtain the list of departments", "Query the details of department
// users", "Chatbots send one-on-one messages in batches", "Query the read status of messages", "Recall one-on-one
// messages in batches", "Send group chat messages with an app bot", "Query the read status of group messages", "Recall
// group messages", "Send work notifications" and the pages beside it, "Upload media files" of the platform's server API
// documentation.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_DINGTALK_OPERATIONS_HPP
#define TIDINGS_PROVIDER_DINGTALK_OPERATIONS_HPP

#include <tidings/detail/address.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/detail/id_text.hpp>
#include <tidings/detail/inline_string.hpp>
#include <tidings/match/login_name.hpp>
#include <tidings/provider/detail/media_upload.hpp>
#include <tidings/provider/dingtalk/answer.hpp>
#include <tidings/provider/dingtalk/limits.hpp>
#include <tidings/recipient.hpp>
#include <tidings/wire/answer.hpp>
#include <tidings/wire/member_table.hpp>
#include <tidings/wire/operation.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0::providers::dingtalk {

/// The two hosts of the two generations of the API, in the order of a provider's base URLs.
enum host : unsigned
{
    new_api = 0,
    old_api = 1
};

/// The application that asks. What it refers to outlives the operations made with it.
class application
{
public:
    application(std::string_view app_key, std::string_view robot_code, std::int64_t agent_id) noexcept;

    std::string_view app_key() const noexcept { return app_key_; }
    std::string_view robot_code() const noexcept { return robot_code_; }
    std::int64_t agent_id() const noexcept { return agent_id_; }

private:
    std::string_view app_key_;
    std::string_view robot_code_;
    std::int64_t agent_id_;
};

namespace detail {

TIDINGS_DECL result<void> check_userid(std::string_view id);

/// The documentation shows ids that begin with `cid` and does not promise it. The older `chatId`, which other calls
/// take, begins with `chat`.
TIDINGS_DECL result<void> check_chat_id(std::string_view id);

} // namespace detail

/// The types of ids that a message can be addressed to. `chat_id` is an `openConversationId`.
struct recipient_ids
{
    static constexpr std::string_view platform = "dingtalk";
    static constexpr std::array all{id_type("userid", &detail::check_userid),
                                    id_type("chat_id", &detail::check_chat_id)};
};

/// Whom a message is addressed to: a person, or a group that the bot is in.
using recipient = basic_recipient<recipient_ids>;

TIDINGS_DECL bool is_chat(recipient const& to) noexcept;

namespace detail {

TIDINGS_DECL void authorize(wire::request& out, std::string_view token);

/// Asking again extends the token that there is; the platform suggests ten minutes before its end.
inline constexpr wire::token_margins margins{std::chrono::seconds(60), std::chrono::minutes(10)};

} // namespace detail

/// Fetches the access token of an internal application.
class fetch_token final : public wire::token_operation
{
public:
    /// @param app_secret  Outlives the operation.
    fetch_token(application app, secret const& app_secret) noexcept;

    result<void> encode(wire::request& out, std::string_view) const override;

    result<void> decode(wire::reply const& in) override;

    std::string_view confidential() const noexcept override { return secret_.reveal(); }
    wire::api_limits const* limits() const noexcept override { return &apis::fetch_token; }

private:
    application app_;
    secret const& secret_;
};

/// The same from the older call, for networks that let only that host through.
class get_token final : public wire::token_operation
{
public:
    get_token(application app, secret const& app_secret) noexcept;

    result<void> encode(wire::request& out, std::string_view) const override;

    result<void> decode(wire::reply const& in) override;

    std::string_view confidential() const noexcept override { return secret_.reveal(); }
    wire::api_limits const* limits() const noexcept override { return &apis::get_token; }

private:
    application app_;
    secret const& secret_;
};

/// Finds out who has a mobile number.
class get_by_mobile final : public wire::operation
{
public:
    /// @param e164  Outlives the operation. Numbers of mainland China are sent as eleven digits, as the documentation
    ///              shows them; it shows no others, which are sent with `+` and country code.
    get_by_mobile(application app, std::string_view e164) noexcept;

    result<void> encode(wire::request& out, std::string_view token) const override;

    /// @returns `errc::ambiguous_recipient` also where one account is the person's own and the organisation hosts
    ///          another one with the same number: these may be two people.
    result<void> decode(wire::reply const& in) override;

    wire::api_limits const* limits() const noexcept override { return &apis::get_by_mobile; }

    /// After a successful `decode`; empty when nobody was found.
    std::string_view userid() const noexcept { return id_.view(); }

private:
    application app_;
    std::string_view mobile_;
    wire::single_text<tidings::detail::inline_string> id_;
};

/// Reads one person's entry in the directory.
class get_user final : public wire::operation
{
public:
    enum class by
    {
        userid,
        login_id
    };

    /// @param id          Outlives the operation. A `login_id` works only for dedicated accounts of the organisation.
    /// @param must_exist  Nobody having it is a failure; otherwise `userid()` is then empty.
    get_user(application app, by what, std::string_view id, bool must_exist = true) noexcept;

    result<void> encode(wire::request& out, std::string_view token) const override;

    result<void> decode(wire::reply const& in) override;

    wire::api_limits const* limits() const noexcept override { return &apis::get_user; }

    /// After a successful `decode`. The addresses are empty where the application may not read them.
    std::string_view userid() const noexcept { return id_.view(); }
    std::string const& email() const noexcept { return email_; }
    std::string const& company_email() const noexcept { return company_email_; }

private:
    application app_;
    by by_;
    std::string_view wanted_;
    bool must_exist_;
    wire::single_text<tidings::detail::inline_string> id_;
    std::string email_;
    std::string company_email_;
};

/// Reads what of the directory the application may see, to look for email addresses in it.
class authorised_range final : public wire::operation
{
public:
    /// @param needs_email  Whether it is a failure that the application may not read email addresses.
    explicit authorised_range(application app, bool needs_email = true) noexcept;

    result<void> encode(wire::request& out, std::string_view token) const override;

    result<void> decode(wire::reply const& in) override;

    wire::api_limits const* limits() const noexcept override { return &apis::scopes; }

    std::vector<std::int64_t> const& departments() const noexcept { return departments_; }
    std::vector<std::string> const& people() const noexcept { return people_; }

private:
    void add_person(std::string_view id) { people_.emplace_back(id); }
    bool may_read(std::string_view field) const;

    application app_;
    bool needs_email_;
    std::vector<std::int64_t> departments_;
    std::vector<std::string> people_;
    std::vector<std::string> fields_;
};

/// Lists the departments directly below one.
class list_departments final : public wire::operation
{
public:
    list_departments(application app, std::int64_t department) noexcept;

    result<void> encode(wire::request& out, std::string_view token) const override;

    result<void> decode(wire::reply const& in) override;

    wire::api_limits const* limits() const noexcept override { return &apis::list_departments; }

    std::vector<std::int64_t> const& below() const noexcept { return below_; }

private:
    application app_;
    std::int64_t department_;
    std::vector<std::int64_t> below_;
};

/// Lists the people directly in one department, a page at a time, with their addresses.
class list_people final : public wire::operation
{
public:
    static constexpr std::int64_t page = 100;

    class person
    {
    public:
        std::string userid;
        std::string email;
        std::string company_email;
    };

    list_people(application app, std::int64_t department, std::int64_t cursor) noexcept;

    result<void> encode(wire::request& out, std::string_view token) const override;

    result<void> decode(wire::reply const& in) override;

    wire::api_limits const* limits() const noexcept override { return &apis::list_people; }

    std::vector<person> const& people() const noexcept { return page_.people; }
    /// The cursor of the next page; nothing behind the last.
    std::int64_t next_page() const noexcept { return page_.has_more ? page_.next : 0; }

private:
    struct listed_page
    {
        void keep_person();

        std::vector<person> people;
        bool has_more = false;
        std::int64_t next = 0;
        // Of the entry that is being read.
        std::string userid;
        std::string email;
        std::string company_email;
    };

    application app_;
    std::int64_t department_;
    std::int64_t cursor_;
    listed_page page_;
};

/// A message as DingTalk takes it: the kind, and its parameters as JSON.
class content
{
public:
    /// Plain text.
    explicit content(std::string text) noexcept : text_(std::move(text)) {}
    /// @param kind    `msgKey` of the bot or `msgtype` of a work notification.
    /// @param params  A JSON object: `msgParam`, or the member of that name.
    content(std::string_view kind, std::string params) : kind_(kind), params_(std::move(params)) {}

    bool is_text() const noexcept { return kind_.empty(); }
    std::string_view text() const noexcept { return text_; }
    std::string_view kind() const noexcept { return kind_; }
    std::string const& params() const noexcept { return params_; }

    /// Writes the members `msgKey` and `msgParam` of a message of the bot.
    void write_for_bot(wire::json_writer& json) const;

    /// Success, or what is wrong with it.
    result<void> check() const;

private:
    std::string kind_;
    std::string text_;
    std::string params_;
};

/// Uploads an image or a file for messages.
class upload_media final : public tidings::detail::media_upload
{
public:
    /// @param what  Outlives the operation.
    upload_media(application app, attachment const& what) noexcept;

    result<void> decode(wire::reply const& in) override;

    wire::api_limits const* limits() const noexcept override { return &apis::upload; }

private:
    application app_;
};

/// Sends one message to up to 20 people as the application's bot.
class batch_send final : public wire::operation
{
public:
    static constexpr std::size_t max_batch = 20;
    /// Bytes of `msgParam`. Stated for the group call; the documentation gives no number for this one.
    static constexpr std::size_t max_length = 15'000;

    /// The arguments outlive the operation.
    batch_send(application app, std::span<recipient const> people, content const& what);

    static result<void> check(content const& what);

    result<void> encode(wire::request& out, std::string_view token) const override;

    result<void> decode(wire::reply const& in) override;

    wire::api_limits const* limits() const noexcept override { return &apis::send; }

    /// After a successful `decode`: the outcome for the i-th person. Accepted is not read.
    result<void> outcome(std::size_t i) const;

    /// `processQueryKey`: the handle of the message for recall and read status.
    std::string_view message_id() const noexcept { return key_; }

private:
    application app_;
    std::span<recipient const> people_;
    content const& what_;
    tidings::detail::inline_string key_;
    wire::id_list invalid_;
    wire::id_list throttled_;
    wire::id_list filtered_;
    bool lists_are_clear_ = false; ///< Each id in them is a recipient's.
};

/// Sends one message to one group that the application's bot is in.
class send_to_group final : public wire::operation
{
public:
    /// The arguments outlive the operation.
    send_to_group(application app, recipient const& group, content const& what) noexcept;

    result<void> encode(wire::request& out, std::string_view token) const override;

    result<void> decode(wire::reply const& in) override;

    wire::api_limits const* limits() const noexcept override { return &apis::send_to_group; }

    /// `processQueryKey`: with the group, the handle of the message for recall and read status.
    std::string_view message_id() const noexcept { return key_.view(); }

private:
    application app_;
    recipient const& group_;
    content const& what_;
    wire::single_text<tidings::detail::inline_string> key_;
};

/// Reads who has read a message of the bot. Works for 24 hours.
class read_status final : public wire::operation
{
public:
    read_status(application app, std::string_view key) noexcept;

    result<void> encode(wire::request& out, std::string_view token) const override;

    result<void> decode(wire::reply const& in) override;

    wire::api_limits const* limits() const noexcept override { return &apis::read_status; }

    /// After a successful `decode`: the userids of those who have read it.
    std::vector<std::string> const& readers() const noexcept { return readers_; }

private:
    struct status
    {
        explicit status(std::vector<std::string>& r) noexcept : readers(r) {}

        void read_send_status(wire::json_scalar const&) noexcept { complete = true; }
        void read_read_status(wire::json_scalar const& value) noexcept { has_read = value.text() == "READ"; }
        void keep_reader();

        std::vector<std::string>& readers;
        bool complete = false;
        // Of the entry that is being read.
        std::string userid;
        bool has_read = false;
    };

    application app_;
    std::string_view key_;
    std::vector<std::string> readers_;
};

/// Lists who has read a message of the bot in a group, one page at a time. Works for 24 hours.
class group_readers final : public wire::operation
{
public:
    /// @param group  The group's `openConversationId`. Outlives the operation, as `key` does.
    /// @param page   What the page before returned; empty for the first.
    group_readers(application app, std::string_view key, std::string_view group, std::string page) noexcept;

    result<void> encode(wire::request& out, std::string_view token) const override;

    result<void> decode(wire::reply const& in) override;

    wire::api_limits const* limits() const noexcept override { return &apis::group_readers; }

    /// After a successful `decode`: the userids of those who have read it.
    std::vector<std::string> const& readers() const noexcept { return readers_; }
    /// The token of the next page; empty at the last.
    std::string_view next_page() const noexcept { return has_more_ ? std::string_view(next_) : std::string_view(); }

private:
    void read_send_status(wire::json_scalar const&) noexcept { complete_ = true; }
    void add_reader(std::string_view id) { readers_.emplace_back(id); }

    application app_;
    std::string_view key_;
    std::string_view group_;
    std::string page_;
    std::vector<std::string> readers_;
    std::string next_;
    bool has_more_ = false;
    bool complete_ = false;
};

/// Takes a message of the bot back. Works for 24 hours.
class recall final : public wire::operation
{
public:
    /// @param group  The group's `openConversationId`; empty for a message to people. Outlives the operation, as `key`
    ///               does.
    recall(application app, std::string_view key, std::string_view group = {}) noexcept;

    result<void> encode(wire::request& out, std::string_view token) const override;

    result<void> decode(wire::reply const& in) override;

    wire::api_limits const* limits() const noexcept override;

private:
    struct results
    {
        explicit results(std::string_view k) noexcept : key(k) {}

        void read_success(wire::json_scalar const& value) noexcept { done = done || value.text() == key; }
        void read_failure(std::string_view below, wire::json_scalar const& value);

        std::string_view key;
        bool done = false;
        std::string reason;
    };

    application app_;
    std::string_view key_;
    std::string_view group_;
};

/// Sends a work notification to up to 100 people. What becomes of it, only `send_result` tells.
class send_work final : public wire::operation
{
public:
    static constexpr std::size_t max_batch = 100;
    /// Bytes of `msg`.
    static constexpr std::size_t max_length = 2048;

    send_work(application app, std::span<recipient const> people, content const& what);

    static result<void> check(content const& what);

    result<void> encode(wire::request& out, std::string_view token) const override;

    result<void> decode(wire::reply const& in) override;

    wire::api_limits const* limits() const noexcept override { return &apis::send_work; }
    std::size_t recipient_count() const noexcept override { return people_.size(); }
    std::string_view recipient_id(std::size_t i) const noexcept override { return people_[i].id(); }

    /// After a successful `decode`.
    std::int64_t task() const noexcept { return task_; }

private:
    static void write(wire::json_writer& json, content const& what);

    application app_;
    std::span<recipient const> people_;
    content const& what_;
    std::int64_t task_ = 0;
};

/// Reads what became of a work notification. Works for 24 hours.
class send_result final : public wire::operation
{
public:
    send_result(application app, std::int64_t task) noexcept;

    result<void> encode(wire::request& out, std::string_view token) const override;

    result<void> decode(wire::reply const& in) override;

    wire::api_limits const* limits() const noexcept override { return &apis::send_result; }

    std::vector<std::string> const& readers() const noexcept { return read_; }

    enum class fate
    {
        open, ///< The platform says nothing of this person (yet).
        delivered,
        refused
    };
    fate of(std::string_view id) const;

    /// Why the platform did not deliver to a person whose fate is `refused`.
    failure why(std::string_view id) const;

private:
    struct lists
    {
        lists(send_result& o, wire::reply const& r) noexcept : owner(o), in(r) {}

        void add_read(wire::json_scalar const& id) { owner.read_.emplace_back(id.text()); }
        void add_unread(wire::json_scalar const& id) { owner.unread_.emplace_back(id.text()); }
        void add_invalid(wire::json_scalar const& id) { refuse(id, "invalid_user_id_list"); }
        void add_failed(wire::json_scalar const& id) { refuse(id, "failed_user_id_list"); }
        void add_forbidden(wire::json_scalar const& id) { refuse(id, "forbidden_user_id_list"); }
        void read_code(wire::json_scalar const& value);
        void keep_forbidden();
        void refuse(wire::json_scalar const& id, std::string_view list);

        send_result& owner;
        wire::reply const& in;
        // Of the entry that is being read.
        std::string userid;
        std::string code;
    };

    std::string const* reason_for(std::string_view id) const;

    application app_;
    std::int64_t task_;
    std::vector<std::string> read_;
    std::vector<std::string> unread_;
    std::deque<std::pair<std::string, std::string>> refused_;
};

/// Takes a work notification back. Works for 24 hours.
class recall_work final : public wire::operation
{
public:
    recall_work(application app, std::int64_t task) noexcept;

    result<void> encode(wire::request& out, std::string_view token) const override;

    result<void> decode(wire::reply const& in) override;

    wire::api_limits const* limits() const noexcept override { return &apis::recall_work; }

private:
    application app_;
    std::int64_t task_;
};

} // namespace tidings::inline v0::providers::dingtalk

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/provider/dingtalk/impl/operations.ipp>
#endif

#endif
