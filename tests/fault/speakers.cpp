// The notifiers of the fault matrix: one for each platform, however many cells there are.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "speaker.hpp"

#include "support/platform.hpp"

namespace test {

namespace {

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

template<class Provider>
class notifying final : public speaker
{
public:
    notifying(asio::any_io_executor ex, typename Provider::credentials app, circumstances const& c)
        : notify_(ex, std::move(app), td::base_url(c.url), td::deadline(c.limit), c.how, c.tokens, c.people, c.clock,
                  chosen_retry(c.again, c.base))
    {
    }

    asio::awaitable<td::result<td::receipt>> send(std::string text, std::string key) override
    {
        return notify_.send(td::match::phone_number(bob), td::text(std::move(text)),
                            td::idempotency_key(std::move(key)));
    }

    asio::awaitable<td::result<void>> find(std::string phone_number) override
    {
        auto const found = co_await notify_.resolve(td::match::phone_number(std::move(phone_number)));
        if (!found)
            co_return found.error();
        co_return td::result<void>();
    }

private:
    td::notifier<Provider, td::match::phone_number, td::transport::by_scheme, td::base_url, td::deadline,
                 td::token_cache::in_memory, td::directory::in_memory, manual_clock, td::pacing::none, chosen_retry>
        notify_;
};

template<class Provider>
std::unique_ptr<speaker> open(asio::any_io_executor ex, td::sandbox::server const& where, circumstances const& c)
{
    return std::make_unique<notifying<Provider>>(std::move(ex), credentials<Provider>(where), c);
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

using names = std::array<std::string_view, 3>;

constexpr names lark_paths{"/open-apis/auth/", "/open-apis/contact/", "/open-apis/im/"};
constexpr names robot_paths{"/v1.0/oauth2/", "/topapi/v2/user/", "/v1.0/robot/"};
constexpr names work_paths{"/v1.0/oauth2/", "/topapi/v2/user/", "/topapi/message/corpconversation/asyncsend"};
constexpr names wecom_paths{"/cgi-bin/gettoken", "/cgi-bin/user/", "/cgi-bin/message/"};
constexpr names usual{"fetch access token", "look up person", "send message"};
constexpr names work{"fetch access token", "look up person", "send work notification"};

template<class Provider>
constexpr platform one(std::string_view name, bool keyed, names const& paths, names const& operations = usual)
{
    return {name, Provider::name, keyed, paths, operations, open<Provider>, app_id<Provider>, secret<Provider>};
}

constexpr std::array all{one<td::lark>("lark", true, lark_paths), one<td::feishu>("feishu", true, lark_paths),
                         one<td::dingtalk>("dingtalk", false, robot_paths),
                         one<td::dingtalk_work>("dingtalk_work", false, work_paths, work),
                         one<td::wecom>("wecom", true, wecom_paths)};

} // namespace

std::span<platform const> platforms()
{
    return all;
}

} // namespace test
