// What Lark and Feishu can be asked: one operation per call.
//
// Sources: "Get tenant access token (self-built app)", "Obtain user ID via email or mobile number", "Get single user
// information", "Send message", "Send messages in batches", "Get bot information", "Query the authorisation status of
// scopes" and "Obtain contacts range" of the platforms' server API documentation.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_LARK_OPERATIONS_HPP
#define TIDINGS_PROVIDER_LARK_OPERATIONS_HPP

#include <tidings/detail/address.hpp>
#include <tidings/detail/ascii.hpp>
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
#include <tidings/receipt.hpp>
#include <tidings/recipient.hpp>
#include <tidings/wire/answer.hpp>
#include <tidings/wire/member_table.hpp>
#include <tidings/wire/multipart.hpp>
#include <tidings/wire/operation.hpp>

#include <boost/container/small_vector.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::inline v0::providers::lark {

/// The application that asks. What it refers to outlives the operations made with it.
class application
{
public:
    application(brand const& region, std::string_view app_id) noexcept : region_(&region), app_id_(app_id) {}

    brand const& region() const noexcept { return *region_; }
    std::string_view app_id() const noexcept { return app_id_; }

private:
    brand const* region_;
    std::string_view app_id_;
};

namespace detail {

/// A list that goes on names its next page, and not the one it just was: otherwise reading it would never end, or end
/// in the middle without a word.
inline result<void> check_next_page(bool has_more, std::string_view page, std::string_view next)
{
    if (has_more && (next.empty() || next == page))
        return make_failure(errc::protocol_error, "a list has more, and its next page no token of its own");
    return {};
}

/// Reads an answer: the reader's values when the platform's code is 0, otherwise why not.
inline result<void> read(answer& reader, call what, application const& app, wire::reply const& in)
{
    bool const is_json = wire::read_json(in.body(), reader);
    if (is_json && reader.code() == 0)
        return {};
    return explain(what, app.region(), app.app_id(), in);
}

inline void authorize(wire::request& out, std::string_view token)
{
    out.header("Authorization", "Bearer ", token);
}

} // namespace detail

/// Fetches the tenant access token of a self-built application.
class fetch_token final : public wire::token_operation
{
public:
    /// @param app_secret  Outlives the operation.
    fetch_token(application app, secret const& app_secret) noexcept
        : token_operation("fetch access token", wire::idempotency::idempotent, false), app_(app), secret_(app_secret)
    {
    }

    result<void> encode(wire::request& out, std::string_view) const override
    {
        out.start("POST", "/open-apis/auth/v3/tenant_access_token/internal");
        out.body().open_object().member("app_id", app_.app_id()).member("app_secret", secret_.reveal()).close_object();
        return {};
    }

    result<void> decode(wire::reply const& in) override
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

    std::string_view confidential() const noexcept override { return secret_.reveal(); }
    wire::api_limits const* limits() const noexcept override { return &apis::token; }

private:
    application app_;
    secret const& secret_;
};

/// Looks people up by email address and phone number: at most 50 of each in one call.
class look_up final : public wire::operation
{
public:
    enum class by
    {
        email,
        phone_number
    };
    static constexpr std::size_t max_batch = 50;

    explicit look_up(application app) noexcept
        : operation("look up person", wire::idempotency::idempotent, true), app_(app)
    {
    }
    look_up(application app, by what, std::string_view address) : look_up(app) { add(what, address); }

    /// @param address  Outlives the operation. A phone number is E.164: numbers of mainland China are sent without
    ///                 country code, all others with it, as the documentation asks.
    void add(by what, std::string_view address)
    {
        wanted_.emplace_back(what, what == by::phone_number ? national_if_chinese(address) : address);
    }

    result<void> encode(wire::request& out, std::string_view token) const override
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

