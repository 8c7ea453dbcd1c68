// refuse: tidings: this platform has no look-up for this kind of address. Add addressing::directory_scan,
// refuse: use_one_of<tidings::match::login_name, tidings::match::phone_number
#include <tidings/tidings.hpp>

using namespace tidings;

#ifdef NEAR_MISS
template class tidings::notifier<dingtalk, match::email, addressing::directory_scan>;
#else
template class tidings::notifier<dingtalk, match::email>;
#endif
