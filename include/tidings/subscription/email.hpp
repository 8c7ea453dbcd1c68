// Sends e-mail through an SMTP server, also as a route. Optional: no other header includes this one.
//
// Needs POSIX and libcurl 7.88 or newer with its threaded resolver, as Debian's: `apt-get install libcurl4-openssl-dev`, in
// CMake `find_package(CURL)` and `target_link_libraries(app PRIVATE CURL::libcurl)`.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SUBSCRIPTION_EMAIL_HPP
#define TIDINGS_SUBSCRIPTION_EMAIL_HPP

#include <tidings/config/channels.hpp>
#include <tidings/detail/address.hpp>
#include <tidings/detail/crypto.hpp>
#include <tidings/detail/duration.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/detail/on_executor.hpp>
#include <tidings/detail/platform_text.hpp>
#include <tidings/impl/completion.hpp>
#include <tidings/impl/derived_key.hpp>
#include <tidings/message/localized.hpp>
#include <tidings/message/notice.hpp>
#include <tidings/printable_text.hpp>
#include <tidings/receipt.hpp>
#include <tidings/result.hpp>
#include <tidings/secret.hpp>
#include <tidings/send_options.hpp>
#include <tidings/subscription/delivery.hpp>
#include <tidings/subscription/detail/smtp_client.hpp>
#include <tidings/subscription/detail/smtp_dialogue.hpp>
#include <tidings/subscription/detail/smtp_message.hpp>
#include <tidings/subscription/route.hpp>
#include <tidings/wire/detail/redaction.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/error_code.hpp>

#include <curl/curl.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace tidings::inline v0::subscription {

/// An e-mail to one person.
class mail
{
public:
    /// @param k       Names this message to this person. The same key gives the same `Message-ID`.
    /// @param title   The subject. A line break in it becomes a blank.
    /// @param plain   The plain text.
    /// @param markup  The same in HTML, for the mail programs that show it. Empty: the message has the plain text only.
    mail(idempotency_key k, std::string title, std::string plain, std::string markup = std::string())
        : key(std::move(k)), subject(std::move(title)), text(std::move(plain)), html(std::move(markup))
    {
    }

    idempotency_key key;
    std::string subject;
    std::string text;
    std::string html;
};

namespace detail {

/// One message of a mail server's client, from its parts to its outcome.
class smtp_send
{
public:
    smtp_send(config::smtp_settings const& settings, asio::any_io_executor const& ex) : settings_(&settings), ex_(ex) {}

    /// Checks everything and makes the transfer. No byte is sent.
    result<void> prepare(std::string_view to, mail const& what, call_options const& how)
    {
        constexpr std::chrono::seconds default_deadline{30};
        auto const limit = how.deadline().value_or(default_deadline);
        if (limit <= limit.zero())
            return make_failure(errc::invalid_argument, "the deadline is not more than zero");
        deadline_ = std::chrono::steady_clock::now() + tidings::detail::bounded(limit);
        if (auto const valid = tidings::detail::check_key(what.key); !valid)
            return valid.error();
        auto const sender = mailbox(settings_->from, "sender", errc::invalid_argument);
        if (!sender)
            return sender.error();
        auto const address = mailbox(to, "email", errc::invalid_recipient);
        if (!address)
            return address.error();
        auto const subject = checked_subject(what.subject);
        if (!subject)
            return subject.error();
        auto const text = checked_body(what.text, "the plain text");
        if (!text)
            return text.error();
        auto const html = checked_body(what.html, "the HTML text");
        if (!html)
            return html.error();
        message_id_ = message_id_of(what.key, *sender);
        mail_parts parts;
        parts.from = *sender;
        parts.to = *address;
        parts.message_id = message_id_;
        parts.subject = *subject;
        parts.text = *text;
        parts.html = *html;
        parts.date = std::chrono::system_clock::now();
        transfer_ = std::make_unique<smtp_transfer>(ex_, deadline_);
        transfer_->from = *sender;
        transfer_->to = *address;
        transfer_->content = mail_content(parts);
        return configure(limit);
    }

    smtp_transfer& transfer() noexcept { return *transfer_; }

