// Sends on every platform, well and in vain, lets everything go, and looks for what is left of secrets and tokens in
// its own memory. Driven by leftovers.py, which tells it everything over standard input, masked: so the program itself
// has what it looks for nowhere in plain sight.
#include <tidings/tidings.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <openssl/crypto.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace {

namespace td = tidings;
namespace asio = boost::asio;

constexpr unsigned char mask = 0xa5;

unsigned char digit(char c)
{
    return static_cast<unsigned char>(c <= '9' ? c - '0' : c - 'a' + 10);
}

// Bytes in hexadecimal, each masked.
std::vector<unsigned char> unhex(std::string_view text)
{
    std::vector<unsigned char> out;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2)
        out.push_back(static_cast<unsigned char>(digit(text[i]) << 4 | digit(text[i + 1])));
    return out;
}

// What is left to find of a block that was freed: an allocator writes over its first bytes.
std::vector<unsigned char> without_beginning(std::vector<unsigned char> bytes)
{
    constexpr std::size_t overwritten = 16;
    constexpr std::size_t enough = 8; // to be nothing else by chance
    if (bytes.size() >= overwritten + enough)
        bytes.erase(bytes.begin(), bytes.begin() + overwritten);
    return bytes;
}

td::secret unmask(std::string_view text)
{
    std::string plain;
    auto const bytes = unhex(text);
    plain.reserve(bytes.size()); // growing would leave copies behind
    for (auto const byte : bytes)
        plain += static_cast<char>(byte ^ mask);
    return td::secret(std::move(plain));
}

// Masks what was read, or unmasks it: by words, as a sanitizer's build goes through hundreds of megabytes with this.
void mask_all(std::vector<std::uint64_t>& words)
{
    constexpr std::uint64_t word = std::uint64_t(0x0101010101010101) * mask;
    for (auto& w : words)
        w ^= word;
}

// How often the unmasked needles stand in the writable memory of this process, the buffer for looking apart. What was
// read is masked, so that it compares with the masked needles.
std::size_t count(std::vector<std::vector<unsigned char>> const& needles)
{
    constexpr std::size_t piece = 1 << 20;
    constexpr std::uint64_t max_size = std::uint64_t(1) << 32; // a sanitizer's shadow is larger
    static std::vector<std::uint64_t> buffer((piece + 256) / sizeof(std::uint64_t));
    auto const size_of_buffer = buffer.size() * sizeof(std::uint64_t);
    auto* const bytes = reinterpret_cast<unsigned char*>(buffer.data());
    std::size_t found = 0;
    int const memory = ::open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    std::ifstream maps("/proc/self/maps");
    auto const here = reinterpret_cast<std::uintptr_t>(buffer.data());
    for (std::string line; std::getline(maps, line);)
    {
        std::uint64_t begin = 0;
        std::uint64_t end = 0;
        char dash = 0;
        std::string access;
        std::istringstream(line) >> std::hex >> begin >> dash >> end >> access;
        if (access.substr(0, 2) != "rw" || end - begin > max_size)
            continue;
        for (auto at = begin; at < end; at += piece)
        {
            auto const size =
                ::pread(memory, bytes, std::min<std::uint64_t>(size_of_buffer, end - at), static_cast<::off_t>(at));
            if (size <= 0)
                break;
            mask_all(buffer);
            auto const* const last = bytes + size;
            for (auto const& needle : needles)
                for (auto const* i = bytes;; ++i)
                {
                    i = static_cast<unsigned char const*>(
                        ::memmem(i, static_cast<std::size_t>(last - i), needle.data(), needle.size()));
                    if (!i)
                        break;
                    auto const where = at + static_cast<std::uint64_t>(i - bytes);
                    found += where + needle.size() <= here || where >= here + size_of_buffer;
                }
            OPENSSL_cleanse(bytes, size_of_buffer);
        }
    }
    ::close(memory);
    return found;
}

struct send_summary
{
    int delivered = 0;
    int failed = 0;

    auto count()
    {
        return [this](td::result<td::receipt> const& sent) {
            ++(sent ? delivered : failed);
            if (!sent)
                std::cerr << sent.error() << '\n';
        };
    }
};

using way = td::transport::by_scheme;

way way_with(std::string ca_file)
{
    return way(td::transport::https().ca_file(std::move(ca_file)));
}

