// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_SERVER_IPP
#define TIDINGS_SANDBOX_IMPL_SERVER_IPP

#include <tidings/sandbox/server.hpp>

#include <tidings/sandbox/detail/dingtalk.hpp>
#include <tidings/sandbox/detail/wecom.hpp>

#include <tidings/sandbox/impl/certificate.ipp>
#include <tidings/sandbox/impl/control.ipp>
#include <tidings/sandbox/impl/dingtalk/routing.ipp>
#include <tidings/sandbox/impl/fault.ipp>
#include <tidings/sandbox/impl/lark/routing.ipp>
#include <tidings/sandbox/impl/message.ipp>
#include <tidings/sandbox/impl/routing.ipp>
#include <tidings/sandbox/impl/script.ipp>
#include <tidings/sandbox/impl/session.ipp>
#include <tidings/sandbox/impl/wecom/routing.ipp>
#include <tidings/sandbox/impl/world.ipp>

#include <boost/asio/post.hpp>

#include <fstream>
#include <stdlib.h>
#include <system_error>

namespace tidings::inline v0::sandbox {

namespace detail {

TIDINGS_SANDBOX_DECL temporary_file::~temporary_file()
{
    std::error_code ignored;
    if (!file_.empty())
        std::filesystem::remove_all(file_.parent_path(), ignored);
}

TIDINGS_SANDBOX_DECL void temporary_file::write(std::string const& name, std::string const& text)
{
    auto directory = (std::filesystem::temp_directory_path() / "tidings-sandbox-XXXXXX").string();
    if (!::mkdtemp(directory.data()))
        throw std::system_error(errno, std::generic_category(), "sandbox: cannot make " + directory);
    file_ = std::filesystem::path(directory) / name;
    std::ofstream out(file_, std::ios::binary);
    out << text;
    if (!out.flush())
        throw std::runtime_error("sandbox: cannot write " + file_.string());
}

inline world checked(world w)
{
    world_check(w).run();
    dingtalk::check_world(w);
    wecom::check_world(w);
    w.derive_ids();
    return w;
}

TIDINGS_SANDBOX_DECL engine::engine(options const& o)
    : state(checked(o.world()), sandbox_clock(o.starts_at(), o.clock_speed())), allowed_hosts(o.allowed_hosts())
{
    if (o.tls())
    {
        auto const identity = make_identity(o.certificate());
        tls.emplace(asio::ssl::context::tls_server);
        tls->set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1);
        tls->use_certificate_chain(asio::buffer(identity.chain));
        tls->use_private_key(asio::buffer(identity.key), asio::ssl::context::pem);
        if (!o.client_authority().empty())
        {
            tls->set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert);
            tls->add_certificate_authority(asio::buffer(o.client_authority()));
            // Without a name for itself, OpenSSL takes no session up again whose client was verified.
            static constexpr unsigned char name[] = "tidings sandbox";
            SSL_CTX_set_session_id_context(tls->native_handle(), name, sizeof name);
        }
        ca = identity.ca;
        ca_file.write("ca.pem", ca);
    }
    auto const port = o.port();
    constexpr std::uint16_t last = 65535 - 3; // four in a row
    if (port > last)
        throw std::invalid_argument("the sandbox listens on four ports, and behind " + std::to_string(port) +
                                    " there are not enough");
    std::uint16_t offset = 0;
    for (auto const b : {brand::lark, brand::feishu, brand::dingtalk, brand::wecom})
        listen(b, port == 0 ? port : static_cast<std::uint16_t>(port + offset++));
    for (auto const& l : listeners)
        asio::co_spawn(context, accept(*l), asio::detached);
    thread = std::thread([this] { context.run(); });
}

TIDINGS_SANDBOX_DECL engine::~engine()
{
    asio::post(context, [this] { stop(); });
    thread.join();
}

TIDINGS_SANDBOX_DECL bool engine::make_room()
{
    connection* max_length = nullptr;
    for (auto const& c : live)
        if (c->waits_since && (!max_length || *c->waits_since < *max_length->waits_since))
            max_length = c.get();
    if (!max_length)
        return false;
    max_length->waits_since.reset();
    max_length->close();
    return true;
}

TIDINGS_SANDBOX_DECL void engine::stop()
{
    stopping = true;
    for (auto const& l : listeners)
        l->acceptor.close();
    // Whatever a session waits for ends now; it then leaves the set by itself.
    for (auto const& c : live)
        c->close();
}

TIDINGS_SANDBOX_DECL void engine::listen(brand b, std::uint16_t port)
{
    tcp::endpoint const where(asio::ip::address_v4::loopback(), port);
    auto l = std::make_unique<listener>(listener{b, tcp::acceptor(context), {}});
    boost::system::error_code ec;
    auto const next = [&](auto const& step) {
        if (!ec)
            step();
    };
    next([&] { l->acceptor.open(where.protocol(), ec); });
    next([&] { l->acceptor.set_option(asio::socket_base::reuse_address(true), ec); });
    next([&] { l->acceptor.bind(where, ec); });
    next([&] { l->acceptor.listen(asio::socket_base::max_listen_connections, ec); });
    if (ec)
        throw std::system_error(ec, "sandbox: cannot listen on 127.0.0.1:" + std::to_string(port));
    l->url = (tls ? "https://localhost:" : "http://127.0.0.1:") + std::to_string(l->acceptor.local_endpoint().port());
    listeners.push_back(std::move(l));
}

