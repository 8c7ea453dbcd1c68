// What people write arrives as they wrote it: addresses, paths, commands, code, patterns, names and email addresses are
// seen byte by byte on every platform and in every kind of message, as a model of the platforms' dialects shows them.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/tidings.hpp>

#include "support/hostile_text.hpp"
#include "support/platform_reader.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace unchanged_text_test {

namespace td = tidings;
namespace json = boost::json;

namespace {

// ---- What a message is on each of its ways

template<class Operation>
std::string body_of(Operation& op)
{
    td::wire::request out("", "Host: h\r\n");
    auto const written = op.encode(out, "t-1");
    BOOST_REQUIRE(written.has_value());
    out.finish();
    return std::string(out.body_text());
}

json::value parsed(std::string_view text)
{
    return json::parse({text.data(), text.size()});
}

json::value inner(json::value const& in, std::string_view name)
{
    return in.as_object().at({name.data(), name.size()});
}

template<class Sender, class Platform, class Message>
std::string sent_to_person(typename Platform::credentials const& app, Message const& message)
{
    auto const content = Sender::content_of(message, {});
    auto const valid = Sender::check(content);
    BOOST_TEST_REQUIRE(valid.has_value(), valid.error().message());
    auto const to = Platform::recipient_from_id("ou_1");
    typename Sender::delivery delivery(app, std::span(&to, 1), content, "key");
    return body_of(*delivery.next());
}

template<class Platform, class Message>
std::string sent_to_group(Message const& message)
{
    using hook = td::webhook_traits<Platform>;
    auto const content = hook::content_of(message, {});
    auto const valid = hook::check(content);
    BOOST_TEST_REQUIRE(valid.has_value(), valid.error().message());
    td::detail::webhook_key const where(td::secret("0a1b2c3d"), td::secret(""));
    typename hook::delivery delivery(where, content, "key");
    return body_of(*delivery.next());
}

test::seen_message seen_of_type(json::value const& message,
                                test::seen_message (*see)(std::string_view, json::value const&))
{
    auto const type = test::detail::member(message, "msgtype");
    return see(type, inner(message, type));
}

struct way
{
    static constexpr bool divides = true;
};

template<class Platform>
struct lark_person : way
{
    using platform = Platform;
    static constexpr std::string_view name = Platform::name;
    template<class Message>
    static test::seen_message see(Message const& what)
    {
        static typename Platform::credentials const app("cli_a1b2c3d4e5f60718", td::secret("secret"));
        auto const body = parsed(sent_to_person<Platform, Platform>(app, what));
        return test::see_lark(test::detail::member(body, "msg_type"), parsed(test::detail::member(body, "content")));
    }
};

template<class Platform>
struct lark_batch : way
{
    using platform = Platform;
    static constexpr bool divides = false;
    static constexpr std::string_view name = "a batch";
    template<class Message>
    static test::seen_message see(Message const& what)
    {
        static typename Platform::credentials const app("cli_a1b2c3d4e5f60718", td::secret("secret"));
        auto const body = parsed(sent_to_person<typename Platform::batch, Platform>(app, what));
        auto const type = test::detail::member(body, "msg_type");
        auto content = inner(body, type == "interactive" ? "card" : "content");
        return test::see_lark(type, type == "post" ? inner(content, "post") : content);
    }
};

template<class Platform>
struct lark_group : way
{
    using platform = Platform;
    static constexpr bool divides = false;
    static constexpr std::string_view name = "a group of Lark or Feishu";
    template<class Message>
    static test::seen_message see(Message const& what)
    {
        auto const body = parsed(sent_to_group<Platform>(what));
        auto const type = test::detail::member(body, "msg_type");
        auto content = inner(body, type == "interactive" ? "card" : "content");
        return test::see_lark(type, type == "post" ? inner(content, "post") : content);
    }
};

struct dingtalk_person : way
{
    using platform = td::dingtalk;
    static constexpr std::string_view name = "DingTalk";
    template<class Message>
    static test::seen_message see(Message const& what)
    {
        static platform::credentials const app("dingkey", td::secret("s3cret"));
        auto const body = parsed(sent_to_person<platform, platform>(app, what));
        return test::see_dingtalk(test::detail::member(body, "msgKey"), parsed(test::detail::member(body, "msgParam")));
    }
};

struct dingtalk_notification : way
{
    using platform = td::dingtalk_work;
    static constexpr std::string_view name = "DingTalk, work notification";
    template<class Message>
    static test::seen_message see(Message const& what)
    {
        static auto const app = platform::credentials("dingkey", td::secret("s3cret")).agent_id(123);
        auto const body = parsed(sent_to_person<platform, platform>(app, what));
        return seen_of_type(inner(body, "msg"), test::see_dingtalk);
    }
};

struct dingtalk_group : way
{
    using platform = td::dingtalk;
    static constexpr bool divides = false;
    static constexpr std::string_view name = "a group of DingTalk";
    template<class Message>
    static test::seen_message see(Message const& what)
    {
        return seen_of_type(parsed(sent_to_group<platform>(what)), test::see_dingtalk);
    }
};

struct wecom_person : way
{
    using platform = td::wecom;
    static constexpr std::string_view name = "WeCom";
    template<class Message>
    static test::seen_message see(Message const& what)
    {
        static platform::credentials const app("ww1", td::secret("s3cret"), 1000002);
        return seen_of_type(parsed(sent_to_person<platform, platform>(app, what)), test::see_wecom);
    }
};

struct wecom_group : way
{
    using platform = td::wecom;
    static constexpr bool divides = false;
    static constexpr std::string_view name = "a group of WeCom";
    template<class Message>
    static test::seen_message see(Message const& what)
    {
        return seen_of_type(parsed(sent_to_group<platform>(what)), test::see_wecom);
    }
};

template<class F>
void each_way(F&& f)
{
    f(lark_person<td::lark>());
    f(lark_person<td::feishu>());
    f(lark_batch<td::lark>());
    f(lark_group<td::feishu>());
    f(dingtalk_person());
    f(dingtalk_notification());
    f(dingtalk_group());
    f(wecom_person());
    f(wecom_group());
}

// ---- What is written

class expected
{
public:
    std::vector<std::string> shown;
    std::vector<std::string> addresses; // without brackets
    std::vector<std::pair<std::string, std::string>> links;

