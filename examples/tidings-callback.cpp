// Receives what WeCom, Lark and Feishu send to an application: each event is one line of JSON on standard output.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "tools/self_description.hpp"
#include "tools/usage_error.hpp"

#include <tidings/callback/replay_memory.hpp>
#include <tidings/printable_text.hpp>
#include <tidings/provider/lark/callback.hpp>
#include <tidings/provider/wecom/callback.hpp>
#include <tidings/version.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <iostream>
#include <list>
#include <memory>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace json = boost::json;

namespace {

using boost::system::error_code;
using request = http::request<http::string_body>;
using response = http::response<http::string_body>;
using clock_type = std::chrono::steady_clock;

constexpr auto quietly = asio::as_tuple(asio::use_awaitable);

std::string setting(char const* name)
{
    char const* const value = std::getenv(name);
    return value ? value : "";
}

// Lines on standard error, for the administrator. Strangers cause most of them, so there are at most 10 a second, and
// nobody waits for a terminal that is stopped.
class diagnostics
{
public:
    void write(std::string_view text)
    {
        constexpr double per_second = 10;
        constexpr double burst = 50;
        auto const now = clock_type::now();
        allowed_ = std::min(burst, allowed_ + per_second * std::chrono::duration<double>(now - last_).count());
        last_ = now;
        if (allowed_ < 1)
        {
            ++left_out_;
            return;
        }
        allowed_ -= 1;
        constexpr std::size_t max_length = 2000;
        std::string line = "tidings-callback: " + tidings::printable_text(text, max_length);
        if (left_out_ != 0)
            line += " (" + std::to_string(left_out_) + " lines before this one were left out)";
        line += '\n';
        pollfd error_output{STDERR_FILENO, POLLOUT, 0};
        bool const written = ::poll(&error_output, 1, 0) == 1 && ::write(STDERR_FILENO, line.data(), line.size()) > 0;
        left_out_ = written ? 0 : left_out_ + 1;
    }
    void write(tidings::failure const& why)
    {
        std::ostringstream text;
        text << why;
        write(text.str());
    }

private:
    clock_type::time_point last_ = clock_type::now();
    double allowed_ = 50;
    std::size_t left_out_ = 0;
};

// Lines on standard output, one after the other. A reader that stops to read delays the requests that have something to
// print, and no others.
class line_output
{
public:
    explicit line_output(asio::io_context& io) : output_(io, ::dup(STDOUT_FILENO)), more_(io) {}

    // The error with which the line could not be written in time; none: the operating system has all of it.
    asio::awaitable<error_code> write(std::string line, clock_type::time_point deadline)
    {
        auto const item = std::make_shared<pending>(more_.get_executor(), std::move(line));
        queue_.push_back(item);
        more_.cancel();
        item->done.expires_at(deadline);
        if (!item->finished)
            co_await item->done.async_wait(quietly);
        item->abandoned = true;
        if (!item->finished)
            co_return error_code(asio::error::timed_out);
        co_return item->error;
    }

    asio::awaitable<void> run()
    {
        for (;;)
        {
            while (queue_.empty())
            {
                more_.expires_at(clock_type::time_point::max());
                co_await more_.async_wait(quietly);
            }
            auto const item = queue_.front();
            queue_.pop_front();
            if (item->abandoned)
                continue;
            // What is left of a line that could not be written goes first: each line is whole, sooner or later.
            auto const text = rest_ + item->text;
            auto const mine = rest_.size();
            std::size_t written = 0;
            while (written != text.size() && !item->error && !(item->abandoned && written <= mine))
            {
                auto const [wait_error] =
                    co_await output_.async_wait(asio::posix::stream_descriptor::wait_write, quietly);
                // Files cannot be waited for, and need not.
                if (wait_error && wait_error != asio::error::operation_not_supported)
                {
                    item->error = wait_error;
                    break;
                }
                if (item->abandoned && written <= mine)
                    break;
                constexpr std::size_t chunk = 512; // POSIX's least PIPE_BUF: a pipe that is ready takes it all
                auto const n = ::write(output_.native_handle(), text.data() + written,
                                       std::min(wait_error ? text.size() : chunk, text.size() - written));
                if (n > 0)
                    written += static_cast<std::size_t>(n);
                else if (n < 0 && errno != EINTR && errno != EAGAIN)
                    item->error.assign(errno, boost::system::system_category());
            }
            rest_ = written < mine   ? text.substr(written, mine - written)
                    : written > mine ? text.substr(written)
                                     : std::string();
            item->finished = true;
            item->done.cancel();
        }
    }

private:
    struct pending
    {
        pending(asio::any_io_executor const& executor, std::string line) : text(std::move(line)), done(executor) {}

