// A TLS server that does what a test wants: other versions, no certificate, alerts at any moment.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TESTS_SUPPORT_TLS_PEER_HPP
#define TIDINGS_TESTS_SUPPORT_TLS_PEER_HPP

#include "support/certificates.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace test {

/// One connection of a `tls_peer` whose handshake has succeeded. Blocking.
class tls_session
{
public:
    tls_session(SSL* ssl, int socket, int number) noexcept : number_(number), ssl_(ssl), socket_(socket) {}

    /// How many connections there were before this one.
    int number() const noexcept { return number_; }

    /// A request, head and body; empty: the client has gone.
    std::string read_request()
    {
        std::string out;
        for (std::size_t whole = out.npos; out.size() < whole || whole == out.npos;)
        {
            char bytes[4096];
            auto const got = SSL_read(ssl_, bytes, sizeof bytes);
            if (got <= 0)
                return {};
            out.append(bytes, static_cast<std::size_t>(got));
            auto const head = out.find("\r\n\r\n");
            if (head == out.npos)
                continue;
            constexpr std::string_view name = "Content-Length: ";
            auto const at = out.find(name);
            whole = head + 4 + (at < head ? std::stoul(out.substr(at + name.size(), head - at)) : 0);
        }
        return out;
    }

    /// One record.
    void write(std::string_view text)
    {
        SSL_write(ssl_, text.data(), static_cast<int>(text.size()));
        ++records_;
    }
    static std::string text_of_answer(std::string_view json)
    {
        return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(json.size()) +
               "\r\n\r\n" + std::string(json);
    }
    void answer(std::string_view json) { write(text_of_answer(json)); }

    SSL* native_handle() const noexcept { return ssl_; }

    /// A ticket was sent, which is a record of its own.
    void count_ticket() { ++records_; }

    /// Ends the connection with a fatal alert, by TLS 1.3 with AES-128-GCM: OpenSSL has no call for it. Tickets have to
    /// be counted.
    void alert(unsigned char description)
    {
        auto const* const secret = static_cast<std::string const*>(SSL_get_app_data(ssl_));
        auto const key = expand(*secret, "key", 16);
        auto nonce = expand(*secret, "iv", 12);
        nonce[11] = static_cast<char>(nonce[11] ^ static_cast<char>(records_));
        constexpr int size = 3; // level, description, and what they are: an alert
        constexpr int tag_size = 16;
        std::array<unsigned char, 5> const header{0x17, 3, 3, 0, size + tag_size};
        std::array<unsigned char, size> const plain{2, description, 21};
        std::array<unsigned char, 5 + size + tag_size> record{};
        std::copy(header.begin(), header.end(), record.begin());
        std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> const c(EVP_CIPHER_CTX_new(),
                                                                                &EVP_CIPHER_CTX_free);
        auto const bytes = [](std::string const& s) { return reinterpret_cast<unsigned char const*>(s.data()); };
        int written = 0;
        EVP_EncryptInit_ex(c.get(), EVP_aes_128_gcm(), nullptr, bytes(key), bytes(nonce));
        EVP_EncryptUpdate(c.get(), nullptr, &written, header.data(), header.size());
        EVP_EncryptUpdate(c.get(), record.data() + header.size(), &written, plain.data(), size);
        EVP_EncryptFinal_ex(c.get(), record.data() + header.size() + size, &written);
        EVP_CIPHER_CTX_ctrl(c.get(), EVP_CTRL_GCM_GET_TAG, tag_size, record.data() + header.size() + size);
        static_cast<void>(::send(socket_, record.data(), record.size(), MSG_NOSIGNAL));
    }

private:
    // RFC 8446, 7.1: HKDF-Expand-Label with SHA-256, for no more than one block.
    static std::string expand(std::string const& secret, std::string_view label, char size)
    {
        auto const full = "tls13 " + std::string(label);
        std::string info{0, size, static_cast<char>(full.size())};
        info += full;
        info += '\0';
        info += '\1';
        std::array<unsigned char, 32> out{};
        HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
             reinterpret_cast<unsigned char const*>(info.data()), info.size(), out.data(), nullptr);
        return {reinterpret_cast<char const*>(out.data()), static_cast<std::size_t>(size)};
    }

    int number_;
    SSL* ssl_;
    int socket_;
    unsigned records_ = 0;
};

