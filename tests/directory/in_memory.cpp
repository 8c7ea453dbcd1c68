#include <tidings/directory/in_memory.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>

namespace directory_test {

namespace {

namespace td = tidings;
using namespace std::chrono_literals;
using td::remembered;

struct fixture
{
    // The id that is remembered, "nobody", or "?".
    std::string find(std::string const& who, std::string const& kind = "email")
    {
        auto const known = entry->find(kind, who, now);
        return known.what() == remembered::kind::nothing  ? "?"
               : known.what() == remembered::kind::nobody ? "nobody"
                                                          : std::string(known.id());
    }
    void keep(std::string const& who, std::string const& id) { entry->keep("email", who, id, now); }

    td::directory::in_memory people = td::directory::in_memory().lifetime(30min).miss_lifetime(1min).max_entries(3);
    std::shared_ptr<td::directory::in_memory::entry> entry = people.entry_for("app");
    td::access_token::time_point now = std::chrono::steady_clock::now();
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(directories, fixture)

BOOST_AUTO_TEST_CASE(people_and_misses_are_remembered_as_long_as_was_set)
{
    keep("ada", "ou_1");
    keep("bob", "");
    now += 1min - 1ns;
    BOOST_TEST(find("ada") == "ou_1");
    BOOST_TEST(find("bob") == "nobody");
    now += 1ns;
    BOOST_TEST(find("bob") == "?");
    now += 29min - 1ns;
    BOOST_TEST(find("ada") == "ou_1");
    now += 1ns;
    BOOST_TEST(find("ada") == "?");
}

BOOST_AUTO_TEST_CASE(for_ever_is_a_lifetime)
{
    td::directory::in_memory always;
    always.lifetime(std::chrono::steady_clock::duration::max());
    entry = always.entry_for("app");
    keep("ada", "ou_1");
    now += 24h * 365;
    BOOST_TEST(find("ada") == "ou_1");
}

BOOST_AUTO_TEST_CASE(whoever_was_not_asked_for_the_longest_time_goes_first)
{
    keep("ada", "ou_1");
    keep("bob", "ou_2");
    keep("chen", "ou_3");
    BOOST_TEST(find("ada") == "ou_1");
    keep("dora", "ou_4");
    BOOST_TEST(find("bob") == "?");
    BOOST_TEST(find("ada") == "ou_1");
    keep("ada", "ou_5"); // the same once more takes no further entry
    BOOST_TEST(find("ada") == "ou_5");
    BOOST_TEST(find("chen") == "ou_3");
    BOOST_TEST(find("dora") == "ou_4");
}

BOOST_AUTO_TEST_CASE(kinds_applications_and_those_who_are_forgotten_are_kept_apart)
{
    keep("ada", "ou_1");
    BOOST_TEST(find("ada", "login name") == "?");
    td::directory::in_memory const copy = people;
    BOOST_TEST((td::directory::in_memory(copy).entry_for("app") == entry));
    BOOST_TEST((td::directory::in_memory(copy).entry_for("other") != entry));
    entry->forget("email", "ada");
    BOOST_TEST(find("ada") == "?");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace directory_test
