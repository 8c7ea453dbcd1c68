// Any bytes from the network: read in pieces whose sizes the input chooses, they end in a reply or an error.
#include <tidings/transport/detail/reply_reader.hpp>

#include <algorithm>
#include <cstdlib>
#include <cstring>

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size)
{
    if (size == 0)
        return 0;
    std::size_t const step = 1u + data[0];
    tidings::transport::detail::reply_reader reader;
    reader.reset();
    boost::beast::error_code ec;
    bool complete = false;
    for (std::size_t at = 1; at < size && !complete && !ec;)
    {
        auto const space = reader.space();
        if (space.size() == 0)
            std::abort(); // the caller would read nothing for ever
        auto const n = std::min({step, size - at, space.size()});
        std::memcpy(space.data(), data + at, n);
        at += n;
        complete = reader.feed(n, ec);
    }
    if (!complete && !ec)
        complete = reader.feed_end(ec);
    if (complete == static_cast<bool>(ec))
        std::abort(); // either a reply or an error
    if (complete)
    {
        auto const reply = reader.reply();
        if (reply.status() < 200 || reply.body().size() > tidings::transport::detail::reply_limits::body)
            std::abort();
        (void)reply.header("X-Tt-Logid");
    }
    return 0;
}
