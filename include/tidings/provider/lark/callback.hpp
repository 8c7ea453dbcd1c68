// What Lark and Feishu send to the address that an application receives events at.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_LARK_CALLBACK_HPP
#define TIDINGS_PROVIDER_LARK_CALLBACK_HPP

#include <tidings/callback/freshness.hpp>
#include <tidings/detail/address.hpp>
#include <tidings/detail/ascii.hpp>
#include <tidings/detail/crypto.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/provider/lark/brand.hpp>
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

namespace callback_remedies {

inline constexpr remedy_text settings{
    "Compare Encrypt Key and Verification Token with those in {console} > the application > Events & Callbacks > "
    "Encryption Strategy. If they are the same, the request is not the platform's.",
    "请核对 {console} > 应用 > 事件与回调 > 加密策略 中的 Encrypt Key 和 Verification "
    "Token。若一致，则该请求并非来自平台。"};
inline constexpr remedy_text foreign{
    "Refuse the request: it is not the platform's, or something in between changed its headers or its body.",
    "请拒绝该请求：它并非来自平台，或其请求头、正文在途中被改动。"};

} // namespace callback_remedies

/// The headers of a callback that its signature needs; each empty when the request lacks it.
class callback_headers
{
public:
    callback_headers() = default;
    callback_headers(std::string_view timestamp_header, std::string_view nonce_header,
                     std::string_view signature_header)
        : timestamp(timestamp_header), nonce(nonce_header), signature(signature_header)
    {
    }

    /// `X-Lark-Request-Timestamp`: seconds since 1970, ten digits; in some card callbacks a time such as
    /// `2026-10-04 18:23:46.052290112 +0800 CST m=+3612.1`. See `callback_event::signed_at`.
    std::string timestamp;
    std::string nonce;     ///< `X-Lark-Request-Nonce`: 1 to 128 visible characters of ASCII.
    std::string signature; ///< `X-Lark-Signature`: 64 lower-case hexadecimal digits.
};

/// One event, verified and decrypted.
///
/// @par Thread safety  Distinct objects: safe. Shared objects: safe for reading.
class callback_event
{
public:
    callback_event() = default;

    /// Whether the console asks if the address is ours: answer `challenge_reply()`, and hand nothing to the program.
    bool is_url_verification() const noexcept { return verification_; }

    /// `im.message.message_read_v1` and others; `url_verification` for the verification above; empty if the platform
    /// states none.
    std::string_view type() const noexcept { return type_; }

    /// The same when the platform repeats the event: compare it with those already seen. Empty for a verification.
    std::string_view id() const noexcept { return id_; }

    /// When the platform signed the request, to the second; nothing when it is not signed. The signature covers it.
    std::optional<std::chrono::system_clock::time_point> signed_at() const noexcept { return signed_at_; }

    /// How long ago the platform signed the request; negative when that is in the future, nothing when it is not
    /// signed. See `is_recent` and `max_callback_age` for what to compare it with.
    ///
    /// @param now  The time of this machine.
    std::optional<std::chrono::seconds> age(
        std::chrono::system_clock::time_point now = std::chrono::system_clock::now()) const noexcept
    {
        if (!signed_at_)
            return {};
        return std::chrono::floor<std::chrono::seconds>(now - *signed_at_);
    }

    /// The whole event: one JSON object. It contains the Verification Token, so do not write it to a log.
    std::string_view json() const noexcept { return json_; }

    /// The body to answer a verification with, status 200, within a second: `{"challenge":"…"}`. Empty for everything
    /// else; that is answered with an empty 200 within 3 s.
    std::string challenge_reply() const
    {
        if (!verification_)
            return {};
        tidings::detail::wiped_string out;
        wire::json_writer(out).open_object().member("challenge", challenge_).close_object();
        return std::string(out.view());
    }

private:
    friend class callback;

    std::string type_;
    std::string id_;
    std::string json_;
    std::string challenge_;
    std::optional<std::chrono::system_clock::time_point> signed_at_;
    bool verification_ = false;
};

