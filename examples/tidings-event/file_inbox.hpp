// The inboxes of tidings-event: a file.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_EXAMPLES_TIDINGS_EVENT_FILE_INBOX_HPP
#define TIDINGS_EXAMPLES_TIDINGS_EVENT_FILE_INBOX_HPP

#include <tidings/detail/descriptor.hpp>
#include <tidings/subscription/route.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace tidings_event {

/// Appends a line of JSON for each message: `person`, `kind`, `title`, `text`, `link`, `events` and `key`.
class file_inbox
{
public:
    /// Opens the file, or creates it with mode 0600. What is not usable is a usage error.
    explicit file_inbox(std::string path);

    boost::asio::awaitable<tidings::result<tidings::receipt>> deliver(tidings::subscription::notification const& n);

    /// A line with the same key is found.
    std::chrono::seconds repeats_safely_for() const noexcept { return std::chrono::seconds::max(); }

private:
    tidings::result<void> append(std::string const& line);
    tidings::result<bool> contains(std::string_view key) const;
    tidings::failure unusable(std::string_view what, int error) const;

    std::string path_;
    tidings::detail::descriptor file_;
};

} // namespace tidings_event

#endif
