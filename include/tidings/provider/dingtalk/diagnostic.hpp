// DingTalk: whether messages would be delivered.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_DINGTALK_DIAGNOSTIC_HPP
#define TIDINGS_PROVIDER_DINGTALK_DIAGNOSTIC_HPP

#include <tidings/detail/failure.hpp>
#include <tidings/provider/dingtalk/codes.hpp>
#include <tidings/provider/dingtalk/operations.hpp>
#include <tidings/wire/diagnostic.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0::providers::dingtalk {

namespace remedies {
inline constexpr tidings::detail::stored_remedy bot_before_sending{
    "Check in the developer console that the robot is enabled (App capabilities > Robot) and that a version with it is "
    "published, with the recipients inside its visible range.",
    "请在开发者后台确认已启用机器人（应用能力 > 机器人），且包含机器人的版本已发布，收件人在可见范围内。"};
inline constexpr tidings::detail::stored_remedy scope_before_sending{
    "Check under Permission Management in the developer console that qyapi_robot_sendmsg is granted.",
    "请在开发者后台“权限管理”中确认已开通 qyapi_robot_sendmsg。"};
inline constexpr tidings::detail::stored_remedy range_before_sending{
    "If the address is right, the person is outside the app's contacts range: extend it under Permission Management in "
    "the developer console.",
    "如果地址正确，则此人不在应用的通讯录权限范围内：请在开发者后台“权限管理”中扩大范围。"};
} // namespace remedies

namespace findings {
inline constexpr tidings::detail::stored_remedy enabled{
    "the application is enabled; whether its version is published shows only when a message is sent",
    "应用已启用；版本是否已发布只有发送时才能知道"};
inline constexpr tidings::detail::stored_remedy no_bot_needed{"work notifications need no bot", "工作通知不需要机器人"};
inline constexpr tidings::detail::stored_remedy work_scopes{
    "the scopes of the look-up and of work notifications are granted", "查找人员和工作通知所需的权限均已开通"};
inline constexpr tidings::detail::stored_remedy bot_unknown{"the platform does not say whether the bot is published",
                                                            "平台不提供机器人是否已发布"};
inline constexpr tidings::detail::stored_remedy look_up_scopes{
    "the scopes of the look-up are granted; whether the bot may send shows only when a message is sent",
    "查找人员的权限已开通；机器人能否发送只有发送时才能知道"};
inline constexpr tidings::detail::stored_remedy scopes_unknown{"the platform does not list the scopes that are granted",
                                                               "平台不提供已开通的权限"};
} // namespace findings

/// Reads the contacts range, which every application may and which does not count against the monthly quota.
class diagnostic final : public wire::diagnostic
{
public:
    /// @param app   The application whose settings are examined.
    /// @param by    The names of the match strategies that people are found by.
    /// @param work  Whether messages are work notifications.
    diagnostic(application app, std::vector<std::string_view> const& by, bool work);

    wire::operation* next() override { return std::exchange(begun_, true) ? nullptr : &range_; }

    void record(result<void> const& outcome, diagnosis& out) override;

    std::string_view concerned(failure const& f) const override;

    void record_lookup(result<void> const& outcome, diagnosis&) override;

    void finish(diagnosis& out) override;

private:
    application app_;
    bool work_;
    authorised_range range_;
    bool begun_ = false;
    bool enabled_ = false;
    bool looked_up_ = false;
    bool all_found_ = true;
    finding_text range_finding_;
};

} // namespace tidings::inline v0::providers::dingtalk

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/provider/dingtalk/impl/diagnostic.ipp>
#endif

#endif
