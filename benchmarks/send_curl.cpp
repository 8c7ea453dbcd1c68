// The same exchange as in `send.cpp` by libcurl: its easy interface with one in flight, its multi interface in an epoll loop
// (`curl_multi_socket_action`) with more. Handles are reused, no JSON is parsed.
//
//   send_curl --port PORT [--tls --ca FILE] [--count N] [--in-flight N] [--connections N]
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "prepared.hpp"

#include <curl/curl.h>

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <deque>
#include <memory>
#include <stdexcept>
#include <string>

namespace {

using benchmarks::meter;
using benchmarks::settings;

void must(bool good, std::string const& what)
{
    if (!good)
        throw std::runtime_error(what);
}

/// One that is in flight: a handle with its request and its reply.
class transfer
{
public:
    explicit transfer(settings const& s) : handle_(curl_easy_init()), headers_(make_headers())
    {
        auto* const h = handle_.get();
        curl_easy_setopt(h, CURLOPT_URL,
                         ((s.tls ? "https://" : "http://") + s.authority() + std::string(benchmarks::target)).c_str());
        curl_easy_setopt(h, CURLOPT_USERAGENT, std::string(benchmarks::user_agent).c_str());
        curl_easy_setopt(h, CURLOPT_HTTPHEADER, headers_.get());
        curl_easy_setopt(h, CURLOPT_POST, 1L);
        curl_easy_setopt(h, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
        curl_easy_setopt(h, CURLOPT_IPRESOLVE, static_cast<long>(CURL_IPRESOLVE_V4));
        curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, 30'000L);
        curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, &take);
        curl_easy_setopt(h, CURLOPT_WRITEDATA, this);
        curl_easy_setopt(h, CURLOPT_PRIVATE, this);
        if (s.tls)
            curl_easy_setopt(h, CURLOPT_CAINFO, s.ca.c_str());
    }

    CURL* handle() const noexcept { return handle_.get(); }

    void prepare(std::size_t number)
    {
        body_.set_number(number);
        curl_easy_setopt(handle_.get(), CURLOPT_POSTFIELDS, body_.text().data());
        curl_easy_setopt(handle_.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(body_.text().size()));
        reply_.clear();
    }

    void check(CURLcode outcome) const
    {
        must(outcome == CURLE_OK, curl_easy_strerror(outcome));
        long status = 0;
        curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
        must(status == 200 && benchmarks::is_accepted(reply_), "an unexpected reply");
    }

private:
    struct freed
    {
        void operator()(CURL* p) const noexcept { curl_easy_cleanup(p); }
        void operator()(curl_slist* p) const noexcept { curl_slist_free_all(p); }
    };

    static curl_slist* make_headers()
    {
        auto* out = curl_slist_append(nullptr, "Accept: application/json");
        out = curl_slist_append(out, ("Authorization: " + std::string(benchmarks::bearer)).c_str());
        return curl_slist_append(out, ("Content-Type: " + std::string(benchmarks::content_type)).c_str());
    }

    static std::size_t take(char* data, std::size_t size, std::size_t n, void* to)
    {
        static_cast<transfer*>(to)->reply_.append(data, size * n);
        return size * n;
    }

    benchmarks::request_body body_;
    std::string reply_;
    std::unique_ptr<CURL, freed> handle_;
    std::unique_ptr<curl_slist, freed> headers_;
};

/// libcurl's multi interface as an event loop of one's own drives it.
class multi
{
public:
    multi(settings const& s, meter& m) : m_(m), epoll_(::epoll_create1(EPOLL_CLOEXEC)), handle_(curl_multi_init())
    {
        curl_multi_setopt(handle_, CURLMOPT_SOCKETFUNCTION, &watch);
        curl_multi_setopt(handle_, CURLMOPT_SOCKETDATA, this);
        curl_multi_setopt(handle_, CURLMOPT_TIMERFUNCTION, &set_timer);
        curl_multi_setopt(handle_, CURLMOPT_TIMERDATA, this);
        curl_multi_setopt(handle_, CURLMOPT_MAX_TOTAL_CONNECTIONS, static_cast<long>(s.connections));
        curl_multi_setopt(handle_, CURLMOPT_MAXCONNECTS, static_cast<long>(s.connections));
        for (std::size_t i = 0; i != s.in_flight; ++i)
            start(transfers_.emplace_back(s));
    }
    multi(multi const&) = delete;
    multi& operator=(multi const&) = delete;
    ~multi()
    {
        for (auto& each : transfers_)
            curl_multi_remove_handle(handle_, each.handle());
        curl_multi_cleanup(handle_);
        ::close(epoll_);
    }

    void run()
    {
        std::array<epoll_event, 128> events;
        while (m_.sent() != m_.total())
        {
            int const n =
                ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), static_cast<int>(timer_));
            int running = 0;
            if (n == 0)
                curl_multi_socket_action(handle_, CURL_SOCKET_TIMEOUT, 0, &running);
            for (int i = 0; i < n; ++i)
            {
                auto const& event = events[static_cast<std::size_t>(i)];
                int const what = (event.events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
                                 (event.events & ~static_cast<unsigned>(EPOLLOUT) ? CURL_CSELECT_IN : 0);
                curl_multi_socket_action(handle_, event.data.fd, what, &running);
            }
            if (n != 0 && timer_ == 0)
                curl_multi_socket_action(handle_, CURL_SOCKET_TIMEOUT, 0, &running);
            finish();
        }
    }

private:
    void start(transfer& next)
    {
        if (!m_.next())
            return;
        next.prepare(m_.number());
        curl_multi_add_handle(handle_, next.handle());
    }

    void finish()
    {
        int left = 0;
        while (auto const* const note = curl_multi_info_read(handle_, &left))
        {
            char* who = nullptr;
            curl_easy_getinfo(note->easy_handle, CURLINFO_PRIVATE, &who);
            auto& done = *reinterpret_cast<transfer*>(who);
            done.check(note->data.result);
            m_.done();
            curl_multi_remove_handle(handle_, done.handle());
            start(done);
        }
    }

    static int watch(CURL*, curl_socket_t fd, int what, void* self, void* known)
    {
        auto& me = *static_cast<multi*>(self);
        if (what == CURL_POLL_REMOVE)
        {
            ::epoll_ctl(me.epoll_, EPOLL_CTL_DEL, fd, nullptr);
            return 0;
        }
        epoll_event event{};
        event.events = (what & CURL_POLL_IN ? static_cast<unsigned>(EPOLLIN) : 0U) |
                       (what & CURL_POLL_OUT ? static_cast<unsigned>(EPOLLOUT) : 0U);
        event.data.fd = fd;
        ::epoll_ctl(me.epoll_, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event);
        curl_multi_assign(me.handle_, fd, self);
        return 0;
    }

    static int set_timer(CURLM*, long milliseconds, void* self)
    {
        static_cast<multi*>(self)->timer_ = milliseconds;
        return 0;
    }

    meter& m_;
    int epoll_;
    CURLM* handle_;
    long timer_ = -1;
    std::deque<transfer> transfers_;
};

void send_with_curl(settings const& s, meter& m)
{
    must(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK, "curl_global_init failed");
    if (s.in_flight != 1)
        return multi(s, m).run();
    transfer one(s);
    while (m.next())
    {
        one.prepare(m.number());
        one.check(curl_easy_perform(one.handle()));
        m.done();
    }
}

} // namespace

int main(int argc, char** argv)
{
    return benchmarks::run(argc, argv, send_with_curl);
}
