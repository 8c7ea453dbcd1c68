// Sends a message on every platform, lets everything go, and looks for what is left of secrets and tokens in its own
// memory. Driven by leftovers.py, which tells it everything over standard input, masked: so the program itself has what
// it looks for nowhere in plain sight.
#include <tidings/tidings.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

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
    for (auto& one : words)
        one ^= word;
}

// How often the unmasked needles stand in the writable memory of this process, the buffer for looking apart. What was
// read is masked, so that it compares with the masked needles.
std::size_t count(std::vector<std::vector<unsigned char>> const& needles)
{
    constexpr std::size_t piece = 1 << 20;
    constexpr std::uint64_t largest = std::uint64_t(1) << 32; // a sanitizer's shadow is larger
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
        if (access.substr(0, 2) != "rw" || end - begin > largest)
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

template<class Provider>
asio::awaitable<void> send(typename Provider::credentials app, std::string url, std::string ca_file)
{
    td::notifier<Provider, td::match::phone_number, td::transport::by_scheme, td::base_url> notify(
        co_await asio::this_coro::executor, std::move(app), td::base_url(std::move(url)),
        td::transport::by_scheme(td::transport::https().ca_file(std::move(ca_file))));
    for (auto const* text : {"one", "two"})
    {
        auto const sent = co_await notify.send("+6591234567", td::text{text});
        if (!sent)
            std::cerr << sent.error() << '\n';
    }
}

// Everything that knows a secret is gone when this returns.
void send_everywhere(std::string const& ca_file)
{
    asio::io_context io;
    std::string platform;
    for (int i = 0; i != 4 && std::cin >> platform; ++i)
    {
        std::string url;
        std::string id;
        std::string masked;
        std::int64_t agent = 0;
        std::cin >> url >> id >> masked >> agent;
        if (platform == "lark")
            co_spawn(io, send<td::lark>({id, unmask(masked)}, url, ca_file), asio::detached);
        else if (platform == "feishu")
            co_spawn(io, send<td::feishu>({id, unmask(masked)}, url, ca_file), asio::detached);
        else if (platform == "dingtalk")
            co_spawn(io, send<td::dingtalk>({id, unmask(masked)}, url, ca_file), asio::detached);
        else
            co_spawn(io, send<td::wecom>({id, unmask(masked), agent}, url, ca_file), asio::detached);
    }
    io.run();
}

} // namespace

// In: the CA file or "-", then for each platform its name, URL, application, masked secret and agent. Out: "sent". In:
// masked needles, up to "end", the first of which this program shall find. Out: how often each kind was found.
int main()
{
    std::string ca_file;
    std::cin >> ca_file;
    send_everywhere(ca_file == "-" ? std::string() : ca_file);
    std::cout << "sent" << std::endl;

    std::string word;
    std::vector<std::vector<unsigned char>> needles;
    while (std::cin >> word && word != "end")
        needles.push_back(unhex(word));
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
