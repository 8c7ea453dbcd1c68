// DingTalk as a provider, by either of its routes to a person.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_DINGTALK_IMPL_PLATFORM_IPP
#define TIDINGS_PROVIDER_DINGTALK_IMPL_PLATFORM_IPP

#include <tidings/capabilities.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/directory/detail/people_index.hpp>
#include <tidings/match/chat_id.hpp>
#include <tidings/match/email.hpp>
#include <tidings/match/login_name.hpp>
#include <tidings/match/phone_number.hpp>
#include <tidings/message/markdown.hpp>
#include <tidings/message/notice.hpp>
#include <tidings/message/text.hpp>
#include <tidings/provider/detail/native.hpp>
#include <tidings/provider/detail/split.hpp>
#include <tidings/provider/dingtalk/dialect.hpp>
#include <tidings/provider/dingtalk/operations.hpp>
#include <tidings/provider/dingtalk/platform.hpp>
#include <tidings/receipt.hpp>
#include <tidings/wire/procedure.hpp>

#include <boost/hana/insert.hpp>

#include <span>
#include <string>
#include <utility>
#include <variant>

namespace tidings::inline v0::providers::dingtalk {

TIDINGS_DECL result<void> login_id::check() const
{
    constexpr std::size_t max_length = 64;
    auto const text = view();
    if (auto const valid = tidings::detail::check_address(text, title, max_length); !valid)
        return valid;
    auto const before = static_cast<std::size_t>(text.data() - text_.view().data());
    return tidings::detail::check_look_alikes(text, title, before);
}

} // namespace tidings::inline v0::providers::dingtalk

namespace tidings::inline v0::providers::dingtalk {

namespace detail {

TIDINGS_DECL std::string title_of(std::string_view portable)
{
    constexpr std::size_t max_length = 60;
    auto out = tidings::detail::headline_of(portable, max_length);
    return out.empty() ? "..." : out;
}

TIDINGS_DECL bot_send::bot_send(application app, std::span<recipient const> to, content const& what)
{
    if (!to.empty() && is_chat(to.front()))
        op_.emplace<send_to_group>(app, to.front(), what);
    else
        op_.emplace<batch_send>(app, to, what);
}

TIDINGS_DECL wire::operation* bot_send::operation() noexcept
{
    if (auto* const to_group = std::get_if<send_to_group>(&op_))
        return to_group;
    return std::get_if<batch_send>(&op_);
}

TIDINGS_DECL result<void> bot_send::outcome(std::size_t i) const
{
    auto const* const to_people = std::get_if<batch_send>(&op_);
    return to_people ? to_people->outcome(i) : result<void>();
}

TIDINGS_DECL std::string_view bot_send::message_id() const noexcept
{
    if (auto const* const to_group = std::get_if<send_to_group>(&op_))
        return to_group->message_id();
    return std::get_if<batch_send>(&op_)->message_id();
}

TIDINGS_DECL wire::operation* bot_readers::next()
{
    if (group_.empty())
    {
        if (of_people_)
            return nullptr;
        return &of_people_.emplace(app_, key_);
    }
    std::string page;
    if (of_group_)
    {
        readers_.insert(readers_.end(), of_group_->readers().begin(), of_group_->readers().end());
        page = of_group_->next_page();
        if (page.empty())
            return nullptr;
    }
    return &of_group_.emplace(app_, key_, group_, std::move(page));
}

TIDINGS_DECL std::string markdown_params(std::string_view portable)
{
    if (!tidings::detail::shows_something(tidings::detail::plain_markup(portable)))
        return {};
    auto const text = render_markdown(portable);
    tidings::detail::wiped_string out;
    wire::json_writer(out).open_object().member("title", title_of(portable)).member("text", text).close_object();
    return std::string(out.view());
}

} // namespace detail

} // namespace tidings::inline v0::providers::dingtalk

#endif
