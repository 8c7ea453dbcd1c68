// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "report.hpp"

#include "../tools/failure_json.hpp"
#include "../tools/files.hpp"

#include <tidings/printable_text.hpp>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <unistd.h>

#include <ctime>
#include <string_view>

namespace tidings_event {

namespace td = tidings;
namespace sub = tidings::subscription;
namespace json = boost::json;
using sub::delivery_status;
using tools::text_or_null;

namespace {

std::string message_of(td::failure const& why)
{
    return (why == td::errc::recipient_not_found ? "Failed to obtain user ID: " : "") + why.message();
}

/// `2026-11-30T07:00:00Z`
std::string time_text(std::chrono::sys_seconds at)
{
    auto const seconds = static_cast<std::time_t>(at.time_since_epoch().count());
    std::tm parts;
    ::gmtime_r(&seconds, &parts);
    std::string out("0000-00-00T00:00:00Z");
    out.resize(std::strftime(out.data(), out.size() + 1, "%Y-%m-%dT%H:%M:%SZ", &parts));
    return out;
}

std::string held_text(sub::delivery_outcome const& outcome)
{
    return outcome.until ? "held until " + time_text(*outcome.until) : "held";
}

} // namespace

void report::add(sub::delivery_outcome const& outcome)
{
    if (outcome.status == delivery_status::failed || outcome.status == delivery_status::unconfigured)
        ++failed_;
    if (outcome.status == delivery_status::unknown)
        ++unknown_;
    if (as_json_)
        put(STDOUT_FILENO, json_row(outcome) + "\n");
    else
        write(outcome);
}

std::string report::json_row(sub::delivery_outcome const& outcome) const
{
    json::object out;
    out["event"] = td::printable_text(outcome.id.event);
    out["person"] = td::printable_text(outcome.id.person);
    out["route"] = td::printable_text(outcome.id.route);
    out["outcome"] = to_string(outcome.status);
    out["message_id"] = text_or_null(outcome.message_id);
    for (auto const* const name : {"error", "code", "message", "remedy"})
        out[name] = nullptr;
    if (outcome.status == delivery_status::held)
        out["message"] = held_text(outcome);
    if (outcome.why)
    {
        out["error"] = to_string(static_cast<td::errc>(outcome.why->code().value()));
        out["code"] = tools::code_of(*outcome.why);
        out["message"] = td::printable_text(message_of(*outcome.why));
        out["remedy"] = text_or_null(outcome.why->remedy(language_));
    }
    return json::serialize(out);
}

void report::write(sub::delivery_outcome const& outcome)
{
    auto const whom = (outcome.id.person.empty() ? std::string("the group") : td::printable_text(outcome.id.person)) +
                      " by " + td::printable_text(outcome.id.route);
    switch (outcome.status)
    {
    case delivery_status::delivered:
        return put(STDOUT_FILENO,
                   "delivered to " + whom + ": message " + td::printable_text(outcome.message_id) + "\n");
    case delivery_status::already: return put(STDOUT_FILENO, "already sent to " + whom + "\n");
    case delivery_status::held: return put(STDOUT_FILENO, held_text(outcome) + ": " + whom + "\n");
    case delivery_status::failed:
    case delivery_status::unknown:
    case delivery_status::unconfigured: break;
    }
    std::string text =
        (outcome.status == delivery_status::unknown ? "perhaps delivered to " : "not delivered to ") + whom;
    text += "\n  what happened  " + td::printable_text(message_of(*outcome.why)) + "\n";
    if (auto const remedy = outcome.why->remedy(language_); !remedy.empty())
        text += "  what to do     " + td::printable_text(remedy) + "\n";
    put(STDERR_FILENO, text);
}

void report::put(int descriptor, std::string const& text)
{
    if (!tools::write_all(descriptor, text))
        lost_ = true;
}

void report::say_that_it_concerns_nobody()
{
    static constexpr td::remedy_text nobody{
        "the event concerns nobody, and nothing was sent: it names none of those who get the message at this node, and the "
        "subscription adds nobody",
        "该事件未涉及任何人，未发送任何消息：事件中没有该节点的接收人，订阅也未添加接收人"};
    auto const text = language_ == td::language::chinese ? nobody.chinese : nobody.english;
    put(STDERR_FILENO, "tidings-event: " + std::string(text) + "\n");
}

exit_code report::finish(td::result<sub::dispatch_report> const& all)
{
    if (!all)
    {
        tools::write_all(STDERR_FILENO, "tidings-event: " + td::printable_text(all.error().message()) + "\n");
        return all.error() == td::condition::unknown ? unknown : not_reached;
    }
    if (all->not_recorded)
        tools::write_all(STDERR_FILENO, "tidings-event: an outcome could not be remembered, so that the same event may "
                                        "reach somebody twice: " +
                                            td::printable_text(all->not_recorded->message()) + "\n");
    if (lost_)
        tools::write_all(STDERR_FILENO, "tidings-event: the report could not be written\n");
    if (lost_ || all->not_recorded || unknown_ != 0)
        return unknown;
    return failed_ != 0 ? not_reached : done;
}

} // namespace tidings_event
