// Sends messages to people through a platform that is chosen when the program runs.
//
// This header declares; what it declares is compiled once where TIDINGS_SEPARATE_COMPILATION is defined, see
// tidings/src.hpp, and in every translation unit otherwise.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_ANY_NOTIFIER_HPP
#define TIDINGS_ANY_NOTIFIER_HPP

#include <tidings/any_message.hpp>
#include <tidings/any_settings.hpp>
#include <tidings/client_end.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/diagnosis.hpp>
#include <tidings/impl/completion.hpp>
#include <tidings/impl/observe.hpp>
#include <tidings/message/localized.hpp>
#include <tidings/platform_capabilities.hpp>
#include <tidings/receipt.hpp>
#include <tidings/result.hpp>
#include <tidings/secret.hpp>
#include <tidings/send_each.hpp>
#include <tidings/send_options.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/deferred.hpp>

#include <chrono>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace tidings::inline v0 {

/// The recipient of a message on a platform that is known when the program runs: `basic_recipient` without the
/// platform's type.
///
/// @par Thread safety  Distinct objects: safe. Shared objects: unsafe.
class any_recipient
{
public:
    /// No recipient.
    any_recipient() = default;

    /// Checked when a message is sent to it: the platform has to be the notifier's, and the id one of this type.
    ///
    /// @param platform  The name that the text of a recipient begins with: "lark", "dingtalk".
    /// @param type      The type of the id: "open_id", "chat_id".
    /// @param id        The id.
    any_recipient(std::string platform, std::string type, std::string id) noexcept
        : platform_(std::move(platform)), type_(std::move(type)), id_(std::move(id))
    {
    }

    std::string const& platform() const noexcept { return platform_; }
    std::string const& type() const noexcept { return type_; }
    std::string const& id() const noexcept { return id_; }

    /// `<platform>:<type>:<id>`, as `basic_recipient::text` writes it.
    std::string text() const { return platform_ + ':' + type_ + ':' + id_; }

    /// The recipient that `text()` was made of.
    ///
    /// @returns `errc::invalid_recipient` for a text that is not of the form `<platform>:<type>:<id>`.
    static result<any_recipient> parse(std::string_view text)
    {
        auto const first = text.find(':');
        auto const second = first == text.npos ? first : text.find(':', first + 1);
        if (second == text.npos || first == 0 || second == first + 1 || second + 1 == text.size())
            return make_failure(errc::invalid_recipient, "the text is not of the form platform:type:id");
        return any_recipient(std::string(text.substr(0, first)),
                             std::string(text.substr(first + 1, second - first - 1)),
                             std::string(text.substr(second + 1)));
    }

    friend bool operator==(any_recipient const&, any_recipient const&) noexcept = default;
    friend std::strong_ordering operator<=>(any_recipient const&, any_recipient const&) noexcept = default;

private:
    std::string platform_;
    std::string type_;
    std::string id_;
};

/// A person who is known in several ways: for each kind of address a text. A notifier uses the text of the kind that it
/// was made for, and each link of a chain the text of its kind. Setters chain.
///
/// @par Thread safety  Distinct objects: safe. Shared objects: unsafe.
class any_person
{
public:
    /// Nothing is known of the person.
    any_person() = default;

    /// The text of any kind, in place of what it was.
    ///
    /// @param kind  `Match::name`: "open_id", "chat_id". `-` and a blank count as `_`. A kind that the notifier does not
    ///              use is ignored.
    /// @param text  Checked when it is used, by the match strategy. Empty: the person has no such address.
    any_person& address(std::string_view kind, std::string text)
    {
        auto name = std::string(kind);
        for (auto& c : name)
            c = c == '-' || c == ' ' ? '_' : c;
        if (text.empty())
            texts_.erase(name);
        else
            texts_.insert_or_assign(std::move(name), std::move(text));
        return *this;
    }
    /// See `match::login_name`. Empty: the person has none.
    any_person& login_name(std::string text) { return address("login_name", std::move(text)); }
    /// See `match::phone_number`. Empty: the person has none.
    any_person& phone_number(std::string text) { return address("phone_number", std::move(text)); }
    /// See `match::email`. Empty: the person has none.
    any_person& email(std::string text) { return address("email", std::move(text)); }

    /// The text of a kind; empty when the person has none.
    ///
    /// @param kind  `Match::name`, with `_`.
    std::string_view find(std::string_view kind) const noexcept
    {
        auto const found = texts_.find(kind);
        return found == texts_.end() ? std::string_view() : found->second;
    }

    /// All texts, by the name of their kind: `email=ada@example.com; phone_number=+6591234567`. A `\` is before each
    /// character of a text that would separate, so that different people have different texts.
    std::string text() const
    {
        std::string out;
        auto const add = [&out](std::string_view part, std::string_view separators) {
            for (char const c : part)
            {
                if (separators.find(c) != separators.npos)
                    out += '\\';
                out += c;
            }
        };
        for (auto const& [kind, value] : texts_)
        {
            out += out.empty() ? "" : "; ";
            add(kind, "\\;=");
            out += '=';
            add(value, "\\;");
        }
        return out;
    }

