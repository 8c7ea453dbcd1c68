// A person gets a message: by each way to name them, on both brands, in each kind.
#include "support/platform.hpp"
#include "support/run.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json/parse.hpp>

#include <future>

using namespace test;
using td::sandbox::fault;
using td::sandbox::fault_kind;

BOOST_AUTO_TEST_SUITE(delivery)

namespace {

template<class Provider, class Match>
using notifier = td::notifier<Provider, Match, td::transport::http, td::base_url>;

template<class Provider, class Match>
void reaches_ada(td::sandbox::server& platform, std::string const& address, std::string const& id_type)
{
    auto const before = platform.ledger().size();
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<Provider, Match> notify(ex, credentials<Provider>(platform), url<Provider>(platform));
        auto const sent = co_await notify.send(address, td::text{"Change #42 waits for your approval"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(sent->attempts() == 1u);
        auto const ledger = platform.ledger();
        BOOST_TEST_REQUIRE(ledger.size() == before + 1);
        auto const& row = ledger.back();
        BOOST_TEST(row.provider == brand<Provider>());
        BOOST_TEST(row.to == "ada");
        BOOST_TEST(row.receive_id_type == id_type);
        BOOST_TEST(row.receive_id == sent->person_id());
        BOOST_TEST(row.message_id == sent->message_id());
        BOOST_TEST(row.msg_type == "text");
        BOOST_TEST((boost::json::parse(row.content).at("text") == "Change #42 waits for your approval"));
    });
}

} // namespace

BOOST_AUTO_TEST_CASE(a_person_is_reached_by_each_field_on_both_brands)
{
    td::sandbox::server platform;
    reaches_ada<td::lark, td::match::email>(platform, "ada@example.com", "open_id");
    reaches_ada<td::lark, td::match::phone_number>(platform, "+65 9123-4567", "open_id");
    reaches_ada<td::lark, td::match::login_name>(platform, "ada", "user_id");
    reaches_ada<td::feishu, td::match::email>(platform, "ada@example.com", "open_id");
    reaches_ada<td::feishu, td::match::phone_number>(platform, "+6591234567", "open_id");
    reaches_ada<td::feishu, td::match::login_name>(platform, "ada", "user_id");
}

BOOST_AUTO_TEST_CASE(a_number_of_mainland_china_is_found_although_the_platform_wants_it_bare)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::feishu, td::match::phone_number> notify(ex, credentials<td::feishu>(platform),
                                                             url<td::feishu>(platform));
        auto const found = co_await notify.resolve("+8613011111111");
        BOOST_TEST_REQUIRE(found.has_value(), found.error());
        BOOST_TEST(found->type() == "open_id");
        BOOST_TEST(platform.ledger().empty());
    });
}

BOOST_AUTO_TEST_CASE(an_email_used_directly_needs_no_look_up)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        td::notifier<td::lark, td::match::email, td::addressing::direct, td::base_url, td::transport::http> notify(
            ex, credentials<td::lark>(platform), url<td::lark>(platform));
        auto const sent = co_await notify.send("ada@example.com", td::text{"direct"});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(platform.ledger().back().receive_id_type == "email");
        BOOST_TEST(platform.ledger().back().to == "ada");
        BOOST_TEST(count_requests(platform, look_up_path) == 0);

        // Then nobody but the send can find out that there is no such person.
        auto const lost = co_await notify.send("nobody@example.com", td::text{"direct"});
        BOOST_TEST_REQUIRE(lost.has_error());
        BOOST_TEST((lost.error() == td::errc::recipient_not_found));
        BOOST_TEST(lost.error().platform_code() == "230001");
    });
}

BOOST_AUTO_TEST_CASE(a_warm_send_is_one_request_on_a_connection_that_is_kept)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        td::notifier<td::lark, td::match::login_name, td::transport::http, td::base_url, td::pacing::none> notify(
            ex, credentials<td::lark>(platform), url<td::lark>(platform));
        auto const ready = co_await notify.warm_up();
        BOOST_TEST_REQUIRE(ready.has_value(), ready.error());
        auto const before = platform.requests().size();
        for (int i = 0; i < 10; ++i)
        {
            auto const sent = co_await notify.send("ada", td::text{"again"});
            BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        }
        BOOST_TEST(platform.requests().size() == before + 10);
        BOOST_TEST(platform.connections() == 1u);
        BOOST_TEST(count_requests(platform, token_path) == 1);
    });
}

