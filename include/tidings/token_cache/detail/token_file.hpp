// A file with an access token in it, which several processes share.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TOKEN_CACHE_DETAIL_TOKEN_FILE_HPP
#define TIDINGS_TOKEN_CACHE_DETAIL_TOKEN_FILE_HPP

#if !defined(__unix__) && !defined(__APPLE__)
#error "tidings: token_cache::file needs POSIX files and locks; use token_cache::in_memory on this system"
#endif

#include <tidings/detail/config.hpp>
#include <tidings/detail/crypto.hpp>
#include <tidings/detail/descriptor.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/detail/wiped_string.hpp>
#include <tidings/result.hpp>
#include <tidings/secret.hpp>
#include <tidings/wire/json_reader.hpp>
#include <tidings/wire/json_writer.hpp>
#include <tidings/wire/operation.hpp>

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0::detail {

// ---- The content of the file

/// A token with the times of its life by the system's clock, which is what processes have in common.
class kept_token
{
public:
    using time_point = std::chrono::sys_seconds;

    kept_token() = default;
    kept_token(secret v, time_point f, time_point e, wire::token_margins m) noexcept
        : value(std::move(v)), fetched(f), expires(e), margins(m)
    {
    }

    secret value;
    time_point fetched{};
    time_point expires{};
    wire::token_margins margins;
};

/// The remaining lifetime of a token at `now`. Nothing if it has expired, and nothing if it comes from the future: then
/// the clock was set back, and the age of the token is not known. So no setting of the clock extends its original
/// lifetime.
constexpr std::chrono::seconds left_of(kept_token::time_point fetched, kept_token::time_point expires,
                                       kept_token::time_point now) noexcept
{
    return now < fetched || expires <= now ? std::chrono::seconds(0) : expires - now;
}

TIDINGS_DECL void write_token(wiped_string& out, kept_token const& token);

/// @returns The token, or nothing when the text is not what `write_token` writes: half a file, or the file of
///          another program or version.
TIDINGS_DECL std::optional<kept_token> read_token(std::string_view text);

// ---- The file

/// Whether a fault of the file system says nothing about the settings: a full disk, a limit on the size of files, too
/// many open files. Then a token is fetched and not kept.
constexpr bool is_temporary(int error) noexcept
{
    switch (error)
    {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
    case EIO:
    case EMFILE:
    case ENFILE:
    case ENOMEM:
    case EINTR:
    case ENOLCK: return true;
    default: return false;
    }
}

/// Whether the directory of a token file was removed while it was in use.
inline bool is_removed_directory(failure const& f) noexcept
{
    return f.code() == error_code(ENOENT, boost::system::system_category());
}

/// The file of one token, in a directory that no other user can write to. All its operations complete at once.
///
/// `errc::invalid_argument` is a failure that the caller has to correct: it describes the fault of the directory or the
/// file. Any other failure is the system's, and temporary; `ENOENT` means that the directory was removed after it was
/// opened.
///
/// @par Thread safety  Distinct objects: safe, also for the same file, in several processes.
class token_file
{
public:
    /// Held by the process that fetches; freed by the destructor, or when its process dies.
    class lock
    {
    public:
        explicit lock(descriptor held) noexcept : held_(std::move(held)) {}
        lock(lock&&) noexcept = default;
        lock& operator=(lock&&) noexcept = default;
        ~lock();

    private:
        descriptor held_;
        ::pid_t owner_ = ::getpid();
    };

    /// Opens the directory, which is created if it is missing, for this user alone.
    ///
    /// @param key  Names the token; it does not show in the file.
    static result<token_file> open(std::filesystem::path const& directory, std::string_view key);

    /// The token in the file; nothing if there is no token, or no valid one.
    result<std::optional<kept_token>> read() const;

    /// The lock if it is free. Does not wait.
    result<std::optional<lock>> try_lock() const;

    /// Puts a token in place of what is there. A reader sees the old file or the new one, never half of one.
    result<void> write(lock const&, kept_token const& token) const;

    /// Removes the token.
    void remove(lock const&) const { ::unlinkat(directory_->get(), (stem_ + ".token").c_str(), 0); }

    /// Removes expired tokens of other keys, and files that their processes left behind: the token of a secret that was
    /// changed is never used again.
    void sweep(kept_token::time_point now) const;

private:
    token_file() = default;

    static bool make_directories(std::filesystem::path const& path);

    /// Whether there is a token of some time left, or something that is not ours to remove.
    bool is_live(kept_token::time_point now) const;

    /// The stems of the files in the directory.
    std::vector<std::string> stems() const;

    failure give_up(std::string const& unfinished) const;

    /// @param name  Of a file in the directory, or nothing for the directory itself.
    failure describe_fault(std::string const& name, std::string_view what, int error = 0) const;

    std::filesystem::path path_;
    std::shared_ptr<descriptor> directory_ = std::make_shared<descriptor>();
    std::string stem_;
};

} // namespace tidings::inline v0::detail

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/token_cache/impl/token_file.ipp>
#endif

#endif
