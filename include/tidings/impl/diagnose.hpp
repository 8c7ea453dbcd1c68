// Checks whether messages to people would be delivered, without sending one.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_DIAGNOSE_HPP
#define TIDINGS_IMPL_DIAGNOSE_HPP

#include <tidings/detail/failure.hpp>
#include <tidings/diagnosis.hpp>
#include <tidings/impl/call.hpp>
#include <tidings/impl/chain.hpp>
#include <tidings/impl/context.hpp>
#include <tidings/impl/lookup.hpp>
#include <tidings/impl/usable.hpp>
#include <tidings/wire/diagnostic.hpp>
#include <tidings/wire/procedure.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0::detail {

/// The findings that every platform has.
namespace findings {
inline constexpr stored_remedy not_encrypted{"the connection is not encrypted, since the base URL begins with http://",
                                             "连接未加密，因为服务地址以 http:// 开头"};
inline constexpr stored_remedy token_issued{"the platform issued an access token", "平台已签发访问令牌"};
inline constexpr stored_remedy no_address{"no address was given", "未指定收件人"};
inline constexpr stored_remedy nothing_shows_it{"nothing shows it", "无从得知"};
inline constexpr stored_remedy used_as_it_is{"it is used as it is; whether it exists shows only when a message is sent",
                                             "直接使用该地址；是否存在只有发送时才能知道"};
inline constexpr stored_remedy found{"the platform finds the person", "平台可以找到此人"};
inline constexpr stored_remedy found_otherwise{
    "the platform finds nobody by this field, and finds the person by another one",
    "按此字段找不到任何人，按另一字段可以找到此人"};

/// @param did     What was not done: "not checked".
/// @param failed  The check whose failure is the reason.
inline finding_text because_failed(remedy_text const& did, std::string_view failed)
{
    return {std::string(did.english) + ", because the check \"" + std::string(failed) + "\" failed",
            std::string(did.chinese) + "，因为“" + std::string(check::title_of(failed, language::chinese)) +
                "”检查未通过"};
}
inline constexpr stored_remedy not_checked{"not checked", "未检查"};
inline constexpr stored_remedy not_looked_up{"not looked up", "未查找"};
inline constexpr stored_remedy not_found_out{"not found out", "无法得知"};
} // namespace findings

/// What an access token, or a failure to get one, shows on every platform.
inline void record_token(result<void> const& outcome, bool over_tls, wire::diagnostic const& platform, diagnosis& out)
{
    if (!over_tls)
        out.unknown(check::tls, findings::not_encrypted);
    if (outcome)
    {
        out.pass(check::reachable);
        if (over_tls)
            out.pass(check::tls);
        out.pass(check::credentials, findings::token_issued);
        return;
    }
    auto const& why = outcome.error();
    bool const connected = why != condition::connection || why == errc::tls_failed;
    if (!platform.fail(why, out))
        out.fail(check::credentials, why); // whatever the reason, there is no token
    if (connected && why != errc::invalid_argument && why != errc::cancelled)
        out.pass(check::reachable);
    if (connected && over_tls && why != errc::tls_failed && why != errc::invalid_argument && why != errc::cancelled)
        out.pass(check::tls);
}

/// The checks that every diagnosis has.
///
/// @param has_people  Whether there are people to look up.
inline void add_missing_checks(diagnosis& out, bool has_people)
{
    std::string_view blocker;
    for (auto const& c : out.checks())
        if (c.status() == check_status::fail && blocker.empty() && c.id() != check::recipient && c.id() != check::range)
            blocker = c.id();
    for (auto const id : {check::reachable, check::tls, check::credentials, check::application, check::bot,
                          check::scopes, check::range, check::trusted_ip, check::recipient, check::limits})
        if (!out.find(id))
        {
            if (id == check::recipient && !has_people)
                out.unknown(id, findings::no_address);
            else if (blocker.empty())
                out.unknown(id, findings::nothing_shows_it);
            else
                out.unknown(id, findings::because_failed(findings::not_checked, blocker));
        }
}

/// What became of looking up an address by one match strategy.
class lookup_outcome
{
public:
    lookup_outcome(std::string to, std::string_view by) noexcept : address(std::move(to)), match(by) {}

    std::string address;
    std::string_view match;
    bool looked_up = false;
    bool left_out = false;      ///< Not looked up, since nobody can be looked up.
    bool used_as_it_is = false; ///< Messages are sent to the address without a look-up.
    result<void> outcome;
};

