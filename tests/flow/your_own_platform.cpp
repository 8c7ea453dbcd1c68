// The tutorial's platform delivers: it has everything that the library's own have, without a line changed in them.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "../../examples/pigeon/pigeon.hpp"

#include "support/run.hpp"

#include <tidings/capability_table.hpp>
#include <tidings/transport/http.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <source_location>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(your_own_platform)

namespace {

namespace td = tidings;
namespace asio = boost::asio;
namespace http = boost::beast::http;
using pigeon_post::pigeon;

//[line
constexpr auto table =
    td::make_capability_table<td::lark, td::feishu, td::dingtalk, td::dingtalk_work, td::wecom, pigeon>();
//]

// The other side: a loft with one address and one token.
class loft
{
public:
    explicit loft(asio::any_io_executor const& ex)
        : acceptor_(ex, asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), 0))
    {
    }

    std::string url() const { return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()); }
    std::vector<std::string> const& letters() const { return letters_; }
    int logins() const { return logins_; }

    asio::awaitable<void> serve_one_connection()
    {
        auto socket = co_await acceptor_.async_accept(asio::use_awaitable);
        boost::beast::flat_buffer buffer;
        for (;;)
        {
            http::request<http::string_body> question;
            auto const [ec, n] =
                co_await http::async_read(socket, buffer, question, asio::as_tuple(asio::use_awaitable));
            if (ec)
                co_return;
            http::response<http::string_body> reply(http::status::ok, 11, answer(question));
            reply.prepare_payload();
            co_await http::async_write(socket, reply, asio::use_awaitable);
        }
    }

private:
    std::string answer(http::request<http::string_body> const& question)
    {
        auto const body = boost::json::parse(question.body());
        if (question.target() == "/login")
            return body.at("secret") == "coo" ? (++logins_, R"({"ok":true,"token":"t1","seconds":3600})")
                                              : R"({"ok":false,"why":"wrong secret"})";
        if (question["Pigeon-Token"] != "t1")
            return R"({"ok":false,"why":"stale token"})";
        if (body.at("to") != "ada")
            return R"({"ok":false,"why":"who is that"})";
        letters_.emplace_back(body.at("text").as_string());
        return R"({"ok":true,"letter":"L)" + std::to_string(letters_.size()) + "\"}";
    }

    asio::ip::tcp::acceptor acceptor_;
    std::vector<std::string> letters_;
    int logins_ = 0;
};

// The same platform, with a message that its operation cannot write.
class fussy : public pigeon
{
    class send_message final : public td::wire::operation
    {
    public:
        send_message(std::string_view to, std::string_view text)
            : operation("send message", td::wire::idempotency::idempotent, true), text_(text), good_(to, text)
        {
        }

        td::result<void> encode(td::wire::request& out, std::string_view token) const override
        {
            if (text_ == "illegible")
                return td::make_failure(td::errc::message_invalid, "illegible");
            return good_.encode(out, token);
        }
        td::result<void> decode(td::wire::reply const& in) override { return good_.decode(in); }

        std::string const& id() const noexcept { return good_.letter; }

    private:
        std::string_view text_;
        pigeon_post::post_letter good_;
    };

public:
    class delivery final : public td::wire::procedure
    {
    public:
        [[maybe_unused]] static constexpr std::size_t max_batch = 1;
        delivery(credentials const&, std::span<recipient const> people, content const& what, std::string_view)
            : operation_(people.front().id(), what)
        {
        }
        td::wire::operation* next() override { return std::exchange(begun_, true) ? nullptr : &operation_; }
        td::result<void> outcome(std::size_t) const { return {}; }
        std::string_view message_id() const { return operation_.id(); }

    private:
        send_message operation_;
        bool begun_ = false;
    };
};

// Repeats whatever failed, twice.
struct stubborn
{
    using policy_kind = td::retry_kind;

    td::retry_decision next(td::retry_context const& q) const
    {
        ++*asked;
        return q.attempts < 2 ? td::retry_decision::again(std::chrono::milliseconds(1)) : td::retry_decision::stop();
    }

    std::shared_ptr<int> asked = std::make_shared<int>(0);
};

} // namespace

