// Reads the frame that every answer of WeCom has.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_WECOM_ANSWER_HPP
#define TIDINGS_PROVIDER_WECOM_ANSWER_HPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/detail/platform_text.hpp>
#include <tidings/provider/wecom/codes.hpp>
#include <tidings/result.hpp>
#include <tidings/wire/answer.hpp>
#include <tidings/wire/json_reader.hpp>
#include <tidings/wire/reply.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace tidings::inline v0::providers::wecom {

/// Reads the code, and the members in the table of the call. Without a table, only the code matters.
class answer final : public wire::coded_answer
{
public:
    explicit answer(wire::bound_table const& table = {}) noexcept : coded_answer("errcode", table) {}
};

namespace detail {

/// An address out of the platform's words, if it is a page of the platform: the words may repeat the message.
TIDINGS_DECL std::string_view own_page(std::string_view address) noexcept;

} // namespace detail

/// Makes a failure of an answer that is no success.
TIDINGS_DECL failure explain(call what, std::string_view corp_id, wire::reply const& in);

/// Reads an answer: the reader's values when the platform's code is 0, otherwise why not. A few calls leave the code
/// out when they succeed; `complete` tells whether the reader then found what the caller came for.
template<class Complete>
result<void> read(answer& reader, call what, std::string_view corp_id, wire::reply const& in, Complete&& complete)
{
    if (wire::read_json(in.body(), reader) && (reader.code() == 0 || (reader.lacks_code() && complete())))
        return {};
    return explain(what, corp_id, in);
}

} // namespace tidings::inline v0::providers::wecom

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/provider/wecom/impl/answer.ipp>
#endif

#endif
