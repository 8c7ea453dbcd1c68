// A table of people in little memory, against a plain one.
#include <tidings/directory/detail/recent_people.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <list>
#include <random>
#include <string>
#include <vector>

namespace recent_people_test {

namespace {

using namespace std::chrono_literals;
using tidings::remembered;
using tidings::detail::recent_people;
using time_point = recent_people::time_point;

std::string text_of(remembered const& known)
{
    return known.what() == remembered::kind::nothing  ? "?"
           : known.what() == remembered::kind::nobody ? "nobody"
                                                      : std::string(known.id());
}

/// The same without any thought of memory: a list, the entry that was used last is the first.
class plain_table
{
public:
    std::string find(std::string const& kind, std::string const& address, time_point now)
    {
        auto const e = search(kind, address);
        if (e == entries_.end())
            return "?";
        if (e->expires <= now)
        {
            entries_.erase(e);
            return "?";
        }
        entries_.splice(entries_.begin(), entries_, e);
        return e->id.empty() ? "nobody" : e->id;
    }
    void keep(std::string const& kind, std::string const& address, std::string const& id, time_point expires,
              std::size_t most)
    {
        forget(kind, address);
        while (entries_.size() >= most)
            entries_.pop_back();
        entries_.push_front(entry{kind, address, id, expires});
    }
    void forget(std::string const& kind, std::string const& address)
    {
        if (auto const e = search(kind, address); e != entries_.end())
            entries_.erase(e);
    }
    std::size_t size() const { return entries_.size(); }

private:
    struct entry
    {
        std::string kind, address, id;
        time_point expires;
    };

    std::list<entry>::iterator search(std::string const& kind, std::string const& address)
    {
        return std::find_if(entries_.begin(), entries_.end(),
                            [&](entry const& e) { return e.kind == kind && e.address == address; });
    }

    std::list<entry> entries_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(recent_people_table)

BOOST_AUTO_TEST_CASE(an_id_comes_back_as_it_was_whatever_its_form_and_length)
{
    recent_people people;
    auto const now = std::chrono::steady_clock::now();
    std::string const ids[] = {"ou_7d8a6e6df7621556ce0d21922b676706",
                               "ou_7d8a6e6df7621556ce0d21922b67670",
                               "ou_7D8A6E6DF7621556CE0D21922B676706",
                               "ou_7d8a6e6df7621556ce0d21922b676706ccs",
                               "a",
                               "g",
                               "0",
                               "01",
                               "zhangsan",
                               "manager4220",
                               std::string("a\0b\xff", 4),
                               std::string(95, 'f'),
                               std::string(96, 'f'),
                               std::string(97, 'f'),
                               std::string(60, 'x'),
                               std::string(5000, '7')};
    for (std::size_t const size : {std::size_t(1), std::size_t(12), std::size_t(28), std::size_t(29), std::size_t(30),
                                   std::size_t(47), std::size_t(48), std::size_t(49), std::size_t(300)})
    {
        std::size_t n = 0;
        auto const address = [&](std::size_t i) {
            return std::string(size, 'a') + static_cast<char>('a' + static_cast<int>(i));
        };
        for (auto const& id : ids)
            people.keep("email", address(n++), id, now, now + 1h, 1000);
        n = 0;
        for (auto const& id : ids)
            BOOST_TEST(text_of(people.find("email", address(n++), now)) == id);
    }
    people.keep("email", std::string(100, 'x'), "", now, now + 1h, 1000);
    BOOST_TEST(text_of(people.find("email", std::string(100, 'x'), now)) == "nobody");
}

BOOST_AUTO_TEST_CASE(it_knows_what_a_plain_table_knows_after_any_sequence_of_calls)
{
    std::mt19937 random(20'261'130);
    auto const below = [&](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
    for (std::size_t const most : {std::size_t(1), std::size_t(2), std::size_t(7), std::size_t(100)})
    {
        recent_people people;
        plain_table expected;
        auto now = std::chrono::steady_clock::now();
        std::size_t wrong = 0;
        for (int step = 0; step != 20'000; ++step)
        {
            std::string const kind = below(4) == 0 ? "phone number" : "email";
            auto address = std::to_string(below(3 * most / 2 + 2));
            if (address.size() == 1 && below(2) == 0)
                address.insert(0, 60, 'x'); // one that does not fit
            switch (below(8))
            {
            case 0: people.forget(kind, address), expected.forget(kind, address); break;
            case 1:
            case 2:
            case 3:
            {
                auto const id = below(5) == 0 ? std::string() : "ou_" + std::string(below(60), 'a') + address;
                auto const expires = now + std::chrono::microseconds(below(500));
                people.keep(kind, address, id, now, expires, most);
                expected.keep(kind, address, id, expires, most);
                break;
            }
            case 4: now += std::chrono::microseconds(below(20)); break;
            default:
                wrong += text_of(people.find(kind, address, now)) != expected.find(kind, address, now) ? 1u : 0u;
                break;
            }
            wrong += people.size() != expected.size() ? 1u : 0u;
        }
        BOOST_TEST(wrong == 0u, wrong << " differences with at most " << most);
    }
}

BOOST_AUTO_TEST_CASE(many_people_are_told_apart_by_their_whole_addresses)
{
    constexpr int count = 20'000;
    recent_people people;
    auto const now = std::chrono::steady_clock::now();
    auto const address = [](int i) { return "person" + std::to_string(i) + "@example.com"; };
    for (int i = 0; i != count; ++i)
        people.keep("email", address(i), std::to_string(i), now, now + 1h, count);
    BOOST_TEST(people.size() == std::size_t(count));
    int wrong = 0;
    for (int i = 0; i != count; ++i)
        wrong += text_of(people.find("email", address(i), now)) != std::to_string(i) ? 1 : 0;
    BOOST_TEST(wrong == 0);
    BOOST_TEST(text_of(people.find("email", "person7@example.co", now)) == "?");
    BOOST_TEST(text_of(people.find("email", "Person7@example.com", now)) == "?");
    for (int i = 0; i != count; ++i)
        people.forget("email", address(i));
    BOOST_TEST(people.size() == 0u);
}

BOOST_AUTO_TEST_CASE(a_kind_too_many_is_not_remembered_and_harms_no_other)
{
    recent_people people;
    auto const now = std::chrono::steady_clock::now();
    for (int i = 0; i != 300; ++i)
        people.keep("kind " + std::to_string(i), "ada", std::to_string(i), now, now + 1h, 1000);
    BOOST_TEST(people.size() == 255u);
    BOOST_TEST(text_of(people.find("kind 0", "ada", now)) == "0");
    BOOST_TEST(text_of(people.find("kind 254", "ada", now)) == "254");
    BOOST_TEST(text_of(people.find("kind 255", "ada", now)) == "?");
    people.forget("kind 255", "ada");
    people.keep("kind 7", "ada", "new", now, now + 1h, 1000);
    BOOST_TEST(text_of(people.find("kind 7", "ada", now)) == "new");
    BOOST_TEST(people.size() == 255u);
}

BOOST_AUTO_TEST_CASE(what_never_expires_is_still_known_after_ten_years)
{
    recent_people people;
    auto const now = std::chrono::steady_clock::now();
    people.keep("email", "ada", "ou_1", now, now + 24h * 365 * 30, 10);
    people.keep("email", "bob", "ou_2", now, now + 1h, 10);
    BOOST_TEST(text_of(people.find("email", "ada", now + 24h * 365 * 10)) == "ou_1");
    BOOST_TEST(text_of(people.find("email", "bob", now + 24h * 365 * 10)) == "?");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace recent_people_test
