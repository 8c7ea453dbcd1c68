// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_DINGTALK_MEDIA_IPP
#define TIDINGS_SANDBOX_IMPL_DINGTALK_MEDIA_IPP

#include <tidings/sandbox/detail/dingtalk.hpp>

namespace tidings::inline v0::sandbox::detail::dingtalk {

// The part named `media`, if it is a file with a name; else nothing.
inline std::optional<std::string_view> media_part(call const& c)
{
    auto const type = find_header(c.req.headers, "Content-Type");
    auto const at = lower(type).find("boundary=");
    if (!lower(type).starts_with("multipart/form-data") || at == std::string::npos)
        return std::nullopt;
    auto boundary = type.substr(at + 9);
    boundary = boundary.starts_with('"') ? boundary.substr(1, boundary.find('"', 1) - 1)
                                         : boundary.substr(0, boundary.find(';'));
    auto const delimiter = "--" + std::string(boundary);
    std::string_view const text = c.req.body;
    for (auto start = text.find(delimiter); start != std::string_view::npos;)
    {
        auto const head_end = text.find("\r\n\r\n", start);
        auto const end = text.find("\r\n" + delimiter, head_end);
        if (head_end == std::string_view::npos || end == std::string_view::npos)
            return std::nullopt;
        auto const head = lower(text.substr(start, head_end - start));
        auto const named =
            head.find("; name=\"media\"") != std::string::npos || head.find("; name=media") != std::string::npos;
        if (named && head.find("filename=") != std::string::npos)
            return head_end + 4 < end ? text.substr(head_end + 4, end - head_end - 4) : std::string_view();
        start = end + 2;
    }
    return std::nullopt;
}
TIDINGS_SANDBOX_DECL json::object upload_media(call& c)
{
    auto const* const type = c.query_value("type");
    if (!type || type->empty())
        refuse(c, "40035", "type");
    static constexpr std::string_view types[]{"image", "voice", "video", "file"};
    if (std::find(std::begin(types), std::end(types), *type) == std::end(types))
        refuse(c, "400002", "type");
    auto const file = media_part(c);
    if (!file || file->empty())
        refuse(c, "40035", "media");
    auto const megabytes = *type == "voice" ? 2u : 20u;
    if (file->size() > megabytes * 1024 * 1024)
        refuse(c, "400002", "media");
    resource r;
    r.key = c.state.fresh_id(*type == "image" ? "@" : "$", 18);
    r.app_id = c.caller->app_key;
    r.type = *type;
    auto const id = r.key;
    c.state.uploads[id] = std::move(r);
    return {{"media_id", jview(id)}, {"created_at", c.now.time_since_epoch().count()}, {"type", jview(*type)}};
}

} // namespace tidings::inline v0::sandbox::detail::dingtalk

#endif