BOOST_AUTO_TEST_CASE(a_platform_made_by_the_tutorial_delivers_and_refuses_like_any_other)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        loft platform(ex);
        asio::co_spawn(ex, platform.serve_one_connection(), asio::detached);
        {
            //[use
            td::notifier<pigeon, td::match::login_name, td::transport::http, td::base_url> notify(
                ex, pigeon::credentials("north", td::secret("coo")), td::base_url(platform.url()));
            auto sent = co_await notify.send("ada", td::text{"coo \"coo\""});
            //]
            BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
            BOOST_TEST(sent->message_id() == "L1");
            sent = co_await notify.send("bob", td::text{"coo"});
            BOOST_TEST_REQUIRE(sent.has_error());
            BOOST_TEST((sent.error() == td::errc::recipient_not_found));
            BOOST_TEST(sent.error().platform_code() == "who is that");
            sent = co_await notify.send("ada", td::text{std::string(141, 'c')});
            BOOST_TEST((sent.has_error() && sent.error() == td::errc::message_too_long));

            std::vector<std::string> const people{"ada", "bob"};
            auto const each = co_await notify.send_each(
                people, td::text{"all"}, [](std::size_t, auto const&, td::result<td::receipt> const&) {},
                td::send_each_options().concurrency(1));
            BOOST_TEST_REQUIRE(each.has_value(), each.error());
            BOOST_TEST(each->delivered == 1u);
            BOOST_TEST(each->failed == 1u);
        }
        BOOST_TEST(platform.letters() == (std::vector<std::string>{"coo \"coo\"", "all"}),
                   boost::test_tools::per_element());
        BOOST_TEST(platform.logins() == 1);
    });
}

// Where a request would wait for a connection, it is written when there is one.
BOOST_AUTO_TEST_CASE(a_request_that_cannot_be_written_is_not_repeated_whenever_that_is_found_out)
{
    test::run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        loft platform(ex);
        asio::co_spawn(ex, platform.serve_one_connection(), asio::detached);
        {
            stubborn const retry;
            td::notifier<fussy, td::match::login_name, td::transport::http, td::base_url, stubborn> notify(
                ex, fussy::credentials("north", td::secret("coo")), td::base_url(platform.url()),
                td::transport::http().max_connections(1), retry);
            auto const check = [&](td::result<td::receipt> const& r,
                                   std::source_location const at = std::source_location::current()) {
                BOOST_TEST_CONTEXT("line " << at.line())
                {
                    BOOST_TEST_REQUIRE(r.has_error());
                    BOOST_TEST((r.error() == td::errc::message_invalid), r.error());
                    BOOST_TEST(r.error().message().find("illegible") != std::string::npos, r.error());
                    BOOST_TEST(r.error().operation() == "send message");
                    BOOST_TEST(r.error().attempts() == 0u);
                }
            };
            td::result<td::receipt> const warm = co_await notify.send("ada", td::text{"0"});
            BOOST_TEST(warm.has_value());
            td::result<td::receipt> const early = co_await notify.send("ada", td::text{"illegible"});
            check(early);

            int delivered = 0;
            int ended = 0;
            for (auto const* const text : {"1", "2", "illegible", "3"})
                notify.async_send("ada", td::text{text}, [&](td::result<td::receipt> const& r) {
                    delivered += r.has_value();
                    ++ended;
                    if (!r)
                        check(r);
                });
            while (ended != 4)
                co_await asio::post(ex, asio::use_awaitable);
            BOOST_TEST(delivered == 3);
            BOOST_TEST(*retry.asked == 0);
        }
        BOOST_TEST(platform.letters() == (std::vector<std::string>{"0", "1", "2", "3"}),
                   boost::test_tools::per_element());
    });
}

BOOST_AUTO_TEST_CASE(its_line_in_the_table_is_made_from_its_own_declarations)
{
    auto const text = to_markdown(table);
    BOOST_TEST(text.find("| Pigeon Post | direct | none | none | - | text | - |") != text.npos, text);
    BOOST_TEST((td::lookup_kind_of<pigeon, td::match::email>() == td::lookup_kind::none));
}

BOOST_AUTO_TEST_SUITE_END()
