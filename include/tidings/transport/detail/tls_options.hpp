// The settings of TLS, without OpenSSL.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TRANSPORT_DETAIL_TLS_OPTIONS_HPP
#define TIDINGS_TRANSPORT_DETAIL_TLS_OPTIONS_HPP

#include <tidings/secret.hpp>

#include <string>

namespace tidings::inline v0::transport::detail {

/// The settings of `https`.
class tls_settings
{
public:
    tls_settings() = default;

    std::string ca_file;
    std::string ca_directory;
    bool system_authorities = false; ///< Beside those above; without any they are the only ones.
    std::string certificate_file;
    std::string key_file; ///< Empty: the key is in the certificate's file.
    secret passphrase;
};

} // namespace tidings::inline v0::transport::detail

#endif
