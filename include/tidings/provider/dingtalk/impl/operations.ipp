// What DingTalk can be asked: one operation per call.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_DINGTALK_IMPL_OPERATIONS_IPP
#define TIDINGS_PROVIDER_DINGTALK_IMPL_OPERATIONS_IPP

#include <tidings/detail/address.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/detail/id_text.hpp>
#include <tidings/detail/inline_string.hpp>
#include <tidings/match/login_name.hpp>
#include <tidings/provider/detail/media_upload.hpp>
#include <tidings/provider/dingtalk/answer.hpp>
#include <tidings/provider/dingtalk/limits.hpp>
#include <tidings/provider/dingtalk/operations.hpp>
#include <tidings/recipient.hpp>
#include <tidings/wire/answer.hpp>
#include <tidings/wire/member_table.hpp>
#include <tidings/wire/operation.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0::providers::dingtalk {

TIDINGS_DECL application::application(std::string_view app_key, std::string_view robot_code,
                                      std::int64_t agent_id) noexcept
    : app_key_(app_key), robot_code_(robot_code), agent_id_(agent_id)
{
}

} // namespace tidings::inline v0::providers::dingtalk

namespace tidings::inline v0::providers::dingtalk {

namespace detail {

TIDINGS_DECL result<void> check_userid(std::string_view id)
{
    return match::login_name(id).check();
}

TIDINGS_DECL result<void> check_chat_id(std::string_view id)
{
    constexpr std::string_view what = "chat id";
    if (auto const valid = tidings::detail::check_id(id, what); !valid)
        return valid;
    if (id.starts_with("chat"))
        return tidings::detail::refuse(what, "is an older chatId; use the openConversationId, which begins with cid");
    return {};
}

} // namespace detail

} // namespace tidings::inline v0::providers::dingtalk

namespace tidings::inline v0::providers::dingtalk {

TIDINGS_DECL bool is_chat(recipient const& to) noexcept
{
    return to.type() == recipient_ids::all[1].name();
}

} // namespace tidings::inline v0::providers::dingtalk

namespace tidings::inline v0::providers::dingtalk {

namespace detail {

TIDINGS_DECL void authorize(wire::request& out, std::string_view token)
{
    out.header("x-acs-dingtalk-access-token", token);
}

} // namespace detail

} // namespace tidings::inline v0::providers::dingtalk

