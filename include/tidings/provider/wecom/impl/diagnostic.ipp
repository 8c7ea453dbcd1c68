// WeCom: whether messages would be delivered.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_WECOM_IMPL_DIAGNOSTIC_IPP
#define TIDINGS_PROVIDER_WECOM_IMPL_DIAGNOSTIC_IPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/provider/wecom/codes.hpp>
#include <tidings/provider/wecom/diagnostic.hpp>
#include <tidings/provider/wecom/operations.hpp>
#include <tidings/wire/diagnostic.hpp>

#include <string_view>

namespace tidings::inline v0::providers::wecom {

TIDINGS_COLD TIDINGS_DECL list_departments::list_departments(application app) noexcept
    : operation("list departments", wire::idempotency::idempotent, true), app_(app)
{
}

TIDINGS_COLD TIDINGS_DECL result<void> list_departments::encode(wire::request& out, std::string_view token) const
{
    out.start("GET", "/cgi-bin/department/simplelist");
    out.query("access_token", token);
    return {};
}

TIDINGS_COLD TIDINGS_DECL result<void> list_departments::decode(wire::reply const& in)
{
    answer response;
    return read(response, call::other, app_.corp_id(), in, [] { return false; });
}

TIDINGS_COLD TIDINGS_DECL void diagnostic::record(result<void> const& outcome, diagnosis& out)
{
    if (outcome)
        out.pass(check::trusted_ip);
    // Sending does not need the permission to list departments.
    else if (outcome.error() != errc::permission_missing)
        fail(outcome.error(), out, check::trusted_ip);
}

TIDINGS_COLD TIDINGS_DECL void diagnostic::record_lookup(result<void> const& outcome, diagnosis& out)
{
    found_ = found_ || outcome;
    missed_ = missed_ || (!outcome && outcome.error() == errc::recipient_not_found);
    if (outcome)
        out.pass(check::trusted_ip);
}

TIDINGS_COLD TIDINGS_DECL std::string_view diagnostic::concerned(failure const& f) const
{
    if (f.platform_code() == "50002" || f.platform_code() == "60011" || f.platform_code() == "60021")
        return check::range;
    return check::concerned_by(f.kind());
}

TIDINGS_COLD TIDINGS_DECL void diagnostic::finish(diagnosis& out)
{
    if (found_ && !missed_)
        out.pass(check::range, findings::in_range);
    else if (!missed_)
        out.unknown(check::range, findings::range_unknown);
    else
    {
        check_result range(check::range, check_status::unknown, findings::range_or_missing);
        out.add(range.advice(remedies::range_before_sending));
    }
    check_result application(check::application, check_status::unknown, findings::sending_shows_it);
    out.add(application.advice(remedies::agent_before_sending));
    out.pass(check::bot, findings::no_bot_needed);
    out.unknown(check::scopes, findings::no_scopes);
    out.unknown(check::limits, findings::limits_unknown);
}

} // namespace tidings::inline v0::providers::wecom

#endif
