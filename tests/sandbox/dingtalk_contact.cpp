// Finding people on DingTalk.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "dingtalk_fixture.hpp"

#include <set>

namespace dingtalk_contact_test {

using namespace test;

BOOST_AUTO_TEST_SUITE(sandbox_dingtalk_contact)

struct finder : ding_talk
{
    using ding_talk::ding_talk;

    reply by_mobile(std::string const& mobile, bool hosted = false)
    {
        json::object body{{"mobile", mobile}};
        if (hosted)
            body["support_exclusive_account_search"] = true;
        return old("/topapi/v2/user/getbymobile", text(body));
    }
    // The userid, or the code.
    std::string found(std::string const& mobile)
    {
        auto const r = by_mobile(mobile);
        return errcode(r) == "0" ? at(r, "/result/userid") : errcode(r);
    }
    reply user(std::string const& body) { return old("/topapi/v2/user/get", body); }
    reply users(std::string const& body) { return old("/topapi/v2/user/list", body); }
    reply below(std::string const& body) { return old("/topapi/v2/department/listsub", body); }
};

BOOST_AUTO_TEST_CASE(a_mobile_finds_who_works_here)
{
    finder t;
    auto const r = t.by_mobile("13011111111");
    BOOST_TEST(without_request_id(r) == R"({"errcode":0,"errmsg":"ok","result":{"userid":"bob"}})");
    BOOST_TEST(t.found("13022222222") == "chen");
    auto const nobody = t.by_mobile("13099999999");
    BOOST_TEST(without_request_id(nobody) == R"({"errcode":60121,"errmsg":"找不到该用户"})");
    BOOST_TEST(t.found("+6591230002") == "60121"); // left
    BOOST_TEST(t.found("+6591230004") == "60121"); // works elsewhere
    BOOST_TEST(t.found("+6591230001") == "otto");  // out of availability, and in the address book
    BOOST_TEST(t.found("ada@example.com") == "40104");
    BOOST_TEST(t.found("123") == "40104");
    BOOST_TEST(errcode(t.old("/topapi/v2/user/getbymobile", "{}")) == "400002");
    BOOST_TEST(errcode(t.old("/topapi/v2/user/getbymobile", "not json")) == "400002");
}

BOOST_AUTO_TEST_CASE(numbers_of_other_countries_are_written_as_the_world_says)
{
    finder t;
    BOOST_TEST(t.found("+8613011111111") == "60121");
    t.edit([](auto& w) { w.modes.mainland_accepts_plus86 = true; });
    BOOST_TEST(t.found("+8613011111111") == "bob");
    std::vector<std::string> const forms{"+6591234567", "65-91234567", "+65-91234567", "6591234567"};
    for (auto const& [mode, good] : {std::pair<std::string, std::set<std::string>>("any", {forms.begin(), forms.end()}),
                                     {"plus", {forms[0]}},
                                     {"dash", {forms[1], forms[2]}},
                                     {"digits", {forms[3]}},
                                     {"none", {}}})
    {
        t.edit([&](auto& w) { w.modes.foreign_mobile = mode; });
        for (auto const& form : forms)
            BOOST_TEST(t.found(form) == (good.contains(form) ? "ada" : "60121"), mode + " " + form);
    }
    t.edit([](auto& w) { w.modes.foreign_mobile = "dash"; });
    BOOST_TEST(t.found("1-2025550123") == "dana");
    BOOST_TEST(t.found("91234567") == "60121");
}

BOOST_AUTO_TEST_CASE(country_codes_have_one_to_three_digits)
{
    finder t;
    t.platform.edit([](sandbox::world& w) {
        w.find_person("ada")->mobile = "+85291234567";
        w.find_person("bob")->mobile = "+79161234567";
    });
    t.edit([](auto& w) { w.modes.foreign_mobile = "dash"; });
    BOOST_TEST(t.found("852-91234567") == "ada");
    BOOST_TEST(t.found("7-9161234567") == "bob");
}

BOOST_AUTO_TEST_CASE(accounts_hosted_by_the_organisation_are_found_when_asked_for)
{
    finder t(ding_app, ding_talk::with([](auto& w) {
                 w.hosted_accounts.resize(1);
                 w.hosted_accounts[0].login_name = "chen";
                 w.hosted_accounts[0].login_id = "chen@corp";
             }));
    BOOST_TEST(t.found("13022222222") == "60121");
    BOOST_TEST(at(t.by_mobile("13022222222", true), "/result") == R"({"exclusive_account_userid_list":["chen"]})");
    BOOST_TEST(at(t.by_mobile("13011111111", true), "/result") == R"({"userid":"bob"})");
    // The login id overrides the userid, unless it is empty.
    auto const r = t.user(R"({"userid":"bob","login_id":"chen@corp"})");
    BOOST_TEST(at(r, "/result/userid") == "chen");
    BOOST_TEST(at(r, "/result/exclusive_account") == "true");
    BOOST_TEST(at(t.user(R"({"userid":"bob","login_id":""})"), "/result/userid") == "bob");
    BOOST_TEST(errcode(t.user(R"({"userid":"bob","login_id":"bob"})")) == "33012");
}

BOOST_AUTO_TEST_CASE(a_user_is_shown_with_the_fields_that_the_app_may_see)
{
    finder t;
    auto const r = t.user(R"({"userid":"ada","language":"zh_CN"})");
    auto const union_id = t.platform.world().find_person("ada")->union_id;
    BOOST_TEST(without_request_id(r) ==
               R"({"errcode":0,"errmsg":"ok","result":{"userid":"ada","unionid":")" + union_id +
                   R"(","name":"Ada","active":true,"org_email":"ada@corp.example","dept_id_list":[10],)"
                   R"("hide_mobile":false,"exclusive_account":false,"admin":false,"boss":false,"senior":false,)"
                   R"("real_authed":true,"email":"ada@example.com","state_code":"65","mobile":"91234567"}})");
    BOOST_TEST(at(t.user(R"({"userid":"dana"})"), "/result/dept_id_list") == "[1,20]");
    t.edit([](auto& w) { w.apps[0].reads_email = false; });
    auto const without_email = t.user(R"({"userid":"bob"})").object().at("result").as_object();
    BOOST_TEST(!without_email.contains("email"));
    BOOST_TEST(text(without_email.at("mobile")) == "\"13011111111\"");
    t.edit([](auto& w) { w.apps[0].reads_mobile = false; });
    auto const without_both = t.user(R"({"userid":"bob"})").object().at("result").as_object();
    BOOST_TEST(!without_both.contains("mobile"));
    BOOST_TEST(!without_both.contains("state_code"));
    BOOST_TEST(text(without_both.at("org_email")) == "\"bob@corp.example\"");
}

