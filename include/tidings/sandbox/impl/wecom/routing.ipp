// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_WECOM_ROUTING_IPP
#define TIDINGS_SANDBOX_IMPL_WECOM_ROUTING_IPP

#include <tidings/sandbox/detail/wecom.hpp>
#include <tidings/sandbox/impl/wecom/appchat.ipp>
#include <tidings/sandbox/impl/wecom/auth.ipp>
#include <tidings/sandbox/impl/wecom/card.ipp>
#include <tidings/sandbox/impl/wecom/contact.ipp>
#include <tidings/sandbox/impl/wecom/content.ipp>
#include <tidings/sandbox/impl/wecom/errors.ipp>
#include <tidings/sandbox/impl/wecom/media.ipp>
#include <tidings/sandbox/impl/wecom/message.ipp>
#include <tidings/sandbox/impl/wecom/webhook.ipp>

namespace tidings::inline v0::sandbox::detail::wecom {

inline constexpr unsigned app_post = needs_token | must_post | not_for_sync;

inline constexpr char const* member_lists[]{"department", "order", "is_leader_in_dept", "direct_leader"};
inline constexpr char const* list_id_lists[]{"dept_user"};
inline constexpr char const* members_lists[]{"userlist"};
inline constexpr char const* departments_lists[]{"department_id"};

inline constexpr endpoint endpoints[]{
    {"/cgi-bin/gettoken", fetch_token},
    {"/cgi-bin/user/get", get_user, needs_token, member_lists},
    {"/cgi-bin/user/getuserid", get_by_mobile, app_post},
    {"/cgi-bin/user/get_userid_by_email", get_by_email, app_post},
    {"/cgi-bin/user/list_id", list_id, needs_token | must_post | only_for_sync, list_id_lists},
    {"/cgi-bin/user/simplelist", list_members, needs_token, members_lists},
    {"/cgi-bin/department/simplelist", list_departments, needs_token, departments_lists},
    {"/cgi-bin/message/send", send_message, app_post | sending},
    {"/cgi-bin/message/recall", recall_message, app_post},
    {"/cgi-bin/message/update_template_card", update_card, app_post},
    {"/cgi-bin/appchat/create", create_chat, app_post},
    {"/cgi-bin/appchat/get", get_chat, needs_token | not_for_sync},
    {"/cgi-bin/appchat/send", send_to_chat, app_post | sending},
    {"/cgi-bin/media/upload", upload_media, needs_token | must_post},
    {"/cgi-bin/webhook/send", hook_message, must_post | sending},
    {"/cgi-bin/webhook/upload_media", upload_for_hook, must_post | sending},
};

TIDINGS_SANDBOX_DECL std::string call::query_value(std::string_view name) const
{
    for (auto const& [key, value] : query)
        if (key == name)
            return value;
    return {};
}

TIDINGS_SANDBOX_DECL json::object body_object(call const& c)
{
    if (c.world().modes.strict_escapes && c.req.body.find("\\u") != std::string::npos)
        refuse(40033);
    boost::system::error_code ec;
    auto v = json::parse(jview(c.req.body), ec);
    if (ec || !v.is_object())
        refuse(40058);
    return std::move(v.get_object());
}

TIDINGS_SANDBOX_DECL std::string text_member(json::object const& o, std::string_view name, std::string_view path)
{
    auto const* const v = o.if_contains(jview(name));
    if (!v || v->is_null())
        return {};
    if (!v->is_string())
        refuse_field(std::string(path) + std::string(name), "is no string");
    return std::string(view(v->get_string()));
}

TIDINGS_SANDBOX_DECL std::int64_t number_member(json::object const& o, std::string_view name, std::int64_t otherwise)
{
    auto const* const v = o.if_contains(jview(name));
    if (!v || v->is_null())
        return otherwise;
    if (!v->is_int64())
        refuse_field(name, "is no integer");
    return v->get_int64();
}

TIDINGS_SANDBOX_DECL json::object const* object_member(json::object const& o, std::string_view name)
{
    auto const* const v = o.if_contains(jview(name));
    return v && v->is_object() && !v->get_object().empty() ? &v->get_object() : nullptr;
}

inline response perform(call& c)
{
    try
    {
        if (!c.refused.empty())
            refuse(numeric(c.refused));
        check_before(c);
        json::object body{{"errcode", 0}, {"errmsg", jview(c.world().modes.success_text)}};
        for (auto const& [name, value] : c.api.handle(c))
            body[name] = value;
        return answered(std::move(body));
    }
    catch (refusal const& r)
    {
        return failed(c.state, c.req, r, c.api.lists);
    }
}

TIDINGS_SANDBOX_DECL response answer(state& s, request const& req, std::string_view refused)
{
    auto const question = req.target.find('?');
    auto const path = std::string_view(req.target).substr(0, question);
    auto const* const api =
        std::find_if(std::begin(endpoints), std::end(endpoints), [&](endpoint const& e) { return e.path == path; });
    if (api == std::end(endpoints))
    {
        response nothing;
        nothing.status = 404;
        nothing.headers = {{"Server", "nginx"}};
        return nothing;
    }
    call c{s, req, *api, {}, s.clock.now(), nullptr, refused};
    if (question != std::string::npos)
        for (auto const pair : split(std::string_view(req.target).substr(question + 1), '&'))
        {
            auto const equals = pair.find('=');
            auto const value = equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
            c.query.emplace_back(percent_decoded(pair.substr(0, equals), true), percent_decoded(value, true));
        }
    return perform(c);
}

// What the handlers rely on.
class world_check
{
public:
    explicit world_check(wecom_world const& w) : w_(w) {}

