// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "file_inbox.hpp"

#include "../tools/files.hpp"
#include "../tools/usage_error.hpp"

#include <tidings/printable_text.hpp>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace tidings_event {

namespace td = tidings;
namespace sub = tidings::subscription;

namespace {

/// The right to write, against other programs.
class file_lock
{
public:
    explicit file_lock(int fd) noexcept : fd_(fd) { ::flock(fd_, LOCK_EX); }
    file_lock(file_lock const&) = delete;
    file_lock& operator=(file_lock const&) = delete;
    ~file_lock() { ::flock(fd_, LOCK_UN); }

private:
    int fd_;
};

std::string line_of(sub::notification const& n)
{
    boost::json::object out;
    out["person"] = n.to.login_name;
    out["kind"] = n.wants == sub::purpose::action ? "action" : "information";
    out["title"] = n.message.title().str(n.language);
    out["text"] = sub::plain_text_of(n.message, n.language);
    out["link"] = n.link.empty() ? boost::json::value() : boost::json::value(n.link);
    boost::json::array events;
    for (auto const& id : n.events)
        events.emplace_back(id);
    out["events"] = std::move(events);
    out["key"] = n.key.view();
    return boost::json::serialize(out) + '\n';
}

} // namespace

file_inbox::file_inbox(std::string path) : path_(std::move(path))
{
    constexpr mode_t mode = 0600;
    // Not blocking: opening a pipe would wait for somebody who reads from it.
    file_ = td::detail::descriptor(
        ::open(path_.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, mode));
    struct stat is;
    if (!file_ || ::fstat(file_.get(), &is) != 0)
        throw tools::usage_problem("--inbox", unusable("cannot be opened", errno).message());
    if (!S_ISREG(is.st_mode))
        throw tools::usage_problem("--inbox", td::printable_text(path_) + " is no regular file");
}

boost::asio::awaitable<td::result<td::receipt>> file_inbox::deliver(sub::notification const& n)
{
    file_lock const mine(file_.get());
    if (n.was_interrupted)
    {
        auto const is_there = contains(n.key.view());
        if (!is_there)
            co_return is_there.error();
        if (*is_there)
            co_return td::receipt(n.key.view(), n.to.login_name, 1);
    }
    if (auto const added = append(line_of(n)); !added)
        co_return added.error();
    co_return td::receipt(n.key.view(), n.to.login_name, 1);
}

td::result<void> file_inbox::append(std::string const& line)
{
    struct stat before;
    if (::fstat(file_.get(), &before) != 0)
        return unusable("cannot be examined", errno);
    std::string whole = line;
    char last = '\n';
    if (before.st_size > 0 && ::pread(file_.get(), &last, 1, before.st_size - 1) == 1 && last != '\n')
        whole = '\n' + whole; // a program was killed while it wrote the last line
    if (tools::write_all(file_.get(), whole))
        return {};
    int const error = errno;
    (void)!::ftruncate(file_.get(), before.st_size); // half a line must not stay
    return unusable("cannot be written", error);
}

td::result<bool> file_inbox::contains(std::string_view key) const
{
    constexpr std::size_t max_block = 1 << 20;
    auto const wanted = "\"key\":\"" + std::string(key) + "\"}\n";
    std::string block; // begins with the end of the one before, where the key may begin
    for (off_t at = 0;;)
    {
        block.erase(0, block.size() - std::min(block.size(), wanted.size() - 1));
        auto const kept = block.size();
        block.resize(kept + max_block);
        auto const got = ::pread(file_.get(), block.data() + kept, max_block, at);
        if (got < 0 && errno != EINTR)
            return unusable("cannot be read", errno);
        block.resize(kept + static_cast<std::size_t>(got < 0 ? 0 : got));
        if (block.find(wanted) != std::string::npos)
            return true;
        if (got == 0)
            return false;
        at += got < 0 ? 0 : got;
    }
}

td::failure file_inbox::unusable(std::string_view what, int error) const
{
    return td::make_failure(td::errc::invalid_argument, [&](td::diagnostics& facts) {
        facts.operation = "write to the inbox";
        facts.detail = td::printable_text(path_) + ' ' + std::string(what);
        facts.cause = td::error_code(error, boost::system::generic_category());
    });
}

} // namespace tidings_event
