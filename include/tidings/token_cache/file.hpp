// Access tokens kept in files, so that the next process need not fetch them. POSIX only.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TOKEN_CACHE_FILE_HPP
#define TIDINGS_TOKEN_CACHE_FILE_HPP

#include <tidings/concepts.hpp>
#include <tidings/detail/duration.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/detail/keyed_store.hpp>
#include <tidings/token_cache/detail/single_flight.hpp>
#include <tidings/token_cache/detail/token_file.hpp>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace tidings::inline v0::token_cache {

/// Keeps tokens in a directory, one file for each application. Tokens in use are kept in memory too, so that a message
/// whose token is in memory reads no file. For command-line tools, and for services that start often: platforms limit
/// the fetching of tokens. Copies share their memory.
///
/// Of all processes that use one directory, one at a time fetches a token; the others wait and find it in the file. A
/// token that the platform rejects is removed from the file if it is still the one there. Expired tokens are removed
/// when a token is fetched. Only tokens are stored: no secret, no failure, no person.
///
/// The directory is created if it is missing, for this user alone (mode 0700, the files 0600). It has to be on a local
/// file system. A directory that belongs to other users or that they can write to, a file that other users can read,
/// and a directory that cannot be written to are `errc::invalid_argument` at each call that needs a token; no byte is
/// sent. A file that does not contain a valid token is ignored. If the disk is full or fails, the token is fetched and
/// kept in memory only: the message is sent.
///
/// @par Thread safety  Distinct objects, copies included: safe. Notifiers of different threads may share one.
class file
{
public:
    using policy_kind = token_cache_kind;

    /// The token of one application.
    class entry
    {
    public:
        using time_point = access_token::time_point;

        /// @param directory    None: tokens are kept in memory only.
        /// @param key          The key of the token; it contains no secret.
        /// @param refusals     How long a refusal is remembered.
        /// @param max_waiting  Calls that may wait for one token.
        entry(std::optional<std::filesystem::path> directory, std::string key,
              std::chrono::steady_clock::duration refusals,
              std::size_t max_waiting = detail::single_flight<access_token>::default_max_waiting)
            : directory_(std::move(directory)), key_(std::move(key)),
              memory_(refusals, detail::single_flight<access_token>::default_max_flight, max_waiting)
        {
        }

        cached_token peek(time_point now) { return memory_.peek(now); }

        boost::asio::awaitable<result<token_ptr>> obtain(token_fetch const& fetch, time_point now,
                                                         std::chrono::steady_clock::time_point deadline);

        boost::asio::awaitable<void> refresh(token_fetch const& fetch, time_point now);

        void drop(token_ptr const& rejected);

    private:
        /// The same moment by two clocks: that of the notifier, and that of the files.
        struct moment
        {
            explicit moment(time_point n) noexcept : steady(n), system(std::chrono::system_clock::now()) {}

            time_point steady;
            std::chrono::system_clock::time_point system;
        };

        /// The token in the file, or one that this process fetches while it has the lock.
        boost::asio::awaitable<result<token_ptr>> find_or_fetch(token_fetch const& fetch, moment begun,
                                                                std::chrono::steady_clock::time_point deadline);

        /// The same for a token that still works: not worth waiting for.
        boost::asio::awaitable<result<token_ptr>> find_or_renew(token_fetch const& fetch, moment begun);

        /// What a look at the file brings.
        struct attempt
        {
            attempt() = default;

            std::optional<detail::token_file> at; ///< None where there is nothing to keep a token in.
            std::optional<detail::token_file::lock> lock;
            token_ptr found;
            bool may_fetch = false; ///< No other process is fetching one, as far as this process can see.
        };

        /// Without waiting. A file system that fails temporarily is ignored.
        result<attempt> try_file(moment const& begun);

        // No result is assigned to: GCC 12 at -O1 warns that the tokens in it "may be used uninitialized".
        result<attempt> lock_and_read(moment const& begun);

        /// A token from the file as one of this process. A token that this process knows already does not become
        /// younger, and a rejected token is ignored.
        token_ptr accept(detail::kept_token&& stored, moment const& begun);

        void keep(result<token_ptr> const& fetched, moment const& begun, attempt const& where);

        std::optional<std::filesystem::path> const directory_;
        std::string const key_;
        detail::single_flight<access_token> memory_;
        std::mutex mutex_;
        token_ptr known_; ///< The latest token that went through here.
        detail::kept_token::time_point fetched_{};
        bool rejected_ = false;
    };

    /// Does no I/O. A fault of the directory is the failure of the first call that needs a token.
    ///
    /// @param directory  The directory of the files; missing parents are created too.
    explicit file(std::filesystem::path directory) : store_(std::make_shared<store>())
    {
        store_->directory = std::move(directory);
    }

    /// Keeps tokens in memory alone: for programs in which a setting decides whether there are files.
    static file off() { return file(); }

    /// As for `in_memory`: for how long wrong credentials fail at once. In this process; not kept in the file.
    file& refusal_lifetime(std::chrono::steady_clock::duration d);
    /// As for `in_memory`.
    file& max_waiting(std::size_t n) noexcept;

    /// The entry for the token that `key` names. Kept for the life of the cache.
    std::shared_ptr<entry> entry_for(std::string const& key);

private:
    struct store
    {
        std::optional<std::filesystem::path> directory;
        std::chrono::steady_clock::duration refusals = std::chrono::minutes(1);
        std::size_t max_waiting = detail::single_flight<access_token>::default_max_waiting;
        detail::keyed_store<entry> entries;
    };

    file() : store_(std::make_shared<store>()) {}

    std::shared_ptr<store> store_;
};
static_assert(token_cache_policy<file>);

} // namespace tidings::inline v0::token_cache

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/token_cache/impl/file.ipp>
#endif

#endif
