// The n-th allocation fails, for every n: nothing ends the process, every call ends unless Asio itself lost it, what is
// said is true, and the notifier delivers what comes next.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "support/many_recipients.hpp"
#include "support/platform.hpp"
#include "support/run.hpp"

#include <tidings/transport/pipelined.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

// Allocations of this thread until one fails. 0: none does. The sandbox has threads of its own.
thread_local long until_failure = 0;
thread_local long allocations = 0;

void* allocate_or_null(std::size_t size, std::size_t alignment) noexcept
{
    ++allocations;
    if (until_failure != 0 && --until_failure == 0)
        return nullptr;
    if (size == 0)
        size = 1;
    if (alignment <= alignof(std::max_align_t))
        return std::malloc(size);
    void* out = nullptr;
    return ::posix_memalign(&out, alignment, size) == 0 ? out : nullptr;
}

void* allocate(std::size_t size, std::size_t alignment)
{
    void* const out = allocate_or_null(size, alignment);
    if (!out)
        throw std::bad_alloc();
    return out;
}

} // namespace

// Asio's: of what it keeps for reuse, coroutine frames and handlers.
extern "C" void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept
{
    return allocate_or_null(size, alignment);
}

void* operator new(std::size_t n)
{
    return allocate(n, 0);
}
void* operator new[](std::size_t n)
{
    return allocate(n, 0);
}
void* operator new(std::size_t n, std::align_val_t a)
{
    return allocate(n, static_cast<std::size_t>(a));
}
void* operator new[](std::size_t n, std::align_val_t a)
{
    return allocate(n, static_cast<std::size_t>(a));
}
void* operator new(std::size_t n, std::nothrow_t const&) noexcept
{
    return allocate_or_null(n, 0);
}
void* operator new[](std::size_t n, std::nothrow_t const&) noexcept
{
    return allocate_or_null(n, 0);
}
void operator delete(void* p) noexcept
{
    std::free(p);
}
void operator delete[](void* p) noexcept
{
    std::free(p);
}
void operator delete(void* p, std::size_t) noexcept
{
    std::free(p);
}
void operator delete[](void* p, std::size_t) noexcept
{
    std::free(p);
}
void operator delete(void* p, std::align_val_t) noexcept
{
    std::free(p);
}
void operator delete[](void* p, std::align_val_t) noexcept
{
    std::free(p);
}
void operator delete(void* p, std::size_t, std::align_val_t) noexcept
{
    std::free(p);
}
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept
{
    std::free(p);
}
void operator delete(void* p, std::nothrow_t const&) noexcept
{
    std::free(p);
}
void operator delete[](void* p, std::nothrow_t const&) noexcept
{
    std::free(p);
}

namespace out_of_memory_test {

namespace {

using namespace test;
using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

using notifier =
    td::notifier<td::feishu, td::match::phone_number, td::transport::pipelined<td::transport::http>, td::base_url,
                 td::deadline, td::pacing::published, td::token_cache::in_memory, td::retry::safe, manual_clock>;

// A message, and what was said of it. Nothing: its handler was not called, or told of an exception.
struct message
{
    std::string text;
    std::optional<td::result<td::receipt>> outcome;
    bool ended = false;
};

// A platform and what it has been sent so far.
struct fixture
{
    td::sandbox::server platform{td::sandbox::options().world(many_recipients(20))};
    std::deque<message> messages;

    // Its own memory never runs out.
    message& next()
    {
        auto const left = std::exchange(until_failure, 0);
        messages.emplace_back().text = "number " + std::to_string(messages.size()) + ", and some words";
        until_failure = left;
        return messages.back();
    }

    static std::string person(int i) { return "+65" + std::to_string(80000000 + i); }

    // Each message arrived at most once, and what was said of it is true.
    void reconcile() const
    {
        std::map<std::string, int> arrivals;
        for (auto const& row : platform.ledger())
        {
            auto const begin = row.content.find("number ");
            if (begin != std::string::npos)
                ++arrivals[row.content.substr(begin, row.content.find('"', begin) - begin)];
        }
        for (auto const& message : messages)
            BOOST_TEST_CONTEXT(message.text)
            {
                auto const there = arrivals[message.text];
                BOOST_TEST(there <= 1);
                if (message.outcome && *message.outcome)
                    BOOST_TEST(there == 1);
                else if (message.outcome && message.outcome->error() != td::errc::outcome_unknown)
                    BOOST_TEST(there == 0, message.outcome->error());
            }
    }
};

// A notifier with all that it shares, on a context of its own.
struct sender
{
    // @param shares  Whether requests share one connection. Otherwise there are two. Not on a strand: without memory for
    //                the step with which it goes on, Asio never runs anything on it again.
    explicit sender(fixture& at, td::pacing::published const& pacing, td::token_cache::in_memory const& tokens,
                    manual_clock const& now, bool shares = false)
        : notify(io.get_executor(), credentials<td::feishu>(at.platform), url<td::feishu>(at.platform),
                 td::transport::pipelined(td::transport::http().max_connections(shares ? 1 : 2)).depth(shares ? 8 : 1),
                 td::deadline(5s), pacing, tokens, td::retry::safe().initial_backoff(1ms), now)
    {
    }

