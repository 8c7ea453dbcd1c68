// One request and its reply on their way, with everything that is reused for the next.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_WIRE_EXCHANGE_HPP
#define TIDINGS_WIRE_EXCHANGE_HPP

#include <tidings/wire/detail/reply_reader.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace tidings::inline v0::transport {

/// How far an exchange came. The meaning of a fault depends on it: up to `connected` the peer has received nothing.
enum class progress
{
    queued,
    resolving,
    connecting,
    resolving_proxy,
    connecting_to_proxy,
    asking_proxy,
    handshaking,
    connected,
    sending,
    receiving,
    complete
};

/// The effect of an exchange on the breaker: whether new connections to the host are tried.
enum class breaker_change
{
    none,
    opened, ///< They are not, for a while.
    closed  ///< They are again.
};

/// Writes the request of an exchange that had to wait for a connection.
class request_writer
{
public:
    /// Sets `request_bytes`.
    ///
    /// @returns False: it cannot be written, so there is nothing to send.
    virtual bool write_request() noexcept = 0;

protected:
    request_writer() = default;
    ~request_writer() = default;
};

/// What a transport moves. The request is filled in by the caller, the rest by the transport.
class exchange
{
public:
    std::string_view request_bytes; ///< The request: what `wire::request::finish` returned.
    /// Not null: the request is not written yet, and is when there is a connection for it. One that waits takes no memory
    /// for its bytes.
    request_writer* writer = nullptr;
    bool require_new_connection = false; ///< Whether only a connection will do that has carried nothing yet.
    /// Whether the request may be repeated when its connection turns out to be closed. Then one that was used just now is
    /// not looked at before, and the connection may be shared with other exchanges.
    bool may_repeat = false;
    std::chrono::steady_clock::time_point deadline; ///< When it has to be over. `max()`: never.
    /// Set to true when the request is begun to be written; from then on `total` cancellation is ignored. Null: the
    /// request delivers nothing, and `total` cancellation ends it at any time.
    bool* committed = nullptr;

    transport::progress progress = progress::queued;     ///< How far it came.
    std::chrono::steady_clock::time_point write_started; ///< When it was begun to be sent. `max()`: not known.
    std::chrono::steady_clock::time_point answered;      ///< When the reply was complete. `max()`: not known.
    std::string detail;                                  ///< More about a fault than its code says.
    /// Whether the fault was that of a connection kept alive, or shared with other exchanges, before any byte of a
    /// reply: the peer may just have closed it. Then the request may be repeated.
    bool reused_connection_closed = false;
    /// Whether the fault was the server's refusal of this program's certificate, before it had read the request.
    bool certificate_refused = false;
    transport::breaker_change breaker_change = transport::breaker_change::none;
    std::chrono::steady_clock::duration breaker_pause{}; ///< For how long, if that is `opened`.
    /// The environment's variable that names a proxy which is not used; empty when there is none. A literal.
    std::string_view unused_proxy;
    detail::reply_reader in; ///< The reply.

    /// Makes it ready for a new request.
    void reset()
    {
        require_new_connection = may_repeat = reused_connection_closed = certificate_refused = false;
        request_bytes = {};
        writer = nullptr;
        committed = nullptr;
        breaker_change = transport::breaker_change::none;
        progress = progress::queued;
        write_started = answered = std::chrono::steady_clock::time_point::max();
        detail.clear();
        unused_proxy = {};
        in.reset();
    }
};

} // namespace tidings::inline v0::transport

#endif
