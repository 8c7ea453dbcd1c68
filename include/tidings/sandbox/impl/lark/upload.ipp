// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_LARK_UPLOAD_IPP
#define TIDINGS_SANDBOX_IMPL_LARK_UPLOAD_IPP

#include <tidings/sandbox/detail/lark.hpp>

namespace tidings::inline v0::sandbox::detail::lark {

// name -> bytes. Part order is free, `filename=` may be missing. Throws 234001.
inline std::map<std::string, std::string> multipart_fields(call const& c)
{
    auto const type = find_header(c.req.headers, "Content-Type");
    auto const at = lower(type).find("boundary=");
    if (!lower(type).starts_with("multipart/form-data") || at == std::string::npos)
        refuse(234001);
    auto boundary = type.substr(at + 9);
    boundary = boundary.starts_with('"') ? boundary.substr(1, boundary.find('"', 1) - 1)
                                         : boundary.substr(0, boundary.find(';'));
    auto const delimiter = "\r\n--" + std::string(boundary);

    std::map<std::string, std::string> fields;
    // With a line break in front the first delimiter looks like the others.
    auto const text = "\r\n" + c.req.body;
    for (auto start = text.find(delimiter); start != std::string::npos;)
    {
        start += delimiter.size();
        if (text.compare(start, 2, "--") == 0)
            return fields;
        auto const head_end = text.find("\r\n\r\n", start);
        auto const end = text.find(delimiter, head_end);
        if (head_end == std::string::npos || end == std::string::npos)
            break;
        auto const head = std::string_view(text).substr(start, head_end - start);
        // "; name=" and not "filename="; quoted or not.
        auto const name_at = lower(head).find("; name=");
        if (name_at == std::string::npos)
            break;
        auto name = head.substr(name_at + 7);
        name =
            name.starts_with('"') ? name.substr(1, name.find('"', 1) - 1) : name.substr(0, name.find_first_of(";\r"));
        fields[std::string(name)] = head_end + 4 < end ? text.substr(head_end + 4, end - head_end - 4) : "";
        start = end;
    }
    refuse(234001);
}

struct image_size
{
    std::uint32_t width = 0;
    std::uint32_t height = 0;
};

// What the first bytes say; the size only of PNG and GIF. Nothing: not an image.
inline std::optional<image_size> probe_image(std::string_view bytes, std::string& format)
{
    static constexpr std::pair<std::string_view, char const*> magics[]{{"\x89PNG\r\n\x1a\n", "png"},
                                                                       {"GIF87a", "gif"},
                                                                       {"GIF89a", "gif"},
                                                                       {"\xff\xd8\xff", "jpeg"},
                                                                       {"BM", "bmp"},
                                                                       {"II*", "tiff"},
                                                                       {"MM", "tiff"},
                                                                       {"RIFF", "webp"}};
    auto const* const at =
        std::find_if(std::begin(magics), std::end(magics), [&](auto const& m) { return bytes.starts_with(m.first); });
    if (at == std::end(magics))
        return std::nullopt;
    format = at->second;
    auto const byte = [&](std::size_t i) { return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0u; };
    auto const big = [&](std::size_t i) { return byte(i) << 24 | byte(i + 1) << 16 | byte(i + 2) << 8 | byte(i + 3); };
    if (format == "png")
        return image_size{big(16), big(20)};
    if (format == "gif")
        return image_size{byte(6) | byte(7) << 8, byte(8) | byte(9) << 8};
    return image_size{};
}

inline void check_upload_size(call const& c, std::size_t size, int megabytes)
{
    auto const kilobyte = static_cast<std::size_t>(c.world().modes.kilobyte);
    if (size == 0)
        refuse(234010);
    if (size > static_cast<std::size_t>(megabytes) * kilobyte * kilobyte)
        refuse(234006);
}

inline std::string keep_upload(call& c, char const* prefix, std::string type)
{
    resource r;
    r.key = c.state.fresh_id(prefix, 32);
    r.app_id = c.caller->app_id;
    r.type = std::move(type);
    auto const key = r.key;
    c.state.uploads[key] = std::move(r);
    return key;
}

TIDINGS_SANDBOX_DECL json::object upload_image(call& c)
{
    if (!bot_works(*c.caller))
        refuse(234007);
    auto const fields = multipart_fields(c);
    auto const type = fields.find("image_type");
    auto const image = fields.find("image");
    if (type == fields.end() || image == fields.end() || (type->second != "message" && type->second != "avatar"))
        refuse(234001);
    check_upload_size(c, image->second.size(), 10);
    if (c.world().modes.check_image_format)
    {
        std::string format;
        auto const size = probe_image(image->second, format);
        if (!size)
            refuse(234011);
        auto const max_count = type->second == "avatar" ? 4096u : format == "gif" ? 2000u : 12000u;
        if (size->width > max_count || size->height > max_count)
            refuse(234039);
    }
    return success(json::object{{"image_key", jview(keep_upload(c, "img_v3_", "image"))}});
}

TIDINGS_SANDBOX_DECL json::object upload_file(call& c)
{
    if (!bot_works(*c.caller))
        refuse(234007);
    static constexpr std::string_view types[]{"opus", "mp4", "pdf", "doc", "xls", "ppt", "stream"};
    auto const fields = multipart_fields(c);
    auto const type = fields.find("file_type");
    auto const name = fields.find("file_name");
    auto const file = fields.find("file");
    if (type == fields.end() || name == fields.end() || name->second.empty() || file == fields.end() ||
        std::find(std::begin(types), std::end(types), type->second) == std::end(types))
        refuse(234001);
    check_upload_size(c, file->second.size(), 30);
    return success(json::object{{"file_key", jview(keep_upload(c, "file_v3_", type->second))}});
}

} // namespace tidings::inline v0::sandbox::detail::lark

#endif
