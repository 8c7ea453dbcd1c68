// The request that each client sends, and the check of the answer, for those that write their own bytes.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_BENCHMARKS_PREPARED_HPP
#define TIDINGS_BENCHMARKS_PREPARED_HPP

#include "measurement.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <array>
#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>

namespace benchmarks {

inline constexpr std::string_view target = "/open-apis/im/v1/messages?receive_id_type=user_id";
inline constexpr std::string_view bearer = "Bearer t-g1044ghJRUIJJ5ELPOTAMTZ3GJUWOCTA";
inline constexpr std::string_view content_type = "application/json; charset=utf-8";
inline constexpr std::string_view user_agent = "tidings-benchmark";

/// 606 bytes, with a key of which only the first eight digits change.
class request_body
{
public:
    request_body()
    {
        auto const view = [](std::string_view s) { return boost::json::string_view(s.data(), s.size()); };
        boost::json::object const content{{"text", view(message)}};
        text_ = boost::json::serialize(boost::json::object{
            {"receive_id", view(person)},
            {"msg_type", "text"},
            {"content", boost::json::serialize(content)},
            {"uuid", view(number)},
        });
        number_at_ = text_.find(number);
    }

    std::string const& text() const noexcept { return text_; }
    std::size_t number_at() const noexcept { return number_at_; }
    void set_number(std::size_t n) { write_number(text_, number_at_, n); }

    /// Writes the first eight digits of a key.
    static void write_number(std::string& text, std::size_t at, std::size_t n)
    {
        std::array<char, 8> digits;
        digits.fill('0');
        std::to_chars(digits.data(), digits.data() + digits.size(), n, 16);
        text.replace(at, digits.size(), digits.data(), digits.size());
    }

private:
    static constexpr std::string_view number = "00000000-0000-4000-8000-000000000000";

    std::string text_;
    std::size_t number_at_ = 0;
};

/// Whether the platform took the message.
inline bool is_accepted(std::string_view body) noexcept
{
    return body.find("\"code\":0,") != body.npos;
}

} // namespace benchmarks

#endif
