// Sends the messages about events, to each person by each route.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SUBSCRIPTION_DISPATCHER_HPP
#define TIDINGS_SUBSCRIPTION_DISPATCHER_HPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/impl/completion.hpp>
#include <tidings/impl/in_parallel.hpp>
#include <tidings/message/localized.hpp>
#include <tidings/result.hpp>
#include <tidings/subscription/delivery.hpp>
#include <tidings/subscription/delivery_log.hpp>
#include <tidings/subscription/event.hpp>
#include <tidings/subscription/holding.hpp>
#include <tidings/subscription/people.hpp>
#include <tidings/subscription/people_source.hpp>
#include <tidings/subscription/route.hpp>
#include <tidings/subscription/subscriptions.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0::subscription {

/// How a dispatcher works. Members may be left as they are.
class dispatch_options
{
public:
    dispatch_options() = default;

    /// Knows time zones. Unless set, only UTC and fixed offsets; see `time_zones` for all.
    zone_offset zones = utc_only;
    /// The language of messages to groups, and to people whose language is not known. Empty: English, or the language of
    /// the channel.
    language_tag language;
    /// A further condition on each message to a person, such as whether the organisation's plan includes the route. A
    /// message for which it returns false is not sent and has no outcome; one that is held already stays held. Unless
    /// set, there is none.
    std::function<bool(event const& what, person const& to, std::string_view route_name)> allow;
    /// The time of now. Unless set, the system's clock.
    std::function<std::chrono::sys_seconds()> now;
    /// How many messages of one route are under way at most. At least one.
    std::size_t concurrency = 32;
};

/// How a dispatcher uses a route.
class route_options
{
public:
    route_options() = default;

    /// Which settings of a person hold messages of this route: quiet hours, digests.
    hold_rules held_by;
};

/// What became of an event.
class dispatch_report
{
public:
    dispatch_report() = default;

    /// For each person, in the order of `receivers_of`, and each route, in the order of `subscriptions::routes`.
    std::vector<delivery_outcome> outcomes;
    /// Why an outcome could not be written to the log: the same event may then reach somebody twice.
    std::optional<failure> not_recorded;
};

namespace detail {

class configured_route
{
public:
    configured_route(any_route r, route_options o) noexcept : via(std::move(r)), how(o) {}

    any_route via;
    route_options how;
};

using route_table = std::map<std::string, configured_route, std::less<>>;
using outcome_sink = std::function<void(delivery_outcome const&)>;

/// An event that is dispatched, or of which messages were held.
class dispatched_event
{
public:
    dispatched_event(event e, notice m, node_description const& node, std::shared_ptr<std::string const> text) noexcept
        : what(std::move(e)), message(std::move(m)), wants(node.wants), urgent(node.urgent), document(std::move(text))
    {
    }

    event what;
    notice message;
    purpose wants;
    bool urgent;
    std::shared_ptr<std::string const> document; ///< Of an event of which something is held.
};

/// Messages that are held, and the events that they are about, each read once.
class held_messages
{
public:
    TIDINGS_DECL held_messages(std::vector<held_delivery> all_held, std::span<type_description const> types);

    config::checked<event> const& event_of(held_delivery const& one) const
    {
        return events_.find(one.event.get())->second;
    }
    template<class F>
    void for_each_event(F f) const
    {
        for (auto const& [document, what] : events_)
            if (what)
                f(*what);
    }

    std::vector<held_delivery> all;

private:
    std::map<std::string const*, config::checked<event>> events_;
};

/// The part of a message that is about one event.
class message_part
{
public:
    message_part(delivery_id of, std::size_t event_index, std::size_t row) : id(std::move(of)), event(event_index)
    {
        rows.push_back(row);
    }

    delivery_id id;
    std::size_t event;
    std::vector<std::size_t> rows; ///< Outcomes: of a message to a group, several.
};

/// A message to one receiver.
class dispatch_job
{
public:
    dispatch_job() = default;

