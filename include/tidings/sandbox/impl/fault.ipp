// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_FAULT_IPP
#define TIDINGS_SANDBOX_IMPL_FAULT_IPP

#include <tidings/sandbox/fault.hpp>

#include <tidings/sandbox/detail/json_io.hpp>

namespace tidings::sandbox {

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

} // namespace detail

TIDINGS_SANDBOX_DECL std::vector<fault> faults_from_json(std::string_view text)
{
    auto v = detail::parse_or_explain(text, "faults");
    detail::rename_older_members(v);
    if (v.is_array())
        for (auto& one : v.get_array())
            detail::rename_older_members(one);
    std::vector<fault> out;
    if (v.is_array())
        detail::read(v, out, "faults");
    else
        detail::read(v, out.emplace_back(), "");
    return out;
}

} // namespace tidings::sandbox

#endif
