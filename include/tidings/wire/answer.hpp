// What the answers of several platforms have in common.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_WIRE_ANSWER_HPP
#define TIDINGS_WIRE_ANSWER_HPP

#include <tidings/detail/failure.hpp>
#include <tidings/secret.hpp>
#include <tidings/wire/json_reader.hpp>
#include <tidings/wire/reply.hpp>

#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace tidings::wire {

/// A frame with a number that says whether the call succeeded. Everything else is handed to the decoder of the call.
class coded_answer : public json_visitor
{
public:
    void on_scalar(std::string_view path, json_scalar const& value) final
    {
        if (path == name_)
            code_ = value.is_integer() ? std::optional(value.number()) : std::nullopt;
        else
            on_value(path, value);
    }

    /// The platform's code; nothing when the answer has none.
    std::optional<std::int64_t> code() const noexcept { return code_; }

protected:
    /// @param name  Of the number's member; a literal.
    explicit coded_answer(std::string_view name) noexcept : name_(name) {}
    ~coded_answer() = default;

private:
    virtual void on_value(std::string_view, json_scalar const&) {}

    std::string_view name_;
    std::optional<std::int64_t> code_;
};

/// Reads an answer that brings an access token.
///
/// @tparam Frame  A visitor that hands every value it does not read itself to `on_value`.
template<class Frame>
class token_reader final : public Frame
{
public:
    /// @param token, lifetime  The paths to them; literals.
    token_reader(std::string_view token, std::string_view lifetime) noexcept : token_path_(token), life_path_(lifetime)
    {
    }

    bool has_token() const noexcept { return !token_.empty(); }
    secret take_token() noexcept { return std::move(token_); }
    /// Seconds, in the platform's words.
    std::int64_t lifetime() const noexcept { return lifetime_; }

private:
    void on_value(std::string_view path, json_scalar const& value) override
    {
        if (path == token_path_)
            token_ = secret(value.text());
        else if (path == life_path_)
            lifetime_ = value.count();
    }

    std::string_view token_path_;
    std::string_view life_path_;
    secret token_;
    std::int64_t lifetime_ = 0;
};

/// Makes a failure of an answer that is not the platform's: a gateway's page, half an answer, nothing.
inline failure foreign_answer(boost::intrusive_ptr<diagnostics> facts, reply const& in)
{
    facts->platform_message.clear();
    facts->scopes.clear();
    facts->link.clear();
    facts->detail = "HTTP status " + std::to_string(in.status()) + " with a body of " +
                    std::to_string(in.body().size()) + " bytes that is not the platform's JSON";
    if (in.status() == 429)
        return {errc::rate_limited, std::move(facts)};
    return {in.status() >= 500 ? errc::server_error : errc::protocol_error, std::move(facts)};
}

} // namespace tidings::wire

#endif
