// refuse: tidings: this platform cannot send this kind of message;
// refuse: text, markdown and the platform's own card can be sent
#include <tidings/tidings.hpp>

using namespace tidings;

#ifdef NEAR_MISS
auto f(notifier<lark, match::email>& n)
{
    return n.send("ada@example.com", text{"hi"});
}
#else
auto f(notifier<lark, match::email>& n)
{
    return n.send("ada@example.com", std::string("hi"));
}
#endif
