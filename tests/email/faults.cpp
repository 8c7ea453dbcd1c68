// What becomes of a message when the server refuses, is silent, or closes the connection, at every step.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/subscription/email.hpp>

#include "support/run.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace email_faults_test {

namespace {

namespace td = tidings;
namespace asio = boost::asio;
using namespace std::chrono_literals;
using asio::ip::tcp;
using td::subscription::detail::kind_of_reply;
using td::subscription::detail::smtp_dialogue;
using td::subscription::detail::smtp_stage;
using test::run;

constexpr char const* ada = "ada@example.org";
constexpr char const* password = "tr0ub4dor&3-secret";

/// What a peer answers at each step. Empty: nothing, and the connection stays open. "close": it closes the connection.
struct answers
{
    answers() = default;

    std::string greeting = "220 ready";
    std::string hello = "250-peer\r\n250 AUTH PLAIN";
    std::string login = "235 2.7.0 welcome";
    std::string sender = "250 ok";
    std::string recipient = "250 ok";
    std::string data = "354 go on";
    std::string content = "250 2.0.0 queued";
};

/// A peer on the test's own executor: if that is blocked, nothing goes on.
class peer
{
    /// What goes on after the peer was closed still has it.
    struct state
    {
        state(asio::any_io_executor const& ex, answers a)
            : acceptor(ex, tcp::endpoint(asio::ip::address_v4::loopback(), 0)), given(std::move(a))
        {
        }

        tcp::acceptor acceptor;
        answers given;
        std::vector<std::shared_ptr<tcp::socket>> sockets;
        std::vector<std::string> lines;
    };
    std::shared_ptr<state> state_;

public:
    peer(asio::any_io_executor const& ex, answers a)
        : state_(std::make_shared<state>(ex, std::move(a))), lines(state_->lines)
    {
        asio::co_spawn(ex, accept(state_), asio::detached);
    }
    ~peer() { close(); }

    void close()
    {
        boost::system::error_code ignored;
        state_->acceptor.close(ignored);
        for (auto const& s : state_->sockets)
            s->close(ignored);
    }

    td::config::smtp_settings settings(bool with_login = true) const
    {
        td::config::smtp_settings out;
        out.host = "127.0.0.1";
        out.port = state_->acceptor.local_endpoint().port();
        out.security = "none";
        out.from = "notify@example.com";
        if (with_login)
        {
            out.user = "ada";
            out.password = td::config::secret_setting(td::secret(password));
        }
        return out;
    }

    /// Lines that arrived, and "closed" at the end of a connection. Of a content there is only the word "content".
    std::vector<std::string>& lines;
    bool has(std::string_view start) const
    {
        return std::any_of(lines.begin(), lines.end(), [start](auto const& line) { return line.starts_with(start); });
    }

private:
    static asio::awaitable<void> accept(std::shared_ptr<state> self)
    {
        for (;;)
        {
            auto const socket = std::make_shared<tcp::socket>(co_await asio::this_coro::executor);
            boost::system::error_code ec;
            co_await self->acceptor.async_accept(*socket, asio::redirect_error(asio::use_awaitable, ec));
            if (ec)
                co_return;
            self->sockets.push_back(socket);
            asio::co_spawn(co_await asio::this_coro::executor, serve(self, socket), asio::detached);
        }
    }

    static asio::awaitable<void> serve(std::shared_ptr<state> self, std::shared_ptr<tcp::socket> socket)
    {
        std::string input;
        std::string next = self->given.greeting;
        std::string_view end = "\r\n";
        for (;;)
        {
            boost::system::error_code ec;
            if (next == "close")
            {
                socket->close(ec);
                co_return;
            }
            if (!next.empty())
            {
                next += "\r\n";
                co_await asio::async_write(*socket, asio::buffer(next), asio::redirect_error(asio::use_awaitable, ec));
            }
            auto const size = co_await asio::async_read_until(*socket, asio::dynamic_buffer(input), end,
                                                              asio::redirect_error(asio::use_awaitable, ec));
            if (ec)
            {
                self->lines.push_back("closed");
                co_return;
            }
            auto const line = input.substr(0, size);
            input.erase(0, size);
            bool const is_content = end.size() > 2;
            self->lines.push_back(is_content ? "content" : line.substr(0, size - 2));
            next = is_content ? self->given.content : reply_to(self->given, line);
            end = line.starts_with("DATA") && next.starts_with("354") ? "\r\n.\r\n" : "\r\n";
        }
    }

