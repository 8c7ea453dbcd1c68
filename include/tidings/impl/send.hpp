// Sends one message to one recipient.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_SEND_HPP
#define TIDINGS_IMPL_SEND_HPP

#include <tidings/concepts.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/detail/on_executor.hpp>
#include <tidings/impl/call.hpp>
#include <tidings/impl/context.hpp>
#include <tidings/impl/derived_key.hpp>
#include <tidings/impl/lookup.hpp>
#include <tidings/impl/observe.hpp>
#include <tidings/message/attachment.hpp>
#include <tidings/message/long_text.hpp>
#include <tidings/receipt.hpp>
#include <tidings/send_options.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <concepts>
#include <cstddef>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace tidings::inline v0::detail {

template<class Context>
struct sending
{
    using Provider = typename Context::provider_type;
    using Addressing = typename Context::addressing_type;
    using state = typename Context::state;
    using recipient = typename Context::recipient;
    using content_t = typename Context::content_t;
    using time_point = typename Context::time_point;
    using duration = typename Context::duration;
    using lookup = detail::lookup<Context>;

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
    /// @tparam Sender  How it is sent: as `Provider` does, or as `Provider::batch`.
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

    /// Uploads the attachment of a message, and makes its content of the key.
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
        if (auto known = lookup::try_cached(*e.self, e.who, e.from_memory))
            e.to = *std::move(known);
        else
        {
            e.to = co_await lookup::look_up(e.self, e.who, *e.budget);
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
        auto known = lookup::try_cached(*e.self, e.who, e.from_memory);
        if (known)
            e.to = *std::move(known);
        return known.has_value();
    }

    /// Begins it, or says why it need not even be tried.
    template<class Match>
    static result<void> begin_send(send_operation<Match>& e)
    {
        if (e.budget == &e.own) // a part is counted with the whole
            if (auto begun = e.self->begin(e.limit, e.counted); !begun)
                return begun;
        if (auto const valid = Context::check_address(e.who); !valid)
            return valid;
        if (!e.what.valid)
            return e.what.valid;
        return {};
    }

    /// Gives up where this message cannot go to this recipient.
    template<class Match>
    static void check_pair_of(send_operation<Match>& e)
    {
        if (!e.to)
            return;
        if (auto const valid = Context::check_pair(*e.what.content, *e.to); !valid)
            e.to = valid.error();
    }

    /// What became of the last sending.
    template<class Match>
    static result<receipt> to_receipt(send_operation<Match>& e, result<void> const& done, unsigned requests)
    {
        if (!done)
            return done.error();
        if (auto const outcome = e.sending->outcome(0); !outcome)
            return e.budget->log.final_failure(outcome.error(), Context::operation("send message", requests));
        return Context::receipt_of(Context::usable_id(*e.self, e.sending->message_id()), *e.to, requests);
    }

    /// The frames of this and of `engine::perform` are what Asio keeps ready for reuse as long as they are small: so
    /// the operation is elsewhere, and what a warm message does not need is in coroutines of its own.
    ///
    /// @tparam Pointer  A `send_operation_ptr`, or a plain pointer to an operation that somebody else owns.
    template<class Pointer>
    static boost::asio::awaitable<result<receipt>> deliver(Pointer e);

    /// What a part that was not delivered means for the whole.
    static failure stopped_at(std::size_t part, std::size_t of, failure const& why)
    {
        auto const definite = part != 0 && why != errc::outcome_unknown;
        auto outcome = definite ? failure(errc::partly_delivered, why.facts()) : why;
        return amend(outcome, [&](diagnostics& facts) {
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
                rendered_message piece;
                piece.content.emplace(std::move(parts[i]));
                auto part = make_send_operation(e.self, Match(e.who), std::move(piece),
                                                derived_key(e.key, {std::to_string(i)}));
                part->budget = e.budget;
                result<receipt> sent = failure(errc::cancelled);
                try
                {
                    sent = co_await deliver(std::move(part));
                }
                catch (boost::system::system_error const& thrown) // cancelled between two parts
                {
                    sent = Context::checking(cancelled_or_rethrow(thrown));
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
            co_return Context::checking(make_failure(errc::message_too_long,
                                                     "it can be divided only for an address that can be "
                                                     "copied"));
    }
};

// Outside of the class: a function inside of it would be compiled by every program, also where the library has it compiled.
template<class Context>
template<class Pointer>
boost::asio::awaitable<result<receipt>> sending<Context>::deliver(Pointer e)
{
    if (auto const valid = begin_send(*e); !valid)
        co_return Context::final_failure(*e->self, valid.error(), e->who);
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
                co_return Context::final_failure(*e->self, e->to.error(), e->who);
            e->sending.emplace(*e->self->app, std::span<recipient const>(&*e->to, 1), *e->what.content, e->key.view());
            result<void> const done = co_await e->self->engine->perform(*e->sending, *e->budget);
            auto sent = to_receipt(*e, done, e->budget->requests - before);
            // A remembered id that no longer exists: look the person up again.
            if (sent)
                co_return sent;
            if (!e->from_memory || sent.error() != errc::recipient_not_found)
                co_return Context::final_failure(*e->self, sent.error(), e->who);
            e->from_memory = false;
            lookup::forget(*e->self, e->who);
            e->to = co_await lookup::look_up(e->self, e->who, *e->budget);
        }
    }
    catch (boost::system::system_error const& thrown)
    {
        co_return Context::checking(cancelled_or_rethrow(thrown));
    }
}

} // namespace tidings::inline v0::detail

#endif
