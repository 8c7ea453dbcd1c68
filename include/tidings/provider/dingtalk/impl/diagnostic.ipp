// DingTalk: whether messages would be delivered.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_DINGTALK_IMPL_DIAGNOSTIC_IPP
#define TIDINGS_PROVIDER_DINGTALK_IMPL_DIAGNOSTIC_IPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/provider/dingtalk/codes.hpp>
#include <tidings/provider/dingtalk/diagnostic.hpp>
#include <tidings/provider/dingtalk/operations.hpp>
#include <tidings/wire/diagnostic.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0::providers::dingtalk {

TIDINGS_COLD TIDINGS_DECL diagnostic::diagnostic(application app, std::vector<std::string_view> const& by, bool work)
    : app_(app), work_(work), range_(app, std::find(by.begin(), by.end(), "email") != by.end())
{
}

TIDINGS_COLD TIDINGS_DECL void diagnostic::record(result<void> const& outcome, diagnosis& out)
{
    if (!outcome)
        return fail(outcome.error(), out, check::range);
    out.pass(check::trusted_ip);
    enabled_ = true;
    auto const people = range_.people().size();
    auto const departments = range_.departments().size();
    if (people == 0 && departments == 0)
    {
        auto why = make_failure(errc::recipient_unreachable, [&](diagnostics& facts) {
            facts.platform = "dingtalk";
            facts.operation = "check application";
            facts.detail = "the application's contacts range is empty";
            facts.remedy = &remedies::range;
            facts.console = console;
            facts.app_id = app_.app_key();
        });
        return out.fail(check::range, std::move(why));
    }
    range_finding_ = finding_text(
        "the application sees " + std::to_string(departments) + " departments with those below them, and " +
            std::to_string(people) + " more people",
        "应用可见 " + std::to_string(departments) + " 个部门（含下级部门），另有 " + std::to_string(people) + " 人");
}

TIDINGS_COLD TIDINGS_DECL std::string_view diagnostic::concerned(failure const& f) const
{
    // Codes that say that the person, or the department, is outside of the contacts range.
    if (f.platform_code() == "50002" || f.platform_code() == "50004")
        return check::range;
    return check::concerned_by(f.kind());
}

TIDINGS_COLD TIDINGS_DECL void diagnostic::record_lookup(result<void> const& outcome, diagnosis&)
{
    looked_up_ = looked_up_ || outcome;
    all_found_ = all_found_ && (outcome || outcome.error() != errc::recipient_not_found);
}

TIDINGS_COLD TIDINGS_DECL void diagnostic::finish(diagnosis& out)
{
    if (!range_finding_.empty())
    {
        // The platform may answer for a person outside of the range as for one who does not exist.
        check_result range(check::range, all_found_ ? check_status::pass : check_status::unknown, range_finding_);
        if (!all_found_)
            range.advice(remedies::range_before_sending);
        out.add(std::move(range));
    }
    if (enabled_)
        out.unknown(check::application, findings::enabled);
    if (work_)
    {
        out.pass(check::bot, findings::no_bot_needed);
        if (enabled_ && looked_up_)
            out.pass(check::scopes, findings::work_scopes);
    }
    else
    {
        check_result bot(check::bot, check_status::unknown, findings::bot_unknown);
        out.add(bot.advice(remedies::bot_before_sending));
        remedy_text const* what = &findings::scopes_unknown;
        if (looked_up_)
            what = &findings::look_up_scopes;
        check_result scopes(check::scopes, check_status::unknown, *what);
        out.add(scopes.advice(remedies::scope_before_sending));
    }
    out.unknown(check::availability, wire::findings::availability_unknown);
    out.unknown(check::limits, wire::findings::quota_unknown);
}

} // namespace tidings::inline v0::providers::dingtalk

#endif