    result<void> decode(wire::reply const& in) override
    {
        static constexpr wire::member_table rows{
            wire::member<&listed_person::id>("data/user_list/*/user_id"),
            wire::member<&listed_person::email>("data/user_list/*/email"),
            wire::member<&listed_person::phone>("data/user_list/*/mobile"),
            wire::object_end<&listed_person::match>("data/user_list/*"),
        };
        listed_person person(wanted_);
        answer response(rows.into(person));
        for (auto& item : wanted_)
            item.id.clear();
        return detail::read(response, call::look_up, app_, in);
    }

    wire::api_limits const* limits() const noexcept override { return &apis::look_up; }

    /// After a successful `decode`: the open_id of the person, empty when nobody was found.
    ///
    /// @param index  In the order in which they were added.
    std::string_view id_of(std::size_t index) const noexcept { return wanted_[index].id.view(); }
    /// After a successful `decode`: whether the answer names several people for that address.
    bool is_ambiguous(std::size_t index) const noexcept { return wanted_[index].id.differs(); }

private:
    struct entry
    {
        entry(by k, std::string_view a) noexcept : kind(k), address(a) {}

        by kind;
        std::string_view address;
        wire::single_text<tidings::detail::inline_string> id;
    };
    using entries = boost::container::small_vector<entry, 1>;

    /// An entry of the answer.
    struct listed_person
    {
        explicit listed_person(entries& w) noexcept : wanted(w) {}

        /// The entry is complete. Without an id, be it missing, null or empty, the person was not found.
        void match()
        {
            for (auto& item : wanted)
                if (is<by::email>(item) ? same_email(item.address, email) : item.address == national_if_chinese(phone))
                    item.id.read(id);
            id.clear();
            email.clear();
            phone.clear();
        }

        entries& wanted;
        tidings::detail::inline_string id;
        tidings::detail::inline_string email;
        tidings::detail::inline_string phone;
    };

    template<by Kind>
    static bool is(entry const& item) noexcept
    {
        return item.kind == Kind;
    }

    static std::string_view national_if_chinese(std::string_view e164) noexcept
    {
        constexpr std::string_view china = "+86";
        return e164.substr(0, china.size()) == china ? e164.substr(china.size()) : e164;
    }

    // The order of the answer is not promised, nor is the letter case of what it echoes.
    static bool same_email(std::string_view a, std::string_view b) noexcept
    {
        return tidings::detail::equal_ignoring_case(a, b);
    }

    void write(wire::json_writer& json, std::string_view name, bool (*chosen)(entry const&) noexcept) const
    {
        json.key(name).open_array();
        for (auto const& item : wanted_)
            if (chosen(item))
                json.string(item.address);
        json.close_array();
    }

    application app_;
    entries wanted_;
};

/// Reads one person's entry in the directory.
class get_user final : public wire::operation
{
public:
    /// @param id       Outlives the operation.
    /// @param id_type  `user_id` (the login name), `open_id` or `union_id`.
    get_user(application app, std::string_view id, std::string_view id_type = "user_id") noexcept
        : operation("read person", wire::idempotency::idempotent, true), app_(app), id_(id), id_type_(id_type)
    {
    }

    result<void> encode(wire::request& out, std::string_view token) const override
    {
        if (id_.empty() || id_ == "." || id_ == "..") // no segment of a path
            return make_failure(errc::invalid_recipient, "this is not the id of a person");
        out.start("GET", "/open-apis/contact/v3/users");
        out.segment(id_);
        out.query("user_id_type", id_type_);
        detail::authorize(out, token);
        return {};
    }

    result<void> decode(wire::reply const& in) override
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

    wire::api_limits const* limits() const noexcept override { return &apis::user; }

    /// After a successful `decode`. Empty or false where the application lacks the scope of the field.
    std::string const& open_id() const noexcept { return open_id_.text(); }
    std::string const& person_name() const noexcept { return name_; }
    bool resigned() const noexcept { return resigned_; }
    bool frozen() const noexcept { return frozen_; }

private:
    application app_;
    std::string_view id_;
    std::string_view id_type_;
    wire::single_text<std::string> open_id_;
    std::string name_;
    bool resigned_ = false;
    bool frozen_ = false;
};

