// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "channel_options.hpp"

#include "files.hpp"
#include "usage_error.hpp"
#include "values.hpp"

#include <tidings/config/channels.hpp>
#include <tidings/printable_text.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <utility>
#include <variant>

namespace td = tidings;

namespace tools {

namespace {

/// The platform, if it can find people by what was asked for.
td::platform_capabilities const& find_platform(std::string_view name, std::vector<std::string> const& match_names)
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
    for (auto const& field : match_names)
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

} // namespace

void declare(CLI::App& cli, channel_options& options)
{
    auto* const provider = cli.add_option(
        "--provider", options.provider,
        "The platform: lark, feishu, dingtalk, dingtalk_work, wecom; there is no default, since they do not mix");
    auto* const match =
        cli.add_option(
               "--match", options.match,
               "What --to holds: login-name, phone-number, email; of several, with commas between, the first that "
               "finds the person. Or one of open-id, union-id, chat-id, department, tag, login-id, where the platform has it")
            ->delimiter(',')
            ->allow_extra_args(false);
    auto* const config = cli.add_option("--config", options.config,
                                        "A file with the settings of channels, instead of --provider, --match, the "
                                        "credentials in the environment and the options of the network")
                             ->excludes(provider)
                             ->excludes(match);
    cli.add_option("--channel", options.channel, "Which channel of that file: lark, feishu, dingtalk, wecom")
        ->needs(config);
    cli.add_option("--language", options.language,
                   "Which language of a notice: en, zh, ja; default: its first. zh: remedies in Chinese, too");
    cli.add_flag("--directory-scan", options.directory_scan, "DingTalk: find email addresses by reading the directory");
    cli.add_flag("--work-notification", options.work_notification, "DingTalk: not by the bot, as dingtalk_work");
    cli.add_option("--agent-id", options.agent_id, "The application's AgentId: WeCom, dingtalk_work");
    cli.add_option("--base-url", options.base_url,
                   "Another scheme and host for every call, of both DingTalk hosts, too. Default: the real platform");
    cli.add_option("--ca-file", options.ca_file, "Certificate authorities to trust instead of the system's, PEM");
    cli.add_option("--ca-directory", options.ca_directory, "The same in a directory, prepared by \"openssl rehash\"");
    cli.add_flag("--system-authorities", options.system_authorities, "Trust the system's beside those");
    auto* const certificate =
        cli.add_option("--client-certificate", options.client_certificate, "For a server that wants one, PEM");
    cli.add_option("--client-key", options.client_key,
                   "Its key, PEM, unless it is in the same file; its passphrase is TIDINGS_CLIENT_KEY_PASSPHRASE")
        ->needs(certificate);
    auto* const proxy = cli.add_option("--proxy", options.proxy, "An HTTP proxy on the way: http://host:port");
    cli.add_flag("--proxy-from-environment", options.proxy_from_environment,
                 "The proxy that HTTPS_PROXY, NO_PROXY and their like name")
        ->excludes(proxy);
    cli.add_option("--token-cache", options.token_cache,
                   "A directory in which the access token is kept for the next run, for this user alone; created if it "
                   "is missing. Default: a token is fetched for each run");
    cli.add_option("--timeout", options.timeout, "Seconds for each request with its answer. Default: 10");
    cli.add_option("--retries", options.retries,
                   "Repetitions of each request where they can do no harm, within the time; 0: none. Default: 3");
    // A variable of a script that is not set is no wish for the default.
    CLI::Validator const given([](std::string& value) { return std::string(value.empty() ? "must not be empty" : ""); },
                               "");
    for (auto const* const name : {"--base-url", "--ca-file", "--ca-directory", "--client-certificate", "--client-key",
                                   "--proxy", "--token-cache", "--language"})
        cli.get_option(name)->check(given);
    // With a file, these settings are in it.
    for (auto const* const name :
         {"--directory-scan", "--work-notification", "--agent-id", "--base-url", "--ca-file", "--ca-directory",
          "--system-authorities", "--client-certificate", "--client-key", "--proxy", "--proxy-from-environment"})
        cli.get_option(name)->excludes(config);
}

channel_choice::channel_choice(channel_options const& options) : provider_(options.provider)
{
    if (td::language_tag(options.language).primary() == "zh")
        language_ = td::language::chinese;
    if (options.config)
    {
        read_config(options);
        return;
    }
    if (options.channel)
        throw usage_problem("--channel", "needs --config");
    if (provider_.empty())
        throw usage_problem("--provider is required");
    read_match(options);
    read_provider(options);
    read_settings(options);
    read_credentials(options);
}

void channel_choice::read_match(channel_options const& options)
{
    if (options.match.empty())
        throw usage_problem("--match is required");
    match_ = options.match;
    constexpr std::array<std::string_view, 3> addresses{"login-name", "phone-number", "email"};
    constexpr std::array<std::string_view, 6> ids{"open-id", "union-id", "chat-id", "department", "tag", "login-id"};
    for (auto& field : match_)
    {
        field = with_hyphens(field);
        bool const is_alone = match_.size() == 1;
        if (std::find(addresses.begin(), addresses.end(), field) == addresses.end() &&
            (!is_alone || std::find(ids.begin(), ids.end(), field) == ids.end()))
            throw usage_problem("--match",
                                "must be login-name, phone-number, email, or several of them with commas "
                                "between; or one of open-id, union-id, chat-id, department, tag and login-id");
    }
    for (auto const& field : match_)
        if (std::count(match_.begin(), match_.end(), field) != 1)
            throw usage_problem("--match", field + " is there twice");
}

void channel_choice::read_provider(channel_options const& options)
{
    auto const name = with_hyphens(provider_);
    bool const dingtalk = name == "dingtalk" || name == "dingtalk-work";
    if (options.work_notification && !dingtalk)
        throw usage_problem("--work-notification", "only DingTalk has them");
    if (options.directory_scan && !dingtalk)
        throw usage_problem("--directory-scan", "only DingTalk needs it");
    work_notification_ = options.work_notification || name == "dingtalk-work";
    auto const asks = [this](std::string_view field) {
        return std::find(match_.begin(), match_.end(), field) != match_.end();
    };
    if (dingtalk && asks("email") && !options.directory_scan)
        throw usage_problem("--match email", "DingTalk has no look-up of email addresses. Use phone-number or "
                                             "login-name, or add --directory-scan to read the whole directory");
    platform_ = &find_platform(work_notification_ ? "dingtalk-work" : name, match_);
    settings_.directory_scan(options.directory_scan);
}

void channel_choice::read_settings(channel_options const& options)
{
    using seconds = std::chrono::duration<double>;
    if (options.timeout)
        options_.deadline = std::chrono::duration_cast<std::chrono::steady_clock::duration>(
            seconds(number("--timeout", *options.timeout, "a number of seconds from 0.001 to 3600", 0.001, 3600.0)));
    if (options.retries)
        options_.max_retries = number("--retries", *options.retries, "a number from 0 to 1000", 0u, 1000u);
    options_.token_cache = options.token_cache;
    if (options.proxy.find('@') != options.proxy.npos)
        throw usage_problem("--proxy",
                            "has credentials, which every user of the machine can read here; put the URL into "
                            "HTTPS_PROXY and use --proxy-from-environment");
    // What OpenSSL opens it reads to the end, also a device that has none.
    for (auto const& [option, path] :
         {std::pair("--ca-file", &options.ca_file), std::pair("--client-certificate", &options.client_certificate),
          std::pair("--client-key", &options.client_key)})
        if (!path->empty())
            if (auto const problem = problem_of(*path, max_certificates); !problem.empty())
                throw usage_problem(option, td::printable_text(*path) + " " + problem);
    settings_.base_url(options.base_url).deadline(options_.deadline).max_retries(options_.max_retries);
    settings_.language(td::language_tag(options.language));
    settings_.ca_file(options.ca_file)
        .ca_directory(options.ca_directory)
        .system_authorities(options.system_authorities);
    settings_.client_certificate(options.client_certificate, options.client_key,
                                 td::secret(environment("TIDINGS_CLIENT_KEY_PASSPHRASE")));
    settings_.proxy(td::transport::proxy(options.proxy)).proxy_from_environment(options.proxy_from_environment);
    settings_.token_cache(options.token_cache);
}

void channel_choice::read_credentials(channel_options const& options)
{
    auto app_id = environment("TIDINGS_APP_ID");
    if (app_id.empty())
        throw usage_problem("TIDINGS_APP_ID", "set this environment variable to the application's App ID, AppKey or "
                                              "corp id");
    app_ = td::any_credentials(std::move(app_id), td::secret(read_secret()));
    bool const has_agent = provider_ == "wecom" || work_notification_;
    if (options.agent_id && !has_agent)
        throw usage_problem("--agent-id", "only WeCom and DingTalk's work notifications have one");
    if (has_agent)
    {
        auto const id = options.agent_id ? *options.agent_id : environment("TIDINGS_AGENT_ID");
        if (id.empty())
            throw usage_problem("--agent-id", "give the application's AgentId, or set TIDINGS_AGENT_ID");
        app_.agent_id(number<std::int64_t>(options.agent_id ? "--agent-id" : "TIDINGS_AGENT_ID", id,
                                           "a number, such as 1000002", 0, INT64_MAX));
    }
    app_.robot_code(environment("TIDINGS_ROBOT_CODE"));
}

void channel_choice::read_config(channel_options const& options)
{
    if (!options.channel)
        throw usage_problem("--channel", "say which channel of the file: lark, feishu, dingtalk or wecom");
    read_settings(options);
    auto const file = td::config::channels::load(*options.config);
    auto const name = td::printable_text(*options.config);
    if (!file)
        throw usage_problem("--config", name + ":\n" + td::config::to_string(file.error(), language_));
    auto const* const found = file->find(*options.channel);
    if (!found)
    {
        auto const& known = td::config::channel_names;
        bool const exists = std::find(std::begin(known), std::end(known), *options.channel) != std::end(known);
        throw usage_problem("--channel", exists ? *options.channel + " is not configured in " + name
                                                : "must be lark, feishu, dingtalk or wecom");
    }
    configured_ = *found;
    if (!options.language.empty())
        std::visit([&options](auto& settings) { settings.language = options.language; }, *configured_);
    provider_ = td::config::provider_of(*found);
    for (auto const& field : td::config::notification_field_of(*found))
        match_.push_back(field);
    platform_ = &find_platform(with_hyphens(provider_), match_);
}

std::string const& channel_choice::application() const noexcept
{
    return configured_ ? td::config::app_id_of(*configured_) : app_.app_id();
}

td::any_notifier channel_choice::make(boost::asio::any_io_executor ex) const
{
    auto made = configured_ ? td::config::make_notifier(std::move(ex), *configured_, options_)
                            : td::any_notifier::make(std::move(ex), platform_->name, match_, app_, settings_);
    if (!made)
        throw usage_problem(configured_ ? "--channel" : "--provider, --match", made.error().message());
    return *std::move(made);
}

} // namespace tools