    friend bool operator==(any_person const&, any_person const&) = default;

private:
    std::map<std::string, std::string, std::less<>> texts_;
};

/// The recipient of `any_notifier`: a text, which is an address of the kind that the notifier was made for; a person,
/// who has a text for each of several kinds; or a recipient, which is not looked up.
///
/// @par Thread safety  Distinct objects: safe. Shared objects: unsafe.
class any_address
{
public:
    /// Checked when it is used, by the match strategy. A chain of match strategies tries the text as each of them.
    any_address(std::string text) noexcept : value_(std::move(text)) {}
    any_address(std::string_view text) : value_(std::string(text)) {}
    any_address(char const* text) : value_(std::string(text)) {}
    any_address(any_recipient to) noexcept : value_(std::move(to)) {}
    /// A chain of match strategies uses the text of each link's kind, and skips the kinds of which the person has none.
    any_address(any_person who) : value_(named_person(std::move(who))) {}

    /// Null where this is no recipient.
    any_recipient const* recipient() const noexcept { return std::get_if<any_recipient>(&value_); }
    /// Null where this is no person.
    any_person const* person() const noexcept
    {
        auto const* const named = std::get_if<named_person>(&value_);
        return named ? &named->who : nullptr;
    }
    /// The text, the recipient's id, or the person's `text()`. `failure::recipient()` shows it.
    std::string_view view() const noexcept
    {
        if (auto const* const to = recipient())
            return to->id();
        if (auto const* const named = std::get_if<named_person>(&value_))
            return named->text;
        return *std::get_if<std::string>(&value_);
    }

private:
    struct named_person
    {
        explicit named_person(any_person p) : who(std::move(p)), text(who.text()) {}

        any_person who;
        std::string text;
    };

    std::variant<std::string, any_recipient, named_person> value_;
};

/// The application that sends, on any platform. Setters chain.
class any_credentials
{
public:
    /// @param app_id      Lark and Feishu: App ID. DingTalk: Client ID (AppKey). WeCom: the corp id.
    /// @param app_secret  Its secret.
    any_credentials(std::string app_id, secret app_secret) noexcept
        : app_id_(std::move(app_id)), app_secret_(std::move(app_secret))
    {
    }

    /// The application's agent id. WeCom and DingTalk's work notifications need it, the others ignore it.
    any_credentials& agent_id(std::int64_t id) noexcept
    {
        agent_id_ = id;
        return *this;
    }
    /// The code of DingTalk's bot, where it is not the Client ID. The others ignore it.
    any_credentials& robot_code(std::string code) noexcept
    {
        robot_code_ = std::move(code);
        return *this;
    }

    std::string const& app_id() const noexcept { return app_id_; }
    secret const& app_secret() const noexcept { return app_secret_; }
    std::int64_t agent_id() const noexcept { return agent_id_; }
    std::string const& robot_code() const noexcept { return robot_code_; }

private:
    std::string app_id_;
    secret app_secret_;
    std::int64_t agent_id_ = 0;
    std::string robot_code_;
};

namespace detail {

/// The people of one `send_each`, one after the other.
class any_people
{
public:
    virtual ~any_people() = default;
    virtual bool at_end() = 0;
    virtual recipient_of<any_address> read() = 0;
    virtual void advance() = 0;
};

template<std::ranges::view View>
class people_in final : public any_people
{
public:
    explicit people_in(View people) : people_(std::move(people)) {}

    bool at_end() override { return at() == std::ranges::end(people_); }
    recipient_of<any_address> read() override { return recipient_of<any_address>(*at()); }
    void advance() override { ++at(); }

private:
    // A range may do I/O or throw when it begins: that belongs to the operation.
    auto& at()
    {
        if (!at_)
            at_.emplace(std::ranges::begin(people_));
        return *at_;
    }

