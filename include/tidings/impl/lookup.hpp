// Finds out to whom an address belongs.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_LOOKUP_HPP
#define TIDINGS_IMPL_LOOKUP_HPP

#include <tidings/concepts.hpp>
#include <tidings/detail/background.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/detail/on_executor.hpp>
#include <tidings/detail/wait.hpp>
#include <tidings/directory/detail/people_index.hpp>
#include <tidings/impl/call.hpp>
#include <tidings/impl/chain.hpp>
#include <tidings/impl/context.hpp>
#include <tidings/impl/lookup_queue.hpp>
#include <tidings/impl/observe.hpp>
#include <tidings/impl/usable.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <array>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace tidings::inline v0::detail {

template<class Context>
struct lookup
{
    using Provider = typename Context::provider_type;
    using Addressing = typename Context::addressing_type;
    using state = typename Context::state;
    using recipient = typename Context::recipient;
    using content_t = typename Context::content_t;
    using time_point = typename Context::time_point;
    using duration = typename Context::duration;

    /// Whether `M` is used as it is.
    ///
    /// @param sure  Only if that finds out that nobody has the address.
    template<class M>
    static constexpr bool uses_directly(bool sure) noexcept
    {
        return !looks_up<Provider, M> || (!sure && (Addressing::prefers_direct || resolves_by_itself<Provider, M>));
    }

    /// Whether `M` is found in an index of the whole directory.
    template<class M>
    static constexpr bool scans_for = finds_by_scan<Provider, M> && !looks_up<Provider, M>;

    /// Tells the observer how an address became a recipient.
    template<class M>
    static void report_resolved(state const& self, event::source from, error_code error = {}) noexcept
    {
        observe<event::person_resolved>(self.observer, [&] {
            event::person_resolved e;
            e.platform = platform_name_of<Provider>();
            e.match = M::name;
            e.source = from;
            e.error = error;
            return e;
        });
    }

    /// The look-up of a person who was not found: reported to the observer, with what the look-up knows of it.
    template<class M>
    static failure not_found(state const& self, event::source from, failure const& why, unsigned requests)
    {
        report_resolved<M>(self, from, why.code());
        bool const remembered = from == event::source::remembered;
        return Context::operation(remembered ? "look up person (remembered)" : "look up person", requests)(why);
    }

    /// Without I/O: the address itself, or what the directory remembers. Nothing when it has to be looked up.
    ///
    /// @param sure  An address is used as it is only if that finds out that nobody has it.
    template<class M>
    static std::optional<result<recipient>> try_cached(state const& self, M const& who, bool& from_memory,
                                                       bool sure = false)
    {
        if constexpr (Context::template is_recipient<M>)
            return who;
        else if constexpr (is_any_match<M>)
        {
            if (!who.is_single())
                return std::nullopt;
            return who.visit([&](auto const& link) { return try_cached(self, link, from_memory, sure); });
        }
        else if constexpr (!is_chain<M>)
        {
            if constexpr (addresses_directly<Provider, M>)
                if (uses_directly<M>(sure))
                {
                    report_resolved<M>(self, event::source::direct);
                    return Provider::direct(who);
                }
            if constexpr (scans_for<M>)
            {
                auto const now = self.engine->clock().now();
                auto const index = self.addressing.entry_for(self.key)->peek(now).token;
                if (index)
                {
                    from_memory = is_worth_reading_anew(self, *index, now);
                    return owner_of(self, *index, who);
                }
            }
            else if constexpr (looks_up<Provider, M>)
            {
                auto const known = self.people->find(M::name, who.view(), self.engine->clock().now());
                if (known.what() != remembered::kind::nothing)
                {
                    from_memory = true;
                    if (known.what() == remembered::kind::person)
                    {
                        report_resolved<M>(self, event::source::remembered);
                        return Provider::recipient_from_id(known.id());
                    }
                    return not_found<M>(self, event::source::remembered, Provider::not_found_error(match_title<M>()),
                                        0);
                }
            }
        }
        return std::nullopt;
    }

    template<class M>
    static void forget(state const& self, M const& who)
    {
        if constexpr (Context::template is_recipient<M>)
            return;
        else if constexpr (is_chain<M> || is_any_match<M>)
            who.for_each([&self](auto const& link) { forget(self, link); });
        else if constexpr (scans_for<M>)
        {
            // Somebody else may have read it meanwhile.
            auto const now = self.engine->clock().now();
            auto const entry = self.addressing.entry_for(self.key);
            auto const index = entry->peek(now).token;
            if (index && is_worth_reading_anew(self, *index, now))
                entry->drop(index);
        }
        else
            self.people->forget(M::name, who.view());
    }