    static std::string reply_to(answers const& given, std::string const& line)
    {
        if (line.starts_with("EHLO") || line.starts_with("HELO"))
            return given.hello;
        if (line.starts_with("AUTH"))
            return "334 ";
        if (line.starts_with("MAIL"))
            return given.sender;
        if (line.starts_with("RCPT"))
            return given.recipient;
        if (line.starts_with("DATA"))
            return given.data;
        if (line.starts_with("QUIT"))
            return ""; // a client must not wait for it
        return given.login;
    }
};

/// A peer that answers every command, and writes without end instead of one answer, on a thread of its own.
class flooding_peer
{
public:
    /// @param command  Whose answer never ends: the start of a line, "content", or empty for the greeting.
    flooding_peer(std::string command, std::string flood)
        : acceptor_(io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)), command_(std::move(command)),
          flood_(std::move(flood)), thread_([this] { serve(); })
    {
    }
    flooding_peer(flooding_peer const&) = delete;
    flooding_peer& operator=(flooding_peer const&) = delete;
    ~flooding_peer() { thread_.join(); }

    td::config::smtp_settings settings() const
    {
        td::config::smtp_settings out;
        out.host = "127.0.0.1";
        out.port = acceptor_.local_endpoint().port();
        out.security = "none";
        out.from = "notify@example.com";
        return out;
    }

    /// Whether the client read much more than the buffers of a connection hold.
    bool wrote_everything()
    {
        if (thread_.joinable())
            thread_.join();
        thread_ = std::thread([] {});
        return wrote_everything_;
    }

private:
    static constexpr std::size_t everything = std::size_t{64} << 20;

    void serve()
    {
        boost::system::error_code ec;
        tcp::socket socket(io_);
        acceptor_.accept(socket, ec);
        std::string input;
        std::string next = "220 ready\r\n";
        std::string command;
        while (!ec)
        {
            if (command == command_)
                return flood(socket);
            asio::write(socket, asio::buffer(next), ec);
            bool const is_content = next.starts_with("354");
            auto const size =
                asio::read_until(socket, asio::dynamic_buffer(input), is_content ? "\r\n.\r\n" : "\r\n", ec);
            command = is_content ? "content" : input.substr(0, 4);
            input.erase(0, size);
            next = command == "DATA" ? "354 go on\r\n" : "250 ok\r\n";
        }
    }

    void flood(tcp::socket& socket)
    {
        std::string block;
        while (block.size() < std::size_t{1} << 16)
            block += flood_;
        boost::system::error_code ec;
        std::size_t written = 0;
        while (!ec && written < everything)
            written += asio::write(socket, asio::buffer(block), ec);
        wrote_everything_ = !ec;
    }

    asio::io_context io_;
    tcp::acceptor acceptor_;
    std::string command_;
    std::string flood_;
    bool wrote_everything_ = false;
    std::thread thread_;
};

td::subscription::mail greeting()
{
    return td::subscription::mail(td::idempotency_key("greeting-1"), "Hello", "Hello Ada.", "<p>Hello Ada.</p>");
}

struct observed
{
    observed() : outcome(td::failure(td::errc::cancelled)) {}

    td::result<td::receipt> outcome;
    std::vector<std::string> lines;
    std::chrono::steady_clock::duration longest_pause{};
};

/// Sends one message to such a peer. Another coroutine of the same executor measures how long it is kept waiting.
observed sent_to(answers const& a, td::call_options how = td::call_options())
{
    observed out;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        peer server(ex, a);
        bool ended = false;
        auto tick = [&]() -> asio::awaitable<void> {
            asio::steady_timer timer(ex);
            while (!ended)
            {
                auto const before = std::chrono::steady_clock::now();
                timer.expires_after(1ms);
                co_await timer.async_wait(asio::use_awaitable);
                out.longest_pause = std::max(out.longest_pause, std::chrono::steady_clock::now() - before);
            }
        };
        asio::co_spawn(ex, tick(), asio::detached);
        td::subscription::smtp mailer(ex, server.settings());
        td::result<td::receipt> outcome = co_await mailer.send(ada, greeting(), how);
        out.outcome = std::move(outcome);
        ended = true;
        asio::steady_timer timer(ex, 20ms);
        co_await timer.async_wait(asio::use_awaitable);
        out.lines = server.lines;
    });
    return out;
}

