// The library's types are formattable by std::format. A program of its own, since it is built with the standard library
// that has <format>, which need not be the one that Boost.Test was built with.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/format.hpp>

#include "format/samples.hpp"

#include <tidings/secret.hpp>

#include <cstdlib>
#include <format>
#include <iostream>

template<class T>
concept formattable =
    requires(std::formatter<T, char> f) { f.format(std::declval<T const&>(), std::declval<std::format_context&>()); };
static_assert(formattable<tidings::failure> && formattable<tidings::errc>);
static_assert(!formattable<tidings::secret> && !formattable<boost::system::error_code>);

int main()
{
    int failed = 0;
    auto const expect = [&failed](std::string_view got, std::string_view expected) {
        if (got == expected)
            return;
        std::cerr << "formatted: " << got << "\nexpected:  " << expected << '\n';
        ++failed;
    };
    for (auto const& [got, expected] :
         format_samples::results_of([](auto const& value) { return std::format("{}", value); }))
        expect(got, expected);
    expect(std::format("{:>12}|{:.4}", tidings::errc::timed_out, tidings::errc::timed_out), "   timed_out|time");
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
