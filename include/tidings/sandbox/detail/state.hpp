// Everything that changes while the sandbox runs. Guarded by one mutex, which the engine holds around each use.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_DETAIL_STATE_HPP
#define TIDINGS_SANDBOX_DETAIL_STATE_HPP

#include <tidings/sandbox/detail/clock.hpp>
#include <tidings/sandbox/detail/digest.hpp>
#include <tidings/sandbox/detail/dingtalk_state.hpp>
#include <tidings/sandbox/detail/http.hpp>
#include <tidings/sandbox/detail/json_io.hpp>
#include <tidings/sandbox/detail/wecom_state.hpp>

#include <charconv>
#include <set>
#include <unordered_map>

namespace tidings::inline v0::sandbox::detail {

// How the body of a failure looks.
enum class frame
{
    // {code, msg, error:{log_id, troubleshooter}}
    full,
    // {code, msg}
    bare,
    // {code, data:{}, msg}
    empty_data,
};

// A failure on its way to the client.
struct refusal
{
    int code = 0;
    std::string msg;
    unsigned status = 400;
    frame form = frame::full;
    // More members of `error`.
    json::object error{};
    header_list headers{};
};

// A code as a scripted fault names it, where the platform's codes are numbers.
inline int numeric(std::string_view code)
{
    int out = 0;
    auto const [end, ec] = std::from_chars(code.data(), code.data() + code.size(), out);
    if (ec != std::errc() || end != code.data() + code.size())
        throw std::invalid_argument("the codes of this platform are numbers, and not " + std::string(code));
    return out;
}

struct issued_token
{
    std::string app_id;
    instant expires;
};

struct stored_message
{
    message row;
    instant created;
    instant updated;
    // What the platform made of the content: mentions replaced.
    std::string shown;
    json::array mentions;
    std::string root_id;
    std::string parent_id;
    std::string thread_id;
    bool to_person = false;
    int edits = 0;
    // Login name -> when.
    std::map<std::string, instant> reads;
};

struct remembered_uuid
{
    instant when;
    // The success, or (when failures burn uuids) the refusal.
    std::optional<json::object> success;
    refusal failure;
    bool in_flight = true;
};

struct batch_job
{
    std::string app_id;
    // People whose ids were valid; those of them who got it have a row each.
    std::size_t valid = 0;
    std::size_t first_row = 0;
    std::size_t rows = 0;
    instant created;
    bool recalled = false;
};

struct state
{
    state(sandbox::world w, sandbox_clock c) : world(std::move(w)), clock(c) {}

    sandbox::world world;
    sandbox_clock clock;

    std::unordered_map<std::string, issued_token> tokens;
    // The token that the next fetch gets again while it has 30 minutes left. By app id.
    std::unordered_map<std::string, std::string> current_token;
    // Apps whose fixed token was revoked and not fetched again.
    std::set<std::string> fixed_revoked;

    std::deque<stored_message> messages;
    std::unordered_map<std::string, std::size_t> message_index;
    std::unordered_map<std::string, remembered_uuid> uuids;
    std::map<std::string, batch_job> batches;
    // Uploads of this run, by key; the world's own are in the world.
    std::unordered_map<std::string, resource> uploads;
    std::unordered_map<std::string, rate_window> rates;
    std::map<std::pair<std::string, std::chrono::year_month>, std::int64_t> billed;

    dingtalk_state dingtalk;
    wecom_state wecom;

    std::vector<fault> faults;
    std::vector<recorded_request> requests;
    std::size_t connections = 0;
    std::uint64_t serial = 0;

    // Never the same twice in one run.
    std::string fresh_id(std::string_view prefix, std::size_t digits)
    {
        return std::string(prefix) + hex_digest(std::string(prefix) + std::to_string(++serial), digits);
    }

    stored_message* find_message(std::string const& id)
    {
        auto const at = message_index.find(id);
        return at == message_index.end() ? nullptr : &messages[at->second];
    }

    // The members of a group chat of any platform, without people who left the organisation.
    std::vector<std::string> members_of(std::string_view chat_id) const
    {
        std::vector<std::string> out;
        auto const add = [&](auto const& chats, auto id) {
            for (auto const& c : chats)
                if (out.empty() && c.*id == chat_id)
                    out = c.members;
        };
        add(world.chats, &chat::chat_id);
        add(world.dingtalk.groups, &dingtalk_group::open_conversation_id);
        add(world.wecom.chats, &wecom_chat::chat_id);
        std::erase_if(out, [&](std::string const& login_name) {
            auto const* const p = world.find_person(login_name);
            return !p || p->resigned;
        });
        return out;
    }

    stored_message& add_message(stored_message m)
    {
        if (m.row.reached.empty())
            m.row.reached = m.to_person || world.find_person(m.row.to) ? std::vector{m.row.to} : members_of(m.row.to);
        message_index.emplace(m.row.message_id, messages.size());
        return messages.emplace_back(std::move(m));
    }

    // Billed calls of the app in this month of the sandbox clock.
    std::int64_t& billed_calls(std::string const& app_id)
    {
        std::chrono::year_month_day const date(std::chrono::floor<std::chrono::days>(clock.now()));
        return billed[{app_id, date.year() / date.month()}];
    }

    void revoke_tokens(std::string const& app_id)
    {
        std::erase_if(tokens, [&](auto const& t) { return t.second.app_id == app_id; });
        current_token.erase(app_id);
        fixed_revoked.insert(app_id);
    }

    void mark_read(std::string const& message_id, std::string const& login_name)
    {
        auto* m = find_message(message_id);
        if (!m || !world.find_person(login_name))
            throw std::out_of_range("sandbox: no such message or person: " + message_id + ", " + login_name);
        // One call that wrote to several people has a row for each of them, all with one id.
        auto const own = std::find_if(messages.begin(), messages.end(), [&](stored_message const& other) {
            return other.row.message_id == message_id && other.row.to == login_name;
        });
        if (own != messages.end())
            m = &*own;
        if (m->reads.emplace(login_name, clock.now()).second)
            m->row.readers.push_back(login_name);
    }

    // The chat of two of a bot and a person: always the same.
    static std::string chat_of_two(std::string_view app_id, std::string_view login_name)
    {
        return "oc_" + hex_digest("chat/" + std::string(app_id) + "/" + std::string(login_name), 32);
    }
};

} // namespace tidings::inline v0::sandbox::detail

#endif
