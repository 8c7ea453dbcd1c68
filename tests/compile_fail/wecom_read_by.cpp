// refuse: read_by
// refuse: verb::read_by
#include <tidings/tidings.hpp>

using namespace tidings;

#ifdef NEAR_MISS
auto wecom_read_by(notifier<wecom, match::email>& n)
{
    return n.recall(receipt());
}
#else
auto wecom_read_by(notifier<wecom, match::email>& n)
{
    return n.readers(receipt());
}
#endif
