// The open platforms of Lark, Feishu, DingTalk and WeCom on this machine, for trying things out and for tests in any
// language.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "tools/self_description.hpp"
#include "tools/usage_error.hpp"

#include <tidings/printable_text.hpp>
#include <tidings/sandbox/server.hpp>
#include <tidings/version.hpp>

#include <boost/json.hpp>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <system_error>
#include <vector>

#include <poll.h>
#include <unistd.h>

namespace sandbox = tidings::sandbox;
namespace json = boost::json;

namespace {

// A signal writes one byte here; the main thread waits for it.
std::array<int, 2> signalled{-1, -1};

extern "C" void on_signal(int)
{
    char const byte = 0;
    [[maybe_unused]] auto const n = ::write(signalled[1], &byte, 1);
}

void watch_signals()
{
    if (::pipe(signalled.data()) != 0)
        throw std::system_error(errno, std::generic_category(), "pipe");
    std::signal(SIGINT, on_signal);
    std::signal(SIGTERM, on_signal);
}

// Until standard input ends or a signal comes.
void wait_for_the_end()
{
    for (;;)
    {
        std::array<pollfd, 2> watched{pollfd{STDIN_FILENO, POLLIN, 0}, pollfd{signalled[0], POLLIN, 0}};
        if (::poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR)
            return;
        if (watched[1].revents != 0)
            return;
        std::array<char, 4096> ignored;
        if (watched[0].revents != 0 && ::read(STDIN_FILENO, ignored.data(), ignored.size()) <= 0)
            return;
    }
}

std::string read_file(std::string const& path)
{
    std::ifstream in(path, std::ios::binary);
    if (!in)
        throw std::runtime_error("cannot read " + path);
    return {std::istreambuf_iterator<char>(in), {}};
}

double factor_of(std::string const& text)
{
    double out = 0;
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (ec != std::errc() || end != text.data() + text.size())
        throw std::invalid_argument("--limits=" + text + ": expected a number, such as 0.1 or 2");
    return out;
}

// Whether all these apps can find and reach this person by login name, phone number and email.
bool reachable(sandbox::person const& p, std::vector<sandbox::app> const& apps)
{
    for (auto const& a : apps)
        if (!a.availability.includes(p.login_name) || !a.contact_range.includes(p.login_name))
            return false;
    return !p.email.empty() && !p.mobile.empty() && !p.resigned && !p.blocked_bot && !p.other_tenant;
}

json::object describe(sandbox::server const& platform, bool with_ca)
{
    json::object out{{"url", platform.url()}};
    auto const world = platform.world();
    std::vector<sandbox::app> listed;
    for (auto const b : {sandbox::brand::lark, sandbox::brand::feishu})
    {
        std::string const name(to_string(b));
        json::object described{{"url", platform.url(name)}};
        // A world may have apps on one platform only.
        auto const of_brand = [&](sandbox::app const& a) { return a.platform == b; };
        if (std::any_of(world.apps.begin(), world.apps.end(), of_brand))
        {
            listed.push_back(platform.app(name));
            described["app_id"] = listed.back().app_id;
            described["app_secret"] = listed.back().app_secret;
        }
        out[name] = std::move(described);
    }
    json::object dingtalk{{"url", platform.url("dingtalk")}};
    if (!world.dingtalk.apps.empty())
    {
        auto const first = platform.dingtalk_app();
        dingtalk["app_key"] = first.app_key;
        dingtalk["app_secret"] = first.app_secret;
        dingtalk["robot_code"] = first.robot_code.empty() ? first.app_key : first.robot_code;
        dingtalk["agent_id"] = first.agent_id;
    }
    out["dingtalk"] = std::move(dingtalk);
    json::object wecom{{"url", platform.url("wecom")}};
    if (!world.wecom.apps.empty())
    {
        auto const first = platform.wecom_app();
        wecom["corp_id"] = first.corp_id;
        wecom["secret"] = first.secret;
        wecom["agent_id"] = first.agent_id;
    }
    out["wecom"] = std::move(wecom);
    json::array people;
    for (auto const& p : world.people)
        if (reachable(p, listed))
            people.push_back(
                json::object{{"login_name", p.login_name}, {"phone_number", p.mobile}, {"email", p.email}});
    out["people"] = std::move(people);
    if (with_ca)
        out["ca_file"] = platform.ca_file();
    return out;
}

void print_for_people(json::object const& d)
{
    auto const text = [](json::value const& v) { return tidings::printable_text(json::value_to<std::string>(v)); };
    for (auto const* name : {"lark", "feishu"})
    {
        auto const& platform = d.at(name).as_object();
        std::cout << name << ": " << text(platform.at("url")) << "\n";
        if (platform.contains("app_id"))
            std::cout << "  app id     " << text(platform.at("app_id")) << "\n  app secret "
                      << text(platform.at("app_secret")) << "\n";
    }
    auto const& dingtalk = d.at("dingtalk").as_object();
    std::cout << "dingtalk: " << text(dingtalk.at("url")) << "\n";
    if (dingtalk.contains("app_key"))
        std::cout << "  app key    " << text(dingtalk.at("app_key")) << "\n  app secret "
                  << text(dingtalk.at("app_secret")) << "\n  robot code " << text(dingtalk.at("robot_code"))
                  << "\n  agent id   " << dingtalk.at("agent_id") << "\n";
    auto const& wecom = d.at("wecom").as_object();
    std::cout << "wecom: " << text(wecom.at("url")) << "\n";
    if (wecom.contains("corp_id"))
        std::cout << "  corp id    " << text(wecom.at("corp_id")) << "\n  secret     " << text(wecom.at("secret"))
                  << "\n  agent id   " << wecom.at("agent_id") << "\n";
    if (auto const* ca = d.if_contains("ca_file"))
        std::cout << "certificate authority: " << text(*ca) << "\n";
    std::cout << "people:\n";
    for (auto const& p : d.at("people").as_array())
        std::cout << "  " << text(p.at("login_name")) << "  " << text(p.at("phone_number")) << "  "
                  << text(p.at("email")) << "\n";
    std::cout << "messages: " << text(d.at("url")) << "/_sandbox/ledger\nserving until end of input or Ctrl-C"
              << std::endl;
}

} // namespace

