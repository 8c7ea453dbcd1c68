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
#include <tidings/receipt.hpp>
#include <tidings/recipient.hpp>
#include <tidings/wire/answer.hpp>
#include <tidings/wire/member_table.hpp>
#include <tidings/wire/multipart.hpp>
#include <tidings/wire/operation.hpp>

#include <boost/container/small_vector.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
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
TIDINGS_DECL result<void> check_next_page(bool has_more, std::string_view page, std::string_view next);

/// Reads an answer: the reader's values when the platform's code is 0, otherwise why not.
TIDINGS_DECL result<void> read(answer& reader, call what, application const& app, wire::reply const& in);

TIDINGS_DECL void authorize(wire::request& out, std::string_view token);

} // namespace detail

/// Fetches the tenant access token of a self-built application.
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

    explicit look_up(application app) noexcept;
    look_up(application app, by what, std::string_view address) : look_up(app) { add(what, address); }

    /// @param address  Outlives the operation. A phone number is E.164: numbers of mainland China are sent without
    ///                 country code, all others with it, as the documentation asks.
    void add(by what, std::string_view address);

    result<void> encode(wire::request& out, std::string_view token) const override;

    result<void> decode(wire::reply const& in) override;

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
    using sorted_entries = boost::container::small_vector<std::pair<std::uint64_t, entry*>, 1>;

    /// An entry of the answer.
    struct listed_person
    {
        explicit listed_person(sorted_entries const& w) noexcept : wanted(w) {}

        /// The entry is complete. Without an id, be it missing, null or empty, the person was not found.
        void match();

        sorted_entries const& wanted; ///< Sorted by hash.
        tidings::detail::inline_string id;
        tidings::detail::inline_string email;
        tidings::detail::inline_string phone;
    };

    template<by Kind>
    static bool is(entry const& item) noexcept
    {
        return item.kind == Kind;
    }

    static std::string_view national_if_chinese(std::string_view e164) noexcept;

    // The order of the answer is not promised, nor is the letter case of what it echoes.
    static bool same_email(std::string_view a, std::string_view b) noexcept;

    void write(wire::json_writer& json, std::string_view name, bool (*chosen)(entry const&) noexcept) const;

    application app_;
    entries wanted_;
};

/// Reads one person's entry in the directory.
class get_user final : public wire::operation
{
public:
    /// @param id       Outlives the operation.
    /// @param id_type  `user_id` (the login name), `open_id` or `union_id`.
    get_user(application app, std::string_view id, std::string_view id_type = "user_id") noexcept;

    result<void> encode(wire::request& out, std::string_view token) const override;

    result<void> decode(wire::reply const& in) override;

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

TIDINGS_DECL result<void> check_open_id(std::string_view id);
TIDINGS_DECL result<void> check_union_id(std::string_view id);
TIDINGS_DECL result<void> check_chat_id(std::string_view id);
TIDINGS_DECL result<void> check_user_id(std::string_view id);
TIDINGS_DECL result<void> check_email(std::string_view id);

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
TIDINGS_DECL bool reads_as_markup(std::string_view text) noexcept;

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
    static content native(std::string msg_type, std::string json) noexcept;

    std::string_view msg_type() const noexcept;

    /// Bytes of the whole request body. The documentation says 150 and 30 KB; a thousand bytes each is the safe
    /// reading.
    static constexpr std::size_t max_text = 150'000;
    static constexpr std::size_t max_post = 30'000;
    std::size_t limit() const noexcept { return kind_ == kind::text ? max_text : max_post; }
    /// What stands around the content in a request takes less than this.
    static constexpr std::size_t frame = 1000;

    /// Writes the member `content`, which is a string that holds JSON.
    void write(wire::json_writer& json, brand const& region) const;

    /// Writes the members `msg_type` and `content`, an object here, or `card`: what a batch takes. For a content that
    /// passed `check_for_batch`.
    void write_for_batch(wire::json_writer& json, brand const& region) const;

    /// Success, or what is wrong with the message. Sizes are counted as the platform does: on the request.
    result<void> check(brand const& region) const;