TIDINGS_SANDBOX_DECL engine::listener const& engine::at(std::string_view brand_name) const
{
    for (auto const& l : listeners)
        if (to_string(l->platform) == brand_name)
            return *l;
    throw std::invalid_argument("sandbox: no such platform: " + std::string(brand_name));
}

} // namespace detail

TIDINGS_SANDBOX_DECL server::server() : server(options()) {}

TIDINGS_SANDBOX_DECL server::server(options o) : engine_(std::make_unique<detail::engine>(o)) {}

TIDINGS_SANDBOX_DECL server::~server() = default;

TIDINGS_SANDBOX_DECL std::string server::url() const
{
    return url("lark");
}

TIDINGS_SANDBOX_DECL std::string server::url(std::string_view brand_name) const
{
    return engine_->at(brand_name).url;
}

TIDINGS_SANDBOX_DECL std::string server::ca_pem() const
{
    return engine_->ca;
}

TIDINGS_SANDBOX_DECL std::string server::ca_file() const
{
    return engine_->ca_file.path();
}

TIDINGS_SANDBOX_DECL sandbox::app server::app(std::string_view brand_name) const
{
    auto const platform = engine_->at(brand_name).platform;
    std::scoped_lock const lock(engine_->mutex);
    for (auto const& a : engine_->state.world.apps)
        if (a.platform == platform)
            return a;
    throw std::out_of_range("sandbox: the world has no app for " + std::string(brand_name));
}

TIDINGS_SANDBOX_DECL sandbox::wecom_app server::wecom_app() const
{
    std::scoped_lock const lock(engine_->mutex);
    auto const& apps = engine_->state.world.wecom.apps;
    if (apps.empty())
        throw std::out_of_range("sandbox: the world has no app for wecom");
    return apps.front();
}

TIDINGS_SANDBOX_DECL sandbox::dingtalk_app server::dingtalk_app() const
{
    std::scoped_lock const lock(engine_->mutex);
    auto const& apps = engine_->state.world.dingtalk.apps;
    if (apps.empty())
        throw std::out_of_range("sandbox: the world has no app for dingtalk");
    return apps.front();
}

TIDINGS_SANDBOX_DECL sandbox::world server::world() const
{
    std::scoped_lock const lock(engine_->mutex);
    return engine_->state.world;
}

TIDINGS_SANDBOX_DECL void server::edit(std::function<void(sandbox::world&)> const& change)
{
    std::scoped_lock const lock(engine_->mutex);
    auto next = engine_->state.world;
    change(next);
    engine_->state.world = detail::checked(std::move(next));
}

TIDINGS_SANDBOX_DECL std::vector<message> server::ledger() const
{
    std::scoped_lock const lock(engine_->mutex);
    std::vector<message> out;
    for (auto const& m : engine_->state.messages)
        out.push_back(m.row);
    return out;
}

TIDINGS_SANDBOX_DECL std::vector<recorded_request> server::requests() const
{
    std::scoped_lock const lock(engine_->mutex);
    return engine_->state.requests;
}

TIDINGS_SANDBOX_DECL std::size_t server::connections() const
{
    std::scoped_lock const lock(engine_->mutex);
    return engine_->state.connections;
}

TIDINGS_SANDBOX_DECL std::size_t server::resumed_sessions() const
{
    std::scoped_lock const lock(engine_->mutex);
    return engine_->resumed;
}

TIDINGS_SANDBOX_DECL std::chrono::system_clock::time_point server::now() const
{
    std::scoped_lock const lock(engine_->mutex);
    return engine_->state.clock.now();
}

TIDINGS_SANDBOX_DECL void server::advance(std::chrono::milliseconds by)
{
    std::scoped_lock const lock(engine_->mutex);
    engine_->state.clock.advance(by);
}

TIDINGS_SANDBOX_DECL void server::revoke_tokens(std::string_view app_id)
{
    std::scoped_lock const lock(engine_->mutex);
    detail::revoke_everywhere(engine_->state, std::string(app_id));
}

TIDINGS_SANDBOX_DECL void server::add_fault(fault f)
{
    std::scoped_lock const lock(engine_->mutex);
    engine_->state.faults.push_back(std::move(f));
}

TIDINGS_SANDBOX_DECL void server::clear_faults()
{
    std::scoped_lock const lock(engine_->mutex);
    engine_->state.faults.clear();
}

TIDINGS_SANDBOX_DECL void server::mark_read(std::string_view message_id, std::string_view login_name)
{
    std::scoped_lock const lock(engine_->mutex);
    engine_->state.mark_read(std::string(message_id), std::string(login_name));
}

} // namespace tidings::inline v0::sandbox

#endif
