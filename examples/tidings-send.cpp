// Sends a message to people and says for each what became of it: to try a channel, and to see why it fails.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "tidings-send/files.hpp"
#include "tidings-send/order.hpp"
#include "tidings-send/report.hpp"
#include "usage_error.hpp"

#include <tidings/any_notifier.hpp>
#include <tidings/impl/derived_key.hpp>
#include <tidings/message/notice_json.hpp>
#include <tidings/printable_text.hpp>
#include <tidings/version.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/descriptor_base.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/this_coro.hpp>
#include <CLI/CLI.hpp>

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <optional>
#include <ranges>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace td = tidings;
namespace asio = boost::asio;

namespace {

using namespace tidings_send;

// Everything that a file may hold is less than this.
constexpr std::size_t max_text = std::size_t{1} << 20;
constexpr std::size_t max_people = std::size_t{64} << 20;
constexpr std::size_t max_attachment = std::size_t{64} << 20;
constexpr std::size_t max_certificates = std::size_t{16} << 20;
constexpr std::size_t max_secret = std::size_t{64} << 10;

// ---- The command line, as it was written

struct command_line
{
    order what;
    std::vector<std::string> to;
    std::vector<std::string> to_files;
    std::optional<std::string> text;
    std::optional<std::string> markdown;
    std::optional<std::string> notice;
    std::optional<std::string> image;
    std::optional<std::string> file;
    bool test = false;
    std::optional<std::string> key;
    std::optional<std::string> agent_id;
    std::optional<std::string> timeout;
    std::optional<std::string> retries;
};

/// Names may be written as in code, too: login_name.
std::string with_hyphens(std::string name)
{
    std::replace(name.begin(), name.end(), '_', '-');
    return name;
}

void declare(CLI::App& cli, command_line& line)
{
    auto& what = line.what;
    cli.footer(
        "Exit code: 0 all delivered; 1 somebody was not reached; 2 the command line or a file in it is not usable, "
        "nothing was sent; 3 an outcome is unknown, or the report could not be written.");
    cli.set_help_flag("-h,--help", "What there is, and leave");
    cli.set_version_flag("--version", "tidings-send " TIDINGS_VERSION_STRING, "The version, and leave");
    cli.add_flag_callback(
        "--capabilities",
        [] {
            std::cout << to_markdown(td::any_notifier::platforms());
            throw CLI::Success();
        },
        "What each platform can do, as a table, and leave");
    cli.add_option("--provider", what.provider,
                   "The platform: lark, feishu, dingtalk, dingtalk_work, wecom; there is no default, since they do not "
                   "mix")
        ->required();
    cli.add_option(
           "--match", what.match,
           "What --to holds: login-name, phone-number, email; of several, with commas between, the first that "
           "finds the person. Or one of open-id, union-id, chat-id, department, tag, login-id, where the platform has it")
        ->required()
        ->delimiter(',')
        ->allow_extra_args(false);
    cli.add_option("--to", line.to, "A person; may be repeated. Phone numbers with + and country code")
        ->allow_extra_args(false);
    cli.add_option("--to-file", line.to_files,
                   "A file with a person in each line; empty lines, and those that begin with #, do not count. -: "
                   "standard input")
        ->allow_extra_args(false);
    cli.add_option("--text", line.text, "A plain message. -: standard input");
    cli.add_option("--markdown", line.markdown, "A message in Markdown. -: standard input");
    cli.add_option("--notice", line.notice,
                   "A notice from a JSON file: title, severity, facts, body or markdown, buttons, footer. -: standard "
                   "input");
    cli.add_option("--image", line.image, "A picture from a file");
    cli.add_option("--file", line.file, "A file");
    cli.add_flag("--test", line.test, "A message that says that it is a test");
    cli.add_flag("--resolve,--dry-run", what.resolve, "Find the people, say their ids, and send nothing");
    cli.add_option("--key", line.key,
                   "The idempotency key, 1 to 50 printable ASCII characters: the same command under the same key does "
                   "not reach anybody twice, on platforms that know keys. Default: a random one");
    cli.add_option("--language", what.language,
                   "Which language of a notice: en, zh, ja; default: its first. zh: remedies in Chinese, too");
    cli.add_flag("--directory-scan", what.directory_scan, "DingTalk: find email addresses by reading the directory");
    cli.add_flag("--work-notification", what.work_notification, "DingTalk: not by the bot, as dingtalk_work");
    cli.add_option("--agent-id", line.agent_id, "The application's AgentId: WeCom, dingtalk_work");
    cli.add_option("--base-url", what.base_url,
                   "Another scheme and host for every call, of both DingTalk hosts, too. Default: the real platform");
    cli.add_option("--ca-file", what.ca_file, "Certificate authorities to trust instead of the system's, PEM");
    cli.add_option("--ca-directory", what.ca_directory, "The same in a directory, prepared by \"openssl rehash\"");
    cli.add_flag("--system-authorities", what.system_authorities, "Trust the system's beside those");
    auto* const certificate =
        cli.add_option("--client-certificate", what.client_certificate, "For a server that wants one, PEM");
    cli.add_option("--client-key", what.client_key,
                   "Its key, PEM, unless it is in the same file; its passphrase is TIDINGS_CLIENT_KEY_PASSPHRASE")
        ->needs(certificate);
    auto* const proxy = cli.add_option("--proxy", what.proxy, "An HTTP proxy on the way: http://host:port");
    cli.add_flag("--proxy-from-environment", what.proxy_from_environment,
                 "The proxy that HTTPS_PROXY, NO_PROXY and their like name")
        ->excludes(proxy);
    cli.add_option("--token-cache", what.token_cache,
                   "A directory in which the access token is kept for the next run, for this user alone; created if it "
                   "is missing. Default: a token is fetched for each run");
    cli.add_option("--timeout", line.timeout, "Seconds for each request with its answer. Default: 10");
    cli.add_option("--retries", line.retries,
                   "Repetitions of each request where they can do no harm, within the time; 0: none. Default: 3");
    cli.add_flag("--json", what.as_json, "Report one JSON object for each person, a line each");
    // A variable of a script that is not set is no wish for the default.
    CLI::Validator const given([](std::string& value) { return std::string(value.empty() ? "must not be empty" : ""); },
                               "");
    for (auto const* const name : {"--base-url", "--ca-file", "--ca-directory", "--client-certificate", "--client-key",
                                   "--proxy", "--token-cache", "--language"})
        cli.get_option(name)->check(given);
    cli.failure_message(usage_error);
}

// ---- What it means

template<class Number>
Number number(std::string_view option, std::string const& text, std::string_view expected, Number min, Number max)
{
    Number out{};
    auto const* const end = text.data() + text.size();
    auto const [at, ec] = std::from_chars(text.data(), end, out);
    // Written so that it refuses what is not a number at all.
    if (ec != std::errc() || at != end || !(out >= min && out <= max))
        throw usage_problem(option, std::string("must be ") + std::string(expected));
    return out;
}

std::string environment(char const* name)
{
    auto const* const value = std::getenv(name);
    return value ? value : "";
}

/// The whole of a file, without the byte order mark that some editors put in front of it.
std::string read_text(std::string_view option, std::string const& path, std::size_t max_bytes)
{
    auto in = read_file(path, max_bytes);
    auto const name = path == "-" ? "standard input" : td::printable_text(path);
    if (!in.problem.empty())
        throw usage_problem(option, name + " " + in.problem);
    constexpr std::string_view mark = "\xef\xbb\xbf";
    return in.bytes.starts_with(mark) ? in.bytes.substr(mark.size()) : std::move(in.bytes);
}

/// What stands behind an option, or on standard input, which ends in a line break that is not part of it.
std::string message_text(std::string_view option, std::string const& value)
{
    if (value != "-")
        return value;
    auto text = read_text(option, value, max_text);
    while (text.ends_with('\n') || text.ends_with('\r'))
        text.pop_back();
    if (text.empty())
        throw usage_problem(option, "there is nothing on standard input");
    return text;
}

std::string bytes_of(std::string_view option, std::string const& path)
{
    auto in = read_file(path, max_attachment);
    if (!in.problem.empty())
        throw usage_problem(option, td::printable_text(path) + " " + in.problem);
    return std::move(in.bytes);
}

std::string name_of(std::string const& path)
{
    return path.substr(path.find_last_of('/') + 1);
}

void read_message(command_line const& line, order& what)
{
    auto const given = line.text.has_value() + line.markdown.has_value() + line.notice.has_value() +
                       line.image.has_value() + line.file.has_value() + line.test;
    constexpr std::string_view options = "--text, --markdown, --notice, --image, --file, --test";
    if (given > 1)
        throw usage_problem(options, "use one of them");
    if (given == 0 && !what.resolve)
        throw usage_problem("there is no message", "use one of " + std::string(options));
    // The key may be the number of a build: "started" and "failed" are two messages all the same, and platforms that
    // know keys would answer that the second one, which they drop, has arrived.
    auto const sent_as = [&what](std::string_view option, std::string const& bytes) {
        what.message_key = td::detail::derived_key(what.key, std::string(option) + '\n' + bytes);
    };
    if (line.text)
    {
        auto body = message_text("--text", *line.text);
        sent_as("--text", body);
        what.message = td::text(std::move(body));
    }
    else if (line.markdown)
    {
        auto body = message_text("--markdown", *line.markdown);
        sent_as("--markdown", body);
        what.message = td::markdown(std::move(body));
    }
    else if (line.notice)
    {
        auto const json = read_text("--notice", *line.notice, max_text);
        sent_as("--notice", json);
        auto notice = td::notice::from_json(json);
        if (!notice)
            throw usage_problem("--notice", td::printable_text(*line.notice) + ": " + notice.error().message());
        what.message = *std::move(notice);
    }
    else if (line.image)
    {
        auto bytes = bytes_of("--image", *line.image);
        sent_as("--image", name_of(*line.image) + '\n' + bytes);
        what.message = td::image(std::move(bytes), name_of(*line.image));
    }
    else if (line.file)
    {
        auto bytes = bytes_of("--file", *line.file);
        sent_as("--file", name_of(*line.file) + '\n' + bytes);
        what.message = td::file(name_of(*line.file), std::move(bytes));
    }
    else if (line.test)
    {
        sent_as("--test", {});
        what.message = td::text("Test message: this channel works.");
    }
}

void read_people(command_line const& line, order& what)
{
    for (auto const& to : line.to)
        what.people.push_back({to, "--to"});
    for (auto const& file : line.to_files)
    {
        auto const text = read_text("--to-file", file, max_people);
        auto const name = file == "-" ? std::string("standard input") : td::printable_text(file);
        std::size_t number = 0;
        for (std::string_view rest = text; !rest.empty();)
        {
            ++number;
            auto entry = rest.substr(0, rest.find('\n'));
            rest.remove_prefix(std::min(entry.size() + 1, rest.size()));
            constexpr std::string_view blanks = " \t\r";
            entry.remove_prefix(std::min(entry.find_first_not_of(blanks), entry.size()));
            entry = entry.substr(0, entry.find_last_not_of(blanks) + 1);
            if (!entry.empty() && !entry.starts_with('#'))
                what.people.push_back({std::string(entry), name + ":" + std::to_string(number)});
        }
    }
    if (what.people.empty())
        throw usage_problem("--to, --to-file", line.to_files.empty() ? "say to whom" : "there is nobody in it");
}

std::string read_secret()
{
    constexpr char const* variable = "TIDINGS_APP_SECRET";
    constexpr char const* file_variable = "TIDINGS_APP_SECRET_FILE";
    auto secret = environment(variable);
    auto const file = environment(file_variable);
    if (!secret.empty() && !file.empty())
        throw usage_problem(file_variable, std::string("is set beside ") + variable + "; use one of them");
    if (!file.empty())
    {
        if (file == "-")
            throw usage_problem(file_variable, "must be the name of a file");
        secret = read_text(file_variable, file, max_secret);
        while (secret.ends_with('\n') || secret.ends_with('\r'))
            secret.pop_back();
    }
    if (secret.empty())
        throw usage_problem(variable, std::string("set it, or ") + file_variable +
                                          "; credentials are never taken from the command line, where every user of "
                                          "the machine could read them");
    return secret;
}

void read_credentials(command_line const& line, order& what)
{
    what.app_id = environment("TIDINGS_APP_ID");
    if (what.app_id.empty())
        throw usage_problem("TIDINGS_APP_ID", "set this environment variable to the application's App ID, AppKey or "
                                              "corp id");
    what.app_secret = read_secret();
    bool const has_agent = what.provider == "wecom" || what.work_notification;
    if (line.agent_id && !has_agent)
        throw usage_problem("--agent-id", "only WeCom and DingTalk's work notifications have one");
    if (has_agent)
    {
        auto const id = line.agent_id ? *line.agent_id : environment("TIDINGS_AGENT_ID");
        if (id.empty())
            throw usage_problem("--agent-id", "give the application's AgentId, or set TIDINGS_AGENT_ID");
        what.agent_id = number<std::int64_t>(line.agent_id ? "--agent-id" : "TIDINGS_AGENT_ID", id,
                                             "a number, such as 1000002", 0, INT64_MAX);
    }
    what.robot_code = environment("TIDINGS_ROBOT_CODE");
    what.passphrase = environment("TIDINGS_CLIENT_KEY_PASSPHRASE");
}

/// The platform, if it can find people by what was asked for.
td::platform_capabilities const& platform_of(order const& what, std::string_view name)
{
    auto const& platforms = td::any_notifier::platforms();
    auto const found = std::find_if(platforms.begin(), platforms.end(), [name](auto const& platform) {
        return with_hyphens(std::string(platform.name)) == name;
    });
    if (found == platforms.end())
    {
        std::string expected = "must be ";
        for (auto const& platform : platforms)
        {
            expected += &platform == &platforms.front() ? "" : &platform == &platforms.back() ? " or " : ", ";
            expected += platform.name;
        }
        throw usage_problem("--provider", expected);
    }
    for (auto const& field : what.match)
        if (!found->find_match(field))
        {
            std::string expected(found->title);
            expected += " does not have it; it has ";
            for (auto const& match : found->matches)
                (expected += &match == &found->matches.front() ? "" : ", ") += with_hyphens(std::string(match.name));
            throw usage_problem("--match " + field, expected);
        }
    return *found;
}

td::platform_capabilities const& read_provider(order& what)
{
    auto const name = with_hyphens(what.provider);
    bool const dingtalk = name == "dingtalk" || name == "dingtalk-work";
    if (what.work_notification && !dingtalk)
        throw usage_problem("--work-notification", "only DingTalk has them");
    if (what.directory_scan && !dingtalk)
        throw usage_problem("--directory-scan", "only DingTalk needs it");
    what.work_notification = what.work_notification || name == "dingtalk-work";
    auto const asks = [&what](std::string_view field) {
        return std::find(what.match.begin(), what.match.end(), field) != what.match.end();
    };
    if (dingtalk && asks("email") && !what.directory_scan)
        throw usage_problem("--match email", "DingTalk has no look-up of email addresses. Use phone-number or "
                                             "login-name, or add --directory-scan to read the whole directory");
    return platform_of(what, what.work_notification ? "dingtalk-work" : name);
}

void read_match(order& what)
{
    constexpr std::array<std::string_view, 3> addresses{"login-name", "phone-number", "email"};
    constexpr std::array<std::string_view, 6> ids{"open-id", "union-id", "chat-id", "department", "tag", "login-id"};
    for (auto& field : what.match)
    {
        field = with_hyphens(field);
        bool const is_alone = what.match.size() == 1;
        if (std::find(addresses.begin(), addresses.end(), field) == addresses.end() &&
            (!is_alone || std::find(ids.begin(), ids.end(), field) == ids.end()))
            throw usage_problem("--match",
                                "must be login-name, phone-number, email, or several of them with commas "
                                "between; or one of open-id, union-id, chat-id, department, tag and login-id");
    }
    for (auto const& field : what.match)
        if (std::count(what.match.begin(), what.match.end(), field) != 1)
            throw usage_problem("--match", field + " is there twice");
}

void read_settings(command_line const& line, order& what)
{
    using seconds = std::chrono::duration<double>;
    if (line.timeout)
        what.timeout = std::chrono::duration_cast<std::chrono::steady_clock::duration>(
            seconds(number("--timeout", *line.timeout, "a number of seconds from 0.001 to 3600", 0.001, 3600.0)));
    if (line.retries)
        what.retries = number("--retries", *line.retries, "a number from 0 to 1000", 0u, 1000u);
    if (line.key)
    {
        constexpr std::size_t max_key = 50;
        if (line.key->empty() || line.key->size() > max_key ||
            !std::all_of(line.key->begin(), line.key->end(), [](char c) { return c >= '!' && c <= '~'; }))
            throw usage_problem("--key", "must have 1 to 50 printable ASCII characters, and no blanks");
        what.key = td::idempotency_key(*line.key);
    }
    if (what.proxy.find('@') != what.proxy.npos)
        throw usage_problem("--proxy",
                            "has credentials, which every user of the machine can read here; put the URL into "
                            "HTTPS_PROXY and use --proxy-from-environment");
    // What OpenSSL opens it reads to the end, also a device that has none.
    for (auto const& [option, path] :
         {std::pair("--ca-file", &what.ca_file), std::pair("--client-certificate", &what.client_certificate),
          std::pair("--client-key", &what.client_key)})
        if (!path->empty())
            if (auto const problem = problem_of(*path, max_certificates); !problem.empty())
                throw usage_problem(option, td::printable_text(*path) + " " + problem);
    auto const is_standard_input = [](std::optional<std::string> const& value) { return value == "-"; };
    if (std::count(line.to_files.begin(), line.to_files.end(), "-") + is_standard_input(line.text) +
            is_standard_input(line.markdown) + is_standard_input(line.notice) + is_standard_input(line.image) +
            is_standard_input(line.file) >
        1)
        throw usage_problem("-", "standard input can be read only once");
}

/// Finds everything that is wrong with the addresses before anything is sent, and leaves each person once.
void check_people(td::any_notifier const& to, order& what)
{
    std::set<std::string> known;
    std::vector<person> people;
    std::string problems;
    std::size_t count = 0;
    constexpr std::size_t max_lines = 20;
    constexpr std::size_t max_shown = 200;
    for (auto& p : what.people)
    {
        auto const checked = to.check(p.to);
        if (checked)
        {
            if (known.insert(*checked).second)
                people.push_back(std::move(p));
            continue;
        }
        auto const* const facts = checked.error().facts();
        if (++count <= max_lines)
            problems += "\n" + p.where + ": \"" + td::printable_text(p.to, max_shown) +
                        "\": " + (facts && !facts->detail.empty() ? facts->detail : checked.error().message());
    }
    if (count > max_lines)
        problems += "\nand " + std::to_string(count - max_lines) + " more";
    if (count != 0)
        throw usage_problem((count == 1 ? "An address is" : std::to_string(count) + " addresses are") +
                            " not usable, so nothing was sent:" + problems);
    what.people = std::move(people);
}

// ---- The work

td::any_notifier make_notifier(asio::any_io_executor ex, td::platform_capabilities const& platform, order const& what)
{
    td::any_credentials app(what.app_id, td::secret(what.app_secret));
    app.agent_id(what.agent_id).robot_code(what.robot_code);
    td::any_settings how;
    how.base_url(what.base_url).deadline(what.timeout).max_retries(what.retries).language(what.language);
    how.ca_file(what.ca_file).ca_directory(what.ca_directory).system_authorities(what.system_authorities);
    how.client_certificate(what.client_certificate, what.client_key, td::secret(what.passphrase));
    how.proxy(what.proxy).proxy_from_environment(what.proxy_from_environment);
    how.token_cache(what.token_cache).directory_scan(what.directory_scan);
    auto made = td::any_notifier::make(std::move(ex), platform.name, what.match, std::move(app), std::move(how));
    if (!made)
        throw usage_problem("--provider, --match", made.error().message());
    return *std::move(made);
}

constexpr std::array<int, 3> stopping_signals{SIGINT, SIGTERM, SIGHUP};
std::array<bool, 3> handled{}; ///< Those that were not ignored when the program began.
int stop_pipe = -1;            ///< The end of a pipe that is for writing.

/// The second time, the program ends at once, whatever it waits for.
extern "C" void on_stopping_signal(int)
{
    int const before = errno;
    for (std::size_t i = 0; i != stopping_signals.size(); ++i)
        if (handled[i])
            ::signal(stopping_signals[i], SIG_DFL);
    [[maybe_unused]] auto const written = ::write(stop_pipe, "", 1);
    errno = before;
}

/// Ends the sending when the program is told to stop: what is under way gets an outcome, and the rest is not tried.
class interruption
{
public:
    explicit interruption(asio::io_context& io) : reading_(io)
    {
        std::array<int, 2> ends{};
        if (::pipe(ends.data()) != 0)
            throw std::system_error(errno, std::generic_category(), "pipe");
        reading_.assign(ends[0]);
        stop_pipe = ends[1];
        for (std::size_t i = 0; i != stopping_signals.size(); ++i)
        {
            struct sigaction before;
            handled[i] = ::sigaction(stopping_signals[i], nullptr, &before) == 0 && before.sa_handler != SIG_IGN;
            if (handled[i])
                ::signal(stopping_signals[i], on_stopping_signal);
        }
        reading_.async_wait(asio::posix::descriptor_base::wait_read, [this](boost::system::error_code ec) {
            if (ec)
                return;
            happened_ = true;
            write_all(STDERR_FILENO, "tidings-send: stopping; what is under way is waited for\n");
            cancel_.emit(asio::cancellation_type::terminal);
        });
    }

