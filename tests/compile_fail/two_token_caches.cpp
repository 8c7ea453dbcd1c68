// refuse: tidings: two policies fill the same slot; keep one of them
#include <tidings/tidings.hpp>

using namespace tidings;

#ifdef NEAR_MISS
template class tidings::notifier<lark, match::email, token_cache::none, transport::http>;
#else
template class tidings::notifier<lark, match::email, token_cache::none, token_cache::in_memory>;
#endif