    void also(expected const& other)
    {
        shown.insert(shown.end(), other.shown.begin(), other.shown.end());
        addresses.insert(addresses.end(), other.addresses.begin(), other.addresses.end());
        links.insert(links.end(), other.links.begin(), other.links.end());
    }
};

class writer
{
public:
    explicit writer(unsigned seed) : pick_(seed) {}

    std::size_t pick(std::size_t end) { return pick_.pick(end); }
    bool one_in(std::size_t n) { return pick(n) == 0; }

    template<std::size_t N>
    std::string_view any(std::array<std::string_view, N> const& of)
    {
        return of[pick(N)];
    }

    std::string address()
    {
        static constexpr std::array<std::string_view, 6> hosts{
            "https://h.example.com", "http://db_01.example:8080",  "https://kibana.example.com",
            "https://a-b.example",   "https://[2001:db8::1]:9200", "https://ada@h.example"};
        static constexpr std::array<std::string_view, 18> parts{
            "/~ada",  "/a__b",       "/_cat",      "/x_y_",    "/*",       "/a*b", "/C_(x)",
            "/1,2;3", "/%7Eada%20x", "/_/",        "/a-b.c_d", "/@me:tag", "/a+b", "/report_20260210_222435.png",
            "/~",     "/**/x",       "/$metadata", "/__init__"};
        static constexpr std::array<std::string_view, 9> tails{"",
                                                               "",
                                                               "?v",
                                                               "?_g=(a:1)&_a=(b:2)",
                                                               "?q=a*b*c&r=~x~",
                                                               "#/?_g=(a:1)&_a=(b:2)",
                                                               "?a_b=1&lt=2&amp;c=__d__",
                                                               "#L1-L2_x",
                                                               "?$filter=x_y"};
        std::string out(any(hosts));
        for (auto n = 1 + pick(3); n != 0; --n)
            out += any(parts);
        out += any(tails);
        return out;
    }
    // Of one word.
    std::string name()
    {
        static constexpr std::array<std::string_view, 22> names{"snake_case",
                                                                "__init__",
                                                                "_private",
                                                                "trailing_",
                                                                "max_retry_count",
                                                                "/var/log/app_1/__init__.py",
                                                                "~/.ssh/id_rsa",
                                                                "/srv/~ada/~bob/x",
                                                                "C:\\Users\\ada_b",
                                                                "src/*.cpp",
                                                                "*.hpp",
                                                                "**/*.py",
                                                                "a*b",
                                                                "/var/*/log/*.txt",
                                                                "count(*)",
                                                                "2**10",
                                                                "first_last@example.com",
                                                                "a.b+c_d@x-y.example",
                                                                "--dry-run",
                                                                "std::vector<int>",
                                                                "x<y&&z>w",
                                                                "#42"};
        return std::string(any(names));
    }
    std::string command()
    {
        static constexpr std::array<std::string_view, 9> commands{"rm -rf *",
                                                                  "ls *.log *.txt",
                                                                  "for f in *.c; do echo $f*; done",
                                                                  "find . -name '*.o' -delete",
                                                                  "a*b*c + __d__ ** 2",
                                                                  "git log --oneline ~~x~~",
                                                                  "handlers[name](arg) && argv[1][2]",
                                                                  "curl https://h.example/a_b?c=*d*&e=~f~",
                                                                  "SELECT count(*), max(x_y) FROM t WHERE a <> '_'"};
        return std::string(any(commands));
    }
    std::string word()
    {
        static constexpr std::array<std::string_view, 8> words{"see", "failed:", "(again)", "构建失败，",
                                                               "and", "请看",    "run",     "12:30:45"};
        return std::string(any(words));
    }

