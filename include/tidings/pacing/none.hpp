// No pacing: every request is made at once.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PACING_NONE_HPP
#define TIDINGS_PACING_NONE_HPP

#include <tidings/concepts.hpp>

namespace tidings::inline v0::pacing {

/// Delays no request. The platform refuses requests above its limits, and WeCom drops messages without an error. For
/// programs that limit their rate themselves.
class none
{
public:
    using policy_kind = pacing_kind;

    none() = default;

    /// The requests of one application, which are not counted.
    class entry
    {
    public:
        /// A permit for any request.
        class permit
        {
        public:
            permit() = default;

            explicit operator bool() const noexcept { return true; }
            void on_sent() noexcept {}
            void on_reply(std::chrono::steady_clock::time_point, std::chrono::steady_clock::time_point) noexcept {}
            void release() noexcept {}
        };

        permit take(wire::operation const&, std::chrono::steady_clock::time_point) const noexcept { return permit(); }
        boost::asio::awaitable<result<permit>> wait(wire::operation const&, std::chrono::steady_clock::time_point)
        {
            co_return permit();
        }
        void refused(wire::operation const&, failure const&, std::chrono::steady_clock::time_point) const noexcept {}
    };

    std::shared_ptr<entry> entry_for(std::string const&) { return std::make_shared<entry>(); }
};
static_assert(pacing_policy<none>);

} // namespace tidings::inline v0::pacing

#endif
