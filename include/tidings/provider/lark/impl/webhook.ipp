// Group webhooks (custom bots) of Lark and Feishu.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_LARK_IMPL_WEBHOOK_IPP
#define TIDINGS_PROVIDER_LARK_IMPL_WEBHOOK_IPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/provider/detail/webhook.hpp>
#include <tidings/provider/feishu.hpp>
#include <tidings/provider/lark.hpp>
#include <tidings/provider/lark/limits.hpp>
#include <tidings/provider/lark/sign.hpp>
#include <tidings/provider/lark/webhook.hpp>
#include <tidings/webhook_address.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace tidings::inline v0::providers::lark {

namespace detail {

TIDINGS_DECL failure explain_hook(brand const& region, wire::reply const& in)
{
    auto const plain = explain(call::send, region, {}, in);
    auto kind = static_cast<errc>(plain.code().value());
    auto facts = tidings::detail::new_facts();
    *facts = *plain.facts();
    // The remedies of the other codes concern an application, and a webhook has none.
    facts->remedy = nullptr;
    facts->console = {};
    auto const* const row = std::find_if(hook_codes.begin(), hook_codes.end(), [&](code_row const& r) {
        return facts->platform_code == std::to_string(r.code);
    });
    if (row != hook_codes.end())
    {
        kind = row->kind;
        facts->remedy = row->remedy;
        // The gateway sends this code for too many requests too.
        auto const mentions = [&](std::string_view part) {
            return facts->platform_message.find(part) != std::string::npos;
        };
        if (row->code == 9499 && (mentions("too many request") || mentions("frequency")))
        {
            kind = errc::rate_limited;
            facts->remedy = &remedies::hook_rate;
        }
    }
    return {kind, std::move(facts)};
}

} // namespace detail

} // namespace tidings::inline v0::providers::lark

namespace tidings::inline v0::providers::lark {

TIDINGS_DECL hook_content hook_content::words(std::string body)
{
    bool const as_post = reads_as_markup(body);
    hook_content out(as_post ? kind::post : kind::text, as_post ? "post" : "text", {});
    out.own_ = std::move(body);
    return out;
}

TIDINGS_DECL hook_content hook_content::rendered(std::string json) noexcept
{
    hook_content out(kind::json, "interactive", {});
    out.own_ = std::move(json);
    return out;
}

TIDINGS_DECL hook_content hook_content::native(std::string_view msg_type, std::string_view json) noexcept
{
    return {kind::json, msg_type, json};
}

TIDINGS_DECL void hook_content::write(wire::json_writer& json, brand const& region) const
{
    json.member("msg_type", type_).key(type_ == "interactive" ? "card" : "content");
    switch (kind_)
    {
    case kind::text: json.open_object().member("text", body()).close_object(); return;
    case kind::post:
        json.open_object().key("post");
        write_plain_text(json, body(), region.locale);
        json.close_object();
        return;
    case kind::json: json.raw(body()); return;
    }
}

TIDINGS_DECL result<void> hook_content::check(brand const& region) const
{
    auto const text = body();
    if (text.empty())
        return make_failure(errc::message_invalid, "the message is empty");
    if (auto const at = tidings::detail::find_invalid_utf8(text); at != text.npos)
        return make_failure(errc::message_invalid, "the message is not valid UTF-8 at byte " + std::to_string(at));
    if (!tidings::detail::is_type_name(type_))
        return make_failure(errc::message_invalid, "the type of the message is not a name");
    if (kind_ == kind::json && !wire::is_json_object(text))
        return make_failure(errc::message_invalid, "the card or native content is not a JSON object");
    // The documentation says 20 KB for the whole body; a thousand bytes each is the safe reading.
    constexpr std::size_t limit = 20'000;
    constexpr std::size_t frame = 150; // timestamp, signature, brackets
    tidings::detail::wiped_string measured;
    wire::json_writer json(measured);
    write(json, region);
    auto const size = measured.size() + frame;
    if (size <= limit)
        return {};
    return make_failure(errc::message_too_long, "the request would have " + std::to_string(size) +
                                                    " bytes; a group's custom bot takes " + std::to_string(limit));
}

TIDINGS_DECL hook_content::hook_content(kind what, std::string_view type, std::string_view body) noexcept
    : kind_(what), type_(type), view_(body)
{
}

TIDINGS_DECL send_to_webhook::send_to_webhook(brand const& region, tidings::detail::webhook_key const& where,
                                              hook_content const& what, tidings::detail::webhook_clock now) noexcept
    : operation("send to group", wire::idempotency::none, false), region_(region), where_(where), what_(what), now_(now)
{
}

TIDINGS_DECL result<void> send_to_webhook::encode(wire::request& out, std::string_view) const
{
    std::string timestamp;
    std::string signature;
    if (!where_.signing().empty())
    {
        auto const at = std::chrono::floor<std::chrono::seconds>(now_());
        auto made = webhook_signature(at, where_.signing());
        if (!made)
            return made.error();
        signature = *std::move(made);
        timestamp = std::to_string(at.time_since_epoch().count());
    }
    out.start("POST", "/open-apis/bot/v2/hook");
    out.segment(where_.token());
    auto json = out.body();
    json.open_object();
    if (!signature.empty())
        json.member("timestamp", timestamp).member("sign", signature);
    what_.write(json, region_);
    json.close_object();
    return {};
}

TIDINGS_DECL result<void> send_to_webhook::decode(wire::reply const& in)
{
    answer response;
    if (wire::read_json(in.body(), response) && response.code() == 0)
        return {};
    return detail::explain_hook(region_, in);
}

} // namespace tidings::inline v0::providers::lark

#endif
