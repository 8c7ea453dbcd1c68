// A message in the terms of a platform, as the caller wrote it.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_DETAIL_NATIVE_HPP
#define TIDINGS_PROVIDER_DETAIL_NATIVE_HPP

#include <string>
#include <string_view>
#include <utility>

namespace tidings::inline v0::detail {

/// The common part of all native messages: the name of the kind, and the JSON that goes with it. Each platform
/// has a type of its own.
class native_base
{
public:
    static constexpr std::string_view name = "native";

    native_base(std::string type, std::string json) noexcept : type_(std::move(type)), json_(std::move(json)) {}

    /// The platform's name of the kind.
    std::string const& type() const noexcept { return type_; }
    /// A JSON object. Checked when the message is sent.
    std::string const& json() const noexcept { return json_; }
    std::string take() && noexcept { return std::move(json_); }

protected:
    ~native_base() = default;
    native_base(native_base const&) = default;
    native_base(native_base&&) = default;
    native_base& operator=(native_base const&) = default;
    native_base& operator=(native_base&&) = default;

private:
    std::string type_;
    std::string json_;
};

} // namespace tidings::inline v0::detail

#endif
