// Reads the frame that every answer of Lark and Feishu has.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_LARK_ANSWER_HPP
#define TIDINGS_PROVIDER_LARK_ANSWER_HPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/detail/platform_text.hpp>
#include <tidings/provider/lark/brand.hpp>
#include <tidings/provider/lark/codes.hpp>
#include <tidings/result.hpp>
#include <tidings/wire/answer.hpp>
#include <tidings/wire/json_reader.hpp>
#include <tidings/wire/reply.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0::providers::lark {

/// Reads the code, and the members in the table of the call. Without a table, only the code matters.
class answer final : public wire::coded_answer
{
public:
    explicit answer(wire::bound_table const& table = {}) noexcept : coded_answer("code", table) {}
};

/// Collects what a refusal says, which is added to its facts. Everything but the code is optional.
class refusal
{
public:
    explicit refusal(diagnostics& facts) noexcept : facts_(facts) {}

    void read_message(std::string_view text) { facts_.platform_message = text; }
    void read_log_id(std::string_view text) { facts_.log_id = text; }
    void read_other_log_id(std::string_view text);
    void read_scope(std::string_view text) { facts_.scopes.emplace_back(text); }
    void read_link(std::string_view text);
    void read_violation(std::string_view text);

    /// The fields the platform complains about, and why.
    std::string const& violations() const noexcept { return violations_; }

private:
    diagnostics& facts_;
    std::string violations_;
};

/// Leaves out what cannot be a scope: they become part of a link.
TIDINGS_DECL void keep_scopes(std::vector<std::string>& words);

/// The scopes that the text of 99991672 lists in its first pair of brackets.
TIDINGS_DECL std::vector<std::string> scopes_in(std::string_view text);

/// Where the person grants the scopes, for answers that bring no link.
TIDINGS_DECL std::string scope_link(brand const& region, std::string_view app_id,
                                    std::vector<std::string> const& scopes);

/// Makes a failure of an answer that is no success.
TIDINGS_DECL failure explain(call what, brand const& region, std::string_view app_id, wire::reply const& in);

} // namespace tidings::inline v0::providers::lark

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/provider/lark/impl/answer.ipp>
#endif

#endif
