// Compiles the notifiers that most programs have.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_IMPL_USUAL_NOTIFIERS_IPP
#define TIDINGS_IMPL_USUAL_NOTIFIERS_IPP

#include <tidings/impl/usual_notifiers.hpp>

namespace tidings::inline v0::detail {

TIDINGS_USUAL_NOTIFIERS()

} // namespace tidings::inline v0::detail

#endif