int main(int argc, char** argv)
{
    std::uint16_t port = 0;
    auto tls = false;
    auto print_world = false;
    auto as_json = false;
    std::string world_file;
    std::vector<std::string> hosts;
    std::string limits;

    CLI::App cli{"Lark, Feishu, DingTalk and WeCom, on this machine. Serves until standard input ends."};
    cli.set_version_flag("--version", "tidings-sandbox " TIDINGS_VERSION_STRING, "The version, and leave");
    cli.add_option("--port", port, "Lark's port; Feishu, DingTalk and WeCom get the next three. Default: free ports")
        ->check(CLI::Range(0, 65532));
    cli.add_flag("--tls", tls, "HTTPS, with a certificate authority of its own");
    cli.add_option("--world", world_file, "Apps, people, chats and switches, as JSON");
    auto const* const with_limits = cli.add_flag("--limits{1}", limits,
                                                 "Enforce the platforms' published rate limits; --limits=0.1 allows a "
                                                 "tenth of the calls, --limits=2 twice as many");
    cli.add_option("--allow-host", hosts,
                   "Answer /_sandbox/ calls for this host name, too, and not only for loopback names")
        ->type_name("NAME")
        ->allow_extra_args(false);
    cli.set_version_flag("--version", "tidings-sandbox " TIDINGS_VERSION_STRING, "Print the version and exit");
    tools::declare_self_description(cli, "tidings-sandbox", TIDINGS_VERSION_STRING);
    cli.add_flag("--print-world", print_world, "Print the world as JSON, for use with --world, and exit");
    cli.add_flag("--json", as_json, "Say what is served in one line of JSON");
    cli.failure_message(tools::usage_error);
    try
    {
        cli.parse(argc, argv);
    }
    catch (CLI::ParseError const& e)
    {
        return cli.exit(e) == 0 ? EXIT_SUCCESS : 2;
    }

    try
    {
        sandbox::options options;
        options.port(port).tls(tls);
        for (auto const& name : hosts)
            options.allow_host(name);
        if (!world_file.empty())
            options.world(sandbox::world::from_json(read_file(world_file)));
        if (with_limits->count() != 0)
        {
            auto world = options.world();
            world.enforce_limits(factor_of(limits));
            options.world(std::move(world));
        }
        if (print_world)
        {
            std::cout << to_json(options.world());
            return EXIT_SUCCESS;
        }
        watch_signals();
        sandbox::server const platform(options);
        auto const description = describe(platform, tls);
        if (as_json)
            std::cout << tidings::printable_json(json::serialize(description)) << std::endl;
        else
            print_for_people(description);
        wait_for_the_end();
    }
    catch (sandbox::world_error const& e)
    {
        std::cerr << "tidings-sandbox: " << tidings::printable_text(world_file + ": " + e.what()) << '\n';
        return 2;
    }
    catch (std::exception const& e)
    {
        std::cerr << "tidings-sandbox: " << tidings::printable_text(e.what()) << '\n';
        return 2;
    }
    return EXIT_SUCCESS;
}
