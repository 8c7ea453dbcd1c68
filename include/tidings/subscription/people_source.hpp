// Where the people of an organisation are found.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SUBSCRIPTION_PEOPLE_SOURCE_HPP
#define TIDINGS_SUBSCRIPTION_PEOPLE_SOURCE_HPP

#include <tidings/result.hpp>
#include <tidings/subscription/people.hpp>
#include <tidings/subscription/subscriptions.hpp>

#include <boost/asio/awaitable.hpp>

#include <concepts>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tidings::inline v0::subscription {

/// The people that an event concerns.
class people_query
{
public:
    people_query() = default;

    std::vector<std::string> login_names; ///< May name somebody twice, and people whom nobody knows.
    std::vector<std::string> roles;       ///< Everybody who has one of these: "approver".
};

/// A directory of people: one query for each event, so that a source of your own asks its database once.
///
/// `s.find(q)` completes with the people of `q` that there are; people beyond them do no harm, except that everybody with
/// the role `approver` counts as one. A failure is the failure of the whole dispatch: nobody gets a message. It is awaited
/// on the dispatcher's executor; `q` lives until it has completed.
///
/// `people_directory` models it.
template<class S>
concept people_source = requires(S& s, people_query const& q) {
    { s.find(q) } -> std::same_as<boost::asio::awaitable<result<people>>>;
};

/// People in memory, who can be replaced while messages are sent. Copies share them.
///
/// @par Thread safety  Safe.
class people_directory
{
public:
    people_directory(people all) : all_(std::make_shared<published<people>>(std::move(all))) {}

    /// The people of now, to replace or to change.
    published<people>& all() const noexcept { return *all_; }

    boost::asio::awaitable<result<people>> find(people_query const& q)
    {
        auto const now = all_->get();
        people out;
        for (auto const& name : q.login_names)
            if (auto const* const known = now->find(name))
                out.add(*known);
        for (auto const& role_name : q.roles)
            for (auto const& name : now->with_role(role_name))
                out.add(*now->find(name));
        co_return out;
    }

private:
    std::shared_ptr<published<people>> all_;
};

static_assert(people_source<people_directory>);

} // namespace tidings::inline v0::subscription

#endif
