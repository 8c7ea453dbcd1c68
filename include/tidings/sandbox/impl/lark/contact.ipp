// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_LARK_CONTACT_IPP
#define TIDINGS_SANDBOX_IMPL_LARK_CONTACT_IPP

#include <tidings/sandbox/detail/lark.hpp>

namespace tidings::inline v0::sandbox::detail::lark {

inline constexpr char const* status_scopes[]{"contact:user.employee:readonly", "contact:contact:access_as_app",
                                             "contact:contact:readonly", "contact:contact:readonly_as_app"};

TIDINGS_SANDBOX_DECL bool bot_works(app const& a)
{
    return a.bot && a.published;
}

TIDINGS_SANDBOX_DECL chat const* find_chat(call const& c, std::string_view id)
{
    auto const& chats = c.world().chats;
    auto const at = std::find_if(chats.begin(), chats.end(), [&](chat const& group) { return group.chat_id == id; });
    return at == chats.end() ? nullptr : &*at;
}

TIDINGS_SANDBOX_DECL std::string user_id_type(call const& c)
{
    auto type = c.query_value("user_id_type", "open_id");
    if (type != "open_id" && type != "union_id" && type != "user_id")
        refuse_field("user_id_type", "the optional value is [open_id, union_id, user_id]");
    if (type == "user_id")
        need_scope(c, employee_id_scope);
    return type;
}

TIDINGS_SANDBOX_DECL std::string id_of(call const& c, person const& p, std::string_view id_type)
{
    if (id_type == "user_id")
        return p.login_name;
    return id_type == "union_id" ? p.union_id : p.open_ids.at(c.caller->app_id);
}
TIDINGS_SANDBOX_DECL found_person find_by_id(call const& c, std::string_view id_type, std::string_view id)
{
    auto const& people = c.world().people;
    auto const at =
        std::find_if(people.begin(), people.end(), [&](person const& p) { return id_of(c, p, id_type) == id; });
    auto const* const user = at == people.end() ? nullptr : &*at;
    if (id_type == "open_id")
    {
        if (user || !id.starts_with("ou_"))
            return {user, 0};
        auto const of_other_app = std::any_of(people.begin(), people.end(), [&](person const& p) {
            return std::any_of(p.open_ids.begin(), p.open_ids.end(), [&](auto const& e) { return e.second == id; });
        });
        return {nullptr, of_other_app ? 99992361 : 99992351};
    }
    auto const by_union = id_type == "union_id";
    if (user && user->other_tenant)
        return {nullptr, by_union ? 99992381 : 99992364};
    if (user || (by_union && !id.starts_with("on_")))
        return {user, 0};
    return {nullptr, by_union ? 99992363 : 99992360};
}

TIDINGS_SANDBOX_DECL json::object describe_status(person const& p)
{
    return {{"is_frozen", p.frozen},
            {"is_resigned", p.resigned},
            {"is_activated", !p.resigned},
            {"is_exited", false},
            {"is_unjoin", false}};
}

inline bool visible(call const& c, person const& p)
{
    return !p.other_tenant && c.caller->contact_range.includes(p.login_name);
}

// Mainland numbers are written bare, all others with "+".
inline bool is_mobile_of(call const& c, person const& p, std::string const& mobile)
{
    if (!p.mobile.starts_with("+86"))
        return p.mobile == mobile;
    return p.mobile.substr(3) == mobile || (c.world().modes.lookup_accepts_plus86 && p.mobile == mobile);
}
TIDINGS_SANDBOX_DECL json::object batch_get_id(call& c)
{
    auto const& modes = c.world().modes;
    auto const body = body_object(c);
    auto const id_type = user_id_type(c);
    auto const* const flag = body.if_contains("include_resigned");
    auto const with_resigned = flag && flag->is_bool() && flag->get_bool();
    auto const with_status = c.has_any(status_scopes);

    json::array list;
    auto const look_up = [&](char const* list_name, char const* key, auto const& is_address_of) {
        auto addresses = list_member(body, list_name);
        if (addresses.size() > 50 && modes.lookup_refuses_over_fifty)
            refuse_field(list_name, "the max len is 50");
        std::vector<std::string> seen;
        for (auto const& address : addresses)
        {
            if (modes.lookup_merges_duplicates && std::find(seen.begin(), seen.end(), address) != seen.end())
                continue;
            seen.push_back(address);
            json::object entry;
            auto const& people = c.world().people;
            auto const user = std::find_if(people.begin(), people.end(), [&](person const& p) {
                return is_address_of(p, address) && visible(c, p) && (with_resigned || !p.resigned);
            });
            if (user != people.end())
                entry["user_id"] = jview(id_of(c, *user, id_type));
            else if (modes.lookup_miss != "absent")
                entry["user_id"] = modes.lookup_miss == "empty" ? json::value("") : json::value();
            entry[key] = jview(modes.lookup_echo_lower_case ? lower(address) : address);
            if (user != people.end() && with_status)
                entry["status"] = describe_status(*user);
            list.push_back(std::move(entry));
        }
    };
    look_up("emails", "email",
            [](person const& p, std::string const& a) { return !a.empty() && same_text(p.email, a); });
    look_up("mobiles", "mobile",
            [&](person const& p, std::string const& a) { return !a.empty() && is_mobile_of(c, p, a); });
    return success(json::object{{"user_list", std::move(list)}});
}

// Fields without scope are absent.
inline json::object describe_person(call const& c, person const& p)
{
    json::object out{{"union_id", jview(p.union_id)}, {"open_id", jview(id_of(c, p, "open_id"))}};
    if (c.has_scope(employee_id_scope[0]))
        out["user_id"] = jview(p.login_name);
    if (c.has_scope("contact:user.base:readonly"))
    {
        out["name"] = jview(p.name);
        out["en_name"] = jview(p.name);
        out["nickname"] = "";
    }
    if (c.has_scope("contact:user.email:readonly"))
        out["email"] = jview(p.email);
    if (c.has_scope("contact:user.phone:readonly"))
    {
        out["mobile"] = jview(p.mobile);
        out["mobile_visible"] = true;
    }
    if (c.has_scope("contact:user.employee:readonly"))
    {
        out["status"] = describe_status(p);
        out["enterprise_email"] = jview(p.enterprise_email);
    }
    return out;
}
TIDINGS_SANDBOX_DECL json::object get_user(call& c)
{
    auto const found = find_by_id(c, user_id_type(c), c.args[0]);
    if (!found.user && (found.code == 0 || !c.world().modes.contact_ids_by_gateway))
        refuse(41012);
    if (!found.user)
        refuse(found.code, c.args[0]);
    if (!visible(c, *found.user))
        refuse(41050);
    return success(json::object{{"user", describe_person(c, *found.user)}});
}

// People outside the contact range are left out without an error.
TIDINGS_SANDBOX_DECL json::object get_users(call& c)
{
    auto const id_type = user_id_type(c);
    json::array items;
    std::size_t asked = 0;
    for (auto const& [name, id] : c.query)
    {
        if (name != "user_ids")
            continue;
        if (++asked > 50)
            refuse(40001);
        if (auto const found = find_by_id(c, id_type, id); found.user && visible(c, *found.user))
            items.push_back(describe_person(c, *found.user));
    }
    if (asked == 0)
        refuse(40001);
    return success(json::object{{"items", std::move(items)}});
}

// Names only, the contact range does not count.
TIDINGS_SANDBOX_DECL json::object basic_batch(call& c)
{
    auto const id_type = user_id_type(c);
    auto const ids = list_member(body_object(c), "user_ids");
    if (ids.empty() || ids.size() > 10)
        refuse_saying(40001, "param is invalid");
    json::array users;
    for (auto const& id : ids)
        if (auto const found = find_by_id(c, id_type, id); found.user)
        {
            auto const name = jview(found.user->name);
            users.push_back(json::object{{"user_id", jview(id)},
                                         {"name", name},
                                         {"i18n_name", {{"zh_cn", name}, {"ja_jp", name}, {"en_us", name}}}});
        }
    return success(json::object{{"users", std::move(users)}});
}

// The contact range, in pages.
TIDINGS_SANDBOX_DECL json::object contact_scopes(call& c)
{
    auto const id_type = user_id_type(c);
    auto const size = c.query_number("page_size", 50);
    auto const start = c.query_number("page_token", 0);
    if (size < 1 || size > 100)
        refuse(40011);
    if (start < 0)
        refuse(40012);
    json::array ids;
    auto seen = 0;
    auto more = false;
    for (auto const& p : c.world().people)
    {
        if (!visible(c, p) || seen++ < start)
            continue;
        more = static_cast<int>(ids.size()) == size;
        if (more)
            break;
        ids.emplace_back(jview(id_of(c, p, id_type)));
    }
    json::object data{{"department_ids", json::array()},
                      {"user_ids", std::move(ids)},
                      {"group_ids", json::array()},
                      {"has_more", more}};
    if (more)
        data["page_token"] = std::to_string(start + size);
    return success(std::move(data));
}

} // namespace tidings::inline v0::sandbox::detail::lark

#endif