    /// The result of the transfer, which has ended or is given up.
    result<receipt> outcome() const
    {
        auto const& t = *transfer_;
        if (t.accepted())
            return receipt(message_id_, "email", t.to, 1);
        if (t.ended && t.dialogue.refused())
            return refusal();
        if (t.may_have_arrived())
            return make(errc::outcome_unknown,
                        "the connection was lost, or the time passed, before the server confirmed "
                        "the message",
                        t.ended       ? lost()
                        : t.cancelled ? errc::cancelled
                                      : errc::timed_out);
        if (!t.ended && t.cancelled)
            return make(errc::cancelled, "", error_code());
        if (!t.ended)
            return make(errc::timed_out, !t.begun ? "every connection to the mail server was in use" : where(),
                        error_code());
        return not_sent();
    }

private:
    static constexpr long min_tls = CURL_SSLVERSION_TLSv1_2;

    bool has_tls() const noexcept { return settings_->security != "none"; }

    result<void> configure(std::chrono::steady_clock::duration limit)
    {
        auto const refuse = [](std::string_view what, std::string_view why) {
            return tidings::detail::refuse(what, why, errc::invalid_argument);
        };
        constexpr std::size_t max_text = 512;
        auto const url = server_url();
        if (!url)
            return url.error();
        auto const password = settings_->password.resolve();
        if (!password)
            return password.error();
        password_ = *password;
        if (settings_->user.empty() && !password_.empty())
            return refuse("user", "of the mail server is missing, and there is a password");
        auto const is_control = tidings::detail::is_control;
        auto const has_control = [is_control](std::string_view text) {
            return std::any_of(text.begin(), text.end(), is_control);
        };
        if (has_control(settings_->user) || settings_->user.size() > max_text)
            return refuse("user", "of the mail server has a control character, or is too long");
        if (has_control(password_.reveal()) || password_.reveal().size() > max_text)
            return refuse("password", "of the mail server has a control character, or is too long");
        if (has_control(settings_->ca_file))
            return refuse("ca_file", "of the mail server has a control character");

        curl_is_ready();
        transfer_->easy.reset(curl_easy_init());
        auto* const easy = transfer_->easy.get();
        if (!easy)
            return make_failure(errc::invalid_argument, "libcurl cannot be initialized");
        bool good = true;
        auto const set = [&](CURLoption option, auto value) {
            good = good && curl_easy_setopt(easy, option, value) == CURLE_OK;
        };
        smtp_client::adopt(*transfer_);
        set(CURLOPT_URL, url->c_str());
        set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
        set(CURLOPT_PROXY, ""); // nor that of an environment variable
        set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
        set(CURLOPT_USE_SSL, static_cast<long>(has_tls() ? CURLUSESSL_ALL : CURLUSESSL_NONE));
        set(CURLOPT_SSLVERSION, min_tls);
        set(CURLOPT_SSL_VERIFYPEER, 1L);
        set(CURLOPT_SSL_VERIFYHOST, 2L);
        if (!settings_->ca_file.empty())
        {
            set(CURLOPT_CAINFO, settings_->ca_file.c_str());
            set(CURLOPT_CAPATH, static_cast<char const*>(nullptr));
        }
        // The deadline ends a transfer; libcurl's own limits must not do so before.
        constexpr std::chrono::seconds max_wait = std::chrono::hours(24);
        auto const seconds = std::min(std::chrono::duration_cast<std::chrono::seconds>(limit), max_wait).count() + 2;
        set(CURLOPT_CONNECTTIMEOUT, static_cast<long>(seconds));
        set(CURLOPT_SERVER_RESPONSE_TIMEOUT, static_cast<long>(seconds));
        if (!settings_->user.empty())
        {
            tidings::detail::wiped_string word;
            word += password_.reveal();
            word += '\0';
            set(CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN");
            set(CURLOPT_USERNAME, settings_->user.c_str());
            set(CURLOPT_PASSWORD, static_cast<char const*>(word.data()));
        }
        if (!good)
            return make_failure(errc::invalid_argument, "libcurl does not accept a setting of the mail server");
        return {};
    }

    result<std::string> server_url() const
    {
        auto const& s = *settings_;
        auto const refuse = [](std::string_view what, std::string_view why) {
            return tidings::detail::refuse(what, why, errc::invalid_argument);
        };
        constexpr std::string_view levels[] = {"", "starttls", "tls", "none"};
        if (std::find(std::begin(levels), std::end(levels), s.security) == std::end(levels))
            return refuse("security", "of the mail server is not starttls, tls or none");
        std::int64_t const usual = s.security == "tls" ? 465 : s.security == "none" ? 25 : 587;
        auto const port = s.port.value_or(usual);
        if (port < 1 || port > 65535)
            return refuse("port", "of the mail server is not between 1 and 65535");
        std::string_view host = s.host;
        if (host.starts_with('[') && host.ends_with(']'))
            host = host.substr(1, host.size() - 2);
        boost::system::error_code ec;
        auto const address = asio::ip::make_address(std::string(host), ec);
        bool const is_v6 = !ec && address.is_v6() && host.find('%') == host.npos;
        constexpr std::size_t max_host = 253;
        bool const is_name = !host.empty() && host.size() <= max_host && s.host.front() != '[' &&
                             tidings::detail::is_alphanumeric(host, ".-_");
        if (!is_v6 && !is_name)
            return refuse("host", "of the mail server is not the name or the address of a host");
        std::string out(s.security == "tls" ? "smtps://" : "smtp://");
        out += is_v6 ? "[" + std::string(host) + "]" : std::string(host);
        return out + ':' + std::to_string(port);
    }

    /// A text of the server's without the password.
    std::string clean(std::string_view text) const
    {
        constexpr std::size_t max_bytes = 500;
        std::string out(text);
        auto const word = password_.reveal();
        tidings::detail::redactor hidden;
        hidden.add(word);
        hidden.redact(out);
        if (!word.empty()) // also of fewer characters than a redactor hides
        {
            tidings::detail::hide(out, word);
            tidings::detail::hide(out, tidings::detail::base64_encode(word));
        }
        std::string shown;
        tidings::detail::append_printable(shown, out, max_bytes);
        return shown;
    }

    failure make(errc kind, std::string_view detail, error_code cause) const
    {
        return make_failure(kind, [&](diagnostics& facts) {
            facts.detail = detail;
            facts.cause = cause;
            facts.attempts = transfer_->begun ? 1 : 0;
            facts.remedy = smtp_remedy(kind);
            if (auto const code = transfer_->dialogue.code(); code >= 400)
            {
                facts.platform_code = std::to_string(code);
                facts.platform_message = clean(transfer_->dialogue.text());
            }
        });
    }

    failure refusal() const
    {
        auto const& said = transfer_->dialogue;
        auto const kind = kind_of_reply(said.stage(), said.code(), said.enhanced_code());
        constexpr auto text_of = [](smtp_stage stage) -> std::string_view {
            switch (stage)
            {
            case smtp_stage::connect: return "the mail server refuses the connection";
            case smtp_stage::hello: return "the mail server refuses the greeting";
            case smtp_stage::starttls: return "the mail server refuses STARTTLS";
            case smtp_stage::login: return "the mail server refuses the login";
            case smtp_stage::sender: return "the mail server refuses the sender";
            case smtp_stage::recipient: return "the mail server refuses the recipient";
            case smtp_stage::data:
            case smtp_stage::content: break;
            }
            return "the mail server refuses the message";
        };
        return make(kind, text_of(said.stage()), error_code());
    }

    std::string_view where() const noexcept
    {
        switch (transfer_->dialogue.stage())
        {
        case smtp_stage::connect: return "the mail server did not answer";
        case smtp_stage::hello:
        case smtp_stage::starttls: return "the mail server did not complete the greeting";
        case smtp_stage::login: return "the mail server did not answer the login";
        case smtp_stage::sender:
        case smtp_stage::recipient:
        case smtp_stage::data:
        case smtp_stage::content: break;
        }
        return "the mail server did not take the message";
    }

    error_code lost() const
    {
        if (transfer_->os_error != 0)
            return {static_cast<int>(transfer_->os_error), boost::system::system_category()};
        return transfer_->code == CURLE_WEIRD_SERVER_REPLY ? make_error_code(errc::protocol_error)
                                                           : error_code(asio::error::eof);
    }

    /// The transfer ended before the server could have the message, and not by a refusal.
    failure not_sent() const
    {
        auto const& t = *transfer_;
        auto const with_reason = [&](std::string_view text) {
            std::string out(text);
            if (t.error_text[0] != '\0')
                (out += ": ") += clean(t.error_text);
            return out;
        };
        switch (t.code)
        {
        case CURLE_COULDNT_RESOLVE_HOST:
            return make(errc::connect_failed, "the name of the mail server cannot be resolved", error_code());
        case CURLE_COULDNT_CONNECT:
            return make(errc::connect_failed, "no connection to the mail server",
                        t.os_error != 0 ? lost() : error_code());
        case CURLE_OPERATION_TIMEDOUT: return make(errc::timed_out, where(), error_code());
        case CURLE_SSL_CACERT_BADFILE:
            return make(errc::invalid_argument, "ca_file of the mail server cannot be read, or has no certificate",
                        error_code());
        case CURLE_USE_SSL_FAILED:
            return make(errc::tls_failed, "the mail server does not offer STARTTLS", error_code());
        case CURLE_SSL_CONNECT_ERROR:
            if (!t.tls_answered || t.os_error != 0) // that says nothing about a certificate
                return make(errc::connect_failed, "the connection to the mail server was lost in the TLS handshake",
                            lost());
            return make(errc::tls_failed, with_reason("no trusted TLS"), error_code());
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_CIPHER:
        case CURLE_SSL_ISSUER_ERROR:
        case CURLE_SSL_INVALIDCERTSTATUS: return make(errc::tls_failed, with_reason("no trusted TLS"), error_code());
        case CURLE_LOGIN_DENIED:
            if (t.dialogue.stage() == smtp_stage::login)
                return make(errc::protocol_error, "the answer to the login is neither yes nor no", error_code());
            return make(errc::bad_credentials, "the mail server offers neither AUTH PLAIN nor AUTH LOGIN",
                        error_code());
        case CURLE_WEIRD_SERVER_REPLY:
            return make(errc::protocol_error, "the answer is not one of an SMTP server", error_code());
        case CURLE_OUT_OF_MEMORY:
            return make(errc::connect_failed, "the memory of this process is exhausted", error_code());
        default: break;
        }
        return make(errc::connect_failed, "the connection to the mail server was lost", lost());
    }

    config::smtp_settings const* settings_;
    asio::any_io_executor ex_;
    std::chrono::steady_clock::time_point deadline_;
    std::string message_id_;
    secret password_;
    std::unique_ptr<smtp_transfer> transfer_;
};

/// What a mail server's object and its sends share.
class smtp_state
{
public:
    smtp_state(asio::any_io_executor const& ex, config::smtp_settings s, std::size_t max_connections)
        : settings(std::move(s)), client(std::make_shared<smtp_client>(ex, max_connections))
    {
    }

