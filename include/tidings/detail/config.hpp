// How functions that depend on no template parameter are defined: in every translation unit (the default), or once.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_CONFIG_HPP
#define TIDINGS_DETAIL_CONFIG_HPP

#ifdef TIDINGS_SEPARATE_COMPILATION
#define TIDINGS_DECL
#else
#define TIDINGS_DECL inline
#endif

/// Of a function that runs once for a connection, for a token or for a failure: it is optimised for size, and calls of
/// it are taken for unlikely.
#ifdef __GNUC__
#define TIDINGS_COLD [[gnu::cold]]
#else
#define TIDINGS_COLD
#endif

#endif
