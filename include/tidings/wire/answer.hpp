// Common parts of the answers of several platforms.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_WIRE_ANSWER_HPP
#define TIDINGS_WIRE_ANSWER_HPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/secret.hpp>
#include <tidings/wire/json_reader.hpp>
#include <tidings/wire/member_table.hpp>
#include <tidings/wire/reply.hpp>

#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0::wire {

/// A member of an answer that decides whether the call succeeded.
///
/// It decides only where it is clear: present once, or several times with the same value, and of a type that the
/// platform or a gateway in front of it writes.
template<class Value>
class deciding_member
{
public:
    /// @param value  What was read; nothing when it is of a type that makes no sense here.
    void read(std::optional<Value> value)
    {
        bool const differs = value_ && value && *value_ != *value;
        unclear_ = unclear_ || !value || differs;
        if (!value_)
            value_ = std::move(value);
    }
    void mark_unclear() noexcept { unclear_ = true; }

    bool absent() const noexcept { return !value_ && !unclear_; }
    bool unclear() const noexcept { return unclear_; }
    /// Nothing when it is absent or unclear.
    std::optional<Value> const& value() const noexcept
    {
        static std::optional<Value> const nothing;
        return unclear_ ? nothing : value_;
    }

private:
    std::optional<Value> value_;
    bool unclear_ = false;
};

/// A frame with a number that tells whether the call succeeded. The other members are read by the table of the call.
class coded_answer : public table_reader
{
public:
    void on_scalar(std::string_view path, json_scalar const& value) final;
    void on_container(std::string_view path) final;

    /// The platform's code; nothing when the answer has none, or none that is clear.
    std::optional<std::int64_t> code() const noexcept { return code_.value(); }
    /// Whether the answer has no such member at all.
    bool lacks_code() const noexcept { return code_.absent(); }

protected:
    /// @param name   Of the number's member; a literal.
    /// @param table  The other members.
    explicit coded_answer(std::string_view name, bound_table const& table = {}) noexcept
        : table_reader(table), name_(name)
    {
        add({name});
    }
    ~coded_answer() = default;

private:
    void read(std::string_view path, json_scalar const& value);

    std::string_view name_;
    deciding_member<std::int64_t> code_;
};

/// The ids that an answer lists: an array of them, or one string in which `|`, `,`, `;` or blanks part them. An id that
/// has such characters itself is found as well.
class id_list
{
public:
    void clear() noexcept;

    /// Takes a value of the list: for `subtree`.
    ///
    /// @param below  The path to it in the list; empty for the list itself.
    /// @param value  The value.
    void read(std::string_view below, json_scalar const& value);

    bool empty() const noexcept { return texts_.empty(); }
    /// How many ids it has, if none has a separator in it.
    std::size_t size() const;

    /// Whether the list contains an id.
    ///
    /// @param id    The id.
    /// @param same  Compares an id of the list with `id`.
    template<class Same = std::equal_to<>>
    bool contains(std::string_view id, Same const& same = {}) const
    {
        auto const is_same = [&](std::string_view item) { return same(item, id); };
        return std::any_of(texts_.begin(), texts_.end(), [&](std::string_view text) {
            return is_same(text) || !all_parts(text, [&](std::string_view part) { return !is_same(part); });
        });
    }

    /// Whether each of the ids is one of those that were asked for. If not, it is unclear who is meant.
    ///
    /// @param asked_for  Tells whether an id is.
    template<class AskedFor>
    bool is_clear(AskedFor const& asked_for) const
    {
        return !unclear_ && std::all_of(texts_.begin(), texts_.end(), [&](std::string_view text) {
            return asked_for(text) || all_parts(text, asked_for);
        });
    }

private:
    static constexpr std::string_view separators = "|,; \t\r\n";

    void add(std::string_view text);

    template<class Predicate>
    static bool all_parts(std::string_view text, Predicate const& right)
    {
        while (!text.empty())
        {
            auto const item = text.substr(0, text.find_first_of(separators));
            if (!item.empty() && !right(item))
                return false;
            text.remove_prefix(std::min(text.size(), item.size() + 1));
        }
        return true;
    }

    std::vector<std::string> texts_;
    bool unclear_ = false;
};

/// The members of an answer that brings an access token.
struct issued_token
{
    secret token;
    /// Seconds, in the platform's words.
    std::int64_t lifetime = 0;
};

/// Hands everything to another visitor, texts without what must not be kept of them.
class cleaning_visitor final : public json_visitor
{
public:
    cleaning_visitor(json_visitor& to, text_filter const& filter) noexcept : to_(to), filter_(filter) {}

    void on_scalar(std::string_view path, json_scalar const& value) override;
    bool wants_text(std::string_view path) const override { return to_.wants_text(path); }
    void on_container(std::string_view path) override { to_.on_container(path); }
    void on_object_end(std::string_view path) override { to_.on_object_end(path); }
    path_lengths used_lengths() const noexcept override { return to_.used_lengths(); }

private:
    json_visitor& to_;
    text_filter const& filter_;
    tidings::detail::wiped_string text_;
};

/// Reads the body of an answer that is not a success. Secrets are removed from the texts that the visitor gets.
///
/// @returns As `read_json`.
TIDINGS_DECL bool read_refusal(reply const& in, json_visitor& visitor);

/// The outcome of a person whom the platform does not list, while it lists people who were not recipients.
///
/// @param remedy  Null: the usual one of an unknown outcome.
TIDINGS_DECL failure unclear_list(std::string_view name, remedy_text const* remedy = nullptr);

/// Makes a failure of an answer that is not the platform's: a gateway's page, half an answer, nothing. The engine puts
/// into words who it is from.
TIDINGS_DECL failure foreign_answer(boost::intrusive_ptr<diagnostics> facts, reply const& in);

} // namespace tidings::inline v0::wire

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/wire/impl/answer.ipp>
#endif

#endif
