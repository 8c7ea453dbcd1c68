// An index from addresses to people, read from a whole directory.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DIRECTORY_DETAIL_PEOPLE_INDEX_HPP
#define TIDINGS_DIRECTORY_DETAIL_PEOPLE_INDEX_HPP

#include <tidings/concepts.hpp>
#include <tidings/detail/ascii.hpp>

#include <string>
#include <string_view>
#include <unordered_map>

namespace tidings::inline v0::detail {

/// Addresses and the ids of those who have them. Letter case of ASCII aside: that is how people write addresses.
class people_index
{
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// Two people with one address: neither is the owner.
    void add(std::string_view address, std::string_view id);

    enum class lookup_result
    {
        nobody,
        one,
        several
    };

    /// @param id  Set to the owner's id when there is exactly one.
    lookup_result find(std::string_view address, std::string_view& id) const;

    std::size_t size() const noexcept { return owners_.size(); }

    void expires(time_point t) noexcept { expires_ = t; }
    time_point expires() const noexcept { return expires_; }

private:
    std::unordered_map<std::string, std::string> owners_;
    time_point expires_{};
};

inline freshness freshness_of(people_index const& index, people_index::time_point now) noexcept
{
    return now < index.expires() ? freshness::use : freshness::must_fetch;
}

} // namespace tidings::inline v0::detail

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/directory/impl/people_index.ipp>
#endif

#endif
