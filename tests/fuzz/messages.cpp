// Any message to any address: refused, or written as a request whose head has the lines that it should have and no
// others, whose JSON reads back to the same text, and which is no longer than the platform takes.
//
// An input is three letters, which say where the message goes, what it is and how long it becomes; then an address, a
// name (the idempotency key, the kind of a native message, the signing secret) and the text, parted by NUL bytes.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/impl/derived_key.hpp>
#include <tidings/message/notice_json.hpp>
#include <tidings/tidings.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace {

namespace td = tidings;
namespace json = boost::json;

void check(bool right)
{
    if (!right)
        std::abort();
}

bool is_utf8(std::string_view text)
{
    return td::detail::find_invalid_utf8(text) == text.npos;
}

class input
{
public:
    input(unsigned char const* data, std::size_t size)
    {
        std::string_view rest(reinterpret_cast<char const*>(data), size);
        for (auto* const text : {&where, &what, &size_class})
            if (!rest.empty())
            {
                *text = static_cast<unsigned char>(rest.front() - 'a');
                rest.remove_prefix(1);
            }
        for (auto* const text : {&address, &name})
        {
            *text = rest.substr(0, rest.find('\0'));
            rest.remove_prefix(std::min(rest.size(), text->size() + 1));
        }
        words = rest;
        // Around the limits of the platforms. The larger ones only of what is not rendered, which would take long; the
        // largest is over 150,000 bytes when each character of it needs an escape.
        constexpr std::array<std::size_t, 6> sizes{0, 1'990, 4'060, 14'950, 19'800, 28'900};
        bool const is_rendered = what % 8 != 0;
        if (size_class < (is_rendered ? 3 : sizes.size()) && !words.empty())
            while (words.size() < sizes[size_class])
                words += rest;
    }

    /// What may stand as an idempotency key.
    std::string_view key() const
    {
        return td::detail::check_key(td::idempotency_key(name)) ? std::string_view(name) : "key";
    }

    /// The words as a text shows them.
    std::string text() const { return td::detail::message_text(words); }

    unsigned where = 0;
    unsigned what = 0;
    unsigned size_class = 0;
    std::string address;
    std::string name;
    std::string words;
};

/// The body of the request that an operation writes; nothing when it refuses to.
std::optional<std::string_view> written(td::wire::operation const& op)
{
    static td::wire::request out("", "Host: h\r\n");
    if (!op.encode(out, "t-1"))
        return std::nullopt;
    auto const bytes = out.finish();
    auto const head_size = bytes.find("\r\n\r\n");
    check(head_size != bytes.npos);
    auto head = bytes.substr(0, head_size + 2);
    auto const body = bytes.substr(head_size + 4);
    check(body == out.body_text());

    std::size_t lines = 0;
    std::size_t tokens = 0;
    bool has_length = body.empty();
    for (; !head.empty(); ++lines)
    {
        auto const line = head.substr(0, head.find("\r\n"));
        head.remove_prefix(line.size() + 2);
        check(std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c <= '~'; }));
        if (lines == 0)
        {
            auto const target = line.substr(line.find(' ') + 1);
            check(line.starts_with("POST /") || line.starts_with("GET /") || line.starts_with("DELETE /"));
            check(target.ends_with(" HTTP/1.1") && std::count(target.begin(), target.end(), ' ') == 1);
            tokens += target.find("access_token=t-1") != target.npos;
            continue;
        }
        auto const is = [line](std::string_view name) { return line.starts_with(name); };
        tokens += line == "Authorization: Bearer t-1" || line == "x-acs-dingtalk-access-token: t-1";
        has_length = has_length || line == "Content-Length: " + std::to_string(body.size());
        check(is("Host: h") || is("Authorization: ") || is("x-acs-dingtalk-access-token: ") ||
              is("Content-Type: application/json; charset=utf-8") ||
              is("Content-Type: multipart/form-data; boundary=") || is("Content-Length: "));
    }
    check(has_length && tokens == (op.needs_token() ? 1u : 0u));
    check(lines == 2u + (body.empty() ? 0 : 2) + (bytes.substr(0, head_size).find("\r\nAuthorization") != bytes.npos) +
                       (bytes.substr(0, head_size).find("\r\nx-acs-") != bytes.npos));
    return body;
}

/// Read without the library. A native message may be as deep as a reader goes, and stands within a request.
json::value parsed(std::string_view text)
{
    json::parse_options options;
    options.max_depth = 40;
    return json::parse({text.data(), text.size()}, {}, options);
}

std::string_view text_at(json::value const& in, std::string_view name)
{
    auto const& out = in.as_object().at({name.data(), name.size()}).as_string();
    return {out.data(), out.size()};
}

