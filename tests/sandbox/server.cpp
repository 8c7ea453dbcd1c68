// The server itself, the world, and the sandbox's own calls.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "fixture.hpp"

#include <filesystem>
#include <fstream>
#include <limits>
#include <system_error>
#include <thread>

namespace server_test {

using namespace test;

BOOST_AUTO_TEST_SUITE(sandbox_server)

BOOST_AUTO_TEST_CASE(a_unit_test_needs_five_lines)
{
    tidings::sandbox::server platform;
    client wire(platform.url("lark"));
    auto const app = platform.app("lark");
    auto const token =
        wire.call("POST", token_path, text(json::object{{"app_id", app.app_id}, {"app_secret", app.app_secret}}));
    wire.call("POST", "/open-apis/im/v1/messages?receive_id_type=email",
              R"({"receive_id":"ada@example.com","msg_type":"text","content":"{\"text\":\"hi\"}"})",
              {{"Authorization", "Bearer " + std::string(token.object().at("tenant_access_token").as_string())}});
    BOOST_TEST(platform.ledger().size() == 1u);
}

BOOST_AUTO_TEST_CASE(both_platforms_have_their_own_address_and_app)
{
    sandbox::server platform;
    BOOST_TEST(platform.url() == platform.url("lark"));
    BOOST_TEST(platform.url("lark") != platform.url("feishu"));
    BOOST_TEST(platform.url().starts_with("http://127.0.0.1:"));
    BOOST_TEST(platform.app("lark").app_id == lark_app);
    BOOST_TEST(platform.app("feishu").app_id == feishu_app);
    BOOST_TEST(platform.ca_pem().empty());
    BOOST_TEST(platform.ca_file().empty());
    BOOST_CHECK_THROW(platform.url("slack"), std::invalid_argument);
    platform.edit([](sandbox::world& w) { w.apps.clear(); });
    BOOST_CHECK_THROW(platform.app("lark"), std::out_of_range);
}

