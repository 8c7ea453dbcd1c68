// Any body, as the answer to each operation: decoded or explained, and what it explains can be shown to a person.
#include <tidings/provider/lark.hpp>

#include <cstdlib>
#include <span>
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
    lark::finder<match::email> by_email(app);
    by_email.add(ada);
    lark::finder<match::phone_number> by_phone(app);
    by_phone.add(phone);
    auto const content = lark::content_of(message, {});
    lark::delivery send(app, std::span(&to, 1), content, "key");
    lark::batch::delivery batch(app, std::span(&to, 1), content, "key");
    auto const asked = lark::application_of(app);
    lark_wire::get_user user(asked, "ada");
    lark_wire::bot_info bot(asked);
    lark_wire::list_scopes scopes(asked);
    lark_wire::contact_range range(asked);
    lark_wire::recall_message recall(asked, "om_1");
    lark_wire::list_readers readers(asked, "om_1", {});
    for (wire::operation* op :
         {static_cast<wire::operation*>(token.get()), by_email.next(), by_phone.next(), send.next(), batch.next(),
          static_cast<wire::operation*>(&recall), static_cast<wire::operation*>(&readers),
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
    if (auto const fared = batch.outcome(0); !fared && fared.error() != errc::recipient_not_found)
        std::abort();
    return 0;
}
