// Reads and writes JSON documents, with Boost.JSON's parser.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_CONFIG_IMPL_JSON_DOCUMENT_IPP
#define TIDINGS_CONFIG_IMPL_JSON_DOCUMENT_IPP

#include <tidings/config/detail/json_document.hpp>
#include <tidings/detail/json_text.hpp>
#include <tidings/wire/json_writer.hpp>

#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>
#include <set>

namespace tidings::inline v0::config::detail {

/// Builds the document from what Boost.JSON's parser reads.
class json_builder
{
public:
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

    bool on_document_begin(error_code&) noexcept { return true; }
    bool on_document_end(error_code&) noexcept { return true; }
    bool on_object_begin(error_code&) { return open(json_node::kind::object); }
    bool on_object_end(std::size_t, error_code&) { return close(); }
    bool on_array_begin(error_code&) { return open(json_node::kind::array); }
    bool on_array_end(std::size_t, error_code&) { return close(); }
    bool on_key_part(boost::json::string_view part, std::size_t, error_code&) { return append(part); }
    bool on_key(boost::json::string_view part, std::size_t, error_code&)
    {
        append(part);
        open_.back().key.assign(text_.view());
        text_.clear();
        return true;
    }
    bool on_string_part(boost::json::string_view part, std::size_t, error_code&) { return append(part); }
    bool on_string(boost::json::string_view part, std::size_t, error_code&)
    {
        append(part);
        add(json_node(text_.view()));
        text_.clear();
        return true;
    }
    bool on_number_part(boost::json::string_view, error_code&) noexcept { return true; }
    bool on_int64(std::int64_t value, boost::json::string_view, error_code&) { return add(json_node(value)); }
    bool on_uint64(std::uint64_t, boost::json::string_view, error_code&) { return add_real(); }
    bool on_double(double, boost::json::string_view, error_code&) { return add_real(); }
    bool on_bool(bool value, error_code&) { return add(json_node(value)); }
    bool on_null(error_code&) { return add(json_node()); }
    bool on_comment_part(boost::json::string_view, error_code&) noexcept { return true; }
    bool on_comment(boost::json::string_view, error_code&) noexcept { return true; }

    json_node take() { return std::move(root_); }

private:
    struct level
    {
        json_node node;
        std::string key; ///< Of the member that is being read.
    };

    bool append(boost::json::string_view part)
    {
        text_ += std::string_view(part.data(), part.size());
        return true;
    }
    bool open(json_node::kind k)
    {
        open_.push_back({json_node(k), {}});
        return true;
    }
    bool close()
    {
        auto node = std::move(open_.back().node);
        open_.pop_back();
        return add(std::move(node));
    }
    bool add(json_node value)
    {
        if (open_.empty())
            root_ = std::move(value);
        else if (open_.back().node.is_object())
            open_.back().node.add(std::move(open_.back().key), std::move(value));
        else
            open_.back().node.add(std::move(value));
        return true;
    }
    bool add_real() { return add(json_node(json_node::kind::real)); }

    std::vector<level> open_;
    json_node root_;
    tidings::detail::wiped_string text_;
};

inline void find_duplicates(json_node const& value, std::string const& pointer, problems& out)
{
    std::set<std::string_view> names;
    for (auto const& [name, member] : value.members())
    {
        auto const where = pointer_to(pointer, name);
        if (!names.insert(name).second)
            out.emplace_back(where, "is there twice; remove one of them", "重复出现，请删除其中一个");
        find_duplicates(member, where, out);
    }
    for (std::size_t i = 0; i != value.elements().size(); ++i)
        find_duplicates(value.elements()[i], pointer_to(pointer, i), out);
}

TIDINGS_DECL std::string pointer_to(std::string_view pointer, std::string_view name)
{
    std::string out(pointer);
    out += '/';
    for (char const c : name)
        if (c == '~')
            out += "~0";
        else if (c == '/')
            out += "~1";
        else
            out += c;
    return out;
}

TIDINGS_DECL std::string pointer_to(std::string_view pointer, std::size_t index)
{
    return std::string(pointer) + '/' + std::to_string(index);
}

TIDINGS_DECL std::optional<json_node> parse_json(std::string_view text, problems& out)
{
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (text.starts_with(byte_order_mark))
        text.remove_prefix(byte_order_mark.size());
    boost::json::basic_parser<json_builder> parser((boost::json::parse_options()));
    error_code ec;
    auto const used = parser.write_some(false, text.data(), text.size(), ec);
    if (ec || used != text.size())
    {
        auto const before = text.substr(0, used);
        auto const line = std::count(before.begin(), before.end(), '\n') + 1;
        auto const column = before.size() - (before.find_last_of('\n') + 1) + 1;
        auto const position = "line " + std::to_string(line) + ", column " + std::to_string(column);
        out.emplace_back("", "is not valid JSON: " + position + (ec ? ": " + ec.message() : ": more text follows"),
                         "不是有效的 JSON：第 " + std::to_string(line) + " 行，第 " + std::to_string(column) + " 列");
        return std::nullopt;
    }
    auto root = parser.handler().take();
    find_duplicates(root, "", out);
    return root;
}

inline void write_indented(json_node const& value, std::size_t depth, tidings::detail::wiped_string& out)
{
    auto const new_line = [&out](std::size_t level) {
        out += '\n';
        for (std::size_t i = 0; i != level; ++i)
            out += "  ";
    };
    using kind = json_node::kind;
    switch (value.type())
    {
    case kind::null:
    case kind::real: out += "null"; return;
    case kind::boolean: out += value.number() != 0 ? "true" : "false"; return;
    case kind::integer: wire::json_writer(out).number(value.number()); return;
    case kind::string: wire::json_writer(out).string(value.text()); return;
    case kind::array:
    {
        out += '[';
        for (std::size_t i = 0; i != value.elements().size(); ++i)
        {
            if (i != 0)
                out += ", ";
            write_indented(value.elements()[i], depth + 1, out);
        }
        out += ']';
        return;
    }
    case kind::object:
    {
        out += '{';
        for (std::size_t i = 0; i != value.members().size(); ++i)
        {
            if (i != 0)
                out += ',';
            new_line(depth + 1);
            wire::json_writer(out).string(value.members()[i].first);
            out += ": ";
            write_indented(value.members()[i].second, depth + 1, out);
        }
        if (!value.members().empty())
            new_line(depth);
        out += '}';
        return;
    }
    }
}

TIDINGS_DECL void write_json(json_node const& value, tidings::detail::wiped_string& out)
{
    write_indented(value, 0, out);
}

TIDINGS_DECL bool is_object_of(json_node const& value, std::string_view pointer,
                               std::vector<std::string_view> const& names, problems& out)
{
    if (!value.is_object())
    {
        out.emplace_back(std::string(pointer), "must be a JSON object", "必须是 JSON 对象");
        return false;
    }
    for (auto const& [name, member] : value.members())
        if (std::find(names.begin(), names.end(), name) == names.end())
        {
            std::string known;
            for (auto const each : names)
                (known += known.empty() ? "" : ", ") += each;
            out.emplace_back(pointer_to(pointer, name), "is not a known member; there are " + known,
                             "不是已知的成员；可用的有：" + known);
        }
    return true;
}

} // namespace tidings::inline v0::config::detail

#endif