    config::smtp_settings const settings;
    std::shared_ptr<smtp_client> const client;
};

/// Ends a transfer where its coroutine ends, or is destroyed.
class smtp_transfer_guard
{
public:
    smtp_transfer_guard(smtp_client& client, smtp_transfer& t) : client_(&client), transfer_(&t)
    {
        client_->start(*transfer_);
    }
    smtp_transfer_guard(smtp_transfer_guard const&) = delete;
    smtp_transfer_guard& operator=(smtp_transfer_guard const&) = delete;
    ~smtp_transfer_guard() { stop(); }

    void stop() noexcept { client_->stop(*transfer_); }

private:
    smtp_client* client_;
    smtp_transfer* transfer_;
};

inline asio::awaitable<result<receipt>> send_mail(std::shared_ptr<smtp_state> state, std::string to, mail what,
                                                  call_options how)
{
    auto const where = [&](failure const& f) {
        return tidings::detail::amend(f, [&](diagnostics& facts) {
            facts.platform = "email";
            facts.operation = "send message";
            if (f == condition::recipient)
                facts.recipient = to;
        });
    };
    TIDINGS_ASSERT_ON_EXECUTOR(state->client->executor());
    auto const before = co_await asio::this_coro::cancellation_state;
    if (before.cancelled() != asio::cancellation_type::none)
        co_return where(errc::cancelled);
    smtp_send send(state->settings, state->client->executor());
    if (auto const valid = send.prepare(to, what, how); !valid)
        co_return where(valid.error());
    smtp_transfer_guard transfer(*state->client, send.transfer());
    co_await send.transfer().wait();
    transfer.stop();
    auto outcome = send.outcome();
    if (!outcome)
        co_return where(outcome.error());
    co_return outcome;
}

} // namespace detail

/// Sends e-mail through one SMTP server.
///
/// Each message has its own connection: TLS, login, message. The message has a plain and an HTML part, and a
/// `Message-ID` that is derived from its key, so that many mailboxes show a repeated message only once. SMTP itself
/// knows no idempotency key.
///
/// With `security` `starttls` or `tls`, nothing is sent over a connection that is not encrypted by TLS 1.2 or newer with a
/// certificate of the host that is trusted; the password is sent only over such a connection, unless `security` is `none`.
/// Neither proxies nor the environment's proxy variables are used.
///
/// @par Thread safety  Distinct objects: safe. Shared objects: unsafe, except for what its members state: operations may
///                     be started on any thread.
class smtp
{
public:
    using executor_type = boost::asio::any_io_executor;

