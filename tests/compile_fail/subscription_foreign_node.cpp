// refuse: tidings: this node belongs to no event type of the set
#include <tidings/subscription/event_types.hpp>

namespace subscription_foreign_node {

using set = tidings::subscription::event_set<tidings::subscription::sql_task>;

#ifdef NEAR_MISS
constexpr auto at = set::at<tidings::subscription::sql_task::node::executed>();
#else
constexpr auto at = set::at<tidings::subscription::data_export::node::ready>();
#endif

} // namespace subscription_foreign_node
