// Faults on demand.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "fixture.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

#include <thread>

namespace tidings::inline v0::sandbox {
static std::ostream& boost_test_print_type(std::ostream& os, fault_kind m)
{
    return os << static_cast<int>(m);
}
} // namespace tidings::inline v0::sandbox

namespace fault_test {

using namespace test;

BOOST_AUTO_TEST_SUITE(sandbox_fault)

// A talk whose next message meets this.
struct met : client_session
{
    explicit met(fault f, sandbox::options const& o = still()) : client_session(lark_app, o)
    {
        platform.add_fault(f.path("/open-apis/im"));
    }

    std::size_t delivered() const { return platform.ledger().size(); }

    // The bytes of a whole send, and all that comes back until the end.
    std::string raw_send()
    {
        std::string const body = R"({"receive_id":"ada","msg_type":"text","content":"{\"text\":\"x\"}"})";
        wire.write("POST /open-apis/im/v1/messages?receive_id_type=user_id HTTP/1.1\r\nHost: "
                   "localhost\r\nAuthorization: Bearer " +
                   bearer + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
        return wire.read_all();
    }
};

BOOST_AUTO_TEST_CASE(an_answer_is_given_verbatim_and_only_as_often_as_asked_for)
{
    met t(fault(fault_kind::answer)
              .status(502)
              .header("Content-Type", "text/html")
              .body("<html>Bad Gateway</html>")
              .after(1)
              .times(2));
    BOOST_TEST(t.send("user_id", "ada").code() == 0);
    for (int i = 0; i < 2; ++i)
    {
        auto const r = t.send("user_id", "ada");
        BOOST_TEST(r.status == 502u);
        BOOST_TEST(r.headers.at("content-type") == "text/html");
        BOOST_TEST(r.body == "<html>Bad Gateway</html>");
    }
    BOOST_TEST(t.send("user_id", "ada").code() == 0);
    BOOST_TEST(t.delivered() == 2u);
    BOOST_TEST(t.platform.requests()[2].status == 502);
}

BOOST_AUTO_TEST_CASE(a_fault_is_for_its_brand_method_and_path)
{
    client_session t;
    t.platform.add_fault(fault(fault_kind::answer).status(504).platform(sandbox::brand::feishu));
    t.platform.add_fault(fault(fault_kind::answer).status(504).method("GET"));
    t.platform.add_fault(fault(fault_kind::answer).status(504).path("/open-apis/contact"));
    BOOST_TEST(t.send("user_id", "ada").code() == 0);
    auto const r = t.call("GET", "/open-apis/bot/v3/info");
    BOOST_TEST(r.status == 504u);
    BOOST_TEST(r.body.empty());
    BOOST_TEST(t.call("POST", "/open-apis/contact/v3/users/batch_get_id", "{}").status == 504u);
    BOOST_TEST(client(t.platform.url("feishu")).call("GET", "/").status == 504u);
}

BOOST_AUTO_TEST_CASE(faults_can_last_until_they_are_cleared)
{
    met t(fault(fault_kind::answer).status(500).times(0));
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(t.send("user_id", "ada").status == 500u);
    t.platform.clear_faults();
    BOOST_TEST(t.send("user_id", "ada").status == 200u);
}

BOOST_AUTO_TEST_CASE(a_throttled_request_is_told_how_long_to_wait)
{
    met t(fault(fault_kind::throttle).wait_seconds(52));
    t.platform.add_fault(fault(fault_kind::throttle).wait_seconds(-1));
    auto const r = t.send("user_id", "ada");
    BOOST_TEST(r.status == 429u);
    BOOST_TEST(r.headers.at("x-ogw-ratelimit-reset") == "52");
    BOOST_TEST(r.body == R"({"code":99991400,"msg":"request trigger frequency limit"})");
    BOOST_TEST(t.send("user_id", "ada").headers.count("x-ogw-ratelimit-reset") == 0u);
    BOOST_TEST(t.delivered() == 0u);
}

BOOST_AUTO_TEST_CASE(a_throttled_request_may_be_told_so_by_400)
{
    met t{fault(fault_kind::throttle)};
    t.platform.edit([](sandbox::world& w) { w.modes.rate_limit_status = 400; });
    auto const r = t.send("user_id", "ada");
    BOOST_TEST(r.status == 400u);
    BOOST_TEST(r.code() == 99991400);
    BOOST_TEST(r.headers.at("x-ogw-ratelimit-reset") == "1");
}

BOOST_AUTO_TEST_CASE(a_refusal_has_the_code_that_was_asked_for_in_the_form_it_has_everywhere)
{
    met t{fault(fault_kind::refuse).code("230020")};
    for (auto const* code : {"1663", "11232", "no number", "7"})
        t.platform.add_fault(fault(fault_kind::refuse).path("/open-apis/im").code(code));
    auto r = t.send("user_id", "ada");
    BOOST_TEST(r.status == 400u);
    BOOST_TEST(without_error(r) == R"({"code":230020,"msg":"This operation triggers the frequency limit."})");
    BOOST_TEST(r.object().at("error").as_object().contains("log_id"));
    r = t.send("user_id", "ada");
    BOOST_TEST(r.status == 500u);
    BOOST_TEST(r.body == R"({"code":1663,"msg":"internal error"})");
    BOOST_TEST(r.headers.count("x-tt-logid") == 1u);
    BOOST_TEST(t.send("user_id", "ada").code() == 11232);
    BOOST_TEST(t.send("user_id", "ada").body == "sandbox: the codes of this platform are numbers, and not no number");
    BOOST_TEST(t.send("user_id", "ada").body == "sandbox: sandbox: no text for code 7");
    BOOST_TEST(t.delivered() == 0u);
    BOOST_TEST(t.send("user_id", "ada").code() == 0);
}

struct cut
{
    fault_kind what;
    bool delivered;
    // What the answer that is cut begins and ends with; empty: nothing comes at all.
    char const* begins;
    friend std::ostream& operator<<(std::ostream& os, cut const& c) { return os << static_cast<int>(c.what); }
};

cut const cuts[]{{fault_kind::cut_before_reading, false, ""},
                 {fault_kind::cut_before_headers, false, ""},
                 {fault_kind::reply_lost, true, ""},
                 {fault_kind::cut_in_headers, true, "HTTP/1.1 200 OK\r\n"},
                 {fault_kind::cut_in_body, true, "HTTP/1.1 200 OK\r\n"}};

BOOST_DATA_TEST_CASE(a_cut_connection_ends_where_it_says, cuts)
{
    for (auto const reset : {false, true})
    {
        met t{fault(sample.what).reset(reset)};
        auto const bytes = t.raw_send();
        BOOST_TEST(bytes.starts_with(sample.begins));
        BOOST_TEST(bytes.empty() == (*sample.begins == 0 || (reset && bytes.empty())));
        auto const head = bytes.find("\r\n\r\n");
        BOOST_TEST((head != std::string::npos) == (sample.what == fault_kind::cut_in_body && !bytes.empty()));
        BOOST_TEST(bytes.find("\"body\"") == std::string::npos);
        BOOST_TEST(t.delivered() == (sample.delivered ? 1u : 0u));
        BOOST_TEST(t.send("user_id", "ada").code() == 0);
    }
}

BOOST_AUTO_TEST_CASE(a_lost_reply_can_be_asked_for_again_with_its_uuid)
{
    met t{fault(fault_kind::reply_lost)};
    BOOST_TEST(t.send("user_id", "ada", "text", R"({"text":"x"})", "u-1").status == 0u);
    auto const r = t.send("user_id", "ada", "text", R"({"text":"x"})", "u-1");
    BOOST_TEST(r.code() == 0);
    BOOST_TEST(t.delivered() == 1u);
    BOOST_TEST(r.object().at("data").at("message_id").as_string() == t.platform.ledger().front().message_id);
}

BOOST_AUTO_TEST_CASE(a_refused_connection_is_closed_at_once)
{
    client_session t;
    t.platform.add_fault(fault(fault_kind::refuse_connection).platform(sandbox::brand::feishu));
    client other(t.platform.url("feishu"));
    BOOST_TEST(other.read_all() == "");
    BOOST_TEST(other.call("GET", "/").status == 404u);
    BOOST_TEST(t.platform.requests().size() == 2u); // the token, and the one that was not refused
}

BOOST_DATA_TEST_CASE(odd_but_proper_answers_arrive_whole,
                     boost::unit_test::data::make({fault_kind::delay, fault_kind::byte_by_byte, fault_kind::chunked,
                                                   fault_kind::continue_first, fault_kind::close_after,
                                                   fault_kind::connection_close, fault_kind::linger,
                                                   fault_kind::big_headers}))
{
    met t(fault(sample).delay(20ms));
    auto const before = t.platform.connections();
    auto const start = std::chrono::steady_clock::now();
    auto const r = t.send("user_id", "ada");
    BOOST_TEST((std::chrono::steady_clock::now() - start >= 20ms));
    BOOST_TEST(r.code() == 0, r.error);
    BOOST_TEST(t.delivered() == 1u);
    BOOST_TEST((r.headers.count("transfer-encoding") == 1u) == (sample == fault_kind::chunked));
    auto const says_so = sample == fault_kind::connection_close || sample == fault_kind::linger;
    BOOST_TEST((r.headers.count("connection") == 1u) == says_so);
    BOOST_TEST((r.headers.count("x-padding") == 1u) == (sample == fault_kind::big_headers));
    // The connection that was closed without a word fails the next request.
    BOOST_TEST((t.send("user_id", "ada").status == 0u) == (sample == fault_kind::close_after));
    t.send("user_id", "ada");
    auto const closes = sample == fault_kind::close_after || says_so;
    BOOST_TEST(t.platform.connections() == before + (closes ? 1u : 0u));
}

// Otherwise it depends on the machine whether the next request is written before the end arrives.
BOOST_DATA_TEST_CASE(who_has_the_last_answer_can_see_that_the_connection_has_ended,
                     boost::unit_test::data::make({false, true}))
{
    for (int i = 0; i != 100; ++i)
    {
        met t(fault(fault_kind::close_after), still().tls(sample));
        BOOST_REQUIRE(t.send("user_id", "ada").code() == 0);
        BOOST_TEST_REQUIRE(t.wire.has_ended(), "after the answer " << i);
    }
}

BOOST_AUTO_TEST_CASE(broken_answers_are_broken_as_asked_for)
{
    met t{fault(fault_kind::truncated_json)};
    for (auto const what : {fault_kind::garbage, fault_kind::big_body, fault_kind::wrong_length})
        t.platform.add_fault(fault(what).path("/open-apis/im").size(1000));
    auto const truncated = t.send("user_id", "ada");
    BOOST_TEST(truncated.status == 200u);
    BOOST_TEST(truncated.object().contains("not an object"));
    auto const garbage = t.send("user_id", "ada");
    BOOST_TEST(garbage.status == 0u);
    auto const big = t.send("user_id", "ada");
    BOOST_TEST(big.code() == 0);
    BOOST_TEST(big.object().at("padding").as_string().size() == 1000u);
    BOOST_TEST(big.object().at("data").as_object().contains("message_id"));
    BOOST_TEST(big.body.size() > 1000u);
    auto const short_body = t.send("user_id", "ada");
    BOOST_TEST(short_body.status == 0u);
    BOOST_TEST(t.delivered() == 3u);
}

BOOST_DATA_TEST_CASE(a_stalled_answer_is_silent_until_the_sandbox_goes,
                     boost::unit_test::data::make({fault_kind::stall, fault_kind::stall_in_headers,
                                                   fault_kind::stall_in_body}))
{
    auto t = std::make_unique<sandbox::server>();
    t->add_fault(fault(sample));
    client wire(t->url());
    wire.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    while (t->requests().empty())
        std::this_thread::yield();
    t.reset(); // does not hang
    auto const bytes = wire.read_all();
    BOOST_TEST(bytes.find("404 page not found") == std::string::npos);
    BOOST_TEST((bytes.find("\r\n\r\n") != std::string::npos) ==
               (sample == fault_kind::stall_in_body && !bytes.empty()));
}

BOOST_AUTO_TEST_CASE(faults_work_over_tls)
{
    met t(fault(fault_kind::cut_in_body), still().tls());
    t.platform.add_fault(fault(fault_kind::byte_by_byte).path("/open-apis/im"));
    BOOST_TEST(t.send("user_id", "ada").status == 0u);
    BOOST_TEST(t.send("user_id", "ada").code() == 0);
    BOOST_TEST(t.delivered() == 2u);
}

BOOST_AUTO_TEST_CASE(faults_can_be_scripted_as_json)
{
    client_session t;
    auto r = t.wire.call(
        "POST", "/_sandbox/faults",
        R"([{"kind":"answer","status":502,"path":"/open-apis/im","headers":{"Content-Type":"text/html"},"body":"x"},)"
        R"({"kind":"answer","platform":"lark","method":"POST","status":503,"after":1,"times":2,"delay_ms":1}])");
    BOOST_TEST(r.body == R"({"faults":2})");
    BOOST_TEST(t.send("user_id", "ada").status == 502u);
    BOOST_TEST(t.send("user_id", "ada").status == 200u);
    BOOST_TEST(t.send("user_id", "ada").status == 503u);
    BOOST_TEST(t.wire.call("DELETE", "/_sandbox/faults").body == R"({"faults":0})");
    BOOST_TEST(t.send("user_id", "ada").status == 200u);
    t.wire.call("POST", "/_sandbox/faults", R"({"kind":"refuse","code":"230020"})");
    BOOST_TEST(t.send("user_id", "ada").code() == 230020);
    r = t.wire.call("POST", "/_sandbox/faults", R"([{"kind":"explode"}])");
    BOOST_TEST(r.status == 400u);
    BOOST_TEST(
        std::string(r.object().at("error").as_string()).starts_with("faults[0].kind: expected one of delay, answer"));
    for (std::string_view const bad_text :
         {R"({"kind":"stall","times":-1})", R"({"kind":"stall","after":-1})", R"({"kind":"delay","delay_ms":-5})",
          R"({"kind":"answer","status":99999})", R"({"kind":"answer","status":-1})",
          R"({"kind":"big_body","size":1000000000000000000})", R"({"kind":"answer","headers":{"X\r\nY":"z"}})",
          R"({"kind":"answer","headers":{"X":"y\r\nSet-Cookie: z"}})"})
        BOOST_TEST(t.wire.call("POST", "/_sandbox/faults", std::string(bad_text)).status == 400u, bad_text);
    BOOST_TEST(t.wire.call("POST", "/_sandbox/faults", R"({"kind":"big_body","size":-10})").status == 400u);
    BOOST_TEST(t.wire.call("POST", "/_sandbox/faults", R"({"kind":"wrong_length","size":-10})").status == 200u);
    BOOST_TEST(
        t.wire.call("POST", "/_sandbox/faults", R"({"kind":"stall","when":1})").body ==
        R"({"error":"when: unknown member; known: kind, platform, method, path, times, after, delay_ms, status, )"
        R"(body, headers, wait_seconds, code, size, processed, reset"})");
}

BOOST_AUTO_TEST_CASE(the_older_names_of_members_are_understood)
{
    auto const faults = sandbox::faults_from_json(
        R"([{"action":"stall","brand":"wecom"},{"kind":"garbage","platform":"dingtalk"},{"action":"throttle"}])");
    BOOST_TEST_REQUIRE(faults.size() == 3u);
    BOOST_TEST((faults[0].kind() == fault_kind::stall));
    BOOST_TEST(faults[0].matches(sandbox::brand::wecom, "GET", "/"));
    BOOST_TEST(!faults[0].matches(sandbox::brand::lark, "GET", "/"));
    BOOST_TEST((faults[1].kind() == fault_kind::garbage));
    BOOST_TEST((faults[2].kind() == fault_kind::throttle));
    BOOST_TEST((sandbox::faults_from_json(R"({"action":"stall"})")[0].kind() == fault_kind::stall));
    // Both names at once contradict each other.
    BOOST_CHECK_THROW(sandbox::faults_from_json(R"({"action":"stall","kind":"stall"})"), sandbox::world_error);
    // An array inside an array is no fault.
    BOOST_CHECK_THROW(sandbox::faults_from_json("[[]]"), sandbox::world_error);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace fault_test
