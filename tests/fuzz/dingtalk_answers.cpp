// Any answer of DingTalk, head and body, to each operation and procedure: decoded or explained, and what it explains
// can be shown to a person.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "answers.hpp"

#include <tidings/provider/dingtalk.hpp>
#include <tidings/provider/dingtalk/webhook.hpp>
#include <tidings/provider/dingtalk_work.hpp>

#include <vector>

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size)
{
    using namespace tidings;
    using namespace providers::dingtalk;
    static dingtalk::credentials const bot("dingkey", secret("s3cret"));
    static dingtalk_work::credentials const work =
        dingtalk_work::credentials("dingkey", secret("s3cret")).agent_id(123).old_token_call();
    static match::phone_number const phone("+8613011111111");
    static match::login_name const name("ada");
    static login_id const account("ada");
    static content const message("hi");
    static std::vector<providers::dingtalk::recipient> const people{providers::dingtalk::recipient("a"),
                                                                    providers::dingtalk::recipient("b")};
    static image const picture("bytes");
    static receipt const sent("key", "a", 1);
    static tidings::detail::webhook_key const where(secret("0a1b2c3d"), secret("SECabc"));

    fuzz::answers in(data, size);
    switch (in.what(14))
    {
    case 0: fuzz::fetch(*dingtalk::fetch_token(bot), in); break;
    case 1: fuzz::fetch(*dingtalk_work::fetch_token(work), in); break;
    case 2: fuzz::find(dingtalk::finder<match::phone_number>(bot), phone, in); break;
    case 3: fuzz::find(dingtalk::finder<match::login_name>(bot), name, in); break;
    case 4: fuzz::find(dingtalk::finder<login_id>(bot), account, in); break;
    case 5:
    {
        dingtalk::scan<match::email> scan(bot, 10);
        if (fuzz::perform(scan, in))
            (void)scan.take_index();
        break;
    }
    case 6: fuzz::deliver(dingtalk::delivery(bot, people, message, "key"), people.size(), in); break;
    case 7: fuzz::deliver(dingtalk_work::delivery(work, people, message, "key"), people.size(), in); break;
    case 8: fuzz::upload(dingtalk::upload(bot, picture), in); break;
    case 9:
    {
        auto back = dingtalk::recall(bot, "key", sent);
        fuzz::perform(back, in);
        break;
    }
    case 10:
    {
        auto back = dingtalk_work::recall(work, "1", sent);
        fuzz::perform(back, in);
        break;
    }
    case 11:
    {
        auto reading = dingtalk::readers(bot, "key", sent);
        if (fuzz::perform(reading, in))
            (void)reading->readers();
        break;
    }
    case 12:
    {
        auto reading = dingtalk_work::readers(work, "1", sent);
        if (fuzz::perform(reading, in))
            (void)reading->readers();
        break;
    }
    default:
    {
        webhook_traits<dingtalk>::delivery send(where, message, "key");
        fuzz::perform(send, in);
        break;
    }
    }
    return 0;
}
