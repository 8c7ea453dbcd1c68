// Sends one message to many recipients.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_SEND_EACH_HPP
#define TIDINGS_IMPL_SEND_EACH_HPP

#include <tidings/concepts.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/detail/on_executor.hpp>
#include <tidings/impl/call.hpp>
#include <tidings/impl/chain.hpp>
#include <tidings/impl/completion.hpp>
#include <tidings/impl/context.hpp>
#include <tidings/impl/derived_key.hpp>
#include <tidings/impl/in_parallel.hpp>
#include <tidings/impl/lookup.hpp>
#include <tidings/impl/send.hpp>
#include <tidings/receipt.hpp>
#include <tidings/send_each.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <memory_resource>
#include <new>
#include <optional>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace tidings::inline v0::detail {

/// What becomes of an exception of the sink or of the range.
enum class on_exception
{
    rethrow,
    report ///< The call ends with a failure, since a completion handler gets no exception.
};

/// The remedy where the caller's own code ended a call for many people.
inline constexpr stored_remedy send_to_the_others{
    "Correct the code that threw. The sink was called for each person who was sent to: send only to the others.",
    "请修正抛出异常的代码。已发送的每个人都已通知回调函数：请只向其余的人发送。"};

/// How far a call for many people came.
struct send_progress
{
    send_summary count;
    std::size_t max_remembered;      ///< How many more people the directory is given.
    char const* user_code = nullptr; ///< The caller's own code that threw, or that is running.

    /// The failure of a call that the caller's own code ended. Each outcome has been reported to the sink.
    failure ended_by(std::exception_ptr const& thrown, std::string_view platform) const
    {
        bool const nothing_was_sent = count.delivered == 0 && count.unknown == 0;
        auto facts = new_facts();
        facts->platform = platform;
        facts->operation = "send to many";
        facts->detail = user_code + (" threw" + text_of(thrown)) + "; delivered: " + std::to_string(count.delivered) +
                        ", failed: " + std::to_string(count.failed) + ", unknown: " + std::to_string(count.unknown) +
                        "; nothing was sent to the others";
        facts->remedy = &send_to_the_others;
        return {nothing_was_sent ? errc::cancelled : errc::partly_delivered, std::move(facts)};
    }
};

template<class Context>
struct sending_each
{
    using Provider = typename Context::provider_type;
    using Addressing = typename Context::addressing_type;
    using state = typename Context::state;
    using recipient = typename Context::recipient;
    using content_t = typename Context::content_t;
    using time_point = typename Context::time_point;
    using duration = typename Context::duration;
    using lookup = detail::lookup<Context>;
    using send_one = sending<Context>;
    using rendered_message = typename send_one::rendered_message;

    /// How long one of many requests may wait for its turn: longer than any limit that is counted by the minute.
    static constexpr std::chrono::minutes batch_queue_timeout{2};

    static constexpr failure_context sending_message = Context::operation("send message", 0);

    /// One person of a window, and how far they came.
    template<class Match>
    struct entry
    {
        explicit entry(recipient_of<Match> p) : person(std::move(p)) {}

        recipient_of<Match> person;
        bool from_memory = false;
        bool stale = false; ///< The remembered id no longer exists.
        std::optional<result<recipient>> to;
        std::optional<result<receipt>> outcome;
    };
    template<class Match>
    using window = std::vector<entry<Match>>;

    /// The first person in the window with this address. Only the first link of a chain identifies it before the
    /// look-up, and another link may find the person; therefore chains are all looked up.
    template<class Match>
    static std::size_t same_address(std::pmr::unordered_map<std::string_view, std::size_t>& first_with,
                                    Match const& who, std::size_t i)
    {
        if constexpr (is_chain<Match> || Context::template is_recipient<Match>)
            return i;
        else if constexpr (is_any_match<Match>)
            return who.is_single() ? first_with.try_emplace(who.view(), i).first->second : i;
        else
            return first_with.try_emplace(who.view(), i).first->second;
    }

    /// How many people of this kind of address are looked up with one call.
    template<class M>
    static std::size_t max_batch_of(M const& who)
    {
        if constexpr (is_any_match<M>)
            return who.is_single() ? who.visit([](auto const& link) { return max_batch_of(link); }) : 1;
        else if constexpr (looks_up<Provider, M>)
            return Provider::template finder<M>::max_batch;
        else
            return 1;
    }

