// What a notifier does: finds people and sends, by operations that one engine performs. Knows the platform; notifiers
// of different kinds of addresses share it.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_FLOW_HPP
#define TIDINGS_IMPL_FLOW_HPP

#include <tidings/concepts.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/detail/on_executor.hpp>
#include <tidings/directory/detail/people_index.hpp>
#include <tidings/impl/any_match.hpp>
#include <tidings/impl/block_pool.hpp>
#include <tidings/impl/call.hpp>
#include <tidings/impl/chain.hpp>
#include <tidings/impl/derived_key.hpp>
#include <tidings/impl/engine.hpp>
#include <tidings/impl/in_parallel.hpp>
#include <tidings/impl/usable.hpp>
#include <tidings/message/attachment.hpp>
#include <tidings/message/long_text.hpp>
#include <tidings/receipt.hpp>
#include <tidings/send_each.hpp>
#include <tidings/send_options.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <new>
#include <optional>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace tidings::inline v0::detail {

template<class Provider, class Engine, class People, class Addressing>
class flow
{
public:
    using credentials = typename Provider::credentials;
    using recipient = typename Provider::recipient;
    using content_t = typename Provider::content;
    using time_point = call::time_point;
    using duration = call::duration;

    /// What an operation needs; shared with those in flight, so that destroying the notifier, and then the context,
    /// in the middle of them is safe.
    struct state
    {
        explicit state(typename Engine::observer_type o) : observer(std::move(o)) {}

        std::shared_ptr<credentials const> app;
        std::shared_ptr<Engine> engine;
        std::shared_ptr<People> people;
        [[no_unique_address]] std::conditional_t<Addressing::scans, Addressing, std::monostate> addressing;
        std::string key;
        language_tag lang;
        failure unusable;
        [[no_unique_address]] mutable typename Engine::observer_type observer;
        /// Of ended calls, for those to come.
        mutable block_pool memory;
    };

    static failure refuse(failure const& f)
    {
        return amend(f, [](diagnostics& facts) {
            facts.platform = platform_name_of<Provider>();
            facts.operation = "check arguments";
        });
    }

    /// Begins an operation: counted as long as what it returns lives.
    ///
    /// @param limit  The deadline of this call, if it has one.
    static result<in_flight::guard> begin(state const& self, std::optional<duration> const& limit)
    {
        if (!self.engine)
            return self.unusable;
        auto counted = self.engine->begin(limit);
        if (!counted)
            return refuse(counted.error());
        return counted;
    }

    /// A coroutine that was cancelled between two steps leaves by an exception of Asio's.
    static failure cancelled_or_rethrow(boost::system::system_error const& e)
    {
        if (e.code() != boost::asio::error::operation_aborted)
            throw;
        return refuse(errc::cancelled);
    }

    /// What a decoder found out about one person, with the facts that it does not know.
    static failure about(failure const& f, std::string_view operation, unsigned attempts)
    {
        return amend(f, [&](diagnostics& facts) {
            facts.platform = platform_name_of<Provider>();
            if (facts.operation.empty())
                facts.operation = operation;
            facts.attempts = attempts;
        });
    }

    /// The same failure, with the address or the id of the recipient if it concerns the recipient. The application's
    /// secret is removed: a program may have passed it by mistake. Without memory the failure stays as it is.
    template<class M>
    static failure with_recipient(state const& self, failure const& f, M const& who) noexcept
    {
        if (f != condition::recipient)
            return f;
        try
        {
            return amend(f, [&](diagnostics& facts) {
                if constexpr (is_recipient<M>)
                    facts.recipient = who.id();
                else
                    facts.recipient = who.view();
                redactor secrets;
                secrets.add(self.app->app_secret().reveal());
                secrets.redact(facts.recipient);
            });
        }
        catch (std::bad_alloc const&)
        {
            return f;
        }
    }

    // ---- Finding people

    /// Whether `M` is no address, but what an address becomes: it is used as it is.
    template<class M>
    static constexpr bool is_recipient = std::same_as<M, recipient>;

    /// Whether a recipient can be sent to in this way.
    template<class Sender = Provider>
    static result<void> check_recipient(recipient const& to)
    {
        if constexpr (requires { Sender::check(to); })
            return Sender::check(to);
        else if (std::string_view(to.id()).empty())
            return make_failure(errc::invalid_recipient, "the recipient is empty");
        else
            return {};
    }

    /// Whether this message can go to this recipient, where not every message can.
    template<class Sender = Provider>
    static result<void> check_pair(content_t const& what, recipient const& to)
    {
        if constexpr (requires { Sender::check(what, to); })
            return Sender::check(what, to);
        else
            return {};
    }

    /// The type of a recipient, and how many of it one request takes, where that depends on the type. Recipients of
    /// several types share no request then.
    template<class Sender>
    static std::pair<std::string_view, std::size_t> request_of(recipient const& to)
    {
        if constexpr (requires { Sender::delivery::max_batch_for(to); })
            return {to.type(), Sender::delivery::max_batch_for(to)};
        else
            return {std::string_view(), Sender::delivery::max_batch};
    }

