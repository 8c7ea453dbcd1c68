// Subscriptions, people, and what reaches them.
#define BOOST_TEST_MODULE tidings_subscription
#include <boost/test/unit_test.hpp>
