// What WeCom can be asked: one operation per call.
//
// Sources: pages 91039 (gettoken), 90196 (read member), 95402 (userid by mobile), 95895 (userid by email), 90236 (send
// message), 90248 (send to a chat), 94867 (recall) and 90253 (upload) of the platform's developer documentation.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_WECOM_OPERATIONS_HPP
#define TIDINGS_PROVIDER_WECOM_OPERATIONS_HPP

#include <tidings/detail/address.hpp>
#include <tidings/detail/ascii.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/detail/id_text.hpp>
#include <tidings/detail/inline_string.hpp>
#include <tidings/provider/detail/media_upload.hpp>
#include <tidings/provider/wecom/answer.hpp>
#include <tidings/provider/wecom/dialect.hpp>
#include <tidings/provider/wecom/limits.hpp>
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
#include <vector>

namespace tidings::inline v0::providers::wecom {

/// The application that asks. What it refers to outlives the operations made with it.
class application
{
public:
    application(std::string_view corp_id, std::int64_t agent_id) noexcept : corp_id_(corp_id), agent_id_(agent_id) {}

    std::string_view corp_id() const noexcept { return corp_id_; }
    std::int64_t agent_id() const noexcept { return agent_id_; }

private:
    std::string_view corp_id_;
    std::int64_t agent_id_;
};

/// Whether a text can be a userid: 1 to 64 letters, digits, `_`, `-`, `.` and `@`, the first a letter or digit.
/// Anything else must not be sent as one: `a|b` would be two people, and `@all` everybody.
inline bool is_userid(std::string_view text) noexcept
{
    constexpr std::size_t max_length = 64;
    return !text.empty() && text.size() <= max_length && tidings::detail::is_alphanumeric(text.front()) &&
           tidings::detail::is_alphanumeric(text, "_-.@");
}

/// Whether a text can be the id of a chat: 1 to 64 letters, digits, `_` and `-`. The documentation gives 32 letters and
/// digits to those that an application chooses.
inline bool is_chat_id(std::string_view text) noexcept
{
    constexpr std::size_t max_length = 64;
    return !text.empty() && text.size() <= max_length && tidings::detail::is_alphanumeric(text, "_-");
}

namespace detail {

inline result<void> check_userid(std::string_view id)
{
    if (is_userid(id))
        return {};
    return tidings::detail::refuse("userid",
                                   "is not one of WeCom: letters, digits, _ - . @, the first a letter or digit");
}
inline result<void> check_department(std::string_view id)
{
    return tidings::detail::check_number_id(id, "department");
}
inline result<void> check_tag(std::string_view id)
{
    return tidings::detail::check_number_id(id, "tag");
}
inline result<void> check_chat_id(std::string_view id)
{
    if (is_chat_id(id))
        return {};
    return tidings::detail::refuse("chat id", "is not one of WeCom: letters, digits, _ and -, at most 64");
}

} // namespace detail

/// The types of ids that a message can be addressed to: `touser`, `toparty`, `totag`, and the `chatid` of a chat that
/// the application created. An id never names several recipients, and never everybody (`@all`).
struct recipient_ids
{
    static constexpr std::string_view platform = "wecom";
    static constexpr std::array all{id_type("userid", &detail::check_userid),
                                    id_type("department", &detail::check_department),
                                    id_type("tag", &detail::check_tag), id_type("chat_id", &detail::check_chat_id)};
};

/// Whom a message is addressed to.
using recipient = basic_recipient<recipient_ids>;

inline bool is_chat(recipient const& to) noexcept
{
    return to.type() == recipient_ids::all[3].name();
}
/// Whether it is everybody in a department, or everybody with a tag.
inline bool is_group(recipient const& to) noexcept
{
    return to.type() == recipient_ids::all[1].name() || to.type() == recipient_ids::all[2].name();
}

namespace detail {

/// What a look-up found. A name that cannot be a userid would be somebody else's, or several people's.
///
/// @param differs  Whether the answer has several names.
inline result<void> check_found(result<void> const& done, std::string_view id, bool differs)
{
    if (done && differs)
        return tidings::detail::several_people();
    if (done && !id.empty() && !is_userid(id))
        return make_failure(errc::protocol_error, "the answer has a userid that cannot be one");
    return done;
}

/// Userids are compared without regard to letter case; answers have them in lower case.
inline bool same_userid(std::string_view a, std::string_view b) noexcept
{
    return tidings::detail::equal_ignoring_case(a, b);
}

} // namespace detail

/// Fetches the access token of one application.
class fetch_token final : public wire::token_operation
{
public:
    /// @param app_secret  Outlives the operation.
    fetch_token(application app, secret const& app_secret) noexcept
        : token_operation("fetch access token", wire::idempotency::idempotent, false), app_(app), secret_(app_secret)
    {
        // Until its end the platform hands out the same token: asking early brings nothing new.
        margins_ = wire::token_margins(std::chrono::seconds(2), std::chrono::seconds(0));
    }

