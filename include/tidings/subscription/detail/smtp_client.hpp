// libcurl's transfers of e-mail, driven by Asio: no thread waits for a socket, and no call blocks.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SUBSCRIPTION_DETAIL_SMTP_CLIENT_HPP
#define TIDINGS_SUBSCRIPTION_DETAIL_SMTP_CLIENT_HPP

#include <tidings/subscription/detail/smtp_dialogue.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <curl/curl.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <fcntl.h>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

static_assert(LIBCURL_VERSION_NUM >= 0x075800, "tidings/subscription/email.hpp needs libcurl 7.88 or newer");

namespace tidings::inline v0::subscription::detail {

namespace asio = boost::asio;

template<auto Free>
struct curl_free
{
    template<class T>
    void operator()(T* p) const noexcept
    {
        Free(p);
    }
};
using curl_easy_ptr = std::unique_ptr<CURL, curl_free<curl_easy_cleanup>>;

/// Initializes libcurl once. Thread-safe.
inline bool curl_is_ready()
{
    static CURLcode const status = curl_global_init(CURL_GLOBAL_DEFAULT);
    return status == CURLE_OK;
}

class smtp_client;

/// One message on its way. Not moved while it is under way.
class smtp_transfer
{
public:
    smtp_transfer(asio::any_io_executor const& ex, std::chrono::steady_clock::time_point deadline)
        : over(ex, deadline), socket(ex)
    {
    }
    smtp_transfer(smtp_transfer const&) = delete;
    smtp_transfer& operator=(smtp_transfer const&) = delete;

    /// Waits until it has ended, or its deadline has passed, or it was cancelled.
    asio::awaitable<void> wait()
    {
        return asio::async_compose<asio::use_awaitable_t<> const, void()>(waiting(*this), asio::use_awaitable, over);
    }

    /// Whether the server may have the whole message.
    bool may_have_arrived() const noexcept { return dialogue.content_begun() && end_written; }
    /// Whether the server has confirmed the whole message. A server that confirms a part of it has not.
    bool accepted() const noexcept { return dialogue.accepted() && written == output.size(); }

    std::string from;    ///< A mailbox.
    std::string to;      ///< A mailbox.
    std::string content; ///< Headers and body.
    curl_easy_ptr easy;
    smtp_client* client = nullptr; ///< Null: it was not started, or it has ended.
    smtp_dialogue dialogue;
    asio::steady_timer over;
    bool begun = false; ///< A connection was asked for.
    bool ended = false;
    bool cancelled = false;
    bool tls_answered = false; ///< The peer sent something in the TLS handshake.
    bool is_foreign = false;   ///< The peer sent a line that is not one of SMTP.
    CURLcode code = CURLE_OK;  ///< Why it ended, unless the server refused.
    long os_error = 0;
    char error_text[CURL_ERROR_SIZE] = {};

    // The conversation after the login.
    asio::posix::stream_descriptor socket; ///< A copy of libcurl's, for waiting.
    std::string output;                    ///< The bytes to write.
    std::size_t written = 0;
    bool end_written = false; ///< Of the content.
    std::string input;        ///< A line that is not complete.
    std::uint64_t number = 0; ///< Of the transfers of one client.

private:
    /// A wait that `total` cancellation ends only as long as the server cannot have the message.
    class waiting
    {
    public:
        explicit waiting(smtp_transfer& t) noexcept : transfer_(&t) {}

        template<class Self>
        void operator()(Self& self)
        {
            self.reset_cancellation_state(asio::enable_total_cancellation());
            transfer_->over.async_wait(std::move(self));
        }
        template<class Self>
        void operator()(Self& self, boost::system::error_code ec)
        {
            using asio::cancellation_type;
            auto const requested = self.cancelled();
            bool const is_too_late = requested == cancellation_type::total && transfer_->may_have_arrived();
            if (!transfer_->ended && ec && is_too_late)
            {
                self.reset_cancellation_state(asio::enable_partial_cancellation());
                transfer_->over.async_wait(std::move(self));
                return;
            }
            transfer_->cancelled = requested != cancellation_type::none && !is_too_late;
            self.complete();
        }

