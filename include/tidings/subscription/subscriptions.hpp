// The people and the routes that messages about each node of a workflow go to.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SUBSCRIPTION_SUBSCRIPTIONS_HPP
#define TIDINGS_SUBSCRIPTION_SUBSCRIPTIONS_HPP

#include <tidings/config/problem.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/result.hpp>
#include <tidings/subscription/event_type.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0::subscription {

namespace detail {
class subscription_reader;
}

/// The names of routes: `inbox`, `email`, `personal:lark`, `personal:feishu`, `personal:dingtalk`, `personal:wecom`,
/// `webhook:NAME`, and a user's own.
namespace route {
inline constexpr std::string_view inbox = "inbox";
inline constexpr std::string_view email = "email";
inline constexpr std::string_view personal_prefix = "personal:";
inline constexpr std::string_view webhook_prefix = "webhook:";
} // namespace route

/// For each node of each event type, the routes that are on and the people beside the default receivers.
///
/// The default receivers of a node and the default route `inbox` are always part of it: there is no operation that takes
/// them away. A value: copy it, change the copy, and publish it (see `published`).
///
/// @par Thread safety  Distinct objects: safe. Shared objects: safe for reading.
class subscriptions
{
public:
    /// The version that is written.
    static constexpr std::int64_t version = 1;
    /// Of all nodes together, different names.
    static constexpr std::size_t max_routes = 64;

    /// Only the default receivers and the default route.
    ///
    /// @param types  `ready_made::types`, or those of a set of your own. Outlives this object.
    explicit TIDINGS_DECL subscriptions(std::span<type_description const> types);

    /// Reads a document.
    ///
    /// @param types  As for the constructor.
    /// @param text   `{"version":1,"rows":[{"type":"sql_task","node":"to_be_approved","receivers":["ada"],
    ///               "routes":["webhook:ops","email"],"personal_channels":["lark"]}]}`. A row may also state
    ///               `default_receivers` (roles), `default_routes` and `inbox`, which can add to the defaults and not
    ///               take away from them.
    /// @returns All problems at once, each with its JSON pointer.
    [[nodiscard]] static TIDINGS_DECL config::checked<subscriptions> parse(std::span<type_description const> types,
                                                                           std::string_view text);

    /// The document, with a row for each node that has more than the defaults.
    TIDINGS_DECL std::string text() const;

    std::span<type_description const> types() const noexcept { return types_; }
    /// @param at  A cell of the set that this object was made for.
    node_description const& description_of(cell at) const noexcept { return types_[at.type].nodes[at.node]; }

    /// The people in question by their parts in the event: the node's own, and those that were added.
    TIDINGS_DECL roles receiver_roles(cell at) const noexcept;
    /// Adds a part in the event to the receivers.
    TIDINGS_DECL void add_receivers(cell at, roles more);
    /// The people who were added by name, in alphabetical order.
    TIDINGS_DECL std::vector<std::string> const& receivers(cell at) const noexcept;
    /// @returns `errc::invalid_argument` for a name that is empty or over 256 bytes, or has control characters.
    [[nodiscard]] TIDINGS_DECL result<void> add_receiver(cell at, std::string login_name);
    /// @returns Whether the person had been added. Default receivers are not named and stay.
    TIDINGS_DECL bool remove_receiver(cell at, std::string_view login_name);

    /// Whether messages about a node go by a route. Always for `inbox`.
    TIDINGS_DECL bool is_on(cell at, std::string_view route_name) const noexcept;
    /// The routes that are on, `inbox` first.
    TIDINGS_DECL std::vector<std::string> routes(cell at) const;
    /// @returns `errc::invalid_argument` for a name that is no route, and when there are more than `max_routes` names.
    [[nodiscard]] TIDINGS_DECL result<void> turn_on(cell at, std::string_view route_name);
    /// @returns `errc::invalid_argument` for `inbox`, the default route, which stays on.
    [[nodiscard]] TIDINGS_DECL result<void> turn_off(cell at, std::string_view route_name);

    friend bool operator==(subscriptions const& a, subscriptions const& b) { return a.text() == b.text(); }

private:
    friend class detail::subscription_reader;

    struct row
    {
        std::uint64_t routes = 1; ///< A bit for each of `names_`; the first is `inbox`.
        roles more;
        std::vector<std::string> receivers;
    };

    row& row_of(cell at) noexcept { return rows_[first_[at.type] + at.node]; }
    row const& row_of(cell at) const noexcept { return rows_[first_[at.type] + at.node]; }
    std::size_t find_route(std::string_view name) const noexcept;
    /// Valid ones, all at once: one at a time, each moves those behind it.
    TIDINGS_DECL void insert_receivers(cell at, std::vector<std::string> login_names);

    std::span<type_description const> types_;
    std::vector<std::size_t> first_; ///< The first row of each type.
    std::vector<row> rows_;
    std::vector<std::string> names_{std::string(route::inbox)};
};

/// A value that one thread replaces as a whole while others read it.
///
/// @par Thread safety  Safe.
template<class T>
class published
{
public:
    explicit published(T value) : value_(std::make_shared<T const>(std::move(value))) {}

    /// The value of now. It stays what it is, whatever is published later.
    std::shared_ptr<T const> get() const
    {
        std::scoped_lock const lock(mutex_);
        return value_;
    }

    /// Replaces the value.
    void publish(T value)
    {
        auto fresh = std::make_shared<T const>(std::move(value));
        std::scoped_lock const lock(mutex_);
        value_.swap(fresh);
    }

    /// Replaces the value by a changed copy. Two edits at a time do not lose each other's changes.
    ///
    /// @param change  Called with a `T&`. If it throws, nothing is published.
    template<class F>
    void edit(F&& change)
    {
        std::scoped_lock const one_at_a_time(editing_);
        T copy = *get();
        std::forward<F>(change)(copy);
        publish(std::move(copy));
    }

private:
    mutable std::mutex mutex_;
    std::mutex editing_;
    std::shared_ptr<T const> value_;
};

} // namespace tidings::inline v0::subscription

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/subscription/impl/subscriptions.ipp>
#endif

#endif
