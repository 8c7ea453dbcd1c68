// Lark and Feishu: whether messages would be delivered.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_LARK_DIAGNOSTIC_HPP
#define TIDINGS_PROVIDER_LARK_DIAGNOSTIC_HPP

#include <tidings/detail/failure.hpp>
#include <tidings/provider/lark/codes.hpp>
#include <tidings/provider/lark/operations.hpp>
#include <tidings/wire/diagnostic.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::inline v0::providers::lark {

namespace remedies {
inline constexpr remedy_text all_scopes{
    "Grant these permissions in {console} > Permissions & Scopes: {scopes}. Then create a version in Version Management & "
    "Release: a permission works once that version is approved.",
    "请在 {console} > 权限管理 开通以下权限：{scopes}。然后在 版本管理与发布 创建版本：审核通过后权限才生效。"};
inline constexpr remedy_text availability{
    "Whether the person is within the application's availability shows only when a message is sent. Look under App "
    "Versions, Version Management & Release, Availability in the developer console.",
    "收件人是否在应用可用范围内，只有发送时才能知道。请在开发者后台“版本管理与发布”中查看可用范围。"};
inline constexpr remedy_text empty_range{
    "Open Permissions & Scopes, Data permissions in the developer console, extend the contacts range, and publish a "
    "version. {console}",
    "请在开发者后台“权限管理”的“数据权限”中扩大通讯录权限范围，并发布新版本。{console}"};
inline constexpr remedy_text restricted_range{
    "If the address is right, the person is outside the application's contacts range: open Permissions & Scopes, Data "
    "permissions in the developer console, add the person, and publish a version.",
    "如果地址正确，则此人不在应用的通讯录权限范围内：请在开发者后台“权限管理”的“数据权限”中加入此人，并发布新版本。"};
} // namespace remedies

namespace findings {
inline constexpr remedy_text brand_unknown{"an access token was issued, which some applications get on both platforms",
                                           "已签发访问令牌，但部分应用在飞书和 Lark 都能取得令牌"};
inline constexpr remedy_text status_unknown{"the platform does not say whether the application is enabled",
                                            "平台不提供应用是否已启用"};
inline constexpr remedy_text bot_published{"the bot is part of the published version", "机器人包含在已发布的版本中"};
inline constexpr remedy_text scopes_granted{"the application has the scopes that sending needs",
                                            "应用已开通发送所需的权限"};
inline constexpr remedy_text range_unknown{"listing the contacts range needs a contacts scope, which sending does not",
                                           "查询通讯录范围需要通讯录权限，而发送不需要"};
inline constexpr remedy_text sees_everybody{"the application sees the whole organisation", "应用可见整个企业"};
inline constexpr remedy_text enabled{"the application is enabled", "应用已启用"};
} // namespace findings

/// Reads the bot, the scopes and the contacts range, none of which changes anything. Each call counts against the
/// organisation's monthly quota.
class diagnostic final : public wire::diagnostic
{
public:
    /// @param app  The application whose settings are examined.
    /// @param by   The names of the match strategies that people are found by.
    diagnostic(application app, std::vector<std::string_view> by)
        : app_(app), by_(std::move(by)), bot_(app), scopes_(app), range_(app)
    {
    }

    wire::operation* next() override
    {
        constexpr std::size_t count = 3;
        std::array<wire::operation*, count> const steps{&bot_, &scopes_, &range_};
        return step_ == count ? nullptr : steps[step_++];
    }

    void record(result<void> const& outcome, diagnosis& out) override
    {
        if (outcome)
            out.pass(check::trusted_ip); // the platform checks the caller's address before it answers
        switch (step_)
        {
        case 1: return record_bot(outcome, out);
        case 2: return record_scopes(outcome, out);
        default: return record_range(outcome, out);
        }
    }

    std::string_view concerned(failure const& f) const override
    {
        // Codes that say that the person, or the department, is outside of the contacts range.
        if (f.platform_code() == "41050" || f.platform_code() == "40004")
            return check::range;
        return check::concerned_by(f.kind());
    }

    void record_lookup(result<void> const& outcome, diagnosis&) override
    {
        all_found_ = all_found_ && (outcome || outcome.error() != errc::recipient_not_found);
    }

