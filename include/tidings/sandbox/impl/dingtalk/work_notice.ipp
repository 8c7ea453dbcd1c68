// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_DINGTALK_WORK_NOTICE_IPP
#define TIDINGS_SANDBOX_IMPL_DINGTALK_WORK_NOTICE_IPP

#include <tidings/sandbox/detail/dingtalk.hpp>

namespace tidings::inline v0::sandbox::detail::dingtalk {

inline constexpr std::size_t max_msg_bytes = 2048;

// Unicode characters.
inline std::size_t characters(std::string_view text)
{
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char ch) { return (static_cast<unsigned char>(ch) & 0xC0) != 0x80; }));
}

// One object of a message, and what must be in it.
class msg_reader
{
public:
    msg_reader(call const& c, json::value const* v) : c_(c), o_(v ? v->if_object() : nullptr)
    {
        if (!o_)
            refuse(c_, "34014");
    }

    json::value const* find(char const* name) const
    {
        auto const* const v = o_->if_contains(name);
        return v && !v->is_null() ? v : nullptr;
    }

    // There, and not longer than that.
    std::string_view text(char const* name, std::size_t max_count = max_msg_bytes) const
    {
        auto const* const v = find(name);
        if (!v || !v->is_string() || v->get_string().empty())
            refuse(c_, "34014");
        auto const out = view(v->get_string());
        if (characters(out) > max_count)
            refuse(c_, "34016");
        return out;
    }

private:
    call const& c_;
    json::object const* o_;
};

inline void check_action_card(call const& c, msg_reader const& card)
{
    card.text("title");
    card.text("markdown");
    auto const* const buttons = card.find("btn_json_list");
    if (!buttons)
    {
        card.text("single_title", 20);
        card.text("single_url", 500);
        return;
    }
    card.text("btn_orientation");
    if (!buttons->is_array() || buttons->get_array().empty())
        refuse(c, "34014");
    for (auto const& b : buttons->get_array())
    {
        msg_reader const button(c, &b);
        button.text("title", 20);
        button.text("action_url", 700);
    }
}

// The types of a work notification. Gives back the type.
inline std::string check_msg(call const& c, json::object const& msg)
{
    auto const* const type_member = msg.if_contains("msgtype");
    auto const type = type_member && type_member->is_string() ? std::string(view(type_member->get_string())) : "";
    static constexpr std::string_view types[]{"text",  "markdown", "link", "action_card",
                                              "image", "voice",    "file", "oa"};
    if (std::find(std::begin(types), std::end(types), type) == std::end(types))
        refuse(c, "34004");
    msg_reader const content(c, msg.if_contains(type));
    if (type == "text")
        content.text("content", 500);
    else if (type == "markdown")
    {
        content.text("title");
        content.text("text", 5000);
    }
    else if (type == "link")
        for (auto const* name : {"title", "text", "messageUrl", "picUrl"})
            content.text(name);
    else if (type == "action_card")
        check_action_card(c, content);
    else if (type == "oa")
    {
        content.text("message_url");
        msg_reader const head(c, content.find("head"));
        msg_reader const body(c, content.find("body"));
    }
    else
        content.text("media_id");
    if (type == "voice")
    {
        auto const* const v = content.find("duration");
        auto const duration = !v               ? std::nullopt
                              : v->is_int64()  ? std::optional(v->get_int64())
                              : v->is_string() ? to_number(view(v->get_string()))
                                               : std::nullopt;
        if (!duration || *duration < 1 || *duration >= 60)
            refuse(c, "34014");
    }
    return type;
}

// The message, from an object or from the text of one.
inline json::object read_msg(call const& c)
{
    auto const* const v = c.member("msg");
    if (!v)
        refuse(c, "40035", "msg");
    json::value msg = *v;
    if (v->is_string())
    {
        boost::system::error_code ec;
        msg = json::parse(v->get_string(), ec);
        if (ec)
            refuse(c, "34014");
    }
    if (!msg.is_object())
        refuse(c, "34014");
    if (compact(msg).size() > max_msg_bytes)
        refuse(c, "34016");
    return std::move(msg.get_object());
}

