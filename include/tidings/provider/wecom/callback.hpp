// What WeCom sends to the address that an application receives messages at.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_WECOM_CALLBACK_HPP
#define TIDINGS_PROVIDER_WECOM_CALLBACK_HPP

#include <tidings/callback/freshness.hpp>
#include <tidings/detail/address.hpp>
#include <tidings/detail/ascii.hpp>
#include <tidings/detail/crypto.hpp>
#include <tidings/detail/failure.hpp>
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

namespace callback_remedies {

inline constexpr remedy_text settings{
    "Compare Token, EncodingAESKey and the corp id with those in WeCom's admin console: the application's page > "
    "Receive messages, and My company. If they are the same, the request is not WeCom's.",
    "请在企业微信管理后台核对应用“接收消息”页的 Token、EncodingAESKey 以及“我的企业”中的企业 "
    "ID。若一致，则该请求并非来自企业微信。"};
inline constexpr remedy_text foreign{
    "Refuse the request: it is not WeCom's, or something in between changed its address or its body.",
    "请拒绝该请求：它并非来自企业微信，或其地址、正文在途中被改动。"};

} // namespace callback_remedies

inline failure callback_failure(errc e, std::string why, remedy_text const& remedy)
{
    auto facts = tidings::detail::new_facts();
    facts->platform = "wecom";
    facts->operation = "receive callback";
    facts->detail = std::move(why);
    facts->remedy = &remedy;
    return {e, std::move(facts)};
}

/// The parameters that WeCom appends to the address of a callback, percent-decoded.
class callback_parameters
{
public:
    callback_parameters() = default;

    std::string signature; ///< `msg_signature`: 40 lower-case hexadecimal digits.
    std::string timestamp; ///< Seconds since 1970: ten digits. See `signed_at`.
    std::string nonce;     ///< 1 to 64 letters, digits, `-`, `_` and `.` that differ from request to request.
    std::string echo;      ///< `echostr`: only in the verification of the address, else empty.

    /// When WeCom signed the request; nothing when `timestamp` is not ten digits. Believe it only when `verify_url` or
    /// `decrypt` accepted the request, and check `event_time` of the event as well: the signature covers timestamp and
    /// nonce in sorted order and without a border, so digits of a recorded request's nonce may take the place of its
    /// timestamp. The text stays the same.
    std::optional<std::chrono::system_clock::time_point> signed_at() const noexcept
    {
        return tidings::detail::read_unix_seconds(timestamp);
    }

    /// How long ago WeCom signed the request; negative when that is in the future, nothing when `signed_at` is nothing.
    /// See `is_recent` and `max_callback_age` for what to compare it with.
    ///
    /// @param now  The time of this machine.
    std::optional<std::chrono::seconds> age(
        std::chrono::system_clock::time_point now = std::chrono::system_clock::now()) const noexcept
    {
        auto const then = signed_at();
        if (!then)
            return {};
        return std::chrono::floor<std::chrono::seconds>(now - *then);
    }

    /// Reads the query of a request's target.
    ///
    /// @param query  The unchanged text after `?`, at most 8 KiB. Parameters of other names are skipped. A `+` is a
    ///               plus sign: WeCom writes `%2B`, and if that was decoded already, base64 contains no blanks.
    /// @returns The parameters, missing ones empty; or `errc::protocol_error` if the query is too long, a percent sign
    ///              is not followed by two hexadecimal digits, or one of the four parameters occurs twice.
    static result<callback_parameters> from_query(std::string_view query)
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

private:
    struct field
    {
        field(std::string_view n, std::string* v) noexcept : name(n), value(v) {}

        std::string_view name;
        std::string* value;
        bool seen = false;
    };

    static failure malformed(std::string_view why)
    {
        return callback_failure(errc::protocol_error, std::string(why), callback_remedies::foreign);
    }
    static int digit(char c) noexcept
    {
        if (c >= '0' && c <= '9')
            return c - '0';
        auto const lower = static_cast<char>(c | 0x20);
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }
    static std::optional<std::string> decoded(std::string_view text)
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
};

/// The XML around an encrypted event: one `<xml>` with flat members. Nothing else of XML is needed, so nothing else is
/// understood: what has attributes, comments, a document type or members within members is refused, not guessed at.
class callback_envelope
{
public:
    explicit callback_envelope(std::string_view text) noexcept : rest_(text) {}

    /// The text of the one member `wanted`, which may be text or one CDATA section with blanks around it. Nothing when
    /// the document is not of the form above, or the member is missing, empty, there twice, or holds an entity.
    std::optional<std::string_view> only(std::string_view wanted) noexcept
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

