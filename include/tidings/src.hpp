// The definitions that depend on no template parameter, for programs that compile them once.
//
// Define TIDINGS_SEPARATE_COMPILATION for the whole program and include this file in exactly one source file. The sandbox
// has a file of its own, tidings/sandbox/src.hpp: only tests need it.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SRC_HPP
#define TIDINGS_SRC_HPP

#ifndef TIDINGS_SEPARATE_COMPILATION
#error "tidings/src.hpp: define TIDINGS_SEPARATE_COMPILATION for the whole program, or do not include this file"
#endif

#include <tidings/any_notifier.hpp>
#include <tidings/any_webhook.hpp>

#include <tidings/impl/any_notifier.ipp>
#include <tidings/impl/any_webhook.ipp>

#endif
