// The loopback server of the benchmarks: answers every request at once with one of two prepared replies, plain and TLS,
// and does nothing else, so that what is measured is the client.
//
//   server --ca FILE
//
// Writes the certificate to trust to FILE and prints the two ports; ends when its standard input does.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace {

template<auto Free>
struct freed
{
    template<class T>
    void operator()(T* p) const noexcept
    {
        Free(p);
    }
};
using context_ptr = std::unique_ptr<SSL_CTX, freed<SSL_CTX_free>>;
using ssl_ptr = std::unique_ptr<SSL, freed<SSL_free>>;
using key_ptr = std::unique_ptr<EVP_PKEY, freed<EVP_PKEY_free>>;
using certificate_ptr = std::unique_ptr<X509, freed<X509_free>>;

void must(bool good, char const* what)
{
    if (!good)
        throw std::runtime_error(std::string(what) + " failed");
}

// ---- The identity
// ----------------------------------------------------------------------------------------------------

struct identity
{
    key_ptr key;
    certificate_ptr certificate;
};

void extend(X509* x, X509* issuer, int nid, char const* text)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, x, nullptr, nullptr, 0);
    std::unique_ptr<X509_EXTENSION, freed<X509_EXTENSION_free>> const extension(
        X509V3_EXT_conf_nid(nullptr, &context, nid, text));
    must(extension && X509_add_ext(x, extension.get(), -1) == 1, text);
}

/// A certificate for an hour; an authority's own when there is no `issuer`.
identity make_identity(char const* name, long serial, identity const* issuer)
{
    identity out{key_ptr(EVP_EC_gen("P-256")), certificate_ptr(X509_new())};
    must(out.key && out.certificate, "making a key");
    auto* const x = out.certificate.get();
    X509_set_version(x, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x), serial);
    X509_gmtime_adj(X509_getm_notBefore(x), -60);
    X509_gmtime_adj(X509_getm_notAfter(x), 60 * 60);
    X509_set_pubkey(x, out.key.get());
    auto* const subject = X509_get_subject_name(x);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<unsigned char const*>(name), -1, -1, 0);
    auto const& signer = issuer ? *issuer : out;
    X509_set_issuer_name(x, X509_get_subject_name(signer.certificate.get()));
    if (issuer)
    {
        extend(x, signer.certificate.get(), NID_basic_constraints, "critical,CA:FALSE");
        extend(x, signer.certificate.get(), NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
    }
    else
        extend(x, x, NID_basic_constraints, "critical,CA:TRUE");
    must(X509_sign(x, signer.key.get(), EVP_sha256()) > 0, "signing a certificate");
    return out;
}

context_ptr make_context(std::string const& ca_path)
{
    auto const authority = make_identity("tidings benchmark authority", 1, nullptr);
    auto const server = make_identity("localhost", 2, &authority);
    context_ptr out(SSL_CTX_new(TLS_server_method()));
    must(out && SSL_CTX_use_certificate(out.get(), server.certificate.get()) == 1 &&
             SSL_CTX_use_PrivateKey(out.get(), server.key.get()) == 1,
         "setting up TLS");
    std::unique_ptr<FILE, freed<std::fclose>> const file(std::fopen(ca_path.c_str(), "w"));
    must(file && PEM_write_X509(file.get(), authority.certificate.get()) == 1, "writing the authority's certificate");
    return out;
}

// ---- The replies
// -----------------------------------------------------------------------------------------------------

/// The headers that the platform's gateway sends.
std::string reply_with(std::string_view body)
{
    std::string out = "HTTP/1.1 200 OK\r\n"
                      "Server: Tengine\r\n"
                      "Content-Type: application/json; charset=utf-8\r\n"
                      "Content-Length: ";
    out += std::to_string(body.size());
    out += "\r\n"
           "Connection: keep-alive\r\n"
           "Date: Mon, 01 Jun 2026 08:30:15 GMT\r\n"
           "Request-Id: 7f1d5a52-21a1-4b55-8e42-0a8d4b5a9f10\r\n"
           "Tt_stable: 1\r\n"
           "X-Lgw-Dst-Svc: fJ0o9xYhWvD3bqE5ZkSxT4mLrU2cNaPg\r\n"
           "X-Request-Id: 7f1d5a52-21a1-4b55-8e42-0a8d4b5a9f10\r\n"
           "X-Tt-Logid: 202606010830159778D691D6E05516DE2D\r\n"
           "X-Tt-Trace-Host: 01f0c2e7a4b6d8903e5c1a7f29b4d6e8\r\n"
           "X-Tt-Trace-Tag: id=03;cdn-cache=miss;type=dyn\r\n"
           "X-Timestamp: 2026-06-01T16:30:15.921+08:00\r\n"
           "\r\n";
    out += body;
    return out;
}

std::string token_reply()
{
    return reply_with(
        R"({"code":0,"expire":7200,"msg":"ok","tenant_access_token":"t-g1044ghJRUIJJ5ELPOTAMTZ3GJUWOCTA"})");
}

/// 622 bytes of body.
std::string message_reply()
{
    return reply_with(
        R"({"code":0,"data":{"body":{"content":"{\"text\":\"Backup of db-7 is late: the last good copy is 26 ho)"
        R"(urs old, the limit is 24.\\nVolume /srv/backup: 91 % full, 38.4 GB left.\"}"},"chat_id":"oc_5ad11d72)"
        R"(b830411d72b836c20f1e9d0c","create_time":"1780302615373","deleted":false,"message_id":"om_dc132645203)"
        R"(92913993dd051dba21dcf","msg_type":"text","sender":{"id":"cli_9f427eec54ae901b","id_type":"app_id","s)"
        R"(ender_type":"app","tenant_key":"736588c9260f175e"},"update_time":"1780302615373","updated":false,"up)"
        R"(per_message_id":"om_40eb06e7b84dc71c03e009ad3c754195","thread_id":"omt_d4be107c616aed9c1da8ed8068570)"
        R"(a9f"},"msg":"success"})");
}

