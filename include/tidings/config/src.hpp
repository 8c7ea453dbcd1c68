// The definitions of the settings of channels, for programs that compile them once: see tidings/src.hpp.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_CONFIG_SRC_HPP
#define TIDINGS_CONFIG_SRC_HPP

#ifndef TIDINGS_SEPARATE_COMPILATION
#error "tidings/config/src.hpp: define TIDINGS_SEPARATE_COMPILATION for the whole program, or do not include this file"
#endif

#include <tidings/config/channels.hpp>
#include <tidings/config/test_send.hpp>
#include <tidings/config/webhook.hpp>

#include <tidings/config/impl/channel.ipp>
#include <tidings/config/impl/channels.ipp>
#include <tidings/config/impl/field.ipp>
#include <tidings/config/impl/json_document.ipp>
#include <tidings/config/impl/secret_setting.ipp>
#include <tidings/config/impl/test_send.ipp>
#include <tidings/config/impl/webhook.ipp>

#endif
