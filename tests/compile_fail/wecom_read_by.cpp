// refuse: read_by
// refuse: verb::read_by
#include <tidings/tidings.hpp>

using namespace tidings;

#ifdef NEAR_MISS
auto f(notifier<wecom, match::email>& n)
{
    return n.recall(receipt());
}
#else
auto f(notifier<wecom, match::email>& n)
{
    return n.read_by(receipt());
}
#endif
