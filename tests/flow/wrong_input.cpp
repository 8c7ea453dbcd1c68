// What cannot be sent is refused by every call of every channel before any byte, in words that say what to do.
#include "support/platform.hpp"
#include "support/run.hpp"

#include <tidings/provider/lark/callback.hpp>
#include <tidings/provider/wecom/callback.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(bad_input)

using namespace test;

namespace {

using td::match::email;
using td::match::login_name;
using td::match::phone_number;
using td::transport::http;

// DingTalk finds nobody by email address otherwise. Both its routes do it in the same way: one is enough.
template<class Provider>
using addressing_of =
    std::conditional_t<std::is_same_v<Provider, td::dingtalk>, td::addressing::directory_scan, td::addressing::lookup>;
template<class Provider>
constexpr bool finds_by_email = !std::is_same_v<Provider, td::dingtalk_work>;
template<class Provider, class Match>
using notifier = td::notifier<Provider, Match, http, td::base_url, addressing_of<Provider>>;
template<class Provider>
using webhook = td::webhook<Provider, http, td::base_url>;

// Stands in what must not get anywhere.
constexpr std::string_view evil = "evil";

std::string too_long(std::size_t size)
{
    return std::string(evil) + std::string(size - evil.size(), 'x');
}

/// Something that cannot be sent or sent to, and what a call has to say about it.
template<class T>
class flaw
{
public:
    flaw(T i, td::errc k, std::string_view t) : input(std::move(i)), kind(k), told(t) {}
    flaw(T i, std::string_view t) : flaw(std::move(i), td::errc::invalid_argument, t) {}

