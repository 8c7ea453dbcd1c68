// Finding people, and what an app can learn about itself.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "fixture.hpp"

namespace contact_test {

using namespace test;

BOOST_AUTO_TEST_SUITE(sandbox_contact)

std::string const lookup = "/open-apis/contact/v3/users/batch_get_id";

std::string users_of(reply const& r)
{
    BOOST_TEST_REQUIRE(r.code() == 0, r.body);
    return text(r.object().at("data").at("user_list"));
}

struct no_status : client_session
{
    no_status()
    {
        platform.edit(
            [](sandbox::world& w) { std::erase(w.find_app(lark_app)->scopes, "contact:user.employee:readonly"); });
    }
};

BOOST_FIXTURE_TEST_CASE(one_entry_per_address_and_no_id_for_somebody_unknown, no_status)
{
    auto const r = call("POST", lookup + "?user_id_type=open_id",
                        R"({"emails":["ada@example.com","nobody@example.com"],"mobiles":["+6591234567"]})");
    BOOST_TEST(r.body == R"({"code":0,"msg":"success","data":{"user_list":[{"user_id":")" + open_id("ada") +
                             R"(","email":"ada@example.com"},{"email":"nobody@example.com"},{"user_id":")" +
                             open_id("ada") + R"(","mobile":"+6591234567"}]}})");
}

BOOST_AUTO_TEST_CASE(the_status_comes_with_its_scope)
{
    client_session t;
    BOOST_TEST(users_of(t.call("POST", lookup + "?user_id_type=user_id", R"({"emails":["ada@example.com"]})")) ==
               R"([{"user_id":"ada","email":"ada@example.com","status":{"is_frozen":false,"is_resigned":false,)"
               R"("is_activated":true,"is_exited":false,"is_unjoin":false}}])");
}

BOOST_FIXTURE_TEST_CASE(mainland_numbers_are_found_bare_and_others_with_their_plus, no_status)
{
    auto const ask = [&] {
        return users_of(call("POST", lookup + "?user_id_type=user_id",
                             R"({"mobiles":["13011111111","+8613011111111","6591234567"]})"));
    };
    BOOST_TEST(ask() ==
               R"([{"user_id":"bob","mobile":"13011111111"},{"mobile":"+8613011111111"},{"mobile":"6591234567"}])");
    platform.edit([](sandbox::world& w) { w.modes.lookup_accepts_plus86 = true; });
    BOOST_TEST(ask() == R"([{"user_id":"bob","mobile":"13011111111"},{"user_id":"bob","mobile":"+8613011111111"},)"
                        R"({"mobile":"6591234567"}])");
}

BOOST_FIXTURE_TEST_CASE(business_mailboxes_resigned_people_and_those_out_of_range_have_no_id, no_status)
{
    platform.edit([](sandbox::world& w) { w.find_app(lark_app)->contact_range = sandbox::audience({"ada", "rita"}); });
    BOOST_TEST(
        users_of(call("POST", lookup, R"({"emails":["ada@corp.example","rita@example.com","bob@example.com"]})")) ==
        R"([{"email":"ada@corp.example"},{"email":"rita@example.com"},{"email":"bob@example.com"}])");
    BOOST_TEST(users_of(call("POST", lookup + "?user_id_type=user_id",
                             R"({"emails":["rita@example.com"],"include_resigned":true})")) ==
               R"([{"user_id":"rita","email":"rita@example.com"}])");
}

BOOST_FIXTURE_TEST_CASE(the_form_of_lookup_answers_can_be_switched, no_status)
{
    auto const ask = [&](std::string const& emails) {
        return users_of(call("POST", lookup + "?user_id_type=user_id", R"({"emails":)" + emails + "}"));
    };
    BOOST_TEST(ask(R"(["Ada@Example.com"])") == R"([{"user_id":"ada","email":"Ada@Example.com"}])");
    platform.edit([](sandbox::world& w) {
        w.modes.lookup_echo_lower_case = true;
        w.modes.lookup_merges_duplicates = true;
        w.modes.lookup_miss = "empty";
    });
    BOOST_TEST(ask(R"(["Ada@Example.com","Ada@Example.com"])") == R"([{"user_id":"ada","email":"ada@example.com"}])");
    BOOST_TEST(ask(R"(["x@y"])") == R"([{"user_id":"","email":"x@y"}])");
    platform.edit([](sandbox::world& w) { w.modes.lookup_miss = "null"; });
    BOOST_TEST(ask(R"(["x@y"])") == R"([{"user_id":null,"email":"x@y"}])");
}