    View people_;
    std::optional<std::ranges::iterator_t<View>> at_;
};

using any_sink = std::function<boost::asio::awaitable<void>(std::size_t, any_address const&, result<receipt> const&)>;

template<class Sink>
boost::asio::awaitable<void> call_sink(std::shared_ptr<Sink> sink, std::size_t index, any_address const* who,
                                       result<receipt> const* outcome)
{
    (*sink)(index, *who, *outcome);
    co_return;
}

template<class Sink>
any_sink make_any_sink(Sink given)
{
    using returned = std::invoke_result_t<Sink&, std::size_t, any_address const&, result<receipt> const&>;
    auto sink = std::make_shared<Sink>(std::move(given));
    return [sink](std::size_t index, any_address const& who,
                  result<receipt> const& outcome) -> boost::asio::awaitable<void> {
        if constexpr (std::is_void_v<returned>)
            return call_sink<Sink>(sink, index, &who, &outcome);
        else
            return (*sink)(index, who, outcome);
    };
}

/// A notifier of some platform.
class any_notifier_base
{
public:
    virtual ~any_notifier_base() = default;
    virtual boost::asio::any_io_executor get_executor() const noexcept = 0;
    virtual platform_capabilities const& capabilities() const noexcept = 0;
    virtual result<std::string> check(any_address const& who) const = 0;
    virtual delivery send(any_address who, any_message what, send_options how) = 0;
    /// @param reports_exceptions  Whether an exception of the sink or of the range becomes a failure.
    virtual boost::asio::awaitable<result<send_summary>> send_each(std::shared_ptr<any_people> people, any_message what,
                                                                   any_sink sink, send_each_options how,
                                                                   bool reports_exceptions) = 0;
    virtual boost::asio::awaitable<result<any_recipient>> resolve(any_address who, call_options how) = 0;
    virtual boost::asio::awaitable<result<void>> recall(receipt sent, call_options how) = 0;
    virtual boost::asio::awaitable<result<std::vector<std::string>>> readers(receipt sent, call_options how) = 0;
    virtual boost::asio::awaitable<result<void>> warm_up(call_options how) = 0;
    virtual boost::asio::awaitable<result<diagnosis>> diagnose(std::vector<any_address> people, call_options how) = 0;
    /// @param close  Whether to refuse every further operation.
    /// @param queue  See `engine::drain`.
    virtual boost::asio::awaitable<result<void>> end(call_options how, bool close, bool queue) = 0;
};

TIDINGS_DECL result<std::unique_ptr<any_notifier_base>> make_any_notifier(boost::asio::any_io_executor ex,
                                                                          std::string_view provider,
                                                                          std::vector<std::string> const& match,
                                                                          any_credentials const& app,
                                                                          any_settings const& settings);
TIDINGS_DECL std::vector<platform_capabilities> const& all_platforms();

} // namespace detail

/// Sends messages to people on one platform, which is chosen by its name when the program runs.
///
/// Does what a `notifier` of the same platform and match strategy does, over `transport::by_scheme`, with the policies'
/// default values and what `any_settings` sets. A program that knows its platform when it is compiled uses `notifier`,
/// which finds mistakes sooner and compiles only what it needs.
///
/// @par Executor       Everything runs on the executor given to `make`: one thread, or a strand.
/// @par Thread safety  As for `notifier`.
class any_notifier : public client_end<any_notifier>
{
public:
    using executor_type = boost::asio::any_io_executor;

    /// A notifier of this platform for people who are known by this match strategy. Does no I/O.
    ///
    /// @param ex        Where everything runs.
    /// @param provider  "lark", "feishu", "dingtalk", "dingtalk_work", "wecom": `Provider::name`. `-` counts as `_`.
    /// @param match     "login_name", "phone_number", "email", or another one of the platform: `Match::name`. `-` and a
    ///                  blank count as `_`.
    /// @param app       The application that sends. Credentials that are not usable are the result of every call.
    /// @param settings  See `any_settings`.
    /// @returns `errc::invalid_argument` for an unknown name, and for a match strategy by which the platform does not
    ///          find people; `failure::message()` names the alternatives.
    ///
    /// @par Exception safety  Throws only `std::bad_alloc`.
    [[nodiscard]] static result<any_notifier> make(executor_type ex, std::string_view provider, std::string_view match,
                                                   any_credentials app, any_settings settings = any_settings())
    {
        std::vector<std::string> const links(1, std::string(match));
        return make(std::move(ex), provider, links, std::move(app), std::move(settings));
    }

    /// A notifier of this platform for people who are known by a chain of match strategies, the preferred one first: see
    /// `match::first_of`. Does no I/O.
    ///
    /// @param ex        Where everything runs.
    /// @param provider  The platform: `Provider::name`. `-` counts as `_`.
    /// @param match     Different names, at least one. One name is that match strategy itself.
    /// @param app       The application that sends. Credentials that are not usable are the result of every call.
    /// @param settings  See `any_settings`.
    /// @returns `errc::invalid_argument` for an unknown name, for a name that is there twice, and for a match strategy by
    ///          which the platform does not find people; `failure::message()` names the alternatives.
    ///
    /// @par Exception safety  Throws only `std::bad_alloc`.
    [[nodiscard]] static result<any_notifier> make(executor_type ex, std::string_view provider,
                                                   std::vector<std::string> const& match, any_credentials app,
                                                   any_settings settings = any_settings())
    {
        auto made = detail::make_any_notifier(std::move(ex), provider, match, app, settings);
        if (!made)
            return made.error();
        return any_notifier(*std::move(made));
    }

    /// The platforms that can be chosen, in the order of `capability_table`.
    static std::vector<platform_capabilities> const& platforms() { return detail::all_platforms(); }

    any_notifier(any_notifier&&) noexcept = default;
    any_notifier& operator=(any_notifier&&) noexcept = default;

    executor_type get_executor() const noexcept { return self_->get_executor(); }

    /// What the platform can do.
    platform_capabilities const& capabilities() const noexcept { return self_->capabilities(); }

    /// Checks an address without any I/O.
    ///
    /// @returns The address in the form in which it is used; of a chain as it was given, that of a person as
    ///          `any_person::text`. Or `errc::invalid_recipient`: no text is an address of the notifier's kinds, or the
    ///          person has none of these kinds.
    [[nodiscard]] result<std::string> check(any_address const& who) const { return self_->check(who); }

