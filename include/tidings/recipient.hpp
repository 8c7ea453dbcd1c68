// The recipient of a message in the terms of a platform.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_RECIPIENT_HPP
#define TIDINGS_RECIPIENT_HPP

#include <tidings/detail/address.hpp>
#include <tidings/detail/inline_string.hpp>
#include <tidings/result.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>

namespace tidings::inline v0 {

/// One type of id that a platform takes: its name, and what an id of this type has to look like.
class id_type
{
public:
    /// Success, or `errc::invalid_recipient` with the reason, which does not repeat the id.
    using rule = result<void> (*)(std::string_view id);

    /// @param type_name  A literal without a colon, at most 15 characters.
    /// @param r          Checks an id of this type.
    constexpr id_type(std::string_view type_name, rule r) noexcept : name_(type_name), check_(r) {}

    constexpr std::string_view name() const noexcept { return name_; }
    result<void> check(std::string_view id) const { return check_(id); }

private:
    std::string_view name_;
    rule check_;
};

/// The recipient of a message in the terms of a platform: an id and its type. `notifier::resolve` returns one and
/// `notifier::send` takes one. A regular type; it can be stored as text.
///
/// @tparam Ids  `Ids::platform` is the first part of the text, `Ids::all` an array of `id_type`; the type of the ids
///              that look-ups return is the first.
///
/// @par Thread safety  Distinct objects: safe. Shared objects: unsafe.
template<class Ids>
class basic_recipient
{
public:
    /// No recipient; `check()` fails.
    basic_recipient() noexcept = default;

    /// An id of the first type.
    explicit basic_recipient(std::string_view id) : id_(id), type_(0) {}

    /// @param type  The name of a type. Another name makes `check()` fail.
    /// @param id    Checked when a message is sent to it.
    basic_recipient(std::string_view type, std::string_view id) : id_(id), type_(index_of(type)) {}

    /// The name of the id's type; empty if it has none.
    std::string_view type() const noexcept { return type_ < Ids::all.size() ? Ids::all[type_].name() : ""; }

    std::string_view id() const noexcept { return id_; }

    /// Success, or `errc::invalid_recipient` with the reason. Does no I/O: only sending shows whether the id exists.
    result<void> check() const
    {
        if (type_ >= Ids::all.size())
            return detail::refuse("recipient", "has no type of this platform");
        // Addresses drop these characters when they are constructed; an id is sent and printed unchanged.
        if (detail::visible_part(id()).size() != id().size())
            return detail::refuse(type(), "begins or ends with a character that is not shown");
        return Ids::all[type_].check(id());
    }

    /// `<platform>:<type>:<id>`, from which `parse` makes the same recipient, for example after a restart.
    std::string text() const
    {
        std::string out(Ids::platform);
        out += ':';
        out += type();
        out += ':';
        out += id();
        return out;
    }

    /// The recipient that `text()` was made of.
    ///
    /// @returns `errc::invalid_recipient` for the text of another platform, an unknown type, and an id that `check()`
    ///          refuses. The failure does not repeat the text.
    static result<basic_recipient> parse(std::string_view text)
    {
        auto const platform_end = text.find(':');
        if (platform_end == text.npos || text.substr(0, platform_end) != Ids::platform)
            return detail::refuse("text", "names no recipient of this platform");
        text.remove_prefix(platform_end + 1);
        auto const type_end = text.find(':');
        if (type_end == text.npos)
            return detail::refuse("text", "names no recipient: it has no id");
        basic_recipient out(text.substr(0, type_end), text.substr(type_end + 1));
        if (auto const valid = out.check(); !valid)
            return valid.error();
        return out;
    }

    friend bool operator==(basic_recipient const& a, basic_recipient const& b) noexcept
    {
        return a.type_ == b.type_ && a.id() == b.id();
    }
    /// By type, then by id.
    friend std::strong_ordering operator<=>(basic_recipient const& a, basic_recipient const& b) noexcept
    {
        if (auto const by_type = a.type_ <=> b.type_; by_type != 0)
            return by_type;
        return a.id() <=> b.id();
    }

    /// Writes `text()`; `(no recipient)` when `check()` fails, since the id may then contain anything.
    friend std::ostream& operator<<(std::ostream& out, basic_recipient const& to)
    {
        if (!to.check())
            return out << "(no recipient)";
        return out << Ids::platform << ':' << to.type() << ':' << to.id();
    }

private:
    static constexpr std::uint8_t none = 0xff;

    static std::uint8_t index_of(std::string_view type) noexcept
    {
        for (std::size_t i = 0; i != Ids::all.size(); ++i)
            if (Ids::all[i].name() == type)
                return static_cast<std::uint8_t>(i);
        return none;
    }

    detail::inline_string id_;
    std::uint8_t type_ = none;
};

} // namespace tidings::inline v0

#endif
