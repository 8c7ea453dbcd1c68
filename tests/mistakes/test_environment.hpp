// A sandbox, and notifiers of any platform in it whose clock a test moves together with the platform's.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TESTS_MISTAKES_TEST_ENVIRONMENT_HPP
#define TIDINGS_TESTS_MISTAKES_TEST_ENVIRONMENT_HPP

#include "support/platform.hpp"
#include "support/run.hpp"

#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

namespace test {

using td::sandbox::fault;
using td::sandbox::fault_kind;

/// Where each platform's calls go, and how it refuses.
template<class Provider>
struct wire_of
{
    static constexpr bool bearer = true; // the token stands in a header, else in the query
    static constexpr std::string_view token = token_path;
    static constexpr std::string_view phone = look_up_path;
    static constexpr std::string_view email = look_up_path;
    static constexpr std::string_view send = send_path;
    static constexpr std::string_view rejected = R"({"code":99991663,"msg":"Invalid access token for authorization."})";
    static constexpr int rejected_status = 400;
    static constexpr std::string_view text_member = "text";
};
template<>
struct wire_of<td::dingtalk>
{
    static constexpr bool bearer = true;
    static constexpr std::string_view token = "/v1.0/oauth2/accessToken";
    static constexpr std::string_view phone = "/topapi/v2/user/getbymobile";
    static constexpr std::string_view send = "/v1.0/robot/oToMessages/batchSend";
    static constexpr std::string_view rejected = R"({"code":"InvalidAuthentication","requestid":"1","message":"no"})";
    static constexpr int rejected_status = 400;
    static constexpr std::string_view text_member = "content";
};
template<>
struct wire_of<td::dingtalk_work> : wire_of<td::dingtalk>
{
    static constexpr bool bearer = false;
    static constexpr std::string_view send = "/topapi/message/corpconversation/asyncsend_v2";
    static constexpr std::string_view rejected =
        R"({"errcode":88,"sub_code":"40014","sub_msg":"no","errmsg":"no","request_id":"1"})";
    static constexpr int rejected_status = 200;
};
template<>
struct wire_of<td::wecom>
{
    static constexpr bool bearer = false;
    static constexpr std::string_view token = "/cgi-bin/gettoken";
    static constexpr std::string_view phone = "/cgi-bin/user/getuserid";
    static constexpr std::string_view email = "/cgi-bin/user/get_userid_by_email";
    static constexpr std::string_view send = "/cgi-bin/message/send";
    static constexpr std::string_view rejected = R"({"errcode":40014,"errmsg":"invalid access_token"})";
    static constexpr int rejected_status = 200;
    static constexpr std::string_view text_member = "content";
};

template<class Provider>
struct test_environment
{
    using wire = wire_of<Provider>;
    template<class Match>
    using notifier = td::notifier<Provider, Match, td::transport::http, td::base_url, manual_clock,
                                  td::token_cache::in_memory, td::directory::in_memory, td::deadline,
                                  td::pacing::none>; // people get more here than the platforms permit
    template<class Match>
    struct outcomes
    {
        std::map<std::string, td::result<td::receipt>> of;

        auto sink()
        {
            return [this](std::size_t, Match const& who, td::result<td::receipt> const& outcome) {
                of.insert_or_assign(std::string(who.view()), outcome);
            };
        }
        bool delivered(std::string const& who) const { return of.at(who).has_value(); }
    };

    test_environment() : test_environment(td::sandbox::options()) {}
    explicit test_environment(td::sandbox::options const& how) : platform(how) {}

    template<class Match>
    notifier<Match> make(asio::any_io_executor ex, std::chrono::milliseconds limit = std::chrono::seconds(10))
    {
        return make<Match>(ex, credentials<Provider>(platform), limit);
    }
    template<class Match>
    notifier<Match> make(asio::any_io_executor ex, typename Provider::credentials app,
                         std::chrono::milliseconds limit = std::chrono::seconds(10))
    {
        return notifier<Match>(ex, std::move(app), url<Provider>(platform), clock, tokens, people, td::deadline(limit));
    }

    /// Moves both clocks.
    void advance(std::chrono::seconds by)
    {
        platform.advance(by);
        clock.advance(by);
    }
    void revoke() { platform.revoke_tokens(credentials<Provider>(platform).app_id()); }

    /// Answers requests to `path`, all of them unless `times` says otherwise.
    void answer(std::string_view path, int status, std::string body, int times = 0)
    {
        platform.add_fault(fault(fault_kind::answer)
                               .path(std::string(path))
                               .status(status)
                               .header("Content-Type", "application/json")
                               .body(std::move(body))
                               .times(times));
    }

    std::ptrdiff_t fetched() const { return count_requests(platform, wire::token); }
    std::ptrdiff_t sent() const { return count_requests(platform, wire::send); }
    std::vector<td::sandbox::recorded_request> sends() const
    {
        auto all = platform.requests();
        std::erase_if(all, [](auto const& r) { return !r.target.starts_with(wire::send); });
        return all;
    }
    /// How many messages each person got.
    std::map<std::string, int> served() const
    {
        std::map<std::string, int> out;
        for (auto const& row : platform.ledger())
            ++out[row.to];
        return out;
    }

    td::sandbox::server platform;
    manual_clock clock;
    td::token_cache::in_memory tokens;
    td::directory::in_memory people;
};

/// DingTalk delivers the same work notification once a day: so no two are the same.
inline td::text hello()
{
    static int count = 0;
    return td::text("hello " + std::to_string(++count));
}

using everywhere = std::tuple<td::lark, td::feishu, td::dingtalk, td::dingtalk_work, td::wecom>;

} // namespace test

#endif