BOOST_AUTO_TEST_CASE(who_is_not_there_is_refused_in_one_of_two_ways)
{
    finder t;
    for (auto const* id : {"nobody", "rita", "vera"})
        BOOST_TEST(errcode(t.user(text(json::object{{"userid", id}}))) == "33012", id);
    BOOST_TEST(without_request_id(t.user(R"({"userid":"nobody"})")) == R"({"errcode":33012,"errmsg":"无效的USERID"})");
    t.edit([](auto& w) { w.modes.missing_user_code = 60121; });
    BOOST_TEST(errcode(t.user(R"({"userid":"nobody"})")) == "60121");
    BOOST_TEST(errcode(t.user("{}")) == "400002");
    BOOST_TEST(errcode(t.user(R"({"userid":"bob","language":"fr_FR"})")) == "400002");
}

BOOST_AUTO_TEST_CASE(people_outside_of_the_address_book_range_cannot_be_looked_up)
{
    finder t;
    t.edit([](auto& w) { w.apps[0].contact_range = sandbox::audience({"bob"}); });
    BOOST_TEST(t.found("13011111111") == "bob");
    auto const r = t.by_mobile("13022222222");
    BOOST_TEST(errcode(r) == "88");
    BOOST_TEST(at(r, "/sub_code") == "50002");
    BOOST_TEST(at(t.user(R"({"userid":"ada"})"), "/sub_code") == "50002");
    // Not there comes before not allowed.
    BOOST_TEST(t.found("13099999999") == "60121");
    t.edit([](auto& w) {
        w.apps[0].contact_range = {};
        w.apps[0].contact_departments = {11};
    });
    BOOST_TEST(t.found("13022222222") == "chen"); // below 11
    BOOST_TEST(at(t.user(R"({"userid":"ada"})"), "/sub_code") == "50002");
}

