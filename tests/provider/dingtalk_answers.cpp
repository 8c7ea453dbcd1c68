// What the operations of DingTalk make of successes, and how those that need several calls go on.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/provider/dingtalk.hpp>
#include <tidings/provider/dingtalk_work.hpp>

#include "provider/wire.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

namespace dingtalk_answers_test {

namespace {

using namespace tidings::providers::dingtalk;
using std::chrono::milliseconds;
using test::contains;
using test::json;
using test::kind;
using test::said;
using test::sent;
using tidings::dingtalk;
using tidings::dingtalk_work;
using tidings::errc;
using tidings::failure;

application app()
{
    return {"dingkey", "dingrobot", 123};
}

std::string decoded(tidings::wire::operation& op, std::string_view body, unsigned status = 200)
{
    return kind(op.decode(said(status, body).view()));
}

dingtalk::credentials bot_credentials()
{
    return {"dingkey", tidings::secret("s3cret")};
}
dingtalk_work::credentials work_credentials()
{
    return dingtalk_work::credentials("dingkey", tidings::secret("s3cret")).agent_id(123);
}

std::vector<recipient> people(std::initializer_list<std::string_view> ids)
{
    std::vector<recipient> out;
    for (auto const id : ids)
        out.emplace_back(id);
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(dingtalk_tokens)

BOOST_AUTO_TEST_CASE(a_token_and_its_lifetime_are_read_from_either_call)
{
    tidings::secret const s("x");
    fetch_token fresh(app(), s);
    BOOST_TEST(decoded(fresh, R"({"expireIn":7200,"accessToken":"fw8ef8we8f76e6f7s8dxxxx"})") == "success");
    BOOST_TEST(fresh.lifetime().count() == 7200);
    BOOST_TEST(fresh.take_token().reveal() == "fw8ef8we8f76e6f7s8dxxxx");
    BOOST_TEST(fresh.margins().refresh.count() == 600);

    get_token old(app(), s);
    for (std::string_view const zero : {"0", "\"0\""})
    {
        BOOST_TEST(decoded(old, R"({"errcode":)" + std::string(zero) +
                                    R"(,"access_token":"96fc7a7axxx","errmsg":"ok","expires_in":7200})") == "success");
        BOOST_TEST(old.lifetime().count() == 7200);
        BOOST_TEST(old.take_token().reveal() == "96fc7a7axxx");
    }
}

BOOST_AUTO_TEST_CASE(a_lifetime_that_is_none_makes_a_token_for_one_use_and_a_long_one_is_not_believed)
{
    tidings::secret const s("x");
    for (auto const& [expire, seconds] : {std::pair<std::string, int>("", 0),
                                          {R"("expireIn":null,)", 0},
                                          {R"("expireIn":"72 00",)", 0},
                                          {R"("expireIn":"7200",)", 7200},
                                          {R"("expireIn":-5,)", 0},
                                          {R"("expireIn":7200.5,)", 0},
                                          {R"("expires_in":7200,)", 0},
                                          {R"("expireIn":9223372036854775807,)", 86400}})
    {
        fetch_token op(app(), s);
        BOOST_TEST(decoded(op, "{" + expire + R"("accessToken":"t"})") == "success");
        BOOST_TEST(op.lifetime().count() == seconds, expire);
    }
}

BOOST_AUTO_TEST_CASE(a_token_that_no_header_could_carry_is_refused)
{
    tidings::secret const s("x");
    for (std::string_view const token :
         {"", R"("accessToken":null)", R"("accessToken":"")", R"("accessToken":7)", R"("accessToken":["t"])",
          R"("accessToken":"hush\r\nX: y")", R"("accessToken":"hush hush")", R"("accessToken":"hush\u0000")",
          R"("accessToken":"hush\u007f")", R"("accessToken":"hush\u00e9")"})
    {
        fetch_token op(app(), s);
        auto const f = test::refused(op, said(200, "{" + std::string(token) + "}"));
        BOOST_TEST(kind(f) == kind(errc::protocol_error), token);
        BOOST_TEST(!contains(f.message() + f.remedy(), "hush"));
        BOOST_TEST(op.take_token().empty());
    }
    get_token old(app(), s);
    BOOST_TEST(decoded(old, R"({"errcode":0,"errmsg":"ok"})") == kind(errc::protocol_error));
    BOOST_TEST(decoded(old, R"({"access_token":"t","expires_in":7200})") == kind(errc::protocol_error)); // no errcode
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(dingtalk_people)

BOOST_AUTO_TEST_CASE(the_owner_of_a_number_is_read_and_forgotten_before_the_next_answer)
{
    get_by_mobile op(app(), "+8618513027676");
    BOOST_TEST(decoded(op, R"({"errcode":"0","errmsg":"ok","result":{"userid":"zhangsan"},"request_id":"5w82"})") ==
               "success");
    BOOST_TEST(op.userid() == "zhangsan");
    for (std::string_view const result :
         {"", R"(,"result":null)", R"(,"result":{})", R"(,"result":{"userid":null})", R"(,"result":{"userid":""})",
          R"(,"result":{"userid":7})", R"(,"result":[{"userid":"x"}])", R"(,"userid":"x")"})
    {
        BOOST_TEST(decoded(op, R"({"errcode":0)" + std::string(result) + "}") == "success", result);
        BOOST_TEST(op.userid() == "", result);
    }
}

BOOST_AUTO_TEST_CASE(a_person_is_read_with_both_addresses)
{
    get_user op(app(), get_user::by::userid, "zhangsan");
    BOOST_TEST(decoded(op, R"({"errcode":0,"result":{"userid":"zhangsan","active":"true","email":"a@b.example",
                               "org_email":"z@corp.example","dept_id_list":[1,2]}})") == "success");
    BOOST_TEST(op.userid() == "zhangsan");
    BOOST_TEST(op.email() == "a@b.example");
    BOOST_TEST(op.company_email() == "z@corp.example");
    BOOST_TEST(decoded(op, R"({"errcode":0,"result":{"userid":"zhangsan"}})") == "success");
    BOOST_TEST(op.email() == "");
    BOOST_TEST(op.company_email() == "");
}

BOOST_AUTO_TEST_CASE(each_finder_asks_once_and_names_the_owner)
{
    auto const credentials = bot_credentials();
    dingtalk::finder<tidings::match::phone_number> by_phone(credentials);
    tidings::match::phone_number const number("+86 185-1302-7676");
    by_phone.add(number);
    auto* op = by_phone.next();
    BOOST_REQUIRE(op);
    BOOST_TEST(json(sent(*op).body) == json(R"({"mobile":"18513027676","support_exclusive_account_search":true})"));
    BOOST_TEST(decoded(*op, R"({"errcode":0,"result":{"userid":"zhangsan"}})") == "success");
    BOOST_TEST(!by_phone.next());
    BOOST_TEST(by_phone.id_of(0) == "zhangsan");
    BOOST_TEST(by_phone.pause().count() == 0);

    dingtalk::finder<tidings::match::login_name> by_name(credentials);
    tidings::match::login_name const name("zhangsan");
    by_name.add(name);
    BOOST_TEST(json(sent(*by_name.next()).body) == json(R"({"userid":"zhangsan"})"));

    dingtalk::finder<dingtalk::login_id> by_login(credentials);
    dingtalk::login_id const login("ann");
    by_login.add(login);
    BOOST_TEST(json(sent(*by_login.next()).body) == json(R"({"userid":"","login_id":"ann"})"));
}

BOOST_AUTO_TEST_CASE(login_names_of_dedicated_accounts_are_checked)
{
    BOOST_TEST(kind(dingtalk::login_id("ann").check()) == "success");
    BOOST_TEST(kind(dingtalk::login_id("").check()) == kind(errc::invalid_recipient));
    BOOST_TEST(kind(dingtalk::login_id("a\n").check()) == kind(errc::invalid_recipient));
    BOOST_TEST(kind(dingtalk::login_id(std::string(65, 'a')).check()) == kind(errc::invalid_recipient));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(dingtalk_directory_scan)

namespace {

using scan_t = dingtalk::scan<tidings::match::email>;

constexpr std::string_view emails_allowed = R"("auth_user_field":["name","email"],"condition_field":[])";

std::string range(std::string_view departments, std::string_view people)
{
    return R"({"errcode":0,"errmsg":"ok",)" + std::string(emails_allowed) + R"(,"auth_org_scopes":{"authed_user":[)" +
           std::string(people) + R"(],"authed_dept":[)" + std::string(departments) + "]}}";
}

/// One step of a scan: what it must ask, and what it is told.
void step(scan_t& scan, std::string_view path, std::string_view body, std::string_view answer, int pause = 100)
{
    auto* const op = scan.next();
    BOOST_REQUIRE_MESSAGE(op, "no operation instead of " << path << ' ' << body);
    BOOST_TEST(scan.pause().count() == pause);
    sent const request(*op);
    BOOST_TEST(contains(request.line, std::string(" ") + std::string(path) + "?access_token="), request.line);
    if (body.empty())
        BOOST_TEST(request.body == "");
    else
        BOOST_TEST(json(request.body) == json(body));
    BOOST_TEST(decoded(*op, answer) == "success");
}

std::string found(tidings::detail::people_index const& index, std::string_view address)
{
    std::string_view id;
    switch (index.find(address, id))
    {
    case tidings::detail::people_index::lookup_result::nobody: return "nobody";
    case tidings::detail::people_index::lookup_result::several: return "several";
    case tidings::detail::people_index::lookup_result::one: break;
    }
    return std::string(id);
}

constexpr std::string_view scopes = "/auth/scopes";
constexpr std::string_view departments = "/topapi/v2/department/listsub";
constexpr std::string_view members = "/topapi/v2/user/list";
constexpr std::string_view person = "/topapi/v2/user/get";
constexpr std::string_view no_departments = R"({"errcode":0,"errmsg":"ok","result":[]})";
constexpr std::string_view no_people = R"({"errcode":0,"result":{"has_more":false,"list":[]}})";

} // namespace

BOOST_AUTO_TEST_CASE(a_scan_reads_the_range_each_department_each_page_and_then_single_people)
{
    auto const credentials = bot_credentials();
    scan_t scan(credentials, 10);
    step(scan, scopes, "", range("1,7", R"("solo","gone")"), 0);
    step(scan, departments, R"({"dept_id":1})",
         R"({"errcode":0,"result":[{"dept_id":2,"name":"x","parent_id":1},{"dept_id":7},{"dept_id":1}]})");
    step(scan, members, R"({"dept_id":1,"cursor":0,"size":100})",
         R"({"errcode":0,"result":{"has_more":true,"next_cursor":100,"list":[
             {"userid":"ann","email":"Ann@Example.com","org_email":"ann@corp.example"},{"userid":"bob","email":"b@e"}]}})");
    step(scan, members, R"({"dept_id":1,"cursor":100,"size":100})",
         R"({"errcode":0,"result":{"list":[{"org_email":"c@corp.example","userid":"cat"}],"has_more":"false"}})");
    // Department 7 was in the range and below 1, and is read once.
    step(scan, departments, R"({"dept_id":7})", no_departments);
    step(scan, members, R"({"dept_id":7,"cursor":0,"size":100})",
         R"({"errcode":0,"result":{"has_more":false,"list":[{"userid":"dan","email":"B@E"},{"userid":"ann",
             "email":"ann@example.com"},{"userid":"","email":"e@e"},{"email":"f@e"}]}})");
    step(scan, departments, R"({"dept_id":2})", no_departments);
    step(scan, members, R"({"dept_id":2,"cursor":0,"size":100})", no_people);
    step(scan, person, R"({"userid":"solo"})", R"({"errcode":0,"result":{"userid":"solo","email":"s@e"}})");
    // Who has left since is no reason to find nobody else.
    step(scan, person, R"({"userid":"gone"})", R"({"errcode":60121,"errmsg":"找不到该用户","request_id":"r"})");
    BOOST_TEST(!scan.next());

    auto const index = scan.take_index();
    BOOST_TEST(found(index, "ann@example.com") == "ann"); // in two departments: still one person
    BOOST_TEST(found(index, "ANN@CORP.EXAMPLE") == "ann");
    BOOST_TEST(found(index, "b@e") == "several");
    BOOST_TEST(found(index, "c@corp.example") == "cat");
    BOOST_TEST(found(index, "s@e") == "solo");
    BOOST_TEST(found(index, "e@e") == "nobody");
    BOOST_TEST(found(index, "f@e") == "nobody");
    BOOST_TEST(found(index, "") == "nobody");
}

