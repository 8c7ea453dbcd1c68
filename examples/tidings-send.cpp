// Sends a message to people and says for each what became of it: to try a channel, and to see why it fails.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "usage_error.hpp"

#include <tidings/message/notice_json.hpp>
#include <tidings/tidings.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace td = tidings;
namespace asio = boost::asio;
namespace json = boost::json;

namespace {

// What the program ends with. Where people fared differently, the gravest wins: repeating the call after an unknown
// outcome could deliver twice.
enum exit_code
{
    delivered = 0,
    not_delivered = 1,
    usage = 2,
    unknown = 3
};

struct order
{
    std::string provider;
    std::vector<std::string> match;
    std::vector<std::string> to;
    std::optional<std::string> text;
    std::optional<std::string> markdown;
    std::string notice_file;
    std::optional<td::notice> notice;
    std::string language;
    bool directory_scan = false;
    bool work_notification = false;
    std::string base_url;
    std::string ca_file;
    std::string ca_directory;
    bool system_authorities = false;
    std::string client_certificate;
    std::string client_key;
    std::string passphrase;
    std::string proxy;
    bool proxy_from_environment = false;
    std::string token_cache;
    double timeout = 10;
    unsigned retries = 3;
    bool as_json = false;
    std::string app_id;
    std::string app_secret;
    std::string robot_code;
    std::int64_t agent_id = 0;
};

std::string_view outcome_of(td::result<td::receipt> const& sent)
{
    if (sent)
        return "delivered";
    return sent.error() == td::condition::unknown ? "unknown" : "failed";
}

json::value text_or_null(std::string_view text)
{
    return text.empty() ? json::value() : json::value(text);
}

// The platform's code: a number where it is one.
json::value code_of(td::failure const& f)
{
    std::int64_t number = 0;
    auto const text = f.platform_code();
    auto const end = text.data() + text.size();
    if (auto const [at, ec] = std::from_chars(text.data(), end, number); ec == std::errc() && at == end)
        return number;
    return text_or_null(text);
}

void report_json(order const& what, std::string const& to, td::result<td::receipt> const& sent)
{
    json::object out{{"outcome", outcome_of(sent)}, {"provider", what.provider}, {"to", to}};
    if (sent)
    {
        out["message_id"] = sent->message_id();
        out["person_id"] = sent->person_id();
        out["attempts"] = sent->attempts();
        for (auto const* name : {"error", "code", "message", "log_id", "remedy"})
            out[name] = nullptr;
    }
    else
    {
        td::failure const why = sent.error();
        out["message_id"] = nullptr;
        out["person_id"] = nullptr;
        out["attempts"] = why.attempts();
        out["error"] = to_string(static_cast<td::errc>(why.code().value()));
        out["code"] = code_of(why);
        out["message"] = why.message();
        out["log_id"] = text_or_null(why.log_id());
        out["remedy"] = text_or_null(why.remedy());
    }
    std::cout << json::serialize(out) << std::endl;
}

void report(order const& what, std::string const& to, td::result<td::receipt> const& sent)
{
    if (what.as_json)
        return report_json(what, to, sent);
    if (sent)
    {
        std::cout << "delivered to " << to << ": message " << sent->message_id() << std::endl;
        return;
    }
    td::failure const why = sent.error();
    auto const* const how = why == td::errc::outcome_unknown    ? "perhaps delivered to "
                            : why == td::errc::partly_delivered ? "partly delivered to "
                                                                : "not delivered to ";
    std::cerr << how << to << '\n' << "  what happened  " << why.message() << '\n';
    if (auto const remedy = why.remedy(); !remedy.empty())
        std::cerr << "  what to do     " << remedy << '\n';
    std::cerr << std::flush;
}

exit_code code_for(td::result<td::receipt> const& sent)
{
    if (sent)
        return delivered;
    if (sent.error() == td::condition::unknown)
        return unknown;
    return sent.error() == td::errc::invalid_argument ? usage : not_delivered;
}

template<class Provider>
typename Provider::credentials credentials(order const& what)
{
    if constexpr (std::is_same_v<Provider, td::wecom>)
        return {what.app_id, td::secret(what.app_secret), what.agent_id};
    else
    {
        typename Provider::credentials app(what.app_id, td::secret(what.app_secret));
        if constexpr (std::is_same_v<Provider, td::dingtalk>)
            if (!what.robot_code.empty())
                app.robot_code(what.robot_code);
        if constexpr (std::is_same_v<Provider, td::dingtalk_work>)
            app.agent_id(what.agent_id);
        return app;
    }
}

// One text for all links of a chain; those that were not asked for stay out of it.
template<class Match>
Match address(order const& what, std::string const& to)
{
    if constexpr (requires { Match::size; })
    {
        auto const link = [&]<class Link>(std::type_identity<std::optional<Link>>) {
            std::string const name = Link::name == "login name"     ? "login-name"
                                     : Link::name == "phone number" ? "phone-number"
                                                                    : "email";
            bool const asked = std::find(what.match.begin(), what.match.end(), name) != what.match.end();
            return asked ? std::optional<Link>(std::string_view(to)) : std::nullopt;
        };
        using one = typename Match::template link_type<0>;
        using two = typename Match::template link_type<1>;
        using three = typename Match::template link_type<2>;
        return {link(std::type_identity<std::optional<one>>()), link(std::type_identity<std::optional<two>>()),
                link(std::type_identity<std::optional<three>>())};
    }
    else
        return to;
}

// The way to the platform. What cannot be used is the result of the first message.
td::transport::by_scheme transport(order const& what)
{
    auto const by_way_of = [&what](auto how) {
        if (!what.proxy.empty())
            how.proxy(what.proxy);
        if (what.proxy_from_environment)
            how.proxy_from_environment();
        return how;
    };
    auto tls = by_way_of(td::transport::https());
    tls.ca_file(what.ca_file).ca_directory(what.ca_directory).system_authorities(what.system_authorities);
    tls.client_certificate(what.client_certificate, what.client_key, td::secret(what.passphrase));
    return td::transport::by_scheme(std::move(tls), by_way_of(td::transport::http()));
}

template<class Provider, class Match, class... Policies>
asio::awaitable<exit_code> run(order const& what)
{
    using notifier = td::notifier<Provider, Match, td::transport::by_scheme, td::base_url, td::deadline,
                                  td::retry::safe, td::channel_language, td::token_cache::file, Policies...>;

    auto const limit = std::chrono::duration<double>(what.timeout);
    auto const tokens =
        what.token_cache.empty() ? td::token_cache::file::off() : td::token_cache::file(what.token_cache);
    notifier notify(co_await asio::this_coro::executor, credentials<Provider>(what), transport(what),
                    td::base_url(what.base_url),
                    td::deadline(std::chrono::duration_cast<std::chrono::steady_clock::duration>(limit)),
                    td::retry::safe().retries(what.retries), td::channel_language(what.language), tokens);
    exit_code worst = delivered;
    for (auto const& to : what.to)
    {
        td::result<td::receipt> sent;
        auto const who = address<Match>(what, to);
        if (what.notice)
            sent = co_await notify.send(who, *what.notice);
        else if (what.markdown)
            sent = co_await notify.send(who, td::markdown(*what.markdown));
        else
            sent = co_await notify.send(who, td::text(what.text.value_or("Test message: this channel works.")));
        report(what, to, sent);
        worst = std::max(worst, code_for(sent));
    }
    co_return worst;
}

using runner = asio::awaitable<exit_code> (*)(order const&);

// Every chain is part of one of the three fields in some order.
template<class Provider, class... Policies>
runner runner_for(std::vector<std::string> match)
{
    using td::match::email;
    using td::match::first_of;
    using td::match::login_name;
    using td::match::phone_number;

    if (match.size() == 1)
        return match[0] == "login-name"     ? run<Provider, login_name, Policies...>
               : match[0] == "phone-number" ? run<Provider, phone_number, Policies...>
                                            : run<Provider, email, Policies...>;
    for (auto const* name : {"login-name", "phone-number", "email"})
        if (std::find(match.begin(), match.end(), name) == match.end())
            match.emplace_back(name);
    bool const phone_before_email =
        std::find(match.begin(), match.end(), "phone-number") < std::find(match.begin(), match.end(), "email");
    if (match[0] == "login-name")
        return phone_before_email ? run<Provider, first_of<login_name, phone_number, email>, Policies...>
                                  : run<Provider, first_of<login_name, email, phone_number>, Policies...>;
    if (match[0] == "phone-number")
        return match[1] == "email" ? run<Provider, first_of<phone_number, email, login_name>, Policies...>
                                   : run<Provider, first_of<phone_number, login_name, email>, Policies...>;
    return match[1] == "phone-number" ? run<Provider, first_of<email, phone_number, login_name>, Policies...>
                                      : run<Provider, first_of<email, login_name, phone_number>, Policies...>;
}

runner runner_for(order const& what)
{
    if (what.provider == "lark")
        return runner_for<td::lark>(what.match);
    if (what.provider == "feishu")
        return runner_for<td::feishu>(what.match);
    if (what.provider == "wecom")
        return runner_for<td::wecom>(what.match);
    // DingTalk has no look-up of email addresses: whoever asks for one has agreed to a scan.
    return what.work_notification ? runner_for<td::dingtalk_work, td::addressing::directory_scan>(what.match)
                                  : runner_for<td::dingtalk, td::addressing::directory_scan>(what.match);
}

std::string from_environment(char const* name)
{
    auto const* const value = std::getenv(name);
    if (!value || !*value)
        throw CLI::ValidationError(name, "set this environment variable; credentials are never taken from the command "
                                         "line, where every user of the machine could read them");
    return value;
}

std::int64_t number_from_environment(char const* name)
{
    auto const text = from_environment(name);
    std::int64_t out = 0;
    auto const* const end = text.data() + text.size();
    if (auto const [at, ec] = std::from_chars(text.data(), end, out); ec != std::errc() || at != end)
        throw CLI::ValidationError(name, "must be a number, such as 1000002");
    return out;
}

td::notice read_notice(std::string const& file)
{
    std::ifstream in(file, std::ios::binary);
    if (!in)
        throw CLI::ValidationError("--notice", "cannot read " + file);
    auto notice = td::notice::from_json(std::string(std::istreambuf_iterator<char>(in), {}));
    if (!notice)
        throw CLI::ValidationError("--notice", file + ": " + notice.error().message());
    return *std::move(notice);
}

// What the options mean together, and what the environment has to add.
void complete(order& what)
{
    for (auto const& field : what.match)
        if (std::count(what.match.begin(), what.match.end(), field) != 1)
            throw CLI::ValidationError("--match", field + " stands there twice");
    bool const by_email = std::find(what.match.begin(), what.match.end(), "email") != what.match.end();
    if (what.provider == "dingtalk" && by_email && !what.directory_scan)
        throw CLI::ValidationError("--match email", "DingTalk has no look-up of email addresses. Use phone-number or "
                                                    "login-name, or add --directory-scan to read the whole directory");
    if (what.directory_scan && what.provider != "dingtalk")
        throw CLI::ValidationError("--directory-scan", "only DingTalk needs it");
    if (what.work_notification && what.provider != "dingtalk")
        throw CLI::ValidationError("--work-notification", "only DingTalk has them");
    if (what.proxy.find('@') != what.proxy.npos)
        throw CLI::ValidationError("--proxy", "has credentials, which every user of the machine can read here; put the "
                                              "URL into HTTPS_PROXY and use --proxy-from-environment");
    if (!what.notice_file.empty())
        what.notice = read_notice(what.notice_file);
    what.app_id = from_environment("TIDINGS_APP_ID");
    what.app_secret = from_environment("TIDINGS_APP_SECRET");
    if (what.provider == "wecom" || what.work_notification)
        what.agent_id = number_from_environment("TIDINGS_AGENT_ID");
    if (auto const* const code = std::getenv("TIDINGS_ROBOT_CODE"); code && what.provider == "dingtalk")
        what.robot_code = code;
    if (auto const* const passphrase = std::getenv("TIDINGS_CLIENT_KEY_PASSPHRASE"))
        what.passphrase = passphrase;
}

} // namespace