        std::string text;
        asio::steady_timer done;
        error_code error;
        bool finished = false;
        bool abandoned = false;
    };

    asio::posix::stream_descriptor output_; // only waited for: made non-blocking, it would be so for the shell, too
    asio::steady_timer more_;
    std::deque<std::shared_ptr<pending>> queue_;
    std::string rest_;
};

response answer(request const& asked, http::status status, std::string body = {},
                std::string_view type = "text/plain; charset=utf-8")
{
    response out(status, asked.version());
    out.keep_alive(asked.keep_alive());
    if (!body.empty())
        out.set(http::field::content_type, beast::string_view(type.data(), type.size()));
    out.body() = std::move(body);
    out.prepare_payload();
    return out;
}

// What becomes of a request that was read: an answer, or an event that has to be printed first.
class decision
{
public:
    explicit decision(response out) : answer(std::move(out)) {}
    decision(response out, std::string event_id, json::object event)
        : answer(std::move(out)), id(std::move(event_id)), line(std::move(event))
    {
    }

    response answer;
    std::string id; // of the event
    std::optional<json::object> line;
};

struct settings
{
    std::uint16_t port = 0;
    std::chrono::seconds max_age = tidings::max_callback_age; // 0: any
    std::chrono::milliseconds timeout{5000};                  // for a whole request: the platforms wait no longer
    std::size_t max_connections = 128;
};

// What is not set is not served.
class application
{
public:
    application(settings const& given, diagnostics& log) : settings_(&given), log_(&log)
    {
        using tidings::secret;
        secret const token(setting("TIDINGS_CALLBACK_TOKEN"));
        secret const aes_key(setting("TIDINGS_CALLBACK_AES_KEY"));
        auto const corp = setting("TIDINGS_CORP_ID");
        if (!token.empty() || !aes_key.empty() || !corp.empty())
        {
            wecom_.emplace(token, aes_key, corp);
            wecom_->check().value();
        }
        secret const encrypt_key(setting("TIDINGS_ENCRYPT_KEY"));
        verification_ = secret(setting("TIDINGS_VERIFICATION_TOKEN"));
        if (!encrypt_key.empty() || !verification_.empty())
        {
            lark_.emplace(tidings::providers::lark::lark_brand, encrypt_key, verification_);
            feishu_.emplace(tidings::providers::lark::feishu_brand, encrypt_key, verification_);
            lark_->check().value();
        }
        if (!wecom_ && !lark_)
            throw std::runtime_error(
                "set TIDINGS_CALLBACK_TOKEN, TIDINGS_CALLBACK_AES_KEY and TIDINGS_CORP_ID for WeCom, or "
                "TIDINGS_ENCRYPT_KEY and TIDINGS_VERIFICATION_TOKEN for Lark and Feishu");
    }