/// Reads the callbacks of one Lark or Feishu application: a function of bytes, without a network.
///
/// With an Encrypt Key every event is encrypted and signed, and the signature is verified before anything is decrypted.
/// There is one exception: the verification of the callback address, which the platform encrypts and does not sign. A
/// request without a signature is decrypted if it has at most `max_unsigned_size` bytes of ciphertext, and accepted if
/// the plain text is exactly a verification: the members `challenge`, `token` and `type` and no others, the
/// Verification Token if one is set, and a challenge of 1 to 64 letters, digits, `-` and `_`. Neither the failure nor
/// the time shows whether the padding is right or where a text differs, so that no attacker can have recorded events
/// decrypted.
///
/// Without an Encrypt Key there is only the Verification Token, which is part of every event: enough behind HTTPS.
///
/// The object remembers nothing: the platform repeats an event that was not answered within 3 s up to four times, and a
/// recorded request verifies again. Check `is_recent(event.signed_at())`, and keep `callback_event::id()` in a
/// `replay_memory`.
///
/// @par Thread safety  Distinct objects: safe. Shared objects: safe, because only the constructor writes.
///
/// Source: "Receive events" and "Configure Encrypt Key" of the platforms, and their own SDKs.
class callback
{
public:
    /// The longest body that is read, in bytes.
    static constexpr std::size_t max_body = std::size_t{1} << 20;

    /// The longest ciphertext that is decrypted without a signature, in bytes. A real verification has about 200.
    static constexpr std::size_t max_unsigned_size = 1024;

    /// @param platform            `lark_brand` or `feishu_brand`; outlives the callback. They differ only in the texts
    ///                            of failures.
    /// @param encrypt_key         As in the console; empty when none is set there.
    /// @param verification_token  As in the console: letters and digits. Empty: not compared. One of the two must be
    ///                            there, for otherwise any program could send events.
    callback(brand const& platform, secret encrypt_key, secret verification_token)
        : platform_(&platform), encrypt_key_(std::move(encrypt_key)), token_(std::move(verification_token))
    {
    }

    /// Success, or `errc::invalid_argument` with the setting that is not valid.
    result<void> check() const
    {
        constexpr std::size_t max_length = 256;
        if (encrypt_key_.empty() && token_.empty())
            return make_failure(
                errc::invalid_argument,
                "neither an Encrypt Key nor a Verification Token is set: any program could send events");
        if (!encrypt_key_.empty())
            if (auto const valid = tidings::detail::check_setting(encrypt_key_.reveal(), "Encrypt Key", max_length);
                !valid)
                return valid;
        if (token_.empty())
            return {};
        return tidings::detail::check_setting(token_.reveal(), "Verification Token", max_length);
    }

    /// Reads one request.
    ///
    /// @param headers  The headers of the request.
    /// @param body     The unchanged bytes of its body, at most `max_body`.
    /// @returns The event, or why the request is not one.
    ///
    /// @par Errors
    ///   `errc::invalid_argument`  a setting is not valid, as for `check()`
    ///   `errc::protocol_error`    the request is not the platform's, or not for these settings: the signature, the
    ///           padding or
    ///                             the token differs, or a part is missing, malformed or too long. Answer 403 with an
    ///                             empty
    ///                             body to each of them; the text is for the administrator's log.
    /// @par Exception safety  Throws only `std::bad_alloc`.
    result<callback_event> open(callback_headers const& headers, std::string_view body) const
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
        auto const signature =
            tidings::detail::sha256_hex({headers.timestamp, headers.nonce, encrypt_key_.reveal(), body});
        if (!signature)
            return signature.error();
        if (!tidings::detail::equal_in_constant_time(*signature, headers.signature))
            return unlike_settings("the signature differs");
        auto event = open_encrypted(body);
        if (event.has_value())
            event->signed_at_ = *signed_at;
        return event;
    }