    /// Sends one message to one person: `notifier::send`.
    ///
    /// @param who   An address of the kind that the notifier was made for, a person who has one, or a recipient.
    /// @param what  The message.
    /// @param how   The idempotency key (random unless given), the person's language, and the deadline of this call.
    /// @returns The receipt, or the failure.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the operation, which owns the arguments.
    /// @par Executor          Must be awaited on `get_executor()`. On another executor use `async_send`.
    /// @par Per-operation cancellation  As for `notifier::send`.
    /// @par Errors
    ///   As for `notifier::send`; `errc::invalid_recipient` also for a recipient of another platform, and
    ///   for a person without any address of the notifier's kinds.
    /// @par Exception safety  Throws only `std::bad_alloc`.
    /// @par Thread safety     May be called on any thread, and must be awaited on `get_executor()`.
    [[nodiscard]] boost::asio::awaitable<result<receipt>> send(any_address who, any_message what,
                                                               send_options how = send_options())
    {
        return self_->send(std::move(who), std::move(what), std::move(how)).operation;
    }

    /// Sends one message to one person, for any completion token and from any thread: `notifier::async_send`.
    ///
    /// @param who    An address of the kind that the notifier was made for, a person who has one, or a recipient.
    /// @param what   The message.
    /// @param token  Default: `boost::asio::deferred`.
    /// @returns What the token makes of the completion signature `void(result<receipt>)`.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the call; the operation owns the other arguments.
    /// @par Executor
    ///   The operation runs on `get_executor()`. The handler is called on its associated executor, `get_executor()`
    ///   unless it has one; never inside this call.
    /// @par Per-operation cancellation
    ///   `terminal` and `partial`: completes with `errc::cancelled`, or with `errc::outcome_unknown` once the request
    ///   was being written. `total`: completes with `errc::cancelled` until the message's request is being written, and
    ///   is ignored from then on. The signal may be emitted on the calling thread.
    /// @par Errors            As for `send`. An exception of `send` becomes `errc::outcome_unknown`.
    /// @par Exception safety  This call throws only `std::bad_alloc`.
    /// @par Thread safety     May be called on any thread.
    template<class Token = boost::asio::deferred_t>
        requires detail::no_options<Token, send_options>
    [[nodiscard]] auto async_send(any_address who, any_message what, Token&& token = Token())
    {
        return async_send(std::move(who), std::move(what), send_options(), std::forward<Token>(token));
    }

    /// Sends one message to one person, with options, for any completion token and from any thread.
    ///
    /// @param who    An address of the kind that the notifier was made for, a person who has one, or a recipient.
    /// @param what   The message.
    /// @param how    The idempotency key, the person's language, and the deadline of this call.
    /// @param token  Default: `boost::asio::deferred`.
    /// @returns What the token makes of the completion signature `void(result<receipt>)`.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the call; the operation owns the other arguments.
    /// @par Executor
    ///   The operation runs on `get_executor()`. The handler is called on its associated executor, `get_executor()`
    ///   unless it has one; never inside this call.
    /// @par Per-operation cancellation
    ///   `terminal` and `partial`: completes with `errc::cancelled`, or with `errc::outcome_unknown` once the request
    ///   was being written. `total`: completes with `errc::cancelled` until the message's request is being written, and
    ///   is ignored from then on. The signal may be emitted on the calling thread.
    /// @par Errors            As for `send`. An exception of `send` becomes `errc::outcome_unknown`.
    /// @par Exception safety  This call throws only `std::bad_alloc`.
    /// @par Thread safety     May be called on any thread.
    template<class Token = boost::asio::deferred_t>
    [[nodiscard]] auto async_send(any_address who, any_message what, send_options how, Token&& token = Token())
    {
        auto begun = self_->send(std::move(who), std::move(what), std::move(how));
        return detail::async_run<receipt>(get_executor(), std::move(begun.operation), std::forward<Token>(token),
                                          begun.committed);
    }

    /// Sends one message to many people: `notifier::send_each`.
    ///
    /// @param people  A range of what `any_address` or `recipient_of<any_address>` is made of. An lvalue is referred
    /// to.
    /// @param what    The message.
    /// @param sink    Called as `sink(std::size_t index, any_address const& who, result<receipt> const& outcome)` for
    ///                each person, in the order of the range; may return an `awaitable<void>`, which is awaited.
    /// @param how     The key, how many requests at a time, how many people in memory, the deadline of each request.
    /// @returns Counts of delivered, failed and unknown; a failure when nothing was tried.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  An lvalue range must outlive the operation, which owns everything else; `*this` may go.
    /// @par Executor          Must be awaited on `get_executor()`, where `sink` is called, too.
    /// @par Per-operation cancellation  As for `notifier::send_each`.
    /// @par Errors            As for `notifier::send_each`.
    /// @par Exception safety  As for `notifier::send_each`.
    /// @par Thread safety     May be called on any thread, and must be awaited on `get_executor()`.
    template<std::ranges::input_range People, class Sink>
    [[nodiscard]] boost::asio::awaitable<result<send_summary>> send_each(People&& people, any_message what, Sink sink,
                                                                         send_each_options how = send_each_options())
    {
        return start_send_each(std::forward<People>(people), std::move(what), std::move(sink), std::move(how), false);
    }

