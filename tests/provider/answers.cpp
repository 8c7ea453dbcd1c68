// What the operations make of successes.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/provider/lark/platform.hpp>

#include "provider/wire.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace answers_test {

namespace {

using namespace tidings::providers::lark;
using test::contains;
using test::kind;
using test::said;
using tidings::errc;
using tidings::lark;

// The result of a look-up for two emails and a phone number, decoded from `user_list`.
std::vector<std::string> looked_up(std::string_view user_list)
{
    look_up op(test::lark_app());
    op.add(look_up::by::email, "ann@example.com");
    op.add(look_up::by::email, "Bob@Example.com");
    op.add(look_up::by::phone_number, "+6591234567");
    op.add(look_up::by::phone_number, "+8613011111111");
    auto const body = R"({"code":0,"msg":"success","data":{"user_list":[)" + std::string(user_list) + "]}}";
    BOOST_TEST(kind(op.decode(said(200, body).view())) == "success");
    std::vector<std::string> out;
    for (std::size_t i = 0; i != 4; ++i)
        out.emplace_back(op.id_of(i));
    return out;
}

void check_found(std::string_view user_list, std::vector<std::string> const& expected)
{
    BOOST_TEST_CONTEXT(user_list)
    BOOST_TEST(looked_up(user_list) == expected, boost::test_tools::per_element());
}

} // namespace

BOOST_AUTO_TEST_SUITE(token_answers)

BOOST_AUTO_TEST_CASE(a_token_and_its_lifetime_are_taken_from_the_top_level)
{
    tidings::secret const s("x");
    for (std::string_view const body :
         {R"({"code":0,"msg":"ok","tenant_access_token":"t-caecc734c2e3328a62489fe0648c4b98779515d3","expire":7200})",
          R"({"code":0,"expire":7200,"msg":"ok","tenant_access_token":"t-caecc734c2e3328a62489fe0648c4b98779515d3"})"})
    {
        fetch_token op(test::lark_app(), s);
        BOOST_TEST(kind(op.decode(said(200, body).view())) == "success");
        BOOST_TEST(op.lifetime().count() == 7200);
        BOOST_TEST(op.take_token().reveal() == "t-caecc734c2e3328a62489fe0648c4b98779515d3");
    }
}

BOOST_AUTO_TEST_CASE(a_shorter_lifetime_is_taken_as_it_is_also_when_a_gateway_made_a_string_of_it)
{
    tidings::secret const s("x");
    for (std::string_view const expire : {"1801", "\"1801\""})
    {
        fetch_token op(test::lark_app(), s);
        auto const body = R"({"code":0,"tenant_access_token":"t-1","expire":)" + std::string(expire) + "}";
        BOOST_TEST(op.decode(said(200, body).view()).has_value());
        BOOST_TEST(op.lifetime().count() == 1801, expire);
    }
}

BOOST_AUTO_TEST_CASE(a_lifetime_that_is_none_is_no_lifetime)
{
    tidings::secret const s("x");
    for (std::string_view const expire : {"-5", "\"72 00\"", "\"-5\"", "null", "7200.5", "1e99", "{}"})
    {
        fetch_token op(test::lark_app(), s);
        auto const body = R"({"code":0,"tenant_access_token":"t-1","expire":)" + std::string(expire) + "}";
        BOOST_TEST(op.decode(said(200, body).view()).has_value());
        BOOST_TEST(op.lifetime().count() == 0, expire);
    }
}