void check_failure(observed const& seen, td::errc kind, std::string_view code, std::string_view where)
{
    BOOST_TEST_CONTEXT(where)
    {
        BOOST_TEST_REQUIRE(seen.outcome.has_error());
        auto const& error = seen.outcome.error();
        BOOST_TEST((error == kind), error);
        BOOST_TEST(error.platform() == "email");
        BOOST_TEST(error.operation() == "send message");
        BOOST_TEST(error.platform_code() == code);
        BOOST_TEST(error.attempts() == 1u);
        BOOST_TEST(!error.remedy().empty(), error);
        BOOST_TEST((seen.longest_pause < 1s));
        for (auto const l : {td::language::english, td::language::chinese})
            BOOST_TEST((error.message() + error.remedy(l)).find(password) == std::string::npos, error);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(email_faults)

BOOST_AUTO_TEST_CASE(a_message_is_delivered_though_the_answer_to_quit_never_comes)
{
    auto const seen = sent_to(answers());
    BOOST_TEST_REQUIRE(seen.outcome.has_value(), seen.outcome.error());
    BOOST_TEST((seen.longest_pause < 1s));
    BOOST_TEST_REQUIRE(seen.lines.size() >= 5u);
    BOOST_TEST(seen.lines.back() == "closed");
    BOOST_TEST(seen.lines[seen.lines.size() - 2] == "QUIT");
    BOOST_TEST(seen.lines[seen.lines.size() - 3] == "content");
}

BOOST_AUTO_TEST_CASE(a_refusal_at_each_step_is_reported_with_code_and_meaning)
{
    struct row
    {
        std::string answers::* step;
        std::string reply;
        td::errc kind;
    };
    std::vector<row> const rows{
        {&answers::greeting, "554 5.7.1 not you", td::errc::platform_error},
        {&answers::greeting, "421 4.3.2 too busy", td::errc::server_error},
        {&answers::hello, "550 who are you", td::errc::platform_error},
        {&answers::login, "535 5.7.8 wrong", td::errc::bad_credentials},
        {&answers::login, "534 5.7.9 an application password is needed", td::errc::bad_credentials},
        {&answers::login, "454 4.7.0 later", td::errc::server_error},
        {&answers::sender, "530 5.7.0 log in first", td::errc::bad_credentials},
        {&answers::sender, "553 5.7.1 not your address", td::errc::invalid_argument},
        {&answers::sender, "552 5.3.4 too large", td::errc::message_too_long},
        {&answers::sender, "421 4.7.0 slow down", td::errc::rate_limited},
        {&answers::recipient, "550 5.1.1 no such user", td::errc::recipient_not_found},
        {&answers::recipient, "550 no such user", td::errc::recipient_not_found},
        {&answers::recipient, "553 no such name", td::errc::recipient_not_found},
        {&answers::recipient, "550 5.7.1 relaying denied", td::errc::recipient_unreachable},
        {&answers::recipient, "552 5.2.2 mailbox full", td::errc::recipient_unreachable},
        {&answers::recipient, "450 4.2.0 greylisted", td::errc::rate_limited},
        {&answers::recipient, "451 4.3.0 local error", td::errc::server_error},
        {&answers::recipient, "452 4.3.1 no space", td::errc::server_error},
        {&answers::data, "554 5.5.1 no", td::errc::message_invalid},
        {&answers::data, "451 later", td::errc::server_error},
        {&answers::content, "552 too much", td::errc::message_invalid},
        {&answers::content, "554 5.7.1 spam", td::errc::message_invalid},
        {&answers::content, "550 5.6.0 content", td::errc::message_invalid},
        {&answers::content, "451 4.7.1 later", td::errc::rate_limited},
        {&answers::content, "452 4.3.1 no space", td::errc::server_error}};
    for (auto const& r : rows)
    {
        answers a;
        a.*r.step = r.reply;
        auto const seen = sent_to(a);
        check_failure(seen, r.kind, std::string_view(r.reply).substr(0, 3), r.reply);
        BOOST_TEST(seen.outcome.error().platform_message() == std::string_view(r.reply).substr(4));
        if (seen.outcome.error() == td::condition::recipient)
            BOOST_TEST(seen.outcome.error().recipient() == ada);
        bool const has_content = std::count(seen.lines.begin(), seen.lines.end(), "content") != 0;
        BOOST_TEST(has_content == (r.step == &answers::content), r.reply);
    }
}

BOOST_AUTO_TEST_CASE(a_silent_server_costs_the_deadline_and_never_the_executor)
{
    for (auto const step :
         {&answers::greeting, &answers::hello, &answers::login, &answers::sender, &answers::recipient, &answers::data})
    {
        answers a;
        a.*step = "";
        auto const begun = std::chrono::steady_clock::now();
        auto const seen = sent_to(a, td::call_options().deadline(150ms));
        check_failure(seen, td::errc::timed_out, "", "silent");
        auto const took = std::chrono::steady_clock::now() - begun;
        BOOST_TEST((took >= 150ms && took < 5s));
        BOOST_TEST_REQUIRE(!seen.lines.empty());
        BOOST_TEST(seen.lines.back() == "closed");
        BOOST_TEST(std::count(seen.lines.begin(), seen.lines.end(), "content") == 0);
    }
    answers a;
    a.content = "";
    auto const seen = sent_to(a, td::call_options().deadline(150ms));
    check_failure(seen, td::errc::outcome_unknown, "", "after the content");
    BOOST_TEST((seen.outcome.error().cause() == td::errc::timed_out));
}

BOOST_AUTO_TEST_CASE(a_connection_that_is_closed_leaves_the_outcome_open_only_after_the_content)
{
    for (auto const step :
         {&answers::greeting, &answers::hello, &answers::login, &answers::sender, &answers::recipient, &answers::data})
    {
        answers a;
        a.*step = "close";
        check_failure(sent_to(a), td::errc::connect_failed, "", "closed");
    }
    answers a;
    a.content = "close";
    check_failure(sent_to(a), td::errc::outcome_unknown, "", "closed after the content");
}

BOOST_AUTO_TEST_CASE(a_connection_that_is_lost_in_the_tls_handshake_says_nothing_about_the_certificate)
{
    for (bool const is_reset : {false, true})
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            tcp::acceptor acceptor(ex, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
            auto serve = [&]() -> asio::awaitable<void> {
                tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
                std::array<char, 16384> hello;
                co_await socket.async_read_some(asio::buffer(hello), asio::use_awaitable);
                if (is_reset)
                    socket.set_option(asio::socket_base::linger(true, 0));
            };
            asio::co_spawn(ex, serve(), asio::detached);
            td::config::smtp_settings settings;
            settings.host = "127.0.0.1";
            settings.port = acceptor.local_endpoint().port();
            settings.security = "tls";
            settings.from = "notify@example.com";
            td::subscription::smtp mailer(ex, settings);
            auto const outcome = co_await mailer.send(ada, greeting());
            BOOST_TEST_REQUIRE(outcome.has_error());
            BOOST_TEST((outcome.error() == td::errc::connect_failed), outcome.error());
            BOOST_TEST(outcome.error().remedy().find("certificate") == std::string::npos);
        });
}

BOOST_AUTO_TEST_CASE(a_server_of_another_protocol_is_reported_as_such)
{
    answers a;
    a.greeting = "HTTP/1.1 400 Bad Request\r\n\r\n";
    check_failure(sent_to(a, td::call_options().deadline(2s)), td::errc::protocol_error, "", "HTTP");
    for (auto const step : {&answers::sender, &answers::recipient, &answers::data})
    {
        answers other;
        other.*step = "gibberish";
        check_failure(sent_to(other), td::errc::protocol_error, "", "gibberish");
    }
    for (std::string const login : {"250 ok", "350 go on", "334 and now?"})
    {
        answers odd;
        odd.login = login;
        auto const seen = sent_to(odd);
        check_failure(seen, td::errc::protocol_error, "", login);
        BOOST_TEST(std::count(seen.lines.begin(), seen.lines.end(), "content") == 0);
    }
    answers other;
    other.content = "gibberish";
    check_failure(sent_to(other), td::errc::outcome_unknown, "", "gibberish after the content");
    other.content = std::string(20000, 'x');
    check_failure(sent_to(other), td::errc::outcome_unknown, "", "an endless line");
}

BOOST_AUTO_TEST_CASE(a_reply_of_several_lines_is_one_text_and_repeats_no_secret)
{
    answers a;
    a.recipient = "550-5.1.1 no user here\r\n550-5.1.1 see \x1b[31mhttps://example.org\r\n550 5.1.1 goodbye";
    auto const seen = sent_to(a);
    check_failure(seen, td::errc::recipient_not_found, "550", "lines");
    BOOST_TEST(seen.outcome.error().platform_message() == "5.1.1 no user here see  [31mhttps://example.org goodbye");

    answers echo;
    echo.login = "535 5.7.8 \"" + std::string(password) + "\" is wrong, and so is " +
                 td::detail::base64_encode(std::string("\0ada\0", 5) + password);
    auto const refused = sent_to(echo);
    check_failure(refused, td::errc::bad_credentials, "535", "echo");
    BOOST_TEST(refused.outcome.error().platform_message().find("is wrong") != std::string_view::npos);
    BOOST_TEST(refused.outcome.error().platform_message().find(td::detail::base64_encode(password).substr(0, 12)) ==
               std::string_view::npos);
    for (auto const& line : refused.lines)
        if (auto const blank = line.rfind(' '); blank != line.npos)
            BOOST_TEST(refused.outcome.error().platform_message().find(line.substr(blank + 1)) ==
                       std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(a_host_that_refuses_or_has_no_name_is_a_failed_connection)
{
    run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        peer server(ex, answers());
        auto settings = server.settings();
        server.close();
        settings.port = 1;
        td::subscription::smtp refusing(ex, settings);
        auto const refused = co_await refusing.send(ada, greeting());
        BOOST_TEST_REQUIRE(refused.has_error());
        BOOST_TEST((refused.error() == td::errc::connect_failed), refused.error());
        BOOST_TEST((refused.error().cause() == asio::error::connection_refused), refused.error());

        settings.host = "mail.invalid";
        td::subscription::smtp nameless(ex, settings);
        auto const unknown = co_await nameless.send(ada, greeting());
        BOOST_TEST_REQUIRE(unknown.has_error());
        BOOST_TEST((unknown.error() == td::errc::connect_failed || unknown.error() == td::errc::timed_out),
                   unknown.error());
    });
}

BOOST_AUTO_TEST_CASE(settings_and_messages_that_are_not_valid_are_refused_before_any_byte)
{
    run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        peer server(ex, answers());
        auto const good = server.settings();
        std::vector<td::config::smtp_settings> wrong(10, good);
        wrong[0].host = "";
        wrong[1].host = "127.0.0.1/x\r\nMAIL";
        wrong[2].host = "a:b";
        wrong[3].port = 0;
        wrong[4].port = 70000;
        wrong[5].security = "ssl";
        wrong[6].user = "a\r\nb";
        wrong[7].password = td::config::secret_setting::parse("env:TIDINGS_TEST_NO_SUCH_VARIABLE");
        wrong[8].from = "notify";
        wrong[9].user = "";
        for (auto const& settings : wrong)
        {
            td::subscription::smtp mailer(ex, settings);
            auto const outcome = co_await mailer.send(ada, greeting());
            BOOST_TEST_REQUIRE(outcome.has_error());
            BOOST_TEST((outcome.error() == td::errc::invalid_argument), outcome.error());
            BOOST_TEST(outcome.error().attempts() == 0u);
        }
        td::subscription::smtp mailer(ex, good);
        auto const what = greeting();
        auto check = [&](td::subscription::mail m, td::errc kind) -> asio::awaitable<void> {
            auto const outcome = co_await mailer.send(ada, std::move(m));
            BOOST_TEST_REQUIRE(outcome.has_error());
            BOOST_TEST((outcome.error() == kind), outcome.error());
        };
        auto changed = what;
        changed.subject = " \r\n ";
        co_await check(changed, td::errc::message_invalid);
        changed.subject = "\xff";
        co_await check(changed, td::errc::message_invalid);
        changed.subject = std::string(3000, 'x');
        co_await check(changed, td::errc::message_too_long);
        changed = what;
        changed.text = "\xc3";
        co_await check(changed, td::errc::message_invalid);
        changed = what;
        changed.html = "\xc3";
        co_await check(changed, td::errc::message_invalid);
        changed = what;
        changed.key = td::idempotency_key("two words");
        co_await check(changed, td::errc::invalid_argument);
        auto const late = co_await mailer.send(ada, what, td::call_options().deadline(0s));
        BOOST_TEST((late.has_error() && late.error() == td::errc::invalid_argument));
        BOOST_TEST(server.lines.empty());
    });
}

