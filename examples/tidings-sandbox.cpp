// The open platforms of Lark, Feishu, DingTalk and WeCom on this machine, for trying things out and for tests in any
// language.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "tidings-sandbox/description.hpp"
#include "tidings-sandbox/ending.hpp"
#include "tools/self_description.hpp"
#include "tools/usage_error.hpp"

#include <tidings/printable_text.hpp>
#include <tidings/sandbox/server.hpp>
#include <tidings/version.hpp>

#include <boost/json.hpp>
#include <CLI/CLI.hpp>

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace sandbox = tidings::sandbox;
namespace json = boost::json;

namespace {

using namespace tidings_sandbox;

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
