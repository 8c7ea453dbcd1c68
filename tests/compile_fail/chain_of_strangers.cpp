// refuse: tidings: this platform cannot find people by this; use one of the match
// refuse: use_one_of<tidings::match::login_name, tidings::match::phone_number, tidings::match::email
#include <tidings/tidings.hpp>

using namespace tidings;

#ifdef NEAR_MISS
template class tidings::notifier<dingtalk, match::first_of<dingtalk::login_id, match::phone_number>>;
#else
template class tidings::notifier<wecom, match::first_of<dingtalk::login_id, match::phone_number>>;
#endif
