// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_WECOM_MESSAGE_IPP
#define TIDINGS_SANDBOX_IMPL_WECOM_MESSAGE_IPP

#include <tidings/sandbox/detail/wecom.hpp>

namespace tidings::inline v0::sandbox::detail::wecom {

inline constexpr std::size_t max_users = 1000;
inline constexpr std::size_t max_groups = 100;
inline constexpr std::chrono::hours card_life{72};

TIDINGS_SANDBOX_DECL void check_agent(call const& c, json::object const& body)
{
    auto const* const v = body.if_contains("agentid");
    std::string text;
    if (v && v->is_int64())
        text = std::to_string(v->get_int64());
    else if (v && v->is_string() && c.world().modes.agent_id_as_text)
        text = view(v->get_string());
    auto const id = c.caller->corp_id + ":" + text;
    if (id == c.caller->id())
        return;
    refuse(c.world().find_app(id) ? 301002 : 40056);
}

// The recipients of a request, and the result for each.
struct receivers
{
    struct one
    {
        person const* member;
        char const* type;
        std::string id;
    };
    std::vector<one> people;
    std::string unlicensed;
    std::string bad_users;
    std::string bad_parties;
    std::string bad_tags;
    // Everybody in bad_users exists.
    bool only_out_of_range = true;
};

inline std::vector<std::string> ids(json::object const& body, std::string_view name, std::size_t max_count,
                                    int too_many, int malformed)
{
    auto const* const v = body.if_contains(jview(name));
    if (!v || v->is_null())
        return {};
    if (!v->is_string())
        refuse(malformed);
    std::vector<std::string> out;
    for (auto const id : split(view(v->get_string()), '|'))
        if (!id.empty())
            out.emplace_back(id);
    if (out.size() > max_count)
        refuse(too_many);
    return out;
}

inline void add_to(std::string& list, std::string_view id)
{
    list += (list.empty() ? "" : "|") + std::string(id);
}

inline void add_receiver(call const& c, receivers& out, person const& p, char const* type, std::string const& id)
{
    auto const& without = c.caller->unlicensed;
    if (std::find(without.begin(), without.end(), p.login_name) != without.end())
    {
        auto const listed = split(out.unlicensed, '|');
        if (std::find(listed.begin(), listed.end(), lower(p.login_name)) == listed.end())
            add_to(out.unlicensed, lower(p.login_name));
    }
    else if (std::none_of(out.people.begin(), out.people.end(), [&](auto const& o) { return o.member == &p; }))
        out.people.push_back({&p, type, id});
}

inline void add_everybody(call const& c, receivers& out, char const* type, std::string const& id)
{
    for (auto const& p : c.state.world.people)
        if (sees(c, p))
            add_receiver(c, out, p, type, id);
}

// The people of a department and of all departments below it, seen by the app or not. Nothing: no such department.
inline std::optional<std::vector<person const*>> party_members(call const& c, std::int64_t party_id)
{
    std::vector<person const*> out;
    if (party_id == root_department)
    {
        for (auto const& p : c.state.world.people)
            out.push_back(&p);
        return out;
    }
    auto const& parties = c.world().parties;
    std::vector<std::int64_t> wanted{party_id};
    auto found = false;
    // Grows while it is walked, each department once.
    for (std::size_t i = 0; i < wanted.size(); ++i)
        for (auto const& party : parties)
        {
            if (party.parent_id == wanted[i] && std::find(wanted.begin(), wanted.end(), party.party_id) == wanted.end())
                wanted.push_back(party.party_id);
            if (party.party_id != wanted[i])
                continue;
            found = found || i == 0;
            for (auto const& login_name : party.members)
                if (auto const* const p = c.state.world.find_person(login_name))
                    out.push_back(p);
        }
    if (!found)
        return std::nullopt;
    return out;
}

inline std::optional<std::vector<person const*>> tag_members(call const& c, std::int64_t tag_id)
{
    auto const& tags = c.world().tags;
    auto const tag = std::find_if(tags.begin(), tags.end(), [&](wecom_tag const& t) { return t.tag_id == tag_id; });
    if (tag == tags.end())
        return std::nullopt;
    std::vector<person const*> out;
    for (auto const& login_name : tag->members)
        if (auto const* const p = c.state.world.find_person(login_name))
            out.push_back(p);
    for (auto const party_id : tag->parties)
    {
        auto const below = party_members(c, party_id);
        if (below)
            out.insert(out.end(), below->begin(), below->end());
    }
    return out;
}

// Adds the people behind `id` whom the app sees, or puts `id` on the list of bad ones.
template<class Members>
void add_group(call const& c, receivers& out, Members const& members, char const* type, std::string const& id,
               std::string& bad)
{
    std::int64_t number = 0;
    auto const [end, ec] = std::from_chars(id.data(), id.data() + id.size(), number);
    auto const people = ec == std::errc() && end == id.data() + id.size() ? members(c, number)
                                                                          : std::optional<std::vector<person const*>>();
    auto sees_any = false;
    for (auto const* p : people.value_or(std::vector<person const*>()))
        if (sees(c, *p))
        {
            sees_any = true;
            add_receiver(c, out, *p, type, id);
        }
    if (!sees_any)
        add_to(bad, id);
}
inline receivers find_receivers(call const& c, json::object const& body)
{
    auto const users = ids(body, "touser", max_users, 40032, 40031);
    receivers out;
    if (users.size() == 1 && users[0] == "@all")
    {
        add_everybody(c, out, "userid", users[0]);
        return out;
    }
    auto const parties = ids(body, "toparty", max_groups, 82002, 40058);
    auto const tags = ids(body, "totag", max_groups, 82003, 40058);
    if (users.empty() && parties.empty() && tags.empty())
        refuse(c.world().modes.no_receiver_code);
    for (auto const& id : users)
    {
        auto const* const member = find_member(c, id);
        if (member && sees(c, *member))
            add_receiver(c, out, *member, "userid", id);
        else
        {
            add_to(out.bad_users, lower(id));
            out.only_out_of_range = out.only_out_of_range && member;
        }
    }
    for (auto const& id : parties)
        add_group(c, out, party_members, "partyid", id, out.bad_parties);
    for (auto const& id : tags)
        add_group(c, out, tag_members, "tagid", id, out.bad_tags);
    return out;
}

inline json::object describe_receivers(call const& c, receivers const& r)
{
    json::object out;
    for (auto const& [name, list] : {std::pair("invaliduser", &r.bad_users),
                                     {"invalidparty", &r.bad_parties},
                                     {"invalidtag", &r.bad_tags},
                                     {"unlicenseduser", &r.unlicensed}})
        if (!list->empty() || c.world().modes.empty_lists)
            out[name] = jview(*list);
    return out;
}

inline void check_receivers(call const& c, receivers const& r)
{
    auto const& modes = c.world().modes;
    if (!r.people.empty() || (!r.unlicensed.empty() && modes.only_unlicensed_code == 0))
        return;
    auto const only_out_of_range =
        r.only_out_of_range && r.unlicensed.empty() && !r.bad_users.empty() && (r.bad_parties + r.bad_tags).empty();
    if (only_out_of_range && modes.send_out_of_range_code != 81013)
        refuse(modes.send_out_of_range_code);
    throw refusal{81013, "user & party & tag all invalid", true, describe_receivers(c, r)};
}

// `$userName=USERID$` becomes the name.
inline std::string with_names(call const& c, std::string text)
{
    static constexpr std::string_view mark = "$userName=";
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1))
    {
        auto const end = text.find('$', at + mark.size());
        auto const id = std::string_view(text).substr(at + mark.size(), end - at - mark.size());
        if (auto const* const member = end == std::string::npos ? nullptr : find_member(c, id);
            member && sees(c, *member))
        {
            auto const quoted = compact(json::value(jview(member->name)));
            text.replace(at, end + 1 - at, quoted, 1, quoted.size() - 2);
        }
    }
    return text;
}