BOOST_AUTO_TEST_CASE(a_port_behind_which_there_are_no_three_more_is_refused)
{
    BOOST_CHECK_THROW(sandbox::server(sandbox::options().port(65533)), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_taken_port_is_reported_with_its_number)
{
    sandbox::server const first;
    auto const port = first.url().substr(first.url().rfind(':') + 1);
    try
    {
        sandbox::server const second(sandbox::options().port(static_cast<std::uint16_t>(std::stoi(port))));
        BOOST_ERROR("two servers on one port");
    }
    catch (std::system_error const& e)
    {
        BOOST_TEST(std::string(e.what()).starts_with("sandbox: cannot listen on 127.0.0.1:" + port));
        BOOST_TEST((e.code() == std::errc::address_in_use));
    }
}

BOOST_AUTO_TEST_CASE(tls_is_trusted_through_the_authority_and_nothing_else)
{
    std::string file;
    {
        sandbox::server platform(sandbox::options().tls());
        BOOST_TEST(platform.url().starts_with("https://localhost:"));
        file = platform.ca_file();
        std::ifstream in(file);
        BOOST_TEST(std::string(std::istreambuf_iterator<char>(in), {}) == platform.ca_pem());
        BOOST_TEST(client(platform.url(), platform.ca_pem()).call("GET", "/").status == 404u);
        BOOST_TEST(client("https://127.0.0.1" + platform.url().substr(17), platform.ca_pem()).call("GET", "/").status ==
                   404u);
        BOOST_TEST(client(platform.url()).call("GET", "/").error.find("certificate verify failed") !=
                   std::string::npos);
    }
    BOOST_TEST(!std::filesystem::exists(file));
    BOOST_TEST(!std::filesystem::exists(std::filesystem::path(file).parent_path()));
}

BOOST_AUTO_TEST_CASE(bad_certificates_are_bad)
{
    for (auto const kind : {sandbox::certificate::wrong_host, sandbox::certificate::expired})
    {
        sandbox::server platform(sandbox::options().tls().certificate(kind));
        BOOST_TEST(client(platform.url(), platform.ca_pem()).call("GET", "/").error.find("certificate verify failed") !=
                   std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(the_server_stops_with_open_and_half_open_connections)
{
    for (auto const tls : {false, true})
    {
        auto platform = std::make_unique<sandbox::server>(sandbox::options().tls(tls));
        client idle(platform->url(), platform->ca_pem());
        BOOST_TEST(idle.call("GET", "/").status == 404u);
        client half("http:" + platform->url().substr(platform->url().find("//"))); // with TLS: no handshake ever
        half.write("POST /open-apis/im/v1/messages HTTP/1.1\r\nContent-Le");
        platform.reset();
        BOOST_TEST(idle.call("GET", "/").status == 0u);
    }
}

BOOST_AUTO_TEST_CASE(requests_are_recorded_with_their_connection)
{
    client_session t;
    t.send("user_id", "nobody");
    client other(t.platform.url("feishu"));
    other.call("GET", "/x?y=1");
    auto const all = t.platform.requests();
    BOOST_TEST_REQUIRE(all.size() == 3u);
    BOOST_TEST(all[0].target == token_path);
    BOOST_TEST(all[0].status == 200);
    BOOST_TEST(all[1].method == "POST");
    BOOST_TEST(all[1].header("authorization") == "Bearer " + t.bearer);
    BOOST_TEST(all[1].header("missing") == "");
    BOOST_TEST(all[1].body.find("nobody") != std::string::npos);
    BOOST_TEST(all[1].status == 400);
    BOOST_TEST(all[1].connection == all[0].connection);
    BOOST_TEST((all[2].platform == sandbox::brand::feishu));
    BOOST_TEST(all[2].target == "/x?y=1");
    BOOST_TEST(all[2].status == 404);
    BOOST_TEST(all[2].connection != all[0].connection);
    BOOST_TEST(t.platform.connections() == 2u);
}

BOOST_AUTO_TEST_CASE(http_is_spoken_as_clients_do)
{
    sandbox::server platform;
    client wire(platform.url());
    wire.write(
        "GET /a HTTP/1.1\r\nHost: localhost\r\n\r\nGET /b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    auto const both = wire.read_all();
    BOOST_TEST(both.find("404 page not found") != both.rfind("404 page not found"));
    BOOST_TEST(platform.requests().size() == 2u);
    wire.write("nonsense\r\n\r\n");
    BOOST_TEST(wire.read_all().starts_with("HTTP/1.1 400 "));
    wire.write("HEAD / HTTP/1.0\r\n\r\n");
    BOOST_TEST(wire.read_all().ends_with("Connection: close\r\n\r\n"));
    wire.write("POST /c HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: "
               "close\r\n\r\n");
    wire.write("ab");
    BOOST_TEST(wire.read_all().starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 "));
    BOOST_TEST(platform.requests().back().body == "ab");
    wire.write("POST /d HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: "
               "close\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n");
    wire.read_all();
    BOOST_TEST(platform.requests().back().body == "abc");
}

// What comes back for these headers.
reply asked(sandbox::server& platform, headers const& h, std::string const& target = "/_sandbox/world")
{
    client wire(platform.url());
    std::string head;
    for (auto const& [name, value] : h)
        head += name + ": " + value + "\r\n";
    wire.write("GET " + target + " HTTP/1.1\r\n" + head + "Connection: close\r\n\r\n");
    auto const all = wire.read_all();
    reply out;
    out.status = static_cast<unsigned>(std::stoi(all.substr(9, 3)));
    out.body = all.substr(all.find("\r\n\r\n") + 4);
    return out;
}

BOOST_AUTO_TEST_CASE(its_own_calls_are_answered_for_loopback_names_and_allowed_ones_only)
{
    sandbox::server platform(still().allow_host("Sandbox.test").allow_host("other.test"));
    for (auto const* host : {"localhost", "LocalHost:80", "localhost.:1", "127.0.0.1", "127.8.9.1:18110", "[::1]:3",
                             "sandbox.test", "SANDBOX.test:9", "other.test"})
        BOOST_TEST(asked(platform, {{"Host", host}}).status == 200u, host);
    for (auto const* host :
         {"evil.example", "evil.example:18110", "localhost.evil.example", "127.0.0.1.evil.example", "127.1", "127.evil",
          "[::1", "[::2]", "0.0.0.0", "", "sandbox.test.evil.example", "user@localhost", "localhost@evil.example"})
    {
        auto const r = asked(platform, {{"Host", host}});
        BOOST_TEST(r.status == 403u, host);
        BOOST_TEST(r.body.find("secret") == std::string::npos);
        BOOST_TEST(r.body.find("--allow-host") != std::string::npos, r.body);
    }
    // Those of the platforms need a token, and may come through any name.
    BOOST_TEST(asked(platform, {{"Host", "platform.invalid"}}, "/x").status == 404u);
    // A browser always says where it means to go.
    BOOST_TEST(asked(platform, {}).status == 200u);
}

BOOST_AUTO_TEST_CASE(web_pages_of_other_sites_can_do_nothing)
{
    sandbox::server platform(still().allow_host("sandbox.test"));
    auto const with = [&](std::string const& name, std::string const& value) {
        return asked(platform, {{"Host", "localhost"}, {name, value}}).status;
    };
    for (auto const* origin : {"http://localhost:3000", "https://127.0.0.1", "http://[::1]:9", "http://sandbox.test"})
        BOOST_TEST(with("Origin", origin) == 200u, origin);
    for (auto const* origin :
         {"http://evil.example", "https://localhost.evil.example", "https://open.feishu.cn", "null", "", "localhost"})
        BOOST_TEST(with("Origin", origin) == 403u, origin);
    BOOST_TEST(with("Sec-Fetch-Site", "cross-site") == 403u);
    for (auto const* site : {"same-origin", "same-site", "none"})
        BOOST_TEST(with("Sec-Fetch-Site", site) == 200u);
}

BOOST_AUTO_TEST_CASE(a_refused_request_changes_nothing_and_is_on_record)
{
    client_session t;
    headers const evil{{"Origin", "http://evil.example"}, {"Authorization", "Bearer " + t.bearer}};
    BOOST_TEST(t.wire.call("POST", "/_sandbox/faults", R"({"kind":"stall","times":0})", evil).status == 403u);
    t.platform.add_fault(fault(fault_kind::answer).status(502));
    auto const before = t.platform.requests().size();
    auto const message = R"({"receive_id":"ada","msg_type":"text","content":"{\"text\":\"hi\"}"})";
    auto const target = "/open-apis/im/v1/messages?receive_id_type=user_id";
    BOOST_TEST(t.wire.call("POST", target, message, evil).status == 403u);
    BOOST_TEST(t.platform.ledger().empty());
    BOOST_TEST_REQUIRE(t.platform.requests().size() == before + 1);
    BOOST_TEST(t.platform.requests().back().status == 403);
    // The fault is still there, and hits a request that counts.
    BOOST_TEST(t.send("user_id", "ada").status == 502u);
    BOOST_TEST(t.send("user_id", "ada").code() == 0);
}

BOOST_AUTO_TEST_CASE(the_published_limits_can_be_enforced_and_scaled)
{
    auto w = sandbox::world::standard();
    w.enforce_limits();
    auto const published = sandbox::world::standard();
    BOOST_TEST(w.limits.enabled);
    BOOST_TEST(w.dingtalk.limits.enabled);
    BOOST_TEST(w.wecom.limits.enabled);
    BOOST_TEST(w.limits.calls_per_second == published.limits.calls_per_second);
    w.enforce_limits(0.1);
    BOOST_TEST(w.limits.calls_per_second == 5);
    BOOST_TEST(w.limits.per_receiver_per_second == 1);
    BOOST_TEST(w.limits.hook_per_minute == 10);
    BOOST_TEST(w.dingtalk.limits.robot_per_minute == 60);
    BOOST_TEST(w.dingtalk.limits.work_to_all_per_day == 1);
    BOOST_TEST(w.dingtalk.limits.msg_param_bytes == published.dingtalk.limits.msg_param_bytes);
    BOOST_TEST(w.dingtalk.limits.hook_mute_seconds == published.dingtalk.limits.hook_mute_seconds);
    BOOST_TEST(w.wecom.limits.member_per_minute == 3);
    BOOST_TEST(w.wecom.limits.app_per_day == 20'000);
    BOOST_TEST(w.wecom.limits.organisation_size == published.wecom.limits.organisation_size);
    w.enforce_limits(1000);
    w.enforce_limits(1000);
    w.enforce_limits(1000);
    BOOST_TEST(w.limits.batch_per_day > 0);
    auto const before = to_json(w);
    for (auto const factor : {0.0, -1.0, 1001.0, std::numeric_limits<double>::quiet_NaN()})
        BOOST_CHECK_THROW(w.enforce_limits(factor), std::invalid_argument);
    BOOST_TEST(to_json(w) == before);
}

BOOST_AUTO_TEST_CASE(the_ledger_is_there_over_http)
{
    client_session t;
    t.send("user_id", "ada");
    auto const o = t.wire.call("GET", "/_sandbox/ledger").object();
    auto const& m = o.at("messages").as_array().at(0).as_object();
    BOOST_TEST(m.at("provider").as_string() == "lark");
    BOOST_TEST(m.at("to").as_string() == "ada");
    BOOST_TEST(m.at("message_id").as_string() == t.platform.ledger().front().message_id);
    BOOST_TEST(m.at("msg_type").as_string() == "text");
    BOOST_TEST(m.at("content").as_string() == R"({"text":"hi"})");
    BOOST_TEST(t.wire.call("GET", "/_sandbox/requests").object().at("requests").as_array().size() == 2u);
    BOOST_TEST(t.wire.call("GET", "/_sandbox/nothing").status == 404u);
}

BOOST_AUTO_TEST_CASE(clock_tokens_and_read_state_move_over_http)
{
    client_session t;
    auto const id = t.sent_id();
    auto const before = t.platform.now();
    t.wire.call("POST", "/_sandbox/clock", R"({"advance_seconds":90})");
    BOOST_TEST((t.platform.now() - before == 90s));
    BOOST_TEST(t.wire.call("POST", "/_sandbox/clock", "{}").body ==
               R"({"error":"advance_seconds: expected a whole number"})");
    for (auto const* const far : {"9223372036854775807", "-9223372036854775807", "4000000000"})
        BOOST_TEST(t.wire.call("POST", "/_sandbox/clock", R"({"advance_seconds":)" + std::string(far) + "}").body ==
                   R"({"error":"advance_seconds: is more than a century"})");
    t.wire.call("POST", "/_sandbox/read", R"({"message_id":")" + id + R"(","login_name":"ada"})");
    BOOST_TEST(t.platform.ledger().front().readers.front() == "ada");
    BOOST_TEST(t.wire.call("POST", "/_sandbox/read", R"({"message_id":"om_0","login_name":"ada"})").status == 400u);
    t.wire.call("POST", "/_sandbox/revoke", R"({"app_id":"cli_a1b2c3d4e5f60718"})");
    BOOST_TEST(t.send("user_id", "ada").code() == 99991663);
}

BOOST_AUTO_TEST_CASE(a_printed_world_reads_back_as_it_was)
{
    auto const first = to_json(sandbox::world::standard());
    BOOST_TEST(to_json(sandbox::world::from_json(first)) == first);
    sandbox::server const platform;
    BOOST_TEST(to_json(sandbox::world::from_json(client(platform.url()).call("GET", "/_sandbox/world").body)) == first);
}

BOOST_AUTO_TEST_CASE(given_ids_are_kept_and_others_are_always_derived_alike)
{
    auto const text_of_world = R"({"apps":[{"app_id":"cli_x","app_secret":"s","fixed_token":"t-x"}],
        "people":[{"login_name":"a","open_ids":{"cli_x":"ou_given"}},{"login_name":"b"}]})";
    auto const w = sandbox::world::from_json(text_of_world);
    BOOST_TEST(w.find_person("a")->open_ids.at("cli_x") == "ou_given");
    auto const derived = w.find_person("b")->open_ids.at("cli_x");
    BOOST_TEST(derived.size() == 35u);
    BOOST_TEST(derived == sandbox::world::from_json(text_of_world).find_person("b")->open_ids.at("cli_x"));
    BOOST_TEST(w.find_app("cli_x")->availability.everyone);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_a_world_is_said_with_its_path)
{
    for (auto const& [world, what] :
         {std::pair(R"({"apps":[{"app_id":"a","bot":3}]})", "apps[0].bot: expected true or false"),
          {R"({"apps":[{"app_id":"a"},{"app_id":"a"}]})", "apps[1].app_id: is there twice: a"},
          {R"({"people":[{}]})", "people[0].login_name: must be given"},
          {R"({"people":[{"login_name":"a","open_ids":{"x":1}}]})", "people[0].open_ids.x: expected a string"},
          {R"({"apps":[{"app_id":"a","availability":"nobody"}]})",
           "apps[0].availability: expected \"everyone\" or an array of login names"},
          {R"({"apps":[{"app_id":"a","availability":[1]}]})", "apps[0].availability[0]: expected a string"},
          {R"({"apps":[{"app_id":"a","platform":"slack"}]})", "apps[0].platform: expected one of lark, feishu"},
          {R"({"modes":{"kilobyte":1}})", "modes.kilobyte: expected one of 1024, 1000"},
          {R"({"modes":{"lookup_miss":"x"}})", "modes.lookup_miss: expected one of absent, empty, null"},
          {R"({"modes":{"check_order":["app"]}})",
           "modes.check_order: expected app, ip, rate, quota, scope, each once, in any order"},
          {R"({"limits":{"enabled":true,"extra":1}})",
           "limits.extra: unknown member; known: enabled, calls_per_minute, "},
          {R"({"limits":{"calls_per_minute":99999999999}})", "limits.calls_per_minute: expected a whole number"},
          {R"([])", ": expected an object"},
          {"{\n\"apps\": ,}", "world: not JSON, line 2: syntax error"}})
    {
        auto const expected = std::string(what);
        BOOST_CHECK_EXCEPTION(sandbox::world::from_json(world), sandbox::world_error,
                              [&](sandbox::world_error const& e) {
                                  BOOST_TEST(std::string(e.what()).starts_with(expected), e.what());
                                  return expected.starts_with(e.path());
                              });
    }
}

BOOST_AUTO_TEST_CASE(an_edit_that_breaks_the_world_leaves_it_as_it_was)
{
    sandbox::server platform;
    BOOST_CHECK_THROW(platform.edit([](sandbox::world& w) { w.people[0].login_name = w.people[1].login_name; }),
                      sandbox::world_error);
    BOOST_TEST(platform.world().people[0].login_name == "ada");
}

BOOST_AUTO_TEST_CASE(the_standard_world_has_the_mistakes_of_newcomers)
{
    client_session t;
    BOOST_TEST(t.send("user_id", "ada").code() == 0);
    BOOST_TEST(client_session(no_scopes_app).send("user_id", "ada").code() == 99991672);
    BOOST_TEST(client_session(unpublished_app).send("email", "ada@example.com").code() == 230006);
    BOOST_TEST(t.ask_token("cli_a1b2c3d4e5f60e03").code() == 99991662);
    BOOST_TEST(t.send("email", "otto@example.com").code() == 230013);
}

BOOST_AUTO_TEST_CASE(a_fast_clock_makes_minutes_of_moments)
{
    sandbox::server platform(sandbox::options().clock_speed(600));
    auto const started = std::chrono::steady_clock::now();
    auto const before = platform.now();
    while (platform.now() - before < 60s)
        std::this_thread::yield();
    BOOST_TEST((std::chrono::steady_clock::now() - started >= 99ms));
    auto const then = platform.now();
    platform.advance(1h);
    BOOST_TEST((platform.now() - then >= 1h));
}

BOOST_AUTO_TEST_CASE(every_limit_can_be_set_in_the_world_file)
{
    auto const w = sandbox::world::from_json(R"({
        "limits":{"enabled":true,"calls_per_minute":1,"calls_per_second":2,"per_receiver_per_second":3,
                  "hook_per_minute":4,"hook_per_second":5,"batch_per_day":6},
        "dingtalk":{"limits":{"enabled":true,"calls_per_second":1,"calls_per_minute":2,"calls_per_second_of_all":3,
                  "calls_per_address":4,"per_person_per_minute":5,"robot_per_minute":6,"hook_per_minute":7,
                  "hook_mute_seconds":8,"work_per_person_per_day":9,"work_people_per_minute":10,
                  "work_to_all_per_day":11}},
        "wecom":{"limits":{"enabled":true,"member_per_minute":1,"member_per_hour":2,"app_per_day":3,
                  "calls_per_minute":4,"calls_per_hour":5,"address_per_minute":6,"address_per_hour":7,
                  "hook_per_minute":8,"debug_per_minute":9,"wrong_secrets_per_hour":10,"organisation_size":11,
                  "wrong_lookups_percent":12}}})");
    auto const& lark = w.limits;
    BOOST_TEST((lark.enabled && lark.calls_per_minute == 1 && lark.calls_per_second == 2 &&
                lark.per_receiver_per_second == 3 && lark.hook_per_minute == 4 && lark.hook_per_second == 5 &&
                lark.batch_per_day == 6));
    auto const& ding = w.dingtalk.limits;
    BOOST_TEST((ding.enabled && ding.calls_per_second == 1 && ding.calls_per_minute == 2 &&
                ding.calls_per_second_of_all == 3 && ding.calls_per_address == 4 && ding.per_person_per_minute == 5 &&
                ding.robot_per_minute == 6 && ding.hook_per_minute == 7 && ding.hook_mute_seconds == 8 &&
                ding.work_per_person_per_day == 9 && ding.work_people_per_minute == 10 &&
                ding.work_to_all_per_day == 11));
    auto const& wecom = w.wecom.limits;
    BOOST_TEST((wecom.enabled && wecom.member_per_minute == 1 && wecom.member_per_hour == 2 && wecom.app_per_day == 3 &&
                wecom.calls_per_minute == 4 && wecom.calls_per_hour == 5 && wecom.address_per_minute == 6 &&
                wecom.address_per_hour == 7 && wecom.hook_per_minute == 8 && wecom.debug_per_minute == 9 &&
                wecom.wrong_secrets_per_hour == 10 && wecom.organisation_size == 11 &&
                wecom.wrong_lookups_percent == 12));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace server_test
