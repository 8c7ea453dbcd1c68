// refuse: tidings: this observer has no function on(event) for any event of tidings/event.hpp
#include <tidings/tidings.hpp>

using namespace tidings;

struct observer_of_nothing
{
    using policy_kind = observer_kind;
#ifdef NEAR_MISS
    void on(event::attempt_ended const&) noexcept {}
#else
    void on(int) noexcept {}
#endif
};
template class tidings::notifier<lark, match::email, observer_of_nothing>;
