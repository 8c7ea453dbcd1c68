// JSON as a stream of values, each with its path.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/wire/detail/usual_json.hpp>
#include <tidings/wire/json_reader.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace json_reader_test {

namespace {

using tidings::wire::json_scalar;

// Everything a document shows, as `path=value` lines; an object's end is `path}`.
class recorder final : public tidings::wire::json_visitor
{
public:
    std::vector<std::string> seen;
    std::vector<std::string> ends;

    void on_scalar(std::string_view path, json_scalar const& value) override
    {
        std::string line(path);
        line += '=';
        switch (value.type())
        {
        case json_scalar::kind::null: line += "null"; break;
        case json_scalar::kind::boolean: line += value.number() != 0 ? "true" : "false"; break;
        case json_scalar::kind::integer: line += std::to_string(value.number()); break;
        case json_scalar::kind::real: line += "real"; break;
        case json_scalar::kind::string: line += '\'' + std::string(value.text()) + '\''; break;
        }
        seen.push_back(line);
    }
    void on_object_end(std::string_view path) override { ends.emplace_back(path); }

    std::string all() const
    {
        std::string out;
        for (auto const& v : seen)
            out += v + '\n';
        return out;
    }
};

// What a sound document shows; fails the test when it is refused.
recorder read(std::string_view document)
{
    recorder out;
    BOOST_TEST(tidings::wire::read_json(document, out), "refused: " << document.substr(0, 200));
    return out;
}

bool accepts(std::string_view document)
{
    recorder out;
    return tidings::wire::read_json(document, out);
}

std::string repeated(std::string_view what, std::size_t times)
{
    std::string out;
    for (std::size_t i = 0; i != times; ++i)
        out += what;
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(json_reader)

BOOST_AUTO_TEST_CASE(every_value_comes_with_the_path_to_it)
{
    auto const got = read(R"({"code":0,"msg":"ok","data":{"a":null,"b":true,"c":false,"d":1.5,"e":{"f":-7}},"z":""})");
    BOOST_TEST(got.all() ==
               "code=0\nmsg='ok'\ndata/a=null\ndata/b=true\ndata/c=false\ndata/d=real\ndata/e/f=-7\nz=''\n");
}

BOOST_AUTO_TEST_CASE(a_byte_order_mark_in_front_is_skipped_and_nowhere_else)
{
    BOOST_TEST(read("\xef\xbb\xbf{\"a\":1}").all() == "a=1\n");
    BOOST_TEST(!accepts("\xef\xbb\xbf\xef\xbb\xbf{}"));
    BOOST_TEST(!accepts(" \xef\xbb\xbf{}"));
    BOOST_TEST(!accepts("{}\xef\xbb\xbf"));
    BOOST_TEST(!accepts("\xef\xbb\xbf"));
    BOOST_TEST(!accepts("\xef\xbb{}"));
}

BOOST_AUTO_TEST_CASE(an_integer_may_be_written_as_text_and_nothing_else_is_one)
{
    auto const text = [](std::string_view t) { return json_scalar(t).integer(); };
    BOOST_TEST((json_scalar(std::int64_t(-7)).integer() == -7));
    BOOST_TEST((text("0") == 0));
    BOOST_TEST((text("-7") == -7));
    BOOST_TEST((text("9223372036854775807") == std::numeric_limits<std::int64_t>::max()));
    for (std::string_view const no : {"", " 0", "0 ", "00", "07", "-0", "-07", "-", "+1", "1.0", "1e3", "0x1", "true",
                                      "9223372036854775808", "\xef\xbc\x91"})
        BOOST_TEST(!text(no).has_value(), no);
    BOOST_TEST(!json_scalar().integer().has_value());
    BOOST_TEST(!json_scalar(true).integer().has_value());
    BOOST_TEST(!json_scalar::real().integer().has_value());

    BOOST_TEST(json_scalar(true).truth());
    BOOST_TEST(json_scalar(std::string_view("true")).truth());
    BOOST_TEST(json_scalar(std::string_view("1")).truth());
    BOOST_TEST(json_scalar(std::int64_t(2)).truth());
    BOOST_TEST(!json_scalar(false).truth());
    BOOST_TEST(!json_scalar(std::string_view("false")).truth());
    BOOST_TEST(!json_scalar(std::string_view("0")).truth());
    BOOST_TEST(!json_scalar().truth());
}

BOOST_AUTO_TEST_CASE(an_element_of_an_array_is_a_star_whatever_its_place)
{
    auto const got = read(R"({"a":[1,"x",[2,[3]],{"b":4,"c":[{"d":5}]}],"e":6})");
    BOOST_TEST(got.all() == "a/*=1\na/*='x'\na/*/*=2\na/*/*/*=3\na/*/b=4\na/*/c/*/d=5\ne=6\n");
}

BOOST_AUTO_TEST_CASE(a_root_that_is_no_object_is_read_too)
{
    BOOST_TEST(read("17").all() == "=17\n");
    BOOST_TEST(read(R"(["x",{"k":1}])").all() == "*='x'\n*/k=1\n");
    BOOST_TEST(read("null").all() == "=null\n");
}

BOOST_AUTO_TEST_CASE(empty_containers_show_nothing_and_spoil_no_path)
{
    auto const got = read(R"({"a":{},"b":[],"c":[{},[]],"d":1})");
    BOOST_TEST(got.all() == "d=1\n");
}

BOOST_AUTO_TEST_CASE(the_end_of_an_object_has_the_path_of_the_object)
{
    auto const got = read(R"({"data":{"user_list":[{"a":1,"status":{"x":true}},{"b":[{}]}]}})");
    std::vector<std::string> const expected{
        "data/user_list/*/status", "data/user_list/*", "data/user_list/*/b/*", "data/user_list/*", "data", ""};
    BOOST_TEST(got.ends == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(thirty_two_levels_are_read_and_thirty_three_refused)
{
    BOOST_TEST(accepts(repeated("[", 32) + repeated("]", 32)));
    BOOST_TEST(!accepts(repeated("[", 33) + repeated("]", 33)));
    BOOST_TEST(accepts(repeated(R"({"a":)", 32) + "1" + repeated("}", 32)));
    BOOST_TEST(!accepts(repeated(R"({"a":)", 33) + "1" + repeated("}", 33)));
    BOOST_TEST(accepts(repeated(R"({"a":[)", 16) + "1" + repeated("]}", 16)));
    BOOST_TEST(!accepts(repeated(R"({"a":[)", 16) + "{}" + repeated("]}", 16)));
    // Very deep, and never closed: refused without harm.
    BOOST_TEST(!accepts(repeated("[", 100'000)));
    BOOST_TEST(!accepts(repeated(R"({"a":)", 100'000)));
}

BOOST_AUTO_TEST_CASE(depth_is_nesting_and_not_the_number_of_containers)
{
    BOOST_TEST(accepts("[" + repeated("{},[[]],", 1000) + "{}]"));
}

BOOST_AUTO_TEST_CASE(a_string_that_the_parser_hands_over_in_parts_is_shown_whole)
{
    // Escapes are gathered in a buffer of the parser; a long string with escapes comes in parts.
    for (std::size_t const length : {1u, 100u, 255u, 256u, 257u, 513u, 1000u, 4095u, 4096u, 4097u, 10'000u})
    {
        auto const got = read(R"({"before":"x","text":"\n)" + std::string(length, 'a') + R"(\"","after":"y"})");
        BOOST_TEST(got.all() == "before='x'\ntext='\n" + std::string(length, 'a') + "\"'\nafter='y'\n");
        auto const escapes = read(R"({"text":")" + repeated(R"(\u0041)", length) + R"(","after":"\u00e9"})");
        BOOST_TEST(escapes.all() == "text='" + std::string(length, 'A') + "'\nafter='\xc3\xa9'\n");
    }
}

BOOST_AUTO_TEST_CASE(a_key_that_the_parser_hands_over_in_parts_does_not_disturb_what_follows)
{
    for (std::size_t const length : {10u, 150u, 300u, 1000u, 4096u, 5000u})
    {
        auto const got = read("{\"" + repeated(R"(\u006b)", length) + R"(":{"inner":1},"after":"\t2"})");
        std::string expected;
        if (length + std::string_view("/inner").size() <= 192)
            expected = std::string(length, 'k') + "/inner=1\n";
        BOOST_TEST(got.all() == expected + "after='\t2'\n");
    }
}

BOOST_AUTO_TEST_CASE(a_path_that_is_too_long_is_skipped_and_later_values_are_right)
{
    std::string const long_key(300, 'k');
    auto const got = read("{\"a\":1,\"" + long_key + "\":{\"b\":2,\"c\":[3,{\"d\":4}],\"" + long_key +
                          "\":5},\"e\":{\"f\":6,\"" + long_key + "\":7,\"g\":8},\"h\":[9]}");
    BOOST_TEST(got.all() == "a=1\ne/f=6\ne/g=8\nh/*=9\n");
    std::vector<std::string> const ends{"e", ""};
    BOOST_TEST(got.ends == ends, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_path_of_192_bytes_is_shown_and_one_of_193_is_not)
{
    std::string const fits(192, 'k');
    std::string const over(193, 'k');
    BOOST_TEST(read("{\"" + fits + "\":1}").all() == fits + "=1\n");
    BOOST_TEST(read("{\"" + over + "\":1}").all().empty());
    std::string const inner(190, 'k'); // "a/" and 190
    BOOST_TEST(read("{\"a\":{\"" + inner + "\":1}}").all() == "a/" + inner + "=1\n");
    BOOST_TEST(read("{\"a\":{\"" + inner + "k\":1}}").all().empty());
    // The star of an array is the byte too many.
    BOOST_TEST(read("{\"" + inner + "\":[1]}").all() == inner + "/*=1\n");
    BOOST_TEST(read("{\"" + inner + "k\":[1,[2]],\"z\":3}").all() == "z=3\n");
}

BOOST_AUTO_TEST_CASE(text_that_is_not_utf_8_is_shown_as_it_is)
{
    auto const got = read("{\"msg\":\"a\xff\xc3(\x80z\",\"code\":7}");
    BOOST_TEST(got.all() == "msg='a\xff\xc3(\x80z'\ncode=7\n");
}

BOOST_AUTO_TEST_CASE(a_long_text_that_nobody_wants_comes_empty_and_the_next_one_whole)
{
    class picky final : public tidings::wire::json_visitor
    {
    public:
        std::string wanted;
        std::size_t unwanted = 0;
        bool seen = false;

        void on_scalar(std::string_view path, json_scalar const& value) override
        {
            if (path == "wanted")
                wanted = value.text();
            else
            {
                seen = value.type() == json_scalar::kind::string;
                unwanted = value.text().size();
            }
        }
        bool wants_text(std::string_view path) const override { return path == "wanted"; }
    } got;
    auto const text = R"(\n)" + std::string(10'000, 'a') + R"(\")";
    BOOST_TEST(tidings::wire::read_json(R"({"unwanted":")" + text + R"(","wanted":")" + text + "\"}", got));
    BOOST_TEST(got.seen);
    BOOST_TEST(got.unwanted == 0u);
    BOOST_TEST(got.wanted == "\n" + std::string(10'000, 'a') + "\"");
}

BOOST_AUTO_TEST_CASE(escapes_are_decoded)
{
    auto const got = read(R"({"u":"a\u0026b\/\\\"\b\f\n\r\t","s":"\ud83d\ude00","z":"a\u0000b"})");
    BOOST_TEST(got.seen.at(0) == "u='a&b/\\\"\b\f\n\r\t'");
    BOOST_TEST(got.seen.at(1) == "s='\xf0\x9f\x98\x80'");
    BOOST_TEST(got.seen.at(2) == std::string("z='a\0b'", 7));
}

BOOST_AUTO_TEST_CASE(a_key_that_comes_twice_is_shown_twice_in_order)
{
    BOOST_TEST(read(R"({"a":1,"a":2,"b":3,"a":"x"})").all() == "a=1\na=2\nb=3\na='x'\n");
}

BOOST_AUTO_TEST_CASE(only_what_fits_64_bits_is_an_integer)
{
    auto const got = read("[9223372036854775807,-9223372036854775808,9223372036854775808,18446744073709551615,"
                          "-9223372036854775809,100000000000000000000000,1e3,1.0,-0,0.5e-300,1000040351]");
    BOOST_TEST(got.all() == "*=9223372036854775807\n*=-9223372036854775808\n*=real\n*=real\n*=real\n*=real\n*=real\n"
                            "*=real\n*=0\n*=real\n*=1000040351\n");
}

BOOST_AUTO_TEST_CASE(only_a_string_has_text_so_that_missing_null_and_empty_read_alike)
{
    BOOST_TEST(json_scalar().text().empty());
    BOOST_TEST(json_scalar(std::int64_t{5}).text().empty());
    BOOST_TEST(json_scalar(true).text().empty());
    BOOST_TEST(json_scalar::real().text().empty());
    BOOST_TEST(json_scalar(std::string_view("x")).text() == "x");
    BOOST_TEST(json_scalar(std::string_view("5")).number() == 0);
    BOOST_TEST(!json_scalar(std::string_view("5")).is_integer());
    BOOST_TEST(!json_scalar::real().is_integer());
    BOOST_TEST(json_scalar(std::int64_t{5}).is_integer());
    BOOST_TEST(json_scalar(true).number() == 1);
}

BOOST_AUTO_TEST_CASE(a_document_cut_anywhere_is_refused)
{
    std::string_view const whole = R"({"code":0,"data":{"list":[{"a":"x\n"},null,true,-1.5e3]}})";
    BOOST_TEST(accepts(whole));
    for (std::size_t i = 0; i != whole.size(); ++i)
        BOOST_TEST(!accepts(whole.substr(0, i)), "accepted: " << whole.substr(0, i));
}

BOOST_AUTO_TEST_CASE(blanks_may_surround_a_document_and_nothing_else_may)
{
    BOOST_TEST(accepts(" \r\n\t{\"a\":1} \r\n\t"));
    for (std::string_view const bad : {"{\"a\":1}x", "{\"a\":1}{", "{\"a\":1} {}", "{}]", "x{}"})
        BOOST_TEST(!accepts(bad), "accepted: " << bad);
    BOOST_TEST(!accepts(std::string_view("{}\0", 3)));
}

BOOST_AUTO_TEST_CASE(what_is_no_json_is_refused)
{
    for (std::string_view const bad :
         {"", " ", "404 page not found", "<html></html>", "{'a':1}", "{\"a\":01}", "{\"a\"}", "{\"a\":1,}", "[1,]",
          "nul", "\"\n\"", "{a:1}", "// x\n{}", "NaN", "+1", "\"\\x\""})
        BOOST_TEST(!accepts(bad), "accepted: " << bad);
}

BOOST_AUTO_TEST_CASE(the_values_before_a_fault_have_been_shown)
{
    recorder got;
    BOOST_TEST(!tidings::wire::read_json(R"({"code":7,"msg":"half)", got));
    BOOST_TEST(got.all() == "code=7\n");
}

// What of a document is read without Boost.JSON; fails the test when the rest shows anything twice, or not at all.
bool is_usual(std::string_view document)
{
    recorder alone;
    recorder whole;
    recorder expected;
    bool const usual = tidings::wire::detail::usual_json(document, alone).read();
    bool const taken = tidings::wire::read_json(document, whole);
    BOOST_TEST(taken == tidings::wire::detail::read_any_json(document, expected), document);
    BOOST_TEST(whole.all() == expected.all());
    BOOST_TEST(whole.ends == expected.ends, boost::test_tools::per_element());
    BOOST_TEST((taken || !usual), document);
    return usual;
}

BOOST_AUTO_TEST_CASE(the_answers_that_platforms_send_are_read_without_the_parser)
{
    // Lark and Feishu, WeCom, DingTalk's old host and its new one.
    BOOST_TEST(
        is_usual(R"({"code":0,"data":{"chat_id":"oc_5ad1","deleted":false,"message_id":"om_dc13"},"msg":"ok"})"));
    BOOST_TEST(is_usual(R"({"errcode":0,"errmsg":"ok","invaliduser":"","msgid":"wXfNZ8","response_code":null})"));
    BOOST_TEST(is_usual("{\r\n\t\"errcode\" : 0 , \"task_id\" : 256271667526, \"list\" : [ { } , [ ] , true ]\n}\n"));
    BOOST_TEST(is_usual(R"({"processQueryKey":"m1Mo3C","invalidStaffIdList":[],"flowControlledStaffIdList":["x"]})"));
}

BOOST_AUTO_TEST_CASE(from_what_is_unusual_on_the_parser_reads_and_shows_nothing_twice)
{
    for (std::string_view const unusual : {R"({"a":1,"b":-1,"c":2})",
                                           R"({"a":"x","b":1.5,"c":2})",
                                           R"({"a":{"b":1e400}})",
                                           R"({"a":[1,{"b":"\n"}],"c":2})",
                                           R"({"a":[],"b":"\ud83d\ude00","c":[2]})",
                                           R"({"a":1,"b":"\ud83d","c":2})",
                                           R"({"a":{},"\u0062":2})",
                                           R"({"a":1234567890123456789,"b":1})",
                                           R"({"a":07})",
                                           R"({"a":truex})",
                                           R"({"a":1 2})",
                                           R"({"a":1}})",
                                           R"({"a":[1,]})",
                                           R"({"a":"b)",
                                           R"({"a":"\)",
                                           R"({"a":"\u12}")",
                                           "{\"a\":\"\n\"}",
                                           R"({"a":"x"]})",
                                           "[1]",
                                           "{",
                                           "}",
                                           "",
                                           " "})
        BOOST_TEST(!is_usual(unusual), unusual);
    BOOST_TEST(!is_usual("{\"a\":1,\"" + std::string(193, 'k') + "\":2,\"b\":3}"));
    BOOST_TEST(!is_usual(R"({"x":2,"y":)" + repeated(R"({"a":)", 32) + "1" + repeated("}", 33)));
    BOOST_TEST(is_usual(R"({"x":2,"y":)" + repeated(R"({"a":)", 31) + "1" + repeated("}", 32)));
}

BOOST_AUTO_TEST_CASE(of_paths_whose_lengths_nobody_uses_nothing_need_be_shown)
{
    class picky final : public tidings::wire::json_visitor
    {
    public:
        std::string seen;

        void on_scalar(std::string_view path, json_scalar const& value) override
        {
            (((seen += path) += '=') += value.text()) += ' ';
        }
        bool wants_text(std::string_view path) const override { return path == "ab"; }
        void on_container(std::string_view path) override { (seen += '{') += path; }
        tidings::wire::path_lengths used_lengths() const noexcept override { return {"ab", "abc"}; }
    } got;
    BOOST_TEST(tidings::wire::read_json(R"({"a":"1","bc":"2","ab":"3","abc":{"d":"4"},"bcde":"\n","xy":"\n"})", got));
    BOOST_TEST(got.seen == "bc=2 ab=3 {abcxy= ");
}

BOOST_AUTO_TEST_CASE(only_an_object_is_a_json_object)
{
    using tidings::wire::is_json_object;
    for (std::string_view const good : {"{}", " \t\r\n{} ", R"({"a":[1,{"b":null}]})"})
        BOOST_TEST(is_json_object(good), good);
    for (std::string_view const bad : {"", "   ", "[]", "[{}]", "1", "null", "\"{}\"", "{", "{}{}", "{} x", "{\"a\"}"})
        BOOST_TEST(!is_json_object(bad), bad);
}

BOOST_AUTO_TEST_CASE(a_count_is_a_number_or_a_string_of_digits_and_nothing_else)
{
    BOOST_TEST(json_scalar(std::int64_t(7200)).count() == 7200);
    BOOST_TEST(json_scalar(std::string_view("7200")).count() == 7200);
    BOOST_TEST(json_scalar(std::string_view("-1")).count() == -1);
    for (auto const* none : {"", " 7200", "7200 ", "7200s", "7.2e3", "99999999999999999999", "+1"})
        BOOST_TEST(json_scalar(std::string_view(none)).count() == 0, none);
    BOOST_TEST(json_scalar().count() == 0);
    BOOST_TEST(json_scalar::real().count() == 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace json_reader_test
