// The fault matrix: what can go wrong, and what is hoped for then.
//
// A row is a fault. It strikes at each step of each platform that has a hope for it: at the token, at the look-up, at
// the upload of an image, at the message, at the recall of one that was delivered, at the question who has read one, at
// a message to a group by its custom bot, at a message to two people with one request, and at a message to a chat. What
// a platform does only once, however often it is asked, is `keyed`: messages to people on Lark, Feishu and WeCom,
// unless Lark or Feishu spreads them, messages to chats on Lark and Feishu, those of DingTalk's custom bots, recalls
// everywhere. The other messages are `unkeyed`. The first hope is that under retry::safe, the second, where something
// else happens then, that under retry::none.
//
//   delivered(n)    after n requests of that step; it arrived once
//   fails(e, n)     with this failure; it did not arrive
//   unknown(n, m)   errc::outcome_unknown; it arrived m times
//
// What the rows are there for. What a line names was taken out of the library, that alone, and these rows failed: those
// in quotes, those of a function below.
//
//   retry::safe: again where no connection was    no_connection; ends, lost_answers, tokens at what is read
//     where an answer was lost, with a key        ends, lost_answers, no_answers, refusals, several: keyed
//     and not without one                         the same: unkeyed
//     after a server_error                        pages with 5xx; "the platform fails, in its own words"
//     after a protocol_error                      no_answers but those pages, at what is read
//     and not after one with 4xx                  "a page with 404"
//     after rate_limited                          throttling
//     three times                                 "nobody listens", "always ...", "never ...", "nothing but ..."
//     those of the token counted in               "more goes wrong than one call may repeat"
//     after the wait that the platform wants,     "throttled beyond the deadline", "so many calls a minute ...",
//     and not when there is no time for it        "the address is banned for minutes"
//   a kept connection is looked at before its use "an idle connection was closed", "closed behind the answer ...",
//                                                 "... that was kept is closed", "an answer comes twice, over TLS"
//     replaced when it breaks                     kept_connections, retry::none: keyed, and what is read
//     and not without a key                       kept_connections: unkeyed
//     and not when the answer had begun           "a kept connection breaks within the answer ..."
//     not kept with bytes behind the answer       "a byte of a second answer comes along ..."
//     nor after Connection: close                 "Connection: close, and open ..."
//   outcome_unknown where a request had begun     ends, lost_answers, silence, kept_connections: messages, recalls
//     and not before                              no_connection, tls: the same
//     where nobody's answer came, or a failure    no_answers, refusals: the same
//     and not with 4xx, but for some              "a page with 404"; "a gateway's 408 ...", "sent elsewhere ..."
//     whatever is said later                      "... then the message is refused", "... throttles beyond ..."
//     where it is still being worked on           the two rows of that name
//   a refused token is dropped, replaced, once    tokens
//     its life is counted by the clock            "our clock jumps ahead", "both clocks jump ahead"
//   a deadline ends an exchange                   silence
//   a limit of the header, one of the body        "a header over the limit", "a body over the limit"
//   100 is no answer, and half of one is none     "100 Continue ...", "a Content-Length that is too long"
//   what is no HTTP is a protocol_error           "bytes that are no HTTP", "never any HTTP", those over the limits
//   TLS: somebody vouches, and for this host      tls: "the certificate ...", "nobody vouches ..."
//     a handshake that ends early is no           "closed within the handshake", "reset within the handshake",
//     connection, and is repeated                 "closed before ...", "... server's half ...", "a proxy's tunnel ..."
//     only a certificate is definite              "the certificate ...", "nobody vouches ...", "... speaks no TLS"
//   all the addresses of a host are tried         "the first of the host's addresses refuses"
//   a stranger's Retry-After is waited            "throttled by a gateway ...", "a gateway is out of service ..."
//   a stranger's 429, a stranger's 5xx            "throttled by 429 and no words ...", pages with 5xx
//   Lark throttles with 400, refuses with 200     "throttled by 400", "the token was revoked, which comes with 200"
//   DingTalk's limits without a name, its ban,    "... that no document names", "the address is banned ...",
//     its list of those who are held back         "accepted, and held back ..."
//   who is gone is looked up anew                 "the person is not any more who was remembered", both
//
// What an operation does (wire::effect) was turned round as well, of each operation by itself: that fails in the cells
// where a fault strikes at it, and nowhere else.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "row.hpp"