BOOST_AUTO_TEST_CASE(a_unionid_finds_the_userid)
{
    finder t;
    auto const ask = [&](std::string const& login) {
        auto const id = t.platform.world().find_person(login)->union_id;
        return t.old("/topapi/user/getbyunionid", text(json::object{{"unionid", id}}));
    };
    BOOST_TEST(without_request_id(ask("bob")) ==
               R"({"errcode":0,"errmsg":"ok","result":{"contact_type":0,"userid":"bob"}})");
    BOOST_TEST(errcode(ask("rita")) == "60121");
    BOOST_TEST(errcode(t.old("/topapi/user/getbyunionid", R"({"unionid":"made-up"})")) == "60121");
    BOOST_TEST(errcode(t.old("/topapi/user/getbyunionid", "{}")) == "400002");
}

BOOST_AUTO_TEST_CASE(the_search_looks_at_names_and_nothing_else)
{
    finder t;
    auto const ask = [&](std::string const& body) { return t.modern("POST", "/v1.0/contact/users/search", body); };
    BOOST_TEST(ask(R"({"queryWord":"Ada","offset":0,"size":10,"fullMatchField":1})").body ==
               R"({"hasMore":false,"totalCount":1,"list":["ada"]})");
    BOOST_TEST(at(ask(R"({"queryWord":"陈晨","offset":0,"size":10})"), "/list") == R"(["chen"])");
    // "Ada" and "Dana", not "Rita" and "Vera".
    BOOST_TEST(ask(R"({"queryWord":"da","offset":0,"size":1})").body ==
               R"({"hasMore":true,"totalCount":2,"list":["ada"]})");
    BOOST_TEST(at(ask(R"({"queryWord":"da","offset":1,"size":1})"), "/list") == R"(["dana"])");
    BOOST_TEST(at(ask(R"({"queryWord":"Da","offset":0,"size":1,"fullMatchField":1})"), "/totalCount") == "0");
    BOOST_TEST(at(ask(R"({"queryWord":"ada@example.com","offset":0,"size":9})"), "/list") == "[]");
    check_modern(ask(R"({"offset":0,"size":9})"), 400, "parameter.error");
    check_modern(ask(R"({"queryWord":"Ada","offset":0})"), 400, "parameter.error");
}

BOOST_AUTO_TEST_CASE(an_app_can_ask_what_it_may_read)
{
    finder t;
    auto const ask = [&] { return t.wire.call("GET", "/auth/scopes?access_token=" + t.token); };
    BOOST_TEST(ask().body ==
               R"({"errcode":0,"errmsg":"ok","auth_user_field":["name","userid","unionid","dept_id_list","org_email",)"
               R"("email","mobile"],"condition_field":[],"auth_org_scopes":{"authed_user":[],"authed_dept":[1]}})");
    t.edit([](auto& w) {
        w.apps[0].reads_email = w.apps[0].reads_mobile = false;
        w.apps[0].contact_range = sandbox::audience({"bob", "rita"});
    });
    BOOST_TEST(at(ask(), "/auth_user_field") == R"(["name","userid","unionid","dept_id_list","org_email"])");
    BOOST_TEST(at(ask(), "/auth_org_scopes") == R"({"authed_user":["bob"],"authed_dept":[]})");
}