/// Whether nobody can be looked up after a failure of this check: another request would only wait and count.
constexpr bool stops_lookups(std::string_view id) noexcept
{
    return id == check::reachable || id == check::tls || id == check::credentials || id == check::application ||
           id == check::trusted_ip || id == check::limits;
}

/// The results for one address. An address that one strategy finds is found, whatever the others of the chain say.
///
/// @param stopped_by  The failed check that stops all look-ups. Empty: none; set when one failed.
inline void record_lookups(std::vector<lookup_outcome> const& all, std::string_view& stopped_by,
                           wire::diagnostic& platform, diagnosis& out)
{
    bool const found =
        std::any_of(all.begin(), all.end(), [](lookup_outcome const& l) { return l.looked_up && l.outcome; });
    for (auto const& l : all)
    {
        check_result row(check::recipient, check_status::unknown, findings::used_as_it_is);
        if (l.left_out)
            row.finding(findings::because_failed(findings::not_looked_up, stopped_by));
        else if (l.outcome && l.looked_up)
            row = check_result(check::recipient, check_status::pass, findings::found);
        // A message would be sent without this look-up and without its permission.
        else if (!l.outcome && !(l.used_as_it_is && l.outcome.error() == errc::permission_missing))
        {
            auto const& why = l.outcome.error();
            auto const concerned = platform.concerned(why);
            bool const elsewhere = concerned != check::recipient && concerned != check::range;
            if (concerned != check::recipient)
                platform.fail(why, out);
            if (stopped_by.empty() && stops_lookups(concerned))
                stopped_by = concerned;
            if (!concerned.empty() && elsewhere)
                row.finding(findings::because_failed(findings::not_found_out, concerned));
            else if (found)
                row.finding(findings::found_otherwise);
            else
                row = check_result(check::recipient, why);
        }
        if (l.looked_up && (l.outcome || !found))
            platform.record_lookup(l.outcome, out);
        out.add(std::move(row.about(l.address, l.match)));
    }
}

template<class Match>
struct names_of_match
{
    static std::vector<std::string_view> get() { return std::vector<std::string_view>(1, Match::name); }
};
template<class... Links>
struct names_of_match<match::first_of<Links...>>
{
    static std::vector<std::string_view> get() { return {Links::name...}; }
};

/// The names of the match strategies that an address may be of.
template<class Match>
std::vector<std::string_view> match_names()
{
    return names_of_match<Match>::get();
}

template<class Context>
struct diagnose
{
    using Provider = typename Context::provider_type;
    using state = typename Context::state;
    using recipient = typename Context::recipient;
    using lookups = lookup<Context>;

    /// Whether the platform can find out to whom an address belongs.
    template<class M>
    static constexpr bool can_look_up()
    {
        if constexpr (Context::template is_recipient<M>)
            return false;
        else
            return looks_up<Provider, M> || finds_by_scan<Provider, M>;
    }

    /// @param by      The names of the match strategies.
    /// @param people  Addresses.
    template<class Match>
    static boost::asio::awaitable<result<diagnosis>> run(std::shared_ptr<state const> self,
                                                         std::vector<std::string_view> by, std::vector<Match> people,
                                                         call_options how)
    {
        diagnosis out;
        in_flight::guard counted;
        if (auto const begun = self->begin(how.deadline(), counted); !begun)
        {
            if (begun.error() == errc::cancelled) // the notifier is closed
                co_return begun.error();
            out.fail(check::settings, begun.error());
            add_missing_checks(out, !people.empty());
            co_return out;
        }
        try
        {
            auto platform = Provider::diagnostic_of(*self->app, std::move(by));
            call connecting(self->engine->deadline(how.deadline()));
            result<void> const token = co_await self->engine->warm_up(connecting);
            if (!token && token.error() == errc::cancelled)
                co_return token.error();
            record_token(token, self->engine->is_encrypted(), platform, out);
            if (token)
            {
                while (auto* const operation = platform.next())
                {
                    wire::just only(*operation);
                    call c(self->engine->deadline(how.deadline()));
                    result<void> const outcome = co_await self->engine->perform(only, c);
                    if (!outcome && outcome.error() == errc::cancelled)
                        co_return outcome.error();
                    platform.record(outcome, out);
                }
                std::string_view stopped_by;
                for (auto const& who : people)
                {
                    result<void> const looked_up = co_await look_up_all(self, who, how, stopped_by, platform, out);
                    if (!looked_up)
                        co_return looked_up.error();
                }
                platform.finish(out);
            }
            add_missing_checks(out, !people.empty());
        }
        catch (boost::system::system_error const& e)
        {
            co_return Context::checking(cancelled_or_rethrow(e));
        }
        co_return out;
    }

private:
    template<class M>
    static std::string address_of(M const& who)
    {
        if constexpr (Context::template is_recipient<M>)
            return std::string(std::string_view(who.id()));
        else
            return std::string(std::string_view(who.view()));
    }