    /// How many of the people whom one call looks up are remembered. Half of what the directory holds, if it says how
    /// much that is: a longer list would displace everybody else, and its beginning by its end.
    static std::size_t max_remembered(state const& self)
    {
        if constexpr (requires { self.people->max_entries(); })
            return self.people->max_entries() - self.people->max_entries() / 2;
        else
            return std::numeric_limits<std::size_t>::max();
    }

    /// Looks up those of the window whose id is not at hand, in the platform's batches.
    ///
    /// @param requests  How many there will be to send to all of them.
    template<class Match>
    static boost::asio::awaitable<void> identify_all(std::shared_ptr<state const> self, window<Match>& people,
                                                     std::size_t requests, send_each_options const& how,
                                                     send_progress& progress)
    {
        std::vector<std::vector<std::size_t>> batches;
        std::pmr::monotonic_buffer_resource memory;
        // One that stands twice is looked up once.
        std::pmr::unordered_map<std::string_view, std::size_t> first_with(people.size(), &memory);
        std::vector<std::pair<std::size_t, std::size_t>> same;
        for (std::size_t i = 0; i != people.size(); ++i)
        {
            auto& item = people[i];
            auto const& who = item.person.who();
            if (auto const valid = Context::check_address(who); !valid)
                item.outcome = valid.error();
            else if (auto known = lookup::try_cached(*self, who, item.from_memory))
                item.to = *std::move(known);
            else if (auto const first = same_address(first_with, who, i); first != i)
                same.emplace_back(i, first);
            else
            {
                if (batches.empty() || batches.back().size() >= max_batch_of(who))
                    batches.emplace_back();
                batches.back().push_back(i);
            }
        }
        auto const connections = std::min(how.concurrency(), requests) / std::max<std::size_t>(batches.size(), 1);
        co_await in_parallel(self->engine->executor(), batches.size(), how.concurrency(), [&](std::size_t i) {
            return identify_batch(self, people, batches[i], connections, how, progress);
        });
        for (auto const& batch : batches)
            for (auto const i : batch)
                if (!people[i].to) // cancelled before their turn
                    people[i].to = failure(errc::cancelled);
        for (auto const& [i, original] : same)
            people[i].to = people[original].to;
    }

    /// Looks up people with one call.
    template<class Match>
    static boost::asio::awaitable<void> identify_together(std::shared_ptr<state const> self, window<Match>& people,
                                                          std::vector<std::size_t> const& members, call& c)
    {
        auto const& first = people[members.front()].person.who();
        if constexpr (is_any_match<Match>) // those of one call are of one kind
            return first.visit(
                [&](auto const& link) { return identify_with_finder(std::move(self), people, members, c, link); });
        else
            return identify_with_finder(std::move(self), people, members, c, first);
    }

    template<class Match, class Link>
    static boost::asio::awaitable<void> identify_with_finder(std::shared_ptr<state const> self, window<Match>& people,
                                                             std::vector<std::size_t> const& members, call& c,
                                                             Link const&)
    {
        if constexpr (looks_up<Provider, Link>)
        {
            auto const address_of = [&people, &members](std::size_t n) -> Link const& {
                return link_as<Link>(people[members[n]].person.who());
            };
            auto const settle = [&people, &members](std::size_t n, result<recipient> found) {
                people[members[n]].to = std::move(found);
            };
            auto const remembers = [&c](std::size_t) { return c.remembers(); };
            result<void> const done = co_await lookup::template look_up_together<Link>(self, members.size(), address_of,
                                                                                       remembers, settle, c);
            for (std::size_t n = 0; !done && n != members.size(); ++n)
            {
                lookup::template report_resolved<Link>(*self, event::source::looked_up, done.error().code());
                people[members[n]].to = done.error();
            }
        }
        co_return;
    }

    /// @param connections  How many of those that the whole window needs are this call's share.
    template<class Match>
    static boost::asio::awaitable<void> identify_batch(std::shared_ptr<state const> self, window<Match>& people,
                                                       std::vector<std::size_t> const& members, std::size_t connections,
                                                       send_each_options const& how, send_progress& progress)
    {
        call c(self->engine->deadline(how.deadline()));
        c.connections = std::max<std::size_t>(connections, 1);
        c.max_remembered = &progress.max_remembered;
        failure why(errc::cancelled);
        try
        {
            if (members.size() > 1)
            {
                co_await identify_together(self, people, members, c);
                co_return;
            }
            for (auto const i : members)
            {
                result<recipient> found = co_await lookup::look_up(self, people[i].person.who(), c);
                people[i].to = std::move(found);
                people[i].from_memory = c.from_memory;
            }
            co_return;
        }
        catch (boost::system::system_error const& e)
        {
            why = cancelled_or_rethrow(e);
        }
        for (auto const i : members)
            if (!people[i].to)
                people[i].to = why;
    }

