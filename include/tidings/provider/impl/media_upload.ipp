// The upload that DingTalk and WeCom have in common.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_IMPL_MEDIA_UPLOAD_IPP
#define TIDINGS_PROVIDER_IMPL_MEDIA_UPLOAD_IPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/message/attachment.hpp>
#include <tidings/provider/detail/media_upload.hpp>
#include <tidings/wire/member_table.hpp>
#include <tidings/wire/multipart.hpp>
#include <tidings/wire/operation.hpp>

#include <string_view>

namespace tidings::inline v0::detail {

TIDINGS_DECL result<void> media_upload::encode(wire::request& out, std::string_view token) const
{
    out.start("POST", path_);
    out.query("access_token", token);
    out.query("type", what_.what() == attachment::kind::image ? "image" : "file");
    wire::multipart_writer(out, what_.bytes()).file("media", what_.file_name(), what_.bytes()).close();
    return {};
}

TIDINGS_DECL media_upload::media_upload(std::string_view path, attachment const& what, unsigned host) noexcept
    : operation("upload", wire::idempotency::idempotent, true, host), path_(path), what_(what)
{
}

TIDINGS_DECL result<void> media_upload::with_id(result<void> read) const
{
    if (read && key_.empty())
        return make_failure(errc::protocol_error, "the answer has code 0 and no id of the upload");
    return read;
}

} // namespace tidings::inline v0::detail

#endif
