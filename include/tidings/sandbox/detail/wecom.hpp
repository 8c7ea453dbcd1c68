// WeCom's side of one call.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_DETAIL_WECOM_HPP
#define TIDINGS_SANDBOX_DETAIL_WECOM_HPP

#include <tidings/sandbox/detail/state.hpp>

namespace tidings::sandbox::detail {

// Every call of WeCom: routing, checks, handler, answer.
response answer_wecom(state& s, request const& req);
// Contradictions in the world: throws world_error.
void check_wecom(world const& w);
// Makes all tokens of that application invalid; nothing when it is none of WeCom's.
void revoke_wecom(state& s, std::string const& app_id);

} // namespace tidings::sandbox::detail

#endif
