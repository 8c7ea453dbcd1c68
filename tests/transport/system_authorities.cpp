// The system's authorities: when they are read, which are found, and what is said of a file that has none.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/transport/detail/tls_settings.hpp>

#include "support/certificates.hpp"
#include "support/temporary_directory.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/inotify.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <random>
#include <string>

namespace system_authorities_test {

namespace {

using tidings::errc;
using tidings::transport::detail::bundle_cache;
using tidings::transport::detail::certificate_bundle;
using tidings::transport::detail::context_ptr;
using tidings::transport::detail::lazy_file;
using tidings::transport::detail::make_context;
using tidings::transport::detail::tls_settings;

/// A variable of the environment, as long as it lives.
class variable
{
public:
    variable(char const* name, std::string const& value) : name_(name)
    {
        if (auto const* const before = std::getenv(name))
            before_ = before;
        ::setenv(name, value.c_str(), 1);
    }
    variable(variable const&) = delete;
    variable& operator=(variable const&) = delete;
    ~variable()
    {
        if (before_)
            ::setenv(name_, before_->c_str(), 1);
        else
            ::unsetenv(name_);
    }

private:
    char const* name_;
    std::optional<std::string> before_;
};

/// Counts how often a file is opened.
class open_count
{
public:
    explicit open_count(std::string const& path)
        : fd_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)), watch_(::inotify_add_watch(fd_, path.c_str(), IN_OPEN))
    {
        BOOST_TEST_REQUIRE(watch_ >= 0);
    }
    open_count(open_count const&) = delete;
    open_count& operator=(open_count const&) = delete;
    ~open_count() { ::close(fd_); }

    /// Since this was called last.
    int take()
    {
        alignas(::inotify_event) char events[4096]; // of a watched file, which has no name in them
        int out = 0;
        for (ssize_t size = 0; (size = ::read(fd_, events, sizeof events)) > 0;)
            out += static_cast<int>(static_cast<std::size_t>(size) / sizeof(::inotify_event));
        return out;
    }

private:
    int fd_;
    int watch_;
};

context_ptr made()
{
    auto context = make_context(tls_settings());
    BOOST_TEST_REQUIRE(context.has_value());
    return *context;
}

/// What the context says of a certificate: X509_V_OK, or the error.
int verdict(context_ptr const& context, std::string const& pem)
{
    std::unique_ptr<BIO, decltype(&BIO_free)> const in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                       &BIO_free);
    std::unique_ptr<X509, decltype(&X509_free)> const leaf(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr),
                                                           &X509_free);
    std::unique_ptr<X509_STORE_CTX, decltype(&X509_STORE_CTX_free)> const check(X509_STORE_CTX_new(),
                                                                                &X509_STORE_CTX_free);
    BOOST_TEST_REQUIRE(
        X509_STORE_CTX_init(check.get(), SSL_CTX_get_cert_store(context->native_handle()), leaf.get(), nullptr) == 1);
    bool const good = X509_verify_cert(check.get()) == 1;
    BOOST_TEST(good == (X509_STORE_CTX_get_error(check.get()) == X509_V_OK));
    return X509_STORE_CTX_get_error(check.get());
}

std::string complaint(context_ptr const& context)
{
    return lazy_file::complaint(context->native_handle());
}

struct fixture
{
    std::string server_of(test::authority const& by) const
    {
        return by.server("localhost", "DNS:localhost").certificate;
    }

