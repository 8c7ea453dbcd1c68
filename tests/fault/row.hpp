// What a row of the fault matrix says: what goes wrong, and what is hoped for. Data only.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TESTS_FAULT_ROW_HPP
#define TIDINGS_TESTS_FAULT_ROW_HPP

#include "support/connection_behaviour.hpp"

#include <tidings/error.hpp>
#include <tidings/sandbox/server.hpp>

#include <array>
#include <chrono>
#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace test {

namespace td = tidings;

using td::errc;
using td::sandbox::fault;
using td::sandbox::fault_kind;

/// What a call asks for, in this order. A fault strikes at one of them.
enum class step
{
    token,
    look_up,
    upload, ///< Of an image, which is the message then. Otherwise that is a text, and nothing is uploaded.
    send,
    recall,  ///< Of a message that was delivered before. Besides the token, all there is to that call.
    hook,    ///< A message to a group by its custom bot, which is all there is to that call.
    batch,   ///< The message to two people with one request, in place of that to one.
    reading, ///< Who has read a message that was delivered before, and that Bob has read. Else as `recall`.
    chat     ///< A message of the application to a group, by the id of the chat: nobody is looked up.
};
inline constexpr std::array steps{step::token, step::look_up, step::upload,  step::send, step::recall,
                                  step::hook,  step::batch,   step::reading, step::chat};

/// Something of each step.
template<class T>
using by_step = std::array<T, steps.size()>;

/// Which retry policy a cell has.
enum class repeats
{
    safe,
    none,
    at_least_once
};
inline constexpr std::array<std::string_view, 3> repeats_names{"retry::safe", "retry::none", "retry::at_least_once"};

/// What a cell hopes for. That nobody gets a message twice, and that a message which failed did not arrive, goes
/// without saying: the runner knows. A recall has arrived when the message is gone, a question when it is answered.
class expectation
{
public:
    constexpr expectation(std::optional<errc> e, unsigned requests, unsigned arrivals)
        : error(e), asked(requests), got(arrivals)
    {
    }

    /// How many requests for a token there are besides.
    constexpr expectation fetching(unsigned n) const
    {
        auto out = *this;
        out.tokens = n;
        return out;
    }
    /// How often a person who gets it more than once does.
    constexpr expectation arriving(unsigned n) const
    {
        auto out = *this;
        out.got = n;
        return out;
    }
    /// What stands behind an outcome that nobody knows.
    constexpr expectation because(errc e) const
    {
        auto out = *this;
        out.cause = e;
        return out;
    }
    /// How many connections there are, where nothing else tells how often it was tried.
    constexpr expectation connecting(unsigned n) const
    {
        auto out = *this;
        out.connections = n;
        return out;
    }
    /// How many attempts failed, each of which the retry policy was asked about.
    constexpr expectation failing(unsigned n) const
    {
        auto out = *this;
        out.failures = n;
        return out;
    }
    /// Or the connection did not even come about, as it happens: then that is said, and taken for that.
    constexpr expectation or_not_connected() const
    {
        auto out = *this;
        out.or_refused = true;
        return out;
    }
    /// Requests of all steps, where a fault strikes at several of them.
    constexpr expectation in_all(unsigned token, unsigned look_up, unsigned send) const
    {
        return in_all(token, look_up, 0, send);
    }
    constexpr expectation in_all(unsigned token, unsigned look_up, unsigned upload, unsigned send) const
    {
        auto out = *this;
        out.all = {token, look_up, upload, send};
        return out;
    }

    std::optional<errc> error; ///< Nothing: delivered.
    unsigned asked;            ///< Requests of the step that the fault strikes at.
    unsigned got;              ///< How often the person got the message.
    unsigned tokens = 0;
    std::optional<errc> cause;
    std::optional<unsigned> connections;
    std::optional<unsigned> failures;
    bool or_refused = false;
    std::optional<by_step<unsigned>> all;
};

constexpr expectation delivered(unsigned asked = 1)
{
    return {std::nullopt, asked, 1};
}
constexpr expectation fails(errc e, unsigned asked = 1)
{
    return {e, asked, 0};
}
/// @param got  How often the person got the message that nobody knows of.
constexpr expectation unknown(unsigned asked, unsigned got)
{
    return {errc::outcome_unknown, asked, got};
}

/// The hopes under retry::safe and, where they differ, retry::none and retry::at_least_once.
using expectations = std::vector<std::pair<repeats, expectation>>;

/// Which platforms a row is for.
enum who : unsigned
{
    lark = 1,
    feishu = 2,
    dingtalk = 4,
    dingtalk_work = 8,
    wecom = 16,
    larks = lark | feishu,
    dingtalks = dingtalk | dingtalk_work,
    everyone = larks | dingtalks | wecom,
};

