// Any answer of Lark, head and body, to each operation and procedure: decoded or explained, and what it explains can be
// shown to a person.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "answers.hpp"

#include <tidings/provider/lark.hpp>
#include <tidings/provider/lark/webhook.hpp>

#include <span>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size)
{
    using namespace tidings;
    static lark::credentials const app("cli_a1b2c3d4e5f60718", secret("secret"));
    static auto const asked = lark::application_of(app);
    static match::email const ada("ada@example.com");
    static match::phone_number const phone("+8613011111111");
    static match::login_name const name("ada");
    static std::vector<lark::recipient> const people{{"open_id", "ou_1"}, {"user_id", "ada"}};
    static auto const content = lark::content_of(text("hi"), {});
    static image const picture("bytes");
    static file const document("a.pdf", "bytes");
    static detail::webhook_key const where(secret("0a1b2c3d"), secret("signing"));
    static auto const words = providers::lark::hook_content::words("hi");

    fuzz::answers in(data, size);
    switch (in.what(16))
    {
    case 0: fuzz::fetch(*lark::fetch_token(app), in); break;
    case 1: fuzz::find(lark::finder<match::email>(app), ada, in); break;
    case 2: fuzz::find(lark::finder<match::phone_number>(app), phone, in); break;
    case 3: fuzz::find(lark::finder<match::login_name>(app), name, in); break;
    case 4: fuzz::deliver(lark::delivery(app, std::span(people).first(1), content, "key"), 1, in); break;
    case 5: fuzz::deliver(lark::batch::delivery(app, people, content, "key"), people.size(), in); break;
    case 6: fuzz::upload(lark::upload(app, picture), in); break;
    case 7: fuzz::upload(lark::upload(app, document), in); break;
    case 8:
    {
        auto back = lark::recall(app, "om_1");
        fuzz::perform(back, in);
        break;
    }
    case 9:
    {
        auto reading = lark::readers(app, "om_1");
        fuzz::perform(reading, in, fuzz::ending::by_deadline);
        break;
    }
    case 10:
    {
        providers::lark::get_user user(asked, "ada");
        fuzz::decode(user, in);
        break;
    }
    case 11:
    {
        providers::lark::bot_info bot(asked);
        fuzz::decode(bot, in);
        break;
    }
    case 12:
    {
        providers::lark::list_scopes scopes(asked);
        fuzz::decode(scopes, in);
        break;
    }
    case 13:
    {
        providers::lark::contact_range range(asked);
        fuzz::decode(range, in);
        break;
    }
    case 14:
    {
        webhook_traits<lark>::delivery send(where, words, "key");
        fuzz::perform(send, in);
        break;
    }
    default:
    {
        webhook_traits<feishu>::delivery send(where, words, "key");
        fuzz::perform(send, in);
        break;
    }
    }
    return 0;
}
