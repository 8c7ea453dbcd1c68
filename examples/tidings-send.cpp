// Sends a message to people and says for each what became of it: to try a channel, and to see why it fails.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
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
#include <functional>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <string_view>
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
    std::string match;
    std::vector<std::string> to;
    std::optional<std::string> text;
    std::optional<std::string> markdown;
    std::string base_url;
    std::string ca_file;
    double timeout = 10;
    bool as_json = false;
    std::string app_id;
    std::string app_secret;
};

std::string_view outcome_of(td::result<td::receipt> const& sent)
{
    if (sent)
        return "delivered";
    return sent.error() == td::errc::outcome_unknown ? "unknown" : "failed";
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
    bool const lost = why == td::errc::outcome_unknown;
    std::cerr << (lost ? "perhaps delivered to " : "not delivered to ") << to << '\n'
              << "  what happened  " << why.message() << '\n';
    if (auto const remedy = why.remedy(); !remedy.empty())
        std::cerr << "  what to do     " << remedy << '\n';
    std::cerr << std::flush;
}

exit_code code_for(td::result<td::receipt> const& sent)
{
    if (sent)
        return delivered;
    if (sent.error() == td::errc::outcome_unknown)
        return unknown;
    return sent.error() == td::errc::invalid_argument ? usage : not_delivered;
}

template<class Provider, class Match>
asio::awaitable<exit_code> run(order const& what)
{
    using notifier = td::notifier<Provider, Match, td::transport::by_scheme, td::base_url, td::deadline>;

    auto const limit = std::chrono::duration<double>(what.timeout);
    typename Provider::credentials app(what.app_id, td::secret(what.app_secret));
    notifier notify(co_await asio::this_coro::executor, std::move(app),
                    td::transport::by_scheme(td::transport::https().ca_file(what.ca_file)), td::base_url(what.base_url),
                    td::deadline(std::chrono::duration_cast<std::chrono::steady_clock::duration>(limit)));
    exit_code worst = delivered;
    for (auto const& to : what.to)
    {
        td::result<td::receipt> sent;
        if (what.markdown)
            sent = co_await notify.send(to, td::markdown(*what.markdown));
        else
            sent = co_await notify.send(to, td::text(what.text.value_or("Test message: this channel works.")));
        report(what, to, sent);
        worst = std::max(worst, code_for(sent));
    }
    co_return worst;
}

using runner = std::function<asio::awaitable<exit_code>(order const&)>;

template<class Provider>
std::map<std::string, runner> by_match()
{
    return {{"login-name", run<Provider, td::match::login_name>},
            {"phone-number", run<Provider, td::match::phone_number>},
            {"email", run<Provider, td::match::email>}};
}

std::string from_environment(char const* name)
{
    auto const* const value = std::getenv(name);
    if (!value || !*value)
        throw CLI::ValidationError(name, "set this environment variable; credentials are never taken from the command "
                                         "line, where every user of the machine could read them");
    return value;
}

} // namespace

int main(int argc, char** argv)
{
    std::map<std::string, std::map<std::string, runner>> const providers{{"lark", by_match<td::lark>()},
                                                                         {"feishu", by_match<td::feishu>()}};
    order what;
    CLI::App cli{"Sends a message to people through the chat app of their company.\n"
                 "The application's credentials come from TIDINGS_APP_ID and TIDINGS_APP_SECRET."};
    cli.footer("Exit code: 0 delivered, 1 not delivered, 2 usage or configuration, 3 outcome unknown; of several "
               "people the highest.");
    cli.add_option("--provider", what.provider, "The platform; there is no default, since the two do not mix")
        ->required()
        ->check(CLI::IsMember({"lark", "feishu"}));
    cli.add_option("--match", what.match, "What --to holds")
        ->required()
        ->check(CLI::IsMember({"login-name", "phone-number", "email"}));
    cli.add_option("--to", what.to, "A person; may be repeated. Phone numbers with + and country code")
        ->required()
        ->allow_extra_args(false);
    auto* const text = cli.add_option("--text", what.text, "A plain message. Default: a test message");
    cli.add_option("--markdown", what.markdown, "A message in the platform's Markdown")->excludes(text);
    cli.add_option("--base-url", what.base_url, "Another scheme and host for every call. Default: the real platform");
    cli.add_option("--ca-file", what.ca_file, "Certificate authorities to trust instead of the system's, PEM");
    cli.add_option("--timeout", what.timeout, "Seconds for each person")
        ->capture_default_str()
        ->check(CLI::Range(0.001, 3600.0));
    cli.add_flag("--json", what.as_json, "Report one JSON object for each person, a line each");
    try
    {
        cli.parse(argc, argv);
        what.app_id = from_environment("TIDINGS_APP_ID");
        what.app_secret = from_environment("TIDINGS_APP_SECRET");
    }
    catch (CLI::ParseError const& e)
    {
        return cli.exit(e) == 0 ? delivered : usage;
    }

    asio::io_context io;
    exit_code outcome = not_delivered;
    std::exception_ptr thrown;
    asio::co_spawn(io, providers.at(what.provider).at(what.match)(what), [&](std::exception_ptr e, exit_code code) {
        thrown = e;
        outcome = code;
    });
    io.run();
    if (thrown)
        std::rethrow_exception(thrown);
    return outcome;
}
