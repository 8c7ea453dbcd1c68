// Finding people on WeCom.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "wecom_fixture.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

namespace wecom_contact_test {

using namespace test;

BOOST_AUTO_TEST_SUITE(sandbox_wecom_contact)

struct lookups : wecom_talk
{
    using wecom_talk::wecom_talk;

    reply user(std::string const& id) { return get("/cgi-bin/user/get", "&userid=" + id); }
    reply by_mobile(std::string const& number)
    {
        return post("/cgi-bin/user/getuserid", R"({"mobile":")" + number + "\"}");
    }
    reply by_email(std::string const& address, std::string const& more = {})
    {
        return post("/cgi-bin/user/get_userid_by_email", R"({"email":")" + address + "\"" + more + "}");
    }
};

BOOST_AUTO_TEST_CASE(a_member_is_read_by_userid_in_any_case_without_private_fields)
{
    lookups t;
    auto const r = t.user("ADA");
    BOOST_TEST(errcode(r) == 0);
    BOOST_TEST(member(r, "userid") == "ada");
    BOOST_TEST(member(r, "name") == "Ada");
    BOOST_TEST(member(r, "department") == "[1]");
    BOOST_TEST(member(r, "order") == "[0]");
    BOOST_TEST(member(r, "is_leader_in_dept") == "[0]");
    BOOST_TEST(member(r, "direct_leader") == "[]");
    BOOST_TEST(member(r, "main_department") == "1");
    BOOST_TEST(member(r, "extattr") == R"({"attrs":[]})");
    BOOST_TEST(member(r, "status") == "1");
    for (auto const* name : {"mobile", "email", "biz_mail", "avatar", "qr_code", "address"})
        BOOST_TEST(member(r, name) == "absent", name);
}

BOOST_AUTO_TEST_CASE(an_old_app_sees_private_fields)
{
    lookups t;
    t.with_world([](sandbox::wecom_world& w) { w.apps[0].sees_private_fields = true; });
    BOOST_TEST(member(t.user("bob"), "mobile") == "13011111111");
    BOOST_TEST(member(t.user("ada"), "mobile") == "+6591234567");
    BOOST_TEST(member(t.user("ada"), "email") == "ada@example.com");
    BOOST_TEST(member(t.user("ada"), "biz_mail") == "ada@corp.example");
}

BOOST_AUTO_TEST_CASE(a_disabled_member_has_status_2)
{
    lookups t;
    t.platform.edit([](sandbox::world& w) { w.find_person("ada")->frozen = true; });
    BOOST_TEST(member(t.user("ada"), "status") == "2");
}

struct unseen
{
    char const* id;
    int code;
    char const* text;
    friend std::ostream& operator<<(std::ostream& os, unseen const& u) { return os << u.id; }
};

unseen const unseen_members[]{
    {"nobody", 60111, "userid not found"}, {"otto", 60111, "userid not found"}, {"rita", 60111, "userid not found"},
    {"vera", 60111, "userid not found"},   {"", 41009, "userid missing"},       {"_ada", 40003, "invalid userid"},
    {"a%20b", 40003, "invalid userid"},
};

BOOST_DATA_TEST_CASE(a_member_who_is_unknown_gone_or_out_of_range_is_not_found, unseen_members)
{
    lookups t;
    auto const r = t.user(sample.id);
    BOOST_TEST(errcode(r) == sample.code);
    BOOST_TEST(errmsg(r) == sample.text);
    BOOST_TEST(member(r, "errmsg") != errmsg(r));
    BOOST_TEST(member(r, "department") == "[]");
}

BOOST_AUTO_TEST_CASE(a_userid_has_64_bytes_at_most)
{
    lookups t;
    BOOST_TEST(errcode(t.user(std::string(64, 'a'))) == 60111);
    BOOST_TEST(errcode(t.user(std::string(65, 'a'))) == 40003);
}

BOOST_AUTO_TEST_CASE(unsettled_refusals_of_a_member_can_be_switched)
{
    lookups t;
    for (auto const code : {60011, 50002})
    {
        t.with_world([&](sandbox::wecom_world& w) { w.modes.member_out_of_range_code = code; });
        BOOST_TEST(errcode(t.user("otto")) == code);
        BOOST_TEST(errcode(t.user("nobody")) == 60111);
    }
    t.with_world([](sandbox::wecom_world& w) { w.modes.long_not_found_text = true; });
    BOOST_TEST(errmsg(t.user("nobody")) == "invalid string value `nobody`. userid not found");
}

