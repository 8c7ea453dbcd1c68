// JSON written straight into a request, read back by Boost.JSON.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/wire/json_writer.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace json_writer_test {

namespace {

using tidings::detail::wiped_string;
using tidings::wire::json_writer;

std::string plain(wiped_string const& text)
{
    return {text.data(), text.size()};
}

// A text as a value of its own.
std::string written(std::string_view text)
{
    wiped_string out;
    json_writer(out).string(text);
    return plain(out);
}

// A text inside a document that is a string.
std::string written_inside(std::string_view text)
{
    wiped_string out;
    json_writer(out).open_document().open_object().member("text", text).close_object().close_document();
    return plain(out);
}

boost::json::value parsed(std::string_view document)
{
    boost::system::error_code ec;
    boost::json::parse_options lenient;
    lenient.allow_invalid_utf8 = true;
    auto out = boost::json::parse({document.data(), document.size()}, ec, {}, lenient);
    BOOST_TEST(!ec, ec.message() << " in " << document);
    return out;
}

std::string text_of(boost::json::value const& v)
{
    BOOST_REQUIRE(v.is_string());
    return std::string(v.as_string());
}

// Both levels give back what was put in.
void check_round_trip(std::string const& text)
{
    BOOST_TEST(text_of(parsed(written(text))) == text);
    auto const inner = text_of(parsed(written_inside(text)));
    auto const document = parsed(inner);
    BOOST_REQUIRE(document.is_object());
    BOOST_TEST(text_of(document.as_object().at("text")) == text);
}

std::vector<std::string> specials()
{
    std::vector<std::string> out{"\"", "\\", "\x7f", "/", "<"};
    for (char c = 0; c < 0x20; ++c)
        out.emplace_back(1, c);
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(json_writer_)

BOOST_AUTO_TEST_CASE(commas_and_colons_stand_where_json_wants_them)
{
    wiped_string out;
    json_writer json(out);
    json.open_object().member("a", "x").key("b").open_array().number(1).number(-2).string("y").boolean(true);
    json.open_array().close_array().open_object().close_object().close_array();
    json.key("c").open_object().key("d").boolean(false).close_object().member("e", "").close_object();
    BOOST_TEST(plain(out) == R"({"a":"x","b":[1,-2,"y",true,[],{}],"c":{"d":false},"e":""})");
}

BOOST_AUTO_TEST_CASE(a_document_inside_a_string_is_escaped_once_more)
{
    wiped_string out;
    json_writer json(out);
    json.open_object()
        .key("content")
        .open_document()
        .open_object()
        .member("text", "a")
        .key("n")
        .number(1)
        .close_object();
    json.close_document().member("uuid", "k").close_object();
    BOOST_TEST(plain(out) == R"({"content":"{\"text\":\"a\",\"n\":1}","uuid":"k"})");
}

BOOST_AUTO_TEST_CASE(the_escapes_are_those_of_json_on_both_levels)
{
    BOOST_TEST(written("a\"b\\c\nd\re\tf\bg\fh\x01i\x1fj") == R"("a\"b\\c\nd\re\tf\bg\fh\u0001i\u001fj")");
    BOOST_TEST(written_inside("a\"b\\c\nd\re\tf\bg\fh\x01i\x1fj") ==
               R"("{\"text\":\"a\\\"b\\\\c\\nd\\re\\tf\\bg\\fh\\u0001i\\u001fj\"}")");
}

BOOST_AUTO_TEST_CASE(numbers_reach_from_the_smallest_to_the_largest)
{
    wiped_string out;
    json_writer json(out);
    json.open_array().number(std::numeric_limits<std::int64_t>::min()).number(0);
    json.number(std::numeric_limits<std::int64_t>::max()).close_array();
    BOOST_TEST(plain(out) == "[-9223372036854775808,0,9223372036854775807]");
}

BOOST_AUTO_TEST_CASE(a_writer_appends_to_what_stands_there)
{
    wiped_string out;
    out += "head";
    json_writer(out).open_object().close_object();
    BOOST_TEST(plain(out) == "head{}");
}

BOOST_AUTO_TEST_CASE(an_empty_text_is_an_empty_string)
{
    BOOST_TEST(written("") == R"("")");
    BOOST_TEST(written(std::string_view()) == R"("")");
    BOOST_TEST(written_inside("") == R"("{\"text\":\"\"}")");
}

BOOST_AUTO_TEST_CASE(a_special_character_is_escaped_at_every_place_of_a_long_text)
{
    for (auto const& special : specials())
        for (std::size_t length : {0u, 1u, 6u, 7u, 8u, 9u, 15u, 16u, 20u, 25u})
            for (std::size_t at = 0; at <= std::min<std::size_t>(length, 20); ++at)
            {
                std::string text(length, 'a');
                text.insert(at, special);
                BOOST_TEST_CONTEXT("character " << int(special[0]) << " at " << at << " of " << length)
                check_round_trip(text);
            }
}

BOOST_AUTO_TEST_CASE(bytes_above_ascii_beside_a_special_character_hide_nothing)
{
    // The eight-byte test of the writer borrows between bytes: these are the neighbours that could deceive it.
    for (std::string const neighbour :
         {"\xc2\x80", "\xc3\xbf", "\xe2\x82\xac", "\xf0\x9f\x98\x80", " ", "!", "#", "[", "]"})
        for (auto const& special : specials())
            for (std::size_t at = 0; at != 17; ++at)
            {
                BOOST_TEST_CONTEXT("character " << int(special[0]) << " at " << at << " beside " << neighbour)
                {
                    check_round_trip(std::string(at, 'a') + neighbour + special + neighbour + "tail and tail");
                    check_round_trip(std::string(at, 'a') + special + neighbour + special);
                }
            }
}

BOOST_AUTO_TEST_CASE(bytes_above_ascii_stay_as_they_are)
{
    std::string const text =
        "caf\xc3\xa9 \xe5\x8a\xa0\xe5\xa4\x9a \xf0\x9f\x98\x80\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80";
    BOOST_TEST(written(text) == '"' + text + '"');
    BOOST_TEST(written_inside(text) == "\"{\\\"text\\\":\\\"" + text + "\\\"}\"");
}

BOOST_AUTO_TEST_CASE(text_of_nothing_but_escapes_grows_as_it_must)
{
    // The sanitizer sees a byte written behind the room there is; a fresh string has none, a reused one has some.
    for (std::string_view const special : {"\x01", "\"", "\\", "\n"})
        for (std::size_t length : {1u, 7u, 8u, 9u, 70u, 71u, 72u, 73u, 74u, 80u, 500u, 505u, 512u, 1000u, 20'000u})
        {
            std::string text;
            while (text.size() < length)
                text += special;
            check_round_trip(text);
            check_round_trip(std::string(505, 'a') + text + "tail");
        }
}

BOOST_AUTO_TEST_CASE(any_bytes_survive_both_levels)
{
    std::mt19937 dice(20260101); // the same every time
    std::string_view const alphabet("\"\\\n\r\t\0\x1f\x7f\x80\xff /u0aA{}[]:,", 22);
    std::uniform_int_distribution<std::size_t> letter(0, alphabet.size() - 1);
    std::uniform_int_distribution<std::size_t> length(0, 60);
    for (int round = 0; round != 2000; ++round)
    {
        std::string text(length(dice), ' ');
        for (auto& c : text)
            c = alphabet[letter(dice)];
        check_round_trip(text);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace json_writer_test