// Messages to somebody, to nobody, and one that is cancelled on its way.
template<class Provider>
asio::awaitable<void> send(typename Provider::credentials app, td::base_url url, std::string ca_file, send_summary& all)
{
    auto const ex = co_await asio::this_coro::executor;
    td::notifier<Provider, td::match::phone_number, way, td::base_url, td::retry::none> notify(
        ex, std::move(app), std::move(url), way_with(std::move(ca_file)));
    for (auto const* who : {"+6591234567", "+6591234567", "+6580000000", "+6591234567"})
    {
        auto const sent = co_await notify.send(who, td::text{"hello"});
        all.count()(sent);
    }
    asio::cancellation_signal stop;
    bool over = false;
    notify.async_send("+6591234567", td::text{"hello"},
                      asio::bind_cancellation_slot(stop.slot(), [&](td::result<td::receipt> const& sent) {
                          all.count()(sent);
                          over = true;
                      }));
    co_await asio::post(ex, asio::use_awaitable); // it has begun
    stop.emit(asio::cancellation_type::terminal);
    while (!over)
        co_await asio::post(ex, asio::use_awaitable);
}

template<class Provider>
asio::awaitable<void> tell_group(td::webhook_address where, td::base_url url, std::string ca_file, send_summary& all)
{
    td::webhook<Provider, way, td::base_url> group(co_await asio::this_coro::executor, where, std::move(url),
                                                   way_with(std::move(ca_file)));
    auto const sent = co_await group.send(td::text{"hello"});
    all.count()(sent);
}

// A row for one platform: "send URL APPLICATION AGENT SECRET" or "hook URL ADDRESS SIGNING-SECRET", what is secret
// masked.
template<class Provider>
void start(asio::io_context& io, std::string const& what, std::string const& ca_file, send_summary& all)
{
    std::string url;
    std::cin >> url;
    if (what == "hook")
    {
        std::string address;
        std::string signing;
        std::cin >> address >> signing;
        asio::co_spawn(io,
                       tell_group<Provider>(td::webhook_address(unmask(address), unmask(signing)), td::base_url(url),
                                            ca_file, all),
                       asio::detached);
        return;
    }
    std::string id;
    std::int64_t agent = 0;
    std::string masked;
    std::cin >> id >> agent >> masked;
    if constexpr (std::is_same_v<Provider, td::wecom>)
        asio::co_spawn(io, send<Provider>({id, unmask(masked), agent}, td::base_url(url), ca_file, all),
                       asio::detached);
    else
        asio::co_spawn(io, send<Provider>({id, unmask(masked)}, td::base_url(url), ca_file, all), asio::detached);
}

// Everything that knows a secret is gone when this returns.
send_summary send_everywhere()
{
    asio::io_context io;
    send_summary all;
    std::string ca_file;
    std::cin >> ca_file;
    if (ca_file == "-")
        ca_file.clear();
    std::string what;
    std::string platform;
    while (std::cin >> what && what != "go" && std::cin >> platform)
        if (platform == "lark")
            start<td::lark>(io, what, ca_file, all);
        else if (platform == "feishu")
            start<td::feishu>(io, what, ca_file, all);
        else if (platform == "dingtalk")
            start<td::dingtalk>(io, what, ca_file, all);
        else
            start<td::wecom>(io, what, ca_file, all);
    io.run();
    return all;
}

} // namespace

// In: the CA file or "-", then rows, then "go". Out: how many messages were delivered, and how many were not. In:
// masked needles, up to "end", the first of which this program shall find. Out: how often each kind was found.
int main()
{
    auto const all = send_everywhere();
    std::cout << all.delivered << ' ' << all.failed << std::endl;

    std::string word;
    std::vector<std::vector<unsigned char>> needles;
    while (std::cin >> word && word != "end")
        needles.push_back(without_beginning(unhex(word)));
    std::size_t const left = count(needles);
    // Proof that it would be found: one that is alive.
    std::optional<td::secret> alive;
    alive.emplace(std::string_view());
    std::string plain;
    plain.reserve(needles.front().size());
    for (auto const byte : needles.front())
        plain += static_cast<char>(byte ^ mask);
    alive.emplace(std::move(plain));
    std::size_t const with_one_alive = count(needles);
    std::cout << left << ' ' << with_one_alive << std::endl;
    return alive->empty();
}