/// The object that a message of one type is on DingTalk's webhooks and WeCom.
json::value const& typed(json::value const& message)
{
    auto const type = text_at(message, "msgtype");
    return message.as_object().at({type.data(), type.size()});
}

/// What a post of plain text shows.
std::string shown_by_post(json::value const& post)
{
    std::string out;
    for (auto const& line : post.as_object().at("content").as_array())
    {
        check(line.as_array().size() == 1 && text_at(line.at(0), "tag") == "text");
        auto const text = text_at(line.at(0), "text");
        check(!text.empty());
        out += text == " " ? "" : text;
        out += '\n';
    }
    out.pop_back();
    return out;
}

/// What a post of plain text ought to show: line breaks are all the same to it, and so are an empty line and a blank.
std::string as_lines(std::string_view text)
{
    std::string out;
    while (true)
    {
        auto const end = text.find('\n');
        auto line = text.substr(0, end);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        out += line == " " ? "" : line;
        if (end == text.npos)
            return out;
        out += '\n';
        text.remove_prefix(end + 1);
    }
}

/// Without the word joiners, which WeCom gets in text that would be markup.
std::string without_joiners(std::string text)
{
    constexpr std::string_view joiner = "\xe2\x81\xa0";
    for (auto at = text.find(joiner); at != text.npos; at = text.find(joiner, at))
        text.erase(at, joiner.size());
    return text;
}

enum class form
{
    text,
    markdown,
    notice,
    native
};

// ---- What each platform is sent. `body` is the request's, `in` what it was made of.

enum class lark_way
{
    person,
    batch,
    group
};