    /// Some people of a window who get the same content in one call.
    ///
    /// @tparam Sender  How it is sent: `Provider`, or `Provider::batch`.
    template<class Sender, class Match>
    static boost::asio::awaitable<void> send_batch(std::shared_ptr<state const> self, window<Match>& people,
                                                   std::span<std::size_t const> members, content_t const& content,
                                                   send_each_options const& how, key_derivation const& keys)
    {
        failure why(errc::cancelled);
        bool tried = false;
        try
        {
            std::vector<recipient> several;
            if (members.size() > 1)
                for (auto const i : members)
                    several.push_back(**people[i].to);
            auto const to = several.empty() ? std::span<recipient const>(&**people[members.front()].to, 1)
                                            : std::span<recipient const>(several);
            auto const key = Context::key_of(keys, to.front());
            typename Sender::delivery sending(*self->app, to, content, key.view());
            call c(self->engine->deadline(how.deadline()));
            c.queue_timeout = batch_queue_timeout;
            tried = true;
            result<void> const done = co_await self->engine->perform(sending, c);
            auto const where = Context::operation("send message", c.requests);
            for (std::size_t n = 0; n != members.size(); ++n)
            {
                auto& item = people[members[n]];
                result<void> const outcome = done ? sending.outcome(n) : done;
                if (outcome)
                    item.outcome =
                        Context::receipt_of(Context::usable_id(*self, sending.message_id()), to[n], c.requests);
                else
                    item.outcome = done ? c.log.final_failure(outcome.error(), where) : outcome.error();
            }
            for (auto const i : members)
            {
                auto& item = people[i];
                item.stale = !*item.outcome && item.from_memory && item.outcome->error() == errc::recipient_not_found;
            }
            co_return;
        }
        catch (boost::system::system_error const& e)
        {
            if (e.code() != boost::asio::error::operation_aborted)
            {
                leave_unknown(people, members, tried);
                throw;
            }
            why = cancelled_or_rethrow(e);
        }
        catch (...)
        {
            leave_unknown(people, members, tried);
            throw;
        }
        for (auto const i : members)
            if (!people[i].outcome)
                people[i].outcome = why;
    }

    /// An exception ended a request to some people: memory ran out, or a policy of the user's threw. Needs no memory.
    ///
    /// @param tried  Whether the request may have been made.
    template<class Match>
    static void leave_unknown(window<Match>& people, std::span<std::size_t const> members, bool tried) noexcept
    {
        for (auto const i : members)
            if (!people[i].outcome)
                people[i].outcome = failure(tried ? errc::outcome_unknown : errc::cancelled);
    }