BOOST_AUTO_TEST_CASE(the_contact_synchronisation_reads_members_from_known_addresses_only)
{
    lookups t(sync_secret);
    BOOST_TEST(errcode(t.user("ada")) == 48009);
    t.with_world([](sandbox::wecom_world& w) { w.apps[4].known_address = true; });
    BOOST_TEST(errcode(t.user("otto")) == 0);
}

BOOST_AUTO_TEST_CASE(a_member_is_found_by_phone_number)
{
    lookups t;
    BOOST_TEST(t.by_mobile("13011111111").body == R"({"errcode":0,"errmsg":"ok","userid":"bob"})");
    for (auto const& [number, who] : {std::pair("+8613011111111", "bob"),
                                      {"+6591234567", "ada"},
                                      {"+12025550123", "dana"},
                                      {"+1-202-555-0123", "dana"},
                                      {"+6591230003", "boris"}})
        BOOST_TEST(member(t.by_mobile(number), "userid") == who, number);
    t.with_world([](sandbox::wecom_world& w) { w.modes.lookup_accepts_plus86 = false; });
    BOOST_TEST(errcode(t.by_mobile("+8613011111111")) == 46004);
    BOOST_TEST(errcode(t.by_mobile("13011111111")) == 0);
    BOOST_TEST(errcode(t.by_mobile("+6591234567")) == 0);
}

BOOST_AUTO_TEST_CASE(a_phone_number_of_nobody_or_of_nobody_in_range_is_a_miss)
{
    lookups t;
    for (auto const* number : {"13099999999", "6591234567", "+6591230001", "+6591230002", "+6591230004"})
    {
        auto const r = t.by_mobile(number);
        BOOST_TEST(errcode(r) == 46004, number);
        BOOST_TEST(errmsg(r) == "user no exist");
        BOOST_TEST(member(r, "userid") == "absent");
    }
    t.with_world([](sandbox::wecom_world& w) { w.modes.lookup_out_of_range_code = 60011; });
    BOOST_TEST(errcode(t.by_mobile("+6591230001")) == 60011);
    BOOST_TEST(errcode(t.by_mobile("13099999999")) == 46004);
}

BOOST_AUTO_TEST_CASE(a_malformed_phone_number_is_60103)
{
    lookups t;
    for (auto const* number : {"", "1234", "130 1111 1111", "abcdef", "123456789012345678901234567890123"})
        BOOST_TEST(errcode(t.by_mobile(number)) == 60103, number);
    BOOST_TEST(errcode(t.post("/cgi-bin/user/getuserid", "{}")) == 60103);
    BOOST_TEST(errcode(t.post("/cgi-bin/user/getuserid", R"({"mobile":13011111111})")) == 40058);
    BOOST_TEST(errcode(t.post("/cgi-bin/user/getuserid", "{]")) == 40058);
}

BOOST_AUTO_TEST_CASE(the_email_type_says_which_mailbox_is_meant)
{
    lookups t;
    BOOST_TEST(t.by_email("Ada@corp.example").body == R"({"errcode":0,"errmsg":"ok","userid":"ada"})");
    BOOST_TEST(member(t.by_email("ada@corp.example", R"(,"email_type":1)"), "userid") == "ada");
    BOOST_TEST(member(t.by_email("ada@example.com", R"(,"email_type":2)"), "userid") == "ada");
    BOOST_TEST(errcode(t.by_email("ada@example.com")) == 46004);
    BOOST_TEST(errcode(t.by_email("ada@corp.example", R"(,"email_type":2)")) == 46004);
    BOOST_TEST(errcode(t.by_email("otto@corp.example")) == 46004);
    BOOST_TEST(errcode(t.by_email("ada@corp.example", R"(,"email_type":3)")) == 40035);
    BOOST_TEST(errcode(t.by_email("ada@corp.example", R"(,"email_type":"1")")) == 40058);
}

BOOST_AUTO_TEST_CASE(a_malformed_email_is_60105)
{
    lookups t;
    for (auto const& address : {std::string(), std::string("ada"), std::string("@example.com"), std::string("ada@"),
                                std::string(60, 'a') + "@b.cd"})
        BOOST_TEST(errcode(t.by_email(address)) == 60105, address);
}

