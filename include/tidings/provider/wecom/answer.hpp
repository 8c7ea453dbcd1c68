// Reads the frame that every answer of WeCom has.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_WECOM_ANSWER_HPP
#define TIDINGS_PROVIDER_WECOM_ANSWER_HPP

#include <tidings/detail/failure.hpp>
#include <tidings/detail/platform_text.hpp>
#include <tidings/provider/wecom/codes.hpp>
#include <tidings/result.hpp>
#include <tidings/wire/answer.hpp>
#include <tidings/wire/json_reader.hpp>
#include <tidings/wire/reply.hpp>

#include <charconv>
#include <optional>
#include <string>
#include <string_view>

namespace tidings::inline v0::providers::wecom {

/// Reads the code, and hands everything else to the decoder of the call.
class answer : public wire::coded_answer
{
protected:
    answer() noexcept : coded_answer("errcode") {}
    ~answer() = default;
};

/// Reads an answer of which only the code matters.
class acknowledgement final : public answer
{
};

/// Collects what a refusal says.
class refusal final : public answer
{
public:
    explicit refusal(diagnostics& facts) noexcept : facts_(facts) {}

private:
    void on_value(std::string_view path, wire::json_scalar const& value) override
    {
        if (path == "errmsg")
            facts_.platform_message = value.text();
    }

    diagnostics& facts_;
};

namespace detail {

/// An address out of the platform's words, if it is a page of the platform: the words may repeat the message.
inline std::string_view own_page(std::string_view address) noexcept
{
    for (std::string_view const site : {"https://open.work.weixin.qq.com/", "https://developer.work.weixin.qq.com/"})
        if (address.starts_with(site))
            return tidings::detail::link_of(address);
    return {};
}

} // namespace detail

/// Makes a failure of an answer that is no success.
inline failure explain(call what, std::string_view corp_id, wire::reply const& in)
{
    auto facts = tidings::detail::new_facts();
    refusal said(*facts);
    bool const is_json = wire::read_refusal(in, said);
    facts->http_status = in.status();
    facts->console = console;
    facts->app_id = corp_id;

    if (!is_json || !said.code())
        return wire::foreign_answer(std::move(facts), in);

    auto const row = classify(what, *said.code(), facts->platform_message, in.status());
    facts->platform_code = std::to_string(row.code);
    facts->remedy = row.remedy;
    if (row.wait != 0)
        facts->wait = std::chrono::seconds(row.wait);
    // The platform has no request id; the hint is what its query page and its support take.
    facts->log_id = tidings::detail::span_of(facts->platform_message, "hint: [", "]");
    if (row.kind == errc::ip_not_allowed)
        facts->refused_ip =
            tidings::detail::ip_address_in(tidings::detail::span_of(facts->platform_message, "from ip: ", " ,"));
    if (row.kind != errc::ip_not_allowed && row.kind != errc::token_rejected)
        if (auto const page = tidings::detail::span_of(facts->platform_message, "more info at ", " ,"); !page.empty())
            facts->link = detail::own_page(page);
    return {row.kind, std::move(facts)};
}

/// Reads an answer: the reader's values when the platform's code is 0, otherwise why not. A few calls leave the code
/// out when they succeed; `complete` tells whether the reader then found what the caller came for.
template<class Reader, class Complete>
result<void> read(Reader& reader, call what, std::string_view corp_id, wire::reply const& in, Complete&& complete)
{
    if (wire::read_json(in.body(), reader) && (reader.code() == 0 || (reader.lacks_code() && complete())))
        return {};
    return explain(what, corp_id, in);
}

} // namespace tidings::inline v0::providers::wecom

#endif
