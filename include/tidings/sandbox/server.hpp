// The sandbox: the Lark and Feishu open platforms on a loopback port, inside the calling program.
//
// Needs Boost 1.81 (Asio, Beast, JSON) and OpenSSL 3. Link boost_json, ssl, crypto and the threads library.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_SERVER_HPP
#define TIDINGS_SANDBOX_SERVER_HPP

#include <tidings/sandbox/message.hpp>
#include <tidings/sandbox/options.hpp>

#include <functional>
#include <memory>

namespace tidings::inline v0::sandbox {

namespace detail {
class engine;
}

/// All four platforms, each on its own loopback port, served by one thread.
///
/// @par Thread safety       All members may be called from any thread, except the destructor.
/// @par Example
/// @code
/// tidings::sandbox::server platform;
/// // point the client at platform.url("lark"), with platform.app("lark").app_id and .app_secret, and send
/// BOOST_TEST(platform.ledger().size() == 1u);
/// @endcode
class server
{
public:
    /// Serves with the default options when the constructor returns.
    server();

    /// Serves when the constructor returns.
    ///
    /// @par Errors  Throws `world_error` when the world contradicts itself, `std::invalid_argument` when the port is
    ///              over 65532, `std::system_error` when a port cannot be had (the message names it).
    explicit server(options o);

    server(server const&) = delete;
    server& operator=(server const&) = delete;

    /// Closes every connection, answered or not, and waits for the thread.
    ~server();

    /// Lark's address, without a trailing slash.
    std::string url() const;
    /// The address of "lark" or "feishu". Throws `std::invalid_argument` for another name.
    std::string url(std::string_view brand_name) const;

    /// The authority that signed the certificate, PEM. Empty without TLS.
    std::string ca_pem() const;
    /// The same in a file, which is removed with the server. Empty without TLS.
    std::string ca_file() const;

    /// The first app of "lark" or "feishu" in the world: the good one, in the standard world.
    /// Throws `std::invalid_argument` for another name, `std::out_of_range` when there is no such app.
    sandbox::app app(std::string_view brand_name) const;

    /// The first app of DingTalk in the world: the good one, in the standard world.
    /// Throws `std::out_of_range` when there is none.
    sandbox::dingtalk_app dingtalk_app() const;

    /// The first app of WeCom in the world: the good one, in the standard world.
    /// Throws `std::out_of_range` when there is none.
    sandbox::wecom_app wecom_app() const;

    /// The world as it is now, with all ids filled in.
    sandbox::world world() const;

    /// Changes the world between two requests. `change` must not call the server.
    /// Throws what `change` throws, and `world_error`; the world is then as before.
    void edit(std::function<void(sandbox::world&)> const& change);

    /// Every accepted message, oldest first.
    std::vector<message> ledger() const;

    /// Every request, oldest first.
    std::vector<recorded_request> requests() const;

    /// How many connections were accepted so far.
    std::size_t connections() const;

    /// How many of them went on with an earlier TLS session.
    std::size_t resumed_sessions() const;

    /// The sandbox clock.
    std::chrono::system_clock::time_point now() const;
    /// Moves the sandbox clock forward: tokens expire, windows pass.
    void advance(std::chrono::milliseconds by);

    /// Makes all tokens of the app invalid at once. WeCom's apps are `corp_id:agent_id`, or all of them `corp_id`.
    void revoke_tokens(std::string_view app_id);

    /// Adds a fault. Of several that match, the oldest hits.
    void add_fault(fault f);
    /// Removes all faults that did not happen yet.
    void clear_faults();

    /// The person opens the message. Throws `std::out_of_range` when there is no such message or person.
    void mark_read(std::string_view message_id, std::string_view login_name);

private:
    std::unique_ptr<detail::engine> engine_;
};

} // namespace tidings::inline v0::sandbox

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/sandbox/impl/server.ipp>
#endif

#endif
