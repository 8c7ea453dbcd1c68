// What comes to the sandbox beside calls of the platforms' APIs: its own calls, for tests in other languages, and the
// bodies of uploads. All is answered, with JSON or a refusal; and an upload that the library writes arrives.
//
// The first letter of an input says which. Calls are lines, of which the first letter says what is asked and the rest
// is the body. An upload is a Content-Type, a NUL byte and the body; one of the library a file name, a NUL byte and the
// file.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/sandbox/server.hpp>

#include <tidings/message/attachment.hpp>
#include <tidings/wire/multipart.hpp>

#include <boost/json/parse.hpp>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace {

namespace sandbox = tidings::sandbox;
namespace d = tidings::sandbox::detail;

void check(bool right)
{
    if (!right)
        std::abort();
}

d::state fresh()
{
    static sandbox::world const seen = sandbox::world::from_json(R"({
        "apps": [{"app_id": "cli_a", "app_secret": "s", "platform": "lark"}],
        "people": [{"login_name": "ada", "email": "ada@example.com", "open_ids": {"cli_a": "ou_1"}}]})");
    d::state out(seen, d::sandbox_clock(std::chrono::system_clock::time_point(), 0)); // the time stands still
    d::stored_message sent;
    sent.row.message_id = "om_1";
    sent.row.to = "ada";
    out.add_message(std::move(sent));
    return out;
}

void calls(std::string_view lines)
{
    auto state = fresh();
    while (!lines.empty())
    {
        auto const line = lines.substr(0, lines.find('\n'));
        lines.remove_prefix(std::min(lines.size(), line.size() + 1));
        if (line.empty())
            continue;
        auto const& asked =
            d::control_calls[static_cast<unsigned char>(line.front() - 'a') % std::size(d::control_calls)];
        d::request req;
        req.method = asked.method;
        req.target = asked.path;
        req.body = line.substr(1);
        check(d::is_control(req.target));
        auto const out = d::answer_control(state, req);
        auto const response = boost::json::parse(out.body);
        check(out.status == 200 || (out.status == 400 && response.at("error").is_string()));
        check(response.is_object());
    }
}

/// What each platform finds in a body of several parts. Nothing: it refuses it.
std::optional<std::string> found_by_lark(d::request const& req, std::string const& part)
{
    static auto state = fresh();
    static d::lark::endpoint const api{"POST", "/open-apis/im/v1/files", nullptr};
    d::lark::call const c{state, req, api, {}, {}, {}, {}, nullptr, {}, {}, {}};
    try
    {
        auto const fields = d::lark::multipart_fields(c);
        auto const at = fields.find(part);
        return at == fields.end() ? std::nullopt : std::optional(at->second);
    }
    catch (d::refusal const& why)
    {
        check(why.code == 234001);
        return std::nullopt;
    }
}

d::request upload(std::string_view content_type, std::string_view body)
{
    d::request out;
    out.method = "POST";
    out.headers.emplace_back("Content-Type", content_type);
    out.body = body;
    return out;
}

void foreign_upload(std::string_view content_type, std::string_view body)
{
    auto const req = upload(content_type, body);
    for (auto const* const part : {"file", "image", "file_name"})
        if (auto const found = found_by_lark(req, part))
            check(body.find(*found) != body.npos);
    for (auto const any_name : {false, true})
    {
        auto const media = d::wecom::media_part(req, any_name);
        check(media.empty() || req.body.find(media) != req.body.npos);
    }
    std::string format;
    (void)d::lark::probe_image(body, format);
    (void)d::wecom::amr_length(body);
}

void own_upload(std::string_view file_name, std::string_view bytes)
{
    tidings::file const what{std::string(file_name), std::string(bytes)};
    if (!what.check())
        return;
    for (auto const* const part : {"file", "media"})
    {
        tidings::wire::request out("", "");
        out.start("POST", "/x");
        tidings::wire::multipart_writer(out, bytes).field("file_name", file_name).file(part, file_name, bytes).close();
        auto const request = out.finish();
        constexpr std::string_view name = "Content-Type: ";
        auto const type = request.substr(request.find(name) + name.size());
        auto const req = upload(type.substr(0, type.find("\r\n")), out.body_text());
        if (std::string_view(part) == "media")
            check(d::wecom::media_part(req, false) == bytes);
        else
            check(found_by_lark(req, part) == bytes && found_by_lark(req, "file_name") == file_name);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size)
{
    if (size == 0)
        return 0;
    std::string_view const input(reinterpret_cast<char const*>(data) + 1, size - 1);
    auto const first = input.substr(0, input.find('\0'));
    auto const rest = input.substr(std::min(input.size(), first.size() + 1));
    switch (static_cast<unsigned char>(data[0] - 'a') % 3)
    {
    case 0: calls(input); break;
    case 1: foreign_upload(first, rest); break;
    default: own_upload(first, rest); break;
    }
    return 0;
}