    private:
        smtp_transfer* transfer_;
    };
};

/// The transfers to one mail server. Transfers that are under way keep it alive.
///
/// libcurl resolves the name, connects, secures the connection and logs in; it reports which sockets it waits for and for
/// how long, and Asio waits. The message itself is then written with `curl_easy_send`: libcurl's own transfer of a message
/// waits for the server's last reply in a loop that blocks the thread, and ends a message that is cancelled as if it were
/// complete.
///
/// Everything runs on one executor.
class smtp_client : public std::enable_shared_from_this<smtp_client>
{
public:
    /// @param max_connections  How many transfers are under way at once; others wait for their turn.
    smtp_client(asio::any_io_executor const& ex, std::size_t max_connections)
        : executor_(ex), timer_(ex), max_connections_(std::max<std::size_t>(max_connections, 1))
    {
    }
    smtp_client(smtp_client const&) = delete;
    smtp_client& operator=(smtp_client const&) = delete;
    ~smtp_client() { close(); }

    asio::any_io_executor const& executor() const noexcept { return executor_; }

    /// Gives the handle of a transfer the options that connect it with this object.
    static void adopt(smtp_transfer& t)
    {
        auto* const easy = t.easy.get();
        curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
        curl_easy_setopt(easy, CURLOPT_PRIVATE, &t);
        curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, t.error_text);
        curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L); // calls the next function; prints nothing
        curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, &on_debug);
        curl_easy_setopt(easy, CURLOPT_DEBUGDATA, &t);
        curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, &on_open);
        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); // does not wait for the thread that resolves a name
    }

    /// Starts a transfer, now or when there is room.
    void start(smtp_transfer& t)
    {
        waiting_.push_back(&t);
        t.client = this;
        t.number = ++count_;
        start_next();
    }

    /// Ends a transfer if it has not ended. It may be destroyed then.
    void stop(smtp_transfer& t) noexcept
    {
        if (!t.client)
            return;
        t.client = nullptr;
        waiting_.erase(std::remove(waiting_.begin(), waiting_.end(), &t), waiting_.end());
        remove(t);
        start_next();
    }

