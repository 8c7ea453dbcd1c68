// What WeCom sends to the address that an application receives messages at.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_WECOM_IMPL_CALLBACK_IPP
#define TIDINGS_PROVIDER_WECOM_IMPL_CALLBACK_IPP

#include <tidings/callback/freshness.hpp>
#include <tidings/detail/address.hpp>
#include <tidings/detail/ascii.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/detail/crypto.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/provider/wecom/callback.hpp>
#include <tidings/secret.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace tidings::inline v0::providers::wecom {

TIDINGS_DECL failure callback_failure(errc e, std::string why, remedy_text const& remedy)
{
    auto facts = tidings::detail::new_facts();
    facts->platform = "wecom";
    facts->operation = "receive callback";
    facts->detail = std::move(why);
    facts->remedy = &remedy;
    return {e, std::move(facts)};
}

TIDINGS_DECL std::optional<std::chrono::system_clock::time_point> callback_parameters::signed_at() const noexcept
{
    return tidings::detail::read_unix_seconds(timestamp);
}

TIDINGS_DECL std::optional<std::chrono::seconds> callback_parameters::age(
    std::chrono::system_clock::time_point now) const noexcept
{
    auto const then = signed_at();
    if (!then)
        return {};
    return std::chrono::floor<std::chrono::seconds>(now - *then);
}

TIDINGS_DECL result<callback_parameters> callback_parameters::from_query(std::string_view query)
{
    constexpr std::size_t max_length = 8192;
    if (query.size() > max_length)
        return malformed("the query is longer than 8 KiB");
    callback_parameters out;
    std::array<field, 4> fields{field{"msg_signature", &out.signature}, field{"timestamp", &out.timestamp},
                                field{"nonce", &out.nonce}, field{"echostr", &out.echo}};
    while (!query.empty())
    {
        auto const item = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), item.size() + 1));
        auto const equals = std::min(item.size(), item.find('='));
        auto const name = decoded(item.substr(0, equals));
        auto value = decoded(item.substr(std::min(item.size(), equals + 1)));
        if (!name || !value)
            return malformed("a percent sign in the query is not followed by two hexadecimal digits");
        for (auto& f : fields)
        {
            if (*name != f.name)
                continue;
            if (f.seen)
                return malformed("the query has one parameter twice");
            f.seen = true;
            *f.value = std::move(*value);
            break;
        }
    }
    return out;
}

TIDINGS_DECL failure callback_parameters::malformed(std::string_view why)
{
    return callback_failure(errc::protocol_error, std::string(why), callback_remedies::foreign);
}

