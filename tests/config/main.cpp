// The settings of channels, and tests before they are saved.
#define BOOST_TEST_MODULE tidings_config
#include <boost/test/unit_test.hpp>
