// What every operation of a notifier needs, and the checks that need no I/O.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_CONTEXT_HPP
#define TIDINGS_IMPL_CONTEXT_HPP

#include <tidings/concepts.hpp>
#include <tidings/detail/ascii.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/impl/block_pool.hpp>
#include <tidings/impl/call.hpp>
#include <tidings/impl/client_parts.hpp>
#include <tidings/impl/derived_key.hpp>
#include <tidings/impl/engine.hpp>
#include <tidings/impl/failure_context.hpp>
#include <tidings/impl/in_flight.hpp>
#include <tidings/impl/lookup_queue.hpp>
#include <tidings/impl/usable.hpp>
#include <tidings/receipt.hpp>
#include <tidings/wire/detail/redaction.hpp>

#include <algorithm>
#include <concepts>
#include <memory>
#include <memory_resource>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace tidings::inline v0::detail {

/// Knows the platform, and not the kind of address: notifiers of different kinds of addresses share it.
template<class Provider, class Engine, class People, class Addressing>
struct context
{
    using provider_type = Provider;
    using engine_type = Engine;
    using addressing_type = Addressing;
    using credentials = typename Provider::credentials;
    using recipient = typename Provider::recipient;
    using content_t = typename Provider::content;
    using time_point = call::time_point;
    using duration = call::duration;

    /// What an operation needs.
    struct state : client_state<Engine>
    {
        using client_state<Engine>::client_state;

        std::shared_ptr<credentials const> app;
        std::shared_ptr<People> people;
        [[no_unique_address]] std::conditional_t<Addressing::scans, Addressing, std::monostate> addressing;
        std::string key;
        /// Of ended calls, for those to come.
        mutable block_pool memory;
        /// Look-ups that have begun in this turn of the loop.
        mutable lookup_queues lookups;
    };

    /// The context of a failure that is found before any request.
    static constexpr failure_context checking{platform_name_of<Provider>(), "check arguments"};

    static constexpr failure_context operation(std::string_view name, unsigned attempts) noexcept
    {
        return failure_context(platform_name_of<Provider>(), name, attempts);
    }

    /// The failure that a call for one recipient ends with: with its context, and if it concerns the recipient, with
    /// their address or id. The application's secret is removed from that: a program may have passed it by mistake.
    /// Without memory the failure stays as it is.
    template<class M>
    static failure final_failure(state const& self, failure const& f, M const& who,
                                 failure_context const& where = checking) noexcept
    {
        try
        {
            if (f != condition::recipient)
                return where(f);
            return amend(f, [&](diagnostics& facts) {
                if (facts.platform.empty())
                    where.write_to(facts);
                if constexpr (is_recipient<M>)
                    facts.recipient = who.id();
                else if constexpr (requires { who.origin().view(); })
                    facts.recipient = who.origin().view();
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
            return who.is_single() && who.is_given(0) ? who.visit([](auto const& link) { return check_address(link); })
                                                      : who.check();
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

    /// Derives the key of a recipient, who is named with the type if there are several.
    static idempotency_key key_of(key_derivation const& keys, recipient const& to)
    {
        if constexpr (requires { to.type(); })
            return keys({to.type(), ":", to.id()});
        else
            return keys({to.id()});
    }

    /// The same for those who are the same to the platform.
    ///
    /// @param memory  Of the text.
    static std::pmr::string identity_of(recipient const& to,
                                        std::pmr::memory_resource* memory = std::pmr::get_default_resource())
    {
        std::pmr::string out(memory);
        auto const append = [&out](std::string_view type, std::string_view id) {
            out.reserve(type.size() + 1 + id.size());
            ((out += type) += ':') += id;
        };
        if constexpr (requires { Provider::identity(to); })
            append(to.type(), Provider::identity(to));
        else if constexpr (requires { to.type(); })
            append(to.type(), to.id());
        else
            out = to.id();
        return out;
    }

    /// What a successful send to somebody brings back.
    static receipt receipt_of(std::string_view message_id, recipient const& to, unsigned requests)
    {
        if constexpr (requires { to.type(); })
            return {message_id, to.type(), to.id(), requests};
        else
            return {message_id, to.id(), requests};
    }

    /// The id of a message as a receipt may have it. What is not made of printable ASCII, or has a token in it, could
    /// not be used to recall the message and must not be shown: the message was delivered all the same, without an id.
    static std::string_view usable_id(state const& self, std::string_view id)
    {
        return names_a_message(id) && !self.engine->is_confidential(id) ? id : std::string_view();
    }

    /// Receipts may come from somewhere else, such as a database: what cannot be an id is not sent, least of all as a
    /// part of a path.
    static bool names_a_message(std::string_view id)
    {
        constexpr std::size_t max_length = 512;
        if (id.empty() || id.size() > max_length || id == "." || id == ".." || !is_graphic(id))
            return false;
        if constexpr (requires { Provider::is_message_id(id); })
            return Provider::is_message_id(id);
        else
            return true;
    }
};

} // namespace tidings::inline v0::detail

#endif