TIDINGS_DECL int callback_parameters::digit(char c) noexcept
{
    if (c >= '0' && c <= '9')
        return c - '0';
    auto const lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

TIDINGS_DECL std::optional<std::string> callback_parameters::decoded(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i != text.size(); ++i)
    {
        if (text[i] != '%')
        {
            out += text[i];
            continue;
        }
        if (text.size() - i < 3)
            return {};
        auto const high = digit(text[i + 1]);
        auto const low = digit(text[i + 2]);
        if (high < 0 || low < 0)
            return {};
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return out;
}

TIDINGS_DECL std::optional<std::string_view> callback_envelope::only(std::string_view wanted) noexcept
{
    std::optional<std::string_view> found;
    if (!open_root())
        return {};
    for (skip_blanks(); !take("</xml>"); skip_blanks())
    {
        auto const name = open_tag();
        if (name.empty())
            return {};
        bool const is_wanted = name == wanted;
        if (is_wanted && found)
            return {};
        auto const text = content(is_wanted);
        if (!text || !take("</") || !take(name) || !take(">"))
            return {};
        if (is_wanted)
            found = text;
    }
    skip_blanks();
    if (!rest_.empty() || !found || found->empty())
        return {};
    return found;
}

TIDINGS_DECL std::optional<std::string_view> callback_envelope::first(std::string_view wanted) noexcept
{
    if (!open_root())
        return {};
    for (skip_blanks(); !take("</xml>"); skip_blanks())
    {
        auto const name = open_tag();
        auto const text = name.empty() ? std::nullopt : content(name == wanted);
        if (!text || !take("</") || !take(name) || !take(">"))
            return {};
        if (name == wanted)
            return text;
    }
    return {};
}

TIDINGS_DECL bool callback_envelope::open_root() noexcept
{
    take("\xef\xbb\xbf");
    skip_blanks();
    if (take("<?xml "))
    {
        auto const end = rest_.find("?>");
        if (end == rest_.npos || rest_.substr(0, end).find_first_of("<>") != rest_.npos)
            return false;
        rest_.remove_prefix(end + 2);
        skip_blanks();
    }
    return take("<xml>");
}

TIDINGS_DECL std::string_view callback_envelope::trimmed(std::string_view text) noexcept
{
    text.remove_prefix(std::min(text.size(), text.find_first_not_of(blanks)));
    text.remove_suffix(text.empty() ? 0 : text.size() - text.find_last_not_of(blanks) - 1);
    return text;
}

TIDINGS_DECL bool callback_envelope::take(std::string_view token) noexcept
{
    bool const there = rest_.starts_with(token);
    if (there)
        rest_.remove_prefix(token.size());
    return there;
}

TIDINGS_DECL std::string_view callback_envelope::open_tag() noexcept
{
    constexpr std::string_view of_names = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
    if (!take("<"))
        return {};
    auto const name = rest_.substr(0, rest_.find_first_not_of(of_names));
    rest_.remove_prefix(name.size());
    return take(">") ? name : std::string_view{};
}

TIDINGS_DECL std::optional<std::string_view> callback_envelope::content(bool exact) noexcept
{
    constexpr std::string_view open = "<![CDATA[";
    constexpr std::string_view close = "]]>";
    std::string_view plain;
    std::optional<std::string_view> section;
    for (;;)
    {
        auto const run = rest_.substr(0, rest_.find('<'));
        rest_.remove_prefix(run.size());
        if (run.find(close) != run.npos)
            return {};
        auto const text = trimmed(run);
        if (!text.empty())
        {
            if (exact && (section || text.find('&') != text.npos))
                return {};
            plain = text;
        }
        if (!take(open))
            break;
        auto const end = rest_.find(close);
        if (end == rest_.npos || (exact && (section || !plain.empty())))
            return {};
        section = rest_.substr(0, end);
        rest_.remove_prefix(end + close.size());
    }
    return section ? *section : plain;
}

TIDINGS_DECL std::optional<std::chrono::system_clock::time_point> event_time(std::string_view event) noexcept
{
    auto const text = callback_envelope(event).first("CreateTime");
    return text ? tidings::detail::read_unix_seconds(*text) : std::nullopt;
}

TIDINGS_DECL callback::callback(secret token, secret const& encoding_aes_key, std::string receive_id)
    : token_(std::move(token)), receive_id_(std::move(receive_id))
{
    constexpr std::size_t characters = 43;
    if (encoding_aes_key.reveal().size() != characters)
        return;
    tidings::detail::wiped_string padded;
    padded += encoding_aes_key.reveal();
    padded += '=';
    auto decoded = tidings::detail::base64_decode(padded, tidings::detail::spare_bits::any);
    if (decoded && decoded->size() == tidings::detail::aes_256_key)
        key_ = std::move(*decoded);
}

TIDINGS_DECL result<void> callback::check() const
{
    constexpr std::size_t max_length = 256;
    if (auto const valid = tidings::detail::check_setting(token_.reveal(), "token", max_length); !valid)
        return valid;
    if (key_.empty())
        return tidings::detail::refuse("EncodingAESKey", "is not 43 characters of base64", errc::invalid_argument);
    return tidings::detail::check_setting(receive_id_, "receive id", max_length);
}

TIDINGS_DECL result<std::string> callback::verify_url(std::string_view msg_signature, std::string_view timestamp,
                                                      std::string_view nonce, std::string_view echostr) const
{
    return opened(msg_signature, timestamp, nonce, echostr);
}

TIDINGS_DECL result<std::string> callback::verify_url(std::string_view raw_query) const
{
    auto const given = callback_parameters::from_query(raw_query);
    if (!given)
        return given.error();
    return verify_url(given->signature, given->timestamp, given->nonce, given->echo);
}

TIDINGS_DECL result<std::string> callback::decrypt(std::string_view msg_signature, std::string_view timestamp,
                                                   std::string_view nonce, std::string_view body) const
{
    if (body.size() > max_body)
        return foreign("the body is too long");
    auto const encrypted = callback_envelope(body).only("Encrypt");
    if (!encrypted)
        return foreign("the body is not XML with one member Encrypt");
    return opened(msg_signature, timestamp, nonce, *encrypted);
}

TIDINGS_DECL result<std::string> callback::decrypt(std::string_view raw_query, std::string_view body) const
{
    auto const given = callback_parameters::from_query(raw_query);
    if (!given)
        return given.error();
    return decrypt(given->signature, given->timestamp, given->nonce, body);
}

TIDINGS_DECL result<std::string> callback::reply(std::string_view text, std::string_view timestamp,
                                                 std::string_view nonce) const
{
    auto const random = tidings::detail::random_bytes(random_size);
    if (!random)
        return random.error();
    return reply(text, timestamp, nonce, tidings::detail::view_of(*random));
}

TIDINGS_DECL result<std::string> callback::reply(std::string_view text, std::string_view timestamp,
                                                 std::string_view nonce, std::string_view random16) const
{
    if (auto const valid = check(); !valid)
        return valid.error();
    if (text.size() > max_body)
        return tidings::detail::refuse("reply", "is too long", errc::invalid_argument);
    if (!is_timestamp(timestamp))
        return tidings::detail::refuse("timestamp", "is not 1 to 20 digits", errc::invalid_argument);
    if (!is_nonce(nonce, max_nonce))
        return tidings::detail::refuse("nonce", "is not 1 to 128 letters, digits, '-', '_' or '.'",
                                       errc::invalid_argument);
    if (random16.size() != random_size)
        return tidings::detail::refuse("randomness", "is not 16 bytes", errc::invalid_argument);

    tidings::detail::wiped_bytes plain(random16.begin(), random16.end());
    for (unsigned const shift : {24u, 16u, 8u, 0u})
        plain.push_back(static_cast<char>(text.size() >> shift & 0xff));
    plain.insert(plain.end(), text.begin(), text.end());
    plain.insert(plain.end(), receive_id_.begin(), receive_id_.end());
    tidings::detail::pad(plain, padding_block);
    auto const bytes = tidings::detail::aes_256_cbc_encrypt(key(), iv(), tidings::detail::view_of(plain));
    if (!bytes)
        return bytes.error();
    auto const encrypted = tidings::detail::base64_encode(tidings::detail::view_of(*bytes));
    auto const signature = signature_of(timestamp, nonce, encrypted);
    if (!signature)
        return signature.error();

    std::string out("<xml><Encrypt><![CDATA[");
    out += encrypted;
    out += "]]></Encrypt><MsgSignature><![CDATA[";
    out += *signature;
    out += "]]></MsgSignature><TimeStamp>";
    out += timestamp;
    out += "</TimeStamp><Nonce><![CDATA[";
    out += nonce;
    out += "]]></Nonce></xml>";
    return out;
}

TIDINGS_DECL failure callback::foreign(std::string_view why)
{
    return callback_failure(errc::protocol_error, std::string(why), callback_remedies::foreign);
}

TIDINGS_DECL failure callback::unlike_settings(std::string_view why)
{
    return callback_failure(errc::protocol_error, std::string(why), callback_remedies::settings);
}

TIDINGS_DECL bool callback::is_nonce(std::string_view text, std::size_t max_length) noexcept
{
    return !text.empty() && text.size() <= max_length && tidings::detail::is_alphanumeric(text, "-_.");
}

TIDINGS_DECL bool callback::is_timestamp(std::string_view text) noexcept
{
    constexpr std::size_t max_length = 20;
    return !text.empty() && text.size() <= max_length &&
           std::all_of(text.begin(), text.end(), tidings::detail::is_digit);
}

TIDINGS_DECL result<std::string> callback::signature_of(std::string_view timestamp, std::string_view nonce,
                                                        std::string_view encrypted) const
{
    std::array<std::string_view, 4> parts{token_.reveal(), timestamp, nonce, encrypted};
    std::sort(parts.begin(), parts.end());
    return tidings::detail::sha1_hex({parts[0], parts[1], parts[2], parts[3]});
}

TIDINGS_DECL result<std::string> callback::opened(std::string_view given_signature, std::string_view timestamp,
                                                  std::string_view nonce, std::string_view encrypted) const
{
    if (auto const valid = check(); !valid)
        return valid.error();
    if (given_signature.empty() || timestamp.empty() || nonce.empty() || encrypted.empty())
        return foreign("a parameter is missing");
    if (!tidings::detail::read_unix_seconds(timestamp) || !is_nonce(nonce, max_received_nonce) ||
        encrypted.size() > max_body)
        return foreign("a parameter is malformed or too long");
    auto const signature = signature_of(timestamp, nonce, encrypted);
    if (!signature)
        return signature.error();
    if (!tidings::detail::equal_in_constant_time(*signature, given_signature))
        return encrypted.find(' ') == encrypted.npos
                   ? unlike_settings("the signature differs")
                   : foreign("the signature differs; a plus sign became a blank when the query was decoded");

    auto const bytes = tidings::detail::base64_decode(encrypted);
    if (!bytes || bytes->empty() || bytes->size() % padding_block != 0)
        return foreign("the encrypted text is not base64 of whole blocks");
    auto const plain = tidings::detail::aes_256_cbc_decrypt(key(), iv(), tidings::detail::view_of(*bytes));
    if (!plain)
        return plain.error();
    auto text = tidings::detail::view_of(*plain);
    auto const size = tidings::detail::unpadded_size(text, padding_block);
    if (!size)
        return unlike_settings("it cannot be decrypted: the EncodingAESKey differs");
    text = text.substr(0, *size);

    constexpr auto head = random_size + length_size;
    if (text.size() < head)
        return unlike_settings("the decrypted text is too short");
    std::uint32_t length = 0;
    for (char const c : text.substr(random_size, length_size))
        length = length << 8 | static_cast<unsigned char>(c);
    text.remove_prefix(head);
    if (length > text.size())
        return unlike_settings("the decrypted text is shorter than its length field");
    if (text.substr(length) != receive_id_)
        return unlike_settings("it is meant for another receiver");
    return std::string(text.substr(0, length));
}

} // namespace tidings::inline v0::providers::wecom

#endif