BOOST_AUTO_TEST_CASE(cancellation_closes_the_connection_and_tells_what_is_known)
{
    struct row
    {
        std::string answers::* step;
        asio::cancellation_type type;
        std::optional<td::errc> kind; // nothing: delivered
    };
    using asio::cancellation_type;
    std::vector<row> const rows{{&answers::greeting, cancellation_type::terminal, td::errc::cancelled},
                                {&answers::login, cancellation_type::partial, td::errc::cancelled},
                                {&answers::recipient, cancellation_type::total, td::errc::cancelled},
                                {&answers::data, cancellation_type::terminal, td::errc::cancelled},
                                {&answers::content, cancellation_type::terminal, td::errc::outcome_unknown},
                                {&answers::content, cancellation_type::partial, td::errc::outcome_unknown},
                                {&answers::content, cancellation_type::total, td::errc::timed_out}};
    for (auto const& r : rows)
        run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
            answers a;
            a.*r.step = "";
            peer server(ex, a);
            td::subscription::smtp mailer(ex, server.settings());
            asio::cancellation_signal stop;
            bool ended = false;
            td::result<td::receipt> outcome = td::failure(td::errc::queue_full);
            auto body = [&]() -> asio::awaitable<void> {
                co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
                auto const how = td::call_options().deadline(1s);
                td::result<td::receipt> got = co_await mailer.send(ada, greeting(), how);
                outcome = std::move(got);
                ended = true;
            };
            asio::co_spawn(ex, body(), asio::bind_cancellation_slot(stop.slot(), asio::detached));
            bool const is_content = r.step == &answers::content;
            std::string_view const last = r.step == &answers::greeting    ? ""
                                          : r.step == &answers::login     ? "AUTH"
                                          : r.step == &answers::recipient ? "RCPT"
                                          : r.step == &answers::data      ? "DATA"
                                                                          : "content";
            if (last.empty())
            {
                asio::steady_timer timer(ex, 50ms);
                co_await timer.async_wait(asio::use_awaitable);
            }
            else
                co_await test::wait_until([&] { return server.has(last); });
            stop.emit(r.type);
            co_await test::wait_until([&] { return ended; });
            BOOST_TEST_REQUIRE(outcome.has_error());
            // `total` came too late: the message went on to its deadline.
            bool const is_too_late = is_content && r.type == cancellation_type::total;
            auto const kind = is_too_late ? td::errc::outcome_unknown : *r.kind;
            BOOST_TEST((outcome.error() == kind), outcome.error());
            if (is_content)
                BOOST_TEST((outcome.error().cause() == (is_too_late ? td::errc::timed_out : td::errc::cancelled)),
                           outcome.error());
            co_await test::wait_until([&] { return server.has("closed"); });
            BOOST_TEST(server.has("content") == is_content);
        });
}