    /// The text of the first member `wanted`, of a document that is of the form above up to there. For events that were
    /// decrypted: some have members within members further down.
    std::optional<std::string_view> first(std::string_view wanted) noexcept
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

private:
    static constexpr std::string_view blanks = " \t\r\n";

    bool open_root() noexcept
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
    static std::string_view trimmed(std::string_view text) noexcept
    {
        text.remove_prefix(std::min(text.size(), text.find_first_not_of(blanks)));
        text.remove_suffix(text.empty() ? 0 : text.size() - text.find_last_not_of(blanks) - 1);
        return text;
    }
    bool take(std::string_view token) noexcept
    {
        bool const there = rest_.starts_with(token);
        if (there)
            rest_.remove_prefix(token.size());
        return there;
    }
    void skip_blanks() noexcept { rest_.remove_prefix(std::min(rest_.size(), rest_.find_first_not_of(blanks))); }
    std::string_view open_tag() noexcept
    {
        constexpr std::string_view of_names = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
        if (!take("<"))
            return {};
        auto const name = rest_.substr(0, rest_.find_first_not_of(of_names));
        rest_.remove_prefix(name.size());
        return take(">") ? name : std::string_view{};
    }
    /// Up to the next tag. `exact`: one plain text without entities, or one CDATA section.
    std::optional<std::string_view> content(bool exact) noexcept
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

    std::string_view rest_;
};

/// When an event happened: its `CreateTime`, to the second; nothing if it has none of ten digits. It is encrypted and
/// signed with the event, and WeCom's repetitions, seconds later, have the same time.
///
/// @param event  The result of `callback::decrypt`.
inline std::optional<std::chrono::system_clock::time_point> event_time(std::string_view event) noexcept
{
    auto const text = callback_envelope(event).first("CreateTime");
    return text ? tidings::detail::read_unix_seconds(*text) : std::nullopt;
}

/// Reads the callbacks of one WeCom application, and writes replies: a function of bytes, without a network.
///
/// WeCom signs every request with the token, and encrypts its content with the key. Verify the callback address first:
/// the admin console asks this program to prove that it knows both before it accepts the address, and a trusted IP can
/// be entered only after that.
///
/// The object remembers nothing: WeCom repeats an event that was not answered within 5 s up to three times, and a
/// recorded request verifies again. Check `is_recent(event_time(event))`, and keep `MsgId` (or the whole event, if it
/// has none) in a `replay_memory`.
///
/// @par Errors of every operation that reads a request
///   `errc::invalid_argument`  a setting is not valid, as for `check()`
///   `errc::protocol_error`    the request is not WeCom's, or not for these settings: the signature, the padding or the
///                             receiver differs, or a part is missing, malformed or too long. Answer 403 with an empty
///                             body to each of them; the text is for the administrator's log.
/// @par Exception safety  Throws only `std::bad_alloc`.
/// @par Thread safety     Distinct objects: safe. Shared objects: safe, because only the constructor writes.
///
/// Source: "Encryption and decryption" (90968) and "Receiving messages" (90930, 90238) of WeCom's developer centre.
class callback
{
public:
    /// The longest body that is read, and the longest text that is encrypted, in bytes.
    static constexpr std::size_t max_body = std::size_t{1} << 20;

    /// @param token             As entered in the admin console.
    /// @param encoding_aes_key  EncodingAESKey: 43 characters of base64.
    /// @param receive_id        Whom the platform means: of an application of one's own company, the corp id.
    callback(secret token, secret const& encoding_aes_key, std::string receive_id)
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

    /// Success, or `errc::invalid_argument` with the setting that is not valid.
    result<void> check() const
    {
        constexpr std::size_t max_length = 256;
        if (auto const valid = tidings::detail::check_setting(token_.reveal(), "token", max_length); !valid)
            return valid;
        if (key_.empty())
            return tidings::detail::refuse("EncodingAESKey", "is not 43 characters of base64", errc::invalid_argument);
        return tidings::detail::check_setting(receive_id_, "receive id", max_length);
    }

    /// Verifies the address when the admin console asks for it: a GET with `echostr`.
    ///
    /// @param msg_signature, timestamp, nonce, echostr  The parameters of the request, percent-decoded once.
    /// @returns The text to answer with status 200 within a second, and nothing around it: no quotes, no line end.
    result<std::string> verify_url(std::string_view msg_signature, std::string_view timestamp, std::string_view nonce,
                                   std::string_view echostr) const
    {
        return opened(msg_signature, timestamp, nonce, echostr);
    }

    /// The same for the query of the request as it came; see `callback_parameters::from_query`.
    result<std::string> verify_url(std::string_view raw_query) const
    {
        auto const given = callback_parameters::from_query(raw_query);
        if (!given)
            return given.error();
        return verify_url(given->signature, given->timestamp, given->nonce, given->echo);
    }

