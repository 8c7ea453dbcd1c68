// People known by their email address.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_MATCH_EMAIL_HPP
#define TIDINGS_MATCH_EMAIL_HPP

#include <tidings/detail/address.hpp>

namespace tidings::inline v0::match {

/// Finds a person by email address.
///
/// Lark and Feishu look up the address of the account, not the business mailbox.
class email
{
public:
    static constexpr std::string_view name = "email";
    static constexpr std::string_view title = "email";

    /// @param address  Checked when it is used: one `@` with something on either side, no blanks or control
    ///                 characters, at most 254 bytes of UTF-8. Characters that are not shown are dropped at the ends
    ///                 and refused elsewhere; so are those that look like a blank or like an ASCII character.
    email(std::string_view address) : text_(address) {}
    email(std::string const& address) : text_(address) {}
    email(char const* address) : text_(std::string_view(address)) {}

    std::string_view view() const noexcept { return detail::visible_part(text_); }

    /// Success, or `errc::invalid_recipient` with the reason.
    result<void> check() const
    {
        constexpr std::size_t max_length = 254;
        auto const text = view();
        auto const at = text.find('@');
        if (auto const valid = detail::check_address(text, title, max_length); !valid)
            return valid;
        auto const before = static_cast<std::size_t>(text.data() - text_.view().data());
        if (auto const plain = detail::check_look_alikes(text, title, before); !plain)
            return plain;
        if (text.find(' ') != text.npos)
            return detail::refuse(title, "contains a blank");
        if (at == text.npos || at == 0 || at + 1 == text.size() || text.find('@', at + 1) != text.npos)
            return detail::refuse(title, "is not of the form name@domain");
        return {};
    }

private:
    detail::inline_string text_;
};

} // namespace tidings::inline v0::match

#endif