BOOST_AUTO_TEST_CASE(a_success_without_a_usable_token_is_not_the_platforms_protocol)
{
    tidings::secret const s("x");
    for (std::string_view const body :
         {R"({"code":0,"msg":"ok","expire":7200})", R"({"code":0,"tenant_access_token":"","expire":7200})",
          R"({"code":0,"tenant_access_token":null})", R"({"code":0,"tenant_access_token":5})",
          R"({"code":0,"data":{"tenant_access_token":"t-1"}})",
          R"({"code":0,"tenant_access_token":"t-1\r\nEvil: 1","expire":7200})"})
    {
        fetch_token op(test::lark_app(), s);
        BOOST_TEST(kind(test::refused(op, said(200, body))) == kind(errc::protocol_error), body);
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(look_up_answers)

BOOST_AUTO_TEST_CASE(people_are_found_by_the_documented_answer)
{
    look_up op(test::lark_app());
    op.add(look_up::by::email, "ann@example.com");
    op.add(look_up::by::email, "nobody@example.com");
    op.add(look_up::by::phone_number, "+6591234567");
    auto const done = op.decode(said(200, R"({"code":0,"msg":"success","data":{"user_list":[
 {"user_id":"ou_979112345678741d29069abcdef01234","email":"ann@example.com",
  "status":{"is_frozen":false,"is_resigned":false,"is_activated":true,"is_exited":false,"is_unjoin":false}},
 {"email":"nobody@example.com"},
 {"user_id":"ou_46a087654321a1dc920ffab8fedc3456","mobile":"+6591234567"}]}})")
                                    .view());
    BOOST_TEST(kind(done) == "success");
    BOOST_TEST(op.id_of(0) == "ou_979112345678741d29069abcdef01234");
    BOOST_TEST(op.id_of(1) == "");
    BOOST_TEST(op.id_of(2) == "ou_46a087654321a1dc920ffab8fedc3456");
}

BOOST_AUTO_TEST_CASE(answers_are_matched_by_address_and_not_by_place)
{
    check_found(R"({"user_id":"p","mobile":"+6591234567"},{"user_id":"c","mobile":"13011111111"},
                   {"user_id":"b","email":"Bob@Example.com"},{"user_id":"a","email":"ann@example.com"})",
                {"a", "b", "p", "c"});
    check_found(R"({"email":"ann@example.com","user_id":"a"},{"mobile":"13011111111","user_id":"c"})",
                {"a", "", "", "c"});
}

BOOST_AUTO_TEST_CASE(the_letter_case_of_an_echoed_email_does_not_matter)
{
    check_found(R"({"user_id":"a","email":"ANN@EXAMPLE.COM"},{"user_id":"b","email":"bob@example.com"})",
                {"a", "b", "", ""});
}

BOOST_AUTO_TEST_CASE(a_mainland_number_is_recognised_with_and_without_its_country_code)
{
    check_found(R"({"user_id":"c","mobile":"13011111111"})", {"", "", "", "c"});
    check_found(R"({"user_id":"c","mobile":"+8613011111111"})", {"", "", "", "c"});
    check_found(R"({"user_id":"c","mobile":"8613011111111"})", {"", "", "", ""});
}

BOOST_AUTO_TEST_CASE(one_person_may_be_found_by_email_and_by_phone)
{
    check_found(R"({"user_id":"a","email":"ann@example.com"},{"user_id":"a","mobile":"+6591234567"})",
                {"a", "", "a", ""});
}

BOOST_AUTO_TEST_CASE(a_person_without_an_id_is_not_found_whether_it_is_missing_null_or_empty)
{
    for (std::string_view const entry :
         {R"({"email":"ann@example.com"})", R"({"user_id":null,"email":"ann@example.com"})",
          R"({"user_id":"","email":"ann@example.com"})", R"({"user_id":5,"email":"ann@example.com"})",
          R"({"user_id":{"x":"y"},"email":"ann@example.com"})", R"({"user_id":["z"],"email":"ann@example.com"})"})
    {
        check_found(entry, {"", "", "", ""});
        // Nor does it inherit the id of the entry before it, nor leave its own to the one behind.
        check_found(R"({"user_id":"b","email":"bob@example.com"},)" + std::string(entry) +
                        R"(,{"user_id":"p","mobile":"+6591234567"})",
                    {"", "b", "p", ""});
    }
}