    // Anything, in a text that has no markup.
    std::string plain(expected& out, std::size_t most, bool lines)
    {
        std::string text;
        for (auto n = 1 + pick(most); n != 0; --n)
        {
            if (!text.empty())
                text += lines && one_in(4) ? "\n" : one_in(6) ? "，" : " ";
            text += literal(out);
        }
        return text;
    }

    // Portable Markdown.
    std::string markdown(expected& out)
    {
        std::string text;
        for (auto n = 1 + pick(4); n != 0; --n)
        {
            if (!text.empty())
                text += "\n\n";
            switch (pick(6))
            {
            case 0: text += "# " + line(out); break;
            case 1: text += "- " + line(out) + "\n- " + line(out) + "\n  1. " + line(out); break;
            case 2: text += "> " + line(out) + "\n> " + line(out); break;
            case 3: text += block_of_code(out, ""); break;
            case 4: text += "- " + line(out) + "\n" + block_of_code(out, "  "); break;
            default: text += line(out) + "\n" + line(out); break;
            }
        }
        return text;
    }

private:
    std::string literal(expected& out)
    {
        std::string one;
        switch (pick(4))
        {
        case 0: return word();
        case 1:
            one = address();
            out.addresses.push_back(one);
            break;
        case 2: one = command(); break;
        default: one = name(); break;
        }
        out.shown.push_back(one);
        return one;
    }

    std::string line(expected& out)
    {
        std::string text;
        for (auto n = 1 + pick(5); n != 0; --n)
        {
            if (!text.empty())
                text += " ";
            std::string one;
            switch (pick(7))
            {
            case 0: text += word(); break;
            case 1:
            {
                one = address();
                out.addresses.push_back(one);
                out.shown.push_back(one);
                bool const plain = one.ends_with('*') || one.ends_with('~'); // next to a mark it would be one
                std::string_view const marks = plain ? "" : one_in(4) ? "**" : one_in(4) ? "~~" : "";
                ((text += marks) += one) += marks;
                break;
            }
            case 2:
                one = command();
                out.shown.push_back(one);
                text += "`" + one + "`";
                break;
            case 3:
            {
                auto const target = address();
                auto const label = "label " + std::to_string(pick(100));
                out.links.emplace_back(label, target);
                text += "[" + label + "](" + target + ")";
                break;
            }
            case 4:
                one = command();
                out.shown.push_back(one);
                text += td::markdown::escape(one);
                break;
            default:
                one = name();
                out.shown.push_back(one);
                text += one;
                break;
            }
        }
        return text;
    }

