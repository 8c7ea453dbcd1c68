// Documents of older versions.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_CONFIG_DETAIL_MIGRATION_HPP
#define TIDINGS_CONFIG_DETAIL_MIGRATION_HPP

#include <tidings/config/detail/json_document.hpp>
#include <tidings/config/problem.hpp>

#include <cstdint>
#include <span>
#include <string>

namespace tidings::inline v0::config::detail {

/// Turns a document of version `from` into one of the next version.
struct migration_step
{
    std::int64_t from;
    json_node (*apply)(json_node const&);
};

/// Brings a document to `current`, a step for each version in between.
///
/// @param root   An object with the member `version`, which the steps need not change.
/// @param steps  In the order of their versions, without a gap, up to `current`.
inline bool migrate(json_node& root, std::int64_t current, std::span<migration_step const> steps, problems& out)
{
    if (!root.is_object())
    {
        out.emplace_back("", "must be a JSON object", "必须是 JSON 对象");
        return false;
    }
    auto const oldest = steps.empty() ? current : steps.front().from;
    auto const versions =
        oldest == current ? std::to_string(current) : std::to_string(oldest) + " to " + std::to_string(current);
    auto const* const version = root.find("version");
    if (!version || !version->is_integer())
    {
        out.emplace_back("/version", (version ? "must be a number: " : "is missing; it is ") + versions,
                         (version ? "必须是数字：" : "缺失；应为 ") + versions);
        return false;
    }
    auto const found = version->number();
    if (found < oldest || found > current)
    {
        out.emplace_back("/version",
                         found > current ? "is " + std::to_string(found) +
                                               ", which a newer release wrote; this one reads " + versions
                                         : "must be " + versions,
                         "必须是 " + versions);
        return false;
    }
    for (auto const& step : steps)
        if (step.from >= found)
            root = step.apply(root);
    return true;
}

} // namespace tidings::inline v0::config::detail

#endif