namespace test {

namespace {

using enum td::errc;
using enum td::sandbox::fault_kind;
using std::chrono::hours;
using std::chrono::milliseconds;
using td::sandbox::certificate;

constexpr char const* bad_gateway = "<html><head><title>502 Bad Gateway</title></head></html>";

// clang-format off
// The same thing in each platform's own code: Lark and Feishu; DingTalk, at its newer and at its older API; WeCom. Then
// their custom bots'.
constexpr codes system_failure   {"1663",     "system.error",                                    "-1",    "-1",    "1663",  "-1",     "-1"};
constexpr codes stale_token      {"99991663", "InvalidAuthentication",                           "40014", "40014", "",      "",       ""};
constexpr codes so_many_a_second {"",         "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi",  "90018", "45033", "11232", "",       "45033"};
constexpr codes so_many_a_minute {"",         "Forbidden.AccessDenied.QpmLimitForAppkeyAndApi",  "90006", "45009", "",      "660026", "45009"};
constexpr codes quota            {"99991403", "Forbidden.AccessDenied.ApiCountLimitForOrg",      "90020", "",      "",      "",       ""};
constexpr codes forbidden_address{"99991401", "Forbidden.AccessDenied.IpNotInWhiteList",         "60020", "60020", "19022", "",       ""};
constexpr codes not_to_this_one  {"230013",   "robot.oto.notExist",                              "",      "60021", "",      "",       ""};
constexpr codes no_such_person   {"99992351", "staffId.notExisted",                              "",      "81013", "",      "",       ""};
constexpr codes no_such_bot      {"",         "",                                                "",      "",      "19001", "300005", "93000"};
constexpr codes being_sent       {"230049",   "",                                                "",      "",      "",      "",       ""};
constexpr codes being_created    {"18121",    "",                                                "",      "",      "",      "",       ""};
constexpr codes too_fast         {"230020",   "send.too.fast",                                   "",      "",      "",      "",       ""};
constexpr codes busy             {"",         "systemBusy",                                      "",      "",      "",      "",       ""};
// clang-format on

// A gateway's page, and the platform has accepted.
trouble page_behind(int status)
{
    return fault(answer).status(status).header("Content-Type", "text/html").body("stream timeout").processed(true);
}

constexpr char const* send_result = "/topapi/message/corpconversation/getsendresult";

fault cut(fault_kind m)
{
    return fault(m).reset();
}

trouble sized(fault_kind m, std::int64_t bytes)
{
    return fault(m).size(bytes);
}

void revoke(stage const& s)
{
    s.server.revoke_tokens(s.app_id);
}

// clang-format off

// ---- No connection comes about: nothing was sent, so everything may be tried again
std::vector<row> no_connection()
{
    return {
        row("nobody listens")
            .meets(connection_behaviour::refuse)
            .all(fails(connect_failed, 0).failing(4), fails(connect_failed, 0).failing(1)),
        row("nobody listens for a moment")
            .meets(connection_behaviour::refuse_first).patient(milliseconds(100))
            .all(delivered(1), fails(connect_failed, 0)),
        row("the first of the host's addresses refuses")
            .url("http://two-addresses.example:{port}")
            .all(delivered(1).failing(0)),
        row("the host name does not resolve")
            .url("http://tidings.invalid:{port}").for_good()
            .token(fails(connect_failed, 0).failing(4), fails(connect_failed, 0).failing(1)),
        row("the host name does not resolve any more")
            .named()
            .before([](stage const& s) { s.lose_name(0); })
            .all(fails(connect_failed, 0).failing(4), fails(connect_failed, 0).failing(1)),
        row("the host name does not resolve any more, and the connection that was kept is closed")
            .named().meets(connection_behaviour::pass).kept()
            .before([](stage const& s) { s.lose_name(0); s.drop_connections(); })
            .between(fails(connect_failed, 0).failing(4))
            .sends(fails(connect_failed, 0).failing(4)),
        row("the host name does not resolve for a moment")
            .named()
            .before([](stage const& s) { s.lose_name(1); })
            .all(delivered(1).failing(1), fails(connect_failed, 0)),
        row("the host name does not resolve any more, and nobody needs it")
            .named().kept()
            .before([](stage const& s) { s.lose_name(0); })
            .between(delivered(1).connecting(0))
            .sends(delivered(1).connecting(0)),
        row("the port's queue is full")
            .meets(connection_behaviour::backlog_full).hasty()
            .all(fails(timed_out, 0).failing(1)),
    };
}

// ---- The connection ends: before the request, in it, after it
std::vector<row> ends()
{
    return {
        row("closed when accepted", {refuse_connection})
            .reads(delivered(1), fails(connect_failed, 0))
            .keyed(delivered(1), unknown(0, 0))
            .unkeyed(unknown(0, 0)),
        // Before the request or after it, as it happens: for a message that makes the difference.
        row("reset when accepted", {cut(refuse_connection)})
            .reads(delivered(1), fails(connect_failed, 0))
            .keyed(delivered(1), unknown(0, 0).or_not_connected())
            .unkeyed(unknown(0, 0).or_not_connected(), unknown(0, 0).or_not_connected()),
        row("always closed when accepted", {always(refuse_connection)})
            .reads(fails(connect_failed, 0).connecting(4))
            .keyed(unknown(0, 0).connecting(4))
            .unkeyed(unknown(0, 0).connecting(1)),
        row("closed within the request", {cut_before_reading})
            .reads(delivered(2), fails(connect_failed))
            .keyed(delivered(2), unknown(1, 0))
            .unkeyed(unknown(1, 0)),
        row("reset within the request", {cut(cut_before_reading)})
            .reads(delivered(2), fails(connect_failed))
            .keyed(delivered(2), unknown(1, 0))
            .unkeyed(unknown(1, 0)),
        row("closed after the request, which was not looked at", {cut_before_headers})
            .reads(delivered(2), fails(connect_failed))
            .keyed(delivered(2), unknown(1, 0))
            .unkeyed(unknown(1, 0)).boldly(delivered(2)),
        row("reset after the request, which was not looked at", {cut(cut_before_headers)})
            .reads(delivered(2), fails(connect_failed))
            .keyed(delivered(2), unknown(1, 0))
            .unkeyed(unknown(1, 0)).boldly(delivered(2)),
    };
}

// ---- The answer is lost; the platform has accepted
std::vector<row> lost_answers()
{
    return {
        row("closed instead of the answer", {reply_lost})
            .reads(delivered(2), fails(connect_failed))
            .keyed(delivered(2), unknown(1, 1))
            .unkeyed(unknown(1, 1)),
        row("reset instead of the answer", {cut(reply_lost)})
            .reads(delivered(2), fails(connect_failed))
            .keyed(delivered(2), unknown(1, 1))
            .unkeyed(unknown(1, 1)),
        row("closed instead of every answer", {always(reply_lost)})
            .reads(fails(connect_failed, 4))
            .keyed(unknown(4, 1))
            .unkeyed(unknown(1, 1)),
        row("closed instead of the answer, twice", {fault(reply_lost).times(2)})
            .reads(delivered(3))
            .keyed(delivered(3))
            .unkeyed(unknown(1, 1)),
        row("sent again without a key, because the caller wants it so", {reply_lost}).only(lark | dingtalk)
            .boldly(delivered(2).arriving(2)),
        row("closed within the header of the answer", {cut_in_headers})
            .reads(delivered(2), fails(connect_failed))
            .keyed(delivered(2), unknown(1, 1))
            .unkeyed(unknown(1, 1)),
        row("reset within the header of the answer", {cut(cut_in_headers)})
            .reads(delivered(2), fails(connect_failed))
            .keyed(delivered(2), unknown(1, 1))
            .unkeyed(unknown(1, 1)),
        row("closed within the body of the answer", {cut_in_body})
            .reads(delivered(2), fails(connect_failed))
            .keyed(delivered(2), unknown(1, 1))
            .unkeyed(unknown(1, 1)),
        row("reset within the body of the answer", {cut(cut_in_body)})
            .reads(delivered(2), fails(connect_failed))
            .keyed(delivered(2), unknown(1, 1))
            .unkeyed(unknown(1, 1)),
    };
}

// ---- Silence, until the deadline
std::vector<row> silence()
{
    return {
        row("no answer", {stall}).hasty()
            .reads(fails(timed_out))
            .sends(unknown(1, 0).because(timed_out)),
        row("silence within the header of the answer", {stall_in_headers}).hasty()
            .reads(fails(timed_out))
            .sends(unknown(1, 1).because(timed_out)),
        row("silence within the body of the answer", {stall_in_body}).hasty()
            .reads(fails(timed_out))
            .sends(unknown(1, 1).because(timed_out)),
        row("a peer that accepts and never says anything").meets(connection_behaviour::swallow).hasty()
            .reads(fails(timed_out, 0).connecting(1))
            .sends(unknown(0, 0).connecting(1).because(timed_out)),
        row("a kept connection, and no answer", {stall}).kept().hasty()
            .between(fails(timed_out).connecting(0))
            .sends(unknown(1, 0).connecting(0).because(timed_out)),
        row("a kept connection whose peer is gone without a word").freezes().kept().hasty()
            .between(fails(timed_out, 0).connecting(0))
            .sends(unknown(0, 0).connecting(0).because(timed_out)),
        row("the answer is late", {fault(delay).delay(milliseconds(30))})
            .all(delivered(1)),
    };
}

// ---- Answers that are odd and sound
std::vector<row> odd_answers()
{
    return {
        row("an answer in single bytes", {byte_by_byte}).all(delivered(1)),
        row("an answer in chunks", {chunked}).all(delivered(1)),
        row("100 Continue before the answer", {continue_first}).all(delivered(1)),
        row("Connection: close", {connection_close}).kept().between(delivered(1)).sends(delivered(1)),
        row("Connection: close, and open until somebody uses it all the same", {linger}).kept()
            .between(delivered(1)).sends(delivered(1)),
        row("closed behind the answer, without a word", {close_after}).kept().between(delivered(1)).sends(delivered(1)),
        row("a byte of a second answer comes along, and the rest when the next is expected", {sized(answer_twice, 1)}).kept()
            .reads(delivered(1).failing(0)).sends(delivered(1).failing(0)),
        row("a byte of a second answer comes along, and the rest when the next is expected, over TLS",
            {sized(answer_twice, 1)}).only(lark | dingtalk).tls().kept()
            .reads(delivered(1).failing(0)).sends(delivered(1).failing(0)),
        // Only where the call ends: behind the next request, nothing tells a late second answer from that to it.
        row("an answer comes twice", {sized(answer_twice, 0)}).kept().sends(delivered(1)),
        row("an answer comes twice, over TLS", {sized(answer_twice, 0)}).tls().kept().sends(delivered(1)),
        row("a long header", {sized(big_headers, 8 * 1024)}).all(delivered(1)),
        row("a long body", {sized(big_body, 200 * 1024)}).all(delivered(1)),
    };
}

// ---- Answers that are none
std::vector<row> no_answers()
{
    return {
        row("half of the JSON", {truncated_json})
            .reads(delivered(2), fails(protocol_error))
            .keyed(delivered(2), unknown(1, 1).because(protocol_error))
            .unkeyed(unknown(1, 1).because(protocol_error)),
        row("bytes that are no HTTP", {garbage})
            .reads(delivered(2), fails(protocol_error))
            .keyed(delivered(2), unknown(1, 0).because(protocol_error))
            .unkeyed(unknown(1, 0).because(protocol_error)),
        row("never any HTTP", {always(garbage)})
            .reads(fails(protocol_error, 4))
            .keyed(unknown(4, 0).because(protocol_error))
            .unkeyed(unknown(1, 0).because(protocol_error)),
        row("a Content-Length that is too long", {sized(wrong_length, 10)})
            .reads(delivered(2), fails(connect_failed))
            .keyed(delivered(2), unknown(1, 1))
            .unkeyed(unknown(1, 1)),
        row("a Content-Length that is too short", {sized(wrong_length, -10)})
            .reads(delivered(2), fails(protocol_error))
            .keyed(delivered(2), unknown(1, 1).because(protocol_error))
            .unkeyed(unknown(1, 1).because(protocol_error)),
        row("a header over the limit", {sized(big_headers, 20 * 1024)})
            .reads(delivered(2), fails(protocol_error))
            .keyed(delivered(2), unknown(1, 1).because(protocol_error))
            .unkeyed(unknown(1, 1).because(protocol_error)),
        row("a header far over the limit", {sized(big_headers, 64 * 1024)})
            .reads(delivered(2), fails(protocol_error))
            .keyed(delivered(2), unknown(1, 1).because(protocol_error))
            .unkeyed(unknown(1, 1).because(protocol_error)),
        row("a body over the limit", {sized(big_body, 1100 * 1024)})
            .patient(milliseconds(50)) // until the platform notices that nobody wants the rest
            .reads(delivered(2), fails(protocol_error))
            .keyed(delivered(2), unknown(1, 1).because(protocol_error))
            .unkeyed(unknown(1, 1).because(protocol_error)),
        row("a gateway's page with 502", {page(502, bad_gateway)})
            .reads(delivered(2), fails(server_error))
            .keyed(delivered(2), unknown(1, 0).because(server_error))
            .unkeyed(unknown(1, 0).because(server_error)),
        row("a gateway's page with 502 after the platform accepted", {fault(answer).status(502).body(bad_gateway).processed(true)})
            .reads(delivered(2), fails(server_error))
            .keyed(delivered(2), unknown(1, 1).because(server_error))
            .unkeyed(unknown(1, 1).because(server_error)),
        row("nothing but a gateway's page with 502", {page(502, bad_gateway, 0)})
            .reads(fails(server_error, 4))
            .keyed(unknown(4, 0).because(server_error))
            .unkeyed(unknown(1, 0).because(server_error)),
        row("an empty 504", {page(504, "")})
            .reads(delivered(2), fails(server_error))
            .keyed(delivered(2), unknown(1, 0).because(server_error))
            .unkeyed(unknown(1, 0).because(server_error)),
        row("a login page with 200", {page(200, "<html>Please log in to the network</html>")})
            .reads(delivered(2), fails(protocol_error))
            .keyed(delivered(2), unknown(1, 0).because(protocol_error))
            .unkeyed(unknown(1, 0).because(protocol_error)),
        row("an empty 200", {page(200, "")})
            .reads(delivered(2), fails(protocol_error))
            .keyed(delivered(2), unknown(1, 0).because(protocol_error))
            .unkeyed(unknown(1, 0).because(protocol_error)),
        row("JSON with nothing in it", {page(200, "{}")})
            .reads(delivered(2), fails(protocol_error))
            .keyed(delivered(2), unknown(1, 0).because(protocol_error))
            .unkeyed(unknown(1, 0).because(protocol_error)),
        row("JSON that is no object", {page(200, R"(["ok", 0])")})
            .reads(delivered(2), fails(protocol_error))
            .keyed(delivered(2), unknown(1, 0).because(protocol_error))
            .unkeyed(unknown(1, 0).because(protocol_error)),
        row("a success in words that are another call's",
            {fault(answer).status(200).header("Content-Type", "application/json").processed(true)
                 .body(R"({"errcode":0,"errmsg":"ok"})")})
            .only(dingtalk)
            .token(delivered(2), fails(protocol_error))
            .unkeyed(unknown(1, 1).because(protocol_error), unknown(1, 1).because(protocol_error))
            .recall(delivered(2), unknown(1, 1).because(protocol_error)),
        row("a page with 404", {page(404, "404 page not found")})
            .all(fails(protocol_error)),
        row("moved elsewhere, for good", {fault(answer).status(301).header("Location", "https://portal.example/x?a=b")})
            .all(fails(protocol_error)),
        row("sent elsewhere after the platform accepted",
            {fault(answer).status(302).header("Location", "https://portal.example/login").processed(true)})
            .reads(fails(protocol_error))
            .keyed(delivered(2), unknown(1, 1).because(protocol_error))
            .unkeyed(unknown(1, 1).because(protocol_error)),
        // What gateways say that have passed the request on.
        row("a gateway's 408 after the platform accepted", {page_behind(408)})
            .reads(delivered(2), fails(server_error))
            .keyed(delivered(2), unknown(1, 1).because(server_error))
            .unkeyed(unknown(1, 1).because(server_error)),
        row("a gateway's 499 after the platform accepted", {page_behind(499)})
            .reads(delivered(2), fails(server_error))
            .keyed(delivered(2), unknown(1, 1).because(server_error))
            .unkeyed(unknown(1, 1).because(server_error)),
        row("a gateway's 409 after the platform accepted", {page_behind(409)})
            .reads(fails(protocol_error))
            .keyed(delivered(2), unknown(1, 1).because(protocol_error))
            .unkeyed(unknown(1, 1).because(protocol_error)),
        row("a gateway's 425 after the platform accepted", {page_behind(425)})
            .reads(fails(protocol_error))
            .keyed(delivered(2), unknown(1, 1).because(protocol_error))
            .unkeyed(unknown(1, 1).because(protocol_error)),
    };
}

// ---- The platform says no
std::vector<row> refusals()
{
    return {
        row("the platform fails, in its own words", {refused(system_failure)})
            .reads(delivered(2), fails(server_error))
            .keyed(delivered(2), unknown(1, 0).because(server_error))
            .unkeyed(unknown(1, 0).because(server_error)),
        row("the platform goes on failing, in its own words", {refused(system_failure, 0)})
            .reads(fails(server_error, 4))
            .keyed(unknown(4, 0).because(server_error))
            .unkeyed(unknown(1, 0).because(server_error)),
        row("a gateway's JSON with 504 after the platform accepted",
            {fault(answer).status(504).header("Content-Type", "application/json").processed(true)
                 .body(R"({"code":504,"errcode":504,"message":"upstream timed out"})")})
            .reads(delivered(2), fails(server_error))
            .keyed(delivered(2), unknown(1, 1).because(server_error))
            .unkeyed(unknown(1, 1).because(server_error)),
        row("the address is not allowed", {refused(forbidden_address)})
            .all(fails(ip_not_allowed)),
        row("the quota is used up", {refused(quota)})
            .all(fails(quota_exhausted)),
        row("the person may not be written to", {refused(not_to_this_one)}).personal()
            .sends(fails(recipient_unreachable)),
        row("the person may not be written to, after an upload", {trouble(refused(not_to_this_one)).at(step::send)})
            .upload(fails(recipient_unreachable).in_all(0, 0, 1, 1)),
        row("the person is not any more who was remembered", {refused(no_such_person)}).personal()
            .sends(delivered().in_all(0, 1, 2), delivered().in_all(0, 1, 2)),
        row("the person is not any more who was remembered, after an upload",
            {trouble(refused(no_such_person)).at(step::send)})
            .upload(delivered().in_all(0, 1, 1, 2), delivered().in_all(0, 1, 1, 2)), // one upload is enough
        row("there is no such custom bot any more", {refused(no_such_bot)})
            .sends(fails(bad_credentials)),
        row("the message is still being worked on", {refused(being_sent)}).personal()
            .keyed(delivered(2), unknown(1, 0)),
        row("the message is still being worked on, in other words", {refused(being_created)}).personal()
            .keyed(delivered(2), unknown(1, 0)),
    };
}

// ---- Slow down
std::vector<row> throttling()
{
    return {
        row("throttled by 429, and told when to come again", {fault(throttle).wait_seconds(0)}).only(larks)
            .all(delivered(2), fails(rate_limited)),
        row("throttled by 429, and not told when to come again", {fault(throttle).wait_seconds(-1)}).only(larks)
            .all(delivered(2), fails(rate_limited)),
        row("throttled by 400", {fault(throttle).wait_seconds(0)}).only(larks)
            .before([](stage const& s) { s.server.edit([](td::sandbox::world& w) { w.modes.rate_limit_status = 400; }); })
            .all(delivered(2), fails(rate_limited)),
        row("throttled beyond the deadline", {fault(throttle).wait_seconds(3600)}).only(larks)
            .all(fails(rate_limited)),
        row("always throttled", {fault(throttle).wait_seconds(0).times(0)}).only(larks)
            .all(fails(rate_limited, 4)),
        row("too many messages to one person", {refused(too_fast)}).personal()
            .sends(delivered(2), fails(rate_limited)),
        row("so many calls a second, and no more", {refused(so_many_a_second)})
            .all(delivered(2), fails(rate_limited)),
        row("so many calls a minute, and no more", {refused(so_many_a_minute)})
            .all(fails(rate_limited)),
        row("throttled by 429 and no words of the platform", {page(429, "slow down")})
            .all(delivered(2), fails(rate_limited)),
        row("throttled by a gateway, beyond the deadline",
            {fault(answer).status(429).header("Retry-After", "3600").body("slow down")}).for_good()
            .all(fails(rate_limited)),
        row("a gateway is out of service, beyond the deadline",
            {fault(answer).status(503).header("Retry-After", "3600").body("later")})
            .reads(fails(server_error))
            .sends(unknown(1, 0).because(server_error)),
        row("throttled by 429 and a code of the platform", {refused(busy)})
            .token(delivered(2), fails(rate_limited))
            .sends(delivered(2), fails(rate_limited)),
        row("throttled by a limit that no document names",
            {page(403, R"({"code":"Forbidden.AccessDenied.QpsLimitForTheMoon","message":"slow","requestid":"r"})")})
            .only(dingtalk)
            .token(delivered(2), fails(rate_limited))
            .unkeyed(delivered(2), fails(rate_limited))
            .recall(delivered(2), fails(rate_limited)),
        row("the address is banned for minutes",
            {page(200, R"({"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"1"})")}).only(dingtalks)
            .all(fails(rate_limited)),
        row("accepted, and held back for this person",
            {page(200, R"({"processQueryKey":"k","invalidStaffIdList":[],"flowControlledStaffIdList":["bob"]})")})
            .only(dingtalk).personal()
            .unkeyed(fails(rate_limited)),
    };
}

// ---- Tokens that are none any more: replaced, and the same asked again, under every policy
std::vector<row> tokens()
{
    return {
        row("the token was revoked").before(revoke)
            .between(delivered(2).fetching(1), delivered(2).fetching(1))
            .sends(delivered(2).fetching(1), delivered(2).fetching(1)),
        row("the token was revoked, which comes with 200").only(larks)
            .before([](stage const& s) {
                s.server.edit([](td::sandbox::world& w) { w.modes.bad_token_status = 200; });
                revoke(s);
            })
            .between(delivered(2).fetching(1), delivered(2).fetching(1))
            .sends(delivered(2).fetching(1), delivered(2).fetching(1)),
        row("the token is over sooner than was said")
            .before([](stage const& s) { s.server.advance(hours(3)); })
            .between(delivered(2).fetching(1), delivered(2).fetching(1))
            .sends(delivered(2).fetching(1), delivered(2).fetching(1)),
        row("the token is over, in the older words").only(dingtalks)
            .before([](stage const& s) {
                s.server.edit([](td::sandbox::world& w) { w.dingtalk.modes.expired_token_code = 42001; });
                s.server.advance(hours(3));
            })
            .between(delivered(2).fetching(1), delivered(2).fetching(1))
            .sends(delivered(2).fetching(1), delivered(2).fetching(1)),
        row("our clock jumps ahead")
            .before([](stage const& s) { s.our_clock(hours(3)); })
            .look_up(delivered(1).fetching(1))
            .upload(delivered().in_all(1, 1, 1, 1)) // who Bob is has to be asked again, too
            .sends(delivered().in_all(1, 1, 1))
            .recall(delivered(1).fetching(1)),
        row("our clock jumps back")
            .before([](stage const& s) { s.our_clock(hours(-3)); })
            .between(delivered(1))
            .sends(delivered(1))
            .recall(delivered(1)),
        row("both clocks jump ahead")
            .before([](stage const& s) {
                s.our_clock(hours(3));
                s.server.advance(hours(3));
            })
            .look_up(delivered(1).fetching(1))
            .upload(delivered().in_all(1, 1, 1, 1))
            .sends(delivered().in_all(1, 1, 1))
            .recall(delivered(1).fetching(1)),
        row("the token that this very call has fetched is refused", {refused(stale_token)}).cold()
            .look_up(delivered().in_all(2, 2, 1), delivered().in_all(2, 2, 1))
            .sends(delivered().in_all(2, 1, 2), delivered().in_all(2, 1, 2)),
        row("no token is ever good", {refused(stale_token, 0)})
            .between(fails(token_rejected, 2).fetching(1), fails(token_rejected, 2).fetching(1))
            .sends(fails(token_rejected, 2).fetching(1), fails(token_rejected, 2).fetching(1)),
        row("the token was revoked, and the answer with the new one is lost", {trouble(reply_lost).at(step::token)})
            .before(revoke)
            .between(delivered(2).fetching(2))
            .sends(delivered(2).fetching(2)),
        row("the token was revoked, and the second answer is lost", {fault(reply_lost).after(1)}).before(revoke)
            .between(delivered(3).fetching(1), fails(connect_failed, 2).fetching(1))
            .keyed(delivered(3).fetching(1), unknown(2, 1).fetching(1))
            .unkeyed(unknown(2, 1).fetching(1)),
    };
}

// ---- Connections that were kept
std::vector<row> kept_connections()
{
    return {
        row("an idle connection was closed").meets(connection_behaviour::pass).kept()
            .before([](stage const& s) { s.drop_connections(); })
            .between(delivered(1))
            .sends(delivered(1)),
        row("an idle connection is closed just as the request comes", {cut_before_reading}).kept()
            .between(delivered(2), delivered(2)) // is no failure, and no repetition
            .keyed(delivered(2), delivered(2))
            .unkeyed(unknown(1, 0)),
        row("an idle connection is reset just as the request comes", {cut(cut_before_reading)}).kept()
            .between(delivered(2), delivered(2))
            .keyed(delivered(2), delivered(2))
            .unkeyed(unknown(1, 0)),
        row("an idle connection breaks when the message is accepted", {reply_lost}).kept()
            .between(delivered(2), delivered(2))
            .keyed(delivered(2), delivered(2))
            .unkeyed(unknown(1, 1)),
        row("a kept connection breaks within the answer, and so was not idle", {cut_in_headers}).kept()
            .between(delivered(2).failing(1), fails(connect_failed))
            .keyed(delivered(2).failing(1), unknown(1, 1))
            .unkeyed(unknown(1, 1)),
    };
}

// ---- TLS: who the server is must be certain, and there is no second try
std::vector<row> tls()
{
    return {
        row("TLS, and all is well").tls().all(delivered(1)),
        row("closed instead of the answer, over TLS", {reply_lost}).tls()
            .reads(delivered(2), fails(connect_failed))
            .keyed(delivered(2), unknown(1, 1))
            .unkeyed(unknown(1, 1)),
        row("closed within the body of the answer, over TLS", {cut_in_body}).tls()
            .reads(delivered(2), fails(connect_failed))
            .keyed(delivered(2), unknown(1, 1))
            .unkeyed(unknown(1, 1)),
        row("the certificate is another host's").tls(certificate::wrong_host).for_good().all(fails(tls_failed, 0).connecting(1)),
        row("the certificate has expired").tls(certificate::expired).for_good().all(fails(tls_failed, 0).connecting(1)),
        row("nobody vouches for the certificate").tls_without_trust().for_good().all(fails(tls_failed, 0).connecting(1)),
        // Only a verdict about a certificate is definite: in every other handshake that ends early nothing was sent.
        row("the server speaks no TLS").tls_to_a_plain_server()
            .all(fails(connect_failed, 0).connecting(4).failing(4), fails(connect_failed, 0).connecting(1)),
        row("something answers that speaks no protocol").tls().meets(connection_behaviour::babble)
            .all(fails(connect_failed, 0).connecting(4).failing(4), fails(connect_failed, 0).connecting(1)),
        row("something answers once that speaks no protocol").tls().meets(connection_behaviour::babble, 1)
            .all(delivered(1).failing(1), fails(connect_failed, 0).connecting(1)),
        row("closed before the handshake").tls().meets(connection_behaviour::close)
            .all(fails(connect_failed, 0).connecting(4).failing(4), fails(connect_failed, 0).connecting(1)),
        row("closed before the handshake, once").tls().meets(connection_behaviour::close, 1)
            .all(delivered(1).failing(1), fails(connect_failed, 0).connecting(1)),
        row("closed within the handshake").tls().meets(connection_behaviour::hang_up)
            .all(fails(connect_failed, 0).connecting(4).failing(4), fails(connect_failed, 0).connecting(1)),
        row("closed within the handshake, once").tls().meets(connection_behaviour::hang_up, 1)
            .all(delivered(1).failing(1), fails(connect_failed, 0).connecting(1)),
        row("closed within the handshake, three times").tls().meets(connection_behaviour::hang_up, 3)
            .all(delivered(1).failing(3)),
        row("reset within the handshake").tls().meets(connection_behaviour::reset)
            .all(fails(connect_failed, 0).connecting(4).failing(4), fails(connect_failed, 0).connecting(1)),
        row("reset within the handshake, once").tls().meets(connection_behaviour::reset, 1)
            .all(delivered(1).failing(1), fails(connect_failed, 0).connecting(1)),
        row("closed within the server's half of the handshake").tls().meets(connection_behaviour::cut_answer)
            .all(fails(connect_failed, 0).connecting(4).failing(4), fails(connect_failed, 0).connecting(1)),
        row("closed within the server's half of the handshake, once").tls().meets(connection_behaviour::cut_answer, 1)
            .all(delivered(1).failing(1), fails(connect_failed, 0).connecting(1)),
        row("reset within the server's half of the handshake, once").tls().meets(connection_behaviour::reset_answer, 1)
            .all(delivered(1).failing(1), fails(connect_failed, 0).connecting(1)),
        row("a kept connection is closed, and the next one within the handshake").tls().meets(connection_behaviour::hang_up, 1).kept()
            .before([](stage const& s) { s.drop_connections(); })
            .between(delivered(1).failing(1))
            .sends(delivered(1).failing(1)),
        row("TLS through a proxy, and all is well").tls().tunnelled().all(delivered(1)),
        row("a proxy's tunnel is dropped within the handshake").tls().tunnelled().meets(connection_behaviour::hang_up)
            .all(fails(connect_failed, 0).connecting(4).failing(4), fails(connect_failed, 0).connecting(1)),
        row("a proxy's tunnel is dropped within the handshake, once").tls().tunnelled().meets(connection_behaviour::hang_up, 1)
            .all(delivered(1).failing(1), fails(connect_failed, 0).connecting(1)),
        row("a proxy's tunnel is reset within the handshake, once").tls().tunnelled().meets(connection_behaviour::reset, 1)
            .all(delivered(1).failing(1), fails(connect_failed, 0).connecting(1)),
        row("a proxy's tunnel is dropped before the handshake, once").tls().tunnelled().meets(connection_behaviour::close, 1)
            .all(delivered(1).failing(1), fails(connect_failed, 0).connecting(1)),
        row("a proxy's tunnel is dropped within the server's half of the handshake, once")
            .tls().tunnelled().meets(connection_behaviour::cut_answer, 1)
            .all(delivered(1).failing(1), fails(connect_failed, 0).connecting(1)),
        row("silence within the handshake").tls().meets(connection_behaviour::swallow).hasty().all(fails(timed_out, 0).connecting(1)),
    };
}

// ---- Several at once
std::vector<row> several()
{
    return {
        row("an answer of each step is lost",
            {trouble(reply_lost).at(step::token), trouble(reply_lost).at(step::look_up), trouble(reply_lost).at(step::send)})
            .cold()
            .keyed(delivered().in_all(2, 2, 2))
            .unkeyed(unknown(1, 1).in_all(2, 2, 1)),
        row("more goes wrong than one call may repeat",
            {trouble(fault(reply_lost).times(2)).at(step::token), trouble(fault(reply_lost).times(2)).at(step::look_up)})
            .cold()
            .sends(fails(connect_failed).in_all(3, 2, 0)),
        row("an answer to the upload is lost, then one to the message",
            {reply_lost, trouble(reply_lost).at(step::send)}).only(larks | wecom)
            .upload(delivered().in_all(0, 0, 2, 2)),
        row("an answer to the upload is lost, then one to the message, which has no key",
            {reply_lost, trouble(reply_lost).at(step::send)}).only(dingtalks)
            .upload(unknown(1, 1).in_all(0, 0, 2, 1)),
        row("more goes wrong, with the token in between, than one call may repeat",
            {fault(reply_lost).times(2), refused(stale_token), trouble(fault(reply_lost).times(2)).at(step::token)})
            .look_up(fails(connect_failed).in_all(2, 3, 0)),
        row("a work notification is sent again, and dropped since the first has arrived", {reply_lost}).only(dingtalk_work)
            .boldly(unknown(2, 1)),
        row("a work notification was taken, and the answer what became of it is lost",
            {trouble(reply_lost).at(send_result)}).only(dingtalk_work)
            .unkeyed(delivered(1)),
        row("a work notification was taken, and nothing tells what became of it",
            {always(stall_in_body).at(send_result)}).only(dingtalk_work).hasty()
            .unkeyed(unknown(1, 1).in_all(0, 0, 1).because(timed_out)),
        row("an answer is lost, then the message is refused",
            {cut_before_headers, refused(not_to_this_one)}).personal()
            .keyed(unknown(2, 0), unknown(1, 0))
            .unkeyed(unknown(1, 0)),
        row("an answer is lost, then there is no such person", {cut_before_headers, refused(no_such_person)})
            .cold() // nobody was remembered who may have changed
            .keyed(unknown(2, 0).in_all(1, 1, 2), unknown(1, 0).in_all(1, 1, 1))
            .unkeyed(unknown(1, 0).in_all(1, 1, 1)),
        row("an answer is lost, then the platform fails in its own words", {reply_lost, refused(system_failure, 0)})
            .keyed(unknown(4, 1), unknown(1, 1))
            .unkeyed(unknown(1, 1)),
        row("an answer is lost, then the way is closed", {reply_lost, fault(refuse_connection).after(1).times(0)})
            .keyed(unknown(1, 1), unknown(1, 1))
            .unkeyed(unknown(1, 1)),
        row("an answer is lost, then the platform throttles beyond the deadline",
            {reply_lost, fault(throttle).wait_seconds(3600).times(0)}).only(larks)
            .keyed(unknown(2, 1)),
        row("throttled, then an answer is lost", {fault(throttle).wait_seconds(0), reply_lost}).only(larks)
            .reads(delivered(3), fails(rate_limited))
            .keyed(delivered(3), fails(rate_limited))
            .unkeyed(unknown(2, 1), fails(rate_limited)),
    };
}
// clang-format on

} // namespace

std::vector<row> const& rows()
{
    static auto const table = [] {
        std::vector<row> out;
        for (auto const part : {no_connection, ends, lost_answers, silence, odd_answers, no_answers, refusals,
                                throttling, tokens, kept_connections, tls, several})
            for (auto& r : part())
                out.push_back(std::move(r));
        return out;
    }();
    return table;
}

} // namespace test