    /// Reads one event: a POST whose body is XML.
    ///
    /// @param msg_signature, timestamp, nonce  The parameters of the request, percent-decoded once.
    /// @param body                             Unchanged, at most `max_body` bytes.
    /// @returns The event: XML again, whose members depend on its `MsgType` and `Event`. An empty answer with status
    ///              200 within 5 s accepts it; `reply` makes an answer with content.
    result<std::string> decrypt(std::string_view msg_signature, std::string_view timestamp, std::string_view nonce,
                                std::string_view body) const
    {
        if (body.size() > max_body)
            return foreign("the body is too long");
        auto const encrypted = callback_envelope(body).only("Encrypt");
        if (!encrypted)
            return foreign("the body is not XML with one member Encrypt");
        return opened(msg_signature, timestamp, nonce, *encrypted);
    }

    /// The same for the query of the request as it came; see `callback_parameters::from_query`.
    result<std::string> decrypt(std::string_view raw_query, std::string_view body) const
    {
        auto const given = callback_parameters::from_query(raw_query);
        if (!given)
            return given.error();
        return decrypt(given->signature, given->timestamp, given->nonce, body);
    }

    /// Encrypts and signs what to answer an event with.
    ///
    /// @param text       The reply, XML, at most `max_body` bytes; see WeCom's page on passive replies.
    /// @param timestamp  Seconds since 1970: 1 to 20 digits. The one of the request will do.
    /// @param nonce      1 to 128 letters, digits, `-`, `_` or `.`. The one of the request will do.
    /// @returns The body of the answer; or `errc::invalid_argument` when a parameter or a setting is not usable.
    result<std::string> reply(std::string_view text, std::string_view timestamp, std::string_view nonce) const
    {
        auto const random = tidings::detail::random_bytes(random_size);
        if (!random)
            return random.error();
        return reply(text, timestamp, nonce, tidings::detail::view_of(*random));
    }

    /// The same with given randomness, so that a test knows the result.
    ///
    /// @param text       As above.
    /// @param timestamp  As above.
    /// @param nonce      As above.
    /// @param random16   Exactly 16 bytes that no one can guess.
    result<std::string> reply(std::string_view text, std::string_view timestamp, std::string_view nonce,
                              std::string_view random16) const
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

private:
    // PKCS#7, but to twice the block of AES: a library's own unpadding refuses it.
    static constexpr std::size_t padding_block = 32;
    static constexpr std::size_t random_size = 16;
    static constexpr std::size_t length_size = 4;
    static constexpr std::size_t max_nonce = 128;
    static constexpr std::size_t max_received_nonce = 64; // WeCom's have up to 16

    static failure foreign(std::string_view why)
    {
        return callback_failure(errc::protocol_error, std::string(why), callback_remedies::foreign);
    }
    static failure unlike_settings(std::string_view why)
    {
        return callback_failure(errc::protocol_error, std::string(why), callback_remedies::settings);
    }
    static bool is_nonce(std::string_view text, std::size_t max_length) noexcept
    {
        return !text.empty() && text.size() <= max_length && tidings::detail::is_alphanumeric(text, "-_.");
    }
    static bool is_timestamp(std::string_view text) noexcept
    {
        constexpr std::size_t max_length = 20;
        return !text.empty() && text.size() <= max_length &&
               std::all_of(text.begin(), text.end(), tidings::detail::is_digit);
    }

    std::string_view key() const noexcept { return tidings::detail::view_of(key_); }
    std::string_view iv() const noexcept { return key().substr(0, tidings::detail::aes_block); }

    result<std::string> signature_of(std::string_view timestamp, std::string_view nonce,
                                     std::string_view encrypted) const
    {
        std::array<std::string_view, 4> parts{token_.reveal(), timestamp, nonce, encrypted};
        std::sort(parts.begin(), parts.end());
        return tidings::detail::sha1_hex({parts[0], parts[1], parts[2], parts[3]});
    }

    /// The signature comes first: what is not signed is not decrypted, so its padding tells nobody anything. The hash
    /// has no borders between its four parts. The forms that are accepted are so narrow that the ciphertext stays the
    /// one that was signed; timestamp and nonce may exchange digits, see `callback_parameters::signed_at`.
    result<std::string> opened(std::string_view given_signature, std::string_view timestamp, std::string_view nonce,
                               std::string_view encrypted) const
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

    secret token_;
    tidings::detail::wiped_bytes key_; // empty: the setting was not usable
    std::string receive_id_;
};

} // namespace tidings::inline v0::providers::wecom

#endif
