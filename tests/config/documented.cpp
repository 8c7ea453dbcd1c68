// docs/channels.md lists the fields that the code has.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/config/channels.hpp>

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <string_view>

BOOST_AUTO_TEST_SUITE(documented_fields)

namespace {

namespace td = tidings;

std::string table(std::span<td::config::field const> fields)
{
    std::string out = "| member | required | on forms | what it is |\n| --- | --- | --- | --- |\n";
    for (auto const& f : fields)
    {
        out += "| `" + std::string(f.name) + "` | " + (f.required ? "yes" : "no") + " | ";
        out += std::string(f.title.english) + ", " + std::string(f.title.chinese) + " | ";
        out += std::string(f.help.english) + " |\n";
    }
    return out;
}

} // namespace

BOOST_AUTO_TEST_CASE(each_table_of_the_page_about_channels_is_that_of_the_code)
{
    std::ifstream in(TIDINGS_DOCS "channels.md", std::ios::binary);
    std::string const page{std::istreambuf_iterator<char>(in), {}};
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

BOOST_AUTO_TEST_SUITE_END()
