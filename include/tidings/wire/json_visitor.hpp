// The values of an answer in JSON, and the interface of what reads them.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_WIRE_JSON_VISITOR_HPP
#define TIDINGS_WIRE_JSON_VISITOR_HPP

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
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

/// The lengths that some paths have. Most values of an answer are in no table, and the length of the path alone shows it
/// for most of these: one test of a bit instead of a comparison with each row.
class path_lengths
{
public:
    constexpr path_lengths() noexcept = default;
    constexpr path_lengths(std::initializer_list<std::string_view> paths) noexcept
    {
        for (auto const path : paths)
            bits_ |= bit(path.size());
    }
    /// The lengths of `path` and of all paths below it.
    static constexpr path_lengths from(std::string_view path) noexcept
    {
        path_lengths out;
        out.bits_ = ~(bit(path.size()) - 1);
        return out;
    }

    constexpr void add(path_lengths const& other) noexcept { bits_ |= other.bits_; }
    constexpr bool has(std::string_view path) const noexcept { return has_length(path.size()); }
    constexpr bool has_length(std::size_t length) const noexcept { return (bits_ & bit(length)) != 0; }

private:
    /// The last bit is for all that are longer, too.
    static constexpr std::uint64_t bit(std::size_t length) noexcept
    {
        constexpr std::size_t last = 63;
        return std::uint64_t(1) << (length < last ? length : last);
    }

    std::uint64_t bits_ = 0;
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

    /// The lengths of the paths of which it uses anything: of others, nothing need be shown. By default all.
    virtual path_lengths used_lengths() const noexcept { return path_lengths::from({}); }

protected:
    ~json_visitor() = default;
};

} // namespace tidings::inline v0::wire

#endif
