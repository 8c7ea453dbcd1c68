// Prepares a client for its first message, without sending anything.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_WARM_UP_IPP
#define TIDINGS_IMPL_WARM_UP_IPP

#include <tidings/detail/config.hpp>
#include <tidings/impl/warm_up.hpp>
#include <tidings/wire/procedure.hpp>

#include <string_view>

namespace tidings::inline v0::detail {

TIDINGS_COLD TIDINGS_DECL result<void> open_connection::encode(wire::request& out, std::string_view) const
{
    out.clear();
    return {};
}

} // namespace tidings::inline v0::detail

#endif