    /// Sends one message to many people, for any completion token and from any thread: `notifier::async_send_each`.
    ///
    /// @param people  As for `send_each`. Read on `get_executor()`.
    /// @param what    The message.
    /// @param sink    As for `send_each`. Called on `get_executor()`.
    /// @param token   Default: `boost::asio::deferred`.
    /// @returns What the token makes of the completion signature `void(result<send_summary>)`.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  An lvalue range must outlive the operation, which owns everything else. `*this` must
    ///                        outlive the call.
    /// @par Executor
    ///   The operation runs on `get_executor()`. The handler is called on its associated executor, `get_executor()`
    ///   unless it has one; never inside this call.
    /// @par Per-operation cancellation
    ///   As for `notifier::async_send_each`. The signal may be emitted on the calling thread.
    /// @par Errors            As for `notifier::async_send_each`, also those of an exception of the sink or the range.
    /// @par Exception safety  This call throws only `std::bad_alloc`.
    /// @par Thread safety     May be called on any thread.
    template<std::ranges::input_range People, class Sink, class Token = boost::asio::deferred_t>
        requires detail::no_options<Token, send_each_options>
    [[nodiscard]] auto async_send_each(People&& people, any_message what, Sink sink, Token&& token = Token())
    {
        return async_send_each(std::forward<People>(people), std::move(what), std::move(sink), send_each_options(),
                               std::forward<Token>(token));
    }

    /// Sends one message to many people, with options, for any completion token and from any thread.
    ///
    /// @param people  As for `send_each`. Read on `get_executor()`.
    /// @param what    The message.
    /// @param sink    As for `send_each`. Called on `get_executor()`.
    /// @param how     The key, how many requests at a time, how many people in memory, the deadline of each request.
    /// @param token   Default: `boost::asio::deferred`.
    /// @returns What the token makes of the completion signature `void(result<send_summary>)`.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  An lvalue range must outlive the operation, which owns everything else. `*this` must
    ///                        outlive the call.
    /// @par Executor
    ///   The operation runs on `get_executor()`. The handler is called on its associated executor, `get_executor()`
    ///   unless it has one; never inside this call.
    /// @par Per-operation cancellation
    ///   As for `notifier::async_send_each`. The signal may be emitted on the calling thread.
    /// @par Errors            As for `notifier::async_send_each`, also those of an exception of the sink or the range.
    /// @par Exception safety  This call throws only `std::bad_alloc`.
    /// @par Thread safety     May be called on any thread.
    template<std::ranges::input_range People, class Sink, class Token = boost::asio::deferred_t>
    [[nodiscard]] auto async_send_each(People&& people, any_message what, Sink sink, send_each_options how,
                                       Token&& token = Token())
    {
        return detail::async_run<send_summary>(
            get_executor(),
            start_send_each(std::forward<People>(people), std::move(what), std::move(sink), std::move(how), true),
            std::forward<Token>(token));
    }

    /// The recipient that messages to `who` go to: `notifier::resolve`. Sends nothing.
    ///
    /// @param who  An address of the kind that the notifier was made for, a person who has one, or a recipient.
    /// @param how  The deadline of this call (that of the settings unless given).
    /// @returns The recipient, or the failure.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the operation, which owns the arguments.
    /// @par Executor          Must be awaited on `get_executor()`. On another executor use `async_resolve`.
    /// @par Per-operation cancellation  As for `notifier::resolve`.
    /// @par Errors
    ///   As for `notifier::resolve`.
    /// @par Exception safety  Throws only `std::bad_alloc`.
    /// @par Thread safety     May be called on any thread, and must be awaited on `get_executor()`.
    [[nodiscard]] boost::asio::awaitable<result<any_recipient>> resolve(any_address who,
                                                                        call_options how = call_options())
    {
        return self_->resolve(std::move(who), how);
    }

    /// The recipient that messages to `who` go to, for any completion token and from any thread:
    /// `notifier::async_resolve`. Sends nothing.
    ///
    /// @param who    An address of the kind that the notifier was made for, a person who has one, or a recipient.
    /// @param token  Default: `boost::asio::deferred`.
    /// @returns What the token makes of the completion signature `void(result<any_recipient>)`.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the call; the operation owns the other arguments.
    /// @par Executor
    ///   The operation runs on `get_executor()`. The handler is called on its associated executor, `get_executor()`
    ///   unless it has one; never inside this call.
    /// @par Per-operation cancellation
    ///   As for `notifier::async_resolve`. The signal may be emitted on the calling thread.
    /// @par Errors            As for `resolve`. An exception of `resolve` becomes `errc::outcome_unknown`.
    /// @par Exception safety  This call throws only `std::bad_alloc`.
    /// @par Thread safety     May be called on any thread.
    template<class Token = boost::asio::deferred_t>
        requires detail::no_options<Token, call_options>
    [[nodiscard]] auto async_resolve(any_address who, Token&& token = Token())
    {
        return async_resolve(std::move(who), call_options(), std::forward<Token>(token));
    }

