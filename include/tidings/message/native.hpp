// A message as one platform wants it.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_MESSAGE_NATIVE_HPP
#define TIDINGS_MESSAGE_NATIVE_HPP

#include <string>
#include <string_view>
#include <utility>

namespace tidings::inline v0 {

/// A portable message in a platform's form: the platform's name of its kind, and the JSON that goes with it.
class native_message
{
public:
    /// @param type  A literal.
    /// @param json  A JSON object.
    native_message(std::string_view type, std::string json) noexcept : type_(type), json_(std::move(json)) {}

    /// Lark `msg_type`, DingTalk `msgKey` or `msgtype`, WeCom `msgtype`.
    std::string_view type() const noexcept { return type_; }
    /// A JSON object. The function that made it documents which member of a request it is.
    std::string const& json() const noexcept { return json_; }

private:
    std::string_view type_;
    std::string json_;
};

} // namespace tidings::inline v0

#endif
