// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_DINGTALK_ROBOT_IPP
#define TIDINGS_SANDBOX_IMPL_DINGTALK_ROBOT_IPP

#include <tidings/sandbox/detail/dingtalk.hpp>

#include <tidings/sandbox/impl/dingtalk/auth.ipp>

namespace tidings::inline v0::sandbox::detail::dingtalk {

inline constexpr std::size_t max_people = 20;
inline constexpr std::size_t max_keys = 20;
inline constexpr std::chrono::hours record_life{24};

// One field of a template, and the end of its miss.param code.
struct field
{
    char const* name;
    char const* miss;
};

struct message_template
{
    std::string_view key;
    std::vector<field> fields;
};

// The document names four of the codes; the others are made the same way.
inline std::vector<message_template> const& templates()
{
    static std::vector<message_template> const all = [] {
        std::vector<message_template> out{
            {"sampleText", {{"content", "contentOfText"}}},
            {"sampleMarkdown", {{"title", "markdownTotitle"}, {"text", "markdownTotext"}}},
            {"sampleImageMsg", {{"photoURL", "imageTophotoURL"}}},
            {"sampleLink", {{"title", "linkTotitle"}, {"text", "linkTotext"}, {"messageUrl", "linkTomessageUrl"}}},
            {"sampleActionCard",
             {{"title", "actionCardTotitle"},
              {"text", "actionCardTotext"},
              {"singleTitle", "actionCardTosingleTitle"},
              {"singleURL", "actionCardTosingleUrl"}}},
            {"sampleActionCard6",
             {{"title", "actionCardTotitle"},
              {"text", "actionCardTotext"},
              {"buttonTitle1", "actionCardTobuttonTitle1"},
              {"buttonUrl1", "actionCardTobuttonUrl1"},
              {"buttonTitle2", "actionCardTobuttonTitle2"},
              {"buttonUrl2", "actionCardTobuttonUrl2"}}},
            {"sampleAudio", {{"mediaId", "audioTomediaId"}, {"duration", "audioToduration"}}},
            {"sampleFile",
             {{"mediaId", "fileTomediaId"}, {"fileName", "fileTofileName"}, {"fileType", "fileTofileType"}}},
            {"sampleVideo",
             {{"videoMediaId", "videoTovideoMediaId"},
              {"videoType", "videoTovideoType"},
              {"picMediaId", "videoTopicMediaId"},
              {"duration", "videoToduration"}}}};
        static constexpr std::string_view keys[]{"sampleActionCard2", "sampleActionCard3", "sampleActionCard4",
                                                 "sampleActionCard5"};
        static constexpr field buttons[]{
            {"actionTitle1", "actionCardToactionTitle1"}, {"actionURL1", "actionCardToactionUrl1"},
            {"actionTitle2", "actionCardToactionTitle2"}, {"actionURL2", "actionCardToactionUrl2"},
            {"actionTitle3", "actionCardToactionTitle3"}, {"actionURL3", "actionCardToactionUrl3"},
            {"actionTitle4", "actionCardToactionTitle4"}, {"actionURL4", "actionCardToactionUrl4"},
            {"actionTitle5", "actionCardToactionTitle5"}, {"actionURL5", "actionCardToactionUrl5"}};
        for (std::size_t i = 0; i < std::size(keys); ++i)
        {
            auto& card = out.emplace_back(
                message_template{keys[i], {{"title", "actionCardTotitle"}, {"text", "actionCardTotext"}}});
            card.fields.insert(card.fields.end(), buttons, buttons + 2 * (i + 2));
        }
        return out;
    }();
    return all;
}

inline void check_fields(call const& c, message_template const& t, json::object const& param)
{
    for (auto const& f : t.fields)
    {
        auto const* const v = param.if_contains(f.name);
        if (!v || v->is_null() || (v->is_string() && v->get_string().empty()))
            refuse(c, std::string("miss.param.") + f.miss, f.name);
    }
    for (auto const& [name, value] : param)
        if (!value.is_string())
            refuse(c, "invalidParameter.msgParam.invalid");
    auto const one_of = [&](char const* name, std::initializer_list<std::string_view> allowed) {
        if (std::find(allowed.begin(), allowed.end(), view(param.at(name).get_string())) == allowed.end())
            refuse(c, "invalidParameter.param.invalid");
    };
    if (t.key == "sampleFile")
        one_of("fileType", {"xlsx", "pdf", "zip", "rar", "doc", "docx"});
    if (t.key == "sampleVideo")
        one_of("videoType", {"mp4"});
}

inline void check_message(call const& c, std::string const& msg_key, json::value const& param)
{
    if (msg_key.empty())
        refuse(c, "invalidParameter.msgKey.empty");
    auto const& all = templates();
    auto const known = std::find_if(all.begin(), all.end(), [&](auto const& t) { return t.key == msg_key; });
    if (known == all.end())
        refuse(c, "invalidParameter.msgKey.invalid");
    // A document inside of a string; an object is the usual mistake.
    auto const* const text = param.if_string();
    if (!text)
        refuse(c, "invalidParameter.msgParam.invalid");
    if (text->size() > static_cast<std::size_t>(c.world().limits.msg_param_bytes))
        refuse(c, "invalidParameter.msgParam.tooLong");
    boost::system::error_code ec;
    auto const v = json::parse(*text, ec);
    if (ec || !v.is_object())
        refuse(c, "invalidParameter.msgParam.invalid");
    check_fields(c, *known, v.get_object());
    if (auto const kind = censored_kind(c, view(*text)); !kind.empty())
        refuse(c, kind == "url" ? "contain.unsafe.url" : "contain.notAllowed." + kind);
}

inline std::string const& robot_code_of(dingtalk_app const& a)
{
    return a.robot_code.empty() ? a.app_key : a.robot_code;
}

// The app whose bot has the code, or null.
inline dingtalk_app const* robot_app(call const& c, std::string_view code)
{
    for (auto const& a : c.world().apps)
        if (robot_code_of(a) == code && a.robot)
            return &a;
    return nullptr;
}

// Whether the caller's bot may speak at all.
inline void check_robot(call const& c, std::string const& code, char const* of_another_app)
{
    if (code.empty())
        refuse(c, "invalidParameter.robotCode.empty");
    auto const* const a = robot_app(c, code);
    if (!a)
        refuse(c, "invalidParameter.robotCode.notExsit");
    if (a != c.caller)
        refuse(c, of_another_app);
    if (!a->published)
        refuse(c, c.world().modes.unpublished_code);
    if (a->robot_stopped)
        refuse(c, "bot.stopped");
}

// Security settings, and what the world wants refused.
inline void check_send(call const& c, std::string const& msg_param)
{
    auto const& a = *c.caller;
    auto const contains_keyword = [&](std::string const& keyword) {
        return msg_param.find(keyword) != std::string::npos;
    };
    if (!ip_allowed(a.robot_ip_allow_list, c.req.peer))
        refuse(c, "ip.not.match");
    if (!a.robot_keywords.empty() && std::none_of(a.robot_keywords.begin(), a.robot_keywords.end(), contains_keyword))
        refuse(c, "keywords.not.match");
    if (!a.send_refusal.empty())
    {
        refusal r;
        r.code = a.send_refusal;
        r.text = "错误描述: " + r.code + "；解决方案:请联系管理员；";
        r.status = r.code == "system.error" ? 500 : 400;
        throw r;
    }
    auto const& limits = c.world().limits;
    if (limits.enabled &&
        c.state.rates["dingtalk/robot/" + robot_code_of(a)].admit(c.now, limits.robot_per_minute, seconds(60)))
        refuse(c, "send.too.fast");
}

// Always with the characters that must be encoded in a query.
inline std::string make_query_key(call& c)
{
    auto key = hook_signature(c.state.fresh_id("", 16), "processQueryKey");
    key[5] = '+';
    key[11] = '/';
    return key;
}

inline std::string keep_send(call& c, message row, std::vector<person const*> const& people)
{
    row.message_id = make_query_key(c);
    row.msg_type = c.text("msgKey");
    row.content = c.text("msgParam");
    auto& send = c.platform_state().sends[row.message_id];
    send.robot_code = c.text("robotCode");
    send.created = c.now;
    if (row.receive_id_type == "group")
    {
        send.group = row.to;
        send.rows.push_back(add_row(c, row));
    }
    for (auto const* p : people)
    {
        row.to = row.receive_id = p->login_name;
        send.rows.push_back(add_row(c, row));
    }
    return row.message_id;
}

// The people who get it, and those in each of the lists.
struct sorted_people
{
    std::vector<person const*> accepted;
    json::array invalid;
    json::array throttled;
    json::array filtered;
};
inline sorted_people sort_people(call& c, std::vector<std::string> const& ids)
{
    auto const& modes = c.world().modes;
    auto const& limits = c.world().limits;
    sorted_people out;
    std::vector<std::string> out_of_reach;
    std::size_t unknown = 0;
    for (auto const& id : ids)
    {
        auto const* const p = employee(c, id);
        if (!p)
        {
            ++unknown;
            out.invalid.emplace_back(jview(id));
        }
        else if (!c.caller->availability.includes(id))
            out_of_reach.push_back(id);
        else if (p->blocked_bot)
        {
            if (modes.blocked != "none")
                (modes.blocked == "filteredStaffIdList" ? out.filtered : out.invalid).emplace_back(jview(id));
        }
        else if (limits.enabled && c.state.rates["dingtalk/oto/" + robot_code_of(*c.caller) + "/" + id].admit(
                                       c.now, limits.per_person_per_minute, seconds(60)))
            out.throttled.emplace_back(jview(id));
        else
            out.accepted.push_back(p);
    }
    if (unknown == ids.size() && (ids.size() == 1 || modes.all_unknown_refused))
        refuse(c, "staffId.notExisted");
    if (!out_of_reach.empty() && modes.unreachable == "robot.oto.notExist" &&
        unknown + out_of_reach.size() == ids.size())
        refuse(c, "robot.oto.notExist");
    for (auto const& id : out_of_reach)
        out.invalid.emplace_back(jview(id));
    return out;
}

inline std::vector<std::string> receivers(call const& c)
{
    auto ids = texts(c.member("userIds"));
    if (!ids)
        refuse(c, "invalidParameter.param.invalid");
    if (ids->empty())
        refuse(c, "invalidParameter.userIds.empty");
    if (ids->size() > max_people)
        refuse(c, c.world().modes.too_many_code);
    std::vector<std::string> once;
    for (auto const& id : *ids)
    {
        if (id.empty())
            refuse(c, "invalidParameter.userId.empty");
        if (std::find(once.begin(), once.end(), id) == once.end())
            once.push_back(id);
    }
    return once;
}

TIDINGS_SANDBOX_DECL json::object send_to_people(call& c)
{
    for (auto const* name : {"robotCode", "userIds", "msgKey", "msgParam"})
        need_member(c, name);
    check_robot(c, c.text("robotCode"), "invalidParameter.robotCode.invalid");
    auto const ids = receivers(c);
    check_message(c, c.text("msgKey"), *c.member("msgParam"));
    check_send(c, c.text("msgParam"));
    auto sorted = sort_people(c, ids);
    message row;
    row.receive_id_type = "userid";
    auto const key = keep_send(c, std::move(row), sorted.accepted);
    json::object out;
    auto const list = [&](char const* name, json::array& ids_of, bool documented) {
        if (!ids_of.empty() || (documented && !c.world().modes.empty_lists_absent))
            out[name] = std::move(ids_of);
    };
    list("flowControlledStaffIdList", sorted.throttled, true);
    list("invalidStaffIdList", sorted.invalid, true);
    list("filteredStaffIdList", sorted.filtered, false);
    out["processQueryKey"] = jview(key);
    return out;
}

inline dingtalk_group const* find_group(call const& c, std::string_view id)
{
    for (auto const& g : c.world().groups)
        if (g.open_conversation_id == id)
            return &g;
    return nullptr;
}

// A one-to-one conversation's id is treated as an unknown group's.
TIDINGS_SANDBOX_DECL json::object send_to_group(call& c)
{
    for (auto const* name : {"msgParam", "msgKey", "openConversationId", "robotCode"})
        need_member(c, name);
    check_robot(c, c.text("robotCode"), "invalidParameter.robotCode.auth");
    auto const id = c.text("openConversationId");
    auto const* const group = find_group(c, id);
    if (!group)
        refuse(c, c.world().modes.unknown_group_code);
    if (group->dissolved)
        refuse(c, "group.disbanded");
    if (std::find(group->robots.begin(), group->robots.end(), c.text("robotCode")) == group->robots.end())
        refuse(c, c.world().modes.robot_outside_group_code);
    if (!group->bots_may_speak)
        refuse(c, "send.forbidden");
    check_message(c, c.text("msgKey"), *c.member("msgParam"));
    check_send(c, c.text("msgParam"));
    message row;
    row.to = row.receive_id = row.chat_id = id;
    row.receive_id_type = "group";
    return {{"processQueryKey", jview(keep_send(c, std::move(row), {}))}};
}

// The status of a send, or the refusal if there is no record of it.
inline std::string status_of(call const& c, dingtalk_send const& send)
{
    auto const age = c.now - send.created;
    auto const delay = seconds(c.world().modes.record_delay_seconds);
    if (age > record_life || age < delay)
        refuse(c, "processQueryKey.expireTime");
    auto const* const done = c.world().modes.misspelt_success ? "SUCESS" : "SUCCESS";
    return send.recalled ? "RECALLED" : age < 2 * delay ? "PROCESSING" : done;
}
TIDINGS_SANDBOX_DECL json::object read_status(call& c)
{
    auto const* const code = c.query_value("robotCode");
    auto const* const key = c.query_value("processQueryKey");
    if (!code)
        refuse(c, "invalidParameter.robotCode.missing");
    check_robot(c, *code, "invalidParameter.robotCode.invalid");
    if (!key || key->empty())
        refuse(c, "invalidParameter.processQueryKey.missing");
    auto const known = c.platform_state().sends.find(*key);
    if (known == c.platform_state().sends.end() || !known->second.group.empty() || known->second.robot_code != *code)
        refuse(c, "invalid.processQueryKey");
    auto const& send = known->second;
    auto const status = status_of(c, send);
    json::array list;
    for (auto const at : send.rows)
    {
        auto const& row = c.state.messages[at].row;
        auto const* const p = c.state.world.find_person(row.to);
        auto const read = std::find(row.readers.begin(), row.readers.end(), row.to) != row.readers.end();
        list.push_back(json::object{{"name", jview(p ? p->name : row.to)},
                                    {"userId", jview(row.to)},
                                    {"readStatus", read ? "READ" : "UNREAD"}});
    }
    return {{"sendStatus", jview(status)}, {"messageReadInfoList", std::move(list)}};
}

// The readers of a message in a group, in pages. The page size without maxResults is not documented.
TIDINGS_SANDBOX_DECL json::object group_readers(call& c)
{
    constexpr std::int64_t max_page = 200;
    auto const code = c.text("robotCode");
    auto const key = c.text("processQueryKey");
    if (code.empty())
        refuse(c, "invalidParameter.robotCode.missing");
    if (key.empty())
        refuse(c, "invalidParameter.processQueryKey.missing");
    check_robot(c, code, "invalidParameter.robotCode.invalid");
    auto const group = c.text("openConversationId");
    if (group.empty() && c.text("token").empty())
        refuse(c, "openConversationId.notExisted");
    if (!group.empty() && !find_group(c, group))
        refuse(c, "invalid.openConversationId");
    auto const wanted = c.member("maxResults") ? c.number("maxResults") : max_page;
    if (!wanted || *wanted < 1 || *wanted > max_page)
        refuse(c, "invalidParameter.pageSize.invalid");
    auto const known = c.platform_state().sends.find(key);
    if (known == c.platform_state().sends.end() || known->second.group.empty() || known->second.robot_code != code ||
        (!group.empty() && known->second.group != group))
        refuse(c, "invalid.processQueryKey");
    auto const status = status_of(c, known->second);
    auto const& readers = c.state.messages[known->second.rows.front()].row.readers;
    auto const cursor = c.text("nextToken");
    auto const start = cursor.empty() ? std::int64_t() : to_number(cursor).value_or(-1);
    auto const total = static_cast<std::int64_t>(readers.size());
    if (start < 0 || start > total)
        refuse(c, "invalidParameter.cursor.invalid");
    auto const end = start + std::min(*wanted, total - start);
    json::array page;
    for (auto i = start; i < end; ++i)
        page.emplace_back(jview(readers[static_cast<std::size_t>(i)]));
    return {{"sendStatus", jview(status)},
            {"readUserIds", std::move(page)},
            {"nextToken", end < total ? std::to_string(end) : ""},
            {"hasMore", end < total}};
}

// Why one message cannot be recalled; empty: it was. `group`: empty for messages to people.
inline std::string recall_one(call& c, std::string const& robot_code, std::string const& key, std::string const& group)
{
    auto const known = c.platform_state().sends.find(key);
    if (known == c.platform_state().sends.end() || known->second.group != group)
        return "invalid.processQueryKey";
    auto& send = known->second;
    if (send.robot_code != robot_code)
        return "not.allowed.robotCode";
    if (c.now - send.created > record_life)
        return "robot.processQueryKey.expired";
    send.recalled = true;
    for (auto const at : send.rows)
        c.state.messages[at].row.recalled = true;
    return {};
}

// When nothing at all could be recalled there is no list but a code.
inline json::object recall_listed(call& c, std::string const& group)
{
    auto const code = c.text("robotCode");
    if (robot_app(c, code) != c.caller)
        refuse(c, "invalidParameter.robotCode");
    if (!c.member("processQueryKeys"))
        refuse(c, "invalidParameter.processQueryKey.missing");
    auto const keys = texts(c.member("processQueryKeys"));
    if (!keys)
        refuse(c, "invalidParameter.param.invalid");
    if (keys->empty())
        refuse(c, "invalidParameter.processQueryKey.missing");
    if (keys->size() > max_keys)
        refuse(c, "invalidParameter.processQueryKeys.overMax");
    json::array recalled;
    json::object failed;
    std::string reason;
    for (auto const& key : *keys)
        if (auto why = recall_one(c, code, key, group); why.empty())
            recalled.emplace_back(jview(key));
        else
            failed[key] = jview(reason = std::move(why));
    if (recalled.empty())
        refuse(c, keys->size() == 1 ? reason : "notRevoke.all.messages");
    return {{"successResult", std::move(recalled)}, {"failedResult", std::move(failed)}};
}

TIDINGS_SANDBOX_DECL json::object recall_sends(call& c)
{
    return recall_listed(c, {});
}

// The documentation gives the form of call and answer; its codes are taken from the one-to-one recall.
TIDINGS_SANDBOX_DECL json::object recall_group_sends(call& c)
{
    need_member(c, "openConversationId");
    auto const group = c.text("openConversationId");
    if (group.empty() || !find_group(c, group))
        refuse(c, "invalid.openConversationId");
    return recall_listed(c, group);
}

} // namespace tidings::inline v0::sandbox::detail::dingtalk

#endif