    // Whether a request is refused before its body is read.
    std::optional<response> refusal(request const& asked) const
    {
        auto const path = std::string(path_of(asked));
        auto const method = std::string(asked.method_string().data(), asked.method_string().size());
        auto const served = [this](std::string_view p) {
            return (p == "/wecom" && wecom_) || ((p == "/lark" || p == "/feishu") && lark_);
        };
        if (!served(path))
        {
            auto text = method + " " + tidings::printable_text(path, 200) + ": not served; ";
            auto const meant = plain_path(path);
            if (served(meant))
                text += meant + " is";
            else if (meant == "/wecom")
                text += "TIDINGS_CALLBACK_TOKEN, TIDINGS_CALLBACK_AES_KEY and TIDINGS_CORP_ID are not set";
            else if (meant == "/lark" || meant == "/feishu")
                text += "TIDINGS_ENCRYPT_KEY and TIDINGS_VERIFICATION_TOKEN are not set";
            else
                text += wecom_ && lark_ ? "/wecom, /lark and /feishu are"
                        : wecom_        ? "/wecom is"
                                        : "/lark and /feishu are";
            log_->write(text);
            return answer(asked, http::status::not_found);
        }
        bool const to_wecom = path == "/wecom";
        if (asked.method() == http::verb::post || (to_wecom && asked.method() == http::verb::get))
            return {};
        log_->write(method + " " + path + ": not served; " + (to_wecom ? "GET and POST are" : "POST is"));
        auto out = answer(asked, http::status::method_not_allowed);
        out.set(http::field::allow, to_wecom ? "GET, POST" : "POST");
        return out;
    }

    decision decide(request const& asked) const
    {
        auto const path = path_of(asked);
        if (path == "/wecom")
            return from_wecom(*wecom_, asked);
        return path == "/lark" ? from_lark(*lark_, "lark", asked) : from_lark(*feishu_, "feishu", asked);
    }

    // One line of JSON that any terminal and any reader takes, without the Verification Token.
    std::string line_of(json::object const& event) const
    {
        auto out = json::serialize(event);
        auto const token = verification_.reveal();
        constexpr std::size_t min_length = 8; // the platforms' have 32; a shorter one would be found in other words
        for (auto at = out.find(token); token.size() >= min_length && at != out.npos; at = out.find(token, at))
            out.replace(at, token.size(), "***");
        return tidings::printable_json(out) + '\n';
    }

private:
    static std::string_view target_of(request const& asked) { return {asked.target().data(), asked.target().size()}; }
    static std::string_view path_of(request const& asked)
    {
        return target_of(asked).substr(0, target_of(asked).find('?'));
    }
    static std::string_view query_of(request const& asked)
    {
        auto const mark = target_of(asked).find('?');
        return mark == std::string_view::npos ? std::string_view() : target_of(asked).substr(mark + 1);
    }
    // In lower case, with one slash in front and none behind.
    static std::string plain_path(std::string_view path)
    {
        std::string out = "/";
        for (char const c : path)
            if (c != '/' || out.back() != '/')
                out += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
        while (out.size() > 1 && out.back() == '/')
            out.pop_back();
        return out;
    }

    // The sender learns nothing about why; the administrator does.
    decision refuse(request const& asked, tidings::failure const& why) const
    {
        log_->write(why);
        return decision(answer(asked, http::status::forbidden));
    }
    decision refuse(request const& asked, std::string_view why) const
    {
        log_->write(why);
        return decision(answer(asked, http::status::forbidden));
    }
    bool is_recent(std::optional<std::chrono::system_clock::time_point> when) const
    {
        return settings_->max_age.count() == 0 ||
               tidings::is_recent(when, std::chrono::system_clock::now(), settings_->max_age);
    }
    static constexpr std::string_view too_old =
        "the request was signed too long ago, or in the future: see --max-age, and "
        "compare this machine's clock";

    //[wecom
    decision from_wecom(tidings::providers::wecom::callback const& wecom, request const& asked) const
    {
        auto const given = tidings::providers::wecom::callback_parameters::from_query(query_of(asked));
        if (!given)
            return refuse(asked, given.error());
        if (asked.method() == http::verb::get)
        {
            auto const echo = wecom.verify_url(given->signature, given->timestamp, given->nonce, given->echo);
            if (!echo)
                return refuse(asked, echo.error());
            if (!is_recent(given->signed_at()))
                return refuse(asked, too_old);
            return decision(answer(asked, http::status::ok, *echo));
        }
        auto const event = wecom.decrypt(given->signature, given->timestamp, given->nonce, asked.body());
        if (!event)
            return refuse(asked, event.error());
        auto const happened = tidings::providers::wecom::event_time(*event);
        if (!is_recent(given->signed_at()) || (happened && !is_recent(happened)))
            return refuse(asked, too_old);
        auto const id = tidings::providers::wecom::callback_envelope(*event).first("MsgId");
        json::object line{{"platform", "wecom"}, {"event", *event}};
        return decision(answer(asked, http::status::ok), "wecom " + std::string(id ? *id : *event), std::move(line));
    }
    //]

