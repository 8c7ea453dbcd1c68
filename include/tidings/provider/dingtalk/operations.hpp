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

#include <algorithm>
#include <array>
#include <charconv>
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
    application(std::string_view app_key, std::string_view robot_code, std::int64_t agent_id) noexcept
        : app_key_(app_key), robot_code_(robot_code), agent_id_(agent_id)
    {
    }

    std::string_view app_key() const noexcept { return app_key_; }
    std::string_view robot_code() const noexcept { return robot_code_; }
    std::int64_t agent_id() const noexcept { return agent_id_; }

private:
    std::string_view app_key_;
    std::string_view robot_code_;
    std::int64_t agent_id_;
};

namespace detail {

inline result<void> check_userid(std::string_view id)
{
    return match::login_name(id).check();
}

/// The documentation shows ids that begin with `cid` and does not promise it. The older `chatId`, which other calls
/// take, begins with `chat`.
inline result<void> check_chat_id(std::string_view id)
{
    constexpr std::string_view what = "chat id";
    if (auto const valid = tidings::detail::check_id(id, what); !valid)
        return valid;
    if (id.starts_with("chat"))
        return tidings::detail::refuse(what, "is an older chatId; use the openConversationId, which begins with cid");
    return {};
}

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

inline bool is_chat(recipient const& to) noexcept
{
    return to.type() == recipient_ids::all[1].name();
}

namespace detail {

inline void authorize(wire::request& out, std::string_view token)
{
    out.header("x-acs-dingtalk-access-token", token);
}

/// Asking again extends the token that there is; the platform suggests ten minutes before its end.
inline constexpr wire::token_margins margins{std::chrono::seconds(60), std::chrono::minutes(10)};

} // namespace detail

/// Fetches the access token of an internal application.
class fetch_token final : public wire::token_operation
{
public:
    /// @param app_secret  Outlives the operation.
    fetch_token(application app, secret const& app_secret) noexcept
        : token_operation("fetch access token", wire::idempotency::idempotent, false, new_api), app_(app),
          secret_(app_secret)
    {
        margins_ = detail::margins;
    }

    result<void> encode(wire::request& out, std::string_view) const override
    {
        out.start("POST", "/v1.0/oauth2/accessToken");
        out.body().open_object().member("appKey", app_.app_key()).member("appSecret", secret_.reveal()).close_object();
        return {};
    }

    result<void> decode(wire::reply const& in) override
    {
        static constexpr wire::member_table rows{
            wire::member<&wire::issued_token::token>("accessToken"),
            wire::member<&wire::issued_token::lifetime>("expireIn"),
        };
        wire::issued_token issued;
        answer response(rows.into(issued));
        auto const has_token = [&issued] { return !issued.token.empty(); };
        if (auto const read = read_new(response, app_.app_key(), in, has_token); !read)
            return read;
        return keep(std::move(issued.token), issued.lifetime);
    }

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
    get_token(application app, secret const& app_secret) noexcept
        : token_operation("fetch access token", wire::idempotency::idempotent, false, old_api), app_(app),
          secret_(app_secret)
    {
        margins_ = detail::margins;
    }

    result<void> encode(wire::request& out, std::string_view) const override
    {
        out.start("GET", "/gettoken");
        out.query("appkey", app_.app_key());
        out.query("appsecret", secret_.reveal());
        return {};
    }

    result<void> decode(wire::reply const& in) override
    {
        static constexpr wire::member_table rows{
            wire::member<&wire::issued_token::token>("access_token"),
            wire::member<&wire::issued_token::lifetime>("expires_in"),
        };
        wire::issued_token issued;
        answer response(rows.into(issued));
        if (auto const read = read_old(response, app_.app_key(), in); !read)
            return read;
        return keep(std::move(issued.token), issued.lifetime);
    }

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
    get_by_mobile(application app, std::string_view e164) noexcept
        : operation("look up person", wire::idempotency::idempotent, true, old_api), app_(app), mobile_(e164)
    {
        constexpr std::string_view china = "+86";
        if (mobile_.starts_with(china))
            mobile_.remove_prefix(china.size());
    }

