// The version of the library. The build systems read the three numbers from here.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_VERSION_HPP
#define TIDINGS_VERSION_HPP

#define TIDINGS_VERSION_MAJOR 0
#define TIDINGS_VERSION_MINOR 1
#define TIDINGS_VERSION_PATCH 0

/// One number to compare: major * 10000 + minor * 100 + patch.
#define TIDINGS_VERSION (TIDINGS_VERSION_MAJOR * 10000 + TIDINGS_VERSION_MINOR * 100 + TIDINGS_VERSION_PATCH)

#define TIDINGS_DETAIL_TEXT(x) #x
#define TIDINGS_DETAIL_DOTTED(a, b, c) TIDINGS_DETAIL_TEXT(a) "." TIDINGS_DETAIL_TEXT(b) "." TIDINGS_DETAIL_TEXT(c)

/// The version as text, for instance "0.1.0".
#define TIDINGS_VERSION_STRING \
    TIDINGS_DETAIL_DOTTED(TIDINGS_VERSION_MAJOR, TIDINGS_VERSION_MINOR, TIDINGS_VERSION_PATCH)

#endif
