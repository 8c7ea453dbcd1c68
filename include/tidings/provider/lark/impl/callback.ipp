// What Lark and Feishu send to the address that an application receives events at.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_LARK_IMPL_CALLBACK_IPP
#define TIDINGS_PROVIDER_LARK_IMPL_CALLBACK_IPP

#include <tidings/callback/freshness.hpp>
#include <tidings/detail/address.hpp>
#include <tidings/detail/ascii.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/detail/crypto.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/provider/lark/brand.hpp>
#include <tidings/provider/lark/callback.hpp>
#include <tidings/secret.hpp>
#include <tidings/wire/json_reader.hpp>
#include <tidings/wire/json_writer.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace tidings::inline v0::providers::lark {

TIDINGS_DECL callback_headers::callback_headers(std::string_view timestamp_header, std::string_view nonce_header,
                                                std::string_view signature_header)
    : timestamp(timestamp_header), nonce(nonce_header), signature(signature_header)
{
}

TIDINGS_DECL std::optional<std::chrono::seconds> callback_event::age(
    std::chrono::system_clock::time_point now) const noexcept
{
    if (!signed_at_)
        return {};
    return std::chrono::floor<std::chrono::seconds>(now - *signed_at_);
}

TIDINGS_DECL std::string callback_event::challenge_reply() const
{
    if (!verification_)
        return {};
    tidings::detail::wiped_string out;
    wire::json_writer(out).open_object().member("challenge", challenge_).close_object();
    return std::string(out.view());
}

TIDINGS_DECL callback::callback(brand const& platform, secret encrypt_key, secret verification_token)
    : platform_(&platform), encrypt_key_(std::move(encrypt_key)), token_(std::move(verification_token))
{
}

TIDINGS_DECL result<void> callback::check() const
{
    constexpr std::size_t max_length = 256;
    if (encrypt_key_.empty() && token_.empty())
        return make_failure(errc::invalid_argument,
                            "neither an Encrypt Key nor a Verification Token is set: any program could send events");
    if (!encrypt_key_.empty())
        if (auto const valid = tidings::detail::check_setting(encrypt_key_.reveal(), "Encrypt Key", max_length); !valid)
            return valid;
    if (token_.empty())
        return {};
    return tidings::detail::check_setting(token_.reveal(), "Verification Token", max_length);
}

TIDINGS_DECL result<callback_event> callback::open(callback_headers const& headers, std::string_view body) const
{
    if (auto const valid = check(); !valid)
        return valid.error();
    if (body.size() > max_body)
        return foreign("the body is too long");
    if (encrypt_key_.empty())
        return open_plain(body);
    if (headers.signature.empty())
        return open_unsigned(body);

    constexpr std::size_t max_header = 256;
    if (headers.timestamp.empty() || headers.nonce.empty())
        return foreign("a header of the signature is missing");
    if (headers.timestamp.size() > max_header || headers.nonce.size() > max_header)
        return foreign("a header of the signature is too long");
    // The hash has no border between timestamp and nonce, so both are accepted in one form only.
    auto signed_at = tidings::detail::read_unix_seconds(headers.timestamp);
    if (!signed_at)
        signed_at = tidings::detail::read_go_time(headers.timestamp);
    if (!signed_at || !is_nonce(headers.nonce))
        return foreign("a header of the signature is malformed");
    auto const signature = tidings::detail::sha256_hex({headers.timestamp, headers.nonce, encrypt_key_.reveal(), body});
    if (!signature)
        return signature.error();
    if (!tidings::detail::equal_in_constant_time(*signature, headers.signature))
        return unlike_settings("the signature differs");
    auto event = open_encrypted(body);
    if (event.has_value())
        event->signed_at_ = *signed_at;
    return event;
}

TIDINGS_DECL bool callback::members::read(std::string_view json)
{
    auto const first = json.find_first_not_of(" \t\r\n");
    return first != json.npos && json[first] == '{' && wire::read_json(json, *this) && !twice_;
}

TIDINGS_DECL void callback::members::on_scalar(std::string_view path, wire::json_scalar const& value)
{
    auto const n = find(path);
    if (n == count)
        return;
    twice_ = twice_ || seen_[n];
    seen_[n] = true;
    values_[n] = value.text();
}

TIDINGS_DECL std::size_t callback::members::find(std::string_view path) noexcept
{
    static constexpr std::array<std::string_view, count> paths{
        "encrypt",           "schema",          "type",         "token",     "challenge", "uuid",
        "header/event_type", "header/event_id", "header/token", "event/type"};
    std::size_t n = 0;
    while (n != count && paths[n] != path)
        ++n;
    return n;
}

TIDINGS_DECL failure callback::make(std::string_view why, remedy_text const& remedy) const
{
    auto facts = tidings::detail::new_facts();
    facts->platform = platform_->name;
    facts->operation = "receive callback";
    facts->detail = why;
    facts->console = platform_->console;
    facts->remedy = &remedy;
    return {errc::protocol_error, std::move(facts)};
}

TIDINGS_DECL result<callback_event> callback::open_plain(std::string_view body) const
{
    members values;
    if (!values.read(body))
        return foreign("the body is not one JSON object");
    if (values.has(members::encrypt))
        return unlike_settings("it is encrypted, and no Encrypt Key is set");
    return event_of(values, body);
}

