// The definitions of subscriptions, for programs that compile them once: see tidings/src.hpp.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SUBSCRIPTION_SRC_HPP
#define TIDINGS_SUBSCRIPTION_SRC_HPP

#ifndef TIDINGS_SEPARATE_COMPILATION
#error \
    "tidings/subscription/src.hpp: define TIDINGS_SEPARATE_COMPILATION for the whole program, or do not include this file"
#endif

#include <tidings/subscription/delivery.hpp>
#include <tidings/subscription/dispatcher.hpp>
#include <tidings/subscription/event.hpp>
#include <tidings/subscription/file_log.hpp>
#include <tidings/subscription/holding.hpp>
#include <tidings/subscription/people.hpp>
#include <tidings/subscription/routes.hpp>
#include <tidings/subscription/subscriptions.hpp>

#include <tidings/subscription/impl/delivery.ipp>
#include <tidings/subscription/impl/dispatcher.ipp>
#include <tidings/subscription/impl/event.ipp>
#include <tidings/subscription/impl/file_log.ipp>
#include <tidings/subscription/impl/holding.ipp>
#include <tidings/subscription/impl/people.ipp>
#include <tidings/subscription/impl/routes.ipp>
#include <tidings/subscription/impl/subscriptions.ipp>

#endif
