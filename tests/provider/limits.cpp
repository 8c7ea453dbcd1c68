// What the platforms permit, and which requests count against it. The numbers are those of their documentation.
#include <tidings/provider/dingtalk.hpp>
#include <tidings/provider/dingtalk/webhook.hpp>
#include <tidings/provider/dingtalk_work.hpp>
#include <tidings/provider/lark/webhook.hpp>
#include <tidings/provider/wecom.hpp>
#include <tidings/provider/wecom/webhook.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <string>
#include <vector>

namespace limits_test {

namespace {

namespace td = tidings;
namespace lark = td::providers::lark;
namespace ding = td::providers::dingtalk;
namespace wecom = td::providers::wecom;
using td::wire::api_limits;
using td::wire::rate;

std::string text(rate const& r)
{
    return r ? std::to_string(r.max_count()) + " in " + std::to_string(r.per().count() / 1000) + " s"
             : std::string("-");
}

std::string text(api_limits const* limits)
{
    if (!limits)
        return "none";
    std::string out(limits->api());
    for (auto const& one : limits->calls())
        if (one)
            out += ", " + text(one);
    if (limits->people())
        out += ", people " + text(limits->people());
    for (auto const& one : limits->each_person())
        if (one)
            out += ", each " + text(one);
    if (!limits->refusal_of_one().empty())
        out += ", " + std::string(limits->refusal_of_one());
    return out;
}

/// The operations that a procedure starts with.
std::string first(td::wire::procedure&& p)
{
    return text(p.next()->limits());
}

} // namespace

BOOST_AUTO_TEST_SUITE(published_limits)

BOOST_AUTO_TEST_CASE(lark_has_fifty_a_second_and_a_thousand_a_minute_and_five_a_second_for_a_person)
{
    td::lark::credentials const app("cli_1", td::secret("s"));
    std::array const people{td::lark::direct(td::match::email("ada@example.com"))};
    auto const content = td::lark::content_of(td::text{"hi"}, td::language_tag());
    td::lark::delivery sending(app, people, content, "key");
    auto const* const op = sending.next();
    BOOST_TEST(text(op->limits()) == "im/v1/messages, 50 in 1 s, 1000 in 60 s, each 5 in 1 s, 230020");
    BOOST_TEST_REQUIRE(op->recipient_count() == 1u);
    BOOST_TEST(op->recipient_id(0) == "ada@example.com");

    td::lark::finder<td::match::phone_number> find(app);
    BOOST_TEST((find.next() == nullptr)); // there is nobody to look up
    find.add(td::match::phone_number("+6591234567"));
    BOOST_TEST(text(find.next()->limits()) == "contact/v3/users/batch_get_id, 50 in 1 s, 1000 in 60 s");
    td::lark::finder<td::match::login_name> check(app);
    check.add(td::match::login_name("ada"));
    BOOST_TEST(text(check.next()->limits()) == "contact/v3/users/:user_id, 50 in 1 s, 1000 in 60 s");
    BOOST_TEST(first(td::lark::recall(app, "om_1")) == "im/v1/messages/:message_id, 50 in 1 s, 1000 in 60 s");
    BOOST_TEST(first(td::lark::readers(app, "om_1")) ==
               "im/v1/messages/:message_id/read_users, 50 in 1 s, 1000 in 60 s");
    BOOST_TEST(first(td::lark::upload(app, td::image("x", "a.png"))) == "im/v1/images, 50 in 1 s, 1000 in 60 s");
    BOOST_TEST(first(td::lark::upload(app, td::file("x", "a.txt"))) == "im/v1/files, 50 in 1 s, 1000 in 60 s");
    BOOST_TEST(text(td::lark::fetch_token(app)->limits()) == "auth/v3/tenant_access_token");
    BOOST_TEST(text(&lark::apis::webhook) == "bot/v2/hook, 5 in 1 s, 100 in 60 s");
}

BOOST_AUTO_TEST_CASE(dingtalk_has_twenty_a_second_and_work_notifications_have_limits_of_people)
{
    td::dingtalk::credentials const app("ding1", td::secret("s"));
    std::array const people{ding::recipient("ada"), ding::recipient("bob")};
    auto const content = td::dingtalk::content_of(td::text{"hi"}, td::language_tag());
    td::dingtalk::delivery sending(app, people, content, "key");
    auto const* const op = sending.next();
    BOOST_TEST(text(op->limits()) == "v1.0/robot/oToMessages/batchSend, 20 in 1 s");
    BOOST_TEST(op->recipient_count() == 0u); // what it counts for people is not published

    td::dingtalk_work::credentials const work_app("ding1", td::secret("s"));
    td::dingtalk_work::delivery work(work_app, people, content, "key");
    auto const* const work_op = work.next();
    BOOST_TEST(text(work_op->limits()) == "topapi/message/corpconversation/asyncsend_v2, 20 in 1 s, people 5000 in "
                                          "60 s, each 500 in 86400 s");
    BOOST_TEST_REQUIRE(work_op->recipient_count() == 2u);
    BOOST_TEST(work_op->recipient_id(1) == "bob");
    BOOST_TEST(text(work.next()->limits()) == "topapi/message/corpconversation/getsendresult, 20 in 1 s");
    BOOST_TEST(text(td::dingtalk::fetch_token(app)->limits()) == "v1.0/oauth2/accessToken, 20 in 1 s");
    BOOST_TEST(first(td::dingtalk::recall(app, "key")) == "v1.0/robot/otoMessages/batchRecall, 20 in 1 s");
    BOOST_TEST(first(td::dingtalk::readers(app, "key")) == "v1.0/robot/oToMessages/readStatus, 20 in 1 s");
    BOOST_TEST(text(&ding::apis::webhook) == "robot/send, 20 in 60 s");
}

BOOST_AUTO_TEST_CASE(wecom_has_thirty_a_minute_and_a_thousand_an_hour_for_each_member)
{
    td::wecom::credentials const app("ww1", td::secret("s"), 1000002);
    std::array const people{wecom::recipient("ada"), wecom::recipient("bob")};
    auto const content = td::wecom::content_of(td::text{"hi"}, td::language_tag());
    td::wecom::delivery sending(app, people, content, "key");
    auto const* const op = sending.next();
    BOOST_TEST(text(op->limits()) == "message/send, each 30 in 60 s, each 1000 in 3600 s");
    BOOST_TEST_REQUIRE(op->recipient_count() == 2u);
    BOOST_TEST(op->recipient_id(0) == "ada");
    td::wecom::finder<td::match::email> find(app);
    find.add(td::match::email("ada@example.com"));
    BOOST_TEST(text(find.next()->limits()) == "user/get_userid_by_email, 10000 in 60 s, 150000 in 3600 s");
    BOOST_TEST(text(td::wecom::fetch_token(app)->limits()) == "gettoken");
    BOOST_TEST(text(&wecom::apis::webhook) == "webhook/send, 20 in 60 s");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace limits_test