    template<class M>
    static bool is_valid(M const* link)
    {
        return link && Context::check_address(*link).has_value();
    }

    /// Looks up an address by each strategy that it can be an address of.
    template<class M>
    static boost::asio::awaitable<result<void>> look_up_all(std::shared_ptr<state const> self, M const& who,
                                                            call_options how, std::string_view& stopped_by,
                                                            wire::diagnostic& platform, diagnosis& out)
    {
        std::vector<lookup_outcome> outcomes;
        bool const requests = stopped_by.empty();
        if constexpr (is_chain<M> || is_any_match<M>)
        {
            auto const length = chain_length(who);
            std::size_t last = length; // of the links that count
            for (std::size_t i = 0; i != length; ++i)
                if (visit_link(who, i, [](auto const* link) { return is_valid(link); }))
                    last = i;
            bool const any_valid = last != length;
            for (std::size_t i = 0; i != length; ++i)
            {
                // Of the strategies of a chain, those count of which the address is one.
                if (any_valid && !visit_link(who, i, [](auto const* link) { return is_valid(link); }))
                    continue;
                auto next = visit_link(who, i, [&]<class Link>(Link const* link) {
                    return look_up_link<Link>(self, link, how, requests, i == last, outcomes);
                });
                result<void> const done = co_await std::move(next);
                if (!done)
                    co_return done.error();
            }
            if (outcomes.empty()) // no link has an address
            {
                outcomes.emplace_back(address_of(who), M::name);
                outcomes.back().outcome = Context::checking(Context::check_address(who).error());
            }
        }
        else
        {
            result<void> const done = co_await look_up_link<M>(self, &who, how, requests, true, outcomes);
            if (!done)
                co_return done.error();
        }
        // A match strategy keeps an address in a form of its own; people know it as it was given.
        if constexpr (is_any_match<M>)
            for (auto& each : outcomes)
                each.address = std::string(who.written_for(each.match));
        record_lookups(outcomes, stopped_by, platform, out);
        co_return result<void>();
    }

    /// @param link      Null: the address was not given in this form.
    /// @param requests  Whether to make requests.
    /// @param is_last   No other link follows: an address that the platform takes as it is, is not looked up to send.
    template<class Link>
    static boost::asio::awaitable<result<void>> look_up_link(std::shared_ptr<state const> self, Link const* link,
                                                             call_options how, bool requests, bool is_last,
                                                             std::vector<lookup_outcome>& out)
    {
        if (!link)
            co_return result<void>();
        std::string_view kind = "recipient";
        if constexpr (requires { Link::name; })
            kind = Link::name;
        lookup_outcome own(address_of(*link), kind);
        if constexpr (addresses_directly<Provider, Link>)
            own.used_as_it_is = is_last && lookups::template uses_directly<Link>(false);
        if (auto const valid = Context::check_address(*link); !valid)
            own.outcome = Context::checking(valid.error());
        else if (can_look_up<Link>() && !requests)
            own.left_out = true;
        else if constexpr (can_look_up<Link>())
        {
            call c(self->engine->deadline(how.deadline()));
            result<recipient> const found = co_await lookups::look_up(self, *link, c);
            if (!found && found.error() == errc::cancelled)
                co_return found.error();
            own.looked_up = true;
            if (!found)
                own.outcome = found.error();
        }
        out.push_back(std::move(own));
        co_return result<void>();
    }
};

/// What reaches the state of a notifier.
struct diagnosis_access
{
    template<class Notifier, class Match>
    static boost::asio::awaitable<result<diagnosis>> run(Notifier const& with, std::vector<std::string_view> by,
                                                         std::vector<Match> people, call_options how)
    {
        return diagnose<typename Notifier::context>::run(with.state_, std::move(by), std::move(people), how);
    }
};

} // namespace tidings::inline v0::detail

#endif
