// Any message, address and key: refused, or written as a request whose JSON reads back to the same text.
#include <tidings/provider/feishu.hpp>

#include <boost/json/parse.hpp>

#include <cstdlib>
#include <span>
#include <string>

namespace {

void check(bool right)
{
    if (!right)
        std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size)
{
    using namespace tidings;
    static feishu::credentials const app("cli_a1b2c3d4e5f60718", secret("secret"));
    std::string const input(reinterpret_cast<char const*>(data), size);

    match::phone_number const phone(input);
    if (phone.check())
        check(phone.view().size() >= 9 && phone.view().size() <= 16 && phone.view().front() == '+');
    match::email const email(input);
    (void)email.check();
    match::login_name const name(input);
    if (!name.check())
        return 0;

    feishu::recipient const to = feishu::direct(name);
    text const plain(input);
    markdown const marked(input);
    for (auto const& content : {feishu::content_of(plain, {}), feishu::content_of(marked, {})})
    {
        if (!feishu::check(content, "key"))
            continue;
        feishu::delivery delivery(app, std::span(&to, 1), content, "key");
        auto const& op = *delivery.next();
        wire::request out("", "Host: h\r\n");
        check(op.encode(out, "t-1").has_value());
        auto const bytes = out.finish();
        auto const head_end = bytes.find("\r\n\r\n");
        check(bytes.substr(head_end + 4) == out.body_text());
        auto const body = boost::json::parse(std::string(out.body_text()));
        check(std::string_view(body.at("receive_id").as_string()) == input);
        auto const inner = boost::json::parse(std::string(body.at("content").as_string()));
        if (content.msg_type() == "text")
            check(std::string_view(inner.at("text").as_string()) == input);
        else
            check(inner.at("zh_cn").at("content").at(0).at(0).at("text").is_string());
    }
    return 0;
}
