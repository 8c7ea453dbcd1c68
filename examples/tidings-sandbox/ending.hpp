// What ends tidings-sandbox.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_EXAMPLES_TIDINGS_SANDBOX_ENDING_HPP
#define TIDINGS_EXAMPLES_TIDINGS_SANDBOX_ENDING_HPP

namespace tidings_sandbox {

// From now on SIGINT and SIGTERM do not kill the program.
void watch_signals();

// Until standard input ends or a signal comes.
void wait_for_the_end();

} // namespace tidings_sandbox

#endif