    result<void> encode(wire::request& out, std::string_view) const override
    {
        out.start("GET", "/cgi-bin/gettoken");
        out.query("corpid", app_.corp_id());
        out.query("corpsecret", secret_.reveal());
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
        auto const has_token = [&issued] { return !issued.token.empty(); };
        if (auto const done = read(response, call::token, app_.corp_id(), in, has_token); !done)
            return done;
        constexpr std::size_t max_token = 512;
        return keep(std::move(issued.token), issued.lifetime, max_token);
    }

    std::string_view confidential() const noexcept override { return secret_.reveal(); }
    wire::api_limits const* limits() const noexcept override { return &apis::token; }

private:
    application app_;
    secret const& secret_;
};

/// Finds out who has a mobile number.
class get_by_mobile final : public wire::operation
{
public:
    /// @param app   The application.
    /// @param e164  Outlives the operation. Numbers of mainland China are sent without country code, as in the
    ///              directory; all others with it.
    get_by_mobile(application app, std::string_view e164) noexcept
        : operation("look up person", wire::idempotency::idempotent, true), app_(app), mobile_(e164)
    {
        constexpr std::string_view china = "+86";
        if (mobile_.starts_with(china))
            mobile_.remove_prefix(china.size());
    }

    result<void> encode(wire::request& out, std::string_view token) const override
    {
        out.start("POST", "/cgi-bin/user/getuserid");
        out.query("access_token", token);
        out.body().open_object().member("mobile", mobile_).close_object();
        return {};
    }

    result<void> decode(wire::reply const& in) override
    {
        static constexpr wire::member_table rows{wire::member<&get_by_mobile::id_>("userid")};
        answer response(rows.into(*this));
        id_.clear();
        auto const done = read(response, call::look_up, app_.corp_id(), in, [this] { return !id_.empty(); });
        return detail::check_found(done, id_.view(), id_.differs());
    }

    wire::api_limits const* limits() const noexcept override { return &apis::get_by_mobile; }

    /// After a successful `decode`; empty when nobody was found.
    std::string_view userid() const noexcept { return id_.view(); }

private:
    application app_;
    std::string_view mobile_;
    wire::single_text<tidings::detail::inline_string> id_;
};

/// Finds out who has a mailbox.
class get_by_email final : public wire::operation
{
public:
    enum class mailbox
    {
        company = 1,
        personal = 2
    };

    /// @param email  Outlives the operation.
    /// @param last   Nobody having it is a failure; otherwise `userid()` is then empty.
    get_by_email(application app, std::string_view email, mailbox which, bool last) noexcept
        : operation("look up person", wire::idempotency::idempotent, true), app_(app), email_(email), which_(which),
          last_(last)
    {
    }

    result<void> encode(wire::request& out, std::string_view token) const override
    {
        out.start("POST", "/cgi-bin/user/get_userid_by_email");
        out.query("access_token", token);
        auto json = out.body();
        json.open_object().member("email", email_).key("email_type").number(static_cast<int>(which_)).close_object();
        return {};
    }

    result<void> decode(wire::reply const& in) override
    {
        static constexpr wire::member_table rows{wire::member<&get_by_email::id_>("userid")};
        answer response(rows.into(*this));
        id_.clear();
        auto const done = read(response, call::look_up, app_.corp_id(), in, [this] { return !id_.empty(); });
        if (!done && !last_ && done.error() == errc::recipient_not_found)
            return {};
        return detail::check_found(done, id_.view(), id_.differs());
    }

