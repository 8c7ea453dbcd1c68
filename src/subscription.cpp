// The definitions of subscriptions, compiled once.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/subscription/src.hpp>
