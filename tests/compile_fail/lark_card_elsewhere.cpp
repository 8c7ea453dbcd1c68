// refuse: tidings: this platform cannot send this kind of message; it can send what use_one_of<> lists
// refuse: use_one_of<tidings::text, tidings::markdown, tidings::notice
#include <tidings/tidings.hpp>

using namespace tidings;

#ifdef NEAR_MISS
auto lark_card_elsewhere(notifier<wecom, match::email>& n)
{
    return n.send("ada@example.com", notice("hi"));
}
#else
auto lark_card_elsewhere(notifier<wecom, match::email>& n)
{
    return n.send("ada@example.com", lark::card("{}"));
}
#endif
