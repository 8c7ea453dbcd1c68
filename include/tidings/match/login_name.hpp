// People known by the name they are administered under.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_MATCH_LOGIN_NAME_HPP
#define TIDINGS_MATCH_LOGIN_NAME_HPP

#include <tidings/detail/address.hpp>

namespace tidings::inline v0::match {

/// Finds a person by login name: the id that the organisation's administrator gave them (`user_id` on Lark and Feishu).
/// The platform takes it without a look-up.
class login_name
{
public:
    static constexpr std::string_view name = "login_name";
    static constexpr std::string_view title = "login name";

    /// @param text  Checked when it is used: 1 to 64 bytes of UTF-8 without control characters. Characters that are not
    ///              shown are dropped at the ends and refused elsewhere; so are those that look like a blank or like an
    ///              ASCII character.
    login_name(std::string_view text) : text_(text) {}
    login_name(std::string const& text) : text_(text) {}
    login_name(char const* text) : text_(std::string_view(text)) {}

    std::string_view view() const noexcept { return detail::visible_part(text_); }

    /// Success, or `errc::invalid_recipient` with the reason.
    result<void> check() const { return check(text_); }
    /// The same of a text.
    static result<void> check(std::string_view whole);

private:
    detail::inline_string text_;
};

} // namespace tidings::inline v0::match

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/match/impl/login_name.ipp>
#endif

#endif
