// Access tokens kept in files, so that the next process need not fetch them. POSIX only.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TOKEN_CACHE_IMPL_FILE_IPP
#define TIDINGS_TOKEN_CACHE_IMPL_FILE_IPP

#include <tidings/concepts.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/detail/duration.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/detail/keyed_store.hpp>
#include <tidings/detail/wait.hpp>
#include <tidings/token_cache/detail/single_flight.hpp>
#include <tidings/token_cache/detail/token_file.hpp>
#include <tidings/token_cache/file.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace tidings::inline v0::token_cache {

TIDINGS_COLD TIDINGS_DECL boost::asio::awaitable<result<token_ptr>> file::entry::obtain(
    token_fetch const& fetch, time_point now, std::chrono::steady_clock::time_point deadline)
{
    moment const begun(now);
    token_fetch const read_or_fetch = [this, &fetch, begun, deadline] { return find_or_fetch(fetch, begun, deadline); };
    result<token_ptr> got = co_await memory_.obtain(read_or_fetch, now, deadline);
    co_return got;
}

TIDINGS_COLD TIDINGS_DECL boost::asio::awaitable<void> file::entry::refresh(token_fetch const& fetch, time_point now)
{
    moment const begun(now);
    token_fetch const read_or_fetch = [this, &fetch, begun] { return find_or_renew(fetch, begun); };
    co_await memory_.refresh(read_or_fetch, now);
}

TIDINGS_COLD TIDINGS_DECL void file::entry::drop(token_ptr const& rejected)
{
    memory_.drop(rejected);
    {
        std::lock_guard const lock(mutex_);
        if (known_ && known_->value() == rejected->value())
            rejected_ = true;
    }
    if (!directory_)
        return;
    auto const at = detail::token_file::open(*directory_, key_);
    if (!at)
        return;
    // The process with the lock is about to write another token.
    auto const lock = at->try_lock();
    if (!lock || !*lock)
        return;
    auto const stored = at->read();
    if (stored && *stored && (*stored)->value == rejected->value())
        at->remove(**lock);
}

TIDINGS_COLD TIDINGS_DECL boost::asio::awaitable<result<token_ptr>> file::entry::find_or_fetch(
    token_fetch const& fetch, moment begun, std::chrono::steady_clock::time_point deadline)
{
    using std::chrono::milliseconds;
    using std::chrono::steady_clock;
    constexpr milliseconds max_pause{50};
    // A process that holds the lock that long hangs or was stopped: the lock saves requests, and one request
    // more does no harm.
    constexpr std::chrono::seconds lock_timeout{5};
    auto const ex = co_await boost::asio::this_coro::executor;
    auto const start = steady_clock::now();
    auto const lock_deadline =
        deadline - start > 2 * lock_timeout ? start + lock_timeout : start + (deadline - start) / 2;
    for (milliseconds pause{5};; pause = std::min(2 * pause, max_pause))
    {
        result<attempt> tried = try_file(begun);
        if (!tried)
            co_return tried.error();
        if (tried->found && freshness_of(*tried->found, begun.steady) != freshness::must_fetch)
            co_return std::move(tried->found);
        if (tried->may_fetch || steady_clock::now() >= lock_deadline)
        {
            if (tried->lock)
                tried->at->remove(*tried->lock);
            result<token_ptr> fetched = co_await fetch();
            keep(fetched, begun, *tried);
            co_return fetched;
        }
        boost::asio::steady_timer timer(ex, std::min(steady_clock::now() + pause, deadline));
        boost::system::error_code const ec = co_await detail::expiry_of(timer);
        auto const cancellation = co_await boost::asio::this_coro::cancellation_state;
        if (ec || cancellation.cancelled() != boost::asio::cancellation_type::none)
            co_return failure(errc::cancelled);
        if (steady_clock::now() >= deadline)
            co_return make_failure(errc::timed_out, "while another process fetched the access token");
    }
}

