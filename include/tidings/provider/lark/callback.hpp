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

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace tidings::inline v0::providers::lark {

namespace callback_remedies {

inline constexpr tidings::detail::stored_remedy settings{
    "Compare Encrypt Key and Verification Token with those in {console} > the application > Events & Callbacks > "
    "Encryption Strategy. If they are the same, the request is not the platform's.",
    "请核对 {console} > 应用 > 事件与回调 > 加密策略 中的 Encrypt Key 和 Verification "
    "Token。若一致，则该请求并非来自平台。"};
inline constexpr tidings::detail::stored_remedy foreign{
    "Refuse the request: it is not the platform's, or something in between changed its headers or its body.",
    "请拒绝该请求：它并非来自平台，或其请求头、正文在途中被改动。"};

} // namespace callback_remedies

/// The headers of a callback that its signature needs; each empty when the request lacks it.
class callback_headers
{
public:
    callback_headers() = default;
    callback_headers(std::string_view timestamp_header, std::string_view nonce_header,
                     std::string_view signature_header);

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
        std::chrono::system_clock::time_point now = std::chrono::system_clock::now()) const noexcept;

    /// The whole event: one JSON object. It contains the Verification Token, so do not write it to a log.
    std::string_view json() const noexcept { return json_; }

    /// The body to answer a verification with, status 200, within a second: `{"challenge":"…"}`. Empty for everything
    /// else; that is answered with an empty 200 within 3 s.
    std::string challenge_reply() const;

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
    callback(brand const& platform, secret encrypt_key, secret verification_token);

    /// Success, or `errc::invalid_argument` with the setting that is not valid.
    result<void> check() const;

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
    result<callback_event> open(callback_headers const& headers, std::string_view body) const;

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

        bool read(std::string_view json);
        bool has(name n) const noexcept { return seen_[n]; }
        std::string const& operator[](name n) const noexcept { return values_[n]; }

        void on_scalar(std::string_view path, wire::json_scalar const& value) override;
        bool wants_text(std::string_view path) const override { return find(path) != count; }

    private:
        static std::size_t find(std::string_view path) noexcept;

        std::array<std::string, count> values_;
        std::array<bool, count> seen_{};
        bool twice_ = false;
    };

    failure make(std::string_view why, remedy_text const& remedy) const;
    failure foreign(std::string_view why) const { return make(why, callback_remedies::foreign); }
    failure unlike_settings(std::string_view why) const { return make(why, callback_remedies::settings); }

    result<callback_event> open_plain(std::string_view body) const;

    /// Decrypts the member `encrypt`, with its padding still there.
    result<tidings::detail::wiped_bytes> decrypted(members const& outer) const;

    result<callback_event> open_encrypted(std::string_view body) const;

    /// Only the verification of the callback address is not signed, so an attacker can send unsigned requests made of
    /// blocks of recorded events. Until the plain text as a whole looks like a verification, every refusal is the same
    /// one after the same time. To get further, an attacker without the key needs at least one block of 16 bytes that
    /// happen to be of `is_verification_character`: one in 2^29. Then the failure may name the difference.
    result<callback_event> open_unsigned(std::string_view body) const;

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
    static bool looks_like_verification(std::string_view text) noexcept;

    /// Whether there are a challenge, a token and a type, and nothing else: three names and three texts have twelve
    /// quotes, and there are no backslashes.
    static bool is_exactly_verification(members const& values, std::string_view json) noexcept;

    /// Challenges of the platforms are random letters and digits, or a UUID.
    static bool is_challenge(std::string_view text) noexcept;

    static bool is_nonce(std::string_view text) noexcept;

    static constexpr std::string_view in_the_clear = "it is in the clear: an Encrypt Key is set here, and none in the "
                                                     "console";

    result<callback_event> event_of(members const& values, std::string_view json) const;

    brand const* platform_;
    secret encrypt_key_;
    secret token_;
};

} // namespace tidings::inline v0::providers::lark

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/provider/lark/impl/callback.ipp>
#endif

#endif
