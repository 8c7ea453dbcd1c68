// What Lark and Feishu send to the address that an application receives events at.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_CALLBACK_LARK_HPP
#define TIDINGS_CALLBACK_LARK_HPP

#include <tidings/detail/address.hpp>
#include <tidings/detail/crypto.hpp>
#include <tidings/provider/lark/brand.hpp>
#include <tidings/secret.hpp>
#include <tidings/wire/json_reader.hpp>
#include <tidings/wire/json_writer.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace tidings::lark_wire {

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

    std::string timestamp; ///< `X-Lark-Request-Timestamp`: seconds since 1970. Signed, so its age may be looked at.
    std::string nonce;     ///< `X-Lark-Request-Nonce`
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

    /// `im.message.message_read_v1` and the like; `url_verification` for the question above; empty when the platform
    /// does not say.
    std::string_view type() const noexcept { return type_; }

    /// The same when the platform repeats the event: compare it with those already seen. Empty for a verification.
    std::string_view id() const noexcept { return id_; }

    /// All that the platform says: one JSON object. It has the Verification Token in it.
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
    bool verification_ = false;
};

/// Reads the callbacks of one Lark or Feishu application: a pure function of bytes, without a network.
///
/// With an Encrypt Key every event is encrypted and signed, and what is not signed is believed only if it is the
/// verification of the address, which the platform does not sign. Without one there is only the Verification Token,
/// which stands in every event: enough behind HTTPS.
///
/// Nothing is remembered: the platform repeats an event that was not answered within 3 s up to four times, and a
/// request that somebody recorded verifies again. Compare `callback_event::id()` with those already seen.
///
/// @par Thread safety  Distinct objects: safe. Shared objects: safe for reading, which is all that is done after
///                     construction.
///
/// Source: "Receive events" and "Configure Encrypt Key" of the platforms, and their own SDKs.
class callback
{
public:
    /// The longest body that is read, in bytes.
    static constexpr std::size_t longest_body = std::size_t{1} << 20;

    /// @param platform            `lark_brand` or `feishu_brand`; outlives the callback. The wire is the same, the
    /// words
    ///                            of a failure differ.
    /// @param encrypt_key         As in the console; empty when none is set there.
    /// @param verification_token  As in the console; empty: not compared. One of the two must be there, for otherwise
    ///                            anybody could send events.
    callback(brand const& platform, secret encrypt_key, secret verification_token)
        : platform_(&platform), encrypt_key_(std::move(encrypt_key)), token_(std::move(verification_token))
    {
    }

    /// Success, or `errc::invalid_argument` that says which setting is not usable.
    result<void> check() const
    {
        constexpr std::size_t longest = 256;
        if (encrypt_key_.empty() && token_.empty())
            return tidings::detail::fail(errc::invalid_argument,
                                         "neither an Encrypt Key nor a Verification Token is set: anybody could send "
                                         "events");
        if (!encrypt_key_.empty())
            if (auto const sound = tidings::detail::check_address(encrypt_key_.reveal(), "Encrypt Key", longest);
                !sound)
                return sound;
        if (token_.empty())
            return {};
        return tidings::detail::check_address(token_.reveal(), "Verification Token", longest);
    }