    /// Sends to those of the window who were found, each person once.
    ///
    /// @param render  Renders the message for a language.
    template<class Sender, class Match>
    static boost::asio::awaitable<void> send_all(std::shared_ptr<state const> self, window<Match>& people,
                                                 std::function<rendered_message(language_tag const&)> const& render,
                                                 send_each_options const& how, key_derivation const& keys)
    {
        struct batch
        {
            std::size_t rendered_message;
            std::pmr::vector<std::size_t> members;
        };
        std::pmr::monotonic_buffer_resource memory;
        std::vector<language_tag> languages;
        std::deque<rendered_message> renderings;
        std::vector<batch> batches;
        // The batch that has room, by language and by type of recipient.
        std::map<std::pair<std::size_t, std::string_view>, std::size_t> open;
        std::pmr::unordered_map<std::pmr::string, std::size_t> first_with(people.size(), &memory);
        std::vector<std::pair<std::size_t, std::size_t>> same;
        std::vector<std::size_t> rendering_of(people.size());
        for (std::size_t i = 0; i != people.size(); ++i)
        {
            auto& item = people[i];
            if (item.outcome)
                continue;
            if (!*item.to)
            {
                item.outcome = item.to->error();
                continue;
            }
            if constexpr (!std::same_as<Sender, Provider>)
                if (auto const valid = Context::template check_recipient<Sender>(**item.to); !valid)
                {
                    item.outcome = valid.error();
                    continue;
                }
            if (auto const [at, fresh] = first_with.try_emplace(Context::identity_of(**item.to, &memory), i); !fresh)
            {
                same.emplace_back(i, at->second);
                continue;
            }
            auto const& lang = item.person.language() ? *item.person.language() : self->lang;
            auto const known = std::find(languages.begin(), languages.end(), lang);
            auto const t = static_cast<std::size_t>(known - languages.begin());
            if (known == languages.end())
            {
                languages.push_back(lang);
                renderings.push_back(render(lang));
            }
            if (!renderings[t].valid)
            {
                item.outcome = renderings[t].valid.error();
                continue;
            }
            if (auto const valid = Context::template check_pair<Sender>(*renderings[t].content, **item.to); !valid)
            {
                item.outcome = valid.error();
                continue;
            }
            auto const [type, max_count] = Context::template request_of<Sender>(**item.to);
            auto const [place, is_new] = open.try_emplace({t, type}, batches.size());
            if (is_new || batches[place->second].members.size() >= max_count)
            {
                place->second = batches.size();
                batches.push_back(batch{t, std::pmr::vector<std::size_t>(&memory)});
            }
            batches[place->second].members.push_back(i);
            rendering_of[i] = t;
        }
        // An exception is thrown at the end: until then everybody who was sent to gets an outcome.
        std::exception_ptr thrown;
        try
        {
            co_await in_parallel(self->engine->executor(), batches.size(), how.concurrency(), [&](std::size_t i) {
                return send_batch<Sender>(self, people, batches[i].members,
                                          *renderings[batches[i].rendered_message].content, how, keys);
            });
        }
        catch (...)
        {
            thrown = std::current_exception();
        }
        for (auto const& sent : batches)
            for (auto const i : sent.members)
                if (!people[i].outcome)
                    people[i].outcome = failure(errc::cancelled);

        // People with another id now are looked up again and sent to separately, unless that id has the message
        // already. The key is that of the new id, as it is when the call is repeated.
        std::vector<std::vector<std::size_t>> alone;
        try
        {
            std::vector<std::size_t> lost;
            for (std::size_t i = 0; i != people.size() && !thrown; ++i)
                if (people[i].stale)
                    lost.push_back(i);
            co_await in_parallel(self->engine->executor(), lost.size(), how.concurrency(),
                                 [&](std::size_t n) { return re_resolve(self, people[lost[n]], how); });
            auto const has_id = [&people](std::size_t i, std::string_view id) {
                auto const& to = *people[i].to;
                return to.has_value() && Context::identity_of(*to) == id;
            };
            for (auto const i : lost)
            {
                auto& item = people[i];
                if (item.stale) // cancelled before its turn: what was said before is true
                    continue;
                if (!*item.to)
                    item.outcome = item.to->error();
                else if (auto const [at, fresh] = first_with.try_emplace(Context::identity_of(**item.to, &memory), i);
                         !fresh && has_id(at->second, at->first))
                    same.emplace_back(i, at->second);
                else
                {
                    at->second = i; // perhaps in place of somebody who had that id before
                    alone.push_back({i});
                    item.outcome.reset();
                }
            }
            co_await in_parallel(self->engine->executor(), alone.size(), how.concurrency(), [&](std::size_t n) {
                return send_batch<Provider>(self, people, alone[n], *renderings[rendering_of[alone[n].front()]].content,
                                            how, keys);
            });
        }
        catch (...)
        {
            thrown = std::current_exception();
        }
        for (auto const& single : alone)
            if (!people[single.front()].outcome)
                people[single.front()].outcome = failure(errc::cancelled);
        // The latest first: who was the same at the beginning shares what became of the other at the end.
        for (auto at = same.rbegin(); at != same.rend(); ++at)
            people[at->first].outcome = people[at->second].outcome;
        if (thrown)
            std::rethrow_exception(thrown);
    }

    template<class Match>
    static boost::asio::awaitable<void> re_resolve(std::shared_ptr<state const> self, entry<Match>& item,
                                                   send_each_options const& how)
    {
        lookup::forget(*self, item.person.who());
        call c(self->engine->deadline(how.deadline()));
        result<recipient> now = co_await lookup::look_up(self, item.person.who(), c);
        item.to = std::move(now);
        item.from_memory = false;
        item.stale = false;
    }