    test::temporary_directory files;
    test::temporary_directory hashed;
    test::authority known{"known"};
    test::authority other{"other"};
    variable directory{X509_get_default_cert_dir_env(), hashed.path()};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(system_authorities, fixture)

BOOST_AUTO_TEST_CASE(the_file_is_read_once_for_all_and_not_before_a_chain_needs_it)
{
    auto const path = files.write("all.pem", other.pem() + known.pem());
    variable const file(X509_get_default_cert_file_env(), path);
    open_count opens(path);
    auto const first = made();
    BOOST_TEST(opens.take() == 0);
    BOOST_TEST(verdict(first, server_of(known)) == X509_V_OK);
    BOOST_TEST(opens.take() == 1);
    auto const second = made();
    BOOST_TEST(verdict(second, server_of(known)) == X509_V_OK);
    BOOST_TEST(verdict(second, server_of(other)) == X509_V_OK);
    BOOST_TEST(verdict(first, server_of(known)) == X509_V_OK);
    BOOST_TEST(opens.take() == 0);
    BOOST_TEST(complaint(second) == "");
}

BOOST_AUTO_TEST_CASE(the_file_is_not_read_where_the_directory_has_the_authority)
{
    auto const path = files.write("all.pem", known.pem());
    hashed.write(known.hashed_name(), known.pem());
    variable const file(X509_get_default_cert_file_env(), path);
    open_count opens(path);
    BOOST_TEST(verdict(made(), server_of(known)) == X509_V_OK);
    BOOST_TEST(opens.take() == 0);
    // Both count.
    files.write("all.pem", other.pem());
    opens.take();
    BOOST_TEST(verdict(made(), server_of(other)) == X509_V_OK);
    BOOST_TEST(opens.take() == 1);
}

BOOST_AUTO_TEST_CASE(each_directory_of_a_list_counts)
{
    test::temporary_directory const more;
    more.write(known.hashed_name(), known.pem());
    variable const both(X509_get_default_cert_dir_env(), hashed.path() + ':' + more.path());
    variable const file(X509_get_default_cert_file_env(), "/no/such/file");
    BOOST_TEST(verdict(made(), server_of(known)) == X509_V_OK);
}

BOOST_AUTO_TEST_CASE(all_authorities_of_one_name_are_found_together)
{
    test::authority const again("known");
    variable const file(
        X509_get_default_cert_file_env(),
        files.write("all.pem", known.pem() + "\n# a remark\n" + other.pem() + again.pem() + known.pem()));
    auto const context = made();
    auto* const store = SSL_CTX_get_cert_store(context->native_handle());
    BOOST_TEST(verdict(context, server_of(known)) == X509_V_OK);
    // OpenSSL chooses among those that its store has.
    BOOST_TEST(sk_X509_OBJECT_num(X509_STORE_get0_objects(store)) == 2);
    BOOST_TEST(verdict(context, server_of(known)) == X509_V_OK);
    BOOST_TEST(sk_X509_OBJECT_num(X509_STORE_get0_objects(store)) == 2);
}

BOOST_AUTO_TEST_CASE(an_authority_that_is_not_there_is_unknown_and_the_file_is_not_blamed)
{
    variable const file(X509_get_default_cert_file_env(), files.write("all.pem", other.pem()));
    auto const context = made();
    BOOST_TEST(verdict(context, server_of(known)) == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
    BOOST_TEST(complaint(context) == "");
}

BOOST_AUTO_TEST_CASE(a_file_that_was_replaced_is_read_again)
{
    variable const file(X509_get_default_cert_file_env(), files.write("all.pem", other.pem()));
    auto const context = made();
    BOOST_TEST(verdict(context, server_of(known)) != X509_V_OK);
    std::filesystem::rename(files.write("new.pem", known.pem()), files.path() + "/all.pem");
    BOOST_TEST(verdict(context, server_of(known)) == X509_V_OK);
    BOOST_TEST(verdict(made(), server_of(other)) != X509_V_OK);
}

BOOST_AUTO_TEST_CASE(a_file_that_the_environment_names_and_that_cannot_be_used_is_named_at_once)
{
    struct
    {
        std::string path, why;
    } const rows[] = {
        {"/no/such/file.pem", "does not exist"},
        {files.path(), "is a directory"},
        {files.write("empty.pem", ""), "is empty"},
    };
    for (auto const& row : rows)
    {
        variable const file(X509_get_default_cert_file_env(), row.path);
        auto const refused = make_context(tls_settings());
        BOOST_TEST_REQUIRE(refused.has_error());
        BOOST_TEST((refused.error() == errc::invalid_argument));
        auto const expected =
            "the file of certificate authorities \"" + row.path + "\", which SSL_CERT_FILE names, " + row.why;
        auto const text = refused.error().message();
        BOOST_TEST(text.find(expected) != text.npos, text);
    }
    // A directory is enough.
    hashed.write(known.hashed_name(), known.pem());
    variable const file(X509_get_default_cert_file_env(), "/no/such/file.pem");
    BOOST_TEST(verdict(made(), server_of(known)) == X509_V_OK);
}

BOOST_AUTO_TEST_CASE(a_file_that_turns_out_to_have_no_certificates_is_the_reason_why_a_chain_is_not_trusted)
{
    auto const path = files.write("all.pem", "hello");
    variable const file(X509_get_default_cert_file_env(), path);
    auto const context = made();
    BOOST_TEST(verdict(context, server_of(known)) == X509_V_ERR_STORE_LOOKUP);
    BOOST_TEST(complaint(context) ==
               "the system's file of certificate authorities \"" + path + "\" holds no certificates in PEM");
    std::filesystem::remove(path);
    BOOST_TEST(verdict(context, server_of(known)) == X509_V_ERR_STORE_LOOKUP);
    BOOST_TEST(complaint(context) == "the system's file of certificate authorities \"" + path +
                                         "\" cannot be read: No such file or directory");
    BOOST_TEST(ERR_peek_error() == 0u); // the next handshake must not find an old error
    files.write("all.pem", known.pem());
    BOOST_TEST(verdict(context, server_of(known)) == X509_V_OK);
    BOOST_TEST(complaint(context) == "");
}

BOOST_AUTO_TEST_CASE(variables_that_are_empty_name_nothing)
{
    variable const no_directory(X509_get_default_cert_dir_env(), "");
    variable const no_file(X509_get_default_cert_file_env(), "");
    BOOST_TEST(verdict(made(), server_of(known)) == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
}

BOOST_AUTO_TEST_CASE(a_damaged_file_does_no_harm)
{
    auto const good = other.pem() + known.pem();
    std::mt19937 random(7);
    std::size_t read = 0;
    for (int i = 0; i != 500; ++i)
    {
        auto text = good;
        for (auto n = random() % 4; n != 0; --n)
            text[random() % text.size()] = static_cast<char>(random() % 96 + 32);
        text.resize(random() % 8 == 0 ? random() % text.size() : text.size());
        std::string why;
        auto const bundle = certificate_bundle::read(files.write("damaged.pem", text), why);
        BOOST_TEST((bundle != nullptr) == why.empty());
        read += bundle ? bundle->size() : 0;
    }
    BOOST_TEST(read > 300u);
    BOOST_TEST(read < 1000u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace system_authorities_test
