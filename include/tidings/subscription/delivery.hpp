// One message to one person by one route, and what became of it.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SUBSCRIPTION_DELIVERY_HPP
#define TIDINGS_SUBSCRIPTION_DELIVERY_HPP

#include <tidings/detail/config.hpp>
#include <tidings/error.hpp>
#include <tidings/message/localized.hpp>
#include <tidings/message/notice.hpp>
#include <tidings/receipt.hpp>
#include <tidings/result.hpp>
#include <tidings/subscription/event_type.hpp>
#include <tidings/subscription/people.hpp>

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0::subscription {

namespace detail {

/// The remedy where the directory of people lacks what a route needs.
inline constexpr remedy_text enter_the_address{
    "Enter this address of the person in the directory of people, or correct it. Or choose a notification field of the "
    "channel that the person has.",
    "请在人员名录中填写或更正此人的该地址，或为该通道选择此人已有的通知字段。"};

} // namespace detail

/// Names the message about one event to one person by one route.
class delivery_id
{
public:
    delivery_id() = default;
    delivery_id(std::string event_id, std::string login_name, std::string route_name) noexcept
        : event(std::move(event_id)), person(std::move(login_name)), route(std::move(route_name))
    {
    }

    std::string event;  ///< `event::id`.
    std::string person; ///< The login name. Empty: a group gets the message.
    std::string route;  ///< "inbox", "personal:lark".

    /// The key under which the message is sent: the same on every machine and after every restart.
    TIDINGS_DECL idempotency_key key() const;

    friend bool operator==(delivery_id const&, delivery_id const&) noexcept = default;
    friend std::strong_ordering operator<=>(delivery_id const&, delivery_id const&) noexcept = default;
};

/// What a route delivers.
class notification
{
public:
    notification(person receiver, notice text, idempotency_key k) noexcept
        : to(std::move(receiver)), message(std::move(text)), key(std::move(k))
    {
    }

    person to;      ///< Of a person that the directory does not have: the login name alone. Of a group: empty.
    notice message; ///< In English and Chinese.
    /// Names this message to this receiver by this route. The same after every restart.
    idempotency_key key;
    language_tag language; ///< Of the receiver. Empty: not known.
    purpose wants = purpose::information;
    bool urgent = false;
    std::string link;                ///< Of the event. Empty: none, or there are several events.
    std::vector<std::string> events; ///< The ids of the events that the message is about: several in a digest.
    /// An attempt before was interrupted and may have delivered the message: under the same key.
    bool was_interrupted = false;
};

/// The title, the facts, the body and the links of a notice as plain text, a line each.
///
/// @param with_title  Whether the title is the first line.
TIDINGS_DECL std::string plain_text_of(notice const& message, language_tag const& language, bool with_title = false);

/// The same as a fragment of HTML, with every text escaped.
TIDINGS_DECL std::string html_of(notice const& message, language_tag const& language);

/// The same notice in fewer bytes, for a platform that takes no more: its longest texts are cut between two characters
/// and end in "…". Links stay whole, also where they are the footer.
///
/// @param max_bytes  Of UTF-8, of all texts and links together, in the longest language. A notice has more where its
///                   links and 16 bytes of each text have more.
TIDINGS_DECL notice shortened(notice const& message, std::size_t max_bytes);

/// What became of a message.
enum class delivery_status : std::uint8_t
{
    delivered,
    failed,
    unknown,     ///< It may have been delivered; it is not sent again.
    already,     ///< It was delivered before, or that was unknown before; or another dispatch is delivering it now.
    held,        ///< It is delivered later: quiet hours, or a digest.
    unconfigured ///< There is no such route. Counts as failed.
};

/// The name of an enumerator, as in the source.
constexpr std::string_view to_string(delivery_status s) noexcept
{
    switch (s)
    {
    case delivery_status::delivered: return "delivered";
    case delivery_status::failed: return "failed";
    case delivery_status::unknown: return "unknown";
    case delivery_status::already: return "already";
    case delivery_status::held: return "held";
    case delivery_status::unconfigured: return "unconfigured";
    }
    return "unknown";
}

/// The outcome of the message to one person by one route. A message to a group has one for each person that it concerns.
class delivery_outcome
{
public:
    delivery_outcome() = default;
    explicit delivery_outcome(delivery_id of) noexcept : id(std::move(of)) {}

    delivery_id id;
    delivery_status status = delivery_status::failed;
    std::string message_id;     ///< Of a message that was delivered now, where the route has ids.
    std::optional<failure> why; ///< Of a message that failed, is unknown or unconfigured.
    /// Of a message that is held: when it may be delivered.
    std::optional<std::chrono::sys_seconds> until;
};

} // namespace tidings::inline v0::subscription

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/subscription/impl/delivery.ipp>
#endif

#endif