// Messages above the limit of one member are dropped without an error.
inline bool member_has_room(call const& c, person const& p)
{
    auto const& limits = c.world().limits;
    if (!limits.enabled)
        return true;
    auto const key = c.caller->id() + "/" + p.login_name;
    auto& members = c.platform_state().members;
    return !members[key + "/m"].admit(c.now, limits.member_per_minute, seconds(60)) &&
           !members[key + "/h"].admit(c.now, limits.member_per_hour, seconds(3600));
}

// How many messages the app sent today. A day begins when it does in China.
inline std::int64_t& messages_of_today(call const& c)
{
    auto const day = std::chrono::floor<std::chrono::days>(c.now + std::chrono::hours(8));
    return c.platform_state().per_day[{c.caller->id(), day}];
}

inline void deliver(call const& c, receivers const& to, message const& like)
{
    auto const& limits = c.world().limits;
    auto& today = messages_of_today(c);
    auto const wanted = static_cast<std::int64_t>(to.people.size());
    if (limits.enabled && c.world().modes.app_per_day_code != 0 && today + wanted > limits.app_per_day)
        refuse(c.world().modes.app_per_day_code);
    for (auto const& receiver : to.people)
    {
        if ((limits.enabled && today >= limits.app_per_day) || !member_has_room(c, *receiver.member))
            continue;
        ++today;
        stored_message m;
        m.created = m.updated = c.now;
        m.to_person = true;
        m.row = like;
        m.shown = like.content;
        m.row.to = receiver.member->login_name;
        m.row.receive_id_type = receiver.type;
        m.row.receive_id = receiver.id;
        c.state.add_message(std::move(m));
    }
}

