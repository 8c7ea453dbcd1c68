// Every operation, cancelled or abandoned after every number of steps: it ends at once, says the truth, and leaves the
// notifier usable. The sanitizers see what it touches.
#include "support/platform.hpp"
#include "support/run.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

#include <functional>
#include <optional>

BOOST_AUTO_TEST_SUITE(cancellation)

namespace {

using namespace test;
using td::sandbox::fault;
using td::sandbox::mishap;

using notifier = td::notifier<td::lark, td::match::email, td::transport::http, td::base_url, td::retry::none>;

// What an operation came to: no failure when it succeeded.
using outcome = td::result<void>;
using operation = std::function<asio::awaitable<outcome>(notifier&)>;

template<class T>
outcome without_value(td::result<T> const& r)
{
    return r ? outcome() : outcome(r.error());
}

asio::awaitable<outcome> send_text(notifier& notify)
{
    auto const sent = co_await notify.send("ada@example.com", td::text{"hello"});
    co_return without_value(sent);
}

asio::awaitable<outcome> send_image(notifier& notify)
{
    std::string const png = "\x89PNG\r\n\x1a\n...";
    auto const sent = co_await notify.send("ada@example.com", td::image{png, "one.png"});
    co_return without_value(sent);
}

// The call itself succeeds; people fail, or are left.
asio::awaitable<outcome> send_to_many(notifier& notify)
{
    std::vector<td::match::email> people{"ada@example.com", "bob@example.com", "chen@example.com"};
    outcome worst;
    auto sink = [&worst](std::size_t, td::match::email const&, td::result<td::receipt> const& one) {
        if (!one)
            worst = one.error();
    };
    auto const all = co_await notify.send_each(people, td::text{"hello"}, sink);
    if (all && !all->complete)
        worst = td::failure(td::errc::cancelled);
    co_return all ? worst : outcome(all.error());
}

asio::awaitable<outcome> resolve(notifier& notify)
{
    auto const found = co_await notify.resolve("ada@example.com");
    co_return without_value(found);
}

asio::awaitable<outcome> warm_up(notifier& notify)
{
    auto const warm = co_await notify.warm_up();
    co_return warm;
}

// A message can be taken back once, so each needs one of its own.
asio::awaitable<outcome> recall(notifier& notify)
{
    co_await asio::this_coro::throw_if_cancelled(false); // between the two
    auto const sent = co_await notify.send("ada@example.com", td::text{"hello"});
    if (!sent)
        co_return sent.error();
    auto const done = co_await notify.recall(*sent);
    co_return done;
}

struct row
{
    char const* name;
    operation start;
    int requests;          // when nothing goes wrong
    bool delivers = false; // a message: then a cancellation must not deny what arrived
};

std::vector<row> operations(td::sandbox::server& platform)
{
    td::receipt earlier;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        notifier notify(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        earlier = (co_await notify.send("ada@example.com", td::text{"earlier"})).value();
    });
    auto const read_by = [earlier](notifier& notify) -> asio::awaitable<outcome> {
        auto const readers = co_await notify.read_by(earlier);
        co_return without_value(readers);
    };
    return {{"send", send_text, 3, true},
            {"send an image", send_image, 4, true},
            {"send to many", send_to_many, 5},
            {"resolve", resolve, 2},
            {"warm up", warm_up, 1},
            {"read by", read_by, 2},
            {"recall", recall, 4}};
}

// An operation of a notifier of its own, on a context of its own.
class attempt
{
public:
    attempt(td::sandbox::server& platform, operation const& start)
        : notify_(std::in_place, io_.get_executor(), credentials<td::lark>(platform), url<td::lark>(platform))
    {
        asio::co_spawn(io_, start(*notify_),
                       asio::bind_cancellation_slot(stop_.slot(), [this](std::exception_ptr thrown, outcome got) {
                           thrown_ = thrown;
                           got_ = std::move(got);
                       }));
    }

