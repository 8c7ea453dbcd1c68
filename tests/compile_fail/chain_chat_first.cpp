// refuse: tidings: a chain goes on to the next link when a link leads to nobody; of one link
#include <tidings/tidings.hpp>

using namespace tidings;

#ifdef NEAR_MISS
template class tidings::notifier<lark, match::first_of<match::email, match::chat_id>>;
#else
template class tidings::notifier<lark, match::first_of<match::chat_id, match::email>>;
#endif
