// Reads JSON as a stream of values, with Boost.JSON where the document is not a usual one.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_WIRE_IMPL_JSON_READER_IPP
#define TIDINGS_WIRE_IMPL_JSON_READER_IPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/wiped_string.hpp>
#include <tidings/error.hpp>
#include <tidings/wire/detail/usual_json.hpp>
#include <tidings/wire/json_reader.hpp>
#include <tidings/wire/json_visitor.hpp>

#include <boost/json/basic_parser_impl.hpp>
#include <openssl/crypto.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace tidings::inline v0::wire {

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
    static constexpr std::size_t max_depth = max_json_depth;

    /// @param document  What is parsed.
    /// @param shown     How many values and ends the visitor has seen already: these are not shown again.
    json_events(json_visitor& visitor, std::string_view document, std::size_t shown) noexcept
        : visitor_(&visitor), document_(document), shown_(shown)
    {
    }

    bool on_document_begin(error_code&) noexcept { return true; }
    bool on_document_end(error_code&) noexcept { return true; }
    bool on_object_begin(error_code&)
    {
        if (is_next())
            visitor_->on_container(path());
        return enter();
    }
    bool on_object_end(std::size_t, error_code&)
    {
        leave();
        if (is_next())
            visitor_->on_object_end(path());
        return true;
    }
    bool on_array_begin(error_code&)
    {
        if (is_next())
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
    static constexpr std::size_t max_path = max_json_path;

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
    /// Whether what comes now is shown.
    bool is_next() noexcept
    {
        if (shown_ == 0)
            return known();
        --shown_;
        return false;
    }
    std::string_view path() const noexcept { return {path_.data(), size_}; }
    bool say(json_scalar const& value)
    {
        if (is_next())
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
    std::size_t shown_;
    std::size_t size_ = 0;
    std::size_t level_ = 0;
    std::array<std::size_t, max_depth> starts_;
    std::array<char, max_path> path_;
    tidings::detail::wiped_string partial_; // of a token, perhaps
};

TIDINGS_DECL bool read_any_json(std::string_view document, json_visitor& visitor, std::size_t shown)
{
    boost::json::parse_options lenient;
    lenient.allow_invalid_utf8 = true;
    lenient.max_depth = json_events::max_depth;
    boost::json::basic_parser<json_events> parser(lenient, visitor, document, shown);
    error_code ec;
    auto const used = parser.write_some(false, document.data(), document.size(), ec);
    return !ec && used == document.size();
}

} // namespace detail

TIDINGS_DECL bool read_json(std::string_view document, json_visitor& visitor)
{
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (document.starts_with(byte_order_mark))
        document.remove_prefix(byte_order_mark.size());
    detail::usual_json usual(document, visitor);
    return usual.read() || detail::read_any_json(document, visitor, usual.shown());
}

TIDINGS_DECL bool is_json_object(std::string_view document)
{
    struct ignore final : json_visitor
    {
        void on_scalar(std::string_view, json_scalar const&) override {}
        path_lengths used_lengths() const noexcept override { return {}; }
    } nothing;
    auto const first = document.find_first_not_of(" \t\r\n");
    return first != document.npos && document[first] == '{' && read_json(document, nothing);
}

} // namespace tidings::inline v0::wire

#endif
