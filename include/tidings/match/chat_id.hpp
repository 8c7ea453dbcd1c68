// Chats known by their id.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_MATCH_CHAT_ID_HPP
#define TIDINGS_MATCH_CHAT_ID_HPP

#include <tidings/detail/id_text.hpp>

namespace tidings::inline v0::match {

/// A chat: all its members see the message. The bot, or the application, has to be a member.
///
/// | platform | id |
/// | --- | --- |
/// | Lark, Feishu | `chat_id`, begins with `oc_` |
/// | DingTalk | `openConversationId`, begins with `cid`; not the older `chatId` |
/// | WeCom | `chatid` of a chat that this application created (`appchat/create`) |
///
/// Checked when it is used.
class chat_id : public detail::id_text
{
public:
    static constexpr std::string_view name = "chat_id";
    static constexpr std::string_view title = "chat id";

    using id_text::id_text;

    /// Success, or `errc::invalid_recipient` with the reason.
    result<void> check() const { return detail::check_id(view(), title); }
};

} // namespace tidings::inline v0::match

#endif
