#include <tidings/impl/engine.hpp>

#include <boost/test/unit_test.hpp>

#include <cstring>
#include <string>
#include <string_view>

namespace engine_test {

namespace {

namespace td = tidings;

struct no_client
{
};
using endpoint_client = td::detail::endpoint_client<no_client>;

// Sends so much and gets so much, and tells how much memory is kept for that.
std::size_t kept_after(endpoint_client& there, std::size_t sent, std::size_t answered)
{
    {
        endpoint_client::handle x(there);
        BOOST_TEST(!x);
        x.renew();
        x.request().start("POST", "/");
        x.request().body("text/plain") += std::string(sent, 'x');
        x.request().finish();
        auto const answer =
            "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(answered) + "\r\n\r\n" + std::string(answered, 'x');
        td::error_code ec;
        bool whole = false;
        for (std::string_view rest = answer; !rest.empty();)
        {
            auto const space = x->in.space();
            auto const n = std::min(space.size(), rest.size());
            std::memcpy(space.data(), rest.data(), n);
            rest.remove_prefix(n);
            whole = x->in.feed(n, ec);
        }
        BOOST_TEST((whole && !ec));
        BOOST_TEST(x.capacity() >= sent + answered);
    }
    endpoint_client::handle next(there);
    next.renew();
    next.request();
    return next.capacity();
}

} // namespace

BOOST_AUTO_TEST_SUITE(clients)

BOOST_AUTO_TEST_CASE(the_memory_of_what_is_usual_is_kept_and_that_of_uploads_and_huge_answers_is_not)
{
    endpoint_client there(td::transport::endpoint::parse("https://example.com").value(), nullptr);
    auto const usual = kept_after(there, 600, 600);
    BOOST_TEST(usual > 1200u);
    BOOST_TEST(kept_after(there, 600, 600) == usual);
    BOOST_TEST(kept_after(there, 1'000'000, 600) == 0u);
    BOOST_TEST(kept_after(there, 600, 1'000'000) == usual); // the request's
    BOOST_TEST(kept_after(there, 600, 600) == usual);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace engine_test
