// Texts in several languages.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/message/localized.hpp>

#include <tidings/message/markdown.hpp>
#include <tidings/message/text.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <type_traits>

namespace localized_test {

using tidings::language_tag;
using tidings::localized;

BOOST_AUTO_TEST_SUITE(localized_texts)

BOOST_AUTO_TEST_CASE(tags_are_the_same_whatever_their_letter_case_and_separator)
{
    BOOST_TEST((language_tag("zh-CN") == language_tag("ZH_cn")));
    BOOST_TEST((language_tag("zh-CN") != language_tag("zh")));
    BOOST_TEST(language_tag("zh-Hant-TW").primary() == "zh");
    BOOST_TEST(language_tag("ja").primary() == "ja");
    BOOST_TEST(language_tag().empty());
    BOOST_TEST(language_tag("en_US").view() == "en-us");
}

BOOST_AUTO_TEST_CASE(everybody_gets_the_nearest_language)
{
    auto const all = localized("default").in("zh-TW", "tw").in("zh", "zh").in("zh-CN", "cn").in("pt-BR", "br");
    BOOST_TEST(all.view("zh-cn") == "cn");
    BOOST_TEST(all.view("zh_TW") == "tw");
    BOOST_TEST(all.view("zh-HK") == "zh"); // the one without a region is nearer than another region
    BOOST_TEST(all.view("pt") == "br");
    BOOST_TEST(all.view("pt-PT") == "br");
    BOOST_TEST(all.view("p") == "default");
    BOOST_TEST(all.view("ja") == "default");
    BOOST_TEST(all.view(language_tag()) == "default");
    BOOST_TEST(all.view() == "default");
    BOOST_TEST(localized("one").view("zh") == "one");
}

BOOST_AUTO_TEST_CASE(a_language_that_is_given_twice_is_replaced)
{
    localized all("a");
    all.in("zh", "b").in("ZH", "c").in("", "d");
    BOOST_TEST(all.view("zh") == "c");
    BOOST_TEST(all.view() == "d");
    unsigned count = 0;
    all.for_each([&](language_tag const&, std::string const&) { ++count; });
    BOOST_TEST(count == 2u);
}

BOOST_AUTO_TEST_CASE(messages_speak_several_languages)
{
    tidings::text const message(localized("Hi").in("zh", "你好"));
    BOOST_TEST(message.body() == "Hi");
    BOOST_TEST(message.body("zh-CN") == "你好");
    tidings::markdown const marked(localized("**Hi**").in("zh", "**你好**"));
    BOOST_TEST(marked.body() == "**Hi**");
    BOOST_TEST(marked.body("zh") == "**你好**");
    BOOST_TEST(tidings::text("a").body() == "a");
    BOOST_TEST(tidings::text(std::string_view("a")).body() == "a");
    constexpr bool silent = std::is_convertible_v<localized, tidings::text>;
    BOOST_TEST(!silent);
}

BOOST_AUTO_TEST_CASE(what_to_do_with_long_text_is_part_of_the_message)
{
    using tidings::long_text;
    BOOST_TEST((tidings::text("a").when_long() == long_text::refuse));
    BOOST_TEST((tidings::text("a").when_long(long_text::split).when_long() == long_text::split));
    auto marked = tidings::markdown("a");
    BOOST_TEST((marked.when_long() == long_text::refuse));
    marked.when_long(long_text::split);
    BOOST_TEST((marked.when_long() == long_text::split));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace localized_test
