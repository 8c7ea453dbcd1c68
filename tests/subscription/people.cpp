// The people of an organisation, from JSON lines and CSV.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/subscription/event.hpp>
#include <tidings/subscription/event_types.hpp>
#include <tidings/subscription/people.hpp>
#include <tidings/subscription/subscriptions.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

BOOST_AUTO_TEST_SUITE(organisation_people)

namespace {

namespace td = tidings;
namespace sub = tidings::subscription;
using std::chrono::hours;
using std::chrono::minutes;
using td::subscription::people;
using td::subscription::quiet_hours;

template<class Outcome>
people read(Outcome const& out)
{
    BOOST_TEST_REQUIRE(out.has_value(), td::config::to_string(out.has_error() ? out.error() : td::config::problems()));
    return *out;
}

template<class Outcome>
std::vector<std::string> problems_of(Outcome const& out)
{
    std::vector<std::string> all;
    if (!out)
        for (auto const& p : out.error())
            all.push_back(p.text());
    return all;
}

void check_single(std::vector<std::string> const& found, std::string_view expected)
{
    BOOST_TEST_REQUIRE(found.size() == 1u, expected);
    BOOST_TEST(found.front().starts_with(expected), found.front() << " instead of " << expected);
}

void check_ada(people const& all)
{
    auto const* const ada = all.find("ada");
    BOOST_TEST_REQUIRE(ada != nullptr);
    BOOST_TEST(ada->name == "Ada \"the first\", Countess");
    BOOST_TEST(ada->phone_number == "+6591234567");
    BOOST_TEST(ada->email == "ada@example.com");
    BOOST_TEST(ada->language == "en");
    BOOST_TEST(ada->time_zone == "Asia/Singapore");
    BOOST_TEST_REQUIRE(ada->quiet.has_value());
    BOOST_TEST((*ada->quiet == quiet_hours{hours(22), hours(7)}));
    BOOST_TEST((ada->digest_times == std::vector<minutes>{hours(9), minutes(16 * 60 + 30)}));
    BOOST_TEST((ada->roles == std::vector<std::string>{"approver", "dba"}));
    BOOST_TEST_REQUIRE(ada->channels.has_value());
    BOOST_TEST((*ada->channels == std::vector<std::string>{"lark", "wecom"}));
    BOOST_TEST(ada->uses_channel("lark"));
    BOOST_TEST(!ada->uses_channel("feishu"));
    auto const* const bob = all.find("bob");
    BOOST_TEST_REQUIRE(bob != nullptr);
    BOOST_TEST(!bob->quiet);
    BOOST_TEST(bob->digest_times.empty());
    BOOST_TEST(bob->uses_channel("feishu"));
    BOOST_TEST(all.size() == 2u);
    BOOST_TEST((all.with_role("approver") == std::vector<std::string>{"ada"}));
    BOOST_TEST(all.find("eve") == nullptr);
}

} // namespace

BOOST_AUTO_TEST_CASE(people_are_read_from_json_lines)
{
    check_ada(read(people::from_json_lines(
        "\xef\xbb\xbf"
        R"({"login_name":"ada","name":"Ada \"the first\", Countess","phone_number":"+6591234567",)"
        R"("email":"ada@example.com","language":"en","time_zone":"Asia/Singapore",)"
        R"("quiet_hours":{"from":"22:00","to":"07:00"},"digest":["16:30","09:00","16:30"],"roles":["approver","dba"],"channels":["lark","wecom"]})"
        "\r\n\n  \n"
        R"({"login_name":"bob"})")));
    BOOST_TEST(read(people::from_json_lines("")).size() == 0u);
}

BOOST_AUTO_TEST_CASE(people_are_read_from_csv)
{
    check_ada(read(people::from_csv(
        "\xef\xbb\xbflogin_name,name,phone_number,email,language,time_zone,quiet_from,quiet_to,digest,roles,channels\r\n"
        "ada,\"Ada \"\"the first\"\", Countess\",+6591234567,ada@example.com,en,Asia/Singapore,22:00,07:00,16:30 09:00,approver "
        "dba,lark wecom\r\n\r\nbob,,,,,,,,,,")));
    BOOST_TEST(read(people::from_csv("login_name\n")).size() == 0u);
}

