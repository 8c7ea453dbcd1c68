// Every portable message in every platform's form and three languages, compared with files that people have read.
// With TIDINGS_UPDATE_GOLDEN=1 in the environment the files are written anew.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/provider/dingtalk/dialect.hpp>
#include <tidings/provider/lark/dialect.hpp>
#include <tidings/provider/wecom/dialect.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace dialect_golden_test {

using tidings::language_tag;
using tidings::localized;
using tidings::native_message;
using tidings::notice;
using tidings::severity;

namespace {

namespace json = boost::json;

std::filesystem::path golden(std::string_view name)
{
    return std::filesystem::path(__FILE__).parent_path().parent_path() / "golden" / name;
}

// One member a line, so that a difference can be read.
void print(std::string& out, json::value const& value, std::string const& indent)
{
    auto const inner = indent + "  ";
    auto const each = [&](auto const& all, char open, char close, auto&& one) {
        out += open;
        bool first = true;
        for (auto const& v : all)
        {
            out += first ? "\n" : ",\n";
            first = false;
            out += inner;
            one(v);
        }
        if (!first)
            (out += '\n') += indent;
        out += close;
    };
    if (auto const* const object = value.if_object())
        each(*object, '{', '}', [&](auto const& member) {
            out += json::serialize(json::value(member.key())) + ": ";
            print(out, member.value(), inner);
        });
    else if (auto const* const array = value.if_array())
        each(*array, '[', ']', [&](auto const& one) { print(out, one, inner); });
    else
        out += json::serialize(value);
}

void compare(std::string const& name, std::string const& got)
{
    auto const path = golden(name);
    if (auto const* const update = std::getenv("TIDINGS_UPDATE_GOLDEN"); update && std::string_view(update) == "1")
    {
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << got << '\n';
    }
    std::ifstream in(path, std::ios::binary);
    std::string const wanted{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    BOOST_TEST(wanted == got + "\n", name << " is not what was rendered:\n" << got);
}

void compare(std::string const& name, native_message const& got)
{
    std::string out(got.type());
    out += '\n';
    print(out, json::parse(got.json()), "");
    compare(name, out);
}

localized const plain =
    localized("Build 42 failed: <at user_id=\"all\"></at> broke a*b*c.\n\n[log](https://ci.example/42)")
        .in("zh", "构建 42 失败：<@all> 改坏了 a*b*c。\n\n[日志](https://ci.example/42)")
        .in("ja", "ビルド 42 失敗：$userName=ada$ が a*b*c を壊した。\n\n[ログ](https://ci.example/42)");

localized const marked = localized("# Build 42 failed\n\n**Who:** @ada and *bob*, ~~carl~~\nsee `make -j*` and [the "
                                   "log](https://ci.example/42?a=(b))\n"
                                   "- first\n  1. inner\n- second\n\n> quoted\n> twice\n\n---\n```cpp\nint main() { "
                                   "return *p; } // <at id=all>\n```\n"
                                   "<font color=\"red\">\\*not markup\\* 2 * 3 * 4")
                             .in("zh", "# 构建 42 失败\n\n**负责人：**@ada 和*小李*，~~小王~~\n参见 `make -j*` "
                                       "和[日志](https://ci.example/42?a=(b))\n"
                                       "- 第一\n  1. 内层\n- 第二\n\n> 引用\n> 两行\n\n---\n```cpp\nint main() { "
                                       "return *p; } // <at id=all>\n```\n"
                                       "<font color=\"red\">\\*不是标记\\* 2 * 3 * 4")
                             .in("ja", "# ビルド 42 失敗\n\n**担当：**@ada と*ボブ*、~~カール~~\n`make -j*` "
                                       "と[ログ](https://ci.example/42?a=(b))を見る\n"
                                       "- 一つ目\n  1. 内側\n- 二つ目\n\n> 引用\n> 二行\n\n---\n```cpp\nint main() { "
                                       "return *p; } // <at id=all>\n```\n"
                                       "<font color=\"red\">\\*印ではない\\* 2 * 3 * 4");

localized in_three(char const* en, char const* zh, char const* ja)
{
    return localized(en).in("zh", zh).in("ja", ja);
}

notice titled()
{
    return notice(in_three("Disk of db_01 91% full", "db_01 磁盘已用 91%", "db_01 のディスク使用率 91%"));
}

notice full()
{
    notice out = titled().level(severity::critical);
    out.fact(in_three("Host", "主机", "ホスト"), "db_01 <at id=all></at>");
    out.fact(in_three("Used", "已用", "使用"), "91% *of* 2 TB");
    for (int i = 3; i != 9; ++i)
        out.fact(in_three("Disk ", "磁盘", "ディスク"), std::to_string(i));
    out.body(tidings::markdown(in_three("Run **cleanup** first.\n- logs\n- caches", "请先**清理**。\n- 日志\n- 缓存",
                                        "まず**掃除**。\n- ログ\n- キャッシュ")));
    out.button(in_three("Runbook", "手册", "手順書"), "https://wiki.example/disk");
    out.button(in_three("Dashboard", "监控", "監視"), "https://grafana.example/d/1?host=db_01&x=(1)");
    out.footer(in_three("monitor-7", "监控 7 号", "監視 7"));
    return out;
}

notice without_links()
{
    return titled()
        .level(severity::warning)
        .fact(in_three("Host", "主机", "ホスト"), "db_01")
        .body(in_three("Two lines,\n- not a list.", "两行，\n- 不是列表。", "二行、\n- 箇条書きではない。"))
        .footer(in_three("monitor-7", "监控 7 号", "監視 7"));
}

notice with_one_link()
{
    return titled()
        .level(severity::success)
        .body(in_three("All is well <a>.", "一切正常 <a>。", "問題なし <a>。"))
        .button(in_three("Open", "打开", "開く"), "https://e.example");
}

notice with_many_links()
{
    notice out = titled();
    for (int i = 1; i != 7; ++i)
        out.button(in_three("Page", "页面", "ページ"), "https://e.example/" + std::to_string(i));
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(golden_files)

BOOST_AUTO_TEST_CASE(every_message_looks_as_in_the_file_that_was_read_and_approved)
{
    using namespace tidings;
    for (std::string const language : {"en", "zh", "ja"})
    {
        language_tag const tag(language);
        auto const text = plain.str(tag);
        auto const portable = marked.str(tag);
        compare("lark/text." + language + ".json",
                native_message("post", providers::lark::plain_text(text, language == "zh" ? "zh_cn" : "en_us")));
        compare("lark/markdown." + language + ".txt", providers::lark::render_markdown(portable));
        compare("lark/markdown_in_card." + language + ".txt", providers::lark::render_card_markdown(portable));
        compare("dingtalk/text." + language + ".txt", providers::dingtalk::plain_text(text));
        compare("dingtalk/markdown." + language + ".txt", providers::dingtalk::render_markdown(portable));
        compare("wecom/text." + language + ".txt", providers::wecom::plain_text(text));
        compare("wecom/markdown." + language + ".txt", providers::wecom::render_markdown(portable));
        for (auto const& [kind, what] : {std::pair<std::string, notice>("notice", full()),
                                         {"notice_without_links", without_links()},
                                         {"notice_with_one_link", with_one_link()},
                                         {"notice_with_many_links", with_many_links()}})
        {
            BOOST_TEST(what.check().has_value());
            compare("lark/" + kind + "." + language + ".json", providers::lark::notice_card(what, tag));
            compare("dingtalk/" + kind + "." + language + ".json", providers::dingtalk::notice_for_robot(what, tag));
            compare("dingtalk/" + kind + "_webhook." + language + ".json",
                    providers::dingtalk::notice_for_webhook(what, tag));
            compare("dingtalk/" + kind + "_work." + language + ".json",
                    providers::dingtalk::notice_for_work(what, tag));
            compare("wecom/" + kind + "." + language + ".json", providers::wecom::notice_for_app(what, tag));
            compare("wecom/" + kind + "_webhook." + language + ".json",
                    providers::wecom::notice_for_webhook(what, tag));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace dialect_golden_test