    template<class Sender, class Match, class Range, class Sink>
    static boost::asio::awaitable<result<send_summary>> deliver_each(
        std::shared_ptr<state const> self, Range range, std::function<rendered_message(language_tag const&)> render,
        Sink sink, send_each_options how, on_exception exceptions)
    {
        in_flight::guard counted;
        if (auto const begun = self->begin(how.deadline(), counted); !begun)
            co_return Context::checking(begun.error());
        rendered_message first = render(self->lang);
        if (!first.valid)
            co_return Context::checking(first.valid.error());
        if (first.enclosed)
        {
            // Uploaded once, for all.
            try
            {
                call c(self->engine->deadline(how.deadline()));
                result<void> const enclosed = co_await send_one::upload_attachment(self, first, c);
                if (!enclosed)
                    co_return enclosed.error();
            }
            catch (boost::system::system_error const& e)
            {
                co_return Context::checking(cancelled_or_rethrow(e));
            }
            render = [content = *first.content](language_tag const&) {
                rendered_message copy;
                copy.content.emplace(content);
                return copy;
            };
        }
        // A cancelled call still tells the sink what became of those who were under way. The setting belongs to the
        // caller's coroutine, too, so it is restored whatever happens.
        bool const throws = co_await boost::asio::this_coro::throw_if_cancelled();
        co_await boost::asio::this_coro::throw_if_cancelled(false);
        send_progress progress{.count = {}, .max_remembered = max_remembered(*self)};
        std::exception_ptr thrown;
        try
        {
            co_await deliver_windows<Sender, Match>(self, std::move(range), render, sink, how, progress);
        }
        catch (...)
        {
            thrown = std::current_exception();
        }
        co_await boost::asio::this_coro::throw_if_cancelled(throws);
        if (thrown && exceptions == on_exception::report && progress.user_code && !is_out_of_memory(thrown))
            co_return progress.ended_by(thrown, platform_name_of<Provider>());
        if (thrown)
            std::rethrow_exception(thrown);
        co_return progress.count;
    }

    /// Window after window. An exception ends it when the sink knows of everybody who was sent to.
    template<class Sender, class Match, class Range, class Sink>
    static boost::asio::awaitable<void> deliver_windows(
        std::shared_ptr<state const> self, Range range,
        std::function<rendered_message(language_tag const&)> const& render, Sink& sink, send_each_options const& how,
        send_progress& progress)
    {
        auto& count = progress.count;
        // The last of a window are waited for, with less and less under way: that must be rare.
        constexpr std::size_t usual = 100;
        auto const many = std::max({usual, Sender::delivery::max_batch, 8 * std::min(how.concurrency(), usual)});
        auto const size = how.window().value_or(many);
        std::size_t index = 0;
        key_derivation const keys(how.key());
        progress.user_code = "the range";
        auto at = std::ranges::begin(range);
        auto const end = std::ranges::end(range);
        window<Match> people; // one for all: its memory is used again
        while (at != end)
        {
            auto const begun = now_for<event::delivery_settled>(self->observer);
            auto const before = co_await boost::asio::this_coro::cancellation_state;
            if (before.cancelled() != boost::asio::cancellation_type::none)
            {
                count.complete = false;
                co_return;
            }
            people.clear();
            for (; at != end && people.size() != size; ++at)
                people.emplace_back(recipient_of<Match>(*at));
            progress.user_code = nullptr;
            std::exception_ptr thrown;
            try
            {
                auto const requests = (people.size() + Sender::delivery::max_batch - 1) / Sender::delivery::max_batch;
                co_await identify_all(self, people, requests, how, progress);
                co_await send_all<Sender>(self, people, render, how, keys);
            }
            catch (...)
            {
                thrown = std::current_exception();
            }
            for (auto& item : people)
            {
                if (!item.outcome) // an exception came first
                    item.outcome = item.to && !*item.to ? item.to->error() : failure(errc::cancelled);
                observe_delivery(self->observer, platform_name_of<Provider>(), *item.outcome, begun);
                if (*item.outcome)
                    ++count.delivered;
                else if (item.outcome->error() == condition::unknown) // or in part
                    ++count.unknown;
                else
                    ++count.failed;
                if (!*item.outcome)
                {
                    // Where nothing else is known, an exception ended it.
                    auto const& where =
                        item.outcome->error() == errc::outcome_unknown ? sending_message : Context::checking;
                    item.outcome = Context::final_failure(*self, item.outcome->error(), item.person.who(), where);
                }
                using returned = std::invoke_result_t<Sink&, std::size_t, Match const&, result<receipt> const&>;
                try
                {
                    if constexpr (std::is_void_v<returned>)
                        sink(index++, item.person.who(), *item.outcome);
                    else
                        co_await sink(index++, item.person.who(), *item.outcome);
                }
                catch (...)
                {
                    if (!thrown)
                    {
                        thrown = std::current_exception();
                        progress.user_code = "the sink";
                    }
                }
            }
            if (thrown)
                std::rethrow_exception(thrown);
            progress.user_code = "the range";
        }
    }
};

} // namespace tidings::inline v0::detail

#endif
