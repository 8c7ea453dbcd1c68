// What WeCom sends to the address that an application receives messages at.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_WECOM_CALLBACK_HPP
#define TIDINGS_PROVIDER_WECOM_CALLBACK_HPP

#include <tidings/callback/freshness.hpp>
#include <tidings/detail/address.hpp>
#include <tidings/detail/ascii.hpp>
#include <tidings/detail/config.hpp>
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

inline constexpr tidings::detail::stored_remedy settings{
    "Compare Token, EncodingAESKey and the corp id with those in WeCom's admin console: the application's page > "
    "Receive messages, and My company. If they are the same, the request is not WeCom's.",
    "请在企业微信管理后台核对应用“接收消息”页的 Token、EncodingAESKey 以及“我的企业”中的企业 "
    "ID。若一致，则该请求并非来自企业微信。"};
inline constexpr tidings::detail::stored_remedy foreign{
    "Refuse the request: it is not WeCom's, or something in between changed its address or its body.",
    "请拒绝该请求：它并非来自企业微信，或其地址、正文在途中被改动。"};

} // namespace callback_remedies

TIDINGS_DECL failure callback_failure(errc e, std::string why, remedy_text const& remedy);

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
    std::optional<std::chrono::system_clock::time_point> signed_at() const noexcept;

    /// How long ago WeCom signed the request; negative when that is in the future, nothing when `signed_at` is nothing.
    /// See `is_recent` and `max_callback_age` for what to compare it with.
    ///
    /// @param now  The time of this machine.
    std::optional<std::chrono::seconds> age(
        std::chrono::system_clock::time_point now = std::chrono::system_clock::now()) const noexcept;

    /// Reads the query of a request's target.
    ///
    /// @param query  The unchanged text after `?`, at most 8 KiB. Parameters of other names are skipped. A `+` is a
    ///               plus sign: WeCom writes `%2B`, and if that was decoded already, base64 contains no blanks.
    /// @returns The parameters, missing ones empty; or `errc::protocol_error` if the query is too long, a percent sign
    ///              is not followed by two hexadecimal digits, or one of the four parameters occurs twice.
    static result<callback_parameters> from_query(std::string_view query);

private:
    struct field
    {
        field(std::string_view n, std::string* v) noexcept : name(n), value(v) {}

        std::string_view name;
        std::string* value;
        bool seen = false;
    };

    static failure malformed(std::string_view why);
    static int digit(char c) noexcept;
    static std::optional<std::string> decoded(std::string_view text);
};

/// The XML around an encrypted event: one `<xml>` with flat members. Nothing else of XML is needed, so nothing else is
/// understood: what has attributes, comments, a document type or members within members is refused, not guessed at.
class callback_envelope
{
public:
    explicit callback_envelope(std::string_view text) noexcept : rest_(text) {}

    /// The text of the one member `wanted`, which may be text or one CDATA section with blanks around it. Nothing when
    /// the document is not of the form above, or the member is missing, empty, there twice, or holds an entity.
    std::optional<std::string_view> only(std::string_view wanted) noexcept;

    /// The text of the first member `wanted`, of a document that is of the form above up to there. For events that were
    /// decrypted: some have members within members further down.
    std::optional<std::string_view> first(std::string_view wanted) noexcept;

private:
    static constexpr std::string_view blanks = " \t\r\n";

    bool open_root() noexcept;
    static std::string_view trimmed(std::string_view text) noexcept;
    bool take(std::string_view token) noexcept;
    void skip_blanks() noexcept { rest_.remove_prefix(std::min(rest_.size(), rest_.find_first_not_of(blanks))); }
    std::string_view open_tag() noexcept;
    /// Up to the next tag. `exact`: one plain text without entities, or one CDATA section.
    std::optional<std::string_view> content(bool exact) noexcept;

    std::string_view rest_;
};

