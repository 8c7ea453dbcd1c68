// The notifier against the sandbox, over real sockets.
#define BOOST_TEST_MODULE tidings_observer
#include <boost/test/unit_test.hpp>