    /// The recipient that messages to `who` go to, with options, for any completion token and from any thread. Sends
    /// nothing.
    ///
    /// @param who    An address of the kind that the notifier was made for, a person who has one, or a recipient.
    /// @param how    The deadline of this call.
    /// @param token  Default: `boost::asio::deferred`.
    /// @returns What the token makes of the completion signature `void(result<any_recipient>)`.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the call; the operation owns the other arguments.
    /// @par Executor
    ///   The operation runs on `get_executor()`. The handler is called on its associated executor, `get_executor()`
    ///   unless it has one; never inside this call.
    /// @par Per-operation cancellation
    ///   As for `notifier::async_resolve`. The signal may be emitted on the calling thread.
    /// @par Errors            As for `resolve`. An exception of `resolve` becomes `errc::outcome_unknown`.
    /// @par Exception safety  This call throws only `std::bad_alloc`.
    /// @par Thread safety     May be called on any thread.
    template<class Token = boost::asio::deferred_t>
    [[nodiscard]] auto async_resolve(any_address who, call_options how, Token&& token = Token())
    {
        return detail::async_run<any_recipient>(get_executor(), self_->resolve(std::move(who), how),
                                                std::forward<Token>(token));
    }

    /// Takes a message back, all its parts: `notifier::recall`.
    ///
    /// @param sent  The receipt of a `send` of the same application.
    /// @param how   The deadline of this call (that of the settings unless given).
    /// @returns Success, or the failure.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the operation, which owns the arguments.
    /// @par Executor          Must be awaited on `get_executor()`. On another executor use `async_recall`.
    /// @par Per-operation cancellation  As for `notifier::recall`.
    /// @par Errors
    ///   As for `notifier::recall`; `errc::invalid_argument` also where the platform cannot: see
    ///   `platform_capabilities::capabilities`.
    /// @par Exception safety  Throws only `std::bad_alloc`.
    /// @par Thread safety     May be called on any thread, and must be awaited on `get_executor()`.
    [[nodiscard]] boost::asio::awaitable<result<void>> recall(receipt sent, call_options how = call_options())
    {
        return self_->recall(std::move(sent), how);
    }

    /// Takes a message back, all its parts, for any completion token and from any thread: `notifier::async_recall`.
    ///
    /// @param sent   The receipt of a `send` of the same application.
    /// @param token  Default: `boost::asio::deferred`.
    /// @returns What the token makes of the completion signature `void(result<void>)`.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the call; the operation owns the other arguments.
    /// @par Executor
    ///   The operation runs on `get_executor()`. The handler is called on its associated executor, `get_executor()`
    ///   unless it has one; never inside this call.
    /// @par Per-operation cancellation
    ///   As for `notifier::async_recall`. The signal may be emitted on the calling thread.
    /// @par Errors            As for `recall`. An exception of `recall` becomes `errc::outcome_unknown`.
    /// @par Exception safety  This call throws only `std::bad_alloc`.
    /// @par Thread safety     May be called on any thread.
    template<class Token = boost::asio::deferred_t>
        requires detail::no_options<Token, call_options>
    [[nodiscard]] auto async_recall(receipt sent, Token&& token = Token())
    {
        return async_recall(std::move(sent), call_options(), std::forward<Token>(token));
    }

    /// Takes a message back, all its parts, with options, for any completion token and from any thread.
    ///
    /// @param sent   The receipt of a `send` of the same application.
    /// @param how    The deadline of this call.
    /// @param token  Default: `boost::asio::deferred`.
    /// @returns What the token makes of the completion signature `void(result<void>)`.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the call; the operation owns the other arguments.
    /// @par Executor
    ///   The operation runs on `get_executor()`. The handler is called on its associated executor, `get_executor()`
    ///   unless it has one; never inside this call.
    /// @par Per-operation cancellation
    ///   As for `notifier::async_recall`. The signal may be emitted on the calling thread.
    /// @par Errors            As for `recall`. An exception of `recall` becomes `errc::outcome_unknown`.
    /// @par Exception safety  This call throws only `std::bad_alloc`.
    /// @par Thread safety     May be called on any thread.
    template<class Token = boost::asio::deferred_t>
    [[nodiscard]] auto async_recall(receipt sent, call_options how, Token&& token = Token())
    {
        return detail::async_run<void>(get_executor(), self_->recall(std::move(sent), how), std::forward<Token>(token));
    }

    /// The ids of those who have read a message: `notifier::readers`.
    ///
    /// @param sent  The receipt of a `send` of the same application.
    /// @param how   The deadline of this call (that of the settings unless given).
    /// @returns Sorted ids, or the failure. Empty when it was not read yet.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the operation, which owns the arguments.
    /// @par Executor          Must be awaited on `get_executor()`. On another executor use `async_readers`.
    /// @par Per-operation cancellation  As for `notifier::readers`.
    /// @par Errors
    ///   As for `notifier::readers`; `errc::invalid_argument` also where the platform cannot tell: see
    ///   `platform_capabilities::capabilities`.
    /// @par Exception safety  Throws only `std::bad_alloc`.
    /// @par Thread safety     May be called on any thread, and must be awaited on `get_executor()`.
    [[nodiscard]] boost::asio::awaitable<result<std::vector<std::string>>> readers(receipt sent,
                                                                                   call_options how = call_options())
    {
        return self_->readers(std::move(sent), how);
    }

