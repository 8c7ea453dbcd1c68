// One event of a workflow, and the message about it.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SUBSCRIPTION_EVENT_HPP
#define TIDINGS_SUBSCRIPTION_EVENT_HPP

#include <tidings/config/problem.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/message/notice.hpp>
#include <tidings/subscription/event_type.hpp>
#include <tidings/subscription/people.hpp>
#include <tidings/subscription/subscriptions.hpp>

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0::subscription {

/// Something happened in a workflow. People are named by their login names.
class event
{
public:
    event() = default;

    /// Reads a JSON object with `id`, `type`, `node` and `subject`, which are required, `submitter`, `approvers`,
    /// `executor`, `data_owner`, `fields` and `link`.
    ///
    /// @param types  The set of event types.
    /// @param text   The document. `approvers` is a list, and `fields` an object with a text for each label,
    ///               up to 27. The subject and the labels must show something: blanks do not.
    /// @returns All problems at once, each with its JSON pointer.
    [[nodiscard]] static TIDINGS_DECL config::checked<event> parse(std::span<type_description const> types,
                                                                   std::string_view text);

    /// The document, on one line without a line break at its end; without the members that are empty. `parse` reads it
    /// back as an equal event, if this event is valid: each event that `parse` returned is. Of an event that a program
    /// filled in by itself, `parse(types, e.text(types))` finds everything that is wrong, such as two fields with the
    /// same label or text that is not UTF-8.
    ///
    /// @param types  The set of event types that `at` is a cell of.
    TIDINGS_DECL std::string text(std::span<type_description const> types) const;

    std::string id; ///< Given twice, it is the same event.
    cell at;        ///< Its type and node.
    std::string subject;
    std::string submitter;
    std::vector<std::string> approvers; ///< Empty: everybody who may approve.
    std::string executor;
    std::string data_owner;
    std::vector<std::pair<std::string, std::string>> fields; ///< Label and value, in this order.
    std::string link;                                        ///< `https://…` or `http://…`; empty: none.

    friend bool operator==(event const&, event const&) = default;
};

/// The people that an event concerns, each once: by their parts in it, then those that the subscription adds.
///
/// @param all   The directory. It answers who may approve, where the event names no approvers: people with the role
///              `approver`.
/// @returns Login names, also of people that the directory does not have.
TIDINGS_DECL std::vector<std::string> receivers_of(event const& what, subscriptions const& by, people const& all);

/// The message about an event, in English and Chinese: a title, the subject, the fields, and the link. A node that wants
/// action has a button; of another node the link is the footer.
///
/// A title that names people whom the event does not name has a gap: then it is "{type} {node}: {subject}".
///
/// @param all  For the names of people. May be null: login names are shown.
TIDINGS_DECL notice message_of(event const& what, std::span<type_description const> types, people const* all = nullptr);

/// The same for a user's own titles.
///
/// @param title  In place of the node's own.
TIDINGS_DECL notice message_of(event const& what, std::span<type_description const> types, people const* all,
                               headline const& title);

} // namespace tidings::inline v0::subscription

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/subscription/impl/event.ipp>
#endif

#endif
