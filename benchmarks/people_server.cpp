// A server as `server.cpp`, which also looks people up: what is sent to many people, and a program's first message, need that.
//
//   people_server --certificate FILE --key FILE
//
// Prints the two ports, plain and TLS; ends when its standard input does, and then prints as JSON how many requests of each
// kind it answered. The person of an email address has the part before the @ in the id.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "reply.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

struct ssl_free
{
    void operator()(SSL* p) const noexcept { SSL_free(p); }
    void operator()(SSL_CTX* p) const noexcept { SSL_CTX_free(p); }
};

void must(bool good, char const* what)
{
    if (!good)
        throw std::runtime_error(std::string(what) + " failed");
}

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

    /// Takes what has come. @returns False at the end.
    bool read()
    {
        for (;;)
        {
            std::array<char, 16 * 1024> bytes;
            auto const n = ssl_ ? SSL_read(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()))
                                : ::recv(fd_, bytes.data(), bytes.size(), 0);
            if (n <= 0)
            {
                bool const again = ssl_ ? SSL_get_error(ssl_.get(), static_cast<int>(n)) == SSL_ERROR_WANT_READ
                                        : n < 0 && errno == EAGAIN;
                ERR_clear_error();
                return again;
            }
            pending.append(bytes.data(), static_cast<std::size_t>(n));
        }
    }

    /// A reply fits the socket's buffer: a client waits for one before it asks for the next.
    bool write(std::string_view text)
    {
        auto const n = ssl_ ? SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size()))
                            : ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
        return n == static_cast<long>(text.size());
    }

    std::string pending;

private:
    int fd_;
    std::unique_ptr<SSL, ssl_free> ssl_;
};

class server
{
public:
    server(char const* certificate, char const* key)
        : context_(SSL_CTX_new(TLS_server_method())), epoll_(::epoll_create1(EPOLL_CLOEXEC))
    {
        must(SSL_CTX_use_certificate_chain_file(context_.get(), certificate) == 1 &&
                 SSL_CTX_use_PrivateKey_file(context_.get(), key, SSL_FILETYPE_PEM) == 1,
             "reading the certificate");
        watch(STDIN_FILENO);
        plain_ = listen();
        tls_ = listen();
        std::cout << port_of(plain_) << ' ' << port_of(tls_) << std::endl;
    }

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

    void report() const
    {
        std::cout << "{\"tokens\": " << tokens_ << ", \"look_ups\": " << look_ups_ << ", \"batches\": " << batches_
                  << ", \"messages\": " << messages_ << '}' << std::endl;
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

    bool serve(connection& c)
    {
        bool const lives = c.read();
        while (auto const size = benchmarks::request_size(c.pending))
        {
            if (!c.write(answer(std::string_view(c.pending).substr(0, *size))))
                return false;
            c.pending.erase(0, *size);
        }
        return lives;
    }

    std::string answer(std::string_view request)
    {
        auto const target = request.substr(0, request.find("\r\n"));
        auto const asks = [target](std::string_view what) { return target.find(what) != target.npos; };
        if (asks("/tenant_access_token/"))
            return ++tokens_, token_;
        if (asks("/users/batch_get_id"))
            return ++look_ups_, benchmarks::reply_with(people_of(request));
        if (asks("/batch_send"))
            return ++batches_, batch_;
        return ++messages_, message_;
    }

    static std::string people_of(std::string_view request)
    {
        constexpr std::string_view emails = "\"emails\":[";
        std::string people;
        auto at = request.find(emails);
        auto const end = request.find(']', at);
        must(at != request.npos && end != request.npos, "reading a look-up");
        for (at = request.find('"', at + emails.size()); at < end;)
        {
            auto const close = request.find('"', at + 1);
            std::string const email(request.substr(at + 1, close - at - 1));
            people += people.empty() ? "" : ",";
            people += R"({"email":")" + email + R"(","user_id":"ou_)" + email.substr(0, email.find('@')) + "\"}";
            at = request.find('"', close + 1);
        }
        return R"({"code":0,"data":{"user_list":[)" + people + R"(]},"msg":"success"})";
    }

    std::unique_ptr<SSL_CTX, ssl_free> context_;
    int epoll_;
    int plain_ = -1;
    int tls_ = -1;
    std::map<int, std::unique_ptr<connection>> connections_;
    std::string const token_ = benchmarks::reply_with(benchmarks::token_reply);
    std::string const message_ = benchmarks::reply_with(benchmarks::message_reply);
    std::string const batch_ = benchmarks::reply_with(benchmarks::batch_reply);
    unsigned long tokens_ = 0;
    unsigned long look_ups_ = 0;
    unsigned long batches_ = 0;
    unsigned long messages_ = 0;
};

} // namespace

int main(int argc, char** argv)
try
{
    if (argc != 5 || std::string_view(argv[1]) != "--certificate" || std::string_view(argv[3]) != "--key")
    {
        std::cerr << "usage: people_server --certificate FILE --key FILE\n";
        return 2;
    }
    std::signal(SIGPIPE, SIG_IGN);
    server answering(argv[2], argv[4]);
    answering.run();
    answering.report();
}
catch (std::exception const& e)
{
    std::cerr << "people_server: " << e.what() << '\n';
    return 1;
}
