// An observer that is chosen when the program runs.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_OBSERVER_ANY_HPP
#define TIDINGS_OBSERVER_ANY_HPP

#include <tidings/concepts.hpp>
#include <tidings/observer/none.hpp>

#include <concepts>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

namespace tidings::inline v0 {

namespace detail {

/// For each kind of event the function of an observer whose type is erased; null where it has none.
template<class... Events>
struct observer_functions
{
    template<class Event>
    using function = void (*)(void*, Event const&) noexcept;

    template<class Event>
    static constexpr bool has = (std::same_as<Event, Events> || ...);

    std::tuple<function<Events>...> all;

    template<class Observer>
    static constexpr observer_functions of() noexcept
    {
        return {std::tuple<function<Events>...>(function_of<Observer, Events>()...)};
    }

private:
    template<class Observer, class Event>
    static constexpr function<Event> function_of() noexcept
    {
        if constexpr (observes<Observer, Event>)
            return [](void* to, Event const& e) noexcept { static_cast<Observer*>(to)->on(e); };
        else
            return nullptr;
    }
};

using all_observer_functions =
    decltype(with_all_events([]<class... Events>() { return observer_functions<Events...>(); }));

template<class Observer>
inline constexpr auto functions_of_observer = all_observer_functions::of<Observer>();

} // namespace detail

namespace observer {

/// An observer of any type, or none: one type for programs that choose it when they run, such as those with
/// `any_notifier`. Each event is made and costs one call through a pointer, unless it has no function in the observer.
/// Copies share the observer.
///
/// @par Thread safety  That of the observer.
class any
{
public:
    using policy_kind = observer_kind;

    /// None: nothing is called.
    any() = default;

    /// @param to  Gets the events that it has a function for.
    template<class Observer>
        requires(!std::same_as<Observer, any> && observer_policy<Observer>)
    any(Observer to)
        : functions_(&detail::functions_of_observer<Observer>), to_(std::make_shared<Observer>(std::move(to)))
    {
        static_assert(detail::observes_nothing<Observer> || detail::observes_some_event<Observer>,
                      "tidings: this observer has no function on(event) for any event of tidings/event.hpp");
    }

    /// Passes the event on.
    template<class Event>
        requires(detail::all_observer_functions::has<Event>)
    void on(Event const& e) noexcept
    {
        using function = detail::all_observer_functions::function<Event>;
        // Without an observer, also after it was moved to another one.
        if (auto const call = to_ ? std::get<function>(functions_->all) : nullptr)
            call(to_.get(), e);
    }

private:
    detail::all_observer_functions const* functions_ = nullptr;
    std::shared_ptr<void> to_;
};
static_assert(observer_policy<any>);

} // namespace observer

} // namespace tidings::inline v0

#endif
