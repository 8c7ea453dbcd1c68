// A sandbox, and somebody who talks to it.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TESTS_SANDBOX_FIXTURE_HPP
#define TIDINGS_TESTS_SANDBOX_FIXTURE_HPP

#include "client.hpp"

#include <tidings/sandbox/server.hpp>

#include <boost/test/unit_test.hpp>

namespace test {

namespace sandbox = tidings::sandbox;
using sandbox::fault;
using sandbox::fault_kind;
using namespace std::chrono_literals;

inline std::string const token_path = "/open-apis/auth/v3/tenant_access_token/internal";
inline std::string const lark_app = "cli_a1b2c3d4e5f60718";
inline std::string const feishu_app = "cli_b1b2c3d4e5f60718";
inline std::string const no_scopes_app = "cli_a1b2c3d4e5f60e01";
inline std::string const unpublished_app = "cli_a1b2c3d4e5f60e02";

// The clock stands still, so nothing depends on how fast the machine is.
inline sandbox::options still()
{
    return sandbox::options().frozen_clock();
}

inline std::string text(json::value const& v)
{
    return json::serialize(v);
}

struct client_session
{
    sandbox::server platform;
    client wire;
    std::string bearer;

    explicit client_session(std::string const& app_id = lark_app, sandbox::options const& o = still())
        : platform(o), wire(url_of(platform, app_id), platform.ca_pem())
    {
        if (platform.world().find_app(app_id)->enabled)
            bearer = fetch(app_id);
    }

    static std::string url_of(sandbox::server const& p, std::string const& app_id)
    {
        return p.url(to_string(p.world().find_app(app_id)->platform));
    }

    reply ask_token(std::string const& app_id)
    {
        auto const secret = platform.world().find_app(app_id)->app_secret;
        return wire.call("POST", token_path, text(json::object{{"app_id", app_id}, {"app_secret", secret}}));
    }

    std::string fetch(std::string const& app_id)
    {
        return std::string(ask_token(app_id).object().at("tenant_access_token").as_string());
    }

    reply call(std::string const& method, std::string const& target, std::string const& body = {})
    {
        return wire.call(method, target, body, {{"Authorization", "Bearer " + bearer}});
    }

    reply send(std::string const& type, std::string const& to, std::string const& msg_type = "text",
               std::string const& content = R"({"text":"hi"})", std::string const& uuid = {})
    {
        json::object body{{"receive_id", to}, {"msg_type", msg_type}, {"content", content}};
        if (!uuid.empty())
            body["uuid"] = uuid;
        return call("POST", "/open-apis/im/v1/messages?receive_id_type=" + type, text(body));
    }

    std::string sent_id(std::string const& to = "ada", std::string const& msg_type = "text",
                        std::string const& content = R"({"text":"hi"})")
    {
        auto const r = send("user_id", to, msg_type, content);
        BOOST_TEST_REQUIRE(r.code() == 0, r.body);
        return std::string(r.object().at("data").at("message_id").as_string());
    }

    std::string open_id(std::string const& login, std::string const& app_id = lark_app) const
    {
        return platform.world().find_person(login)->open_ids.at(app_id);
    }
};

// Without the parts that differ from run to run; they are checked on their own.
inline std::string without_error(reply const& r)
{
    auto o = r.object();
    o.erase("error");
    return text(o);
}

} // namespace test

#endif