inline std::int64_t own_agent(call const& c)
{
    auto const id = c.number("agent_id");
    if (!c.member("agent_id"))
        refuse(c, "40035", "agent_id");
    if (!id || *id != c.caller->agent_id)
        refuse(c, std::to_string(c.world().modes.wrong_agent_code));
    return *id;
}

inline std::vector<std::string> comma_list(call const& c, char const* name, std::size_t max_count)
{
    std::vector<std::string> out;
    auto const list = c.text(name);
    if (list.empty())
        return out;
    for (auto const part : split(list, ','))
        out.emplace_back(part);
    if (out.size() > max_count)
        refuse(c, "400002", name);
    return out;
}

// Adds the people; ids without a person go into the task's lists.
inline std::vector<person const*> work_receivers(call const& c, dingtalk_task& task)
{
    auto const users = comma_list(c, "userid_list", 100);
    auto const departments = comma_list(c, "dept_id_list", 20);
    auto const to_all = c.truth("to_all_user");
    if (users.empty() && departments.empty() && !to_all)
        refuse(c, "40035", "userid_list, dept_id_list, to_all_user");
    std::vector<person const*> out;
    auto const add = [&](person const& p) {
        if (std::find(out.begin(), out.end(), &p) == out.end())
            out.push_back(&p);
    };
    for (auto const& id : users)
        if (auto const* const p = employee(c, id); p && c.caller->availability.includes(id))
            add(*p);
        else
            task.invalid_users.push_back(id);
    std::vector<std::int64_t> tops;
    for (auto const& text : departments)
    {
        auto const id = to_number(text);
        if (id && find_department(c.world(), *id))
            tops.push_back(*id);
        else
            task.invalid_departments.push_back(id.value_or(-1));
    }
    for (auto const& p : c.state.world.people)
    {
        auto const of = departments_of(c.world(), p.login_name);
        auto const meant =
            to_all || std::any_of(of.begin(), of.end(), [&](std::int64_t id) { return is_below(c.world(), id, tops); });
        if (meant && employee(c, p.login_name) && c.caller->availability.includes(p.login_name))
            add(p);
    }
    return out;
}

// Why the person does not get it; empty: it is delivered. Only getsendresult reports it to the sender.
inline std::string why_not(call& c, person const& p, std::string const& content, bool too_many_to_all)
{
    auto const& limits = c.world().limits;
    auto const today = c.caller->app_key + "/" + day_of(c.now) + "/" + p.login_name;
    if (!censored_kind(c, content).empty())
        return "1430002";
    if (c.platform_state().noticed.contains(today + "/" + content))
        return "143106";
    if (too_many_to_all || c.platform_state().counted[today] >= limits.work_per_person_per_day)
        return "143105";
    if (c.state.rates["dingtalk/work/" + c.caller->app_key].admit(c.now, limits.work_people_per_minute, seconds(60)))
        return "143103";
    c.platform_state().noticed.insert(today + "/" + content);
    ++c.platform_state().counted[today];
    return {};
}
TIDINGS_SANDBOX_DECL json::object send_work_notice(call& c)
{
    dingtalk_task task;
    task.agent_id = own_agent(c);
    task.created = c.now;
    auto const msg = read_msg(c);
    task.msg_type = check_msg(c, msg);
    auto const people = work_receivers(c, task);
    auto const* const bar = task.msg_type == "oa" ? msg.at("oa").get_object().if_contains("status_bar") : nullptr;
    if (bar && people.size() > 5)
        refuse(c, "400002", "status_bar");
    auto const to_all = c.truth("to_all_user");
    auto const too_many_to_all = to_all && ++c.platform_state().counted[c.caller->app_key + "/" + day_of(c.now)] >
                                               c.world().limits.work_to_all_per_day;
    auto const task_id = static_cast<std::int64_t>(256271667526) + static_cast<std::int64_t>(++c.state.serial);
    message row;
    row.receive_id_type = "work";
    row.message_id = std::to_string(task_id);
    row.msg_type = task.msg_type;
    row.content = compact(msg);
    for (auto const* p : people)
    {
        if (auto const code = why_not(c, *p, row.content, too_many_to_all); !code.empty())
        {
            task.forbidden.push_back({code, p->login_name});
            continue;
        }
        row.to = row.receive_id = p->login_name;
        task.rows.push_back(add_row(c, row));
    }
    c.platform_state().tasks[task_id] = std::move(task);
    return {{"task_id", task_id}};
}