    result<void> encode(wire::request& out, std::string_view token) const override
    {
        out.start("POST", "/topapi/v2/user/getbymobile");
        out.query("access_token", token);
        auto json = out.body();
        json.open_object().member("mobile", mobile_);
        // People whose account the organisation hosts are not found otherwise.
        json.key("support_exclusive_account_search").boolean(true).close_object();
        return {};
    }

    /// @returns `errc::ambiguous_recipient` also where one account is the person's own and the organisation hosts
    ///          another one with the same number: these may be two people.
    result<void> decode(wire::reply const& in) override
    {
        static constexpr wire::member_table rows{
            wire::member<&get_by_mobile::id_>("result/userid"),
            wire::member<&get_by_mobile::id_>("result/exclusive_account_userid_list/*"),
        };
        answer response(rows.into(*this));
        id_.clear();
        auto const read = read_old(response, app_.app_key(), in);
        return read && id_.differs() ? result<void>(tidings::detail::several_people()) : read;
    }

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
    get_user(application app, by what, std::string_view id, bool must_exist = true) noexcept
        : operation("read person", wire::idempotency::idempotent, true, old_api), app_(app), by_(what), wanted_(id),
          must_exist_(must_exist)
    {
    }

    result<void> encode(wire::request& out, std::string_view token) const override
    {
        out.start("POST", "/topapi/v2/user/get");
        out.query("access_token", token);
        auto json = out.body();
        json.open_object();
        if (by_ == by::login_id)
            json.member("userid", "").member("login_id", wanted_);
        else
            json.member("userid", wanted_);
        json.close_object();
        return {};
    }

    result<void> decode(wire::reply const& in) override
    {
        static constexpr wire::member_table rows{
            wire::member<&get_user::id_>("result/userid"),
            wire::member<&get_user::email_>("result/email"),
            wire::member<&get_user::company_email_>("result/org_email"),
        };
        answer response(rows.into(*this));
        id_.clear();
        email_.clear();
        company_email_.clear();
        auto const read = read_old(response, app_.app_key(), in);
        if (!read && !must_exist_ && read.error() == errc::recipient_not_found)
            return {};
        if (read && id_.differs())
            return tidings::detail::several_people();
        return read;
    }

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
    explicit authorised_range(application app, bool needs_email = true) noexcept
        : operation("read authorised range", wire::idempotency::idempotent, true, old_api), app_(app),
          needs_email_(needs_email)
    {
    }

    result<void> encode(wire::request& out, std::string_view token) const override
    {
        out.start("GET", "/auth/scopes");
        out.query("access_token", token);
        return {};
    }

    result<void> decode(wire::reply const& in) override
    {
        static constexpr wire::member_table rows{
            wire::member<&authorised_range::departments_>("auth_org_scopes/authed_dept/*"),
            wire::member<&authorised_range::add_person>("auth_org_scopes/authed_user/*"),
            wire::member<&authorised_range::fields_>("auth_user_field/*"),
        };
        answer response(rows.into(*this));
        departments_.clear();
        people_.clear();
        fields_.clear();
        auto const read = read_old(response, app_.app_key(), in);
        if (!read || !needs_email_ || may_read("email") || may_read("org_email"))
            return read;
        auto facts = tidings::detail::new_facts();
        facts->detail = "the application may not read email addresses";
        facts->remedy = &remedies::hidden_email;
        facts->console = console;
        facts->app_id = app_.app_key();
        facts->http_status = in.status();
        return failure(errc::permission_missing, std::move(facts));
    }

    wire::api_limits const* limits() const noexcept override { return &apis::scopes; }

    std::vector<std::int64_t> const& departments() const noexcept { return departments_; }
    std::vector<std::string> const& people() const noexcept { return people_; }

private:
    void add_person(std::string_view id) { people_.emplace_back(id); }
    bool may_read(std::string_view field) const
    {
        return std::find(fields_.begin(), fields_.end(), field) != fields_.end();
    }

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
    list_departments(application app, std::int64_t department) noexcept
        : operation("list departments", wire::idempotency::idempotent, true, old_api), app_(app),
          department_(department)
    {
    }

    result<void> encode(wire::request& out, std::string_view token) const override
    {
        out.start("POST", "/topapi/v2/department/listsub");
        out.query("access_token", token);
        out.body().open_object().key("dept_id").number(department_).close_object();
        return {};
    }

