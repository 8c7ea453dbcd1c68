// Reads JSON as a stream of values, each with the path to it.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_WIRE_JSON_READER_HPP
#define TIDINGS_WIRE_JSON_READER_HPP

#include <tidings/detail/wiped_string.hpp>
#include <tidings/error.hpp>

#include <boost/json/basic_parser_impl.hpp>
#include <openssl/crypto.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace tidings::inline v0::wire {

/// One value that is no object and no array.
class json_scalar
{
public:
    enum class kind
    {
        null,
        boolean,
        integer,
        real,
        string
    };

    json_scalar() noexcept = default;
    explicit json_scalar(std::string_view text) noexcept : text_(text), kind_(kind::string) {}
    explicit json_scalar(std::int64_t number) noexcept : number_(number), kind_(kind::integer) {}
    explicit json_scalar(bool value) noexcept : number_(value), kind_(kind::boolean) {}
    static json_scalar real() noexcept
    {
        json_scalar out;
        out.kind_ = kind::real;
        return out;
    }

    kind type() const noexcept { return kind_; }
    bool is_integer() const noexcept { return kind_ == kind::integer; }

    /// The text of a string; empty for everything else, so that missing, null and empty read alike. Valid until the
    /// visitor returns.
    std::string_view text() const noexcept { return text_; }
    std::int64_t number() const noexcept { return number_; }
    /// An integer, which may also be written as a string, as gateways between us and a platform do: `7200`, `"7200"`.
    /// Nothing for everything else, among it `7200.0`, `" 7200"`, `"07200"` and what has more than 64 bits.
    std::optional<std::int64_t> integer() const noexcept
    {
        if (kind_ == kind::integer)
            return number_;
        if (kind_ != kind::string || text_.empty())
            return std::nullopt;
        std::int64_t out = 0;
        auto const* const end = text_.data() + text_.size();
        auto const [at, ec] = std::from_chars(text_.data(), end, out);
        bool const padded = text_ != "0" && text_[text_.front() == '-' ? 1 : 0] == '0';
        return ec == std::errc() && at == end && !padded ? std::optional(out) : std::nullopt;
    }
    /// The same; 0 when it is no integer.
    std::int64_t count() const noexcept { return integer().value_or(0); }
    /// Whether it is true: `true`, a number other than 0, or one of them as a string.
    bool truth() const noexcept { return kind_ == kind::string ? text_ == "true" || count() != 0 : number_ != 0; }

private:
    std::string_view text_;
    std::int64_t number_ = 0;
    kind kind_ = kind::null;
};

/// What a decoder implements to read JSON.
///
/// A path has the keys from the root on, joined by `/`, with `*` for any element of an array: `data/user_list/*/email`.
class json_visitor
{
public:
    virtual void on_scalar(std::string_view path, json_scalar const& value) = 0;
    /// Whether `on_scalar` uses the text of a string of that path. Called for long strings and those with escapes,
    /// which have to be assembled first; if it returns false, the text is empty.
    virtual bool wants_text(std::string_view) const { return true; }
    /// An object or an array begins; what is in it follows.
    virtual void on_container(std::string_view) {}
    /// An object is complete; its members have been visited.
    virtual void on_object_end(std::string_view) {}

protected:
    ~json_visitor() = default;
};

namespace detail {

/// The handler that Boost.JSON's streaming parser drives. One type for all decoders: the parser is instantiated once.
class json_events
{
public:
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

    /// The parser refuses what is nested deeper.
    static constexpr std::size_t max_depth = 32;

    /// @param document  What is parsed.
    json_events(json_visitor& visitor, std::string_view document) noexcept : visitor_(&visitor), document_(document) {}

