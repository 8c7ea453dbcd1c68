// The sandbox's definitions, for programs that compile them once.
//
// Define TIDINGS_SEPARATE_COMPILATION for the whole program and include this file in exactly one source file.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_SRC_HPP
#define TIDINGS_SANDBOX_SRC_HPP

#ifndef TIDINGS_SEPARATE_COMPILATION
#error "tidings/sandbox/src.hpp: define TIDINGS_SEPARATE_COMPILATION for the whole program, or do not include this file"
#endif

#include <tidings/sandbox/server.hpp>

#include <tidings/sandbox/impl/fault.ipp>
#include <tidings/sandbox/impl/message.ipp>
#include <tidings/sandbox/impl/server.ipp>
#include <tidings/sandbox/impl/world.ipp>

#endif
