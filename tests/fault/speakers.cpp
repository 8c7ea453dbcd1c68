// The notifiers of the fault matrix: one for each platform, however many cells there are.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "speaker.hpp"

#include "support/platform.hpp"

#include <tidings/provider/dingtalk/hook.hpp>
#include <tidings/provider/lark/hook.hpp>
#include <tidings/provider/wecom/hook.hpp>
#include <tidings/webhook.hpp>

namespace test {

namespace {

/// The custom bots of the platforms, which are the same for both of DingTalk's routes.
template<class Provider>
struct bots_of
{
    using type = Provider;
};
template<>
struct bots_of<td::dingtalk_work>
{
    using type = td::dingtalk;
};

template<class Provider>
std::string hook_token(td::sandbox::server const& where)
{
    auto const world = where.world();
    if constexpr (std::is_same_v<typename bots_of<Provider>::type, td::dingtalk>)
        return world.dingtalk.hooks.front().access_token;
    else if constexpr (std::is_same_v<Provider, td::wecom>)
        return world.wecom.hooks.front().key;
    else
        return std::find_if(world.hooks.begin(), world.hooks.end(),
                            [](td::sandbox::hook const& one) { return to_string(one.platform) == Provider::name; })
            ->token;
}

template<class Provider>
td::webhook_address hook_address(td::sandbox::server const& where)
{
    auto const token = hook_token<Provider>(where);
    if constexpr (std::is_same_v<typename bots_of<Provider>::type, td::dingtalk>)
        return td::webhook_address("https://oapi.dingtalk.com/robot/send?access_token=" + token,
                                   td::secret(where.world().dingtalk.hooks.front().secret));
    else if constexpr (std::is_same_v<Provider, td::wecom>)
        return td::webhook_address("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=" + token);
    else if constexpr (std::is_same_v<Provider, td::lark>)
        return td::webhook_address("https://open.larksuite.com/open-apis/bot/v2/hook/" + token);
    else
        return td::webhook_address("https://open.feishu.cn/open-apis/bot/v2/hook/" + token);
}

/// Any of the retry policies, so that they do not multiply the notifiers.
class chosen_retry
{
public:
    using policy_kind = td::retry_kind;

    chosen_retry(repeats which, std::chrono::milliseconds base) : which_(which)
    {
        safe_.base(base);
        bold_.base(base);
    }

    td::retry_verdict next(td::retry_question const& q) const noexcept
    {
        switch (which_)
        {
        case repeats::safe: return safe_.next(q);
        case repeats::at_least_once: return bold_.next(q);
        case repeats::none: break;
        }
        return none_.next(q);
    }

private:
    repeats which_;
    td::retry::safe safe_;
    td::retry::at_least_once bold_;
    td::retry::none none_;
};

constexpr auto picture = "\x89PNG\r\n\x1a\n..."; // what the platforms look at

template<class Provider>
class notifying final : public speaker
{
public:
    notifying(asio::any_io_executor ex, td::sandbox::server const& where, circumstances const& c)
        : notify_(ex, credentials<Provider>(where), td::base_url(c.url), td::deadline(c.limit), c.how, c.tokens,
                  c.people, c.clock, chosen_retry(c.again, c.base)),
          group_(ex, hook_address<Provider>(where), td::base_url(c.url), td::deadline(c.limit), c.how,
                 chosen_retry(c.again, c.base))
    {
    }

    asio::awaitable<td::result<td::receipt>> send(std::string text, std::string key) override
    {
        return notify_.send(td::match::phone_number(bob), td::text(std::move(text)),
                            td::idempotency_key(std::move(key)));
    }

    asio::awaitable<td::result<td::receipt>> show(std::string key) override
    {
        return notify_.send(td::match::phone_number(bob), td::image(picture), td::idempotency_key(std::move(key)));
    }

    asio::awaitable<td::result<td::receipt>> announce(std::string text, std::string key) override
    {
        return group_.send(td::text(std::move(text)), td::idempotency_key(std::move(key)));
    }

    asio::awaitable<td::result<void>> find(std::string phone_number) override
    {
        auto const found = co_await notify_.resolve(td::match::phone_number(std::move(phone_number)));
        if (!found)
            co_return found.error();
        co_return td::result<void>();
    }

    asio::awaitable<td::result<void>> recall(td::receipt sent) override { return notify_.recall(std::move(sent)); }

private:
    td::notifier<Provider, td::match::phone_number, td::transport::by_scheme, td::base_url, td::deadline,
                 td::token_cache::in_memory, td::directory::in_memory, manual_clock, td::pacing::none, chosen_retry>
        notify_;
    td::webhook<typename bots_of<Provider>::type, td::transport::by_scheme, td::base_url, td::deadline,
                td::pacing::none, chosen_retry>
        group_;
};

template<class Provider>
std::unique_ptr<speaker> open(asio::any_io_executor ex, td::sandbox::server const& where, circumstances const& c)
{
    return std::make_unique<notifying<Provider>>(std::move(ex), where, c);
}

template<class Provider>
std::string app_id(td::sandbox::server const& where)
{
    return credentials<Provider>(where).app_id();
}

template<class Provider>
std::string secret(td::sandbox::server const& where)
{
    return std::string(credentials<Provider>(where).app_secret().reveal());
}

using names = by_step<std::string_view>;

// Of token, look-up, upload, message, recall, and message to a group.
constexpr names lark_paths{"/open-apis/auth/",           "/open-apis/contact/",        "/open-apis/im/v1/images",
                           "/open-apis/im/v1/messages?", "/open-apis/im/v1/messages/", "/open-apis/bot/v2/hook/"};
constexpr names robot_paths{
    "/v1.0/oauth2/", "/topapi/v2/user/", "/media/upload", "/v1.0/robot/oToMessages/", "/v1.0/robot/otoMessages/",
    "/robot/send"};
constexpr names work_paths{"/v1.0/oauth2/",
                           "/topapi/v2/user/",
                           "/media/upload",
                           "/topapi/message/corpconversation/asyncsend",
                           "/topapi/message/corpconversation/recall",
                           ""};
constexpr names wecom_paths{"/cgi-bin/gettoken",     "/cgi-bin/user/",          "/cgi-bin/media/",
                            "/cgi-bin/message/send", "/cgi-bin/message/recall", "/cgi-bin/webhook/"};
constexpr names usual{"fetch access token", "look up person", "upload",
                      "send message",       "recall message", "send to group"};
constexpr names work{"fetch access token",     "look up person",           "upload",
                     "send work notification", "recall work notification", ""};

/// @param keyed, keyed_hook, recalls_again  As those of `platform`.
template<class Provider>
constexpr platform one(std::string_view name, bool keyed, bool keyed_hook, bool recalls_again, names const& paths,
                       names const& operations = usual)
{
    return {name,
            Provider::name,
            keyed,
            keyed_hook,
            recalls_again,
            paths,
            operations,
            open<Provider>,
            app_id<Provider>,
            secret<Provider>,
            hook_token<Provider>};
}

constexpr std::array all{one<td::lark>("lark", true, false, false, lark_paths),
                         one<td::feishu>("feishu", true, false, false, lark_paths),
                         one<td::dingtalk>("dingtalk", false, true, true, robot_paths),
                         one<td::dingtalk_work>("dingtalk_work", false, true, true, work_paths, work),
                         one<td::wecom>("wecom", true, false, true, wecom_paths)};

} // namespace

std::span<platform const> platforms()
{
    return all;
}

} // namespace test
