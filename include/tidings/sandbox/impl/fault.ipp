// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_FAULT_IPP
#define TIDINGS_SANDBOX_IMPL_FAULT_IPP

#include <tidings/sandbox/fault.hpp>

#include <tidings/sandbox/detail/json_io.hpp>

namespace tidings::sandbox {

namespace detail {

template<>
struct names_of<mishap>
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
    case mishap::answer:
    case mishap::throttle:
    case mishap::refuse:
    case mishap::refuse_connection:
    case mishap::cut_before_reading:
    case mishap::cut_before_headers:
    case mishap::stall:
    case mishap::garbage: return processed_.value_or(false);
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

TIDINGS_SANDBOX_DECL std::vector<fault> faults_from_json(std::string_view text)
{
    auto const v = detail::parse_or_explain(text, "faults");
    std::vector<fault> out;
    if (v.is_array())
        detail::read(v, out, "faults");
    else
        detail::read(v, out.emplace_back(), "");
    return out;
}

} // namespace tidings::sandbox

#endif