TIDINGS_DECL result<tidings::detail::wiped_bytes> callback::decrypted(members const& outer) const
{
    auto const bytes = tidings::detail::base64_decode(outer[members::encrypt]);
    constexpr auto block = tidings::detail::aes_block;
    if (!bytes || bytes->size() < 2 * block || bytes->size() % block != 0)
        return foreign("the encrypted text is not base64 of whole blocks");
    auto const key = tidings::detail::sha256({encrypt_key_.reveal()});
    if (!key)
        return key.error();
    auto const all = tidings::detail::view_of(*bytes);
    return tidings::detail::aes_256_cbc_decrypt(tidings::detail::view_of(*key), all.substr(0, block),
                                                all.substr(block));
}

TIDINGS_DECL result<callback_event> callback::open_encrypted(std::string_view body) const
{
    members outer;
    if (!outer.read(body))
        return foreign("the body is not one JSON object");
    if (!outer.has(members::encrypt))
        return unlike_settings(in_the_clear);
    auto const plain = decrypted(outer);
    if (!plain)
        return plain.error();
    auto const text = tidings::detail::view_of(*plain);
    auto const size = tidings::detail::unpadded_size(text, tidings::detail::aes_block);
    if (!size)
        return unlike_settings("it cannot be decrypted: the Encrypt Key differs");
    members inner;
    if (!inner.read(text.substr(0, *size)))
        return foreign("the decrypted text is not one JSON object");
    return event_of(inner, text.substr(0, *size));
}

TIDINGS_DECL result<callback_event> callback::open_unsigned(std::string_view body) const
{
    constexpr std::string_view none = "it has no signature, and with this Encrypt Key it is not a verification of the "
                                      "address";
    members outer;
    if (!outer.read(body))
        return unlike_settings(none);
    if (!outer.has(members::encrypt))
        return unlike_settings(outer.has(members::type) || outer.has(members::schema) ? in_the_clear : none);
    constexpr std::size_t max_length = max_unsigned_size / 3 * 4 + 4; // in base64
    if (outer[members::encrypt].size() > max_length)
        return unlike_settings(none);
    auto const plain = decrypted(outer);
    if (!plain || !looks_like_verification(tidings::detail::view_of(*plain)))
        return unlike_settings(none);
    auto const text = tidings::detail::view_of(*plain);
    auto const json = text.substr(0, text.size() - static_cast<unsigned char>(text.back()));
    members inner;
    if (!inner.read(json) || !is_exactly_verification(inner, json))
        return unlike_settings(none);
    auto event = event_of(inner, json);
    if (event.has_value() && !event->is_url_verification())
        return unlike_settings(none);
    return event;
}

TIDINGS_DECL bool callback::looks_like_verification(std::string_view text) noexcept
{
    constexpr std::string_view type = "\"url_verification\"";
    if (text.size() < type.size())
        return false;
    std::size_t const pad = static_cast<unsigned char>(text.back());
    unsigned invalid = static_cast<unsigned>(pad == 0) | static_cast<unsigned>(pad > tidings::detail::aes_block);
    for (std::size_t i = 0; i != text.size(); ++i)
    {
        auto const c = static_cast<unsigned char>(text[i]);
        auto const of_text = static_cast<unsigned>(i + pad < text.size());
        auto const of_padding = static_cast<unsigned>(c == pad);
        invalid |= 1u ^ ((of_text & is_verification_character(c)) | ((1u ^ of_text) & of_padding));
    }
    unsigned found = 0;
    for (std::size_t i = 0; i + type.size() <= text.size(); ++i)
    {
        unsigned differs = 0;
        for (std::size_t k = 0; k != type.size(); ++k)
            differs |= static_cast<unsigned>(static_cast<unsigned char>(text[i + k])) ^
                       static_cast<unsigned>(static_cast<unsigned char>(type[k]));
        found |= static_cast<unsigned>(differs == 0);
    }
    return (found & (1u ^ invalid)) != 0;
}

TIDINGS_DECL bool callback::is_exactly_verification(members const& values, std::string_view json) noexcept
{
    constexpr auto quotes = 12;
    return !values[members::challenge].empty() && !values[members::token].empty() && !values[members::type].empty() &&
           std::count(json.begin(), json.end(), '"') == quotes;
}

TIDINGS_DECL bool callback::is_challenge(std::string_view text) noexcept
{
    constexpr std::size_t max_length = 64;
    return !text.empty() && text.size() <= max_length && tidings::detail::is_alphanumeric(text, "-_");
}

TIDINGS_DECL bool callback::is_nonce(std::string_view text) noexcept
{
    constexpr std::size_t max_length = 128;
    return text.size() <= max_length &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

TIDINGS_DECL result<callback_event> callback::event_of(members const& values, std::string_view json) const
{
    // Schema 2.0 has a header; the first schema, and the verification of the address, have all at the root.
    bool const with_header = values[members::schema] == "2.0";
    auto const& token = values[with_header ? members::header_token : members::token];
    if (!token_.empty() && !tidings::detail::equal_in_constant_time(token_.reveal(), token))
        return unlike_settings("the Verification Token differs");
    callback_event out;
    out.verification_ = !with_header && values[members::type] == "url_verification";
    if (out.verification_)
    {
        if (!is_challenge(values[members::challenge]))
            return foreign("the challenge is not 1 to 64 letters, digits, '-' and '_'");
        out.challenge_ = values[members::challenge];
        out.type_ = values[members::type];
    }
    else
    {
        out.type_ = values[with_header ? members::header_type : members::event_type];
        out.id_ = values[with_header ? members::header_id : members::uuid];
    }
    out.json_ = json;
    return out;
}

} // namespace tidings::inline v0::providers::lark

#endif