    wire::api_limits const* limits() const noexcept override { return &apis::get_by_email; }

    std::string_view userid() const noexcept { return id_.view(); }

private:
    application app_;
    std::string_view email_;
    mailbox which_;
    bool last_;
    wire::single_text<tidings::detail::inline_string> id_;
};

/// Reads one member's entry: whether a userid exists and the application sees it.
class get_user final : public wire::operation
{
public:
    get_user(application app, std::string_view userid) noexcept
        : operation("read person", wire::idempotency::idempotent, true), app_(app), wanted_(userid)
    {
    }

    result<void> encode(wire::request& out, std::string_view token) const override
    {
        out.start("GET", "/cgi-bin/user/get");
        out.query("access_token", token);
        out.query("userid", wanted_);
        return {};
    }

    result<void> decode(wire::reply const& in) override
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

    wire::api_limits const* limits() const noexcept override { return &apis::get_user; }

    /// After a successful `decode`; empty when the member has left.
    std::string_view userid() const noexcept { return id_; }

private:
    struct entry
    {
        wire::single_text<tidings::detail::inline_string> id;
        std::int64_t status = 0;
    };

    application app_;
    std::string_view wanted_;
    tidings::detail::inline_string id_;
};

/// A message as WeCom takes it: the type, and the member of that name.
class content
{
public:
    /// Text and Markdown, which have a limit and nothing but their text.
    content(std::string_view type, std::string text, std::size_t max_length)
        : type_(type), body_(std::move(text)), max_length_(max_length), plain_(true)
    {
    }
    /// @param type    `msgtype`.
    /// @param member  A JSON object, the member of that name.
    content(std::string_view type, std::string member) : type_(type), body_(std::move(member)) {}

    /// What a chat gets instead, which takes fewer kinds.
    ///
    /// @param markdown  Not longer than `max_content` once it is sent.
    content&& in_chats(std::string markdown) &&
    {
        in_chats_ = std::move(markdown);
        return std::move(*this);
    }

    std::string_view type() const noexcept { return type_; }

    /// Success, or why a chat does not take it.
    result<void> check_for_chat() const
    {
        if (!in_chats_.empty() && in_chats_.size() > max_content)
            return make_failure(errc::message_too_long,
                                "in a chat the message would have " + std::to_string(in_chats_.size()) +
                                    " bytes of UTF-8; WeCom takes " + std::to_string(max_content));
        if (in_chats_.empty() && (type_ == "template_card" || type_ == "miniprogram_notice"))
            return make_failure(errc::message_invalid,
                                "a chat of WeCom takes no " + type_ +
                                    "; it takes text, image, voice, video, file, textcard, news, mpnews "
                                    "and markdown");
        return {};
    }

    /// Writes what `write` writes, for a chat.
    void write_for_chat(wire::json_writer& json) const
    {
        if (in_chats_.empty())
            return write(json);
        json.member("msgtype", "markdown").key("markdown").open_object().member("content", in_chats_).close_object();
    }

    /// Success, or what is wrong with it. The platform cuts off what is too long, without a word.
    result<void> check() const
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
                                                            " bytes of UTF-8; WeCom takes " +
                                                            std::to_string(max_length_));
        return {};
    }

    /// Writes `"msgtype":…,"<type>":{…}`.
    void write(wire::json_writer& json) const
    {
        json.member("msgtype", type_).key(type_);
        if (plain_)
            json.open_object().member("content", body_).close_object();
        else
            json.raw(body_);
    }

private:
    std::string type_;
    std::string body_;
    std::string in_chats_;
    std::size_t max_length_ = 0;
    bool plain_ = false;
};

/// Uploads an image or a file for messages. An upload is kept for three days.
class upload_media final : public tidings::detail::media_upload
{
public:
    /// @param what  Outlives the operation.
    upload_media(application app, attachment const& what) noexcept
        : media_upload("/cgi-bin/media/upload", what), app_(app)
    {
    }