    /// What can be wrong with an address in itself, and for this platform.
    template<class M>
    static result<void> check_address(M const& who)
    {
        if constexpr (is_recipient<M>)
            return check_recipient(who);
        else if constexpr (is_any_match<M>)
            return who.is_single() ? who.visit([](auto const& link) { return check_address(link); }) : who.check();
        else
        {
            auto valid = who.check();
            if constexpr (requires { Provider::check(who); })
                if (valid)
                    valid = Provider::check(who);
            if constexpr (addresses_directly<Provider, M>)
                if (valid)
                    valid = check_recipient(Provider::direct(who));
            return valid;
        }
    }

    /// Whether `M` is used as it is.
    ///
    /// @param sure  Only if that finds out that nobody has the address.
    template<class M>
    static constexpr bool uses_directly(bool sure) noexcept
    {
        return !looks_up<Provider, M> || (!sure && (Addressing::prefers_direct || resolves_by_itself<Provider, M>));
    }

    /// The identity of a recipient. It includes the type if there are several.
    static std::string identity_of(recipient const& to)
    {
        std::string out;
        if constexpr (requires { to.type(); })
            (out += to.type()) += ':';
        return out += to.id();
    }

    /// The same, without what makes no difference to the platform. Not for keys, which must stay the same.
    static std::string same_as_of(recipient const& to)
    {
        if constexpr (requires { Provider::identity(to); })
            return std::string(to.type()) + ':' + Provider::identity(to);
        else
            return identity_of(to);
    }

    /// Whether `M` is found in an index of the whole directory.
    template<class M>
    static constexpr bool scans_for = finds_by_scan<Provider, M> && !looks_up<Provider, M>;

    /// Tells the observer how an address became a recipient.
    template<class M>
    static void tell_resolved(state const& self, event::source from, error_code error = {}) noexcept
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