    T input;
    td::errc kind;
    std::string_view told;
};
template<class T>
using flaws = std::vector<flaw<T>>;

template<class T>
td::failure failure_of(td::result<T> const& got)
{
    return got.has_error() ? got.error() : td::failure();
}

void expect(std::string const& call, std::string_view platform, td::errc kind, std::string_view told,
            td::failure const& got)
{
    BOOST_TEST_CONTEXT(platform << ", " << call << ", \"" << told << "\": " << got)
    {
        BOOST_TEST((got == kind));
        BOOST_TEST(got.message().find(told) != std::string::npos);
        BOOST_TEST(got.platform() == platform);
        BOOST_TEST(got.message().find(evil) == std::string::npos); // it may be a secret
        BOOST_TEST(got.attempts() == 0u);
    }
}

// ---- What is wrong

template<class Match>
constexpr bool is_id = std::derived_from<Match, td::detail::id_text>;

template<class Match>
flaws<std::string> addresses()
{
    using enum td::errc;
    if constexpr (is_id<Match>)
        return {{"", "is empty"},
                {too_long(257), "is longer than 256 bytes"},
                {"evil\r\nX-Evil: 1", "contains a control character"},
                {std::string("evil\0", 5), "contains a control character"},
                {"evil\xff", "is not valid UTF-8"},
                {"evil id", "contains a blank or a character outside ASCII"},
                {"evil\xef\xbc\x91", "contains U+FF11, which looks like '1'"}};
    else if constexpr (std::is_same_v<Match, email>)
        return {{"", "the email is empty"},
                {too_long(250) + "@b.cd", "the email is longer than 254 bytes"},
                {"evil@b\r\nX-Evil: 1", "the email contains a control character"},
                {"evil\xff@example.com", "the email is not valid UTF-8"},
                {"evil at example.com", "the email contains a blank"},
                {"evil.example.com", "the email is not of the form name@domain"},
                {"@evil.example", "the email is not of the form name@domain"},
                {"evil@", "the email is not of the form name@domain"},
                {"evil@b@c", "the email is not of the form name@domain"}};
    else if constexpr (std::is_same_v<Match, phone_number>)
        return {{"", "the phone number is empty"},
                {"91234567", "the phone number has no country code; write it as +6591234567"},
                {"+65evil4567", "the phone number contains something other than digits"},
                {"+6591234\r\n567", "the phone number contains something other than digits"},
                {"+65\xff\x31", "the phone number contains something other than digits"},
                {"+" + std::string(1000, '6'), "the phone number is not an international number of 8 to 15 digits"},
                {"+091234567", "the phone number is not an international number of 8 to 15 digits"}};
    else
        return {{"", "the login name is empty"},
                {too_long(65), "the login name is longer than 64 bytes"},
                {"evil\there", "the login name contains a control character"},
                {std::string("evil\0", 5), "the login name contains a control character"},
                {"evil\xff", "the login name is not valid UTF-8"}};
}

// What is nobody's on this platform alone.
template<class Provider, class Match>
flaws<std::string> addresses_on()
{
    auto out = addresses<Match>();
    auto const add = [&out](std::string text, std::string_view told) { out.emplace_back(std::move(text), told); };
    if constexpr (std::is_same_v<Provider, td::wecom> && std::is_same_v<Match, login_name>)
        for (auto const* const several : {"@all", "evil|bob", "evil bob"})
            add(several, "the login name is not a userid of WeCom: letters, digits, _ - . @");
    if constexpr (std::is_same_v<Provider, td::wecom> && std::is_same_v<Match, email>)
        add(too_long(60) + "@b.cd", "the email is longer than 64 bytes");
    if constexpr (std::is_same_v<Match, td::match::open_id>)
        for (auto const* const other : {"evil", "on_evil", "oc_evil", "OU_evil", "ou_"})
            add(other, "the open id does not begin with ou_");
    if constexpr (std::is_same_v<Match, td::match::union_id>)
        add("ou_evil", "the union id does not begin with on_");
    if constexpr (std::is_same_v<Match, td::match::chat_id> && std::is_same_v<Provider, td::dingtalk>)
        add("chatevil", "the chat id is an older chatId; use the openConversationId, which begins with cid");
    if constexpr (std::is_same_v<Match, td::match::chat_id> && std::is_same_v<Provider, td::wecom>)
        for (auto const* const several : {"@all", "evil|bob", "evil/..", "evil&x=1"})
            add(several, "the chat id is not one of WeCom");
    if constexpr (std::is_same_v<Match, td::match::chat_id> && td::supports_batch<Provider>)
        add("ou_evil", "the chat id does not begin with oc_");
    if constexpr (std::is_same_v<Match, td::match::department>)
        for (auto const* const several : {"@all", "1|2", "1,2", "0", "01", "-1", "evil", "9999999999999999999"})
            add(several, "the department is not a number such as 2");
    if constexpr (std::is_same_v<Match, td::match::tag>)
        for (auto const* const several : {"@all", "1|2", "evil"})
            add(several, "the tag is not a number such as 2");
    if constexpr (std::is_same_v<Provider, td::dingtalk_work> && std::is_same_v<Match, login_name>)
        add("evil,bob", "the login name has a comma, which separates userids");
    for (auto& one : out)
        one.kind = td::errc::invalid_recipient;
    return out;
}

flaws<std::string> keys()
{
    constexpr std::string_view told = "an idempotency key has 1 to 50 printable ASCII characters";
    return {{"", told}, {too_long(51), told}, {"a b", told}, {"a\r\nX: y", told}, {"\xc3\xa9", told}};
}

constexpr std::string_view empty = "the message is empty";
constexpr std::string_view no_object = "not a JSON object";
constexpr std::size_t over_each_limit = 160'000;

// `limit`, `rich_limit`: what is said of the longest text, and of everything else.
flaws<td::text> texts(std::string_view limit)
{
    using enum td::errc;
    using td::text;
    auto const split = td::long_text::split;
    std::string const size = too_long(over_each_limit);
    flaws<text> out{{text(""), message_invalid, empty},
                    {text(" "), message_invalid, empty},
                    {text("\n\n"), message_invalid, empty},
                    {text("\xe2\x80\x8b"), message_invalid, empty},
                    {text("\xe3\x80\x80"), message_invalid, empty},
                    {text("\x1b[31m\x1b[0m\x01"), message_invalid, empty},
                    {text("\xe2\x80\x8b").when_long(split), message_invalid, empty},
                    {text("ab\xc3"), message_invalid, "the message is not valid UTF-8 at byte 2"},
                    {text(size), message_too_long, limit},
                    // The parts before the broken one are not sent, either.
                    {text("").when_long(split), message_invalid, empty},
                    {text(size + "\xc3").when_long(split), message_invalid, "not valid UTF-8 at byte 160000"}};
    return out;
}

flaws<td::markdown> markdowns(std::string_view rich_limit)
{
    using enum td::errc;
    using td::markdown;
    return {{markdown(""), message_invalid, empty},
            {markdown(" \n\n"), message_invalid, empty},
            {markdown("\xe2\x80\x8b"), message_invalid, empty},
            {markdown("# \xe3\x80\x80\n\n> \x1b[31m\x1b[0m"), message_invalid, empty},
            {markdown("```\n\n```"), message_invalid, empty},
            {markdown("ab \xc3"), message_invalid, "the message is not valid UTF-8 at byte "},
            {markdown(too_long(over_each_limit)), message_too_long, rich_limit}};
}

flaws<td::notice> notices(std::string_view rich_limit)
{
    using enum td::errc;
    using td::notice;
    notice crowded("ok");
    for (std::size_t i = 0; i <= notice::max_facts; ++i)
        crowded.fact("label", "value");
    return {{notice(""), message_invalid, "the title is empty"},
            {notice("\xe3\x80\x80\n"), message_invalid, "the title is empty"},
            {notice("\xe2\x80\x8b").body("b"), message_invalid, "the title is empty"},
            {notice("ok").body("ab\xc3"), message_invalid, "the body is not valid UTF-8 at byte 2"},
            {notice("ok").fact("", "value"), message_invalid, "fact 1: the label is empty"},
            {notice("ok").button("\t", "https://e.example"), message_invalid, "button 1: the label is empty"},
            {notice("ok").button("Open", "https://ex ample/"), message_invalid, "button 1: the URL must start with"},
            {notice("ok").button("Open", "javascript:alert(1)"), message_invalid,
             "button 1: the URL must start with http:// or https://"},
            {crowded, message_invalid, "a notice may have 30 facts; this one has 31"},
            {notice("ok").body(too_long(over_each_limit)), message_too_long, rich_limit}};
}

template<class Provider>
using native_of = typename Provider::native;

// `no_name`: what is said of a type that is none.
template<class Provider>
flaws<native_of<Provider>> natives(std::string const& type, std::string_view no_name, std::string_view rich_limit)
{
    using enum td::errc;
    using native = native_of<Provider>;
    flaws<native> out{{native(type, ""), message_invalid, empty},
                      {native(type, "{\"a\":\"\xc3\"}"), message_invalid, "not valid UTF-8 at byte 6"},
                      {native(type, "not json"), message_invalid, no_object},
                      {native(type, "[1]"), message_invalid, no_object},
                      {native(type, "{\"a\":1},\"b\":{}"), message_invalid, no_object},
                      {native("evil\",\"b\":\"", "{}"), message_invalid, no_name}};
    // How much WeCom takes of each kind is not known here.
    if constexpr (!std::is_same_v<Provider, td::wecom>)
        out.emplace_back(native(type, "{\"a\":\"" + too_long(over_each_limit) + "\"}"), message_too_long, rich_limit);
    return out;
}

flaws<td::lark::card> cards(std::string_view rich_limit)
{
    using enum td::errc;
    using td::providers::lark::card;
    return {{card(""), message_invalid, empty},
            {card("not json"), message_invalid, no_object},
            {card("[1]"), message_invalid, no_object},
            {card("{\"a\":\"" + too_long(over_each_limit) + "\"}"), message_too_long, rich_limit}};
}

constexpr std::size_t megabyte = std::size_t{1024} * 1024;

flaws<td::image> images()
{
    using enum td::errc;
    using td::image;
    constexpr std::string_view no_name = "a file name has no slash and no control character";
    constexpr std::string_view length = "a file name has 1 to 255 bytes of UTF-8";
    return {{image(""), message_invalid, "there are no bytes to upload"},
            {image("GIF89a", ""), message_invalid, length},
            {image("GIF89a", too_long(256)), message_invalid, length},
            {image("GIF89a", "a\xff.png"), message_invalid, length},
            {image("GIF89a", "../a.png"), message_invalid, no_name},
            {image("GIF89a", "..\\a.png"), message_invalid, no_name},
            {image("GIF89a", "a\"\r\nX: y.png"), message_invalid, no_name},
            {image(std::string(20 * megabyte + 1, 'x')), message_too_long,
             "the upload has 20971521 bytes; the platform takes "}};
}

template<class Provider>
flaws<td::file> files()
{
    using enum td::errc;
    using td::file;
    flaws<file> out{{file("a.pdf", ""), message_invalid, "there are no bytes to upload"},
                    {file("a/b.pdf", "%PDF-1"), message_invalid, "a file name has no slash"},
                    {file("a.pdf", std::string(30 * megabyte + 1, 'x')), message_too_long,
                     "the upload has 31457281 bytes; the platform takes "}};
    if constexpr (std::is_same_v<Provider, td::dingtalk>)
        out.emplace_back(file("a.txt", "hello"), message_invalid, "DingTalk's bot sends files that end in xlsx, pdf");
    if constexpr (std::is_same_v<Provider, td::wecom>)
        out.emplace_back(file("a.pdf", "%PDF-"), message_invalid, "WeCom takes uploads of more than five bytes");
    return out;
}

// `good`: what can be a message of this platform.
template<class Provider>
flaws<td::receipt> receipts(std::string_view good)
{
    constexpr std::string_view told = "the receipt names no message of this platform";
    std::vector<std::string> ids{"", ".", "..", "a b", "a\r\nX: y", "\xc3\xa9", too_long(513)};
    if constexpr (std::is_same_v<Provider, td::dingtalk_work>)
        ids.insert(ids.end(), {"om_1", "0", "-5", "123abc", "99999999999999999999"});
    flaws<td::receipt> out;
    for (auto const& id : ids)
        out.emplace_back(td::receipt(id, "ada", 1), told);
    td::receipt divided(good, "ada", 1);
    divided.add_part(td::receipt("..", "ada", 1));
    out.emplace_back(divided, told);
    return out;
}

// ---- What differs from channel to channel

/// In words.
class terms
{
public:
    std::string_view id, secret;             ///< Of an application.
    std::string_view text_limit, rich_limit; ///< The longest text, and everything else.
    std::string type;                        ///< Of native messages.
    std::string_view no_name;                ///< Said of a type that is none.
    std::string_view message;                ///< What can be the id of a message.
};

template<class Provider>
terms terms_of()
{
    terms out;
    out.no_name = "the type of the message is not a name";
    if constexpr (std::is_same_v<Provider, td::wecom>)
    {
        out.id = "corp id";
        out.secret = "Secret";
        out.text_limit = out.rich_limit = "WeCom takes 2048";
        out.type = "news";
        out.message = "m-1";
    }
    else if constexpr (td::platform_name_of<Provider>() == "dingtalk")
    {
        constexpr bool is_bot = std::is_same_v<Provider, td::dingtalk>;
        out.id = "Client ID (AppKey)";
        out.secret = "Client Secret (AppSecret)";
        out.text_limit = is_bot ? "DingTalk takes 15000" : "a work notification may have 2048";
        out.rich_limit = out.text_limit;
        out.type = is_bot ? "sampleLink" : "oa";
        out.no_name = "the kind of the message is not a name";
        out.message = "123";
    }
    else
    {
        out.id = "App ID";
        out.secret = "App Secret";
        out.text_limit = "text messages may have 150000";
        out.rich_limit = "messages may have 30000";
        out.type = "post";
        out.message = "om_1";
    }
    return out;
}

template<class Provider>
typename Provider::credentials application(std::string id, std::string_view secret)
{
    if constexpr (std::is_same_v<Provider, td::wecom>)
        return {std::move(id), td::secret(secret), 1000002};
    else
    {
        typename Provider::credentials out(std::move(id), td::secret(secret));
        if constexpr (std::is_same_v<Provider, td::dingtalk_work>)
            out.agent_id(1);
        return out;
    }
}

/// Where a platform is, and how it is reached.
class way
{
public:
    way(std::string u, http h = http()) : url(std::move(u)), how(std::move(h)) {}

