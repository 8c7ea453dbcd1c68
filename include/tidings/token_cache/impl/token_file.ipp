// A file with an access token in it, which several processes share.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TOKEN_CACHE_IMPL_TOKEN_FILE_IPP
#define TIDINGS_TOKEN_CACHE_IMPL_TOKEN_FILE_IPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/crypto.hpp>
#include <tidings/detail/descriptor.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/detail/wiped_string.hpp>
#include <tidings/result.hpp>
#include <tidings/secret.hpp>
#include <tidings/token_cache/detail/token_file.hpp>
#include <tidings/wire/json_reader.hpp>
#include <tidings/wire/json_writer.hpp>
#include <tidings/wire/operation.hpp>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <dirent.h>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace tidings::inline v0::detail {

TIDINGS_COLD TIDINGS_DECL void write_token(wiped_string& out, kept_token const& token)
{
    wire::json_writer json(out);
    json.open_object().key("format").number(1);
    json.key("fetched").number(token.fetched.time_since_epoch().count());
    json.key("expires").number(token.expires.time_since_epoch().count());
    json.key("use_margin").number(token.margins.use.count());
    json.key("refresh_margin").number(token.margins.refresh.count());
    json.member("token", token.value.reveal()).close_object();
}

TIDINGS_COLD TIDINGS_DECL std::optional<kept_token> read_token(std::string_view text)
{
    struct reader final : wire::json_visitor
    {
        std::optional<std::int64_t> format, fetched, expires, use, refresh;
        secret token;

        void on_scalar(std::string_view path, wire::json_scalar const& value) override
        {
            if (path == "token")
                token = secret(value.text());
            else if (auto* const number = path == "format"           ? &format
                                          : path == "fetched"        ? &fetched
                                          : path == "expires"        ? &expires
                                          : path == "use_margin"     ? &use
                                          : path == "refresh_margin" ? &refresh
                                                                     : nullptr)
                *number = value.is_integer() ? std::optional(value.number()) : std::nullopt;
        }
    } found;
    if (!wire::read_json(text, found) || found.format != 1 || !found.fetched || !found.expires || !found.use ||
        !found.refresh)
        return {};
    constexpr std::int64_t max_length = 2 * 24 * 60 * 60; // than any token lives
    auto const is_plausible = [](std::int64_t seconds) { return seconds >= 0 && seconds <= max_length; };
    constexpr std::int64_t max_time = std::int64_t{1} << 40; // no sum overflows
    auto const token = found.token.reveal();
    if (*found.fetched < 0 || *found.fetched > max_time || *found.expires < 0 || *found.expires > max_time ||
        !is_plausible(*found.expires - *found.fetched) || !is_plausible(*found.use) || !is_plausible(*found.refresh) ||
        token.empty() || !std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < 0x7f; }))
        return {};
    using std::chrono::seconds;
    return kept_token(std::move(found.token), kept_token::time_point(seconds(*found.fetched)),
                      kept_token::time_point(seconds(*found.expires)),
                      wire::token_margins(seconds(*found.use), seconds(*found.refresh)));
}

TIDINGS_COLD TIDINGS_DECL token_file::lock::~lock()
{
    // Closing would not free it while a child that was forked meanwhile has the descriptor, too; and the child
    // must not free it.
    if (held_ && ::getpid() == owner_)
        ::flock(held_.get(), LOCK_UN);
}