BOOST_AUTO_TEST_CASE(an_answer_to_nothing_is_not_taken_for_the_confirmation_of_the_message)
{
    answers a;
    a.data = "354 go on\r\n250 2.0.0 queued";
    a.content = "554 5.7.1 spam";
    auto const early = sent_to(a);
    check_failure(early, td::errc::protocol_error, "", "a confirmation before the message");
    BOOST_TEST(std::count(early.lines.begin(), early.lines.end(), "content") == 0);

    for (auto const step : {&answers::sender, &answers::recipient})
    {
        answers twice;
        twice.*step = "250 ok\r\n250 ok";
        auto const seen = sent_to(twice);
        check_failure(seen, td::errc::protocol_error, "", "two answers");
        BOOST_TEST(std::count(seen.lines.begin(), seen.lines.end(), "content") == 0);
    }

    // Only a part of the message was read when the server confirmed it, and closed the connection.
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        tcp::acceptor acceptor(ex, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
        auto serve = [&]() -> asio::awaitable<void> {
            tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
            std::string input;
            for (std::string const next :
                 {"220 ready\r\n", "250 peer\r\n", "250 ok\r\n", "250 ok\r\n", "354 go on\r\n", "250 2.0.0 queued\r\n"})
            {
                co_await asio::async_write(socket, asio::buffer(next), asio::use_awaitable);
                auto const size =
                    co_await asio::async_read_until(socket, asio::dynamic_buffer(input), "\r\n", asio::use_awaitable);
                input.erase(0, size);
            }
        };
        asio::co_spawn(ex, serve(), asio::detached);
        td::config::smtp_settings settings;
        settings.host = "127.0.0.1";
        settings.port = acceptor.local_endpoint().port();
        settings.security = "none";
        settings.from = "notify@example.com";
        td::subscription::smtp mailer(ex, settings);
        auto large = greeting();
        large.text.assign(std::size_t{32} << 20, 'x');
        auto const outcome = co_await mailer.send(ada, std::move(large));
        BOOST_TEST_REQUIRE(outcome.has_error());
        BOOST_TEST((outcome.error() == td::errc::outcome_unknown), outcome.error());
    });

    answers last;
    last.content = "250 2.0.0 queued\r\n421 4.3.2 shutting down";
    BOOST_TEST(sent_to(last).outcome.has_value());
}