    asio::cancellation_slot slot() noexcept { return cancel_.slot(); }
    bool happened() const noexcept { return happened_; }
    void end() { reading_.close(); }

private:
    asio::posix::stream_descriptor reading_;
    asio::cancellation_signal cancel_;
    bool happened_ = false;
};

class work
{
public:
    work(td::any_notifier& notify, order const& what, report& out, interruption const& stop) noexcept
        : notify_(notify), what_(what), out_(out), stop_(stop)
    {
    }

    asio::awaitable<void> run()
    {
        co_await asio::this_coro::throw_if_cancelled(false);
        if (what_.resolve)
            co_await resolve();
        else
            co_await send();
    }

private:
    bool may_continue() const { return !stop_.happened() && !out_.wrong_for_everybody(); }

    asio::awaitable<void> send()
    {
        auto const more = [this](person const&) { return may_continue(); };
        auto const address = [](person const& p) { return td::any_address(p.to); };
        auto people = what_.people | std::views::take_while(more) | std::views::transform(address);
        auto const sink = [this](std::size_t, td::any_address const&, td::result<td::receipt> const& outcome) {
            out_.add(outcome);
        };
        td::send_each_options how;
        how.key(what_.message_key);
        td::result<td::send_summary> const done =
            co_await notify_.send_each(std::move(people), what_.message, sink, std::move(how));
        add_rest(done ? td::failure() : done.error());
    }