    td::base_url url;
    http how;
};

flaws<way> ways(std::string const& good)
{
    constexpr std::string_view no_url = "the base URL is not a URL; write it as https://host";
    constexpr std::string_view no_tls = "the base URL is https; choose transport::https";
    return {{way("nonsense"), no_url},
            {way("http://ev\r\nil"), no_url},
            {way("ftp://evil"), "the base URL starts with neither https:// nor http://"},
            {way("http://evil@host"), "the base URL has a user, a query or a fragment"},
            {way("http://host?evil=1"), "the base URL has a user, a query or a fragment"},
            {way("http://host:0"), "the base URL has an unusable port"},
            {way("https://host"), no_tls},
            {way(""), no_tls}, // the platform's own
            {way(good, http().proxy("socks5://ada:evil@proxy:1080")),
             "the proxy is not an HTTP proxy; its URL starts with http://"},
            {way(good, http().proxy("evil")), "the proxy has no usable port; write it as http://host:port"},
            {way(good, http().resolve("host", "1.2.3")), "\"1.2.3\", given for the host host, is not an IP address"}};
}

/// Everything that a notifier is made of.
template<class Provider>
class settings
{
public:
    settings(typename Provider::credentials a, way w) : app(std::move(a)), where(std::move(w)) {}

    typename Provider::credentials app;
    way where;
};

template<class Provider>
std::vector<std::pair<settings<Provider>, std::string>> unusable(td::sandbox::server const& platform)
{
    std::vector<std::pair<settings<Provider>, std::string>> out;
    auto const there = platform.url(td::platform_name_of<Provider>());
    auto const add = [&](auto app, std::string told) { out.emplace_back(settings<Provider>(app, there), told); };
    auto const words = terms_of<Provider>();
    struct
    {
        std::string text;
        std::string_view told;
    } const lines[] = {{"", " is empty"},
                       {"evil\r\nX-Evil: 1", " contains a control character"},
                       {too_long(129), " is longer than 128 bytes"},
                       {"evil\xff", " is not valid UTF-8"}};
    for (auto const& [text, told] : lines)
    {
        add(application<Provider>(text, "s"), "the " + std::string(words.id) += told);
        add(application<Provider>("cli_1", text), "the " + std::string(words.secret) += told);
    }
    if constexpr (std::is_same_v<Provider, td::wecom>)
        add(td::wecom::credentials("ww1", td::secret("s"), 0), "the agent id is a number such as 1000002");
    if constexpr (std::is_same_v<Provider, td::dingtalk>)
        add(application<Provider>("ding1", "s").robot_code(""), "the robot code is empty");
    if constexpr (std::is_same_v<Provider, td::dingtalk_work>)
        add(application<Provider>("ding1", "s").agent_id(0), "a work notification needs the application's agent id");

    for (auto const& wrong : ways(there))
        out.emplace_back(settings<Provider>(credentials<Provider>(platform), wrong.input), wrong.told);
    return out;
}

// ---- Groups

template<class Provider>
terms terms_of_group()
{
    auto out = terms_of<Provider>();
    if constexpr (std::is_same_v<Provider, td::wecom>)
    {
        out.rich_limit = "WeCom takes 4096";
        out.no_name = "the type of the native message is not a msgtype";
    }
    else if constexpr (std::is_same_v<Provider, td::dingtalk>)
    {
        out.text_limit = out.rich_limit = "a group's robot takes 20000";
        out.no_name = "the kind of the native message is not a msgtype";
    }
    else
        out.text_limit = out.rich_limit = "a group's custom bot takes 20000";
    return out;
}

template<class Provider>
std::string group_url(std::string_view token)
{
    std::string out(td::webhook_traits<Provider>::base_url);
    if constexpr (std::is_same_v<Provider, td::wecom>)
        out += "/cgi-bin/webhook/send?key=";
    else if constexpr (std::is_same_v<Provider, td::dingtalk>)
        out += "/robot/send?access_token=";
    else
        out += "/open-apis/bot/v2/hook/";
    return out += token;
}

template<class Provider>
flaws<td::webhook_address> group_addresses()
{
    constexpr std::string_view no_url = "the webhook address is not a URL; paste all of it, from https:// on";
    constexpr std::string_view no_token = "has no token, or more than one; paste it as the group's settings show it";
    constexpr std::string_view odd = "has a token that cannot be one; paste it as the group's settings show it";
    std::string const base(td::webhook_traits<Provider>::base_url);
    auto const good = group_url<Provider>("evil-1");
    flaws<td::webhook_address> out;
    auto const add = [&out](std::string const& url, std::string_view told, std::string_view signing = {}) {
        out.emplace_back(td::webhook_address(url, td::secret(signing)), told);
    };
    add("", "the webhook address is empty");
    add(" \r\n", "the webhook address is empty");
    add("evil-1", no_url);
    add(good + " evil", no_url);
    add(good + "\r\nX-Evil: 1", no_url);
    add("ftp://evil.example", "does not start with https://");
    add("https://evil@host/", "has a user or a fragment, or no host");
    add(good + "#evil", "has a user or a fragment, or no host");
    add("https://evil.example/evil-1", "does not lead to https://");
    add(base + "/evil-1", "has not the shape https://");
    add(group_url<Provider>(""), no_token);
    add(group_url<Provider>("evil%0d%0a"), odd);
    add(group_url<Provider>(too_long(257)), odd);
    if constexpr (td::webhook_traits<Provider>::signs)
    {
        add(good, "the signing secret contains a control character", "evil\r\n");
        add(good, "the signing secret is longer than 256 bytes", too_long(257));
    }
    else
        add(good, "webhooks of this platform are not signed: leave the signing secret out", "evil");
    if constexpr (std::is_same_v<Provider, td::lark>)
        add(group_url<td::feishu>("evil-1"), "but to Feishu: use tidings::feishu");
    else if constexpr (std::is_same_v<Provider, td::feishu>)
        add(group_url<td::lark>("evil-1"), "but to Lark: use tidings::lark");
    else
        add(good + good.substr(good.find('?')).replace(0, 1, "&"), no_token);
    return out;
}

// ---- The calls

using people = std::vector<std::string>;

/// Counts those it is told of, and keeps how each fared.
class listener
{
public:
    using told_type = std::map<std::size_t, td::failure>;

