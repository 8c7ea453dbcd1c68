// How a sandbox starts.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_OPTIONS_HPP
#define TIDINGS_SANDBOX_OPTIONS_HPP

#include <tidings/sandbox/world.hpp>

#include <chrono>
#include <string>
#include <utility>

namespace tidings::inline v0::sandbox {

/// Which certificate a TLS sandbox shows.
enum class certificate
{
    /// For localhost, 127.0.0.1 and ::1, valid for a day.
    good,
    /// For another host.
    wrong_host,
    /// Ended yesterday.
    expired,
};

/// How a sandbox starts. Setters chain.
class options
{
public:
    options() = default;

    /// HTTPS instead of HTTP. Default: off.
    options& tls(bool on = true)
    {
        tls_ = on;
        return *this;
    }
    /// Lark listens on `n`, Feishu, DingTalk and WeCom on the next three. At most 65532. Default 0: free ports.
    options& port(std::uint16_t n)
    {
        port_ = n;
        return *this;
    }
    /// Default: `world::standard()`.
    options& world(sandbox::world w)
    {
        world_ = std::move(w);
        return *this;
    }
    /// Only with TLS. Default: a good one.
    options& certificate(sandbox::certificate c)
    {
        certificate_ = c;
        return *this;
    }
    /// Only with TLS. Clients have to show a certificate that this authority, in PEM, has signed. Default: none.
    options& client_authority(std::string pem)
    {
        client_authority_ = std::move(pem);
        return *this;
    }
    /// The sandbox clock moves only by `server::advance`. Default: it runs.
    options& frozen_clock(bool on = true) { return clock_speed(on ? 0 : 1); }
    /// How many times faster than the others the sandbox clock runs: a minute of a limit passes in two seconds at 30.
    /// Default 1.
    options& clock_speed(unsigned n)
    {
        speed_ = n;
        return *this;
    }
    /// Where the sandbox clock starts. Default: now.
    options& starts_at(std::chrono::system_clock::time_point t)
    {
        start_ = t;
        return *this;
    }

    /// Answers the sandbox's own calls (`/_sandbox/`) for this host, too. For other hosts than loopback they are
    /// refused with 403, so that no web page can make them through a name that resolves to 127.0.0.1. Letter case does
    /// not count; the port is not looked at. May be called several times. Default: `localhost`, `127.*` and `[::1]`
    /// only.
    options& allow_host(std::string name)
    {
        hosts_.push_back(std::move(name));
        return *this;
    }

    bool tls() const noexcept { return tls_; }
    std::uint16_t port() const noexcept { return port_; }
    sandbox::world const& world() const noexcept { return world_; }
    sandbox::certificate certificate() const noexcept { return certificate_; }
    std::string const& client_authority() const noexcept { return client_authority_; }
    std::vector<std::string> const& allowed_hosts() const noexcept { return hosts_; }
    bool frozen_clock() const noexcept { return speed_ == 0; }
    unsigned clock_speed() const noexcept { return speed_; }
    std::optional<std::chrono::system_clock::time_point> starts_at() const noexcept { return start_; }

private:
    bool tls_ = false;
    std::uint16_t port_ = 0;
    sandbox::world world_ = sandbox::world::standard();
    sandbox::certificate certificate_ = sandbox::certificate::good;
    std::string client_authority_;
    std::vector<std::string> hosts_;
    unsigned speed_ = 1;
    std::optional<std::chrono::system_clock::time_point> start_;
};

} // namespace tidings::inline v0::sandbox

#endif