    std::vector<message_part> parts; ///< Several in a digest.
    std::optional<hold> held;        ///< It is not sent now.
};

/// The messages of one route.
class dispatch_lane
{
public:
    explicit dispatch_lane(any_route r) noexcept : via(std::move(r)) {}

    any_route via;
    std::vector<dispatch_job> jobs;
};

class dispatch_plan
{
public:
    dispatch_plan() = default;

    people known;
    std::vector<dispatched_event> events;
    std::vector<dispatch_lane> lanes;
    std::vector<delivery_outcome> outcomes;
    std::vector<std::size_t> settled; ///< Outcomes that are known without a message.
};

/// What a dispatcher is, apart from its policies.
class dispatch_setup
{
public:
    dispatch_setup(subscriptions s, dispatch_options o) : rules(std::move(s)), how(std::move(o)) {}

    std::chrono::sys_seconds now() const
    {
        return how.now ? how.now() : std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    }

    published<subscriptions> rules;
    published<route_table> routes{route_table()};
    dispatch_options how;
};

TIDINGS_DECL result<void> check_event(event const& what, subscriptions const& by);
TIDINGS_DECL people_query query_of(event const& what, subscriptions const& by);
TIDINGS_DECL dispatch_plan plan_event(dispatch_setup const& setup, event what, subscriptions const& by, people known);
/// @param all  Events that cannot be read have their outcomes in the plan.
TIDINGS_DECL dispatch_plan plan_release(dispatch_setup const& setup, held_messages held, subscriptions const& by,
                                        people known);
TIDINGS_DECL people_query query_of(held_messages const& held);
/// @param parts  Of the job, those that are sent: at least one.
/// The key of a message about several events depends on all of them. The same parts in another order have the same one.
TIDINGS_DECL idempotency_key key_of(std::vector<message_part const*> const& parts);
TIDINGS_DECL notification notification_of(dispatch_setup const& setup, dispatch_plan const& plan,
                                          std::vector<message_part const*> const& parts, audience reaches);
TIDINGS_DECL failure log_failure_of(std::exception_ptr const& thrown);
TIDINGS_DECL failure route_failure_of(std::exception_ptr const& thrown);
/// Of a message that has not been sent yet.
TIDINGS_DECL failure preparation_failure_of(std::exception_ptr const& thrown);

/// The outcome of something that is the user's own, which may throw: also when it is called.
///
/// @param start  `boost::asio::awaitable<result<T>>()`
template<class T, class Start, class F>
boost::asio::awaitable<result<T>> guarded(Start start, F failure_of)
{
    std::exception_ptr thrown;
    result<T> outcome = failure(errc::cancelled);
    try
    {
        outcome = co_await start();
    }
    catch (...)
    {
        thrown = std::current_exception();
    }
    if (thrown)
        co_return failure_of(thrown);
    co_return outcome;
}

} // namespace detail

/// Sends the messages about events: to the people that an event concerns, by the default route and by the routes that the
/// subscriptions add, each for itself.
///
/// Every route works at the same time as the others, so that one that hangs or fails has no effect on them. Each message
/// has a key that depends on the event, the person and the route alone: an event that is given twice reaches nobody twice,
/// and what failed is sent again. The quiet hours and the digests of a person hold messages, and `release` sends those
/// that are due; an urgent message is never held.
///
/// @tparam People  Where people are found: `people_directory`, or a `people_source` of your own.
/// @tparam Log     What is remembered: `memory_log`, `file_log`, or a `delivery_log` of your own.
///
/// @par Executor       Everything runs on the executor given to the constructor: one thread, or a strand. The routes run
///                     on the same one.
/// @par Thread safety  Distinct objects: safe. Shared objects: `async_dispatch`, `async_release`, `rules`, `set_route` and
///                     `remove_route` may be called on any thread; `dispatch` and `release` must be awaited on the
///                     executor.
template<people_source People = people_directory, delivery_log Log = memory_log>
class dispatcher
{
public:
    using executor_type = boost::asio::any_io_executor;
    /// Called with each outcome as soon as it is known, on the executor. An exception of it ends the dispatch when all
    /// messages are sent.
    using sink = detail::outcome_sink;

