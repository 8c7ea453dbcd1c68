// Many people, and what became of each.
#ifndef TIDINGS_TESTS_SUPPORT_MANY_RECIPIENTS_HPP
#define TIDINGS_TESTS_SUPPORT_MANY_RECIPIENTS_HPP

#include <tidings/sandbox/server.hpp>
#include <tidings/tidings.hpp>

#include <map>
#include <string>
#include <vector>

namespace test {

namespace td = tidings;

/// A world with many people more.
inline td::sandbox::world many_recipients(int size)
{
    auto world = td::sandbox::world::standard();
    for (int i = 0; i != size; ++i)
    {
        td::sandbox::person person;
        person.login_name = "p" + std::to_string(i);
        person.name = person.login_name;
        person.email = person.login_name + "@example.com";
        person.mobile = "+65" + std::to_string(80000000 + i);
        world.people.push_back(person);
        for (auto& app : world.apps)
            if (!app.availability.everyone)
                app.availability.people.push_back(person.login_name);
        for (auto& app : world.dingtalk.apps)
            if (!app.availability.everyone)
                app.availability.people.push_back(person.login_name);
        for (auto& app : world.wecom.apps)
            if (!app.visible_range.everyone)
                app.visible_range.people.push_back(person.login_name);
    }
    return world;
}

struct outcomes
{
    std::vector<std::size_t> order;
    std::map<std::string, td::error_code> by_person;
    std::map<std::string, td::result<td::receipt>> told;

    auto sink()
    {
        return [this](std::size_t index, auto const& who, td::result<td::receipt> const& outcome) {
            order.push_back(index);
            by_person[std::string(who.view())] = outcome ? td::error_code() : outcome.error().code();
            told.insert_or_assign(std::string(who.view()), outcome);
        };
    }
    bool in_order() const
    {
        for (std::size_t i = 0; i != order.size(); ++i)
            if (order[i] != i)
                return false;
        return true;
    }
};

} // namespace test

#endif