    /// The ids of those who have read a message, for any completion token and from any thread:
    /// `notifier::async_readers`.
    ///
    /// @param sent   The receipt of a `send` of the same application.
    /// @param token  Default: `boost::asio::deferred`.
    /// @returns What the token makes of the completion signature `void(result<std::vector<std::string>>)`.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the call; the operation owns the other arguments.
    /// @par Executor
    ///   The operation runs on `get_executor()`. The handler is called on its associated executor, `get_executor()`
    ///   unless it has one; never inside this call.
    /// @par Per-operation cancellation
    ///   As for `notifier::async_readers`. The signal may be emitted on the calling thread.
    /// @par Errors            As for `readers`. An exception of `readers` becomes `errc::outcome_unknown`.
    /// @par Exception safety  This call throws only `std::bad_alloc`.
    /// @par Thread safety     May be called on any thread.
    template<class Token = boost::asio::deferred_t>
        requires detail::no_options<Token, call_options>
    [[nodiscard]] auto async_readers(receipt sent, Token&& token = Token())
    {
        return async_readers(std::move(sent), call_options(), std::forward<Token>(token));
    }

    /// The ids of those who have read a message, with options, for any completion token and from any thread.
    ///
    /// @param sent   The receipt of a `send` of the same application.
    /// @param how    The deadline of this call.
    /// @param token  Default: `boost::asio::deferred`.
    /// @returns What the token makes of the completion signature `void(result<std::vector<std::string>>)`.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the call; the operation owns the other arguments.
    /// @par Executor
    ///   The operation runs on `get_executor()`. The handler is called on its associated executor, `get_executor()`
    ///   unless it has one; never inside this call.
    /// @par Per-operation cancellation
    ///   As for `notifier::async_readers`. The signal may be emitted on the calling thread.
    /// @par Errors            As for `readers`. An exception of `readers` becomes `errc::outcome_unknown`.
    /// @par Exception safety  This call throws only `std::bad_alloc`.
    /// @par Thread safety     May be called on any thread.
    template<class Token = boost::asio::deferred_t>
    [[nodiscard]] auto async_readers(receipt sent, call_options how, Token&& token = Token())
    {
        return detail::async_run<std::vector<std::string>>(get_executor(), self_->readers(std::move(sent), how),
                                                           std::forward<Token>(token));
    }

    /// Fetches an access token and opens a connection unless there are some: `notifier::warm_up`.
    ///
    /// @param how  The deadline of this call (that of the settings unless given).
    /// @returns Success, or the failure.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the operation, which owns the arguments.
    /// @par Executor          Must be awaited on `get_executor()`. On another executor use `async_warm_up`.
    /// @par Per-operation cancellation  As for `notifier::warm_up`.
    /// @par Errors
    ///   As for `notifier::warm_up`.
    /// @par Exception safety  Throws only `std::bad_alloc`.
    /// @par Thread safety     May be called on any thread, and must be awaited on `get_executor()`.
    [[nodiscard]] boost::asio::awaitable<result<void>> warm_up(call_options how = call_options())
    {
        return self_->warm_up(how);
    }

    /// Fetches an access token and opens a connection unless there are some, for any completion token and from any
    /// thread: `notifier::async_warm_up`.
    ///
    /// @param token  Default: `boost::asio::deferred`.
    /// @returns What the token makes of the completion signature `void(result<void>)`.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the call; the operation owns the other arguments.
    /// @par Executor
    ///   The operation runs on `get_executor()`. The handler is called on its associated executor, `get_executor()`
    ///   unless it has one; never inside this call.
    /// @par Per-operation cancellation
    ///   As for `notifier::async_warm_up`. The signal may be emitted on the calling thread.
    /// @par Errors            As for `warm_up`. An exception of `warm_up` becomes `errc::outcome_unknown`.
    /// @par Exception safety  This call throws only `std::bad_alloc`.
    /// @par Thread safety     May be called on any thread.
    template<class Token = boost::asio::deferred_t>
        requires detail::no_options<Token, call_options>
    [[nodiscard]] auto async_warm_up(Token&& token = Token())
    {
        return async_warm_up(call_options(), std::forward<Token>(token));
    }

    /// Fetches an access token and opens a connection unless there are some, with options, for any completion token and
    /// from any thread.
    ///
    /// @param how    The deadline of this call.
    /// @param token  Default: `boost::asio::deferred`.
    /// @returns What the token makes of the completion signature `void(result<void>)`.
    ///
    /// @par Preconditions     The notifier has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the call; the operation owns the other arguments.
    /// @par Executor
    ///   The operation runs on `get_executor()`. The handler is called on its associated executor, `get_executor()`
    ///   unless it has one; never inside this call.
    /// @par Per-operation cancellation
    ///   As for `notifier::async_warm_up`. The signal may be emitted on the calling thread.
    /// @par Errors            As for `warm_up`. An exception of `warm_up` becomes `errc::outcome_unknown`.
    /// @par Exception safety  This call throws only `std::bad_alloc`.
    /// @par Thread safety     May be called on any thread.
    template<class Token = boost::asio::deferred_t>
    [[nodiscard]] auto async_warm_up(call_options how, Token&& token = Token())
    {
        return detail::async_run<void>(get_executor(), self_->warm_up(how), std::forward<Token>(token));
    }

