// Under which name a token is cached.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_TOKEN_KEY_HPP
#define TIDINGS_IMPL_TOKEN_KEY_HPP

#include <tidings/detail/config.hpp>
#include <tidings/secret.hpp>
#include <tidings/wire/endpoint.hpp>

#include <array>
#include <string>
#include <string_view>

namespace tidings::inline v0::detail {

/// Everything that a token depends on; of the secret only a hash, so that the key may be seen and a changed secret is
/// another key.
TIDINGS_DECL std::string token_key(std::string_view platform, transport::endpoint const& where,
                                   std::string_view application, secret const& app_secret);

} // namespace tidings::inline v0::detail

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/impl/token_key.ipp>
#endif

#endif