private:
    /// The members of a body that are used. A member that occurs twice is refused, because readers understand it
    /// differently.
    class members final : public wire::json_visitor
    {
    public:
        enum name : std::size_t
        {
            encrypt,
            schema,
            type,
            token,
            challenge,
            uuid,
            header_type,
            header_id,
            header_token,
            event_type,
            count
        };

        bool read(std::string_view json)
        {
            auto const first = json.find_first_not_of(" \t\r\n");
            return first != json.npos && json[first] == '{' && wire::read_json(json, *this) && !twice_;
        }
        bool has(name n) const noexcept { return seen_[n]; }
        std::string const& operator[](name n) const noexcept { return values_[n]; }

        void on_scalar(std::string_view path, wire::json_scalar const& value) override
        {
            auto const n = find(path);
            if (n == count)
                return;
            twice_ = twice_ || seen_[n];
            seen_[n] = true;
            values_[n] = value.text();
        }
        bool wants_text(std::string_view path) const override { return find(path) != count; }

    private:
        static std::size_t find(std::string_view path) noexcept
        {
            static constexpr std::array<std::string_view, count> paths{
                "encrypt",           "schema",          "type",         "token",     "challenge", "uuid",
                "header/event_type", "header/event_id", "header/token", "event/type"};
            std::size_t n = 0;
            while (n != count && paths[n] != path)
                ++n;
            return n;
        }

        std::array<std::string, count> values_;
        std::array<bool, count> seen_{};
        bool twice_ = false;
    };

    failure make(std::string_view why, remedy_text const& remedy) const
    {
        auto facts = tidings::detail::new_facts();
        facts->platform = platform_->name;
        facts->operation = "receive callback";
        facts->detail = why;
        facts->console = platform_->console;
        facts->remedy = &remedy;
        return {errc::protocol_error, std::move(facts)};
    }
    failure foreign(std::string_view why) const { return make(why, callback_remedies::foreign); }
    failure unlike_settings(std::string_view why) const { return make(why, callback_remedies::settings); }

    result<callback_event> open_plain(std::string_view body) const
    {
        members values;
        if (!values.read(body))
            return foreign("the body is not one JSON object");
        if (values.has(members::encrypt))
            return unlike_settings("it is encrypted, and no Encrypt Key is set");
        return event_of(values, body);
    }

    /// Decrypts the member `encrypt`, with its padding still there.
    result<tidings::detail::wiped_bytes> decrypted(members const& outer) const
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

    result<callback_event> open_encrypted(std::string_view body) const
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

    /// Only the verification of the callback address is not signed, so an attacker can send unsigned requests made of
    /// blocks of recorded events. Until the plain text as a whole looks like a verification, every refusal is the same
    /// one after the same time. To get further, an attacker without the key needs at least one block of 16 bytes that
    /// happen to be of `is_verification_character`: one in 2^29. Then the failure may name the difference.
    result<callback_event> open_unsigned(std::string_view body) const
    {
        constexpr std::string_view none =
            "it has no signature, and with this Encrypt Key it is not a verification of the "
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

    static constexpr unsigned is_verification_character(unsigned char c) noexcept
    {
        auto const between = [c](unsigned char first, unsigned char last) {
            return static_cast<unsigned>(static_cast<unsigned char>(c - first) <= last - first);
        };
        auto const is = [c](unsigned char other) { return static_cast<unsigned>(c == other); };
        return between('a', 'z') | between('A', 'Z') | between('0', '9') | is('-') | is('_') | is('{') | is('}') |
               is('"') | is(':') | is(',') | is(' ') | is('\t') | is('\r') | is('\n');
    }

    /// Whether a text of whole blocks is padded well, has nothing but the characters above, and has the value of `type`
    /// in it. Looks at every byte of any text, without a branch that depends on it: the time does not depend on the
    /// text.
    static bool looks_like_verification(std::string_view text) noexcept
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

    /// Whether there are a challenge, a token and a type, and nothing else: three names and three texts have twelve
    /// quotes, and there are no backslashes.
    static bool is_exactly_verification(members const& values, std::string_view json) noexcept
    {
        constexpr auto quotes = 12;
        return !values[members::challenge].empty() && !values[members::token].empty() &&
               !values[members::type].empty() && std::count(json.begin(), json.end(), '"') == quotes;
    }

    /// Challenges of the platforms are random letters and digits, or a UUID.
    static bool is_challenge(std::string_view text) noexcept
    {
        constexpr std::size_t max_length = 64;
        return !text.empty() && text.size() <= max_length && tidings::detail::is_alphanumeric(text, "-_");
    }

    static bool is_nonce(std::string_view text) noexcept
    {
        constexpr std::size_t max_length = 128;
        return text.size() <= max_length &&
               std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
    }

    static constexpr std::string_view in_the_clear = "it is in the clear: an Encrypt Key is set here, and none in the "
                                                     "console";

    result<callback_event> event_of(members const& values, std::string_view json) const
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

    brand const* platform_;
    secret encrypt_key_;
    secret token_;
};

} // namespace tidings::inline v0::providers::lark

#endif
