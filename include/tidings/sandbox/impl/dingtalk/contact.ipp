// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_DINGTALK_CONTACT_IPP
#define TIDINGS_SANDBOX_IMPL_DINGTALK_CONTACT_IPP

#include <tidings/sandbox/detail/dingtalk.hpp>

namespace tidings::inline v0::sandbox::detail::dingtalk {

inline constexpr std::int64_t root_department = 1;

TIDINGS_SANDBOX_DECL dingtalk_department const* find_department(dingtalk_world const& w, std::int64_t dept_id)
{
    for (auto const& d : w.departments)
        if (d.dept_id == dept_id)
            return &d;
    // The root needs no listing.
    static dingtalk_department const bare_root = [] {
        dingtalk_department d;
        d.dept_id = root_department;
        d.parent_id = 0;
        return d;
    }();
    return dept_id == root_department ? &bare_root : nullptr;
}

TIDINGS_SANDBOX_DECL bool is_below(dingtalk_world const& w, std::int64_t dept_id, std::span<std::int64_t const> tops)
{
    for (auto const* d = find_department(w, dept_id); d;
         d = d->dept_id == root_department ? nullptr : find_department(w, d->parent_id))
        if (std::find(tops.begin(), tops.end(), d->dept_id) != tops.end())
            return true;
    return false;
}

// Whom no department lists belongs to the root.
TIDINGS_SANDBOX_DECL std::vector<std::int64_t> departments_of(dingtalk_world const& w, std::string_view login_name)
{
    std::vector<std::int64_t> out;
    for (auto const& d : w.departments)
        if (std::find(d.members.begin(), d.members.end(), login_name) != d.members.end())
            out.push_back(d.dept_id);
    if (out.empty())
        out.push_back(root_department);
    return out;
}

TIDINGS_SANDBOX_DECL person const* employee(call const& c, std::string_view userid)
{
    auto const* const p = c.state.world.find_person(userid);
    return p && !p->resigned && !p->other_tenant ? p : nullptr;
}

inline bool in_range(call const& c, person const& p)
{
    auto const& a = *c.caller;
    if (!a.contact_range.everyone)
        return a.contact_range.includes(p.login_name);
    auto const of = departments_of(c.world(), p.login_name);
    return std::any_of(of.begin(), of.end(),
                       [&](std::int64_t id) { return is_below(c.world(), id, a.contact_departments); });
}

// The person, or the refusal if the person does not exist or is out of the range.
inline person const& visible(call const& c, person const* p, std::string_view miss)
{
    if (!p)
        refuse(c, miss);
    if (!in_range(c, *p))
        refuse_at_gateway(c, 50002, {});
    return *p;
}

inline dingtalk_hosted_account const* hosted_account_of(call const& c, person const& p)
{
    for (auto const& a : c.world().hosted_accounts)
        if (a.login_name == p.login_name)
            return &a;
    return nullptr;
}

// How many digits of an E.164 number are the country's.
inline std::size_t country_digits(std::string_view digits)
{
    if (digits.starts_with('1') || digits.starts_with('7'))
        return 1;
    static constexpr std::string_view two = " 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 "
                                            "57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98 ";
    return two.find(" " + std::string(digits.substr(0, 2)) + " ") != std::string_view::npos ? 2 : 3;
}

// How foreign numbers are written is not settled.
inline bool is_mobile(call const& c, person const& p, std::string const& asked)
{
    auto const& modes = c.world().modes;
    if (p.mobile.size() < 5)
        return false;
    auto const digits = p.mobile.substr(1);
    auto const split_at = country_digits(digits);
    auto const country = digits.substr(0, split_at);
    auto const rest = digits.substr(split_at);
    if (country == "86")
        return asked == rest || (modes.mainland_accepts_plus86 && asked == p.mobile);
    auto const may = [&](std::string_view form) {
        return modes.foreign_mobile == form || modes.foreign_mobile == "any";
    };
    return (may("plus") && asked == p.mobile) || (may("digits") && asked == digits) ||
           (may("dash") && (asked == country + "-" + rest || asked == "+" + country + "-" + rest));
}

TIDINGS_SANDBOX_DECL json::object get_by_mobile(call& c)
{
    auto const mobile = c.text("mobile");
    if (mobile.empty())
        refuse(c, "400002", "mobile");
    if (mobile.find_first_not_of("0123456789+-") != std::string::npos || mobile.size() < 5 || mobile.size() > 20)
        refuse(c, "40104");
    auto const with_hosted = c.truth("support_exclusive_account_search");
    person const* found = nullptr;
    json::array hosted;
    for (auto const& p : c.state.world.people)
    {
        if (!employee(c, p.login_name) || !is_mobile(c, p, mobile))
            continue;
        if (!hosted_account_of(c, p))
            found = found ? found : &p;
        else if (with_hosted)
            hosted.emplace_back(jview(p.login_name));
    }
    if (!found && hosted.empty())
        refuse(c, "60121");
    json::object result;
    if (found)
        result["userid"] = jview(visible(c, found, "60121").login_name);
    if (!hosted.empty())
        result["exclusive_account_userid_list"] = std::move(hosted);
    return {{"result", std::move(result)}};
}

// What may be shown.
inline json::object describe(call const& c, person const& p)
{
    json::array departments;
    for (auto const id : departments_of(c.world(), p.login_name))
        departments.emplace_back(id);
    json::object out{{"userid", jview(p.login_name)},
                     {"unionid", jview(p.union_id)},
                     {"name", jview(p.name)},
                     {"active", !p.frozen},
                     {"org_email", jview(p.enterprise_email)},
                     {"dept_id_list", std::move(departments)},
                     {"hide_mobile", false},
                     {"exclusive_account", hosted_account_of(c, p) != nullptr},
                     {"admin", false},
                     {"boss", false},
                     {"senior", false},
                     {"real_authed", true}};
    if (c.caller->reads_email)
        out["email"] = jview(p.email);
    if (c.caller->reads_mobile && p.mobile.size() > 4)
    {
        auto const digits = p.mobile.substr(1);
        auto const at = country_digits(digits);
        out["state_code"] = jview(digits.substr(0, at));
        out["mobile"] = jview(digits.substr(at));
    }
    return out;
}

TIDINGS_SANDBOX_DECL json::object get_user(call& c)
{
    auto const miss = std::to_string(c.world().modes.missing_user_code);
    auto const language = c.text("language");
    if (!language.empty() && language != "zh_CN" && language != "en_US")
        refuse(c, "400002", "language");
    auto userid = c.text("userid");
    if (auto const login_id = c.text("login_id"); !login_id.empty())
    {
        auto const& all = c.world().hosted_accounts;
        auto const at = std::find_if(all.begin(), all.end(), [&](auto const& a) { return a.login_id == login_id; });
        if (at == all.end())
            refuse(c, miss);
        userid = at->login_name;
    }
    if (userid.empty())
        refuse(c, "400002", "userid");
    return {{"result", describe(c, visible(c, employee(c, userid), miss))}};
}
TIDINGS_SANDBOX_DECL json::object get_by_unionid(call& c)
{
    auto const unionid = c.text("unionid");
    if (unionid.empty())
        refuse(c, "400002", "unionid");
    person const* found = nullptr;
    for (auto const& p : c.state.world.people)
        if (p.union_id == unionid)
            found = employee(c, p.login_name);
    return {{"result", json::object{{"contact_type", 0}, {"userid", jview(visible(c, found, "60121").login_name)}}}};
}

// By name only.
TIDINGS_SANDBOX_DECL json::object search_users(call& c)
{
    auto const word = c.text("queryWord");
    auto const offset = c.number("offset").value_or(-1);
    auto const size = c.number("size").value_or(-1);
    if (word.empty() || offset < 0 || size < 1)
        refuse(c, "parameter.error");
    auto const exact = c.text("fullMatchField") == "1";
    json::array list;
    std::int64_t total = 0;
    for (auto const& p : c.state.world.people)
    {
        auto const fits = exact ? same_text(p.name, word) : lower(p.name).find(lower(word)) != std::string::npos;
        if (!fits || !employee(c, p.login_name) || !in_range(c, p))
            continue;
        if (total >= offset && total < offset + size)
            list.emplace_back(jview(p.login_name));
        ++total;
    }
    return {{"hasMore", total > offset + size}, {"totalCount", total}, {"list", std::move(list)}};
}

// Step 1
TIDINGS_SANDBOX_DECL json::object auth_scopes(call& c)
{
    auto const& a = *c.caller;
    json::array fields{"name", "userid", "unionid", "dept_id_list", "org_email"};
    if (a.reads_email)
        fields.emplace_back("email");
    if (a.reads_mobile)
        fields.emplace_back("mobile");
    json::array people;
    json::array departments;
    if (a.contact_range.everyone)
        for (auto const id : a.contact_departments)
            departments.emplace_back(id);
    else
        for (auto const& login : a.contact_range.people)
            if (employee(c, login))
                people.emplace_back(jview(login));
    return {
        {"auth_user_field", std::move(fields)},
        {"condition_field", json::array()},
        {"auth_org_scopes", json::object{{"authed_user", std::move(people)}, {"authed_dept", std::move(departments)}}}};
}

inline void check_department_range(call const& c, std::int64_t id)
{
    if (!c.caller->contact_range.everyone || !is_below(c.world(), id, c.caller->contact_departments))
        refuse_at_gateway(c, 50004, {});
}

// Step 2: one level. Without dept_id: the root's.
TIDINGS_SANDBOX_DECL json::object list_sub(call& c)
{
    auto const id = c.member("dept_id") ? c.number("dept_id") : root_department;
    if (!id)
        refuse(c, "400002", "dept_id");
    if (!find_department(c.world(), *id))
        refuse(c, "60003");
    check_department_range(c, *id);
    json::array result;
    for (auto const& d : c.world().departments)
        if (d.parent_id == *id && d.dept_id != root_department)
            result.push_back(json::object{{"dept_id", d.dept_id},
                                          {"name", jview(d.name)},
                                          {"parent_id", d.parent_id},
                                          {"create_dept_group", false},
                                          {"auto_add_user", false}});
    return {{"result", std::move(result)}};
}

// The app's range does not count here.
TIDINGS_SANDBOX_DECL json::object list_sub_ids(call& c)
{
    auto const id = c.number("dept_id");
    if (!id)
        refuse(c, "400002", "dept_id");
    if (!find_department(c.world(), *id))
        refuse(c, "60003");
    json::array ids;
    for (auto const& d : c.world().departments)
        if (d.parent_id == *id && d.dept_id != root_department)
            ids.emplace_back(d.dept_id);
    return {{"result", json::object{{"dept_id_list", std::move(ids)}}}};
}

// Step 3: direct members, in pages.
TIDINGS_SANDBOX_DECL json::object list_users(call& c)
{
    for (auto const* name : {"dept_id", "cursor", "size"})
        if (!c.member(name))
            refuse(c, "40035", name);
    auto const id = c.number("dept_id");
    auto const cursor = c.number("cursor").value_or(-1);
    auto const size = c.number("size").value_or(-1);
    if (!id || cursor < 0 || size < 1 || size > 100)
        refuse(c, "400002", !id ? "dept_id" : cursor < 0 ? "cursor" : "size");
    if (!find_department(c.world(), *id))
        refuse(c, "60019");
    check_department_range(c, *id);
    json::array list;
    std::int64_t seen = 0;
    for (auto const& p : c.state.world.people)
    {
        auto const of = departments_of(c.world(), p.login_name);
        if (!employee(c, p.login_name) || std::find(of.begin(), of.end(), *id) == of.end())
            continue;
        if (seen >= cursor && seen < cursor + size)
            list.push_back(describe(c, p));
        ++seen;
    }
    auto const more = seen > cursor + size;
    json::object result{{"has_more", more}, {"list", std::move(list)}};
    if (more)
        result["next_cursor"] = cursor + size;
    return {{"result", std::move(result)}};
}

} // namespace tidings::inline v0::sandbox::detail::dingtalk

#endif