    /// With I/O.
    template<class M>
    static boost::asio::awaitable<result<recipient>> look_up(std::shared_ptr<state const> self, M const& who, call& c)
    {
        if constexpr (Context::template is_recipient<M>)
            co_return who;
        else if constexpr (is_chain<M>)
        {
            result<recipient> found = co_await resolve_chain(self, who, c);
            co_return found;
        }
        else if constexpr (scans_for<M>)
        {
            result<recipient> found = co_await search_index(self, who, c);
            co_return found;
        }
        else if constexpr (!looks_up<Provider, M>)
        {
            report_resolved<M>(*self, event::source::direct);
            co_return Provider::direct(who); // used directly, without a look-up
        }
        else
        {
            result<recipient> found = failure(errc::cancelled);
            if constexpr (shares_requests<M>)
                found = co_await look_up_with_others(self, who, c);
            else
                found = co_await look_up_alone(self, who, c);
            co_return found;
        }
    }

    /// The same for an address whose kind was chosen at run time.
    template<class M>
        requires is_any_match<M>
    static boost::asio::awaitable<result<recipient>> look_up(std::shared_ptr<state const> self, M const& who, call& c)
    {
        if (!who.is_single())
            return resolve_chain(std::move(self), who, c);
        return who.visit([&](auto const& link) { return look_up(self, link, c); });
    }

    /// Whether one request finds several people who have an address of this kind.
    template<class M>
    static constexpr bool shares_requests = [] {
        if constexpr (looks_up<Provider, M> && std::copy_constructible<M>)
            return Provider::template finder<M>::max_batch > 1;
        else
            return false;
    }();

    /// With one request for at most as many people as the platform permits.
    ///
    /// @param address_of  `address_of(i)` is an address, which outlives the look-up.
    /// @param remembers   `remembers(i)`: whether the directory is given this person. Called if they are found.
    /// @param settle      `settle(i, result)` is called for each of them if the look-up succeeds.
    template<class M, class AddressOf, class Remembers, class Settle>
    static boost::asio::awaitable<result<void>> look_up_together(std::shared_ptr<state const> self, std::size_t count,
                                                                 AddressOf address_of, Remembers remembers,
                                                                 Settle settle, call& c)
    {
        typename Provider::template finder<M> find(*self->app);
        for (std::size_t i = 0; i != count; ++i)
            find.add(address_of(i));
        auto const before = c.requests;
        result<void> const done = co_await self->engine->perform(find, c);
        auto const now = self->engine->clock().now();
        for (std::size_t i = 0; done && i != count; ++i)
            settle(i, answer_for(*self, find, i, address_of(i), c.requests - before, remembers, now));
        // Also what the platform puts as a refusal: asking again for nobody is what some of them punish.
        if (!done && count == 1 && done.error() == errc::recipient_not_found)
            self->people->keep(M::name, address_of(0).view(), {}, now);
        co_return done;
    }

    template<class M>
    static boost::asio::awaitable<result<recipient>> look_up_alone(std::shared_ptr<state const> self, M const& who,
                                                                   call& c)
    {
        result<recipient> found = failure(errc::cancelled);
        auto const address_of = [&who](std::size_t) -> M const& { return who; };
        auto const settle = [&found](std::size_t, result<recipient> outcome) { found = std::move(outcome); };
        auto const remembers = [&c](std::size_t) { return c.remembers(); };
        result<void> const done = co_await look_up_together<M>(self, 1, address_of, remembers, settle, c);
        if (!done)
        {
            report_resolved<M>(*self, event::source::looked_up, done.error().code());
            co_return done.error();
        }
        co_return found;
    }

    /// With one request for all whose look-up begins in this turn of the loop. Without others, as if alone.
    template<class M>
    static boost::asio::awaitable<result<recipient>> look_up_with_others(std::shared_ptr<state const> self,
                                                                         M const& who, call& c)
    {
        using queue_type = lookup_queue<M, recipient>;
        auto& queue = self->lookups.template of<queue_type>();
        typename queue_type::waiter own(queue, self->engine->executor(), who, c);
        auto const start = [&self](std::shared_ptr<typename queue_type::group> const& together) {
            tidings::detail::start(self->engine->executor(), look_up_group<M>(self, together),
                                   std::make_unique<group_end<M>>(self, together));
        };
        failure why;
        auto const before = c.requests;
        if (own.divides())
            co_await boost::asio::post(self->engine->executor(), boost::asio::use_awaitable);
        for (bool in_time = true;;)
        {
            auto const cancellation = co_await boost::asio::this_coro::cancellation_state;
            if (!own.is_settled() && cancellation.cancelled() != boost::asio::cancellation_type::none)
                why = own.leave(errc::cancelled);
            else if (!own.is_settled() && !in_time)
                why = own.leave(make_failure(errc::timed_out, "while the person was looked up"));
            if (why.code().failed() && c.requests == before) // the request waits for a token
                why = self->engine->in_view_of_the_fetch(why);
            if (own.divides()) // whatever becomes of this one: the others rely on it
                queue.divide(own, Provider::template finder<M>::max_batch, start);
            if (why.code().failed() || own.is_settled())
                break;
            own.timer.expires_at(c.deadline);
            co_await expiry_of(own.timer);
            in_time = std::chrono::steady_clock::now() < c.deadline;
        }
        if (why.code().failed())
        {
            report_resolved<M>(*self, event::source::looked_up, why.code());
            co_return Context::operation("look up person", c.requests)(why);
        }
        if (own.outcome())
            co_return *own.outcome();
        result<recipient> found = co_await look_up_alone(self, who, c);
        co_return found;
    }

