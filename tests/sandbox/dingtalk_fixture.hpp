// Somebody who talks to the sandbox's DingTalk.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TESTS_SANDBOX_DINGTALK_FIXTURE_HPP
#define TIDINGS_TESTS_SANDBOX_DINGTALK_FIXTURE_HPP

#include "fixture.hpp"

namespace test {

inline std::string const ding_app = "dingtidings0718";
inline std::string const ding_no_scopes = "dingtidings0e01";
inline std::string const ding_unpublished = "dingtidings0e02";
inline std::string const ding_stopped = "dingtidings0e03";
inline std::string const ding_elsewhere = "dingtidings0e04";

inline std::string const batch_send = "/v1.0/robot/oToMessages/batchSend";
inline std::string const batch_recall = "/v1.0/robot/otoMessages/batchRecall";
inline std::string const work_calls = "/topapi/message/corpconversation/";
inline headers const as_json{{"Content-Type", "application/json"}};
inline headers const as_form{{"Content-Type", "application/x-www-form-urlencoded"}};

// The answer's member as text; what is in an object by a path with slashes.
inline std::string at(reply const& r, std::string const& pointer)
{
    boost::system::error_code ec;
    json::value const v = r.object();
    auto const* const found = v.find_pointer(pointer, ec);
    return !found               ? "nothing at " + pointer + " in " + r.body
           : found->is_string() ? std::string(found->get_string())
                                : text(*found);
}

inline std::string errcode(reply const& r)
{
    return at(r, "/errcode");
}

inline std::string percent_encoded(std::string const& plain)
{
    std::string out;
    for (auto const c : plain)
        if (std::isalnum(static_cast<unsigned char>(c)))
            out += c;
        else
        {
            char code[4];
            std::snprintf(code, sizeof code, "%%%02X", static_cast<unsigned>(static_cast<unsigned char>(c)));
            out += code;
        }
    return out;
}

struct ding_talk
{
    sandbox::server platform;
    client wire;
    std::string app_key;
    std::string token;

    explicit ding_talk(std::string const& app = ding_app, sandbox::options const& o = still())
        : platform(o), wire(platform.url("dingtalk")), app_key(app)
    {
        token = app == ding_stopped ? "" : fetch();
    }

    static sandbox::options with(std::function<void(sandbox::dingtalk_world&)> const& change)
    {
        auto w = sandbox::world::standard();
        change(w.dingtalk);
        return still().world(w);
    }

    void edit(std::function<void(sandbox::dingtalk_world&)> const& change)
    {
        platform.edit([&](sandbox::world& w) { change(w.dingtalk); });
    }

    std::string secret() const { return platform.world().dingtalk.find_app(app_key)->app_secret; }

    reply ask_token()
    {
        return wire.call("POST", "/v1.0/oauth2/accessToken",
                         text(json::object{{"appKey", app_key}, {"appSecret", secret()}}), as_json);
    }

    reply ask_old_token() { return wire.call("GET", "/gettoken?appkey=" + app_key + "&appsecret=" + secret()); }

    std::string fetch() { return at(ask_token(), "/accessToken"); }

    // The new API.
    reply modern(std::string const& method, std::string const& target, std::string const& body = {})
    {
        headers h{{"x-acs-dingtalk-access-token", token}};
        if (!body.empty())
            h["Content-Type"] = "application/json";
        return wire.call(method, target, body, h);
    }

    // The old one.
    reply old(std::string const& path, std::string const& body)
    {
        auto const r = wire.call("POST", path + "?access_token=" + token, body, as_json);
        BOOST_TEST(r.status == 200u);
        return r;
    }

    std::string send_body(std::vector<std::string> const& ids, std::string const& key = "sampleText",
                          std::string const& param = R"({"content":"hi"})") const
    {
        auto const robot_code = platform.world().dingtalk.find_app(app_key)->robot_code;
        return text(json::object{
            {"robotCode", robot_code}, {"userIds", json::value_from(ids)}, {"msgKey", key}, {"msgParam", param}});
    }

    reply send(std::vector<std::string> const& ids, std::string const& key = "sampleText",
               std::string const& param = R"({"content":"hi"})")
    {
        return modern("POST", batch_send, send_body(ids, key, param));
    }

    std::string sent_key(std::vector<std::string> const& ids)
    {
        auto const r = send(ids);
        BOOST_TEST_REQUIRE(r.status == 200u, r.body);
        return at(r, "/processQueryKey");
    }
};

// `{"code":...,"requestid":...,"message":...}` with this code and status.
inline void check_modern(reply const& r, unsigned status, std::string const& code)
{
    BOOST_TEST(r.status == status, r.body);
    BOOST_TEST(at(r, "/code") == code, r.body);
    BOOST_TEST(at(r, "/requestid") == r.headers.at("x-acs-request-id"));
    BOOST_TEST(at(r, "/requestid").size() == 36u);
    BOOST_TEST(!at(r, "/message").empty());
}

// The gateway's refusal at `/topapi/`: everything but the request id.
inline std::string wrapped(std::string const& code, std::string const& message)
{
    return R"({"errcode":88,"sub_code":")" + code + R"(","sub_msg":")" + message +
           R"(","errmsg":"ding talk error[subcode=)" + code + ",submsg=" + message + R"(]"})";
}

inline std::string without_request_id(reply const& r)
{
    auto o = r.object();
    BOOST_TEST(o.contains("request_id"), r.body);
    o.erase("request_id");
    return text(o);
}

} // namespace test

#endif
