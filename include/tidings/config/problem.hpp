// The problems of a file of settings, each with its place.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_CONFIG_PROBLEM_HPP
#define TIDINGS_CONFIG_PROBLEM_HPP

#include <tidings/detail/config.hpp>
#include <tidings/error.hpp>
#include <tidings/printable_text.hpp>

#include <boost/system/result.hpp>
#include <boost/throw_exception.hpp>

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0::config {

/// A text for people in both languages.
struct label
{
    std::string_view english;
    std::string_view chinese;

    constexpr std::string_view in(language l) const noexcept { return l == language::chinese ? chinese : english; }
};

/// One thing that is wrong with a document, a variable or a flag. Never contains a secret.
class problem
{
public:
    /// @param where    A JSON pointer (RFC 6901), empty for the whole document; or the name of a variable or a flag.
    /// @param english  What is wrong and what is valid.
    /// @param chinese  The same. Empty: as in English.
    problem(std::string where, std::string english, std::string chinese = {})
        : where_(std::move(where)), english_(std::move(english)), chinese_(std::move(chinese))
    {
    }

    std::string const& where() const noexcept { return where_; }
    std::string const& message(language l = language::english) const noexcept
    {
        return l == language::chinese && !chinese_.empty() ? chinese_ : english_;
    }

    /// `where: message`, on one line whatever the document contains.
    std::string text(language l = language::english) const
    {
        return printable_text((where_.empty() ? std::string() : where_ + ": ") + message(l));
    }

private:
    std::string where_;
    std::string english_;
    std::string chinese_;
};

/// Everything that is wrong, in the order of the document.
using problems = std::vector<problem>;

/// A line for each problem.
inline std::string to_string(problems const& all, language l = language::english)
{
    std::string out;
    for (auto const& p : all)
        (out += out.empty() ? "" : "\n") += p.text(l);
    return out;
}

/// A value, or everything that is wrong with the document that should hold it.
template<class T>
using checked = boost::system::result<T, problems>;

/// What `checked::value` throws: `std::invalid_argument`.
[[noreturn]] inline void throw_exception_from_error(problems const& all, boost::source_location const& where)
{
    boost::throw_exception(std::invalid_argument(to_string(all)), where);
}

} // namespace tidings::inline v0::config

#endif
