// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "report.hpp"

#include "../tools/failure_json.hpp"
#include "../tools/files.hpp"

#include <tidings/printable_text.hpp>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <unistd.h>

#include <array>
#include <utility>

namespace tidings_send {

using tools::code_of;
using tools::text_or_null;
using tools::write_all;

namespace td = tidings;
namespace json = boost::json;

namespace {

/// The most useful of the conditions that a failure belongs to.
json::value condition_of(td::failure const& f)
{
    constexpr std::array<std::pair<td::condition, std::string_view>, 6> all{{
        {td::condition::unknown, "unknown"},
        {td::condition::configuration, "configuration"},
        {td::condition::recipient, "recipient"},
        {td::condition::message, "message"},
        {td::condition::transient, "transient"},
        {td::condition::connection, "connection"},
    }};
    for (auto const& [condition, name] : all)
        if (f == condition)
            return json::value(name);
    return nullptr;
}

/// Whether it is about the command line, and nothing was sent. The platform may find something wrong with an argument,
/// too; then there was an answer.
bool is_usage(td::failure const& f)
{
    return f.http_status() == 0 &&
           (f == td::errc::invalid_argument || f == td::errc::invalid_recipient || f == td::condition::message);
}

/// Whether it would be the same for every other person.
bool concerns_everybody(td::failure const& f)
{
    return f == td::condition::configuration || f == td::errc::connect_failed || is_usage(f) ||
           f == td::errc::message_invalid || f == td::errc::message_too_long;
}

/// What makes two failures the same to a reader. Each has a log id of its own, and what is wrong for everybody may be
/// remembered from the first of them.
std::string reason_of(td::failure const& f)
{
    if (concerns_everybody(f))
        return f.code().message() + ' ' + std::string(f.platform_code()) + ' ' + f.remedy();
    auto text = f.message();
    if (auto const at = text.rfind("; log id "); at != text.npos)
        text.resize(at);
    return text;
}

} // namespace

report::report(order const& what, bool knows_keys, results_file* results)
    : what_(what), knows_keys_(knows_keys), results_(results)
{
    if (what_.people.size() > 1 && progress_bar::can_be_shown(what_.as_json))
    {
        bar_.emplace(what_.people.size());
        bar_->draw();
    }
}

void report::add(td::result<td::receipt> const& outcome)
{
    auto const& who = what_.people[next_];
    td::result<td::receipt> shown = outcome;
    if (outcome)
        ++delivered_;
    else
    {
        auto const why = reported(outcome.error());
        count(why);
        if (why.code() != outcome.error().code())
            count_for_everybody(outcome.error());
        shown = why;
    }
    if (what_.as_json || results_)
    {
        auto const row = json_row(shown, true);
        if (what_.as_json)
            put(STDOUT_FILENO, row + "\n");
        keep(row);
    }
    if (!what_.as_json)
        write(shown, td::printable_text(who.person.to));
    ++next_;
    if (bar_)
        bar_->set(next_, failed_, unknown_);
}

td::failure report::reported(td::failure const& why) const
{
    if (what_.people[next_].in_doubt == doubt::none || why == td::condition::unknown)
        return why;
    // What happened now says nothing of the attempt before.
    return td::make_failure(td::errc::outcome_unknown,
                            "an interrupted run may have delivered it, and sending it again failed: " + why.message());
}

void report::write(td::result<td::receipt> const& outcome, std::string const& to)
{
    if (!outcome)
        write_failure(outcome.error(), to);
    else if (what_.resolve)
        put(STDOUT_FILENO, to + " is " + td::printable_text(outcome->person_id()) + "\n");
    else if (!bar_ || ::isatty(STDOUT_FILENO) == 0) // the bar counts them
        put(STDOUT_FILENO, "delivered to " + to + ": message " + td::printable_text(outcome->message_id()) + "\n");
}

void report::add_doubtful()
{
    for (auto const& who : what_.people)
    {
        if (who.in_doubt != doubt::permanent)
            break;
        add(td::make_failure(td::errc::outcome_unknown, who.reason));
        ++doubtful_;
    }
}

void report::results_lost(std::string const& why)
{
    put(STDERR_FILENO, "tidings-send: " + td::printable_text(why) + "\n");
    results_ = nullptr;
    lost_ = true;
}

void report::add_rest(td::failure const& why)
{
    if (next_ == what_.people.size())
        return;
    bool const tried = next_ == doubtful_;
    if (!what_.as_json)
    {
        auto const rest = what_.people.size() - next_ - 1;
        auto const recipients = td::printable_text(what_.people[next_].person.to) +
                                (rest == 0 ? std::string() : " and the " + std::to_string(rest) + " after");
        if (tried)
            write_failure(why, recipients);
        else
            put(STDERR_FILENO, "not tried: " + recipients +
                                   (why == td::errc::cancelled ? ", since the program was told to stop\n"
                                                               : ", since it would fail in the same way\n"));
    }
    for (; next_ != what_.people.size(); ++next_)
    {
        auto const of_this_one = reported(why);
        count(of_this_one);
        if (!what_.as_json && !results_)
            continue;
        auto const row = json_row(of_this_one, tried);
        if (what_.as_json)
            put(STDOUT_FILENO, row + "\n");
        keep(row);
    }
}

td::failure const* report::wrong_for_everybody() const noexcept
{
    return everybody_ != 0 && everybody_ + doubtful_ == next_ ? &*first_for_everybody_ : nullptr;
}

void report::count(td::failure const& why)
{
    if (why == td::condition::unknown)
    {
        ++unknown_;
        return;
    }
    ++failed_;
    if (is_usage(why))
        ++usage_;
    count_for_everybody(why);
}

void report::count_for_everybody(td::failure const& why)
{
    if (!concerns_everybody(why))
        return;
    ++everybody_;
    if (!first_for_everybody_)
        first_for_everybody_ = why;
}

std::string report::json_row(td::result<td::receipt> const& outcome, bool tried) const
{
    json::object out;
    out["outcome"] = outcome                                     ? what_.resolve ? "found" : "delivered"
                     : outcome.error() == td::condition::unknown ? "unknown"
                                                                 : "failed";
    out["provider"] = what_.provider;
    out["to"] = td::printable_text(what_.people[next_].person.to);
    out["message_id"] = outcome && !what_.resolve ? json::value(td::printable_text(outcome->message_id())) : nullptr;
    out["person_id"] = outcome ? json::value(td::printable_text(outcome->person_id())) : nullptr;
    out["attempts"] = outcome ? outcome->attempts() : tried ? outcome.error().attempts() : 0;
    out["key"] = what_.resolve ? json::value() : json::value(what_.key.view());
    for (auto const* const name : {"condition", "error", "code", "message", "log_id", "remedy"})
        out[name] = nullptr;
    if (!outcome)
    {
        td::failure const why = outcome.error();
        out["condition"] = condition_of(why);
        out["error"] = to_string(static_cast<td::errc>(why.code().value()));
        out["code"] = code_of(why);
        out["message"] = (tried ? "" : "not tried: ") + why.message();
        out["log_id"] = text_or_null(why.log_id());
        out["remedy"] = text_or_null(why.remedy(what_.language));
    }
    return json::serialize(out);
}

void report::keep(std::string const& row)
{
    if (!results_)
        return;
    try
    {
        results_->add(row);
    }
    catch (results_problem const& e)
    {
        results_lost(e.what());
    }
}

void report::write_failure(td::failure const& why, std::string const& recipients)
{
    std::string text = why == td::errc::outcome_unknown    ? "perhaps delivered to "
                       : why == td::errc::partly_delivered ? "partly delivered to "
                       : what_.resolve                     ? "not found: "
                                                           : "not delivered to ";
    auto const [reason, is_new] = reasons_.emplace(text + reason_of(why), recipients);
    text += recipients;
    if (!is_new)
    {
        if (concerns_everybody(why))
            ++same_reason_;
        else
            put(STDERR_FILENO, text + ", for the same reason as " + reason->second + "\n");
        return;
    }
    text += "\n  what happened  " + why.message() + "\n";
    if (auto const remedy = why.remedy(what_.language); !remedy.empty())
        text += "  what to do     " + remedy + "\n";
    if (why == td::condition::unknown && knows_keys_)
    {
        auto const key = std::string(what_.key.view());
        text += "  the key        " + key + "; repeat the same command with --key " + key + "\n";
    }
    put(STDERR_FILENO, text);
}

void report::put(int descriptor, std::string const& line)
{
    if (bar_)
        bar_->erase();
    if (!write_all(descriptor, line))
        lost_ = true;
    if (bar_)
        bar_->draw();
}

exit_code report::finish()
{
    if (bar_)
        bar_->erase();
    bar_.reset();
    try
    {
        if (results_)
            results_->sync();
    }
    catch (results_problem const& e)
    {
        results_lost(e.what());
    }
    if (same_reason_ != 0)
        put(STDERR_FILENO, "not delivered to " + std::to_string(same_reason_) +
                               " more, for the same reason; --json names each of them\n");
    auto const counts = std::to_string(delivered_) + (what_.resolve ? " found, " : " delivered, ") +
                        std::to_string(failed_) + " failed, " + std::to_string(unknown_) + " unknown\n";
    if (lost_)
    {
        write_all(STDERR_FILENO, "tidings-send: the report could not be written. " + counts);
        return unknown;
    }
    if (what_.people.size() > 1)
        write_all(STDERR_FILENO, counts);
    if (unknown_ != 0)
        return unknown;
    if (failed_ == 0)
        return all_delivered;
    return usage_ == failed_ && delivered_ == 0 ? usage : not_reached;
}

} // namespace tidings_send