BOOST_AUTO_TEST_CASE(an_entry_without_an_address_belongs_to_nobody)
{
    check_found(R"({"user_id":"x"},{},{"user_id":"y","email":"","mobile":""},{"user_id":"z","email":null})",
                {"", "", "", ""});
    check_found(R"({"user_id":"x","email":"stranger@example.com"})", {"", "", "", ""});
}

BOOST_AUTO_TEST_CASE(values_deeper_in_an_entry_are_not_those_of_the_entry)
{
    check_found(R"({"user_id":"a","email":"ann@example.com","status":{"user_id":"evil","email":"bob@example.com"}})",
                {"a", "", "", ""});
    check_found(R"({"status":{"is_frozen":false},"user_id":"a","email":"ann@example.com"})", {"a", "", "", ""});
}

BOOST_AUTO_TEST_CASE(an_address_asked_for_twice_has_one_owner)
{
    look_up op(test::lark_app());
    op.add(look_up::by::email, "ann@example.com");
    op.add(look_up::by::email, "ANN@example.com");
    BOOST_TEST(op.decode(said(200, R"({"code":0,"data":{"user_list":[{"user_id":"a","email":"ann@example.com"},
        {"user_id":"a","email":"ANN@example.com"}]}})")
                             .view())
                   .has_value());
    BOOST_TEST(op.id_of(0) == "a");
    BOOST_TEST(op.id_of(1) == "a");
}

BOOST_AUTO_TEST_CASE(a_list_that_is_missing_null_empty_or_of_another_type_has_nobody)
{
    for (std::string_view const data :
         {R"()", R"(,"data":null)", R"(,"data":{})", R"(,"data":[])", R"(,"data":"x")", R"(,"data":{"user_list":null})",
          R"(,"data":{"user_list":[]})", R"(,"data":{"user_list":{"user_id":"x","email":"ann@example.com"}})",
          R"(,"data":{"user_list":["ann@example.com",null,5]})",
          R"(,"user_list":[{"user_id":"x","email":"ann@example.com"}])"})
    {
        look_up op(test::lark_app(), look_up::by::email, "ann@example.com");
        BOOST_TEST(kind(op.decode(said(200, R"({"code":0,"msg":"success")" + std::string(data) + "}").view())) ==
                   "success");
        BOOST_TEST(op.id_of(0) == "", data);
    }
}

BOOST_AUTO_TEST_CASE(a_second_answer_replaces_the_first)
{
    look_up op(test::lark_app(), look_up::by::email, "ann@example.com");
    BOOST_TEST(
        op.decode(said(200, R"({"code":0,"data":{"user_list":[{"user_id":"a","email":"ann@example.com"}]}})").view())
            .has_value());
    BOOST_TEST(op.id_of(0) == "a");
    BOOST_TEST(op.decode(said(200, R"({"code":0,"data":{"user_list":[]}})").view()).has_value());
    BOOST_TEST(op.id_of(0) == "");
}

BOOST_AUTO_TEST_CASE(ids_of_any_length_are_kept)
{
    std::string const id(500, 'i');
    look_up op(test::lark_app(), look_up::by::email, "ann@example.com");
    auto const body = R"({"code":0,"data":{"user_list":[{"user_id":")" + id + R"(","email":"ann@example.com"}]}})";
    BOOST_TEST(op.decode(said(200, body).view()).has_value());
    BOOST_TEST(op.id_of(0) == id);
}

