// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "sending.hpp"

#include "../tools/interruption.hpp"

#include <tidings/impl/derived_key.hpp>
#include <tidings/impl/in_parallel.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <exception>
#include <iterator>
#include <optional>
#include <ranges>
#include <span>
#include <utility>
#include <variant>
#include <vector>

namespace tidings_send {

namespace td = tidings;
namespace asio = boost::asio;

namespace {

constexpr std::size_t concurrency = 8;

/// How many people are sent to together: so many may be in doubt when the program is killed. Enough for one request of
/// DingTalk's work notifications, and for two of its bot.
std::size_t window_of(tools::channel_choice const& channel)
{
    constexpr std::size_t usual = 40;
    constexpr std::size_t large = 100;
    return channel.platform().name == "dingtalk_work" ? large : usual;
}

bool is_wecom(tools::channel_choice const& channel)
{
    return channel.platform().name == "wecom";
}

bool has_attachment(order const& what)
{
    return std::holds_alternative<td::image>(what.message) || std::holds_alternative<td::file>(what.message);
}

td::any_address address_of(recipient const& p)
{
    return td::any_address(p.person.to);
}

class work
{
public:
    /// @param window    How many people are sent to together where there is a file of results.
    /// @param one_each  Whether each person has a request of their own.
    work(td::any_notifier& notify, order const& what, report& out, tools::interruption const& stop,
         results_file* results, std::size_t window, bool one_each) noexcept
        : notify_(notify), what_(what), out_(out), stop_(stop), results_(results), window_(window), one_each_(one_each)
    {
    }

    asio::awaitable<void> run()
    {
        co_await asio::this_coro::throw_if_cancelled(false);
        out_.add_doubtful();
        if (what_.resolve)
            co_await resolve();
        else if (one_each_)
            co_await send_one_each();
        else
            co_await send();
    }

private:
    bool may_continue() const { return !stop_.happened() && !out_.wrong_for_everybody(); }

    std::span<recipient const> people() const
    {
        return std::span(what_.people)
            .subspan(static_cast<std::size_t>(std::distance(
                what_.people.begin(), std::find_if(what_.people.begin(), what_.people.end(), [](recipient const& p) {
                    return p.in_doubt != doubt::permanent;
                }))));
    }

    /// Before the people from `begin` on are sent to.
    void intend(std::span<recipient const> all, std::size_t begin)
    {
        if (results_)
            results_->intend(all.subspan(begin, std::min(window_, all.size() - begin)));
    }

    asio::awaitable<void> send()
    {
        auto const all = people();
        auto const more = [this](std::size_t) { return may_continue(); };
        // Nobody of a window is sent to before all of it has been read.
        auto const next = [this, all](std::size_t i) {
            if (i % window_ == 0)
                intend(all, i);
            auto const& p = all[i];
            return p.person.language.empty()
                       ? td::recipient_of<td::any_address>(address_of(p))
                       : td::recipient_of<td::any_address>(address_of(p), td::language_tag(p.person.language));
        };
        auto to =
            std::views::iota(std::size_t(0), all.size()) | std::views::take_while(more) | std::views::transform(next);
        auto const sink = [this](std::size_t, td::any_address const&, td::result<td::receipt> const& outcome) {
            out_.add(outcome);
        };
        td::send_each_options how;
        how.key(what_.message_key).concurrency(concurrency);
        if (results_)
            how.window(window_);
        std::optional<std::string> lost;
        try
        {
            td::result<td::send_summary> const done =
                co_await notify_.send_each(std::move(to), what_.message, sink, std::move(how));
            add_rest(done ? td::failure() : done.error());
        }
        catch (results_problem const& e)
        {
            lost = e.what();
        }
        if (lost)
            give_up(*lost);
    }

    /// WeCom compares whole requests, so that a request to several people could not be repeated for one of them.
    asio::awaitable<void> send_one_each()
    {
        auto const all = people();
        std::optional<std::string> lost;
        for (std::size_t begin = 0; begin < all.size() && may_continue(); begin += window_)
        {
            try
            {
                intend(all, begin);
            }
            catch (results_problem const& e)
            {
                lost = e.what();
            }
            if (lost)
                break;
            auto const some = all.subspan(begin, std::min(window_, all.size() - begin));
            std::vector<std::optional<td::result<td::receipt>>> outcomes(some.size());
            co_await td::detail::in_parallel(notify_.get_executor(), some.size(), concurrency,
                                             [&](std::size_t i) { return send_one(some[i], outcomes[i]); });
            for (auto const& outcome : outcomes)
                out_.add(outcome ? *outcome : td::result<td::receipt>(td::failure(td::errc::cancelled)));
        }
        if (lost)
            give_up(*lost);
        else
            add_rest(td::failure());
    }