    result<void> decode(wire::reply const& in) override
    {
        static constexpr wire::member_table rows{
            wire::member<&list_departments::below_>("result/*/dept_id"),
        };
        answer response(rows.into(*this));
        below_.clear();
        return read_old(response, app_.app_key(), in);
    }

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

    list_people(application app, std::int64_t department, std::int64_t cursor) noexcept
        : operation("list people", wire::idempotency::idempotent, true, old_api), app_(app), department_(department),
          cursor_(cursor)
    {
    }

    result<void> encode(wire::request& out, std::string_view token) const override
    {
        out.start("POST", "/topapi/v2/user/list");
        out.query("access_token", token);
        auto json = out.body();
        json.open_object().key("dept_id").number(department_).key("cursor").number(cursor_);
        json.key("size").number(page).close_object();
        return {};
    }

    result<void> decode(wire::reply const& in) override
    {
        static constexpr wire::member_table rows{
            wire::member<&listed_page::has_more>("result/has_more"),
            wire::member<&listed_page::next>("result/next_cursor"),
            wire::member<&listed_page::userid>("result/list/*/userid"),
            wire::member<&listed_page::email>("result/list/*/email"),
            wire::member<&listed_page::company_email>("result/list/*/org_email"),
            wire::object_end<&listed_page::keep_person>("result/list/*"),
        };
        answer response(rows.into(page_));
        page_ = {};
        auto const read = read_old(response, app_.app_key(), in);
        // Half a directory would call one of two people with the same address its only owner.
        if (read && page_.has_more && page_.next <= cursor_)
            return make_failure(errc::protocol_error, "the answer reports more people, but not how "
                                                      "to ask for them");
        return read;
    }

    wire::api_limits const* limits() const noexcept override { return &apis::list_people; }

    std::vector<person> const& people() const noexcept { return page_.people; }
    /// The cursor of the next page; nothing behind the last.
    std::int64_t next_page() const noexcept { return page_.has_more ? page_.next : 0; }

private:
    struct listed_page
    {
        void keep_person()
        {
            people.push_back({std::move(userid), std::move(email), std::move(company_email)});
            userid.clear();
            email.clear();
            company_email.clear();
        }

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
    void write_for_bot(wire::json_writer& json) const
    {
        if (!is_text())
        {
            json.member("msgKey", kind_).member("msgParam", params_);
            return;
        }
        json.member("msgKey", "sampleText").key("msgParam");
        json.open_document().open_object().member("content", text_).close_object().close_document();
    }

    /// Success, or what is wrong with it.
    result<void> check() const
    {
        std::string_view const body = is_text() ? text_ : params_;
        if (body.empty())
            return make_failure(errc::message_invalid, "the message is empty");
        if (auto const at = tidings::detail::find_invalid_utf8(body); at != body.npos)
            return make_failure(errc::message_invalid, "the message is not valid UTF-8 at byte " + std::to_string(at));
        if (!is_text() && !tidings::detail::is_code(kind_))
            return make_failure(errc::message_invalid, "the kind of the message is not a name");
        if (!is_text() && !wire::is_json_object(params_))
            return make_failure(errc::message_invalid, "the parameters of the message are not a JSON object");
        return {};
    }

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
    upload_media(application app, attachment const& what) noexcept
        : media_upload("/media/upload", what, old_api), app_(app)
    {
    }

    result<void> decode(wire::reply const& in) override
    {
        auto response = reader<answer>();
        return with_id(read_old(response, app_.app_key(), in));
    }

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
    batch_send(application app, std::span<recipient const> people, content const& what)
        : operation("send message", wire::idempotency::none, true, new_api), app_(app), people_(people), what_(what)
    {
    }

    static result<void> check(content const& what)
    {
        if (auto const valid = what.check(); !valid)
            return valid;
        std::size_t size = what.params().size();
        if (what.is_text())
        {
            tidings::detail::wiped_string measured;
            wire::json_writer(measured).open_object().member("content", what.text()).close_object();
            size = measured.size();
        }
        if (size <= max_length)
            return {};
        return make_failure(errc::message_too_long, "the message would have " + std::to_string(size) +
                                                        " bytes; DingTalk takes " + std::to_string(max_length));
    }

