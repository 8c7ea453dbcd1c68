// What WeCom can be asked: one operation per call.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_WECOM_IMPL_OPERATIONS_IPP
#define TIDINGS_PROVIDER_WECOM_IMPL_OPERATIONS_IPP

#include <tidings/detail/address.hpp>
#include <tidings/detail/ascii.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/detail/id_text.hpp>
#include <tidings/detail/inline_string.hpp>
#include <tidings/provider/detail/media_upload.hpp>
#include <tidings/provider/wecom/answer.hpp>
#include <tidings/provider/wecom/dialect.hpp>
#include <tidings/provider/wecom/limits.hpp>
#include <tidings/provider/wecom/operations.hpp>
#include <tidings/recipient.hpp>
#include <tidings/wire/answer.hpp>
#include <tidings/wire/member_table.hpp>
#include <tidings/wire/operation.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace tidings::inline v0::providers::wecom {

TIDINGS_DECL bool is_userid(std::string_view text) noexcept
{
    constexpr std::size_t max_length = 64;
    return !text.empty() && text.size() <= max_length && tidings::detail::is_alphanumeric(text.front()) &&
           tidings::detail::is_alphanumeric(text, "_-.@");
}

TIDINGS_DECL bool is_chat_id(std::string_view text) noexcept
{
    constexpr std::size_t max_length = 64;
    return !text.empty() && text.size() <= max_length && tidings::detail::is_alphanumeric(text, "_-");
}

} // namespace tidings::inline v0::providers::wecom

namespace tidings::inline v0::providers::wecom {

namespace detail {

TIDINGS_DECL result<void> check_userid(std::string_view id)
{
    if (is_userid(id))
        return {};
    return tidings::detail::refuse("userid",
                                   "is not one of WeCom: letters, digits, _ - . @, the first a letter or digit");
}

TIDINGS_DECL result<void> check_department(std::string_view id)
{
    return tidings::detail::check_number_id(id, "department");
}

TIDINGS_DECL result<void> check_tag(std::string_view id)
{
    return tidings::detail::check_number_id(id, "tag");
}

TIDINGS_DECL result<void> check_chat_id(std::string_view id)
{
    if (is_chat_id(id))
        return {};
    return tidings::detail::refuse("chat id", "is not one of WeCom: letters, digits, _ and -, at most 64");
}

} // namespace detail

} // namespace tidings::inline v0::providers::wecom

namespace tidings::inline v0::providers::wecom {

TIDINGS_DECL bool is_chat(recipient const& to) noexcept
{
    return to.type() == recipient_ids::all[3].name();
}

TIDINGS_DECL bool is_group(recipient const& to) noexcept
{
    return to.type() == recipient_ids::all[1].name() || to.type() == recipient_ids::all[2].name();
}

} // namespace tidings::inline v0::providers::wecom

namespace tidings::inline v0::providers::wecom {

namespace detail {

TIDINGS_DECL result<void> check_found(result<void> const& done, std::string_view id, bool differs)
{
    if (done && differs)
        return tidings::detail::several_people();
    if (done && !id.empty() && !is_userid(id))
        return make_failure(errc::protocol_error, "the answer has a userid that cannot be one");
    return done;
}

TIDINGS_DECL bool same_userid(std::string_view a, std::string_view b) noexcept
{
    return tidings::detail::equal_ignoring_case(a, b);
}

} // namespace detail

} // namespace tidings::inline v0::providers::wecom