    template<class M>
    static boost::asio::awaitable<boost::system::error_code> look_up_group(
        std::shared_ptr<state const> self, std::shared_ptr<typename lookup_queue<M, recipient>::group> all)
    {
        auto const address_of = [&all](std::size_t i) -> M const& { return all->address(i); };
        auto const remembers = [&all](std::size_t i) { return all->remembers(i); };
        auto const settle = [&all](std::size_t i, result<recipient> const& found) { all->settle(i, found); };
        result<void> const done =
            co_await look_up_together<M>(self, all->size(), address_of, remembers, settle, all->budget);
        // A refusal that may be about one address is not given to all: each is asked for alone.
        bool const may_concern_one =
            !done && (done.error() == condition::recipient || done.error() == condition::message ||
                      done.error() == errc::platform_error || done.error() == errc::invalid_argument);
        if (done || (may_concern_one && all->size() > 1))
            co_return boost::system::error_code();
        for (std::size_t i = 0; i != all->size(); ++i)
        {
            report_resolved<M>(*self, event::source::looked_up, done.error().code());
            all->settle(i, done.error());
        }
        co_return boost::system::error_code();
    }

    /// Runs after the look-up of a group, whether it ends or is lost.
    template<class M>
    class group_end final : public coroutine_end
    {
    public:
        using group_ptr = std::shared_ptr<typename lookup_queue<M, recipient>::group>;

        group_end(std::shared_ptr<state const> self, group_ptr all)
            : self_(std::move(self)), counted_(self_->engine->count()), all_(std::move(all))
        {
        }
        ~group_end() override { all_->dissolve(); }

        boost::asio::cancellation_slot slot() const noexcept override { return all_->stop.slot(); }

        /// Those whose outcome is not known look for themselves, also after an exception: then it is theirs.
        void operator()(std::exception_ptr, boost::system::error_code) override {}

    private:
        std::shared_ptr<state const> self_;
        in_flight::guard counted_;
        group_ptr all_;
    };

    /// What a look-up that succeeded says of one of those it asked for. Remembered, unless it names several people.
    ///
    /// @param requests  It took so many.
    /// @param now       When the answer came.
    template<class Finder, class M, class Remembers>
    static result<recipient> answer_for(state const& self, Finder const& find, std::size_t i, M const& who,
                                        unsigned requests, Remembers const& remembers, time_point now)
    {
        if constexpr (requires { find.is_ambiguous(i); })
            if (find.is_ambiguous(i))
                return not_found<M>(self, event::source::looked_up, several_people(), requests);
        std::string_view const id = find.id_of(i);
        // An address that nobody has is remembered in any case.
        if (id.empty() || remembers(i))
            self.people->keep(M::name, who.view(), id, now);
        if (id.empty())
            return not_found<M>(self, event::source::looked_up, Provider::not_found_error(match_title<M>()), requests);
        report_resolved<M>(self, event::source::looked_up);
        return Provider::recipient_from_id(id);
    }

    /// The index of the whole directory, read if need be.
    template<class M>
    static boost::asio::awaitable<result<recipient>> search_index(std::shared_ptr<state const> self, M const& who,
                                                                  call& c)
    {
        auto const entry = self->addressing.entry_for(self->key);
        auto const begun = std::chrono::steady_clock::now();
        auto const limit = begun + self->addressing.limit();
        using pointer = std::shared_ptr<people_index const>;
        std::function<boost::asio::awaitable<result<pointer>>()> const read = [&self, limit] {
            return read_directory<M>(self, limit);
        };
        result<pointer> index = co_await entry->obtain(read, self->engine->clock().now(), limit);
        if (!index)
        {
            report_resolved<M>(*self, event::source::scanned, index.error().code());
            co_return index.error();
        }
        // That was not the call's time.
        if (c.deadline != time_point::max())
            c.deadline += std::chrono::steady_clock::now() - begun;
        co_return owner_of(*self, **index, who);
    }