    result<void> encode(wire::request& out, std::string_view token) const override
    {
        if (people_.empty() || people_.size() > max_batch)
            return make_failure(errc::invalid_argument, "one call sends to 1 to 20 people");
        out.start("POST", "/v1.0/robot/oToMessages/batchSend");
        detail::authorize(out, token);
        auto json = out.body();
        json.open_object().member("robotCode", app_.robot_code()).key("userIds").open_array();
        for (auto const& person : people_)
            json.string(person.id());
        json.close_array();
        what_.write_for_bot(json);
        json.close_object();
        return {};
    }

    result<void> decode(wire::reply const& in) override
    {
        static constexpr wire::member_table rows{
            wire::member<&batch_send::key_>("processQueryKey"),
            wire::subtree<&batch_send::invalid_>("invalidStaffIdList"),
            wire::subtree<&batch_send::throttled_>("flowControlledStaffIdList"),
            wire::subtree<&batch_send::filtered_>("filteredStaffIdList"),
        };
        answer response(rows.into(*this));
        key_.clear();
        invalid_.clear();
        throttled_.clear();
        filtered_.clear();
        // An answer that succeeds has no code: these members are what says so.
        auto const done = read_new(response, app_.app_key(), in, [this] {
            return !key_.empty() || !invalid_.empty() || !throttled_.empty() || !filtered_.empty();
        });
        // Once for all: a list may be as long as an answer may be.
        auto const is_recipient = [this](std::string_view listed) {
            return std::any_of(people_.begin(), people_.end(),
                               [listed](recipient const& person) { return person.id() == listed; });
        };
        lists_are_clear_ = done && invalid_.is_clear(is_recipient) && throttled_.is_clear(is_recipient) &&
                           filtered_.is_clear(is_recipient);
        return done;
    }

    wire::api_limits const* limits() const noexcept override { return &apis::send; }

    /// After a successful `decode`: the outcome for the i-th person. Accepted is not read.
    result<void> outcome(std::size_t i) const
    {
        auto const id = people_[i].id();
        auto const fail = [this](errc kind, char const* list, remedy_text const* remedy) {
            auto facts = tidings::detail::new_facts();
            facts->detail = std::string("the platform lists this person in ") + list;
            facts->platform_code = list;
            facts->http_status = 200; // only an answer that succeeds has lists
            facts->remedy = remedy;
            facts->console = console;
            facts->app_id = app_.app_key();
            if (kind == errc::rate_limited)
                facts->wait = std::chrono::seconds(1);
            return failure(kind, std::move(facts));
        };
        if (invalid_.contains(id))
            return fail(errc::recipient_not_found, "invalidStaffIdList", &remedies::not_found);
        if (throttled_.contains(id))
            return fail(errc::rate_limited, "flowControlledStaffIdList", nullptr);
        if (filtered_.contains(id))
            return fail(errc::recipient_unreachable, "filteredStaffIdList", &remedies::filtered);
        if (!lists_are_clear_)
            return wire::unclear_list("lists of ids", &tidings::detail::look_before_sending_again);
        return {};
    }

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
    send_to_group(application app, recipient const& group, content const& what) noexcept
        : operation("send message", wire::idempotency::none, true, new_api), app_(app), group_(group), what_(what)
    {
    }

    result<void> encode(wire::request& out, std::string_view token) const override
    {
        if (auto const valid = detail::check_chat_id(group_.id()); !valid)
            return valid;
        out.start("POST", "/v1.0/robot/groupMessages/send");
        detail::authorize(out, token);
        auto json = out.body();
        json.open_object().member("robotCode", app_.robot_code()).member("openConversationId", group_.id());
        what_.write_for_bot(json);
        json.close_object();
        return {};
    }

    result<void> decode(wire::reply const& in) override
    {
        static constexpr wire::member_table rows{wire::member<&send_to_group::key_>("processQueryKey")};
        answer response(rows.into(*this));
        key_.clear();
        return read_new(response, app_.app_key(), in, [this] { return !key_.empty(); }, about::group);
    }

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
    read_status(application app, std::string_view key) noexcept
        : operation("read status", wire::idempotency::idempotent, true, new_api), app_(app), key_(key)
    {
    }

    result<void> encode(wire::request& out, std::string_view token) const override
    {
        out.start("GET", "/v1.0/robot/oToMessages/readStatus");
        out.query("processQueryKey", key_);
        out.query("robotCode", app_.robot_code());
        detail::authorize(out, token);
        return {};
    }

