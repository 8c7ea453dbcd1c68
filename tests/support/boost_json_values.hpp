// The values of a document as Boost.JSON sees them, in the order of the document.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TESTS_SUPPORT_BOOST_JSON_VALUES_HPP
#define TIDINGS_TESTS_SUPPORT_BOOST_JSON_VALUES_HPP

#include <tidings/wire/json_visitor.hpp>

#include <boost/json/basic_parser_impl.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What drives a visitor as `wire::read_json` should: the handler of Boost.JSON's parser.
class boost_json_values
{
public:
    using error_code = boost::json::error_code;

    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

    /// @returns As `wire::read_json`, which also skips a byte order mark; nothing if an exponent is over a limit that only
    ///     Boost.JSON has.
    static std::optional<bool> read(std::string_view document, tidings::wire::json_visitor& visitor)
    {
        boost::json::parse_options options;
        options.allow_invalid_utf8 = true;
        options.max_depth = 32;
        boost::json::basic_parser<boost_json_values> parser(options, visitor);
        error_code ec;
        auto const used = parser.write_some(false, document.data(), document.size(), ec);
        if (ec == boost::json::error::exponent_overflow)
            return std::nullopt;
        return !ec && used == document.size();
    }

    explicit boost_json_values(tidings::wire::json_visitor& visitor) : visitor_(visitor) {}

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_object_begin(error_code&) { return enter(); }
    bool on_object_end(std::size_t, error_code&)
    {
        leave();
        if (is_short())
            visitor_.on_object_end(path_);
        return true;
    }
    bool on_array_begin(error_code&)
    {
        enter();
        return append("*");
    }
    bool on_array_end(std::size_t, error_code&)
    {
        leave();
        return true;
    }
    bool on_key_part(boost::json::string_view part, std::size_t, error_code&) { return add(part); }
    bool on_key(boost::json::string_view part, std::size_t, error_code&)
    {
        path_.resize(ends_.back());
        add(part);
        return append(take());
    }
    bool on_string_part(boost::json::string_view part, std::size_t, error_code&) { return add(part); }
    bool on_string(boost::json::string_view part, std::size_t, error_code&)
    {
        add(part);
        auto const text = take();
        return show(json_scalar(std::string_view(text)));
    }
    bool on_number_part(boost::json::string_view, error_code&) { return true; }
    bool on_int64(std::int64_t value, boost::json::string_view, error_code&) { return show(json_scalar(value)); }
    bool on_uint64(std::uint64_t, boost::json::string_view, error_code&) { return show(json_scalar::real()); }
    bool on_double(double, boost::json::string_view, error_code&) { return show(json_scalar::real()); }
    bool on_bool(bool value, error_code&) { return show(json_scalar(value)); }
    bool on_null(error_code&) { return show(json_scalar()); }
    bool on_comment_part(boost::json::string_view, error_code&) { return true; }
    bool on_comment(boost::json::string_view, error_code&) { return true; }

private:
    using json_scalar = tidings::wire::json_scalar;

    bool is_short() const { return path_.size() <= 192; }
    bool enter()
    {
        if (is_short())
            visitor_.on_container(path_);
        ends_.push_back(path_.size());
        return true;
    }
    void leave()
    {
        path_.resize(ends_.back());
        ends_.pop_back();
    }
    bool append(std::string_view key)
    {
        if (ends_.size() > 1)
            path_ += '/';
        path_ += key;
        return true;
    }
    bool add(boost::json::string_view part)
    {
        text_.append(part.data(), part.size());
        return true;
    }
    std::string take()
    {
        auto out = std::move(text_);
        text_.clear();
        return out;
    }
    bool show(json_scalar const& value)
    {
        if (is_short())
            visitor_.on_scalar(path_, value);
        return true;
    }

    tidings::wire::json_visitor& visitor_;
    std::string path_;
    std::vector<std::size_t> ends_;
    std::string text_;
};

#endif
