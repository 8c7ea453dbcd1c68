// What Lark and Feishu can be asked: one operation per call.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_LARK_IMPL_OPERATIONS_IPP
#define TIDINGS_PROVIDER_LARK_IMPL_OPERATIONS_IPP

#include <tidings/detail/address.hpp>
#include <tidings/detail/ascii.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/detail/id_text.hpp>
#include <tidings/detail/inline_string.hpp>
#include <tidings/match/email.hpp>
#include <tidings/match/login_name.hpp>
#include <tidings/message/attachment.hpp>
#include <tidings/provider/lark/answer.hpp>
#include <tidings/provider/lark/brand.hpp>
#include <tidings/provider/lark/dialect.hpp>
#include <tidings/provider/lark/limits.hpp>
#include <tidings/provider/lark/operations.hpp>
#include <tidings/receipt.hpp>
#include <tidings/recipient.hpp>
#include <tidings/wire/answer.hpp>
#include <tidings/wire/member_table.hpp>
#include <tidings/wire/multipart.hpp>
#include <tidings/wire/operation.hpp>

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tidings::inline v0::providers::lark {

namespace detail {

TIDINGS_DECL result<void> check_next_page(bool has_more, std::string_view page, std::string_view next)
{
    if (has_more && (next.empty() || next == page))
        return make_failure(errc::protocol_error, "a list has more, and its next page no token of its own");
    return {};
}

TIDINGS_DECL result<void> read(answer& reader, call what, application const& app, wire::reply const& in)
{
    bool const is_json = wire::read_json(in.body(), reader);
    if (is_json && reader.code() == 0)
        return {};
    return explain(what, app.region(), app.app_id(), in);
}

TIDINGS_DECL void authorize(wire::request& out, std::string_view token)
{
    out.header("Authorization", "Bearer ", token);
}

} // namespace detail

} // namespace tidings::inline v0::providers::lark