private:
    /// A socket that libcurl waits for.
    struct watch
    {
        explicit watch(asio::any_io_executor const& ex) : descriptor(ex) {}

        asio::posix::stream_descriptor descriptor;
        int events = CURL_POLL_NONE;
        bool reading = false;
        bool writing = false;
        bool removed = false;
    };

    bool make_multi()
    {
        if (multi_)
            return true;
        multi_.reset(curl_multi_init());
        if (!multi_)
            return false;
        curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETFUNCTION, &on_socket);
        curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETDATA, this);
        curl_multi_setopt(multi_.get(), CURLMOPT_TIMERFUNCTION, &on_timer);
        curl_multi_setopt(multi_.get(), CURLMOPT_TIMERDATA, this);
        return true;
    }

    void start_next() noexcept
    {
        while (!waiting_.empty() && active_.size() < max_connections_)
        {
            auto& t = *waiting_.front();
            waiting_.pop_front();
            bool const is_ready = guarded([&] { active_.push_back(&t); }) == 0 && make_multi();
            t.begun = is_ready && curl_multi_add_handle(multi_.get(), t.easy.get()) == CURLM_OK;
            if (t.begun)
                continue;
            end(t, CURLE_OUT_OF_MEMORY);
            if (is_ready) // after a callback that failed, libcurl's handle accepts nothing any more
                close();
        }
    }

    /// The transfer has ended, and its connection is closed.
    void end(smtp_transfer& t, CURLcode code) noexcept
    {
        remove(t);
        t.client = nullptr;
        t.code = code;
        t.ended = true;
        t.over.expires_at(std::chrono::steady_clock::time_point::min());
    }

    void remove(smtp_transfer& t) noexcept
    {
        auto const at = std::find(active_.begin(), active_.end(), &t);
        if (at == active_.end())
            return;
        active_.erase(at);
        if (t.socket.is_open())
            t.socket.release(); // it is libcurl's
        curl_multi_remove_handle(multi_.get(), t.easy.get());
        if (active_.empty())
            timer_.cancel();
    }

    void act(curl_socket_t socket, int events)
    {
        int running = 0;
        auto const status = curl_multi_socket_action(multi_.get(), socket, events, &running);
        int left = 0;
        while (CURLMsg const* const message = curl_multi_info_read(multi_.get(), &left))
        {
            if (message->msg != CURLMSG_DONE)
                continue;
            auto const code = message->data.result;
            char* owner = nullptr;
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &owner);
            auto& t = *reinterpret_cast<smtp_transfer*>(owner);
            curl_easy_getinfo(message->easy_handle, CURLINFO_OS_ERRNO, &t.os_error);
            if (code != CURLE_OK)
                end(t, t.is_foreign ? CURLE_WEIRD_SERVER_REPLY : code);
            else
                begin_message(t);
        }
        if (status != CURLM_OK)
            close();
        // libcurl would wait for a line that is one of SMTP.
        auto const is_foreign = [](smtp_transfer const* t) { return t->is_foreign; };
        for (auto at = std::find_if(active_.begin(), active_.end(), is_foreign); at != active_.end();
             at = std::find_if(active_.begin(), active_.end(), is_foreign))
            end(**at, CURLE_WEIRD_SERVER_REPLY);
        start_next();
    }

    /// Ends every transfer that is under way, and frees libcurl's handle. A later transfer makes another one.
    void close() noexcept
    {
        while (!active_.empty())
            end(*active_.back(), CURLE_OUT_OF_MEMORY);
        multi_.reset();
        for (auto& [socket, w] : watches_)
            forget(*w);
        watches_.clear();
        timer_.cancel();
    }

    // ---- The conversation after the login

    void begin_message(smtp_transfer& t) noexcept
    {
        curl_socket_t socket = CURL_SOCKET_BAD;
        boost::system::error_code ec;
        bool const has_socket = curl_easy_getinfo(t.easy.get(), CURLINFO_ACTIVESOCKET, &socket) == CURLE_OK &&
                                socket != CURL_SOCKET_BAD && guarded([&] { t.socket.assign(socket, ec); }) == 0 && !ec;
        bool const good = has_socket && guarded([&] { command(t, "MAIL FROM:<" + t.from + ">\r\n"); }) == 0;
        if (good)
            converse(t);
        else
            end(t, CURLE_OUT_OF_MEMORY);
    }

    static void command(smtp_transfer& t, std::string line)
    {
        t.dialogue.sent(line);
        t.output = std::move(line);
        t.written = 0;
    }

    /// Writes and reads as far as that is possible without waiting.
    void converse(smtp_transfer& t) noexcept
    {
        if (guarded([&] {
                while (t.client && write(t) && read(t))
                    ;
            }) != 0)
            end(t, CURLE_OUT_OF_MEMORY);
    }

    /// @returns Whether everything is written.
    bool write(smtp_transfer& t)
    {
        while (t.written != t.output.size())
        {
            std::size_t size = 0;
            auto const rest = t.output.size() - t.written;
            auto const status = curl_easy_send(t.easy.get(), t.output.data() + t.written, rest, &size);
            if (status == CURLE_AGAIN)
            {
                wait_for(t, asio::posix::stream_descriptor::wait_write);
                return false;
            }
            t.written += size;
            // After an error, it is not known how much was written.
            t.end_written = t.dialogue.content_begun() && (status != CURLE_OK || t.written == t.output.size());
            if (status != CURLE_OK)
                return true; // the server may have said why before it closed the connection
        }
        return true;
    }

    /// @returns Whether there is something to write.
    bool read(smtp_transfer& t)
    {
        constexpr std::size_t max_line = 4096;
        char bytes[2048];
        for (;;)
        {
            std::size_t size = 0;
            auto const status = curl_easy_recv(t.easy.get(), bytes, sizeof bytes, &size);
            if (status == CURLE_AGAIN)
            {
                wait_for(t, asio::posix::stream_descriptor::wait_read);
                return false;
            }
            if (status != CURLE_OK || size == 0)
            {
                end(t, CURLE_RECV_ERROR);
                return false;
            }
            t.input.append(bytes, size);
            for (auto at = t.input.find('\n'); at != t.input.npos; at = t.input.find('\n'))
            {
                auto const line = t.input.substr(0, at);
                t.input.erase(0, at + 1);
                switch (t.dialogue.received(line))
                {
                case smtp_reply::invalid: end(t, CURLE_WEIRD_SERVER_REPLY); return false;
                case smtp_reply::partial: break;
                case smtp_reply::complete: return next(t);
                }
            }
            if (t.input.size() > max_line)
            {
                end(t, CURLE_WEIRD_SERVER_REPLY);
                return false;
            }
        }
    }

    /// The server has replied.
    ///
    /// @returns Whether there is something to write.
    bool next(smtp_transfer& t)
    {
        auto const stage = t.dialogue.stage();
        // A server that says more than was asked: it would be taken for the answer to what comes next.
        bool const is_answer = t.input.empty();
        bool const went_well = t.dialogue.code() / 100 == 2 && is_answer;
        if (stage == smtp_stage::sender && went_well)
            command(t, "RCPT TO:<" + t.to + ">\r\n");
        else if (stage == smtp_stage::recipient && went_well)
            command(t, "DATA\r\n");
        else if (t.dialogue.code() == 354 && is_answer && stage == smtp_stage::content && !t.content.empty())
        {
            t.output = std::exchange(t.content, std::string());
            t.written = 0;
        }
        else
        {
            // The answer is not awaited.
            std::size_t size = 0;
            bool const is_certain = t.accepted() || t.dialogue.refused();
            if (is_certain && t.written == t.output.size())
                (void)curl_easy_send(t.easy.get(), quit.data(), quit.size(), &size);
            end(t, is_certain ? CURLE_OK : CURLE_WEIRD_SERVER_REPLY);
            return false;
        }
        return true;
    }

    template<class What>
    void wait_for(smtp_transfer& t, What what)
    {
        t.socket.async_wait(what, [weak = weak_from_this(), number = t.number](boost::system::error_code) {
            auto const self = weak.lock();
            if (!self)
                return;
            // A transfer that has ended has left the list.
            auto const at = std::find_if(self->active_.begin(), self->active_.end(),
                                         [number](auto const* active) { return active->number == number; });
            if (at == self->active_.end())
                return;
            self->converse(**at);
            self->start_next();
        });
    }

    // ---- What libcurl waits for

    static int on_timer(CURLM*, long ms, void* self) noexcept
    {
        return guarded([&] { static_cast<smtp_client*>(self)->arm(ms); });
    }
    void arm(long ms)
    {
        timer_.cancel();
        if (ms < 0)
            return;
        timer_.expires_after(std::chrono::milliseconds(ms));
        timer_.async_wait([weak = weak_from_this()](boost::system::error_code ec) {
            auto const self = ec ? nullptr : weak.lock();
            if (self && self->multi_)
                self->act(CURL_SOCKET_TIMEOUT, 0);
        });
    }

    static int on_socket(CURL*, curl_socket_t socket, int events, void* self, void*) noexcept
    {
        return guarded([&] { static_cast<smtp_client*>(self)->watch_for(socket, events); });
    }
    void watch_for(curl_socket_t socket, int events)
    {
        auto at = watches_.find(socket);
        if (events == CURL_POLL_REMOVE)
        {
            if (at == watches_.end())
                return;
            forget(*at->second);
            watches_.erase(at);
            return;
        }
        if (at == watches_.end())
        {
            at = watches_.emplace(socket, std::make_shared<watch>(executor_)).first;
            at->second->descriptor.assign(socket);
        }
        at->second->events = events;
        rearm(socket, at->second);
    }
    /// The socket is libcurl's: it is not closed here.
    static void forget(watch& w) noexcept
    {
        w.removed = true;
        if (w.descriptor.is_open())
            w.descriptor.release();
    }
    void rearm(curl_socket_t socket, std::shared_ptr<watch> const& w)
    {
        if ((w->events & CURL_POLL_IN) != 0 && !std::exchange(w->reading, true))
            w->descriptor.async_wait(asio::posix::stream_descriptor::wait_read,
                                     [weak = weak_from_this(), w, socket](boost::system::error_code ec) {
                                         w->reading = false;
                                         ready(weak, w, socket, CURL_POLL_IN, CURL_CSELECT_IN, ec);
                                     });
        if ((w->events & CURL_POLL_OUT) != 0 && !std::exchange(w->writing, true))
            w->descriptor.async_wait(asio::posix::stream_descriptor::wait_write,
                                     [weak = weak_from_this(), w, socket](boost::system::error_code ec) {
                                         w->writing = false;
                                         ready(weak, w, socket, CURL_POLL_OUT, CURL_CSELECT_OUT, ec);
                                     });
    }
    /// @param wanted  For what it was waited. libcurl may no longer want that.
    static void ready(std::weak_ptr<smtp_client> const& weak, std::shared_ptr<watch> const& w, curl_socket_t socket,
                      int wanted, int happened, boost::system::error_code ec)
    {
        auto const self = weak.lock();
        if (!self || w->removed)
            return;
        if ((w->events & wanted) != 0)
            self->act(socket, ec ? CURL_CSELECT_ERR : happened);
        if (!w->removed && guarded([&] { self->rearm(socket, w); }) != 0)
        {
            self->close();
            self->start_next();
        }
    }

    static int on_open(void*, curl_socket_t socket, curlsocktype) noexcept
    {
        ::fcntl(socket, F_SETFD, FD_CLOEXEC);
        return CURL_SOCKOPT_OK;
    }

    /// Commands, replies and TLS messages up to the login.
    static int on_debug(CURL*, curl_infotype kind, char* data, std::size_t size, void* transfer) noexcept
    {
        auto& t = *static_cast<smtp_transfer*>(transfer);
        std::string_view const bytes(data, size);
        if (kind == CURLINFO_HEADER_IN)
            guarded([&] { t.is_foreign = t.dialogue.received(bytes) == smtp_reply::invalid || t.is_foreign; });
        else if (kind == CURLINFO_HEADER_OUT)
            t.dialogue.sent(bytes);
        else if (kind == CURLINFO_SSL_DATA_IN)
            t.tls_answered = true;
        return 0;
    }

    /// No exception passes through C.
    template<class Function>
    static int guarded(Function const& f) noexcept
    {
        try
        {
            f();
            return 0;
        }
        catch (...)
        {
            return -1;
        }
    }

    static constexpr std::string_view quit = "QUIT\r\n";

    asio::any_io_executor executor_;
    asio::steady_timer timer_;
    std::size_t max_connections_;
    std::uint64_t count_ = 0;
    std::deque<smtp_transfer*> waiting_;
    std::vector<smtp_transfer*> active_;
    std::map<curl_socket_t, std::shared_ptr<watch>> watches_;
    std::unique_ptr<CURLM, curl_free<curl_multi_cleanup>> multi_;
};

} // namespace tidings::inline v0::subscription::detail

#endif