namespace detail {

inline result<void> check_open_id(std::string_view id)
{
    return tidings::detail::check_prefixed_id(id, "open id", "ou_");
}
inline result<void> check_union_id(std::string_view id)
{
    return tidings::detail::check_prefixed_id(id, "union id", "on_");
}
inline result<void> check_chat_id(std::string_view id)
{
    return tidings::detail::check_prefixed_id(id, "chat id", "oc_");
}
inline result<void> check_user_id(std::string_view id)
{
    return match::login_name(id).check();
}
inline result<void> check_email(std::string_view id)
{
    return match::email(id).check();
}

} // namespace detail

/// The types of ids that a message can be addressed to. Their names are the values of `receive_id_type`.
struct recipient_ids
{
    static constexpr std::string_view platform = "lark";
    static constexpr std::array all{id_type("open_id", &detail::check_open_id),
                                    id_type("user_id", &detail::check_user_id),
                                    id_type("union_id", &detail::check_union_id),
                                    id_type("email", &detail::check_email), id_type("chat_id", &detail::check_chat_id)};
};

/// Whom a message is addressed to. Lark and Feishu share the type, and its text does not tell them apart.
using recipient = basic_recipient<recipient_ids>;

/// Whether a message of type `text` would make more of a text than it is: tags such as `<at …>` and `<b>`, or links.
inline bool reads_as_markup(std::string_view text) noexcept
{
    return text.find('<') != text.npos || text.find("](") != text.npos;
}

/// A message as this platform sends it: its type and what makes up its content.
class content
{
public:
    enum class kind
    {
        text,
        /// Text as a post, which takes it literally.
        post_text,
        post_markdown,
        /// A card, or any other content that is JSON.
        card
    };

    content(kind what, std::string body) noexcept : kind_(what), body_(std::move(body)) {}
    /// @param json  The member `content`, before it becomes a string.
    static content native(std::string msg_type, std::string json) noexcept
    {
        content out(kind::card, std::move(json));
        out.msg_type_ = std::move(msg_type);
        return out;
    }

    std::string_view msg_type() const noexcept
    {
        if (msg_type_)
            return *msg_type_;
        return kind_ == kind::text ? "text" : kind_ == kind::card ? "interactive" : "post";
    }

    /// Bytes of the whole request body. The documentation says 150 and 30 KB; a thousand bytes each is the safe
    /// reading.
    static constexpr std::size_t max_text = 150'000;
    static constexpr std::size_t max_post = 30'000;
    std::size_t limit() const noexcept { return kind_ == kind::text ? max_text : max_post; }
    /// What stands around the content in a request takes less than this.
    static constexpr std::size_t frame = 1000;

