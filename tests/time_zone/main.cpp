// The time zones of the system.
#define BOOST_TEST_MODULE tidings_time_zone
#include <boost/test/unit_test.hpp>
