// Any answer of WeCom, head and body, to each operation and procedure: decoded or explained, and what it explains can
// be shown to a person.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "answers.hpp"

#include <tidings/provider/wecom.hpp>
#include <tidings/provider/wecom/webhook.hpp>

#include <vector>

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size)
{
    using namespace tidings;
    static wecom::credentials const app("ww1", secret("s3cret"), 1000002);
    static match::email const ada("ada@example.com");
    static match::phone_number const phone("+8613011111111");
    static match::login_name const name("ada");
    static providers::wecom::content const message("text", "hi", providers::wecom::max_content);
    static std::vector<providers::wecom::recipient> const people{providers::wecom::recipient("a"),
                                                                 providers::wecom::recipient("B")};
    static image const picture("bytes..");
    static detail::webhook_key const where(secret("0a1b2c3d"), secret());

    fuzz::answers in(data, size);
    switch (in.what(8))
    {
    case 0: fuzz::fetch(*wecom::fetch_token(app), in); break;
    case 1: fuzz::find(wecom::finder<match::email>(app), ada, in); break;
    case 2: fuzz::find(wecom::finder<match::phone_number>(app), phone, in); break;
    case 3: fuzz::find(wecom::finder<match::login_name>(app), name, in); break;
    case 4: fuzz::deliver(wecom::delivery(app, people, message, "key"), people.size(), in); break;
    case 5: fuzz::upload(wecom::upload(app, picture), in); break;
    case 6:
    {
        auto back = wecom::recall(app, "m");
        fuzz::perform(back, in);
        break;
    }
    default:
    {
        webhook_traits<wecom>::delivery send(where, message, "key");
        fuzz::perform(send, in);
        break;
    }
    }
    return 0;
}