    explicit listener(told_type& told) : told_(&told) {}

    void operator()(std::size_t index, auto const&, td::result<td::receipt> const& fared) const
    {
        told_->emplace(index, failure_of(fared));
    }

private:
    told_type* told_;
};

// Nobody is told that they got no message when there is none.
void expect_none(listener::told_type const& told)
{
    BOOST_TEST(told.empty());
}

template<class Provider, class Match>
asio::awaitable<void> refuses_addresses(asio::any_io_executor ex, td::sandbox::server const& platform)
{
    notifier<Provider, Match> notify(ex, credentials<Provider>(platform), url<Provider>(platform));
    for (auto const& wrong : addresses_on<Provider, Match>())
    {
        auto const sent = co_await notify.send(wrong.input, td::text{"hi"});
        expect("send", td::platform_name_of<Provider>(), wrong.kind, wrong.told, failure_of(sent));
        auto const found = co_await notify.resolve(wrong.input);
        expect("resolve", td::platform_name_of<Provider>(), wrong.kind, wrong.told, failure_of(found));
    }
}

template<class Provider, class Match>
asio::awaitable<void> refuses_addresses_if(asio::any_io_executor ex, td::sandbox::server const& platform)
{
    if constexpr (td::lookup_kind_of<Provider, Match>() != td::lookup_kind::none)
        co_await refuses_addresses<Provider, Match>(ex, platform);
    co_return;
}

template<class Provider, class... Ids>
asio::awaitable<void> refuses_ids(asio::any_io_executor ex, td::sandbox::server const& platform)
{
    (co_await refuses_addresses_if<Provider, Ids>(ex, platform), ...);
}

/// What a program may have kept of a recipient, or made up.
template<class Notifier>
asio::awaitable<void> refuses_recipients(Notifier& notify)
{
    using to = typename Notifier::recipient;
    constexpr auto platform = td::platform_name_of<typename Notifier::provider_type>();
    std::vector<to> const wrongs{to(),
                                 to("evil", "evil"),
                                 to("", "evil"),
                                 to("chat_id", ""),
                                 to("chat_id", "evil id"),
                                 to("chat_id", "evil\r\nX-Evil: 1"),
                                 to("")};
    for (auto const& wrong : wrongs)
    {
        auto const sent = co_await notify.send(wrong, td::text{"hi"});
        expect("send to a recipient", platform, td::errc::invalid_recipient, "", failure_of(sent));
    }
    listener::told_type told;
    auto const each = co_await notify.send_each(wrongs, td::text{"hi"}, listener(told));
    BOOST_TEST_REQUIRE(each.has_value(), each.error());
    BOOST_TEST(each->failed == wrongs.size());
    for (auto const& [index, why] : told)
        expect("send each to recipients", platform, td::errc::invalid_recipient, "", why);
}

template<class Notifier, class Message>
asio::awaitable<void> refuses_messages(Notifier& notify, flaws<Message> wrongs)
{
    constexpr auto platform = td::platform_name_of<typename Notifier::provider_type>();
    people const somebody{"ada", "bob"};
    for (auto const& wrong : wrongs)
    {
        std::string const what(Message::name);
        auto const sent = co_await notify.send("ada", wrong.input);
        expect("send a " + what, platform, wrong.kind, wrong.told, failure_of(sent));
        listener::told_type told;
        auto const each = co_await notify.send_each(somebody, wrong.input, listener(told));
        expect("send each a " + what, platform, wrong.kind, wrong.told, failure_of(each));
        expect_none(told);
    }
}

// A file cannot stand in a batch, and what can is rendered in another way.
template<class Notifier, class Message>
asio::awaitable<void> refuses_batches(Notifier& notify, flaws<Message> wrongs)
{
    people const somebody{"ada", "bob"};
    for (auto const& wrong : wrongs)
    {
        listener::told_type told;
        auto const each = co_await notify.send_each(somebody, wrong.input, listener(told), td::native_batch_options());
        expect("spread a " + std::string(Message::name), td::platform_name_of<typename Notifier::provider_type>(),
               wrong.kind, wrong.told, failure_of(each));
        expect_none(told);
    }
}

template<class Notifier>
asio::awaitable<void> refuses_keys(Notifier& notify)
{
    constexpr auto platform = td::platform_name_of<typename Notifier::provider_type>();
    people const somebody{"ada", "bob"};
    for (auto const& wrong : keys())
    {
        td::idempotency_key const key(wrong.input);
        auto sent = co_await notify.send("ada", td::text{"hi"}, key);
        expect("send", platform, wrong.kind, wrong.told, failure_of(sent));
        sent = co_await notify.send("ada", td::image{"GIF89a"}, key);
        expect("send an image", platform, wrong.kind, wrong.told, failure_of(sent));
        sent = co_await notify.async_send("ada", td::text{"hi"}, key, asio::use_awaitable);
        expect("async_send", platform, wrong.kind, wrong.told, failure_of(sent));
        listener::told_type told;
        auto const how = td::send_each_options().key(key);
        auto const each = co_await notify.send_each(somebody, td::text{"hi"}, listener(told), how);
        expect("send_each", platform, wrong.kind, wrong.told, failure_of(each));
        expect_none(told);
    }
}

template<class Notifier>
asio::awaitable<void> refuses_receipts(Notifier& notify, flaws<td::receipt> wrongs)
{
    constexpr auto platform = td::platform_name_of<typename Notifier::provider_type>();
    for (auto const& wrong : wrongs)
    {
        auto const recalled = co_await notify.recall(wrong.input);
        expect("recall", platform, wrong.kind, wrong.told, failure_of(recalled));
        if constexpr (requires { notify.readers(wrong.input); })
        {
            auto const readers = co_await notify.readers(wrong.input);
            expect("read_by", platform, wrong.kind, wrong.told, failure_of(readers));
        }
    }
}

template<class Provider>
asio::awaitable<void> refuses_settings(asio::any_io_executor ex, td::sandbox::server const& platform)
{
    people const somebody{"ada", "bob"};
    for (auto const& [bad, told] : unusable<Provider>(platform))
    {
        notifier<Provider, login_name> notify(ex, bad.app, bad.where.url, bad.where.how);
        std::vector<std::pair<std::string, td::failure>> all;
        auto const sent = co_await notify.send("ada", td::text{"hi"});
        all.emplace_back("send", failure_of(sent));
        listener::told_type heard;
        auto const each = co_await notify.send_each(somebody, td::text{"hi"}, listener(heard));
        all.emplace_back("send_each", failure_of(each));
        expect_none(heard);
        auto const found = co_await notify.resolve("ada");
        all.emplace_back("resolve", failure_of(found));
        auto const warm = co_await notify.warm_up();
        all.emplace_back("warm_up", failure_of(warm));
        td::receipt const earlier(terms_of<Provider>().message, "ada", 1);
        auto const recalled = co_await notify.recall(earlier);
        all.emplace_back("recall", failure_of(recalled));
        if constexpr (requires { notify.readers(earlier); })
        {
            auto const readers = co_await notify.readers(earlier);
            all.emplace_back("read_by", failure_of(readers));
        }
        for (auto const& [call, got] : all)
            expect(call, td::platform_name_of<Provider>(), td::errc::invalid_argument, told, got);
    }
}

// What became of "ada", of those who are none, and of "bob".
void expect_two(td::sandbox::server const& platform, std::string_view name, flaws<std::string> const& wrongs,
                td::result<td::send_summary> const& sent, listener::told_type const& told)
{
    BOOST_TEST_REQUIRE(sent.has_value(), sent.error());
    BOOST_TEST(sent->delivered == 2u);
    BOOST_TEST(sent->failed == wrongs.size());
    BOOST_TEST(sent->complete);
    BOOST_TEST_REQUIRE(told.size() == wrongs.size() + 2);
    for (std::size_t i = 0; i != wrongs.size(); ++i)
        expect("send_each", name, wrongs[i].kind, wrongs[i].told, told.at(i + 1));
    people got;
    for (auto const& row : platform.ledger())
        got.push_back(row.to);
    std::sort(got.begin(), got.end());
    BOOST_TEST((got == people{"ada", "bob"}));
    for (auto const& r : platform.requests())
        BOOST_TEST((r.target + r.body).find(evil) == std::string::npos, r.target << ' ' << r.body);
}

template<class Provider, class Options>
asio::awaitable<void> leaves_out_the_bad(asio::any_io_executor ex, Options how)
{
    td::sandbox::server const platform;
    notifier<Provider, login_name> notify(ex, credentials<Provider>(platform), url<Provider>(platform));
    auto const wrongs = addresses_on<Provider, login_name>();
    people all{"ada"};
    for (auto const& wrong : wrongs)
        all.push_back(wrong.input);
    all.emplace_back("bob");
    listener::told_type told;
    auto const sent = co_await notify.send_each(all, td::text{"hello all"}, listener(told), how);
    expect_two(platform, td::platform_name_of<Provider>(), wrongs, sent, told);
}

template<class Provider, class Message>
asio::awaitable<void> group_refuses_messages(webhook<Provider>& group, flaws<Message> wrongs)
{
    for (auto const& wrong : wrongs)
    {
        auto const sent = co_await group.send(wrong.input);
        expect("tell the group a " + std::string(Message::name), td::platform_name_of<Provider>(), wrong.kind,
               wrong.told, failure_of(sent));
    }
}

template<class Provider>
asio::awaitable<void> group_refuses_settings(asio::any_io_executor ex, std::string const& there)
{
    for (auto const& wrong : group_addresses<Provider>())
    {
        webhook<Provider> group(ex, wrong.input, td::base_url(there));
        auto const sent = co_await group.send(td::text{"hi"});
        expect("a group's address", td::platform_name_of<Provider>(), wrong.kind, wrong.told, failure_of(sent));
    }
    for (auto const& wrong : ways(there))
    {
        webhook<Provider> group(ex, td::webhook_address(group_url<Provider>("t")), wrong.input.url, wrong.input.how);
        auto const sent = co_await group.send(td::text{"hi"});
        expect("a group's platform", td::platform_name_of<Provider>(), wrong.kind, wrong.told, failure_of(sent));
    }
}

} // namespace

