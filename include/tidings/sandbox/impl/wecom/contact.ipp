// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_WECOM_CONTACT_IPP
#define TIDINGS_SANDBOX_IMPL_WECOM_CONTACT_IPP

#include <tidings/sandbox/detail/wecom.hpp>

namespace tidings::inline v0::sandbox::detail::wecom {

// The one department that everybody is in.
inline constexpr int root_department = 1;

TIDINGS_SANDBOX_DECL person const* find_member(call const& c, std::string_view userid)
{
    for (auto const& p : c.state.world.people)
        if (same_text(p.login_name, userid))
            return p.resigned || p.other_tenant ? nullptr : &p;
    return nullptr;
}

TIDINGS_SANDBOX_DECL bool sees(call const& c, person const& p)
{
    return !p.resigned && !p.other_tenant && c.caller->visible_range.includes(p.login_name);
}

// 1 to 64 bytes; letters, digits, `_-.@`; first a letter or digit.
inline bool is_userid(std::string_view id)
{
    auto const plain = [](unsigned char ch) { return ch < 0x80 && std::isalnum(ch) != 0; };
    auto const allowed = [&](char ch) {
        return plain(static_cast<unsigned char>(ch)) || std::string_view("_-.@").find(ch) != std::string_view::npos;
    };
    return !id.empty() && id.size() <= 64 && plain(static_cast<unsigned char>(id[0])) &&
           std::all_of(id.begin(), id.end(), allowed);
}

// The directory leaves +86 out.
inline std::string mobile_of(person const& p)
{
    auto const mainland = p.mobile.starts_with("+86") && p.mobile.size() == 14;
    return mainland ? p.mobile.substr(3) : p.mobile;
}

// Adds the fields that an app made after 2022-06-20 does not see.
inline void add_private_fields(json::object& out, person const& p)
{
    out["mobile"] = jview(mobile_of(p));
    out["email"] = jview(p.email);
    out["biz_mail"] = jview(p.enterprise_email);
    for (auto const* name : {"avatar", "thumb_avatar", "qr_code", "address"})
        out[name] = "";
}

TIDINGS_SANDBOX_DECL json::object get_user(call& c)
{
    if (c.caller->kind == wecom_app_kind::contact_sync && !c.caller->known_address)
        refuse(48009);
    auto const id = c.query_value("userid");
    if (id.empty())
        refuse(41009);
    if (!is_userid(id))
        refuse(40003);
    auto const& modes = c.world().modes;
    auto const* const member = find_member(c, id);
    if (member && !sees(c, *member) && modes.member_out_of_range_code != 60111)
        refuse(modes.member_out_of_range_code);
    if ((!member || !sees(c, *member)) && modes.long_not_found_text)
        refuse(60111, "invalid string value `" + id + "`. userid not found");
    if (!member || !sees(c, *member))
        refuse(60111);
    json::object out{{"userid", jview(member->login_name)},
                     {"name", jview(member->name)},
                     {"department", json::array{root_department}},
                     {"order", json::array{0}},
                     {"position", ""},
                     {"gender", "0"},
                     {"is_leader_in_dept", json::array{0}},
                     {"direct_leader", json::array()},
                     {"telephone", ""},
                     {"alias", ""},
                     {"main_department", root_department},
                     {"extattr", {{"attrs", json::array()}}},
                     {"status", member->frozen ? 2 : 1},
                     {"external_position", ""}};
    if (c.caller->sees_private_fields)
        add_private_fields(out, *member);
    return out;
}

// Wrong lookups are counted, and too many of them close the lookup.
template<class Fits>
json::object look_up(call& c, Fits const& fits)
{
    auto const quota = c.caller->corp_id + "/wrong" + c.api.path;
    if (c.platform_state().gates[quota].closed(c.now))
        refuse(45009);
    auto const code = c.world().modes.lookup_out_of_range_code;
    auto miss = 46004;
    for (auto const& p : c.state.world.people)
        if (!p.resigned && !p.other_tenant && fits(p))
        {
            if (sees(c, p))
                return {{"userid", jview(p.login_name)}};
            miss = code;
        }
    refuse(admits(c, quota, c.world().limits.wrong_lookups(), std::chrono::hours(24)) ? miss : 45009);
}
TIDINGS_SANDBOX_DECL json::object get_by_mobile(call& c)
{
    auto const mobile = text_member(body_object(c), "mobile");
    if (mobile.size() < 5 || mobile.size() > 32 || mobile.find_first_not_of("0123456789+-") != std::string::npos)
        refuse(60103);
    auto digits = mobile;
    std::erase(digits, '-');
    auto const plus86 = c.world().modes.lookup_accepts_plus86;
    return look_up(c, [&](person const& p) {
        return !p.mobile.empty() && (digits == mobile_of(p) || (plus86 && digits == p.mobile));
    });
}
TIDINGS_SANDBOX_DECL json::object get_by_email(call& c)
{
    auto const body = body_object(c);
    auto const email = text_member(body, "email");
    auto const type = number_member(body, "email_type", 1);
    auto const at = email.find('@');
    if (email.size() > 64 || at == 0 || at == std::string::npos || at + 1 == email.size())
        refuse(60105);
    if (type != 1 && type != 2)
        refuse(40035);
    return look_up(c, [&](person const& p) { return same_text(type == 1 ? p.enterprise_email : p.email, email); });
}
TIDINGS_SANDBOX_DECL json::object list_id(call& c)
{
    auto const body = body_object(c);
    auto const cursor = text_member(body, "cursor");
    auto const limit = number_member(body, "limit", 10000);
    if (limit < 1 || limit > 10000)
        refuse_field("limit", "must be 1 to 10000");
    if (cursor.size() > 9 || cursor.find_first_not_of("0123456789") != std::string::npos)
        refuse(40035);
    auto const start = cursor.empty() ? 0 : std::stoll(cursor);
    json::array out;
    std::int64_t seen = 0;
    std::string next;
    for (auto const& p : c.state.world.people)
    {
        if (!sees(c, p) || seen++ < start)
            continue;
        if (static_cast<std::int64_t>(out.size()) == limit)
        {
            next = std::to_string(start + limit);
            break;
        }
        out.push_back(json::object{{"userid", jview(p.login_name)}, {"department", root_department}});
    }
    return {{"next_cursor", jview(next)}, {"dept_user", std::move(out)}};
}

inline bool is_root_department(std::string_view text)
{
    return text == std::to_string(root_department);
}

TIDINGS_SANDBOX_DECL json::object list_departments(call& c)
{
    auto const id = c.query_value("id");
    if (!id.empty() && !is_root_department(id))
        refuse(40035);
    return {{"department_id", json::array{json::object{{"id", root_department}, {"parentid", 0}, {"order", 1}}}}};
}

TIDINGS_SANDBOX_DECL json::object list_members(call& c)
{
    auto const id = c.query_value("department_id");
    if (id.empty())
        refuse(40063);
    if (!is_root_department(id))
        refuse(40035);
    json::array out;
    for (auto const& p : c.state.world.people)
        if (sees(c, p))
            out.push_back(json::object{{"userid", jview(p.login_name)},
                                       {"name", jview(p.name)},
                                       {"department", json::array{root_department}}});
    return {{"userlist", std::move(out)}};
}

} // namespace tidings::inline v0::sandbox::detail::wecom

#endif
