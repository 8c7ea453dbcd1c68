// refuse: tidings: this platform cannot send this kind of message; it can send what use_one_of<> lists
// refuse: use_one_of<tidings::text, tidings::markdown
#include <tidings/tidings.hpp>

using namespace tidings;

#ifdef NEAR_MISS
auto unknown_message(notifier<lark, match::email>& n)
{
    return n.send("ada@example.com", text{"hi"});
}
#else
auto unknown_message(notifier<lark, match::email>& n)
{
    return n.send("ada@example.com", std::string("hi"));
}
#endif
