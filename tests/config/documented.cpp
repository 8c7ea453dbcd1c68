// docs/channels.md and the guides to the platforms list the fields that the code has.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/config/channels.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(documented_fields)

namespace {

namespace td = tidings;

/// The fields that every channel has.
constexpr std::string_view shared[] = {"notification_field", "language", "base_url", "proxy", "ca_file"};

std::string read_page(std::string const& name)
{
    std::ifstream in(TIDINGS_DOCS + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string table(std::span<td::config::field const> fields, bool with_shared = true)
{
    std::string out = "| member | required | on forms | what it is |\n| --- | --- | --- | --- |\n";
    for (auto const& f : fields)
    {
        if (!with_shared && std::find(std::begin(shared), std::end(shared), f.name) != std::end(shared))
            continue;
        out += "| `" + std::string(f.name) + "` | " + (f.required ? "yes" : "no") + " | ";
        out += std::string(f.title.english) + ", " + std::string(f.title.chinese) + " | ";
        out += std::string(f.help.english) + " |\n";
    }
    return out;
}

} // namespace

BOOST_AUTO_TEST_CASE(each_table_of_the_page_about_channels_is_that_of_the_code)
{
    auto const page = read_page("channels.md");
    auto const check = [&page](std::string_view name, std::span<td::config::field const> fields) {
        auto const begin = "<!-- fields " + std::string(name) + " -->\n\n";
        BOOST_TEST(page.find(begin + table(fields)) != std::string::npos, "docs/channels.md lacks:\n"
                                                                              << begin << table(fields));
    };
    check("lark", td::config::lark_channel::fields);
    check("dingtalk", td::config::dingtalk_channel::fields);
    check("wecom", td::config::wecom_channel::fields);
    check("webhooks", td::config::webhook_settings::fields);
    check("smtp", td::config::smtp_settings::fields);
}

BOOST_AUTO_TEST_CASE(each_guide_says_where_the_ids_and_secrets_of_its_platform_are)
{
    auto const check = [](std::string const& name, std::span<td::config::field const> fields) {
        auto const expected = "<!-- fields " + name + " -->\n\n" + table(fields, false) + "\n";
        BOOST_TEST(read_page("guides/" + name + ".md").find(expected) != std::string::npos,
                   "docs/guides/" << name << ".md lacks:\n"
                                  << expected);
    };
    check("lark", td::config::lark_channel::fields);
    check("feishu", td::config::feishu_channel::fields);
    check("dingtalk", td::config::dingtalk_channel::fields);
    check("wecom", td::config::wecom_channel::fields);
}

BOOST_AUTO_TEST_SUITE_END()
