// refuse: tidings: the constructor was given something that is none of this notifier's policies
#include <tidings/tidings.hpp>

using namespace tidings;
using clocked = notifier<lark, match::email>;

#ifdef NEAR_MISS
auto foreign_argument(boost::asio::any_io_executor e, lark::credentials c)
{
    return clocked(e, c, deadline());
}
#else
auto foreign_argument(boost::asio::any_io_executor e, lark::credentials c)
{
    return clocked(e, c, token_cache::none());
}
#endif
