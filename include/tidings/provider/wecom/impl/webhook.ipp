// Group webhooks (group robots) of WeCom.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_WECOM_IMPL_WEBHOOK_IPP
#define TIDINGS_PROVIDER_WECOM_IMPL_WEBHOOK_IPP

#include <tidings/detail/ascii.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/provider/detail/webhook.hpp>
#include <tidings/provider/wecom.hpp>
#include <tidings/provider/wecom/limits.hpp>
#include <tidings/provider/wecom/webhook.hpp>
#include <tidings/webhook_address.hpp>

#include <string>
#include <string_view>

namespace tidings::inline v0::providers::wecom {

TIDINGS_DECL send_to_webhook::send_to_webhook(tidings::detail::webhook_key const& where, content const& what) noexcept
    : operation("send to group", wire::idempotency::none, false), where_(where), what_(what)
{
}

TIDINGS_DECL result<void> send_to_webhook::encode(wire::request& out, std::string_view) const
{
    out.start("POST", "/cgi-bin/webhook/send");
    out.query("key", where_.token());
    auto json = out.body();
    json.open_object();
    what_.write(json);
    json.close_object();
    return {};
}

TIDINGS_DECL result<void> send_to_webhook::decode(wire::reply const& in)
{
    answer response;
    auto done = read(response, call::webhook, {}, in, [] { return false; });
    if (done)
        return done;
    auto const& why = done.error();
    return tidings::detail::amend(why, [&why](diagnostics& facts) {
        facts.console = {}; // of applications, and there is none
        if (why == errc::rate_limited)
            facts.remedy = &remedies::hook_rate;
    });
}

TIDINGS_DECL result<std::string_view> webhook::token_in(tidings::detail::webhook_parts const& parts)
{
    if (parts.path() != "/cgi-bin/webhook/send")
        return tidings::detail::refuse_webhook("has not the shape " + std::string(base_url) +
                                               "/cgi-bin/webhook/send?key=KEY");
    return tidings::detail::check_webhook_token(parts.parameter("key"));
}

TIDINGS_DECL content webhook::content_of(text const& what, language_tag const& lang)
{
    return {"text", plain_text(tidings::detail::message_text(what.body(lang))), max_content};
}

TIDINGS_DECL content webhook::content_of(markdown const& what, language_tag const& lang)
{
    return {"markdown", markdown_content(what.body(lang)), max_webhook_markdown};
}

TIDINGS_DECL content webhook::content_of(notice const& what, language_tag const& lang)
{
    auto const rendered = notice_for_webhook(what, lang);
    // The length of Markdown has to be known, and that of its JSON is another.
    if (rendered.type() == "markdown")
        return {"markdown", detail::notice_text(what, lang), max_webhook_markdown};
    return {rendered.type(), rendered.json()};
}

TIDINGS_DECL result<void> webhook::check(content const& what)
{
    // Types are names; anything else could end the member it becomes.
    if (!tidings::detail::is_alphanumeric(what.type(), "_"))
        return make_failure(errc::message_invalid, "the type of the native message is not a msgtype");
    return what.check();
}

TIDINGS_DECL webhook::delivery::delivery(tidings::detail::webhook_key const& where, content const& what,
                                         std::string_view) noexcept
    : webhook_delivery(where, what)
{
}

} // namespace tidings::inline v0::providers::wecom

#endif