    /// Reads one request.
    ///
    /// @param headers  Those of the request.
    /// @param body     Its body as it came, to the byte, at most `longest_body`.
    /// @returns The event, or why it is none.
    ///
    /// @par Errors
    ///   `errc::invalid_argument`  a setting is not usable, as `check()` says
    ///   `errc::protocol_error`    the request is not the platform's, or not for these settings: the signature, the
    ///                             padding or the token differs, or a part is missing, malformed or too long. Answer
    ///                             403 to all alike.
    /// @par Exception safety  Throws only `std::bad_alloc`.
    result<callback_event> open(callback_headers const& headers, std::string_view body) const
    {
        if (auto const sound = check(); !sound)
            return sound.error();
        if (body.size() > longest_body)
            return foreign("the body is too long");
        if (encrypt_key_.empty())
            return open_plain(body);
        if (headers.signature.empty())
            return open_unsigned(body);

        constexpr std::size_t longest_header = 256;
        if (headers.timestamp.empty() || headers.nonce.empty())
            return foreign("a header of the signature is missing");
        if (headers.timestamp.size() > longest_header || headers.nonce.size() > longest_header)
            return foreign("a header of the signature is too long");
        auto const signature =
            tidings::detail::sha256_hex({headers.timestamp, headers.nonce, encrypt_key_.reveal(), body});
        if (!signature)
            return signature.error();
        if (!tidings::detail::equal_in_constant_time(*signature, headers.signature))
            return unlike_settings("the signature differs");
        return open_encrypted(body);
    }

private:
    /// What of a body is looked at. A member that stands there twice means something else to every reader.
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
        members said;
        if (!said.read(body))
            return foreign("the body is not one JSON object");
        if (said.has(members::encrypt))
            return unlike_settings("it is encrypted, and no Encrypt Key is set");
        return event_of(said, body);
    }

    result<callback_event> open_encrypted(std::string_view body) const
    {
        members outer;
        if (!outer.read(body))
            return foreign("the body is not one JSON object");
        if (!outer.has(members::encrypt))
            return unlike_settings("it is not encrypted, and an Encrypt Key is set");
        auto const bytes = tidings::detail::base64_decode(outer[members::encrypt]);
        constexpr auto block = tidings::detail::aes_block;
        if (!bytes || bytes->size() < 2 * block || bytes->size() % block != 0)
            return foreign("what is encrypted is not base64 of whole blocks");
        auto const key = tidings::detail::sha256({encrypt_key_.reveal()});
        if (!key)
            return key.error();
        auto const all = tidings::detail::view_of(*bytes);
        auto const plain = tidings::detail::aes_256_cbc_decrypt(tidings::detail::view_of(*key), all.substr(0, block),
                                                                all.substr(block));
        if (!plain)
            return plain.error();
        auto const text = tidings::detail::view_of(*plain);
        auto const size = tidings::detail::unpadded_size(text, block);
        if (!size)
            return unlike_settings("it cannot be decrypted: the Encrypt Key differs");
        members inner;
        if (!inner.read(text.substr(0, *size)))
            return foreign("what is encrypted is not one JSON object");
        return event_of(inner, text.substr(0, *size));
    }

    /// Only the verification of the address is not signed. Everybody can send what is not signed, so every refusal is
    /// the same one: what is wrong with the padding would help to decrypt events that somebody recorded.
    result<callback_event> open_unsigned(std::string_view body) const
    {
        auto event = open_encrypted(body);
        if (event.has_value() && event->is_url_verification())
            return event;
        return unlike_settings("it has no signature, and it is no verification of the address");
    }

    result<callback_event> event_of(members const& said, std::string_view json) const
    {
        // Schema 2.0 has a header; the first schema, and the verification of the address, have all at the root.
        bool const with_header = said[members::schema] == "2.0";
        auto const& token = said[with_header ? members::header_token : members::token];
        if (!token_.empty() && !tidings::detail::equal_in_constant_time(token_.reveal(), token))
            return unlike_settings("the Verification Token differs");
        callback_event out;
        out.verification_ = !with_header && said[members::type] == "url_verification";
        if (out.verification_)
        {
            if (said[members::challenge].empty())
                return foreign("the verification of the address has no challenge");
            out.challenge_ = said[members::challenge];
            out.type_ = said[members::type];
        }
        else
        {
            out.type_ = said[with_header ? members::header_type : members::event_type];
            out.id_ = said[with_header ? members::header_id : members::uuid];
        }
        out.json_ = json;
        return out;
    }

    brand const* platform_;
    secret encrypt_key_;
    secret token_;
};

} // namespace tidings::lark_wire

#endif
