// No cache: a token for each request.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TOKEN_CACHE_NONE_HPP
#define TIDINGS_TOKEN_CACHE_NONE_HPP

#include <tidings/concepts.hpp>

namespace tidings::inline v0::token_cache {

/// Keeps nothing: every request fetches a token of its own. For a tool that sends once and leaves no trace.
class none
{
public:
    using policy_kind = token_cache_kind;

    none() = default;

    /// The token of one application: fetched each time.
    class entry
    {
    public:
        cached_token peek(access_token::time_point) const noexcept { return {}; }
        boost::asio::awaitable<result<token_ptr>> obtain(token_fetch const& fetch, access_token::time_point,
                                                         std::chrono::steady_clock::time_point)
        {
            return fetch();
        }
        boost::asio::awaitable<void> refresh(token_fetch const&, access_token::time_point) { co_return; }
        void drop(token_ptr const&) noexcept {}
    };

    std::shared_ptr<entry> entry_for(std::string const&) { return std::make_shared<entry>(); }
};
static_assert(token_cache_policy<none>);

} // namespace tidings::inline v0::token_cache

#endif
