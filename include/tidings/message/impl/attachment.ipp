// Images and files.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_MESSAGE_IMPL_ATTACHMENT_IPP
#define TIDINGS_MESSAGE_IMPL_ATTACHMENT_IPP

#include <tidings/detail/ascii.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/detail/utf8.hpp>
#include <tidings/message/attachment.hpp>
#include <tidings/result.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace tidings::inline v0 {

TIDINGS_DECL std::string attachment::extension() const
{
    auto const dot = file_name_.rfind('.');
    return dot == std::string::npos ? std::string() : detail::to_lower(std::string_view(file_name_).substr(dot + 1));
}

TIDINGS_DECL result<void> attachment::check() const
{
    constexpr std::size_t max_length = 255;
    if (bytes_.empty())
        return make_failure(errc::message_invalid, "there are no bytes to upload");
    if (file_name_.empty() || file_name_.size() > max_length ||
        detail::find_invalid_utf8(file_name_) != std::string::npos)
        return make_failure(errc::message_invalid, "a file name has 1 to 255 bytes of UTF-8");
    if (std::any_of(file_name_.begin(), file_name_.end(),
                    [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '/' || c == '\\'; }))
        return make_failure(errc::message_invalid, "a file name has no slash and no control character");
    return {};
}

} // namespace tidings::inline v0

namespace tidings::inline v0 {

namespace detail {

TIDINGS_DECL result<void> check_size(attachment const& what, std::size_t max_count)
{
    if (what.bytes().size() <= max_count)
        return {};
    return make_failure(errc::message_too_long, "the upload has " + std::to_string(what.bytes().size()) +
                                                    " bytes; the platform takes " + std::to_string(max_count));
}

} // namespace detail

} // namespace tidings::inline v0

#endif