/// The same thing in each platform's own code. Empty: it has none there.
struct codes
{
    std::string_view lark;
    std::string_view dingtalk;
    std::string_view older_dingtalk;
    std::string_view wecom;
    // Of the custom bots, which have codes of their own.
    std::string_view lark_hook;
    std::string_view dingtalk_hook;
    std::string_view wecom_hook;

    constexpr std::string_view at(std::string_view path) const
    {
        return path.starts_with("/open-apis/bot/")     ? lark_hook
               : path.starts_with("/open-apis/")       ? lark
               : path.starts_with("/v1.0/")            ? dingtalk
               : path.starts_with("/topapi/")          ? older_dingtalk
               : path.starts_with("/media/")           ? older_dingtalk
               : path.starts_with("/robot/")           ? dingtalk_hook
               : path.starts_with("/cgi-bin/webhook/") ? wecom_hook
                                                       : wecom;
    }
};

/// A fault of the sandbox, and where it strikes.
struct trouble
{
    trouble(fault f) : what(std::move(f)) {} // implicit: a row is a list of faults
    trouble(fault_kind m) : what(m) {}

    /// Not at the cell's step.
    trouble at(step s) &&
    {
        where = s;
        return std::move(*this);
    }

    /// At a call that is no step of its own.
    trouble at(char const* path) &&
    {
        elsewhere = path;
        return std::move(*this);
    }

    fault what;
    codes words{};
    std::optional<step> where;
    std::string_view elsewhere;
};

/// The platform refuses with its own code.
inline trouble refused(codes const& words, int times = 1)
{
    trouble out(fault(fault_kind::refuse).times(times));
    out.words = words;
    return out;
}
inline trouble always(fault_kind m)
{
    return fault(m).times(0);
}
inline trouble page(int status, char const* body, int times = 1)
{
    return fault(fault_kind::answer).status(status).header("Content-Type", "text/html").body(body).times(times);
}

/// Where something can happen between the preparations and the call.
struct stage
{
    td::sandbox::server& server;
    std::string app_id;                                ///< What its tokens are revoked by.
    std::function<void(std::chrono::hours)> our_clock; ///< Moves it ahead.
    std::function<void()> drop_connections;            ///< Closes those that are open, if there is a relay.
    std::function<void(int)> lose_name;                ///< So many times the host name does not resolve. 0: always.
};

/// A host name that resolves until it is lost.
inline constexpr char const* losable_host = "somewhere.example";

class row
{
public:
    row(char const* n, std::vector<trouble> t = {}) : name(n), troubles(std::move(t)) {}

    row&& only(unsigned which) &&
    {
        places = which;
        return std::move(*this);
    }
    row&& token(expectation safe, std::optional<expectation> none = {}) &&
    {
        return std::move(*this).set(on_token, safe, none);
    }
    row&& look_up(expectation safe, std::optional<expectation> none = {}) &&
    {
        return std::move(*this).set(on_look_up, safe, none);
    }
    row&& upload(expectation safe, std::optional<expectation> none = {}) &&
    {
        return std::move(*this).set(on_upload, safe, none);
    }
    /// Look-up and upload: between the token and the message, and may be asked again. A question who has read a message
    /// fares like a look-up.
    row&& between(expectation safe, std::optional<expectation> none = {}) &&
    {
        return std::move(*this).look_up(safe, none).upload(safe, none);
    }
    /// Token, look-up and upload: all that may be asked again.
    row&& reads(expectation safe, std::optional<expectation> none = {}) &&
    {
        return std::move(*this).token(safe, none).between(safe, none);
    }
    /// What the platform does only once, however often it is asked: messages with a key, and recalls.
    row&& keyed(expectation safe, std::optional<expectation> none = {}) &&
    {
        return std::move(*this).set(on_keyed, safe, none);
    }
    row&& unkeyed(expectation safe, std::optional<expectation> none = {}) &&
    {
        return std::move(*this).set(on_unkeyed, safe, none);
    }
    /// Where a recall fares otherwise than a message with a key.
    row&& recall(expectation safe, std::optional<expectation> none = {}) &&
    {
        return std::move(*this).set(on_recall, safe, none);
    }
    row&& sends(expectation safe, std::optional<expectation> none = {}) &&
    {
        return std::move(*this).keyed(safe, none).unkeyed(safe, none);
    }
    row&& all(expectation safe, std::optional<expectation> none = {}) &&
    {
        return std::move(*this).reads(safe, none).sends(safe, none);
    }
    /// A message without a key, under retry::at_least_once.
    row&& boldly(expectation h) &&
    {
        on_unkeyed.emplace_back(repeats::at_least_once, h);
        return std::move(*this);
    }

