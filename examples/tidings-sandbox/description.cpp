// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "description.hpp"

#include <tidings/printable_text.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

namespace sandbox = tidings::sandbox;
namespace json = boost::json;

namespace tidings_sandbox {

namespace {

// Whether all these apps can find and reach this person by login name, phone number and email.
bool reachable(sandbox::person const& p, std::vector<sandbox::app> const& apps)
{
    for (auto const& a : apps)
        if (!a.availability.includes(p.login_name) || !a.contact_range.includes(p.login_name))
            return false;
    return !p.email.empty() && !p.mobile.empty() && !p.resigned && !p.blocked_bot && !p.other_tenant;
}

} // namespace

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

} // namespace tidings_sandbox