BOOST_AUTO_TEST_CASE(a_server_that_never_ends_its_answer_costs_little_and_never_the_executor)
{
    for (std::string const command : {"", "EHLO", "MAIL", "RCPT", "DATA", "content"})
        for (std::string const flood :
             {"250-more\r\n", "250-more more more more more more more more", "no line at all "})
        {
            flooding_peer server(command, flood);
            run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
                td::subscription::smtp mailer(ex, server.settings());
                auto const outcome = co_await mailer.send(ada, greeting(), td::call_options().deadline(20s));
                BOOST_TEST_REQUIRE(outcome.has_error());
                // libcurl ends these itself, and reports no line.
                bool const is_lost = command == "EHLO" || (command.empty() && !flood.ends_with('\n'));
                auto const kind = command == "content" ? td::errc::outcome_unknown
                                  : is_lost            ? td::errc::connect_failed
                                                       : td::errc::protocol_error;
                BOOST_TEST((outcome.error() == kind), command << ", " << flood << ": " << outcome.error());
            });
            BOOST_TEST(!server.wrote_everything(), command << ": " << flood);
        }
}

BOOST_AUTO_TEST_CASE(a_callback_on_another_thread_gets_the_outcome_on_its_own_executor)
{
    asio::io_context io;
    std::optional<peer> server(std::in_place, io.get_executor(), answers());
    td::subscription::smtp mailer(io.get_executor(), server->settings());
    asio::thread_pool pool(1);
    std::promise<std::pair<bool, td::result<td::receipt>>> told;
    std::promise<td::errc> refused;
    std::thread caller([&] {
        // Nobody runs the mailer's executor yet.
        mailer.async_send(ada, greeting(),
                          asio::bind_executor(pool.get_executor(), [&](td::result<td::receipt> outcome) {
                              bool const is_here = pool.get_executor().running_in_this_thread();
                              told.set_value({is_here, std::move(outcome)});
                          }));
        mailer.async_send("nobody", greeting(), td::call_options().deadline(5s),
                          [&](td::result<td::receipt> const& outcome) { refused.set_value(outcome.error().kind()); });
    });
    caller.join();
    auto sent = told.get_future();
    auto kind = refused.get_future();
    BOOST_TEST((sent.wait_for(0s) == std::future_status::timeout));
    BOOST_TEST((kind.wait_for(0s) == std::future_status::timeout));
    std::thread runner([&] { io.run_for(20s); });
    auto const [is_here, outcome] = sent.get();
    BOOST_TEST(is_here);
    BOOST_TEST_REQUIRE(outcome.has_value(), outcome.error());
    BOOST_TEST(outcome->person_id() == ada);
    BOOST_TEST((kind.get() == td::errc::invalid_recipient));
    asio::post(io, [&] { server->close(); });
    runner.join();
    pool.join();
}

