// Is it UTF-8?
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_UTF8_HPP
#define TIDINGS_DETAIL_UTF8_HPP

#include <boost/locale/utf.hpp>

#include <cstdint>
#include <cstring>
#include <string_view>

namespace tidings::inline v0::detail {

/// Where the first byte stands that is not well-formed UTF-8, or `npos`.
inline std::size_t find_invalid_utf8(std::string_view text) noexcept
{
    using utf8 = boost::locale::utf::utf_traits<char>;
    char const* const begin = text.data();
    char const* const end = begin + text.size();
    for (char const* at = begin; at != end;)
    {
        // Eight bytes of ASCII at a time: nearly every message is made of them.
        std::uint64_t word;
        std::uint64_t four[4];
        while (static_cast<std::size_t>(end - at) >= sizeof four)
        {
            std::memcpy(four, at, sizeof four);
            if (((four[0] | four[1] | four[2] | four[3]) & 0x8080808080808080u) != 0)
                break;
            at += sizeof four;
        }
        while (static_cast<std::size_t>(end - at) >= sizeof word)
        {
            std::memcpy(&word, at, sizeof word);
            if ((word & 0x8080808080808080u) != 0)
                break;
            at += sizeof word;
        }
        if (at == end)
            break;
        if (static_cast<unsigned char>(*at) < 0x80)
        {
            ++at;
            continue;
        }
        char const* const start = at;
        auto const point = utf8::decode(at, end);
        if (point == boost::locale::utf::illegal || point == boost::locale::utf::incomplete)
            return static_cast<std::size_t>(start - begin);
    }
    return std::string_view::npos;
}

} // namespace tidings::inline v0::detail

#endif
