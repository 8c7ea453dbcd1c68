// Any bytes in a file of tokens: no token, or one that can be used and reads back as it is written; and what any times
// say of it.
#include <tidings/token_cache/detail/token_file.hpp>

#include <algorithm>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size)
{
    using namespace tidings::detail;
    auto const check = [](bool right) {
        if (!right)
            std::abort();
    };
    std::string_view const input(reinterpret_cast<char const*>(data), size);
    auto const token = read_token(input);
    if (!token)
        return 0;
    auto const value = token->value.reveal();
    check(!value.empty() && std::all_of(value.begin(), value.end(), [](char c) { return c > ' ' && c < 0x7f; }));
    for (auto const now : {token->fetched - std::chrono::seconds(1), token->fetched, token->expires})
    {
        auto const left = left_of(token->fetched, token->expires, now);
        check(left >= std::chrono::seconds(0) && left <= token->expires - token->fetched);
    }
    wiped_string written;
    write_token(written, *token);
    auto const again = read_token(written);
    check(again && again->value == token->value && again->fetched == token->fetched &&
          again->expires == token->expires && again->margins.use == token->margins.use &&
          again->margins.refresh == token->margins.refresh);
    return 0;
}
