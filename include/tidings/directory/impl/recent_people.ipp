// The ids of people by address, in little memory, in the order of their last use.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DIRECTORY_IMPL_RECENT_PEOPLE_IPP
#define TIDINGS_DIRECTORY_IMPL_RECENT_PEOPLE_IPP

#include <tidings/concepts.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/directory/detail/recent_people.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

namespace tidings::inline v0::detail {

TIDINGS_DECL recent_people::~recent_people()
{
    for (auto n = newest_; n != none; n = at(n).older)
        release_text(at(n));
}

TIDINGS_DECL remembered recent_people::find(std::string_view kind, std::string_view address, time_point now)
{
    auto const k = index_of(kind);
    auto const n = k == kinds_.size() ? none : search(k, address, hash_of(k, address));
    if (n == none)
        return {};
    if (auto const end = expiry_of(at(n)); end != never && end <= ticks(now))
    {
        erase(n);
        return {};
    }
    if (n != newest_)
    {
        unlink(n);
        link_as_newest(n);
    }
    entry const& e = at(n);
    if (id_size_of(e) == 0)
        return {remembered::kind::nobody, {}};
    if (e.heap)
        return {remembered::kind::person, far_text_of(e).second};
    char id[max_near_id];
    return {remembered::kind::person, unpack_id(e, id)};
}

TIDINGS_DECL void recent_people::keep(std::string_view kind, std::string_view address, std::string_view id,
                                      time_point now, time_point expires, std::size_t most)
{
    auto const k = add_kind(kind);
    if (k == kinds_.size())
        return;
    packed_id const packed(id);
    bool const near = id.size() <= max_near_id && address.size() + packed.size() <= sizeof(entry::text);
    auto far = near ? std::unique_ptr<char[]>() : far_text(address, id);

    auto const hash = hash_of(k, address);
    if (auto const old = search(k, address, hash); old != none)
        erase(old);
    while (size_ != 0 && size_ >= std::min(most, max_size))
        erase(oldest_);
    if (size_ == 0)
        start_ = now;
    if (size_ >= buckets_.size())
        add_bucket();
    auto const n = take_entry();
    // From here on nothing throws.
    entry& e = at(n);
    e.kind = static_cast<std::uint8_t>(k);
    set_expiry(e, ticks(expires));
    e.heap = !near;
    e.address_size = near ? static_cast<std::uint8_t>(address.size()) : std::uint8_t(0);
    e.id_size = near ? static_cast<std::uint8_t>(id.size()) : std::uint8_t(0);
    e.literal_size = near ? static_cast<std::uint8_t>(packed.literal()) : std::uint8_t(0);
    if (near)
    {
        std::copy(address.begin(), address.end(), e.text);
        packed.write(e.text + address.size());
    }
    else
    {
        char* const text = far.release();
        std::memcpy(e.text, &text, sizeof text);
    }
    auto& b = buckets_[bucket_of(hash)];
    e.next = std::exchange(b.first, n);
    b.marks |= mark_of(hash);
    link_as_newest(n);
    ++size_;
}

TIDINGS_DECL void recent_people::forget(std::string_view kind, std::string_view address) noexcept
{
    auto const k = index_of(kind);
    if (k == kinds_.size())
        return;
    if (auto const n = search(k, address, hash_of(k, address)); n != none)
        erase(n);
}

TIDINGS_DECL std::unique_ptr<char[]> recent_people::far_text(std::string_view address, std::string_view id)
{
    std::size_t const sizes[] = {address.size(), id.size()};
    std::unique_ptr<char[]> out(new char[sizeof sizes + address.size() + id.size()]);
    std::memcpy(out.get(), sizes, sizeof sizes);
    std::copy(id.begin(), id.end(), std::copy(address.begin(), address.end(), out.get() + sizeof sizes));
    return out;
}

TIDINGS_DECL std::pair<std::string_view, std::string_view> recent_people::far_text_of(entry const& e) noexcept
{
    char const* text = nullptr;
    std::memcpy(&text, e.text, sizeof text);
    std::size_t sizes[2];
    std::memcpy(sizes, text, sizeof sizes);
    text += sizeof sizes;
    return {std::string_view(text, sizes[0]), std::string_view(text + sizes[0], sizes[1])};
}

TIDINGS_DECL void recent_people::release_text(entry const& e) noexcept
{
    if (!e.heap)
        return;
    char* text = nullptr;
    std::memcpy(&text, e.text, sizeof text);
    delete[] text;
}

TIDINGS_DECL std::uint64_t recent_people::ticks(time_point t) const noexcept
{
    if (t <= start_)
        return 0;
    auto const since = std::chrono::duration_cast<std::chrono::microseconds>(t - start_).count();
    return std::min(static_cast<std::uint64_t>(since), never);
}

TIDINGS_DECL std::size_t recent_people::index_of(std::string_view kind) const noexcept
{
    return static_cast<std::size_t>(std::find(kinds_.begin(), kinds_.end(), kind) - kinds_.begin());
}

TIDINGS_DECL std::size_t recent_people::add_kind(std::string_view kind)
{
    auto const known = index_of(kind);
    if (known == kinds_.size() && known != max_kinds)
        kinds_.emplace_back(kind);
    return known;
}

TIDINGS_DECL recent_people::number recent_people::search(std::size_t kind, std::string_view address,
                                                         std::size_t hash) const noexcept
{
    if (size_ == 0)
        return none;
    auto const& b = buckets_[bucket_of(hash)];
    auto n = (b.marks & mark_of(hash)) != 0 ? b.first : none;
    while (n != none && (at(n).kind != kind || address_of(at(n)) != address))
        n = at(n).next;
    return n;
}

TIDINGS_DECL void recent_people::add_bucket()
{
    if (buckets_.size() == 2 * half_)
        half_ *= 2;
    buckets_.emplace_back();
    if (buckets_.size() <= half_)
        return; // the first
    auto& divided = buckets_[buckets_.size() - 1 - half_];
    auto& fresh = buckets_.back();
    divided.marks = 0;
    number* keep = &divided.first;
    for (auto n = *keep; n != none;)
    {
        entry& e = at(n);
        auto const next = e.next;
        auto const hash = hash_of(e.kind, address_of(e));
        if (bucket_of(hash) + 1 == buckets_.size())
        {
            *keep = next;
            e.next = std::exchange(fresh.first, n);
            fresh.marks |= mark_of(hash);
        }
        else
        {
            keep = &e.next;
            divided.marks |= mark_of(hash);
        }
        n = next;
    }
}

TIDINGS_DECL recent_people::number recent_people::take_entry()
{
    if (free_ != none)
        return std::exchange(free_, at(free_).next);
    if (used_ == blocks_.size() * entries_in_block)
    {
        std::unique_ptr<entry[]> block(new entry[entries_in_block]);
        blocks_.push_back(std::move(block));
    }
    return used_++;
}

TIDINGS_DECL void recent_people::erase(number n) noexcept
{
    entry& e = at(n);
    auto& b = buckets_[bucket_of(hash_of(e.kind, address_of(e)))];
    auto* link = &b.first;
    while (*link != n)
        link = &at(*link).next;
    *link = e.next;
    if (b.first == none)
        b.marks = 0;
    unlink(n);
    release_text(e);
    e.next = std::exchange(free_, n);
    --size_;
}

TIDINGS_DECL void recent_people::unlink(number n) noexcept
{
    entry const& e = at(n);
    (e.newer == none ? newest_ : at(e.newer).older) = e.older;
    (e.older == none ? oldest_ : at(e.older).newer) = e.newer;
}

TIDINGS_DECL void recent_people::link_as_newest(number n) noexcept
{
    entry& e = at(n);
    e.newer = none;
    e.older = newest_;
    (newest_ == none ? oldest_ : at(newest_).newer) = n;
    newest_ = n;
}

TIDINGS_DECL std::string_view recent_people::unpack_id(entry const& e, char* to) noexcept
{
    constexpr char const* digits = "0123456789abcdef";
    char const* from = e.text + e.address_size;
    char* out = std::copy_n(from, e.literal_size, to);
    from += e.literal_size;
    for (char* const end = to + e.id_size; out != end; out += 2)
    {
        auto const byte = static_cast<unsigned char>(*from++);
        out[0] = digits[byte / 16];
        out[1] = digits[byte % 16];
    }
    return {to, e.id_size};
}

} // namespace tidings::inline v0::detail

#endif