BOOST_AUTO_TEST_CASE(a_provider_says_whom_it_found_and_why_it_found_nobody)
{
    lark::credentials const app(test::app_id, tidings::secret("s"));
    tidings::match::email const ann("ann@example.com");
    lark::finder<tidings::match::email> find(app);
    find.add(ann);
    auto& op = *find.next();
    BOOST_TEST(
        op.decode(said(200, R"({"code":0,"data":{"user_list":[{"user_id":"ou_1","email":"ann@example.com"}]}})").view())
            .has_value());
    BOOST_TEST(find.next() == nullptr);
    auto const found = lark::recipient_from_id(find.id_of(0));
    BOOST_TEST(found.type() == "open_id");
    BOOST_TEST(found.id() == "ou_1");

    BOOST_TEST(
        op.decode(said(200, R"({"code":0,"data":{"user_list":[{"email":"ann@example.com"}]}})").view()).has_value());
    BOOST_TEST(find.id_of(0) == "");
    tidings::result<void> const nobody = lark::not_found_error(tidings::match::email::name);
    BOOST_TEST(kind(nobody) == kind(errc::recipient_not_found));
    BOOST_TEST(contains(nobody.error().message(), "has this email"));
    BOOST_TEST(!contains(nobody.error().message(), "ann@example.com"));
    // The answer cannot tell the reasons apart, so that all are listed.
    auto const remedy = nobody.error().remedy();
    for (auto const reason :
         {"misspelt", "contacts range", "business mailbox", "left", "https://open.larksuite.com/app"})
        BOOST_TEST(contains(remedy, reason), reason);
    BOOST_TEST(contains(tidings::feishu::not_found_error("phone number").remedy(), "https://open.feishu.cn/app"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(send_answers)

BOOST_AUTO_TEST_CASE(a_message_that_was_sent_has_an_id)
{
    recipient const to("open_id", "ou_1");
    content const what{content::kind::text, "x"};
    send_message op(test::lark_app(), to, what, "k");
    auto const done =
        op.decode(said(200, R"({"code":0,"msg":"success","data":{"message_id":"om_dc13264520392913993dd051dba21dcf",
 "msg_type":"text","create_time":"1615380573411","update_time":"1615380573411","deleted":false,"updated":false,
 "chat_id":"oc_5ad11d72b830411d72b836c20",
 "sender":{"id":"cli_9f427eec54ae901b","id_type":"app_id","sender_type":"app","tenant_key":"736588c9260f175e"},
 "body":{"content":"{\"text\":\"disk 91% full\"}"}}})")
                      .view());
    BOOST_TEST(kind(done) == "success");
    BOOST_TEST(op.message_id() == "om_dc13264520392913993dd051dba21dcf");
}

BOOST_AUTO_TEST_CASE(only_the_code_decides_whether_it_is_a_success)
{
    recipient const to("open_id", "ou_1");
    for (unsigned const status : {200u, 201u, 400u, 429u, 500u})
    {
        content const what{content::kind::text, "x"};
        send_message op(test::lark_app(), to, what, "k");
        auto const body = R"({"code":0,"msg":"whatever it says","data":{"message_id":"om_1"}})";
        BOOST_TEST(kind(op.decode(said(status, body).view())) == "success", status);
        BOOST_TEST(op.message_id() == "om_1");
    }
}

BOOST_AUTO_TEST_CASE(a_success_that_names_no_message_is_a_success)
{
    recipient const to("open_id", "ou_1");
    for (std::string_view const data :
         {"", R"(,"data":null)", R"(,"data":{})", R"(,"data":{"message_id":""})", R"(,"data":{"message_id":null})",
          R"(,"data":{"message_id":7})", R"(,"data":[])"})
    {
        content const what{content::kind::text, "x"};
        send_message op(test::lark_app(), to, what, "k");
        BOOST_TEST(kind(op.decode(said(200, R"({"code":0)" + std::string(data) + "}").view())) == "success");
        BOOST_TEST(op.message_id() == "", data);
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(self_check_answers)

BOOST_AUTO_TEST_CASE(a_person_is_read)
{
    get_user op(test::lark_app(), "7be5fg9a");
    BOOST_TEST(
        kind(op.decode(said(200, R"({"code":0,"msg":"success","data":{"user":{"union_id":"on_1","user_id":"7be5fg9a",
 "open_id":"ou_1","name":"Ann","en_name":"A","nickname":"","email":"ann@example.com","mobile":"+6591234567","mobile_visible":true,
 "status":{"is_frozen":true,"is_resigned":false,"is_activated":true,"is_exited":false,"is_unjoin":false},
 "enterprise_email":"ann@corp.example"}}})")
                           .view())) == "success");
    BOOST_TEST(op.open_id() == "ou_1");
    BOOST_TEST(op.person_name() == "Ann");
    BOOST_TEST(op.frozen());
    BOOST_TEST(!op.resigned());

    get_user left(test::lark_app(), "7be5fg9a");
    BOOST_TEST(
        left.decode(said(200, R"({"code":0,"data":{"user":{"open_id":"ou_2","status":{"is_resigned":true}}}})").view())
            .has_value());
    BOOST_TEST(left.resigned());
    BOOST_TEST(!left.frozen());
    BOOST_TEST(left.person_name() == "");
}