    std::string block_of_code(expected& out, std::string const& indent)
    {
        auto text = indent + "```sh\n";
        for (auto n = 1 + pick(3); n != 0; --n)
        {
            auto const one = command();
            out.shown.push_back(one);
            text += indent + one + "\n";
        }
        return text + indent + "```";
    }

    test::hostile_text pick_;
};

// ---- How they are compared

// A link's target has these as percent signs, which no client and no server tells apart.
std::string address_of(std::string const& target)
{
    std::string out = target;
    for (auto const& [code, character] :
         {std::pair("%28", "("), {"%29", ")"}, {"%2A", "*"}, {"%7E", "~"}, {"%24", "$"}, {"%5B", "["}, {"%5D", "]"}})
        for (auto at = out.find(code); at != out.npos; at = out.find(code))
            out.replace(at, 3, character);
    return out;
}

// Which of what was written is not seen as it was written; empty: everything is.
std::string missing(expected const& written, test::seen_message const& seen, std::string_view platform)
{
    for (auto const& one : written.shown)
        if (seen.text.find(one) == seen.text.npos)
            return "not shown: " + one;
    for (auto const& url : written.addresses)
    {
        // WeCom has no escape: what it would show in bold between two `**` is code, and no link.
        if (platform.ends_with("WeCom") && url.find("**") != url.rfind("**"))
            continue;
        bool const found = std::any_of(seen.links.begin(), seen.links.end(), [&](test::seen_message::link const& l) {
            return l.bare ? l.target.starts_with(url) : l.label == url && address_of(l.target) == address_of(url);
        });
        if (!found)
            return "not a link: " + url;
    }
    for (auto const& [label, target] : written.links)
    {
        bool const found =
            std::any_of(seen.links.begin(), seen.links.end(), [&, &l = label, &t = target](auto const& link) {
                return link.label == l && address_of(link.target) == address_of(t);
            });
        // Where there are no links, the address is shown.
        if (!found && seen.text.find(label + " (" + target + ")") == seen.text.npos)
            return "no link to " + target;
    }
    for (auto const& tag : seen.tags)
        if (!tag.starts_with("<font color=") && tag != "</font>") // WeCom's severity and footer; nothing here has one
            return "taken for more than text: " + tag;
    return {};
}

template<class Message>
void check(Message const& what, expected const& written, std::string_view source)
{
    each_way([&](auto const& to) {
        auto const seen = to.see(what);
        auto const wrong = missing(written, seen, to.name);
        BOOST_TEST_REQUIRE(wrong.empty(),
                           to.name << ", " << wrong << "\nwritten: " << source << "\nseen: " << seen.text);
    });
}

} // namespace

BOOST_AUTO_TEST_SUITE(what_people_wrote)

BOOST_AUTO_TEST_CASE(is_seen_unchanged_in_a_text)
{
    writer next(1);
    for (int i = 0; i != 400; ++i)
    {
        expected written;
        auto const body = next.plain(written, 8, true);
        check(td::text(body), written, body);
    }
}

BOOST_AUTO_TEST_CASE(is_seen_unchanged_in_markdown)
{
    writer next(2);
    for (int i = 0; i != 400; ++i)
    {
        expected written;
        auto const body = next.markdown(written);
        check(td::markdown(body), written, body);
    }
}

BOOST_AUTO_TEST_CASE(is_seen_unchanged_in_escaped_markdown)
{
    writer next(3);
    for (int i = 0; i != 400; ++i)
    {
        expected written;
        auto const body = td::markdown::escape(next.plain(written, 8, true));
        check(td::markdown(body), written, body);
    }
}

// Marks behind a blank close a heading, and are not shown.
BOOST_AUTO_TEST_CASE(is_seen_unchanged_at_the_end_of_a_heading)
{
    for (std::string const text : {"lessons in C #", "C ##", "a # b ###", "C#", "x \\#"})
        each_way([&](auto const& to) {
            td::notice titled(text);
            titled.body("below");
            auto const title = to.see(titled).text;
            BOOST_TEST(title.find(text) != title.npos, to.name << ": " << title);
            auto const heading = to.see(td::markdown("# " + td::markdown::escape(text) + "\n\nbelow")).text;
            BOOST_TEST(heading.find(text) != heading.npos, to.name << ": " << heading);
        });
}

