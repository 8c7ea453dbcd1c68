// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_FAULT_IPP
#define TIDINGS_SANDBOX_IMPL_FAULT_IPP

#include <tidings/sandbox/fault.hpp>

#include <tidings/sandbox/detail/json_io.hpp>
#include <tidings/sandbox/world_error.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

namespace tidings::inline v0::sandbox {

namespace detail {

template<>
struct names_of<fault_kind>
{
    static constexpr std::array<char const*, 25> list{"delay",
                                                      "answer",
                                                      "throttle",
                                                      "refuse",
                                                      "refuse_connection",
                                                      "cut_before_reading",
                                                      "cut_before_headers",
                                                      "reply_lost",
                                                      "cut_in_headers",
                                                      "cut_in_body",
                                                      "stall",
                                                      "stall_in_headers",
                                                      "stall_in_body",
                                                      "byte_by_byte",
                                                      "truncated_json",
                                                      "close_after",
                                                      "connection_close",
                                                      "linger",
                                                      "answer_twice",
                                                      "chunked",
                                                      "continue_first",
                                                      "garbage",
                                                      "big_headers",
                                                      "big_body",
                                                      "wrong_length"};
};

template<class F>
void members(F&& f, is_a<fault> auto& x)
{
    fault::members(f, x);
}

} // namespace detail

TIDINGS_SANDBOX_DECL bool fault::processed() const noexcept
{
    switch (what_)
    {
    case fault_kind::answer:
    case fault_kind::throttle:
    case fault_kind::refuse:
    case fault_kind::refuse_connection:
    case fault_kind::cut_before_reading:
    case fault_kind::cut_before_headers:
    case fault_kind::stall:
    case fault_kind::garbage: return processed_.value_or(false);
    default: return processed_.value_or(true);
    }
}

TIDINGS_SANDBOX_DECL bool fault::matches(brand b, std::string_view method, std::string_view target) const noexcept
{
    return (!brand_ || *brand_ == b) && (method_.empty() || method_ == method) && target.starts_with(path_);
}

TIDINGS_SANDBOX_DECL bool fault::strikes() noexcept
{
    if (after_ > 0)
    {
        --after_;
        return false;
    }
    if (spent())
        return false;
    ++struck_;
    return true;
}

namespace detail {

// Gives the members of one fault their present names.
inline void rename_older_members(json::value& v)
{
    if (!v.is_object())
        return;
    auto& o = v.get_object();
    for (auto const& [older, name] : {std::pair("action", "kind"), std::pair("brand", "platform")})
        if (auto const* const found = o.if_contains(older); found && !o.contains(name))
        {
            auto value = *found;
            o.erase(older);
            o[name] = std::move(value);
        }
}

// Throws `world_error` when a value cannot be acted on.
inline void check(fault const& f, std::string const& where)
{
    constexpr std::int64_t max_bytes = std::int64_t{64} << 20;
    constexpr std::int64_t max_delay = 24LL * 60 * 60 * 1000;
    auto const in_range = [&where](char const* name, std::int64_t value, std::int64_t least, std::int64_t max_count) {
        if (value < least || value > max_count)
            throw world_error(where.empty() ? name : where + "." + name, std::to_string(value) + " is not from " +
                                                                             std::to_string(least) + " to " +
                                                                             std::to_string(max_count));
    };
    fault::members(
        [&](std::string_view name, auto const& value) {
            if constexpr (std::is_same_v<std::decay_t<decltype(value)>, int> ||
                          std::is_same_v<std::decay_t<decltype(value)>, std::int64_t>)
            {
                if (name == "times" || name == "after")
                    in_range(name.data(), value, 0, std::numeric_limits<int>::max());
                else if (name == "delay_ms")
                    in_range(name.data(), value, 0, max_delay);
                else if (name == "status")
                    in_range(name.data(), value, 200, 599);
                else if (name == "wait_seconds")
                    in_range(name.data(), value, -1, std::numeric_limits<int>::max());
                else if (name == "size")
                    in_range(name.data(), value, f.kind() == fault_kind::wrong_length ? -max_bytes : 0, max_bytes);
            }
        },
        f);
    for (auto const& [name, value] : f.headers())
        for (std::string_view const part : {std::string_view(name), std::string_view(value)})
            if (std::any_of(part.begin(), part.end(),
                            [](unsigned char c) { return (c < ' ' && c != '\t') || c == 0x7f; }))
                throw world_error(where.empty() ? "headers" : where + ".headers", "has a control character");
}

} // namespace detail

TIDINGS_SANDBOX_DECL std::vector<fault> faults_from_json(std::string_view text)
{
    auto v = detail::parse_or_explain(text, "faults");
    detail::rename_older_members(v);
    if (v.is_array())
        for (auto& entry : v.get_array())
            detail::rename_older_members(entry);
    std::vector<fault> out;
    if (v.is_array())
        detail::read(v, out, "faults");
    else
        detail::read(v, out.emplace_back(), "");
    for (std::size_t i = 0; i != out.size(); ++i)
        detail::check(out[i], v.is_array() ? "faults[" + std::to_string(i) + "]" : std::string());
    return out;
}

} // namespace tidings::inline v0::sandbox

#endif
