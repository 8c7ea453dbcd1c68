// Long text in pieces.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/provider/detail/split.hpp>

#include <tidings/detail/utf8.hpp>
#include <tidings/wire/json_writer.hpp>

#include "support/hostile_text.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace split_test {

using namespace tidings::detail;

namespace {

std::string joined(std::vector<std::string> const& pieces)
{
    std::string out;
    for (auto const& piece : pieces)
        out += (out.empty() ? "" : "|") + piece;
    return out;
}

std::string without_blanks(std::string_view text)
{
    std::string out;
    for (char const c : text)
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r')
            out += c;
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(splitting)

BOOST_AUTO_TEST_CASE(text_is_cut_between_paragraphs_then_lines_then_words_then_characters)
{
    auto const cut = [](std::string_view text, std::size_t most) {
        return joined(split_text(text, most, utf8_cost()));
    };
    BOOST_TEST(cut("", 10) == "");
    BOOST_TEST(cut("short", 10) == "short");
    BOOST_TEST(cut("one two\n\nthree four", 12) == "one two|three four");
    BOOST_TEST(cut("aaaa\n\nbbb\ncc dd", 12) == "aaaa\n\nbbb|cc dd");
    BOOST_TEST(cut("one two three four", 10) == "one two|three four");
    BOOST_TEST(cut("one two\nthree four", 10) == "one two|three four");
    BOOST_TEST(cut("a https://e.example/x", 20) == "a|https://e.example/x");
    BOOST_TEST(cut("abcdefghij", 4) == "abcd|efgh|ij");
    BOOST_TEST(cut("你好，世界。再见", 12) == "你好，|世界。|再见");
    BOOST_TEST(cut("a\n\n\n\n\nb", 3) == "a|b");
    BOOST_TEST(cut("aaa\n  bbb", 6) == "aaa|  bbb");
}

BOOST_AUTO_TEST_CASE(what_a_reader_sees_as_one_character_stays_whole)
{
    std::string const family = "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7"; // woman, joiner, girl
    std::string const flag = "\xf0\x9f\x87\xaf\xf0\x9f\x87\xb5";
    std::string const accent = "e\xcc\x81";
    for (auto const& one : {family, flag, accent})
    {
        std::string text;
        for (int i = 0; i != 20; ++i)
            text += one;
        for (auto const& piece : split_text(text, one.size() * 3 + 1, utf8_cost()))
            BOOST_TEST(piece.size() % one.size() == 0u);
    }
    // Where even one does not fit, code points stay whole.
    BOOST_TEST(split_text(family, 4, utf8_cost()).at(0).size() == 4u);
}

BOOST_AUTO_TEST_CASE(costs_are_what_the_writer_writes)
{
    std::string text;
    for (int c = 0; c != 256; ++c)
        text += static_cast<char>(c);
    wiped_string flat;
    tidings::wire::json_writer(flat).string(text);
    BOOST_TEST(json_cost()(text) == flat.size() - 2);
    wiped_string nested;
    tidings::wire::json_writer(nested).open_document().string(text).close_document();
    BOOST_TEST(nested_json_cost()(text) == nested.size() - 6);
}

BOOST_AUTO_TEST_CASE(every_piece_fits_and_nothing_but_blanks_is_lost)
{
    test::hostile_text next(3);
    auto const check = [&](auto const& cost) {
        for (int i = 0; i != 3000; ++i)
        {
            auto const text = next(60);
            std::size_t const most = 8 + next.pick(60);
            std::string all;
            for (auto const& piece : split_text(text, most, cost))
            {
                BOOST_TEST_REQUIRE(cost(piece) <= most);
                BOOST_TEST_REQUIRE(find_invalid_utf8(piece) == piece.npos);
                all += piece;
            }
            BOOST_TEST_REQUIRE(without_blanks(all) == without_blanks(text));
        }
    };
    check(utf8_cost());
    check(json_cost());
    check(nested_json_cost());
}

BOOST_AUTO_TEST_CASE(markdown_is_cut_between_blocks_and_code_is_fenced_in_every_piece)
{
    auto const cut = [](std::string_view text, std::size_t most) {
        return joined(split_markdown(text, most, utf8_cost()));
    };
    BOOST_TEST(cut("# A\n\nb\n\nc", 40) == "# A\n\nb\n\nc");
    BOOST_TEST(cut("# Aaaaaa\n\nbbbbbb\n\ncccccc", 18) == "# Aaaaaa\n\nbbbbbb\n|cccccc");
    BOOST_TEST(cut("```cpp\naaaa\nbbbb\n```", 18) == "```cpp\naaaa\n```|```cpp\nbbbb\n```");
    BOOST_TEST(cut("- aaaa\n- bbbb\n- cccc", 14) == "- aaaa\n- bbbb|- cccc");
    BOOST_TEST(cut("one two three four", 10) == "one two|three four");
}

BOOST_AUTO_TEST_CASE(every_piece_of_markdown_fits_and_none_of_its_words_is_lost)
{
    test::hostile_text next(4);
    for (int i = 0; i != 2000; ++i)
    {
        auto const text = next(60) + "\nend"; // no fence is the last line: nothing of such code is shown
        std::size_t const most = 200 + next.pick(60);
        std::string all;
        for (auto const& piece : split_markdown(text, most, utf8_cost()))
        {
            BOOST_TEST_REQUIRE(piece.size() <= most);
            BOOST_TEST_REQUIRE(find_invalid_utf8(piece) == piece.npos);
            all += piece;
        }
        std::string bare;
        for (char const c : without_blanks(text))
            if (c != '`')
                bare += c;
        // Fences may come back; all else stands once.
        std::size_t at = 0;
        for (char const c : all)
            if (at != bare.size() && c == bare[at])
                ++at;
        BOOST_TEST_REQUIRE(at == bare.size(), text);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace split_test