    asio::awaitable<void> send_one(recipient const& p, std::optional<td::result<td::receipt>>& out)
    {
        td::send_options how(td::detail::derived_key(what_.message_key, {p.person.id}));
        if (!p.person.language.empty())
            how.language(td::language_tag(p.person.language));
        td::result<td::receipt> outcome = co_await notify_.send(address_of(p), what_.message, std::move(how));
        out = std::move(outcome);
    }

    asio::awaitable<void> resolve()
    {
        for (auto const& p : what_.people)
        {
            if (!may_continue())
                break;
            td::result<td::any_recipient> const found = co_await notify_.resolve(address_of(p));
            if (found)
                out_.add(td::receipt({}, found->id(), 0));
            else
                out_.add(found.error());
        }
        add_rest(td::failure());
    }

    void add_rest(td::failure why)
    {
        if (stop_.happened() && !why.code())
            why = td::errc::cancelled;
        else if (auto const* const everybody = out_.wrong_for_everybody())
            why = *everybody;
        out_.add_rest(why);
    }

    void give_up(std::string const& why)
    {
        out_.results_lost(why);
        out_.add_rest(td::errc::cancelled);
    }

    td::any_notifier& notify_;
    order const& what_;
    report& out_;
    tools::interruption const& stop_;
    results_file* results_;
    std::size_t window_;
    bool one_each_;
};

} // namespace

repetition repetition_of(order const& what, tools::channel_choice const& channel)
{
    std::string const title(channel.platform().title);
    if (!channel.platform().idempotency_keys)
        return {false, title + " knows no idempotency keys"};
    if (is_wecom(channel) && has_attachment(what))
        return {false, title + " knows no idempotency keys for pictures and files of another run"};
    if (is_wecom(channel) && td::detail::is_same_name(channel.match().front(), "chat_id"))
        return {false, title + " knows no idempotency keys for chats"};
    return {true, {}};
}

std::size_t continue_run(order& what, results_file const& before, repetition const& again)
{
    using namespace std::chrono;
    constexpr seconds max_age = minutes(30);
    auto const now = duration_cast<seconds>(system_clock::now().time_since_epoch());
    std::size_t delivered = 0;
    std::vector<recipient> people; // first those in permanent doubt
    std::vector<recipient> others;
    for (auto& p : what.people)
    {
        if (before.is_delivered(p.person.id))
        {
            ++delivered;
            continue;
        }
        if (auto const since = before.in_doubt_since(p.person.id))
        {
            auto const age = now - seconds(*since);
            bool const in_time = age >= seconds(0) && age <= max_age;
            p.in_doubt = again.is_safe && in_time ? doubt::repeatable : doubt::permanent;
            p.reason =
                "an interrupted run may have delivered it; it is not sent again, since " +
                (!again.is_safe ? again.problem : "that was more than half an hour ago, and platforms forget the key");
        }
        (p.in_doubt == doubt::permanent ? people : others).push_back(std::move(p));
    }
    people.insert(people.end(), std::make_move_iterator(others.begin()), std::make_move_iterator(others.end()));
    what.people = std::move(people);
    return delivered;
}

exit_code send_to_everybody(asio::io_context& io, td::any_notifier notifier, tools::channel_choice const& channel,
                            order const& what, results_file* results)
{
    std::optional<td::any_notifier> notify(std::move(notifier));
    report out(what, channel.platform().idempotency_keys, results);
    tools::interruption stop(io, std::string(out.shows_progress() ? progress_bar::erasing : "") +
                                     "tidings-send: stopping; what is under way is waited for\n");
    bool const one_each = results && is_wecom(channel) && repetition_of(what, channel).is_safe;
    work all(*notify, what, out, stop, results, window_of(channel), one_each);
    std::exception_ptr thrown;
    asio::co_spawn(io, all.run(), asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr e) {
                       thrown = e;
                       stop.end();
                       notify.reset();
                   }));
    io.run();
    if (thrown)
        std::rethrow_exception(thrown);
    return out.finish();
}

} // namespace tidings_send
