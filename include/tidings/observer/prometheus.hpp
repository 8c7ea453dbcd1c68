// Counts events in metrics of Prometheus. Optional: no other header includes this one.
//
// Needs prometheus-cpp 1.0 or newer: on Debian `apt-get install prometheus-cpp-dev`, in CMake
// `find_package(prometheus-cpp)` and `target_link_libraries(app PRIVATE prometheus-cpp::core)`. How the registry is
// scraped or pushed is up to the program: `prometheus-cpp::pull` has an HTTP server.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_OBSERVER_PROMETHEUS_HPP
#define TIDINGS_OBSERVER_PROMETHEUS_HPP

#include <tidings/concepts.hpp>
#include <tidings/event.hpp>

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/labels.h>
#include <prometheus/registry.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::inline v0::observer {

/// Counts events in a registry.
///
/// | metric                                  | type      | labels                              |
/// | --------------------------------------- | --------- | ----------------------------------- |
/// | `tidings_requests_total`                | counter   | `platform`, `operation`, `result`   |
/// | `tidings_request_duration_seconds`      | histogram | `platform`, `operation`             |
/// | `tidings_requests_in_flight`            | gauge     | `platform`                          |
/// | `tidings_request_bytes_total`           | counter   | `platform`                          |
/// | `tidings_reply_bytes_total`             | counter   | `platform`                          |
/// | `tidings_retries_total`                 | counter   | `platform`, `operation`, `reason`   |
/// | `tidings_token_fetch_duration_seconds`  | histogram | `platform`                          |
/// | `tidings_people_resolved_total`         | counter   | `platform`, `match`, `source`, `result` |
/// | `tidings_permit_wait_seconds`           | histogram | `platform`, `operation`             |
/// | `tidings_breaker_open`                  | gauge     | `platform`, `host`                  |
/// | `tidings_deliveries_total`              | counter   | `platform`, `outcome`               |
/// | `tidings_delivery_duration_seconds`     | histogram | `platform`                          |
///
/// `result`, `outcome` and `reason` are `ok` or the name of an `errc`, such as `rate_limited`. All labels but `host`
/// come from lists in the library's source or from the program's own providers, and a host from the program's base
/// URLs: no label comes from a message, a person or an answer, so the number of time series is bounded.
///
/// `tidings_breaker_open` is 1 after `event::breaker_opened` and 0 after `event::breaker_closed`. If several notifiers
/// talk to one host, the last event counts.
///
/// Copies count in the same metrics. A count for which there is no memory is lost.
///
/// @par Thread safety  Distinct copies: safe, as the registry is. Give each notifier a copy.
class prometheus
{
public:
    using policy_kind = observer_kind;

    /// @param registry  The registry of the metrics; not null, and kept. A second observer of the same registry counts
    ///                  in the same metrics, unless the registry is set to refuse that.
    /// @par Exception safety  Throws what the registry throws if a metric of another kind has one of the names.
    explicit prometheus(std::shared_ptr<::prometheus::Registry> registry)
        : metrics_(std::make_shared<metrics>(std::move(registry)))
    {
    }

