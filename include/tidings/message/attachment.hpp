// Images and files.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_MESSAGE_ATTACHMENT_HPP
#define TIDINGS_MESSAGE_ATTACHMENT_HPP

#include <tidings/detail/ascii.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/detail/utf8.hpp>
#include <tidings/result.hpp>

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
    std::string extension() const;

    /// Success, or `errc::message_invalid`: no bytes, or a name that is not valid. The platforms' limits are checked
    /// later.
    result<void> check() const;

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
TIDINGS_DECL result<void> check_size(attachment const& what, std::size_t max_count);
} // namespace detail

} // namespace tidings::inline v0

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/message/impl/attachment.ipp>
#endif

#endif
