// refuse: tidings: this platform cannot find people by this; use one of the match
// refuse: use_one_of<tidings::match::login_name, tidings::match::phone_number, tidings::match::email
#include <tidings/tidings.hpp>

using namespace tidings;

#ifdef NEAR_MISS
template class tidings::notifier<feishu, match::open_id>;
#else
template class tidings::notifier<wecom, match::open_id>;
#endif