/// When an event happened: its `CreateTime`, to the second; nothing if it has none of ten digits. It is encrypted and
/// signed with the event, and WeCom's repetitions, seconds later, have the same time.
///
/// @param event  The result of `callback::decrypt`.
TIDINGS_DECL std::optional<std::chrono::system_clock::time_point> event_time(std::string_view event) noexcept;

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
    callback(secret token, secret const& encoding_aes_key, std::string receive_id);

    /// Success, or `errc::invalid_argument` with the setting that is not valid.
    result<void> check() const;

    /// Verifies the address when the admin console asks for it: a GET with `echostr`.
    ///
    /// @param msg_signature, timestamp, nonce, echostr  The parameters of the request, percent-decoded once.
    /// @returns The text to answer with status 200 within a second, and nothing around it: no quotes, no line end.
    result<std::string> verify_url(std::string_view msg_signature, std::string_view timestamp, std::string_view nonce,
                                   std::string_view echostr) const;

    /// The same for the query of the request as it came; see `callback_parameters::from_query`.
    result<std::string> verify_url(std::string_view raw_query) const;

    /// Reads one event: a POST whose body is XML.
    ///
    /// @param msg_signature, timestamp, nonce  The parameters of the request, percent-decoded once.
    /// @param body                             Unchanged, at most `max_body` bytes.
    /// @returns The event: XML again, whose members depend on its `MsgType` and `Event`. An empty answer with status
    ///              200 within 5 s accepts it; `reply` makes an answer with content.
    result<std::string> decrypt(std::string_view msg_signature, std::string_view timestamp, std::string_view nonce,
                                std::string_view body) const;

    /// The same for the query of the request as it came; see `callback_parameters::from_query`.
    result<std::string> decrypt(std::string_view raw_query, std::string_view body) const;

    /// Encrypts and signs what to answer an event with.
    ///
    /// @param text       The reply, XML, at most `max_body` bytes; see WeCom's page on passive replies.
    /// @param timestamp  Seconds since 1970: 1 to 20 digits. The one of the request will do.
    /// @param nonce      1 to 128 letters, digits, `-`, `_` or `.`. The one of the request will do.
    /// @returns The body of the answer; or `errc::invalid_argument` when a parameter or a setting is not usable.
    result<std::string> reply(std::string_view text, std::string_view timestamp, std::string_view nonce) const;

    /// The same with given randomness, so that a test knows the result.
    ///
    /// @param text       As above.
    /// @param timestamp  As above.
    /// @param nonce      As above.
    /// @param random16   Exactly 16 bytes that no one can guess.
    result<std::string> reply(std::string_view text, std::string_view timestamp, std::string_view nonce,
                              std::string_view random16) const;

private:
    // PKCS#7, but to twice the block of AES: a library's own unpadding refuses it.
    static constexpr std::size_t padding_block = 32;
    static constexpr std::size_t random_size = 16;
    static constexpr std::size_t length_size = 4;
    static constexpr std::size_t max_nonce = 128;
    static constexpr std::size_t max_received_nonce = 64; // WeCom's have up to 16

    static failure foreign(std::string_view why);
    static failure unlike_settings(std::string_view why);
    static bool is_nonce(std::string_view text, std::size_t max_length) noexcept;
    static bool is_timestamp(std::string_view text) noexcept;

    std::string_view key() const noexcept { return tidings::detail::view_of(key_); }
    std::string_view iv() const noexcept { return key().substr(0, tidings::detail::aes_block); }

    result<std::string> signature_of(std::string_view timestamp, std::string_view nonce,
                                     std::string_view encrypted) const;

    /// The signature comes first: what is not signed is not decrypted, so its padding tells nobody anything. The hash
    /// has no borders between its four parts. The forms that are accepted are so narrow that the ciphertext stays the
    /// one that was signed; timestamp and nonce may exchange digits, see `callback_parameters::signed_at`.
    result<std::string> opened(std::string_view given_signature, std::string_view timestamp, std::string_view nonce,
                               std::string_view encrypted) const;

    secret token_;
    tidings::detail::wiped_bytes key_; // empty: the setting was not usable
    std::string receive_id_;
};

} // namespace tidings::inline v0::providers::wecom

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/provider/wecom/impl/callback.ipp>
#endif

#endif
