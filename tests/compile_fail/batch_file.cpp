// refuse: tidings: this platform cannot send this kind of message; it can send what use_one_of<> lists
// refuse: use_one_of<tidings::text, tidings::markdown, tidings::notice, tidings::image, tidings::providers::lark::card
#include <tidings/tidings.hpp>

#include <vector>

using namespace tidings;

auto batch_file(notifier<lark, match::login_name>& n, std::vector<match::login_name>& people)
{
    auto const sink = [](std::size_t, match::login_name const&, result<receipt> const&) {};
#ifdef NEAR_MISS
    return n.send_each(people, image("bytes"), sink, native_batch_options());
#else
    return n.send_each(people, file("a.pdf", "bytes"), sink, native_batch_options());
#endif
}
