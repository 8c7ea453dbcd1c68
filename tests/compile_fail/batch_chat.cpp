// refuse: tidings: a batch goes to people and not to chats; leave native_batch_options out
#include <tidings/tidings.hpp>

#include <vector>

using namespace tidings;

#ifdef NEAR_MISS
using who = match::open_id;
#else
using who = match::chat_id;
#endif

auto batch_chat(notifier<lark, who>& n, std::vector<who>& people)
{
    auto const sink = [](std::size_t, who const&, result<receipt> const&) {};
    return n.send_each(people, text("hi"), sink, native_batch_options());
}