BOOST_AUTO_TEST_CASE(markdown_and_cards_arrive_as_the_platforms_own_kinds)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::lark, td::match::login_name> lark(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        notifier<td::feishu, td::match::login_name> feishu(ex, credentials<td::feishu>(platform),
                                                           url<td::feishu>(platform));
        std::string const nasty = "**bold** \"quoted\" \\ tab\t\nline \xF0\x9F\x9A\x80 \xE4\xBD\xA0";

        auto sent = co_await lark.send("ada", td::markdown{nasty});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        auto row = platform.ledger().back();
        BOOST_TEST(row.msg_type == "post");
        auto const post = boost::json::parse(row.content);
        auto const& element = post.at("en_us").at("content").at(0).at(0);
        BOOST_TEST((element.at("tag") == "md"));
        std::string_view const shown = element.at("text").as_string();
        BOOST_TEST(shown.starts_with("**bold** \"quoted\" \\ tab"), shown);
        BOOST_TEST(shown.ends_with("line \xF0\x9F\x9A\x80 \xE4\xBD\xA0"), shown);

        sent = co_await feishu.send("ada", td::markdown{nasty});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST(boost::json::parse(platform.ledger().back().content).as_object().contains("zh_cn"));

        std::string const card =
            R"({"schema":"2.0","body":{"elements":[{"tag":"markdown","content":"**disk** 91%"}]}})";
        sent = co_await lark.send("ada", td::lark::card{card});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        row = platform.ledger().back();
        BOOST_TEST(row.msg_type == "interactive");
        BOOST_TEST((boost::json::parse(row.content) == boost::json::parse(card)));
    });
}

BOOST_AUTO_TEST_CASE(an_idempotency_key_delivers_once_and_a_new_one_again)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::lark, td::match::login_name> notify(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        auto const first = co_await notify.send("ada", td::text{"once"}, td::idempotency_key{"order-42"});
        auto const again = co_await notify.send("ada", td::text{"once"}, td::idempotency_key{"order-42"});
        BOOST_TEST_REQUIRE(first.has_value(), first.error());
        BOOST_TEST_REQUIRE(again.has_value(), again.error());
        BOOST_TEST(platform.ledger().size() == 1u);
        BOOST_TEST(platform.ledger().back().uuid == "order-42");
        BOOST_TEST(first->message_id() == again->message_id());

        auto const other = co_await notify.send("ada", td::text{"once"});
        BOOST_TEST(other.has_value());
        BOOST_TEST(platform.ledger().size() == 2u);
        BOOST_TEST(platform.ledger().back().uuid.size() == 36u);
    });
}

BOOST_AUTO_TEST_CASE(an_unknown_person_is_not_found_and_the_likely_causes_are_named)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::lark, td::match::phone_number> notify(ex, credentials<td::lark>(platform),
                                                           url<td::lark>(platform));
        auto const sent = co_await notify.send("+6598765432", td::text{"hi"});
        BOOST_TEST_REQUIRE(sent.has_error());
        auto const why = sent.error();
        BOOST_TEST((why == td::errc::recipient_not_found));
        BOOST_TEST((why == td::condition::recipient));
        BOOST_TEST(why.message().find("failed to obtain the user id") != std::string::npos);
        BOOST_TEST(why.remedy().find("misspelt") < why.remedy().find("contacts range"));
        BOOST_TEST(why.platform() == "lark");
        BOOST_TEST(why.operation() == "look up person");
        BOOST_TEST(why.attempts() == 1u);
        BOOST_TEST(platform.ledger().empty());
        BOOST_TEST(count_requests(platform, send_path) == 0);
    });
}

BOOST_AUTO_TEST_CASE(what_newcomers_meet_is_told_apart)
{
    td::sandbox::server platform;
    struct row
    {
        char const* app_id;
        char const* login_name;
        td::errc expected;
        char const* code;
    };
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        row const rows[] = {{"cli_a1b2c3d4e5f60e01", "ada", td::errc::permission_missing, "99991672"},
                            {"cli_a1b2c3d4e5f60e02", "ada", td::errc::bot_disabled, "230006"},
                            {"cli_a1b2c3d4e5f60e03", "ada", td::errc::app_not_published, "99991662"},
                            {"cli_a1b2c3d4e5f60718", "otto", td::errc::recipient_unreachable, "230013"},
                            {"cli_a1b2c3d4e5f60718", "rita", td::errc::recipient_unreachable, "230029"},
                            {"cli_a1b2c3d4e5f60718", "boris", td::errc::recipient_unreachable, "230053"},
                            {"cli_a1b2c3d4e5f60718", "nobody", td::errc::recipient_not_found, "99992360"}};
        for (auto const& one : rows)
        {
            BOOST_TEST_CONTEXT(one.app_id << ' ' << one.login_name)
            {
                notifier<td::lark, td::match::login_name> notify(ex, credentials<td::lark>(platform, one.app_id),
                                                                 url<td::lark>(platform));
                auto const sent = co_await notify.send(one.login_name, td::text{"hi"});
                BOOST_TEST_REQUIRE(sent.has_error());
                BOOST_TEST((sent.error() == one.expected), sent.error());
                BOOST_TEST(sent.error().platform_code() == one.code);
                BOOST_TEST(sent.error().log_id().size() == 34u);
                BOOST_TEST(!sent.error().remedy().empty());
                BOOST_TEST(!sent.error().remedy(td::language::chinese).empty());
            }
        }
        BOOST_TEST(platform.ledger().empty());
    });
}