    void send(message& what, int to)
    {
        boost::asio::co_spawn(io, notify.send(fixture::person(to), td::text(what.text)),
                              [&what](std::exception_ptr thrown, td::result<td::receipt> r) {
                                  what.ended = true;
                                  if (!thrown)
                                      what.outcome = std::move(r);
                              });
    }

    // Runs until nothing is left to do. How often did an exception leave `run`?
    int run()
    {
        for (int out = 0;; ++out)
            try
            {
                io.restart();
                io.run();
                return out;
            }
            catch (std::bad_alloc const&)
            {
            }
    }

    boost::asio::io_context io{1};
    notifier notify;
};

class trial
{
public:
    // @param pacing  Makes the limits, anew for each allocation: what went before must not count.
    // @param shares  See `sender`.
    trial(fixture& f, bool warm, std::function<td::pacing::published()> pacing, bool shares = false)
        : all(f), warm_(warm), shares_(shares), pacing_(std::move(pacing))
    {
    }

    // Has each allocation of `work` fail. `work` starts calls of the messages that it takes from the fixture.
    void run(std::function<void(sender&)> const& work)
    {
        for (long n = 1; n != 5'000; ++n)
            if (!fail_at(n, work))
                return;
        BOOST_ERROR("it never ends");
    }

private:
    bool fail_at(long n, std::function<void(sender&)> const& work)
    {
        BOOST_TEST_CONTEXT("allocation " << n)
        {
            manual_clock const now;
            sender s(all, pacing_(), td::token_cache::in_memory(), now, shares_);
            if (warm_)
            {
                auto& first = all.next();
                s.send(first, 1);
                s.run();
                BOOST_TEST_REQUIRE((first.outcome && *first.outcome));
                now.advance(95min); // the token is due for a refresh
            }
            auto const before = all.messages.size();
            auto const start = clock::now();
            until_failure = n;
            int lost = 0;
            try
            {
                work(s);
            }
            catch (std::bad_alloc const&)
            {
                ++lost;
            }
            lost += s.run();
            bool const fired = until_failure == 0;
            until_failure = 0;
            int unended = 0;
            for (auto i = before; i != all.messages.size(); ++i)
                unended += !all.messages[i].ended;
            BOOST_TEST(unended <= lost);
            std::vector<message*> after;
            for (int i = 0; i != 3; ++i)
            {
                after.push_back(&all.next());
                s.send(*after.back(), i);
            }
            BOOST_TEST(s.run() == 0);
            for (auto const* const text : after)
            {
                BOOST_TEST_REQUIRE(text->outcome.has_value());
                BOOST_TEST(text->outcome->has_value(), text->outcome->error());
            }
            BOOST_TEST((clock::now() - start < 4s), "nobody was woken");
            return fired;
        }
        return false;
    }

    fixture& all;
    bool warm_;
    bool shares_;
    std::function<td::pacing::published()> pacing_;
};

// Several messages at once: they wait for each other's token and connections, and for their turn.
void several(fixture& f, bool warm, std::function<td::pacing::published()> const& pacing, bool shares = false)
{
    trial(f, warm, pacing, shares).run([&](sender& s) {
        for (int i = 0; i != 6; ++i)
            s.send(f.next(), i % 4);
    });
    f.reconcile();
}

td::pacing::published usual()
{
    return {};
}

td::pacing::published tight()
{
    td::pacing::published out;
    out.limit("im/v1/messages", 4, 10ms).limit_each_person("im/v1/messages", 2, 10ms);
    return out;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(out_of_memory, fixture)

BOOST_AUTO_TEST_CASE(what_asio_allocates_without_operator_new_is_counted)
{
    boost::asio::io_context io;
    auto const before = allocations;
    boost::asio::post(io, [] {});
    BOOST_TEST(allocations == before + 1);
}

BOOST_AUTO_TEST_CASE(one_message)
{
    for (bool const warm : {false, true})
    {
        trial(*this, warm, usual).run([&](sender& s) { s.send(next(), 0); });
        reconcile();
    }
}

BOOST_AUTO_TEST_CASE(several_messages)
{
    several(*this, false, usual);
    several(*this, true, usual);
}

BOOST_AUTO_TEST_CASE(several_messages_over_one_connection)
{
    several(*this, false, usual, true);
    several(*this, true, usual, true);
}

BOOST_AUTO_TEST_CASE(several_messages_with_limits)
{
    several(*this, false, tight);
    several(*this, true, tight);
}

// Beside the failures: what a message costs when connection, token, person and memory of earlier ones are there.
BOOST_AUTO_TEST_CASE(a_warm_message_allocates_no_more_than_its_text)
{
    sender s(*this, usual(), td::token_cache::in_memory(), manual_clock());
    long least = 1'000'000;
    auto whole = [&]() -> boost::asio::awaitable<void> {
        for (int i = 0; i != 4; ++i)
        {
            std::string text = next().text;
            auto const before = allocations;
            auto const sent = co_await s.notify.send(person(1), td::text(std::move(text)));
            least = std::min(least, allocations - before);
            BOOST_TEST(sent.has_value());
        }
    };
    boost::asio::co_spawn(s.io, whole(), [](std::exception_ptr) {});
    s.run();
    BOOST_TEST(least <= 1);
}

BOOST_AUTO_TEST_CASE(messages_for_completion_handlers)
{
    trial(*this, false, usual).run([&](sender& s) {
        for (int i = 0; i != 3; ++i)
        {
            auto& what = next();
            s.notify.async_send(person(i), td::text(what.text), [&what](td::result<td::receipt> r) {
                what.ended = true;
                what.outcome = std::move(r);
            });
        }
    });
    reconcile();
}

// Those who wait for the token are woken on another executor than that of the call that fetches it, and the limits are
// shared.
BOOST_AUTO_TEST_CASE(notifiers_of_two_contexts_that_share_a_token_and_a_limit)
{
    bool fired = true;
    for (long n = 1; fired; ++n)
        BOOST_TEST_CONTEXT("allocation " << n)
        {
            manual_clock const now;
            td::token_cache::in_memory const tokens;
            auto const pacing = tight();
            sender first(*this, pacing, tokens, now);
            sender second(*this, pacing, tokens, now);
            auto const before = messages.size();
            auto const start = clock::now();
            int lost = 0;
            auto const step = [&](sender& s) {
                try
                {
                    s.io.restart();
                    s.io.run_one_for(1ms);
                }
                catch (std::bad_alloc const&)
                {
                    ++lost;
                }
            };
            auto const left = [&] {
                int out = 0;
                for (auto i = before; i != messages.size(); ++i)
                    out += !messages[i].ended;
                return out;
            };
            until_failure = n;
            for (int i = 0; i != 3; ++i)
                for (auto* const s : {&first, &second})
                    try
                    {
                        s->send(next(), i);
                    }
                    catch (std::bad_alloc const&)
                    {
                        ++lost;
                    }
            // What is lost need not be a message, so both go on until they have nothing left to do.
            do
            {
                step(first);
                step(second);
            } while (!(first.io.stopped() && second.io.stopped()) && clock::now() - start < 8s);
            fired = until_failure == 0;
            until_failure = 0;
            BOOST_TEST(left() <= lost);
            for (auto* const s : {&first, &second})
            {
                auto& after = next();
                s->send(after, 5);
                s->run();
                BOOST_TEST_REQUIRE(after.outcome.has_value());
                BOOST_TEST(after.outcome->has_value(), after.outcome->error());
            }
        }
    reconcile();
}

BOOST_AUTO_TEST_CASE(many_people)
{
    bool fired = true;
    for (long n = 1; fired; ++n)
        BOOST_TEST_CONTEXT("allocation " << n)
        {
            sender s(*this, td::pacing::published(), td::token_cache::in_memory(), manual_clock());
            std::vector<td::match::phone_number> people;
            for (int i = 0; i != 6; ++i)
                people.emplace_back(person(i));
            std::vector<td::result<td::receipt>> outcomes;
            outcomes.reserve(people.size());
            bool ended = false;
            bool thrown = false;
            auto const arrived_before = platform.ledger().size();
            until_failure = n;
            int lost = 0;
            try
            {
                boost::asio::co_spawn(
                    s.io,
                    s.notify.send_each(
                        people, td::text("to all"),
                        [&](std::size_t, auto const&, td::result<td::receipt> const& r) { outcomes.push_back(r); }),
                    [&](std::exception_ptr e, td::result<td::send_summary> const&) {
                        ended = true;
                        thrown = e != nullptr;
                    });
            }
            catch (std::bad_alloc const&)
            {
                ++lost;
            }
            lost += s.run();
            fired = until_failure == 0;
            until_failure = 0;
            BOOST_TEST((ended || lost != 0));
            if (ended && !thrown)
                BOOST_TEST(outcomes.size() == people.size());
            std::size_t delivered = 0;
            std::size_t unknown = 0;
            for (auto const& o : outcomes)
            {
                delivered += o.has_value();
                unknown += o.has_error() && o.error() == td::errc::outcome_unknown;
            }
            auto const arrived = platform.ledger().size() - arrived_before;
            BOOST_TEST(delivered <= arrived);
            if (outcomes.size() == people.size())
                BOOST_TEST(arrived <= delivered + unknown);
            auto& after = next();
            s.send(after, 7);
            BOOST_TEST(s.run() == 0);
            BOOST_TEST_REQUIRE(after.outcome.has_value());
            BOOST_TEST(after.outcome->has_value(), after.outcome->error());
        }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace out_of_memory_test