BOOST_AUTO_TEST_CASE(more_than_fifty_addresses_are_refused)
{
    client_session t;
    json::array emails;
    for (int i = 0; i < 51; ++i)
        emails.push_back("x@example.com");
    auto const body = text(json::object{{"emails", emails}});
    auto const r = t.call("POST", lookup, body);
    BOOST_TEST(r.status == 400u);
    BOOST_TEST(r.code() == 99992402);
    BOOST_TEST(text(r.object().at("error").at("field_violations")) ==
               R"([{"field":"emails","description":"the max len is 50"}])");
    t.platform.edit([](sandbox::world& w) { w.modes.lookup_refuses_over_fifty = false; });
    BOOST_TEST(t.call("POST", lookup, body).code() == 0);
}

BOOST_AUTO_TEST_CASE(asking_for_user_ids_needs_a_scope_of_its_own)
{
    client_session t;
    t.platform.edit(
        [](sandbox::world& w) { std::erase(w.find_app(lark_app)->scopes, "contact:user.employee_id:readonly"); });
    auto const denied = "Access denied. One of the following scopes is required: [contact:user.employee_id:readonly]";
    BOOST_TEST(t.call("POST", lookup + "?user_id_type=user_id", "{}").msg() == denied);
    BOOST_TEST(t.call("GET", "/open-apis/contact/v3/users/ada?user_id_type=user_id").msg() == denied);
    BOOST_TEST(t.send("user_id", "ada").msg() == denied);
    BOOST_TEST(t.call("POST", lookup, "{}").code() == 0);
}

BOOST_AUTO_TEST_CASE(a_person_is_described_as_far_as_the_scopes_go)
{
    client_session t;
    auto const path = "/open-apis/contact/v3/users/" + t.open_id("ada");
    auto const w = t.platform.world();
    BOOST_TEST(
        t.call("GET", path).body ==
        R"({"code":0,"msg":"success","data":{"user":{"union_id":")" + w.find_person("ada")->union_id +
            R"(","open_id":")" + t.open_id("ada") +
            R"(","user_id":"ada","name":"Ada","en_name":"Ada","nickname":"","email":"ada@example.com",)"
            R"("mobile":"+6591234567","mobile_visible":true,"status":{"is_frozen":false,"is_resigned":false,)"
            R"("is_activated":true,"is_exited":false,"is_unjoin":false},"enterprise_email":"ada@corp.example"}}})");
    t.platform.edit([](sandbox::world& now) { now.find_app(lark_app)->scopes = {"contact:contact.base:readonly"}; });
    BOOST_TEST(t.call("GET", path).object().at("data").at("user").as_object().size() == 2u);
}

BOOST_AUTO_TEST_CASE(path_segments_are_decoded)
{
    client_session t;
    t.platform.edit([](sandbox::world& w) { w.find_person("ada")->login_name = "\xe5\x8a\xa0\xe5\xa4\x9a"; });
    BOOST_TEST(t.call("GET", "/open-apis/contact/v3/users/%E5%8A%A0%E5%A4%9A?user_id_type=user_id").code() == 0);
}

BOOST_AUTO_TEST_CASE(a_person_who_cannot_be_shown_has_the_documented_code)
{
    client_session t;
    t.platform.edit([](sandbox::world& w) { w.find_app(lark_app)->contact_range = sandbox::audience({"bob"}); });
    auto const get = [&](std::string const& id, std::string const& type) {
        return t.call("GET", "/open-apis/contact/v3/users/" + id + "?user_id_type=" + type);
    };
    BOOST_TEST(get("ada", "user_id").status == 400u);
    BOOST_TEST(without_error(get("ada", "user_id")) == R"({"code":41050,"msg":"no user authority"})");
    BOOST_TEST(get("ada", "open_id").code() == 41012);
    BOOST_TEST(get("ou_0", "open_id").msg() == "not a valid open_id or not exists. Invalid ids: [ou_0]");
    BOOST_TEST(get("nobody", "user_id").code() == 99992360);
    BOOST_TEST(get("on_0", "union_id").code() == 99992363);
    t.platform.edit([](sandbox::world& w) { w.modes.contact_ids_by_gateway = false; });
    BOOST_TEST(get("nobody", "user_id").code() == 41012);
}