namespace tidings::inline v0::providers::dingtalk {

TIDINGS_DECL fetch_token::fetch_token(application app, secret const& app_secret) noexcept
    : token_operation("fetch access token", wire::idempotency::idempotent, false, new_api), app_(app),
      secret_(app_secret)
{
    margins_ = detail::margins;
}

TIDINGS_DECL result<void> fetch_token::encode(wire::request& out, std::string_view) const
{
    out.start("POST", "/v1.0/oauth2/accessToken");
    out.body().open_object().member("appKey", app_.app_key()).member("appSecret", secret_.reveal()).close_object();
    return {};
}

TIDINGS_DECL result<void> fetch_token::decode(wire::reply const& in)
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

TIDINGS_DECL get_token::get_token(application app, secret const& app_secret) noexcept
    : token_operation("fetch access token", wire::idempotency::idempotent, false, old_api), app_(app),
      secret_(app_secret)
{
    margins_ = detail::margins;
}

TIDINGS_DECL result<void> get_token::encode(wire::request& out, std::string_view) const
{
    out.start("GET", "/gettoken");
    out.query("appkey", app_.app_key());
    out.query("appsecret", secret_.reveal());
    return {};
}

TIDINGS_DECL result<void> get_token::decode(wire::reply const& in)
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

TIDINGS_DECL get_by_mobile::get_by_mobile(application app, std::string_view e164) noexcept
    : operation("look up person", wire::idempotency::idempotent, true, old_api), app_(app), mobile_(e164)
{
    constexpr std::string_view china = "+86";
    if (mobile_.starts_with(china))
        mobile_.remove_prefix(china.size());
}

TIDINGS_DECL result<void> get_by_mobile::encode(wire::request& out, std::string_view token) const
{
    out.start("POST", "/topapi/v2/user/getbymobile");
    out.query("access_token", token);
    auto json = out.body();
    json.open_object().member("mobile", mobile_);
    // People whose account the organisation hosts are not found otherwise.
    json.key("support_exclusive_account_search").boolean(true).close_object();
    return {};
}

TIDINGS_DECL result<void> get_by_mobile::decode(wire::reply const& in)
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

TIDINGS_DECL get_user::get_user(application app, by what, std::string_view id, bool must_exist) noexcept
    : operation("read person", wire::idempotency::idempotent, true, old_api), app_(app), by_(what), wanted_(id),
      must_exist_(must_exist)
{
}

TIDINGS_DECL result<void> get_user::encode(wire::request& out, std::string_view token) const
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

TIDINGS_DECL result<void> get_user::decode(wire::reply const& in)
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

TIDINGS_DECL authorised_range::authorised_range(application app, bool needs_email) noexcept
    : operation("read authorised range", wire::idempotency::idempotent, true, old_api), app_(app),
      needs_email_(needs_email)
{
}

TIDINGS_DECL result<void> authorised_range::encode(wire::request& out, std::string_view token) const
{
    out.start("GET", "/auth/scopes");
    out.query("access_token", token);
    return {};
}

TIDINGS_DECL result<void> authorised_range::decode(wire::reply const& in)
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

TIDINGS_DECL bool authorised_range::may_read(std::string_view field) const
{
    return std::find(fields_.begin(), fields_.end(), field) != fields_.end();
}

TIDINGS_DECL list_departments::list_departments(application app, std::int64_t department) noexcept
    : operation("list departments", wire::idempotency::idempotent, true, old_api), app_(app), department_(department)
{
}

TIDINGS_DECL result<void> list_departments::encode(wire::request& out, std::string_view token) const
{
    out.start("POST", "/topapi/v2/department/listsub");
    out.query("access_token", token);
    out.body().open_object().key("dept_id").number(department_).close_object();
    return {};
}

TIDINGS_DECL result<void> list_departments::decode(wire::reply const& in)
{
    static constexpr wire::member_table rows{
        wire::member<&list_departments::below_>("result/*/dept_id"),
    };
    answer response(rows.into(*this));
    below_.clear();
    return read_old(response, app_.app_key(), in);
}

TIDINGS_DECL list_people::list_people(application app, std::int64_t department, std::int64_t cursor) noexcept
    : operation("list people", wire::idempotency::idempotent, true, old_api), app_(app), department_(department),
      cursor_(cursor)
{
}

TIDINGS_DECL result<void> list_people::encode(wire::request& out, std::string_view token) const
{
    out.start("POST", "/topapi/v2/user/list");
    out.query("access_token", token);
    auto json = out.body();
    json.open_object().key("dept_id").number(department_).key("cursor").number(cursor_);
    json.key("size").number(page).close_object();
    return {};
}

TIDINGS_DECL result<void> list_people::decode(wire::reply const& in)
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

TIDINGS_DECL void list_people::listed_page::keep_person()
{
    people.push_back({std::move(userid), std::move(email), std::move(company_email)});
    userid.clear();
    email.clear();
    company_email.clear();
}

TIDINGS_DECL void content::write_for_bot(wire::json_writer& json) const
{
    if (!is_text())
    {
        json.member("msgKey", kind_).member("msgParam", params_);
        return;
    }
    json.member("msgKey", "sampleText").key("msgParam");
    json.open_document().open_object().member("content", text_).close_object().close_document();
}

TIDINGS_DECL result<void> content::check() const
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

TIDINGS_DECL upload_media::upload_media(application app, attachment const& what) noexcept
    : media_upload("/media/upload", what, old_api), app_(app)
{
}

TIDINGS_DECL result<void> upload_media::decode(wire::reply const& in)
{
    auto response = reader<answer>();
    return with_id(read_old(response, app_.app_key(), in));
}

TIDINGS_DECL batch_send::batch_send(application app, std::span<recipient const> people, content const& what)
    : operation("send message", wire::idempotency::none, true, new_api), app_(app), people_(people), what_(what)
{
}

TIDINGS_DECL result<void> batch_send::check(content const& what)
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

TIDINGS_DECL result<void> batch_send::encode(wire::request& out, std::string_view token) const
{
    if (people_.empty() || people_.size() > max_batch)
        return make_failure(errc::invalid_argument, "one call sends to 1 to 20 people");
    auto json = out.body(wire::head_key(&apis::send, {}, token), [&] {
        out.start("POST", "/v1.0/robot/oToMessages/batchSend");
        detail::authorize(out, token);
    });
    json.open_object().member("robotCode", app_.robot_code()).key("userIds").open_array();
    for (auto const& person : people_)
        json.string(person.id());
    json.close_array();
    what_.write_for_bot(json);
    json.close_object();
    return {};
}

TIDINGS_DECL result<void> batch_send::decode(wire::reply const& in)
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

TIDINGS_DECL result<void> batch_send::outcome(std::size_t i) const
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

TIDINGS_DECL send_to_group::send_to_group(application app, recipient const& group, content const& what) noexcept
    : operation("send message", wire::idempotency::none, true, new_api), app_(app), group_(group), what_(what)
{
}

TIDINGS_DECL result<void> send_to_group::encode(wire::request& out, std::string_view token) const
{
    if (auto const valid = detail::check_chat_id(group_.id()); !valid)
        return valid;
    auto json = out.body(wire::head_key(&apis::send_to_group, {}, token), [&] {
        out.start("POST", "/v1.0/robot/groupMessages/send");
        detail::authorize(out, token);
    });
    json.open_object().member("robotCode", app_.robot_code()).member("openConversationId", group_.id());
    what_.write_for_bot(json);
    json.close_object();
    return {};
}

TIDINGS_DECL result<void> send_to_group::decode(wire::reply const& in)
{
    static constexpr wire::member_table rows{wire::member<&send_to_group::key_>("processQueryKey")};
    answer response(rows.into(*this));
    key_.clear();
    return read_new(response, app_.app_key(), in, [this] { return !key_.empty(); }, about::group);
}

TIDINGS_DECL read_status::read_status(application app, std::string_view key) noexcept
    : operation("read status", wire::idempotency::idempotent, true, new_api), app_(app), key_(key)
{
}

TIDINGS_DECL result<void> read_status::encode(wire::request& out, std::string_view token) const
{
    out.start("GET", "/v1.0/robot/oToMessages/readStatus");
    out.query("processQueryKey", key_);
    out.query("robotCode", app_.robot_code());
    detail::authorize(out, token);
    return {};
}

TIDINGS_DECL result<void> read_status::decode(wire::reply const& in)
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

TIDINGS_DECL void read_status::status::keep_reader()
{
    if (has_read && !userid.empty())
        readers.push_back(userid);
    userid.clear();
    has_read = false;
}

TIDINGS_DECL group_readers::group_readers(application app, std::string_view key, std::string_view group,
                                          std::string page) noexcept
    : operation("read status", wire::idempotency::idempotent, true, new_api), app_(app), key_(key), group_(group),
      page_(std::move(page))
{
}

TIDINGS_DECL result<void> group_readers::encode(wire::request& out, std::string_view token) const
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

TIDINGS_DECL result<void> group_readers::decode(wire::reply const& in)
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

TIDINGS_DECL recall::recall(application app, std::string_view key, std::string_view group) noexcept
    : operation("recall message", wire::idempotency::with_key, true, new_api), app_(app), key_(key), group_(group)
{
}

TIDINGS_DECL result<void> recall::encode(wire::request& out, std::string_view token) const
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

TIDINGS_DECL result<void> recall::decode(wire::reply const& in)
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

TIDINGS_DECL wire::api_limits const* recall::limits() const noexcept
{
    return group_.empty() ? &apis::recall : &apis::group_recall;
}

TIDINGS_DECL void recall::results::read_failure(std::string_view below, wire::json_scalar const& value)
{
    if (!below.empty())
        reason = value.text();
}

TIDINGS_DECL send_work::send_work(application app, std::span<recipient const> people, content const& what)
    : operation("send work notification", wire::idempotency::none, true, old_api), app_(app), people_(people),
      what_(what)
{
}

TIDINGS_DECL result<void> send_work::check(content const& what)
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

TIDINGS_DECL result<void> send_work::encode(wire::request& out, std::string_view token) const
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
    auto json = out.body(wire::head_key(&apis::send_work, {}, token), [&] {
        out.start("POST", "/topapi/message/corpconversation/asyncsend_v2");
        out.query("access_token", token);
    });
    json.open_object().key("agent_id").number(app_.agent_id()).member("userid_list", all);
    json.key("msg");
    write(json, what_);
    json.close_object();
    return {};
}

