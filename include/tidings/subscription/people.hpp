// The people of an organisation.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SUBSCRIPTION_PEOPLE_HPP
#define TIDINGS_SUBSCRIPTION_PEOPLE_HPP

#include <tidings/config/problem.hpp>
#include <tidings/detail/config.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0::subscription {

/// The time of a day in which a person receives only urgent messages. It may begin before midnight and end after it.
struct quiet_hours
{
    std::chrono::minutes from{}; ///< Since midnight in the person's time zone.
    std::chrono::minutes to{};   ///< The first minute that is not quiet any more. As `from`: the whole day is quiet.

    /// Whether a time of the day is quiet.
    constexpr bool contains(std::chrono::minutes time_of_day) const noexcept
    {
        if (from == to)
            return true;
        return from < to ? from <= time_of_day && time_of_day < to : from <= time_of_day || time_of_day < to;
    }

    friend constexpr bool operator==(quiet_hours const&, quiet_hours const&) noexcept = default;
};

/// A person of the organisation.
class person
{
public:
    person() = default;
    explicit person(std::string login) : login_name(std::move(login)) {}

    std::string login_name; ///< Unique in the organisation.
    std::string name;
    std::string phone_number; ///< With `+` and country code.
    std::string email;
    std::string language;  ///< A BCP 47 tag. Empty: not known.
    std::string time_zone; ///< Of the IANA database: "Asia/Shanghai"; or an offset: "+08:00". Empty: UTC.
    std::optional<quiet_hours> quiet;
    /// The times of a day, in the person's time zone, at which messages that only inform are delivered together, since
    /// midnight. Read from a file, they are in order and differ. Empty: such messages are delivered at once.
    std::vector<std::chrono::minutes> digest_times;
    std::vector<std::string> roles; ///< `approver`, and names of your own.
    /// The personal channels that the person is bound to. Nothing: all.
    std::optional<std::vector<std::string>> channels;

    bool has_role(std::string_view role_name) const noexcept
    {
        return std::find(roles.begin(), roles.end(), role_name) != roles.end();
    }
    /// Whether messages may go to the person by this personal channel.
    bool uses_channel(std::string_view channel_name) const noexcept
    {
        return !channels || std::find(channels->begin(), channels->end(), channel_name) != channels->end();
    }

    friend bool operator==(person const&, person const&) = default;
};

/// The directory of an organisation.
///
/// @par Thread safety  Distinct objects: safe. Shared objects: safe for reading.
class people
{
public:
    people() = default;

    /// Reads JSON, an object a line. Its members are `login_name`, which is required, `name`, `phone_number`, `email`,
    /// `language`, `time_zone`, `quiet_hours` with `from` and `to` such as "22:00", and the lists `digest` (times of
    /// the day), `roles` and `channels`. Empty lines do not count.
    ///
    /// @returns All problems at once, each with its line and JSON pointer: `line 3: /email: must be a string`.
    [[nodiscard]] static TIDINGS_DECL config::checked<people> from_json_lines(std::string_view text);

    /// Reads CSV (RFC 4180) with a line of names: `login_name`, `name`, `phone_number`, `email`, `language`, `time_zone`,
    /// `quiet_from`, `quiet_to`, `digest`, `roles` and `channels`, the last three with blanks between several. An empty
    /// value is missing.
    ///
    /// @returns All problems at once, each with its line and column: `line 3: email: …`.
    [[nodiscard]] static TIDINGS_DECL config::checked<people> from_csv(std::string_view text);

    /// Adds a person.
    ///
    /// @returns False if there is a person with this login name already.
    bool add(person p)
    {
        auto name = p.login_name;
        return all_.emplace(std::move(name), std::move(p)).second;
    }

    /// Null: there is no such person.
    person const* find(std::string_view login_name) const noexcept
    {
        auto const found = all_.find(login_name);
        return found == all_.end() ? nullptr : &found->second;
    }

    /// The login names of those who have a role, in alphabetical order.
    std::vector<std::string> with_role(std::string_view role_name) const
    {
        std::vector<std::string> out;
        for (auto const& [login_name, p] : all_)
            if (p.has_role(role_name))
                out.push_back(login_name);
        return out;
    }

    std::size_t size() const noexcept { return all_.size(); }
    auto begin() const noexcept { return all_.begin(); }
    auto end() const noexcept { return all_.end(); }

private:
    std::map<std::string, person, std::less<>> all_;
};

} // namespace tidings::inline v0::subscription

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/subscription/impl/people.ipp>
#endif

#endif
