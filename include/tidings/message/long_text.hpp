// What to do with more text than a message may hold.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_MESSAGE_LONG_TEXT_HPP
#define TIDINGS_MESSAGE_LONG_TEXT_HPP

namespace tidings::inline v0 {

/// What to do with a message above the platform's size limit. A message is never cut off.
enum class long_text
{
    /// It is not sent: `errc::message_too_long`.
    refuse,
    /// It is sent as several messages, divided at paragraphs, lines or words.
    split
};

} // namespace tidings::inline v0

#endif
