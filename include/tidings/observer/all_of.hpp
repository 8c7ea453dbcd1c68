// Several observers as one.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_OBSERVER_ALL_OF_HPP
#define TIDINGS_OBSERVER_ALL_OF_HPP

#include <tidings/concepts.hpp>
#include <tidings/observer/none.hpp>

#include <tuple>
#include <utility>

namespace tidings::inline v0::observer {

/// Passes each event on to those of several observers that have a function for it, in their order:
/// `observer::all_of{log, metrics}`. Where all of them are `observer::none`, it costs nothing.
///
/// @par Thread safety  That of the observers.
template<observer_policy... Observers>
class all_of
{
public:
    using policy_kind = observer_kind;

    all_of() = default;
    explicit all_of(Observers... observers)
        requires(sizeof...(Observers) > 0)
        : observers_(std::tuple_cat(keep(std::move(observers))...))
    {
    }

    template<class Event>
        requires(observes<Observers, Event> || ...)
    void on(Event const& e) noexcept
    {
        std::apply([&e](auto&... each) { (pass(each, e), ...); }, observers_);
    }

private:
    /// The observer, unless it gets no events.
    template<class Observer>
    static auto keep(Observer&& given) noexcept
    {
        if constexpr (detail::observes_nothing<Observer>)
            return std::tuple<>();
        else
            return std::tuple<Observer>(std::move(given));
    }

    template<class Observer, class Event>
    static void pass(Observer& to, Event const& e) noexcept
    {
        if constexpr (observes<Observer, Event>)
            to.on(e);
    }

    [[no_unique_address]] decltype(std::tuple_cat(keep(std::declval<Observers>())...)) observers_;
};

} // namespace tidings::inline v0::observer

namespace tidings::inline v0::detail {

template<class... Observers>
inline constexpr bool observes_nothing<observer::all_of<Observers...>> = (observes_nothing<Observers> && ...);

} // namespace tidings::inline v0::detail

#endif