BOOST_AUTO_TEST_CASE(a_missing_scope_comes_with_its_name_and_the_page_to_grant_it)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::lark, td::match::email> notify(ex, credentials<td::lark>(platform, "cli_a1b2c3d4e5f60e01"),
                                                    url<td::lark>(platform));
        auto const sent = co_await notify.send("ada@example.com", td::text{"hi"});
        BOOST_TEST_REQUIRE(sent.has_error());
        auto const why = sent.error();
        BOOST_TEST_REQUIRE(why.scopes().size() == 1u);
        BOOST_TEST(why.scopes().front() == "contact:user.id:readonly");
        BOOST_TEST(why.link().find(
                       "https://open.larksuite.com/app/cli_a1b2c3d4e5f60e01/auth?q=contact:user.id:readonly") == 0u);
        BOOST_TEST(why.remedy().find(why.link()) != std::string::npos);
    });
}

BOOST_AUTO_TEST_CASE(a_deadline_begins_when_the_call_is_awaited)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::lark, td::match::login_name> hurried(ex, credentials<td::lark>(platform), url<td::lark>(platform),
                                                          td::deadline(std::chrono::milliseconds(1000)));
        auto later = hurried.send("ada", td::text{"hi"});
        asio::steady_timer pause(ex, std::chrono::milliseconds(1100));
        co_await pause.async_wait(asio::use_awaitable);
        auto const sent = co_await std::move(later);
        BOOST_TEST(sent.has_value(), sent.error());

        // What is over already is not begun.
        notifier<td::lark, td::match::login_name> late(ex, credentials<td::lark>(platform), url<td::lark>(platform),
                                                       td::deadline(std::chrono::milliseconds(-1)));
        auto const before = platform.requests().size();
        auto const never = co_await late.send("ada", td::text{"hi"});
        BOOST_TEST((never.has_error() && never.error() == td::errc::timed_out), never.error());
        BOOST_TEST(platform.requests().size() == before);
    });
}

BOOST_AUTO_TEST_CASE(a_text_just_under_the_limit_is_delivered_whole)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::lark, td::match::login_name> notify(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        std::string body(148'900, 'x');
        body.replace(70'000, 4, "\xF0\x9F\x9A\x80");
        auto const sent = co_await notify.send("ada", td::text{body});
        BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
        BOOST_TEST((boost::json::parse(platform.ledger().back().content).at("text").as_string() == body));
    });
}

BOOST_AUTO_TEST_CASE(unusable_settings_are_the_result_of_every_call_and_never_an_exception)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        auto const app = credentials<td::lark>(platform);
        for (auto const* bad : {"https://127.0.0.1", "ftp://host", "nonsense", "http://user@host", "http://h?q=1"})
        {
            notifier<td::lark, td::match::email> notify(ex, app, td::base_url{bad});
            auto const sent = co_await notify.send("ada@example.com", td::text{"hi"});
            BOOST_TEST((sent.has_error() && sent.error() == td::errc::invalid_argument), bad);
            auto const found = co_await notify.resolve("ada@example.com");
            BOOST_TEST((found.has_error() && found.error() == td::errc::invalid_argument), bad);
            auto const warm = co_await notify.warm_up();
            BOOST_TEST((warm.has_error() && warm.error() == td::errc::invalid_argument), bad);
        }
        td::lark::credentials const no_secret("cli_a1b2c3d4e5f60718", td::secret());
        notifier<td::lark, td::match::email> notify(ex, no_secret, url<td::lark>(platform));
        auto const sent = co_await notify.send("ada@example.com", td::text{"hi"});
        BOOST_TEST((sent.has_error() && sent.error() == td::errc::invalid_argument));
        BOOST_TEST(sent.error().message().find("App Secret is empty") != std::string::npos);
    });
}

