// How the sandbox's functions are defined: in every translation unit (the default), or once.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_DETAIL_CONFIG_HPP
#define TIDINGS_SANDBOX_DETAIL_CONFIG_HPP

#ifdef TIDINGS_SEPARATE_COMPILATION
#define TIDINGS_SANDBOX_DECL
#else
#define TIDINGS_SANDBOX_DECL inline
#endif

#endif