    void finish(diagnosis& out) override
    {
        if (!range_finding_.empty())
        {
            // The platform answers for a person outside of the range as for one who does not exist.
            check_result range(check::range, all_found_ ? check_status::pass : check_status::unknown, range_finding_);
            if (!all_found_)
                range.advice(remedies::restricted_range);
            out.add(std::move(range));
        }
        out.unknown(check::brand, findings::brand_unknown);
        check_result availability(check::availability, check_status::unknown, wire::findings::availability_unknown);
        out.add(availability.advice(remedies::availability));
        out.unknown(check::limits, wire::findings::quota_unknown);
    }

private:
    failure failure_of(errc kind, std::string detail, remedy_text const& remedy) const
    {
        return make_failure(kind, [&](diagnostics& facts) {
            facts.platform = app_.region().name;
            facts.operation = "check application";
            facts.detail = std::move(detail);
            facts.remedy = &remedy;
            facts.console = app_.region().console;
            facts.app_id = app_.app_id();
        });
    }

    void record_bot(result<void> const& outcome, diagnosis& out)
    {
        if (!outcome)
            return fail(outcome.error(), out, check::bot);
        if (bot_.activate_status() == bot_info::unknown_status)
            return out.unknown(check::application, findings::status_unknown);
        constexpr std::int64_t enabled = 2;
        static constexpr std::array<std::string_view, 7> states{"is not installed yet",
                                                                "is disabled",
                                                                "is enabled",
                                                                "waits to be enabled after its installation",
                                                                "waits to be enabled after an upgrade",
                                                                "has an expired licence",
                                                                "has an expired plan"};
        auto const status = bot_.activate_status();
        auto const known = status >= 0 && status < static_cast<std::int64_t>(states.size());
        auto const state = "the application " + (known ? std::string(states[static_cast<std::size_t>(status)])
                                                       : "has the unknown status " + std::to_string(status));
        if (status != enabled)
            return out.fail(check::application, failure_of(errc::app_not_published, state, remedies::disabled));
        out.pass(check::application, findings::enabled);
        out.pass(check::bot, findings::bot_published);
    }

    void record_scopes(result<void> const& outcome, diagnosis& out)
    {
        if (!outcome)
            return fail(outcome.error(), out, check::scopes);
        auto const has = [this](std::string_view scope) {
            auto const& granted = scopes_.granted();
            return std::find(granted.begin(), granted.end(), scope) != granted.end();
        };
        auto const finds_by = [this](std::string_view match) {
            return std::find(by_.begin(), by_.end(), match) != by_.end();
        };
        std::vector<std::string> missing;
        // Each of these is sufficient for sending.
        if (!has("im:message:send_as_bot") && !has("im:message") && !has("im:message:send"))
            missing.emplace_back("im:message:send_as_bot");
        if ((finds_by("email") || finds_by("phone_number")) && !has("contact:user.id:readonly"))
            missing.emplace_back("contact:user.id:readonly");
        if (finds_by("login_name") && !has("contact:user.employee_id:readonly"))
            missing.emplace_back("contact:user.employee_id:readonly");
        if (missing.empty())
            return out.pass(check::scopes, findings::scopes_granted);
        std::string names;
        for (auto const& scope : missing)
            (names += names.empty() ? "" : ", ") += scope;
        auto why = make_failure(errc::permission_missing, [&](diagnostics& facts) {
            facts.platform = app_.region().name;
            facts.operation = "check application";
            facts.detail = "these scopes are not granted: " + names;
            facts.scopes = missing;
            facts.remedy = &remedies::all_scopes;
            facts.console = app_.region().console;
            facts.app_id = app_.app_id();
        });
        out.fail(check::scopes, std::move(why));
    }

    void record_range(result<void> const& outcome, diagnosis& out)
    {
        // Sending does not need the scopes that this call needs.
        if (!outcome && outcome.error() == errc::permission_missing)
            return out.unknown(check::range, findings::range_unknown);
        if (!outcome)
            return fail(outcome.error(), out, check::range);
        auto const people = range_.people().size();
        auto const groups = range_.groups().size();
        auto const& departments = range_.departments();
        bool const everybody = std::find(departments.begin(), departments.end(), "0") != departments.end(); // the root
        if (people == 0 && groups == 0 && departments.empty())
            return out.fail(check::range,
                            failure_of(errc::recipient_unreachable, "the application's contacts range is empty",
                                       remedies::empty_range));
        if (everybody)
        {
            range_finding_ = findings::sees_everybody;
            return;
        }
        bool const more = !range_.next_page().empty();
        range_finding_ = finding_text(
            "the application sees " + std::to_string(people) + " people, " + std::to_string(departments.size()) +
                " departments and " + std::to_string(groups) + " user groups" + (more ? " and more" : ""),
            "应用可见 " + std::to_string(people) + " 人、" + std::to_string(departments.size()) + " 个部门和 " +
                std::to_string(groups) + " 个用户组" + (more ? "，以及更多" : ""));
    }

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

#endif
