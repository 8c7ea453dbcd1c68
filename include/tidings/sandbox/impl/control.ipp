// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_CONTROL_IPP
#define TIDINGS_SANDBOX_IMPL_CONTROL_IPP

#include <tidings/sandbox/detail/platform.hpp>
// How worlds, faults and ledger rows are written: before they are.
#include <tidings/sandbox/impl/fault.ipp>
#include <tidings/sandbox/impl/message.ipp>
#include <tidings/sandbox/impl/world.ipp>

namespace tidings::inline v0::sandbox::detail {

// The sandbox's own calls: for tests in other languages, and for people with curl.

inline json::object list_ledger(state& s, json::value const&)
{
    json::array rows;
    for (auto const& m : s.messages)
        rows.push_back(write(m.row));
    return {{"messages", std::move(rows)}};
}

inline json::object list_requests(state& s, json::value const&)
{
    return {{"requests", write(s.requests)}};
}

inline json::object show_world(state& s, json::value const&)
{
    return write(s.world).as_object();
}

inline json::object add_faults(state& s, json::value const& body)
{
    for (auto& f : faults_from_json(compact(body)))
        s.faults.push_back(std::move(f));
    return {{"faults", s.faults.size()}};
}

inline json::object clear_faults(state& s, json::value const&)
{
    s.faults.clear();
    return {{"faults", 0}};
}

inline std::string control_text(json::value const& body, std::string const& name)
{
    std::string out;
    auto const* const v = body.is_object() ? body.get_object().if_contains(name) : nullptr;
    read(v ? *v : json::value(), out, name);
    return out;
}

inline json::object move_clock(state& s, json::value const& body)
{
    std::int64_t by = 0;
    auto const* const v = body.is_object() ? body.get_object().if_contains("advance_seconds") : nullptr;
    read(v ? *v : json::value(), by, "advance_seconds");
    constexpr std::int64_t a_century = std::int64_t(100) * 366 * 24 * 3600;
    if (by < -a_century || by > a_century)
        throw world_error("advance_seconds", "is more than a century");
    s.clock.advance(seconds(by));
    return {{"now_ms", s.clock.now().time_since_epoch().count()}};
}

inline json::object revoke(state& s, json::value const& body)
{
    revoke_everywhere(s, control_text(body, "app_id"));
    return {};
}

inline json::object readers(state& s, json::value const& body)
{
    s.mark_read(control_text(body, "message_id"), control_text(body, "login_name"));
    return {};
}

struct control_call
{
    std::string_view method;
    std::string_view path;
    json::object (*handle)(state&, json::value const&);
};

inline constexpr control_call control_calls[]{
    {"GET", "/_sandbox/ledger", list_ledger},     {"GET", "/_sandbox/requests", list_requests},
    {"GET", "/_sandbox/world", show_world},       {"POST", "/_sandbox/faults", add_faults},
    {"DELETE", "/_sandbox/faults", clear_faults}, {"POST", "/_sandbox/clock", move_clock},
    {"POST", "/_sandbox/revoke", revoke},         {"POST", "/_sandbox/read", readers}};

TIDINGS_SANDBOX_DECL bool is_control(std::string_view target)
{
    return target.starts_with("/_sandbox/");
}

TIDINGS_SANDBOX_DECL response answer_control(state& s, request const& req)
{
    auto const* const found =
        std::find_if(std::begin(control_calls), std::end(control_calls),
                     [&](control_call const& k) { return k.method == req.method && k.path == req.target; });
    if (found == std::end(control_calls))
        return not_found();
    response out;
    out.content_type = "application/json; charset=utf-8";
    try
    {
        auto const has_body = req.method == "POST";
        out.body = compact(found->handle(s, has_body ? parse_or_explain(req.body, "body") : json::value()));
    }
    catch (std::logic_error const& e) // world_error and out_of_range: what the caller sent is wrong
    {
        out.status = 400;
        out.body = compact(json::object{{"error", e.what()}});
    }
    return out;
}

} // namespace tidings::inline v0::sandbox::detail

#endif
