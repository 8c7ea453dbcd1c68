// Reads and writes the file of a log of messages.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SUBSCRIPTION_IMPL_FILE_LOG_IPP
#define TIDINGS_SUBSCRIPTION_IMPL_FILE_LOG_IPP

#include <tidings/detail/failure.hpp>
#include <tidings/detail/utf8.hpp>
#include <tidings/printable_text.hpp>
#include <tidings/subscription/file_log.hpp>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/system/error_code.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <optional>
#include <random>
#include <system_error>

namespace tidings::inline v0::subscription::detail {

namespace journal {

inline constexpr std::string_view header = "{\"deliveries\":1}\n";
/// Bytes that are locked; the file has none there.
inline constexpr std::int64_t write_lock = std::int64_t{1} << 62;
inline constexpr std::int64_t run_lock = std::int64_t{1} << 61;

inline std::string_view text_of(boost::json::object const& from, std::string_view name)
{
    auto const* const value = from.if_contains(name);
    auto const* const text = value ? value->if_string() : nullptr;
    return text ? std::string_view(text->data(), text->size()) : std::string_view();
}

inline std::optional<std::int64_t> number_of(boost::json::object const& from, std::string_view name)
{
    auto const* const value = from.if_contains(name);
    if (auto const* const number = value ? value->if_int64() : nullptr)
        return *number;
    return std::nullopt;
}

/// A time from 1970 to the year 9999.
inline std::optional<std::chrono::sys_seconds> time_of(boost::json::object const& from, std::string_view name)
{
    constexpr std::int64_t end = 253'402'300'800;
    auto const seconds = number_of(from, name);
    if (!seconds || *seconds < 0 || *seconds >= end)
        return std::nullopt;
    return std::chrono::sys_seconds(std::chrono::seconds(*seconds));
}

/// A line that is not UTF-8 could not be read.
inline result<void> check_names(delivery_id const& id)
{
    for (auto const* const name : {&id.event, &id.person, &id.route})
        if (tidings::detail::find_invalid_utf8(*name) != std::string_view::npos)
            return make_failure(errc::invalid_argument,
                                "the message cannot be remembered, since " + printable_text(*name) + " is not UTF-8");
    return {};
}

inline boost::json::object line_of(delivery_id const& id, std::string_view status)
{
    boost::json::object out;
    out["event"] = id.event;
    out["person"] = id.person;
    out["route"] = id.route;
    out["status"] = status;
    return out;
}

inline std::string as_line(boost::json::object const& of)
{
    return boost::json::serialize(of) + '\n';
}

} // namespace journal

/// The right to write, against other programs.
class delivery_journal::lock
{
public:
    explicit lock(delivery_journal const& of)
        : of_(of), is_held_(of.set_lock(journal::write_lock, F_WRLCK, F_OFD_SETLKW))
    {
    }
    lock(lock const&) = delete;
    lock& operator=(lock const&) = delete;
    ~lock()
    {
        if (is_held_)
            of_.set_lock(journal::write_lock, F_UNLCK, F_OFD_SETLK);
    }

    explicit operator bool() const noexcept { return is_held_; }

private:
    delivery_journal const& of_;
    bool is_held_;
};

TIDINGS_DECL result<std::shared_ptr<delivery_journal>> delivery_journal::open(std::string path)
{
    constexpr mode_t mode = 0600; // who was sent what is nobody else's business
    // Not blocking: opening a pipe would wait for somebody who reads from it.
    tidings::detail::descriptor file(
        ::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, mode));
    int const error = file ? 0 : errno;
    std::shared_ptr<delivery_journal> out(new delivery_journal(std::move(path), std::move(file), ::getpid()));
    if (error != 0)
        return out->unusable("cannot be opened", error);
    struct stat is;
    if (::fstat(out->file_.get(), &is) != 0)
        return out->unusable("cannot be examined", errno);
    if (!S_ISREG(is.st_mode))
        return out->unusable("is not a regular file");
    do
        out->run_ = static_cast<std::uint32_t>(std::random_device()());
    while (!out->set_lock(journal::run_lock + out->run_, F_WRLCK, F_OFD_SETLK) && (errno == EAGAIN || errno == EACCES));
    lock const mine(*out);
    if (!mine)
        return out->unusable("cannot be locked", errno);
    if (is.st_size == 0)
    {
        // Another program may have written between the examination and the lock: then this is read, and not written.
        if (::fstat(out->file_.get(), &is) == 0 && is.st_size == 0)
            if (auto const written = out->write(journal::header); !written)
                return written.error();
        if (is.st_size == 0)
            return out;
    }
    if (auto const current = out->update(); !current)
        return current.error();
    return out;
}

