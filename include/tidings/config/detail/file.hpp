// Files of settings: read with a limit, replaced as a whole.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_CONFIG_DETAIL_FILE_HPP
#define TIDINGS_CONFIG_DETAIL_FILE_HPP

#if !defined(__unix__) && !defined(__APPLE__)
#error "tidings: files of settings need POSIX"
#endif

#include <tidings/detail/descriptor.hpp>
#include <tidings/detail/wiped_string.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <string_view>
#include <system_error>

namespace tidings::inline v0::config::detail {

using tidings::detail::descriptor;

inline std::string error_text(std::string_view what, int error)
{
    return std::string(what) + ": " + std::generic_category().message(error);
}

enum class file_access
{
    any,
    private_to_user ///< No other user can read or change the file.
};

/// Why other users may know or change what a file contains; empty: they do not.
inline std::string exposure_of(struct stat const& is)
{
    if (is.st_uid != ::geteuid() && is.st_uid != 0)
        return "belongs to another user";
    auto const group = is.st_uid == 0 && ::geteuid() != 0 ? S_IWGRP | S_IXGRP : S_IRWXG;
    if ((is.st_mode & (static_cast<::mode_t>(group) | S_IRWXO)) != 0)
        return "is open to other users; chmod 600 it";
    return {};
}

/// Reads a regular file to its end.
///
/// @param about  What was read, if not null: the name may lead to another file a moment later.
/// @returns What is wrong with the file; empty: nothing.
inline std::string read_file(std::string const& path, std::size_t max_bytes, file_access access,
                             tidings::detail::wiped_bytes& out, struct stat* about = nullptr)
{
    // A pipe would be waited for.
    descriptor const in(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    if (!in)
        return error_text("cannot be opened", errno);
    struct stat is;
    if (::fstat(in.get(), &is) != 0)
        return error_text("cannot be examined", errno);
    if (!S_ISREG(is.st_mode))
        return "is not a regular file";
    if (about)
        *about = is;
    if (access == file_access::private_to_user)
        if (auto why = exposure_of(is); !why.empty())
            return why;
    constexpr std::size_t chunk = 4096;
    std::size_t size = 0;
    for (;;)
    {
        if (size == out.size())
            out.resize(size + chunk);
        auto const got = ::read(in.get(), out.data() + size, out.size() - size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return error_text("cannot be read", errno);
        size += static_cast<std::size_t>(got);
        if (size > max_bytes)
            return "has more than " + std::to_string(max_bytes) + " bytes";
        if (got == 0)
            break;
    }
    out.resize(size);
    return {};
}

/// Creates a file with a new name beside `target`.
///
/// @param is_private  The file gets mode 0600; otherwise 0644 less the umask.
/// @param name        Becomes its name.
/// @returns Its descriptor, negative if it cannot be created.
inline int create_beside(std::string const& target, bool is_private, std::string& name)
{
    name = target + ".XXXXXX";
    int const fd = ::mkostemp(name.data(), O_CLOEXEC); // mode 0600
    if (fd < 0 || is_private)
        return fd;
    // To read the umask is to change it for a moment, for other threads, too. A file that is created takes it.
    ::close(fd);
    ::unlink(name.c_str());
    return ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH);
}

/// Puts `content` in place of the file, which is created if it is missing. Another process sees the old content or the
/// new one; so does this one after a crash. A symbolic link stays, and what it leads to is replaced.
///
/// @param has_secret  The file gets mode 0600. Otherwise it keeps its mode, and a new one gets 0644 less the umask.
/// @returns What went wrong; empty: nothing.
inline std::string replace_file(std::string const& path, std::string_view content, bool has_secret)
{
    std::string target = path;
    if (char* const real = ::realpath(path.c_str(), nullptr))
    {
        target = real;
        std::free(real);
    }
    else if (struct stat link; ::lstat(path.c_str(), &link) == 0 && S_ISLNK(link.st_mode))
        return error_text("is a symbolic link that leads nowhere", errno);
    struct stat is;
    bool const exists = ::stat(target.c_str(), &is) == 0;
    if (exists && !S_ISREG(is.st_mode))
        return "is not a regular file";
    std::string unfinished;
    descriptor out(create_beside(target, has_secret || exists, unfinished));
    if (!out)
        return error_text("cannot be written", errno);
    auto const give_up = [&](std::string_view what) {
        auto why = error_text(what, errno);
        ::unlink(unfinished.c_str());
        return why;
    };
    for (auto rest = content; !rest.empty();)
    {
        auto const put = ::write(out.get(), rest.data(), rest.size());
        if (put < 0 && errno != EINTR)
            return give_up("cannot be written");
        rest.remove_prefix(put < 0 ? 0 : static_cast<std::size_t>(put));
    }
    struct stat made;
    if (::fstat(out.get(), &made) != 0)
        return give_up("cannot be examined");
    // A file that root replaces keeps its owner, and one that its group may read keeps its group.
    bool const keeps_group = exists && !has_secret && made.st_gid != is.st_gid;
    if (exists && (made.st_uid != is.st_uid || keeps_group) && ::fchown(out.get(), is.st_uid, is.st_gid) != 0)
        return give_up("cannot be given its owner");
    if (exists && !has_secret && ::fchmod(out.get(), is.st_mode & 07777) != 0)
        return give_up("cannot be given its mode");
    if (::fsync(out.get()) != 0 || !out.close())
        return give_up("cannot be written");
    if (::rename(unfinished.c_str(), target.c_str()) != 0)
        return give_up("cannot be replaced");
    auto const slash = target.find_last_of('/');
    descriptor const directory(
        ::open(slash == target.npos ? "." : target.substr(0, slash + 1).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory)
        ::fsync(directory.get()); // the new name is there after a power failure, too
    return {};
}

} // namespace tidings::inline v0::config::detail

#endif
