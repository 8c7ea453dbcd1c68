// No observer.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_OBSERVER_NONE_HPP
#define TIDINGS_OBSERVER_NONE_HPP

#include <tidings/concepts.hpp>

namespace tidings::inline v0::observer {

/// Gets no events and costs nothing: no clock is read and no event is made. The default.
class none
{
public:
    using policy_kind = observer_kind;

    none() = default; // no aggregate
};
static_assert(observer_policy<none>);

} // namespace tidings::inline v0::observer

namespace tidings::inline v0::detail {

/// Whether an observer gets no events on purpose. Another one without a function for any event is a mistake.
template<class Observer>
inline constexpr bool observes_nothing = false;
template<>
inline constexpr bool observes_nothing<observer::none> = true;

} // namespace tidings::inline v0::detail

#endif
