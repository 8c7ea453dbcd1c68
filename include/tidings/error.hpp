// What can go wrong, and what a person can do about it.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_ERROR_HPP
#define TIDINGS_ERROR_HPP

#include <tidings/detail/config.hpp>

#include <boost/assert/source_location.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>
#include <boost/system/error_category.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>
#include <boost/throw_exception.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace tidings::inline v0 {

using boost::system::error_code;

/// The kinds of failure, the same for every platform. Values are stable; 0 is success and no kind.
enum class errc
{
    /// The platform does not accept the application's id and secret. Copy both again from its console.
    bad_credentials = 1,
    /// The platform does not accept the access token, not even a fresh one.
    token_rejected,
    /// The application lacks a permission (scope). `failure::scopes()` lists the scopes, `failure::link()` is the page.
    permission_missing,
    /// The application is disabled, not installed, or its current version is not released.
    app_not_published,
    /// The application has no bot, or the version that adds it is not released.
    bot_disabled,
    /// The platform refuses requests from this IP address: `failure::refused_ip()`.
    ip_not_allowed,
    /// No person has the address, or the application may not see the person.
    recipient_not_found,
    /// The person exists, and the message may not or cannot reach them.
    recipient_unreachable,
    /// The platform names more than one person for the address.
    ambiguous_recipient,
    /// The platform does not accept the content of the message.
    message_invalid,
    /// The message is over the platform's size limit.
    message_too_long,
    /// The platform limits the rate of requests. `failure::wait()` is the time to wait, if it is known.
    rate_limited,
    /// The plan's quota is used up. Waiting minutes does not help.
    quota_exhausted,
    /// The platform failed. Trying later may help.
    server_error,
    /// The answer is not one of the platform. Check the base URL, and proxies between the program and the platform.
    protocol_error,
    /// The platform refused with a code that the library does not know; its code and text are among the facts.
    platform_error,
    /// No connection to the platform could be made.
    connect_failed,
    /// The platform's identity could not be verified, or the TLS handshake failed.
    tls_failed,
    /// The deadline passed before the platform had the request.
    timed_out,
    /// The caller cancelled before the platform had the request.
    cancelled,
    /// The platform may have accepted the message; its answer was lost or unclear.
    outcome_unknown,
    /// Too many messages are waiting.
    queue_full,
    /// A setting of the notifier, an idempotency key or a receipt is not valid, and no byte was sent. Or the platform
    /// refused a parameter.
    invalid_argument,
    /// The proxy refused the connection. The message contains its answer.
    proxy_refused,
    /// The platform dropped the message because the person received the same content before.
    duplicate_message,
    /// Of a long text that was divided, the first parts were delivered and the rest was not, or of a department or tag
    /// of WeCom some members were not reached. The message has the number; `failure::cause()` is the reason. Or the sink
    /// or the range of `async_send_each` threw: the message has the exception's text and the counts of the outcomes.
    partly_delivered,
    /// The address or the id of the recipient is not valid. No byte was sent. `failure::recipient()` is the address.
    invalid_recipient
};

/// Questions that apply across kinds: `if (failure.code() == condition::transient) …`.
enum class condition
{
    /// The same call may succeed later without any change.
    transient = 1,
    /// An administrator has to change the application's set-up.
    configuration,
    /// It concerns this recipient; others can be reached.
    recipient,
    /// It concerns this message; another one can be sent.
    message,
    /// The platform was not reached, or its answer did not arrive.
    connection,
    /// It is not known whether the message was delivered.
    unknown
};

/// Languages of remedies.
enum class language
{
    english,
    chinese
};

} // namespace tidings::inline v0

namespace boost::system {
template<>
struct is_error_code_enum<tidings::errc> : std::true_type
{
};
template<>
struct is_error_condition_enum<tidings::condition> : std::true_type
{
};
} // namespace boost::system

