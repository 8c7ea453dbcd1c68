// Any body, as the answer to each operation: decoded or explained, and what it explains can be shown to a person.
#include <tidings/provider/lark.hpp>

#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size)
{
    using namespace tidings;
    static lark::credentials const app("cli_a1b2c3d4e5f60718", secret("secret"));
    static match::email const ada("ada@example.com");
    static match::phone_number const phone("+8613011111111");
    static lark::recipient const to("open_id", "ou_1");
    static text const message("hi");
    static unsigned const statuses[] = {200, 400, 401, 404, 429, 500, 502};

    unsigned const status = size == 0 ? 200 : statuses[data[0] % std::size(statuses)];
    std::string_view const body(reinterpret_cast<char const*>(data), size);
    wire::reply const in(status, "HTTP/1.1 200 OK\r\nX-Tt-Logid: 1\r\n\r\n", size == 0 ? body : body.substr(1));

    auto const token = lark::fetch_token(app);
    auto by_email = lark::find(app, ada);
    auto by_phone = lark::find(app, phone);
    auto send = lark::send(app, to, lark::content_of(message), "key");
    auto const asked = lark::application_of(app);
    lark_wire::get_user user(asked, "ada");
    lark_wire::bot_info bot(asked);
    lark_wire::list_scopes scopes(asked);
    lark_wire::contact_range range(asked);
    for (wire::operation* op : {static_cast<wire::operation*>(token.get()), static_cast<wire::operation*>(&by_email),
                                static_cast<wire::operation*>(&by_phone), static_cast<wire::operation*>(&send),
                                static_cast<wire::operation*>(&user), static_cast<wire::operation*>(&bot),
                                static_cast<wire::operation*>(&scopes), static_cast<wire::operation*>(&range)})
    {
        auto const decoded = op->decode(in);
        if (decoded)
            continue;
        auto const why = decoded.error();
        if (!why.code() || why.code().category() != category() || why.message().find('\n') != std::string::npos)
            std::abort();
        (void)why.remedy(language::chinese);
    }
    return 0;
}
