// The address of a group's webhook, as people paste it.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_WEBHOOK_ADDRESS_HPP
#define TIDINGS_WEBHOOK_ADDRESS_HPP

#include <tidings/secret.hpp>

#include <iosfwd>
#include <string_view>
#include <utility>

namespace tidings::inline v0 {

/// The address of a group's custom bot, and the secret that signs messages to it.
///
/// Every program that has the address can write to the group. Therefore the whole address is kept as a secret and never
/// printed. The `webhook` that gets it checks it against the form of its platform:
/// - Lark `https://open.larksuite.com/open-apis/bot/v2/hook/TOKEN`
/// - Feishu `https://open.feishu.cn/open-apis/bot/v2/hook/TOKEN`
/// - DingTalk `https://oapi.dingtalk.com/robot/send?access_token=TOKEN`; a pasted `timestamp` and `sign` are left out
/// - WeCom `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=KEY`
///
/// With a `base_url` policy the address may also name that host.
///
/// @par Thread safety  Distinct objects: safe. Shared objects: safe for reading.
class webhook_address
{
public:
    /// @param url          As the group's settings show it. Copied; wiping the original is up to its owner.
    /// @param signing_key  The secret that the settings show when signing is on ("Set signature verification" on Lark
    ///                     and Feishu, `SEC…` on DingTalk). Empty: nothing is signed. WeCom has no signing.
    webhook_address(std::string_view url, secret signing_key = secret())
        : url_(url), signing_key_(std::move(signing_key))
    {
    }
    /// The same of an address that is a secret already.
    explicit webhook_address(secret url, secret signing_key = secret()) noexcept
        : url_(std::move(url)), signing_key_(std::move(signing_key))
    {
    }

    secret const& url() const noexcept { return url_; }
    secret const& signing_key() const noexcept { return signing_key_; }

    /// A webhook's address is never printed.
    friend std::ostream& operator<<(std::ostream&, webhook_address const&) = delete;

private:
    secret url_;
    secret signing_key_;
};

/// The group webhooks of a provider; specialised in `tidings/provider/<platform>/webhook.hpp`.
///
/// `webhook_traits<P>::messages` lists the messages that can be sent. `base_url` is the platform's address, `signs`
/// tells whether its webhooks are signed. `token_in(parts)` is the token of an address, or the fault of its form.
/// `elsewhere(host)` names the platform to which the address belongs, if it is another one. `content_of(what, lang)` is
/// the message in the platform's form, which may refer to parts of `what`; `check(content)` returns, before any byte is
/// sent, why it is not valid. `delivery` is the procedure that sends it, constructed from `(detail::webhook_key const&,
/// content const&, key)`.
template<class Provider>
struct webhook_traits;

} // namespace tidings::inline v0

#endif
