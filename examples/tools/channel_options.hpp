// The options by which the programs choose a channel: a platform, the application's credentials, the network.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_EXAMPLES_TOOLS_CHANNEL_OPTIONS_HPP
#define TIDINGS_EXAMPLES_TOOLS_CHANNEL_OPTIONS_HPP

#include <tidings/any_notifier.hpp>
#include <tidings/config/channel.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
} // namespace CLI

namespace tools {

/// As they were written.
struct channel_options
{
    std::string provider;
    std::vector<std::string> match;
    std::optional<std::string> config;
    std::optional<std::string> channel;
    std::string language;
    bool directory_scan = false;
    bool work_notification = false;
    std::optional<std::string> agent_id;
    std::string base_url;
    std::string ca_file;
    std::string ca_directory;
    bool system_authorities = false;
    std::string client_certificate;
    std::string client_key;
    std::string proxy;
    bool proxy_from_environment = false;
    std::string token_cache;
    std::optional<std::string> timeout;
    std::optional<std::string> retries;
};

void declare(CLI::App& cli, channel_options& options);

/// The channel that the options choose.
class channel_choice
{
public:
    /// Checks the options, and reads the settings and credentials that they refer to. What is wrong is a usage error.
    explicit channel_choice(channel_options const& options);

    /// The platform as it was written: "lark".
    std::string const& provider() const noexcept { return provider_; }
    tidings::platform_capabilities const& platform() const noexcept { return *platform_; }
    /// By what people are found, the preferred first: "login_name".
    std::vector<std::string> const& match() const noexcept { return match_; }
    /// The application's id, which is no secret.
    std::string const& application() const noexcept;
    /// The language of remedies.
    tidings::language language() const noexcept { return language_; }

    /// A notifier of the channel; settings that are not usable are a usage error.
    tidings::any_notifier make(boost::asio::any_io_executor ex) const;

private:
    void read_match(channel_options const& options);
    void read_provider(channel_options const& options);
    void read_settings(channel_options const& options);
    void read_credentials(channel_options const& options);
    void read_config(channel_options const& options);

    std::string provider_;
    std::vector<std::string> match_;
    tidings::platform_capabilities const* platform_ = nullptr;
    tidings::language language_ = tidings::language::english;
    bool work_notification_ = false;
    tidings::any_credentials app_{std::string(), tidings::secret()};
    tidings::any_settings settings_;
    std::optional<tidings::config::channel> configured_;
    tidings::config::notifier_options options_;
};

} // namespace tools

#endif