    /// Runs so many handlers, or until it has ended.
    void run(int steps)
    {
        for (int i = 0; i != steps && !ended(); ++i)
            io_.run_one_for(std::chrono::seconds(2));
    }
    void cancel() { stop_.emit(asio::cancellation_type::terminal); }
    void abandon() { notify_.reset(); }
    bool ended() const noexcept { return got_.has_value(); }
    bool threw() const noexcept { return thrown_ != nullptr; }
    outcome const& got() const { return *got_; }

    /// Whether the notifier delivers a message after all this.
    bool still_works()
    {
        bool delivered = false;
        notify_->async_send("bob@example.com", td::text{"again"},
                            [&](td::result<td::receipt> const& sent) { delivered = sent.has_value(); });
        io_.restart();
        io_.run_for(std::chrono::seconds(5));
        return delivered;
    }

private:
    asio::io_context io_;
    std::optional<notifier> notify_;
    asio::cancellation_signal stop_;
    std::exception_ptr thrown_;
    std::optional<outcome> got_;
};

constexpr int far_more = 1000; // steps than any of them has

} // namespace

BOOST_AUTO_TEST_CASE(whatever_is_cancelled_wherever_ends_at_once_says_the_truth_and_leaves_a_usable_notifier)
{
    td::sandbox::server platform;
    for (auto const& one : operations(platform))
        for (int steps = 0;; ++steps)
            BOOST_TEST_CONTEXT(one.name << " after " << steps << " steps")
            {
                auto const before = platform.ledger().size();
                attempt a(platform, one.start);
                a.run(steps);
                bool const over = a.ended();
                a.cancel();
                a.run(far_more);
                BOOST_TEST_REQUIRE(a.ended());
                BOOST_TEST(!a.threw());
                auto const arrived = platform.ledger().size() - before;
                if (a.got().has_error())
                {
                    auto const why = a.got().error();
                    BOOST_TEST((why == td::errc::cancelled || why == td::errc::outcome_unknown), why);
                    if (one.delivers && why == td::errc::cancelled)
                        BOOST_TEST(arrived == 0u);
                }
                else if (one.delivers)
                    BOOST_TEST(arrived == 1u);
                BOOST_TEST(a.still_works());
                if (over)
                {
                    BOOST_TEST(steps > one.requests); // each request is a step at least
                    break;
                }
                BOOST_TEST_REQUIRE(steps < far_more);
            }
}

BOOST_AUTO_TEST_CASE(whatever_is_abandoned_wherever_touches_nothing_that_is_gone)
{
    td::sandbox::server platform;
    // From the first step on, with which the operation begins: before, it is the caller who would touch what is gone.
    for (auto const& one : operations(platform))
        for (int steps = 1; std::string_view(one.name) != "recall"; ++steps) // which uses the notifier twice
            BOOST_TEST_CONTEXT(one.name << " after " << steps << " steps")
            {
                attempt a(platform, one.start);
                a.run(steps);
                if (a.ended())
                    break;
                a.abandon();
                if (steps % 2 == 0) // the others end with the context in the middle of them
                    a.run(far_more);
                BOOST_TEST_REQUIRE(steps < far_more);
            }
}

BOOST_AUTO_TEST_CASE(whatever_breaks_at_whichever_exchange_fails_until_none_breaks_and_works_the_next_time)
{
    td::sandbox::server platform;
    for (auto const& one : operations(platform))
        for (int broken = 0;; ++broken)
            BOOST_TEST_CONTEXT(one.name << " with exchange " << broken << " broken")
            {
                // Twice: a connection that had been kept alive is replaced.
                platform.inject(fault(mishap::cut_before_headers).after(broken).times(2).reset());
                attempt a(platform, one.start);
                a.run(far_more);
                platform.clear_faults();
                BOOST_TEST_REQUIRE(a.ended());
                BOOST_TEST(!a.threw());
                BOOST_TEST(a.still_works());
                if (a.got())
                {
                    BOOST_TEST(broken == one.requests);
                    break;
                }
                BOOST_TEST_REQUIRE(broken < one.requests);
            }
}

BOOST_AUTO_TEST_SUITE_END()