    //[lark
    decision from_lark(tidings::providers::lark::callback const& lark, std::string_view platform,
                       request const& asked) const
    {
        for (auto const* const name : {"X-Lark-Request-Timestamp", "X-Lark-Request-Nonce", "X-Lark-Signature"})
            if (asked.count(name) > 1)
                return refuse(asked, std::string(name) + " is there twice");
        tidings::providers::lark::callback_headers const headers(header(asked, "X-Lark-Request-Timestamp"),
                                                                 header(asked, "X-Lark-Request-Nonce"),
                                                                 header(asked, "X-Lark-Signature"));
        auto const event = lark.open(headers, asked.body());
        if (!event)
            return refuse(asked, event.error());
        if (event->signed_at() && !is_recent(event->signed_at()))
            return refuse(asked, too_old);
        if (event->is_url_verification())
            return decision(answer(asked, http::status::ok, event->challenge_reply(), "application/json"));
        auto const shown = without_token(event->json());
        auto const id = event->id().empty() ? event->json() : event->id();
        json::object line{{"platform", platform}, {"type", event->type()}, {"id", event->id()}, {"event", shown}};
        return decision(answer(asked, http::status::ok), std::string(platform) + " " + std::string(id),
                        std::move(line));
    }
    //]

    static std::string header(request const& asked, char const* name)
    {
        auto const value = asked[name];
        return {value.data(), value.size()};
    }

    // The members that have the Verification Token are taken out. Text that is not UTF-8 is mended first: the reader
    // that verified the event lets it pass, and this one does not.
    static json::value without_token(std::string_view event)
    {
        auto out = json::parse(tidings::printable_json(event));
        auto& root = out.as_object();
        root.erase("token");
        if (auto* const head = root.if_contains("header"); head && head->is_object())
            head->as_object().erase("token");
        return out;
    }

    settings const* settings_;
    diagnostics* log_;
    std::optional<tidings::providers::wecom::callback> wecom_;
    std::optional<tidings::providers::lark::callback> lark_;
    std::optional<tidings::providers::lark::callback> feishu_;
    tidings::secret verification_;
};

class connection;

// Those that are served, in the order in which they began to wait for their peers.
struct connections
{
    std::list<connection*> all;
    std::size_t open = 0; // without those that were closed to make room
};

class connection
{
public:
    connection(connections& those, asio::ip::tcp::socket socket)
        : stream(std::move(socket)), those_(those), self_(those.all.insert(those.all.end(), this))
    {
        ++those_.open;
    }
    connection(connection const&) = delete;
    connection& operator=(connection const&) = delete;
    ~connection()
    {
        those_.all.erase(self_);
        those_.open -= evicted ? 0 : 1;
    }

    // Begins to wait for the peer: from now on the connection may have to make room for others.
    void wait()
    {
        waiting = true;
        waiting_since = clock_type::now();
        those_.all.splice(those_.all.end(), those_.all, self_);
    }

    beast::tcp_stream stream;
    beast::flat_buffer buffer{std::size_t{64} * 1024};
    clock_type::time_point const since = clock_type::now();
    clock_type::time_point waiting_since = since;
    bool waiting = true;
    bool evicted = false;

private:
    connections& those_;
    std::list<connection*>::iterator self_;
};

class server
{
public:
    // The connections outlive the context, whose coroutines hold them.
    server(asio::io_context& io, connections& those, settings const& given, application const& app, diagnostics& log)
        : settings_(given), app_(app), log_(log), connections_(those), output_(io),
          acceptor_(io, {asio::ip::address_v4::loopback(), given.port}), room_(io)
    {
    }

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

