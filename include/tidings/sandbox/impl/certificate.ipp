// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_CERTIFICATE_IPP
#define TIDINGS_SANDBOX_IMPL_CERTIFICATE_IPP

#include <tidings/sandbox/detail/certificate.hpp>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

namespace tidings::inline v0::sandbox::detail {

template<auto Free>
struct ssl_free
{
    template<class T>
    void operator()(T* p) const noexcept
    {
        Free(p);
    }
};

using key_ptr = std::unique_ptr<EVP_PKEY, ssl_free<EVP_PKEY_free>>;
using cert_ptr = std::unique_ptr<X509, ssl_free<X509_free>>;
using bio_ptr = std::unique_ptr<BIO, ssl_free<BIO_free>>;
using extension_ptr = std::unique_ptr<X509_EXTENSION, ssl_free<X509_EXTENSION_free>>;

inline void must(bool good, char const* what)
{
    if (!good)
        throw std::runtime_error(std::string("sandbox: OpenSSL failed: ") + what);
}

template<class Write>
std::string pem(Write const& write_to)
{
    bio_ptr const bio(BIO_new(BIO_s_mem()));
    must(bio && write_to(bio.get()) == 1, "PEM");
    char* data = nullptr;
    auto const size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

struct certificate_plan
{
    char const* name;
    long days_from;
    long days_to;
    // NID and text, as in an openssl.cnf.
    std::vector<std::pair<int, char const*>> extensions;
};

// Signed by `issuer`, or by itself.
inline cert_ptr make_certificate(certificate_plan const& wanted, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key)
{
    static constexpr long day = 24 * 60 * 60;
    cert_ptr cert(X509_new());
    must(cert != nullptr, "X509_new");
    auto* const x = cert.get();
    X509_set_version(x, 2);
    unsigned char serial[8];
    must(RAND_bytes(serial, sizeof serial) == 1, "RAND_bytes");
    serial[0] &= 0x7f;
    std::unique_ptr<BIGNUM, ssl_free<BN_free>> const number(BN_bin2bn(serial, sizeof serial, nullptr));
    must(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(x)) != nullptr, "serial number");
    X509_gmtime_adj(X509_getm_notBefore(x), wanted.days_from * day);
    X509_gmtime_adj(X509_getm_notAfter(x), wanted.days_to * day);
    X509_set_pubkey(x, key);
    auto* const subject = X509_get_subject_name(x);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<unsigned char const*>(wanted.name), -1,
                               -1, 0);
    X509_set_issuer_name(x, issuer ? X509_get_subject_name(issuer) : subject);
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer ? issuer : x, x, nullptr, nullptr, 0);
    for (auto const& [nid, text] : wanted.extensions)
    {
        extension_ptr const extension(X509V3_EXT_conf_nid(nullptr, &context, nid, text));
        must(extension && X509_add_ext(x, extension.get(), -1) == 1, text);
    }
    must(X509_sign(x, issuer_key, EVP_sha256()) > 0, "X509_sign");
    return cert;
}

TIDINGS_SANDBOX_DECL identity make_identity(certificate kind)
{
    key_ptr const ca_key(EVP_EC_gen("P-256"));
    key_ptr const leaf_key(EVP_EC_gen("P-256"));
    must(ca_key && leaf_key, "EVP_EC_gen");

    certificate_plan const authority{"tidings sandbox authority",
                                     -30,
                                     30,
                                     {{NID_basic_constraints, "critical,CA:TRUE"},
                                      {NID_key_usage, "critical,keyCertSign,cRLSign"},
                                      {NID_subject_key_identifier, "hash"}}};
    auto const ca = make_certificate(authority, ca_key.get(), nullptr, ca_key.get());

    auto const expired = kind == certificate::expired;
    auto const* const names =
        kind == certificate::wrong_host ? "DNS:elsewhere.invalid" : "DNS:localhost,IP:127.0.0.1,IP:::1";
    certificate_plan const server{"tidings sandbox",
                                  expired ? -10 : -1,
                                  expired ? -1 : 1,
                                  {{NID_basic_constraints, "critical,CA:FALSE"},
                                   {NID_key_usage, "critical,digitalSignature"},
                                   {NID_ext_key_usage, "serverAuth"},
                                   {NID_authority_key_identifier, "keyid"},
                                   {NID_subject_alt_name, names}}};
    auto const leaf = make_certificate(server, leaf_key.get(), ca.get(), ca_key.get());

    identity out;
    out.ca = pem([&](BIO* b) { return PEM_write_bio_X509(b, ca.get()); });
    out.chain = pem([&](BIO* b) { return PEM_write_bio_X509(b, leaf.get()); }) + out.ca;
    out.key =
        pem([&](BIO* b) { return PEM_write_bio_PrivateKey(b, leaf_key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
    return out;
}

} // namespace tidings::inline v0::sandbox::detail

#endif
