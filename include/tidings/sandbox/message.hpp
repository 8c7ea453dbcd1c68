// What the sandbox remembers: the messages it accepted and the requests it saw.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_MESSAGE_HPP
#define TIDINGS_SANDBOX_MESSAGE_HPP

#include <tidings/sandbox/fault.hpp>

namespace tidings::inline v0::sandbox {

/// One accepted message: a row of the ledger.
struct message
{
    message() = default;

    /// "lark", "feishu", "dingtalk" or "wecom".
    std::string provider;
    /// The person's login name, or the id of the group chat.
    std::string to;
    /// As in the request; `hook` for a webhook, `message_id` for a reply, `batch` for a batch send, `work` and `group`
    /// for DingTalk's work notices and groups; `userid`, `partyid`, `tagid` or `chatid` on WeCom.
    std::string receive_id_type;
    /// As in the request. For a webhook its token, for a reply the message replied to.
    std::string receive_id;
    std::string message_id;
    std::string msg_type;
    /// The content as it was sent, a JSON text; after an edit the latest one.
    std::string content;
    /// Empty when the request had none.
    std::string uuid;
    /// Empty for webhooks.
    std::string app_id;
    /// The chat it is in; of two when sent to a person.
    std::string chat_id;
    bool recalled = false;
    /// The text was edited, or the card replaced.
    bool updated = false;
    bool urgent = false;
    /// Login names of those who read it.
    std::vector<std::string> readers;
    /// Login names of the people whom the message reached: the one person, or the members of the group chat.
    std::vector<std::string> reached;
};

/// One request, as it came, whatever became of it. The sandbox's own `/_sandbox/` calls are not recorded.
struct recorded_request
{
    recorded_request() = default;

    brand platform = brand::lark;
    std::string method;
    /// Path and query, not decoded.
    std::string target;
    header_list headers;
    std::string body;
    /// The status of the answer that was sent or begun; 0 when there was none.
    int status = 0;
    /// Counts from 1: requests with the same number shared a connection.
    int connection = 0;

    /// The first header of that name, in any letter case, or an empty view. Does not throw.
    std::string_view header(std::string_view name) const noexcept;
};

} // namespace tidings::inline v0::sandbox

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/sandbox/impl/message.ipp>
#endif

#endif