template<lark_way To>
void lark_body(std::string_view body, input const& in, form what, std::string_view locale)
{
    auto const root = parsed(body);
    auto const type = text_at(root, "msg_type");
    check(body.size() <= (To == lark_way::group ? 20'000u : type == "text" ? 150'000u : 30'000u));
    json::value inner;
    if constexpr (To == lark_way::person)
        inner = parsed(text_at(root, "content"));
    else
    {
        inner = root.as_object().at(type == "interactive" ? "card" : "content");
        if (type == "post" && (To == lark_way::batch || what == form::text))
            inner = json::value(inner.as_object().at("post"));
    }
    if constexpr (To == lark_way::batch)
    {
        check(type == "text" || type == "post" || type == "image" || type == "interactive" || type == "share_chat");
        if (type == "share_chat") // renamed in a batch
        {
            check(inner.as_object().size() == 1 &&
                  inner.as_object().at("share_chat_id") == parsed(in.words).as_object().at("chat_id"));
            return;
        }
    }
    check(inner.is_object());
    if (what == form::text && type == "text")
        check(text_at(inner, "text") == in.text());
    else if (what == form::text)
        check(type == "post" &&
              shown_by_post(inner.as_object().at({locale.data(), locale.size()})) == as_lines(in.text()));
    else if (what == form::native)
        check(inner == parsed(in.words));
}

void dingtalk_body(std::string_view body, input const& in, form what)
{
    auto const root = parsed(body);
    auto const params = text_at(root, "msgParam");
    check(params.size() <= 15'000);
    auto const inner = parsed(params);
    if (what == form::text)
        check(text_at(inner, "content") == in.text());
    else if (what == form::native)
        check(params == in.words && text_at(root, "msgKey") == in.name);
    else
        check(!text_at(inner, "title").empty() && !text_at(inner, "text").empty());
}

void dingtalk_message(json::value const& message, input const& in, form what)
{
    auto const& inner = typed(message);
    if (what == form::text)
        check(text_at(inner, "content") == in.text());
    else if (what == form::native)
        check(inner == parsed(in.words) && text_at(message, "msgtype") == in.name);
    else
        check(inner.as_object().contains("title"));
}

void dingtalk_work_body(std::string_view body, input const& in, form what)
{
    constexpr std::string_view before = "\"msg\":"; // no text can have it, since quotes are escaped in one
    auto const message = body.substr(body.find(before) + before.size());
    check(message.size() - 1 <= 2048);
    auto const root = parsed(body);
    dingtalk_message(root.as_object().at("msg"), in, what);
}

void wecom_body(std::string_view body, input const& in, form what, std::size_t max_markdown)
{
    auto const root = parsed(body);
    auto const& inner = typed(root);
    auto const type = text_at(root, "msgtype");
    if (what == form::native)
    {
        check(inner == parsed(in.words) && type == in.name);
        return;
    }
    if (type == "text" || type == "markdown")
        check(text_at(inner, "content").size() <= (type == "text" ? 2048 : max_markdown));
    if (what == form::text)
        check(without_joiners(std::string(text_at(inner, "content"))) == without_joiners(in.text()));
}

// ---- Where it goes

/// Whether a content is to be sent. What it was made of decides whether it may be refused for its bytes.
bool passes(td::result<void> const& valid, input const& in, form what)
{
    bool const utf8 = is_utf8(in.words);
    // Markdown may leave out what nobody would see, and a notice has been checked already.
    check(!valid || utf8 || what == form::markdown || what == form::notice);
    check(valid || !utf8 || valid.error().message().find("valid UTF-8") == std::string::npos);
    return valid.has_value();
}

template<class Platform, class Way, class Look>
class person
{
public:
    person(typename Platform::credentials const& app, Look look) : app_(app), look_(look) {}

    template<class Message>
    void operator()(Message const& message, form what, input const& in) const
    {
        auto const content = Way::content_of(message, {});
        if (!passes(Way::check(content), in, what))
            return;
        auto const to = recipient_of(in);
        if constexpr (requires { Way::check(content, to); })
            if (!Way::check(content, to))
                return;
        typename Way::delivery delivery(app_, std::span(&to, 1), content, in.key());
        auto const body = written(*delivery.next());
        check(body.has_value());
        look_(*body, in, what);
    }

    void upload(td::attachment const& what) const
    {
        if (!what.check() || !Platform::check_attachment(what))
            return;
        auto op = Platform::upload(app_, what);
        auto const body = written(*op);
        check(body && body->starts_with("--"));
        auto const boundary = body->substr(0, body->find("\r\n"));
        check(body->ends_with(std::string(boundary) + "--\r\n"));
        check(body->find(what.bytes()) != body->npos && what.bytes().find(boundary) == std::string::npos);
    }

    void look_up(std::string const& address) const
    {
        look_up_as<td::match::phone_number>(address);
        look_up_as<td::match::login_name>(address);
        if constexpr (requires { typename Platform::template finder<td::match::email>; })
            look_up_as<td::match::email>(address);
    }

private:
    template<class Match>
    void look_up_as(std::string const& address) const
    {
        Match const who(address);
        typename Platform::template finder<Match> finder(app_);
        if (!who.check())
            return;
        finder.add(who);
        if (auto const body = written(*finder.next()); body && !body->empty())
            check(parsed(*body).is_object());
    }

    template<class Match>
    static std::optional<typename Platform::recipient> as_id(input const& in)
    {
        if constexpr (requires(Match const& id) { Way::direct(id); })
        {
            auto const to = Way::direct(Match(in.address));
            if (Platform::check(to))
                return to;
        }
        return std::nullopt;
    }

    static typename Platform::recipient recipient_of(input const& in)
    {
        for (std::string_view const prefix : {"oc_", "cid", "wr"})
            if (in.address.starts_with(prefix))
                if (auto const to = as_id<td::match::chat_id>(in))
                    return *to;
        if (in.address.starts_with("ou_"))
            if (auto const to = as_id<td::match::open_id>(in))
                return *to;
        if (auto const to = as_id<td::match::department>(in)) // a number
            return *to;
        td::match::login_name const name(in.address);
        td::match::email const mailbox(in.address);
        bool valid = name.check().has_value();
        if constexpr (requires { Platform::check(name); })
            valid = valid && Platform::check(name);
        if constexpr (requires { Way::direct(mailbox); })
            if (mailbox.check())
                return Way::direct(mailbox);
        return Way::direct(valid ? name : td::match::login_name("someone"));
    }

    typename Platform::credentials const& app_;
    Look look_;
};

template<class Platform, class Look>
class group
{
    using hook = td::webhook_traits<Platform>;

public:
    explicit group(Look look) : look_(look) {}

    template<class Message>
    void operator()(Message const& message, form what, input const& in) const
    {
        auto const content = hook::content_of(message, {});
        if (!passes(hook::check(content), in, what))
            return;
        bool const signs = hook::signs && td::detail::check_address(in.name, "signing secret", 256);
        td::detail::webhook_key const where(
            td::secret(td::detail::check_webhook_token(in.address) ? in.address : std::string("0a1b2c3d")),
            td::secret(signs ? in.name : std::string()));
        typename hook::delivery delivery(where, content, in.key());
        auto const body = written(*delivery.next());
        check(body.has_value());
        look_(*body, in, what);
    }

private:
    Look look_;
};

// ---- What goes there

/// The first line is the title. The others say by their first character what they are.
td::notice notice_of(std::string_view text)
{
    std::optional<td::notice> out;
    std::string body;
    auto const parts = [](std::string_view line) {
        auto const at = line.find('=');
        return std::pair(std::string(line.substr(0, at)), std::string(at == line.npos ? "" : line.substr(at + 1)));
    };
    auto const level = static_cast<td::severity>(text.size() % 4);
    bool const is_markdown = text.size() % 8 < 4;
    while (!out || !text.empty())
    {
        auto const line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        auto const rest = line.empty() ? line : line.substr(1);
        if (!out)
            out.emplace(std::string(line));
        else if (line.starts_with('='))
            out->fact(parts(rest).first, parts(rest).second);
        else if (line.starts_with('+'))
            out->button(parts(rest).first, parts(rest).second);
        else if (line.starts_with('/'))
            out->footer(std::string(rest));
        else
            (body += line) += '\n';
    }
    out->level(level);
    if (is_markdown)
        out->body(td::markdown(std::move(body)));
    else
        out->body(std::move(body));
    return *std::move(out);
}

template<class Platform, class Destination>
void send(Destination const& there, input const& in)
{
    switch (in.what % 6)
    {
    case 0: there(td::text(in.words), form::text, in); break;
    case 1: there(td::markdown(in.words), form::markdown, in); break;
    case 2:
        if (auto const read = td::notice::from_json(in.words))
        {
            check(is_utf8(in.words));
            there(*read, form::notice, in);
        }
        break;
    case 3:
        if (auto const made = notice_of(in.words); made.check())
            there(made, form::notice, in);
        break;
    case 4:
        if constexpr (requires { typename Platform::card; })
            there(typename Platform::card(in.words), form::native, in);
        break;
    default: there(typename Platform::native(in.name, in.words), form::native, in); break;
    }
}

template<class Platform, class Way = Platform, class Look>
void send_to_person(typename Platform::credentials const& app, input const& in, Look look)
{
    person<Platform, Way, Look> const there(app, look);
    switch (in.what % 8)
    {
    case 6: there.upload(td::file(in.address, in.words)); break;
    case 7: there.look_up(in.address); break;
    default: send<Platform>(there, in); break;
    }
}

template<class Platform, class Look>
void send_to_group(input const& in, Look look)
{
    send<Platform>(group<Platform, Look>(look), in);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size)
{
    static td::lark::credentials const lark_app("cli_a1b2c3d4e5f60718", td::secret("secret"));
    static td::feishu::credentials const feishu_app("cli_a1b2c3d4e5f60718", td::secret("secret"));
    static td::dingtalk::credentials const dingtalk_app("dingkey", td::secret("s3cret"));
    static td::dingtalk_work::credentials const work_app =
        td::dingtalk_work::credentials("dingkey", td::secret("s3cret")).agent_id(123);
    static td::wecom::credentials const wecom_app("ww1", td::secret("s3cret"), 1000002);
    constexpr auto lark = [](std::string_view body, input const& in, form what) {
        lark_body<lark_way::person>(body, in, what, "en_us");
    };
    constexpr auto feishu = [](std::string_view body, input const& in, form what) {
        lark_body<lark_way::person>(body, in, what, "zh_cn");
    };
    constexpr auto lark_batch = [](std::string_view body, input const& in, form what) {
        lark_body<lark_way::batch>(body, in, what, "en_us");
    };
    constexpr auto feishu_batch = [](std::string_view body, input const& in, form what) {
        lark_body<lark_way::batch>(body, in, what, "zh_cn");
    };
    constexpr auto lark_group = [](std::string_view body, input const& in, form what) {
        lark_body<lark_way::group>(body, in, what, "en_us");
    };
    constexpr auto feishu_group = [](std::string_view body, input const& in, form what) {
        lark_body<lark_way::group>(body, in, what, "zh_cn");
    };

    input const in(data, size);
    switch (in.where % 11)
    {
    case 0: send_to_person<td::lark>(lark_app, in, lark); break;
    case 1: send_to_person<td::feishu>(feishu_app, in, feishu); break;
    case 2: send_to_person<td::dingtalk>(dingtalk_app, in, dingtalk_body); break;
    case 3: send_to_person<td::dingtalk_work>(work_app, in, dingtalk_work_body); break;
    case 4:
        send_to_person<td::wecom>(wecom_app, in, [](std::string_view body, input const& from, form what) {
            wecom_body(body, from, what, 2048);
        });
        break;
    case 5: send_to_group<td::lark>(in, lark_group); break;
    case 6: send_to_group<td::feishu>(in, feishu_group); break;
    case 7:
        send_to_group<td::dingtalk>(in, [](std::string_view body, input const& from, form what) {
            check(body.size() <= 20'000);
            dingtalk_message(parsed(body), from, what);
        });
        break;
    case 8:
        send_to_group<td::wecom>(
            in, [](std::string_view body, input const& from, form what) { wecom_body(body, from, what, 4096); });
        break;
    case 9: send_to_person<td::lark, td::lark::batch>(lark_app, in, lark_batch); break;
    default: send_to_person<td::feishu, td::feishu::batch>(feishu_app, in, feishu_batch); break;
    }
    return 0;
}
