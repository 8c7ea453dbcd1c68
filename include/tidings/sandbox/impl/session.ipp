// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_SESSION_IPP
#define TIDINGS_SANDBOX_IMPL_SESSION_IPP

#include <tidings/sandbox/detail/engine.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace tidings::inline v0::sandbox::detail {

inline constexpr std::uint64_t max_body = 64 * 1024 * 1024;
inline constexpr std::uint32_t max_head = 64 * 1024;

inline std::string text_of(boost::beast::string_view s)
{
    return {s.data(), s.size()};
}

// The head of a parsed request; the body comes later.
inline void take_head(request& out, http_parser::value_type const& from)
{
    out.method = text_of(from.method_string());
    out.target = text_of(from.target());
    out.headers.clear();
    for (auto const& field : from)
        out.headers.emplace_back(text_of(field.name_string()), text_of(field.value()));
}

// Among the live connections until this goes, however that happens.
class membership
{
public:
    membership(std::set<std::shared_ptr<connection>>& live, std::shared_ptr<connection> c)
        : live_(live), self_(std::move(c))
    {
        live_.insert(self_);
    }
    membership(membership const&) = delete;
    membership& operator=(membership const&) = delete;
    ~membership()
    {
        self_->close();
        live_.erase(self_);
    }

private:
    std::set<std::shared_ptr<connection>>& live_;
    std::shared_ptr<connection> self_;
};

inline response failed(unsigned status, std::string text)
{
    response out;
    out.status = status;
    out.content_type = "text/plain";
    out.body = std::move(text);
    return out;
}

TIDINGS_SANDBOX_DECL std::optional<fault> engine::next_fault(brand b, std::string_view method, std::string_view target,
                                                             bool connecting)
{
    std::scoped_lock const lock(mutex);
    for (auto& f : state.faults)
        if (connecting == (f.what() == fault_kind::refuse_connection) && f.matches(b, method, target) && f.strikes())
        {
            auto hit = std::make_optional(f); // it may be erased
            std::erase_if(state.faults, [](fault const& old) { return old.spent(); });
            return hit;
        }
    return std::nullopt;
}

// The host of a Host header's or an Origin's authority, in lower case.
inline std::string host_of(std::string_view authority)
{
    auto const end = authority.starts_with('[') ? authority.find(']') : authority.find(':');
    auto const size = authority.starts_with('[') && end != std::string_view::npos ? end + 1 : end;
    return lower(authority.substr(0, size));
}

inline bool is_loopback(std::string_view host)
{
    if (host == "localhost" || host == "localhost." || host == "[::1]")
        return true;
    auto const digits = host.find_first_not_of("0123456789.") == std::string_view::npos;
    return digits && host.starts_with("127.") && std::count(host.begin(), host.end(), '.') == 3;
}

TIDINGS_SANDBOX_DECL std::string forbidden(request const& req, std::vector<std::string> const& allowed_hosts)
{
    auto const allowed = [&](std::string_view authority) {
        auto const host = host_of(authority);
        return is_loopback(host) || std::any_of(allowed_hosts.begin(), allowed_hosts.end(),
                                                [&](std::string const& name) { return same_text(name, host); });
    };
    auto const control = is_control(req.target);
    for (auto const& [name, value] : req.headers)
    {
        if (control && same_text(name, "Host") && !allowed(value))
            return "it is for the host " + compact(json::value(jview(value))) +
                   "; the sandbox's own calls are answered for loopback names, and for names given with --allow-host "
                   "(options::allow_host)";
        if (same_text(name, "Sec-Fetch-Site") && same_text(value, "cross-site"))
            return "it comes from a web page of another site (Sec-Fetch-Site: cross-site)";
        auto const scheme = value.find("://");
        if (same_text(name, "Origin") &&
            (scheme == std::string::npos || !allowed(std::string_view(value).substr(scheme + 3))))
            return "it comes from a web page of another site (Origin: " + compact(json::value(jview(value))) + ")";
    }
    return {};
}

TIDINGS_SANDBOX_DECL script engine::respond(request const& req, std::string const& forbidden, fault const* f,
                                            bool keep_alive, std::string& pending_uuid)
{
    std::scoped_lock const lock(mutex);
    auto const control = is_control(req.target);
    response answered;
    try
    {
        if (!forbidden.empty())
            answered = failed(403, "sandbox: this request is refused, because " + forbidden + "\n");
        else if (control)
            answered = answer_control(state, req);
        else if (!f || f->processed())
            answered = answer(state, req);
        if (!control && f && f->what() == fault_kind::throttle)
            answered = scripted_throttle(state, req, f->wait_seconds());
        if (!control && f && f->what() == fault_kind::refuse)
            answered = answer(state, req, f->code());
    }
    catch (std::exception const& e) // our own mistake; the client should see it, not hang
    {
        answered = failed(500, std::string("sandbox: ") + e.what());
    }
    pending_uuid = answered.pending_uuid;
    auto out = plan(answered, f, req.method == "HEAD", keep_alive);
    if (!control)
    {
        recorded_request row;
        row.platform = req.platform;
        row.method = req.method;
        row.target = req.target;
        row.headers = req.headers;
        row.body = req.body;
        row.status = out.status;
        row.connection = req.connection;
        state.requests.push_back(std::move(row));
    }
    return out;
}

