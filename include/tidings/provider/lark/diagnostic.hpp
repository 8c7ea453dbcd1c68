// Lark and Feishu: whether messages would be delivered.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_LARK_DIAGNOSTIC_HPP
#define TIDINGS_PROVIDER_LARK_DIAGNOSTIC_HPP

#include <tidings/detail/failure.hpp>
#include <tidings/provider/lark/codes.hpp>
#include <tidings/provider/lark/operations.hpp>
#include <tidings/wire/diagnostic.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::inline v0::providers::lark {

namespace remedies {
inline constexpr tidings::detail::stored_remedy all_scopes{
    "Grant these permissions in {console} > Permissions & Scopes: {scopes}. Then create a version in Version Management & "
    "Release: a permission works once that version is approved.",
    "请在 {console} > 权限管理 开通以下权限：{scopes}。然后在 版本管理与发布 创建版本：审核通过后权限才生效。"};
inline constexpr tidings::detail::stored_remedy availability{
    "Whether the person is within the application's availability shows only when a message is sent. Look under App "
    "Versions, Version Management & Release, Availability in the developer console.",
    "收件人是否在应用可用范围内，只有发送时才能知道。请在开发者后台“版本管理与发布”中查看可用范围。"};
inline constexpr tidings::detail::stored_remedy empty_range{
    "Open Permissions & Scopes, Data permissions in the developer console, extend the contacts range, and publish a "
    "version. {console}",
    "请在开发者后台“权限管理”的“数据权限”中扩大通讯录权限范围，并发布新版本。{console}"};
inline constexpr tidings::detail::stored_remedy restricted_range{
    "If the address is right, the person is outside the application's contacts range: open Permissions & Scopes, Data "
    "permissions in the developer console, add the person, and publish a version.",
    "如果地址正确，则此人不在应用的通讯录权限范围内：请在开发者后台“权限管理”的“数据权限”中加入此人，并发布新版本。"};
} // namespace remedies

namespace findings {
inline constexpr tidings::detail::stored_remedy brand_unknown{
    "an access token was issued, which some applications get on both platforms",
    "已签发访问令牌，但部分应用在飞书和 Lark 都能取得令牌"};
inline constexpr tidings::detail::stored_remedy status_unknown{
    "the platform does not say whether the application is enabled", "平台不提供应用是否已启用"};
inline constexpr tidings::detail::stored_remedy bot_published{"the bot is part of the published version",
                                                              "机器人包含在已发布的版本中"};
inline constexpr tidings::detail::stored_remedy scopes_granted{"the application has the scopes that sending needs",
                                                               "应用已开通发送所需的权限"};
inline constexpr tidings::detail::stored_remedy range_unknown{
    "listing the contacts range needs a contacts scope, which sending does not",
    "查询通讯录范围需要通讯录权限，而发送不需要"};
inline constexpr tidings::detail::stored_remedy sees_everybody{"the application sees the whole organisation",
                                                               "应用可见整个企业"};
inline constexpr tidings::detail::stored_remedy enabled{"the application is enabled", "应用已启用"};
} // namespace findings

/// Reads the bot, the scopes and the contacts range, none of which changes anything. Each call counts against the
/// organisation's monthly quota.
class diagnostic final : public wire::diagnostic
{
public:
    /// @param app  The application whose settings are examined.
    /// @param by   The names of the match strategies that people are found by.
    diagnostic(application app, std::vector<std::string_view> by);

    wire::operation* next() override;

    void record(result<void> const& outcome, diagnosis& out) override;

    std::string_view concerned(failure const& f) const override;

    void record_lookup(result<void> const& outcome, diagnosis&) override;

    void finish(diagnosis& out) override;

private:
    failure failure_of(errc kind, std::string detail, remedy_text const& remedy) const;

    void record_bot(result<void> const& outcome, diagnosis& out);

    void record_scopes(result<void> const& outcome, diagnosis& out);

    void record_range(result<void> const& outcome, diagnosis& out);

    application app_;
    std::vector<std::string_view> by_;
    bot_info bot_;
    list_scopes scopes_;
    contact_range range_;
    std::size_t step_ = 0;
    finding_text range_finding_;
    bool all_found_ = true;
};

} // namespace tidings::inline v0::providers::lark

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/provider/lark/impl/diagnostic.ipp>
#endif

#endif