namespace tidings::inline v0::providers::wecom {

TIDINGS_DECL fetch_token::fetch_token(application app, secret const& app_secret) noexcept
    : token_operation("fetch access token", wire::idempotency::idempotent, false), app_(app), secret_(app_secret)
{
    // Until its end the platform hands out the same token: asking early brings nothing new.
    margins_ = wire::token_margins(std::chrono::seconds(2), std::chrono::seconds(0));
}

TIDINGS_DECL result<void> fetch_token::encode(wire::request& out, std::string_view) const
{
    out.start("GET", "/cgi-bin/gettoken");
    out.query("corpid", app_.corp_id());
    out.query("corpsecret", secret_.reveal());
    return {};
}

TIDINGS_DECL result<void> fetch_token::decode(wire::reply const& in)
{
    static constexpr wire::member_table rows{
        wire::member<&wire::issued_token::token>("access_token"),
        wire::member<&wire::issued_token::lifetime>("expires_in"),
    };
    wire::issued_token issued;
    answer response(rows.into(issued));
    auto const has_token = [&issued] { return !issued.token.empty(); };
    if (auto const done = read(response, call::token, app_.corp_id(), in, has_token); !done)
        return done;
    constexpr std::size_t max_token = 512;
    return keep(std::move(issued.token), issued.lifetime, max_token);
}

TIDINGS_DECL get_by_mobile::get_by_mobile(application app, std::string_view e164) noexcept
    : operation("look up person", wire::idempotency::idempotent, true), app_(app), mobile_(e164)
{
    constexpr std::string_view china = "+86";
    if (mobile_.starts_with(china))
        mobile_.remove_prefix(china.size());
}

TIDINGS_DECL result<void> get_by_mobile::encode(wire::request& out, std::string_view token) const
{
    out.start("POST", "/cgi-bin/user/getuserid");
    out.query("access_token", token);
    out.body().open_object().member("mobile", mobile_).close_object();
    return {};
}

TIDINGS_DECL result<void> get_by_mobile::decode(wire::reply const& in)
{
    static constexpr wire::member_table rows{wire::member<&get_by_mobile::id_>("userid")};
    answer response(rows.into(*this));
    id_.clear();
    auto const done = read(response, call::look_up, app_.corp_id(), in, [this] { return !id_.empty(); });
    return detail::check_found(done, id_.view(), id_.differs());
}

TIDINGS_DECL get_by_email::get_by_email(application app, std::string_view email, mailbox which, bool last) noexcept
    : operation("look up person", wire::idempotency::idempotent, true), app_(app), email_(email), which_(which),
      last_(last)
{
}

TIDINGS_DECL result<void> get_by_email::encode(wire::request& out, std::string_view token) const
{
    out.start("POST", "/cgi-bin/user/get_userid_by_email");
    out.query("access_token", token);
    auto json = out.body();
    json.open_object().member("email", email_).key("email_type").number(static_cast<int>(which_)).close_object();
    return {};
}

TIDINGS_DECL result<void> get_by_email::decode(wire::reply const& in)
{
    static constexpr wire::member_table rows{wire::member<&get_by_email::id_>("userid")};
    answer response(rows.into(*this));
    id_.clear();
    auto const done = read(response, call::look_up, app_.corp_id(), in, [this] { return !id_.empty(); });
    if (!done && !last_ && done.error() == errc::recipient_not_found)
        return {};
    return detail::check_found(done, id_.view(), id_.differs());
}

TIDINGS_DECL get_user::get_user(application app, std::string_view userid) noexcept
    : operation("read person", wire::idempotency::idempotent, true), app_(app), wanted_(userid)
{
}

TIDINGS_DECL result<void> get_user::encode(wire::request& out, std::string_view token) const
{
    out.start("GET", "/cgi-bin/user/get");
    out.query("access_token", token);
    out.query("userid", wanted_);
    return {};
}

TIDINGS_DECL result<void> get_user::decode(wire::reply const& in)
{
    static constexpr wire::member_table rows{
        wire::member<&entry::id>("userid"),
        wire::member<&entry::status>("status"),
    };
    entry person;
    answer response(rows.into(person));
    id_.clear();
    auto const has_id = [&person] { return !person.id.empty(); };
    auto const read_well = read(response, call::other, app_.corp_id(), in, has_id);
    auto const done = detail::check_found(read_well, person.id.view(), person.id.differs());
    constexpr std::int64_t left = 5;
    if (done && person.status != left)
        id_ = person.id.text();
    return done;
}

TIDINGS_DECL content::content(std::string_view type, std::string text, std::size_t max_length)
    : type_(type), body_(std::move(text)), max_length_(max_length), plain_(true)
{
}

TIDINGS_DECL content&& content::in_chats(std::string markdown) &&
{
    in_chats_ = std::move(markdown);
    return std::move(*this);
}

TIDINGS_DECL result<void> content::check_for_chat() const
{
    if (!in_chats_.empty() && in_chats_.size() > max_content)
        return make_failure(errc::message_too_long, "in a chat the message would have " +
                                                        std::to_string(in_chats_.size()) +
                                                        " bytes of UTF-8; WeCom takes " + std::to_string(max_content));
    if (in_chats_.empty() && (type_ == "template_card" || type_ == "miniprogram_notice"))
        return make_failure(errc::message_invalid,
                            "a chat of WeCom takes no " + type_ +
                                "; it takes text, image, voice, video, file, textcard, news, mpnews "
                                "and markdown");
    return {};
}

TIDINGS_DECL void content::write_for_chat(wire::json_writer& json) const
{
    if (in_chats_.empty())
        return write(json);
    json.member("msgtype", "markdown").key("markdown").open_object().member("content", in_chats_).close_object();
}

TIDINGS_DECL result<void> content::check() const
{
    if (body_.empty())
        return make_failure(errc::message_invalid, "the message is empty");
    if (auto const at = tidings::detail::find_invalid_utf8(body_); at != body_.npos)
        return make_failure(errc::message_invalid, "the message is not valid UTF-8 at byte " + std::to_string(at));
    if (!plain_)
    {
        // The type is a key of the request, too.
        if (!tidings::detail::is_type_name(type_))
            return make_failure(errc::message_invalid, "the type of the message is not a name");
        if (!wire::is_json_object(body_))
            return make_failure(errc::message_invalid, "the content of the message is not a JSON object");
        return {};
    }
    if (body_.size() > max_length_)
        return make_failure(errc::message_too_long, "the message has " + std::to_string(body_.size()) +
                                                        " bytes of UTF-8; WeCom takes " + std::to_string(max_length_));
    return {};
}

TIDINGS_DECL void content::write(wire::json_writer& json) const
{
    json.member("msgtype", type_).key(type_);
    if (plain_)
        json.open_object().member("content", body_).close_object();
    else
        json.raw(body_);
}

TIDINGS_DECL upload_media::upload_media(application app, attachment const& what) noexcept
    : media_upload("/cgi-bin/media/upload", what), app_(app)
{
}

TIDINGS_DECL result<void> upload_media::decode(wire::reply const& in)
{
    auto response = reader<answer>();
    return with_id(read(response, call::other, app_.corp_id(), in, [this] { return !key().empty(); }));
}

} // namespace tidings::inline v0::providers::wecom