BOOST_AUTO_TEST_CASE(a_callback_is_cancelled_as_the_coroutine_is)
{
    using asio::cancellation_type;
    for (bool const is_content : {false, true})
        for (auto const type : {cancellation_type::terminal, cancellation_type::partial, cancellation_type::total})
            run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
                answers a;
                a.*(is_content ? &answers::content : &answers::data) = "";
                peer server(ex, a);
                td::subscription::smtp mailer(ex, server.settings());
                asio::cancellation_signal stop;
                std::optional<td::result<td::receipt>> outcome;
                auto const how = td::call_options().deadline(1s);
                mailer.async_send(ada, greeting(), how,
                                  asio::bind_cancellation_slot(
                                      stop.slot(), [&](td::result<td::receipt> got) { outcome = std::move(got); }));
                co_await test::wait_until([&] { return server.has(is_content ? "content" : "DATA"); });
                stop.emit(type);
                co_await test::wait_until([&] { return outcome.has_value(); });
                BOOST_TEST_REQUIRE(outcome->has_error());
                auto const& error = outcome->error();
                BOOST_TEST((error == (is_content ? td::errc::outcome_unknown : td::errc::cancelled)), error);
                if (is_content)
                    BOOST_TEST((error.cause() ==
                                (type == cancellation_type::total ? td::errc::timed_out : td::errc::cancelled)),
                               error);
                co_await test::wait_until([&] { return server.has("closed"); });
            });
}

