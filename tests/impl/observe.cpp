#include <tidings/impl/observe.hpp>

#include "support/run.hpp"

#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>
#include <new>
#include <optional>
#include <string>
#include <vector>

namespace observe_test {

namespace {

namespace td = tidings;
namespace asio = boost::asio;
namespace event = td::event;
using td::detail::deliver_and_report;

/// Keeps what it gets.
class memory
{
public:
    using policy_kind = td::observer_kind;

    void on(event::delivery_settled const& e) noexcept { seen_->push_back(e); }
    void on(event::attempt_ended const& e) noexcept { ended_->push_back(e); }

    std::vector<event::delivery_settled> const& settled() const { return *seen_; }
    std::vector<event::attempt_ended> const& ended() const { return *ended_; }

private:
    std::shared_ptr<std::vector<event::delivery_settled>> seen_ =
        std::make_shared<std::vector<event::delivery_settled>>();
    std::shared_ptr<std::vector<event::attempt_ended>> ended_ = std::make_shared<std::vector<event::attempt_ended>>();
};
static_assert(td::observer_policy<memory>);

/// Belongs to a delivery, which looks at it until its end.
struct owned
{
    explicit owned(int& n) : alive(&n) { ++*alive; }
    owned(owned const&) = delete;
    owned& operator=(owned const&) = delete;
    ~owned() { --*alive; }

    int* alive;
    std::string text = "a text that is too long for a small string";
};

enum class end
{
    delivered,
    refused,
    thrown
};

/// Looks at its owner when it is destroyed.
struct last_look
{
    explicit last_look(owned const& o) : of(o) {}
    last_look(last_look const&) = delete;
    last_look& operator=(last_look const&) = delete;
    ~last_look() { BOOST_TEST(of.text.size() == 42u); }

    owned const& of;
};

asio::awaitable<td::result<td::receipt>> delivery(owned* of, end how)
{
    last_look const at_end(*of);
    co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    if (how == end::thrown)
        throw std::bad_alloc();
    if (how == end::refused)
        co_return td::failure(td::errc::quota_exhausted);
    co_return td::receipt("id", "ou_1", 3);
}

asio::awaitable<td::result<td::receipt>> observed(memory& log, int& alive, end how)
{
    auto owner = std::make_unique<owned>(alive);
    auto* const of = owner.get();
    return deliver_and_report(log, "lark", std::move(owner), delivery(of, how));
}

} // namespace

BOOST_AUTO_TEST_SUITE(observing)

BOOST_AUTO_TEST_CASE(a_delivery_is_reported_however_it_ends_and_its_owner_lives_until_then)
{
    memory log;
    int alive = 0;
    test::run([&](asio::any_io_executor) -> asio::awaitable<void> {
        auto const sent = co_await observed(log, alive, end::delivered);
        BOOST_TEST(sent.has_value());
        auto const refused = co_await observed(log, alive, end::refused);
        BOOST_TEST((refused.error() == td::errc::quota_exhausted));
        bool thrown = false;
        try
        {
            auto const never = co_await observed(log, alive, end::thrown);
            BOOST_TEST(never.has_error());
        }
        catch (std::bad_alloc const&)
        {
            thrown = true;
        }
        BOOST_TEST(thrown);
    });
    BOOST_TEST(alive == 0);
    BOOST_TEST_REQUIRE(log.settled().size() == 3u);
    BOOST_TEST(!log.settled()[0].error);
    BOOST_TEST(log.settled()[0].attempts == 3u);
    BOOST_TEST(log.settled()[0].platform == "lark");
    BOOST_TEST((log.settled()[1].error == td::errc::quota_exhausted));
    BOOST_TEST((log.settled()[2].error == td::errc::outcome_unknown));
}

BOOST_AUTO_TEST_CASE(a_delivery_whose_context_is_destroyed_goes_before_its_owner)
{
    memory log;
    int alive = 0;
    {
        asio::io_context io;
        asio::co_spawn(io, observed(log, alive, end::delivered), [](std::exception_ptr, auto const&) {});
        io.poll_one();
        BOOST_TEST(alive == 1);
    }
    BOOST_TEST(alive == 0);
    BOOST_TEST(log.settled().empty());
}

BOOST_AUTO_TEST_CASE(an_attempt_that_an_exception_ends_has_an_unknown_outcome_only_if_it_may_have_had_an_effect)
{
    using td::transport::progress;
    using td::wire::idempotency;
    memory log;
    auto const abandon = [&](progress how_far, idempotency what) {
        td::transport::exchange x;
        x.progress = how_far;
        {
            td::detail::attempt_report<memory> report(log, "lark", "send message", "localhost", what);
            report.begin(x);
        }
        return log.ended().back().error;
    };
    BOOST_TEST((abandon(progress::connecting, idempotency::none) == td::errc::cancelled));
    BOOST_TEST((abandon(progress::sending, idempotency::none) == td::errc::outcome_unknown));
    BOOST_TEST((abandon(progress::receiving, idempotency::with_key) == td::errc::outcome_unknown));
    BOOST_TEST((abandon(progress::receiving, idempotency::idempotent) == td::errc::cancelled));
    BOOST_TEST(log.ended().size() == 4u);
}

BOOST_AUTO_TEST_CASE(only_a_text_that_looks_like_a_code_or_an_id_becomes_part_of_an_event)
{
    using td::detail::plain_id;
    for (std::string_view const good : {"", "99991663", "Forbidden.AccessDenied", "0217b:4_a-Z"})
        BOOST_TEST(plain_id(good) == good);
    for (std::string_view const bad : {"ada@example.com", "+6591234567", "two words", "a\n", "\xe9\x99\x88"})
        BOOST_TEST(plain_id(bad).empty());
    BOOST_TEST(plain_id(std::string(128, 'x')).size() == 128u);
    BOOST_TEST(plain_id(std::string(129, 'x')).empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace observe_test
