// Whom TLS trusts and what it shows of itself, and the context that is made of it.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TRANSPORT_DETAIL_TLS_SETTINGS_HPP
#define TIDINGS_TRANSPORT_DETAIL_TLS_SETTINGS_HPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/result.hpp>
#include <tidings/secret.hpp>
#include <tidings/transport/detail/session_memory.hpp>
#include <tidings/transport/detail/system_authorities.hpp>
#include <tidings/transport/detail/tls_options.hpp>

#include <boost/asio/ssl/context.hpp>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

namespace tidings::inline v0::transport::detail {

using context_ptr = std::shared_ptr<boost::asio::ssl::context>;

TIDINGS_COLD inline failure unusable(std::string_view what, std::string const& path, std::string_view why)
{
    ERR_clear_error();
    std::string out(what);
    out += " \"" + path + "\" ";
    out += why;
    return make_failure(errc::invalid_argument, std::move(out));
}

/// The system's words when a file cannot be read.
TIDINGS_COLD inline std::string why_unreadable(std::string const& path)
{
    errno = 0;
    std::ifstream const file(path, std::ios::binary);
    std::error_code ec(errno, std::generic_category());
    if (file && std::filesystem::is_directory(path, ec))
        return "is a directory";
    return file ? std::string() : "cannot be read: " + ec.message();
}

TIDINGS_COLD inline result<void> trust(boost::asio::ssl::context& context, tls_settings const& settings)
{
    boost::system::error_code ec;
    if (!settings.ca_file.empty())
    {
        constexpr std::string_view what = "the file of certificate authorities";
        if (auto const why = why_unreadable(settings.ca_file); !why.empty())
            return unusable(what, settings.ca_file, why);
        context.load_verify_file(settings.ca_file, ec);
        if (ec)
            return unusable(what, settings.ca_file, "holds no certificates in PEM: " + ec.message());
    }
    if (!settings.ca_directory.empty())
    {
        constexpr std::string_view what = "the directory of certificate authorities";
        std::error_code no_directory;
        std::filesystem::directory_iterator const first(settings.ca_directory, no_directory);
        if (no_directory)
            return unusable(what, settings.ca_directory, "cannot be read: " + no_directory.message());
        if (!has_hashed_files(settings.ca_directory))
            return unusable(what, settings.ca_directory,
                            "has no file that is named by its hash; run \"openssl rehash\" on it");
        context.add_verify_path(settings.ca_directory, ec);
        if (ec)
            return unusable(what, settings.ca_directory, "cannot be used: " + ec.message());
    }
    if (settings.system_authorities || (settings.ca_file.empty() && settings.ca_directory.empty()))
        return trust_system(context.native_handle());
    return {};
}

/// The day of a certificate's end, as `Jan  2 03:04:05 2026 GMT`.
TIDINGS_COLD inline std::string to_text(ASN1_TIME const* time)
{
    std::unique_ptr<BIO, decltype(&BIO_free)> const out(BIO_new(BIO_s_mem()), &BIO_free);
    char* text = nullptr;
    if (!out || ASN1_TIME_print(out.get(), time) != 1)
        return "an unknown day";
    auto const size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

/// Reads a key, and knows afterwards whether a passphrase was wanted. OpenSSL would ask for one at the terminal.
class key_reader
{
public:
    explicit key_reader(secret const& passphrase) noexcept : passphrase_(passphrase) {}

    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> read(std::string const& path)
    {
        std::unique_ptr<BIO, decltype(&BIO_free)> const in(BIO_new_file(path.c_str(), "rb"), &BIO_free);
        auto* const key = in ? PEM_read_bio_PrivateKey(in.get(), nullptr, &copy_passphrase, this) : nullptr;
        return {key, &EVP_PKEY_free};
    }

    bool wanted_passphrase() const noexcept { return asked_; }

private:
    TIDINGS_COLD static int copy_passphrase(char* to, int size, int, void* reader)
    {
        auto& self = *static_cast<key_reader*>(reader);
        self.asked_ = true;
        auto const text = self.passphrase_.reveal();
        if (text.empty() || text.size() > static_cast<std::size_t>(size))
            return -1;
        std::memcpy(to, text.data(), text.size());
        return static_cast<int>(text.size());
    }

    secret const& passphrase_;
    bool asked_ = false;
};

TIDINGS_COLD inline result<void> identify(SSL_CTX* context, tls_settings const& settings)
{
    constexpr std::string_view certificate = "the client certificate";
    constexpr std::string_view key = "the key of the client certificate";
    auto const& path = settings.certificate_file;
    auto const& key_path = settings.key_file.empty() ? path : settings.key_file;
    if (key_path.empty())
        return {};
    if (auto const why = why_unreadable(path); !why.empty())
        return unusable(certificate, path, why);
    if (auto const why = why_unreadable(key_path); !why.empty())
        return unusable(key, key_path, why);

    if (SSL_CTX_use_certificate_chain_file(context, path.c_str()) != 1)
        return unusable(certificate, path, "is not a certificate in PEM");
    auto* const shown = SSL_CTX_get0_certificate(context);
    if (X509_cmp_current_time(X509_get0_notAfter(shown)) < 0)
        return unusable(certificate, path, "ended on " + to_text(X509_get0_notAfter(shown)));
    if (X509_cmp_current_time(X509_get0_notBefore(shown)) > 0)
        return unusable(certificate, path, "is valid only from " + to_text(X509_get0_notBefore(shown)));

    key_reader reader(settings.passphrase);
    auto const own = reader.read(key_path);
    if (!own && !reader.wanted_passphrase())
        return unusable(key, key_path, "is not a key in PEM");
    if (!own)
        return unusable(key, key_path,
                        settings.passphrase.empty() ? "is encrypted, and no passphrase was given"
                                                    : "cannot be decrypted with this passphrase");
    if (X509_check_private_key(shown, own.get()) != 1)
        return unusable(key, key_path, "does not belong to the certificate \"" + path + '"');
    if (SSL_CTX_use_PrivateKey(context, own.get()) != 1)
        return unusable(key, key_path, "cannot be used");
    return {};
}

/// Whether a cipher proves by a certificate who the server is, and hides what is said.
TIDINGS_COLD inline bool is_verified_and_secret(SSL_CIPHER const* cipher) noexcept
{
    switch (SSL_CIPHER_get_auth_nid(cipher))
    {
    case NID_auth_null:
    case NID_auth_psk:
    case NID_auth_srp: return false;
    default: break;
    }
    switch (SSL_CIPHER_get_kx_nid(cipher))
    {
    case NID_kx_psk:
    case NID_kx_rsa_psk:
    case NID_kx_dhe_psk:
    case NID_kx_ecdhe_psk:
    case NID_kx_srp: return false;
    default: return SSL_CIPHER_get_cipher_nid(cipher) != NID_undef;
    }
}

/// Leaves out the ciphers without a certificate and those without encryption. OpenSSL's own list has none of them, and
/// its configuration (`OPENSSL_CONF`, the system's policy) may permit them to every program.
TIDINGS_COLD inline result<void> keep_verified_ciphers(SSL_CTX* context)
{
    constexpr std::uint16_t family_of_tls13 = 0x13;
    constexpr unsigned byte = 8;
    std::string older;
    std::string newer;
    auto* const all = SSL_CTX_get_ciphers(context);
    for (int i = 0; i < sk_SSL_CIPHER_num(all); ++i)
    {
        auto const* const cipher = sk_SSL_CIPHER_value(all, i);
        if (!is_verified_and_secret(cipher))
            continue;
        auto& list = SSL_CIPHER_get_protocol_id(cipher) >> byte == family_of_tls13 ? newer : older;
        list += list.empty() ? "" : ":";
        list += SSL_CIPHER_get_name(cipher);
    }
    bool const one_is_left = !older.empty() || !newer.empty();
    // An empty list of the older ones is refused; a context without them is one of TLS 1.3 only.
    bool const done = one_is_left && SSL_CTX_set_ciphersuites(context, newer.c_str()) == 1 &&
                      (older.empty() ? SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1
                                     : SSL_CTX_set_cipher_list(context, older.c_str()) == 1);
    ERR_clear_error();
    if (!done)
        return make_failure(errc::invalid_argument,
                            "OpenSSL's configuration leaves no cipher that verifies the server and encrypts");
    return {};
}

/// The context of one client.
///
/// @returns `errc::invalid_argument` when something that was named cannot be used.
TIDINGS_COLD inline result<context_ptr> make_context(tls_settings const& settings)
{
    using boost::asio::ssl::context;
    auto out = std::make_shared<context>(context::tls_client);
    if (SSL_CTX_set_min_proto_version(out->native_handle(), TLS1_2_VERSION) != 1)
        return make_failure(errc::tls_failed, "TLS 1.2 is not available");
    if (auto const done = keep_verified_ciphers(out->native_handle()); !done)
        return done.error();
    SSL_CTX_set_options(out->native_handle(), SSL_OP_CLEANSE_PLAINTEXT); // answers have tokens in them
    if (auto const done = trust(*out, settings); !done)
        return done.error();
    if (auto const done = identify(out->native_handle(), settings); !done)
        return done.error();
    session_memory::attach(out->native_handle());
    return out;
}

} // namespace tidings::inline v0::transport::detail

#endif
