// Any bytes from the network: read in pieces whose sizes the input chooses, they end in a reply or an error, and in the
// same as when they arrive at once. Bytes that arrived with the reply of another reader are read as if they had not.
//
// What stands between two bytes 0x01 is repeated; the byte behind the first of them says how often. So short inputs
// reach the limits.
#include <tidings/wire/detail/reply_reader.hpp>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace {

using tidings::transport::detail::reply_limits;

struct complete_reply
{
    unsigned status;
    std::string body;
    std::string headers;          ///< A few values.
    std::optional<bool> reusable; ///< Not known where bytes were left over.

    bool operator==(complete_reply const& other) const
    {
        return status == other.status && body == other.body && headers == other.headers &&
               (!reusable || !other.reusable || *reusable == *other.reusable);
    }
};
using answer = std::optional<complete_reply>;

void check(bool right)
{
    if (!right)
        std::abort();
}

std::string unfolded(std::string_view text)
{
    auto const begin = text.find('\x01');
    auto const end = begin == text.npos ? text.npos : text.find('\x01', begin + 2);
    if (end == text.npos)
        return std::string(text);
    constexpr std::size_t max_size = 3 * reply_limits::head;
    auto const part = text.substr(begin + 2, end - begin - 2);
    std::string out(text.substr(0, begin));
    for (auto n = 1u << static_cast<unsigned char>(text[begin + 1]) % 16; n != 0 && out.size() < max_size; --n)
        out += part;
    return out += text.substr(end + 1);
}

answer read(std::string_view bytes, std::size_t step)
{
    tidings::transport::detail::reply_reader reader;
    reader.reset();
    boost::beast::error_code ec;
    bool complete = false;
    while (!bytes.empty() && !complete && !ec)
    {
        auto const space = reader.space();
        check(space.size() != 0); // the caller would read nothing for ever
        auto const n = std::min({step, bytes.size(), space.size()});
        std::memcpy(space.data(), bytes.data(), n);
        bytes.remove_prefix(n);
        complete = reader.feed(n, ec);
    }
    if (!complete && !ec)
        complete = reader.feed_end(ec);
    check(complete != static_cast<bool>(ec));
    if (!complete)
        return std::nullopt;
    auto const reply = reader.reply();
    check(reply.status() >= 200 && reply.body().size() <= reply_limits::body);
    complete_reply out;
    out.status = reply.status();
    out.body = reply.body();
    for (auto const* const name : {"X-Tt-Logid", "Content-Type", "Content-Length", "Connection", "Date"})
        (out.headers += reply.header(name)) += '\n';
    if (bytes.empty())
        out.reusable = reader.reusable();
    return out;
}

/// One reply after the other out of what arrived with the first: each is the same as if it had arrived alone.
void read_in_line(std::string_view bytes)
{
    tidings::transport::detail::reply_reader first;
    first.reset();
    auto const space = first.space();
    auto const size = std::min(bytes.size(), space.size());
    std::memcpy(space.data(), bytes.data(), size);
    boost::beast::error_code ec;
    if (!first.feed(size, ec) || !first.keeps_alive())
        return;
    auto rest = first.take_rest();
    check(bytes.substr(0, size).ends_with(rest));
    tidings::transport::detail::reply_reader next;
    for (bool keeps_alive = true; keeps_alive && !rest.empty(); keeps_alive = next.keeps_alive())
    {
        auto const alone = read(rest, rest.size());
        auto const before = rest.size();
        next.reset();
        (void)next.space();
        if (!next.feed_from(rest, ec))
        {
            check(ec ? !alone : rest.empty());
            return;
        }
        check(!ec && rest.size() < before);
        auto const reply = next.reply();
        check(alone && alone->status == reply.status() && alone->body == reply.body());
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size)
{
    if (size == 0)
        return 0;
    auto const bytes = unfolded({reinterpret_cast<char const*>(data + 1), size - 1});
    auto const at_once = read(bytes, bytes.size());
    auto const in_pieces = read(bytes, 1u + data[0]);
    // Near the limit, Beast's parser counts a head that arrives in pieces a little otherwise.
    bool const may_be_refused = bytes.size() > reply_limits::head;
    read_in_line(bytes);
    check(at_once == in_pieces || (may_be_refused && !(at_once && in_pieces)));
    return 0;
}
