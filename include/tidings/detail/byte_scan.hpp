// Finds bytes of a few kinds, many at a time.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_BYTE_SCAN_HPP
#define TIDINGS_DETAIL_BYTE_SCAN_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace tidings::inline v0::detail {

/// Eight bytes of a text. Each question about them has marks as its answer, one for each byte.
class word_block
{
public:
    static constexpr std::size_t size = sizeof(std::uint64_t);

    /// The bytes of a block that have a property: the highest bit of each.
    class marks
    {
    public:
        constexpr explicit marks(std::uint64_t bits) noexcept : bits_(bits) {}

        friend constexpr marks operator|(marks a, marks b) noexcept { return marks(a.bits_ | b.bits_); }
        constexpr marks operator~() const noexcept { return marks(~bits_ & high); }
        constexpr marks without(marks other) const noexcept { return marks(bits_ & ~other.bits_); }
        constexpr bool any() const noexcept { return bits_ != 0; }
        /// The place of the first; the size of a block if there is none.
        constexpr std::size_t first() const noexcept
        {
            auto const zeros =
                std::endian::native == std::endian::little ? std::countr_zero(bits_) : std::countl_zero(bits_);
            return static_cast<std::size_t>(zeros) / 8;
        }

    private:
        std::uint64_t bits_;
    };

    static word_block load(char const* from) noexcept
    {
        std::uint64_t bytes;
        std::memcpy(&bytes, from, size);
        return word_block(bytes);
    }
    static constexpr word_block filled_with(char c) noexcept { return word_block(low * static_cast<unsigned char>(c)); }
    void store(char* to) const noexcept { std::memcpy(to, &bytes_, size); }

    constexpr marks equal(unsigned char value) const noexcept
    {
        auto const other = bytes_ ^ low * value;
        return marks(~(((other & ~high) + ~high) | other) & high);
    }
    /// @param limit  At most 0x80.
    constexpr marks below(unsigned char limit) const noexcept
    {
        return marks(~(((bytes_ & ~high) + low * (0x80u - limit)) | bytes_) & high);
    }
    constexpr marks not_ascii() const noexcept { return marks(bytes_ & high); }
    /// All but ' ' to '~'.
    constexpr marks unprintable() const noexcept { return below(0x20) | equal(0x7f) | not_ascii(); }
    /// @param first  At least 1.
    /// @param last   At most 0x7f.
    constexpr marks between(unsigned char first, unsigned char last) const noexcept
    {
        return below(static_cast<unsigned char>(last + 1)).without(below(first));
    }
    /// With this bit set in each byte.
    constexpr word_block with(unsigned char bit) const noexcept { return word_block(bytes_ | low * bit); }

private:
    static constexpr std::uint64_t low = 0x0101010101010101u;
    static constexpr std::uint64_t high = 0x8080808080808080u;

    constexpr explicit word_block(std::uint64_t bytes) noexcept : bytes_(bytes) {}

    std::uint64_t bytes_;
};

#if defined(__SSE2__)

/// The same of sixteen bytes.
class sse2_block
{
public:
    static constexpr std::size_t size = sizeof(__m128i);

    class marks
    {
    public:
        explicit marks(__m128i bytes) noexcept : bytes_(bytes) {}

        friend marks operator|(marks a, marks b) noexcept { return marks(_mm_or_si128(a.bytes_, b.bytes_)); }
        marks operator~() const noexcept
        {
            return marks(_mm_cmpeq_epi8(bytes_, _mm_setzero_si128())); // a mark has all bits set
        }
        marks without(marks other) const noexcept { return marks(_mm_andnot_si128(other.bytes_, bytes_)); }
        bool any() const noexcept { return _mm_movemask_epi8(bytes_) != 0; }
        std::size_t first() const noexcept
        {
            auto const bits = static_cast<unsigned>(_mm_movemask_epi8(bytes_)) | 1u << size;
            return static_cast<std::size_t>(std::countr_zero(bits));
        }

    private:
        __m128i bytes_;
    };

    static sse2_block load(char const* from) noexcept
    {
        return sse2_block(_mm_loadu_si128(reinterpret_cast<__m128i const*>(from)));
    }
    void store(char* to) const noexcept { _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes_); }

    marks equal(unsigned char value) const noexcept { return marks(_mm_cmpeq_epi8(bytes_, all(value))); }
    marks below(unsigned char limit) const noexcept { return at_most(bytes_, static_cast<unsigned char>(limit - 1)); }
    marks not_ascii() const noexcept { return marks(_mm_cmplt_epi8(bytes_, _mm_setzero_si128())); }
    marks unprintable() const noexcept
    {
        // One more, and with a sign, 0x7f is negative like all that is not ASCII.
        return marks(_mm_cmplt_epi8(_mm_add_epi8(bytes_, all(1)), all(0x20 + 1)));
    }
    marks between(unsigned char first, unsigned char last) const noexcept
    {
        return at_most(_mm_sub_epi8(bytes_, all(first)), static_cast<unsigned char>(last - first));
    }
    sse2_block with(unsigned char bit) const noexcept { return sse2_block(_mm_or_si128(bytes_, all(bit))); }

private:
    explicit sse2_block(__m128i bytes) noexcept : bytes_(bytes) {}

    static __m128i all(unsigned char value) noexcept { return _mm_set1_epi8(static_cast<char>(value)); }
    static marks at_most(__m128i bytes, unsigned char limit) noexcept
    {
        return marks(_mm_cmpeq_epi8(_mm_min_epu8(bytes, all(limit)), bytes));
    }

    __m128i bytes_;
};

using byte_block = sse2_block;

#else

using byte_block = word_block;

#endif

/// The first byte of [from, end) of a kind, or `end`.
///
/// @param marks  Marks the bytes of the kind, of a `byte_block` and of a `word_block`.
template<class Block = byte_block, class Marks>
char const* find_byte(char const* from, char const* end, Marks const& marks) noexcept
{
    if (static_cast<std::size_t>(end - from) >= Block::size)
    {
        char const* const last = end - Block::size;
        do
        {
            if (auto const found = marks(Block::load(from)); found.any())
                return from + found.first();
            from += Block::size;
        } while (from <= last);
        // The bytes that the last block shares with the one before are not of the kind.
        return from == end ? end : last + marks(Block::load(last)).first();
    }
    if constexpr (Block::size != word_block::size)
        return find_byte<word_block>(from, end, marks);
    while (from != end && marks(word_block::filled_with(*from)).first() != 0)
        ++from;
    return from;
}

} // namespace tidings::inline v0::detail

#endif
