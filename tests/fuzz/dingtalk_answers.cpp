// Any body, as the answer to each operation of DingTalk: decoded or explained, and what it explains can be shown.
#include <tidings/provider/dingtalk.hpp>
#include <tidings/provider/dingtalk_work.hpp>

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
    for (char const c : why.link())
        if (c <= ' ' || c == 0x7f)
            std::abort();
}

void decode(wire::operation& op, wire::reply const& in)
{
    if (auto const decoded = op.decode(in); !decoded)
        show(decoded.error());
}

/// Performs a procedure whose every answer is the same. It ends, or the answer brings ever more to ask for.
void perform(wire::procedure& what, wire::reply const& in)
{
    constexpr int most = 64;
    for (int i = 0; i != most; ++i)
    {
        auto* const op = what.next();
        if (!op)
            return;
        if (what.pause().count() < 0)
            std::abort();
        if (auto const decoded = op->decode(in); !decoded)
        {
            show(what.settle(decoded.error()));
            return;
        }
    }
}

template<class Delivery>
void deliver(Delivery& what, std::size_t people, wire::reply const& in)
{
    for (auto* op = what.next(); op; op = what.next())
        if (auto const decoded = op->decode(in); !decoded)
        {
            show(what.settle(decoded.error()));
            return;
        }
    for (std::size_t i = 0; i != people; ++i)
        if (auto const fared = what.outcome(i); !fared)
            show(fared.error());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size)
{
    using namespace dingtalk_wire;
    static dingtalk::credentials const bot("dingkey", secret("s3cret"));
    static dingtalk_work::credentials const work =
        dingtalk_work::credentials("dingkey", secret("s3cret")).agent_id(123).old_token_call();
    static match::phone_number const phone("+8613011111111");
    static content const message("hi");
    static std::vector<dingtalk_wire::recipient> const people{dingtalk_wire::recipient("a"),
                                                              dingtalk_wire::recipient("b")};
    static unsigned const statuses[] = {200, 400, 401, 403, 404, 429, 500, 503};

    unsigned const status = size == 0 ? 200 : statuses[data[0] % std::size(statuses)];
    std::string_view const body(reinterpret_cast<char const*>(data), size);
    wire::reply const in(status, "HTTP/1.1 200 OK\r\nx-acs-request-id: 1\r\n\r\n", size == 0 ? body : body.substr(1));

    decode(*dingtalk::fetch_token(bot), in);
    decode(*dingtalk_work::fetch_token(work), in);
    auto const asked = dingtalk::application_of(bot);
    get_user user(asked, get_user::by::userid, "a");
    read_status status_of(asked, "key");
    recall back(asked, "key");
    recall_work work_back(asked, 1);
    for (wire::operation* op : {static_cast<wire::operation*>(&user), static_cast<wire::operation*>(&status_of),
                                static_cast<wire::operation*>(&back), static_cast<wire::operation*>(&work_back)})
        decode(*op, in);

    dingtalk::finder<match::phone_number> by_phone(bot);
    by_phone.add(phone);
    perform(by_phone, in);
    dingtalk::scan<match::email> scan(bot, 10);
    perform(scan, in);
    dingtalk::delivery by_bot(bot, people, message, "key");
    deliver(by_bot, people.size(), in);
    dingtalk_work::delivery by_work(work, people, message, "key");
    deliver(by_work, people.size(), in);

    // The parts of a work notification that need different answers.
    send_result result(asked, 1);
    if (result.decode(in))
        for (auto const& one : people)
            if (result.of(one.id()) == send_result::fate::refused)
                show(result.why(one.id()));
    return 0;
}