    /// Writes the member `content`, which is a string that holds JSON.
    void write(wire::json_writer& json, brand const& region) const
    {
        json.key("content");
        switch (kind_)
        {
        case kind::card: json.string(body_); return;
        case kind::text:
            json.open_document().open_object().member("text", body_).close_object().close_document();
            return;
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

    /// Writes the members `msg_type` and `content`, an object here, or `card`: what a batch takes. For a content that
    /// passed `check_for_batch`.
    void write_for_batch(wire::json_writer& json, brand const& region) const
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

    /// Success, or what is wrong with the message. Sizes are counted as the platform does: on the request.
    result<void> check(brand const& region) const
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

    /// The same for a batch, which takes fewer kinds and names its people in the same request.
    ///
    /// @param people  Bytes that these may need.
    result<void> check_for_batch(brand const& region, std::size_t people) const
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

private:
    /// What of a native content decides whether a batch takes it.
    struct inside final : wire::json_visitor
    {
        std::string chat;
        bool has_md = false;
        bool has_styles = false;

        void on_scalar(std::string_view path, wire::json_scalar const& value) override
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
    };
    inside look_inside() const
    {
        inside out;
        wire::read_json(body_, out);
        return out;
    }

    result<void> check_form() const
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

    result<void> check_size(std::size_t size) const
    {
        if (size <= limit())
            return {};
        return make_failure(errc::message_too_long, "the request would have " + std::to_string(size) + " bytes; " +
                                                        std::string(msg_type()) + " messages may have " +
                                                        std::to_string(limit()));
    }

    /// Why a batch does not take it and what to do instead; empty when it does.
    std::string_view batch_obstacle() const
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

    kind kind_;
    std::optional<std::string> msg_type_;
    std::string body_;
};

/// Sends one message to one person or one chat as the application's bot.
class send_message final : public wire::operation
{
public:
    /// The arguments outlive the operation.
    send_message(application app, recipient const& to, content const& what, std::string_view key) noexcept
        : operation("send message", wire::idempotency::with_key, true), app_(app), to_(to), what_(what), key_(key)
    {
    }
    send_message(application, recipient const&, content&&, std::string_view) = delete;

    /// Checks everything that is known before any byte is sent.
    static result<void> check(brand const& region, content const& what) { return what.check(region); }

    result<void> encode(wire::request& out, std::string_view token) const override
    {
        if (auto const valid = to_.check(); !valid)
            return valid;
        out.start("POST", "/open-apis/im/v1/messages");
        out.query("receive_id_type", to_.type());
        detail::authorize(out, token);
        auto json = out.body();
        json.open_object().member("receive_id", to_.id()).member("msg_type", what_.msg_type());
        what_.write(json, app_.region());
        json.member("uuid", key_).close_object();
        return {};
    }

    result<void> decode(wire::reply const& in) override
    {
        static constexpr wire::member_table rows{wire::member<&send_message::message_id_>("data/message_id")};
        answer response(rows.into(*this));
        message_id_.clear();
        return detail::read(response, to_.type() == "chat_id" ? call::chat : call::send, app_, in);
    }

    wire::api_limits const* limits() const noexcept override { return &apis::send; }
    std::size_t recipient_count() const noexcept override { return 1; }
    std::string_view recipient_id(std::size_t) const noexcept override { return to_.id(); }

    /// After a successful `decode`. Empty when the platform accepted the message and named no id.
    std::string_view message_id() const noexcept { return message_id_; }

private:
    application app_;
    recipient const& to_;
    content const& what_;
    std::string_view key_;
    tidings::detail::inline_string message_id_;
};

/// Has the platform spread one message to up to 200 people. It takes no idempotency key for that, and accepting the
/// message is all it tells: who is not listed as invalid is served in a while, unless the bot does not see them.
class batch_send final : public wire::operation
{
public:
    static constexpr std::size_t max_batch = 200;

    /// The arguments outlive the operation.
    batch_send(application app, std::span<recipient const> people, content const& what) noexcept
        : operation("send message", wire::idempotency::none, true), app_(app), people_(people), what_(what)
    {
    }

    /// Checks everything that is known before any byte is sent.
    static result<void> check(brand const& region, content const& what)
    {
        constexpr std::size_t max_id = 64;
        constexpr std::size_t around = 3; // quotes and a comma
        return what.check_for_batch(region, max_batch * (max_id + around));
    }

    /// Whether a recipient can be in a batch.
    static result<void> check(recipient const& to)
    {
        if (list_of(to) != lists.size())
            return {};
        return make_failure(errc::invalid_recipient,
                            "a batch names people by open_id, user_id or union_id; have other addresses looked up, and "
                            "send to chats without native_batch_options");
    }

    result<void> encode(wire::request& out, std::string_view token) const override
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

    result<void> decode(wire::reply const& in) override
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

    wire::api_limits const* limits() const noexcept override { return &apis::batch; }

    /// After a successful `decode`: the outcome for the i-th person.
    result<void> outcome(std::size_t i) const
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

    /// After a successful `decode`: the id of the batch. Empty when the platform accepted it and named none.
    std::string_view message_id() const noexcept { return message_id_; }

private:
    struct id_list
    {
        std::string_view type;
        std::string_view member;
        std::string_view invalid; // the path to those who are
    };
    static constexpr std::array lists{id_list{"open_id", "open_ids", "data/invalid_open_ids"},
                                      id_list{"user_id", "user_ids", "data/invalid_user_ids"},
                                      id_list{"union_id", "union_ids", "data/invalid_union_ids"}};

    template<std::size_t List>
    void read_invalid(std::string_view below, wire::json_scalar const& value)
    {
        invalid_[List].read(below, value);
    }

    /// The place of a person's list; the number of lists when there is none.
    static std::size_t list_of(recipient const& who) noexcept
    {
        std::size_t i = 0;
        while (i != lists.size() && lists[i].type != who.type())
            ++i;
        return i;
    }

    application app_;
    std::span<recipient const> people_;
    content const& what_;
    tidings::detail::inline_string message_id_;
    std::array<wire::id_list, lists.size()> invalid_;
    bool lists_are_clear_ = false; ///< Each id in them is a recipient's.
};

/// Whether a message went out as a batch: `bm-…`. Some pages of the documentation print `bm_…`.
inline bool names_batch(std::string_view message_id) noexcept
{
    return message_id.starts_with("bm-") || message_id.starts_with("bm_");
}

/// Uploads an image or a file for messages.
class upload_attachment final : public wire::operation
{
public:
    /// @param what  Outlives the operation.
    upload_attachment(application app, attachment const& what) noexcept
        : operation("upload", wire::idempotency::idempotent, true), app_(app), what_(what)
    {
    }

    result<void> encode(wire::request& out, std::string_view token) const override
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

    result<void> decode(wire::reply const& in) override
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

    wire::api_limits const* limits() const noexcept override
    {
        return what_.what() == attachment::kind::image ? &apis::upload_image : &apis::upload_file;
    }

    /// After a successful `decode`.
    std::string const& key() const noexcept { return key_.text(); }

private:
    std::string_view file_type() const
    {
        auto const extension = what_.extension();
        for (std::string_view const known : {"opus", "mp4", "pdf", "doc", "xls", "ppt"})
            if (extension == known ||
                (extension.size() == known.size() + 1 && extension.starts_with(known) && extension.back() == 'x'))
                return known;
        return "stream";
    }

    application app_;
    attachment const& what_;
    wire::single_text<std::string> key_;
};

/// Takes a message back; a batch from all who got it.
class recall_message final : public wire::operation
{
public:
    /// @param message_id  Outlives the operation.
    recall_message(application app, std::string_view message_id) noexcept
        : operation("recall message", wire::idempotency::with_key, true), app_(app), id_(message_id)
    {
    }

    result<void> encode(wire::request& out, std::string_view token) const override
    {
        out.start("DELETE", names_batch(id_) ? "/open-apis/im/v1/batch_messages" : "/open-apis/im/v1/messages");
        out.segment(id_);
        detail::authorize(out, token);
        return {};
    }

    result<void> decode(wire::reply const& in) override
    {
        answer response;
        auto const done = detail::read(response, call::info, app_, in);
        // "The message has been deleted": as was asked for, and perhaps by the first of two requests.
        constexpr std::string_view gone = "230110";
        if (!done && done.error().platform_code() == gone)
            return {};
        return done;
    }

    wire::api_limits const* limits() const noexcept override { return &apis::recall; }

private:
    application app_;
    std::string_view id_;
};

/// Lists who has read a message of the bot, one page at a time. Works for seven days.
class list_readers final : public wire::operation
{
public:
    /// @param message_id  Outlives the operation.
    /// @param page_token  What the page before returned; empty for the first.
    list_readers(application app, std::string_view message_id, std::string page_token) noexcept
        : operation("list readers", wire::idempotency::idempotent, true), app_(app), id_(message_id),
          page_token_(std::move(page_token))
    {
    }

    result<void> encode(wire::request& out, std::string_view token) const override
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

    result<void> decode(wire::reply const& in) override
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

    wire::api_limits const* limits() const noexcept override { return &apis::readers; }

    /// After a successful `decode`: open_ids.
    std::vector<std::string> const& readers() const noexcept { return readers_; }
    /// The token of the next page; empty at the last.
    std::string_view next_page() const noexcept { return has_more_ ? std::string_view(next_) : std::string_view{}; }

private:
    application app_;
    std::string_view id_;
    std::string page_token_;
    std::vector<std::string> readers_;
    std::string next_;
    bool has_more_ = false;
};

/// Reads what the platform knows of the application's bot. Needs no scope.
class bot_info final : public wire::operation
{
public:
    explicit bot_info(application app) noexcept : operation("read bot", wire::idempotency::idempotent, true), app_(app)
    {
    }

    result<void> encode(wire::request& out, std::string_view token) const override
    {
        out.start("GET", "/open-apis/bot/v3/info");
        detail::authorize(out, token);
        return {};
    }

    result<void> decode(wire::reply const& in) override
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

    /// The answer has no status.
    static constexpr std::int64_t unknown_status = -1;

    /// After a successful `decode`: 0 to be installed, 1 disabled, 2 enabled, 3 waiting after installation, 4 waiting
    /// after an upgrade, 5 licence expired, 6 plan expired, or `unknown_status`.
    std::int64_t activate_status() const noexcept { return status_; }
    std::string const& app_name() const noexcept { return app_name_; }
    std::string const& open_id() const noexcept { return open_id_; }

private:
    application app_;
    std::int64_t status_ = unknown_status;
    std::string app_name_;
    std::string open_id_;
};

/// Lists the scopes the application asked for and whether they are granted. Needs no scope.
class list_scopes final : public wire::operation
{
public:
    explicit list_scopes(application app) noexcept
        : operation("list scopes", wire::idempotency::idempotent, true), app_(app)
    {
    }

    result<void> encode(wire::request& out, std::string_view token) const override
    {
        out.start("GET", "/open-apis/application/v6/scopes");
        detail::authorize(out, token);
        return {};
    }

    result<void> decode(wire::reply const& in) override
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

    /// After a successful `decode`: the scopes that are granted.
    std::vector<std::string> const& granted() const noexcept { return granted_; }

private:
    /// An entry of the answer.
    struct listed_scope
    {
        explicit listed_scope(std::vector<std::string>& g) noexcept : granted(g) {}

        void keep()
        {
            if (grant_status == 1 && !name.empty())
                granted.push_back(name);
            name.clear();
            grant_status = 0;
        }

        std::vector<std::string>& granted;
        std::string name;
        std::int64_t grant_status = 0;
    };

    application app_;
    std::vector<std::string> granted_;
};

/// Lists the people inside the application's contacts range, one page at a time.
class contact_range final : public wire::operation
{
public:
    /// @param page_token  What the page before returned; empty for the first. Outlives the operation.
    explicit contact_range(application app, std::string_view page_token = {}) noexcept
        : operation("list contacts range", wire::idempotency::idempotent, true), app_(app), page_token_(page_token)
    {
    }

    result<void> encode(wire::request& out, std::string_view token) const override
    {
        out.start("GET", "/open-apis/contact/v3/scopes");
        out.query("user_id_type", "open_id");
        out.query("page_size", "100");
        if (!page_token_.empty())
            out.query("page_token", page_token_);
        detail::authorize(out, token);
        return {};
    }

    result<void> decode(wire::reply const& in) override
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

    /// After a successful `decode`: open_ids of single people, departments with everyone below them, and groups of people.
    std::vector<std::string> const& people() const noexcept { return people_; }
    std::vector<std::string> const& departments() const noexcept { return departments_; }
    std::vector<std::string> const& groups() const noexcept { return groups_; }
    /// The token of the next page; empty at the last.
    std::string_view next_page() const noexcept { return has_more_ ? std::string_view(next_) : std::string_view{}; }

private:
    application app_;
    std::string_view page_token_;
    std::vector<std::string> people_;
    std::vector<std::string> departments_;
    std::vector<std::string> groups_;
    std::string next_;
    bool has_more_ = false;
};

} // namespace tidings::inline v0::providers::lark

#endif