    result<void> decode(wire::reply const& in) override
    {
        auto response = reader<answer>();
        return with_id(read(response, call::other, app_.corp_id(), in, [this] { return !key().empty(); }));
    }

    wire::api_limits const* limits() const noexcept override { return &apis::upload; }

private:
    application app_;
};

namespace detail {

/// The platform calls two requests the same when their JSON is the same. Two things that mean nothing else keep two
/// messages with the same text apart: the time for which it compares, any number in a range, and white space. The
/// numbers alone are too few: of a hundred messages with the same text two would often have the same one.
inline std::pair<std::int64_t, std::array<char, 32>> signature(std::string_view key) noexcept
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

/// Writes what protects a message from being delivered twice, the end of the request.
inline void write_duplicate_check(wire::json_writer& json, std::string_view key)
{
    json.key("safe").number(0).key("enable_id_trans").number(0).key("enable_duplicate_check").number(1);
    auto const [interval, blanks] = signature(key);
    json.key("duplicate_check_interval").blanks({blanks.data(), blanks.size()}).number(interval).close_object();
}

} // namespace detail

/// Sends one message to up to 1000 people.
class send_message final : public wire::operation
{
public:
    static constexpr std::size_t max_batch = 1000;

    /// The arguments outlive the operation.
    ///
    /// @param key  Repetitions with the same key are one message to the platform; another key makes another message,
    ///             also with the same text.
    send_message(application app, std::span<recipient const> people, content const& what, std::string_view key)
        : operation("send message", wire::idempotency::with_key, true), app_(app), people_(people), what_(what),
          key_(key)
    {
    }

    result<void> encode(wire::request& out, std::string_view token) const override
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
        out.start("POST", "/cgi-bin/message/send");
        out.query("access_token", token);
        auto json = out.body();
        json.open_object().member("touser", all).key("agentid").number(app_.agent_id());
        what_.write(json);
        detail::write_duplicate_check(json, key_);
        return {};
    }

    result<void> decode(wire::reply const& in) override
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

    wire::api_limits const* limits() const noexcept override { return &apis::send; }
    std::size_t recipient_count() const noexcept override { return people_.size(); }
    std::string_view recipient_id(std::size_t i) const noexcept override { return people_[i].id(); }

    /// After a successful `decode`: the outcome for the i-th person. The platform drops messages above its limits for
    /// one person without an error.
    result<void> outcome(std::size_t i) const
    {
        if (invalid_.contains(people_[i].id(), detail::same_userid))
            return refusal("invaliduser", errc::recipient_not_found, remedies::range);
        if (unlicensed_.contains(people_[i].id(), detail::same_userid))
            return refusal("unlicenseduser", errc::recipient_unreachable, remedies::licence);
        if (!lists_are_clear_)
            return wire::unclear_list("invaliduser or unlicenseduser");
        return {};
    }

    std::string_view message_id() const noexcept { return id_; }

private:
    failure refusal(char const* list, errc kind, remedy_text const& remedy) const
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

    application app_;
    std::span<recipient const> people_;
    content const& what_;
    std::string_view key_;
    tidings::detail::inline_string id_;
    wire::id_list invalid_;
    wire::id_list unlicensed_;
    bool lists_are_clear_ = false; ///< Each id in them is a recipient's.
};

/// Sends one message to everybody in departments, or with tags.
class send_to_groups final : public wire::operation
{
public:
    static constexpr std::size_t max_batch = 100;

    /// The arguments outlive the operation.
    ///
    /// @param groups  1 to 100 departments, or tags.
    /// @param key     As for `send_message`.
    send_to_groups(application app, std::span<recipient const> groups, content const& what, std::string_view key)
        : operation("send message", wire::idempotency::with_key, true), app_(app), groups_(groups), what_(what),
          key_(key)
    {
    }