/// Serves one connection after the other, on a thread of its own, until it goes.
class tls_peer
{
public:
    /// @param own        Null: it shows no certificate.
    /// @param configure  Changes the server's settings, which are TLS 1.2 and 1.3 with AES-128-GCM and no tickets.
    /// @param serve      Called for each connection whose handshake succeeds.
    tls_peer(identity const* own, std::function<void(SSL_CTX*)> const& configure,
             std::function<void(tls_session&)> serve)
        : context_(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free), serve_(std::move(serve))
    {
        auto* const c = context_.get();
        SSL_CTX_set_num_tickets(c, 0);
        SSL_CTX_set_ciphersuites(c, "TLS_AES_128_GCM_SHA256");
        SSL_CTX_set_keylog_callback(c, [](SSL const* ssl, char const* line) {
            constexpr std::string_view wanted = "SERVER_TRAFFIC_SECRET_0 ";
            std::string_view text(line);
            if (!text.starts_with(wanted))
                return;
            auto const hex = text.substr(text.rfind(' ') + 1);
            auto* const out = static_cast<std::string*>(SSL_get_app_data(ssl));
            for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
                *out += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
        });
        if (own)
            take(*own);
        if (configure)
            configure(c);
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in where{};
        where.sin_family = AF_INET;
        where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof where;
        if (::bind(listener_, reinterpret_cast<sockaddr*>(&where), size) != 0 || ::listen(listener_, 16) != 0 ||
            ::getsockname(listener_, reinterpret_cast<sockaddr*>(&where), &size) != 0)
            throw std::runtime_error("no port for a TLS server");
        port_ = ntohs(where.sin_port);
        thread_ = std::thread([this] { run(); });
    }
    tls_peer(tls_peer const&) = delete;
    tls_peer& operator=(tls_peer const&) = delete;
    ~tls_peer()
    {
        over_ = true;
        ::shutdown(listener_, SHUT_RDWR);
        if (int const open = current_; open >= 0)
            ::shutdown(open, SHUT_RDWR);
        thread_.join();
        ::close(listener_);
    }

    std::string url() const { return "https://localhost:" + std::to_string(port_); }
    std::uint16_t port() const noexcept { return port_; }
    /// How many connections there were, those included whose handshake failed.
    int accepted() const noexcept { return accepted_; }

private:
    void take(identity const& own)
    {
        auto const read = [](std::string const& pem) {
            return std::unique_ptr<BIO, decltype(&BIO_free)>(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                             &BIO_free);
        };
        std::unique_ptr<X509, decltype(&X509_free)> const certificate(
            PEM_read_bio_X509(read(own.certificate).get(), nullptr, nullptr, nullptr), &X509_free);
        std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> const key(
            PEM_read_bio_PrivateKey(read(own.key).get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
        if (SSL_CTX_use_certificate(context_.get(), certificate.get()) != 1 ||
            SSL_CTX_use_PrivateKey(context_.get(), key.get()) != 1)
            throw std::runtime_error("no certificate for a TLS server");
    }

    void run()
    {
        // OpenSSL writes to sockets that the client may have closed.
        sigset_t pipe;
        sigemptyset(&pipe);
        sigaddset(&pipe, SIGPIPE);
        ::pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
        for (;;)
        {
            int const s = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (s < 0 || over_)
            {
                if (s >= 0)
                    ::close(s);
                return;
            }
            current_ = s;
            timeval const timeout{5, 0};
            ::setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
            std::string secret;
            {
                std::unique_ptr<SSL, decltype(&SSL_free)> const ssl(SSL_new(context_.get()), &SSL_free);
                SSL_set_app_data(ssl.get(), &secret);
                SSL_set_fd(ssl.get(), s);
                int const number = accepted_++;
                if (SSL_accept(ssl.get()) == 1)
                {
                    tls_session session(ssl.get(), s, number);
                    serve_(session);
                }
                ERR_clear_error();
            }
            current_ = -1;
            ::close(s);
        }
    }

    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> const context_;
    std::function<void(tls_session&)> serve_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<int> current_ = -1;
    std::atomic<int> accepted_ = 0;
    std::atomic<bool> over_ = false;
    std::thread thread_;
};

} // namespace test

#endif
