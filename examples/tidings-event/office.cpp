// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "office.hpp"

#include "../tools/usage_error.hpp"
#include "file_inbox.hpp"

#include <tidings/subscription/routes.hpp>

#ifdef TIDINGS_EVENT_EMAIL
#include <tidings/subscription/email.hpp>
#endif

#include <utility>

namespace tidings_event {

namespace td = tidings;
namespace sub = tidings::subscription;

namespace {

sub::file_log open_log(std::string const& path)
{
    auto log = sub::file_log::open(path);
    if (!log)
        throw tools::usage_problem("--state", log.error().message());
    return *std::move(log);
}

sub::dispatch_options options_of(settings const& how)
{
    sub::dispatch_options out;
    out.zones = zones();
    out.language = td::language_tag(how.language);
    return out;
}

} // namespace

office::office(boost::asio::any_io_executor const& ex, documents const& all, settings const& how,
               std::string const& inbox, std::string const& state)
    : send(ex, all.rules, sub::people_directory(all.people), open_log(state), options_of(how))
{
    td::config::notifier_options options;
    options.deadline = how.timeout;
    for (auto& [name, made] : sub::make_routes(ex, all.channels, options))
        send.set_route(name, made);
    send.set_route(std::string(sub::route::inbox), file_inbox(inbox));
    if (!all.channels.smtp)
        return;
#ifdef TIDINGS_EVENT_EMAIL
    send.set_route(std::string(sub::route::email), sub::email_route(sub::smtp(ex, *all.channels.smtp)));
#else
    send.set_route(std::string(sub::route::email),
                   sub::unusable_route(td::make_failure(td::errc::invalid_argument,
                                                        "this program was built without libcurl and sends no e-mail"),
                                       sub::audience::person));
#endif
}

} // namespace tidings_event
