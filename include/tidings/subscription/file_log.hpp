// Remembers messages in a file that several programs share. Needs POSIX with open file description locks.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SUBSCRIPTION_FILE_LOG_HPP
#define TIDINGS_SUBSCRIPTION_FILE_LOG_HPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/descriptor.hpp>
#include <tidings/result.hpp>
#include <tidings/subscription/delivery.hpp>
#include <tidings/subscription/delivery_log.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0::subscription {

namespace detail {

/// The file of a log: each line is something that happened to one message.
class delivery_journal
{
public:
    delivery_journal(delivery_journal const&) = delete;
    delivery_journal& operator=(delivery_journal const&) = delete;

    static TIDINGS_DECL result<std::shared_ptr<delivery_journal>> open(std::string path);

    TIDINGS_DECL result<attempt> begin(delivery_id const& id, idempotency_key const& key);
    TIDINGS_DECL result<void> end(delivery_id const& id, delivery_status became);
    TIDINGS_DECL result<attempt> hold_back(held_delivery const& h);
    TIDINGS_DECL result<std::vector<held_delivery>> held();

private:
    class lock;

    delivery_journal(std::string path, tidings::detail::descriptor file, std::int64_t process) noexcept
        : path_(std::move(path)), file_(std::move(file)), process_(process)
    {
    }

    /// @param command  `F_OFD_SETLKW` waits for the lock.
    TIDINGS_DECL bool set_lock(std::int64_t offset, short type, int command) const;
    TIDINGS_DECL bool is_running(std::uint32_t run) const;
    TIDINGS_DECL failure unusable(std::string_view what, int error = 0) const;
    /// Reads what other programs have written. Under the lock.
    TIDINGS_DECL result<void> update();
    /// Reads whole lines, and leaves the rest.
    TIDINGS_DECL result<void> read_lines(std::string& unread);
    TIDINGS_DECL bool read_line(std::string_view line);
    /// Appends lines as a whole. Under the lock.
    TIDINGS_DECL result<void> write(std::string_view lines);
    /// A message that a program which has ended was sending is interrupted.
    TIDINGS_DECL void find_interrupted(delivery_id const& id, delivery_table::entry& known);

    std::string path_;
    tidings::detail::descriptor file_;
    std::int64_t process_;  ///< The process that opened the file: locks do not exclude one that it forked.
    std::uint32_t run_ = 0; ///< Names this object in the file.
    std::int64_t read_ = 0;
    std::size_t lines_ = 0;
    delivery_table table_;
    std::map<delivery_id, std::uint32_t>
        running_; ///< Messages that other programs are sending, or were when they ended.
    std::map<std::string, std::shared_ptr<std::string const>, std::less<>> documents_; ///< By the id of the event.
};

} // namespace detail

/// Remembers messages in a file, also when the program is killed. Programs that have the file open at the same time see
/// each other's messages: one of them sends a message, and the others have `attempt::done`.
///
/// Each step is one line of JSON, written before it takes effect. Lines are not forced onto the disk: after a power failure
/// the last seconds may be missing, and messages of those are sent again under the same keys. The file grows by about 300
/// bytes with each message; a new file begins a new history. A file that was removed or replaced while it is open is
/// refused from then on: another program could send the same messages by the new one.
///
/// A name that is not UTF-8 cannot be remembered: its message fails. After a fork, the child opens the file for itself:
/// messages by the object of its parent fail.
///
/// @par Thread safety  Distinct objects: safe. Shared objects and copies: unsafe; use them on one executor.
class file_log
{
public:
    /// Opens the file, or creates it with mode 0600.
    ///
    /// @returns `errc::invalid_argument` if it cannot be opened, or is no file of a log; the message names it.
    [[nodiscard]] static result<file_log> open(std::string path)
    {
        auto opened = detail::delivery_journal::open(std::move(path));
        if (!opened)
            return opened.error();
        return file_log(*std::move(opened));
    }

    boost::asio::awaitable<result<attempt>> begin(delivery_id const& id, idempotency_key const& key)
    {
        co_return journal_->begin(id, key);
    }
    boost::asio::awaitable<result<void>> end(delivery_id const& id, delivery_status became)
    {
        co_return journal_->end(id, became);
    }
    boost::asio::awaitable<result<attempt>> hold(held_delivery const& h) { co_return journal_->hold_back(h); }
    boost::asio::awaitable<result<std::vector<held_delivery>>> held() { co_return journal_->held(); }

private:
    explicit file_log(std::shared_ptr<detail::delivery_journal> j) noexcept : journal_(std::move(j)) {}

    std::shared_ptr<detail::delivery_journal> journal_;
};

static_assert(delivery_log<file_log>);

} // namespace tidings::inline v0::subscription

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/subscription/impl/file_log.ipp>
#endif

#endif
