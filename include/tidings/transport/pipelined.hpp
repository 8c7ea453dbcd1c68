// Several requests at once on one connection, where repeating them is safe.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TRANSPORT_PIPELINED_HPP
#define TIDINGS_TRANSPORT_PIPELINED_HPP

#include <tidings/concepts.hpp>
#include <tidings/result.hpp>
#include <tidings/transport/by_scheme.hpp>
#include <tidings/transport/http.hpp>
#include <tidings/transport/https.hpp>
#include <tidings/wire/endpoint.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

namespace tidings::inline v0::transport {

/// HTTP/1.1 pipelining: requests that are ready at the same time are written together to one connection, in one write, and
/// their replies are read in the same order. For programs that send many messages at once: it takes less processor time.
///
/// Only requests whose repetition is safe share a connection: messages by whose key the platform recognises a repetition,
/// recalls, look-ups and uploads. Messages with such a key are those of Lark and Feishu to people and chats, those of
/// WeCom to people, and those of the custom bots of DingTalk. Every other message has a connection to itself, as without
/// this policy: batches of Lark and Feishu, messages of DingTalk's applications. So has a request of more than 16 KiB.
///
/// When a connection breaks, the requests on it that have no reply yet are repeated, each over a connection that it has to
/// itself. The platform recognises the ones that it had received: no message is lost and none arrives twice. A server that
/// closes the first shared connection before it has answered all requests gets one request at a time for a minute.
///
/// A request waits for the replies of those before it on its connection. A deadline that passes closes the connection, and
/// the other requests on it are repeated. A cancellation ends the call at once; the reply, should it be waited for on
/// behalf of others, is read and dropped.
///
/// @tparam Transport  What opens the connections: `https`, `http` or `by_scheme`.
template<class Transport = https>
class pipelined
{
public:
    using policy_kind = transport_kind;
    using client = typename Transport::client;

    /// The most that `depth` may be.
    static constexpr std::size_t max_depth = 64;

    pipelined() = default;
    /// @param over  With its settings.
    explicit pipelined(Transport over) : over_(std::move(over)) {}

    /// The maximum of requests that share a connection: 1 to `max_depth`, else `open` fails. Default 8; with 1 nothing is
    /// shared.
    pipelined& depth(std::size_t n) noexcept
    {
        depth_ = n;
        return *this;
    }

    /// Makes a client of `where`.
    ///
    /// @param ex     The executor of its connections.
    /// @param where  The platform's address.
    /// @returns The client, or `errc::invalid_argument` if the depth is out of range, or for the reasons for which
    ///              `Transport` fails.
    result<std::unique_ptr<client>> open(boost::asio::any_io_executor const& ex, endpoint const& where) const
    {
        if (depth_ == 0 || depth_ > max_depth)
            return make_failure(errc::invalid_argument, "the depth of the pipeline is " + std::to_string(depth_) +
                                                            "; it has to be 1 to " + std::to_string(max_depth));
        return over_.open(ex, where, depth_);
    }

private:
    Transport over_;
    std::size_t depth_ = 8;
};
static_assert(transport_policy<pipelined<>>);
static_assert(transport_policy<pipelined<http>> && transport_policy<pipelined<by_scheme>>);

} // namespace tidings::inline v0::transport

#endif
