// The file with an organisation's channels: what it may contain, what is wrong with it, how it is replaced.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/config/channels.hpp>
#include <tidings/config/detail/migration.hpp>

#include "support/temporary_directory.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

BOOST_AUTO_TEST_SUITE(config_channels)

namespace {

namespace td = tidings;
namespace json = boost::json;
using td::config::channels;
using td::config::problems;

constexpr std::string_view complete = R"({
  "version": 1,
  "channels": {
    "feishu": {"app_id": "cli_f", "app_secret": "hidden-f", "notification_field": "login_name"},
    "lark": {"app_id": "cli_l", "app_secret": "env:LARK_SECRET", "notification_field": ["email", "phone_number"],
             "language": "zh-CN", "base_url": "http://127.0.0.1:8080/lark", "proxy": "http://ada:hidden-p@proxy:3128",
             "ca_file": "/etc/ssl/ca.pem"},
    "dingtalk": {"app_key": "dingkey", "app_secret": "hidden-d", "robot_code": "dingrobot", "agent_id": 17,
                 "notification_field": "email"},
    "wecom": {"corp_id": "ww1", "agent_id": "1000002", "secret": "file:wecom.secret", "callback_token": "hiddentoken",
              "encoding_aes_key": "0123456789012345678901234567890123456789abc", "notification_field": "phone-number"}
  },
  "webhooks": {"ops": {"platform": "lark", "url": "https://open.larksuite.com/open-apis/bot/v2/hook/hidden-u",
                       "secret": "hidden-w"}},
  "smtp": {"host": "mail.example.com", "port": 587, "security": "starttls", "user": "notify", "password": "hidden-m",
           "from": "notify@example.com"}
})";

json::value parsed(std::string_view text)
{
    return json::parse(json::string_view(text.data(), text.size()));
}

problems problems_of(std::string_view text)
{
    auto const out = channels::parse(text);
    return out ? problems() : out.error();
}

/// The problems of the complete document after a change: `where: message` each.
std::vector<std::string> after(std::function<void(json::object&)> const& change)
{
    auto document = parsed(complete);
    change(document.as_object());
    std::vector<std::string> out;
    for (auto const& p : problems_of(json::serialize(document)))
        out.push_back(p.text());
    return out;
}

void check_single(std::vector<std::string> const& found, std::string_view where, std::string_view message)
{
    BOOST_TEST_REQUIRE(found.size() == 1u, td::config::to_string(problems()) << found.size() << " for " << where);
    BOOST_TEST(found.front().starts_with(std::string(where) + ": "), found.front() << " instead of " << where);
    BOOST_TEST(found.front().find(message) != std::string::npos, found.front() << " lacks " << message);
}

channels loaded(std::string_view text)
{
    auto out = channels::parse(text);
    BOOST_TEST_REQUIRE(out.has_value(), td::config::to_string(out.error()));
    return *std::move(out);
}

} // namespace

BOOST_AUTO_TEST_CASE(each_field_of_each_channel_is_read)
{
    auto const all = loaded(complete);
    auto const& lark = std::get<td::config::lark_channel>(*all.find("lark"));
    BOOST_TEST(lark.app_id == "cli_l");
    BOOST_TEST(lark.app_secret.reference() == "env:LARK_SECRET");
    BOOST_TEST((lark.notification_field == td::config::choice_list{"email", "phone_number"}));
    BOOST_TEST(lark.language == "zh-CN");
    BOOST_TEST(lark.base_url == "http://127.0.0.1:8080/lark");
    BOOST_TEST(lark.proxy.literal().reveal() == "http://ada:hidden-p@proxy:3128");
    BOOST_TEST(lark.ca_file == "/etc/ssl/ca.pem");
    auto const& feishu = std::get<td::config::feishu_channel>(*all.find("feishu"));
    BOOST_TEST(feishu.app_secret.literal().reveal() == "hidden-f");
    auto const& dingtalk = std::get<td::config::dingtalk_channel>(*all.find("dingtalk"));
    BOOST_TEST(dingtalk.robot_code == "dingrobot");
    BOOST_TEST(dingtalk.agent_id.value() == 17);
    auto const& wecom = std::get<td::config::wecom_channel>(*all.find("wecom"));
    BOOST_TEST(wecom.agent_id.value() == 1000002);
    BOOST_TEST((wecom.notification_field == td::config::choice_list{"phone_number"}));
    BOOST_TEST(wecom.callback_token.literal().reveal() == "hiddentoken");
    BOOST_TEST(wecom.encoding_aes_key.literal().reveal().size() == 43u);
    BOOST_TEST(all.webhooks.at("ops").platform == "lark");
    BOOST_TEST(all.smtp->port.value() == 587);
    BOOST_TEST(all.smtp->password.literal().reveal() == "hidden-m");
}