    /// Does no I/O. Settings are checked by each `send`, which also resolves the password.
    ///
    /// @param ex               Where everything runs: one thread, or a strand.
    /// @param settings         Host, port, security, user, password, sender and authorities.
    /// @param max_connections  How many connections there are at most; further messages wait. At least one. Many servers
    ///                         accept no more than ten of one client.
    smtp(executor_type ex, config::smtp_settings settings, std::size_t max_connections = 4)
        : state_(std::make_shared<detail::smtp_state>(ex, std::move(settings), max_connections))
    {
    }

    smtp(smtp const&) = delete;
    smtp& operator=(smtp const&) = delete;
    smtp(smtp&&) noexcept = default;
    smtp& operator=(smtp&&) noexcept = default;
    /// Messages that are under way are sent all the same.
    ~smtp() = default;

    /// The executor of the constructor.
    ///
    /// @par Thread safety     May be called on any thread.
    /// @par Exception safety  Does not throw.
    [[nodiscard]] executor_type get_executor() const noexcept { return state_->client->executor(); }

    /// Sends one message to one address.
    ///
    /// Checks everything, waits for a connection if all are in use, connects, logs in, and writes the message. It has
    /// succeeded when the server has confirmed that it takes care of the message. The server does not report whether the
    /// person's mailbox accepts it later.
    ///
    /// @param to    An e-mail address in ASCII. A domain of other characters is written as `xn--…`.
    /// @param what  Subject, texts and key.
    /// @param how   The deadline of this call; 30 seconds unless given.
    /// @returns The receipt: its `message_id` is the `Message-ID`, its `person_id` the address.
    ///
    /// @par Preconditions     The object has not been moved from.
    /// @par Object lifetimes  The operation owns what it needs; `*this` may be destroyed. The execution context must
    ///                        outlive both.
    /// @par Executor          Must be awaited on `get_executor()`: asserted in debug builds, where the type of the
    ///                        executor can tell.
    /// @par Per-operation cancellation
    ///   `terminal`, and `partial` where the awaiting coroutine lets it through: completes with `errc::cancelled`, or
    ///   with `errc::outcome_unknown` once the whole message was written. `total`, where the awaiting coroutine lets it
    ///   through: completes with `errc::cancelled` until the whole message is written, and is ignored from then on. The
    ///   connection is closed in each case.
    /// @par Errors
    ///   `errc::invalid_argument`: a setting, the key or the deadline is not valid, and no byte was sent; or the server
    ///   refused the sender
    ///   `errc::invalid_recipient`, `errc::message_invalid`, `errc::message_too_long`: address or message are not valid
    ///   and no byte was sent, or the server refused the message
    ///   `errc::connect_failed`, `errc::tls_failed`, `errc::timed_out`, `errc::protocol_error`: no connection, no trusted
    ///   TLS, no answer in time, or not an SMTP server; the message was not delivered
    ///   `errc::bad_credentials`: the server refused user and password, or demands a login
    ///   `errc::recipient_not_found`, `errc::recipient_unreachable`: the server refused the address
    ///   `errc::rate_limited`, `errc::server_error`: the server refused for now (reply 4xx)
    ///   `errc::platform_error`: the server refused for another reason
    ///   `errc::outcome_unknown`: the message was written, and the connection was lost, or the deadline passed, before
    ///   the server confirmed it
    ///   `failure::platform_code()` is the server's reply code and `platform_message()` its text, without the password.
    /// @par Exception safety  Throws only `std::bad_alloc`.
    /// @par Thread safety     May be called on any thread, and must be awaited on `get_executor()`.
    [[nodiscard]] boost::asio::awaitable<result<receipt>> send(std::string to, mail what,
                                                               call_options how = call_options())
    {
        return detail::send_mail(state_, std::move(to), std::move(what), how);
    }

