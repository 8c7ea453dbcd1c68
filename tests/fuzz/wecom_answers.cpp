// Any body, as the answer to each operation of WeCom: decoded or explained, and what it explains can be shown.
#include <tidings/provider/wecom.hpp>

#include <cstdlib>
#include <string>
#include <vector>

namespace {

using namespace tidings;

void show(failure const& why)
{
    if (!why.code() || why.code().category() != category() || why.message().find('\n') != std::string::npos)
        std::abort();
    for (auto const lang : {language::english, language::chinese})
        if (why.remedy(lang).find('\n') != std::string::npos)
            std::abort();
}

void perform(wire::procedure& what, wire::reply const& in)
{
    constexpr int most = 2; // two kinds of mailboxes
    int made = 0;
    for (auto* op = what.next(); op; op = what.next())
    {
        if (++made > most)
            std::abort();
        if (auto const decoded = op->decode(in); !decoded)
        {
            show(what.settle(decoded.error()));
            return;
        }
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size)
{
    static wecom::credentials const app("ww1", secret("s3cret"), 1000002);
    static match::email const ada("ada@example.com");
    static match::phone_number const phone("+8613011111111");
    static match::login_name const name("ada");
    static wecom_wire::content const message("text", "hi", wecom_wire::longest_content);
    static std::vector<wecom_wire::recipient> const people{wecom_wire::recipient("a"), wecom_wire::recipient("B")};
    static unsigned const statuses[] = {200, 301, 404, 429, 500, 502};

    unsigned const status = size == 0 ? 200 : statuses[data[0] % std::size(statuses)];
    std::string_view const body(reinterpret_cast<char const*>(data), size);
    wire::reply const in(status, "HTTP/1.1 200 OK\r\nError-Code: 0\r\n\r\n", size == 0 ? body : body.substr(1));

    auto const token = wecom::fetch_token(app);
    if (auto const decoded = token->decode(in); !decoded)
        show(decoded.error());
    wecom::finder<match::email> by_email(app);
    by_email.add(ada);
    perform(by_email, in);
    wecom::finder<match::phone_number> by_phone(app);
    by_phone.add(phone);
    perform(by_phone, in);
    wecom::finder<match::login_name> by_name(app);
    by_name.add(name);
    perform(by_name, in);
    auto back = wecom::recall(app, "m");
    perform(back, in);

    wecom_wire::send_message send(wecom::application_of(app), people, message, "key");
    if (auto const decoded = send.decode(in); !decoded)
        show(decoded.error());
    else
        for (std::size_t i = 0; i != people.size(); ++i)
            if (auto const fared = send.outcome(i); !fared)
                show(fared.error());
    return 0;
}
