// refuse: tidings: this platform has no call that spreads a message; leave native_batch_options out
#include <tidings/tidings.hpp>

#include <vector>

using namespace tidings;

auto batch_elsewhere(notifier<wecom, match::login_name>& n, std::vector<match::login_name>& people)
{
    auto const sink = [](std::size_t, match::login_name const&, result<receipt> const&) {};
#ifdef NEAR_MISS
    return n.send_each(people, text("hi"), sink);
#else
    return n.send_each(people, text("hi"), sink, native_batch_options());
#endif
}
