// The TLS session of the last connection, with which the next one need not prove everything anew.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TRANSPORT_DETAIL_SESSION_MEMORY_HPP
#define TIDINGS_TRANSPORT_DETAIL_SESSION_MEMORY_HPP

#include <tidings/detail/config.hpp>

#include <openssl/ssl.h>

namespace tidings::inline v0::transport::detail {

/// Keeps one session beside a context, which is used for one host only and from one executor at a time. OpenSSL says
/// when there is a new one: by TLS 1.3 that is while the first answer is read.
class session_memory
{
public:
    TIDINGS_COLD static void attach(SSL_CTX* context)
    {
        SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
        SSL_CTX_sess_set_new_cb(context, [](SSL* from, SSL_SESSION* fresh) {
            put(SSL_get_SSL_CTX(from), fresh);
            return 1; // the reference is ours now
        });
    }

    /// Offers the session in the handshake that follows. The server may decline: then the handshake is a full one.
    TIDINGS_COLD static void offer(SSL* to)
    {
        if (auto* const known = static_cast<SSL_SESSION*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(to), index())))
            SSL_set_session(to, known);
    }

    /// After a handshake that failed: the session may be the reason.
    TIDINGS_COLD static void forget(SSL* from) { put(SSL_get_SSL_CTX(from), nullptr); }

    /// Called before a connection is closed without close_notify: OpenSSL would mark its session as not resumable.
    static void keep(SSL* of) { SSL_set_shutdown(of, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN); }

private:
    TIDINGS_COLD static void put(SSL_CTX* context, SSL_SESSION* fresh)
    {
        auto* const old = static_cast<SSL_SESSION*>(SSL_CTX_get_ex_data(context, index()));
        SSL_CTX_set_ex_data(context, index(), fresh);
        SSL_SESSION_free(old);
    }

    TIDINGS_COLD static int index()
    {
        static int const out = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr,
                                                        [](void*, void* session, CRYPTO_EX_DATA*, int, long, void*) {
                                                            SSL_SESSION_free(static_cast<SSL_SESSION*>(session));
                                                        });
        return out;
    }
};

} // namespace tidings::inline v0::transport::detail

#endif