namespace tidings::inline v0 {

namespace detail {

constexpr char const* describe(errc e) noexcept
{
    switch (e)
    {
    case errc::bad_credentials: return "the platform does not accept the application's id or secret";
    case errc::token_rejected: return "the platform does not accept the access token";
    case errc::permission_missing: return "the application lacks a permission";
    case errc::app_not_published: return "the application is not enabled in this organisation";
    case errc::bot_disabled: return "the application's bot is not available";
    case errc::ip_not_allowed: return "the platform refuses the address this program calls from";
    case errc::recipient_not_found: return "failed to obtain the user id of the recipient";
    case errc::recipient_unreachable: return "the recipient cannot be reached";
    case errc::ambiguous_recipient: return "more than one person matches the recipient";
    case errc::message_invalid: return "the message is not valid";
    case errc::message_too_long: return "the message is too long";
    case errc::rate_limited: return "the platform limits the rate of requests";
    case errc::quota_exhausted: return "the quota is used up";
    case errc::server_error: return "the platform failed";
    case errc::protocol_error: return "the answer is not the platform's protocol";
    case errc::platform_error: return "the platform refused the request";
    case errc::connect_failed: return "no connection to the platform";
    case errc::tls_failed: return "no trusted TLS connection to the platform";
    case errc::timed_out: return "the deadline passed";
    case errc::cancelled: return "the operation was cancelled";
    case errc::outcome_unknown: return "the message may have been delivered or not: the answer was lost";
    case errc::queue_full: return "too many messages are waiting";
    case errc::invalid_argument: return "an argument or a setting is not valid";
    case errc::proxy_refused: return "the proxy refused the connection";
    case errc::duplicate_message: return "the person has the same message already";
    case errc::partly_delivered: return "the message was delivered in part";
    case errc::invalid_recipient: return "the address of the recipient is not valid";
    }
    return "unknown tidings error";
}

constexpr char const* describe(condition c) noexcept
{
    switch (c)
    {
    case condition::transient: return "transient";
    case condition::configuration: return "configuration";
    case condition::recipient: return "recipient";
    case condition::message: return "message";
    case condition::connection: return "connection";
    case condition::unknown: return "unknown outcome";
    }
    return "unknown tidings condition";
}

constexpr bool belongs(errc e, condition c) noexcept
{
    switch (e)
    {
    case errc::bad_credentials:
    case errc::token_rejected:
    case errc::permission_missing:
    case errc::app_not_published:
    case errc::bot_disabled:
    case errc::ip_not_allowed:
    case errc::quota_exhausted: return c == condition::configuration;
    case errc::recipient_not_found:
    case errc::recipient_unreachable:
    case errc::ambiguous_recipient:
    case errc::invalid_recipient: return c == condition::recipient;
    case errc::message_invalid:
    case errc::message_too_long:
    case errc::duplicate_message: return c == condition::message;
    case errc::rate_limited:
    case errc::server_error:
    case errc::queue_full: return c == condition::transient;
    case errc::connect_failed:
    case errc::timed_out: return c == condition::transient || c == condition::connection;
    case errc::tls_failed:
    case errc::proxy_refused: return c == condition::configuration || c == condition::connection;
    case errc::outcome_unknown: return c == condition::unknown || c == condition::connection;
    case errc::partly_delivered: return c == condition::unknown;
    case errc::protocol_error: return c == condition::connection;
    case errc::platform_error:
    case errc::cancelled:
    case errc::invalid_argument: return false;
    }
    return false;
}

// The ids are fixed, so that codes made in two shared libraries compare equal.
class error_category final : public boost::system::error_category
{
public:
    constexpr error_category() noexcept : boost::system::error_category(0x7d1d1265e55a9e01u) {}
    char const* name() const noexcept override { return "tidings"; }
    std::string message(int value) const override { return describe(static_cast<errc>(value)); }
    char const* message(int value, char*, std::size_t) const noexcept override
    {
        return describe(static_cast<errc>(value));
    }
    boost::system::error_condition default_error_condition(int value) const noexcept override
    {
        namespace portable = boost::system::errc;
        switch (static_cast<errc>(value))
        {
        case errc::bad_credentials:
        case errc::token_rejected:
        case errc::permission_missing:
        case errc::app_not_published:
        case errc::bot_disabled:
        case errc::ip_not_allowed:
        case errc::proxy_refused: return portable::make_error_condition(portable::permission_denied);
        case errc::recipient_unreachable: return portable::make_error_condition(portable::host_unreachable);
        case errc::message_too_long: return portable::make_error_condition(portable::message_size);
        case errc::message_invalid: return portable::make_error_condition(portable::bad_message);
        case errc::rate_limited:
        case errc::queue_full: return portable::make_error_condition(portable::resource_unavailable_try_again);
        case errc::protocol_error: return portable::make_error_condition(portable::protocol_error);
        case errc::connect_failed: return portable::make_error_condition(portable::not_connected);
        case errc::timed_out: return portable::make_error_condition(portable::timed_out);
        case errc::cancelled: return portable::make_error_condition(portable::operation_canceled);
        case errc::invalid_argument:
        case errc::invalid_recipient: return portable::make_error_condition(portable::invalid_argument);
        case errc::recipient_not_found:
        case errc::ambiguous_recipient:
        case errc::quota_exhausted:
        case errc::server_error:
        case errc::platform_error:
        case errc::tls_failed:
        case errc::outcome_unknown:
        case errc::duplicate_message:
        case errc::partly_delivered: break;
        }
        return {value, *this};
    }
};

inline constexpr error_category category_instance{};

class condition_category final : public boost::system::error_category
{
public:
    constexpr condition_category() noexcept : boost::system::error_category(0x7d1d1265e55a9e02u) {}
    char const* name() const noexcept override { return "tidings.condition"; }
    std::string message(int value) const override { return describe(static_cast<condition>(value)); }
    bool equivalent(error_code const& ec, int value) const noexcept override
    {
        return ec.category() == category_instance &&
               belongs(static_cast<errc>(ec.value()), static_cast<condition>(value));
    }
};

inline constexpr condition_category condition_category_instance{};

} // namespace detail

/// The name of an enumerator, as in the source: for logs and machine-readable output.
constexpr std::string_view to_string(errc e) noexcept
{
    switch (e)
    {
    case errc::bad_credentials: return "bad_credentials";
    case errc::token_rejected: return "token_rejected";
    case errc::permission_missing: return "permission_missing";
    case errc::app_not_published: return "app_not_published";
    case errc::bot_disabled: return "bot_disabled";
    case errc::ip_not_allowed: return "ip_not_allowed";
    case errc::recipient_not_found: return "recipient_not_found";
    case errc::recipient_unreachable: return "recipient_unreachable";
    case errc::ambiguous_recipient: return "ambiguous_recipient";
    case errc::message_invalid: return "message_invalid";
    case errc::message_too_long: return "message_too_long";
    case errc::rate_limited: return "rate_limited";
    case errc::quota_exhausted: return "quota_exhausted";
    case errc::server_error: return "server_error";
    case errc::protocol_error: return "protocol_error";
    case errc::platform_error: return "platform_error";
    case errc::connect_failed: return "connect_failed";
    case errc::tls_failed: return "tls_failed";
    case errc::timed_out: return "timed_out";
    case errc::cancelled: return "cancelled";
    case errc::outcome_unknown: return "outcome_unknown";
    case errc::queue_full: return "queue_full";
    case errc::invalid_argument: return "invalid_argument";
    case errc::proxy_refused: return "proxy_refused";
    case errc::duplicate_message: return "duplicate_message";
    case errc::partly_delivered: return "partly_delivered";
    case errc::invalid_recipient: return "invalid_recipient";
    }
    return "unknown";
}

/// The name of an enumerator, as in the source.
constexpr std::string_view to_string(condition c) noexcept
{
    switch (c)
    {
    case condition::transient: return "transient";
    case condition::configuration: return "configuration";
    case condition::recipient: return "recipient";
    case condition::message: return "message";
    case condition::connection: return "connection";
    case condition::unknown: return "unknown";
    }
    return "unknown";
}

/// The category of `errc`.
constexpr boost::system::error_category const& category() noexcept
{
    return detail::category_instance;
}

inline error_code make_error_code(errc e) noexcept
{
    return {static_cast<int>(e), detail::category_instance};
}

inline boost::system::error_condition make_error_condition(condition c) noexcept
{
    return {static_cast<int>(c), detail::condition_category_instance};
}

/// What a person can do about a failure, in two languages. `{scopes}`, `{link}`, `{ip}`, `{wait}`, `{console}` and
/// `{app}` are replaced by the facts when the text is rendered; a sentence whose fact is missing is left out.
struct remedy_text
{
    constexpr remedy_text(std::string_view en, std::string_view zh) noexcept : english(en), chinese(zh) {}