// ---- The server
// ------------------------------------------------------------------------------------------------------

class connection
{
public:
    connection(int fd, SSL_CTX* context) : fd_(fd), ssl_(context ? SSL_new(context) : nullptr)
    {
        if (ssl_)
        {
            SSL_set_fd(ssl_.get(), fd);
            SSL_set_accept_state(ssl_.get());
        }
    }
    connection(connection const&) = delete;
    connection& operator=(connection const&) = delete;
    ~connection() { ::close(fd_); }

    /// More bytes of a request; nothing yet: 0; the end: -1.
    int read(char* to, std::size_t room)
    {
        if (ssl_)
        {
            int const n = SSL_read(ssl_.get(), to, static_cast<int>(room));
            bool const again = n <= 0 && SSL_get_error(ssl_.get(), n) == SSL_ERROR_WANT_READ;
            ERR_clear_error();
            return n > 0 ? n : again ? 0 : -1;
        }
        auto const n = ::recv(fd_, to, room, 0);
        return n > 0 ? static_cast<int>(n) : n < 0 && errno == EAGAIN ? 0 : -1;
    }

    /// A reply fits the socket's buffer: a client waits for one before it asks for the next.
    bool write(std::string_view text)
    {
        if (ssl_)
            return SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size())) == static_cast<int>(text.size());
        return ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
    }

    std::string pending;

private:
    int fd_;
    ssl_ptr ssl_;
};

class server
{
public:
    explicit server(context_ptr context) : epoll_(::epoll_create1(EPOLL_CLOEXEC)), context_(std::move(context))
    {
        watch(STDIN_FILENO);
        plain_ = listen();
        tls_ = listen();
    }

    unsigned plain_port() const { return port_of(plain_); }
    unsigned tls_port() const { return port_of(tls_); }

    void run()
    {
        std::array<epoll_event, 64> events;
        for (;;)
        {
            int const n = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
            for (int i = 0; i < n; ++i)
            {
                int const fd = events[static_cast<std::size_t>(i)].data.fd;
                if (fd == STDIN_FILENO)
                    return;
                if (fd == plain_ || fd == tls_)
                    accept(fd);
                else if (auto const found = connections_.find(fd); !serve(*found->second))
                    connections_.erase(found);
            }
        }
    }

private:
    void watch(int fd)
    {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.fd = fd;
        must(::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) == 0, "epoll_ctl");
    }

    int listen()
    {
        int const fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in where{};
        where.sin_family = AF_INET;
        where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        must(::bind(fd, reinterpret_cast<sockaddr*>(&where), sizeof where) == 0 && ::listen(fd, 256) == 0, "listen");
        watch(fd);
        return fd;
    }

    static unsigned port_of(int fd)
    {
        sockaddr_in where{};
        socklen_t size = sizeof where;
        ::getsockname(fd, reinterpret_cast<sockaddr*>(&where), &size);
        return ntohs(where.sin_port);
    }

    void accept(int listener)
    {
        int const fd = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0)
            return;
        int const on = 1;
        ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        watch(fd);
        connections_[fd] = std::make_unique<connection>(fd, listener == tls_ ? context_.get() : nullptr);
    }

    /// @returns Whether the connection lives on.
    bool serve(connection& c)
    {
        std::array<char, 16 * 1024> bytes;
        for (;;)
        {
            int const n = c.read(bytes.data(), bytes.size());
            if (n <= 0)
                return n == 0;
            c.pending.append(bytes.data(), static_cast<std::size_t>(n));
            while (auto const size = request_size(c.pending))
            {
                bool const wants_token = c.pending.find("/tenant_access_token/") < c.pending.find("\r\n");
                if (!c.write(wants_token ? token_ : message_))
                    return false;
                c.pending.erase(0, *size);
            }
        }
    }

    /// The size of the first request, once all of it has come. The clients write "Content-Length: " in this letter
    /// case.
    static std::optional<std::size_t> request_size(std::string_view text)
    {
        constexpr std::string_view end_of_head = "\r\n\r\n";
        constexpr std::string_view length = "\r\nContent-Length: ";
        auto const head = text.find(end_of_head);
        if (head == text.npos)
            return {};
        auto const at = text.substr(0, head).find(length);
        auto const body = at == text.npos ? 0 : std::strtoul(text.data() + at + length.size(), nullptr, 10);
        auto const size = head + end_of_head.size() + body;
        return size <= text.size() ? std::optional(size) : std::nullopt;
    }

    int epoll_;
    context_ptr context_;
    int plain_ = -1;
    int tls_ = -1;
    std::map<int, std::unique_ptr<connection>> connections_;
    std::string const token_ = token_reply();
    std::string const message_ = message_reply();
};

} // namespace

int main(int argc, char** argv)
try
{
    if (argc != 3 || std::string_view(argv[1]) != "--ca")
    {
        std::cerr << "usage: server --ca FILE\n";
        return 2;
    }
    std::signal(SIGPIPE, SIG_IGN);
    server answering(make_context(argv[2]));
    std::cout << answering.plain_port() << ' ' << answering.tls_port() << std::endl;
    answering.run();
}
catch (std::exception const& e)
{
    std::cerr << "server: " << e.what() << '\n';
    return 1;
}