    result<void> decode(wire::reply const& in) override
    {
        static constexpr wire::member_table rows{
            wire::member<&status::read_send_status>("sendStatus"),
            wire::member<&status::userid>("messageReadInfoList/*/userId"),
            wire::member<&status::read_read_status>("messageReadInfoList/*/readStatus"),
            wire::object_end<&status::keep_reader>("messageReadInfoList/*"),
        };
        status found(readers_);
        answer response(rows.into(found));
        readers_.clear();
        return read_new(response, app_.app_key(), in, [&found] { return found.complete; });
    }

    wire::api_limits const* limits() const noexcept override { return &apis::read_status; }

    /// After a successful `decode`: the userids of those who have read it.
    std::vector<std::string> const& readers() const noexcept { return readers_; }

private:
    struct status
    {
        explicit status(std::vector<std::string>& r) noexcept : readers(r) {}

        void read_send_status(wire::json_scalar const&) noexcept { complete = true; }
        void read_read_status(wire::json_scalar const& value) noexcept { has_read = value.text() == "READ"; }
        void keep_reader()
        {
            if (has_read && !userid.empty())
                readers.push_back(userid);
            userid.clear();
            has_read = false;
        }

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
    group_readers(application app, std::string_view key, std::string_view group, std::string page) noexcept
        : operation("read status", wire::idempotency::idempotent, true, new_api), app_(app), key_(key), group_(group),
          page_(std::move(page))
    {
    }

    result<void> encode(wire::request& out, std::string_view token) const override
    {
        constexpr int page_size = 200;
        if (auto const valid = detail::check_chat_id(group_); !valid)
            return valid;
        out.start("POST", "/v1.0/robot/groupMessages/query");
        detail::authorize(out, token);
        auto json = out.body();
        json.open_object().member("robotCode", app_.robot_code()).member("openConversationId", group_);
        json.member("processQueryKey", key_).key("maxResults").number(page_size);
        if (!page_.empty())
            json.member("nextToken", page_);
        json.close_object();
        return {};
    }

    result<void> decode(wire::reply const& in) override
    {
        static constexpr wire::member_table rows{
            wire::member<&group_readers::read_send_status>("sendStatus"),
            wire::member<&group_readers::add_reader>("readUserIds/*"),
            wire::member<&group_readers::has_more_>("hasMore"),
            wire::member<&group_readers::next_>("nextToken"),
        };
        answer response(rows.into(*this));
        readers_.clear();
        next_.clear();
        has_more_ = complete_ = false;
        auto const read = read_new(response, app_.app_key(), in, [this] { return complete_; }, about::group);
        if (read && has_more_ && (next_.empty() || next_ == page_))
            return make_failure(errc::protocol_error, "the answer reports more readers, but not how to ask for them");
        return read;
    }

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
    recall(application app, std::string_view key, std::string_view group = {}) noexcept
        : operation("recall message", wire::idempotency::with_key, true, new_api), app_(app), key_(key), group_(group)
    {
    }

    result<void> encode(wire::request& out, std::string_view token) const override
    {
        if (group_.empty())
            out.start("POST", "/v1.0/robot/otoMessages/batchRecall"); // small letters, unlike the other calls
        else if (auto const valid = detail::check_chat_id(group_); !valid)
            return valid;
        else
            out.start("POST", "/v1.0/robot/groupMessages/recall");
        detail::authorize(out, token);
        auto json = out.body();
        json.open_object().member("robotCode", app_.robot_code());
        if (!group_.empty())
            json.member("openConversationId", group_);
        json.key("processQueryKeys").open_array();
        json.string(key_).close_array().close_object();
        return {};
    }

    result<void> decode(wire::reply const& in) override
    {
        static constexpr wire::member_table rows{
            wire::member<&results::read_success>("successResult/*"),
            wire::subtree<&results::read_failure>("failedResult"),
        };
        results of(key_);
        answer response(rows.into(of));
        auto const read = read_new(
            response, app_.app_key(), in, [&of] { return of.done || !of.reason.empty(); },
            group_.empty() ? about::people : about::group);
        if (!read || of.done)
            return read;
        auto facts = tidings::detail::new_facts();
        facts->platform_code = "failedResult";
        facts->platform_message = in.cleaned(of.reason);
        facts->http_status = in.status();
        return failure(errc::platform_error, std::move(facts));
    }