    result<void> encode(wire::request& out, std::string_view token) const override
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
        out.start("POST", "/cgi-bin/message/send");
        out.query("access_token", token);
        auto json = out.body();
        json.open_object().member(to_departments() ? "toparty" : "totag", all).key("agentid").number(app_.agent_id());
        what_.write(json);
        detail::write_duplicate_check(json, key_);
        return {};
    }

    result<void> decode(wire::reply const& in) override
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
            return std::any_of(groups_.begin(), groups_.end(),
                               [id](recipient const& group) { return group.id() == id; });
        };
        lists_are_clear_ =
            done && invalid_.is_clear(is_recipient) && left_out_.is_clear([](std::string_view) { return true; });
        return done;
    }

    wire::api_limits const* limits() const noexcept override
    {
        return to_departments() ? &apis::send_to_departments : &apis::send_to_tags;
    }
    std::size_t recipient_count() const noexcept override { return groups_.size(); }
    std::string_view recipient_id(std::size_t i) const noexcept override { return groups_[i].id(); }

    /// After a successful `decode`: the outcome for the i-th group. If the platform names members who did not get the
    /// message, it does not name their group: then no group of the request got it completely.
    result<void> outcome(std::size_t i) const
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

    std::string_view message_id() const noexcept { return id_; }

private:
    bool to_departments() const noexcept { return groups_.empty() || groups_.front().type() == "department"; }
    std::string_view list() const noexcept { return to_departments() ? department_list : tag_list; }

    static constexpr std::string_view department_list = "invalidparty";
    static constexpr std::string_view tag_list = "invalidtag";

    application app_;
    std::span<recipient const> groups_;
    content const& what_;
    std::string_view key_;
    tidings::detail::inline_string id_;
    wire::id_list invalid_;
    wire::id_list left_out_;
    bool lists_are_clear_ = false; ///< It is clear who is meant by each id in them.
};

/// Sends one message to one chat that the application created. The platform takes no key for that, and names no
/// message.
class send_to_chat final : public wire::operation
{
public:
    /// The arguments outlive the operation.
    send_to_chat(application app, recipient const& chat, content const& what) noexcept
        : operation("send message", wire::idempotency::none, true), app_(app), chat_(chat), what_(what)
    {
    }

    result<void> encode(wire::request& out, std::string_view token) const override
    {
        if (auto const valid = detail::check_chat_id(chat_.id()); !valid)
            return valid;
        if (auto const valid = what_.check_for_chat(); !valid)
            return valid;
        out.start("POST", "/cgi-bin/appchat/send");
        out.query("access_token", token);
        auto json = out.body();
        json.open_object().member("chatid", chat_.id());
        what_.write_for_chat(json);
        json.key("safe").number(0).close_object();
        return {};
    }

    result<void> decode(wire::reply const& in) override
    {
        static constexpr wire::member_table rows{wire::member<&send_to_chat::id_>("msgid")};
        answer response(rows.into(*this));
        id_.clear();
        return read(response, call::chat, app_.corp_id(), in, [] { return false; });
    }

    wire::api_limits const* limits() const noexcept override { return &apis::send_to_chat; }
    std::size_t recipient_count() const noexcept override { return 1; }
    std::string_view recipient_id(std::size_t) const noexcept override { return chat_.id(); }

    /// Empty, as the documentation has it: such a message cannot be taken back.
    std::string_view message_id() const noexcept { return id_.view(); }

private:
    application app_;
    recipient const& chat_;
    content const& what_;
    wire::single_text<tidings::detail::inline_string> id_;
};

/// Takes a message back, from everybody who got it. Works for 24 hours.
class recall final : public wire::operation
{
public:
    recall(application app, std::string_view message_id) noexcept
        : operation("recall message", wire::idempotency::with_key, true), app_(app), id_(message_id)
    {
    }

    result<void> encode(wire::request& out, std::string_view token) const override
    {
        out.start("POST", "/cgi-bin/message/recall");
        out.query("access_token", token);
        out.body().open_object().member("msgid", id_).close_object();
        return {};
    }

    result<void> decode(wire::reply const& in) override
    {
        answer response;
        return read(response, call::other, app_.corp_id(), in, [] { return false; });
    }

    wire::api_limits const* limits() const noexcept override { return &apis::recall; }

private:
    application app_;
    std::string_view id_;
};

} // namespace tidings::inline v0::providers::wecom

#endif
