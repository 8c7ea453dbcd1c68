// The notifiers of the fault matrix: one for each platform, however many cells there are.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "channel_driver.hpp"

#include "support/platform.hpp"

#include <tidings/provider/dingtalk/webhook.hpp>
#include <tidings/provider/lark/webhook.hpp>
#include <tidings/provider/wecom/webhook.hpp>
#include <tidings/webhook.hpp>

#include <array>
#include <vector>

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
                            [](td::sandbox::hook const& h) { return to_string(h.platform) == Provider::name; })
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

    chosen_retry(repeats which, std::chrono::milliseconds base, std::shared_ptr<questions> asked)
        : which_(which), asked_(std::move(asked))
    {
        safe_.initial_backoff(base);
        bold_.initial_backoff(base);
    }

    td::retry_decision next(td::retry_context const& q) const noexcept
    {
        ++asked_->failures;
        asked_->begun |=
            q.idempotency == td::wire::idempotency::none && q.why == errc::connect_failed && q.why.attempts() != 0;
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
    std::shared_ptr<questions> asked_;
    td::retry::safe safe_;
    td::retry::at_least_once bold_;
    td::retry::none none_;
};

template<class Provider>
std::string chat_of(td::sandbox::server const& where)
{
    auto const world = where.world();
    if constexpr (std::is_same_v<Provider, td::wecom>)
        return world.wecom.chats.front().chat_id;
    else if constexpr (std::is_same_v<Provider, td::dingtalk>)
        return world.dingtalk.groups.front().open_conversation_id;
    else
        return world.chats.front().chat_id;
}

constexpr auto picture = "\x89PNG\r\n\x1a\n..."; // what the platforms look at

template<class Provider>
class notifying final : public channel_driver
{
public:
    notifying(asio::any_io_executor ex, td::sandbox::server const& where, circumstances const& c)
        : notify_(ex, credentials<Provider>(where), td::base_url(c.url), td::deadline(c.limit), c.how, c.tokens,
                  c.people, c.clock, chosen_retry(c.again, c.base, c.asked)),
          group_(ex, hook_address<Provider>(where), td::base_url(c.url), td::deadline(c.limit), c.how,
                 chosen_retry(c.again, c.base, c.asked)),
          chat_(chat_of<Provider>(where))
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

    asio::awaitable<td::result<td::receipt>> tell(std::string text, std::string key) override
    {
        if constexpr (td::lookup_kind_of<Provider, td::match::chat_id>() == td::lookup_kind::direct)
            return notify_.send(Provider::direct(td::match::chat_id(chat_)), td::text(std::move(text)),
                                td::idempotency_key(std::move(key)));
        else
            throw std::logic_error("this way knows no chats");
    }

    asio::awaitable<td::result<td::receipt>> spread(std::string text, std::string key) override
    {
        std::array<td::match::phone_number, 2> const people{td::match::phone_number(bob),
                                                            td::match::phone_number(chen)};
        std::vector<td::result<td::receipt>> outcomes;
        auto const note = [&outcomes](std::size_t, td::match::phone_number const&,
                                      td::result<td::receipt> const& outcome) { outcomes.push_back(outcome); };
        auto const how = options(std::move(key));
        td::text const what(std::move(text));
        td::result<td::send_summary> const count = co_await notify_.send_each(people, what, note, how);
        if (!count)
            co_return count.error();
        if (outcomes[0].has_value() != outcomes[1].has_value() ||
            (!outcomes[0] && outcomes[0].error().code() != outcomes[1].error().code()))
            co_return td::failure(errc::partly_delivered);
        co_return outcomes[0];
    }

    asio::awaitable<td::result<void>> find(std::string phone_number) override
    {
        auto const found = co_await notify_.resolve(td::match::phone_number(std::move(phone_number)));
        if (!found)
            co_return found.error();
        co_return td::result<void>();
    }

    asio::awaitable<td::result<void>> recall(td::receipt sent) override { return notify_.recall(std::move(sent)); }