    asio::awaitable<void> accept()
    {
        constexpr std::chrono::milliseconds pause(50);
        for (;;)
        {
            auto [ec, socket] = co_await acceptor_.async_accept(quietly);
            if (!ec)
            {
                co_await make_room();
                asio::co_spawn(acceptor_.get_executor(), serve(std::move(socket)), asio::detached);
                continue;
            }
            log_.write("cannot accept a connection: " + ec.message());
            if (auto* const oldest = oldest_waiting())
                evict(*oldest); // no descriptors left, perhaps
            asio::steady_timer timer(acceptor_.get_executor(), pause);
            co_await timer.async_wait(quietly);
        }
    }

    line_output& output() noexcept { return output_; }

private:
    // Waits until one more may be served. When there are too many, the connection that has waited longest for its
    // peer is closed, after it had a fair time: so many new ones cannot push each other out before one of them has sent
    // anything. The others wait in the listening socket. Whose they are is not looked at: behind a web server all have
    // the same address.
    asio::awaitable<void> make_room()
    {
        auto const fair = std::min<clock_type::duration>(settings_.timeout / 2, std::chrono::milliseconds(500));
        while (connections_.open >= settings_.max_connections)
        {
            auto* const oldest = oldest_waiting();
            auto const until = oldest ? oldest->waiting_since + fair : clock_type::time_point::max();
            if (oldest && until <= clock_type::now())
            {
                evict(*oldest);
                continue;
            }
            room_.expires_at(until);
            co_await room_.async_wait(quietly); // or until one ends
        }
    }

    connection* oldest_waiting()
    {
        auto const found = std::find_if(connections_.all.begin(), connections_.all.end(),
                                        [](connection const* c) { return c->waiting && !c->evicted; });
        return found == connections_.all.end() ? nullptr : *found;
    }

    void evict(connection& c)
    {
        c.evicted = true;
        --connections_.open;
        c.stream.close();
    }

    asio::awaitable<void> serve(asio::ip::tcp::socket socket)
    {
        try
        {
            connection peer(connections_, std::move(socket));
            for (bool keep_alive = true; keep_alive;)
                keep_alive = co_await serve_one(peer);
        }
        catch (std::exception const& e)
        {
            log_.write(std::string("a request was dropped: ") + e.what());
        }
        room_.cancel();
    }

    // Whether another request may follow on the connection.
    asio::awaitable<bool> serve_one(connection& peer)
    {
        constexpr std::uint32_t max_head = 16 * 1024;
        constexpr int requests_of_time = 12; // so many timeouts is the life of a connection
        http::request_parser<http::string_body> parser;
        parser.header_limit(max_head);
        parser.body_limit(tidings::providers::wecom::callback::max_body);
        // One limit for all of the request: bytes that trickle in do not prolong it.
        peer.wait();
        peer.stream.expires_after(settings_.timeout);
        auto [error, size] = co_await http::async_read_header(peer.stream, peer.buffer, parser, quietly);
        std::optional<response> refused;
        // Where such a body ends is not known: what follows would be read as another request.
        bool const unframed =
            !error && !parser.chunked() && parser.get().find(http::field::transfer_encoding) != parser.get().end();
        if (unframed)
        {
            log_.write("a request has a Transfer-Encoding that is not chunked");
            refused = answer(parser.get(), http::status::bad_request);
        }
        else if (!error)
            refused = app_.refusal(parser.get());
        if (!error && !refused && !parser.is_done())
        {
            auto const expected = parser.get()[http::field::expect];
            if (beast::iequals(expected, "100-continue"))
            {
                static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
                auto const [write_error, written] =
                    co_await asio::async_write(peer.stream, asio::buffer(go_on), quietly);
                error = write_error;
            }
            if (!error)
            {
                auto const [read_error, read] = co_await http::async_read(peer.stream, peer.buffer, parser, quietly);
                error = read_error;
            }
        }
        if (error == http::error::body_limit || error == http::error::header_limit)
            refused = answer(parser.get(), http::status::payload_too_large);
        else if (error && error != http::error::end_of_stream && error != http::error::partial_message &&
                 error.category() == error_code(http::error::bad_method).category())
        {
            log_.write("a request is not HTTP/1.1: " + error.message() + " (HTTPS is the web server's in front)");
            refused = answer(request(http::verb::get, "/", 11), http::status::bad_request);
        }
        else if (error)
            co_return false;

        response out;
        if (refused)
            out = std::move(*refused);
        else
        {
            peer.waiting = false;
            out = co_await respond(parser.get());
            peer.wait();
        }
        if (error || unframed || !parser.is_done() ||
            clock_type::now() - peer.since > requests_of_time * settings_.timeout)
            out.keep_alive(false);
        peer.stream.expires_after(settings_.timeout);
        auto const [write_error, written] = co_await http::async_write(peer.stream, out, quietly);
        if (!write_error && !out.keep_alive())
            co_await linger(peer);
        co_return !write_error && out.keep_alive();
    }

