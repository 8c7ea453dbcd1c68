// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "failure_json.hpp"

#include <tidings/printable_text.hpp>

#include <charconv>
#include <cstdint>
#include <system_error>

namespace td = tidings;
namespace json = boost::json;

namespace tools {

json::value text_or_null(std::string_view text)
{
    return text.empty() ? json::value() : json::value(td::printable_text(text));
}

json::value code_of(td::failure const& f)
{
    std::int64_t number = 0;
    auto const text = f.platform_code();
    auto const end = text.data() + text.size();
    if (auto const [at, ec] = std::from_chars(text.data(), end, number); ec == std::errc() && at == end)
        return number;
    return text_or_null(text);
}

} // namespace tools
