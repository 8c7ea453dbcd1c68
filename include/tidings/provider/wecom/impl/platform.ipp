// WeCom as a provider.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_WECOM_IMPL_PLATFORM_IPP
#define TIDINGS_PROVIDER_WECOM_IMPL_PLATFORM_IPP

#include <tidings/capabilities.hpp>
#include <tidings/detail/ascii.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/match/chat_id.hpp>
#include <tidings/match/department.hpp>
#include <tidings/match/email.hpp>
#include <tidings/match/login_name.hpp>
#include <tidings/match/phone_number.hpp>
#include <tidings/match/tag.hpp>
#include <tidings/message/markdown.hpp>
#include <tidings/message/notice.hpp>
#include <tidings/message/text.hpp>
#include <tidings/provider/detail/native.hpp>
#include <tidings/provider/detail/split.hpp>
#include <tidings/provider/wecom/operations.hpp>
#include <tidings/provider/wecom/platform.hpp>
#include <tidings/wire/procedure.hpp>

#include <memory>
#include <span>
#include <string>
#include <utility>
#include <variant>

namespace tidings::inline v0::providers::wecom {

TIDINGS_DECL platform::credentials::credentials(std::string corp_id, secret app_secret, std::int64_t agent_id)
    : corp_id_(std::move(corp_id)), app_secret_(std::move(app_secret)), agent_id_(agent_id)
{
}

TIDINGS_DECL result<void> platform::credentials::check() const
{
    constexpr std::size_t max_length = 128;
    if (auto const valid = tidings::detail::check_setting(corp_id_, "corp id", max_length); !valid)
        return valid;
    if (auto const valid = tidings::detail::check_setting(app_secret_.reveal(), "Secret", max_length); !valid)
        return valid;
    if (agent_id_ <= 0)
        return make_failure(errc::invalid_argument, "the agent id is a number such as 1000002");
    return {};
}

TIDINGS_DECL std::unique_ptr<wire::token_operation> platform::fetch_token(credentials const& app)
{
    return std::make_unique<providers::wecom::fetch_token>(application_of(app), app.app_secret());
}

TIDINGS_DECL result<void> platform::check(match::login_name const& who)
{
    if (is_userid(who.view()))
        return {};
    return tidings::detail::refuse(match::login_name::title,
                                   "is not a userid of WeCom: letters, digits, _ - . @, the first a letter or digit");
}

TIDINGS_DECL result<void> platform::check(match::email const& who)
{
    constexpr std::size_t max_length = 64;
    return tidings::detail::check_address(who.view(), match::email::title, max_length);
}

TIDINGS_DECL result<void> platform::check(content const& what, recipient const& to)
{
    return is_chat(to) ? what.check_for_chat() : result<void>();
}

TIDINGS_DECL std::string platform::identity(recipient const& to)
{
    return is_chat(to) ? std::string(to.id()) : tidings::detail::to_lower(to.id());
}

TIDINGS_DECL failure platform::not_found_error(std::string_view kind)
{
    auto facts = tidings::detail::new_facts();
    facts->detail = "no person that this application may see has this ";
    facts->detail += kind;
    facts->remedy = &remedies::not_found;
    facts->console = console;
    return {errc::recipient_not_found, std::move(facts)};
}

TIDINGS_DECL platform::content platform::content_of(text const& what, language_tag const& lang)
{
    return {"text", plain_text(tidings::detail::message_text(what.body(lang))), max_content};
}

TIDINGS_DECL platform::content platform::content_of(markdown const& what, language_tag const& lang)
{
    return {"markdown", markdown_content(what.body(lang)), max_content};
}

TIDINGS_DECL platform::content platform::content_of(notice const& what, language_tag const& lang)
{
    auto const native = notice_for_app(what, lang);
    // The platform cuts off Markdown that is too long: so its length has to be known.
    if (native.type() == "markdown")
        return {"markdown", detail::notice_text(what, lang), max_content};
    content card(native.type(), native.json());
    if (native.type() == "template_card")
        return std::move(card).in_chats(notice_for_chat(what, lang));
    return card;
}

TIDINGS_DECL result<void> platform::check_attachment(attachment const& what)
{
    constexpr std::size_t megabyte = 1024 * 1024;
    constexpr std::size_t max_image = 10 * megabyte;
    constexpr std::size_t max_file = 20 * megabyte;
    constexpr std::size_t fewest = 6;
    if (what.bytes().size() < fewest)
        return make_failure(errc::message_invalid, "WeCom takes uploads of more than five bytes");
    bool const is_image = what.what() == attachment::kind::image;
    if (auto const valid = tidings::detail::check_size(what, is_image ? max_image : max_file); !valid)
        return valid;
    std::string_view const begin(what.bytes());
    if (is_image && !begin.starts_with("\x89PNG") && !begin.starts_with("\xff\xd8\xff"))
        return make_failure(errc::message_invalid, "WeCom takes images as PNG or JPEG only; send this one as a file");
    return {};
}

TIDINGS_DECL wire::single<upload_media> platform::upload(credentials const& app, attachment const& what)
{
    return wire::single<upload_media>(application_of(app), what);
}

TIDINGS_DECL platform::content platform::content_of(attachment const& what, std::string_view key)
{
    tidings::detail::wiped_string json;
    wire::json_writer(json).open_object().member("media_id", key).close_object();
    return {what.what() == attachment::kind::image ? "image" : "file", std::string(json.view())};
}

TIDINGS_DECL std::vector<std::string> platform::split(text const& what, language_tag const& lang)
{
    // What parts markup takes three bytes at a place.
    return tidings::detail::split_text(
        tidings::detail::clean_text(what.body(lang)), max_content, [](std::string_view piece) {
            constexpr std::size_t joiner = 3;
            return piece.size() +
                   joiner * static_cast<std::size_t>(
                                std::count_if(piece.begin(), piece.end(), [](char c) { return c == '<' || c == '$'; }));
        });
}

TIDINGS_DECL std::vector<std::string> platform::split(markdown const& what, language_tag const& lang)
{
    return tidings::detail::split_markdown(what.body(lang), max_content,
                                           [](std::string_view piece) { return render_markdown(piece).size(); });
}

TIDINGS_DECL std::size_t platform::delivery::max_batch_for(recipient const& to) noexcept
{
    return is_chat(to) ? 1 : is_group(to) ? send_to_groups::max_batch : max_batch;
}

TIDINGS_DECL platform::delivery::delivery(credentials const& app, std::span<recipient const> to, content const& what,
                                          std::string_view key)
    : once_(make_operation(application_of(app), to, what, key))
{
}

TIDINGS_DECL result<void> platform::delivery::outcome(std::size_t i) const
{
    if (auto const* const to_groups = std::get_if<send_to_groups>(&op_))
        return to_groups->outcome(i);
    auto const* const to_people = std::get_if<send_message>(&op_);
    return to_people ? to_people->outcome(i) : result<void>();
}

TIDINGS_DECL std::string_view platform::delivery::message_id() const noexcept
{
    if (auto const* const to_chat = std::get_if<send_to_chat>(&op_))
        return to_chat->message_id();
    if (auto const* const to_groups = std::get_if<send_to_groups>(&op_))
        return to_groups->message_id();
    return std::get_if<send_message>(&op_)->message_id();
}

TIDINGS_DECL wire::operation& platform::delivery::make_operation(application from, std::span<recipient const> to,
                                                                 content const& what, std::string_view key)
{
    if (is_chat(to.front()))
        return op_.emplace<send_to_chat>(from, to.front(), what);
    if (is_group(to.front()))
        return op_.emplace<send_to_groups>(from, to, what, key);
    return op_.emplace<send_message>(from, to, what, key);
}

TIDINGS_DECL wire::single<providers::wecom::recall> platform::recall(credentials const& app, std::string_view id)
{
    return wire::single<providers::wecom::recall>(application_of(app), id);
}

} // namespace tidings::inline v0::providers::wecom

#endif