    /// Has no route yet. Does no I/O.
    ///
    /// @param ex     Where everything runs. Its context outlives the dispatcher and its operations.
    /// @param rules  Who gets what by which route.
    /// @param source The people.
    /// @param log    What was sent before.
    /// @param how    See `dispatch_options`.
    dispatcher(executor_type ex, subscriptions rules, People source, Log log = Log(),
               dispatch_options how = dispatch_options())
        : state_(std::make_shared<state>(std::move(ex), std::move(rules), std::move(source), std::move(log),
                                         std::move(how)))
    {
    }

    executor_type get_executor() const noexcept { return state_->executor; }

    /// The subscriptions, to replace or to change while messages are sent. An event is dispatched by those of the moment
    /// when its dispatch began.
    published<subscriptions>& rules() noexcept { return state_->rules; }

    /// Adds a route, or replaces it. Messages that are under way go by the route that there was.
    ///
    /// @param name  "inbox", "email", "personal:lark", "webhook:ops", or a name of your own.
    /// @param r     See `delivery_route`.
    /// @param how   Which settings of a person hold its messages.
    void set_route(std::string name, any_route r, route_options how = route_options())
    {
        state_->routes.edit([&](detail::route_table& all) {
            all.insert_or_assign(std::move(name), detail::configured_route(std::move(r), how));
        });
    }
    /// Messages by this route are unconfigured from now on.
    void remove_route(std::string_view name)
    {
        state_->routes.edit([name](detail::route_table& all) {
            if (auto const found = all.find(name); found != all.end())
                all.erase(found);
        });
    }

    /// Sends the messages about an event.
    ///
    /// Finds the people, then by each route sends the messages, `dispatch_options::concurrency` at a time. A message that
    /// was delivered before, or of which that is unknown, is not sent again. A person who is concerned in several ways
    /// gets one message. A message to a group is sent once.
    ///
    /// @param what     The event, of the types of the subscriptions.
    /// @param to_sink  Called with each outcome as soon as it is known. May be empty.
    /// @returns The outcomes. A message that is not sent because its person is not bound to the channel, or because
    ///          `dispatch_options::allow` refuses it, has none.
    ///
    /// @par Object lifetimes  The operation owns what it needs; `*this` may be destroyed. The execution context outlives
    ///                        both.
    /// @par Executor          Must be awaited on `get_executor()`. On another executor use `async_dispatch`.
    /// @par Per-operation cancellation
    ///   What the awaiting coroutine lets through reaches the routes, and messages that have not begun are not sent: their
    ///   outcome is failed with `errc::cancelled`. The log is written all the same.
    /// @par Errors
    ///   Of the whole, before any message is sent: `errc::invalid_argument`: `event::parse` would refuse the event.
    ///   `errc::cancelled`. The failure of the source of people. Everything else is in the outcomes.
    /// @par Exception safety  Throws `std::bad_alloc`; what the source of people, `dispatch_options::zones`, `allow` and
    ///                        `now` throw before a message is sent; and what the sink threw. An exception of a route or
    ///                        of the log, and a later one of `now`, is the outcome of that message.
    [[nodiscard]] boost::asio::awaitable<result<dispatch_report>> dispatch(event what, sink to_sink = sink())
    {
        return dispatch_event(state_, std::move(what), std::move(to_sink));
    }

