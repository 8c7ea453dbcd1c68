// The floor: the same exchange as in `send.cpp` by an epoll loop written by hand, the request prepared as bytes and the
// reply only searched. A program that does less does not send the message.
//
//   send_epoll --port PORT [--tls --ca FILE] [--count N] [--in-flight N] [--connections N]
//
// More in flight than connections makes no difference here: what waits is a number.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "prepared.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using benchmarks::meter;
using benchmarks::settings;

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

std::unique_ptr<SSL_CTX, ssl_free> make_context(settings const& s)
{
    std::unique_ptr<SSL_CTX, ssl_free> out(s.tls ? SSL_CTX_new(TLS_client_method()) : nullptr);
    if (out)
    {
        must(SSL_CTX_load_verify_file(out.get(), s.ca.c_str()) == 1, "reading the authority");
        SSL_CTX_set_verify(out.get(), SSL_VERIFY_PEER, nullptr);
        SSL_CTX_set_read_ahead(out.get(), 1); // a record by one call
    }
    return out;
}

class connection
{
public:
    /// Connects and shakes hands, and waits for both.
    connection(settings const& s, SSL_CTX* context)
        : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), ssl_(context ? SSL_new(context) : nullptr)
    {
        sockaddr_in where{};
        where.sin_family = AF_INET;
        where.sin_port = htons(s.port);
        where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        must(::connect(fd_, reinterpret_cast<sockaddr*>(&where), sizeof where) == 0, "connect");
        int const on = 1;
        ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (ssl_)
        {
            SSL_set_fd(ssl_.get(), fd_);
            SSL_set_tlsext_host_name(ssl_.get(), "localhost");
            must(SSL_set1_host(ssl_.get(), "localhost") == 1 && SSL_connect(ssl_.get()) == 1, "handshake");
        }
        ::fcntl(fd_, F_SETFL, O_NONBLOCK);

        benchmarks::request_body const body;
        request_ = "POST " + std::string(benchmarks::target) + " HTTP/1.1\r\nHost: " + s.authority() +
                   "\r\nUser-Agent: " + std::string(benchmarks::user_agent) +
                   "\r\nAccept: application/json\r\nAuthorization: " + std::string(benchmarks::bearer) +
                   "\r\nContent-Type: " + std::string(benchmarks::content_type) +
                   "\r\nContent-Length: " + std::to_string(body.text().size()) + "\r\n\r\n";
        number_at_ = request_.size() + body.number_at();
        request_ += body.text();
    }
    connection(connection const&) = delete;
    connection& operator=(connection const&) = delete;
    ~connection() { ::close(fd_); }

    int fd() const noexcept { return fd_; }

    void send(std::size_t number)
    {
        benchmarks::request_body::write_number(request_, number_at_, number);
        auto const n = ssl_ ? SSL_write(ssl_.get(), request_.data(), static_cast<int>(request_.size()))
                            : ::send(fd_, request_.data(), request_.size(), MSG_NOSIGNAL);
        must(n == static_cast<long>(request_.size()), "writing a request"); // it fits the socket's buffer
        size_ = 0;
    }

    /// @returns Whether the reply is complete.
    bool receive()
    {
        auto const room = reply_.size() - size_;
        auto const n = ssl_ ? SSL_read(ssl_.get(), reply_.data() + size_, static_cast<int>(room))
                            : ::recv(fd_, reply_.data() + size_, room, 0);
        if (n <= 0)
        {
            must(ssl_ ? SSL_get_error(ssl_.get(), static_cast<int>(n)) == SSL_ERROR_WANT_READ : errno == EAGAIN,
                 "reading a reply");
            return false;
        }
        size_ += static_cast<std::size_t>(n);
        std::string_view const reply(reply_.data(), size_);
        constexpr std::string_view end_of_head = "\r\n\r\n";
        constexpr std::string_view length = "\r\nContent-Length: ";
        auto const head = reply.find(end_of_head);
        auto const at = reply.substr(0, head).find(length);
        if (head == reply.npos || at == reply.npos)
            return false;
        auto const body_at = head + end_of_head.size();
        if (size_ != body_at + std::strtoul(reply.data() + at + length.size(), nullptr, 10))
            return false;
        must(reply.starts_with("HTTP/1.1 200 ") && benchmarks::is_accepted(reply.substr(body_at)), "a message");
        return true;
    }

private:
    int fd_;
    std::unique_ptr<SSL, ssl_free> ssl_;
    std::string request_;
    std::size_t number_at_ = 0;
    std::array<char, 4096> reply_;
    std::size_t size_ = 0;
};

void send_with_epoll(settings const& s, meter& m)
{
    auto const context = make_context(s);
    int const epoll = ::epoll_create1(EPOLL_CLOEXEC);
    std::vector<std::unique_ptr<connection>> connections(std::min(s.connections, s.in_flight));
    for (auto& each : connections)
    {
        each = std::make_unique<connection>(s, context.get());
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.ptr = each.get();
        must(::epoll_ctl(epoll, EPOLL_CTL_ADD, each->fd(), &event) == 0, "epoll_ctl");
    }
    for (auto& each : connections)
        if (m.next())
            each->send(m.number());
    std::array<epoll_event, 128> events;
    while (m.sent() != m.total())
    {
        int const n = ::epoll_wait(epoll, events.data(), static_cast<int>(events.size()), -1);
        for (int i = 0; i < n; ++i)
        {
            auto& ready = *static_cast<connection*>(events[static_cast<std::size_t>(i)].data.ptr);
            if (!ready.receive())
                continue;
            m.done();
            if (m.next())
                ready.send(m.number());
        }
    }
    ::close(epoll);
}

} // namespace

int main(int argc, char** argv)
{
    return benchmarks::run(argc, argv, send_with_epoll);
}
