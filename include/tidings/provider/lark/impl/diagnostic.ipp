// Lark and Feishu: whether messages would be delivered.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_LARK_IMPL_DIAGNOSTIC_IPP
#define TIDINGS_PROVIDER_LARK_IMPL_DIAGNOSTIC_IPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/provider/lark/codes.hpp>
#include <tidings/provider/lark/diagnostic.hpp>
#include <tidings/provider/lark/operations.hpp>
#include <tidings/wire/diagnostic.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::inline v0::providers::lark {

TIDINGS_COLD TIDINGS_DECL diagnostic::diagnostic(application app, std::vector<std::string_view> by)
    : app_(app), by_(std::move(by)), bot_(app), scopes_(app), range_(app)
{
}

TIDINGS_COLD TIDINGS_DECL wire::operation* diagnostic::next()
{
    constexpr std::size_t count = 3;
    std::array<wire::operation*, count> const steps{&bot_, &scopes_, &range_};
    return step_ == count ? nullptr : steps[step_++];
}

TIDINGS_COLD TIDINGS_DECL void diagnostic::record(result<void> const& outcome, diagnosis& out)
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

TIDINGS_COLD TIDINGS_DECL std::string_view diagnostic::concerned(failure const& f) const
{
    // Codes that say that the person, or the department, is outside of the contacts range.
    if (f.platform_code() == "41050" || f.platform_code() == "40004")
        return check::range;
    return check::concerned_by(f.kind());
}

TIDINGS_COLD TIDINGS_DECL void diagnostic::record_lookup(result<void> const& outcome, diagnosis&)
{
    all_found_ = all_found_ && (outcome || outcome.error() != errc::recipient_not_found);
}

TIDINGS_COLD TIDINGS_DECL void diagnostic::finish(diagnosis& out)
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

TIDINGS_COLD TIDINGS_DECL failure diagnostic::failure_of(errc kind, std::string detail, remedy_text const& remedy) const
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

TIDINGS_COLD TIDINGS_DECL void diagnostic::record_bot(result<void> const& outcome, diagnosis& out)
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

TIDINGS_COLD TIDINGS_DECL void diagnostic::record_scopes(result<void> const& outcome, diagnosis& out)
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

TIDINGS_COLD TIDINGS_DECL void diagnostic::record_range(result<void> const& outcome, diagnosis& out)
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
        return out.fail(check::range, failure_of(errc::recipient_unreachable,
                                                 "the application's contacts range is empty", remedies::empty_range));
    if (everybody)
    {
        range_finding_ = findings::sees_everybody;
        return;
    }
    bool const more = !range_.next_page().empty();
    range_finding_ = finding_text("the application sees " + std::to_string(people) + " people, " +
                                      std::to_string(departments.size()) + " departments and " +
                                      std::to_string(groups) + " user groups" + (more ? " and more" : ""),
                                  "应用可见 " + std::to_string(people) + " 人、" + std::to_string(departments.size()) +
                                      " 个部门和 " + std::to_string(groups) + " 个用户组" + (more ? "，以及更多" : ""));
}

} // namespace tidings::inline v0::providers::lark

#endif