    bool on_document_begin(error_code&) noexcept { return true; }
    bool on_document_end(error_code&) noexcept { return true; }
    bool on_object_begin(error_code&)
    {
        if (known())
            visitor_->on_container(path());
        return enter();
    }
    bool on_object_end(std::size_t, error_code&)
    {
        leave();
        if (known())
            visitor_->on_object_end(path());
        return true;
    }
    bool on_array_begin(error_code&)
    {
        if (known())
            visitor_->on_container(path());
        enter();
        append("*", 1);
        return true;
    }
    bool on_array_end(std::size_t, error_code&) noexcept
    {
        leave();
        return true;
    }
    bool on_key_part(boost::json::string_view part, std::size_t, error_code&)
    {
        partial_ += std::string_view(part.data(), part.size());
        return true;
    }
    bool on_key(boost::json::string_view part, std::size_t total, error_code&)
    {
        size_ = starts_[level_ - 1];
        wipe_guard const wipe(*this, part);
        if (part.size() == total)
            append(part.data(), part.size());
        else
        {
            partial_ += std::string_view(part.data(), part.size());
            append(partial_.data(), partial_.size());
            partial_.clear();
        }
        return true;
    }
    bool on_string_part(boost::json::string_view part, std::size_t, error_code&)
    {
        wipe_guard const wipe(*this, part);
        if (known() && visitor_->wants_text(path()))
            partial_ += std::string_view(part.data(), part.size());
        return true;
    }
    bool on_string(boost::json::string_view part, std::size_t total, error_code&)
    {
        wipe_guard const wipe(*this, part);
        if (part.size() == total)
            return say(json_scalar(std::string_view(part.data(), part.size())));
        if (known() && visitor_->wants_text(path()))
            partial_ += std::string_view(part.data(), part.size());
        say(json_scalar(partial_.view()));
        partial_.clear();
        return true;
    }
    bool on_number_part(boost::json::string_view, error_code&) noexcept { return true; }
    bool on_int64(std::int64_t value, boost::json::string_view, error_code&) { return say(json_scalar(value)); }
    bool on_uint64(std::uint64_t, boost::json::string_view, error_code&) { return say(json_scalar::real()); }
    bool on_double(double, boost::json::string_view, error_code&) { return say(json_scalar::real()); }
    bool on_bool(bool value, error_code&) { return say(json_scalar(value)); }
    bool on_null(error_code&) { return say(json_scalar()); }
    bool on_comment_part(boost::json::string_view, error_code&) noexcept { return true; }
    bool on_comment(boost::json::string_view, error_code&) noexcept { return true; }

private:
    // Longer than any path that a decoder needs. Longer paths are skipped.
    static constexpr std::size_t max_path = 192;

    bool enter() noexcept
    {
        starts_[level_++] = size_;
        return true;
    }
    void leave() noexcept { size_ = starts_[--level_]; }
    void append(char const* text, std::size_t length) noexcept
    {
        auto const slash = level_ < 2 ? 0u : 1u; // an empty key is a key, too
        if (size_ + slash + length > max_path)
        {
            size_ = max_path + 1;
            return;
        }
        if (slash != 0)
            path_[size_++] = '/';
        std::memcpy(path_.data() + size_, text, length);
        size_ += length;
    }
    bool known() const noexcept { return size_ <= max_path; }
    std::string_view path() const noexcept { return {path_.data(), size_}; }
    bool say(json_scalar const& value)
    {
        if (known())
            visitor_->on_scalar(path(), value);
        return true;
    }

    /// Text with escapes is put together in a buffer on the parser's stack, and may be a token: it is wiped once it was
    /// seen. The buffer is no constant, and the parser does not read again what it has shown.
    class wipe_guard
    {
    public:
        wipe_guard(json_events const& events, boost::json::string_view part) noexcept : part_(part)
        {
            auto const all = events.document_;
            // Less than the size only for a pointer into the document: one comparison.
            within_ = reinterpret_cast<std::uintptr_t>(part.data()) - reinterpret_cast<std::uintptr_t>(all.data()) <
                      all.size();
        }
        wipe_guard(wipe_guard const&) = delete;
        wipe_guard& operator=(wipe_guard const&) = delete;
        ~wipe_guard()
        {
            if (!within_ && !part_.empty())
                OPENSSL_cleanse(const_cast<char*>(part_.data()), part_.size());
        }

    private:
        boost::json::string_view part_;
        bool within_;
    };

    json_visitor* visitor_;
    std::string_view document_;
    std::size_t size_ = 0;
    std::size_t level_ = 0;
    std::array<std::size_t, max_depth> starts_;
    std::array<char, max_path> path_;
    tidings::detail::wiped_string partial_; // of a token, perhaps
};

} // namespace detail

/// Parses a whole JSON document and shows each value to `visitor`.
///
/// Strings that are not valid UTF-8 are shown as they are: what a platform echoes is no reason to doubt its answer.
///
/// A byte order mark (U+FEFF) in front, which gateways put there, is skipped.
///
/// @returns Whether `document` is one JSON value and nothing else. The visitor has seen the values before the fault.
inline bool read_json(std::string_view document, json_visitor& visitor)
{
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (document.starts_with(byte_order_mark))
        document.remove_prefix(byte_order_mark.size());
    boost::json::parse_options lenient;
    lenient.allow_invalid_utf8 = true;
    lenient.max_depth = detail::json_events::max_depth;
    boost::json::basic_parser<detail::json_events> parser(lenient, visitor, document);
    error_code ec;
    auto const used = parser.write_some(false, document.data(), document.size(), ec);
    return !ec && used == document.size();
}

/// Whether `document` is well-formed JSON with an object at its root.
inline bool is_json_object(std::string_view document)
{
    struct ignore final : json_visitor
    {
        void on_scalar(std::string_view, json_scalar const&) override {}
    } nothing;
    auto const first = document.find_first_not_of(" \t\r\n");
    return first != document.npos && document[first] == '{' && read_json(document, nothing);
}

} // namespace tidings::inline v0::wire

#endif