BOOST_AUTO_TEST_CASE(a_channel_is_unconfigured_or_configured_with_its_application)
{
    auto all = loaded(R"({"version":1,"channels":{"wecom":{"corp_id":"ww1","agent_id":1,"secret":"env:NOT_SET",)"
                      R"("notification_field":"email"}}})");
    BOOST_TEST(all.status_of("wecom") == "Configured: ww1");
    for (auto const name : {"lark", "feishu", "dingtalk"})
        BOOST_TEST(all.status_of(name) == "Unconfigured");
    BOOST_TEST(all.remove("wecom"));
    BOOST_TEST(!all.remove("wecom"));
    BOOST_TEST(all.status_of("wecom") == "Unconfigured");
    auto const none = loaded(R"({"version":1})");
    for (auto const name : td::config::channel_names)
        BOOST_TEST(none.status_of(name) == "Unconfigured");
}

BOOST_AUTO_TEST_CASE(every_required_field_of_every_channel_is_named_when_it_is_missing)
{
    std::map<std::string, std::set<std::string>> const required{
        {"lark", {"app_id", "app_secret", "notification_field"}},
        {"feishu", {"app_id", "app_secret", "notification_field"}},
        {"dingtalk", {"app_key", "app_secret", "notification_field"}},
        {"wecom", {"corp_id", "agent_id", "secret", "notification_field"}}};
    for (auto const& [channel, fields] : required)
        for (auto const& name : fields)
            check_single(
                after([&](json::object& all) { all["channels"].as_object()[channel].as_object().erase(name); }),
                "/channels/" + channel + "/" + name, "is missing");
}

BOOST_AUTO_TEST_CASE(every_field_of_every_channel_is_named_when_it_has_another_type_or_form)
{
    for (auto const name : td::config::channel_names)
    {
        auto const made = td::config::make_channel(name);
        BOOST_TEST_REQUIRE(made.has_value());
        for (auto const& f : td::config::descriptions_of(*made))
        {
            auto const where = "/channels/" + std::string(name) + "/" + std::string(f.name);
            auto const with = [&](json::value value) {
                return after([&](json::object& all) {
                    all["channels"].as_object()[std::string(name)].as_object()[std::string(f.name)] = std::move(value);
                });
            };
            check_single(with(true), where, "must be");
            check_single(with(nullptr), where, "must be");
            check_single(with(json::object()), where, "must be");
            check_single(with(""), where, f.kind == td::config::field_kind::choices ? "must be" : "must not be empty");
            check_single(with("line\nbreak"), where, "must be");
            check_single(with(json::string(5000, 'x')), where, "must");
            if (!f.pattern.empty())
                check_single(with("two words"), where, "does not have the form of this setting. ");
        }
    }
}

