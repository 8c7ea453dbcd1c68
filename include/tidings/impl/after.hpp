// Recalls a message and asks who has read it; prepares a notifier for its first message.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_AFTER_HPP
#define TIDINGS_IMPL_AFTER_HPP

#include <tidings/detail/failure.hpp>
#include <tidings/detail/on_executor.hpp>
#include <tidings/impl/call.hpp>
#include <tidings/impl/context.hpp>
#include <tidings/receipt.hpp>
#include <tidings/send_options.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace tidings::inline v0::detail {

template<class Context>
struct after
{
    using Provider = typename Context::provider_type;
    using Addressing = typename Context::addressing_type;
    using state = typename Context::state;
    using recipient = typename Context::recipient;
    using content_t = typename Context::content_t;
    using time_point = typename Context::time_point;
    using duration = typename Context::duration;

    template<class Done, class Make>
    static boost::asio::awaitable<result<Done>> ask_about(std::shared_ptr<state const> self, receipt about_what,
                                                          Make make, call_options how)
    {
        in_flight::guard counted;
        if (auto const begun = self->begin(how.deadline(), counted); !begun)
            co_return Context::checking(begun.error());
        std::vector<std::string> ids{std::string(about_what.message_id())};
        ids.insert(ids.end(), about_what.further_parts().begin(), about_what.further_parts().end());
        for (auto const& id : ids)
            if (!Context::names_a_message(id))
                co_return Context::checking(
                    make_failure(errc::invalid_argument, "the receipt names no message of this platform"));
        call c(self->engine->deadline(how.deadline()));
        std::vector<std::string> found;
        try
        {
            for (auto const& id : ids)
            {
                auto asking = make(*self->app, std::string_view(id), about_what);
                if constexpr (requires { asking.check(); })
                    if (auto const valid = asking.check(); !valid)
                        co_return Context::checking(valid.error());
                result<void> const done = co_await self->engine->perform(asking, c);
                if (!done)
                    co_return done.error();
                if constexpr (!std::is_void_v<Done>)
                    found.insert(found.end(), asking->readers().begin(), asking->readers().end());
            }
        }
        catch (boost::system::system_error const& e)
        {
            co_return Context::checking(cancelled_or_rethrow(e));
        }
        if constexpr (std::is_void_v<Done>)
            co_return result<void>();
        else
        {
            std::sort(found.begin(), found.end());
            found.erase(std::unique(found.begin(), found.end()), found.end());
            co_return found;
        }
    }

    static boost::asio::awaitable<result<void>> prepare(std::shared_ptr<state const> self, call_options how)
    {
        in_flight::guard counted;
        if (auto const begun = self->begin(how.deadline(), counted); !begun)
            co_return Context::checking(begun.error());
        try
        {
            call c(self->engine->deadline(how.deadline()));
            result<void> const done = co_await self->engine->warm_up(c);
            co_return done;
        }
        catch (boost::system::system_error const& e)
        {
            co_return Context::checking(cancelled_or_rethrow(e));
        }
    }
};

} // namespace tidings::inline v0::detail

#endif
