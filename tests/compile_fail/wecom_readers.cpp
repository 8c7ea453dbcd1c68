// refuse: readers
// refuse: capability::readers
#include <tidings/tidings.hpp>

using namespace tidings;

#ifdef NEAR_MISS
auto wecom_readers(notifier<wecom, match::email>& n)
{
    return n.recall(receipt());
}
#else
auto wecom_readers(notifier<wecom, match::email>& n)
{
    return n.readers(receipt());
}
#endif
