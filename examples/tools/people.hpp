// The people that a command line or its files name.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_EXAMPLES_TOOLS_PEOPLE_HPP
#define TIDINGS_EXAMPLES_TOOLS_PEOPLE_HPP

#include <tidings/any_notifier.hpp>

#include <string>
#include <utility>
#include <vector>

namespace CLI {
class App;
} // namespace CLI

namespace tools {

/// An address and where it was given, for the user who has to correct it: "--to" or "people.txt:17".
struct person
{
    person(std::string address, std::string place) noexcept : to(std::move(address)), where(std::move(place)) {}

    std::string to;
    std::string where;
    std::string id;       ///< The address in the form in which it is used; set by `check_people`.
    std::string language; ///< A language tag. Empty: not known.
    std::string problem;  ///< What is wrong where the person was named; empty: nothing.
};

/// The options that name people.
struct people_options
{
    std::vector<std::string> to;
    std::vector<std::string> to_files;
};

void declare(CLI::App& cli, people_options& options);

/// The people in the order in which they were named.
///
/// @param required  Whether it is a usage error that nobody was named.
std::vector<person> read_people(people_options const& options, bool required);

/// Finds all addresses that are not valid before anything is sent, and leaves each person once. Addresses that are not
/// valid, and people with a problem, are a usage error, which lists up to 20 of them.
void check_people(tidings::any_notifier const& to, std::vector<person>& people);

} // namespace tools

#endif