TIDINGS_COLD TIDINGS_DECL boost::asio::awaitable<result<token_ptr>> file::entry::find_or_renew(token_fetch const& fetch,
                                                                                               moment begun)
{
    result<attempt> tried = try_file(begun);
    if (!tried)
        co_return tried.error();
    if (tried->found && freshness_of(*tried->found, begun.steady) == freshness::use)
        co_return std::move(tried->found);
    if (!tried->may_fetch)
        co_return failure(errc::cancelled); // another process is at it
    result<token_ptr> fetched = co_await fetch();
    keep(fetched, begun, *tried);
    co_return fetched;
}

TIDINGS_COLD TIDINGS_DECL result<file::entry::attempt> file::entry::try_file(moment const& begun)
{
    // A directory that was removed while it was read is created again.
    constexpr int max_attempts = 20;
    for (int i = 0; directory_ && i != max_attempts; ++i)
    {
        result<attempt> tried = lock_and_read(begun);
        if (tried || tried.error() == errc::invalid_argument) // which the caller has to correct
            return tried;
        if (!detail::is_removed_directory(tried.error()))
            break;
    }
    attempt without_file;
    without_file.may_fetch = true;
    return without_file;
}

TIDINGS_COLD TIDINGS_DECL result<file::entry::attempt> file::entry::lock_and_read(moment const& begun)
{
    attempt out;
    auto at = detail::token_file::open(*directory_, key_);
    if (!at)
        return at.error();
    auto lock = at->try_lock();
    if (!lock)
        return lock.error();
    auto stored = at->read();
    if (!stored)
        return stored.error();
    out.may_fetch = lock->has_value();
    if (*stored)
        out.found = accept(std::move(**stored), begun);
    out.lock = *std::move(lock);
    out.at = *std::move(at);
    return out;
}

TIDINGS_COLD TIDINGS_DECL token_ptr file::entry::accept(detail::kept_token&& stored, moment const& begun)
{
    using std::chrono::seconds;
    std::lock_guard const lock(mutex_);
    if (known_ && known_->value() == stored.value && fetched_ == stored.fetched)
        return rejected_ ? nullptr : known_;
    auto const now = std::chrono::floor<seconds>(std::chrono::system_clock::now());
    auto const left = detail::left_of(stored.fetched, stored.expires, now);
    known_ = std::make_shared<access_token const>(std::move(stored.value), begun.steady + left, stored.margins);
    fetched_ = stored.fetched;
    rejected_ = false;
    return known_;
}

TIDINGS_COLD TIDINGS_DECL void file::entry::keep(result<token_ptr> const& fetched, moment const& begun,
                                                 attempt const& where)
{
    if (!fetched)
        return;
    using std::chrono::seconds;
    token_ptr const& token = *fetched;
    auto const at = std::chrono::floor<seconds>(begun.system);
    {
        std::lock_guard const lock(mutex_);
        known_ = token;
        fetched_ = at;
        rejected_ = false;
    }
    if (!where.lock)
        return;
    detail::kept_token const kept(token->value(), at, at + std::chrono::floor<seconds>(token->expires() - begun.steady),
                                  token->margins());
    auto const now = std::chrono::floor<seconds>(std::chrono::system_clock::now());
    auto const written = where.at->write(*where.lock, kept);
    where.at->sweep(now);
    if (written || !detail::is_removed_directory(written.error()))
        return; // a token that cannot be kept is used all the same
    // The directory was removed while the token was fetched.
    auto const again = detail::token_file::open(*directory_, key_);
    if (!again)
        return;
    auto const lock = again->try_lock();
    if (lock && *lock)
        static_cast<void>(again->write(**lock, kept));
}

TIDINGS_COLD TIDINGS_DECL file& file::refusal_lifetime(std::chrono::steady_clock::duration d)
{
    store_->refusals = detail::bounded(d);
    return *this;
}

TIDINGS_COLD TIDINGS_DECL file& file::max_waiting(std::size_t n) noexcept
{
    store_->max_waiting = n;
    return *this;
}

TIDINGS_COLD TIDINGS_DECL std::shared_ptr<file::entry> file::entry_for(std::string const& key)
{
    return store_->entries.find_or_make(key, [this, &key] {
        return std::make_shared<entry>(store_->directory, key, store_->refusals, store_->max_waiting);
    });
}

} // namespace tidings::inline v0::token_cache

#endif