    /// Without I/O: the address itself, or what the directory remembers. Nothing when it has to be looked up.
    ///
    /// @param sure  An address is used as it is only if that finds out that nobody has it.
    template<class M>
    static std::optional<result<recipient>> try_cached(state const& self, M const& who, bool& from_memory,
                                                       bool sure = false)
    {
        if constexpr (is_recipient<M>)
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
                    tell_resolved<M>(self, event::source::direct);
                    return Provider::direct(who);
                }
            if constexpr (scans_for<M>)
            {
                auto const now = self.engine->clock().now();
                auto const index = self.addressing.slot(self.key)->peek(now).token;
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
                        tell_resolved<M>(self, event::source::remembered);
                        return Provider::recipient_from_id(known.id());
                    }
                    auto const nobody = Provider::not_found_error(match_title<M>());
                    tell_resolved<M>(self, event::source::remembered, nobody.code());
                    return about(nobody, "look up person (remembered)", 0);
                }
            }
        }
        return std::nullopt;
    }

    template<class M>
    static void forget(state const& self, M const& who)
    {
        if constexpr (is_recipient<M>)
            return;
        else if constexpr (is_chain<M> || is_any_match<M>)
            who.for_each([&self](auto const& link) { forget(self, link); });
        else if constexpr (scans_for<M>)
        {
            // Somebody else may have read it meanwhile.
            auto const now = self.engine->clock().now();
            auto const place = self.addressing.slot(self.key);
            auto const index = place->peek(now).token;
            if (index && is_worth_reading_anew(self, *index, now))
                place->drop(index);
        }
        else
            self.people->forget(M::name, who.view());
    }

    /// With I/O.
    template<class M>
    static boost::asio::awaitable<result<recipient>> look_up(std::shared_ptr<state const> self, M const& who, call& c)
    {
        if constexpr (is_recipient<M>)
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
            tell_resolved<M>(*self, event::source::direct);
            co_return Provider::direct(who); // used directly, without a look-up
        }
        else
        {
            typename Provider::template finder<M> find(*self->app);
            find.add(who);
            auto const before = c.requests;
            result<void> const done = co_await self->engine->perform(find, c);
            if (!done)
            {
                // Also what the platform puts as a refusal: asking again for nobody is what some of them punish.
                if (done.error() == errc::recipient_not_found)
                    self->people->keep(M::name, who.view(), {}, self->engine->clock().now());
                tell_resolved<M>(*self, event::source::looked_up, done.error().code());
                co_return done.error();
            }
            co_return answer_for(*self, find, 0, who, c.requests - before);
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

    /// What a look-up that succeeded says of one of those it asked for. Remembered, unless it names several people.
    template<class Finder, class M>
    static result<recipient> answer_for(state const& self, Finder const& find, std::size_t i, M const& who,
                                        unsigned requests)
    {
        if constexpr (requires { find.is_ambiguous(i); })
            if (find.is_ambiguous(i))
            {
                tell_resolved<M>(self, event::source::looked_up, errc::ambiguous_recipient);
                return about(several_people(), "look up person", requests);
            }
        std::string_view const id = find.id_of(i);
        self.people->keep(M::name, who.view(), id, self.engine->clock().now());
        if (id.empty())
        {
            auto const nobody = Provider::not_found_error(match_title<M>());
            tell_resolved<M>(self, event::source::looked_up, nobody.code());
            return about(nobody, "look up person", requests);
        }
        tell_resolved<M>(self, event::source::looked_up);
        return Provider::recipient_from_id(id);
    }

    /// The index of the whole directory, read if need be.
    template<class M>
    static boost::asio::awaitable<result<recipient>> search_index(std::shared_ptr<state const> self, M const& who,
                                                                  call& c)
    {
        auto const place = self->addressing.slot(self->key);
        auto const begun = std::chrono::steady_clock::now();
        auto const limit = begun + self->addressing.limit();
        using pointer = std::shared_ptr<people_index const>;
        std::function<boost::asio::awaitable<result<pointer>>()> const read = [&self, limit] {
            return read_directory<M>(self, limit);
        };
        result<pointer> index = co_await place->obtain(read, self->engine->clock().now(), limit);
        if (!index)
        {
            tell_resolved<M>(*self, event::source::scanned, index.error().code());
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
            tell_resolved<M>(self, event::source::scanned);
            return Provider::recipient_from_id(id);
        case people_index::lookup_result::several:
            why = make_failure(errc::ambiguous_recipient, "several people of the directory have it");
            break;
        case people_index::lookup_result::nobody: why = Provider::not_found_error(match_title<M>()); break;
        }
        tell_resolved<M>(self, event::source::scanned, why.code());
        return about(why, "look up person", 0);
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
    /// @param sure  Another link follows.
    template<class Link>
    static std::optional<boost::asio::awaitable<result<recipient>>> resolve_link(
        std::shared_ptr<state const> const& self, Link const* link, bool sure, call& c, chain_report& report)
    {
        if (!link)
            report.add(match_title<Link>(), failure(errc::invalid_recipient), "not given");
        else if (auto const valid = check_address(*link); !valid)
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
        for (std::size_t i = 0; i != length; ++i)
        {
            std::string_view name;
            auto asked = visit_link(who, i, [&]<class Link>(Link const* link) {
                name = match_title<Link>();
                return resolve_link(self, link, i + 1 != length, c, report);
            });
            if (!asked)
                continue;
            result<recipient> found = co_await std::move(*asked);
            if (found || !tries_next_link(found.error()))
                co_return found;
            report.add(name, found.error());
        }
        co_return about(report.result(), "look up person", 0);
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

    // ---- Sending

    /// A message that was checked and rendered: in one piece, in several, or why it cannot be.
    struct rendered_message
    {
        rendered_message() = default; // no aggregate: GCC 12 destroys such arguments of an awaited call twice

        result<void> valid{};
        std::optional<content_t> content;
        std::vector<content_t> parts;
        // The attachment that has to be uploaded before there is a content.
        std::unique_ptr<attachment const> enclosed;
    };

    /// Renders a message for somebody who reads `lang`.
    ///
    /// @tparam Way    How it is going to be sent: as `Provider` does, or `Provider::batch`.
    /// @param divide  Whether a long text may become several messages, if it wants to.
    template<class Sender = Provider, class Message>
    static rendered_message render(Message what, language_tag const& lang, idempotency_key const& key, bool divide)
    {
        rendered_message out;
        out.valid = check_key(key);
        if constexpr (requires { what.check(); })
            if (out.valid)
                out.valid = what.check();
        if (!out.valid)
            return out;
        if constexpr (std::derived_from<Message, attachment>)
        {
            out.valid = Provider::check_attachment(what);
            out.enclosed = std::make_unique<attachment const>(std::move(what));
            return out;
        }
        else
        {
            if constexpr (divides<Sender, Message>)
                if (divide && what.when_long() == long_text::split)
                {
                    content_t whole = Sender::content_of(what, lang);
                    out.valid = Sender::check(whole);
                    if (out.valid || out.valid.error() != errc::message_too_long)
                    {
                        out.content.emplace(std::move(whole));
                        return out;
                    }
                    out.valid = result<void>();
                    for (auto& piece : Sender::split(what, lang))
                    {
                        out.parts.push_back(Sender::content_of(Message(std::move(piece)), lang));
                        if (auto valid = Sender::check(out.parts.back()); !valid)
                            out.valid = std::move(valid);
                    }
                    return out;
                }
            out.content.emplace(Sender::content_of(std::move(what), lang));
            out.valid = Sender::check(*out.content);
            return out;
        }
    }

    /// Uploads what a letter encloses, and makes its content of the key.
    static boost::asio::awaitable<result<void>> upload_attachment(std::shared_ptr<state const> self,
                                                                  rendered_message& what, call& c)
    {
        if constexpr (requires(attachment const& a, std::string_view key) { Provider::content_of(a, key); })
        {
            auto upload = Provider::upload(*self->app, *what.enclosed);
            result<void> const done = co_await self->engine->perform(upload, c);
            if (!done)
                co_return done.error();
            what.content.emplace(Provider::content_of(*what.enclosed, upload->key()));
            what.enclosed.reset();
        }
        co_return result<void>();
    }

    /// One message to one person, on its way.
    template<class Match>
    struct send_operation
    {
        send_operation(std::shared_ptr<state const> s, Match w, rendered_message l, idempotency_key const& k,
                       std::optional<duration> const& d)
            : self(std::move(s)), who(std::move(w)), what(std::move(l)), key(k), limit(d), own(time_point())
        {
        }

        std::shared_ptr<state const> self;
        in_flight::guard counted;
        Match who;
        rendered_message what;
        idempotency_key key;
        std::optional<duration> limit; ///< The deadline of this call, if it has one.
        call own;
        call* budget = &own; ///< Of the whole call, where this is a part of one.
        bool from_memory = false;
        result<recipient> to = failure(errc::recipient_not_found);
        std::optional<typename Provider::delivery> sending;
    };

    struct pooled_delete
    {
        template<class Match>
        void operator()(send_operation<Match>* e) const noexcept
        {
            auto const home = std::move(e->self);
            std::destroy_at(e);
            home->memory.deallocate(e, sizeof(send_operation<Match>));
        }
    };
    template<class Match>
    using send_operation_ptr = std::unique_ptr<send_operation<Match>, pooled_delete>;

    template<class Match>
    static send_operation_ptr<Match> make_send_operation(std::shared_ptr<state const> self, Match who,
                                                         rendered_message what, idempotency_key const& key,
                                                         std::optional<duration> const& limit = std::nullopt)
    {
        static_assert(alignof(send_operation<Match>) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);
        auto const home = self;
        void* const at = home->memory.allocate(sizeof(send_operation<Match>));
        try
        {
            return send_operation_ptr<Match>(
                ::new (at) send_operation<Match>(std::move(self), std::move(who), std::move(what), key, limit));
        }
        catch (...)
        {
            home->memory.deallocate(at, sizeof(send_operation<Match>));
            throw;
        }
    }

    /// The steps before a message can be sent: the look-up, the upload.
    template<class Match>
    static boost::asio::awaitable<void> resolve_and_upload(send_operation<Match>& e)
    {
        if (auto known = try_cached(*e.self, e.who, e.from_memory))
            e.to = *std::move(known);
        else
        {
            e.to = co_await look_up(e.self, e.who, *e.budget);
            e.from_memory = e.budget->from_memory;
        }
        if (e.to && e.what.enclosed)
        {
            result<void> const enclosed = co_await upload_attachment(e.self, e.what, *e.budget);
            if (!enclosed)
                e.to = enclosed.error();
        }
    }

    /// Whether it is ready without I/O.
    template<class Match>
    static bool is_ready(send_operation<Match>& e)
    {
        if (e.what.enclosed)
            return false;
        auto known = try_cached(*e.self, e.who, e.from_memory);
        if (known)
            e.to = *std::move(known);
        return known.has_value();
    }

    /// Begins it, or says why it need not even be tried.
    template<class Match>
    static result<void> begin_send(send_operation<Match>& e)
    {
        if (e.budget == &e.own) // a part is counted with the whole
        {
            auto counted = begin(*e.self, e.limit);
            if (!counted)
                return counted.error();
            e.counted = *std::move(counted);
        }
        if (auto const valid = check_address(e.who); !valid)
            return refuse(valid.error());
        if (!e.what.valid)
            return refuse(e.what.valid.error());
        return {};
    }

    /// Gives up where this message cannot go to this recipient.
    template<class Match>
    static void check_pair_of(send_operation<Match>& e)
    {
        if (!e.to)
            return;
        if (auto const valid = check_pair(*e.what.content, *e.to); !valid)
            e.to = refuse(valid.error());
    }

    /// What a successful send to somebody brings back.
    static receipt receipt_of(std::string_view message_id, recipient const& to, unsigned requests)
    {
        if constexpr (requires { to.type(); })
            return {message_id, to.type(), to.id(), requests};
        else
            return {message_id, to.id(), requests};
    }

    /// What became of the last sending.
    template<class Match>
    static result<receipt> to_receipt(send_operation<Match>& e, result<void> const& done, unsigned requests)
    {
        if (!done)
            return done.error();
        if (auto const outcome = e.budget->log.final_result(e.sending->outcome(0)); !outcome)
            return about(outcome.error(), "send message", requests);
        return receipt_of(usable_id(*e.self, e.sending->message_id()), *e.to, requests);
    }

    /// The id of a message as a receipt may have it. What is not made of printable ASCII, or has a token in it, could
    /// not be used to recall the message and must not be shown: the message was delivered all the same, without an id.
    static std::string_view usable_id(state const& self, std::string_view id)
    {
        return names_a_message(id) && !self.engine->is_confidential(id) ? id : std::string_view();
    }

    /// The frames of this and of `engine::perform` are what Asio keeps ready for reuse as long as they are small: so
    /// the errand is elsewhere, and what a warm message does not need is in coroutines of its own.
    ///
    /// @tparam Pointer  A `send_operation_ptr`, or a plain pointer to an operation that somebody else owns.
    template<class Pointer>
    static boost::asio::awaitable<result<receipt>> deliver(Pointer e)
    {
        if (auto const valid = begin_send(*e); !valid)
            co_return with_recipient(*e->self, valid.error(), e->who);
        e->own.deadline = e->self->engine->deadline(e->limit); // it begins when it is awaited
        try
        {
            if (!e->what.parts.empty())
            {
                result<receipt> sent = co_await deliver_parts(*e);
                co_return sent;
            }
            if (!is_ready(*e))
                co_await resolve_and_upload(*e);
            auto const before = e->budget->requests;
            for (;;)
            {
                check_pair_of(*e);
                if (!e->to)
                    co_return with_recipient(*e->self, e->to.error(), e->who);
                e->sending.emplace(*e->self->app, std::span<recipient const>(&*e->to, 1), *e->what.content,
                                   e->key.view());
                result<void> const done = co_await e->self->engine->perform(*e->sending, *e->budget);
                auto sent = to_receipt(*e, done, e->budget->requests - before);
                // A remembered id that no longer exists: look the person up again.
                if (sent)
                    co_return sent;
                if (!e->from_memory || sent.error() != errc::recipient_not_found)
                    co_return with_recipient(*e->self, sent.error(), e->who);
                e->from_memory = false;
                forget(*e->self, e->who);
                e->to = co_await look_up(e->self, e->who, *e->budget);
            }
        }
        catch (boost::system::system_error const& thrown)
        {
            co_return cancelled_or_rethrow(thrown);
        }
    }

    /// Delivers, and tells the observer of it if it is interested.
    template<class Match>
    static boost::asio::awaitable<result<receipt>> deliver_observed(send_operation_ptr<Match> e)
    {
        if constexpr (observes<typename Engine::observer_type, event::delivery_settled>)
        {
            auto* const operation = e.get();
            return deliver_and_tell(operation->self->observer, platform_name_of<Provider>(), std::move(e),
                                    deliver(operation));
        }
        else
            return deliver(std::move(e));
    }

    /// What a part that was not delivered means for the whole.
    static failure stopped_at(std::size_t part, std::size_t of, failure const& why)
    {
        auto const definite = part != 0 && why != errc::outcome_unknown;
        auto said = definite ? failure(errc::partly_delivered, why.facts()) : why;
        return amend(said, [&](diagnostics& facts) {
            facts.detail +=
                (facts.detail.empty() ? "part " : "; part ") + std::to_string(part + 1) + " of " + std::to_string(of);
            if (part != 0)
                facts.detail += ", the parts before it were delivered";
            if (!definite)
                return;
            facts.cause = why.code();
            facts.remedy = nullptr;
        });
    }

    /// A long text as several messages, one after the other, each under a key of its own.
    template<class Match>
    static boost::asio::awaitable<result<receipt>> deliver_parts(send_operation<Match>& e)
    {
        if constexpr (std::copy_constructible<Match>)
        {
            auto& parts = e.what.parts;
            result<receipt> all = failure(errc::message_invalid);
            for (std::size_t i = 0; i != parts.size(); ++i)
            {
                rendered_message one;
                one.content.emplace(std::move(parts[i]));
                auto part =
                    make_send_operation(e.self, Match(e.who), std::move(one), derived_key(e.key, std::to_string(i)));
                part->budget = e.budget;
                result<receipt> sent = failure(errc::cancelled);
                try
                {
                    sent = co_await deliver(std::move(part));
                }
                catch (boost::system::system_error const& thrown) // cancelled between two parts
                {
                    sent = cancelled_or_rethrow(thrown);
                }
                if (!sent)
                    co_return stopped_at(i, parts.size(), sent.error());
                if (i == 0)
                    all = std::move(sent);
                else
                    all->add_part(*sent);
            }
            co_return all;
        }
        else
            co_return refuse(make_failure(errc::message_too_long, "it can be divided only for an address that can be "
                                                                  "copied"));
    }

    // ---- Many people

    /// How long one of many requests may wait for its turn: longer than any limit that is counted by the minute.
    static constexpr std::chrono::minutes batch_queue_timeout{2};

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
    static std::size_t same_address(std::map<std::string_view, std::size_t>& first_with, Match const& who,
                                    std::size_t i)
    {
        if constexpr (is_chain<Match> || is_recipient<Match>)
            return i;
        else if constexpr (is_any_match<Match>)
            return who.is_single() ? first_with.emplace(who.view(), i).first->second : i;
        else
            return first_with.emplace(who.view(), i).first->second;
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

    /// Looks up those of the window whose id is not at hand, in the platform's batches.
    template<class Match>
    static boost::asio::awaitable<void> identify_all(std::shared_ptr<state const> self, window<Match>& people,
                                                     send_each_options const& how)
    {
        std::vector<std::vector<std::size_t>> batches;
        std::map<std::string_view, std::size_t> first_with; // an address that stands twice is looked up once
        std::vector<std::pair<std::size_t, std::size_t>> same;
        for (std::size_t i = 0; i != people.size(); ++i)
        {
            auto& one = people[i];
            auto const& who = one.person.who();
            if (auto const valid = check_address(who); !valid)
                one.outcome = refuse(valid.error());
            else if (auto known = try_cached(*self, who, one.from_memory))
                one.to = *std::move(known);
            else if (auto const first = same_address(first_with, who, i); first != i)
                same.emplace_back(i, first);
            else
            {
                if (batches.empty() || batches.back().size() >= max_batch_of(who))
                    batches.emplace_back();
                batches.back().push_back(i);
            }
        }
        co_await in_parallel(self->engine->executor(), batches.size(), how.concurrency(),
                             [&](std::size_t i) { return identify_batch(self, people, batches[i], how); });
        for (auto const& batch : batches)
            for (auto const i : batch)
                if (!people[i].to) // cancelled before their turn
                    people[i].to = refuse(errc::cancelled);
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
            typename Provider::template finder<Link> find(*self->app);
            for (auto const i : members)
                find.add(link_as<Link>(people[i].person.who()));
            result<void> const done = co_await self->engine->perform(find, c);
            for (std::size_t n = 0; n != members.size(); ++n)
            {
                auto& one = people[members[n]];
                if (done)
                    one.to = answer_for(*self, find, n, link_as<Link>(one.person.who()), c.requests);
                else
                {
                    tell_resolved<Link>(*self, event::source::looked_up, done.error().code());
                    one.to = done.error();
                }
            }
        }
        co_return;
    }

    template<class Match>
    static boost::asio::awaitable<void> identify_batch(std::shared_ptr<state const> self, window<Match>& people,
                                                       std::vector<std::size_t> const& members,
                                                       send_each_options const& how)
    {
        call c(self->engine->deadline(how.deadline()));
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
                result<recipient> found = co_await look_up(self, people[i].person.who(), c);
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
    /// @tparam Way  Who sends it: `Provider`, or `Provider::batch`.
    template<class Sender, class Match>
    static boost::asio::awaitable<void> send_batch(std::shared_ptr<state const> self, window<Match>& people,
                                                   std::vector<std::size_t> const& members, content_t const& content,
                                                   send_each_options const& how)
    {
        failure why(errc::cancelled);
        bool tried = false;
        try
        {
            std::vector<recipient> to;
            for (auto const i : members)
                to.push_back(**people[i].to);
            auto const key = derived_key(how.key(), identity_of(to.front()));
            typename Sender::delivery sending(*self->app, to, content, key.view());
            call c(self->engine->deadline(how.deadline()));
            c.queue_timeout = batch_queue_timeout;
            tried = true;
            result<void> const done = co_await self->engine->perform(sending, c);
            for (std::size_t n = 0; n != members.size(); ++n)
            {
                auto& one = people[members[n]];
                result<void> const outcome = done ? c.log.final_result(sending.outcome(n)) : done;
                if (outcome)
                    one.outcome = receipt_of(usable_id(*self, sending.message_id()), to[n], c.requests);
                else
                    one.outcome = done ? about(outcome.error(), "send message", c.requests) : outcome.error();
            }
            for (auto const i : members)
            {
                auto& one = people[i];
                one.stale = !*one.outcome && one.from_memory && one.outcome->error() == errc::recipient_not_found;
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
    static void leave_unknown(window<Match>& people, std::vector<std::size_t> const& members, bool tried) noexcept
    {
        for (auto const i : members)
            if (!people[i].outcome)
                people[i].outcome = failure(tried ? errc::outcome_unknown : errc::cancelled);
    }

    /// Sends to those of the window who were found, each person once.
    ///
    /// @param render  Makes the letter for a language.
    template<class Sender, class Match>
    static boost::asio::awaitable<void> send_all(std::shared_ptr<state const> self, window<Match>& people,
                                                 std::function<rendered_message(language_tag const&)> const& render,
                                                 send_each_options const& how)
    {
        struct batch
        {
            std::size_t rendered_message;
            std::vector<std::size_t> members;
        };
        std::vector<language_tag> languages;
        std::deque<rendered_message> renderings;
        std::vector<batch> batches;
        // The batch that has room, by language and by type of recipient.
        std::map<std::pair<std::size_t, std::string_view>, std::size_t> open;
        std::map<std::string, std::size_t> first_with;
        std::vector<std::pair<std::size_t, std::size_t>> same;
        std::vector<std::size_t> rendering_of(people.size());
        for (std::size_t i = 0; i != people.size(); ++i)
        {
            auto& one = people[i];
            if (one.outcome)
                continue;
            if (!*one.to)
            {
                one.outcome = one.to->error();
                continue;
            }
            if constexpr (!std::same_as<Sender, Provider>)
                if (auto const valid = check_recipient<Sender>(**one.to); !valid)
                {
                    one.outcome = refuse(valid.error());
                    continue;
                }
            if (auto const [at, fresh] = first_with.emplace(same_as_of(**one.to), i); !fresh)
            {
                same.emplace_back(i, at->second);
                continue;
            }
            auto const& lang = one.person.language() ? *one.person.language() : self->lang;
            auto const known = std::find(languages.begin(), languages.end(), lang);
            auto const t = static_cast<std::size_t>(known - languages.begin());
            if (known == languages.end())
            {
                languages.push_back(lang);
                renderings.push_back(render(lang));
            }
            if (!renderings[t].valid)
            {
                one.outcome = refuse(renderings[t].valid.error());
                continue;
            }
            if (auto const valid = check_pair<Sender>(*renderings[t].content, **one.to); !valid)
            {
                one.outcome = refuse(valid.error());
                continue;
            }
            auto const [type, max_count] = request_of<Sender>(**one.to);
            auto const [place, is_new] = open.try_emplace({t, type}, batches.size());
            if (is_new || batches[place->second].members.size() >= max_count)
            {
                place->second = batches.size();
                batches.push_back(batch{t, {}});
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
                                          *renderings[batches[i].rendered_message].content, how);
            });
        }
        catch (...)
        {
            thrown = std::current_exception();
        }
        for (auto const& one : batches)
            for (auto const i : one.members)
                if (!people[i].outcome)
                    people[i].outcome = not_tried();

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
            auto const has_id = [&people](std::size_t i, std::string const& id) {
                auto const& to = *people[i].to;
                return to.has_value() && same_as_of(*to) == id;
            };
            for (auto const i : lost)
            {
                auto& one = people[i];
                if (one.stale) // cancelled before its turn: what was said before is true
                    continue;
                if (!*one.to)
                    one.outcome = one.to->error();
                else if (auto const [at, fresh] = first_with.emplace(same_as_of(**one.to), i);
                         !fresh && has_id(at->second, at->first))
                    same.emplace_back(i, at->second);
                else
                {
                    at->second = i; // perhaps in place of somebody who had that id before
                    alone.push_back({i});
                    one.outcome.reset();
                }
            }
            co_await in_parallel(self->engine->executor(), alone.size(), how.concurrency(), [&](std::size_t n) {
                return send_batch<Provider>(self, people, alone[n], *renderings[rendering_of[alone[n].front()]].content,
                                            how);
            });
        }
        catch (...)
        {
            thrown = std::current_exception();
        }
        for (auto const& one : alone)
            if (!people[one.front()].outcome)
                people[one.front()].outcome = not_tried();
        // The latest first: who was the same at the beginning shares what became of the other at the end.
        for (auto at = same.rbegin(); at != same.rend(); ++at)
            people[at->first].outcome = people[at->second].outcome;
        if (thrown)
            std::rethrow_exception(thrown);
    }

    /// The outcome of a person whom the call did not reach, because it was cancelled or an exception ended it.
    static failure not_tried() noexcept
    {
        try
        {
            return refuse(errc::cancelled);
        }
        catch (std::bad_alloc const&)
        {
            return errc::cancelled;
        }
    }

    template<class Match>
    static boost::asio::awaitable<void> re_resolve(std::shared_ptr<state const> self, entry<Match>& one,
                                                   send_each_options const& how)
    {
        forget(*self, one.person.who());
        call c(self->engine->deadline(how.deadline()));
        result<recipient> now = co_await look_up(self, one.person.who(), c);
        one.to = std::move(now);
        one.from_memory = false;
        one.stale = false;
    }

    template<class Sender, class Match, class Range, class Sink>
    static boost::asio::awaitable<result<send_summary>> deliver_each(
        std::shared_ptr<state const> self, Range range, std::function<rendered_message(language_tag const&)> render,
        Sink sink, send_each_options how)
    {
        auto const counted = begin(*self, how.deadline());
        if (!counted)
            co_return counted.error();
        rendered_message first = render(self->lang);
        if (!first.valid)
            co_return refuse(first.valid.error());
        if (first.enclosed)
        {
            // Uploaded once, for all.
            try
            {
                call c(self->engine->deadline(how.deadline()));
                result<void> const enclosed = co_await upload_attachment(self, first, c);
                if (!enclosed)
                    co_return enclosed.error();
            }
            catch (boost::system::system_error const& e)
            {
                co_return cancelled_or_rethrow(e);
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
        send_summary count;
        std::exception_ptr thrown;
        try
        {
            co_await deliver_windows<Sender, Match>(self, std::move(range), render, sink, how, count);
        }
        catch (...)
        {
            thrown = std::current_exception();
        }
        co_await boost::asio::this_coro::throw_if_cancelled(throws);
        if (thrown)
            std::rethrow_exception(thrown);
        co_return count;
    }

    /// Window after window. An exception ends it when the sink knows of everybody who was sent to.
    template<class Sender, class Match, class Range, class Sink>
    static boost::asio::awaitable<void> deliver_windows(
        std::shared_ptr<state const> self, Range range,
        std::function<rendered_message(language_tag const&)> const& render, Sink& sink, send_each_options const& how,
        send_summary& count)
    {
        constexpr std::size_t usual = 100;
        auto const size = how.window().value_or(std::max<std::size_t>(usual, Sender::delivery::max_batch));
        std::size_t index = 0;
        auto at = std::ranges::begin(range);
        auto const end = std::ranges::end(range);
        while (at != end)
        {
            auto const begun = now_for<event::delivery_settled>(self->observer);
            auto const before = co_await boost::asio::this_coro::cancellation_state;
            if (before.cancelled() != boost::asio::cancellation_type::none)
            {
                count.complete = false;
                co_return;
            }
            window<Match> people;
            for (; at != end && people.size() != size; ++at)
                people.emplace_back(recipient_of<Match>(*at));
            std::exception_ptr thrown;
            try
            {
                co_await identify_all(self, people, how);
                co_await send_all<Sender>(self, people, render, how);
            }
            catch (...)
            {
                thrown = std::current_exception();
            }
            for (auto& one : people)
            {
                if (!one.outcome) // an exception came first
                    one.outcome = one.to && !*one.to ? one.to->error() : not_tried();
                observe_delivery(self->observer, platform_name_of<Provider>(), *one.outcome, begun);
                if (*one.outcome)
                    ++count.delivered;
                else if (one.outcome->error() == condition::unknown) // or in part
                    ++count.unknown;
                else
                    ++count.failed;
                if (!*one.outcome)
                    one.outcome = with_recipient(*self, one.outcome->error(), one.person.who());
                using said = std::invoke_result_t<Sink&, std::size_t, Match const&, result<receipt> const&>;
                try
                {
                    if constexpr (std::is_void_v<said>)
                        sink(index++, one.person.who(), *one.outcome);
                    else
                        co_await sink(index++, one.person.who(), *one.outcome);
                }
                catch (...)
                {
                    if (!thrown)
                        thrown = std::current_exception();
                }
            }
            if (thrown)
                std::rethrow_exception(thrown);
        }
    }

    // ---- Afterwards

    /// Receipts may come from somewhere else, such as a database: what cannot be an id is not sent, least of all as a
    /// part of a path.
    static bool names_a_message(std::string_view id)
    {
        constexpr std::size_t max_length = 512;
        auto const printable = [](char c) { return c >= '!' && c <= '~'; };
        if (id.empty() || id.size() > max_length || id == "." || id == ".." ||
            !std::all_of(id.begin(), id.end(), printable))
            return false;
        if constexpr (requires { Provider::is_message_id(id); })
            return Provider::is_message_id(id);
        else
            return true;
    }

    template<class Done, class Make>
    static boost::asio::awaitable<result<Done>> ask_about(std::shared_ptr<state const> self, receipt about_what,
                                                          Make make, call_options how)
    {
        auto const counted = begin(*self, how.deadline());
        if (!counted)
            co_return counted.error();
        std::vector<std::string> ids{std::string(about_what.message_id())};
        ids.insert(ids.end(), about_what.further_parts().begin(), about_what.further_parts().end());
        for (auto const& id : ids)
            if (!names_a_message(id))
                co_return refuse(make_failure(errc::invalid_argument, "the receipt names no message of this platform"));
        call c(self->engine->deadline(how.deadline()));
        std::vector<std::string> said;
        try
        {
            for (auto const& id : ids)
            {
                auto asking = make(*self->app, std::string_view(id), about_what);
                if constexpr (requires { asking.check(); })
                    if (auto const valid = asking.check(); !valid)
                        co_return refuse(valid.error());
                result<void> const done = co_await self->engine->perform(asking, c);
                if (!done)
                    co_return done.error();
                if constexpr (!std::is_void_v<Done>)
                    said.insert(said.end(), asking->readers().begin(), asking->readers().end());
            }
        }
        catch (boost::system::system_error const& e)
        {
            co_return cancelled_or_rethrow(e);
        }
        if constexpr (std::is_void_v<Done>)
            co_return result<void>();
        else
        {
            std::sort(said.begin(), said.end());
            said.erase(std::unique(said.begin(), said.end()), said.end());
            co_return said;
        }
    }

    template<class Match>
    static boost::asio::awaitable<result<recipient>> identify(std::shared_ptr<state const> self, Match who,
                                                              call_options how)
    {
        auto const counted = begin(*self, how.deadline());
        if (!counted)
            co_return counted.error();
        if (auto const valid = check_address(who); !valid)
            co_return with_recipient(*self, refuse(valid.error()), who);
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
                co_return with_recipient(*self, found.error(), who);
            co_return found;
        }
        catch (boost::system::system_error const& e)
        {
            co_return cancelled_or_rethrow(e);
        }
    }

    static boost::asio::awaitable<result<void>> prepare(std::shared_ptr<state const> self, call_options how)
    {
        auto const counted = begin(*self, how.deadline());
        if (!counted)
            co_return counted.error();
        try
        {
            call c(self->engine->deadline(how.deadline()));
            result<void> const done = co_await self->engine->warm_up(c);
            co_return done;
        }
        catch (boost::system::system_error const& e)
        {
            co_return cancelled_or_rethrow(e);
        }
    }
};

} // namespace tidings::inline v0::detail

#endif
