// Types of events and the nodes of their workflows, declared at compile time.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SUBSCRIPTION_EVENT_TYPE_HPP
#define TIDINGS_SUBSCRIPTION_EVENT_TYPE_HPP

#include <tidings/config/problem.hpp>
#include <tidings/subscription/text_template.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <span>
#include <string_view>
#include <type_traits>

namespace tidings::inline v0::subscription {

/// The part that a person has in an event.
enum class role : std::uint8_t
{
    submitter,
    approvers, ///< Those that the event names; if it names none, everybody who may approve.
    executor,
    data_owner
};

/// The names of roles in JSON.
inline constexpr std::string_view role_names[] = {"submitter", "approvers", "executor", "data_owner"};

/// A set of roles.
class roles
{
public:
    constexpr roles() noexcept = default;
    constexpr roles(role r) noexcept : bits_(bit(r)) {}
    constexpr roles(std::initializer_list<role> all) noexcept
    {
        for (auto const r : all)
            bits_ = static_cast<std::uint8_t>(bits_ | bit(r));
    }

    constexpr bool has(role r) const noexcept { return (bits_ & bit(r)) != 0; }
    constexpr bool empty() const noexcept { return bits_ == 0; }
    /// Whether all of `others` are in this set.
    constexpr bool includes(roles others) const noexcept { return (bits_ & others.bits_) == others.bits_; }

    friend constexpr roles operator|(roles a, roles b) noexcept
    {
        roles out;
        out.bits_ = static_cast<std::uint8_t>(a.bits_ | b.bits_);
        return out;
    }
    friend constexpr bool operator==(roles, roles) noexcept = default;

private:
    static constexpr std::uint8_t bit(role r) noexcept
    {
        return static_cast<std::uint8_t>(1u << static_cast<unsigned>(r));
    }

    std::uint8_t bits_ = 0;
};

/// What a message wants from its receiver.
enum class purpose : std::uint8_t
{
    action,     ///< The receiver has to do something; the message has a button.
    information ///< Nothing has to be done.
};

/// A node of a workflow.
struct node_description
{
    std::string_view name; ///< In JSON: "to_be_approved".
    config::label title;
    /// The people who get a message in any case. A subscription cannot leave them out.
    roles receivers;
    purpose wants = purpose::information;
    bool urgent = false; ///< Breaks through quiet hours and is never held for a digest.
    /// The title of the message. Empty: "{type} {node}: {subject}".
    headline sentence{};
};

/// A node together with its enumerator.
template<class Node>
struct typed_node
{
    Node id;
    node_description description;
};

/// A type of events. It has
/// - `name`, for JSON, and `title`, for people;
/// - `node`, an enumeration that counts from 0;
/// - `nodes`, an array of `typed_node<node>` in the order of the enumeration.
template<class T>
concept event_type = requires {
    { T::name } -> std::convertible_to<std::string_view>;
    { T::title } -> std::convertible_to<config::label>;
    requires std::is_enum_v<typename T::node>;
    { T::nodes[0] } -> std::convertible_to<typed_node<typename T::node>>;
};

namespace detail {

template<event_type T>
constexpr auto describe_nodes()
{
    std::array<node_description, std::size(T::nodes)> out{};
    for (std::size_t i = 0; i != out.size(); ++i)
        out[i] = T::nodes[i].description;
    return out;
}

template<event_type T>
constexpr bool is_in_order()
{
    for (std::size_t i = 0; i != std::size(T::nodes); ++i)
        if (static_cast<std::size_t>(T::nodes[i].id) != i)
            return false;
    return true;
}

template<event_type T>
inline constexpr auto nodes_of = describe_nodes<T>();

} // namespace detail

/// An event type of any set, at run time.
struct type_description
{
    std::string_view name;
    config::label title;
    std::span<node_description const> nodes;

    /// The position of a node; the number of nodes if there is none of this name.
    constexpr std::size_t find(std::string_view node) const noexcept
    {
        std::size_t i = 0;
        while (i != nodes.size() && nodes[i].name != node)
            ++i;
        return i;
    }
};

/// A node of a set of event types: the positions of the type and of the node.
struct cell
{
    std::size_t type = 0;
    std::size_t node = 0;

    friend constexpr bool operator==(cell, cell) noexcept = default;
};

/// The event types that an organisation subscribes to.
template<event_type... Types>
struct event_set
{
    static_assert((detail::is_in_order<Types>() && ...),
                  "tidings: the nodes of an event type have the order of their enumeration, from 0 on");

    static constexpr std::array<type_description, sizeof...(Types)> types{
        type_description{Types::name, Types::title, detail::nodes_of<Types>}...};

    /// The cell of a node. A node that does not exist, or whose type is not in the set, does not compile.
    template<auto Node>
    static constexpr cell at() noexcept
    {
        constexpr bool known[] = {std::is_same_v<decltype(Node), typename Types::node>...};
        constexpr std::size_t sizes[] = {std::size(Types::nodes)...};
        constexpr std::size_t type = [&] {
            std::size_t i = 0;
            while (i != sizeof...(Types) && !known[i])
                ++i;
            return i;
        }();
        static_assert(type != sizeof...(Types), "tidings: this node belongs to no event type of the set");
        if constexpr (type != sizeof...(Types))
        {
            constexpr auto node = static_cast<std::size_t>(Node);
            static_assert(node < sizes[type], "tidings: the event type does not describe this node");
            return {type, node};
        }
        else
            return {};
    }
};

} // namespace tidings::inline v0::subscription

#endif
