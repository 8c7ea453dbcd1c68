// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_MESSAGE_IPP
#define TIDINGS_SANDBOX_IMPL_MESSAGE_IPP

#include <tidings/sandbox/message.hpp>

#include <tidings/sandbox/detail/json_io.hpp>

#include <boost/beast/core/string.hpp>

namespace tidings::inline v0::sandbox {

namespace detail {

template<class F>
void members(F&& f, is_a<message> auto& x)
{
    f("provider", x.provider);
    f("to", x.to);
    f("receive_id_type", x.receive_id_type);
    f("receive_id", x.receive_id);
    f("message_id", x.message_id);
    f("msg_type", x.msg_type);
    f("content", x.content);
    f("uuid", x.uuid);
    f("app_id", x.app_id);
    f("chat_id", x.chat_id);
    f("recalled", x.recalled);
    f("updated", x.updated);
    f("urgent", x.urgent);
    f("read_by", x.readers);
    f("reached", x.reached);
}

template<class F>
void members(F&& f, is_a<recorded_request> auto& x)
{
    f("brand", x.platform);
    f("method", x.method);
    f("target", x.target);
    f("headers", x.headers);
    f("body", x.body);
    f("status", x.status);
    f("connection", x.connection);
}

} // namespace detail

TIDINGS_SANDBOX_DECL std::string_view recorded_request::header(std::string_view name) const noexcept
{
    for (auto const& [key, value] : headers)
        if (boost::beast::iequals(key, name))
            return value;
    return {};
}

} // namespace tidings::inline v0::sandbox

#endif
