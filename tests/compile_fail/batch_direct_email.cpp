// refuse: tidings: a batch names people by their ids; leave addressing::direct out
#include <tidings/tidings.hpp>

#include <vector>

using namespace tidings;

#ifdef NEAR_MISS
using how = addressing::lookup;
#else
using how = addressing::direct;
#endif

auto batch_direct_email(notifier<lark, match::email, how>& n, std::vector<match::email>& people)
{
    auto const sink = [](std::size_t, match::email const&, result<receipt> const&) {};
    return n.send_each(people, text("hi"), sink, native_batch_options());
}
