// Secrets: never printed, wiped when they go.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/secret.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <ostream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#if defined(__SANITIZE_ADDRESS__)
// As in <sanitizer/allocator_interface.h>, which not every package of GCC has.
extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*)(void const volatile*, std::size_t),
                                                         void (*)(void const volatile*));
#endif

namespace {

using tidings::secret;

template<class T>
concept printable = requires(std::ostream& out, T const& value) { out << value; };
static_assert(printable<std::string>); // the near miss
static_assert(!printable<secret>);
static_assert(!std::is_convertible_v<secret, std::string_view>);
static_assert(!std::is_convertible_v<std::string, secret>);
static_assert(std::is_nothrow_move_constructible_v<secret>);

// A byte whose memory comes from a place that can be looked at after it was given back.
struct watched_byte
{
    unsigned char value;
};

struct arena
{
    static inline std::array<unsigned char, 4096> memory{};
    static inline std::size_t used = 0;
    static inline std::size_t freed = 0;
    static inline std::size_t unwiped = 0; // bytes that were not zero when they were given back
};

} // namespace

template<>
class std::allocator<watched_byte>
{
public:
    using value_type = watched_byte;

    watched_byte* allocate(std::size_t n)
    {
        auto* const out = arena::memory.data() + arena::used;
        arena::used += n;
        if (arena::used > arena::memory.size())
            throw std::bad_alloc();
        return reinterpret_cast<watched_byte*>(out);
    }
    void deallocate(watched_byte* p, std::size_t n) noexcept
    {
        auto const* const bytes = reinterpret_cast<unsigned char const*>(p);
        for (std::size_t i = 0; i != n; ++i)
            arena::unwiped += bytes[i] != 0;
        arena::freed += n;
    }
};

BOOST_AUTO_TEST_SUITE(secrets)

BOOST_AUTO_TEST_CASE(a_secret_reveals_what_it_was_given)
{
    BOOST_TEST(secret("s3cr3t").reveal() == "s3cr3t");
    BOOST_TEST(secret(std::string_view("a\0b", 3)).reveal() == std::string_view("a\0b", 3));
    BOOST_TEST(secret().reveal() == "");
    BOOST_TEST(secret().empty());
    BOOST_TEST(secret("").empty());
    BOOST_TEST(!secret("x").empty());
}

BOOST_AUTO_TEST_CASE(secrets_are_equal_when_every_byte_is)
{
    BOOST_TEST((secret("s3cr3t") == secret("s3cr3t")));
    BOOST_TEST((secret("s3cr3t") != secret("S3cr3t")));
    BOOST_TEST((secret("s3cr3t") != secret("s3cr3T")));
    BOOST_TEST((secret("s3cr3t") != secret("s3cr3")));
    BOOST_TEST((secret("s3cr3t") != secret()));
    BOOST_TEST((secret() == secret("")));
    BOOST_TEST((secret(std::string_view("a\0b", 3)) != secret(std::string_view("a\0c", 3))));
    BOOST_TEST((secret(std::string(1000, 'x')) == secret(std::string(1000, 'x'))));
}

BOOST_AUTO_TEST_CASE(a_secret_that_was_moved_from_is_empty)
{
    secret a("s3cr3t");
    secret b(std::move(a));
    BOOST_TEST(a.empty());
    BOOST_TEST(b.reveal() == "s3cr3t");
    secret c("other");
    c = std::move(b);
    BOOST_TEST(b.empty());
    BOOST_TEST(c.reveal() == "s3cr3t");
}

BOOST_AUTO_TEST_CASE(moving_takes_the_memory_along_and_leaves_no_copy)
{
    secret a("short"); // would stay inside a std::string
    auto const* const buffer = a.reveal().data();
    secret const b(std::move(a));
    BOOST_TEST(static_cast<void const*>(b.reveal().data()) == static_cast<void const*>(buffer));
}

