// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_LARK_BATCH_IPP
#define TIDINGS_SANDBOX_IMPL_LARK_BATCH_IPP

#include <tidings/sandbox/detail/lark_messages.hpp>

namespace tidings::inline v0::sandbox::detail::lark {

inline constexpr std::chrono::days batch_window{30};
inline constexpr std::size_t max_batch_list = 200;

// What a single send says about content, in the words of a batch send.
inline void check_batch_content(call const& c, std::string const& msg_type, json::value const& content)
{
    static constexpr std::string_view types[]{"text", "image", "post", "share_chat", "interactive"};
    if (std::find(std::begin(types), std::end(types), msg_type) == std::end(types) || content.is_null())
        refuse_saying(10003, "invalid parameter");
    // The size limits of single messages hold here, too; the documentation does not say with which code.
    if (auto const limit = size_limit(c, msg_type); limit != 0 && static_cast<std::int64_t>(c.req.body.size()) > limit)
        refuse(11246, "The length of the message content reaches its limit.");
    content_rules rules;
    rules.style_tags = false;
    try
    {
        check_content(c, msg_type, content, rules);
    }
    catch (refusal const& r)
    {
        if (msg_type == "image")
            refuse(11227);
        if (r.code == 99992356)
            refuse(11231);
        auto const ext = r.msg.find("ext=");
        refuse(11246, ext == std::string::npos ? r.msg : r.msg.substr(ext + 4));
    }
}

// Adds the people of the ids of one list, and returns the ids without a person.
template<class Find>
json::array collect(std::vector<std::string> const& ids, std::vector<person const*>& people, Find const& find)
{
    json::array invalid;
    for (auto const& id : ids)
    {
        std::vector<person const*> const found = find(id);
        if (found.empty())
            invalid.emplace_back(jview(id));
        for (auto const* p : found)
            if (std::find(people.begin(), people.end(), p) == people.end())
                people.push_back(p);
    }
    return invalid;
}

// Whether the bot may write to them.
inline bool can_receive(call const& c, person const& p)
{
    try
    {
        check_person(c, p);
    }
    catch (refusal const&)
    {
        return false;
    }
    return true;
}

// Whether their id is a valid one. Those whom the bot does not see have one: they are counted and get nothing.
inline bool is_valid(call const& c, person const& p)
{
    return !p.other_tenant && !p.resigned && (!c.world().modes.batch_lists_unseen || can_receive(c, p));
}

// Delivered at once; a real batch waits in a queue.
TIDINGS_SANDBOX_DECL json::object batch_send(call& c)
{
    static constexpr char const* write_scopes[]{"im:message", "im:message:send_as_bot"};
    auto const body = body_object(c);
    auto const msg_type = text_member(body, "msg_type");
    auto const content = object_form_content(body, msg_type);
    auto const departments = list_member(body, "department_ids");
    std::vector<person const*> valid;
    json::object invalid;
    std::size_t asked = departments.size();
    auto wants_people = false;

    if (!bot_works(*c.caller))
        refuse(11205);
    if (!c.has_any(write_scopes))
        refuse(11223);
    for (auto const* type : {"open_id", "user_id", "union_id"})
    {
        auto const ids = list_member(body, std::string(type) + "s");
        if (ids.size() > max_batch_list)
            refuse_saying(10003, "invalid parameter");
        asked += ids.size();
        wants_people = wants_people || !ids.empty();
        auto bad = collect(ids, valid, [&](std::string const& id) {
            auto const found = find_by_id(c, type, id);
            return found.user && is_valid(c, *found.user) ? std::vector{found.user} : std::vector<person const*>();
        });
        invalid["invalid_" + std::string(type) + "s"] = std::move(bad);
    }
    if (asked == 0 || departments.size() > max_batch_list ||
        std::find(departments.begin(), departments.end(), "0") != departments.end())
        refuse_saying(10003, "invalid parameter");
    if (wants_people && !c.has_scope("im:message:send_multi_users"))
        refuse(11203);
    if (!departments.empty() && !c.has_scope("im:message:send_multi_depts"))
        refuse(11204);
    check_batch_content(c, msg_type, content);
    invalid["invalid_department_ids"] = collect(departments, valid, [&](std::string const& id) {
        std::vector<person const*> members;
        for (auto const& p : c.world().people)
            if (std::find(p.departments.begin(), p.departments.end(), id) != p.departments.end() && is_valid(c, p))
                members.push_back(&p);
        return members;
    });

    auto const& limits = c.world().limits;
    for (std::size_t i = 0; limits.enabled && i < valid.size(); ++i)
        if (c.state.rates["batch/" + c.caller->app_id].admit(c.now, limits.batch_per_day, std::chrono::days(1)))
            refuse(11247);

    batch_job job;
    job.app_id = c.caller->app_id;
    job.first_row = c.state.messages.size();
    job.valid = valid.size();
    job.created = c.now;
    auto const id = c.state.fresh_id("bm-", 32);
    for (auto const* p : valid)
    {
        if (!can_receive(c, *p))
            continue;
        ++job.rows;
        stored_message m;
        m.created = m.updated = c.now;
        m.to_person = true;
        m.row.provider = to_string(c.req.platform);
        m.row.to = p->login_name;
        m.row.receive_id_type = "batch";
        m.row.receive_id = id_of(c, *p, "open_id");
        m.row.message_id = id;
        m.row.msg_type = msg_type;
        m.row.content = compact(content);
        m.row.app_id = c.caller->app_id;
        m.row.chat_id = state::chat_of_two(c.caller->app_id, p->login_name);
        c.state.add_message(std::move(m));
    }
    c.state.batches[id] = job;
    json::object data{{"message_id", jview(id)}};
    for (auto& [name, list] : invalid)
        data[name] = std::move(list);
    return success(std::move(data), "ok");
}

inline batch_job& own_batch(call& c, int not_sender_code)
{
    if (!bot_works(*c.caller))
        refuse(230006);
    auto const at = c.state.batches.find(c.args[0]);
    if (at == c.state.batches.end() || c.now - at->second.created > batch_window)
        refuse(230030);
    if (at->second.app_id != c.caller->app_id)
        refuse(not_sender_code);
    return at->second;
}

inline std::ptrdiff_t count_rows(call const& c, batch_job const& job, bool (*which)(message const&))
{
    auto const first = c.state.messages.begin() + static_cast<std::ptrdiff_t>(job.first_row);
    return std::count_if(first, first + static_cast<std::ptrdiff_t>(job.rows),
                         [&](stored_message const& m) { return which(m.row); });
}

inline bool was_read(message const& m)
{
    return !m.readers.empty();
}

inline bool was_recalled(message const& m)
{
    return m.recalled;
}

TIDINGS_SANDBOX_DECL json::object batch_progress(call& c)
{
    auto const& job = own_batch(c, 230012);
    return success(json::object{{"batch_message_send_progress",
                                 {{"valid_user_ids_count", job.valid},
                                  {"success_user_ids_count", job.rows},
                                  {"read_user_ids_count", count_rows(c, job, was_read)}}},
                                {"batch_message_recall_progress",
                                 {{"recall", job.recalled}, {"recall_count", count_rows(c, job, was_recalled)}}}});
}

// Counts as strings.
TIDINGS_SANDBOX_DECL json::object batch_readers(call& c)
{
    auto const& job = own_batch(c, 230012);
    return success(json::object{{"read_user",
                                 {{"read_count", std::to_string(count_rows(c, job, was_read))},
                                  {"total_count", std::to_string(job.rows)}}}},
                   "ok");
}

TIDINGS_SANDBOX_DECL json::object batch_recall(call& c)
{
    auto& job = own_batch(c, 230026);
    if (c.now - job.created > seconds(c.world().recall_window_seconds))
        refuse(230009);
    job.recalled = true;
    for (auto i = job.first_row; i < job.first_row + job.rows; ++i)
        c.state.messages[i].row.recalled = true;
    return success(json::object(), "ok");
}

} // namespace tidings::inline v0::sandbox::detail::lark

#endif
