// What several threads do at once; for the thread sanitizer.
#define BOOST_TEST_MODULE tidings_threads
#include <boost/test/unit_test.hpp>