    /// Sends the messages about an event, for any completion token and from any thread.
    ///
    /// @param what     As for `dispatch`.
    /// @param to_sink  As for `dispatch`; called on `get_executor()`.
    /// @param token    Default: `boost::asio::deferred`.
    /// @returns What the token makes of the completion signature `void(result<dispatch_report>)`.
    ///
    /// @par Object lifetimes  As for `dispatch`.
    /// @par Executor
    ///   The operation runs on `get_executor()`. The handler is called on its associated executor, `get_executor()`
    ///   unless it has one; never inside this call.
    /// @par Per-operation cancellation
    ///   `terminal`, `partial` and `total` reach the routes, and messages that have not begun are not sent. The signal may
    ///   be emitted on the calling thread.
    /// @par Errors            As for `dispatch`. An exception becomes `errc::outcome_unknown`.
    /// @par Exception safety  This call throws only `std::bad_alloc`.
    /// @par Thread safety     May be called on any thread.
    template<class Token = boost::asio::deferred_t>
    [[nodiscard]] auto async_dispatch(event what, sink to_sink, Token&& token = Token())
    {
        return tidings::detail::async_run<dispatch_report>(
            get_executor(), dispatch_event(state_, std::move(what), std::move(to_sink)), std::forward<Token>(token));
    }

    /// Sends the held messages that are due: quiet hours have ended, or the time of a digest has come. The messages of a
    /// person that were held for a digest become one message of each route, or several if there are many.
    ///
    /// A message that fails stays held, and the next call sends it again. A message to a person who is not bound to the
    /// channel any more, or which `dispatch_options::allow` refuses now, stays held, too, and has no outcome. To be called
    /// now and then, such as once a minute.
    ///
    /// @param to_sink  As for `dispatch`.
    /// @returns The outcomes of the messages that were due, one for each event, person and route.
    ///
    /// @par Object lifetimes  As for `dispatch`.
    /// @par Executor          Must be awaited on `get_executor()`. On another executor use `async_release`.
    /// @par Per-operation cancellation  As for `dispatch`.
    /// @par Errors            `errc::cancelled`, and the failures of the source of people and of the log.
    /// @par Exception safety  As for `dispatch`.
    [[nodiscard]] boost::asio::awaitable<result<dispatch_report>> release(sink to_sink = sink())
    {
        return release_due(state_, std::move(to_sink));
    }

    /// Sends the held messages that are due, for any completion token and from any thread.
    ///
    /// @param to_sink  As for `dispatch`; called on `get_executor()`.
    /// @param token    Default: `boost::asio::deferred`.
    /// @returns What the token makes of the completion signature `void(result<dispatch_report>)`.
    ///
    /// @par Object lifetimes  As for `dispatch`.
    /// @par Executor          As for `async_dispatch`.
    /// @par Per-operation cancellation  As for `async_dispatch`.
    /// @par Errors            As for `release`. An exception becomes `errc::outcome_unknown`.
    /// @par Exception safety  This call throws only `std::bad_alloc`.
    /// @par Thread safety     May be called on any thread.
    template<class Token = boost::asio::deferred_t>
    [[nodiscard]] auto async_release(sink to_sink, Token&& token = Token())
    {
        return tidings::detail::async_run<dispatch_report>(get_executor(), release_due(state_, std::move(to_sink)),
                                                           std::forward<Token>(token));
    }

private:
    class state : public detail::dispatch_setup
    {
    public:
        state(executor_type ex, subscriptions s, People p, Log l, dispatch_options o)
            : dispatch_setup(std::move(s), std::move(o)), executor(std::move(ex)), source(std::move(p)),
              log(std::move(l))
        {
        }

        executor_type executor;
        People source;
        Log log;
    };

    /// One dispatch, or one release.
    class operation
    {
    public:
        operation(std::shared_ptr<state> s, detail::outcome_sink f) noexcept : self(std::move(s)), to(std::move(f)) {}

