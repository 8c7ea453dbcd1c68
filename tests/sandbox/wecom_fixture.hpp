// A sandbox, and somebody who talks to its WeCom.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TESTS_SANDBOX_WECOM_FIXTURE_HPP
#define TIDINGS_TESTS_SANDBOX_WECOM_FIXTURE_HPP

#include "fixture.hpp"

namespace test {

inline std::string const corp = "wwtidings00000718";
inline std::string const good_secret = "wecom-secret-0718";
inline std::string const bob_only_secret = "wecom-secret-0e01";
inline std::string const stopped_secret = "wecom-secret-0e03";
inline std::string const untrusted_secret = "wecom-secret-0e04";
inline std::string const sync_secret = "wecom-secret-sync";
inline std::string const send_path = "/cgi-bin/message/send";

inline std::int64_t errcode(reply const& r)
{
    auto const o = r.object();
    auto const* const v = o.if_contains("errcode");
    return v && v->is_int64() ? v->get_int64() : -99;
}

inline std::string member(reply const& r, std::string const& name)
{
    auto const o = r.object();
    auto const* const v = o.if_contains(name);
    return !v ? "absent" : v->is_string() ? std::string(v->get_string()) : text(*v);
}

// Without the hint, which differs from run to run and is checked on its own.
inline std::string errmsg(reply const& r)
{
    auto const all = member(r, "errmsg");
    return all.substr(0, all.find(", hint: ["));
}

// How every API answer looks, failures too.
inline void check_frame(reply const& r)
{
    BOOST_TEST(r.status == 200u);
    BOOST_TEST(r.headers.at("content-type") == "application/json; charset=UTF-8");
    BOOST_TEST(r.headers.at("server") == "nginx");
    BOOST_TEST(r.headers.at("error-code") == std::to_string(errcode(r)));
    BOOST_TEST(r.headers.at("error-msg") == member(r, "errmsg"));
}

struct wecom_talk
{
    sandbox::server platform;
    client wire;
    std::string token;

    explicit wecom_talk(std::string const& secret = good_secret, sandbox::options const& o = still())
        : platform(o), wire(platform.url("wecom"), platform.ca_pem())
    {
        token = fetch(secret);
    }

    reply ask(std::string const& secret, std::string const& corp_id = corp)
    {
        return wire.call("GET", "/cgi-bin/gettoken?corpid=" + corp_id + "&corpsecret=" + secret);
    }

    std::string fetch(std::string const& secret) { return member(ask(secret), "access_token"); }

    reply call(std::string const& method, std::string const& path, std::string const& query = {},
               std::string const& body = {}, headers const& h = {})
    {
        auto r = wire.call(method, path + "?access_token=" + token + query, body, h);
        check_frame(r);
        return r;
    }

    reply get(std::string const& path, std::string const& query = {}) { return call("GET", path, query); }
    reply post(std::string const& path, std::string const& body) { return call("POST", path, {}, body); }

    static std::string message(std::string const& touser, std::string const& msgtype, std::string const& content,
                               std::string const& more = {})
    {
        return R"({"touser":")" + touser + R"(","msgtype":")" + msgtype + R"(","agentid":1000002,")" + msgtype +
               "\":" + content + more + "}";
    }

    reply send(std::string const& touser, std::string const& msgtype = "text",
               std::string const& content = R"({"content":"hi"})", std::string const& more = {})
    {
        return post(send_path, message(touser, msgtype, content, more));
    }

    std::size_t delivered() const { return platform.ledger().size(); }

    template<class F>
    void with_world(F const& f)
    {
        platform.edit([&](sandbox::world& w) { f(w.wecom); });
    }
};

inline std::string multipart(std::string const& bytes,
                             std::string const& disposition = R"(name="media"; filename="a.b")")
{
    return "--frontier\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + bytes + "\r\n--frontier--\r\n";
}

inline headers const multipart_type{{"Content-Type", "multipart/form-data; boundary=frontier"}};

inline std::string const png = std::string("\x89PNG\r\n\x1a\n", 8) + "rest";

} // namespace test

#endif