using everybody = std::tuple<td::lark, td::feishu, td::dingtalk, td::dingtalk_work, td::wecom>;

BOOST_AUTO_TEST_CASE_TEMPLATE(bad_input_fails_before_any_byte_is_sent, Provider, everybody)
{
    td::sandbox::server platform;
    auto const words = terms_of<Provider>();
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        if constexpr (finds_by_email<Provider>)
            co_await refuses_addresses<Provider, email>(ex, platform);
        co_await refuses_addresses<Provider, phone_number>(ex, platform);
        co_await refuses_addresses<Provider, login_name>(ex, platform);
        co_await refuses_ids<Provider, td::match::open_id, td::match::union_id, td::match::chat_id,
                             td::match::department, td::match::tag>(ex, platform);
        notifier<Provider, login_name> notify(ex, credentials<Provider>(platform), url<Provider>(platform));
        co_await refuses_recipients(notify);
        co_await refuses_messages(notify, texts(words.text_limit));
        co_await refuses_messages(notify, markdowns(words.rich_limit));
        co_await refuses_messages(notify, notices(words.rich_limit));
        co_await refuses_messages(notify, natives<Provider>(words.type, words.no_name, words.rich_limit));
        co_await refuses_messages(notify, images());
        co_await refuses_messages(notify, files<Provider>());
        co_await refuses_keys(notify);
        co_await refuses_receipts(notify, receipts<Provider>(words.message));
        if constexpr (td::supports_batch<Provider>)
        {
            co_await refuses_messages(notify, cards(words.rich_limit));
            co_await refuses_batches(notify, texts(words.text_limit));
            co_await refuses_batches(notify, markdowns(words.rich_limit));
            co_await refuses_batches(notify, notices(words.rich_limit));
            co_await refuses_batches(notify, cards(words.rich_limit));
            co_await refuses_batches(notify, natives<Provider>(words.type, words.no_name, words.rich_limit));
        }
    });
    BOOST_TEST(platform.connections() == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(unusable_settings_fail_each_call_before_any_byte_is_sent, Provider, everybody)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) { return refuses_settings<Provider>(ex, platform); });
    BOOST_TEST(platform.connections() == 0u);
}