    // Reads for a moment what the peer still sends: closed at once, the connection would be reset and the answer lost.
    asio::awaitable<void> linger(connection& peer)
    {
        constexpr std::chrono::seconds moment(1);
        constexpr std::size_t enough = std::size_t{4} << 20;
        error_code ignored;
        peer.stream.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
        peer.stream.expires_after(moment);
        std::array<char, 4096> scratch;
        for (std::size_t read = 0; read < enough;)
        {
            auto const [error, size] = co_await peer.stream.async_read_some(asio::buffer(scratch), quietly);
            if (error)
                break;
            read += size;
        }
    }

    //[replay
    asio::awaitable<response> respond(request const& asked)
    {
        auto made = app_.decide(asked);
        if (!made.line)
            co_return std::move(made.answer);
        if (!seen_.insert(made.id))
        {
            // A repetition, or a request that somebody recorded. While the first one is being written, nobody knows
            // yet.
            bool const kept = being_written_.find(made.id) == being_written_.end();
            log_.write("an event was received again, and is not printed again");
            co_return kept ? std::move(made.answer) : answer(asked, http::status::service_unavailable);
        }
        being_written_.insert(made.id);
        auto const error = co_await output_.write(app_.line_of(*made.line), clock_type::now() + write_timeout);
        being_written_.erase(made.id);
        if (!error)
            co_return std::move(made.answer);
        seen_.erase(made.id); // so that the platform's repetition is accepted
        log_.write("an event could not be written to standard output: " + error.message() +
                   "; the platform is asked to repeat it");
        co_return answer(asked, http::status::internal_server_error);
    }
    //]

    static constexpr std::chrono::seconds write_timeout{2}; // Lark and Feishu wait 3 s for the answer

    settings const& settings_;
    application const& app_;
    diagnostics& log_;
    connections& connections_;
    line_output output_;
    asio::ip::tcp::acceptor acceptor_;
    asio::steady_timer room_;
    tidings::replay_memory seen_;
    std::set<std::string> being_written_;
};

// The descriptor is only waited for: to make it non-blocking would make it so for the shell, too.
asio::awaitable<void> wait_for_end_of_input(asio::io_context& io)
{
    asio::posix::stream_descriptor input(io, ::dup(STDIN_FILENO));
    std::array<char, 4096> ignored;
    for (;;)
    {
        auto const [ec] = co_await input.async_wait(asio::posix::stream_descriptor::wait_read, quietly);
        if (ec || ::read(input.native_handle(), ignored.data(), ignored.size()) <= 0)
            break;
    }
    io.stop();
}

// A descriptor of the standard streams that is closed would be the next socket's.
void check_standard_streams()
{
    if (::fcntl(STDOUT_FILENO, F_GETFD) < 0)
        throw std::runtime_error("standard output is closed: events would be lost");
    for (int const fd : {STDIN_FILENO, STDERR_FILENO})
        if (::fcntl(fd, F_GETFD) < 0 && ::open("/dev/null", O_RDWR) != fd)
            throw std::runtime_error("a standard stream is closed");
}

// Some descriptors are needed for other things than connections.
void respect_descriptor_limit(settings& given)
{
    constexpr rlim_t others = 16;
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
        given.max_connections = std::min<std::size_t>(
            given.max_connections, limit.rlim_cur > others ? static_cast<std::size_t>(limit.rlim_cur - others) : 1);
}

asio::awaitable<void> begin(asio::io_context& io, server& receiver, int& status)
{
    json::object const line{{"url", "http://127.0.0.1:" + std::to_string(receiver.port())}};
    constexpr std::chrono::seconds write_timeout(5);
    auto const error =
        co_await receiver.output().write(json::serialize(line) + '\n', clock_type::now() + write_timeout);
    if (!error)
        co_return;
    std::cerr << "tidings-callback: the address could not be written to standard output: " << error.message() << '\n';
    status = 2;
    io.stop();
}

} // namespace

