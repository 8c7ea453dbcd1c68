// A secret in settings: itself, or where it is.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_CONFIG_SECRET_SETTING_HPP
#define TIDINGS_CONFIG_SECRET_SETTING_HPP

#include <tidings/detail/config.hpp>
#include <tidings/result.hpp>
#include <tidings/secret.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace tidings::inline v0::config {

/// A secret, or a reference to one: `env:NAME` for an environment variable, `file:PATH` for the content of a file.
///
/// A reference is resolved each time that a notifier is made from the settings, so that the settings never contain what
/// it refers to.
///
/// @par Thread safety  Distinct objects: safe. Shared objects: safe for reading.
class secret_setting
{
public:
    /// No secret.
    secret_setting() = default;

    /// The secret itself.
    explicit secret_setting(secret value) noexcept : value_(std::move(value)) {}

    /// A reference if `text` begins with `env:` or `file:`, otherwise the secret itself.
    ///
    /// @param text       What was written.
    /// @param directory  What the path of a file is relative to. Empty: the working directory.
    static secret_setting parse(std::string_view text, std::string_view directory = {})
    {
        secret_setting out;
        if (text.starts_with(variable_prefix) || text.starts_with(file_prefix))
        {
            out.reference_ = text;
            out.directory_ = directory;
        }
        else
            out.value_ = secret(text);
        return out;
    }

    bool empty() const noexcept { return reference_.empty() && value_.empty(); }
    /// `env:NAME` or `file:PATH`; empty when this is the secret itself, or there is none.
    std::string const& reference() const noexcept { return reference_; }
    /// Whether a reference has what it needs: the name of a variable, which has letters, digits and `_` and does not
    /// begin with a digit, or a path.
    bool has_name() const noexcept
    {
        std::string_view const text = reference_;
        if (text.starts_with(file_prefix))
            return text.size() > file_prefix.size() && text.find('\0') == text.npos;
        auto const name = text.substr(std::min(variable_prefix.size(), text.size()));
        return !name.empty() && !(name.front() >= '0' && name.front() <= '9') &&
               std::all_of(name.begin(), name.end(), [](char c) {
                   return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
               });
    }
    /// The secret, when it is here.
    secret const& literal() const noexcept { return value_; }

    /// The secret, read from where it is. Line breaks at the end of a file are not part of it.
    ///
    /// @returns `errc::invalid_argument` if the reference has no valid name or path; if the variable is not set; if the file is missing, is no regular file, is empty
    ///          or over 64 KiB, has a zero byte or a line break inside; or if other users can read or change it: it has
    ///          to belong to this user or to root, without permissions for the group and for others. A file of root may
    ///          be readable by the group.
    ///
    /// @param variable  `std::getenv`, or a replacement of the same signature.
    ///
    /// @par Exception safety  Throws only `std::bad_alloc`.
    [[nodiscard]] TIDINGS_DECL result<secret> resolve(char* (*variable)(char const*)) const;
    /// As above, from the environment of the process.
    [[nodiscard]] TIDINGS_DECL result<secret> resolve() const;

private:
    static constexpr std::string_view variable_prefix = "env:";
    static constexpr std::string_view file_prefix = "file:";

    secret value_;
    std::string reference_;
    std::string directory_;
};

} // namespace tidings::inline v0::config

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/config/impl/secret_setting.ipp>
#endif

#endif
