// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_WECOM_MEDIA_IPP
#define TIDINGS_SANDBOX_IMPL_WECOM_MEDIA_IPP

#include <tidings/sandbox/detail/wecom.hpp>

namespace tidings::inline v0::sandbox::detail::wecom {

inline constexpr std::chrono::days media_life{3};
inline constexpr std::size_t smallest_media = 6;

// The bytes of the part `media`, or of any part; nothing when there is none with a file name.
inline std::string_view media_part(request const& req, bool of_any_name)
{
    auto const type = find_header(req.headers, "Content-Type");
    auto const at = lower(type).find("boundary=");
    if (at == std::string::npos)
        return {};
    auto boundary = type.substr(at + 9);
    boundary = boundary.starts_with('"') ? boundary.substr(1, boundary.find('"', 1) - 1)
                                         : boundary.substr(0, boundary.find(';'));
    auto const delimiter = "--" + std::string(boundary);
    std::string_view const text = req.body;
    for (auto start = text.find(delimiter); start != std::string_view::npos;)
    {
        start += delimiter.size();
        auto const head_end = text.find("\r\n\r\n", start);
        auto const end = text.find("\r\n" + delimiter, start);
        if (head_end == std::string_view::npos || end == std::string_view::npos)
            break;
        auto const head = lower(text.substr(start, std::min(head_end, end) - start));
        auto const named = of_any_name || head.find("; name=\"media\"") != std::string::npos ||
                           head.find("; name=media") != std::string::npos;
        // An empty part ends where its head does.
        if (named && head.find("filename") != std::string::npos)
            return head_end + 4 < end ? text.substr(head_end + 4, end - head_end - 4) : std::string_view();
        start = end + 2;
    }
    return {};
}

// 20 ms per frame; the first byte of a frame is its length.
inline milliseconds amr_length(std::string_view bytes)
{
    static constexpr std::size_t sizes[16]{13, 14, 16, 18, 20, 21, 27, 32, 6, 1, 1, 1, 1, 1, 1, 1};
    milliseconds out{};
    for (std::size_t at = 6; at < bytes.size(); at += sizes[static_cast<unsigned char>(bytes[at]) >> 3 & 15])
        out += milliseconds(20);
    return out;
}

inline bool is_jpeg_or_png(std::string_view bytes)
{
    return bytes.starts_with("\x89PNG\r\n\x1a\n") || bytes.starts_with("\xff\xd8\xff");
}

inline void check_format(std::string_view type, std::string_view bytes)
{
    auto const good = type == "image"   ? is_jpeg_or_png(bytes)
                      : type == "voice" ? bytes.starts_with("#!AMR\n")
                      : type == "video" ? bytes.substr(4).starts_with("ftyp")
                                        : true;
    if (!good)
        refuse(40005);
    if (type == "voice" && amr_length(bytes) > seconds(60))
        refuse(45007);
}

inline json::object keep_media(call& c, std::string owner, std::string_view bytes)
{
    auto const& modes = c.world().modes;
    auto const type = c.query_value("type");
    auto const kilobyte = static_cast<std::size_t>(c.state.world.modes.kilobyte);
    auto const megabytes = type == "image"   ? modes.image_megabytes
                           : type == "voice" ? 2
                           : type == "video" ? 10
                           : type == "file"  ? 20
                                             : 0;
    if (megabytes == 0)
        refuse(40035);
    if (bytes.size() < smallest_media)
        refuse(44001);
    if (bytes.size() > static_cast<std::size_t>(megabytes) * kilobyte * kilobyte)
        refuse(45001);
    if (modes.check_media_format)
        check_format(type, bytes);
    auto const id = c.state.fresh_id("3", 60);
    c.platform_state().media[id] = {std::move(owner), type, c.now + media_life};
    auto const created = std::chrono::floor<seconds>(c.now).time_since_epoch().count();
    return {{"errmsg", ""}, {"type", jview(type)}, {"media_id", jview(id)}, {"created_at", std::to_string(created)}};
}

TIDINGS_SANDBOX_DECL json::object upload_media(call& c)
{
    return keep_media(c, c.caller->corp_id, media_part(c.req, c.world().modes.any_upload_part));
}

TIDINGS_SANDBOX_DECL void check_media(call const& c, std::string const& owner, std::string const& media_id,
                                      std::string_view type)
{
    if (c.state.world.accept_any_resource && !media_id.empty())
        return;
    auto const& media = c.platform_state().media;
    auto const at = media.find(media_id);
    if (at == media.end() || at->second.owner != owner || at->second.type != type || at->second.expires <= c.now)
        refuse(40007);
}

} // namespace tidings::inline v0::sandbox::detail::wecom

#endif
