// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "values.hpp"

#include "files.hpp"

#include <tidings/printable_text.hpp>

#include <algorithm>
#include <utility>

namespace td = tidings;

namespace tools {

std::string with_hyphens(std::string name)
{
    std::replace(name.begin(), name.end(), '_', '-');
    return name;
}

std::string read_text(std::string_view option, std::string const& path, std::size_t max_bytes)
{
    auto in = read_file(path, max_bytes);
    auto const name = path == "-" ? "standard input" : td::printable_text(path);
    if (!in.problem.empty())
        throw usage_problem(option, name + " " + in.problem);
    constexpr std::string_view mark = "\xef\xbb\xbf";
    return in.bytes.starts_with(mark) ? in.bytes.substr(mark.size()) : std::move(in.bytes);
}

} // namespace tools
