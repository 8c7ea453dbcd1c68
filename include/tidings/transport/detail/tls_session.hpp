// TLS between a socket and OpenSSL, without waiting: the caller waits.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TRANSPORT_DETAIL_TLS_SESSION_HPP
#define TIDINGS_TRANSPORT_DETAIL_TLS_SESSION_HPP

#include <tidings/detail/config.hpp>
#include <tidings/transport/detail/session_memory.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/system/error_code.hpp>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <memory>
#include <new>

namespace tidings::inline v0::transport::detail {

/// The client's side of TLS on a socket that does not block. Asio's stream has a pair of memory BIOs between OpenSSL
/// and the socket; here OpenSSL writes to the socket at once, and reads from a buffer that the caller fills.
class tls_session
{
public:
    /// The condition for repeating a call.
    enum class need
    {
        nothing, ///< It is done, or has failed.
        input,   ///< Bytes have to arrive: read some into `space()`, and call `received`.
        output   ///< The socket has to take more.
    };

    /// @param socket  Outlives it. Does not block.
    tls_session(boost::asio::ip::tcp::socket& socket, SSL_CTX* context)
        : socket_(socket), ssl_(SSL_new(context), &SSL_free)
    {
        // Its reference is OpenSSL's from here on.
        auto* const bio = ssl_ ? BIO_new(method()) : nullptr;
        if (!bio)
            throw std::bad_alloc();
        BIO_set_data(bio, this);
        BIO_set_init(bio, 1);
        SSL_set_bio(ssl_.get(), bio, bio);
        // A call that is repeated may be given the same bytes at another place.
        SSL_set_mode(ssl_.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
        SSL_set_options(ssl_.get(), SSL_OP_NO_RENEGOTIATION);
        SSL_set_read_ahead(ssl_.get(), 1);
        SSL_set_verify(ssl_.get(), SSL_VERIFY_PEER, nullptr);
        SSL_set_connect_state(ssl_.get());
    }
    tls_session(tls_session const&) = delete;
    tls_session& operator=(tls_session const&) = delete;
    ~tls_session() { session_memory::keep(ssl_.get()); }

    SSL* native_handle() const noexcept { return ssl_.get(); }

    /// Where bytes from the socket go after a call needed input; then it is empty.
    boost::asio::mutable_buffer space() noexcept { return {in_.data(), in_.size()}; }
    void received(std::size_t size) noexcept
    {
        begin_ = 0;
        end_ = size;
    }
    /// The error of a socket whose other side has closed.
    boost::system::error_code closed() const noexcept
    {
        if (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN)
            return boost::asio::error::eof;
        return boost::asio::ssl::error::stream_truncated;
    }

    TIDINGS_COLD need handshake(boost::system::error_code& ec)
    {
        forget_errors();
        return outcome(SSL_do_handshake(ssl_.get()), ec);
    }
    /// @param size  Set to how many bytes were read.
    need read(boost::asio::mutable_buffer to, std::size_t& size, boost::system::error_code& ec)
    {
        forget_errors();
        return outcome(SSL_read_ex(ssl_.get(), to.data(), to.size(), &size), ec);
    }
    /// @param size  Set to how many bytes were taken. They are in the socket.
    need write(boost::asio::const_buffer from, std::size_t& size, boost::system::error_code& ec)
    {
        forget_errors();
        return outcome(SSL_write_ex(ssl_.get(), from.data(), from.size(), &size), ec);
    }

    /// Whether there are bytes of the other side that were not read.
    bool has_input() const noexcept { return begin_ != end_ || SSL_has_pending(ssl_.get()); }

    /// Whether the other side has said nothing beyond what was read. Takes in what is meant for OpenSSL (tickets, a new
    /// key).
    bool is_quiet()
    {
        if (!has_input())
            return true;
        char byte;
        std::size_t size = 0;
        boost::system::error_code ec;
        // Of a message of the handshake in several records the rest may be missing: then nothing can be written.
        return read(boost::asio::buffer(&byte, 1), size, ec) == need::input && !SSL_in_init(ssl_.get());
    }

private:
    // OpenSSL's list of errors belongs to the thread. Looking at it costs a tenth of clearing it.
    static void forget_errors() noexcept
    {
        if (ERR_peek_error() != 0)
            ERR_clear_error();
    }

    need outcome(int result, boost::system::error_code& ec)
    {
        if (result > 0)
            return need::nothing;
        switch (SSL_get_error(ssl_.get(), result))
        {
        case SSL_ERROR_WANT_READ: return need::input;
        case SSL_ERROR_WANT_WRITE: return need::output;
        case SSL_ERROR_ZERO_RETURN: ec = boost::asio::error::eof; break;
        case SSL_ERROR_SSL: ec.assign(static_cast<int>(ERR_get_error()), boost::asio::error::get_ssl_category()); break;
        default: ec = write_error_; break;
        }
        if (!ec)
            ec = boost::asio::ssl::error::unspecified_system_error;
        return need::nothing;
    }

    // ---- The BIO

    static tls_session& of(BIO* bio) noexcept { return *static_cast<tls_session*>(BIO_get_data(bio)); }

    static int write_bytes(BIO* bio, char const* from, std::size_t size, std::size_t* written)
    {
        auto& self = of(bio);
        BIO_clear_retry_flags(bio);
        boost::system::error_code ec;
        // Not write(2): that would raise SIGPIPE.
        *written = self.socket_.write_some(boost::asio::const_buffer(from, size), ec);
        if (!ec)
            return 1;
        if (ec == boost::asio::error::would_block || ec == boost::asio::error::try_again)
            BIO_set_retry_write(bio);
        else
            self.write_error_ = ec;
        return -1;
    }

    static int read_bytes(BIO* bio, char* to, std::size_t size, std::size_t* read)
    {
        auto& self = of(bio);
        BIO_clear_retry_flags(bio);
        *read = std::min(size, self.end_ - self.begin_);
        if (*read == 0)
        {
            BIO_set_retry_read(bio);
            return -1;
        }
        std::memcpy(to, self.in_.data() + self.begin_, *read);
        self.begin_ += *read;
        return 1;
    }

    static long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

    // Never freed: a notifier may be destroyed after everything else.
    TIDINGS_COLD static BIO_METHOD const* method()
    {
        static BIO_METHOD const* const out = [] {
            auto* const made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "tidings");
            if (!made || BIO_meth_set_write_ex(made, &write_bytes) != 1 ||
                BIO_meth_set_read_ex(made, &read_bytes) != 1 || BIO_meth_set_ctrl(made, &control) != 1)
                throw std::bad_alloc();
            return made;
        }();
        return out;
    }

    boost::asio::ip::tcp::socket& socket_;
    std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
    boost::system::error_code write_error_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::array<char, 8 * 1024> in_;
};

} // namespace tidings::inline v0::transport::detail

#endif