TIDINGS_DECL result<void> send_work::decode(wire::reply const& in)
{
    static constexpr wire::member_table rows{wire::member<&send_work::task_>("task_id")};
    answer response(rows.into(*this));
    task_ = 0;
    auto const read = read_old(response, app_.app_key(), in);
    if (read && task_ <= 0)
        return make_failure(errc::protocol_error, "the answer has code 0 and no task");
    return read;
}

TIDINGS_DECL void send_work::write(wire::json_writer& json, content const& what)
{
    json.open_object();
    if (what.is_text())
        json.member("msgtype", "text").key("text").open_object().member("content", what.text()).close_object();
    else
        json.member("msgtype", what.kind()).key(what.kind()).raw(what.params());
    json.close_object();
}

TIDINGS_DECL send_result::send_result(application app, std::int64_t task) noexcept
    : operation("read send result", wire::idempotency::idempotent, true, old_api), app_(app), task_(task)
{
}

TIDINGS_DECL result<void> send_result::encode(wire::request& out, std::string_view token) const
{
    out.start("POST", "/topapi/message/corpconversation/getsendresult");
    out.query("access_token", token);
    auto json = out.body();
    json.open_object().key("agent_id").number(app_.agent_id()).key("task_id").number(task_).close_object();
    return {};
}