    std::string_view english;
    std::string_view chinese;
};

namespace detail {

/// A remedy with its texts inside, so that a linker can leave it out of a program that does not refer to it. It cannot
/// with literals: those of a whole source file are in one section.
template<std::size_t English, std::size_t Chinese>
struct stored_remedy : remedy_text
{
    constexpr stored_remedy(char const (&en)[English], char const (&zh)[Chinese]) noexcept
        : remedy_text({english_text, English - 1}, {chinese_text, Chinese - 1})
    {
        for (std::size_t i = 0; i != English; ++i)
            english_text[i] = en[i];
        for (std::size_t i = 0; i != Chinese; ++i)
            chinese_text[i] = zh[i];
    }
    stored_remedy(stored_remedy const&) = delete;
    stored_remedy& operator=(stored_remedy const&) = delete;

    char english_text[English]{};
    char chinese_text[Chinese]{};
};

} // namespace detail

/// The facts of one failure. Filled where the failure is found, immutable once it travels in a `failure`.
class diagnostics : public boost::intrusive_ref_counter<diagnostics>
{
public:
    diagnostics() = default;
    diagnostics(diagnostics const&) = default;
    diagnostics& operator=(diagnostics const&) = default;
    /// Wipes the texts: a peer's text may contain secrets.
    ~diagnostics();

