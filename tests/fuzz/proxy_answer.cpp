// Any bytes from a proxy: read in pieces whose sizes the input chooses, they end in an answer or an error, and no
// answer repeats the credentials.
#include <tidings/transport/detail/proxy_answer.hpp>

#include <algorithm>
#include <cstdlib>
#include <cstring>

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size)
{
    namespace detail = tidings::transport::detail;
    static auto const proxy = *detail::proxy_address::parse(tidings::transport::proxy("http://ada:hunter2@proxy:3128"));
    if (size == 0)
        return 0;
    std::size_t const step = 1u + data[0];
    detail::proxy_answer answer;
    boost::beast::error_code ec;
    bool complete = false;
    for (std::size_t at = 1; at < size && !complete && !ec;)
    {
        auto const space = answer.space();
        if (space.size() == 0)
            std::abort(); // the caller would read nothing for ever
        auto const n = std::min({step, size - at, space.size()});
        std::memcpy(space.data(), data + at, n);
        at += n;
        complete = answer.feed(n, ec);
    }
    if (complete && ec)
        std::abort(); // either an answer or an error
    if (complete && !answer.granted())
    {
        auto const description = answer.describe(proxy);
        if (description.size() > 1000 || description.find("hunter2") != description.npos ||
            description.find(proxy.credentials().reveal()) != description.npos)
            std::abort();
    }
    return 0;
}