    /// Sends one message to one address, for any completion token and from any thread.
    ///
    /// @param to     An e-mail address, as for `send`.
    /// @param what   Subject, texts and key.
    /// @param token  Default: `boost::asio::deferred`.
    /// @returns What the token makes of the completion signature `void(result<receipt>)`.
    ///
    /// @par Preconditions     The object has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the call, not the operation, which owns the arguments.
    /// @par Executor
    ///   The operation runs on `get_executor()`. The handler is called on its associated executor, `get_executor()`
    ///   unless it has one; never inside this call.
    /// @par Per-operation cancellation
    ///   `terminal` and `partial`: completes with `errc::cancelled`, or with `errc::outcome_unknown` once the whole
    ///   message was written. `total`: completes with `errc::cancelled` until the whole message is written, and is
    ///   ignored from then on. The signal may be emitted on the calling thread.
    /// @par Errors            As for `send`. An exception of `send` becomes `errc::outcome_unknown`.
    /// @par Exception safety  This call throws only `std::bad_alloc`; nothing is sent then.
    /// @par Thread safety     May be called on any thread.
    template<class Token = boost::asio::deferred_t>
        requires tidings::detail::no_options<Token, call_options>
    [[nodiscard]] auto async_send(std::string to, mail what, Token&& token = Token())
    {
        return async_send(std::move(to), std::move(what), call_options(), std::forward<Token>(token));
    }

