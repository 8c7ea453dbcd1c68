// refuse: tidings: this platform cannot write to this kind of address directly; leave addressing::direct out
#include <tidings/tidings.hpp>

using namespace tidings;

#ifdef NEAR_MISS
template class tidings::notifier<lark, match::email, addressing::direct>;
#else
template class tidings::notifier<lark, match::phone_number, addressing::direct>;
#endif