TIDINGS_DECL bool delivery_journal::set_lock(std::int64_t offset, short type, int command) const
{
    struct flock range = {};
    range.l_type = type;
    range.l_whence = SEEK_SET;
    range.l_start = offset;
    range.l_len = 1;
    int done = 0;
    do
        done = ::fcntl(file_.get(), command, &range);
    while (done != 0 && errno == EINTR);
    return done == 0;
}

TIDINGS_DECL bool delivery_journal::is_running(std::uint32_t run) const
{
    struct flock range = {};
    range.l_type = F_WRLCK;
    range.l_whence = SEEK_SET;
    range.l_start = journal::run_lock + run;
    range.l_len = 1;
    return ::fcntl(file_.get(), F_OFD_GETLK, &range) != 0 || range.l_type != F_UNLCK;
}

TIDINGS_DECL failure delivery_journal::unusable(std::string_view what, int error) const
{
    return make_failure(errc::invalid_argument, [&](diagnostics& facts) {
        facts.operation = "remember deliveries";
        facts.detail = printable_text(path_) + ' ' + std::string(what);
        if (error != 0)
            facts.cause = error_code(error, boost::system::generic_category());
    });
}

TIDINGS_DECL result<void> delivery_journal::update()
{
    struct stat is;
    if (::fstat(file_.get(), &is) != 0)
        return unusable("cannot be examined", errno);
    if (::getpid() != process_)
        return unusable("was opened before this process was forked; open it in this process");
    if (is.st_nlink == 0)
        return unusable("was removed or replaced; start the program anew to use the file that is there now");
    if (is.st_size < read_)
        return unusable("was cut off by another program");
    constexpr std::int64_t max_block = 1 << 20;
    std::string unread; // begins with the line after `read_`
    for (auto at = read_; at < is.st_size;)
    {
        auto const before = unread.size();
        unread.resize(before + static_cast<std::size_t>(std::min(max_block, is.st_size - at)));
        auto const n = ::pread(file_.get(), unread.data() + before, unread.size() - before, at);
        if (n == 0)
            return unusable("was cut off by another program");
        if (n < 0 && errno != EINTR)
            return unusable("cannot be read", errno);
        unread.resize(before + static_cast<std::size_t>(n < 0 ? 0 : n));
        at += n < 0 ? 0 : n;
        if (auto const good = read_lines(unread); !good)
            return good.error();
    }
    if (unread.empty())
        return {};
    // A program was killed while it wrote this line, which so has had no effect.
    if (::ftruncate(file_.get(), read_) != 0)
        return unusable("cannot be written", errno);
    if (lines_ == 0)
        return write(journal::header);
    return {};
}

TIDINGS_DECL result<void> delivery_journal::read_lines(std::string& unread)
{
    std::string_view rest = unread;
    while (rest.find('\n') != rest.npos)
    {
        auto const line = rest.substr(0, rest.find('\n'));
        if (lines_ == 0 && line != journal::header.substr(0, journal::header.size() - 1))
            return unusable("is no log of deliveries");
        if (lines_ != 0 && !read_line(line))
            return unusable("has a line that is none of a log of deliveries: line " + std::to_string(lines_ + 1));
        ++lines_;
        rest.remove_prefix(line.size() + 1);
        read_ += static_cast<std::int64_t>(line.size()) + 1;
    }
    if (lines_ == 0 && !journal::header.starts_with(rest))
        return unusable("is no log of deliveries");
    unread.erase(0, unread.size() - rest.size());
    return {};
}

TIDINGS_DECL bool delivery_journal::read_line(std::string_view line)
{
    boost::system::error_code ec;
    auto const parsed = boost::json::parse({line.data(), line.size()}, ec);
    auto const* const row = ec ? nullptr : parsed.if_object();
    if (!row)
        return false;
    std::string event(journal::text_of(*row, "event"));
    if (auto const* const document = row->if_contains("document"))
    {
        if (!document->is_string() || event.empty())
            return false;
        documents_.insert_or_assign(std::move(event),
                                    std::make_shared<std::string const>(journal::text_of(*row, "document")));
        return true;
    }
    delivery_id const id(std::move(event), std::string(journal::text_of(*row, "person")),
                         std::string(journal::text_of(*row, "route")));
    auto const status = journal::text_of(*row, "status");
    running_.erase(id);
    if (status == "running")
    {
        auto const run = journal::number_of(*row, "run");
        auto const time = journal::time_of(*row, "time");
        auto const key = journal::text_of(*row, "key");
        if (!run || !time || key.empty())
            return false;
        auto& known = table_[id];
        // The program found that the one before it had ended.
        known.was_interrupted =
            known.now == delivery_table::state::running || known.now == delivery_table::state::interrupted;
        known.now = delivery_table::state::running;
        known.since = *time;
        known.key.emplace(key);
        running_[id] = static_cast<std::uint32_t>(*run);
        return true;
    }
    if (status == "held")
    {
        auto const reason = journal::text_of(*row, "reason");
        auto const until = journal::time_of(*row, "until");
        auto const document = documents_.find(id.event);
        if (!until || document == documents_.end())
            return false;
        auto& known = table_[id];
        known.held = hold{reason == "digest" ? hold_reason::digest : hold_reason::quiet_hours, *until};
        known.event = document->second;
        table_.place(known);
        return true;
    }
    for (auto const became : {delivery_status::delivered, delivery_status::failed, delivery_status::unknown})
        if (status == to_string(became))
        {
            table_.end(id, became);
            return true;
        }
    return false;
}

