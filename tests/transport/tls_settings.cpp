// Authorities and client certificates: what can be used, and what is said of what cannot.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/transport/detail/tls_settings.hpp>

#include "support/certificates.hpp"
#include "support/temporary_directory.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace tls_settings_test {

namespace {

using tidings::errc;
using tidings::secret;
using tidings::transport::detail::make_context;
using tidings::transport::detail::tls_settings;

// What is wrong with the settings; empty: nothing.
std::string complaint(tls_settings const& settings)
{
    auto const made = make_context(settings);
    if (made)
        return {};
    BOOST_TEST((made.error() == errc::invalid_argument));
    return made.error().message();
}

} // namespace

BOOST_AUTO_TEST_SUITE(tls_setting)

BOOST_AUTO_TEST_CASE(authorities_come_from_the_system_a_file_or_a_directory)
{
    test::temporary_directory const files;
    test::authority const ca;
    auto const file = files.write("ca.pem", ca.pem());

    BOOST_TEST(complaint(tls_settings()) == "");
    tls_settings settings;
    settings.ca_file = file;
    BOOST_TEST(complaint(settings) == "");
    settings.system_authorities = true;
    BOOST_TEST(complaint(settings) == "");

    test::temporary_directory const hashed;
    hashed.write(ca.hashed_name(), ca.pem());
    settings.ca_directory = hashed.path();
    BOOST_TEST(complaint(settings) == "");
}

BOOST_AUTO_TEST_CASE(nothing_older_than_tls_1_2_is_spoken)
{
    auto const made = make_context(tls_settings());
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST(SSL_CTX_get_min_proto_version((*made)->native_handle()) == TLS1_2_VERSION);
}

BOOST_AUTO_TEST_CASE(authorities_that_cannot_be_used_are_named_with_the_reason)
{
    test::temporary_directory const files;
    test::authority const ca;
    auto const unhashed = files.write("ca.pem", ca.pem());
    struct
    {
        std::string file, directory, settings;
    } const rows[] = {
        {"/no/such/file.pem", "",
         "the file of certificate authorities \"/no/such/file.pem\" cannot be read: No such file or directory"},
        {files.path(), "", "the file of certificate authorities \"" + files.path() + "\" is a directory"},
        {files.write("no.pem", "hello"), "",
         "the file of certificate authorities \"" + files.path() + "/no.pem\" holds no certificates in PEM"},
        {"", "/no/such/directory",
         "the directory of certificate authorities \"/no/such/directory\" cannot be read: No such file or directory"},
        {"", unhashed, "the directory of certificate authorities \"" + unhashed + "\" cannot be read: Not a directory"},
        {"", files.path(),
         "the directory of certificate authorities \"" + files.path() +
             "\" has no file that is named by its hash; run \"openssl rehash\" on it"},
    };
    for (auto const& row : rows)
    {
        tls_settings settings;
        settings.ca_file = row.file;
        settings.ca_directory = row.directory;
        auto const got = complaint(settings);
        BOOST_TEST(got.find(row.settings) != got.npos, got);
    }
}

BOOST_AUTO_TEST_CASE(a_client_certificate_comes_with_its_key)
{
    test::temporary_directory const files;
    test::authority const ca;
    auto const plain = ca.client("ada");
    auto const locked = ca.client("ada", -1, 1, "hunter2");
    struct
    {
        std::string certificate, key, passphrase;
    } const rows[] = {
        {files.write("a.pem", plain.certificate), files.write("a.key", plain.key), ""},
        {files.write("a.pem", plain.certificate), files.write("a.key", plain.key), "not needed"},
        {files.write("all.pem", plain.key + plain.certificate + ca.pem()), "", ""},
        {files.write("b.pem", locked.certificate), files.write("b.key", locked.key), "hunter2"},
    };
    for (auto const& row : rows)
    {
        tls_settings settings;
        settings.certificate_file = row.certificate;
        settings.key_file = row.key;
        settings.passphrase = secret(row.passphrase);
        BOOST_TEST(complaint(settings) == "");
    }
}