BOOST_AUTO_TEST_CASE(every_problem_of_a_file_of_json_lines_is_named_with_its_line)
{
    auto const found = problems_of(people::from_json_lines(
        "{\"login_name\":\"ada\"}\n"
        "{\"name\":\"x\"}\n"
        "oops\n"
        "{\"login_name\":\"bob\",\"email\":\"nonsense\",\"phone_number\":\"12\",\"extra\":1}\n"
        "{\"login_name\":\"ada\"}\n"
        "{\"login_name\":\"eve\",\"quiet_hours\":{\"from\":\"25:00\",\"to\":\"07:00\"},\"channels\":[\"slack\"],"
        "\"roles\":[7],\"digest\":[\"9:00\"],\"time_zone\":\"../etc\",\"language\":\"e n\"}\n"
        "[]"));
    std::vector<std::string> const expected{"line 2: /login_name: is missing",
                                            "line 3: is not valid JSON",
                                            "line 4: /extra: is not a known member",
                                            "line 4: /email: ",
                                            "line 4: /phone_number: ",
                                            "line 5: /login_name: is the login name of two people",
                                            "line 6: /quiet_hours: ",
                                            "line 6: /channels/0: ",
                                            "line 6: /roles/0: ",
                                            "line 6: /digest/0: must be a time of the day",
                                            "line 6: /time_zone: ",
                                            "line 6: /language: ",
                                            "line 7: must be a JSON object"};
    BOOST_TEST_REQUIRE(found.size() == expected.size(), found.back());
    for (std::size_t i = 0; i != expected.size(); ++i)
        BOOST_TEST(found[i].starts_with(expected[i]), found[i] << " instead of " << expected[i]);
}

BOOST_AUTO_TEST_CASE(quiet_hours_have_no_other_members)
{
    check_single(problems_of(people::from_json_lines(
                     R"({"login_name":"ada","quiet_hours":{"from":"22:00","to":"07:00","zone":"UTC"}})")),
                 "line 1: /quiet_hours/zone: is not a known member; there are from, to");
}

BOOST_AUTO_TEST_CASE(every_problem_of_a_csv_file_is_named_with_its_line)
{
    check_single(problems_of(people::from_csv("")), "line 1: must have the names");
    check_single(problems_of(people::from_csv("login_name,fax\n")), "line 1: fax: is no column");
    BOOST_TEST(problems_of(people::from_csv("login_name,login_name\n")).front() ==
               "line 1: login_name: is there twice");
    check_single(problems_of(people::from_csv("name\n")), "line 1: login_name: is missing");
    check_single(problems_of(people::from_csv("login_name,name\nada\n")),
                 "line 2: the record: has 1 values instead of 2");
    check_single(problems_of(people::from_csv("login_name,name\n,Ada\n")), "line 2: login_name: is missing");
    check_single(problems_of(people::from_csv("login_name,name\n\"a\nb")), "line 2: has a quotation mark");
    check_single(problems_of(people::from_csv("login_name,name\nx,\"two\nlines\"\nbob,\n")),
                 "line 2: name: must be one line");
    check_single(problems_of(people::from_csv("login_name,name\nbob,\"\"\nbob,\n")),
                 "line 3: login_name: is the login name of two people");
    check_single(problems_of(people::from_csv("login_name,quiet_from,quiet_to\nada,22:00,\n")),
                 "line 2: quiet_from, quiet_to: must have two times");
    check_single(problems_of(people::from_csv("login_name,digest\nada,09:00 25:00\n")),
                 "line 2: digest: must be a time of the day such as 09:00");
    check_single(problems_of(people::from_json_lines(R"({"login_name":"ada","digest":"09:00"})")),
                 "line 1: /digest: must be an array");
}

BOOST_AUTO_TEST_CASE(a_time_zone_is_a_name_or_an_offset)
{
    auto const zone = [](std::string const& value) {
        return people::from_json_lines("{\"login_name\":\"ada\",\"time_zone\":\"" + value + "\"}");
    };
    for (auto const* const valid : {"Asia/Shanghai", "UTC", "Etc/GMT+8", "+08:00", "-03:30", "America/Port-au-Prince"})
        BOOST_TEST(zone(valid).has_value(), valid);
    for (auto const* const wrong : {"", "+25:00", "08:00", "/etc/localtime", "a..b", "Asia/Shang hai"})
        check_single(problems_of(zone(wrong)), "line 1: /time_zone: is no time zone");
}

