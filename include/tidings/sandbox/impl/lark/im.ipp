// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_LARK_IM_IPP
#define TIDINGS_SANDBOX_IMPL_LARK_IM_IPP

#include <tidings/sandbox/detail/lark_messages.hpp>

namespace tidings::inline v0::sandbox::detail::lark {

inline person const* find_by_email(call const& c, std::string_view address)
{
    for (auto const& p : c.world().people)
        if (!address.empty() && (same_text(p.email, address) ||
                                 (c.world().modes.enterprise_email_receives && same_text(p.enterprise_email, address))))
            return &p;
    return nullptr;
}

inline destination to_person(call const& c, person const& p)
{
    return {&p, nullptr, state::chat_of_two(c.caller->app_id, p.login_name)};
}

inline destination find_in_chat(call const& c, std::string_view id)
{
    if (!id.starts_with("oc_"))
        refuse_parameter("invalid receive_id");
    for (auto const& p : c.world().people)
        if (state::chat_of_two(c.caller->app_id, p.login_name) == id)
            return to_person(c, p);
    auto const* const group = find_chat(c, id);
    if (!group)
        refuse(99992356, id);
    return {nullptr, group, std::string(id)};
}

// Whom a receive_id means.
inline destination find_destination(call const& c, std::string_view type, std::string const& id)
{
    if (type == "chat_id")
        return find_in_chat(c, id);
    if (type == "email")
    {
        auto const* const user = find_by_email(c, id);
        if (!user)
            refuse_parameter("invalid receive_id");
        return to_person(c, *user);
    }
    // Also reported for the bot's own id.
    if (type == "open_id" && id == c.caller->bot_open_id)
        refuse(230013);
    auto const found = find_by_id(c, type, id);
    if (found.user)
        return to_person(c, *found.user);
    auto const& modes = c.world().modes;
    if (found.code == 0 || (found.code == 99992361 && modes.cross_app_code == 230001))
        refuse_parameter("invalid receive_id");
    if (found.code == 99992351 && modes.old_id_error_text)
        refuse_saying(found.code, "these open ids not existed: [" + id + "]");
    refuse(found.code, id);
}

TIDINGS_SANDBOX_DECL void check_person(call const& c, person const& p)
{
    auto const& modes = c.world().modes;
    if (p.other_tenant)
        refuse(230038);
    if (p.resigned)
        refuse(modes.resigned_code);
    if (!c.caller->availability.includes(p.login_name))
        refuse(230013);
    if (p.blocked_bot)
        refuse(modes.blocked_bot_code);
}

TIDINGS_SANDBOX_DECL void check_receiver_rate(call& c, std::string const& receiver)
{
    auto const& limits = c.world().limits;
    if (limits.enabled &&
        c.state.rates["receiver/" + receiver].admit(c.now, limits.per_receiver_per_second, seconds(1)))
        refuse(230020);
}

inline void check_destination(call& c, destination const& d)
{
    if (!bot_works(*c.caller))
        refuse(230006);
    if (d.user)
        check_person(c, *d.user);
    else
    {
        if (d.group->dissolved)
            refuse(232009);
        if (std::find(d.group->bots.begin(), d.group->bots.end(), c.caller->app_id) == d.group->bots.end())
            refuse(230002);
        if (!d.group->bots_may_speak)
            refuse(230018);
    }
}

TIDINGS_SANDBOX_DECL draft read_draft(json::object const& body)
{
    // A content that is no string has an answer of its own.
    return {text_member(body, "msg_type"), text_member(body, "content"), text_member(body, "uuid")};
}

TIDINGS_SANDBOX_DECL checked_content check_draft(call const& c, draft const& d, bool one_to_one)
{
    auto const limit = size_limit(c, d.msg_type);
    auto const size = c.world().modes.size_counts_content ? d.content.size() : c.req.body.size();
    if (limit != 0 && static_cast<std::int64_t>(size) > limit)
        refuse(230025);
    if (d.content.empty())
        refuse_parameter("content cannot be empty");
    boost::system::error_code ec;
    auto const content = json::parse(jview(d.content), ec);
    if (ec && d.msg_type == "interactive")
        refuse_card(200621, "parse card json err");
    if (ec)
        refuse_parameter("invalid message content, content is not a string in json format");
    content_rules rules;
    rules.to_person = one_to_one;
    auto checked = check_content(c, d.msg_type, content, rules);
    if (checked.shown.empty())
        checked.shown = d.content;
    return checked;
}

// Field by field, before anything is looked up.
inline void require(json::array& violations, std::string_view name, std::string_view value)
{
    if (value.empty())
        violations.push_back(
            json::object{{"field", jview(name)}, {"description", jview(std::string(name) + " is required")}});
}

inline void check_fields(json::array violations, draft const& d)
{
    require(violations, "msg_type", d.msg_type);
    if (d.uuid.size() > 50)
        violations.push_back(
            json::object{{"field", "uuid"}, {"value", jview(d.uuid)}, {"description", "the max len is 50"}});
    if (!violations.empty())
        refuse_fields(std::move(violations));
}

// At most one success per uuid and hour.
template<class Send>
json::object once(call& c, std::string const& uuid, std::string const& receiver, Send const& send)
{
    if (uuid.empty())
        return send();
    auto const& modes = c.world().modes;
    auto const key = c.caller->app_id + "/" + uuid + (modes.uuid_per_receiver ? "/" + receiver : std::string());
    if (auto const at = c.state.uuids.find(key); at != c.state.uuids.end() && c.now - at->second.when < seconds(3600))
    {
        if (at->second.in_flight)
            refuse(modes.uuid_in_flight_code);
        if (!at->second.success)
            throw at->second.failure;
        if (modes.uuid_repeat_code != 0)
            refuse(modes.uuid_repeat_code);
        return *at->second.success;
    }
    remembered_uuid memory;
    memory.when = c.now;
    try
    {
        memory.success = send();
    }
    catch (refusal const& r)
    {
        if (modes.uuid_burnt_by_failure)
        {
            memory.failure = r;
            memory.in_flight = false;
            c.state.uuids[key] = std::move(memory);
        }
        throw;
    }
    c.pending_uuid = key;
    return *(c.state.uuids[key] = std::move(memory)).success;
}

TIDINGS_SANDBOX_DECL json::object describe_message(call const& c, stored_message const& m)
{
    auto const millis = [](instant t) { return std::to_string(t.time_since_epoch().count()); };
    auto const* const sender = c.world().find_app(m.row.app_id);
    json::object out{{"message_id", jview(m.row.message_id)},
                     {"msg_type", jview(m.row.msg_type)},
                     {"create_time", millis(m.created)},
                     {"update_time", millis(m.updated)},
                     {"deleted", m.row.recalled},
                     {"updated", m.row.updated},
                     {"chat_id", jview(m.row.chat_id)},
                     {"sender",
                      {{"id", jview(m.row.app_id)},
                       {"id_type", "app_id"},
                       {"sender_type", "app"},
                       {"tenant_key", sender ? jview(sender->tenant_key) : json::string_view()}}},
                     {"body", {{"content", jview(m.shown)}}}};
    for (auto const& [name, id] :
         {std::pair("root_id", &m.root_id), {"parent_id", &m.parent_id}, {"thread_id", &m.thread_id}})
        if (!id->empty())
            out[name] = jview(*id);
    if (!m.mentions.empty())
        out["mentions"] = m.mentions;
    return out;
}

// Puts a checked message into the ledger.
inline stored_message& deliver(call& c, destination const& to, draft const& d, checked_content checked)
{
    stored_message m;
    m.created = m.updated = c.now;
    m.shown = std::move(checked.shown);
    m.mentions = std::move(checked.mentions);
    m.to_person = to.user != nullptr;
    m.row.provider = to_string(c.req.platform);
    m.row.to = to.user ? to.user->login_name : to.chat_id;
    m.row.message_id = c.state.fresh_id("om_", 32);
    m.row.msg_type = d.msg_type;
    m.row.content = d.content;
    m.row.uuid = d.uuid;
    m.row.app_id = c.caller->app_id;
    m.row.chat_id = to.chat_id;
    return c.state.add_message(std::move(m));
}
TIDINGS_SANDBOX_DECL json::object send_message(call& c)
{
    auto const body = body_object(c);
    auto const type = c.query_value("receive_id_type");
    auto const receive_id = text_member(body, "receive_id");
    auto const d = read_draft(body);
    json::array violations;
    require(violations, "receive_id_type", type);
    require(violations, "receive_id", receive_id);
    check_fields(std::move(violations), d);
    static constexpr std::string_view types[]{"open_id", "user_id", "union_id", "email", "chat_id"};
    if (std::find(std::begin(types), std::end(types), type) == std::end(types))
        refuse_parameter("invalid receive_id_type");
    if (type == "user_id")
        need_scope(c, employee_id_scope);

    return once(c, d.uuid, receive_id, [&] {
        auto const to = find_destination(c, type, receive_id);
        check_destination(c, to);
        auto checked = check_draft(c, d, to.user != nullptr);
        check_receiver_rate(c, to.chat_id);
        auto& m = deliver(c, to, d, std::move(checked));
        m.row.receive_id_type = type;
        m.row.receive_id = receive_id;
        return success(describe_message(c, m));
    });
}
TIDINGS_SANDBOX_DECL json::object reply_message(call& c)
{
    auto const body = body_object(c);
    auto const d = read_draft(body);
    check_fields({}, d);
    auto const* const flag = body.if_contains("reply_in_thread");
    auto const in_thread = flag && flag->is_bool() && flag->get_bool();

    return once(c, d.uuid, c.args[0], [&] {
        auto const parent = visible_message(c);
        if (parent.row.recalled)
            refuse(230011);
        auto const to = find_in_chat(c, parent.row.chat_id);
        check_destination(c, to);
        auto checked = check_draft(c, d, to.user != nullptr);
        check_receiver_rate(c, to.chat_id);
        auto& m = deliver(c, to, d, std::move(checked));
        m.row.receive_id_type = "message_id";
        m.row.receive_id = parent.row.message_id;
        m.parent_id = parent.row.message_id;
        m.root_id = parent.root_id.empty() ? parent.row.message_id : parent.root_id;
        if (in_thread)
            m.thread_id = c.state.fresh_id("omt_", 20);
        return success(describe_message(c, m));
    });
}

} // namespace tidings::inline v0::sandbox::detail::lark

#endif
