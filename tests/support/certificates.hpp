// Authorities and certificates, made on the spot.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TESTS_SUPPORT_CERTIFICATES_HPP
#define TIDINGS_TESTS_SUPPORT_CERTIFICATES_HPP

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <cstddef>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace test {

/// A certificate and its key, as PEM.
class identity
{
public:
    identity(std::string c, std::string k) : certificate(std::move(c)), key(std::move(k)) {}

    std::string certificate;
    std::string key;
};

/// A certificate authority. Keys are on P-256.
class authority
{
public:
    explicit authority(char const* name = "tidings test authority")
        : key_(make_key()), certificate_(make(name, name, key_.get(), true, -1, 1))
    {
    }

    std::string pem() const { return write(certificate_.get()); }

    /// The name of its file in a directory of authorities.
    std::string hashed_name() const
    {
        char text[16];
        std::snprintf(text, sizeof text, "%08lx.0", X509_subject_name_hash(certificate_.get()));
        return text;
    }

    /// A client's certificate.
    ///
    /// @param from, to    The days on which it begins and ends, counted from now.
    /// @param passphrase  The key is encrypted when there is one.
    identity client(char const* name, long from = -1, long to = 1, std::string passphrase = {}) const
    {
        auto const key = make_key();
        auto const leaf = make(name, nullptr, key.get(), false, from, to);
        return {write(leaf.get()), write(key.get(), passphrase)};
    }

    /// A server's certificate.
    ///
    /// @param name      What its subject is called.
    /// @param verified  Its subject alternative names, as OpenSSL writes them: `DNS:localhost`. Empty: none.
    identity server(char const* name, char const* verified = "") const
    {
        auto const key = make_key();
        auto const leaf = make(name, nullptr, key.get(), false, -1, 1, "serverAuth", verified);
        return {write(leaf.get()), write(key.get(), {})};
    }

private:
    template<auto Free>
    struct freed
    {
        template<class T>
        void operator()(T* p) const noexcept
        {
            Free(p);
        }
    };
    using key_ptr = std::unique_ptr<EVP_PKEY, freed<EVP_PKEY_free>>;
    using certificate_ptr = std::unique_ptr<X509, freed<X509_free>>;
    using bio_ptr = std::unique_ptr<BIO, freed<BIO_free>>;

    static void must(bool good, char const* what)
    {
        if (!good)
            throw std::runtime_error(std::string("OpenSSL failed: ") + what);
    }

    static key_ptr make_key()
    {
        key_ptr out(EVP_EC_gen("P-256"));
        must(out != nullptr, "key");
        return out;
    }

    // Signed by this authority; by itself when it is to be one.
    certificate_ptr make(char const* name, char const* issuer, EVP_PKEY* key, bool is_authority, long from, long to,
                         char const* use = "clientAuth", std::string const& verified = {}) const
    {
        constexpr long day = 24 * 60 * 60;
        certificate_ptr out(X509_new());
        auto* const x = out.get();
        must(x && X509_set_version(x, 2) == 1, "certificate");
        std::uint32_t serial = 0;
        must(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1, "random");
        ASN1_INTEGER_set_uint64(X509_get_serialNumber(x), serial);
        X509_gmtime_adj(X509_getm_notBefore(x), from * day);
        X509_gmtime_adj(X509_getm_notAfter(x), to * day);
        X509_set_pubkey(x, key);
        auto* const subject = X509_get_subject_name(x);
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<unsigned char const*>(name), -1, -1,
                                   0);
        X509_set_issuer_name(x, issuer ? subject : X509_get_subject_name(certificate_.get()));
        X509V3_CTX context;
        X509V3_set_ctx_nodb(&context);
        X509V3_set_ctx(&context, issuer ? x : certificate_.get(), x, nullptr, nullptr, 0);
        auto const add = [&](int nid, char const* text) {
            std::unique_ptr<X509_EXTENSION, freed<X509_EXTENSION_free>> const e(
                X509V3_EXT_conf_nid(nullptr, &context, nid, text));
            must(e && X509_add_ext(x, e.get(), -1) == 1, text);
        };
        add(NID_basic_constraints, is_authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
        add(NID_key_usage, is_authority ? "critical,keyCertSign" : "critical,digitalSignature");
        if (!is_authority)
            add(NID_ext_key_usage, use);
        if (!verified.empty())
            add(NID_subject_alt_name, verified.c_str());
        must(X509_sign(x, key_.get(), EVP_sha256()) > 0, "signature");
        return out;
    }

    template<class Write>
    static std::string pem_of(Write const& write_to)
    {
        bio_ptr const out(BIO_new(BIO_s_mem()));
        must(out && write_to(out.get()) == 1, "PEM");
        char* text = nullptr;
        auto const size = BIO_get_mem_data(out.get(), &text);
        return {text, static_cast<std::size_t>(size)};
    }
    static std::string write(X509* certificate)
    {
        return pem_of([&](BIO* out) { return PEM_write_bio_X509(out, certificate); });
    }
    static std::string write(EVP_PKEY* key, std::string const& passphrase)
    {
        return pem_of([&](BIO* out) {
            return PEM_write_bio_PrivateKey(
                out, key, passphrase.empty() ? nullptr : EVP_aes_256_cbc(),
                passphrase.empty() ? nullptr : reinterpret_cast<unsigned char const*>(passphrase.data()),
                static_cast<int>(passphrase.size()), nullptr, nullptr);
        });
    }

    key_ptr key_;
    certificate_ptr certificate_;
};

} // namespace test

#endif