BOOST_AUTO_TEST_CASE(the_pause_follows_from_the_calls_per_second)
{
    auto const credentials = bot_credentials();
    scan_t scan(credentials, 20);
    step(scan, scopes, "", range("1", ""), 0);
    step(scan, departments, R"({"dept_id":1})", no_departments, 50);
}

BOOST_AUTO_TEST_CASE(two_people_with_one_address_are_ambiguous_also_when_a_third_has_it_too)
{
    tidings::detail::people_index index;
    for (std::string_view const id : {"a", "b", "a", "c"})
        index.add("x@e", id);
    BOOST_TEST(found(index, "X@E") == "several");
}

BOOST_AUTO_TEST_CASE(a_range_without_email_addresses_is_a_missing_permission)
{
    for (std::string_view const fields :
         {R"("auth_user_field":["name","mobile"],)", R"("auth_user_field":[],)", "", R"("auth_user_field":null,)",
          R"("auth_user_field":"email",)", R"("auth_user_field":[7],)"})
    {
        authorised_range op(app());
        auto const body =
            R"({"errcode":0,)" + std::string(fields) + R"("auth_org_scopes":{"authed_user":[],"authed_dept":[1]}})";
        auto const f = test::refused(op, said(200, body));
        BOOST_TEST(kind(f) == kind(errc::permission_missing), fields);
        BOOST_TEST(contains(f.remedy(), "https://open-dev.dingtalk.com > the app > Permission Management"));
        BOOST_TEST(contains(f.remedy(tidings::language::chinese), "邮箱等个人信息"));
    }
    authorised_range company(app());
    BOOST_TEST(decoded(company, R"({"errcode":0,"auth_user_field":["org_email"]})") == "success");
}

