// The certificate authorities that the system trusts, read when they are needed.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TRANSPORT_DETAIL_SYSTEM_AUTHORITIES_HPP
#define TIDINGS_TRANSPORT_DETAIL_SYSTEM_AUTHORITIES_HPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/result.hpp>

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace tidings::inline v0::transport::detail {

/// A directory of authorities has files that are named by the hash of what they hold: `1a2b3c4d.0`.
TIDINGS_COLD inline bool has_hashed_files(std::filesystem::path const& directory)
{
    std::error_code ec;
    for (std::filesystem::directory_iterator at(directory, ec), end; !ec && at != end; at.increment(ec))
    {
        constexpr std::size_t hash_size = 8;
        auto const name = at->path().filename().string();
        auto const hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
        if (name.size() > hash_size + 1 && name[hash_size] == '.' &&
            std::all_of(name.begin(), name.begin() + hash_size, hex))
            return true;
    }
    return false;
}

/// The certificates of a file in PEM. What costs time is to make objects of them, keys above all: that is done only
/// with those that are asked for, so a bundle of all authorities is read in a tenth of the time that OpenSSL takes.
class certificate_bundle
{
public:
    using name_ptr = std::unique_ptr<X509_NAME, decltype(&X509_NAME_free)>;
    using certificate_ptr = std::unique_ptr<X509, decltype(&X509_free)>;

    /// @param why  Set when the file has no certificates: the rest of a sentence about it.
    /// @returns Null then.
    TIDINGS_COLD static std::shared_ptr<certificate_bundle const> read(std::string const& path, std::string& why)
    {
        errno = 0;
        std::unique_ptr<BIO, decltype(&BIO_free)> const in(BIO_new_file(path.c_str(), "rb"), &BIO_free);
        if (!in)
            why = "cannot be read: " + std::error_code(errno, std::generic_category()).message();
        auto out = std::make_shared<certificate_bundle>();
        while (in && out->read_next(in.get()))
        {
        }
        ERR_clear_error(); // of the end of the file, too
        if (!out->all_.empty())
            return out;
        if (in)
            why = "holds no certificates in PEM";
        return nullptr;
    }

    /// @param use  Called with each certificate that has this subject.
    template<class Use>
    void with_subject(X509_NAME const* subject, Use const& use) const
    {
        for (auto const& one : all_)
        {
            if (X509_NAME_cmp(one.subject.get(), subject) != 0)
                continue;
            auto const* at = one.der.data();
            auto const size = static_cast<long>(one.der.size());
            certificate_ptr made(one.is_trusted ? d2i_X509_AUX(nullptr, &at, size) : d2i_X509(nullptr, &at, size),
                                 &X509_free);
            if (made)
                use(std::move(made));
        }
    }

    std::size_t size() const noexcept { return all_.size(); }

private:
    struct certificate
    {
        name_ptr subject;
        std::vector<unsigned char> der;
        bool is_trusted; ///< With what OpenSSL says of its use behind it: "TRUSTED CERTIFICATE".
    };

    /// @returns Whether there may be more.
    TIDINGS_COLD bool read_next(BIO* in)
    {
        char* name = nullptr;
        char* header = nullptr;
        unsigned char* data = nullptr;
        long size = 0;
        if (PEM_read_bio(in, &name, &header, &data, &size) != 1)
            return false;
        struct release
        {
            void operator()(void* p) const noexcept { OPENSSL_free(p); }
        };
        std::unique_ptr<char, release> const own_name(name);
        std::unique_ptr<char, release> const own_header(header);
        std::unique_ptr<unsigned char, release> const own_data(data);
        std::string_view const kind(name);
        bool const is_trusted = kind == PEM_STRING_X509_TRUSTED;
        if (!is_trusted && kind != PEM_STRING_X509 && kind != PEM_STRING_X509_OLD)
            return true;
        name_ptr subject(subject_of(data, size), &X509_NAME_free);
        if (subject)
            all_.push_back(certificate{std::move(subject), {data, data + size}, is_trusted});
        return true;
    }

    /// RFC 5280, 4.1: the sixth member of the certificate, or the fifth of the first version, which has no number.
    TIDINGS_COLD static X509_NAME* subject_of(unsigned char const* at, long size)
    {
        auto const* const end = at + size;
        constexpr int version = 0;
        constexpr int members_before = 4; // serial number, algorithm, issuer, validity
        if (!enter(at, end, V_ASN1_SEQUENCE) || !enter(at, end, V_ASN1_SEQUENCE))
            return nullptr;
        auto const* first = at;
        int tag = 0;
        if (!skip(first, end, tag))
            return nullptr;
        if (tag == version)
            at = first;
        for (int i = 0; i != members_before; ++i)
            if (!skip(at, end, tag))
                return nullptr;
        return d2i_X509_NAME(nullptr, &at, static_cast<long>(end - at));
    }
    TIDINGS_COLD static bool enter(unsigned char const*& at, unsigned char const* end, int wanted)
    {
        long length = 0;
        int tag = 0;
        int tag_class = 0;
        return (ASN1_get_object(&at, &length, &tag, &tag_class, static_cast<long>(end - at)) & 0x80) == 0 &&
               tag == wanted;
    }
    TIDINGS_COLD static bool skip(unsigned char const*& at, unsigned char const* end, int& tag)
    {
        long length = 0;
        int tag_class = 0;
        if ((ASN1_get_object(&at, &length, &tag, &tag_class, static_cast<long>(end - at)) & 0x80) != 0)
            return false;
        at += length;
        return true;
    }

    std::vector<certificate> all_;
};

/// The bundles that are in use in this process, each in memory once. A file that was replaced is read again.
///
/// @par Thread safety  Safe.
class bundle_cache
{
public:
    using bundle_ptr = std::shared_ptr<certificate_bundle const>;

    /// @param why  Set when there are no certificates.
    TIDINGS_COLD static bundle_ptr get(std::string const& path, std::string& why)
    {
        static std::mutex mutex;
        static std::map<std::string, known> all;
        std::lock_guard const lock(mutex);
        auto& entry = all[path];
        version const now(path);
        if (auto bundle = entry.bundle.lock(); bundle && entry.read == now)
            return bundle;
        auto fresh = certificate_bundle::read(path, why);
        entry.bundle = fresh;
        entry.read = now;
        return fresh;
    }

private:
    /// Which file is there.
    class version
    {
    public:
        version() = default;
        explicit version(std::string const& path)
        {
            struct stat found{};
            if (::stat(path.c_str(), &found) != 0)
                return;
            device_ = found.st_dev;
            file_ = found.st_ino;
            size_ = found.st_size;
            changed_ = found.st_mtime;
        }
        friend bool operator==(version const&, version const&) = default;

    private:
        dev_t device_ = 0;
        ino_t file_ = 0;
        off_t size_ = 0;
        time_t changed_ = 0;
    };
    struct known
    {
        std::weak_ptr<certificate_bundle const> bundle;
        version read;
    };
};

/// Finds authorities in a bundle, which is not opened before a chain has an issuer that the store does not have yet
/// and that no directory has.
class lazy_file
{
public:
    /// Behind the directories of the store.
    TIDINGS_COLD static bool add(SSL_CTX* context, std::string path)
    {
        auto* const store = SSL_CTX_get_cert_store(context);
        auto* const how = method();
        auto* const lookup = how ? X509_STORE_add_lookup(store, how) : nullptr;
        auto* const self = lookup ? static_cast<lazy_file*>(X509_LOOKUP_get_method_data(lookup)) : nullptr;
        if (!self || X509_STORE_set_ex_data(store, index(), self) != 1)
            return false;
        self->path_ = std::move(path);
        X509_STORE_set_verify_cb(store, &on_fault);
        return true;
    }

    /// The reason why the file had no authority for this context's last chain. Empty: it could be read.
    TIDINGS_COLD static std::string complaint(SSL_CTX* context)
    {
        auto const* const self = of(SSL_CTX_get_cert_store(context));
        if (!self || self->why_.empty())
            return {};
        return "the system's file of certificate authorities \"" + self->path_ + "\" " + self->why_;
    }

private:
    TIDINGS_COLD static X509_LOOKUP_METHOD* method()
    {
        // Never freed: a context may outlive everything else.
        static X509_LOOKUP_METHOD* const out = [] {
            auto* const m = X509_LOOKUP_meth_new("read when it is needed");
            bool const complete = m && X509_LOOKUP_meth_set_new_item(m, &make) == 1 &&
                                  X509_LOOKUP_meth_set_free(m, &destroy) == 1 &&
                                  X509_LOOKUP_meth_set_get_by_subject(m, &find) == 1;
            return complete ? m : nullptr;
        }();
        return out;
    }
    TIDINGS_COLD static int index()
    {
        static int const out =
            CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_X509_STORE, 0, nullptr, nullptr, nullptr, nullptr);
        return out;
    }
    static lazy_file* of(X509_STORE* store) { return static_cast<lazy_file*>(X509_STORE_get_ex_data(store, index())); }

    TIDINGS_COLD static int make(X509_LOOKUP* lookup)
    {
        auto* const self = new (std::nothrow) lazy_file;
        return self ? X509_LOOKUP_set_method_data(lookup, self) : 0;
    }
    TIDINGS_COLD static void destroy(X509_LOOKUP* lookup)
    {
        delete static_cast<lazy_file*>(X509_LOOKUP_get_method_data(lookup));
    }

    static int find(X509_LOOKUP* lookup, X509_LOOKUP_TYPE type, X509_NAME const* name, X509_OBJECT* out)
    {
        if (type != X509_LU_X509)
            return 0;
        auto& self = *static_cast<lazy_file*>(X509_LOOKUP_get_method_data(lookup));
        try
        {
            return self.find(X509_LOOKUP_get_store(lookup), name, out) ? 1 : 0;
        }
        catch (std::exception const&) // memory ran out
        {
            return 0;
        }
    }

    bool find(X509_STORE* store, X509_NAME const* name, X509_OBJECT* out)
    {
        why_.clear();
        bundle_ = bundle_cache::get(path_, why_);
        if (!bundle_)
            return false;
        X509* first = nullptr;
        bundle_->with_subject(name, [&](certificate_bundle::certificate_ptr one) {
            // OpenSSL tries all with this subject that are in the store.
            if (X509_STORE_add_cert(store, one.get()) != 1)
                return;
            found_.push_back(std::move(one));
            if (!first)
                first = found_.back().get();
        });
        if (!first || X509_OBJECT_set1_X509(out, first) != 1)
            return false;
        X509_free(first); // the caller adds a reference of its own: see X509_LOOKUP_meth_new(3)
        return true;
    }

    /// Says that the authorities could not be read, where OpenSSL would say that an authority is unknown.
    TIDINGS_COLD static int on_fault(int good, X509_STORE_CTX* context)
    {
        if (good)
            return good;
        auto const* const self = of(X509_STORE_CTX_get0_store(context));
        switch (X509_STORE_CTX_get_error(context))
        {
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
            if (self && !self->why_.empty())
                X509_STORE_CTX_set_error(context, X509_V_ERR_STORE_LOOKUP);
            break;
        default: break;
        }
        return good;
    }

    std::string path_;
    std::string why_;
    bundle_cache::bundle_ptr bundle_;
    std::vector<certificate_bundle::certificate_ptr> found_;
};