using groups_of = std::tuple<td::lark, td::feishu, td::dingtalk, td::wecom>;

BOOST_AUTO_TEST_CASE_TEMPLATE(bad_input_for_a_group_fails_before_any_byte_is_sent, Provider, groups_of)
{
    td::sandbox::server platform;
    auto const words = terms_of_group<Provider>();
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        co_await group_refuses_settings<Provider>(ex, platform.url(td::platform_name_of<Provider>()));
        webhook<Provider> group(ex, td::webhook_address(group_url<Provider>("t")), url<Provider>(platform));
        co_await group_refuses_messages(group, texts(words.text_limit));
        co_await group_refuses_messages(group, markdowns(words.rich_limit));
        co_await group_refuses_messages(group, notices(words.rich_limit));
        co_await group_refuses_messages(group, natives<Provider>(words.type, words.no_name, words.rich_limit));
        if constexpr (td::supports_batch<Provider>)
            co_await group_refuses_messages(group, cards(words.rich_limit));
        for (auto const& wrong : keys())
        {
            auto const sent = co_await group.send(td::text{"hi"}, td::idempotency_key(wrong.input));
            expect("tell a group", td::platform_name_of<Provider>(), wrong.kind, wrong.told, failure_of(sent));
        }
    });
    BOOST_TEST(platform.connections() == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(bad_addresses_among_good_ones_get_nothing_and_end_nothing, Provider, everybody)
{
    run([](asio::any_io_executor ex) -> asio::awaitable<void> {
        // Options that are too small count as the smallest that are not.
        auto const each = td::send_each_options().concurrency(0).window(0);
        co_await leaves_out_the_bad<Provider>(ex, each);
        if constexpr (td::supports_batch<Provider>)
            co_await leaves_out_the_bad<Provider>(ex, td::native_batch_options().concurrency(0));
    });
}

// Callbacks send nothing: they believe nobody.
BOOST_AUTO_TEST_CASE(unusable_settings_of_a_callback_fail_each_call)
{
    std::string const key(43, 'A');
    auto const refused = td::errc::invalid_argument;
    struct
    {
        std::string first, second, third;
        std::string_view told;
    } const of_lark[] = {{"", "", "",
                          "neither an Encrypt Key nor a Verification Token is set: any program could send events"},
                         {"evil\n", "t", "", "the Encrypt Key contains a control character"},
                         {"k", too_long(257), "", "the Verification Token is longer than 256 bytes"}},
            of_wecom[] = {{"", key, "ww1", "the token is empty"},
                          {"evil\n", key, "ww1", "the token contains a control character"},
                          {"t", "evil", "ww1", "the EncodingAESKey is not 43 characters of base64"},
                          {"t", key, "", "the receive id is empty"}};
    for (auto const& row : of_lark)
    {
        td::providers::lark::callback const receive(td::providers::lark::lark_brand, td::secret(row.first),
                                                    td::secret(row.second));
        expect("open", "", refused, row.told,
               failure_of(receive.open({}, R"({"token":"","type":"url_verification"})")));
    }
    for (auto const& row : of_wecom)
    {
        td::providers::wecom::callback const receive(td::secret(row.first), td::secret(row.second), row.third);
        expect("verify", "", refused, row.told, failure_of(receive.verify_url("s", "1", "n", "e")));
        expect("decrypt", "", refused, row.told,
               failure_of(receive.decrypt("s", "1", "n", "<xml><Encrypt>e</Encrypt></xml>")));
        expect("reply", "", refused, row.told, failure_of(receive.reply("hi", "1", "n")));
    }
    td::providers::wecom::callback const receive(td::secret("t"), td::secret(key), "ww1");
    expect("reply", "", refused, "the timestamp is not 1 to 20 digits", failure_of(receive.reply("hi", "evil", "n")));
    expect("reply", "", refused, "the nonce is not 1 to 128 letters, digits",
           failure_of(receive.reply("hi", "1", "]]>")));
}

BOOST_AUTO_TEST_SUITE_END()