int main(int argc, char** argv)
{
    settings given;
    std::int64_t max_age = given.max_age.count();
    double timeout = std::chrono::duration<double>(given.timeout).count();
    CLI::App cli{"Receives the callbacks of WeCom (/wecom), Lark (/lark) and Feishu (/feishu) on 127.0.0.1 and prints "
                 "each event as one line of JSON. Put a web server with HTTPS in front. Serves until standard input "
                 "ends."};
    cli.set_version_flag("--version", "tidings-callback " TIDINGS_VERSION_STRING, "The version, and leave");
    tools::declare_self_description(cli, "tidings-callback", TIDINGS_VERSION_STRING);
    cli.add_option("--port", given.port, "Where to listen. Default: a free port, named in the first line of output")
        ->check(CLI::Range(0, 65535));
    cli.add_option("--max-age", max_age,
                   "Seconds after which a signed request is refused; 0: never. Default: 28800, for Lark's last "
                   "repetition comes after 6 hours")
        ->check(CLI::Range(0, 10 * 365 * 24 * 3600));
    cli.add_option("--timeout", timeout, "Seconds for a whole request to arrive. Default: 5")
        ->check(CLI::Range(0.05, 60.0));
    cli.add_option("--max-connections", given.max_connections,
                   "How many at once; one more closes the one that has waited longest for its peer. Default: 128")
        ->check(CLI::Range(1, 10000));
    cli.footer("Settings, from the environment:\n"
               "  TIDINGS_CALLBACK_TOKEN, TIDINGS_CALLBACK_AES_KEY, TIDINGS_CORP_ID    WeCom\n"
               "  TIDINGS_ENCRYPT_KEY, TIDINGS_VERIFICATION_TOKEN                      Lark and Feishu\n"
               "What is refused or not served is said on standard error. An event that cannot be written to standard\n"
               "output is answered with 500, so that the platform repeats it.\n"
               "Exit status: 0 standard input ended or a signal came; 2 an option, a setting, the port or standard\n"
               "output is not usable.");
    cli.failure_message(tools::usage_error);
    try
    {
        cli.parse(argc, argv);
    }
    catch (CLI::ParseError const& e)
    {
        return cli.exit(e) == 0 ? EXIT_SUCCESS : 2;
    }

    int status = EXIT_SUCCESS;
    try
    {
        check_standard_streams();
        for (int const signal_number :
             {SIGPIPE, SIGXFSZ}) // a closed pipe and a file that may not grow are errors of write
            std::signal(signal_number, SIG_IGN);
        if (!std::isfinite(timeout))
            throw std::runtime_error("--timeout is not a number");
        given.max_age = std::chrono::seconds(max_age);
        given.timeout = std::chrono::milliseconds(static_cast<std::int64_t>(timeout * 1000));
        respect_descriptor_limit(given);
        diagnostics log;
        application const app(given, log);
        connections those;
        asio::io_context io(1); // goes before what its coroutines refer to when they go
        server receiver(io, those, given, app, log);
        asio::signal_set signals(io, SIGINT, SIGTERM);
        signals.async_wait([&io](error_code, int) { io.stop(); });
        asio::co_spawn(io, wait_for_end_of_input(io), asio::detached);
        asio::co_spawn(io, receiver.output().run(), asio::detached);
        asio::co_spawn(io, receiver.accept(), asio::detached);
        asio::co_spawn(io, begin(io, receiver, status), asio::detached);
        io.run();
    }
    catch (std::exception const& e)
    {
        std::cerr << "tidings-callback: " << e.what() << '\n';
        return 2;
    }
    return status;
}