/// A variable of the environment. A program with the rights of another user does not trust it, nor does OpenSSL.
TIDINGS_COLD inline char const* trusted_environment(char const* name) noexcept
{
#ifdef _GNU_SOURCE
    return ::secure_getenv(name);
#else
    return std::getenv(name);
#endif
}

/// What can be seen from outside of a file that no certificates can be read from: the rest of a sentence.
TIDINGS_COLD inline std::string visible_fault(std::string const& path)
{
    std::error_code ec;
    auto const kind = std::filesystem::status(path, ec).type();
    if (kind == std::filesystem::file_type::not_found)
        return "does not exist";
    if (kind == std::filesystem::file_type::directory)
        return "is a directory";
    if (::access(path.c_str(), R_OK) != 0)
        return "cannot be read: " + std::error_code(errno, std::generic_category()).message();
    return kind == std::filesystem::file_type::regular && std::filesystem::file_size(path, ec) == 0 && !ec
               ? "is empty"
               : std::string();
}

/// Trusts the authorities in OpenSSL's directory and in its file, or in those that `SSL_CERT_DIR` and `SSL_CERT_FILE`
/// name. Nothing is read before the first handshake, and the file only if the directory does not suffice.
///
/// @returns `errc::invalid_argument` when the environment names a file that cannot be used and no directory has
///          authorities.
TIDINGS_COLD inline result<void> trust_system(SSL_CTX* context)
{
    auto const* const named_directory = trusted_environment(X509_get_default_cert_dir_env());
    auto const* const named_file = trusted_environment(X509_get_default_cert_file_env());
    std::string const directories = named_directory ? named_directory : X509_get_default_cert_dir();
    std::string const file = named_file ? named_file : X509_get_default_cert_file();
    // OpenSSL does not mind that there is no such directory; nor that the variable is empty.
    bool done = directories.empty() || SSL_CTX_load_verify_locations(context, nullptr, directories.c_str()) == 1;
    done = (file.empty() || lazy_file::add(context, file)) && done;
    ERR_clear_error();
    if (!done)
        return make_failure(errc::invalid_argument, "the system's certificate authorities cannot be used");
    if (!named_file || file.empty())
        return {};
    auto const fault = visible_fault(file);
    if (fault.empty())
        return {};
    for (std::string_view rest = directories; !rest.empty();)
    {
        auto const end = std::min(rest.find(':'), rest.size());
        if (has_hashed_files(std::string(rest.substr(0, end))))
            return {};
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return make_failure(errc::invalid_argument, std::string("the file of certificate authorities \"") + file +
                                                    "\", which " + X509_get_default_cert_file_env() + " names, " +
                                                    fault);
}

} // namespace tidings::inline v0::transport::detail

#endif
