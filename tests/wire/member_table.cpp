// Tests of the reader that stores the members of an answer by a table.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/wire/answer.hpp>
#include <tidings/wire/member_table.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace member_table_test {

namespace {

namespace wire = tidings::wire;

class reader final : public wire::table_reader
{
public:
    using table_reader::table_reader;
};

class coded final : public wire::coded_answer
{
public:
    explicit coded(wire::bound_table const& table) noexcept : coded_answer("code", table) {}
};

struct entry
{
    std::string id;
    bool active = false;

    friend bool operator==(entry const&, entry const&) = default;
};

struct answer
{
    std::string name;
    std::int64_t number = -1;
    bool truth = false;
    tidings::secret token;
    tidings::detail::inline_string id;
    wire::single_text<std::string> single;
    std::vector<std::string> texts;
    std::vector<std::int64_t> numbers;
    wire::id_list invalid;
    std::vector<std::string> kinds;
    std::vector<std::string> nonempty;
    std::vector<std::string> below;
    std::vector<entry> entries;
    entry current;

    void add_kind(wire::json_scalar const& value)
    {
        kinds.emplace_back(value.is_integer() ? "integer" : value.text().empty() ? "other" : "text");
    }
    void add_nonempty(std::string_view text) { nonempty.emplace_back(text); }
    void add_below(std::string_view path, wire::json_scalar const& value)
    {
        below.push_back(std::string(path) + '=' + std::string(value.text()));
    }
    void keep_entry() { entries.push_back(std::exchange(current, entry())); }
    void read_entry_id(wire::json_scalar const& value) { current.id = value.text(); }
    void read_entry_active(wire::json_scalar const& value) { current.active = value.truth(); }
};

constexpr wire::member_table rows{
    wire::member<&answer::name>("data/user/name"),
    wire::member<&answer::number>("data/number"),
    wire::member<&answer::truth>("data/truth"),
    wire::member<&answer::token>("token"),
    wire::member<&answer::id>("data/id"),
    wire::member<&answer::single>("data/single"),
    wire::member<&answer::single>("data/singles/*"),
    wire::member<&answer::texts>("data/texts/*"),
    wire::member<&answer::numbers>("data/numbers/*"),
    wire::subtree<&answer::invalid>("invalid"),
    wire::member<&answer::add_kind>("data/kind"),
    wire::member<&answer::add_nonempty>("data/nonempty/*"),
    wire::subtree<&answer::add_below>("data/tree"),
    wire::member<&answer::read_entry_id>("data/list/*/id"),
    wire::member<&answer::read_entry_active>("data/list/*/active"),
    wire::object_end<&answer::keep_entry>("data/list/*"),
};

answer read(std::string_view json)
{
    answer out;
    reader by_table(rows.into(out));
    BOOST_TEST(wire::read_json(json, by_table), json);
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(member_tables)

BOOST_AUTO_TEST_CASE(a_value_of_each_type_goes_to_the_member_of_its_path)
{
    auto const out = read(R"({"token":"t-1","data":{"user":{"name":"Ada"},"number":7200,"truth":true,"id":"ou_1",
                              "texts":["a","b"],"numbers":[1,"2"]}})");
    BOOST_TEST(out.name == "Ada");
    BOOST_TEST(out.number == 7200);
    BOOST_TEST(out.truth);
    BOOST_TEST(out.token.reveal() == "t-1");
    BOOST_TEST(out.id.view() == "ou_1");
    BOOST_TEST(out.texts == (std::vector<std::string>{"a", "b"}), boost::test_tools::per_element());
    BOOST_TEST(out.numbers == (std::vector<std::int64_t>{1, 2}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(only_the_whole_path_counts)
{
    // Paths that are longer, shorter, or as long as one in the table.
    auto const out = read(R"({"name":"x","user":{"name":"x"},"data":{"name":"x","user":"x","usernames":"x",
                              "user":{"name":{"name":"x"},"nams":"x","name/x":"x"},"numbes":5,"trut":true},
                              "xdata":{"number":5},"Token":"x","token":["x"]})");
    BOOST_TEST(out.name == "");
    BOOST_TEST(out.number == -1);
    BOOST_TEST(!out.truth);
    BOOST_TEST(out.token.empty());
}

BOOST_AUTO_TEST_CASE(a_path_beyond_the_lengths_that_are_told_apart_is_found)
{
    struct holder
    {
        std::string text;
    } out;
    static constexpr wire::member_table long_rows{
        wire::member<&holder::text>(
            "a_rather_long_name_of_an_object/and_another_one_that_is_no_shorter/and_at_the_end_of_it_the_member"),
    };
    reader by_table(long_rows.into(out));
    BOOST_TEST(wire::read_json(R"({"a_rather_long_name_of_an_object":{"and_another_one_that_is_no_shorter":
                                   {"and_at_the_end_of_it_the_membre":"x","and_at_the_end_of_it_the_member":"y",
                                    "and_at_the_end_of_it_the_members":"z"}}})",
                               by_table));
    BOOST_TEST(out.text == "y");
}