TIDINGS_SANDBOX_DECL std::int64_t switch_member(call const& c, json::object const& body, std::string_view name,
                                                std::int64_t otherwise)
{
    auto const* const v = body.if_contains(jview(name));
    if (!v || !v->is_string() || !c.world().modes.switches_as_text)
        return number_member(body, name, otherwise);
    auto const text = view(v->get_string());
    std::int64_t out = 0;
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (ec != std::errc() || end != text.data() + text.size())
        refuse_field(name, "is no integer");
    return out;
}

TIDINGS_SANDBOX_DECL void check_switch(call const& c, json::object const& body, std::string_view name, std::int64_t max)
{
    auto const value = switch_member(c, body, name);
    if (value < 0 || value > max)
        refuse(40035);
}

inline json::object send_accepted(call& c, std::string const& msgtype, receivers const& to, json::object const& content,
                                  bool with_ids_replaced)
{
    auto& memory = c.platform_state();
    auto const is_card = msgtype == "template_card" || msgtype == "taskcard";
    auto const task = std::pair(c.caller->id(), is_card ? text_member(content, "task_id") : "");
    if (memory.tasks.contains(task))
        refuse_field("task_id", "was used before");

    message row;
    row.provider = to_string(c.req.platform);
    row.message_id = c.state.fresh_id("", 60);
    row.msg_type = msgtype;
    row.content = with_ids_replaced ? with_names(c, compact(content)) : compact(content);
    row.app_id = c.caller->id();
    deliver(c, to, row);

    if (!task.second.empty())
        memory.tasks.insert(task);
    memory.sent[row.message_id] = {row.app_id, c.now};
    auto out = describe_receivers(c, to);
    out["msgid"] = jview(row.message_id);
    if (msgtype == "template_card" && card_answerable(content))
    {
        auto const code = c.state.fresh_id("", 64);
        memory.cards[code] = {row.app_id, row.message_id, c.now + card_life};
        out["response_code"] = jview(code);
    }
    return out;
}
TIDINGS_SANDBOX_DECL json::object send_message(call& c)
{
    if (!c.caller->may_send)
        refuse(48006);
    auto const body = body_object(c);
    auto const msgtype = text_member(body, "msgtype");
    check_agent(c, body);
    auto const content = app_content(c, msgtype, body);
    check_switch(c, body, "safe", msgtype == "mpnews" ? 2 : 1);
    check_switch(c, body, "enable_id_trans", 1);
    check_switch(c, body, "enable_duplicate_check", 1);
    auto const interval = switch_member(c, body, "duplicate_check_interval", 1800);
    if (interval < 0 || interval > 14400)
        refuse(40035);
    auto const to = find_receivers(c, body);
    check_receivers(c, to);

    auto const once = switch_member(c, body, "enable_duplicate_check") == 1;
    auto const send = [&] {
        return send_accepted(c, msgtype, to, content, switch_member(c, body, "enable_id_trans") == 1);
    };
    if (!once)
        return send();
    auto& duplicates = c.platform_state().duplicates;
    auto const key = c.caller->id() + "\n" + c.req.body;
    if (auto const at = duplicates.find(key); at != duplicates.end() && c.now < at->second.until)
    {
        auto answer = at->second.answer;
        auto const& msgid = c.world().modes.duplicate_msgid;
        if (msgid == "absent")
            answer.erase("msgid");
        else if (msgid == "new")
            answer["msgid"] = jview(c.state.fresh_id("", 60));
        return answer;
    }
    auto answer = send();
    duplicates[key] = {answer, c.now + seconds(interval)};
    return answer;
}
TIDINGS_SANDBOX_DECL json::object recall_message(call& c)
{
    auto const id = text_member(body_object(c), "msgid");
    if (id.empty())
        refuse(40063);
    auto const& sent = c.platform_state().sent;
    auto const at = sent.find(id);
    if (at == sent.end() || at->second.app_id != c.caller->id())
        refuse_field("msgid", "is invalid");
    if (c.now - at->second.when > seconds(c.state.world.recall_window_seconds))
        refuse(42052);
    for (auto& m : c.state.messages)
        if (m.row.message_id == id)
            m.row.recalled = true;
    return {};
}

} // namespace tidings::inline v0::sandbox::detail::wecom

#endif
