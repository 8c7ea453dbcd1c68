// Which requests tidings-callback serves, and the events in them.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_EXAMPLES_TIDINGS_CALLBACK_APPLICATION_HPP
#define TIDINGS_EXAMPLES_TIDINGS_CALLBACK_APPLICATION_HPP

#include "diagnostics.hpp"
#include "http.hpp"
#include "settings.hpp"

#include <tidings/provider/lark/callback.hpp>
#include <tidings/provider/wecom/callback.hpp>
#include <tidings/secret.hpp>

#include <boost/json/object.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace tidings_callback {

// What becomes of a request that was read: an answer, or an event that has to be printed first.
class decision
{
public:
    explicit decision(response out) : answer(std::move(out)) {}
    decision(response out, std::string event_id, boost::json::object event)
        : answer(std::move(out)), id(std::move(event_id)), line(std::move(event))
    {
    }

    response answer;
    std::string id; // of the event
    std::optional<boost::json::object> line;
};

// What is not set is not served.
class application
{
public:
    // Reads the settings from the environment; throws `std::runtime_error` if they are not usable.
    application(settings const& given, diagnostics& log);

    // Whether a request is refused before its body is read.
    std::optional<response> refusal(request const& asked) const;

    decision decide(request const& asked) const;

    // One line of JSON that any terminal and any reader takes, without the Verification Token.
    std::string line_of(boost::json::object const& event) const;

private:
    // The sender learns nothing about why; the administrator does.
    decision refuse(request const& asked, tidings::failure const& why) const;
    decision refuse(request const& asked, std::string_view why) const;
    bool is_recent(std::optional<std::chrono::system_clock::time_point> when) const;
    decision from_wecom(tidings::providers::wecom::callback const& wecom, request const& asked) const;
    decision from_lark(tidings::providers::lark::callback const& lark, std::string_view platform,
                       request const& asked) const;

    settings const* settings_;
    diagnostics* log_;
    std::optional<tidings::providers::wecom::callback> wecom_;
    std::optional<tidings::providers::lark::callback> lark_;
    std::optional<tidings::providers::lark::callback> feishu_;
    tidings::secret verification_;
};

} // namespace tidings_callback

#endif
