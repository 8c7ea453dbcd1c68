// The default route: a person's inbox in the surrounding product.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SUBSCRIPTION_INBOX_HPP
#define TIDINGS_SUBSCRIPTION_INBOX_HPP

#include <tidings/receipt.hpp>
#include <tidings/result.hpp>
#include <tidings/subscription/delivery.hpp>
#include <tidings/subscription/route.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0::subscription {

/// Messages go to a function of the user's, which puts them into the inboxes of a product.
///
/// @tparam F  `result<void>(notification const&)`, or a coroutine of it: `awaitable<result<void>>(notification const&)`. If
///            `notification::was_interrupted`, an entry with the same key may be there already, and is not added again.
template<class F>
class inbox_route
{
public:
    explicit inbox_route(F add) : add_(std::move(add)) {}

    boost::asio::awaitable<result<receipt>> deliver(notification const& n)
    {
        result<void> added;
        if constexpr (std::same_as<decltype(add_(n)), boost::asio::awaitable<result<void>>>)
            added = co_await add_(n);
        else
            added = add_(n);
        if (!added)
            co_return added.error();
        co_return receipt(n.key.view(), n.to.login_name, 1);
    }
    std::chrono::seconds repeats_safely_for() const noexcept { return std::chrono::seconds::max(); }

private:
    F add_;
};

/// Inboxes in memory, for tests and for programs that show them. Copies share them.
///
/// @par Thread safety  Distinct objects: safe. Shared objects and copies: unsafe; use them on one executor.
class memory_inbox
{
public:
    memory_inbox() : messages_(std::make_shared<std::vector<notification>>()) {}

    boost::asio::awaitable<result<receipt>> deliver(notification const& n)
    {
        bool const is_there = n.was_interrupted && contains(n.key.view());
        if (!is_there)
            messages_->push_back(n);
        co_return receipt(n.key.view(), n.to.login_name, 1);
    }
    std::chrono::seconds repeats_safely_for() const noexcept { return std::chrono::seconds::max(); }

    /// In the order in which they were delivered.
    std::vector<notification> const& messages() const noexcept { return *messages_; }
    void clear() noexcept { messages_->clear(); }

private:
    bool contains(std::string_view key) const noexcept
    {
        for (auto const& message : *messages_)
            if (message.key.view() == key)
                return true;
        return false;
    }

    std::shared_ptr<std::vector<notification>> messages_;
};

static_assert(delivery_route<memory_inbox>);

} // namespace tidings::inline v0::subscription

#endif
