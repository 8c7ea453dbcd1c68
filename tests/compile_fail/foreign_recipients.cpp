// refuse: tidings: the people are none of this notifier's match strategy, nor recipients
#include <tidings/tidings.hpp>

#include <vector>

using namespace tidings;

#ifdef NEAR_MISS
using recipient = lark::recipient;
#else
using recipient = wecom::recipient;
#endif

auto foreign_recipients(notifier<lark, match::email>& n, std::vector<recipient>& people)
{
    auto const sink = [](std::size_t, recipient const&, result<receipt> const&) {};
    return n.send_each(people, text("hi"), sink);
}
