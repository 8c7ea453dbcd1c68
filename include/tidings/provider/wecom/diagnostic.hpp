// WeCom: whether messages would be delivered.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_WECOM_DIAGNOSTIC_HPP
#define TIDINGS_PROVIDER_WECOM_DIAGNOSTIC_HPP

#include <tidings/detail/failure.hpp>
#include <tidings/provider/wecom/codes.hpp>
#include <tidings/provider/wecom/operations.hpp>
#include <tidings/wire/diagnostic.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace tidings::inline v0::providers::wecom {

namespace remedies {
inline constexpr tidings::detail::stored_remedy range_before_sending{
    "If the address is right, the person is outside the app's visible range: add the person in the admin console, App "
    "Management > the app > Visible range.",
    "如果地址正确，则此人不在应用的可见范围内：请在管理后台“应用管理”>应用>“可见范围”中加入此人。"};
inline constexpr tidings::detail::stored_remedy agent_before_sending{
    "Check that AgentId and Secret are from the same page of the admin console, App Management > the app.",
    "请确认 AgentId 与 Secret 来自管理后台“应用管理”中同一应用的页面。"};
} // namespace remedies

/// Lists the departments, to find out whether the platform accepts requests from this address.
class list_departments final : public wire::operation
{
public:
    explicit list_departments(application app) noexcept;

    result<void> encode(wire::request& out, std::string_view token) const override;

    result<void> decode(wire::reply const& in) override;

private:
    application app_;
};

namespace findings {
inline constexpr tidings::detail::stored_remedy in_range{"the person is inside the app's visible range",
                                                         "此人在应用的可见范围内"};
inline constexpr tidings::detail::stored_remedy range_unknown{"the platform shows it only when a person is looked up",
                                                              "只有查找人员时才能知道"};
inline constexpr tidings::detail::stored_remedy range_or_missing{
    "the platform answers for a person outside the visible range as for one who does not exist",
    "对可见范围外的人，平台的应答与不存在的人相同"};
inline constexpr tidings::detail::stored_remedy sending_shows_it{
    "whether AgentId and Secret belong together, and whether the app may send, shows only when a message is sent",
    "AgentId 与 Secret 是否属于同一应用，以及应用能否发送，只有发送时才能知道"};
inline constexpr tidings::detail::stored_remedy no_bot_needed{"an app of WeCom needs no bot",
                                                              "企业微信应用不需要机器人"};
inline constexpr tidings::detail::stored_remedy no_scopes{
    "WeCom has no scopes; whether this kind of app may send shows only when a message is sent",
    "企业微信没有权限列表；此类应用能否发送只有发送时才能知道"};
inline constexpr tidings::detail::stored_remedy limits_unknown{"the platform does not say how many messages are left",
                                                               "平台不提供剩余的消息数"};
} // namespace findings

/// Lists departments; everything else shows only when people are looked up, or when a message is sent.
class diagnostic final : public wire::diagnostic
{
public:
    explicit diagnostic(application app) noexcept : departments_(app) {}

    wire::operation* next() override { return std::exchange(begun_, true) ? nullptr : &departments_; }

    void record(result<void> const& outcome, diagnosis& out) override;

    void record_lookup(result<void> const& outcome, diagnosis& out) override;

    std::string_view concerned(failure const& f) const override;

    void finish(diagnosis& out) override;

private:
    list_departments departments_;
    bool begun_ = false;
    bool found_ = false;
    bool missed_ = false;
};

} // namespace tidings::inline v0::providers::wecom

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/provider/wecom/impl/diagnostic.ipp>
#endif

#endif
