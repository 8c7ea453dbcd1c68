// E-mail, against a real SMTP server and against one that fails at every step.
#define BOOST_TEST_MODULE tidings_email
#include <boost/test/unit_test.hpp>
