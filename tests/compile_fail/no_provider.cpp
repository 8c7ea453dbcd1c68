// refuse: tidings: the first argument of notifier is no provider, such as tidings::lark
#include <tidings/tidings.hpp>

using namespace tidings;

#ifdef NEAR_MISS
template class tidings::notifier<feishu, match::email>;
#else
template class tidings::notifier<match::email, feishu>;
#endif
