// What goes over the wire in answer to one request, decided without touching it.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_DETAIL_SCRIPT_HPP
#define TIDINGS_SANDBOX_DETAIL_SCRIPT_HPP

#include <tidings/sandbox/detail/http.hpp>

namespace tidings::inline v0::sandbox::detail {

enum class act
{
    // Write `bytes`.
    send,
    // Write `bytes` one by one.
    send_slowly,
    // Wait `pause`, in real time.
    wait,
    // Silence until the other side says something, or goes.
    hear,
    // Silence until the other side gives up.
    stall,
    // End the connection in an orderly way; with TLS, say goodbye.
    close,
    // End it without a goodbye.
    cut,
    // End it with a reset.
    reset,
};

struct step
{
    act what = act::send;
    std::string bytes{};
    std::chrono::milliseconds pause{};
};

struct script
{
    std::vector<step> steps{};
    // Of the answer that is sent or begun; 0: none is.
    int status = 0;
};

// `answered` is the platform's own answer; unused when the fault did not let the request through. After the last step
// the connection is kept unless a step ended it.
script plan(response const& answered, fault const* f, bool head_only, bool keep_alive);

} // namespace tidings::inline v0::sandbox::detail

#endif
