// Reads a secret from where its setting says that it is.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_CONFIG_IMPL_SECRET_SETTING_IPP
#define TIDINGS_CONFIG_IMPL_SECRET_SETTING_IPP

#include <tidings/config/detail/file.hpp>
#include <tidings/config/secret_setting.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/printable_text.hpp>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>

namespace tidings::inline v0::config {

namespace detail {

inline failure no_secret(std::string why)
{
    return make_failure(errc::invalid_argument, [&why](diagnostics& facts) {
        facts.operation = "read secret";
        facts.detail = std::move(why);
    });
}

} // namespace detail

TIDINGS_DECL result<tidings::secret> secret_setting::resolve(char* (*variable)(char const*)) const
{
    std::string_view const text = reference_;
    if (text.empty())
        return value_;
    if (!has_name())
        return detail::no_secret(
            text.starts_with(variable_prefix)
                ? "env: needs the name of an environment variable behind it: letters, digits and '_'"
                : "file: needs a path behind it");
    if (text.starts_with(variable_prefix))
    {
        std::string const name(text.substr(variable_prefix.size()));
        char const* const value = variable(name.c_str());
        if (!value || *value == '\0')
            return detail::no_secret("the environment variable \"" + printable_text(name) +
                                     "\" is not set; set it for this program");
        return tidings::secret(std::string_view(value));
    }
    auto path = std::string(text.substr(file_prefix.size()));
    if (!path.starts_with('/') && !directory_.empty())
        path = directory_ + (directory_.ends_with('/') ? "" : "/") + path;
    auto const shown = "the file \"" + printable_text(path) + "\" ";
    tidings::detail::wiped_bytes bytes;
    constexpr std::size_t max_bytes = std::size_t{64} << 10;
    if (auto const why = detail::read_file(path, max_bytes, detail::file_access::private_to_user, bytes); !why.empty())
        return detail::no_secret(shown + why);
    std::string_view content(bytes.data(), bytes.size());
    while (content.ends_with('\n') || content.ends_with('\r'))
        content.remove_suffix(1);
    if (content.empty())
        return detail::no_secret(shown + "is empty; write the secret into it");
    if (content.find_first_of(std::string_view("\0\r\n", 3)) != content.npos)
        return detail::no_secret(shown + "has more than one line, or a zero byte; it must contain the secret alone");
    return tidings::secret(content);
}

TIDINGS_DECL result<tidings::secret> secret_setting::resolve() const
{
    return resolve(&std::getenv);
}

} // namespace tidings::inline v0::config

#endif