BOOST_AUTO_TEST_CASE(the_bot_stands_at_the_top_level)
{
    bot_info op(test::lark_app());
    BOOST_TEST(kind(op.decode(said(200, R"({"code":0,"msg":"ok","bot":{"activate_status":2,"app_name":"Alerts",
        "avatar_url":"https://x","ip_white_list":[],"open_id":"ou_bot"}})")
                                  .view())) == "success");
    BOOST_TEST(op.activate_status() == 2);
    BOOST_TEST(op.app_name() == "Alerts");
    BOOST_TEST(op.open_id() == "ou_bot");
}

BOOST_AUTO_TEST_CASE(granted_scopes_are_listed_and_those_not_granted_left_out)
{
    list_scopes op(test::lark_app());
    said const in(200, R"({"code":0,"msg":"success","data":{"scopes":[{"scope_name":"im:message","grant_status":1},
        {"grant_status":2,"scope_name":"contact:user.id:readonly"},{"grant_status":1,"scope_name":"im:resource"},
        {"scope_name":"no:status"},{"grant_status":1},{"scope_name":"as:text","grant_status":"1"},
        {"scope_name":"x","grant_status":" 1"}]}})");
    std::vector<std::string> const expected{"im:message", "im:resource", "as:text"};
    for (int round = 0; round != 2; ++round) // the second answer replaces the first
    {
        BOOST_TEST(kind(op.decode(in.view())) == "success");
        BOOST_TEST(op.granted() == expected, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(the_contacts_range_comes_in_pages)
{
    contact_range op(test::lark_app());
    BOOST_TEST(kind(op.decode(said(200, R"({"code":0,"data":{"department_ids":["od-1"],"user_ids":["ou_1","ou_2"],
        "group_ids":["g"],"has_more":true,"page_token":"next"}})")
                                  .view())) == "success");
    BOOST_TEST(op.people().size() == 2u);
    BOOST_TEST(op.people().at(1) == "ou_2");
    BOOST_TEST(op.departments().size() == 1u);
    BOOST_TEST(op.departments().at(0) == "od-1");
    BOOST_TEST(op.groups().size() == 1u);
    BOOST_TEST(op.next_page() == "next");

    BOOST_TEST(
        op.decode(said(200, R"({"code":0,"data":{"user_ids":["ou_3"],"has_more":false,"page_token":"x"}})").view())
            .has_value());
    BOOST_TEST(op.people().size() == 1u);
    BOOST_TEST(op.departments().empty());
    BOOST_TEST(op.groups().empty());
    BOOST_TEST(op.next_page() == "");
}