BOOST_AUTO_TEST_CASE(many_people_at_once_without_those_out_of_range)
{
    client_session t;
    t.platform.edit([](sandbox::world& w) { w.find_app(lark_app)->contact_range = sandbox::audience({"ada", "bob"}); });
    auto const r =
        t.call("GET", "/open-apis/contact/v3/users/batch?user_id_type=user_id&user_ids=ada&user_ids=chen&user_ids=bob");
    auto const items = r.object().at("data").at("items").as_array();
    BOOST_TEST_REQUIRE(items.size() == 2u);
    BOOST_TEST(items[1].at("user_id").as_string() == "bob");
    BOOST_TEST(t.call("GET", "/open-apis/contact/v3/users/batch").code() == 40001);
}

BOOST_AUTO_TEST_CASE(names_ignore_the_contact_range)
{
    client_session t;
    t.platform.edit([](sandbox::world& w) { w.find_app(lark_app)->contact_range = sandbox::audience({"bob"}); });
    auto const path = "/open-apis/contact/v3/users/basic_batch?user_id_type=user_id";
    BOOST_TEST(t.call("POST", path, R"({"user_ids":["ada"]})").body ==
               R"({"code":0,"msg":"success","data":{"users":[{"user_id":"ada","name":"Ada",)"
               R"("i18n_name":{"zh_cn":"Ada","ja_jp":"Ada","en_us":"Ada"}}]}})");
    BOOST_TEST(without_error(t.call("POST", path, R"({"user_ids":[]})")) ==
               R"({"code":40001,"msg":"param is invalid"})");
    t.platform.edit([](sandbox::world& w) { w.limits.enabled = true; });
    for (int i = 0; i < 5; ++i)
        t.call("POST", path, R"({"user_ids":["ada"]})");
    BOOST_TEST(t.call("POST", path, R"({"user_ids":["ada"]})").status == 429u);
}

BOOST_AUTO_TEST_CASE(the_bot_describes_itself_at_the_top_level_without_any_scope)
{
    client_session t(no_scopes_app);
    for (auto const* method : {"GET", "POST"})
    {
        auto const o = t.call(method, "/open-apis/bot/v3/info/").object();
        BOOST_TEST(o.at("bot").at("activate_status").as_int64() == 2);
        BOOST_TEST(o.at("bot").at("open_id").as_string() == t.platform.world().find_app(no_scopes_app)->bot_open_id);
    }
    client_session other(unpublished_app);
    BOOST_TEST(other.call("GET", "/open-apis/bot/v3/info").body == R"({"code":11205,"msg":"app do not have bot"})");
}

BOOST_AUTO_TEST_CASE(granted_and_pending_scopes_are_listed)
{
    client_session t(no_scopes_app);
    t.platform.edit([](sandbox::world& w) {
        w.find_app(no_scopes_app)->scopes = {"a"};
        w.find_app(no_scopes_app)->pending_scopes = {"b"};
    });
    BOOST_TEST(t.call("GET", "/open-apis/application/v6/scopes").body ==
               R"({"code":0,"msg":"success","data":{"scopes":[{"scope_name":"a","grant_status":1},)"
               R"({"scope_name":"b","grant_status":2}]}})");
    t.platform.edit([](sandbox::world& w) { w.find_app(no_scopes_app)->installed = false; });
    BOOST_TEST(without_error(t.call("GET", "/open-apis/application/v6/scopes")) ==
               R"({"code":212100,"msg":"app not install"})");
}

BOOST_AUTO_TEST_CASE(the_contact_range_comes_in_pages)
{
    client_session t;
    sandbox::audience const three({"ada", "bob", "chen"});
    t.platform.edit([&](sandbox::world& w) { w.find_app(lark_app)->contact_range = three; });
    auto const path = "/open-apis/contact/v3/scopes?user_id_type=user_id&page_size=2";
    auto const first = t.call("GET", path).object().at("data").as_object();
    BOOST_TEST(text(first.at("user_ids")) == R"(["ada","bob"])");
    BOOST_TEST(first.at("has_more").as_bool());
    auto const token = std::string(first.at("page_token").as_string());
    auto const second = t.call("GET", path + std::string("&page_token=") + token).object().at("data").as_object();
    BOOST_TEST(text(second) == R"({"department_ids":[],"user_ids":["chen"],"group_ids":[],"has_more":false})");
    BOOST_TEST(t.call("GET", "/open-apis/contact/v3/scopes?page_size=0").code() == 40011);
    BOOST_TEST(t.call("GET", "/open-apis/contact/v3/scopes?page_token=x").code() == 40012);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace contact_test