namespace tidings::inline v0::providers::lark {

TIDINGS_DECL fetch_token::fetch_token(application app, secret const& app_secret) noexcept
    : token_operation("fetch access token", wire::idempotency::idempotent, false), app_(app), secret_(app_secret)
{
}

TIDINGS_DECL result<void> fetch_token::encode(wire::request& out, std::string_view) const
{
    out.start("POST", "/open-apis/auth/v3/tenant_access_token/internal");
    out.body().open_object().member("app_id", app_.app_id()).member("app_secret", secret_.reveal()).close_object();
    return {};
}

TIDINGS_DECL result<void> fetch_token::decode(wire::reply const& in)
{
    static constexpr wire::member_table rows{
        wire::member<&wire::issued_token::token>("tenant_access_token"),
        wire::member<&wire::issued_token::lifetime>("expire"),
    };
    wire::issued_token issued;
    answer response(rows.into(issued));
    if (auto const read = detail::read(response, call::token, app_, in); !read)
        return read;
    return keep(std::move(issued.token), issued.lifetime);
}

TIDINGS_DECL look_up::look_up(application app) noexcept
    : operation("look up person", wire::idempotency::idempotent, true), app_(app)
{
}

TIDINGS_DECL void look_up::add(by what, std::string_view address)
{
    wanted_.emplace_back(what, what == by::phone_number ? national_if_chinese(address) : address);
}

TIDINGS_DECL result<void> look_up::encode(wire::request& out, std::string_view token) const
{
    auto const emails = std::count_if(wanted_.begin(), wanted_.end(), is<by::email>);
    auto const phones = std::count_if(wanted_.begin(), wanted_.end(), is<by::phone_number>);
    constexpr auto limit = static_cast<std::ptrdiff_t>(max_batch);
    if (wanted_.empty() || emails > limit || phones > limit)
        return make_failure(errc::invalid_argument, "1 to 50 addresses of each kind can be looked up");
    out.start("POST", "/open-apis/contact/v3/users/batch_get_id");
    out.query("user_id_type", "open_id");
    detail::authorize(out, token);
    auto json = out.body();
    json.open_object();
    if (emails != 0)
        write(json, "emails", is<by::email>);
    if (phones != 0)
        write(json, "mobiles", is<by::phone_number>);
    json.close_object();
    return {};
}

TIDINGS_DECL result<void> look_up::decode(wire::reply const& in)
{
    static constexpr wire::member_table rows{
        wire::member<&listed_person::id>("data/user_list/*/user_id"),
        wire::member<&listed_person::email>("data/user_list/*/email"),
        wire::member<&listed_person::phone>("data/user_list/*/mobile"),
        wire::object_end<&listed_person::match>("data/user_list/*"),
    };
    sorted_entries by_hash;
    by_hash.reserve(wanted_.size());
    for (auto& item : wanted_)
    {
        item.id.clear();
        by_hash.emplace_back(tidings::detail::hash_ignoring_case(item.address), &item);
    }
    std::sort(by_hash.begin(), by_hash.end());
    listed_person person(by_hash);
    answer response(rows.into(person));
    return detail::read(response, call::look_up, app_, in);
}

TIDINGS_DECL void look_up::listed_person::match()
{
    // Lengths and beginnings of addresses are often the same, therefore their hashes are compared first.
    auto const give = [this](std::string_view address, auto const& is_of) {
        auto const hash = tidings::detail::hash_ignoring_case(address);
        auto at = std::lower_bound(wanted.begin(), wanted.end(), hash,
                                   [](auto const& item, std::uint64_t h) { return item.first < h; });
        for (; at != wanted.end() && at->first == hash; ++at)
            if (is_of(*at->second))
                at->second->id.read(id);
    };
    auto const national = national_if_chinese(phone);
    give(email, [this](entry const& item) { return is<by::email>(item) && same_email(item.address, email); });
    give(national, [national](entry const& item) { return is<by::phone_number>(item) && item.address == national; });
    id.clear();
    email.clear();
    phone.clear();
}

TIDINGS_DECL std::string_view look_up::national_if_chinese(std::string_view e164) noexcept
{
    constexpr std::string_view china = "+86";
    return e164.substr(0, china.size()) == china ? e164.substr(china.size()) : e164;
}

TIDINGS_DECL bool look_up::same_email(std::string_view a, std::string_view b) noexcept
{
    return a == b || tidings::detail::equal_ignoring_case(a, b);
}

TIDINGS_DECL void look_up::write(wire::json_writer& json, std::string_view name,
                                 bool (*chosen)(entry const&) noexcept) const
{
    json.key(name).open_array();
    for (auto const& item : wanted_)
        if (chosen(item))
            json.string(item.address);
    json.close_array();
}

TIDINGS_DECL get_user::get_user(application app, std::string_view id, std::string_view id_type) noexcept
    : operation("read person", wire::idempotency::idempotent, true), app_(app), id_(id), id_type_(id_type)
{
}

TIDINGS_DECL result<void> get_user::encode(wire::request& out, std::string_view token) const
{
    if (id_.empty() || id_ == "." || id_ == "..") // no segment of a path
        return make_failure(errc::invalid_recipient, "this is not the id of a person");
    out.start("GET", "/open-apis/contact/v3/users");
    out.segment(id_);
    out.query("user_id_type", id_type_);
    detail::authorize(out, token);
    return {};
}

TIDINGS_DECL result<void> get_user::decode(wire::reply const& in)
{
    static constexpr wire::member_table rows{
        wire::member<&get_user::open_id_>("data/user/open_id"),
        wire::member<&get_user::name_>("data/user/name"),
        wire::member<&get_user::resigned_>("data/user/status/is_resigned"),
        wire::member<&get_user::frozen_>("data/user/status/is_frozen"),
    };
    answer response(rows.into(*this));
    open_id_.clear();
    name_.clear();
    resigned_ = frozen_ = false;
    auto const read = detail::read(response, call::user, app_, in);
    return read && open_id_.differs() ? result<void>(tidings::detail::several_people()) : read;
}

} // namespace tidings::inline v0::providers::lark

namespace tidings::inline v0::providers::lark {

namespace detail {

TIDINGS_DECL result<void> check_open_id(std::string_view id)
{
    return tidings::detail::check_prefixed_id(id, "open id", "ou_");
}

TIDINGS_DECL result<void> check_union_id(std::string_view id)
{
    return tidings::detail::check_prefixed_id(id, "union id", "on_");
}

TIDINGS_DECL result<void> check_chat_id(std::string_view id)
{
    return tidings::detail::check_prefixed_id(id, "chat id", "oc_");
}

TIDINGS_DECL result<void> check_user_id(std::string_view id)
{
    return match::login_name::check(id);
}

TIDINGS_DECL result<void> check_email(std::string_view id)
{
    return match::email(id).check();
}

} // namespace detail

} // namespace tidings::inline v0::providers::lark