    wire::api_limits const* limits() const noexcept override
    {
        return group_.empty() ? &apis::recall : &apis::group_recall;
    }

private:
    struct results
    {
        explicit results(std::string_view k) noexcept : key(k) {}

        void read_success(wire::json_scalar const& value) noexcept { done = done || value.text() == key; }
        void read_failure(std::string_view below, wire::json_scalar const& value)
        {
            if (!below.empty())
                reason = value.text();
        }

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

    send_work(application app, std::span<recipient const> people, content const& what)
        : operation("send work notification", wire::idempotency::none, true, old_api), app_(app), people_(people),
          what_(what)
    {
    }

    static result<void> check(content const& what)
    {
        if (auto const valid = what.check(); !valid)
            return valid;
        tidings::detail::wiped_string measured;
        wire::json_writer json(measured);
        write(json, what);
        if (measured.size() <= max_length)
            return {};
        return make_failure(errc::message_too_long, "the message would have " + std::to_string(measured.size()) +
                                                        " bytes; a work notification may have " +
                                                        std::to_string(max_length));
    }

    result<void> encode(wire::request& out, std::string_view token) const override
    {
        if (people_.empty() || people_.size() > max_batch)
            return make_failure(errc::invalid_argument, "one call sends to 1 to 100 people");
        std::string all;
        for (auto const& person : people_)
        {
            if (person.id().find(',') != std::string_view::npos)
                return make_failure(errc::invalid_recipient, "a userid has no comma");
            all += all.empty() ? "" : ",";
            all += person.id();
        }
        out.start("POST", "/topapi/message/corpconversation/asyncsend_v2");
        out.query("access_token", token);
        auto json = out.body();
        json.open_object().key("agent_id").number(app_.agent_id()).member("userid_list", all);
        json.key("msg");
        write(json, what_);
        json.close_object();
        return {};
    }

    result<void> decode(wire::reply const& in) override
    {
        static constexpr wire::member_table rows{wire::member<&send_work::task_>("task_id")};
        answer response(rows.into(*this));
        task_ = 0;
        auto const read = read_old(response, app_.app_key(), in);
        if (read && task_ <= 0)
            return make_failure(errc::protocol_error, "the answer has code 0 and no task");
        return read;
    }

    wire::api_limits const* limits() const noexcept override { return &apis::send_work; }
    std::size_t recipient_count() const noexcept override { return people_.size(); }
    std::string_view recipient_id(std::size_t i) const noexcept override { return people_[i].id(); }

    /// After a successful `decode`.
    std::int64_t task() const noexcept { return task_; }

private:
    static void write(wire::json_writer& json, content const& what)
    {
        json.open_object();
        if (what.is_text())
            json.member("msgtype", "text").key("text").open_object().member("content", what.text()).close_object();
        else
            json.member("msgtype", what.kind()).key(what.kind()).raw(what.params());
        json.close_object();
    }

    application app_;
    std::span<recipient const> people_;
    content const& what_;
    std::int64_t task_ = 0;
};

/// Reads what became of a work notification. Works for 24 hours.
class send_result final : public wire::operation
{
public:
    send_result(application app, std::int64_t task) noexcept
        : operation("read send result", wire::idempotency::idempotent, true, old_api), app_(app), task_(task)
    {
    }

    result<void> encode(wire::request& out, std::string_view token) const override
    {
        out.start("POST", "/topapi/message/corpconversation/getsendresult");
        out.query("access_token", token);
        auto json = out.body();
        json.open_object().key("agent_id").number(app_.agent_id()).key("task_id").number(task_).close_object();
        return {};
    }

    result<void> decode(wire::reply const& in) override
    {
        static constexpr wire::member_table rows{
            wire::member<&lists::add_read>("send_result/read_user_id_list/*"),
            wire::member<&lists::add_unread>("send_result/unread_user_id_list/*"),
            wire::member<&lists::add_invalid>("send_result/invalid_user_id_list/*"),
            wire::member<&lists::add_failed>("send_result/failed_user_id_list/*"),
            wire::member<&lists::add_forbidden>("send_result/forbidden_user_id_list/*"),
            wire::member<&lists::userid>("send_result/forbidden_list/*/userid"),
            wire::member<&lists::read_code>("send_result/forbidden_list/*/code"),
            wire::object_end<&lists::keep_forbidden>("send_result/forbidden_list/*"),
        };
        lists found(*this, in);
        answer response(rows.into(found));
        read_.clear();
        unread_.clear();
        refused_.clear();
        return read_old(response, app_.app_key(), in);
    }

