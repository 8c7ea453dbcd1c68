// refuse: was_never_declared
#include <tidings/subscription/event_types.hpp>

namespace subscription_unknown_node {

#ifdef NEAR_MISS
constexpr auto at = tidings::subscription::ready_made::at<tidings::subscription::sql_task::node::executed>();
#else
constexpr auto at = tidings::subscription::ready_made::at<tidings::subscription::sql_task::node::was_never_declared>();
#endif

} // namespace subscription_unknown_node