namespace tidings::inline v0::providers::lark {

TIDINGS_DECL bool reads_as_markup(std::string_view text) noexcept
{
    return text.find('<') != text.npos || text.find("](") != text.npos;
}

TIDINGS_DECL content content::native(std::string msg_type, std::string json) noexcept
{
    content out(kind::card, std::move(json));
    out.msg_type_ = std::move(msg_type);
    return out;
}

TIDINGS_DECL std::string_view content::msg_type() const noexcept
{
    if (msg_type_)
        return *msg_type_;
    return kind_ == kind::text ? "text" : kind_ == kind::card ? "interactive" : "post";
}

TIDINGS_DECL void content::write(wire::json_writer& json, brand const& region) const
{
    json.key("content");
    switch (kind_)
    {
    case kind::card: json.string(body_); return;
    case kind::text: json.open_document().open_object().member("text", body_).close_object().close_document(); return;
    case kind::post_text:
        json.open_document();
        write_plain_text(json, body_, region.locale);
        json.close_document();
        return;
    case kind::post_markdown:
        json.open_document().open_object().key(region.locale).open_object().key("content");
        json.open_array().open_array().open_object().member("tag", "md").member("text", body_).close_object();
        json.close_array().close_array().close_object().close_object().close_document();
        return;
    }
}

TIDINGS_DECL void content::write_for_batch(wire::json_writer& json, brand const& region) const
{
    auto const type = msg_type();
    json.member("msg_type", type).key(type == "interactive" ? "card" : "content");
    if (type == "post")
    {
        json.open_object().key("post");
        if (kind_ == kind::post_text)
            write_plain_text(json, body_, region.locale);
        else
            json.raw(body_);
        json.close_object();
    }
    else if (type == "share_chat")
        json.open_object().member("share_chat_id", look_inside().chat).close_object();
    else if (kind_ == kind::text)
        json.open_object().member("text", body_).close_object();
    else
        json.raw(body_);
}

TIDINGS_DECL result<void> content::check(brand const& region) const
{
    if (auto const valid = check_form(); !valid)
        return valid;
    // An escaped byte takes at most seven, what stands around the content less than the frame. Only where that
    // could matter is the content written to be measured.
    constexpr std::size_t worst = 7;
    if (kind_ != kind::post_text && body_.size() * worst + frame <= limit())
        return {};
    tidings::detail::wiped_string measured;
    wire::json_writer json(measured);
    json.open_object();
    write(json, region);
    return check_size(measured.size() + frame);
}

TIDINGS_DECL result<void> content::check_for_batch(brand const& region, std::size_t people) const
{
    if (auto const valid = check_form(); !valid)
        return valid;
    if (auto const blocker = batch_obstacle(); !blocker.empty())
        return make_failure(errc::message_invalid, std::string(blocker));
    tidings::detail::wiped_string measured;
    wire::json_writer json(measured);
    json.open_object();
    write_for_batch(json, region);
    return check_size(measured.size() + people + frame);
}

TIDINGS_DECL void content::inside::on_scalar(std::string_view path, wire::json_scalar const& value)
{
    auto const text = value.text();
    if (path == "chat_id")
        chat = text;
    else if (path.ends_with("/content/*/*/tag"))
        has_md = has_md || text == "md";
    else if (path == "text")
        for (std::string_view const tag : {"<b>", "<i>", "<u>", "<s>"})
            has_styles = has_styles || text.find(tag) != text.npos;
}

TIDINGS_DECL content::inside content::look_inside() const
{
    inside out;
    wire::read_json(body_, out);
    return out;
}

TIDINGS_DECL result<void> content::check_form() const
{
    if (body_.empty())
        return make_failure(errc::message_invalid, "the message is empty");
    if (auto const at = tidings::detail::find_invalid_utf8(body_); at != body_.npos)
        return make_failure(errc::message_invalid, "the message is not valid UTF-8 at byte " + std::to_string(at));
    if (!tidings::detail::is_type_name(msg_type()))
        return make_failure(errc::message_invalid, "the type of the message is not a name");
    if (kind_ == kind::card && !wire::is_json_object(body_))
        return make_failure(errc::message_invalid, "the card or native content is not a JSON object");
    return {};
}

TIDINGS_DECL result<void> content::check_size(std::size_t size) const
{
    if (size <= limit())
        return {};
    return make_failure(errc::message_too_long, "the request would have " + std::to_string(size) + " bytes; " +
                                                    std::string(msg_type()) + " messages may have " +
                                                    std::to_string(limit()));
}

TIDINGS_DECL std::string_view content::batch_obstacle() const
{
    constexpr std::string_view no_md = "a batch takes no md element; use markdown, which it sends as a card";
    if (kind_ == kind::post_markdown)
        return no_md;
    if (kind_ != kind::card)
        return {};
    auto const type = msg_type();
    for (std::string_view const taken : {"image", "interactive"})
        if (type == taken)
            return {};
    auto const native = look_inside();
    if (type == "post")
        return native.has_md ? no_md : std::string_view();
    if (type == "text")
        return native.has_styles ? "a batch shows no styles in a text; use markdown, which it sends as a card"
                                 : std::string_view();
    if (type == "share_chat")
        return native.chat.empty() ? "the content names no chat_id" : std::string_view();
    return "a batch takes text, post, image, share_chat and interactive; send any other kind without batch_options";
}

TIDINGS_DECL send_message::send_message(application app, recipient const& to, content const& what,
                                        std::string_view key) noexcept
    : operation("send message", wire::idempotency::with_key, true), app_(app), to_(to), what_(what), key_(key)
{
}

TIDINGS_DECL result<void> send_message::encode(wire::request& out, std::string_view token) const
{
    if (auto const valid = to_.check(); !valid)
        return valid;
    auto json = out.body(wire::head_key(&apis::send, to_.type(), token), [&] {
        out.start("POST", "/open-apis/im/v1/messages");
        out.query("receive_id_type", to_.type());
        detail::authorize(out, token);
    });
    json.open_object().member("receive_id", to_.id()).member("msg_type", what_.msg_type());
    what_.write(json, app_.region());
    json.member("uuid", key_).close_object();
    return {};
}

TIDINGS_DECL result<void> send_message::decode(wire::reply const& in)
{
    static constexpr wire::member_table rows{wire::member<&send_message::message_id_>("data/message_id")};
    answer response(rows.into(*this));
    message_id_.clear();
    return detail::read(response, to_.type() == "chat_id" ? call::chat : call::send, app_, in);
}

TIDINGS_DECL batch_send::batch_send(application app, std::span<recipient const> people, content const& what) noexcept
    : operation("send message", wire::idempotency::none, true), app_(app), people_(people), what_(what)
{
}

TIDINGS_DECL result<void> batch_send::check(brand const& region, content const& what)
{
    constexpr std::size_t max_id = 64;
    constexpr std::size_t around = 3; // quotes and a comma
    return what.check_for_batch(region, max_batch * (max_id + around));
}

TIDINGS_DECL result<void> batch_send::check(recipient const& to)
{
    if (list_of(to) != lists.size())
        return {};
    return make_failure(errc::invalid_recipient,
                        "a batch names people by open_id, user_id or union_id; have other addresses looked up, and "
                        "send to chats without native_batch_options");
}

TIDINGS_DECL result<void> batch_send::encode(wire::request& out, std::string_view token) const
{
    if (people_.empty() || people_.size() > max_batch)
        return make_failure(errc::invalid_argument, "a batch has 1 to 200 people");
    for (auto const& person : people_)
        if (auto const valid = check(person); !valid)
            return valid;
    out.start("POST", "/open-apis/message/v4/batch_send/");
    detail::authorize(out, token);
    auto json = out.body();
    json.open_object();
    for (std::size_t list = 0; list != lists.size(); ++list)
    {
        auto const stands_in = [list](recipient const& r) { return list_of(r) == list; };
        if (std::none_of(people_.begin(), people_.end(), stands_in))
            continue;
        json.key(lists[list].member).open_array();
        for (auto const& person : people_)
            if (stands_in(person))
                json.string(person.id());
        json.close_array();
    }
    what_.write_for_batch(json, app_.region());
    json.close_object();
    return {};
}

TIDINGS_DECL result<void> batch_send::decode(wire::reply const& in)
{
    static constexpr wire::member_table rows{
        wire::member<&batch_send::message_id_>("data/message_id"),
        wire::subtree<&batch_send::read_invalid<0>>(lists[0].invalid),
        wire::subtree<&batch_send::read_invalid<1>>(lists[1].invalid),
        wire::subtree<&batch_send::read_invalid<2>>(lists[2].invalid),
    };
    answer response(rows.into(*this));
    message_id_.clear();
    invalid_ = {};
    auto const done = detail::read(response, call::send, app_, in);
    // Once for all: a list may be as long as an answer may be.
    auto const is_recipient = [this](std::string_view id) {
        return std::any_of(people_.begin(), people_.end(), [id](recipient const& r) { return r.id() == id; });
    };
    lists_are_clear_ = done && std::all_of(invalid_.begin(), invalid_.end(),
                                           [&](wire::id_list const& list) { return list.is_clear(is_recipient); });
    return done;
}

TIDINGS_DECL result<void> batch_send::outcome(std::size_t i) const
{
    auto const list = list_of(people_[i]);
    if (!invalid_[list].contains(people_[i].id()))
    {
        if (lists_are_clear_)
            return {};
        return wire::unclear_list("invalid ids", &tidings::detail::look_before_sending_again);
    }
    auto facts = tidings::detail::new_facts();
    facts->platform_code = lists[list].invalid.substr(std::string_view("data/").size());
    facts->detail = "the platform lists this person in " + facts->platform_code;
    facts->remedy = &remedies::not_in_batch;
    facts->console = app_.region().console;
    facts->app_id = app_.app_id();
    return failure(errc::recipient_not_found, std::move(facts));
}

TIDINGS_DECL std::size_t batch_send::list_of(recipient const& who) noexcept
{
    std::size_t i = 0;
    while (i != lists.size() && lists[i].type != who.type())
        ++i;
    return i;
}

TIDINGS_DECL bool names_batch(std::string_view message_id) noexcept
{
    return message_id.starts_with("bm-") || message_id.starts_with("bm_");
}

TIDINGS_DECL upload_attachment::upload_attachment(application app, attachment const& what) noexcept
    : operation("upload", wire::idempotency::idempotent, true), app_(app), what_(what)
{
}

TIDINGS_DECL result<void> upload_attachment::encode(wire::request& out, std::string_view token) const
{
    bool const is_image = what_.what() == attachment::kind::image;
    out.start("POST", is_image ? "/open-apis/im/v1/images" : "/open-apis/im/v1/files");
    detail::authorize(out, token);
    wire::multipart_writer parts(out, what_.bytes());
    if (is_image)
        parts.field("image_type", "message").file("image", what_.file_name(), what_.bytes());
    else
        parts.field("file_type", file_type())
            .field("file_name", what_.file_name())
            .file("file", what_.file_name(), what_.bytes());
    parts.close();
    return {};
}

TIDINGS_DECL result<void> upload_attachment::decode(wire::reply const& in)
{
    static constexpr wire::member_table image_rows{wire::member<&upload_attachment::key_>("data/image_key")};
    static constexpr wire::member_table file_rows{wire::member<&upload_attachment::key_>("data/file_key")};
    answer response((what_.what() == attachment::kind::image ? image_rows : file_rows).into(*this));
    key_.clear();
    auto const read = detail::read(response, call::info, app_, in);
    if (read && key_.empty())
        return make_failure(errc::protocol_error, "the answer has code 0 and no key of the upload");
    return read;
}

TIDINGS_DECL wire::api_limits const* upload_attachment::limits() const noexcept
{
    return what_.what() == attachment::kind::image ? &apis::upload_image : &apis::upload_file;
}

TIDINGS_DECL std::string_view upload_attachment::file_type() const
{
    auto const extension = what_.extension();
    for (std::string_view const known : {"opus", "mp4", "pdf", "doc", "xls", "ppt"})
        if (extension == known ||
            (extension.size() == known.size() + 1 && extension.starts_with(known) && extension.back() == 'x'))
            return known;
    return "stream";
}

TIDINGS_DECL recall_message::recall_message(application app, std::string_view message_id) noexcept
    : operation("recall message", wire::idempotency::with_key, true), app_(app), id_(message_id)
{
}

TIDINGS_DECL result<void> recall_message::encode(wire::request& out, std::string_view token) const
{
    out.start("DELETE", names_batch(id_) ? "/open-apis/im/v1/batch_messages" : "/open-apis/im/v1/messages");
    out.segment(id_);
    detail::authorize(out, token);
    return {};
}

TIDINGS_DECL result<void> recall_message::decode(wire::reply const& in)
{
    answer response;
    auto const done = detail::read(response, call::info, app_, in);
    // "The message has been deleted": as was asked for, and perhaps by the first of two requests.
    constexpr std::string_view gone = "230110";
    if (!done && done.error().platform_code() == gone)
        return {};
    return done;
}

TIDINGS_DECL list_readers::list_readers(application app, std::string_view message_id, std::string page_token) noexcept
    : operation("list readers", wire::idempotency::idempotent, true), app_(app), id_(message_id),
      page_token_(std::move(page_token))
{
}

TIDINGS_DECL result<void> list_readers::encode(wire::request& out, std::string_view token) const
{
    out.start("GET", "/open-apis/im/v1/messages");
    out.segment(id_);
    out.segment("read_users");
    out.query("user_id_type", "open_id");
    out.query("page_size", "100");
    if (!page_token_.empty())
        out.query("page_token", page_token_);
    detail::authorize(out, token);
    return {};
}

TIDINGS_DECL result<void> list_readers::decode(wire::reply const& in)
{
    static constexpr wire::member_table rows{
        wire::member<&list_readers::readers_>("data/items/*/user_id"),
        wire::member<&list_readers::has_more_>("data/has_more"),
        wire::member<&list_readers::next_>("data/page_token"),
    };
    answer response(rows.into(*this));
    readers_.clear();
    next_.clear();
    has_more_ = false;
    if (auto const read = detail::read(response, call::info, app_, in); !read)
        return read;
    return detail::check_next_page(has_more_, page_token_, next_);
}

TIDINGS_DECL bot_info::bot_info(application app) noexcept
    : operation("read bot", wire::idempotency::idempotent, true), app_(app)
{
}

TIDINGS_DECL result<void> bot_info::encode(wire::request& out, std::string_view token) const
{
    out.start("GET", "/open-apis/bot/v3/info");
    detail::authorize(out, token);
    return {};
}

TIDINGS_DECL result<void> bot_info::decode(wire::reply const& in)
{
    static constexpr wire::member_table rows{
        wire::member<&bot_info::status_>("bot/activate_status"),
        wire::member<&bot_info::app_name_>("bot/app_name"),
        wire::member<&bot_info::open_id_>("bot/open_id"),
    };
    answer response(rows.into(*this));
    status_ = unknown_status;
    app_name_.clear();
    open_id_.clear();
    return detail::read(response, call::info, app_, in);
}

TIDINGS_DECL list_scopes::list_scopes(application app) noexcept
    : operation("list scopes", wire::idempotency::idempotent, true), app_(app)
{
}

TIDINGS_DECL result<void> list_scopes::encode(wire::request& out, std::string_view token) const
{
    out.start("GET", "/open-apis/application/v6/scopes");
    detail::authorize(out, token);
    return {};
}

TIDINGS_DECL result<void> list_scopes::decode(wire::reply const& in)
{
    static constexpr wire::member_table rows{
        wire::member<&listed_scope::name>("data/scopes/*/scope_name"),
        wire::member<&listed_scope::grant_status>("data/scopes/*/grant_status"),
        wire::object_end<&listed_scope::keep>("data/scopes/*"),
    };
    listed_scope scope(granted_);
    answer response(rows.into(scope));
    granted_.clear();
    return detail::read(response, call::info, app_, in);
}

TIDINGS_DECL void list_scopes::listed_scope::keep()
{
    if (grant_status == 1 && !name.empty())
        granted.push_back(name);
    name.clear();
    grant_status = 0;
}

TIDINGS_DECL contact_range::contact_range(application app, std::string_view page_token) noexcept
    : operation("list contacts range", wire::idempotency::idempotent, true), app_(app), page_token_(page_token)
{
}

TIDINGS_DECL result<void> contact_range::encode(wire::request& out, std::string_view token) const
{
    out.start("GET", "/open-apis/contact/v3/scopes");
    out.query("user_id_type", "open_id");
    out.query("page_size", "100");
    if (!page_token_.empty())
        out.query("page_token", page_token_);
    detail::authorize(out, token);
    return {};
}

TIDINGS_DECL result<void> contact_range::decode(wire::reply const& in)
{
    static constexpr wire::member_table rows{
        wire::member<&contact_range::people_>("data/user_ids/*"),
        wire::member<&contact_range::departments_>("data/department_ids/*"),
        wire::member<&contact_range::groups_>("data/group_ids/*"),
        wire::member<&contact_range::has_more_>("data/has_more"),
        wire::member<&contact_range::next_>("data/page_token"),
    };
    answer response(rows.into(*this));
    people_.clear();
    departments_.clear();
    groups_.clear();
    next_.clear();
    has_more_ = false;
    if (auto const read = detail::read(response, call::info, app_, in); !read)
        return read;
    return detail::check_next_page(has_more_, page_token_, next_);
}

} // namespace tidings::inline v0::providers::lark

#endif
