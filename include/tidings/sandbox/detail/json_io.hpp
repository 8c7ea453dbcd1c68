// Reading and writing the sandbox's plain data as JSON: one list of members serves both ways.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_DETAIL_JSON_IO_HPP
#define TIDINGS_SANDBOX_DETAIL_JSON_IO_HPP

#include <tidings/sandbox/world_error.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0::sandbox::detail {

namespace json = boost::json;

inline std::string_view view(json::string const& s) noexcept
{
    return {s.data(), s.size()};
}

inline json::string_view jview(std::string_view s) noexcept
{
    return {s.data(), s.size()};
}

inline std::string compact(json::value const& v)
{
    return json::serialize(v);
}

// Names of enumerators, in the order of the enumeration.
template<class E>
struct names_of;

// clang-format off
template<class E>
concept named_enum = requires { names_of<E>::list; };
// clang-format on

template<class T, class U>
concept is_a = std::same_as<std::remove_const_t<T>, U>;

// `members(f, x)` calls `f(name, member)` for each member of x. It is next to each type's definition and is found
// through f, whose type is in this namespace. This one tests whether a type has a members().
struct any_member
{
    template<class T>
    void operator()(char const*, T&) const
    {
    }
};

// clang-format off
template<class T>
concept listed = requires(T& x) { members(any_member{}, x); };
// clang-format on

// For a type that is written in a way of its own, `own_form<T>` has read and write.
template<class T>
struct own_form
{
};

// clang-format off
template<class T>
concept has_own_form = requires(T const& x) { own_form<T>::write(x); };
// clang-format on

// "a, b, c"
inline std::string joined(auto const& names)
{
    std::string out;
    for (auto const& name : names)
        (out += out.empty() ? "" : ", ") += name;
    return out;
}

// ---- reading ----

inline void read(json::value const& v, bool& out, std::string const& path)
{
    if (!v.is_bool())
        throw world_error(path, "expected true or false");
    out = v.get_bool();
}

template<std::signed_integral T>
void read(json::value const& v, T& out, std::string const& path)
{
    boost::system::error_code ec;
    out = v.to_number<T>(ec);
    if (!v.is_int64() || ec)
        throw world_error(path, "expected a whole number");
}

inline void read(json::value const& v, std::string& out, std::string const& path)
{
    if (!v.is_string())
        throw world_error(path, "expected a string");
    out = view(v.get_string());
}

template<named_enum E>
void read(json::value const& v, E& out, std::string const& path)
{
    auto const& list = names_of<E>::list;
    auto const known = joined(list);
    auto const* const text = v.if_string();
    auto const* const at = text ? std::find(list.begin(), list.end(), view(*text)) : list.end();
    if (at == list.end())
        throw world_error(path, "expected one of " + known);
    out = static_cast<E>(at - list.begin());
}

template<class T>
void read(json::value const& v, std::vector<T>& out, std::string const& path);
template<listed T>
void read(json::value const& v, T& out, std::string const& path);

template<class T>
void read(json::value const& v, std::optional<T>& out, std::string const& path)
{
    out.reset();
    if (!v.is_null())
        read(v, out.emplace(), path);
}

template<has_own_form T>
void read(json::value const& v, T& out, std::string const& path)
{
    own_form<T>::read(v, out, path);
}

inline void read(json::value const& v, std::map<std::string, std::string>& out, std::string const& path)
{
    if (!v.is_object())
        throw world_error(path, "expected an object");
    out.clear();
    for (auto const& [name, value] : v.get_object())
        read(value, out[std::string(name)], path + "." + std::string(name));
}

template<class T>
void read(json::value const& v, std::vector<T>& out, std::string const& path)
{
    if (!v.is_array())
        throw world_error(path, "expected an array");
    out.clear();
    for (auto const& element : v.get_array())
    {
        auto const here = path + "[" + std::to_string(out.size()) + "]";
        read(element, out.emplace_back(), here);
    }
}

template<listed T>
void read(json::value const& v, T& out, std::string const& path)
{
    if (!v.is_object())
        throw world_error(path, "expected an object");
    auto const& object = v.get_object();
    auto const below = path.empty() ? std::string() : path + ".";
    std::vector<std::string_view> known;
    members(
        [&](std::string_view name, auto& member) {
            known.push_back(name);
            if (auto const* const found = object.if_contains(jview(name)))
                read(*found, member, below + std::string(name));
        },
        out);
    for (auto const& [name, value] : object)
        if (std::find(known.begin(), known.end(), std::string_view(name.data(), name.size())) == known.end())
            throw world_error(below + std::string(name), "unknown member; known: " + joined(known));
}

// Parses a whole text. A text that is not JSON is reported with the position of the fault.
inline json::value parse_or_explain(std::string_view text, std::string const& what)
{
    json::stream_parser parser;
    boost::system::error_code ec;
    auto const used = parser.write_some(text.data(), text.size(), ec);
    if (!ec)
        parser.finish(ec);
    auto const rest = text.substr(std::min(used, text.size()));
    if (!ec && rest.find_first_not_of(" \t\r\n") != std::string_view::npos)
        ec = make_error_code(json::error::extra_data);
    if (ec)
    {
        auto const line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(used), '\n') + 1;
        throw world_error(what, "not JSON, line " + std::to_string(line) + ": " + ec.message());
    }
    return parser.release();
}

// ---- writing ----

inline json::value write(bool b)
{
    return b;
}
inline json::value write(std::string const& s)
{
    return json::value(jview(s));
}
inline json::value write(std::map<std::string, std::string> const& m)
{
    json::object out;
    for (auto const& [name, value] : m)
        out[jview(name)] = write(value);
    return out;
}
inline json::value write(std::vector<std::pair<std::string, std::string>> const& pairs)
{
    json::array out;
    for (auto const& [name, value] : pairs)
        out.push_back(json::array{write(name), write(value)});
    return out;
}

template<std::signed_integral T>
json::value write(T n)
{
    return n;
}
template<named_enum E>
json::value write(E e)
{
    return names_of<E>::list[static_cast<std::size_t>(e)];
}
template<listed T>
json::value write(T const& x);
template<has_own_form T>
json::value write(T const& x)
{
    return own_form<T>::write(x);
}

template<class T>
json::value write(std::optional<T> const& x)
{
    return x ? write(*x) : json::value();
}

template<class T>
json::value write(std::vector<T> const& list)
{
    json::array out;
    for (auto const& element : list)
        out.push_back(write(element));
    return out;
}

template<listed T>
json::value write(T const& x)
{
    json::object out;
    members([&](char const* name, auto const& member) { out[name] = write(member); }, x);
    return out;
}

// Two spaces per level, for people who edit the file.
inline void print(json::value const& v, std::string& out, std::string const& indent)
{
    auto const deeper = indent + "  ";
    auto const each = [&](char open, char close, auto const& items, auto const& write_item) {
        out += open;
        char const* separator = "";
        for (auto const& item : items)
        {
            out += separator + ("\n" + deeper);
            write_item(item);
            separator = ",";
        }
        out += "\n" + indent + close;
    };
    if (v.is_object() && !v.get_object().empty())
        each('{', '}', v.get_object(), [&](auto const& member) {
            out += compact(json::value(member.key())) + ": ";
            print(member.value(), out, deeper);
        });
    else if (v.is_array() && !v.get_array().empty() && v.get_array()[0].is_object())
        each('[', ']', v.get_array(), [&](json::value const& element) { print(element, out, deeper); });
    else
        out += compact(v);
}

} // namespace tidings::inline v0::sandbox::detail

#endif