BOOST_AUTO_TEST_CASE(a_message_that_waits_for_a_connection_can_be_cancelled_and_its_place_is_given_on)
{
    run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        answers a;
        a.data = "";
        peer server(ex, a);
        td::subscription::smtp mailer(ex, server.settings(), 1);
        std::vector<td::errc> kinds;
        auto one = [&](std::chrono::milliseconds limit) -> asio::awaitable<void> {
            auto const how = td::call_options().deadline(limit);
            auto const outcome = co_await mailer.send(ada, greeting(), how);
            kinds.push_back(outcome.has_value() ? td::errc{} : outcome.error().kind());
            if (limit == 150ms)
                BOOST_TEST(outcome.error().attempts() == 0u);
        };
        asio::co_spawn(ex, one(600ms), asio::detached);
        asio::co_spawn(ex, one(150ms), asio::detached);
        asio::co_spawn(ex, one(2500ms), asio::detached);
        co_await test::wait_until([&] { return kinds.size() == 3; });
        for (auto const kind : kinds)
            BOOST_TEST((kind == td::errc::timed_out));
        BOOST_TEST(std::count(server.lines.begin(), server.lines.end(), "DATA") == 2);
    });
}

BOOST_AUTO_TEST_CASE(a_dialogue_knows_commands_from_the_lines_of_a_login)
{
    smtp_dialogue said;
    said.sent("EHLO here\r\n");
    said.sent("AUTH PLAIN\r\n");
    said.received("334 ");
    said.sent("TUFJTCBGUk9N\r\n");
    BOOST_TEST((said.stage() == smtp_stage::login));
    said.received("235 ok\r\n");
    BOOST_TEST(!said.refused());
    said.sent("MAIL FROM:<a@example.org>\r\n");
    said.received("250-one\r\n");
    BOOST_TEST((said.stage() == smtp_stage::sender));
    said.received("250 two\r\n");
    BOOST_TEST(said.text() == "one two");
    said.sent("DATA\r\n");
    said.received("354 go");
    BOOST_TEST(said.content_begun());
    BOOST_TEST(!said.accepted());
    said.received("250 2.0.0 queued");
    BOOST_TEST(said.accepted());
    BOOST_TEST(said.enhanced_code() == "2.0.0");
    BOOST_TEST((said.received("999 x") == td::subscription::detail::smtp_reply::invalid));
}

BOOST_AUTO_TEST_CASE(every_reply_means_a_failure_with_a_remedy)
{
    for (int stage = 0; stage <= static_cast<int>(smtp_stage::content); ++stage)
        for (int code = 400; code != 600; ++code)
            for (std::string_view const enhanced : {"", "4.7.1", "5.7.1", "5.1.1", "5.3.4"})
            {
                auto const kind = kind_of_reply(static_cast<smtp_stage>(stage), code, enhanced);
                bool const is_transient =
                    td::make_error_code(kind) == td::make_error_condition(td::condition::transient);
                BOOST_TEST(is_transient == (code < 500));
                BOOST_TEST((kind == td::errc::message_too_long || td::subscription::detail::smtp_remedy(kind)));
            }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace email_faults_test
