// refuse: tidings: one of the policies fills no slot of a notifier
#include <tidings/tidings.hpp>

using namespace tidings;

#ifdef NEAR_MISS
template class tidings::notifier<lark, match::email, deadline>;
#else
template class tidings::notifier<lark, match::email, int>;
#endif