int main(int argc, char** argv)
{
    order what;
    CLI::App cli{"Sends a message to people through the chat app of their company.\n"
                 "The application's credentials come from TIDINGS_APP_ID (app id, app key or corp id) and "
                 "TIDINGS_APP_SECRET;\nWeCom and work notifications need TIDINGS_AGENT_ID, DingTalk's bot may have a "
                 "TIDINGS_ROBOT_CODE of its own."};
    cli.footer("Exit code: 0 delivered, 1 not delivered, 2 usage or configuration, 3 outcome unknown; of several "
               "people the highest.");
    cli.set_help_flag("-h,--help", "What there is, and leave");
    cli.add_flag_callback(
        "--capabilities",
        [] {
            std::cout << to_markdown(td::capability_table);
            throw CLI::Success();
        },
        "What each platform can do, as a table, and leave");
    cli.add_option("--provider", what.provider, "The platform; there is no default, since they do not mix")
        ->required()
        ->check(CLI::IsMember({"lark", "feishu", "dingtalk", "wecom"}));
    cli.add_option("--match", what.match,
                   "What --to holds; of several, with commas between, the first that finds "
                   "the person")
        ->required()
        ->delimiter(',')
        ->allow_extra_args(false)
        ->check(CLI::IsMember({"login-name", "phone-number", "email"}));
    cli.add_option("--to", what.to, "A person; may be repeated. Phone numbers with + and country code")
        ->required()
        ->allow_extra_args(false);
    auto* const text = cli.add_option("--text", what.text, "A plain message. Default: a test message");
    auto* const markdown = cli.add_option("--markdown", what.markdown, "A message in Markdown")->excludes(text);
    cli.add_option("--notice", what.notice_file,
                   "A notice from a JSON file: title, severity, facts, body or markdown, buttons, footer")
        ->excludes(text)
        ->excludes(markdown);
    cli.add_option("--language", what.language, "Which language of a notice: en, zh, ja. Default: its first");
    cli.add_flag("--directory-scan", what.directory_scan, "DingTalk: find email addresses by reading the directory");
    cli.add_flag("--work-notification", what.work_notification, "DingTalk: not by the bot");
    cli.add_option("--base-url", what.base_url,
                   "Another scheme and host for every call, of both DingTalk hosts, too. Default: the real platform");
    cli.add_option("--ca-file", what.ca_file, "Certificate authorities to trust instead of the system's, PEM");
    cli.add_option("--ca-directory", what.ca_directory, "The same in a directory, prepared by \"openssl rehash\"");
    cli.add_flag("--system-authorities", what.system_authorities, "Trust the system's beside those");
    auto* const certificate =
        cli.add_option("--client-certificate", what.client_certificate, "For a server that wants one, PEM");
    cli.add_option("--client-key", what.client_key,
                   "Its key, PEM, unless it stands in the same file; its passphrase is TIDINGS_CLIENT_KEY_PASSPHRASE")
        ->needs(certificate);
    auto* const proxy = cli.add_option("--proxy", what.proxy, "An HTTP proxy on the way: http://host:port");
    cli.add_flag("--proxy-from-environment", what.proxy_from_environment,
                 "The proxy that HTTPS_PROXY, NO_PROXY and their like name")
        ->excludes(proxy);
    cli.add_option("--token-cache", what.token_cache,
                   "A directory in which the access token is kept for the next run, for this user alone; created if it "
                   "is missing. Default: a token is fetched for each run");
    cli.add_option("--timeout", what.timeout, "Seconds for each person")
        ->capture_default_str()
        ->check(CLI::Range(0.001, 3600.0));
    cli.add_option("--retries", what.retries,
                   "Repetitions for each person where they can do no harm, within the time; 0: none")
        ->capture_default_str();
    cli.add_flag("--json", what.as_json, "Report one JSON object for each person, a line each");
    cli.failure_message(usage_error);
    try
    {
        cli.parse(argc, argv);
        complete(what);
    }
    catch (CLI::ParseError const& e)
    {
        return cli.exit(e) == 0 ? delivered : usage;
    }

    asio::io_context io;
    exit_code outcome = not_delivered;
    std::exception_ptr thrown;
    asio::co_spawn(io, runner_for(what)(what), [&](std::exception_ptr e, exit_code code) {
        thrown = e;
        outcome = code;
    });
    io.run();
    if (thrown)
        std::rethrow_exception(thrown);
    return outcome;
}
