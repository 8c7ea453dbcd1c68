// Settings of what sends on a platform that is chosen when the program runs.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_ANY_SETTINGS_HPP
#define TIDINGS_ANY_SETTINGS_HPP

#include <tidings/message/localized.hpp>
#include <tidings/observer/any.hpp>
#include <tidings/secret.hpp>
#include <tidings/transport/proxy.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace tidings::inline v0 {

/// The settings of an `any_notifier` or an `any_webhook`: those of the policies that it is composed of. Setters chain. A
/// setting that is not usable is the result of every call, as with `notifier`.
class any_settings
{
public:
    using duration = std::chrono::steady_clock::duration;

    any_settings() = default;

    /// `https://host[:port][/prefix]`, or `http://…`. Empty: the platform's own.
    any_settings& base_url(std::string url) noexcept
    {
        base_url_ = std::move(url);
        return *this;
    }
    /// How long one call may take, 10 seconds unless set. Zero: no limit. A negative limit has passed already.
    any_settings& deadline(duration limit) noexcept
    {
        deadline_ = limit;
        return *this;
    }
    /// How often one call repeats requests where that does no harm: 3 unless set. Zero: not at all.
    any_settings& max_retries(unsigned n) noexcept
    {
        max_retries_ = n;
        return *this;
    }
    /// The shortest wait before a repetition. 200 ms unless set.
    any_settings& initial_backoff(duration wait) noexcept
    {
        initial_backoff_ = wait;
        return *this;
    }
    /// The longest wait before a repetition that the platform did not ask for. 5 seconds unless set.
    any_settings& max_backoff(duration wait) noexcept
    {
        max_backoff_ = wait;
        return *this;
    }
    /// The language of messages that have several: a BCP 47 tag. Empty: the default text.
    any_settings& language(language_tag tag) noexcept
    {
        language_ = std::move(tag);
        return *this;
    }

    /// Trusts the certificate authorities of this PEM file instead of the system's. Empty: the system's.
    any_settings& ca_file(std::string path) noexcept
    {
        ca_file_ = std::move(path);
        return *this;
    }
    /// Trusts the certificate authorities of this directory, which `openssl rehash` prepared, instead of the system's.
    any_settings& ca_directory(std::string path) noexcept
    {
        ca_directory_ = std::move(path);
        return *this;
    }
    /// Trusts the system's authorities beside those of `ca_file` and `ca_directory`.
    any_settings& system_authorities(bool on = true) noexcept
    {
        system_authorities_ = on;
        return *this;
    }
    /// Shows this certificate to a server that asks for one.
    ///
    /// @param certificate_path  PEM, with the intermediate certificates behind it.
    /// @param key_path          PEM. Empty: the key is in the same file.
    /// @param passphrase        Of the key; empty when it is not encrypted.
    any_settings& client_certificate(std::string certificate_path, std::string key_path = {},
                                     secret passphrase = secret()) noexcept
    {
        certificate_ = std::move(certificate_path);
        key_ = std::move(key_path);
        passphrase_ = std::move(passphrase);
        return *this;
    }
    /// Sends through an HTTP proxy: `http://[user:password@]host:port`, or user name and password beside the URL. An
    /// empty URL: no proxy. It is kept as a secret, and no message repeats the credentials.
    any_settings& proxy(transport::proxy through) noexcept
    {
        if (through.url().empty() && !through.has_credentials())
            proxy_.reset();
        else
            proxy_ = std::move(through);
        return *this;
    }
    /// Sends through the proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name.
    any_settings& proxy_from_environment(bool on = true) noexcept
    {
        proxy_from_environment_ = on;
        return *this;
    }
    /// Keeps access tokens in files of this directory: see `token_cache::file`. Empty: in memory alone. A webhook, which
    /// has no tokens, ignores it.
    any_settings& token_cache(std::string directory) noexcept
    {
        token_cache_ = std::move(directory);
        return *this;
    }
    /// Where a platform has no look-up for a kind of address (DingTalk and email), reads the whole directory once and
    /// remembers it: see `addressing::directory_scan`. Without it, such a combination cannot be made. A webhook, which
    /// looks up nobody, ignores it.
    any_settings& directory_scan(bool on = true) noexcept
    {
        directory_scan_ = on;
        return *this;
    }
    /// Gets the events of the notifier or the webhook: see `observer_policy`. None unless set.
    any_settings& observer(tidings::observer::any to) noexcept
    {
        observer_ = std::move(to);
        return *this;
    }

    std::string const& base_url() const noexcept { return base_url_; }
    duration deadline() const noexcept { return deadline_; }
    unsigned max_retries() const noexcept { return max_retries_; }
    duration initial_backoff() const noexcept { return initial_backoff_; }
    duration max_backoff() const noexcept { return max_backoff_; }
    language_tag const& language() const noexcept { return language_; }
    std::string const& ca_file() const noexcept { return ca_file_; }
    std::string const& ca_directory() const noexcept { return ca_directory_; }
    bool system_authorities() const noexcept { return system_authorities_; }
    std::string const& certificate_path() const noexcept { return certificate_; }
    std::string const& key_path() const noexcept { return key_; }
    secret const& passphrase() const noexcept { return passphrase_; }
    std::optional<transport::proxy> const& proxy() const noexcept { return proxy_; }
    bool proxy_from_environment() const noexcept { return proxy_from_environment_; }
    std::string const& token_cache() const noexcept { return token_cache_; }
    bool directory_scan() const noexcept { return directory_scan_; }
    tidings::observer::any const& observer() const noexcept { return observer_; }

private:
    std::string base_url_;
    duration deadline_ = std::chrono::seconds(10);
    unsigned max_retries_ = 3;
    duration initial_backoff_ = std::chrono::milliseconds(200);
    duration max_backoff_ = std::chrono::seconds(5);
    language_tag language_;
    std::string ca_file_;
    std::string ca_directory_;
    bool system_authorities_ = false;
    std::string certificate_;
    std::string key_;
    secret passphrase_;
    std::optional<transport::proxy> proxy_;
    bool proxy_from_environment_ = false;
    std::string token_cache_;
    bool directory_scan_ = false;
    tidings::observer::any observer_;
};

} // namespace tidings::inline v0

#endif
