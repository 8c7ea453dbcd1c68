// The definitions of any_notifier and any_webhook, which have every platform, compiled once.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/any_src.hpp>
