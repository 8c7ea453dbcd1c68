// Which member of an answer goes where: a table of paths and members, and the visitor that reads by it.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_WIRE_MEMBER_TABLE_HPP
#define TIDINGS_WIRE_MEMBER_TABLE_HPP

#include <tidings/detail/inline_string.hpp>
#include <tidings/secret.hpp>
#include <tidings/wire/json_reader.hpp>

#include <boost/config.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace tidings::inline v0::wire {

/// A text of which an answer should have one. Empty ones do not count; of several, the last is kept.
///
/// @tparam Text  `std::string`, or a string like it.
template<class Text>
class single_text
{
public:
    void clear() noexcept
    {
        text_.clear();
        differs_ = false;
    }
    void read(std::string_view text)
    {
        if (text.empty())
            return;
        differs_ = differs_ || (!empty() && view() != text);
        text_.assign(text);
    }

    Text const& text() const noexcept { return text_; }
    std::string_view view() const noexcept { return text_; }
    bool empty() const noexcept { return text_.empty(); }
    /// Whether the answer had several, and not always the same.
    bool differs() const noexcept { return differs_; }

private:
    Text text_;
    bool differs_ = false;
};

/// @name How a value becomes a member
///
/// A value of another type is read as the empty text, 0 or false; a list of numbers leaves it out. An extension adds
/// types by overloads in their namespace.
/// @{
inline void read_value(std::string& to, json_scalar const& value)
{
    to = value.text();
}
inline void read_value(tidings::detail::inline_string& to, json_scalar const& value)
{
    to.assign(value.text());
}
inline void read_value(secret& to, json_scalar const& value)
{
    to = secret(value.text());
}
template<class Text>
void read_value(single_text<Text>& to, json_scalar const& value)
{
    to.read(value.text());
}
inline void read_value(bool& to, json_scalar const& value)
{
    to = value.truth();
}
inline void read_value(std::int64_t& to, json_scalar const& value)
{
    to = value.count();
}
inline void read_value(std::vector<std::string>& to, json_scalar const& value)
{
    to.emplace_back(value.text());
}
inline void read_value(std::vector<std::int64_t>& to, json_scalar const& value)
{
    if (auto const number = value.integer())
        to.push_back(*number);
}
/// @}

namespace detail {

/// A row without the type of its object, so that one reader serves all tables.
struct member_row
{
    enum class kind
    {
        value,
        /// A value and all values below it.
        subtree,
        object_end
    };
    using store_function = void (*)(void* object, member_row const&, std::string_view path, json_scalar const& value);

    /// Whether the row is for a value of that path.
    bool matches(std::string_view of) const noexcept
    {
        if (of.size() != path.size() && !(what == kind::subtree && of.size() > path.size() && of[path.size()] == '/'))
            return false;
        return std::char_traits<char>::compare(of.data(), path.data(), path.size()) == 0;
    }

    std::string_view path;
    store_function store;
    kind what;
};

/// The same, and what `store` takes for the object.
template<class Object>
struct typed_row
{
    member_row row;
};

template<class Member>
struct object_of;
template<class Object, class Member>
struct object_of<Member Object::*>
{
    using type = Object;
};
template<auto Member>
using object_of_t = typename object_of<decltype(Member)>::type;

template<auto Member>
void store_value(void* object, member_row const&, std::string_view, json_scalar const& value)
{
    auto& to = *static_cast<object_of_t<Member>*>(object);
    if constexpr (!std::is_member_function_pointer_v<decltype(Member)>)
        read_value(to.*Member, value);
    else if constexpr (requires { (to.*Member)(value); })
        (to.*Member)(value);
    else if (auto const text = value.text(); !text.empty())
        (to.*Member)(text);
}

template<auto Member>
void store_subtree(void* object, member_row const& row, std::string_view path, json_scalar const& value)
{
    auto& to = *static_cast<object_of_t<Member>*>(object);
    path.remove_prefix(row.path.size());
    if constexpr (std::is_member_function_pointer_v<decltype(Member)>)
        (to.*Member)(path, value);
    else
        (to.*Member).read(path, value);
}

template<auto Function>
void call_function(void* object, member_row const&, std::string_view, json_scalar const&)
{
    (static_cast<object_of_t<Function>*>(object)->*Function)();
}

} // namespace detail

