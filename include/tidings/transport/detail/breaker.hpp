// Whether it makes sense to try a host again: decided without I/O.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TRANSPORT_DETAIL_BREAKER_HPP
#define TIDINGS_TRANSPORT_DETAIL_BREAKER_HPP

#include <tidings/detail/config.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace tidings::inline v0::transport::detail {

/// When a breaker opens, and for how long.
class breaker_settings
{
public:
    breaker_settings() = default;
    breaker_settings(std::size_t n, std::chrono::steady_clock::duration first) noexcept : failures(n), pause(first) {}

    /// After how many failures one after the other. 0: never.
    std::size_t failures = 5;
    /// How long the first pause is. Each that follows is twice as long, up to a minute.
    std::chrono::steady_clock::duration pause = std::chrono::seconds(1);
};

/// Counts failures to connect. After several in a row it denies attempts for a while, and then permits one at a time,
/// until one succeeds.
class breaker
{
public:
    using time_point = std::chrono::steady_clock::time_point;
    using duration = std::chrono::steady_clock::duration;

    static constexpr duration max_pause = std::chrono::minutes(1);

    /// The right to try.
    enum class attempt
    {
        denied,
        usual, ///< One of any number.
        probe  ///< The only one.
    };

    explicit breaker(breaker_settings settings) noexcept : settings_(settings) {}

    /// What `ask` would say.
    attempt look(time_point now) const noexcept
    {
        if (!open())
            return attempt::usual;
        return probing_ || now < next_ ? attempt::denied : attempt::probe;
    }

    /// Asks for permission to try. The result has to be reported by one of the three functions below.
    attempt ask(time_point now) noexcept
    {
        auto const out = look(now);
        probing_ = probing_ || out == attempt::probe;
        return out;
    }

    /// When it makes sense to ask again; the end of time while an attempt is under way.
    time_point next() const noexcept { return !open() || probing_ ? time_point::max() : next_; }

    /// @returns Whether that closed it.
    bool succeeded() noexcept
    {
        bool const was_open = open();
        failures_ = 0;
        probing_ = false;
        return was_open;
    }

    /// @returns How long the pause is that this began; nothing if it began none.
    std::optional<duration> failed(attempt a, time_point now) noexcept
    {
        if (a == attempt::probe)
            probing_ = false;
        ++failures_;
        // Those that were under way when it opened do not make the pause longer.
        if (failures_ == settings_.failures)
            return wait(settings_.pause, now);
        if (open() && a == attempt::probe)
            return wait(std::min(2 * pause_, std::max(max_pause, settings_.pause)), now);
        return std::nullopt;
    }

    /// It ended without telling anything: cancelled, or cut short.
    void abandoned(attempt a) noexcept
    {
        if (a == attempt::probe)
            probing_ = false;
    }

    /// Why `ask` denied it, in words.
    TIDINGS_COLD std::string describe(time_point now) const
    {
        auto out = "not tried: the last " + std::to_string(failures_) + (failures_ == 1 ? " attempt" : " attempts") +
                   " to connect failed, ";
        if (probing_)
            return out + "the next is under way";
        auto const left = std::chrono::ceil<std::chrono::seconds>(std::max(next_ - now, duration::zero()));
        return out + "the next try is in " + std::to_string(left.count()) + " s";
    }

private:
    bool open() const noexcept { return settings_.failures != 0 && failures_ >= settings_.failures; }

    duration wait(duration how_long, time_point now) noexcept
    {
        pause_ = how_long;
        next_ = now + how_long;
        return how_long;
    }

    breaker_settings settings_;
    std::size_t failures_ = 0;
    duration pause_{};
    time_point next_{};
    bool probing_ = false;
};

} // namespace tidings::inline v0::transport::detail

#endif