    asio::awaitable<td::result<std::vector<std::string>>> readers(td::receipt sent) override
    {
        if constexpr (td::supports<Provider, td::capability::readers>())
            return notify_.readers(std::move(sent));
        else
            throw std::logic_error("the platform does not tell who has read a message");
    }

private:
    static auto options(std::string key)
    {
        if constexpr (td::supports_batch<Provider>)
            return td::native_batch_options(); // of which each is a message of its own
        else
            return td::send_each_options().key(td::idempotency_key(key));
    }

    td::notifier<Provider, td::match::phone_number, td::transport::pipelined<td::transport::by_scheme>, td::base_url,
                 td::deadline, td::token_cache::in_memory, td::directory::in_memory, manual_clock, td::pacing::none,
                 chosen_retry>
        notify_;
    td::webhook<typename bots_of<Provider>::type, td::transport::pipelined<td::transport::by_scheme>, td::base_url,
                td::deadline, td::pacing::none, chosen_retry>
        group_;
    std::string chat_;
};

template<class Provider>
std::unique_ptr<channel_driver> open(asio::any_io_executor ex, td::sandbox::server const& where, circumstances const& c)
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

// Of token, look-up, upload, message, recall, message to a group, messages to several people, who has read one, and
// message to a chat.
constexpr names lark_paths{"/open-apis/auth/",
                           "/open-apis/contact/",
                           "/open-apis/im/v1/images",
                           "/open-apis/im/v1/messages?",
                           "/open-apis/im/v1/messages/",
                           "/open-apis/bot/v2/hook/",
                           "/open-apis/message/v4/batch_send/",
                           "/open-apis/im/v1/messages/",
                           "/open-apis/im/v1/messages?"};
constexpr names robot_paths{"/v1.0/oauth2/",
                            "/topapi/v2/user/",
                            "/media/upload",
                            "/v1.0/robot/oToMessages/batchSend",
                            "/v1.0/robot/otoMessages/",
                            "/robot/send",
                            "/v1.0/robot/oToMessages/batchSend",
                            "/v1.0/robot/oToMessages/readStatus",
                            "/v1.0/robot/groupMessages/send"};
constexpr names work_paths{"/v1.0/oauth2/",
                           "/topapi/v2/user/",
                           "/media/upload",
                           "/topapi/message/corpconversation/asyncsend",
                           "/topapi/message/corpconversation/recall",
                           "",
                           "/topapi/message/corpconversation/asyncsend",
                           "/topapi/message/corpconversation/getsendresult",
                           ""};
constexpr names wecom_paths{
    "/cgi-bin/gettoken",       "/cgi-bin/user/",    "/cgi-bin/media/",       "/cgi-bin/message/send",
    "/cgi-bin/message/recall", "/cgi-bin/webhook/", "/cgi-bin/message/send", "",
    "/cgi-bin/appchat/send"};
constexpr names named(std::string_view send, std::string_view recall, std::string_view reading,
                      std::string_view to_chat = "send message")
{
    return {"fetch access token", "look up person", "upload", send, recall, "send to group", send, reading, to_chat};
}
constexpr names usual = named("send message", "recall message", "list readers");
constexpr names robot = named("send message", "recall message", "read status");
constexpr names work = named("send work notification", "recall work notification", "read send result");

using marks = by_step<bool>;
constexpr marks lark_keys{true, true, true, true, true, false, false, true, true};
constexpr marks dingtalk_keys{true, true, true, false, true, true, false, true, false};
constexpr marks wecom_keys{true, true, true, true, true, false, true, true, false};

template<class Provider>
constexpr platform single(std::string_view name, marks const& keyed, names const& paths,
                          names const& operations = usual)
{
    return {name,
            td::platform_name_of<Provider>(),
            keyed,
            paths,
            operations,
            open<Provider>,
            app_id<Provider>,
            secret<Provider>,
            hook_token<Provider>};
}

constexpr std::array all{single<td::lark>("lark", lark_keys, lark_paths),
                         single<td::feishu>("feishu", lark_keys, lark_paths),
                         single<td::dingtalk>("dingtalk", dingtalk_keys, robot_paths, robot),
                         single<td::dingtalk_work>("dingtalk_work", dingtalk_keys, work_paths, work),
                         single<td::wecom>("wecom", wecom_keys, wecom_paths)};

} // namespace

std::span<platform const> platforms()
{
    return all;
}

} // namespace test
