// The settings that all pooled transports share.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TRANSPORT_POOLED_HPP
#define TIDINGS_TRANSPORT_POOLED_HPP

#include <tidings/transport/detail/pool.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace tidings::transport {

/// Bounds of the connections that are kept alive. The setters chain: `https{}.max_connections(4)`.
template<class Derived>
class pooled
{
public:
    /// How many connections may be open at a time; at least one. 16 unless set.
    Derived& max_connections(std::size_t n)
    {
        pool_.max_connections = std::max<std::size_t>(n, 1);
        return self();
    }

    /// How many callers may wait for a connection; the next one gets `errc::queue_full`. 4096 unless set.
    Derived& max_waiting(std::size_t n)
    {
        pool_.max_waiting = n;
        return self();
    }

    /// After how long a connection is not used again. Zero: never used again. 50 seconds unless set: a little less
    /// than what the platforms' gateways keep a connection open for.
    Derived& idle_timeout(std::chrono::steady_clock::duration d)
    {
        pool_.idle_timeout = d;
        return self();
    }

protected:
    detail::pool_settings const& pool() const noexcept { return pool_; }

private:
    Derived& self() noexcept { return static_cast<Derived&>(*this); }

    detail::pool_settings pool_;
};

} // namespace tidings::transport

#endif