TIDINGS_DECL result<void> send_result::decode(wire::reply const& in)
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

TIDINGS_DECL send_result::fate send_result::of(std::string_view id) const
{
    if (reason_for(id))
        return fate::refused;
    auto const in = [id](std::vector<std::string> const& list) {
        return std::find(list.begin(), list.end(), id) != list.end();
    };
    return in(read_) || in(unread_) ? fate::delivered : fate::open;
}

TIDINGS_DECL failure send_result::why(std::string_view id) const
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

TIDINGS_DECL void send_result::lists::read_code(wire::json_scalar const& value)
{
    code = value.is_integer() ? std::to_string(value.number()) : in.cleaned(value.text());
}

TIDINGS_DECL void send_result::lists::keep_forbidden()
{
    // More telling than the plain list, so it comes first.
    if (!userid.empty())
        owner.refused_.emplace_front(userid, code);
    userid.clear();
    code.clear();
}

TIDINGS_DECL void send_result::lists::refuse(wire::json_scalar const& id, std::string_view list)
{
    owner.refused_.emplace_back(id.text(), list);
}

TIDINGS_DECL std::string const* send_result::reason_for(std::string_view id) const
{
    auto const at = std::find_if(refused_.begin(), refused_.end(), [id](auto const& item) { return item.first == id; });
    return at == refused_.end() ? nullptr : &at->second;
}

TIDINGS_DECL recall_work::recall_work(application app, std::int64_t task) noexcept
    : operation("recall work notification", wire::idempotency::with_key, true, old_api), app_(app), task_(task)
{
}

TIDINGS_DECL result<void> recall_work::encode(wire::request& out, std::string_view token) const
{
    out.start("POST", "/topapi/message/corpconversation/recall");
    out.query("access_token", token);
    auto json = out.body();
    json.open_object().key("agent_id").number(app_.agent_id()).key("msg_task_id").number(task_).close_object();
    return {};
}

TIDINGS_DECL result<void> recall_work::decode(wire::reply const& in)
{
    answer response;
    return read_old(response, app_.app_key(), in);
}

} // namespace tidings::inline v0::providers::dingtalk

#endif
