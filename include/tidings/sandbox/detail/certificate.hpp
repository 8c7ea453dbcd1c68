// A certificate authority and a server certificate, made on the spot.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_DETAIL_CERTIFICATE_HPP
#define TIDINGS_SANDBOX_DETAIL_CERTIFICATE_HPP

#include <tidings/sandbox/options.hpp>

namespace tidings::inline v0::sandbox::detail {

// All PEM.
struct identity
{
    std::string ca;
    std::string chain;
    std::string key;
};

// Throws std::runtime_error when OpenSSL will not.
identity make_identity(certificate kind);

} // namespace tidings::inline v0::sandbox::detail

#endif
