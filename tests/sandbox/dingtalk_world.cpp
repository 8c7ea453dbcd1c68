// DingTalk's part of the world.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "dingtalk_fixture.hpp"

namespace dingtalk_world_test {

using namespace test;

BOOST_AUTO_TEST_SUITE(sandbox_dingtalk_world)

BOOST_AUTO_TEST_CASE(the_standard_world_survives_being_written_and_read)
{
    auto const written = to_json(sandbox::world::standard());
    BOOST_TEST(to_json(sandbox::world::from_json(written)) == written);
    sandbox::server const platform;
    auto const app = platform.dingtalk_app();
    BOOST_TEST(app.app_key == "dingtidings0718");
    BOOST_TEST(app.app_secret == "ding-secret-0718");
    BOOST_TEST(app.robot_code == app.app_key);
    BOOST_TEST(app.agent_id == 2718);
}

BOOST_AUTO_TEST_CASE(a_world_without_dingtalk_has_no_app)
{
    sandbox::server const platform(still().world(sandbox::world()));
    BOOST_CHECK_THROW(platform.dingtalk_app(), std::out_of_range);
}

// What the server says to a world changed like this.
std::string complaint(std::function<void(sandbox::dingtalk_world&)> const& change)
{
    try
    {
        sandbox::server const platform(ding_talk::with(change));
    }
    catch (sandbox::world_error const& e)
    {
        return e.what();
    }
    return "none";
}

BOOST_AUTO_TEST_CASE(contradictions_are_named_with_their_place)
{
    auto const starts = [](std::function<void(sandbox::dingtalk_world&)> const& change, std::string const& path) {
        auto const message = complaint(change);
        BOOST_TEST(message.find(path) != std::string::npos, message);
    };
    starts([](auto& w) { w.apps[1].app_key = w.apps[0].app_key; }, "dingtalk.apps[1].app_key");
    starts([](auto& w) { w.apps[1].agent_id = 2718; }, "dingtalk.apps[1].agent_id");
    starts([](auto& w) { w.apps[0].app_key.clear(); }, "dingtalk.apps[0].app_key");
    starts([](auto& w) { w.hooks[1].access_token = w.hooks[0].access_token; }, "dingtalk.hooks[1].access_token");
    starts([](auto& w) { w.groups.emplace_back(); }, "dingtalk.groups[2].open_conversation_id");
    starts([](auto& w) { w.departments[1].dept_id = 20; }, "dingtalk.departments[4].dept_id");
    starts([](auto& w) { w.departments[1].parent_id = 99; }, "dingtalk.departments[1].parent_id");
    starts([](auto& w) { w.departments[1].parent_id = 12; }, "goes round in circles");
    starts([](auto& w) { w.hosted_accounts.emplace_back().login_id = "x"; }, "dingtalk.hosted_accounts[0].login_name");
    starts([](auto& w) { w.censored.emplace_back().kind = "smell"; }, "dingtalk.censored[0].kind");
    starts([](auto& w) { w.modes.unknown_group_code = "x"; }, "dingtalk.modes.unknown_group_code");
    starts([](auto& w) { w.modes.robot_outside_group_code = "x"; }, "dingtalk.modes.robot_outside_group_code");
    starts([](auto& w) { w.modes.wrong_secret_code = 1; }, "dingtalk.modes.wrong_secret_code");
    starts([](auto& w) { w.modes.expired_token_code = 1; }, "dingtalk.modes.expired_token_code");
    starts([](auto& w) { w.modes.grant_works = "never"; }, "dingtalk.modes.grant_works");
    starts([](auto& w) { w.modes.foreign_mobile = "x"; }, "dingtalk.modes.foreign_mobile");
    starts([](auto& w) { w.modes.unreachable = "x"; }, "dingtalk.modes.unreachable");
    starts([](auto& w) { w.modes.blocked = "x"; }, "dingtalk.modes.blocked");
    starts([](auto& w) { w.modes.too_many_code = "x"; }, "dingtalk.modes.too_many_code");
    starts([](auto& w) { w.modes.unpublished_code = "x"; }, "dingtalk.modes.unpublished_code");
    starts([](auto& w) { w.modes.hook_throttled_code = 1; }, "dingtalk.modes.hook_throttled_code");
    starts([](auto& w) { w.modes.check_order.pop_back(); }, "dingtalk.modes.check_order");
    BOOST_TEST(complaint([](auto&) {}) == "none");
}

BOOST_AUTO_TEST_CASE(the_root_need_not_be_listed)
{
    ding_talk t(ding_app, ding_talk::with([](auto& w) { w.departments.erase(w.departments.begin()); }));
    auto const r = t.old("/topapi/v2/department/listsub", R"({"dept_id":1})");
    BOOST_TEST(at(r, "/result/0/dept_id") == "10");
    auto const members = t.old("/topapi/v2/user/list", R"({"dept_id":1,"cursor":0,"size":100})");
    BOOST_TEST(at(members, "/result/list") == "[]");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace dingtalk_world_test
