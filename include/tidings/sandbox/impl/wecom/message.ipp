// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_WECOM_MESSAGE_IPP
#define TIDINGS_SANDBOX_IMPL_WECOM_MESSAGE_IPP

#include <tidings/sandbox/detail/wecom.hpp>

namespace tidings::inline v0::sandbox::detail {

inline constexpr std::size_t max_wecom_users = 1000;
inline constexpr std::size_t max_wecom_groups = 100;
inline constexpr std::chrono::hours card_life{72};

TIDINGS_SANDBOX_DECL void check_wecom_agent(wecom_call const& c, json::object const& body)
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
    refuse_wecom(c.world().find_app(id) ? 301002 : 40056);
}

// The recipients of a request, and the result for each.
struct wecom_receivers
{
    struct one
    {
        person const* who;
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

inline std::vector<std::string> wecom_ids(json::object const& body, std::string_view name, std::size_t max_count,
                                          int too_many, int malformed)
{
    auto const* const v = body.if_contains(jview(name));
    if (!v || v->is_null())
        return {};
    if (!v->is_string())
        refuse_wecom(malformed);
    std::vector<std::string> out;
    for (auto const id : split(view(v->get_string()), '|'))
        if (!id.empty())
            out.emplace_back(id);
    if (out.size() > max_count)
        refuse_wecom(too_many);
    return out;
}

inline void add_to(std::string& list, std::string_view id)
{
    list += (list.empty() ? "" : "|") + std::string(id);
}

inline void add_receiver(wecom_call const& c, wecom_receivers& out, person const& p, char const* type,
                         std::string const& id)
{
    auto const& without = c.caller->unlicensed;
    if (std::find(without.begin(), without.end(), p.login_name) != without.end())
    {
        auto const listed = split(out.unlicensed, '|');
        if (std::find(listed.begin(), listed.end(), lower(p.login_name)) == listed.end())
            add_to(out.unlicensed, lower(p.login_name));
    }
    else if (std::none_of(out.people.begin(), out.people.end(), [&](auto const& o) { return o.who == &p; }))
        out.people.push_back({&p, type, id});
}

inline void add_everybody(wecom_call const& c, wecom_receivers& out, char const* type, std::string const& id)
{
    for (auto const& p : c.state.world.people)
        if (wecom_sees(c, p))
            add_receiver(c, out, p, type, id);
}

// The people of a department and of all departments below it, seen by the app or not. Nothing: no such department.
inline std::optional<std::vector<person const*>> wecom_party_members(wecom_call const& c, std::int64_t party_id)
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

inline std::optional<std::vector<person const*>> wecom_tag_members(wecom_call const& c, std::int64_t tag_id)
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
        auto const below = wecom_party_members(c, party_id);
        if (below)
            out.insert(out.end(), below->begin(), below->end());
    }
    return out;
}

// Adds the people behind `id` whom the app sees, or puts `id` on the list of bad ones.
template<class Members>
void add_group(wecom_call const& c, wecom_receivers& out, Members const& members, char const* type,
               std::string const& id, std::string& bad)
{
    std::int64_t number = 0;
    auto const [end, ec] = std::from_chars(id.data(), id.data() + id.size(), number);
    auto const people = ec == std::errc() && end == id.data() + id.size() ? members(c, number)
                                                                          : std::optional<std::vector<person const*>>();
    auto sees_any = false;
    for (auto const* p : people.value_or(std::vector<person const*>()))
        if (wecom_sees(c, *p))
        {
            sees_any = true;
            add_receiver(c, out, *p, type, id);
        }
    if (!sees_any)
        add_to(bad, id);
}