BOOST_AUTO_TEST_CASE(a_copy_is_independent)
{
    secret a("s3cr3t");
    secret const b = a;
    a = secret("other");
    BOOST_TEST(b.reveal() == "s3cr3t");
}

BOOST_AUTO_TEST_CASE(a_string_that_is_given_away_is_wiped)
{
    for (std::size_t const size : {5u, 15u, 16u, 500u})
    {
        std::string source(size, 'x');
        source.reserve(1000);
        auto const* const buffer = source.data();
        secret const taken(std::move(source));
        BOOST_TEST(taken.reveal() == std::string(size, 'x'));
        BOOST_TEST(source.empty());
        BOOST_TEST(source.data() == buffer); // its memory is still there to be looked at
        source.resize(size, '\0');
        BOOST_TEST(source == std::string(size, '\0'));
    }
}

BOOST_AUTO_TEST_CASE(memory_is_wiped_before_it_is_given_back)
{
    arena::used = arena::freed = arena::unwiped = 0;
    {
        std::vector<watched_byte, tidings::detail::wiping_allocator<watched_byte>> bytes;
        for (int i = 0; i != 300; ++i) // grows several times: what is left behind is wiped too
            bytes.push_back(watched_byte{0x5a});
        BOOST_TEST(arena::freed > 0u);
        BOOST_TEST(arena::unwiped == 0u);
    }
    BOOST_TEST(arena::used >= 300u);
    BOOST_TEST(arena::freed == arena::used);
    BOOST_TEST(arena::unwiped == 0u);

    // The same without the wiping, to see that it would be noticed.
    arena::used = arena::freed = arena::unwiped = 0;
    {
        std::vector<watched_byte> const bytes(100, watched_byte{0x5a});
    }
    BOOST_TEST(arena::unwiped == 100u);
}

#if defined(__SANITIZE_ADDRESS__)
namespace {

// Looks at memory at the moment it is freed.
struct watch
{
    static inline void const volatile* buffer = nullptr;
    static inline std::size_t size = 0;
    static inline bool freed = false;
    static inline bool wiped = false;

    static void on_malloc(void const volatile*, std::size_t) {}
    static void on_free(void const volatile* p)
    {
        if (p == nullptr || p != buffer)
            return;
        buffer = nullptr;
        freed = wiped = true;
        for (std::size_t i = 0; i != size; ++i)
            if (static_cast<char const volatile*>(p)[i] != 0)
                wiped = false;
    }
    static void over(std::string_view bytes)
    {
        static bool const installed = __sanitizer_install_malloc_and_free_hooks(&on_malloc, &on_free) > 0;
        BOOST_REQUIRE(installed);
        freed = wiped = false;
        size = bytes.size();
        buffer = bytes.data();
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_secret_is_wiped_when_it_goes)
{
    {
        secret const s("a secret that must not stay in memory");
        watch::over(s.reveal());
    }
    BOOST_TEST(watch::freed);
    BOOST_TEST(watch::wiped);

    secret s("a secret that must not stay in memory");
    watch::over(s.reveal());
    s = secret("another");
    BOOST_TEST(watch::freed);
    BOOST_TEST(watch::wiped);

    // And what no one wipes is noticed.
    {
        std::string const plain(100, 'x');
        watch::over(plain);
    }
    BOOST_TEST(watch::freed);
    BOOST_TEST(!watch::wiped);
}

BOOST_AUTO_TEST_CASE(a_wiped_string_is_wiped_when_it_grows_and_when_it_goes)
{
    {
        tidings::detail::wiped_string s;
        s += std::string(100, 'x');
        watch::over(s.view());
        s += std::string(10'000, 'y');
        BOOST_TEST(watch::freed);
        BOOST_TEST(watch::wiped);
        BOOST_TEST(s.view() == std::string(100, 'x') + std::string(10'000, 'y'));
        watch::over(s.view());
        s.clear(); // what stood there is wiped all the same
    }
    BOOST_TEST(watch::freed);
    BOOST_TEST(watch::wiped);
}
#endif

BOOST_AUTO_TEST_SUITE_END()
