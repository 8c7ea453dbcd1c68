// Reads the two frames that answers of DingTalk have.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_DINGTALK_ANSWER_HPP
#define TIDINGS_PROVIDER_DINGTALK_ANSWER_HPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/detail/platform_text.hpp>
#include <tidings/provider/dingtalk/codes.hpp>
#include <tidings/result.hpp>
#include <tidings/wire/answer.hpp>
#include <tidings/wire/json_reader.hpp>
#include <tidings/wire/member_table.hpp>
#include <tidings/wire/reply.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0::providers::dingtalk {

/// Reads the code, in whichever generation it comes, and the members in the table of the call. Without a table, only the
/// code matters.
///
/// The old API says `errcode`, 88 with the reason in `sub_code`; the new one says `code`, and nothing when it succeeds.
class answer final : public wire::table_reader
{
public:
    explicit answer(wire::bound_table const& table = {}) noexcept : table_reader(table) { add(own_lengths); }

    void on_scalar(std::string_view path, wire::json_scalar const& value) override;
    void on_container(std::string_view path) override;

    /// The effective code; empty when the answer has none, or none that is clear; "0" when the old API succeeded.
    std::string_view code() const noexcept;
    /// Whether the answer has neither member.
    bool lacks_code() const noexcept { return errcode_.absent() && code_.absent(); }

private:
    static constexpr wire::path_lengths own_lengths{"code", "errcode", "sub_code", "subCode"};

    void read(std::string_view path, wire::json_scalar const& value);
    static std::optional<std::string> number_in(wire::json_scalar const& value);
    // A name; where it begins like a number, all of it is one: "0 " is neither success nor a refusal.
    static std::optional<std::string> code_in(wire::json_scalar const& value);

    wire::deciding_member<std::string> errcode_;
    wire::deciding_member<std::string> code_;
    std::string sub_code_;
};

/// Collects what a refusal says, which is added to its facts.
class refusal
{
public:
    explicit refusal(diagnostics& facts) noexcept : facts_(facts) {}

    void read_message(std::string_view text) { facts_.platform_message = text; }
    void read_other_message(std::string_view text);
    void read_log_id(std::string_view text) { facts_.log_id = text; }
    void read_scope(std::string_view text) { facts_.scopes.emplace_back(text); }
    void read_wait(wire::json_scalar const& value) { wait_ = value.count(); }
    void read_status(wire::json_scalar const& value) { is_1111_ = value.integer() == 1111; }
    void read_punish(std::string_view) noexcept { has_punish_ = true; }
    void read_source(std::string_view text) noexcept { is_x5_ = text == "x5"; }

    /// Whether it is what the gateway in front of the platform says when it has banned the address:
    /// `{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"…"}`.
    bool says_banned() const noexcept { return is_1111_ && (has_punish_ || is_x5_); }
    std::int64_t ban_minutes() const noexcept { return wait_; }

private:
    diagnostics& facts_;
    std::int64_t wait_ = 0;
    bool is_1111_ = false;
    bool has_punish_ = false;
    bool is_x5_ = false;
};

namespace detail {

/// The scopes that a text lists in brackets: `应用尚未开通所需的权限：[a, b]`. Other brackets may precede them.
TIDINGS_DECL std::vector<std::string> scopes_in(std::string_view text);

/// The first address of a page in `text` that starts with `from`.
TIDINGS_DECL std::string link_in(std::string_view text, std::string_view from);

/// Whether a page is that of the gateway which has banned the address: status 200, HTML, and a script that leads to
/// the gateway's own page. Not what merely speaks of it, nor what may only repeat the message.
TIDINGS_DECL bool is_ban_page(wire::reply const& in) noexcept;

} // namespace detail

/// Makes a failure of an answer that is no success.
TIDINGS_DECL failure explain(std::string_view app_key, wire::reply const& in, about target = about::people);

/// Reads an answer: the reader's values when the platform says that it succeeded, otherwise why not.
///
/// The old API succeeds with errcode 0. The new one succeeds with a 200 that has no code and, unless the call says
/// otherwise, what the caller came for.
TIDINGS_DECL result<void> read_old(answer& reader, std::string_view app_key, wire::reply const& in);

/// @param complete  Tells whether the reader found what the answer must have.
/// @param target    What the call was about: some codes mean something else in a group.
template<class Complete>
result<void> read_new(answer& reader, std::string_view app_key, wire::reply const& in, Complete&& complete,
                      about target = about::people)
{
    if (wire::read_json(in.body(), reader) && (reader.lacks_code() || reader.code() == "0") && in.status() < 300 &&
        complete())
        return {};
    return explain(app_key, in, target);
}

} // namespace tidings::inline v0::providers::dingtalk

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/provider/dingtalk/impl/answer.ipp>
#endif

#endif
