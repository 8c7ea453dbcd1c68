// What a successful send brings back, and the key that makes it repeatable.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_RECEIPT_HPP
#define TIDINGS_RECEIPT_HPP

#include <tidings/detail/inline_string.hpp>
#include <tidings/detail/random_bytes.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::inline v0 {

/// Names one logical message to one person, so that repeating the request cannot deliver it twice.
///
/// Made once per message and repeated on every attempt. Keep it across a restart to make that safe too. Lark, Feishu
/// and WeCom remember it for an hour or longer; send again within half an hour of the first attempt.
class idempotency_key
{
public:
    /// A key of the caller's own. Different messages, and different recipients, need different keys.
    ///
    /// @param text  1 to 50 characters out of `!` to `~`. Checked when the message is sent.
    explicit idempotency_key(std::string_view text) : text_(text) {}

    /// A key that no one else has: a random UUID (RFC 9562, version 4). A child of a fork draws others than its parent.
    static idempotency_key random()
    {
        std::array<unsigned char, 16> bytes;
        detail::fill_random(bytes);
        bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0f) | 0x40); // the version
        bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3f) | 0x80); // the variant
        constexpr std::string_view digits = "0123456789abcdef";
        std::array<char, 36> text;
        std::size_t size = 0;
        for (std::size_t i = 0; i != bytes.size(); ++i)
        {
            if (i == 4 || i == 6 || i == 8 || i == 10)
                text[size++] = '-';
            text[size++] = digits[bytes[i] >> 4];
            text[size++] = digits[bytes[i] & 0xf];
        }
        return idempotency_key(std::string_view(text.data(), text.size()));
    }

    std::string_view view() const noexcept { return text_; }

private:
    detail::inline_string text_;
};

/// The platform has accepted the message.
class receipt
{
public:
    receipt() noexcept = default;
    receipt(std::string_view message_id, std::string_view person_id, unsigned attempts)
        : message_id_(message_id), person_id_(person_id), attempts_(attempts)
    {
    }
    /// A receipt made from stored values, for `recall` and `readers`. DingTalk needs all three for a message to a chat.
    ///
    /// @param message_id      The value of `message_id()`.
    /// @param recipient_type  The value of `recipient_type()`, at most 255 bytes.
    /// @param person_id       The value of `person_id()`.
    /// @param attempts        The value of `attempts()`, if it was stored.
    receipt(std::string_view message_id, std::string_view recipient_type, std::string_view person_id,
            unsigned attempts = 0)
        : message_id_(message_id), person_id_(recipient_type.substr(0, max_type), person_id), attempts_(attempts),
          person_start_(static_cast<std::uint8_t>(std::min(recipient_type.size(), max_type)))
    {
    }

    /// The platform's id of the message: printable ASCII. Empty when the platform accepted the message and named none,
    /// or one that cannot be one: with other characters, or with an access token in it.
    std::string_view message_id() const noexcept { return message_id_; }

    /// The ids of the further messages of a long text that was divided, in order; empty otherwise.
    std::vector<std::string> const& further_parts() const noexcept { return further_; }
    void add_part(receipt const& part)
    {
        further_.emplace_back(part.message_id());
        attempts_ += part.attempts();
    }

    /// The id the message was addressed to: the platform's, or the address itself where that was used directly. Of a
    /// message to a chat, the chat's. As the platform or the caller wrote it; `printable_text` makes it safe to print.
    std::string_view person_id() const noexcept { return person_id_.view().substr(person_start_); }

    /// The type of that id, as `recipient::type()` has it: `open_id`, `chat_id`. Empty when it is not known.
    std::string_view recipient_type() const noexcept { return person_id_.view().substr(0, person_start_); }

    /// Requests made to send it, at least one.
    unsigned attempts() const noexcept { return attempts_; }

private:
    static constexpr std::size_t max_type = 255;

    detail::inline_string message_id_;
    detail::inline_string person_id_; // the type, then the id
    std::vector<std::string> further_;
    unsigned attempts_ = 0;
    std::uint8_t person_start_ = 0;
};

} // namespace tidings::inline v0

#endif