BOOST_AUTO_TEST_CASE(what_is_missing_leaves_the_member_as_it_was)
{
    answer out;
    out.name = "before";
    out.number = 5;
    out.texts = {"before"};
    reader by_table(rows.into(out));
    BOOST_TEST(wire::read_json(R"({"data":{"user":{},"texts":[],"other":1}})", by_table));
    BOOST_TEST(out.name == "before");
    BOOST_TEST(out.number == 5);
    BOOST_TEST(out.texts.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_wrong_type_is_read_as_empty_or_0_or_false)
{
    for (std::string_view const wrong : {"null", "1.5", "true", "\"\"", "\"x\""})
    {
        answer out;
        out.number = 5;
        reader by_table(rows.into(out));
        auto const json = R"({"data":{"number":)" + std::string(wrong) + R"(,"numbers":[)" + std::string(wrong) + "]}}";
        BOOST_TEST(wire::read_json(json, by_table), json);
        BOOST_TEST(out.number == 0, json);
        BOOST_TEST(out.numbers.empty(), json);
    }
    for (std::string_view const wrong : {"null", "1", "1.5", "true"})
    {
        answer out;
        out.name = "before";
        reader by_table(rows.into(out));
        auto const json = R"({"data":{"user":{"name":)" + std::string(wrong) + R"(},"texts":[)" + std::string(wrong) +
                          R"(],"nonempty":[)" + std::string(wrong) + R"(],"single":)" + std::string(wrong) + "}}";
        BOOST_TEST(wire::read_json(json, by_table), json);
        BOOST_TEST(out.name == "", json);
        BOOST_TEST((out.texts == std::vector<std::string>{""}), json);
        BOOST_TEST(out.nonempty.empty(), json);
        BOOST_TEST(out.single.empty(), json);
    }
    // An object or an array in place of a value has no value of that path.
    for (std::string_view const wrong : {"{}", "[]", R"({"x":"y"})", R"(["x"])", R"([["x"]])"})
    {
        answer out;
        out.number = 5;
        reader by_table(rows.into(out));
        auto const json = R"({"data":{"number":)" + std::string(wrong) + "}}";
        BOOST_TEST(wire::read_json(json, by_table), json);
        BOOST_TEST(out.number == 5, json);
    }
}

BOOST_AUTO_TEST_CASE(of_a_member_that_occurs_twice_the_last_value_stays)
{
    BOOST_TEST(read(R"({"data":{"number":1},"data":{"number":2}})").number == 2);
    BOOST_TEST(read(R"({"data":{"user":{"name":"a"},"user":{"name":"b"}}})").name == "b");
    BOOST_TEST(read(R"({"data":{"user":{"name":"a","name":null}}})").name == "");
}

BOOST_AUTO_TEST_CASE(a_single_text_remembers_whether_it_differed)
{
    auto const one = read(R"({"data":{"single":"a","singles":["","a",null]}})").single;
    BOOST_TEST(one.text() == "a");
    BOOST_TEST(!one.differs());
    auto two = read(R"({"data":{"single":"a","singles":["b","b"]}})").single;
    BOOST_TEST(two.text() == "b");
    BOOST_TEST(two.differs());
    two.clear();
    BOOST_TEST(two.empty());
    BOOST_TEST(!two.differs());
}

BOOST_AUTO_TEST_CASE(each_element_of_a_list_is_complete_when_its_object_ends)
{
    auto const out = read(R"({"data":{"list":[{"id":"a","active":true},{"active":false,"id":"b"},{},{"id":"c",
                              "more":{"id":"x"}},7,null,[{"id":"y"}]]}})");
    std::vector<entry> const expected{{"a", true}, {"b", false}, {}, {"c", false}};
    BOOST_TEST((out.entries == expected));
}