BOOST_AUTO_TEST_CASE(all_problems_of_a_file_are_reported_at_once)
{
    auto const found = problems_of(R"({"version":1,"extra":1,
        "channels":{"slack":{},"lark":{"app_id":7,"app_secrets":"x","notification_field":["email","fax"]},"wecom":[]},
        "webhooks":{"a b":{"platform":"slack","url":"ftp://x"}},"smtp":{"host":"mail","port":70000}})");
    std::set<std::string> where;
    for (auto const& p : found)
        where.insert(p.where());
    std::set<std::string> const expected{"/extra",
                                         "/channels/slack",
                                         "/channels/lark/app_id",
                                         "/channels/lark/app_secrets",
                                         "/channels/lark/app_secret",
                                         "/channels/lark/notification_field",
                                         "/channels/wecom",
                                         "/webhooks/a b",
                                         "/webhooks/a b/platform",
                                         "/webhooks/a b/url",
                                         "/smtp/port"};
    BOOST_TEST(where == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_member_that_is_there_twice_is_a_problem)
{
    auto const found = problems_of(R"({"version":1,"channels":{"lark":{"app_id":"cli_1","app_id":"cli_2",)"
                                   R"("app_secret":"s","notification_field":"email"}}})");
    BOOST_TEST_REQUIRE(found.size() == 1u);
    BOOST_TEST(found.front().where() == "/channels/lark/app_id");
    BOOST_TEST(found.front().message().find("twice") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(text_that_is_not_json_is_reported_with_line_and_column)
{
    auto const found = problems_of("{\n  \"version\": 1,\n  oops\n}");
    BOOST_TEST_REQUIRE(found.size() == 1u);
    BOOST_TEST(found.front().text().find("line 3, column 3") != std::string::npos, found.front().text());
    BOOST_TEST(problems_of("").size() == 1u);
    BOOST_TEST(problems_of("{\"version\":1} {}").size() == 1u);
    BOOST_TEST(problems_of("[]").size() == 1u);
    BOOST_TEST(problems_of(std::string(100, '[')).size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_version_is_required_and_a_newer_one_is_refused)
{
    check_single(after([](json::object& all) { all.erase("version"); }), "/version", "is missing; it is 1");
    check_single(after([](json::object& all) { all["version"] = "1"; }), "/version", "must be a number");
    check_single(after([](json::object& all) { all["version"] = 2; }), "/version", "which a newer release wrote");
    check_single(after([](json::object& all) { all["version"] = 0; }), "/version", "must be 1");
}

BOOST_AUTO_TEST_CASE(a_document_of_an_older_version_goes_through_each_step)
{
    using td::config::detail::json_node;
    using td::config::detail::migration_step;
    static std::string applied;
    applied.clear();
    std::vector<migration_step> const steps{{1,
                                             [](json_node const& from) {
                                                 applied += "1";
                                                 json_node out(json_node::kind::object);
                                                 out.add("version", json_node(std::int64_t{2}));
                                                 if (auto const* const name = from.find("name"))
                                                     out.add("title", json_node(name->text()));
                                                 return out;
                                             }},
                                            {2, [](json_node const& from) {
                                                 applied += "2";
                                                 json_node out(json_node::kind::object);
                                                 if (auto const* const title = from.find("title"))
                                                     out.add("titles", json_node(title->text()));
                                                 return out;
                                             }}};
    problems wrong;
    auto root = td::config::detail::parse_json(R"({"version":1,"name":"x"})", wrong);
    BOOST_TEST_REQUIRE(root.has_value());
    BOOST_TEST(td::config::detail::migrate(*root, 3, steps, wrong));
    BOOST_TEST(applied == "12");
    BOOST_TEST_REQUIRE(root->find("titles") != nullptr);
    BOOST_TEST(root->find("titles")->text() == "x");

    applied.clear();
    root = td::config::detail::parse_json(R"({"version":2,"title":"x"})", wrong);
    BOOST_TEST(td::config::detail::migrate(*root, 3, steps, wrong));
    BOOST_TEST(applied == "2");
    root = td::config::detail::parse_json(R"({"version":4})", wrong);
    BOOST_TEST(!td::config::detail::migrate(*root, 3, steps, wrong));
    BOOST_TEST_REQUIRE(wrong.size() == 1u);
    BOOST_TEST(wrong.front().text().find("this one reads 1 to 3") != std::string::npos, wrong.front().text());
}

BOOST_AUTO_TEST_CASE(a_dingtalk_channel_without_robot_code_sends_work_notifications_and_needs_an_agent_id)
{
    auto const erase = [](json::object& all, std::initializer_list<char const*> names) {
        for (auto const* const name : names)
            all["channels"].as_object()["dingtalk"].as_object().erase(name);
    };
    check_single(after([&](json::object& all) { erase(all, {"robot_code", "agent_id"}); }), "/channels/dingtalk",
                 "needs robot_code");
    BOOST_TEST(after([&](json::object& all) { erase(all, {"agent_id"}); }).empty());
    BOOST_TEST(after([&](json::object& all) { erase(all, {"robot_code"}); }).empty());
    auto settings = std::get<td::config::dingtalk_channel>(*loaded(complete).find("dingtalk"));
    BOOST_TEST(td::config::provider_of(settings) == "dingtalk");
    settings.robot_code.clear();
    BOOST_TEST(td::config::provider_of(settings) == "dingtalk_work");
}

BOOST_AUTO_TEST_CASE(a_base_url_that_a_notifier_would_refuse_is_a_problem_and_its_password_is_not_shown)
{
    for (std::string_view const url :
         {"http://ada:hidden@127.0.0.1", "https://ada@example.com", "https://example.com/?token=hidden",
          "https://example.com/#x", "http://127.0.0.1:99999", "http:///x", "http://[::1", "http://0x7f.1"})
    {
        auto const found = after([url](json::object& all) {
            all["channels"].as_object()["lark"].as_object()["base_url"] = json::string_view(url.data(), url.size());
        });
        check_single(found, "/channels/lark/base_url", "the base URL ");
        BOOST_TEST(found.front().find("hidden") == std::string::npos, found.front());
    }
}

BOOST_AUTO_TEST_CASE(a_reference_without_a_valid_name_is_a_problem)
{
    using namespace std::string_view_literals;
    for (auto const text : {"env:"sv, "file:"sv, "env:A B"sv, "env:A\0B"sv, "env:A\nB"sv, "file:/a\0b"sv})
    {
        auto const found = after([text](json::object& all) {
            all["channels"].as_object()["lark"].as_object()["app_secret"] = json::string_view(text.data(), text.size());
        });
        check_single(found, "/channels/lark/app_secret", "must ");
    }
}

BOOST_AUTO_TEST_CASE(what_no_notifier_takes_is_a_problem_of_the_file)
{
    auto const with = [](char const* channel, char const* name, json::value value) {
        return after([&](json::object& all) { all["channels"].as_object()[channel].as_object()[name] = value; });
    };
    check_single(with("wecom", "agent_id", 0), "/channels/wecom/agent_id", "does not have the form");
    check_single(with("dingtalk", "agent_id", "007"), "/channels/dingtalk/agent_id", "does not have the form");
    for (auto const* const channel : {"lark", "feishu", "dingtalk"})
        check_single(with(channel, "app_secret", json::string(129, 'x')),
                     "/channels/" + std::string(channel) + "/app_secret", "does not have the form");
}

BOOST_AUTO_TEST_CASE(a_problem_never_quotes_a_value)
{
    for (auto const name : td::config::channel_names)
        for (auto const& f : td::config::descriptions_of(*td::config::make_channel(name)))
            for (auto const& found : after([&](json::object& all) {
                     all["channels"].as_object()[std::string(name)].as_object()[std::string(f.name)] =
                         "s3cret in the wrong place";
                 }))
                BOOST_TEST(found.find("s3cret") == std::string::npos, found);
}

BOOST_AUTO_TEST_CASE(what_is_shown_has_references_and_no_secret)
{
    auto const all = loaded(complete);
    auto const shown = all.text_without_secrets();
    BOOST_TEST(shown.find("hidden") == std::string::npos, shown);
    BOOST_TEST(shown.find("env:LARK_SECRET") != std::string::npos);
    BOOST_TEST(shown.find("0123456789012345678901234567890123456789abc") == std::string::npos);
    for (auto const name : td::config::channel_names)
    {
        auto c = *all.find(name);
        for (auto const& f : td::config::fields_of(c))
            BOOST_TEST(td::config::display_text(f).find("hidden") == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(a_saved_file_reads_as_what_was_saved_and_keeps_references)
{
    test::temporary_directory const directory;
    auto const path = directory.path() + "/channels.json";
    auto const all = loaded(complete);
    BOOST_TEST_REQUIRE(all.save(path).has_value());
    struct stat is;
    BOOST_TEST_REQUIRE(::stat(path.c_str(), &is) == 0);
    BOOST_TEST((is.st_mode & 0777) == 0600u);
    auto expected = parsed(complete);
    auto& wecom = expected.as_object()["channels"].as_object()["wecom"].as_object();
    wecom["agent_id"] = 1000002;
    wecom["notification_field"] = "phone_number";
    BOOST_TEST(parsed(directory.read("channels.json")) == expected);
    auto const again = channels::load(path);
    BOOST_TEST_REQUIRE(again.has_value(), td::config::to_string(again.error()));
    BOOST_TEST(again->text_without_secrets() == all.text_without_secrets());
}

BOOST_AUTO_TEST_CASE(a_file_with_a_secret_that_other_users_can_read_is_refused_and_one_with_references_is_not)
{
    test::temporary_directory const directory;
    auto const open = directory.write("open.json", complete);
    BOOST_TEST_REQUIRE(::chmod(open.c_str(), 0644) == 0);
    auto const refused = channels::load(open);
    BOOST_TEST_REQUIRE(refused.has_error());
    BOOST_TEST(td::config::to_string(refused.error()).find("is open to other users") != std::string::npos);

    auto const harmless =
        directory.write("references.json", R"({"version":1,"channels":{"lark":{"app_id":"cli_1","app_secret":"env:X",)"
                                           R"("notification_field":"email"}}})");
    BOOST_TEST_REQUIRE(::chmod(harmless.c_str(), 0640) == 0);
    auto const all = channels::load(harmless);
    BOOST_TEST_REQUIRE(all.has_value());
    BOOST_TEST_REQUIRE(all->save(harmless).has_value());
    struct stat is;
    BOOST_TEST_REQUIRE(::stat(harmless.c_str(), &is) == 0);
    BOOST_TEST((is.st_mode & 0777) == 0640u);
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_replaced_stays_as_it_is_and_leaves_nothing_behind)
{
    test::temporary_directory const directory;
    std::filesystem::create_directory(directory.path() + "/taken.json");
    auto const all = loaded(complete);
    auto const saved = all.save(directory.path() + "/taken.json");
    BOOST_TEST_REQUIRE(saved.has_error());
    BOOST_TEST(saved.error().message().find("is not a regular file") != std::string::npos);
    BOOST_TEST(saved.error().message().find("hidden") == std::string::npos);
    BOOST_TEST(all.save(directory.path() + "/none/channels.json").has_error());
    BOOST_TEST(std::distance(std::filesystem::directory_iterator(directory.path()), {}) == 1);
    BOOST_TEST(channels::load(directory.path() + "/missing.json").has_error());
}

BOOST_AUTO_TEST_CASE(a_symbolic_link_stays_when_what_it_leads_to_is_replaced)
{
    test::temporary_directory const directory;
    auto const target = directory.write("target.json", "{\"version\":1}");
    auto const link = directory.path() + "/link.json";
    std::filesystem::create_symlink(target, link);
    BOOST_TEST_REQUIRE(loaded(complete).save(link).has_value());
    BOOST_TEST(std::filesystem::is_symlink(link));
    BOOST_TEST(directory.read("target.json").find("cli_l") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_symbolic_link_that_leads_nowhere_is_not_replaced)
{
    test::temporary_directory const directory;
    auto const link = directory.path() + "/link.json";
    std::filesystem::create_symlink("missing.json", link);
    auto const saved = loaded(complete).save(link);
    BOOST_TEST_REQUIRE(saved.has_error());
    BOOST_TEST(saved.error().message().find("leads nowhere") != std::string::npos, saved.error());
    BOOST_TEST(std::filesystem::is_symlink(link));
}

BOOST_AUTO_TEST_CASE(a_new_file_with_references_alone_has_the_mode_that_the_umask_leaves)
{
    test::temporary_directory const directory;
    auto const path = directory.path() + "/new.json";
    auto const before = ::umask(027);
    auto const saved = channels().save(path);
    ::umask(before);
    BOOST_TEST_REQUIRE(saved.has_value());
    struct stat is;
    BOOST_TEST_REQUIRE(::stat(path.c_str(), &is) == 0);
    BOOST_TEST((is.st_mode & 0777) == 0640u);
}

BOOST_AUTO_TEST_CASE(variables_set_fields_by_their_names_in_capitals)
{
    auto made = *td::config::make_channel("wecom");
    auto const fields = td::config::fields_of(made);
    problems wrong;
    td::config::read_environment(fields, "TIDINGS_WECOM_", wrong, [](char const* name) -> char* {
        static std::map<std::string_view, std::string> values{{"TIDINGS_WECOM_CORP_ID", "ww9"},
                                                              {"TIDINGS_WECOM_AGENT_ID", "12"},
                                                              {"TIDINGS_WECOM_SECRET", "file:/run/secret"},
                                                              {"TIDINGS_WECOM_LANGUAGE", ""},
                                                              {"TIDINGS_WECOM_NOTIFICATION_FIELD", "email,login-name"},
                                                              {"TIDINGS_WECOM_BASE_URL", "nonsense"}};
        auto const found = values.find(name);
        return found == values.end() ? nullptr : found->second.data();
    });
    auto const& settings = std::get<td::config::wecom_channel>(made);
    BOOST_TEST(settings.corp_id == "ww9");
    BOOST_TEST(settings.agent_id.value() == 12);
    BOOST_TEST(settings.secret.reference() == "file:/run/secret");
    BOOST_TEST((settings.notification_field == td::config::choice_list{"email", "login_name"}));
    BOOST_TEST(settings.base_url.empty());
    BOOST_TEST_REQUIRE(wrong.size() == 1u);
    BOOST_TEST(wrong.front().where() == "TIDINGS_WECOM_BASE_URL");
}

BOOST_AUTO_TEST_CASE(a_form_describes_each_field_in_both_languages)
{
    for (auto const name : td::config::channel_names)
    {
        auto const made = *td::config::make_channel(name);
        auto const form = parsed(td::config::form_json(td::config::descriptions_of(made)));
        BOOST_TEST_REQUIRE(form.as_array().size() == td::config::descriptions_of(made).size());
        for (auto const& f : form.as_array())
        {
            for (auto const* const text : {"label", "help"})
                for (auto const* const language : {"en", "zh"})
                    BOOST_TEST(!f.at(text).at(language).as_string().empty());
            BOOST_TEST(f.at("required").is_bool());
        }
        auto const first = form.as_array().front().as_object();
        BOOST_TEST(first.at("required").as_bool());
        BOOST_TEST(first.at("pattern").as_string() == "[!-~]{1,128}");
    }
    auto const lark = parsed(td::config::form_json(td::config::lark_channel::fields));
    BOOST_TEST(lark.at(1).at("kind").as_string() == "secret");
    BOOST_TEST(lark.at(2).at("choices").as_array().size() == 3u);
    BOOST_TEST(td::config::flag_of(td::config::lark_channel::fields[2]) == "--notification-field");
}

BOOST_AUTO_TEST_SUITE_END()
