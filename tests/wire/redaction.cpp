// How secrets are found in what a peer wrote.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/wire/detail/redaction.hpp>

#include <boost/beast/core/detail/base64.hpp>
#include <boost/test/unit_test.hpp>

#include <random>

namespace redaction_test {

namespace {

using tidings::detail::redactor;

constexpr std::string_view token = "t-g1044qeGEDXTB6NDJOGV4JQCYDGHRBARFTGT1234";
constexpr std::string_view odd = "ab+cd/ef=ghij\"klm\\nopqrstuvw%xyz"; // with what forms of writing change

std::string redacted(std::string text, std::initializer_list<std::string_view> secrets)
{
    redactor r;
    for (auto const secret : secrets)
        r.add(secret);
    tidings::detail::wiped_string copy;
    copy.assign(text);
    bool const found = r.redact(text);
    BOOST_TEST(r.redact(copy) == found);
    BOOST_TEST(copy.view() == text);
    BOOST_TEST(found == (text.find("***") != text.npos));
    return text;
}

std::string percent_encoded(std::string_view text, std::string_view digits)
{
    std::string out;
    for (char const c : text)
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-')
            out += c;
        else
        {
            out += '%';
            out += digits[static_cast<unsigned char>(c) >> 4];
            out += digits[static_cast<unsigned char>(c) & 15];
        }
    return out;
}

std::string json_escaped(std::string_view text)
{
    std::string out;
    for (char const c : text)
    {
        if (c == '"' || c == '\\' || c == '/')
            out += '\\';
        out += c;
    }
    return out;
}

std::string base64(std::string text)
{
    namespace codec = boost::beast::detail::base64;
    std::string out(codec::encoded_size(text.size()), '\0');
    out.resize(codec::encode(out.data(), text.data(), text.size()));
    return out;
}

std::string replaced(std::string text, char from, char to)
{
    std::replace(text.begin(), text.end(), from, to);
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(redaction)

BOOST_AUTO_TEST_CASE(a_secret_is_hidden_wherever_it_stands)
{
    BOOST_TEST(redacted("token " + std::string(token) + " is not valid: " + std::string(token), {token}) ==
               "token *** is not valid: ***");
    BOOST_TEST(redacted(std::string(token), {token}) == "***");
    BOOST_TEST(redacted("<" + std::string(token) + std::string(token) + ">", {token}) == "<***>");
    BOOST_TEST(redacted("", {token}) == "");
    BOOST_TEST(redacted("nothing of the kind", {token}) == "nothing of the kind");
    BOOST_TEST(redacted("one " + std::string(token) + " two " + std::string(odd), {token, odd}) == "one *** two ***");
}

BOOST_AUTO_TEST_CASE(a_part_of_eight_characters_is_hidden_and_a_shorter_one_is_not)
{
    for (std::size_t i = 0; i + redactor::min_part <= token.size(); ++i)
        for (std::size_t n = 1; i + n <= token.size(); ++n)
        {
            auto const part = std::string(token.substr(i, n));
            auto const expected = n < redactor::min_part ? "x " + part + "..." : "x ***...";
            BOOST_TEST_REQUIRE(redacted("x " + part + "...", {token}) == expected);
        }
}

BOOST_AUTO_TEST_CASE(other_ways_to_write_a_secret_are_known)
{
    for (std::string_view const secret : {token, odd})
    {
        std::string const text(secret);
        std::string lower = text;
        std::transform(lower.begin(), lower.end(), lower.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        auto const twice = percent_encoded(percent_encoded(text, "0123456789ABCDEF"), "0123456789ABCDEF");
        std::string unicode;
        for (char const c : text)
        {
            char digits[8];
            std::snprintf(digits, sizeof digits, "\\u%04x", static_cast<unsigned>(c));
            unicode += digits;
        }
        for (auto const& form :
             {text, lower, percent_encoded(text, "0123456789ABCDEF"), percent_encoded(text, "0123456789abcdef"), twice,
              json_escaped(text), json_escaped(json_escaped(text)),
              percent_encoded(json_escaped(text), "0123456789ABCDEF"), unicode})
            BOOST_TEST(redacted("<" + form + ">", {secret}) == "<***>", form);
        // What stands in front moves the borders of Base64's groups.
        for (std::string const before : {"", "a", "ab", "abc", "app:"})
            for (bool const url : {false, true})
            {
                auto form = base64(before + text + "tail");
                if (url)
                    form = replaced(replaced(form, '+', '-'), '/', '_');
                auto const hidden = redacted("Basic " + form, {secret});
                BOOST_TEST(hidden.find("***") != hidden.npos, form);
                BOOST_TEST(hidden.size() < std::string_view("Basic ***").size() + 2 * 8 + 6, hidden);
            }
    }
}

BOOST_AUTO_TEST_CASE(a_short_secret_is_hidden_as_a_whole_and_a_very_short_one_may_be_any_word)
{
    BOOST_TEST(redacted("the hunter2 and HUNTER2", {"hunter2"}) == "the *** and ***");
    BOOST_TEST(redacted("the hunter", {"hunter2"}) == "the hunter");
    BOOST_TEST(redacted("a%62%63d%65f", {"abcdef"}) == "***");
    BOOST_TEST(redacted("abcde", {"abcde"}) == "abcde");
    BOOST_TEST(redacted("anything", {""}) == "anything");
}

BOOST_AUTO_TEST_CASE(what_platforms_say_is_no_secret_by_chance)
{
    for (std::string_view const text :
         {"invalid access_token, hint: [1686402237354962763423746], from ip: 1.2.3.4, more info at "
          "https://open.work.weixin.qq.com/devtool/query?e=40014",
          "Access denied. One of the following scopes is required: [im:message:send_as_bot]", "不合法的access_token",
          "tenant_access_token", "0000000000000000000000000000000000000000"})
        BOOST_TEST(redacted(std::string(text), {token, odd, "96fc7a7a2f6d4f0db5f8e7a1c3b29d40",
                                                "3f9a7c1e5d8b2460a1b2c3d4e5f60718"}) == text);
}

BOOST_AUTO_TEST_CASE(any_text_may_come)
{
    std::minstd_rand chance(7);
    redactor r;
    r.add(token);
    constexpr std::string_view alphabet = "%\\u0041aA+/-_t-g1044\x80\xff\0 ";
    for (int n = 0; n != 20'000; ++n)
    {
        std::string text;
        for (auto size = chance() % 40; size != 0; --size)
            text += alphabet[chance() % alphabet.size()];
        auto const before = text;
        if (!r.redact(text))
            BOOST_TEST_REQUIRE(text == before);
        BOOST_TEST_REQUIRE(text.size() <= before.size());
    }
    // A huge text takes no huge time.
    std::string huge;
    for (int i = 0; i != 10'000; ++i)
        huge += "t-g1044 and so on, %41%42 ";
    huge += token;
    BOOST_TEST(redacted(huge, {token}).ends_with("so on, %41%42 ***"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace redaction_test
