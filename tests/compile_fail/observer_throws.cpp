// refuse: tidings: a function of this observer may throw; each on(event) has to be noexcept
#include <tidings/tidings.hpp>

using namespace tidings;

struct observer_that_throws
{
    using policy_kind = observer_kind;
#ifdef NEAR_MISS
    void on(event::attempt_ended const&) noexcept {}
#else
    void on(event::attempt_ended const&) {}
#endif
};
template class tidings::notifier<lark, match::email, observer_that_throws>;
