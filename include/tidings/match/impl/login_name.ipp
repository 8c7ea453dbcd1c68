// People known by the name they are administered under.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_MATCH_IMPL_LOGIN_NAME_IPP
#define TIDINGS_MATCH_IMPL_LOGIN_NAME_IPP

#include <tidings/detail/address.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/match/login_name.hpp>

namespace tidings::inline v0::match {

TIDINGS_DECL result<void> login_name::check(std::string_view whole)
{
    constexpr std::size_t max_length = 64;
    auto const text = detail::visible_part(whole);
    if (auto const valid = detail::check_address(text, title, max_length); !valid)
        return valid;
    return detail::check_look_alikes(text, title, static_cast<std::size_t>(text.data() - whole.data()));
}

} // namespace tidings::inline v0::match

#endif
