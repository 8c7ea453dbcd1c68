// Reports what became of the messages about an event.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_EXAMPLES_TIDINGS_EVENT_REPORT_HPP
#define TIDINGS_EXAMPLES_TIDINGS_EVENT_REPORT_HPP

#include <tidings/error.hpp>
#include <tidings/subscription/dispatcher.hpp>

#include <cstddef>
#include <string>

namespace tidings_event {

enum exit_code
{
    done = 0,
    not_reached = 1,
    usage = 2,
    unknown = 3
};

class report
{
public:
    report(bool as_json, tidings::language l) noexcept : as_json_(as_json), language_(l) {}

    /// Writes an outcome.
    void add(tidings::subscription::delivery_outcome const& outcome);

    /// Nobody gets a message, which is seldom meant.
    void say_that_it_concerns_nobody();

    /// Writes what concerns the whole.
    exit_code finish(tidings::result<tidings::subscription::dispatch_report> const& all);

private:
    std::string json_row(tidings::subscription::delivery_outcome const& outcome) const;
    void write(tidings::subscription::delivery_outcome const& outcome);
    void put(int descriptor, std::string const& text);

    bool as_json_;
    tidings::language language_;
    std::size_t failed_ = 0;
    std::size_t unknown_ = 0;
    bool lost_ = false; ///< A line could not be written.
};

} // namespace tidings_event

#endif