// The caller's own task, no older than that; `unknown` is what else is said.
inline dingtalk_task& own_task(call& c, char const* name, std::string_view unknown, std::chrono::hours life)
{
    auto const agent = own_agent(c);
    if (!c.member(name))
        refuse(c, "40035", name);
    auto const known = c.platform_state().tasks.find(c.number(name).value_or(-1));
    if (known == c.platform_state().tasks.end() || known->second.agent_id != agent)
        refuse(c, unknown, name);
    if (c.now - known->second.created > life)
        refuse(c, "500");
    return known->second;
}

TIDINGS_SANDBOX_DECL json::object work_progress(call& c)
{
    auto const& task = own_task(c, "task_id", "40035", std::chrono::hours(24));
    auto const age = c.now - task.created;
    auto const delay = seconds(c.world().modes.record_delay_seconds);
    auto const status = age < delay ? 0 : age < 2 * delay ? 1 : 2;
    return {{"progress", json::object{{"progress_in_percent", status * 50}, {"status", status}}}};
}

TIDINGS_SANDBOX_DECL json::object work_result(call& c)
{
    auto const& task = own_task(c, "task_id", "40035", std::chrono::hours(24));
    // More receivers than that: the call takes too long.
    if (task.rows.size() + task.forbidden.size() > 100)
        refuse(c, "500");
    json::array read;
    json::array unread;
    json::array departments;
    json::array forbidden;
    for (auto const at : task.rows)
    {
        auto const& row = c.state.messages[at].row;
        auto const opened = std::find(row.readers.begin(), row.readers.end(), row.to) != row.readers.end();
        (opened ? read : unread).emplace_back(jview(row.to));
    }
    for (auto const id : task.invalid_departments)
        departments.emplace_back(id);
    for (auto const& f : task.forbidden)
        forbidden.push_back(json::object{{"code", jview(f.code)}, {"count", 1}, {"userid", jview(f.userid)}});
    return {{"send_result", json::object{{"invalid_user_id_list", write(task.invalid_users)},
                                         {"forbidden_user_id_list", json::array()},
                                         {"failed_user_id_list", json::array()},
                                         {"read_user_id_list", std::move(read)},
                                         {"unread_user_id_list", std::move(unread)},
                                         {"invalid_dept_id_list", std::move(departments)},
                                         {"forbidden_list", std::move(forbidden)}}}};
}

TIDINGS_SANDBOX_DECL json::object recall_work_notice(call& c)
{
    for (auto const at : own_task(c, "msg_task_id", "400002", std::chrono::hours(24)).rows)
        c.state.messages[at].row.recalled = true;
    return {};
}

TIDINGS_SANDBOX_DECL json::object update_status_bar(call& c)
{
    auto const& task = own_task(c, "task_id", "41052", std::chrono::hours(24 * 7));
    if (c.text("status_value").empty())
        refuse(c, "40035", "status_value");
    if (task.msg_type != "oa")
        refuse(c, "41052");
    for (auto const at : task.rows)
    {
        auto& row = c.state.messages[at].row;
        auto msg = json::parse(row.content).as_object();
        msg["oa"].as_object()["status_bar"] =
            json::object{{"status_value", jview(c.text("status_value"))}, {"status_bg", jview(c.text("status_bg"))}};
        row.content = compact(msg);
        row.updated = true;
    }
    return {};
}

} // namespace tidings::inline v0::sandbox::detail::dingtalk

#endif