/// A row of a table: the value of that path goes to a member.
///
/// @tparam Member  A data member, for which there is a `read_value`; or a member function, which is called with the
///                 value (`json_scalar const&`), or with the text if there is one that is not empty
///                 (`std::string_view`).
/// @param  path    As `json_visitor` has it.
template<auto Member>
constexpr detail::typed_row<detail::object_of_t<Member>> member(std::string_view path) noexcept
{
    return {{path, &detail::store_value<Member>, detail::member_row::kind::value}};
}
/// The same for the value of that path and for all values in it, where it is an object or an array.
///
/// @tparam Member  A data member with `read(std::string_view below, json_scalar const&)`, or such a member function.
///                 `below` is the rest of the path: empty, or something like `/*`.
template<auto Member>
constexpr detail::typed_row<detail::object_of_t<Member>> subtree(std::string_view path) noexcept
{
    return {{path, &detail::store_subtree<Member>, detail::member_row::kind::subtree}};
}
/// A member function without parameters that is called when an object of that path is complete: an element of a list,
/// of which other rows have read the members. Such rows are the last of a table.
template<auto Function>
constexpr detail::typed_row<detail::object_of_t<Function>> object_end(std::string_view path) noexcept
{
    return {{path, &detail::call_function<Function>, detail::member_row::kind::object_end}};
}

/// A table, and the object to which its values go.
class bound_table
{
public:
    /// No rows.
    bound_table() noexcept = default;
    /// @param lengths  Those of the paths.
    /// @param rows     The first row. Those for values come first, those of `object_end` last.
    /// @param values   How many rows are for values.
    /// @param size     How many rows there are.
    /// @param object   To which the values go: of the type that the rows are for.
    bound_table(path_lengths lengths, detail::member_row const* rows, std::uint32_t values, std::uint32_t size,
                void* object) noexcept
        : lengths_(lengths), rows_(rows), values_(values), size_(size), object_(object)
    {
    }

    path_lengths const& lengths() const noexcept { return lengths_; }
    void store(std::string_view path, json_scalar const& value) const
    {
        for (auto const *row = rows_, *const end = rows_ + values_; row != end; ++row)
            if (row->matches(path))
                return row->store(object_, *row, path, value);
    }
    bool has_object_ends() const noexcept { return values_ != size_; }
    void call_object_end(std::string_view path) const
    {
        for (auto const *row = rows_ + values_, *const end = rows_ + size_; row != end; ++row)
            if (row->path == path)
                row->store(object_, *row, path, {});
    }

private:
    path_lengths lengths_;
    detail::member_row const* rows_ = nullptr;
    std::uint32_t values_ = 0;
    std::uint32_t size_ = 0;
    void* object_ = nullptr;
};

/// The rows for one type of object: a constant. Paths differ from each other.
template<class Object, std::size_t Size>
class member_table
{
public:
    template<class... Rows>
    consteval explicit member_table(detail::typed_row<Object> first, Rows... others)
        : rows_{first.row, static_cast<detail::typed_row<Object>>(others).row...}
    {
        using kind = detail::member_row::kind;
        while (values_ != Size && rows_[values_].what != kind::object_end)
            ++values_;
        for (auto const& row : rows_)
            lengths_.add(row.what == kind::subtree ? path_lengths::from(row.path) : path_lengths{row.path});
        for (std::size_t i = values_; i != Size; ++i)
            if (rows_[i].what != kind::object_end)
                throw "the rows of object_end are the last of a table"; // an error of the compiler
    }

    /// @param object  Outlives what is returned, as the table does.
    bound_table into(Object& object) const noexcept { return {lengths_, rows_, values_, Size, &object}; }

private:
    detail::member_row rows_[Size];
    std::uint32_t values_ = 0;
    path_lengths lengths_;
};
template<class Object, class... Rows>
member_table(detail::typed_row<Object>, Rows...) -> member_table<Object, 1 + sizeof...(Rows)>;

/// A visitor that reads the members in a table, and skips all others.
class table_reader : public json_visitor
{
public:
    explicit table_reader(bound_table const& table = {}) noexcept : table_(table), lengths_(table.lengths()) {}
    table_reader(table_reader const&) = delete;
    table_reader& operator=(table_reader const&) = delete;

    void on_scalar(std::string_view path, json_scalar const& value) override
    {
        if (may_read(path))
            store(path, value);
    }
    bool wants_text(std::string_view path) const final { return may_read(path); }
    path_lengths used_lengths() const noexcept final { return lengths_; }
    void on_object_end(std::string_view path) final
    {
        if (table_.has_object_ends())
            call_object_end(path);
    }

protected:
    ~table_reader() = default;

    /// For a frame that reads members itself.
    void add(path_lengths const& lengths) noexcept { lengths_.add(lengths); }
    /// Whether a value of that path may be one that is read. Most are not.
    bool may_read(std::string_view path) const noexcept { return lengths_.has(path); }
    /// Stores a value, if it is for a row. Not inline, as most values do not get here.
    BOOST_NOINLINE void store(std::string_view path, json_scalar const& value) { table_.store(path, value); }

private:
    BOOST_NOINLINE void call_object_end(std::string_view path) { table_.call_object_end(path); }

    bound_table table_;
    path_lengths lengths_;
};

} // namespace tidings::inline v0::wire

#endif
