// What `people_server.cpp` answers: the same head and the same message as `server.cpp`, which has its own copy, because it is to
// stay as it is from version to version.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_BENCHMARKS_REPLY_HPP
#define TIDINGS_BENCHMARKS_REPLY_HPP

#include <cstddef>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

namespace benchmarks {

inline constexpr std::string_view token_reply =
    R"({"code":0,"expire":7200,"msg":"ok","tenant_access_token":"t-g1044ghJRUIJJ5ELPOTAMTZ3GJUWOCTA"})";

/// 622 bytes.
inline constexpr std::string_view message_reply =
    R"({"code":0,"data":{"body":{"content":"{\"text\":\"Backup of db-7 is late: the last good copy is 26 ho)"
    R"(urs old, the limit is 24.\\nVolume /srv/backup: 91 % full, 38.4 GB left.\"}"},"chat_id":"oc_5ad11d72)"
    R"(b830411d72b836c20f1e9d0c","create_time":"1780302615373","deleted":false,"message_id":"om_dc132645203)"
    R"(92913993dd051dba21dcf","msg_type":"text","sender":{"id":"cli_9f427eec54ae901b","id_type":"app_id","s)"
    R"(ender_type":"app","tenant_key":"736588c9260f175e"},"update_time":"1780302615373","updated":false,"up)"
    R"(per_message_id":"om_40eb06e7b84dc71c03e009ad3c754195","thread_id":"omt_d4be107c616aed9c1da8ed8068570)"
    R"(a9f"},"msg":"success"})";

inline constexpr std::string_view batch_reply =
    R"({"code":0,"data":{"invalid_department_ids":[],"invalid_open_ids":[],"invalid_user_ids":[],)"
    R"("message_id":"bm-dc13264520392913993dd051dba21dcf"},"msg":"ok"})";

/// The headers that the platform's gateway sends, and a body.
inline std::string reply_with(std::string_view body)
{
    std::string out = "HTTP/1.1 200 OK\r\n"
                      "Server: Tengine\r\n"
                      "Content-Type: application/json; charset=utf-8\r\n"
                      "Content-Length: ";
    out += std::to_string(body.size());
    out += "\r\n"
           "Connection: keep-alive\r\n"
           "Date: Mon, 01 Jun 2026 08:30:15 GMT\r\n"
           "Request-Id: 7f1d5a52-21a1-4b55-8e42-0a8d4b5a9f10\r\n"
           "Tt_stable: 1\r\n"
           "X-Lgw-Dst-Svc: fJ0o9xYhWvD3bqE5ZkSxT4mLrU2cNaPg\r\n"
           "X-Request-Id: 7f1d5a52-21a1-4b55-8e42-0a8d4b5a9f10\r\n"
           "X-Tt-Logid: 202606010830159778D691D6E05516DE2D\r\n"
           "X-Tt-Trace-Host: 01f0c2e7a4b6d8903e5c1a7f29b4d6e8\r\n"
           "X-Tt-Trace-Tag: id=03;cdn-cache=miss;type=dyn\r\n"
           "X-Timestamp: 2026-06-01T16:30:15.921+08:00\r\n"
           "\r\n";
    out += body;
    return out;
}

/// The size of the first request, once all of it has come. The clients write "Content-Length: " in this letter case.
inline std::optional<std::size_t> request_size(std::string_view text)
{
    constexpr std::string_view end_of_head = "\r\n\r\n";
    constexpr std::string_view length = "\r\nContent-Length: ";
    auto const head = text.find(end_of_head);
    if (head == text.npos)
        return {};
    auto const at = text.substr(0, head).find(length);
    auto const body = at == text.npos ? 0 : std::strtoul(text.data() + at + length.size(), nullptr, 10);
    auto const size = head + end_of_head.size() + body;
    return size <= text.size() ? std::optional(size) : std::nullopt;
}

} // namespace benchmarks

#endif
