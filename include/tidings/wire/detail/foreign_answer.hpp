// Describes an answer that is not the platform's. No I/O.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_WIRE_DETAIL_FOREIGN_ANSWER_HPP
#define TIDINGS_WIRE_DETAIL_FOREIGN_ANSWER_HPP

#include <tidings/detail/ascii.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/wire/endpoint.hpp>
#include <tidings/wire/reply.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace tidings::inline v0::detail {

// ---- How long a gateway asks to wait

/// A date in one of the three forms of HTTP (RFC 9110, 5.6.7); nothing if it is not a date.
TIDINGS_DECL std::optional<std::chrono::sys_seconds> http_date(std::string_view text) noexcept;

/// What a `Retry-After` asks for: seconds, or a date, which is compared with the answer's own `Date` where it has one.
/// An hour at most: it is a stranger's wish.
TIDINGS_DECL std::optional<std::chrono::seconds> retry_after(wire::reply const& in,
                                                             std::chrono::sys_seconds now) noexcept;

// ---- What is shown of a foreign answer

/// The address of the request: scheme, host and path, without the query, which may contain secrets.
///
/// @param where    The endpoint.
/// @param request  Starts with the request line.
TIDINGS_DECL std::string asked_address(transport::endpoint const& where, std::string_view request);

/// Where a redirect leads, without what may be secret: a user, a query, a fragment.
TIDINGS_DECL std::string redirect_target(std::string_view location);

TIDINGS_DECL std::size_t find_ignoring_case(std::string_view text, std::string_view what,
                                            std::size_t from = 0) noexcept;

/// The title of an HTML page; empty when there is none.
TIDINGS_DECL std::string_view title_of(std::string_view page) noexcept;

/// Foreign text as part of a sentence: without secrets, without runs of blanks, not too long.
///
/// @param in          Its filter removes secrets before the text is cut.
/// @param text        The foreign text.
/// @param max_length  Bytes.
TIDINGS_DECL std::string excerpt(wire::reply const& in, std::string_view text, std::size_t max_length);

inline constexpr stored_remedy use_https{"The server wants TLS: write https:// in the base URL.",
                                         "服务器要求使用 TLS：请在服务地址中使用 https://。"};
inline constexpr stored_remedy follow_no_redirect{
    "Redirects are not followed. If it leads to a login page, the network or a proxy wants a login first; otherwise "
    "name the address to which it leads as the base URL.",
    "不会跟随重定向。若跳转到登录页，说明网络或代理要求先登录；否则请将跳转后的地址设为服务地址。"};
inline constexpr stored_remedy leave_the_path_out{
    "Leave the path out of the base URL: the platform's own paths are put behind it. It belongs there only where a "
    "gateway of yours is reached under it.",
    "请去掉服务地址中的路径：平台自身的路径会自动添加。只有经由自有网关访问时才需要路径。"};
inline constexpr stored_remedy do_not_compress{
    "Something between this program and the platform compresses answers, although the request forbids it "
    "(Accept-Encoding: identity): have it pass them on as they are.",
    "中间的网关压缩了应答，尽管请求已声明不接受压缩（Accept-Encoding: identity）：请让其原样转发。"};
inline constexpr stored_remedy ask_the_gateway{
    "A gateway or proxy answered in place of the platform. Try again later; if it lasts, ask those who run it, and "
    "check the base URL.",
    "应答来自网关或代理，而不是平台。请稍后重试；若持续失败，请联系其管理员，并检查服务地址。"};

TIDINGS_DECL bool is_compressed(wire::reply const& in) noexcept;

/// What to do about a foreign answer; null: what its kind says.
TIDINGS_DECL remedy_text const* remedy_for(wire::reply const& in, transport::endpoint const& where) noexcept;

/// The failure that a foreign answer is, with the words for it: which address was asked, and who answered what.
///
/// @param request  What was sent.
TIDINGS_DECL failure describe_foreign_answer(failure const& decoded, wire::reply const& in,
                                             transport::endpoint const& where, std::string_view request);

/// The same failure with the wait that a `Retry-After` asks for, where the platform's own words ask for none.
TIDINGS_DECL failure heed_retry_after(failure const& decoded, wire::reply const& in, std::chrono::sys_seconds now);

} // namespace tidings::inline v0::detail

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/wire/impl/foreign_answer.ipp>
#endif

#endif
