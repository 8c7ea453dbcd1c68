// refuse: tidings: the nodes of an event type have the order of their enumeration, from 0 on
#include <tidings/subscription/event_type.hpp>

namespace subscription_node_order {

struct order
{
    static constexpr std::string_view name = "order";
    static constexpr tidings::config::label title{"Order", "订单"};
    enum class node
    {
        opened,
        closed
    };
#ifdef NEAR_MISS
    static constexpr tidings::subscription::typed_node<node> nodes[] = {{node::opened, {"opened"}},
                                                                        {node::closed, {"closed"}}};
#else
    static constexpr tidings::subscription::typed_node<node> nodes[] = {{node::closed, {"closed"}},
                                                                        {node::opened, {"opened"}}};
#endif
};

constexpr auto at = tidings::subscription::event_set<order>::at<order::node::opened>();

} // namespace subscription_node_order
