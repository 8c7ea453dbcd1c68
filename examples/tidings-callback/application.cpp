// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "application.hpp"

#include "../tools/environment.hpp"

#include <tidings/callback/freshness.hpp>
#include <tidings/printable_text.hpp>

#include <boost/json.hpp>

#include <cstddef>
#include <stdexcept>

namespace http = boost::beast::http;
namespace json = boost::json;

namespace tidings_callback {

namespace {

std::string_view target_of(request const& asked)
{
    return {asked.target().data(), asked.target().size()};
}

std::string_view path_of(request const& asked)
{
    return target_of(asked).substr(0, target_of(asked).find('?'));
}

std::string_view query_of(request const& asked)
{
    auto const mark = target_of(asked).find('?');
    return mark == std::string_view::npos ? std::string_view() : target_of(asked).substr(mark + 1);
}

// In lower case, with one slash in front and none behind.
std::string plain_path(std::string_view path)
{
    std::string out = "/";
    for (char const c : path)
        if (c != '/' || out.back() != '/')
            out += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    while (out.size() > 1 && out.back() == '/')
        out.pop_back();
    return out;
}

constexpr std::string_view too_old = "the request was signed too long ago, or in the future: see --max-age, and "
                                     "compare this machine's clock";

std::string header(request const& asked, char const* name)
{
    auto const value = asked[name];
    return {value.data(), value.size()};
}

// The members that have the Verification Token are taken out. Text that is not UTF-8 is mended first: the reader
// that verified the event lets it pass, and this one does not.
json::value without_token(std::string_view event)
{
    auto out = json::parse(tidings::printable_json(event));
    auto& root = out.as_object();
    root.erase("token");
    if (auto* const head = root.if_contains("header"); head && head->is_object())
        head->as_object().erase("token");
    return out;
}

} // namespace

application::application(settings const& given, diagnostics& log) : settings_(&given), log_(&log)
{
    using tidings::secret;
    secret const token(tools::environment("TIDINGS_CALLBACK_TOKEN"));
    secret const aes_key(tools::environment("TIDINGS_CALLBACK_AES_KEY"));
    auto const corp = tools::environment("TIDINGS_CORP_ID");
    if (!token.empty() || !aes_key.empty() || !corp.empty())
    {
        wecom_.emplace(token, aes_key, corp);
        wecom_->check().value();
    }
    secret const encrypt_key(tools::environment("TIDINGS_ENCRYPT_KEY"));
    verification_ = secret(tools::environment("TIDINGS_VERIFICATION_TOKEN"));
    if (!encrypt_key.empty() || !verification_.empty())
    {
        lark_.emplace(tidings::providers::lark::lark_brand, encrypt_key, verification_);
        feishu_.emplace(tidings::providers::lark::feishu_brand, encrypt_key, verification_);
        lark_->check().value();
    }
    if (!wecom_ && !lark_)
        throw std::runtime_error(
            "set TIDINGS_CALLBACK_TOKEN, TIDINGS_CALLBACK_AES_KEY and TIDINGS_CORP_ID for WeCom, or "
            "TIDINGS_ENCRYPT_KEY and TIDINGS_VERIFICATION_TOKEN for Lark and Feishu");
}

std::optional<response> application::refusal(request const& asked) const
{
    auto const path = std::string(path_of(asked));
    auto const method = std::string(asked.method_string().data(), asked.method_string().size());
    auto const served = [this](std::string_view p) {
        return (p == "/wecom" && wecom_) || ((p == "/lark" || p == "/feishu") && lark_);
    };
    if (!served(path))
    {
        auto text = method + " " + tidings::printable_text(path, 200) + ": not served; ";
        auto const meant = plain_path(path);
        if (served(meant))
            text += meant + " is";
        else if (meant == "/wecom")
            text += "TIDINGS_CALLBACK_TOKEN, TIDINGS_CALLBACK_AES_KEY and TIDINGS_CORP_ID are not set";
        else if (meant == "/lark" || meant == "/feishu")
            text += "TIDINGS_ENCRYPT_KEY and TIDINGS_VERIFICATION_TOKEN are not set";
        else
            text += wecom_ && lark_ ? "/wecom, /lark and /feishu are" : wecom_ ? "/wecom is" : "/lark and /feishu are";
        log_->write(text);
        return answer(asked, http::status::not_found);
    }
    bool const to_wecom = path == "/wecom";
    if (asked.method() == http::verb::post || (to_wecom && asked.method() == http::verb::get))
        return {};
    log_->write(method + " " + path + ": not served; " + (to_wecom ? "GET and POST are" : "POST is"));
    auto out = answer(asked, http::status::method_not_allowed);
    out.set(http::field::allow, to_wecom ? "GET, POST" : "POST");
    return out;
}

decision application::decide(request const& asked) const
{
    auto const path = path_of(asked);
    if (path == "/wecom")
        return from_wecom(*wecom_, asked);
    return path == "/lark" ? from_lark(*lark_, "lark", asked) : from_lark(*feishu_, "feishu", asked);
}

std::string application::line_of(json::object const& event) const
{
    auto out = json::serialize(event);
    auto const token = verification_.reveal();
    constexpr std::size_t min_length = 8; // the platforms' have 32; a shorter one would be found in other words
    for (auto at = out.find(token); token.size() >= min_length && at != out.npos; at = out.find(token, at))
        out.replace(at, token.size(), "***");
    return tidings::printable_json(out) + '\n';
}

decision application::refuse(request const& asked, tidings::failure const& why) const
{
    log_->write(why);
    return decision(answer(asked, http::status::forbidden));
}

decision application::refuse(request const& asked, std::string_view why) const
{
    log_->write(why);
    return decision(answer(asked, http::status::forbidden));
}

bool application::is_recent(std::optional<std::chrono::system_clock::time_point> when) const
{
    return settings_->max_age.count() == 0 ||
           tidings::is_recent(when, std::chrono::system_clock::now(), settings_->max_age);
}

//[wecom
decision application::from_wecom(tidings::providers::wecom::callback const& wecom, request const& asked) const
{
    auto const given = tidings::providers::wecom::callback_parameters::from_query(query_of(asked));
    if (!given)
        return refuse(asked, given.error());
    if (asked.method() == http::verb::get)
    {
        auto const echo = wecom.verify_url(given->signature, given->timestamp, given->nonce, given->echo);
        if (!echo)
            return refuse(asked, echo.error());
        if (!is_recent(given->signed_at()))
            return refuse(asked, too_old);
        return decision(answer(asked, http::status::ok, *echo));
    }
    auto const event = wecom.decrypt(given->signature, given->timestamp, given->nonce, asked.body());
    if (!event)
        return refuse(asked, event.error());
    auto const happened = tidings::providers::wecom::event_time(*event);
    if (!is_recent(given->signed_at()) || (happened && !is_recent(happened)))
        return refuse(asked, too_old);
    auto const id = tidings::providers::wecom::callback_envelope(*event).first("MsgId");
    json::object line{{"platform", "wecom"}, {"event", *event}};
    return decision(answer(asked, http::status::ok), "wecom " + std::string(id ? *id : *event), std::move(line));
}
//]

//[lark
decision application::from_lark(tidings::providers::lark::callback const& lark, std::string_view platform,
                                request const& asked) const
{
    for (auto const* const name : {"X-Lark-Request-Timestamp", "X-Lark-Request-Nonce", "X-Lark-Signature"})
        if (asked.count(name) > 1)
            return refuse(asked, std::string(name) + " is there twice");
    tidings::providers::lark::callback_headers const headers(header(asked, "X-Lark-Request-Timestamp"),
                                                             header(asked, "X-Lark-Request-Nonce"),
                                                             header(asked, "X-Lark-Signature"));
    auto const event = lark.open(headers, asked.body());
    if (!event)
        return refuse(asked, event.error());
    if (event->signed_at() && !is_recent(event->signed_at()))
        return refuse(asked, too_old);
    if (event->is_url_verification())
        return decision(answer(asked, http::status::ok, event->challenge_reply(), "application/json"));
    auto const shown = without_token(event->json());
    auto const id = event->id().empty() ? event->json() : event->id();
    json::object line{{"platform", platform}, {"type", event->type()}, {"id", event->id()}, {"event", shown}};
    return decision(answer(asked, http::status::ok), std::string(platform) + " " + std::string(id), std::move(line));
}
//]

} // namespace tidings_callback
