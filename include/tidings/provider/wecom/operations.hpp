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
#include <tidings/detail/config.hpp>
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
TIDINGS_DECL bool is_userid(std::string_view text) noexcept;

/// Whether a text can be the id of a chat: 1 to 64 letters, digits, `_` and `-`. The documentation gives 32 letters and
/// digits to those that an application chooses.
TIDINGS_DECL bool is_chat_id(std::string_view text) noexcept;

namespace detail {

TIDINGS_DECL result<void> check_userid(std::string_view id);
TIDINGS_DECL result<void> check_department(std::string_view id);
TIDINGS_DECL result<void> check_tag(std::string_view id);
TIDINGS_DECL result<void> check_chat_id(std::string_view id);

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

TIDINGS_DECL bool is_chat(recipient const& to) noexcept;
/// Whether it is everybody in a department, or everybody with a tag.
TIDINGS_DECL bool is_group(recipient const& to) noexcept;

namespace detail {

/// What a look-up found. A name that cannot be a userid would be somebody else's, or several people's.
///
/// @param differs  Whether the answer has several names.
TIDINGS_DECL result<void> check_found(result<void> const& done, std::string_view id, bool differs);

/// Userids are compared without regard to letter case; answers have them in lower case.
TIDINGS_DECL bool same_userid(std::string_view a, std::string_view b) noexcept;

} // namespace detail

/// Fetches the access token of one application.
class fetch_token final : public wire::token_operation
{
public:
    /// @param app_secret  Outlives the operation.
    fetch_token(application app, secret const& app_secret) noexcept;

    result<void> encode(wire::request& out, std::string_view) const override;

    result<void> decode(wire::reply const& in) override;

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
    get_by_mobile(application app, std::string_view e164) noexcept;

    result<void> encode(wire::request& out, std::string_view token) const override;

    result<void> decode(wire::reply const& in) override;

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
    get_by_email(application app, std::string_view email, mailbox which, bool last) noexcept;

    result<void> encode(wire::request& out, std::string_view token) const override;

    result<void> decode(wire::reply const& in) override;

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
    get_user(application app, std::string_view userid) noexcept;

    result<void> encode(wire::request& out, std::string_view token) const override;

    result<void> decode(wire::reply const& in) override;

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
    content(std::string_view type, std::string text, std::size_t max_length);
    /// @param type    `msgtype`.
    /// @param member  A JSON object, the member of that name.
    content(std::string_view type, std::string member) : type_(type), body_(std::move(member)) {}

    /// What a chat gets instead, which takes fewer kinds.
    ///
    /// @param markdown  Not longer than `max_content` once it is sent.
    content&& in_chats(std::string markdown) &&;

    std::string_view type() const noexcept { return type_; }

    /// Success, or why a chat does not take it.
    result<void> check_for_chat() const;

    /// Writes what `write` writes, for a chat.
    void write_for_chat(wire::json_writer& json) const;

    /// Success, or what is wrong with it. The platform cuts off what is too long, without a word.
    result<void> check() const;

    /// Writes `"msgtype":…,"<type>":{…}`.
    void write(wire::json_writer& json) const;

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
    upload_media(application app, attachment const& what) noexcept;

    result<void> decode(wire::reply const& in) override;

    wire::api_limits const* limits() const noexcept override { return &apis::upload; }

private:
    application app_;
};

namespace detail {

/// The platform calls two requests the same when their JSON is the same. Two things that mean nothing else keep two
/// messages with the same text apart: the time for which it compares, any number in a range, and white space. The
/// numbers alone are too few: of a hundred messages with the same text two would often have the same one.
TIDINGS_DECL std::pair<std::int64_t, std::array<char, 32>> signature(std::string_view key) noexcept;

/// Writes what protects a message from being delivered twice, the end of the request.
TIDINGS_DECL void write_duplicate_check(wire::json_writer& json, std::string_view key);

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
    send_message(application app, std::span<recipient const> people, content const& what, std::string_view key);

    result<void> encode(wire::request& out, std::string_view token) const override;

    result<void> decode(wire::reply const& in) override;

    wire::api_limits const* limits() const noexcept override { return &apis::send; }
    std::size_t recipient_count() const noexcept override { return people_.size(); }
    std::string_view recipient_id(std::size_t i) const noexcept override { return people_[i].id(); }

    /// After a successful `decode`: the outcome for the i-th person. The platform drops messages above its limits for
    /// one person without an error.
    result<void> outcome(std::size_t i) const;

    std::string_view message_id() const noexcept { return id_; }

private:
    failure refusal(char const* list, errc kind, remedy_text const& remedy) const;

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
    send_to_groups(application app, std::span<recipient const> groups, content const& what, std::string_view key);

    result<void> encode(wire::request& out, std::string_view token) const override;

    result<void> decode(wire::reply const& in) override;

    wire::api_limits const* limits() const noexcept override;
    std::size_t recipient_count() const noexcept override { return groups_.size(); }
    std::string_view recipient_id(std::size_t i) const noexcept override { return groups_[i].id(); }

    /// After a successful `decode`: the outcome for the i-th group. If the platform names members who did not get the
    /// message, it does not name their group: then no group of the request got it completely.
    result<void> outcome(std::size_t i) const;

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
    send_to_chat(application app, recipient const& chat, content const& what) noexcept;

    result<void> encode(wire::request& out, std::string_view token) const override;

    result<void> decode(wire::reply const& in) override;

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
    recall(application app, std::string_view message_id) noexcept;

    result<void> encode(wire::request& out, std::string_view token) const override;

    result<void> decode(wire::reply const& in) override;

    wire::api_limits const* limits() const noexcept override { return &apis::recall; }

private:
    application app_;
    std::string_view id_;
};

} // namespace tidings::inline v0::providers::wecom

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/provider/wecom/impl/operations.ipp>
#endif

#endif
