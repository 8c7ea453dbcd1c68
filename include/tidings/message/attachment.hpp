// Images and files.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_MESSAGE_ATTACHMENT_HPP
#define TIDINGS_MESSAGE_ATTACHMENT_HPP

#include <tidings/detail/ascii.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/detail/utf8.hpp>
#include <tidings/result.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace tidings::inline v0 {

/// Bytes that are uploaded first, and then sent by the key they got. Made as an `image` or a `file`.
class attachment
{
public:
    enum class kind
    {
        image,
        file
    };

    kind what() const noexcept { return kind_; }
    std::string const& file_name() const noexcept { return file_name_; }
    std::string const& bytes() const noexcept { return bytes_; }

    /// The text after the last dot of the name, in lower case; empty if there is no dot.
    std::string extension() const
    {
        auto const dot = file_name_.rfind('.');
        return dot == std::string::npos ? std::string()
                                        : detail::to_lower(std::string_view(file_name_).substr(dot + 1));
    }

    /// Success, or `errc::message_invalid`: no bytes, or a name that is not valid. The platforms' limits are checked
    /// later.
    result<void> check() const
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

protected:
    attachment(kind what, std::string file_name, std::string bytes) noexcept
        : kind_(what), file_name_(std::move(file_name)), bytes_(std::move(bytes))
    {
    }

private:
    kind kind_;
    std::string file_name_;
    std::string bytes_;
};

/// A picture, shown as such. PNG and JPEG work on every platform.
class image : public attachment
{
public:
    static constexpr std::string_view name = "image";

    /// @param bytes      Of the encoded picture. Checked when the message is sent.
    /// @param file_name  With the extension that fits.
    explicit image(std::string bytes, std::string file_name = "image.png") noexcept
        : attachment(kind::image, std::move(file_name), std::move(bytes))
    {
    }
};

/// A file to keep. DingTalk's bot takes only xlsx, pdf, zip, rar, doc and docx.
class file : public attachment
{
public:
    static constexpr std::string_view name = "file";

    /// @param file_name  What the receiver sees.
    /// @param bytes      Checked when the message is sent.
    file(std::string file_name, std::string bytes) noexcept
        : attachment(kind::file, std::move(file_name), std::move(bytes))
    {
    }
};

namespace detail {
/// Refuses attachments above a platform's size limit.
inline result<void> check_size(attachment const& what, std::size_t max_count)
{
    if (what.bytes().size() <= max_count)
        return {};
    return make_failure(errc::message_too_long, "the upload has " + std::to_string(what.bytes().size()) +
                                                    " bytes; the platform takes " + std::to_string(max_count));
}
} // namespace detail

} // namespace tidings::inline v0

#endif