BOOST_AUTO_TEST_CASE(a_second_answer_leaves_nothing_of_the_first)
{
    get_user person(test::lark_app(), "7be5fg9a");
    BOOST_TEST(person
                   .decode(said(200, R"({"code":0,"data":{"user":{"open_id":"ou_1","name":"Ann",
        "status":{"is_frozen":true,"is_resigned":true}}}})")
                               .view())
                   .has_value());
    BOOST_TEST(person.decode(said(200, R"({"code":0,"data":{"user":{}}})").view()).has_value());
    BOOST_TEST(person.open_id() == "");
    BOOST_TEST(person.person_name() == "");
    BOOST_TEST(!person.frozen());
    BOOST_TEST(!person.resigned());

    bot_info bot(test::lark_app());
    BOOST_TEST(bot.decode(said(200, R"({"code":0,"bot":{"activate_status":2,"app_name":"A","open_id":"ou"}})").view())
                   .has_value());
    BOOST_TEST(bot.decode(said(200, R"({"code":0})").view()).has_value());
    BOOST_TEST(bot.activate_status() == bot_info::unknown_status);
    BOOST_TEST(bot.app_name() == "");
    BOOST_TEST(bot.open_id() == "");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(providers)

BOOST_AUTO_TEST_CASE(a_brand_is_its_addresses)
{
    BOOST_TEST(lark::name == "lark");
    BOOST_TEST(lark::base_urls.front() == "https://open.larksuite.com");
    BOOST_TEST(tidings::feishu::name == "feishu");
    BOOST_TEST(tidings::feishu::base_urls.front() == "https://open.feishu.cn");
}

BOOST_AUTO_TEST_CASE(credentials_are_checked_without_being_repeated)
{
    auto const check = [](std::string id, std::string_view s) {
        return lark::credentials(std::move(id), tidings::secret(s)).check();
    };
    BOOST_TEST(kind(check("cli_a1", "s3cr3t")) == "success");
    struct
    {
        std::string id;
        std::string app_secret;
        std::string_view said;
    } const rows[] = {
        {"", "s3cr3t", "App ID is empty"},
        {"cli_a1", "", "App Secret is empty"},
        {"cli_a1\n", "s3cr3t", "App ID contains a control character"},
        {"cli_a1", "s3cr3t\r", "App Secret contains a control character"},
        {"cli_a1", std::string(129, 's'), "App Secret is longer than 128 bytes"},
        {std::string(129, 's'), "s3cr3t", "App ID is longer than 128 bytes"},
        {"cli_a1\xff", "s3cr3t", "App ID is not valid UTF-8"},
    };
    for (auto const& row : rows)
    {
        auto const checked = check(row.id, row.app_secret);
        BOOST_TEST(kind(checked) == kind(errc::invalid_argument));
        auto const message = checked.error().message();
        BOOST_TEST(contains(message, row.said), message);
        BOOST_TEST(!contains(message, "s3cr3t"));
        BOOST_TEST(!contains(message, "cli_a1"));
    }
}

BOOST_AUTO_TEST_CASE(a_card_keeps_the_json_it_was_given)
{
    lark::card const card(R"({"a":1})");
    BOOST_TEST(card.body() == R"({"a":1})");
    BOOST_TEST(lark::card::name == "card");
}

BOOST_AUTO_TEST_CASE(a_list_that_goes_on_names_its_next_page)
{
    list_readers first(test::lark_app(), "om_1", {});
    BOOST_TEST(
        kind(first.decode(said(200, R"({"code":0,"data":{"items":[],"has_more":true,"page_token":"p"}})").view())) ==
        "success");
    BOOST_TEST(first.next_page() == "p");
    // The same once more would be asked for without an end, and none would be the end in the middle.
    for (std::string_view const body : {R"({"code":0,"data":{"items":[],"has_more":true,"page_token":"p"}})",
                                        R"({"code":0,"data":{"items":[],"has_more":true,"page_token":""}})",
                                        R"({"code":0,"data":{"items":[],"has_more":true}})"})
    {
        list_readers next(test::lark_app(), "om_1", "p");
        BOOST_TEST(kind(next.decode(said(200, std::string(body)).view())) == kind(errc::protocol_error), body);
        contact_range range(test::lark_app(), "p");
        BOOST_TEST(kind(range.decode(said(200, std::string(body)).view())) == kind(errc::protocol_error), body);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace answers_test