BOOST_AUTO_TEST_CASE(wrong_lookups_beyond_a_fifth_of_the_organisation_close_the_lookup_for_a_day)
{
    lookups t;
    t.with_world([](sandbox::wecom_world& w) { w.limits.organisation_size = 14; });
    BOOST_TEST(errcode(t.by_mobile("13099999990")) == 46004);
    BOOST_TEST(errcode(t.by_mobile("13099999991")) == 46004);
    BOOST_TEST(errcode(t.by_mobile("13011111111")) == 0);
    BOOST_TEST(errcode(t.by_mobile("13099999992")) == 45009);
    auto const r = t.by_mobile("13011111111");
    BOOST_TEST(errcode(r) == 45009);
    BOOST_TEST(errmsg(r) == "api freq out of limit");
    // The other lookup has a count of its own.
    BOOST_TEST(errcode(t.by_email("ada@corp.example")) == 0);
    for (auto const code : {46004, 46004, 45009})
        BOOST_TEST(errcode(t.by_email("nobody@corp.example")) == code);
    t.platform.advance(24h - 1s);
    t.token = t.fetch(good_secret);
    BOOST_TEST(errcode(t.by_mobile("13011111111")) == 45009);
    t.platform.advance(1s);
    BOOST_TEST(errcode(t.by_mobile("13011111111")) == 0);
    BOOST_TEST(errcode(t.by_email("ada@corp.example")) == 0);
}

BOOST_AUTO_TEST_CASE(the_directory_is_listed_in_pages_for_the_contact_synchronisation)
{
    lookups t(sync_secret);
    auto const all = t.post("/cgi-bin/user/list_id", "{}");
    BOOST_TEST(all.body.starts_with(
        R"({"errcode":0,"errmsg":"ok","next_cursor":"","dept_user":[{"userid":"ada","department":1},)"));
    BOOST_TEST(all.object().at("dept_user").as_array().size() == 6u);
    auto const first = t.post("/cgi-bin/user/list_id", R"({"cursor":"","limit":4})");
    BOOST_TEST(first.object().at("dept_user").as_array().size() == 4u);
    auto const cursor = member(first, "next_cursor");
    auto const second = t.post("/cgi-bin/user/list_id", R"({"cursor":")" + cursor + R"(","limit":4})");
    BOOST_TEST(member(second, "dept_user") ==
               R"([{"userid":"otto","department":1},{"userid":"boris","department":1}])");
    BOOST_TEST(member(second, "next_cursor") == "");
    BOOST_TEST(errcode(t.post("/cgi-bin/user/list_id", R"({"limit":10001})")) == 40058);
    BOOST_TEST(errcode(t.post("/cgi-bin/user/list_id", R"({"limit":0})")) == 40058);
    BOOST_TEST(errcode(t.post("/cgi-bin/user/list_id", R"({"cursor":"x"})")) == 40035);
}

BOOST_AUTO_TEST_CASE(a_self_built_app_may_not_list_the_directory)
{
    lookups t;
    BOOST_TEST(t.post("/cgi-bin/user/list_id", "{}").body.ends_with(R"("dept_user":[]})"));
    BOOST_TEST(errcode(t.post("/cgi-bin/user/list_id", "{}")) == 48002);
}

BOOST_AUTO_TEST_CASE(departments_and_their_members_are_listed_within_range)
{
    lookups t(bob_only_secret);
    BOOST_TEST(t.get("/cgi-bin/department/simplelist").body ==
               R"({"errcode":0,"errmsg":"ok","department_id":[{"id":1,"parentid":0,"order":1}]})");
    BOOST_TEST(t.get("/cgi-bin/user/simplelist", "&department_id=1").body ==
               R"({"errcode":0,"errmsg":"ok","userlist":[{"userid":"bob","name":"Bob","department":[1]}]})");
    BOOST_TEST(errcode(t.get("/cgi-bin/department/simplelist", "&id=2")) == 40035);
    BOOST_TEST(errcode(t.get("/cgi-bin/user/simplelist", "&department_id=2")) == 40035);
    BOOST_TEST(errcode(t.get("/cgi-bin/user/simplelist")) == 40063);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace wecom_contact_test
