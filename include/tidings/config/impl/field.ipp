// Reads, checks and writes fields.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_CONFIG_IMPL_FIELD_IPP
#define TIDINGS_CONFIG_IMPL_FIELD_IPP

#include <tidings/config/detail/fields.hpp>
#include <tidings/config/field.hpp>
#include <tidings/detail/utf8.hpp>
#include <tidings/detail/wiped_string.hpp>
#include <tidings/wire/endpoint.hpp>
#include <tidings/wire/json_writer.hpp>

#include <algorithm>
#include <charconv>
#include <regex>
#include <system_error>

namespace tidings::inline v0::config {

namespace detail {

// No value of any field is longer; a regular expression needs memory for each character.
inline constexpr std::size_t max_value = 4096;

inline std::string listed(std::span<std::string_view const> names)
{
    std::string out;
    for (auto const name : names)
        (out += out.empty() ? "" : ", ") += name;
    return out;
}

/// Reads one value; a problem does not quote it, since it may be a secret that was put in the wrong place.
class value_reader
{
public:
    value_reader(field const& description, std::string_view where, std::string_view directory, problems& out)
        : field_(description), where_(where), directory_(directory), problems_(out)
    {
    }

    bool operator()(std::string* to, std::string_view text) const
    {
        if (!is_valid(text))
            return false;
        to->assign(text);
        return true;
    }

    bool operator()(secret_setting* to, std::string_view text) const
    {
        auto value = secret_setting::parse(text, directory_);
        if (value.reference().empty() ? !is_valid(text) : !is_valid_reference(value))
            return false;
        *to = std::move(value);
        return true;
    }

    bool operator()(std::optional<std::int64_t>* to, std::string_view text) const
    {
        std::int64_t number = 0;
        if (!is_valid(text) || std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc())
            return false;
        *to = number;
        return true;
    }

    bool operator()(choice_list* to, std::string_view text) const
    {
        choice_list values;
        for (std::size_t at = 0; at <= text.size();)
        {
            auto const comma = std::min(text.find(',', at), text.size());
            values.emplace_back(text.substr(at, comma - at));
            at = comma + 1;
        }
        return assign(to, std::move(values), where_);
    }

    bool assign(choice_list* to, choice_list values, std::string_view where) const
    {
        for (auto& value : values)
        {
            // As the command line of other programs spells it.
            std::replace(value.begin(), value.end(), '-', '_');
            if (std::find(field_.choices.begin(), field_.choices.end(), value) == field_.choices.end())
            {
                auto const all = listed(field_.choices);
                report(where, "must be one of " + all + ", or several of them", "必须是以下之一或其中几个：" + all);
                return false;
            }
        }
        for (auto const& value : values)
            if (std::count(values.begin(), values.end(), value) != 1)
            {
                report(where, "has " + value + " twice", value + " 重复");
                return false;
            }
        *to = std::move(values);
        return true;
    }

    void report(std::string_view where, std::string english, std::string chinese) const
    {
        problems_.emplace_back(std::string(where), std::move(english), std::move(chinese));
    }

private:
    bool is_line(std::string_view text) const
    {
        if (text.empty())
            report(where_, "must not be empty", "不能为空");
        else if (text.size() > max_value)
            report(where_, "must have at most " + std::to_string(max_value) + " bytes",
                   "最多 " + std::to_string(max_value) + " 字节");
        else if (text.find_first_of(std::string_view("\0\r\n", 3)) != text.npos ||
                 tidings::detail::find_invalid_utf8(text) != text.npos)
            report(where_, "must be one line of UTF-8 text", "必须是一行 UTF-8 文本");
        else
            return true;
        return false;
    }

    bool is_valid_reference(secret_setting const& value) const
    {
        if (!is_line(value.reference()))
            return false;
        if (value.has_name())
            return true;
        report(where_,
               "must have the name of an environment variable behind env:, or a path behind file:. A name has letters, "
               "digits and '_', and does not begin with a digit",
               "env: 之后必须是环境变量名（字母、数字和“_”，不以数字开头），file: 之后必须是路径");
        return false;
    }