// §4.1
inline wecom_receivers find_wecom_receivers(wecom_call const& c, json::object const& body)
{
    auto const users = wecom_ids(body, "touser", max_wecom_users, 40032, 40031);
    wecom_receivers out;
    if (users.size() == 1 && users[0] == "@all")
    {
        add_everybody(c, out, "userid", users[0]);
        return out;
    }
    auto const parties = wecom_ids(body, "toparty", max_wecom_groups, 82002, 40058);
    auto const tags = wecom_ids(body, "totag", max_wecom_groups, 82003, 40058);
    if (users.empty() && parties.empty() && tags.empty())
        refuse_wecom(c.world().modes.no_receiver_code);
    for (auto const& id : users)
    {
        auto const* const who = wecom_member(c, id);
        if (who && wecom_sees(c, *who))
            add_receiver(c, out, *who, "userid", id);
        else
        {
            add_to(out.bad_users, lower(id));
            out.only_out_of_range = out.only_out_of_range && who;
        }
    }
    for (auto const& id : parties)
        add_group(c, out, wecom_party_members, "partyid", id, out.bad_parties);
    for (auto const& id : tags)
        add_group(c, out, wecom_tag_members, "tagid", id, out.bad_tags);
    return out;
}

inline json::object describe_receivers(wecom_call const& c, wecom_receivers const& r)
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

inline void check_wecom_receivers(wecom_call const& c, wecom_receivers const& r)
{
    auto const& modes = c.world().modes;
    if (!r.people.empty() || (!r.unlicensed.empty() && modes.only_unlicensed_code == 0))
        return;
    auto const only_out_of_range =
        r.only_out_of_range && r.unlicensed.empty() && !r.bad_users.empty() && (r.bad_parties + r.bad_tags).empty();
    if (only_out_of_range && modes.send_out_of_range_code != 81013)
        refuse_wecom(modes.send_out_of_range_code);
    throw wecom_refusal{81013, "user & party & tag all invalid", true, describe_receivers(c, r)};
}

// `$userName=USERID$` becomes the name (§4.1).
inline std::string with_names(wecom_call const& c, std::string text)
{
    static constexpr std::string_view mark = "$userName=";
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1))
    {
        auto const end = text.find('$', at + mark.size());
        auto const id = std::string_view(text).substr(at + mark.size(), end - at - mark.size());
        if (auto const* const who = end == std::string::npos ? nullptr : wecom_member(c, id);
            who && wecom_sees(c, *who))
        {
            auto const quoted = compact(json::value(jview(who->name)));
            text.replace(at, end + 1 - at, quoted, 1, quoted.size() - 2);
        }
    }
    return text;
}

// Messages above the limit of one member are dropped without an error.
inline bool member_has_room(wecom_call const& c, person const& p)
{
    auto const& limits = c.world().limits;
    if (!limits.enabled)
        return true;
    auto const key = c.caller->id() + "/" + p.login_name;
    auto& members = c.memory().members;
    return !members[key + "/m"].admit(c.now, limits.member_per_minute, seconds(60)) &&
           !members[key + "/h"].admit(c.now, limits.member_per_hour, seconds(3600));
}

// How many messages the app sent today. A day begins when it does in China.
inline std::int64_t& messages_of_today(wecom_call const& c)
{
    auto const day = std::chrono::floor<std::chrono::days>(c.now + std::chrono::hours(8));
    return c.memory().per_day[{c.caller->id(), day}];
}

inline void deliver_wecom(wecom_call const& c, wecom_receivers const& to, message const& like)
{
    auto const& limits = c.world().limits;
    auto& today = messages_of_today(c);
    auto const wanted = static_cast<std::int64_t>(to.people.size());
    if (limits.enabled && c.world().modes.app_per_day_code != 0 && today + wanted > limits.app_per_day)
        refuse_wecom(c.world().modes.app_per_day_code);
    for (auto const& one : to.people)
    {
        if ((limits.enabled && today >= limits.app_per_day) || !member_has_room(c, *one.who))
            continue;
        ++today;
        stored_message m;
        m.created = m.updated = c.now;
        m.to_person = true;
        m.row = like;
        m.shown = like.content;
        m.row.to = one.who->login_name;
        m.row.receive_id_type = one.type;
        m.row.receive_id = one.id;
        c.state.add_message(std::move(m));
    }
}