BOOST_AUTO_TEST_CASE(departments_are_listed_one_level_at_a_time)
{
    finder t;
    BOOST_TEST(without_request_id(t.below(R"({"dept_id":10})")) ==
               R"({"errcode":0,"errmsg":"ok","result":[{"dept_id":11,"name":"Platform","parent_id":10,)"
               R"("create_dept_group":false,"auto_add_user":false}]})");
    BOOST_TEST(t.below(R"({"dept_id":1})").object().at("result").as_array().size() == 2u);
    BOOST_TEST(at(t.below("{}"), "/result/1/dept_id") == "20");
    BOOST_TEST(at(t.below(R"({"dept_id":12})"), "/result") == "[]");
    BOOST_TEST(errcode(t.below(R"({"dept_id":99})")) == "60003");
    BOOST_TEST(errcode(t.below(R"({"dept_id":"x"})")) == "400002");
    auto const ids = [&](std::string const& body) { return t.old("/topapi/v2/department/listsubid", body); };
    t.edit([](auto& w) { w.apps[0].contact_departments = {10}; });
    BOOST_TEST(at(t.below(R"({"dept_id":20})"), "/sub_code") == "50004");
    BOOST_TEST(at(t.below(R"({"dept_id":11})"), "/result/0/dept_id") == "12");
    // The range does not count for the bare ids.
    BOOST_TEST(at(ids(R"({"dept_id":1})"), "/result/dept_id_list") == "[10,20]");
    BOOST_TEST(errcode(ids(R"({"dept_id":99})")) == "60003");
    BOOST_TEST(errcode(ids("{}")) == "400002");
}

BOOST_AUTO_TEST_CASE(members_are_listed_in_pages_and_without_those_who_left)
{
    finder t;
    auto const first = t.users(R"({"dept_id":10,"cursor":0,"size":1})");
    BOOST_TEST(at(first, "/result/has_more") == "true");
    BOOST_TEST(at(first, "/result/next_cursor") == "1");
    BOOST_TEST(at(first, "/result/list/0/userid") == "ada");
    BOOST_TEST(at(first, "/result/list/0/email") == "ada@example.com");
    auto const second = t.users(R"({"dept_id":10,"cursor":1,"size":1})");
    BOOST_TEST(at(second, "/result/list/0/userid") == "otto");
    BOOST_TEST(at(second, "/result/has_more") == "false");
    BOOST_TEST(!second.object().at("result").as_object().contains("next_cursor"));
    BOOST_TEST(errcode(t.users(R"({"dept_id":10,"cursor":0,"size":101})")) == "400002");
    BOOST_TEST(errcode(t.users(R"({"dept_id":10,"cursor":0,"size":0})")) == "400002");
    BOOST_TEST(errcode(t.users(R"({"dept_id":10,"cursor":-1,"size":1})")) == "400002");
    BOOST_TEST(
        t.users(R"({"dept_id":10,"cursor":0})").body.starts_with(R"({"errcode":40035,"errmsg":"缺少参数 size")"));
    BOOST_TEST(errcode(t.users(R"({"dept_id":99,"cursor":0,"size":1})")) == "60019");
    t.edit([](auto& w) { w.apps[0].contact_departments = {20}; });
    BOOST_TEST(at(t.users(R"({"dept_id":10,"cursor":0,"size":1})"), "/sub_code") == "50004");
}

BOOST_AUTO_TEST_CASE(a_scan_of_the_directory_finds_everybody_who_works_here)
{
    finder t;
    std::set<std::string> seen;
    std::vector<std::string> todo{"1"};
    for (std::size_t i = 0; i < todo.size(); ++i)
    {
        auto const departments = t.below(R"({"dept_id":)" + todo[i] + "}").object();
        for (auto const& d : departments.at("result").as_array())
            todo.push_back(text(d.at("dept_id")));
        for (std::string cursor = "0"; !cursor.empty();)
        {
            auto const page = t.users(R"({"size":1,"dept_id":)" + todo[i] + R"(,"cursor":)" + cursor + "}");
            auto const shown = page.object();
            for (auto const& p : shown.at("result").at("list").as_array())
                seen.insert(std::string(p.at("userid").as_string()));
            cursor = at(page, "/result/has_more") == "true" ? at(page, "/result/next_cursor") : "";
        }
    }
    BOOST_TEST(seen == (std::set<std::string>{"ada", "bob", "boris", "chen", "dana", "otto"}),
               boost::test_tools::per_element());
    BOOST_TEST(todo.size() == 5u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace dingtalk_contact_test