    bool is_valid(std::string_view text) const
    {
        auto const about = [this](language l) { return std::string(field_.help.in(l)); };
        if (!is_line(text))
            return false;
        if (field_.kind == field_kind::choice &&
            std::find(field_.choices.begin(), field_.choices.end(), text) == field_.choices.end())
            report(where_, "must be one of " + listed(field_.choices), "必须是以下之一：" + listed(field_.choices));
        else if (!field_.pattern.empty() &&
                 !std::regex_match(text.begin(), text.end(),
                                   std::regex(field_.pattern.begin(), field_.pattern.end(), std::regex::ECMAScript)))
            report(where_, "does not have the form of this setting. " + about(language::english),
                   "格式不正确。" + about(language::chinese));
        else if (auto const url = field_.kind == field_kind::url ? url_fault(text) : std::string(); !url.empty())
            report(where_, url + ". " + about(language::english), "格式不正确。" + about(language::chinese));
        else
            return true;
        return false;
    }

    /// Why this is no base URL; empty: it is one.
    static std::string url_fault(std::string_view text)
    {
        auto const parsed = transport::endpoint::parse(text);
        return parsed ? std::string() : parsed.error().facts()->detail;
    }

    field const& field_;
    std::string_view where_;
    std::string_view directory_;
    problems& problems_;
};

/// Reads the value of one member.
inline void read_member(bound_field const& to, json_node const& from, std::string const& where,
                        std::string_view directory, problems& out)
{
    value_reader const reader(*to.description, where, directory, out);
    if (auto* const* const list = std::get_if<choice_list*>(&to.value); list && from.is_array())
    {
        choice_list values;
        for (std::size_t i = 0; i != from.elements().size(); ++i)
        {
            if (!from.elements()[i].is_string())
                return reader.report(pointer_to(where, i), "must be a string", "必须是字符串");
            values.emplace_back(from.elements()[i].text());
        }
        if (values.empty())
            return reader.report(where, "must not be empty", "不能为空");
        reader.assign(*list, std::move(values), where);
        return;
    }
    bool const takes_number = std::holds_alternative<std::optional<std::int64_t>*>(to.value);
    std::string digits;
    if (takes_number && from.is_integer())
        digits = std::to_string(from.number());
    else if (!from.is_string())
        return takes_number ? reader.report(where, "must be a number or a string of digits", "必须是数字或数字字符串")
               : std::holds_alternative<choice_list*>(to.value)
                   ? reader.report(where, "must be a string or an array of strings", "必须是字符串或字符串数组")
                   : reader.report(where, "must be a string", "必须是字符串");
    auto const text = takes_number && from.is_integer() ? std::string_view(digits) : from.text();
    std::visit([&](auto* value) { reader(value, text); }, to.value);
}

TIDINGS_DECL void read_fields(std::span<bound_field const> fields, json_node const& from, std::string_view pointer,
                              std::string_view directory, problems& out)
{
    std::vector<std::string_view> names;
    for (auto const& f : fields)
        names.push_back(f.description->name);
    if (!is_object_of(from, pointer, names, out))
        return;
    for (auto const& f : fields)
        if (auto const* const member = from.find(f.description->name))
            read_member(f, *member, pointer_to(pointer, f.description->name), directory, out);
}

TIDINGS_DECL void check_required(std::span<bound_field const> fields, std::string_view pointer, problems& out)
{
    for (auto const& f : fields)
        if (auto const& d = *f.description; d.required && !has_value(f))
            out.emplace_back(pointer_to(pointer, d.name), "is missing. " + std::string(d.help.english),
                             "缺失。" + std::string(d.help.chinese));
}

TIDINGS_DECL json_node write_fields(std::span<bound_field const> fields)
{
    json_node out(json_node::kind::object);
    for (auto const& f : fields)
    {
        if (!has_value(f))
            continue;
        std::string const name(f.description->name);
        if (auto* const* const text = std::get_if<std::string*>(&f.value))
            out.add(name, json_node(std::string_view(**text)));
        else if (auto* const* const hidden = std::get_if<secret_setting*>(&f.value))
            out.add(name, json_node((*hidden)->reference().empty() ? (*hidden)->literal().reveal()
                                                                   : std::string_view((*hidden)->reference())));
        else if (auto* const* const number = std::get_if<std::optional<std::int64_t>*>(&f.value))
            out.add(name, json_node(***number));
        else if (auto* const* const list = std::get_if<choice_list*>(&f.value))
        {
            json_node all(json_node::kind::array);
            for (auto const& value : **list)
                all.add(json_node(std::string_view(value)));
            out.add(name, (*list)->size() == 1 ? json_node(std::string_view((*list)->front())) : std::move(all));
        }
    }
    return out;
}

TIDINGS_DECL bool has_literal_secret(std::span<bound_field const> fields)
{
    return std::any_of(fields.begin(), fields.end(), [](bound_field const& f) {
        auto* const* const hidden = std::get_if<secret_setting*>(&f.value);
        return hidden && !(*hidden)->literal().empty();
    });
}

} // namespace detail

TIDINGS_DECL bool read_text(bound_field const& to, std::string_view text, std::string_view where, problems& out,
                            std::string_view directory)
{
    detail::value_reader const reader(*to.description, where, directory, out);
    return std::visit([&](auto* value) { return reader(value, text); }, to.value);
}

TIDINGS_DECL void read_environment(std::span<bound_field const> fields, std::string_view prefix, problems& out,
                                   char* (*variable)(char const*))
{
    for (auto const& f : fields)
    {
        std::string name(prefix);
        for (char const c : f.description->name)
            name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        if (char const* const value = variable(name.c_str()); value && *value != '\0')
            read_text(f, value, name, out);
    }
}

TIDINGS_DECL std::string flag_of(field const& f)
{
    auto out = "--" + std::string(f.name);
    std::replace(out.begin(), out.end(), '_', '-');
    return out;
}

TIDINGS_DECL bool has_value(bound_field const& f)
{
    if (auto* const* const number = std::get_if<std::optional<std::int64_t>*>(&f.value))
        return (*number)->has_value();
    if (auto* const* const text = std::get_if<std::string*>(&f.value))
        return !(*text)->empty();
    if (auto* const* const hidden = std::get_if<secret_setting*>(&f.value))
        return !(*hidden)->empty();
    return !std::get<choice_list*>(f.value)->empty();
}

TIDINGS_DECL std::string display_text(bound_field const& f)
{
    if (!has_value(f))
        return {};
    if (auto* const* const number = std::get_if<std::optional<std::int64_t>*>(&f.value))
        return std::to_string(***number);
    if (auto* const* const text = std::get_if<std::string*>(&f.value))
        return **text;
    if (auto* const* const hidden = std::get_if<secret_setting*>(&f.value))
        return (*hidden)->reference();
    std::string out;
    for (auto const& value : *std::get<choice_list*>(f.value))
        (out += out.empty() ? "" : ",") += value;
    return out;
}

TIDINGS_DECL std::string form_json(std::span<field const> fields)
{
    constexpr std::string_view kinds[] = {"text", "secret", "number", "choice", "choices", "url", "path"};
    tidings::detail::wiped_string bytes;
    wire::json_writer json(bytes);
    auto const both = [&json](std::string_view name, label const& text) {
        json.key(name).open_object().member("en", text.english).member("zh", text.chinese).close_object();
    };
    json.open_array();
    for (auto const& f : fields)
    {
        json.open_object().member("name", f.name);
        both("label", f.title);
        both("help", f.help);
        json.member("kind", kinds[static_cast<std::size_t>(f.kind)]);
        json.key("required").boolean(f.required);
        if (!f.pattern.empty())
            json.member("pattern", f.pattern);
        if (!f.choices.empty())
        {
            json.key("choices").open_array();
            for (auto const name : f.choices)
                json.string(name);
            json.close_array();
        }
        json.close_object();
    }
    json.close_array();
    return std::string(bytes.view());
}

} // namespace tidings::inline v0::config

#endif