    /// Sends one message to one address, with options, for any completion token and from any thread.
    ///
    /// @param to     An e-mail address, as for `send`.
    /// @param what   Subject, texts and key.
    /// @param how    The deadline of this call, from its start on `get_executor()`; 30 seconds unless given.
    /// @param token  Default: `boost::asio::deferred`.
    /// @returns What the token makes of the completion signature `void(result<receipt>)`.
    ///
    /// @par Preconditions     The object has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the call, not the operation, which owns the arguments.
    /// @par Executor
    ///   The operation runs on `get_executor()`. The handler is called on its associated executor, `get_executor()`
    ///   unless it has one; never inside this call.
    /// @par Per-operation cancellation
    ///   `terminal` and `partial`: completes with `errc::cancelled`, or with `errc::outcome_unknown` once the whole
    ///   message was written. `total`: completes with `errc::cancelled` until the whole message is written, and is
    ///   ignored from then on. The signal may be emitted on the calling thread.
    /// @par Errors            As for `send`. An exception of `send` becomes `errc::outcome_unknown`.
    /// @par Exception safety  This call throws only `std::bad_alloc`; nothing is sent then.
    /// @par Thread safety     May be called on any thread.
    template<class Token = boost::asio::deferred_t>
    [[nodiscard]] auto async_send(std::string to, mail what, call_options how, Token&& token = Token())
    {
        return tidings::detail::async_run<receipt>(
            get_executor(), detail::send_mail(state_, std::move(to), std::move(what), how), std::forward<Token>(token));
    }

private:
    std::shared_ptr<detail::smtp_state> state_;
};

/// Messages go to the e-mail addresses of people.
///
/// The subject is the title; the text has the facts, the body and the links, plain and as HTML. A title that is too long
/// for a subject is cut, and whole in the plain text. SMTP has no idempotency
/// key: a message that may have been delivered is not sent again.
class email_route
{
public:
    explicit email_route(smtp server) noexcept : server_(std::move(server)) {}

    /// @returns As `smtp::send`; `errc::recipient_not_found` for a person without an address.
    boost::asio::awaitable<result<receipt>> deliver(notification const& n)
    {
        if (n.to.email.empty())
            co_return make_failure(errc::recipient_not_found, [&](diagnostics& facts) {
                facts.platform = "email";
                facts.recipient = n.to.login_name;
                facts.detail = "the directory has no e-mail address of the person";
                facts.remedy = &detail::enter_the_address;
            });
        constexpr std::size_t max_title = 1500; // bytes
        auto const& title = n.message.title().str(n.language);
        auto const subject = shortened(notice(localized(title)), max_title).title().str();
        auto text = plain_text_of(n.message, n.language, subject != title);
        if (text.empty())
            text = title;
        mail what(n.key, subject, std::move(text), html_of(n.message, n.language));
        co_return co_await server_.send(n.to.email, std::move(what));
    }

private:
    smtp server_;
};

static_assert(delivery_route<email_route>);

} // namespace tidings::inline v0::subscription

#endif