BOOST_AUTO_TEST_CASE(a_path_prefix_in_the_base_url_stands_in_front_of_every_path)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::lark, td::match::login_name> notify(ex, credentials<td::lark>(platform),
                                                         td::base_url(platform.url("lark") + "/private/"));
        auto const sent = co_await notify.send("ada", td::text{"hi"});
        BOOST_TEST_REQUIRE(sent.has_error()); // the sandbox knows no such path
        BOOST_TEST((sent.error() == td::errc::protocol_error), sent.error());
        BOOST_TEST(platform.requests().front().target == "/private" + std::string(token_path));
    });
}

// GCC 12 destroys some temporaries of a co_await expression twice: each shape that a user writes is run here.
BOOST_AUTO_TEST_CASE(every_public_call_shape_survives_the_compiler)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::lark, td::match::email> notify{ex, credentials<td::lark>(platform), url<td::lark>(platform)};
        std::string const address = "ada@example.com";
        std::string const long_text(300, 'x');
        td::match::email const person{address};
        td::text const message{long_text};

        BOOST_TEST((co_await notify.send("ada@example.com", td::text{"literal"})).has_value());
        BOOST_TEST((co_await notify.send(address, td::text{long_text + "made in the expression"})).has_value());
        BOOST_TEST((co_await notify.send(std::string_view(address), message)).has_value());
        BOOST_TEST((co_await notify.send(person, message, td::idempotency_key{"key"})).has_value());
        BOOST_TEST((co_await notify.send({address}, td::markdown{long_text})).has_value());
        BOOST_TEST((co_await notify.send(address, td::lark::card{"{\"elements\":[]}"})).has_value());
        if (auto const sent = co_await notify.send(address, td::text{long_text}); !sent)
            BOOST_ERROR("not sent");
        auto later = notify.send(std::string("ada@example.com"), td::text{long_text});
        BOOST_TEST((co_await std::move(later)).has_value());
        auto deferred = notify.async_send(address, td::text{long_text}, asio::deferred);
        BOOST_TEST((co_await std::move(deferred)(asio::use_awaitable)).has_value());
        BOOST_TEST((co_await notify.async_send(address, td::text{long_text}, asio::use_awaitable)).has_value());
        BOOST_TEST((co_await notify.resolve(address)).has_value());
        auto const receipt = (co_await notify.send(address, td::text{"value"})).value();
        BOOST_TEST(!receipt.message_id().empty());
        auto nobody = notify.send("nobody@example.com", td::text{long_text});
        auto const thrower = co_await std::move(nobody);
        BOOST_CHECK_EXCEPTION(thrower.value(), td::error, [](td::error const& e) {
            return e.why() == td::errc::recipient_not_found && e.code() == td::condition::recipient;
        });
        for (auto const* to : {"ada@example.com", "bob@example.com"})
            BOOST_TEST((co_await notify.send(to, td::text{long_text})).has_value());
    });
    BOOST_TEST(platform.ledger().size() == 13u);
}

BOOST_AUTO_TEST_CASE(async_send_takes_any_completion_token_and_completes_on_its_executor)
{
    td::sandbox::server platform;
    asio::io_context io;
    notifier<td::lark, td::match::login_name> notify(io.get_executor(), credentials<td::lark>(platform),
                                                     url<td::lark>(platform));
    auto future = notify.async_send("ada", td::text{"future"}, asio::use_future);

    bool inside = true;
    bool refused_inside = false;
    notify.async_send("", td::text{"refused without I/O"}, [&](td::result<td::receipt> r) {
        refused_inside = inside;
        BOOST_TEST((r.has_error() && r.error() == td::errc::invalid_recipient));
    });
    inside = false;

    asio::io_context other;
    auto const strand = asio::make_strand(other);
    bool on_strand = false;
    notify.async_send("ada", td::text{"callback"}, td::idempotency_key{"k-1"},
                      asio::bind_executor(strand, [&](td::result<td::receipt> r) {
                          on_strand = strand.running_in_this_thread() && r.has_value();
                      }));
    io.run();
    BOOST_TEST(!on_strand);
    other.run();
    BOOST_TEST(on_strand);
    BOOST_TEST(!refused_inside);
    BOOST_TEST(future.get().has_value());
    BOOST_TEST(platform.ledger().size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_notifier_can_be_moved_and_replaced)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier<td::lark, td::match::login_name> first(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        BOOST_TEST((co_await first.send("ada", td::text{"one"})).has_value());
        auto second = std::move(first);
        BOOST_TEST((co_await second.send("ada", td::text{"two"})).has_value());
        second =
            notifier<td::lark, td::match::login_name>(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        BOOST_TEST((co_await second.send("ada", td::text{"three"})).has_value());
        BOOST_TEST((second.get_executor() == ex));
    });
    BOOST_TEST(platform.ledger().size() == 3u);
}

BOOST_AUTO_TEST_SUITE_END()