// Reads until the head, or the whole request, is there. `pending` keeps what was read and not used yet.
TIDINGS_SANDBOX_DECL asio::awaitable<arrival> engine::feed(connection& c, http_parser& parser, std::string& pending,
                                                           bool only_head)
{
    namespace http = boost::beast::http;
    std::array<char, 16 * 1024> chunk;
    auto starving = pending.empty();
    while (only_head ? !parser.is_header_done() : !parser.is_done())
    {
        if (starving)
        {
            auto const n = co_await c.read(asio::buffer(chunk));
            if (n == 0)
                co_return arrival::over;
            pending.append(chunk.data(), n);
        }
        boost::system::error_code ec;
        auto const used = parser.put(asio::const_buffer(pending.data(), pending.size()), ec);
        pending.erase(0, used);
        if (ec && ec != http::error::need_more)
            co_return arrival::malformed;
        starving = ec == http::error::need_more || pending.empty();
    }
    co_return arrival::complete;
}

// False: the connection has ended.
TIDINGS_SANDBOX_DECL asio::awaitable<bool> engine::act_out(connection& c, std::vector<step> const& steps)
{
    for (auto const& step : steps)
    {
        auto going = true;
        if (step.what == act::send && &step != &steps.back() && (&step + 1)->what == act::close)
            c.hold_back();
        switch (step.what)
        {
        case act::send: going = co_await c.write(step.bytes); break;
        case act::send_slowly:
            for (std::size_t i = 0; going && i < step.bytes.size(); ++i)
                going = co_await c.write(std::string_view(step.bytes).substr(i, 1));
            break;
        case act::wait: going = co_await c.pause(step.pause); break;
        case act::hear: going = co_await c.hear(); break;
        case act::stall:
            co_await c.outlast();
            going = false;
            break;
        case act::close:
            co_await c.finish();
            going = false;
            break;
        case act::cut:
        case act::reset:
            c.close(step.what == act::reset);
            going = false;
            break;
        }
        if (!going)
            co_return false;
    }
    co_return true;
}

TIDINGS_SANDBOX_DECL asio::awaitable<void> engine::serve(std::shared_ptr<connection> c, request origin)
{
    membership const here(live, c);

    auto going = co_await c->open();
    if (going && c->resumed())
    {
        std::scoped_lock const lock(mutex);
        ++resumed;
    }
    std::string pending;
    while (going)
    {
        c->waits_since = std::chrono::steady_clock::now();
        auto req = origin;
        http_parser parser;
        parser.header_limit(max_head);
        parser.body_limit(max_body);
        parser.eager(false);
        auto came = co_await feed(*c, parser, pending, true);
        if (came == arrival::over)
            break;
        std::optional<fault> f;
        std::string refused;
        // Where a body in another coding than `chunked` ends is not known: what follows is no request (RFC 9112, 6.3).
        if (came == arrival::complete && !parser.chunked() && parser.get().count("Transfer-Encoding") != 0)
            came = arrival::malformed;
        if (came == arrival::complete)
        {
            take_head(req, parser.get());
            refused = forbidden(req, allowed_hosts);
            if (refused.empty() && !is_control(req.target))
                f = next_fault(req.platform, req.method, req.target, false);
            auto const reads_body = !f || f->what() != fault_kind::cut_before_reading;
            auto const expects = same_text(find_header(req.headers, "Expect"), "100-continue");
            if (reads_body && expects && !parser.is_done())
                going = co_await c->write("HTTP/1.1 100 Continue\r\n\r\n");
            parser.eager(true);
            if (reads_body && going)
                came = co_await feed(*c, parser, pending, false);
            req.body = parser.get().body();
        }
        if (came == arrival::over)
            break;
        if (came == arrival::malformed)
        {
            auto const script = plan(failed(400, "400 bad request"), nullptr, false, false);
            co_await act_out(*c, script.steps);
            break;
        }
        c->waits_since.reset();
        std::string pending_uuid;
        auto const script = respond(req, refused, f ? &*f : nullptr, parser.get().keep_alive(), pending_uuid);
        going = co_await act_out(*c, script.steps);
        if (!pending_uuid.empty())
        {
            std::scoped_lock const lock(mutex);
            state.uuids[pending_uuid].in_flight = false;
        }
    }
}

TIDINGS_SANDBOX_DECL asio::awaitable<void> engine::accept(listener& l)
{
    asio::steady_timer pause(context);
    while (!stopping)
    {
        auto [ec, socket] = co_await l.acceptor.async_accept(no_throw);
        if (ec == asio::error::operation_aborted || stopping)
            break;
        if (ec)
        {
            // No file descriptors left, as a rule: slow and idle clients must not keep others out.
            if (!make_room())
            {
                pause.expires_after(std::chrono::milliseconds(20));
                co_await pause.async_wait(no_throw);
            }
            continue;
        }
        boost::system::error_code ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        request origin;
        origin.platform = l.platform;
        origin.peer = socket.remote_endpoint(ignored).address().to_string();
        {
            std::scoped_lock const lock(mutex);
            origin.connection = static_cast<int>(++state.connections);
        }
        std::shared_ptr<connection> c;
        if (tls)
            c = std::make_shared<tls_connection>(std::move(socket), *tls);
        else
            c = std::make_shared<plain_connection>(std::move(socket));
        if (auto const f = next_fault(l.platform, "", "", true))
            c->close(f->reset());
        else
            asio::co_spawn(context, serve(std::move(c), std::move(origin)), asio::detached);
    }
}

} // namespace tidings::inline v0::sandbox::detail

#endif