    wire::api_limits const* limits() const noexcept override { return &apis::send_result; }

    std::vector<std::string> const& readers() const noexcept { return read_; }

    enum class fate
    {
        open, ///< The platform says nothing of this person (yet).
        delivered,
        refused
    };
    fate of(std::string_view id) const
    {
        if (reason_for(id))
            return fate::refused;
        auto const in = [id](std::vector<std::string> const& list) {
            return std::find(list.begin(), list.end(), id) != list.end();
        };
        return in(read_) || in(unread_) ? fate::delivered : fate::open;
    }

    /// Why the platform did not deliver to a person whose fate is `refused`.
    failure why(std::string_view id) const
    {
        auto const* const reason = reason_for(id);
        auto facts = tidings::detail::new_facts();
        facts->console = console;
        facts->app_id = app_.app_key();
        facts->platform_code = *reason;
        facts->http_status = 200; // the question was answered
        facts->detail = "the platform took the notification and did not deliver it to this person";
        auto kind = errc::recipient_unreachable;
        facts->remedy = &remedies::range;
        if (*reason == "invalid_user_id_list")
        {
            kind = errc::recipient_not_found;
            facts->remedy = &remedies::not_found;
        }
        else if (!reason->ends_with("_list"))
        {
            auto const row = classify(*reason, 0);
            kind = row.kind;
            facts->remedy = row.remedy;
            if (row.wait != 0)
                facts->wait = std::chrono::seconds(row.wait);
        }
        return {kind, std::move(facts)};
    }

private:
    struct lists
    {
        lists(send_result& o, wire::reply const& r) noexcept : owner(o), in(r) {}

        void add_read(wire::json_scalar const& id) { owner.read_.emplace_back(id.text()); }
        void add_unread(wire::json_scalar const& id) { owner.unread_.emplace_back(id.text()); }
        void add_invalid(wire::json_scalar const& id) { refuse(id, "invalid_user_id_list"); }
        void add_failed(wire::json_scalar const& id) { refuse(id, "failed_user_id_list"); }
        void add_forbidden(wire::json_scalar const& id) { refuse(id, "forbidden_user_id_list"); }
        void read_code(wire::json_scalar const& value)
        {
            code = value.is_integer() ? std::to_string(value.number()) : in.cleaned(value.text());
        }
        void keep_forbidden()
        {
            // More telling than the plain list, so it comes first.
            if (!userid.empty())
                owner.refused_.emplace_front(userid, code);
            userid.clear();
            code.clear();
        }
        void refuse(wire::json_scalar const& id, std::string_view list)
        {
            owner.refused_.emplace_back(id.text(), list);
        }

        send_result& owner;
        wire::reply const& in;
        // Of the entry that is being read.
        std::string userid;
        std::string code;
    };

    std::string const* reason_for(std::string_view id) const
    {
        auto const at =
            std::find_if(refused_.begin(), refused_.end(), [id](auto const& item) { return item.first == id; });
        return at == refused_.end() ? nullptr : &at->second;
    }

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
    recall_work(application app, std::int64_t task) noexcept
        : operation("recall work notification", wire::idempotency::with_key, true, old_api), app_(app), task_(task)
    {
    }

    result<void> encode(wire::request& out, std::string_view token) const override
    {
        out.start("POST", "/topapi/message/corpconversation/recall");
        out.query("access_token", token);
        auto json = out.body();
        json.open_object().key("agent_id").number(app_.agent_id()).key("msg_task_id").number(task_).close_object();
        return {};
    }

    result<void> decode(wire::reply const& in) override
    {
        answer response;
        return read_old(response, app_.app_key(), in);
    }

    wire::api_limits const* limits() const noexcept override { return &apis::recall_work; }

private:
    application app_;
    std::int64_t task_;
};

} // namespace tidings::inline v0::providers::dingtalk

#endif