    std::string_view platform;       ///< "lark", "feishu", …; empty when no platform was involved.
    std::string_view operation;      ///< "send message", "look up person", … .
    std::string recipient;           ///< The address or id that the call was given. Personal data: not in `message()`.
    std::string detail;              ///< The library's own text about this case; safe to log.
    std::string platform_code;       ///< The platform's code, as text.
    std::string platform_message;    ///< The platform's text. It may repeat what the caller sent.
    std::string log_id;              ///< The id that the platform's support asks for.
    unsigned http_status = 0;        ///< 0: no answer arrived.
    bool foreign = false;            ///< Whether the answer was not the platform's, but a gateway's or half of one.
    unsigned attempts = 0;           ///< Requests made for this operation, those of a stale connection not counted.
    error_code cause;                ///< The network's error, or the kind behind `errc::outcome_unknown`.
    std::vector<std::string> links;  ///< The reason of each link of a chain of addresses, in order.
    std::vector<std::string> scopes; ///< Permissions of which one is missing.
    std::string link;                ///< The page on which to change that.
    std::string console;             ///< The developer console of the platform.
    std::string app_id;              ///< The application concerned.
    std::string refused_ip;          ///< The address the platform refused.
    std::string_view unused_proxy;   ///< The environment's variable that names a proxy which was not used; a literal.
    std::optional<std::chrono::seconds> wait; ///< How long the platform asks to wait.
    remedy_text const* remedy = nullptr;      ///< A remedy better than the kind's own.
};

/// Why an operation did not succeed: a code, and the facts beside it. Cheap to copy; the facts are shared.
///
/// @par Thread safety  Distinct objects: safe, also when they share facts.
class failure
{
public:
    /// No failure: `code()` is success.
    failure() noexcept = default;
    /// A failure of any category, without facts.
    failure(error_code ec) noexcept : code_(ec) {}
    /// A failure without facts.
    failure(errc e) noexcept : code_(make_error_code(e)) {}
    /// A failure with facts. See `make_failure`.
    failure(errc e, boost::intrusive_ptr<diagnostics const> facts) noexcept
        : code_(make_error_code(e)), facts_(std::move(facts))
    {
    }

    /// The code: an `errc` in the failures of every operation of this library. Compare it with an `errc`, or with a
    /// `condition`, which covers several kinds.
    error_code code() const noexcept { return code_; }

    /// The kind, for a `switch`. `errc{}`, which is no enumerator, for success and for a code that is not an `errc`.
    ///
    /// A condition cannot be switched on, because a kind may belong to several conditions.
    errc kind() const noexcept { return code_.category() == category() ? static_cast<errc>(code_.value()) : errc{}; }

    /// The facts, or null if there are none beyond the code.
    diagnostics const* facts() const noexcept { return facts_.get(); }