BOOST_AUTO_TEST_CASE(quiet_hours_may_go_across_midnight)
{
    quiet_hours const night{hours(22), hours(7)};
    for (int const hour : {22, 23, 0, 6})
        BOOST_TEST(night.contains(hours(hour)), hour);
    for (int const hour : {7, 12, 21})
        BOOST_TEST(!night.contains(hours(hour)), hour);
    BOOST_TEST(night.contains(hours(6) + minutes(59)));
    quiet_hours const noon{hours(12), hours(13)};
    BOOST_TEST(noon.contains(hours(12)));
    BOOST_TEST(!noon.contains(hours(13)));
    BOOST_TEST(!noon.contains(hours(0)));
    quiet_hours const always{hours(9), hours(9)};
    BOOST_TEST(always.contains(hours(3)));
    auto const all =
        read(people::from_json_lines(R"({"login_name":"ada","quiet_hours":{"from":"18:30","to":"24:00"}})"));
    BOOST_TEST(all.find("ada")->quiet->contains(hours(23) + minutes(59)));
    BOOST_TEST(!all.find("ada")->quiet->contains(minutes(0)));
}

BOOST_AUTO_TEST_CASE(blanks_and_unseen_characters_around_a_login_name_make_no_other_person)
{
    for (std::string const written : {" ada", "ada ",
                                      "\xe2\x80\x8b"
                                      "ada",
                                      " ada\xe2\x80\x8b "})
    {
        auto const csv = sub::people::from_csv("login_name,name\n\"" + written + "\",Ada\n");
        BOOST_TEST_REQUIRE(csv.has_value(), written);
        BOOST_TEST(csv->find("ada") != nullptr, written);
        auto const twice =
            sub::people::from_json_lines("{\"login_name\":\"ada\"}\n{\"login_name\":\"" + written + "\"}\n");
        BOOST_TEST(twice.has_error(), written);
        auto const rules = sub::subscriptions::parse(
            sub::ready_made::types,
            R"({"version":1,"rows":[{"type":"sql_task","node":"approved","receivers":[")" + written + R"(","ada"]}]})");
        BOOST_TEST_REQUIRE(rules.has_value(), written);
        auto const what = sub::event::parse(
            sub::ready_made::types, R"({"id":"1","type":"sql_task","node":"approved","subject":"s","submitter":")" +
                                        written + R"(","approvers":[")" + written + R"("]})");
        BOOST_TEST_REQUIRE(what.has_value(), written);
        BOOST_TEST(what->submitter == "ada");
        BOOST_TEST((what->approvers == std::vector<std::string>{"ada"}));
        BOOST_TEST((sub::receivers_of(*what, *rules, *csv) == std::vector<std::string>{"ada"}), written);
    }
    BOOST_TEST(sub::people::from_csv("login_name,name\n \xe2\x80\x8b ,Ada\n").has_error());
    BOOST_TEST(
        sub::subscriptions::parse(sub::ready_made::types,
                                  R"({"version":1,"rows":[{"type":"sql_task","node":"approved","receivers":[" "]}]})")
            .has_error());
}

BOOST_AUTO_TEST_CASE(a_wrong_quotation_mark_hides_no_other_problem_and_changes_no_value)
{
    auto const read = sub::people::from_csv("login_name,name,email\n"
                                            "ada,\"Ada \"\"L\"\"\",a@@b\n"
                                            "ben,\"Ben \"the\" B\",ben@example.org\n"
                                            "\"cid\",\"Cid\"\r\n"
                                            "dan,\"\nDan\" x,dan@example.org\r\n"
                                            "eve,\"Eve");
    BOOST_TEST_REQUIRE(read.has_error());
    std::vector<std::string> found;
    for (auto const& p : read.error())
        found.push_back(p.text());
    std::vector<std::string> const expected{
        "line 2: email: is no email address",
        "line 3: has text behind a quoted value; double each quotation mark in a value",
        "line 4: the record: has 2 values instead of 3",
        "line 6: has text behind a quoted value; double each quotation mark in a value",
        "line 7: has a quotation mark that is never closed"};
    BOOST_TEST(found == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
