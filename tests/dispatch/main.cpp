// Events and what becomes of their messages.
#define BOOST_TEST_MODULE tidings_dispatch
#include <boost/test/unit_test.hpp>