TIDINGS_SANDBOX_DECL std::int64_t wecom_switch(wecom_call const& c, json::object const& body, std::string_view name,
                                               std::int64_t otherwise)
{
    auto const* const v = body.if_contains(jview(name));
    if (!v || !v->is_string() || !c.world().modes.switches_as_text)
        return wecom_number(body, name, otherwise);
    auto const text = view(v->get_string());
    std::int64_t out = 0;
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (ec != std::errc() || end != text.data() + text.size())
        refuse_wecom_field(name, "is no integer");
    return out;
}

TIDINGS_SANDBOX_DECL void check_wecom_switch(wecom_call const& c, json::object const& body, std::string_view name,
                                             std::int64_t max)
{
    auto const value = wecom_switch(c, body, name);
    if (value < 0 || value > max)
        refuse_wecom(40035);
}

inline json::object send_accepted(wecom_call& c, std::string const& msgtype, wecom_receivers const& to,
                                  json::object const& content, bool with_ids_replaced)
{
    auto& memory = c.memory();
    auto const is_card = msgtype == "template_card" || msgtype == "taskcard";
    auto const task = std::pair(c.caller->id(), is_card ? wecom_text(content, "task_id") : "");
    if (memory.tasks.contains(task))
        refuse_wecom_field("task_id", "was used before");

    message row;
    row.provider = to_string(c.req.platform);
    row.message_id = c.state.fresh_id("", 60);
    row.msg_type = msgtype;
    row.content = with_ids_replaced ? with_names(c, compact(content)) : compact(content);
    row.app_id = c.caller->id();
    deliver_wecom(c, to, row);

    if (!task.second.empty())
        memory.tasks.insert(task);
    memory.sent[row.message_id] = {row.app_id, c.now};
    auto out = describe_receivers(c, to);
    out["msgid"] = jview(row.message_id);
    if (msgtype == "template_card" && wecom_card_answerable(content))
    {
        auto const code = c.state.fresh_id("", 64);
        memory.cards[code] = {row.app_id, row.message_id, c.now + card_life};
        out["response_code"] = jview(code);
    }
    return out;
}

// §4.1, §4.3
TIDINGS_SANDBOX_DECL json::object wecom_send(wecom_call& c)
{
    if (!c.caller->may_send)
        refuse_wecom(48006);
    auto const body = wecom_body(c);
    auto const msgtype = wecom_text(body, "msgtype");
    check_wecom_agent(c, body);
    auto const content = wecom_app_content(c, msgtype, body);
    check_wecom_switch(c, body, "safe", msgtype == "mpnews" ? 2 : 1);
    check_wecom_switch(c, body, "enable_id_trans", 1);
    check_wecom_switch(c, body, "enable_duplicate_check", 1);
    auto const interval = wecom_switch(c, body, "duplicate_check_interval", 1800);
    if (interval < 0 || interval > 14400)
        refuse_wecom(40035);
    auto const to = find_wecom_receivers(c, body);
    check_wecom_receivers(c, to);

    auto const once = wecom_switch(c, body, "enable_duplicate_check") == 1;
    auto const send = [&] {
        return send_accepted(c, msgtype, to, content, wecom_switch(c, body, "enable_id_trans") == 1);
    };
    if (!once)
        return send();
    auto& duplicates = c.memory().duplicates;
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

// §4.5
TIDINGS_SANDBOX_DECL json::object wecom_recall(wecom_call& c)
{
    auto const id = wecom_text(wecom_body(c), "msgid");
    if (id.empty())
        refuse_wecom(40063);
    auto const& sent = c.memory().sent;
    auto const at = sent.find(id);
    if (at == sent.end() || at->second.app_id != c.caller->id())
        refuse_wecom_field("msgid", "is invalid");
    if (c.now - at->second.when > seconds(c.state.world.recall_window_seconds))
        refuse_wecom(42052);
    for (auto& m : c.state.messages)
        if (m.row.message_id == id)
            m.row.recalled = true;
    return {};
}

} // namespace tidings::inline v0::sandbox::detail

#endif