BOOST_AUTO_TEST_CASE(a_subtree_is_the_value_and_everything_in_it)
{
    auto const out = read(R"({"data":{"tree":"a"},"data":{"tree":{"x":"b","y":["c"]},"trees":"d","tre":"e"}})");
    BOOST_TEST(out.below == (std::vector<std::string>{"=a", "/x=b", "/y/*=c"}), boost::test_tools::per_element());

    auto const all = [](std::string_view id) { return id == "u1" || id == "u2"; };
    for (std::string_view const list : {R"("u1|u2")", R"(["u1","u2"])"})
    {
        auto const ids = read(R"({"invalid":)" + std::string(list) + R"(,"invalids":"u3"})").invalid;
        BOOST_TEST(ids.size() == 2u, list);
        BOOST_TEST(ids.is_clear(all), list);
    }
    BOOST_TEST(!read(R"({"invalid":[{"id":"u1"}]})").invalid.is_clear(all));
}

BOOST_AUTO_TEST_CASE(a_function_sees_each_value_or_only_texts)
{
    auto const out = read(R"({"data":{"kind":1,"kind":"x","kind":null,"nonempty":["","a",1,null,"b"]}})");
    BOOST_TEST(out.kinds == (std::vector<std::string>{"integer", "text", "other"}), boost::test_tools::per_element());
    BOOST_TEST(out.nonempty == (std::vector<std::string>{"a", "b"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_long_text_with_escapes_is_put_together_only_for_paths_that_may_be_in_the_table)
{
    answer out;
    reader const by_table(rows.into(out));
    BOOST_TEST(by_table.wants_text("data/user/name"));
    BOOST_TEST(by_table.wants_text("data/tree/and/what/is/below"));
    BOOST_TEST(!by_table.wants_text("x"));
    std::string const text(10'000, 'x');
    BOOST_TEST(read(R"({"x":"\n)" + text + R"(","data":{"user":{"name":"\n)" + text + R"("}}})").name == '\n' + text);
}

BOOST_AUTO_TEST_CASE(the_code_of_an_answer_is_read_beside_the_table)
{
    for (auto const& [json, code, lacks] : {std::tuple(R"({"code":0,"data":{"number":1}})", 0, false),
                                            std::tuple(R"({"data":{"number":1},"code":"99991663"})", 99991663, false),
                                            std::tuple(R"({"data":{"number":1,"code":5}})", -1, true),
                                            std::tuple(R"({"data":{"number":1},"code":{}})", -1, false),
                                            std::tuple(R"({"code":1,"code":2,"data":{"number":1}})", -1, false)})
    {
        answer out;
        coded by_table(rows.into(out));
        BOOST_TEST(wire::read_json(json, by_table), json);
        BOOST_TEST(by_table.code().value_or(-1) == code, json);
        BOOST_TEST(by_table.lacks_code() == lacks, json);
        BOOST_TEST(out.number == 1, json);
    }
}

BOOST_AUTO_TEST_CASE(a_reader_without_a_table_reads_nothing)
{
    reader nothing;
    BOOST_TEST(wire::read_json(R"({"":"x","data":{"number":1,"list":[{"id":"a"}]}})", nothing));
    BOOST_TEST(!nothing.wants_text(""));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace member_table_test