    template<class M>
    static result<recipient> owner_of(state const& self, people_index const& index, M const& who)
    {
        std::string_view id;
        failure why;
        switch (index.find(who.view(), id))
        {
        case people_index::lookup_result::one:
            report_resolved<M>(self, event::source::scanned);
            return Provider::recipient_from_id(id);
        case people_index::lookup_result::several:
            why = make_failure(errc::ambiguous_recipient, "several people of the directory have it");
            break;
        case people_index::lookup_result::nobody: why = Provider::not_found_error(match_title<M>()); break;
        }
        return not_found<M>(self, event::source::scanned, why, 0);
    }

    /// Whether the index may be read again because it names a person who no longer exists. Not for each person who left
    /// in the same hour: a scan is many calls.
    static bool is_worth_reading_anew(state const& self, people_index const& index, time_point now)
    {
        return now - (index.expires() - self.addressing.lifetime()) >= std::chrono::hours(1);
    }

    template<class M>
    static boost::asio::awaitable<result<std::shared_ptr<people_index const>>> read_directory(
        std::shared_ptr<state const> self, time_point limit)
    {
        typename Provider::template scan<M> scan(*self->app, self->addressing.calls_per_second());
        call c(limit);
        result<void> const done = co_await self->engine->perform(scan, c);
        if (!done)
            co_return done.error();
        auto index = std::make_shared<people_index>(scan.take_index());
        index->expires(self->engine->clock().now() + self->addressing.lifetime());
        co_return std::shared_ptr<people_index const>(std::move(index));
    }

    /// One link of a chain. Nothing is returned for a link that was not given or is no address: the report has it.
    ///
    /// @param sure  Another link that was given follows.
    template<class Link>
    static std::optional<boost::asio::awaitable<result<recipient>>> resolve_link(
        std::shared_ptr<state const> const& self, Link const* link, bool sure, call& c, chain_report& report)
    {
        if (!link)
            report.add(match_title<Link>(), failure(errc::invalid_recipient), "not given");
        else if (auto const valid = Context::check_address(*link); !valid)
            report.add(match_title<Link>(), valid.error());
        else
            return find(self, *link, sure, c);
        return std::nullopt;
    }

    /// Link after link, until one finds the person.
    template<class Chain>
    static boost::asio::awaitable<result<recipient>> resolve_chain(std::shared_ptr<state const> self, Chain const& who,
                                                                   call& c)
    {
        chain_report report;
        auto const length = chain_length(who);
        std::size_t last = length;
        while (last != 0 && !visit_link(who, last - 1, [](auto const* link) { return link != nullptr; }))
            --last;
        for (std::size_t i = 0; i != length; ++i)
        {
            std::string_view name;
            auto asked = visit_link(who, i, [&]<class Link>(Link const* link) {
                name = match_title<Link>();
                return resolve_link(self, link, i + 1 < last, c, report);
            });
            if (!asked)
                continue;
            result<recipient> found = failure(errc::cancelled);
            try
            {
                found = co_await std::move(*asked);
            }
            catch (boost::system::system_error const& e)
            {
                found = Context::operation("look up person", 0)(cancelled_or_rethrow(e));
            }
            if (!found && is_given_up(found.error()))
                co_return report.in_view_of_links(found.error());
            if (found || !tries_next_link(found.error()))
                co_return found;
            report.add(name, found.error());
        }
        co_return report.result(Context::operation("look up person", 0));
    }

    /// The remembered person, or the result of a look-up.
    template<class M>
    static boost::asio::awaitable<result<recipient>> find(std::shared_ptr<state const> self, M const& who, bool sure,
                                                          call& c)
    {
        c.from_memory = false;
        if (auto known = try_cached(*self, who, c.from_memory, sure))
            co_return *std::move(known);
        result<recipient> found = co_await look_up(self, who, c);
        co_return found;
    }

    template<class Match>
    static boost::asio::awaitable<result<recipient>> identify(std::shared_ptr<state const> self, Match who,
                                                              call_options how)
    {
        in_flight::guard counted;
        if (auto const begun = self->begin(how.deadline(), counted); !begun)
            co_return Context::checking(begun.error());
        if (auto const valid = Context::check_address(who); !valid)
            co_return Context::final_failure(*self, valid.error(), who);
        bool from_memory = false;
        try
        {
            result<recipient> found = failure(errc::cancelled);
            if (auto known = try_cached(*self, who, from_memory))
                found = *std::move(known);
            else
            {
                call c(self->engine->deadline(how.deadline()));
                found = co_await look_up(self, who, c);
            }
            if (!found)
                co_return Context::final_failure(*self, found.error(), who);
            co_return found;
        }
        catch (boost::system::system_error const& e)
        {
            co_return Context::checking(cancelled_or_rethrow(e));
        }
    }
};

} // namespace tidings::inline v0::detail

#endif