namespace tidings::inline v0::providers::wecom {

namespace detail {

TIDINGS_DECL std::pair<std::int64_t, std::array<char, 32>> signature(std::string_view key) noexcept
{
    constexpr std::uint64_t shortest = 3600; // a repetition is good for an hour on every platform
    constexpr std::uint64_t max_length = 14400;
    std::uint64_t hash = 14695981039346656037u; // FNV-1a
    for (char const c : key)
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
    std::array<char, 32> blanks;
    for (std::size_t i = 0; i != blanks.size(); ++i)
        blanks[i] = (hash >> i & 1) != 0 ? '\t' : ' ';
    return {static_cast<std::int64_t>(shortest + (hash >> blanks.size()) % (max_length - shortest + 1)), blanks};
}

TIDINGS_DECL void write_duplicate_check(wire::json_writer& json, std::string_view key)
{
    json.key("safe").number(0).key("enable_id_trans").number(0).key("enable_duplicate_check").number(1);
    auto const [interval, blanks] = signature(key);
    json.key("duplicate_check_interval").blanks({blanks.data(), blanks.size()}).number(interval).close_object();
}

} // namespace detail

} // namespace tidings::inline v0::providers::wecom

namespace tidings::inline v0::providers::wecom {

TIDINGS_DECL send_message::send_message(application app, std::span<recipient const> people, content const& what,
                                        std::string_view key)
    : operation("send message", wire::idempotency::with_key, true), app_(app), people_(people), what_(what), key_(key)
{
}

TIDINGS_DECL result<void> send_message::encode(wire::request& out, std::string_view token) const
{
    if (people_.empty() || people_.size() > max_batch)
        return make_failure(errc::invalid_argument, "one call sends to 1 to 1000 people");
    std::string all;
    for (auto const& person : people_)
    {
        if (!is_userid(person.id()))
            return make_failure(errc::invalid_recipient, "one of the recipients is not a userid");
        all += all.empty() ? "" : "|";
        all += person.id();
    }
    auto json = out.body(wire::head_key(&apis::send, {}, token), [&] {
        out.start("POST", "/cgi-bin/message/send");
        out.query("access_token", token);
    });
    json.open_object().member("touser", all).key("agentid").number(app_.agent_id());
    what_.write(json);
    detail::write_duplicate_check(json, key_);
    return {};
}

TIDINGS_DECL result<void> send_message::decode(wire::reply const& in)
{
    static constexpr wire::member_table rows{
        wire::member<&send_message::id_>("msgid"),
        wire::subtree<&send_message::invalid_>("invaliduser"),
        wire::subtree<&send_message::unlicensed_>("unlicenseduser"),
    };
    answer response(rows.into(*this));
    id_.clear();
    invalid_.clear();
    unlicensed_.clear();
    auto const done = read(response, call::send, app_.corp_id(), in, [this] { return !id_.empty(); });
    // Once for all: a list may be as long as an answer may be.
    auto const is_recipient = [this](std::string_view id) {
        return std::any_of(people_.begin(), people_.end(),
                           [id](recipient const& person) { return detail::same_userid(person.id(), id); });
    };
    lists_are_clear_ = done && invalid_.is_clear(is_recipient) && unlicensed_.is_clear(is_recipient);
    return done;
}

TIDINGS_DECL result<void> send_message::outcome(std::size_t i) const
{
    if (invalid_.contains(people_[i].id(), detail::same_userid))
        return refusal("invaliduser", errc::recipient_not_found, remedies::range);
    if (unlicensed_.contains(people_[i].id(), detail::same_userid))
        return refusal("unlicenseduser", errc::recipient_unreachable, remedies::licence);
    if (!lists_are_clear_)
        return wire::unclear_list("invaliduser or unlicenseduser");
    return {};
}

TIDINGS_DECL failure send_message::refusal(char const* list, errc kind, remedy_text const& remedy) const
{
    auto facts = tidings::detail::new_facts();
    facts->detail = std::string("the platform lists this person in ") + list;
    facts->platform_code = list;
    facts->http_status = 200; // only an answer that succeeds has lists
    facts->remedy = &remedy;
    facts->console = console;
    facts->app_id = app_.corp_id();
    return {kind, std::move(facts)};
}

TIDINGS_DECL send_to_groups::send_to_groups(application app, std::span<recipient const> groups, content const& what,
                                            std::string_view key)
    : operation("send message", wire::idempotency::with_key, true), app_(app), groups_(groups), what_(what), key_(key)
{
}

TIDINGS_DECL result<void> send_to_groups::encode(wire::request& out, std::string_view token) const
{
    if (groups_.empty() || groups_.size() > max_batch)
        return make_failure(errc::invalid_argument, "one call sends to 1 to 100 departments or tags");
    std::string all;
    for (auto const& group : groups_)
    {
        if (!is_group(group) || group.type() != groups_.front().type())
            return make_failure(errc::invalid_argument, "one call sends to departments, or to tags");
        if (auto const valid = group.check(); !valid)
            return valid;
        all += all.empty() ? "" : "|";
        all += group.id();
    }
    auto json = out.body(wire::head_key(&apis::send, {}, token), [&] {
        out.start("POST", "/cgi-bin/message/send");
        out.query("access_token", token);
    });
    json.open_object().member(to_departments() ? "toparty" : "totag", all).key("agentid").number(app_.agent_id());
    what_.write(json);
    detail::write_duplicate_check(json, key_);
    return {};
}

TIDINGS_DECL result<void> send_to_groups::decode(wire::reply const& in)
{
    static constexpr auto rows_with = [](std::string_view list) consteval {
        return wire::member_table{
            wire::member<&send_to_groups::id_>("msgid"),
            wire::subtree<&send_to_groups::invalid_>(list),
            wire::subtree<&send_to_groups::left_out_>("invaliduser"),
            wire::subtree<&send_to_groups::left_out_>("unlicenseduser"),
        };
    };
    static constexpr auto department_rows = rows_with(department_list);
    static constexpr auto tag_rows = rows_with(tag_list);
    answer response((to_departments() ? department_rows : tag_rows).into(*this));
    id_.clear();
    invalid_.clear();
    left_out_.clear();
    auto const done = read(response, call::group, app_.corp_id(), in, [this] { return !id_.empty(); });
    auto const is_recipient = [this](std::string_view id) {
        return std::any_of(groups_.begin(), groups_.end(), [id](recipient const& group) { return group.id() == id; });
    };
    lists_are_clear_ =
        done && invalid_.is_clear(is_recipient) && left_out_.is_clear([](std::string_view) { return true; });
    return done;
}

TIDINGS_DECL wire::api_limits const* send_to_groups::limits() const noexcept
{
    return to_departments() ? &apis::send_to_departments : &apis::send_to_tags;
}

TIDINGS_DECL result<void> send_to_groups::outcome(std::size_t i) const
{
    auto facts = tidings::detail::new_facts();
    facts->http_status = 200; // only an answer that succeeds has lists
    facts->console = console;
    facts->app_id = app_.corp_id();
    if (invalid_.contains(groups_[i].id()))
    {
        facts->platform_code = list();
        facts->detail = "the platform lists this recipient in " + facts->platform_code;
        facts->remedy = &remedies::group_range;
        return failure(errc::recipient_not_found, std::move(facts));
    }
    if (!lists_are_clear_)
        return wire::unclear_list("invalidparty, invalidtag, invaliduser or unlicenseduser");
    if (left_out_.empty())
        return {};
    facts->detail = "the platform lists " + std::to_string(left_out_.size()) +
                    " members who did not get the message in invaliduser or unlicenseduser";
    facts->remedy = &remedies::left_out;
    return failure(errc::partly_delivered, std::move(facts));
}

TIDINGS_DECL send_to_chat::send_to_chat(application app, recipient const& chat, content const& what) noexcept
    : operation("send message", wire::idempotency::none, true), app_(app), chat_(chat), what_(what)
{
}

TIDINGS_DECL result<void> send_to_chat::encode(wire::request& out, std::string_view token) const
{
    if (auto const valid = detail::check_chat_id(chat_.id()); !valid)
        return valid;
    if (auto const valid = what_.check_for_chat(); !valid)
        return valid;
    auto json = out.body(wire::head_key(&apis::send_to_chat, {}, token), [&] {
        out.start("POST", "/cgi-bin/appchat/send");
        out.query("access_token", token);
    });
    json.open_object().member("chatid", chat_.id());
    what_.write_for_chat(json);
    json.key("safe").number(0).close_object();
    return {};
}

TIDINGS_DECL result<void> send_to_chat::decode(wire::reply const& in)
{
    static constexpr wire::member_table rows{wire::member<&send_to_chat::id_>("msgid")};
    answer response(rows.into(*this));
    id_.clear();
    return read(response, call::chat, app_.corp_id(), in, [] { return false; });
}

TIDINGS_DECL recall::recall(application app, std::string_view message_id) noexcept
    : operation("recall message", wire::idempotency::with_key, true), app_(app), id_(message_id)
{
}

TIDINGS_DECL result<void> recall::encode(wire::request& out, std::string_view token) const
{
    out.start("POST", "/cgi-bin/message/recall");
    out.query("access_token", token);
    out.body().open_object().member("msgid", id_).close_object();
    return {};
}

TIDINGS_DECL result<void> recall::decode(wire::reply const& in)
{
    answer response;
    return read(response, call::other, app_.corp_id(), in, [] { return false; });
}

} // namespace tidings::inline v0::providers::wecom

#endif