TIDINGS_COLD TIDINGS_DECL result<token_file> token_file::open(std::filesystem::path const& directory,
                                                              std::string_view key)
{
    if (directory.empty())
        return make_failure(errc::invalid_argument, "the token cache needs the name of a directory");
    token_file out;
    out.path_ = directory;
    auto const stem = sha256_hex({key});
    if (!stem)
        return stem.error();
    out.stem_ = *stem;
    // With a slash behind it, a link would be followed.
    auto name = directory.string();
    while (name.size() > 1 && name.back() == '/')
        name.pop_back();
    // If it is removed between two calls, it is created again.
    constexpr int max_attempts = 20;
    int error = ENOENT;
    bool created = true;
    for (int i = 0; i != max_attempts && error == ENOENT && !*out.directory_; ++i)
    {
        out.directory_ =
            std::make_shared<descriptor>(::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        error = *out.directory_ ? 0 : errno;
        if (error != ENOENT)
            continue;
        created = make_directories(name);
        if (!created)
            error = errno;
    }
    if (!*out.directory_)
    {
        if (struct stat there; ::lstat(name.c_str(), &there) == 0 && S_ISLNK(there.st_mode))
            return out.describe_fault({}, "is a link; name the directory that it leads to");
        if (error == ENOENT && created)
            return failure(error_code(error, boost::system::system_category()));
        return out.describe_fault({}, "cannot be opened", error);
    }
    struct stat is;
    if (::fstat(out.directory_->get(), &is) != 0)
        return out.describe_fault({}, "cannot be examined", errno);
    if (is.st_uid != ::geteuid())
        return out.describe_fault({}, "belongs to another user; name a directory of your own");
    if ((is.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return out.describe_fault({}, "can be written to by other users; chmod 700 it, or name another directory");
    return out;
}

TIDINGS_COLD TIDINGS_DECL result<std::optional<kept_token>> token_file::read() const
{
    auto const name = stem_ + ".token";
    descriptor const in(::openat(directory_->get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!in && errno == ENOENT)
        return std::optional<kept_token>();
    if (!in)
        return describe_fault(name, "cannot be opened", errno);
    struct stat is;
    if (::fstat(in.get(), &is) != 0)
        return describe_fault(name, "cannot be examined", errno);
    if (!S_ISREG(is.st_mode))
        return describe_fault(name, "is not a regular file; remove it");
    if (is.st_uid != ::geteuid())
        return describe_fault(name, "belongs to another user; remove it, or name another directory");
    if ((is.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return describe_fault(name, "is open to other users, who may have read the token; remove it");
    constexpr std::size_t max_size = 16 * 1024;
    wiped_bytes text(max_size);
    std::size_t size = 0;
    while (size != text.size())
    {
        auto const got = ::read(in.get(), text.data() + size, text.size() - size);
        if (got == 0)
            return read_token({text.data(), size});
        if (got < 0 && errno != EINTR)
            return describe_fault(name, "cannot be read", errno);
        size += got < 0 ? 0 : static_cast<std::size_t>(got);
    }
    return std::optional<kept_token>();
}

TIDINGS_COLD TIDINGS_DECL result<std::optional<token_file::lock>> token_file::try_lock() const
{
    auto const name = stem_ + ".lock";
    for (;;)
    {
        descriptor held(::openat(directory_->get(), name.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
        if (!held)
            return describe_fault(name, "cannot be written", errno);
        if (::flock(held.get(), LOCK_EX | LOCK_NB) != 0)
        {
            if (errno == EWOULDBLOCK)
                return std::optional<lock>();
            if (errno != EINTR)
                return describe_fault(name, "cannot be locked", errno);
            continue;
        }
        struct stat mine;
        struct stat there;
        if (::fstat(held.get(), &mine) != 0)
            return describe_fault(name, "cannot be examined", errno);
        if (::fstatat(directory_->get(), name.c_str(), &there, AT_SYMLINK_NOFOLLOW) != 0)
        {
            if (errno != ENOENT) // removed: the next turn creates it, or sees that the directory is gone, too
                return describe_fault(name, "cannot be examined", errno);
            continue;
        }
        // Another process may have removed the file in `sweep` between the two calls; then it locks nothing.
        if (mine.st_ino == there.st_ino && mine.st_dev == there.st_dev)
            return std::optional<lock>(std::in_place, std::move(held));
    }
}

TIDINGS_COLD TIDINGS_DECL result<void> token_file::write(lock const&, kept_token const& token) const
{
    wiped_string text;
    write_token(text, token);
    auto const unfinished = stem_ + ".new";
    ::unlinkat(directory_->get(), unfinished.c_str(), 0); // of a process that died
    {
        descriptor const out(::openat(directory_->get(), unfinished.c_str(),
                                      O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
        if (!out)
            return describe_fault(unfinished, "cannot be written", errno);
        auto rest = text.view();
        while (!rest.empty())
        {
            auto const put = ::write(out.get(), rest.data(), rest.size());
            if (put < 0 && errno != EINTR)
                return give_up(unfinished);
            rest.remove_prefix(put < 0 ? 0 : static_cast<std::size_t>(put));
        }
        if (::fsync(out.get()) != 0)
            return give_up(unfinished);
    }
    if (::renameat(directory_->get(), unfinished.c_str(), directory_->get(), (stem_ + ".token").c_str()) != 0)
        return give_up(unfinished);
    return {};
}

TIDINGS_COLD TIDINGS_DECL void token_file::sweep(kept_token::time_point now) const
{
    for (auto& stem : stems())
    {
        if (stem == stem_)
            continue;
        token_file other(*this);
        other.stem_ = std::move(stem);
        if (other.is_live(now))
            continue;
        auto const held = other.try_lock();
        if (!held || !*held || other.is_live(now))
            continue;
        for (auto const* ending : {".token", ".new", ".lock"})
            ::unlinkat(directory_->get(), (other.stem_ + ending).c_str(), 0);
    }
}

TIDINGS_COLD TIDINGS_DECL bool token_file::make_directories(std::filesystem::path const& path)
{
    if (path.empty())
        return false;
    if (::mkdir(path.c_str(), S_IRWXU) == 0 || errno == EEXIST)
        return true;
    return errno == ENOENT && make_directories(path.parent_path()) &&
           (::mkdir(path.c_str(), S_IRWXU) == 0 || errno == EEXIST);
}

TIDINGS_COLD TIDINGS_DECL bool token_file::is_live(kept_token::time_point now) const
{
    auto const found = read();
    if (!found)
        return true;
    return *found && left_of((*found)->fetched, (*found)->expires, now) > std::chrono::seconds(0);
}

TIDINGS_COLD TIDINGS_DECL std::vector<std::string> token_file::stems() const
{
    std::vector<std::string> out;
    struct close_directory
    {
        void operator()(DIR* d) const noexcept { ::closedir(d); }
    };
    int const again = ::openat(directory_->get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (again < 0)
        return out;
    std::unique_ptr<DIR, close_directory> const list(::fdopendir(again));
    if (!list)
    {
        ::close(again);
        return out;
    }
    constexpr std::size_t digits = 64;
    while (auto const* const entry = ::readdir(list.get()))
    {
        std::string_view const name(entry->d_name);
        auto const ending = name.substr(std::min(digits, name.size()));
        if (ending != ".token" && ending != ".new" && ending != ".lock")
            continue;
        auto const stem = name.substr(0, digits);
        if (stem.find_first_not_of("0123456789abcdef") == stem.npos)
            out.emplace_back(stem);
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

TIDINGS_COLD TIDINGS_DECL failure token_file::give_up(std::string const& unfinished) const
{
    int const error = errno;
    ::unlinkat(directory_->get(), unfinished.c_str(), 0);
    return describe_fault(unfinished, "cannot be written", error);
}

TIDINGS_COLD TIDINGS_DECL failure token_file::describe_fault(std::string const& name, std::string_view what,
                                                             int error) const
{
    error_code const cause(error, boost::system::system_category());
    bool const directory_is_gone = error == ENOENT && !name.empty();
    if (is_temporary(error) || directory_is_gone)
        return cause;
    auto facts = new_facts();
    facts->detail = "the token cache ";
    facts->detail += (name.empty() ? path_ : path_ / name).string();
    facts->detail += ' ';
    facts->detail += what;
    facts->cause = cause;
    return {errc::invalid_argument, std::move(facts)};
}

} // namespace tidings::inline v0::detail

#endif