    asio::awaitable<void> resolve()
    {
        for (auto const& p : what_.people)
        {
            if (!may_continue())
                break;
            td::result<td::any_recipient> const found = co_await notify_.resolve(td::any_address(p.to));
            if (found)
                out_.add(td::receipt({}, found->id(), 0));
            else
                out_.add(found.error());
        }
        add_rest(td::failure());
    }

    void add_rest(td::failure why)
    {
        if (stop_.happened() && !why.code())
            why = td::errc::cancelled;
        else if (auto const* const everybody = out_.wrong_for_everybody())
            why = *everybody;
        out_.add_rest(why);
    }

    td::any_notifier& notify_;
    order const& what_;
    report& out_;
    interruption const& stop_;
};

/// What happens before it cannot have sent anything.
bool sending_begun = false;

exit_code run(td::platform_capabilities const& platform, order& what)
{
    asio::io_context io;
    std::optional<td::any_notifier> notify(make_notifier(io.get_executor(), platform, what));
    check_people(*notify, what);
    report out(what, platform.idempotency_keys);
    interruption stop(io);
    work all(*notify, what, out, stop);
    std::exception_ptr thrown;
    sending_begun = true;
    asio::co_spawn(io, all.run(), asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr e) {
                       thrown = e;
                       stop.end();
                       notify.reset();
                   }));
    io.run();
    if (thrown)
        std::rethrow_exception(thrown);
    return out.finish();
}

