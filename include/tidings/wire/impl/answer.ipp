// Common parts of the answers of several platforms.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_WIRE_IMPL_ANSWER_IPP
#define TIDINGS_WIRE_IMPL_ANSWER_IPP

#include <tidings/detail/config.hpp>
#include <tidings/detail/failure.hpp>
#include <tidings/secret.hpp>
#include <tidings/wire/answer.hpp>
#include <tidings/wire/json_reader.hpp>
#include <tidings/wire/member_table.hpp>
#include <tidings/wire/reply.hpp>

#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace tidings::inline v0::wire {

TIDINGS_DECL void coded_answer::on_scalar(std::string_view path, json_scalar const& value)
{
    if (!may_read(path))
        return;
    if (path.size() == name_.size())
        read(path, value);
    else
        store(path, value);
}

TIDINGS_DECL void coded_answer::on_container(std::string_view path)
{
    if (path == name_)
        code_.mark_unclear();
}

TIDINGS_DECL BOOST_NOINLINE void coded_answer::read(std::string_view path, json_scalar const& value)
{
    if (path == name_)
        code_.read(value.integer());
    else
        store(path, value);
}

TIDINGS_DECL void id_list::clear() noexcept
{
    texts_.clear();
    unclear_ = false;
}

TIDINGS_DECL void id_list::read(std::string_view below, json_scalar const& value)
{
    using kind = json_scalar::kind;
    bool const is_element = below.empty() || below == "/*";
    if (is_element && value.type() == kind::string)
        add(value.text());
    else if (is_element && value.type() == kind::integer)
        texts_.push_back(std::to_string(value.number()));
    else if (!is_element || value.type() != kind::null)
        unclear_ = true;
}

TIDINGS_DECL std::size_t id_list::size() const
{
    std::size_t count = 0;
    auto const is_counted = [&count](std::string_view) { return ++count != 0; };
    for (auto const& text : texts_)
        all_parts(text, is_counted);
    return count;
}

TIDINGS_DECL void id_list::add(std::string_view text)
{
    if (text.find_first_not_of(separators) != text.npos)
        texts_.emplace_back(text);
}

TIDINGS_DECL void cleaning_visitor::on_scalar(std::string_view path, json_scalar const& value)
{
    if (!value.text().empty() && filter_.clean(text_.assign(value.text())))
        to_.on_scalar(path, json_scalar(text_.view()));
    else
        to_.on_scalar(path, value);
}

TIDINGS_DECL bool read_refusal(reply const& in, json_visitor& visitor)
{
    if (!in.filter())
        return read_json(in.body(), visitor);
    cleaning_visitor cleaned(visitor, *in.filter());
    return read_json(in.body(), cleaned);
}

TIDINGS_DECL failure unclear_list(std::string_view name, remedy_text const* remedy)
{
    auto facts = tidings::detail::new_facts();
    facts->detail = "the platform reports that it did not deliver to an id in ";
    facts->detail += name;
    facts->detail += " that is not one of the recipients: it may be this person";
    facts->http_status = 200; // only an answer that succeeds has lists
    facts->remedy = remedy;
    return {errc::outcome_unknown, std::move(facts)};
}

TIDINGS_DECL failure foreign_answer(boost::intrusive_ptr<diagnostics> facts, reply const& in)
{
    facts->platform_message.clear();
    facts->scopes.clear();
    facts->link.clear();
    facts->foreign = true;
    facts->detail = "HTTP status " + std::to_string(in.status()) + " with a body of " +
                    std::to_string(in.body().size()) + " bytes that is not the platform's JSON";
    constexpr unsigned too_many = 429;
    if (in.status() == too_many)
        return {errc::rate_limited, std::move(facts)};
    // Gateways send these too when the server behind them was too slow.
    constexpr unsigned timed_out = 408;
    constexpr unsigned client_gone = 499;
    constexpr unsigned first_of_servers = 500;
    bool const passes = in.status() >= first_of_servers || in.status() == timed_out || in.status() == client_gone;
    return {passes ? errc::server_error : errc::protocol_error, std::move(facts)};
}

} // namespace tidings::inline v0::wire

#endif
