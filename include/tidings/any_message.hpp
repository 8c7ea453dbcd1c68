// A message for a platform that is chosen when the program runs.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_ANY_MESSAGE_HPP
#define TIDINGS_ANY_MESSAGE_HPP

#include <tidings/message/attachment.hpp>
#include <tidings/message/markdown.hpp>
#include <tidings/message/notice.hpp>
#include <tidings/message/text.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace tidings::inline v0 {

/// A message in a platform's own JSON, for what the other kinds of messages do not have.
class any_native
{
public:
    static constexpr std::string_view name = "native";

    /// @param type  Lark and Feishu: `msg_type`. DingTalk: `msgKey`, of a work notification `msgtype`. WeCom:
    ///              `msgtype`.
    /// @param json  Lark and Feishu: `content`. DingTalk: `msgParam`, of a work notification the member that `type`
    ///              names. WeCom: the same.
    any_native(std::string type, std::string json) noexcept : type_(std::move(type)), json_(std::move(json)) {}

    std::string const& type() const noexcept { return type_; }
    std::string const& json() const noexcept { return json_; }

private:
    std::string type_;
    std::string json_;
};

/// A message of any kind.
using any_message = std::variant<text, markdown, notice, image, file, any_native>;

} // namespace tidings::inline v0

#endif
