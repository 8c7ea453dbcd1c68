// The upload that DingTalk and WeCom have in common.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_DETAIL_MEDIA_UPLOAD_HPP
#define TIDINGS_PROVIDER_DETAIL_MEDIA_UPLOAD_HPP

#include <tidings/detail/failure.hpp>
#include <tidings/message/attachment.hpp>
#include <tidings/wire/member_table.hpp>
#include <tidings/wire/multipart.hpp>
#include <tidings/wire/operation.hpp>

#include <string>
#include <string_view>

namespace tidings::inline v0::detail {

/// Uploads an image or a file for messages. The platform's class reads the answer.
class media_upload : public wire::operation
{
public:
    result<void> encode(wire::request& out, std::string_view token) const override;

    /// After a successful `decode`: the media id.
    std::string const& key() const noexcept { return key_.text(); }

protected:
    /// @param path  A literal.
    /// @param what  Outlives the operation.
    media_upload(std::string_view path, attachment const& what, unsigned host = 0) noexcept;
    ~media_upload() = default;

    /// Reads the id.
    template<class Answer>
    Answer reader()
    {
        static constexpr wire::member_table rows{wire::member<&media_upload::key_>("media_id")};
        key_.clear();
        return Answer(rows.into(*this));
    }
    /// A success has an id.
    result<void> with_id(result<void> read) const;

private:
    std::string_view path_;
    attachment const& what_;
    wire::single_text<std::string> key_;
};

} // namespace tidings::inline v0::detail

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/provider/impl/media_upload.ipp>
#endif

#endif