        void plan_is(detail::dispatch_plan p)
        {
            plan = std::move(p);
            is_known.resize(plan.outcomes.size());
            for (auto const row : plan.settled)
                pass_on(row);
        }
        void settle(std::size_t row, delivery_status became, std::optional<failure> why = {})
        {
            auto& outcome = plan.outcomes[row];
            outcome.status = became;
            outcome.why = std::move(why);
            pass_on(row);
        }
        void settle(detail::message_part const& part, delivery_status became, std::optional<failure> const& why = {})
        {
            for (auto const row : part.rows)
                settle(row, became, why);
        }
        /// Messages that were not begun were cancelled.
        void settle_rest()
        {
            for (std::size_t row = 0; row != is_known.size(); ++row)
                if (!is_known[row])
                    settle(row, delivery_status::failed, failure(errc::cancelled));
        }
        void pass_on(std::size_t row)
        {
            is_known[row] = true;
            if (!to)
                return;
            try
            {
                to(plan.outcomes[row]);
            }
            catch (...)
            {
                if (!thrown)
                    thrown = std::current_exception();
            }
        }

        std::shared_ptr<state> self;
        detail::outcome_sink to;
        detail::dispatch_plan plan;
        std::vector<bool> is_known; ///< For each outcome.
        std::optional<failure> not_recorded;
        std::exception_ptr thrown; ///< By the sink.
    };

    static boost::asio::awaitable<result<dispatch_report>> dispatch_event(std::shared_ptr<state> self, event what,
                                                                          sink to_sink)
    {
        operation all(self, std::move(to_sink));
        auto const rules = self->rules.get();
        if (auto const valid = detail::check_event(what, *rules); !valid)
            co_return valid.error();
        auto const query = detail::query_of(what, *rules);
        auto known = co_await find_people(*self, query);
        if (!known)
            co_return known.error();
        all.plan_is(detail::plan_event(*self, std::move(what), *rules, *std::move(known)));
        co_await deliver_all(all);
        co_return report_of(all);
    }

    static boost::asio::awaitable<result<dispatch_report>> release_due(std::shared_ptr<state> self, sink to_sink)
    {
        operation all(self, std::move(to_sink));
        auto const rules = self->rules.get();
        auto const ask = [&log = self->log] { return log.held(); };
        auto held = co_await detail::guarded<std::vector<held_delivery>>(ask, detail::log_failure_of);
        if (!held)
            co_return held.error();
        detail::held_messages messages(*std::move(held), rules->types());
        auto const query = detail::query_of(messages);
        auto known = co_await find_people(*self, query);
        if (!known)
            co_return known.error();
        all.plan_is(detail::plan_release(*self, std::move(messages), *rules, *std::move(known)));
        co_await deliver_all(all);
        co_return report_of(all);
    }

    static boost::asio::awaitable<result<people>> find_people(state& self, people_query const& query)
    {
        result<people> known = failure(errc::cancelled);
        try
        {
            known = co_await self.source.find(query);
        }
        catch (boost::system::system_error const& e)
        {
            if (e.code() != boost::asio::error::operation_aborted)
                throw;
        }
        co_return known;
    }

    static result<dispatch_report> report_of(operation& all)
    {
        if (all.thrown)
            std::rethrow_exception(all.thrown);
        dispatch_report out;
        out.outcomes = std::move(all.plan.outcomes);
        out.not_recorded = std::move(all.not_recorded);
        return out;
    }

    static boost::asio::awaitable<void> deliver_all(operation& all)
    {
        auto const lanes = all.plan.lanes.size();
        try
        {
            co_await tidings::detail::in_parallel(all.self->executor, lanes, lanes, [&all](std::size_t i) {
                return deliver_lane(all, all.plan.lanes[i]);
            });
        }
        catch (boost::system::system_error const& e)
        {
            if (e.code() != boost::asio::error::operation_aborted)
                throw;
        }
        all.settle_rest();
    }

    static boost::asio::awaitable<void> deliver_lane(operation& all, detail::dispatch_lane& lane)
    {
        co_await tidings::detail::in_parallel(
            all.self->executor, lane.jobs.size(), all.self->how.concurrency,
            [&all, &lane](std::size_t i) { return deliver_job(all, lane.via, lane.jobs[i]); });
    }

