// Common parts of the platforms, and the functions that each of them provides.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_DETAIL_PLATFORM_HPP
#define TIDINGS_SANDBOX_DETAIL_PLATFORM_HPP

#include <tidings/sandbox/detail/state.hpp>

namespace tidings::inline v0::sandbox::detail {

// Everything but the sandbox's own calls: routing, checks, handler, answer. A code that is not empty is what the
// platform refuses the call with, whatever is in it.
response answer(state& s, request const& req, std::string_view refused = {});
// The sandbox's own calls, `/_sandbox/...`.
bool is_control(std::string_view target);
response answer_control(state& s, request const& req);
response not_found();
// Makes all tokens of the application invalid, whichever platform's it is.
void revoke_everywhere(state& s, std::string const& app_id);
// What a scripted throttle answers, in the words of the platform that was asked.
response scripted_throttle(state& s, request const& req, int wait_seconds);

} // namespace tidings::inline v0::sandbox::detail

#endif
