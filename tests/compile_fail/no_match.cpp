// refuse: tidings: the second argument of notifier is no way to name people, such as tidings::match::email
#include <tidings/tidings.hpp>

using namespace tidings;

#ifdef NEAR_MISS
template class tidings::notifier<lark, match::email>;
#else
template class tidings::notifier<lark, std::string>;
#endif