    void on(event::attempt_begun const& e) noexcept
    {
        count([&](metrics& m) { in_flight(m, e.platform).Increment(); });
    }
    void on(event::attempt_ended const& e) noexcept
    {
        count([&](metrics& m) { in_flight(m, e.platform).Decrement(); });
        count([&](metrics& m) {
            auto const labels = [&] {
                return ::prometheus::Labels{{"platform", text(e.platform)}, {"operation", text(e.operation)}};
            };
            requests_
                .get(e.platform, e.operation, number_of(e.error),
                     [&]() -> auto& {
                         auto all = labels();
                         all.emplace("result", result_of(e.error));
                         return m.requests.Add(all);
                     })
                .Increment();
            request_durations_
                .get(e.platform, e.operation, 0,
                     [&]() -> auto& { return m.request_duration.Add(labels(), short_times()); })
                .Observe(seconds(e.duration));
            auto const add_bytes = [&](series<::prometheus::Counter>& of, family<::prometheus::Counter>& to,
                                       std::size_t n) {
                of.get(e.platform, {}, 0, [&]() -> auto& {
                      return to.Add({{"platform", text(e.platform)}});
                  }).Increment(static_cast<double>(n));
            };
            add_bytes(request_bytes_, m.request_bytes, e.request_bytes);
            add_bytes(reply_bytes_, m.reply_bytes, e.reply_bytes);
        });
    }
    void on(event::retry_planned const& e) noexcept
    {
        count([&](metrics& m) {
            m.retries
                .Add(
                    {{"platform", text(e.platform)}, {"operation", text(e.operation)}, {"reason", result_of(e.reason)}})
                .Increment();
        });
    }
    void on(event::token_fetched const& e) noexcept
    {
        count([&](metrics& m) {
            m.token_fetch.Add({{"platform", text(e.platform)}}, short_times()).Observe(seconds(e.duration));
        });
    }
    void on(event::person_resolved const& e) noexcept
    {
        constexpr int sources = 4;
        count([&](metrics& m) {
            people_
                .get(e.platform, e.match, number_of(e.error) * sources + static_cast<int>(e.source),
                     [&]() -> auto& {
                         return m.people.Add({{"platform", text(e.platform)},
                                              {"match", text(e.match)},
                                              {"source", text(to_string(e.source))},
                                              {"result", result_of(e.error)}});
                     })
                .Increment();
        });
    }
    void on(event::permit_waited const& e) noexcept
    {
        count([&](metrics& m) {
            m.permit_wait.Add({{"platform", text(e.platform)}, {"operation", text(e.operation)}}, long_times())
                .Observe(seconds(e.duration));
        });
    }
    void on(event::breaker_opened const& e) noexcept { set_breaker(e.platform, e.host, 1); }
    void on(event::breaker_closed const& e) noexcept { set_breaker(e.platform, e.host, 0); }
    void on(event::delivery_settled const& e) noexcept
    {
        count([&](metrics& m) {
            deliveries_
                .get(e.platform, {}, number_of(e.error),
                     [&]() -> auto& {
                         return m.deliveries.Add({{"platform", text(e.platform)}, {"outcome", result_of(e.error)}});
                     })
                .Increment();
            delivery_durations_
                .get(e.platform, {}, 0,
                     [&]() -> auto& { return m.delivery_duration.Add({{"platform", text(e.platform)}}, long_times()); })
                .Observe(seconds(e.duration));
        });
    }

private:
    using buckets = ::prometheus::Histogram::BucketBoundaries;

    template<class Metric>
    using family = ::prometheus::Family<Metric>;

    struct metrics
    {
        explicit metrics(std::shared_ptr<::prometheus::Registry> r)
            : registry(std::move(r)),
              requests(counter("tidings_requests_total", "Requests to the platforms, by what became of them.")),
              request_duration(histogram("tidings_request_duration_seconds",
                                         "How long a request took, with the wait for a connection.")),
              in_flight(gauge("tidings_requests_in_flight", "Requests that have begun and not ended.")),
              request_bytes(counter("tidings_request_bytes_total", "Bytes of requests, head and body.")),
              reply_bytes(counter("tidings_reply_bytes_total", "Bytes of complete answers, the decoded body.")),
              retries(counter("tidings_retries_total", "Requests made again, by what became of the one before.")),
              token_fetch(histogram("tidings_token_fetch_duration_seconds",
                                    "How long fetching an access token took, with all attempts.")),
              people(counter("tidings_people_resolved_total",
                             "Addresses turned into recipients, by the way it was done.")),
              permit_wait(histogram("tidings_permit_wait_seconds",
                                    "How long requests waited because of a limit of the platform.")),
              breaker(gauge("tidings_breaker_open", "1 while new connections to a host are not tried.")),
              deliveries(
                  counter("tidings_deliveries_total", "Messages to one recipient each, by what became of them.")),
              delivery_duration(histogram("tidings_delivery_duration_seconds",
                                          "How long delivering a message took, with everything that belongs to it."))
        {
        }