    static boost::asio::awaitable<void> deliver_job(operation& all, any_route& via, detail::dispatch_job& job)
    {
        namespace this_coro = boost::asio::this_coro;
        // The log is written to the end, also when the messages are cancelled.
        co_await this_coro::reset_cancellation_state(boost::asio::enable_total_cancellation(),
                                                     boost::asio::disable_cancellation());
        co_await this_coro::throw_if_cancelled(false);
        std::vector<begun_message> begun;
        if (job.held)
            co_await hold_back(all, job);
        else
            co_await begin(all, job, begun);
        bool cancelled = is_cancelled(co_await this_coro::cancellation_state);
        for (auto const& message : begun)
        {
            result<receipt> outcome = failure(errc::cancelled);
            if (auto const what = prepare(all, via, message, outcome); what && !cancelled)
            {
                co_await this_coro::reset_cancellation_state(boost::asio::enable_total_cancellation());
                co_await this_coro::throw_if_cancelled(true);
                auto const start = [&via, &what] { return via.deliver(*what); };
                try
                {
                    outcome = co_await detail::guarded<receipt>(start, detail::route_failure_of);
                }
                catch (...) // there is no memory to begin with
                {
                    outcome = detail::preparation_failure_of(std::current_exception());
                }
                cancelled = is_cancelled(co_await this_coro::cancellation_state);
                co_await this_coro::throw_if_cancelled(false);
                co_await this_coro::reset_cancellation_state(boost::asio::enable_total_cancellation(),
                                                             boost::asio::disable_cancellation());
            }
            co_await end(all, message.parts, outcome);
            cancelled = cancelled || is_cancelled(co_await this_coro::cancellation_state);
        }
        co_await this_coro::reset_cancellation_state(boost::asio::enable_total_cancellation());
        co_await this_coro::throw_if_cancelled(true);
        if (cancelled) // ends this worker
            throw boost::system::system_error(boost::asio::error::operation_aborted);
    }

    static bool is_cancelled(boost::asio::cancellation_state const& now) noexcept
    {
        return now.cancelled() != boost::asio::cancellation_type::none;
    }

    static boost::asio::awaitable<void> hold_back(operation& all, detail::dispatch_job const& job)
    {
        for (auto const& part : job.parts)
        {
            held_delivery const held(part.id, *job.held, all.plan.events[part.event].document);
            auto const start = [&log = all.self->log, &held] { return log.hold(held); };
            auto const kept = co_await detail::guarded<attempt>(start, detail::log_failure_of);
            if (!kept)
                all.settle(part, delivery_status::failed, kept.error());
            else if (*kept == attempt::kind::done)
                all.settle(part, delivery_status::already);
            else
            {
                for (auto const row : part.rows)
                    all.plan.outcomes[row].until = job.held->until;
                all.settle(part, delivery_status::held);
            }
        }
    }

    /// A message that the log has begun.
    class begun_message
    {
    public:
        begun_message() = default;

        std::vector<detail::message_part const*> parts;
        /// Of the attempt that was interrupted. None: there was no such attempt.
        std::optional<idempotency_key> key;
        std::chrono::sys_seconds since{}; ///< When that attempt began.
    };

