// The definitions of any_notifier and any_webhook, for programs that compile them once: see tidings/src.hpp.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_ANY_SRC_HPP
#define TIDINGS_ANY_SRC_HPP

#ifndef TIDINGS_SEPARATE_COMPILATION
#error "tidings/any_src.hpp: define TIDINGS_SEPARATE_COMPILATION for the whole program, or do not include this file"
#endif

#include <tidings/any_notifier.hpp>
#include <tidings/any_webhook.hpp>

#include <tidings/impl/any_notifier.ipp>
#include <tidings/impl/any_webhook.ipp>

#endif