void ignore_signals_of_failed_writes()
{
    // A reader who went away, and a limit on the size of files, are found out by the write that fails.
    for (int const number : {SIGPIPE, SIGXFSZ})
        ::signal(number, SIG_IGN);
}

int parse_and_run(int argc, char** argv)
{
    command_line line;
    CLI::App cli{"Sends a message to people through the chat app of their company.\n"
                 "The application's credentials come from TIDINGS_APP_ID (App ID, AppKey or corp id) and "
                 "TIDINGS_APP_SECRET,\nor from the file that TIDINGS_APP_SECRET_FILE names. WeCom and work "
                 "notifications need --agent-id or\nTIDINGS_AGENT_ID, DingTalk's bot may have a TIDINGS_ROBOT_CODE of "
                 "its own."};
    declare(cli, line);
    try
    {
        cli.parse(argc, argv);
    }
    catch (CLI::ParseError const& e)
    {
        if (cli.exit(e) != 0)
            return usage;
        return std::cout.flush() ? all_delivered : unknown;
    }
    auto& what = line.what;
    read_match(what);
    auto const& platform = read_provider(what);
    read_settings(line, what);
    read_credentials(line, what);
    read_message(line, what);
    read_people(line, what);
    return run(platform, what);
}

} // namespace

int main(int argc, char** argv)
{
    reserve_standard_descriptors();
    ignore_signals_of_failed_writes();
    try
    {
        return parse_and_run(argc, argv);
    }
    catch (usage_problem const& e)
    {
        write_all(STDERR_FILENO, printable_lines(e.text()) + "Run with --help for what there is.\n");
        return usage;
    }
    catch (std::exception const& e)
    {
        // Out of memory, of descriptors, or of something else.
        write_all(STDERR_FILENO, "tidings-send: " + td::printable_text(e.what()) + "\n");
        return sending_begun ? unknown : not_reached;
    }
}