    /// Begins the parts of a job: those that were never sent become one message, and those that were interrupted are
    /// those messages again that they were parts of.
    static boost::asio::awaitable<void> begin(operation& all, detail::dispatch_job const& job,
                                              std::vector<begun_message>& out)
    {
        std::vector<detail::message_part const*> parts;
        for (auto const& part : job.parts)
            parts.push_back(&part);
        auto const key = detail::key_of(parts);
        std::vector<bool> is_begun(parts.size());
        std::exception_ptr thrown;
        try
        {
            for (std::size_t i = 0; i != parts.size(); ++i)
            {
                auto const& part = *parts[i];
                auto const start = [&log = all.self->log, &part, &key] { return log.begin(part.id, key); };
                auto const begun = co_await detail::guarded<attempt>(start, detail::log_failure_of);
                is_begun[i] = begun && !(*begun == attempt::kind::done);
                if (is_begun[i])
                    add(out, *begun, part);
                else if (begun)
                    all.settle(part, delivery_status::already);
                else
                    all.settle(part, delivery_status::failed, begun.error());
            }
        }
        catch (...) // memory ran out
        {
            thrown = std::current_exception();
        }
        if (!thrown)
            co_return;
        for (std::size_t i = 0; i != parts.size(); ++i)
            if (is_begun[i])
                co_await record(all, parts[i]->id, delivery_status::failed);
        std::rethrow_exception(thrown);
    }

    static void add(std::vector<begun_message>& to, attempt const& begun, detail::message_part const& part)
    {
        auto message = std::find_if(to.begin(), to.end(), [&begun](begun_message const& m) {
            return begun.key ? m.key && m.key->view() == begun.key->view() : !m.key;
        });
        if (message == to.end())
        {
            message = to.emplace(to.end());
            message->key = begun.key;
            message->since = begun.since;
        }
        message->since = std::min(message->since, begun.since);
        message->parts.push_back(&part);
    }

    /// The notification for the route. None, if the message is not sent: `outcome` has the reason.
    static std::optional<notification> prepare(operation const& all, any_route& via, begun_message const& message,
                                               result<receipt>& outcome)
    {
        try
        {
            if (message.key && !may_repeat(all, via, message))
            {
                outcome =
                    make_failure(errc::outcome_unknown, "a run before was interrupted while it sent the message, and "
                                                        "sent again it could be there twice");
                return std::nullopt;
            }
            auto out = detail::notification_of(*all.self, all.plan, message.parts, via.reaches());
            out.was_interrupted = message.key.has_value();
            return out;
        }
        catch (...)
        {
            outcome = detail::preparation_failure_of(std::current_exception());
            return std::nullopt;
        }
    }

    /// Whether a message that was interrupted is delivered once when it is sent again.
    static bool may_repeat(operation const& all, any_route const& via, begun_message const& message)
    {
        // The same key for another message would have the platform drop one of them.
        if (detail::key_of(message.parts).view() != message.key->view())
            return false;
        auto const limit = via.repeats_safely_for();
        if (limit == std::chrono::seconds::max())
            return true;
        auto const now = all.self->now(); // before `since`: the clock was put back, and the time between is not known
        return message.since <= now && now - message.since <= limit;
    }

    static boost::asio::awaitable<void> end(operation& all, std::vector<detail::message_part const*> const& sent,
                                            result<receipt> const& outcome)
    {
        auto const became = outcome                                 ? delivery_status::delivered
                            : outcome.error() == condition::unknown ? delivery_status::unknown
                                                                    : delivery_status::failed;
        for (auto const* const part : sent)
        {
            co_await record(all, part->id, became);
            if (outcome)
                for (auto const row : part->rows)
                    all.plan.outcomes[row].message_id = outcome->message_id();
            std::optional<failure> why;
            if (!outcome)
                why = outcome.error();
            all.settle(*part, became, why);
        }
    }

    static boost::asio::awaitable<void> record(operation& all, delivery_id const& id, delivery_status became)
    {
        auto const start = [&log = all.self->log, &id, became] { return log.end(id, became); };
        result<void> kept;
        try
        {
            kept = co_await detail::guarded<void>(start, detail::log_failure_of);
        }
        catch (...) // memory ran out
        {
            kept = tidings::detail::failure_of(std::current_exception());
        }
        if (!kept && !all.not_recorded)
            all.not_recorded = kept.error();
    }

    std::shared_ptr<state> state_;
};

} // namespace tidings::inline v0::subscription

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/subscription/impl/dispatcher.ipp>
#endif

#endif