BOOST_AUTO_TEST_CASE(a_client_certificate_that_cannot_be_used_is_named_with_the_reason)
{
    test::temporary_directory const files;
    test::authority const ca;
    auto const good = ca.client("ada");
    auto const locked = ca.client("ada", -1, 1, "hunter2");
    auto const over = ca.client("ada", -9, -2);
    auto const early = ca.client("ada", 2, 9);
    auto const pem = files.write("good.pem", good.certificate);
    auto const key = files.write("good.key", good.key);
    auto const locked_pem = files.write("locked.pem", locked.certificate);
    auto const locked_key = files.write("locked.key", locked.key);
    struct
    {
        std::string certificate, key, passphrase, settings;
    } const rows[] = {
        {"/no/such.pem", key, "", "the client certificate \"/no/such.pem\" cannot be read: No such file or directory"},
        {"", key, "", "the client certificate \"\" cannot be read"},
        {files.path(), key, "", "the client certificate \"" + files.path() + "\" is a directory"},
        {key, key, "", "the client certificate \"" + key + "\" is not a certificate in PEM"},
        {pem, "/no/such.key", "", "the key of the client certificate \"/no/such.key\" cannot be read"},
        {pem, "", "", "the key of the client certificate \"" + pem + "\" is not a key in PEM"},
        {pem, locked_key, "hunter2",
         "the key of the client certificate \"" + locked_key + "\" does not belong to the certificate \"" + pem + '"'},
        {locked_pem, locked_key, "",
         "the key of the client certificate \"" + locked_key + "\" is encrypted, and no passphrase was given"},
        {locked_pem, locked_key, "hunter3",
         "the key of the client certificate \"" + locked_key + "\" cannot be decrypted with this passphrase"},
        {locked_pem, locked_key, std::string(5000, 'x'), "cannot be decrypted with this passphrase"},
        {files.write("over.pem", over.certificate), files.write("over.key", over.key), "", "over.pem\" ended on "},
        {files.write("early.pem", early.certificate), files.write("early.key", early.key), "",
         "early.pem\" is valid only from "},
    };
    for (auto const& row : rows)
    {
        tls_settings settings;
        settings.certificate_file = row.certificate;
        settings.key_file = row.key;
        settings.passphrase = secret(row.passphrase);
        auto const got = complaint(settings);
        BOOST_TEST(got.find(row.settings) != got.npos, got << " and not " << row.settings);
        BOOST_TEST(got.find("hunter") == got.npos);
        BOOST_TEST(ERR_peek_error() == 0u); // the next handshake must not find an old error
    }
}

BOOST_AUTO_TEST_CASE(no_cipher_without_a_certificate_or_without_encryption_whatever_openssls_configuration_allows)
{
    using tidings::transport::detail::keep_verified_ciphers;
    auto const list_of = [](SSL_CTX* context) {
        std::string out;
        auto* const all = SSL_CTX_get_ciphers(context);
        for (int i = 0; i < sk_SSL_CIPHER_num(all); ++i)
            out += std::string(SSL_CIPHER_get_name(sk_SSL_CIPHER_value(all, i))) + ' ';
        return out;
    };
    for (char const* const configured :
         {"DEFAULT", "ALL:@SECLEVEL=0", "ALL:eNULL:@SECLEVEL=0", "COMPLEMENTOFALL:ALL:@SECLEVEL=0", "HIGH:@SECLEVEL=2"})
    {
        boost::asio::ssl::context context(boost::asio::ssl::context::tls_client);
        auto* const ctx = context.native_handle();
        BOOST_TEST_REQUIRE(SSL_CTX_set_cipher_list(ctx, configured) == 1);
        auto const level = SSL_CTX_get_security_level(ctx);
        BOOST_TEST(keep_verified_ciphers(ctx).has_value());
        auto const kept = list_of(ctx);
        for (std::string_view const weak : {"NULL", "ADH", "AECDH", "PSK-", "SRP-"})
            BOOST_TEST(kept.find(weak) == kept.npos, configured << " has " << weak);
        for (std::string_view const strong : {"ECDHE-ECDSA-AES256-GCM-SHA384 ", "ECDHE-RSA-AES128-GCM-SHA256 ",
                                              "TLS_AES_256_GCM_SHA384 ", "TLS_AES_128_GCM_SHA256 "})
            BOOST_TEST(kept.find(strong) != kept.npos, configured << " lacks " << strong);
        BOOST_TEST(SSL_CTX_get_security_level(ctx) == level);
        // In the order that was configured.
        BOOST_TEST(kept.find("TLS_AES_256_GCM_SHA384") < kept.find("ECDHE-ECDSA-AES256-GCM-SHA384"));
    }
    // One suite alone stays so.
    boost::asio::ssl::context narrow(boost::asio::ssl::context::tls_client);
    BOOST_TEST_REQUIRE(SSL_CTX_set_cipher_list(narrow.native_handle(), "ECDHE-RSA-AES128-GCM-SHA256") == 1);
    BOOST_TEST_REQUIRE(SSL_CTX_set_ciphersuites(narrow.native_handle(), "TLS_AES_128_GCM_SHA256") == 1);
    BOOST_TEST(keep_verified_ciphers(narrow.native_handle()).has_value());
    BOOST_TEST(list_of(narrow.native_handle()) == "TLS_AES_128_GCM_SHA256 ECDHE-RSA-AES128-GCM-SHA256 ");
    // Nothing but TLS 1.3 is left.
    boost::asio::ssl::context anonymous(boost::asio::ssl::context::tls_client);
    auto* const ctx = anonymous.native_handle();
    BOOST_TEST_REQUIRE(SSL_CTX_set_cipher_list(ctx, "aNULL:@SECLEVEL=0") == 1);
    BOOST_TEST(keep_verified_ciphers(ctx).has_value());
    BOOST_TEST(SSL_CTX_get_min_proto_version(ctx) == TLS1_3_VERSION);
    // Nothing at all.
    BOOST_TEST_REQUIRE(SSL_CTX_set_ciphersuites(ctx, "") == 1);
    BOOST_TEST_REQUIRE(SSL_CTX_set_cipher_list(ctx, "aNULL:@SECLEVEL=0") == 1);
    auto const refused = keep_verified_ciphers(ctx);
    BOOST_TEST_REQUIRE(refused.has_error());
    BOOST_TEST((refused.error() == errc::invalid_argument));
    BOOST_TEST(ERR_peek_error() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace tls_settings_test
