// Common parts of sending, replying and editing.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_DETAIL_LARK_MESSAGES_HPP
#define TIDINGS_SANDBOX_DETAIL_LARK_MESSAGES_HPP

#include <tidings/sandbox/detail/lark.hpp>

namespace tidings::inline v0::sandbox::detail::lark {

// A person or a group; one of the two is null.
struct destination
{
    person const* user = nullptr;
    chat const* group = nullptr;
    std::string chat_id;
};

// A message as the request has it, before it is checked.
struct draft
{
    std::string msg_type;
    std::string content;
    std::string uuid;
};

draft read_draft(json::object const& body);
// Size, JSON, content.
checked_content check_draft(call const& c, draft const& d, bool one_to_one);
// Whether this app's bot may write to them.
void check_person(call const& c, person const& p);
// 5 per second: 230020.
void check_receiver_rate(call& c, std::string const& receiver);
json::object describe_message(call const& c, stored_message const& m);
// The message that the path names, if the caller may see it.
stored_message& visible_message(call& c);

} // namespace tidings::inline v0::sandbox::detail::lark

#endif
