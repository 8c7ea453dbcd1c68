// A JSON document in memory, which is wiped, since it may have secrets.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_CONFIG_DETAIL_JSON_DOCUMENT_HPP
#define TIDINGS_CONFIG_DETAIL_JSON_DOCUMENT_HPP

#include <tidings/config/problem.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/detail/wiped_string.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0::config::detail {

/// One value of a document. Members keep their order, and a member that is there twice is there twice.
class json_node
{
public:
    enum class kind
    {
        null,
        boolean,
        integer,
        real,
        string,
        array,
        object
    };
    using member = std::pair<std::string, json_node>;

    json_node() noexcept = default;
    explicit json_node(kind k) noexcept : kind_(k) {}
    explicit json_node(std::string_view text) : kind_(kind::string), text_(text.begin(), text.end()) {}
    explicit json_node(std::int64_t number) noexcept : kind_(kind::integer), number_(number) {}
    explicit json_node(bool value) noexcept : kind_(kind::boolean), number_(value) {}

    kind type() const noexcept { return kind_; }
    bool is_object() const noexcept { return kind_ == kind::object; }
    bool is_array() const noexcept { return kind_ == kind::array; }
    bool is_string() const noexcept { return kind_ == kind::string; }
    bool is_integer() const noexcept { return kind_ == kind::integer; }
    bool is_boolean() const noexcept { return kind_ == kind::boolean; }

    std::string_view text() const noexcept { return {text_.data(), text_.size()}; }
    std::int64_t number() const noexcept { return number_; }
    std::vector<json_node> const& elements() const noexcept { return elements_; }
    std::vector<member> const& members() const noexcept { return members_; }

    /// Null where there is none of this name.
    json_node const* find(std::string_view name) const noexcept
    {
        for (auto const& [key, value] : members_)
            if (key == name)
                return &value;
        return nullptr;
    }

    void add(json_node value) { elements_.push_back(std::move(value)); }
    void add(std::string name, json_node value) { members_.emplace_back(std::move(name), std::move(value)); }

private:
    kind kind_ = kind::null;
    std::int64_t number_ = 0;
    tidings::detail::wiped_bytes text_;
    std::vector<json_node> elements_;
    std::vector<member> members_;
};

/// `pointer` and one more step, escaped as in RFC 6901.
TIDINGS_DECL std::string pointer_to(std::string_view pointer, std::string_view name);
TIDINGS_DECL std::string pointer_to(std::string_view pointer, std::size_t index);

/// Reads a document. Not well-formed: one problem with line and column. A member twice: a problem each.
TIDINGS_DECL std::optional<json_node> parse_json(std::string_view text, problems& out);

/// Appends the document, with two blanks of indentation.
TIDINGS_DECL void write_json(json_node const& value, tidings::detail::wiped_string& out);

/// An object with only known members, or a problem for each unknown one.
TIDINGS_DECL bool is_object_of(json_node const& value, std::string_view pointer,
                               std::vector<std::string_view> const& names, problems& out);

} // namespace tidings::inline v0::config::detail

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/config/impl/json_document.ipp>
#endif

#endif