    /// The same for a batch, which takes fewer kinds and names its people in the same request.
    ///
    /// @param people  Bytes that these may need.
    result<void> check_for_batch(brand const& region, std::size_t people) const;

private:
    /// What of a native content decides whether a batch takes it.
    struct inside final : wire::json_visitor
    {
        std::string chat;
        bool has_md = false;
        bool has_styles = false;

        void on_scalar(std::string_view path, wire::json_scalar const& value) override;
    };
    inside look_inside() const;

    result<void> check_form() const;

    result<void> check_size(std::size_t size) const;

    /// Why a batch does not take it and what to do instead; empty when it does.
    std::string_view batch_obstacle() const;

    kind kind_;
    std::optional<std::string> msg_type_;
    std::string body_;
};

/// Sends one message to one person or one chat as the application's bot.
class send_message final : public wire::operation
{
public:
    /// The arguments outlive the operation.
    send_message(application app, recipient const& to, content const& what, std::string_view key) noexcept;
    send_message(application, recipient const&, content&&, std::string_view) = delete;

    /// Checks everything that is known before any byte is sent.
    static result<void> check(brand const& region, content const& what) { return what.check(region); }

    result<void> encode(wire::request& out, std::string_view token) const override;

    result<void> decode(wire::reply const& in) override;

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
    batch_send(application app, std::span<recipient const> people, content const& what) noexcept;

    /// Checks everything that is known before any byte is sent.
    static result<void> check(brand const& region, content const& what);

    /// Whether a recipient can be in a batch.
    static result<void> check(recipient const& to);

    result<void> encode(wire::request& out, std::string_view token) const override;

    result<void> decode(wire::reply const& in) override;

    wire::api_limits const* limits() const noexcept override { return &apis::batch; }

    /// After a successful `decode`: the outcome for the i-th person.
    result<void> outcome(std::size_t i) const;

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
    static std::size_t list_of(recipient const& who) noexcept;

    application app_;
    std::span<recipient const> people_;
    content const& what_;
    tidings::detail::inline_string message_id_;
    std::array<wire::id_list, lists.size()> invalid_;
    bool lists_are_clear_ = false; ///< Each id in them is a recipient's.
};

/// Whether a message went out as a batch: `bm-…`. Some pages of the documentation print `bm_…`.
TIDINGS_DECL bool names_batch(std::string_view message_id) noexcept;

/// Uploads an image or a file for messages.
class upload_attachment final : public wire::operation
{
public:
    /// @param what  Outlives the operation.
    upload_attachment(application app, attachment const& what) noexcept;

    result<void> encode(wire::request& out, std::string_view token) const override;

    result<void> decode(wire::reply const& in) override;

    wire::api_limits const* limits() const noexcept override;

    /// After a successful `decode`.
    std::string const& key() const noexcept { return key_.text(); }

private:
    std::string_view file_type() const;

    application app_;
    attachment const& what_;
    wire::single_text<std::string> key_;
};

/// Takes a message back; a batch from all who got it.
class recall_message final : public wire::operation
{
public:
    /// @param message_id  Outlives the operation.
    recall_message(application app, std::string_view message_id) noexcept;

    result<void> encode(wire::request& out, std::string_view token) const override;

    result<void> decode(wire::reply const& in) override;

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
    list_readers(application app, std::string_view message_id, std::string page_token) noexcept;

    result<void> encode(wire::request& out, std::string_view token) const override;

    result<void> decode(wire::reply const& in) override;

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
    explicit bot_info(application app) noexcept;

    result<void> encode(wire::request& out, std::string_view token) const override;

    result<void> decode(wire::reply const& in) override;

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
    explicit list_scopes(application app) noexcept;

    result<void> encode(wire::request& out, std::string_view token) const override;

    result<void> decode(wire::reply const& in) override;

    /// After a successful `decode`: the scopes that are granted.
    std::vector<std::string> const& granted() const noexcept { return granted_; }

private:
    /// An entry of the answer.
    struct listed_scope
    {
        explicit listed_scope(std::vector<std::string>& g) noexcept : granted(g) {}

        void keep();

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
    explicit contact_range(application app, std::string_view page_token = {}) noexcept;

    result<void> encode(wire::request& out, std::string_view token) const override;

    result<void> decode(wire::reply const& in) override;

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

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/provider/lark/impl/operations.ipp>
#endif

#endif
