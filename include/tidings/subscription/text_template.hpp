// A sentence with placeholders, which are checked when the program is compiled.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SUBSCRIPTION_TEXT_TEMPLATE_HPP
#define TIDINGS_SUBSCRIPTION_TEXT_TEMPLATE_HPP

#include <cstddef>
#include <string>
#include <string_view>

namespace tidings::inline v0::subscription {

/// The placeholders of a template: `{subject}` and so on.
inline constexpr std::string_view placeholder_names[] = {"type",     "node",       "subject",  "submitter",
                                                         "executor", "data_owner", "approvers"};

namespace detail {

/// Not constant: a call of it in a constant expression is the compile error whose text the name is.
inline void tidings_this_placeholder_does_not_exist() {}
inline void tidings_a_brace_of_the_template_is_not_closed() {}

/// Calls `text(part)` for what is between placeholders, and `placeholder(name)` for each of them.
template<class Text, class Placeholder>
constexpr void walk_template(std::string_view all, Text&& text, Placeholder&& placeholder)
{
    while (!all.empty())
    {
        auto const open = all.find('{');
        if (open != 0)
            text(all.substr(0, open));
        if (open == all.npos)
            return;
        auto const close = all.find('}', open);
        if (close == all.npos)
        {
            tidings_a_brace_of_the_template_is_not_closed();
            return;
        }
        placeholder(all.substr(open + 1, close - open - 1));
        all.remove_prefix(close + 1);
    }
}

constexpr bool is_placeholder(std::string_view name) noexcept
{
    for (auto const known : placeholder_names)
        if (name == known)
            return true;
    return false;
}

} // namespace detail

/// A sentence such as "{type}: {subject} waits for your approval". A placeholder that is not one of `placeholder_names`
/// does not compile.
class text_template
{
public:
    /// No sentence.
    constexpr text_template() noexcept = default;

    consteval text_template(char const* text) : text_(text)
    {
        detail::walk_template(
            text_, [](std::string_view) {},
            [](std::string_view name) {
                if (!detail::is_placeholder(name))
                    detail::tidings_this_placeholder_does_not_exist();
            });
    }

    constexpr bool empty() const noexcept { return text_.empty(); }
    constexpr std::string_view view() const noexcept { return text_; }

    /// The sentence.
    ///
    /// @param value_of  Called as `value_of(std::string_view name)` for each placeholder.
    template<class F>
    std::string render(F&& value_of) const
    {
        std::string out;
        detail::walk_template(
            text_, [&out](std::string_view part) { out += part; },
            [&](std::string_view name) { out += value_of(name); });
        return out;
    }

private:
    std::string_view text_;
};

/// A sentence in both languages.
struct headline
{
    text_template english;
    text_template chinese;
};

} // namespace tidings::inline v0::subscription

#endif