BOOST_AUTO_TEST_CASE(a_range_with_odd_entries_is_read_for_what_it_has)
{
    authorised_range op(app());
    BOOST_TEST(decoded(op, range(R"(1,"2",null,{"dept_id":3},[4],5)", R"("a","",null,7,"b")")) == "success");
    BOOST_TEST(op.departments() == (std::vector<std::int64_t>{1, 2, 5}), boost::test_tools::per_element());
    BOOST_TEST(op.people() == (std::vector<std::string>{"a", "b"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(more_people_without_a_way_to_ask_for_them_are_no_directory)
{
    for (std::string_view const page :
         {R"("has_more":true)", R"("has_more":true,"next_cursor":0)", R"("has_more":true,"next_cursor":100)",
          R"("has_more":true,"next_cursor":-1)", R"("next_cursor":null,"has_more":"true")"})
    {
        list_people op(app(), 1, 100);
        BOOST_TEST(decoded(op, R"({"errcode":0,"result":{"list":[],)" + std::string(page) + "}}") ==
                       kind(errc::protocol_error),
                   page);
    }
    list_people op(app(), 1, 100);
    BOOST_TEST(decoded(op, R"({"errcode":0,"result":{"list":[],"has_more":true,"next_cursor":101}})") == "success");
    BOOST_TEST(op.next_page() == 101);
    BOOST_TEST(decoded(op, R"({"errcode":0,"result":{"list":[],"has_more":false,"next_cursor":200}})") == "success");
    BOOST_TEST(op.next_page() == 0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(dingtalk_bot_answers)

BOOST_AUTO_TEST_CASE(each_person_fares_as_the_lists_say)
{
    auto const credentials = bot_credentials();
    auto const to = people({"ok", "unknown", "slow", "filtered", "last"});
    content const what("x");
    dingtalk::delivery delivery(credentials, to, what, "key");
    auto* const op = delivery.next();
    BOOST_REQUIRE(op);
    BOOST_TEST(decoded(*op, R"({"flowControlledStaffIdList":["slow"],"invalidStaffIdList":["unknown"],
                                "filteredStaffIdList":["filtered"],"processQueryKey":"zcxx+/="})") == "success");
    BOOST_TEST(!delivery.next());
    BOOST_TEST(delivery.message_id() == "zcxx+/=");
    BOOST_TEST(kind(delivery.outcome(0)) == "success");
    BOOST_TEST(kind(delivery.outcome(1)) == kind(errc::recipient_not_found));
    BOOST_TEST(kind(delivery.outcome(2)) == kind(errc::rate_limited));
    BOOST_TEST(kind(delivery.outcome(3)) == kind(errc::recipient_unreachable));
    BOOST_TEST(kind(delivery.outcome(4)) == "success");
    BOOST_TEST(delivery.outcome(1).error().platform_code() == "invalidStaffIdList");
    BOOST_TEST(contains(delivery.outcome(1).error().remedy(), "userid"));
    BOOST_TEST(delivery.outcome(2).error().wait().has_value());
    BOOST_TEST(contains(delivery.outcome(3).error().remedy(), "filtered this person out"));
    // Only throttled people may be tried again without anybody changing anything.
    BOOST_TEST((delivery.outcome(2).error() == tidings::condition::transient));
    BOOST_TEST((delivery.outcome(3).error() != tidings::condition::transient));
}

BOOST_AUTO_TEST_CASE(lists_may_be_absent_null_or_empty)
{
    auto const to = people({"u"});
    content const what("x");
    batch_send op(app(), to, what);
    for (std::string_view const lists :
         {"", R"(,"invalidStaffIdList":null)", R"(,"invalidStaffIdList":[],"flowControlledStaffIdList":[])",
          R"(,"invalidStaffIdList":"")", R"(,"invalidStaffIdList":[null,""],"filteredStaffIdList":"|")"})
    {
        BOOST_TEST(decoded(op, R"({"processQueryKey":"k")" + std::string(lists) + "}") == "success", lists);
        BOOST_TEST(kind(op.outcome(0)) == "success", lists);
        BOOST_TEST(op.message_id() == "k");
    }
    // All of several unknown: whether there is a key then, nobody says.
    BOOST_TEST(decoded(op, R"({"invalidStaffIdList":["u"]})") == "success");
    BOOST_TEST(kind(op.outcome(0)) == kind(errc::recipient_not_found));
    BOOST_TEST(op.message_id() == "");
}

BOOST_AUTO_TEST_CASE(an_answer_that_says_nothing_of_the_message_is_none)
{
    auto const to = people({"u"});
    content const what("x");
    batch_send op(app(), to, what);
    for (std::string_view const body : {"{}", "[]", "null", "\"ok\"", "", R"({"ok":true})", R"({"processQueryKey":"k")",
                                        R"({"processQueryKey":null})", R"({"processQueryKey":""})"})
        BOOST_TEST(decoded(op, body) == kind(errc::protocol_error), body);
    BOOST_TEST(decoded(op, R"({"processQueryKey":"k"})", 500) == kind(errc::server_error));
    BOOST_TEST(decoded(op, R"({"processQueryKey":"k"})", 302) == kind(errc::protocol_error));
}

BOOST_AUTO_TEST_CASE(the_advice_after_a_lost_answer_does_not_trust_in_a_key)
{
    auto const credentials = bot_credentials();
    auto const to = people({"u"});
    content const what("x");
    dingtalk::delivery delivery(credentials, to, what, "key");
    delivery.next();
    auto const lost = delivery.map_error(failure(errc::outcome_unknown));
    BOOST_TEST(kind(lost) == kind(errc::outcome_unknown));
    BOOST_TEST(contains(lost.remedy(), "no idempotency key"));
    BOOST_TEST(lost.remedy(tidings::language::chinese) != "");
    auto const refused = delivery.map_error(failure(errc::bot_disabled));
    BOOST_TEST(kind(refused) == kind(errc::bot_disabled));
}

BOOST_AUTO_TEST_CASE(those_who_have_read_it_are_read)
{
    read_status op(app(), "k");
    for (std::string_view const status : {"SUCCESS", "SUCESS", "RECALLED", "PROCESSING"})
    {
        BOOST_TEST(decoded(op, R"({"sendStatus":")" + std::string(status) +
                                   R"(","messageReadInfoList":[{"name":"A","userId":"a","readStatus":"READ"},
                      {"readStatus":"UNREAD","userId":"b"},{"readStatus":"READ","userId":"c"},{"readStatus":"READ"},
                      {"userId":"d"},{"userId":"e","readStatus":null}]})") == "success");
        BOOST_TEST(op.readers() == (std::vector<std::string>{"a", "c"}), boost::test_tools::per_element());
    }
    BOOST_TEST(decoded(op, R"({"sendStatus":"SUCCESS"})") == "success");
    BOOST_TEST(op.readers().empty());
    BOOST_TEST(decoded(op, R"({"messageReadInfoList":[]})") == kind(errc::protocol_error));
}

BOOST_AUTO_TEST_CASE(a_recall_succeeds_only_when_the_key_is_listed)
{
    recall op(app(), "a/b+c=");
    BOOST_TEST(decoded(op, R"({"successResult":["x","a/b+c="],"failedResult":{}})") == "success");
    auto const f = test::refused(op, said(200, R"({"successResult":[],"failedResult":{"a/b+c=":"too late"}})"));
    BOOST_TEST(kind(f) == kind(errc::platform_error));
    BOOST_TEST(f.platform_message() == "too late");
    for (std::string_view const body :
         {"{}", R"({"successResult":["x"]})", R"({"successResult":[],"failedResult":{}})", R"({"successResult":null})"})
        BOOST_TEST(decoded(op, body) == kind(errc::protocol_error), body);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(dingtalk_work_notifications)

namespace {

constexpr std::string_view accepted = R"({"errcode":0,"errmsg":"ok","task_id":256271667526,"request_id":"4jzl"})";

std::string fate(std::string_view lists)
{
    return R"({"errcode":0,"send_result":{)" + std::string(lists) + R"(},"request_id":"r"})";
}

class talk
{
public:
    explicit talk(std::initializer_list<std::string_view> ids) : to(people(ids)), delivery(credentials, to, what, "key")
    {
    }

    dingtalk_work::credentials credentials = work_credentials();
    std::vector<recipient> to;
    content what{"x"};
    dingtalk_work::delivery delivery;

    /// Performs the send, which is accepted.
    void begin(std::string_view answer = accepted)
    {
        auto* const op = delivery.next();
        BOOST_REQUIRE(op);
        BOOST_TEST(op->name() == "send work notification");
        BOOST_TEST(delivery.pause().count() == 0);
        BOOST_TEST(decoded(*op, answer) == "success");
    }
    /// Asks once what became of it.
    bool ask(std::string_view answer, int pause)
    {
        auto* const op = delivery.next();
        if (!op)
            return false;
        BOOST_TEST(op->name() == "read send result");
        BOOST_TEST(delivery.pause().count() == pause);
        BOOST_TEST(decoded(*op, answer) == "success");
        return true;
    }
    std::string outcome(std::size_t i) const { return kind(delivery.outcome(i)); }
};

} // namespace

BOOST_AUTO_TEST_CASE(it_is_asked_again_until_every_fate_is_known)
{
    talk t({"a", "b", "c"});
    t.begin();
    BOOST_TEST(t.ask(fate(R"("read_user_id_list":["a"])"), 50));
    BOOST_TEST(t.ask(fate(R"("read_user_id_list":["a"],"unread_user_id_list":["b"],"invalid_user_id_list":[])"), 100));
    BOOST_TEST(
        t.ask(fate(R"("read_user_id_list":["a"],"unread_user_id_list":["b"],"failed_user_id_list":["c"])"), 200));
    BOOST_TEST(!t.delivery.next());
    BOOST_TEST(t.outcome(0) == "success");
    BOOST_TEST(t.outcome(1) == "success");
    BOOST_TEST(t.outcome(2) == kind(errc::recipient_unreachable));
    BOOST_TEST(t.delivery.message_id() == "256271667526");
}

BOOST_AUTO_TEST_CASE(the_questions_have_an_end_and_the_rest_is_unknown)
{
    talk t({"a", "b"});
    t.begin();
    int asked = 0;
    for (int pause = 50; t.ask(fate(R"("unread_user_id_list":["b"])"), pause); pause *= 2)
        BOOST_REQUIRE(++asked < 20);
    BOOST_TEST(asked == 6);
    BOOST_TEST(t.outcome(0) == kind(errc::outcome_unknown));
    BOOST_TEST(t.outcome(1) == "success");
    BOOST_TEST(contains(t.delivery.outcome(0).error().message(), "does not report its result"));
    BOOST_TEST(contains(t.delivery.outcome(0).error().remedy(), "once a day"));
}

BOOST_AUTO_TEST_CASE(a_question_that_fails_leaves_an_accepted_notification_unknown)
{
    talk t({"a"});
    auto const before = t.delivery.map_error(failure(errc::rate_limited));
    BOOST_TEST(kind(before) == kind(errc::rate_limited));
    t.begin();
    auto* const op = t.delivery.next();
    BOOST_REQUIRE(op);
    auto const why = test::refused(*op, said(200, R"({"errcode":88,"sub_code":"90018","sub_msg":"slower"})"));
    auto const f = t.delivery.map_error(why);
    BOOST_TEST(kind(f) == kind(errc::outcome_unknown));
    BOOST_TEST(f.cause() == tidings::make_error_code(errc::rate_limited));
    BOOST_TEST(f.platform_code() == "90018");
    BOOST_TEST(f.platform_message() == "slower");
    BOOST_TEST(contains(f.remedy(), "once a day"));
    BOOST_TEST(t.delivery.message_id() == "256271667526");
    // Also what has no facts, such as a cancelled wait.
    BOOST_TEST(kind(t.delivery.map_error(failure(errc::cancelled))) == kind(errc::outcome_unknown));
}

BOOST_AUTO_TEST_CASE(a_lost_answer_to_the_send_itself_is_unknown_and_anything_else_is_what_it_was)
{
    talk t({"a"});
    BOOST_REQUIRE(t.delivery.next());
    BOOST_TEST(kind(t.delivery.map_error(failure(errc::outcome_unknown))) == kind(errc::outcome_unknown));
    BOOST_TEST(contains(t.delivery.map_error(failure(errc::outcome_unknown)).remedy(), "once a day"));
    BOOST_TEST(kind(t.delivery.map_error(failure(errc::bad_credentials))) == kind(errc::bad_credentials));
}

BOOST_AUTO_TEST_CASE(the_task_may_be_a_number_or_a_text_and_must_be_there)
{
    auto const to = people({"a"});
    content const what("x");
    send_work op(app(), to, what);
    for (std::string_view const task : {"256271667526", R"("256271667526")"})
    {
        BOOST_TEST(decoded(op, R"({"errcode":0,"task_id":)" + std::string(task) + "}") == "success");
        BOOST_TEST(op.task() == 256271667526, task);
    }
    // Without one nobody can ask what became of it.
    for (std::string_view const none : {"null", "1.5", R"("x")", "{}", "0", "-1"})
        BOOST_TEST(decoded(op, R"({"errcode":0,"task_id":)" + std::string(none) + "}") == kind(errc::protocol_error),
                   none);
    BOOST_TEST(decoded(op, R"({"task_id":1})") == kind(errc::protocol_error)); // no errcode
}

BOOST_AUTO_TEST_CASE(each_reason_of_a_person_is_told)
{
    struct
    {
        std::string_view lists;
        errc expected;
        std::string_view code;
    } const rows[] = {
        {R"("invalid_user_id_list":["u"])", errc::recipient_not_found, "invalid_user_id_list"},
        {R"("failed_user_id_list":["u"])", errc::recipient_unreachable, "failed_user_id_list"},
        {R"("forbidden_user_id_list":["u"])", errc::recipient_unreachable, "forbidden_user_id_list"},
        {R"("forbidden_list":[{"code":"143103","count":1,"userid":"u"}])", errc::rate_limited, "143103"},
        {R"("forbidden_list":[{"code":"143104","userid":"u"}])", errc::rate_limited, "143104"},
        {R"("forbidden_list":[{"code":"143105","userid":"u"}])", errc::quota_exhausted, "143105"},
        {R"("forbidden_list":[{"code":"143106","userid":"u"}])", errc::duplicate_message, "143106"},
        {R"("forbidden_list":[{"code":143106,"userid":"u"}])", errc::duplicate_message, "143106"},
        {R"("forbidden_list":[{"code":"143203","userid":"u"}])", errc::rate_limited, "143203"},
        {R"("forbidden_list":[{"code":"143204","userid":"u"}])", errc::rate_limited, "143204"},
        {R"("forbidden_list":[{"code":"143205","userid":"u"}])", errc::quota_exhausted, "143205"},
        {R"("forbidden_list":[{"code":"143206","userid":"u"}])", errc::duplicate_message, "143206"},
        {R"("forbidden_list":[{"code":"1430000","userid":"u"}])", errc::recipient_not_found, "1430000"},
        {R"("forbidden_list":[{"code":"1430001","userid":"u"}])", errc::platform_error, "1430001"},
        {R"("forbidden_list":[{"code":"1430002","userid":"u"}])", errc::message_invalid, "1430002"},
        {R"("forbidden_list":[{"code":"1430003","userid":"u"}])", errc::recipient_unreachable, "1430003"},
        {R"("forbidden_list":[{"code":"1430004","userid":"u"}])", errc::recipient_unreachable, "1430004"},
        {R"("forbidden_list":[{"userid":"u"}])", errc::platform_error, ""},
        // The telling reason comes before the plain list, wherever it stands.
        {R"("forbidden_user_id_list":["u"],"forbidden_list":[{"userid":"x","code":"143105"},{"userid":"u","code":"143106"}])",
         errc::duplicate_message, "143106"},
        {R"("forbidden_list":[{"userid":"u","code":"143106"}],"forbidden_user_id_list":["u"],"unread_user_id_list":["u"])",
         errc::duplicate_message, "143106"},
    };
    for (auto const& row : rows)
        BOOST_TEST_CONTEXT(row.lists)
        {
            send_result op(app(), 1);
            BOOST_TEST(decoded(op, fate(row.lists)) == "success");
            BOOST_REQUIRE((op.of("u") == send_result::fate::refused));
            auto const f = op.why("u");
            BOOST_TEST(kind(f) == kind(row.expected));
            BOOST_TEST(f.platform_code() == row.code);
            BOOST_TEST(f.remedy() != "");
            BOOST_TEST(f.wait().has_value() == (row.expected == errc::rate_limited));
            BOOST_TEST((op.of("somebody else") == send_result::fate::open));
        }
}

BOOST_AUTO_TEST_CASE(lists_of_a_result_may_be_anything)
{
    send_result op(app(), 1);
    for (std::string_view const body :
         {R"({"errcode":0})", R"({"errcode":0,"send_result":null})", R"({"errcode":0,"send_result":{}})",
          R"({"errcode":0,"send_result":{"read_user_id_list":null,"forbidden_list":{}}})",
          R"({"errcode":0,"send_result":{"read_user_id_list":"u","forbidden_list":[null,7,{}]}})",
          R"({"errcode":0,"send_result":{"read_user_id_list":[["u"],{"u":"u"},7]}})"})
    {
        BOOST_TEST(decoded(op, body) == "success", body);
        BOOST_TEST((op.of("u") == send_result::fate::open), body);
    }
    BOOST_TEST(decoded(op, fate(R"("read_user_id_list":["u"],"unread_user_id_list":["v"])")) == "success");
    BOOST_TEST(op.readers() == std::vector<std::string>{"u"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_result_as_long_as_an_answer_may_be_is_read_in_one_go)
{
    std::string all = R"("forbidden_list":[{"userid":"u","code":"143105"})";
    constexpr int count = 20'000;
    for (int i = 0; i != count; ++i)
        all += R"(,{"userid":"person)" + std::to_string(i) + R"(","code":"143103"})";
    all += R"(,{"userid":"u","code":"143106"}])";
    send_result op(app(), 1);
    auto const start = std::clock();
    BOOST_TEST(decoded(op, fate(all)) == "success");
    constexpr auto limit = 5; // seconds of CPU; each person in front of all others before takes many times as long
    BOOST_TEST((std::clock() - start) / CLOCKS_PER_SEC < limit);
    BOOST_REQUIRE((op.of("u") == send_result::fate::refused));
    BOOST_TEST(op.why("u").platform_code() == "143106"); // the last one counts
    BOOST_TEST((op.of("person7") == send_result::fate::refused));
    BOOST_TEST((op.of("person") == send_result::fate::open));
}

BOOST_AUTO_TEST_CASE(a_recall_of_a_work_notification_succeeds_with_code_0)
{
    recall_work op(app(), 1);
    BOOST_TEST(decoded(op, R"({"errcode":0,"errmsg":"ok"})") == "success");
    BOOST_TEST(decoded(op, "{}") == kind(errc::protocol_error));
    auto const credentials = work_credentials();
    auto back = dingtalk_work::recall(credentials, "256271667526");
    BOOST_TEST(json(sent(*back.next()).body) == json(R"({"agent_id":123,"msg_task_id":256271667526})"));
    auto by = dingtalk_work::readers(credentials, "256271667526");
    BOOST_TEST(json(sent(*by.next()).body) == json(R"({"agent_id":123,"task_id":256271667526})"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace dingtalk_answers_test