BOOST_AUTO_TEST_CASE(is_seen_unchanged_in_every_part_of_a_notice)
{
    writer next(4);
    for (int i = 0; i != 400; ++i)
    {
        expected written;
        auto const title = next.plain(written, 2, false);
        auto source = title;
        td::notice what(title);
        what.level(static_cast<td::severity>(next.pick(4)));
        auto const line = [&] {
            auto out = next.plain(written, 2, false);
            source += '\n' + out;
            return out;
        };
        for (auto n = next.pick(4); n != 0; --n)
            what.fact(next.word(), line());
        switch (next.pick(3))
        {
        case 0: break;
        case 1:
        {
            auto const body = next.plain(written, 4, true);
            source += '\n' + body;
            what.body(body);
            break;
        }
        default:
        {
            expected of_body;
            auto const body = next.markdown(of_body);
            if (body.size() > 500)
                break; // a work notification has 2048 bytes
            source += '\n' + body;
            written.also(of_body);
            what.body(td::markdown(body));
        }
        }
        for (auto n = next.pick(3); n != 0; --n)
        {
            auto const url = next.address();
            auto const label = "Open " + std::to_string(n);
            what.button(label, url);
            written.links.emplace_back(label, url);
        }
        if (next.one_in(2))
            what.footer(line());
        // A client that makes no links of plain text makes none of a title.
        auto const of_title = std::exchange(written.addresses, {});
        check(what, written, source);
    }
}

BOOST_AUTO_TEST_CASE(is_seen_unchanged_when_it_is_divided)
{
    writer next(5);
    for (int i = 0; i != 2; ++i)
    {
        expected written;
        std::string plain;
        std::string marked;
        while (marked.size() < 33'000)
        {
            (plain += next.plain(written, 8, true)) += next.one_in(3) ? "\n\n" : " ";
            (marked += td::markdown::escape(next.plain(written, 8, true))) += next.one_in(3) ? "\n\n" : "\n";
            marked += next.markdown(written) + "\n\n";
        }
        // What has blanks may be divided at one of them.
        std::erase_if(written.shown, [](std::string const& one) { return one.find(' ') != one.npos; });
        written.links.clear();
        written.addresses.clear();
        each_way([&]<class Sender>(Sender const& to) {
            if constexpr (Sender::divides)
            {
                test::seen_message all;
                for (auto const& piece : Sender::platform::split(td::text(plain), {}))
                    all.add(to.see(td::text(piece)));
                for (auto const& piece : Sender::platform::split(td::markdown(marked), {}))
                {
                    all.add(to.see(td::markdown(piece)));
                }
                auto const wrong = missing(written, all, to.name);
                BOOST_TEST_REQUIRE(wrong.empty(), to.name << ", " << wrong);
            }
        });
    }
}

BOOST_AUTO_TEST_CASE(mentions_nobody_and_hides_no_link_whatever_it_is)
{
    test::hostile_text next(6);
    for (int i = 0; i != 500; ++i)
    {
        auto const said = "t" + next(25);
        auto const hides = [](test::seen_message const& seen) {
            for (auto const& link : seen.links)
                if (link.label != address_of(link.target) && link.label.find("://") == link.label.npos &&
                    link.label != "o")
                    return link.label + " leads to " + link.target;
            // WeCom's footer has a colour.
            auto const ours = std::count(seen.tags.begin(), seen.tags.end(), "<font color=\"comment\">");
            if (ours == 1 && seen.tags.size() == 2 && seen.tags.back() == "</font>")
                return std::string();
            return seen.tags.empty() ? std::string() : seen.tags.front();
        };
        each_way([&](auto const& to) {
            auto const look = [&](test::seen_message const& seen) {
                auto const wrong = hides(seen);
                BOOST_TEST_REQUIRE(wrong.empty(), to.name << ", " << wrong << ": " << said);
            };
            look(to.see(td::text(said)));
            look(to.see(td::markdown(td::markdown::escape(said))));
            look(to.see(td::notice(said).fact(said, said).body(said).footer(said)));
        });
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace unchanged_text_test