        std::shared_ptr<::prometheus::Registry> registry;
        family<::prometheus::Counter>& requests;
        family<::prometheus::Histogram>& request_duration;
        family<::prometheus::Gauge>& in_flight;
        family<::prometheus::Counter>& request_bytes;
        family<::prometheus::Counter>& reply_bytes;
        family<::prometheus::Counter>& retries;
        family<::prometheus::Histogram>& token_fetch;
        family<::prometheus::Counter>& people;
        family<::prometheus::Histogram>& permit_wait;
        family<::prometheus::Gauge>& breaker;
        family<::prometheus::Counter>& deliveries;
        family<::prometheus::Histogram>& delivery_duration;

    private:
        family<::prometheus::Counter>& counter(char const* name, char const* help)
        {
            return ::prometheus::BuildCounter().Name(name).Help(help).Register(*registry);
        }
        family<::prometheus::Gauge>& gauge(char const* name, char const* help)
        {
            return ::prometheus::BuildGauge().Name(name).Help(help).Register(*registry);
        }
        family<::prometheus::Histogram>& histogram(char const* name, char const* help)
        {
            return ::prometheus::BuildHistogram().Name(name).Help(help).Register(*registry);
        }
    };

    /// Of a metric that counts with every message, the time series that were used before: so a count needs neither
    /// memory nor a look-up by labels. Each copy of the observer has its own.
    template<class Metric>
    class series
    {
    public:
        /// @param make  Returns the time series with these labels. Called once.
        template<class Make>
        Metric& get(std::string_view platform, std::string_view name, int number, Make const& make)
        {
            for (auto const& known : all_)
                if (known.number == number && known.name == name && known.platform == platform)
                    return *known.metric;
            auto& metric = make();
            all_.push_back({std::string(platform), std::string(name), number, &metric});
            return metric;
        }

    private:
        struct entry
        {
            std::string platform;
            std::string name;
            int number;
            Metric* metric;
        };

        std::vector<entry> all_;
    };

    ::prometheus::Gauge& in_flight(metrics& m, std::string_view platform)
    {
        return in_flight_.get(platform, {}, 0,
                              [&]() -> auto& { return m.in_flight.Add({{"platform", text(platform)}}); });
    }

    static std::string text(std::string_view s) { return std::string(s); }
    static std::string result_of(error_code ec)
    {
        if (!ec)
            return "ok";
        return ec.category() == category() ? text(to_string(static_cast<errc>(ec.value()))) : "unknown";
    }
    /// Distinct for each result.
    static int number_of(error_code ec) noexcept { return !ec ? 0 : ec.category() == category() ? ec.value() : -1; }
    static double seconds(event::duration d) noexcept { return std::chrono::duration<double>(d).count(); }

    /// Seconds that one request takes.
    static buckets short_times() { return {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30}; }
    /// Seconds that a message may wait for its turn: up to some minutes.
    static buckets long_times() { return {0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300}; }

    void set_breaker(std::string_view platform, std::string_view host, double value) noexcept
    {
        count([&](metrics& m) { m.breaker.Add({{"platform", text(platform)}, {"host", text(host)}}).Set(value); });
    }

    template<class Function>
    void count(Function const& f) noexcept
    {
        try
        {
            f(*metrics_);
        }
        catch (...)
        {
            return; // a lost count must not lose a message
        }
    }

    std::shared_ptr<metrics> metrics_;
    series<::prometheus::Counter> requests_;
    series<::prometheus::Histogram> request_durations_;
    series<::prometheus::Gauge> in_flight_;
    series<::prometheus::Counter> request_bytes_;
    series<::prometheus::Counter> reply_bytes_;
    series<::prometheus::Counter> people_;
    series<::prometheus::Counter> deliveries_;
    series<::prometheus::Histogram> delivery_durations_;
};
static_assert(observer_policy<prometheus>);

} // namespace tidings::inline v0::observer

#endif