    /// The platform's name, such as `lark`; empty if no platform was involved.
    std::string_view platform() const noexcept { return facts_ ? facts_->platform : std::string_view{}; }
    /// The operation that failed: "send message", "look up person", … .
    std::string_view operation() const noexcept { return facts_ ? facts_->operation : std::string_view{}; }
    /// The recipient that the failure concerns: the address or the id that the call was given; of a chain its first
    /// address. Empty unless the failure belongs to `condition::recipient`. Personal data, and therefore not part of
    /// `message()`; use `printable_text` before you print it.
    std::string_view recipient() const noexcept { return view(&diagnostics::recipient); }
    /// The platform's own code as text; empty if the platform did not answer.
    std::string_view platform_code() const noexcept { return view(&diagnostics::platform_code); }
    /// The platform's own text; empty if it sent none. It may repeat what the caller sent, so it may be personal data.
    std::string_view platform_message() const noexcept { return view(&diagnostics::platform_message); }
    /// The id by which the platform's support finds the request; empty if no answer arrived. Like every single fact of
    /// an answer, it is the platform's text without secrets and tokens: use `printable_text` before you print it.
    /// `message()` and `remedy()` are printable.
    std::string_view log_id() const noexcept { return view(&diagnostics::log_id); }
    /// The permissions of which one is sufficient; empty unless the code is `errc::permission_missing`.
    std::vector<std::string> scopes() const { return facts_ ? facts_->scopes : std::vector<std::string>{}; }
    /// The reason of each link of a chain of addresses, in order; empty unless a chain found no one.
    std::vector<std::string> links() const { return facts_ ? facts_->links : std::vector<std::string>{}; }
    /// The page on which an administrator can correct it; empty if there is none.
    std::string_view link() const noexcept { return view(&diagnostics::link); }
    /// The address that `errc::ip_not_allowed` is about.
    std::string_view refused_ip() const noexcept { return view(&diagnostics::refused_ip); }
    /// How long to wait before the next request: the platform's wish, or the time that follows from the limit.
    std::optional<std::chrono::seconds> wait() const noexcept
    {
        return facts_ ? facts_->wait : std::optional<std::chrono::seconds>{};
    }
    /// The HTTP status of the answer; 0 if no answer arrived.
    unsigned http_status() const noexcept { return facts_ ? facts_->http_status : 0; }
    /// Requests made for the operation that failed; 0 if it failed before the first.
    unsigned attempts() const noexcept { return facts_ ? facts_->attempts : 0; }
    /// The error behind this one: the network's error, for `errc::outcome_unknown` the error of the answer, for
    /// `errc::partly_delivered` the error that stopped the rest.
    error_code cause() const noexcept { return facts_ ? facts_->cause : error_code{}; }

    /// What a person can do about it, in one or two sentences.
    ///
    /// @param lang  The language of the sentences.
    std::string remedy(language lang = language::english) const;

    /// What happened: platform, operation, kind, the library's detail, the platform's code, message and log id. One line
    /// of valid UTF-8 without control characters, without secrets and tokens. The platform's message may repeat what the
    /// caller sent. Neither the recipient nor the remedy is part of it.
    std::string message() const;

    /// Writes `message()`, followed by the English remedy.
    friend std::ostream& operator<<(std::ostream& out, failure const& f);

    friend bool operator==(failure const& f, error_code const& ec) noexcept { return f.code_ == ec; }
    friend bool operator==(failure const& f, errc e) noexcept { return f.code_ == make_error_code(e); }
    friend bool operator==(failure const& f, condition c) noexcept { return f.code_ == make_error_condition(c); }

private:
    std::string_view view(std::string diagnostics::* member) const noexcept
    {
        return facts_ ? std::string_view{(*facts_).*member} : std::string_view{};
    }

    error_code code_;
    boost::intrusive_ptr<diagnostics const> facts_;
};

/// Makes a failure with a text about this case: for policies, match strategies and platforms of your own.
///
/// @param kind    The kind.
/// @param detail  Part of `message()`, so it must contain neither secrets nor addresses. One sentence without a full
///                stop.
TIDINGS_COLD inline failure make_failure(errc kind, std::string detail)
{
    boost::intrusive_ptr<diagnostics> facts(new diagnostics);
    facts->detail = std::move(detail);
    return {kind, std::move(facts)};
}

/// Makes a failure with any facts.
///
/// @param kind  The kind.
/// @param fill  Called once as `fill(diagnostics&)`.
template<class Fill>
    requires std::invocable<Fill&, diagnostics&>
TIDINGS_COLD failure make_failure(errc kind, Fill&& fill)
{
    boost::intrusive_ptr<diagnostics> facts(new diagnostics);
    fill(*facts);
    return {kind, std::move(facts)};
}

/// Thrown by `result<T>::value()`. Carries the failure.
class error : public boost::system::system_error
{
public:
    /// Makes an exception of a failure.
    explicit error(failure f);

    /// The failure.
    failure const& why() const noexcept { return why_; }

private:
    failure why_;
};

/// Found by argument-dependent look-up from `result<T>::value()`.
[[noreturn]] void throw_exception_from_error(failure const& f, boost::source_location const& where);

namespace detail {
/// A text of a remedy with the facts in place of its `{names}`.
TIDINGS_DECL std::string render(std::string_view text, diagnostics const& facts);
} // namespace detail

} // namespace tidings::inline v0

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/impl/error.ipp>
#endif

#endif