    void run() const
    {
        apps();
        std::set<std::string> keys;
        for (std::size_t i = 0; i < w_.hooks.size(); ++i)
            unique(keys, "hooks[" + std::to_string(i) + "].key", w_.hooks[i].key);
        parties();
        unique_ids("tags", w_.tags, &wecom_tag::tag_id, "tag_id");
        std::set<std::string> chats;
        for (std::size_t i = 0; i < w_.chats.size(); ++i)
            unique(chats, "chats[" + std::to_string(i) + "].chat_id", w_.chats[i].chat_id);
        auto const& m = w_.modes;
        one_of("member_out_of_range_code", m.member_out_of_range_code, {60111, 60011, 50002});
        one_of("lookup_out_of_range_code", m.lookup_out_of_range_code, {46004, 60011});
        one_of("send_out_of_range_code", m.send_out_of_range_code, {81013, 60011, 60021});
        one_of("no_receiver_code", m.no_receiver_code, {82001, 81012});
        one_of("only_unlicensed_code", m.only_unlicensed_code, {0, 81013});
        one_of("app_per_day_code", m.app_per_day_code, {0, 45009});
        one_of("unknown_chat_code", m.unknown_chat_code, {86001, 86003});
        one_of("image_megabytes", m.image_megabytes, {10, 5});
        if (m.duplicate_msgid != "same" && m.duplicate_msgid != "new" && m.duplicate_msgid != "absent")
            throw world_error("wecom.modes.duplicate_msgid", "expected one of same, new, absent");
    }

private:
    void apps() const
    {
        std::set<std::string> ids;
        std::set<std::string> secrets;
        for (std::size_t i = 0; i < w_.apps.size(); ++i)
        {
            auto const& a = w_.apps[i];
            auto const path = "apps[" + std::to_string(i) + "].";
            if (a.corp_id.empty())
                throw world_error("wecom." + path + "corp_id", "must be given");
            if (a.secret.empty())
                throw world_error("wecom." + path + "secret", "must be given");
            unique(secrets, path + "secret", a.corp_id + ":" + a.secret);
            unique(ids, path + "agent_id", a.id());
            if ((a.agent_id == 0) != (a.kind == wecom_app_kind::contact_sync) || a.agent_id < 0)
                throw world_error("wecom." + path + "agent_id", "expected 0 for contact_sync, more for self_built");
        }
    }

    // Every way up must end at the root.
    void parties() const
    {
        unique_ids("parties", w_.parties, &wecom_party::party_id, "party_id");
        for (std::size_t i = 0; i < w_.parties.size(); ++i)
        {
            auto const path = "wecom.parties[" + std::to_string(i) + "].parent_id";
            auto parent = w_.parties[i].parent_id;
            for (std::size_t steps = 0; parent != root_department; ++steps)
            {
                auto const up = std::find_if(w_.parties.begin(), w_.parties.end(),
                                             [&](wecom_party const& p) { return p.party_id == parent; });
                if (up == w_.parties.end())
                    throw world_error(path, "no such department: " + std::to_string(parent));
                if (steps > w_.parties.size())
                    throw world_error(path, "goes round in circles");
                parent = up->parent_id;
            }
        }
    }

    template<class T>
    static void unique_ids(std::string const& list, std::vector<T> const& all, std::int64_t T::* id,
                           std::string const& name)
    {
        std::set<std::string> seen;
        for (std::size_t i = 0; i < all.size(); ++i)
        {
            auto const path = list + "[" + std::to_string(i) + "]." + name;
            if (all[i].*id < 1)
                throw world_error("wecom." + path, "must be given, and more than 0");
            unique(seen, path, std::to_string(all[i].*id));
        }
    }

    static void unique(std::set<std::string>& seen, std::string const& path, std::string const& value)
    {
        if (value.empty())
            throw world_error("wecom." + path, "must be given");
        if (!seen.insert(value).second)
            throw world_error("wecom." + path, "is there twice: " + value);
    }

    static void one_of(std::string const& name, int value, std::initializer_list<int> allowed)
    {
        if (std::find(allowed.begin(), allowed.end(), value) != allowed.end())
            return;
        std::string text;
        for (auto const a : allowed)
            text += (text.empty() ? "" : ", ") + std::to_string(a);
        throw world_error("wecom.modes." + name, "expected one of " + text);
    }

    wecom_world const& w_;
};

TIDINGS_SANDBOX_DECL void check_world(world const& w)
{
    world_check(w.wecom).run();
}

} // namespace tidings::inline v0::sandbox::detail::wecom

#endif