TIDINGS_DECL result<void> delivery_journal::write(std::string_view lines)
{
    for (auto rest = lines; !rest.empty();)
    {
        auto const put = ::write(file_.get(), rest.data(), rest.size());
        if (put < 0 && errno != EINTR)
        {
            int const error = errno;
            (void)!::ftruncate(file_.get(), read_); // half a line must not stay
            return unusable("cannot be written", error);
        }
        rest.remove_prefix(put < 0 ? 0 : static_cast<std::size_t>(put));
    }
    read_ += static_cast<std::int64_t>(lines.size());
    for (char const c : lines)
        lines_ += c == '\n' ? 1 : 0;
    return {};
}

TIDINGS_DECL void delivery_journal::find_interrupted(delivery_id const& id, delivery_table::entry& known)
{
    auto const other = running_.find(id);
    if (other == running_.end() || is_running(other->second))
        return;
    known.now = delivery_table::state::interrupted;
    running_.erase(other);
}

TIDINGS_DECL result<attempt> delivery_journal::begin(delivery_id const& id, idempotency_key const& key)
{
    if (auto const good = journal::check_names(id); !good)
        return good.error();
    lock const mine(*this);
    if (!mine)
        return unusable("cannot be locked", errno);
    if (auto const current = update(); !current)
        return current.error();
    auto& known = table_[id];
    find_interrupted(id, known);
    auto next = known;
    auto begun = next.begin(key);
    if (begun == attempt::kind::done)
        return begun;
    if (begun == attempt::kind::first)
        next.since = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    auto line = journal::line_of(id, "running");
    line["run"] = run_;
    line["time"] = next.since.time_since_epoch().count();
    line["key"] = next.key->view();
    if (auto const written = write(journal::as_line(line)); !written)
        return written.error();
    known = std::move(next);
    return begun;
}

TIDINGS_DECL result<void> delivery_journal::end(delivery_id const& id, delivery_status became)
{
    lock const mine(*this);
    if (!mine)
        return unusable("cannot be locked", errno);
    if (auto const current = update(); !current)
        return current.error();
    table_.end(id, became);
    return write(journal::as_line(journal::line_of(id, to_string(became))));
}

TIDINGS_DECL result<attempt> delivery_journal::hold_back(held_delivery const& h)
{
    if (auto const good = journal::check_names(h.id); !good)
        return good.error();
    lock const mine(*this);
    if (!mine)
        return unusable("cannot be locked", errno);
    if (auto const current = update(); !current)
        return current.error();
    auto& known = table_[h.id];
    find_interrupted(h.id, known);
    auto next = known;
    auto kept = next.hold_back(h);
    auto& document = documents_[h.id.event];
    bool const is_new = !document || *document != *h.event;
    // Held before, for the same reason, and the file has this document for it and not one of before.
    bool const is_written = known.held == h.reason && known.event && *known.event == *h.event;
    if (kept == attempt::kind::done || is_written)
        return kept;
    std::string lines;
    if (is_new)
    {
        boost::json::object line;
        line["event"] = h.id.event;
        line["document"] = *h.event;
        lines += journal::as_line(line);
    }
    auto line = journal::line_of(h.id, "held");
    line["reason"] = h.reason.reason == hold_reason::digest ? "digest" : "quiet_hours";
    line["until"] = h.reason.until.time_since_epoch().count();
    if (auto const written = write(lines + journal::as_line(line)); !written)
        return written.error();
    if (is_new)
        document = h.event;
    known = std::move(next);
    known.event = document;
    table_.place(known);
    return kept;
}

TIDINGS_DECL result<std::vector<held_delivery>> delivery_journal::held()
{
    lock const mine(*this);
    if (!mine)
        return unusable("cannot be locked", errno);
    if (auto const current = update(); !current)
        return current.error();
    std::vector<delivery_id> others;
    for (auto const& [id, run] : running_)
        others.push_back(id);
    for (auto const& id : others)
        find_interrupted(id, table_[id]);
    return table_.held();
}

} // namespace tidings::inline v0::subscription::detail

#endif