    /// It has to do with the one person whom a message is for: recalls, and messages to others, know nothing of it.
    row&& personal() &&
    {
        about_a_person = true;
        return std::move(*this);
    }
    /// The call has a deadline of its own that passes; everything else is patient.
    row&& hasty() &&
    {
        limit = std::chrono::milliseconds(1000);
        return std::move(*this);
    }
    /// Connections are kept; those of the preparations are still open. Otherwise each request has a new one.
    row&& kept() &&
    {
        keeps = true;
        return std::move(*this);
    }
    /// Nothing is prepared: token, look-up and send are all in the call.
    row&& cold() &&
    {
        prepared = false;
        return std::move(*this);
    }
    /// How new connections fare.
    ///
    /// @param times  So many; those behind them reach the server. 0: all.
    row&& meets(connection_behaviour m, unsigned times = 0) &&
    {
        fares = m;
        fares_times = times;
        return std::move(*this);
    }
    /// Connections are made through a proxy, which is asked before they fare as they do.
    row&& tunnelled() &&
    {
        by_proxy = true;
        return std::move(*this);
    }
    /// From now on nothing goes to the platform or comes from it; connections that are open seem to stay so.
    row&& freezes() &&
    {
        silent = true;
        return std::move(*this);
    }
    row&& before(std::function<void(stage const&)> f) &&
    {
        prelude = std::move(f);
        return std::move(*this);
    }
    /// Over TLS; new connections are passed on to a server that shows `c`.
    row&& tls(std::optional<td::sandbox::certificate> c = {}) &&
    {
        secure = true;
        shown = c;
        return std::move(*this);
    }
    /// Over TLS; nobody vouches for the server.
    row&& tls_without_trust() &&
    {
        secure = true;
        trusts = false;
        return std::move(*this);
    }
    /// Over TLS; new connections are passed on to a server that speaks none.
    row&& tls_to_a_plain_server() &&
    {
        secure = true;
        plain_server = true;
        return std::move(*this);
    }
    /// Where the client thinks the platform is; `{port}` stands for the port.
    row&& url(char const* u) &&
    {
        address = u;
        return std::move(*this);
    }
    /// The client knows the platform by a name that can be lost.
    row&& named() &&
    {
        address = std::string("http://") + losable_host + ":{port}";
        return std::move(*this);
    }
    /// The shortest wait before a repetition.
    row&& patient(std::chrono::milliseconds base) &&
    {
        wait = base;
        return std::move(*this);
    }
    /// It does not go away: nothing more is tried afterwards.
    row&& for_good() &&
    {
        lasting = true;
        return std::move(*this);
    }

    /// @param keyed  Whether the platform does it only once, where the step is a message or a recall.
    expectations at(step s, bool keyed) const
    {
        auto out = s == step::token                          ? on_token
                   : s == step::look_up                      ? on_look_up
                   : s == step::reading                      ? on_look_up
                   : s == step::upload                       ? on_upload
                   : s == step::recall && !on_recall.empty() ? on_recall
                   : keyed                                   ? on_keyed
                                                             : on_unkeyed;
        // Where all requests are counted, those of a message to a person are; and a custom bot knows no token.
        if (s > step::send)
            std::erase_if(out, [&](auto const& c) {
                return about_a_person || c.second.all || (s == step::hook && c.second.tokens != 0);
            });
        return out;
    }
    bool relayed() const { return fares || silent || shown || plain_server || by_proxy; }

    friend std::ostream& operator<<(std::ostream& out, row const& r) { return out << r.name; }

    char const* name;
    std::vector<trouble> troubles;
    unsigned places = everyone;
    expectations on_token, on_look_up, on_upload, on_keyed, on_unkeyed, on_recall;
    bool about_a_person = false;
    std::optional<std::chrono::milliseconds> limit;
    std::chrono::milliseconds wait{1};
    bool keeps = false;
    bool prepared = true;
    std::optional<connection_behaviour> fares;
    unsigned fares_times = 0;
    bool by_proxy = false;
    bool silent = false;
    std::function<void(stage const&)> prelude;
    bool secure = false;
    bool trusts = true;
    bool plain_server = false;
    bool lasting = false;
    std::optional<td::sandbox::certificate> shown;
    std::string address;

private:
    row&& set(expectations& where, expectation safe, std::optional<expectation> none) &&
    {
        where.assign({{repeats::safe, safe}});
        if (none)
            where.emplace_back(repeats::none, *none);
        return std::move(*this);
    }
};

/// The table.
std::vector<row> const& rows();

} // namespace test

#endif
