// The ids of people by address, in little memory, in the order of their last use.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DIRECTORY_DETAIL_RECENT_PEOPLE_HPP
#define TIDINGS_DIRECTORY_DETAIL_RECENT_PEOPLE_HPP

#include <tidings/concepts.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0::detail {

/// A hash table of entries of one size, in blocks that are never moved. An entry has its address and its id in itself
/// where they fit, as those of most people do, and names others by their numbers. With nodes and strings of the
/// standard library it would take three times as much.
///
/// The table grows by one bucket for each new entry, so that no single look-up has to pay for a larger one.
///
/// @par Thread safety  Distinct objects: safe.
class recent_people
{
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// Numbers of entries have 32 bits.
    static constexpr std::size_t max_size = std::numeric_limits<std::uint32_t>::max() - 1;

    recent_people() = default;
    recent_people(recent_people const&) = delete;
    recent_people& operator=(recent_people const&) = delete;
    ~recent_people();

    std::size_t size() const noexcept { return size_; }

    /// Looks an address up, which becomes the one that was used last. An expired entry is removed.
    remembered find(std::string_view kind, std::string_view address, time_point now);

    /// Replaces what is known of an address.
    ///
    /// @param kind     Of a new one, if there are 255 of them already, nothing is kept.
    /// @param address  Compared byte for byte.
    /// @param id       Empty if no person has it.
    /// @param now      The present time.
    /// @param expires  When it is forgotten. At most a microsecond earlier.
    /// @param most     Of how many addresses something is known afterwards, at least 1: those that were not used for
    ///                 the longest time are removed.
    void keep(std::string_view kind, std::string_view address, std::string_view id, time_point now, time_point expires,
              std::size_t most);

    void forget(std::string_view kind, std::string_view address) noexcept;

private:
    using number = std::uint32_t;

    static constexpr number none = std::numeric_limits<number>::max();
    static constexpr std::size_t max_kinds = 255;
    static constexpr std::size_t max_near_id = 96; ///< Two digits in each byte.
    static constexpr std::size_t entries_in_block = 64;
    /// In microseconds since `start_`: nine years fit.
    static constexpr std::uint64_t never = (std::uint64_t(1) << 48) - 1;

    /// Without initializers: a block is filled as it is used.
    struct entry
    {
        number newer;
        number older;
        number next; ///< In the same bucket, or in the list of free entries.
        std::uint32_t expires_low;
        std::uint16_t expires_high;
        std::uint8_t kind;
        std::uint8_t heap; ///< Whether `text` is a pointer to `far_text`.
        std::uint8_t address_size;
        std::uint8_t id_size;
        std::uint8_t literal_size;
        alignas(char*) char text[48]; ///< The address and the packed id.
    };
    static_assert(sizeof(entry) <= 72);

    struct bucket
    {
        number first = none;
        /// A bit for each 32nd part of all hashes, set if an entry here may have one: so those of most addresses that are
        /// not here are known without a look at the entries.
        std::uint32_t marks = 0;
    };

    /// An id whose end is written in hexadecimal digits, as those of Lark are, takes half the room for them.
    class packed_id
    {
    public:
        explicit packed_id(std::string_view id) noexcept : id_(id), literal_(id.size())
        {
            while (literal_ != 0 && digit(id[literal_ - 1]) >= 0)
                --literal_;
            literal_ += (id.size() - literal_) % 2;
        }

        std::size_t literal() const noexcept { return literal_; }
        std::size_t size() const noexcept { return literal_ + (id_.size() - literal_) / 2; }
        void write(char* to) const noexcept
        {
            to = std::copy_n(id_.data(), literal_, to);
            for (auto i = literal_; i != id_.size(); i += 2)
                *to++ = static_cast<char>(digit(id_[i]) * 16 + digit(id_[i + 1]));
        }

    private:
        static int digit(char c) noexcept
        {
            return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        }

        std::string_view id_;
        std::size_t literal_;
    };

    static std::string_view unpack_id(entry const& e, char* to) noexcept;

    // ---- Text that is too long for an entry: its two sizes, the address, the id.

    static std::unique_ptr<char[]> far_text(std::string_view address, std::string_view id);

    static std::pair<std::string_view, std::string_view> far_text_of(entry const& e) noexcept;

    static void release_text(entry const& e) noexcept;

    static std::string_view address_of(entry const& e) noexcept
    {
        return e.heap ? far_text_of(e).first : std::string_view(e.text, e.address_size);
    }
    static std::size_t id_size_of(entry const& e) noexcept { return e.heap ? far_text_of(e).second.size() : e.id_size; }

    // ---- Time

    /// Rounded down: nothing is remembered for longer than it may be.
    std::uint64_t ticks(time_point t) const noexcept;
    static std::uint64_t expiry_of(entry const& e) noexcept
    {
        return std::uint64_t(e.expires_high) << 32 | e.expires_low;
    }
    static void set_expiry(entry& e, std::uint64_t ticks) noexcept
    {
        e.expires_low = static_cast<std::uint32_t>(ticks);
        e.expires_high = static_cast<std::uint16_t>(ticks >> 32);
    }

    // ---- Kinds of addresses: a few names, which entries have by number.

    std::size_t index_of(std::string_view kind) const noexcept;
    std::size_t add_kind(std::string_view kind);

    // ---- The table: linear hashing. Bucket n is divided when there are as many entries as buckets.

    static std::size_t hash_of(std::size_t kind, std::string_view address) noexcept
    {
        constexpr std::size_t odd = 0x9E3779B1;
        return std::hash<std::string_view>()(address) + kind * odd;
    }
    /// At least one bucket exists.
    std::size_t bucket_of(std::size_t hash) const noexcept
    {
        auto const at = hash & (2 * half_ - 1);
        return at < buckets_.size() ? at : at - half_;
    }
    static std::uint32_t mark_of(std::size_t hash) noexcept
    {
        return std::uint32_t(1) << (hash >> (std::numeric_limits<std::size_t>::digits - 5));
    }
    number search(std::size_t kind, std::string_view address, std::size_t hash) const noexcept;
    void add_bucket();

    // ---- The entries

    entry& at(number n) noexcept { return blocks_[n / entries_in_block][n % entries_in_block]; }
    entry const& at(number n) const noexcept { return blocks_[n / entries_in_block][n % entries_in_block]; }

    number take_entry();
    void erase(number n) noexcept;
    void unlink(number n) noexcept;
    void link_as_newest(number n) noexcept;

    std::vector<std::string> kinds_;
    std::vector<bucket> buckets_;
    std::size_t half_ = 1; ///< A power of two: there are more buckets than this, up to twice as many.
    std::vector<std::unique_ptr<entry[]>> blocks_;
    number used_ = 0; ///< Entries of the blocks that were in use at some time.
    number free_ = none;
    number newest_ = none;
    number oldest_ = none;
    std::size_t size_ = 0;
    time_point start_{};
};

} // namespace tidings::inline v0::detail

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/directory/impl/recent_people.ipp>
#endif

#endif