    /// Checks whether messages to people would be delivered, and sends none: `tidings::diagnose`.
    ///
    /// @param people  Addresses; of a chain each strategy is tried of which the text is an address, or for which the
    ///                person has a text. May be empty.
    /// @param how     The deadline of each request; the settings' unless given.
    /// @returns All checks, also when they fail.
    ///
    /// @par Object lifetimes  `*this` must outlive the call, not the operation, which owns `people`.
    /// @par Executor          Must be awaited on `get_executor()`. On another executor use `async_diagnose`.
    /// @par Per-operation cancellation  As for `diagnose` of `tidings/diagnose.hpp`.
    /// @par Errors            `errc::cancelled`
    /// @par Exception safety  Throws only `std::bad_alloc`.
    /// @par Thread safety     May be called on any thread, and must be awaited on `get_executor()`.
    [[nodiscard]] boost::asio::awaitable<result<diagnosis>> diagnose(
        std::vector<any_address> people = std::vector<any_address>(), call_options how = call_options())
    {
        return self_->diagnose(std::move(people), how);
    }

    /// Checks whether messages to people would be delivered, for any completion token and from any thread.
    ///
    /// @param people  As for `diagnose`.
    /// @param token   Default: `boost::asio::deferred`.
    /// @returns What the token makes of the completion signature `void(result<diagnosis>)`.
    ///
    /// @par Object lifetimes  As for `diagnose`.
    /// @par Executor
    ///   The operation runs on `get_executor()`. The handler is called on its associated executor, `get_executor()`
    ///   unless it has one; never inside this call.
    /// @par Per-operation cancellation
    ///   `terminal`, `partial` and `total`: completes with `errc::cancelled`.
    /// @par Errors            As for `diagnose`. An exception of `diagnose` becomes `errc::outcome_unknown`.
    /// @par Exception safety  This call throws only `std::bad_alloc`.
    /// @par Thread safety     May be called on any thread.
    template<class Token = boost::asio::deferred_t>
        requires detail::no_options<Token, call_options>
    [[nodiscard]] auto async_diagnose(std::vector<any_address> people, Token&& token = Token())
    {
        return async_diagnose(std::move(people), call_options(), std::forward<Token>(token));
    }

    /// Checks whether messages to people would be delivered, with options, for any completion token and from any
    /// thread.
    ///
    /// @param people  As for `diagnose`.
    /// @param how     As for `diagnose`.
    /// @param token   Default: `boost::asio::deferred`.
    /// @returns What the token makes of the completion signature `void(result<diagnosis>)`.
    ///
    /// @par Object lifetimes  As for `diagnose`.
    /// @par Executor
    ///   The operation runs on `get_executor()`. The handler is called on its associated executor, `get_executor()`
    ///   unless it has one; never inside this call.
    /// @par Per-operation cancellation
    ///   `terminal`, `partial` and `total`: completes with `errc::cancelled`.
    /// @par Errors            As for `diagnose`. An exception of `diagnose` becomes `errc::outcome_unknown`.
    /// @par Exception safety  This call throws only `std::bad_alloc`.
    /// @par Thread safety     May be called on any thread.
    template<class Token = boost::asio::deferred_t>
    [[nodiscard]] auto async_diagnose(std::vector<any_address> people, call_options how, Token&& token = Token())
    {
        return detail::async_run<diagnosis>(get_executor(), self_->diagnose(std::move(people), how),
                                            std::forward<Token>(token));
    }

private:
    friend class client_end<any_notifier>;

    boost::asio::awaitable<result<void>> end(call_options how, bool close, bool queue)
    {
        return self_->end(how, close, queue);
    }

    template<class People, class Sink>
    boost::asio::awaitable<result<send_summary>> start_send_each(People&& people, any_message what, Sink sink,
                                                                 send_each_options how, bool reports_exceptions)
    {
        static_assert(std::constructible_from<recipient_of<any_address>, std::ranges::range_reference_t<People>>,
                      "tidings: the people are neither texts nor recipients");
        static_assert(std::invocable<Sink&, std::size_t, any_address const&, result<receipt> const&>,
                      "tidings: the sink is called with an index, an any_address and a result<receipt>");
        using view = std::views::all_t<People>;
        return self_->send_each(
            std::make_shared<detail::people_in<view>>(std::views::all(std::forward<People>(people))), std::move(what),
            detail::make_any_sink(std::move(sink)), std::move(how), reports_exceptions);
    }

    explicit any_notifier(std::unique_ptr<detail::any_notifier_base> self) noexcept : self_(std::move(self)) {}

    std::unique_ptr<detail::any_notifier_base> self_;
};

} // namespace tidings::inline v0

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/impl/any_notifier.ipp>
#endif

#endif
