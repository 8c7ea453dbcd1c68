// Writes events to a log of spdlog. Optional: no other header includes this one.
//
// Needs spdlog 1.9 or newer: on Debian `apt-get install libspdlog-dev`, in CMake `find_package(spdlog)` and
// `target_link_libraries(app PRIVATE spdlog::spdlog)`.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_OBSERVER_SPDLOG_HPP
#define TIDINGS_OBSERVER_SPDLOG_HPP

#include <tidings/concepts.hpp>
#include <tidings/event.hpp>
#include <tidings/printable_text.hpp>

#include <spdlog/logger.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace tidings::inline v0::observer {

/// Writes one line for each event: its name, then `name=value` pairs.
///
///     attempt_ended platform=lark operation="send message" host=open.larksuite.com attempt=1 result=ok
///     duration_ms=12.345 request_bytes=812 reply_bytes=655
///
/// | level   | events |
/// | ------- | ------ |
/// | error   | `delivery_settled` of a message that was not delivered |
/// | warning | `delivery_settled` with an unknown outcome, `breaker_opened` |
/// | info    | `delivery_settled`, `retry_planned`, `token_fetched`, `breaker_closed` |
/// | debug   | `attempt_ended`, `person_resolved`, `permit_waited` |
/// | trace   | `attempt_begun` |
///
/// A line has what the event has (see tidings/event.hpp): no secret, no address of a person, no content of a message. A
/// level that the logger does not log costs one comparison. A line that cannot be made, because memory ran out or a
/// sink threw, is lost.
///
/// Copies write to the same logger.
///
/// @par Thread safety  That of the logger: a copy in each notifier, on any thread, if its sinks are of spdlog's `_mt`
/// kind.
class spdlog
{
public:
    using policy_kind = observer_kind;

    /// The default logger, as it is now. If there is none, as after `spdlog::shutdown`, nothing is logged.
    spdlog() : spdlog(::spdlog::default_logger()) {}
    /// @param logger  Null: nothing is logged.
    explicit spdlog(std::shared_ptr<::spdlog::logger> logger) noexcept : logger_(std::move(logger)) {}

    void on(event::attempt_begun const& e) noexcept
    {
        write(::spdlog::level::trace, "attempt_begun", [&](line& out) {
            out.add("platform", e.platform).add("operation", e.operation).add("host", e.host).add("attempt", e.attempt);
        });
    }
    void on(event::attempt_ended const& e) noexcept
    {
        write(::spdlog::level::debug, "attempt_ended", [&](line& out) {
            out.add("platform", e.platform).add("operation", e.operation).add("host", e.host).add("attempt", e.attempt);
            out.add_result(e.error, e.cause).add("duration_ms", e.duration);
            if (e.http_status != 0)
                out.add("http_status", e.http_status);
            if (!e.platform_code.empty())
                out.add("platform_code", e.platform_code);
            if (!e.log_id.empty())
                out.add("log_id", e.log_id);
            out.add("request_bytes", e.request_bytes).add("reply_bytes", e.reply_bytes);
        });
    }
    void on(event::retry_planned const& e) noexcept
    {
        write(::spdlog::level::info, "retry_planned", [&](line& out) {
            out.add("platform", e.platform).add("operation", e.operation).add_error("reason", e.reason);
            if (e.cause)
                out.add_error("cause", e.cause);
            out.add("retry", e.retry).add("wait_ms", e.wait);
        });
    }
    void on(event::token_fetched const& e) noexcept
    {
        write(::spdlog::level::info, "token_fetched", [&](line& out) {
            out.add("platform", e.platform).add("duration_ms", e.duration);
            out.add("lifetime_s", static_cast<std::uint64_t>(e.lifetime.count()));
        });
    }
    void on(event::person_resolved const& e) noexcept
    {
        write(::spdlog::level::debug, "person_resolved", [&](line& out) {
            out.add("platform", e.platform).add("match", e.match).add("source", to_string(e.source));
            out.add_result(e.error, {});
        });
    }
    void on(event::permit_waited const& e) noexcept
    {
        write(::spdlog::level::debug, "permit_waited", [&](line& out) {
            out.add("platform", e.platform).add("operation", e.operation).add("limit", e.limit);
            out.add_result(e.error, {}).add("duration_ms", e.duration);
        });
    }
    void on(event::breaker_opened const& e) noexcept
    {
        write(::spdlog::level::warn, "breaker_opened",
              [&](line& out) { out.add("platform", e.platform).add("host", e.host).add("pause_ms", e.pause); });
    }
    void on(event::breaker_closed const& e) noexcept
    {
        write(::spdlog::level::info, "breaker_closed",
              [&](line& out) { out.add("platform", e.platform).add("host", e.host); });
    }
    void on(event::delivery_settled const& e) noexcept
    {
        auto const level = !e.error                        ? ::spdlog::level::info
                           : e.error == condition::unknown ? ::spdlog::level::warn
                                                           : ::spdlog::level::err;
        write(level, "delivery_settled", [&](line& out) {
            out.add("platform", e.platform).add_result(e.error, e.cause).add("attempts", e.attempts);
            out.add("duration_ms", e.duration);
        });
    }

private:
    class line
    {
    public:
        explicit line(std::string_view name) : text_(name) {}

        line& add(std::string_view name, std::string_view value)
        {
            begin(name);
            auto const shown = printable_text(value);
            bool const bare = !shown.empty() && shown.find_first_of(" \"\\=") == shown.npos;
            if (bare)
                text_ += shown;
            else
            {
                text_ += '"';
                for (char const c : shown)
                {
                    if (c == '"' || c == '\\')
                        text_ += '\\';
                    text_ += c;
                }
                text_ += '"';
            }
            return *this;
        }
        template<std::unsigned_integral Number>
        line& add(std::string_view name, Number value)
        {
            begin(name);
            text_ += std::to_string(value);
            return *this;
        }
        line& add(std::string_view name, event::duration value)
        {
            begin(name);
            auto const us = std::chrono::duration_cast<std::chrono::microseconds>(value).count();
            auto const rest = std::to_string(us % 1000);
            (text_ += std::to_string(us / 1000)) += '.';
            text_.append(3 - rest.size(), '0') += rest;
            return *this;
        }
        line& add_error(std::string_view name, error_code error)
        {
            if (error.category() == category())
                return add(name, to_string(static_cast<errc>(error.value())));
            return add(name, error.to_string()); // such as "system:104"
        }
        line& add_result(error_code error, error_code cause)
        {
            if (!error)
                return add("result", "ok");
            add_error("result", error);
            return cause ? add_error("cause", cause) : *this;
        }

        std::string const& text() const noexcept { return text_; }

    private:
        void begin(std::string_view name)
        {
            text_ += ' ';
            (text_ += name) += '=';
        }

        std::string text_;
    };

    template<class Fill>
    void write(::spdlog::level::level_enum level, std::string_view name, Fill const& fill) noexcept
    {
        if (!logger_ || !logger_->should_log(level))
            return;
        try
        {
            line out(name);
            fill(out);
            logger_->log(level, ::spdlog::string_view_t(out.text().data(), out.text().size()));
        }
        catch (...)
        {
            return; // a lost line must not lose a message
        }
    }

    std::shared_ptr<::spdlog::logger> logger_;
};
static_assert(observer_policy<spdlog>);

} // namespace tidings::inline v0::observer

#endif
