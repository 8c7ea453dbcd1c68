// What the targets of the three platforms' answers share.
//
// An input is two letters, which say what is asked and what status comes; then the lines of the head, a NUL byte, and
// the body. Further bodies, each behind a NUL byte, answer what a procedure asks next; the last answers all the rest.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TESTS_FUZZ_ANSWERS_HPP
#define TIDINGS_TESTS_FUZZ_ANSWERS_HPP

#include <tidings/error.hpp>
#include <tidings/printable_text.hpp>
#include <tidings/result.hpp>
#include <tidings/wire/detail/redaction.hpp>
#include <tidings/wire/procedure.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <string>
#include <string_view>

namespace fuzz {

inline void check(bool right)
{
    if (!right)
        std::abort();
}

/// What an answer may repeat and a failure must not.
inline constexpr std::string_view token = "t-g1044qeGEDXTB6NDJOGV4";

class filter final : public tidings::wire::text_filter
{
public:
    filter() { secrets_.add(token); }

    bool clean(tidings::detail::wiped_string& text) const override { return secrets_.redact(text); }

private:
    tidings::detail::redactor secrets_;
};

/// What came back, once and again.
class answers
{
public:
    answers(unsigned char const* data, std::size_t size) : rest_(reinterpret_cast<char const*>(data), size)
    {
        for (auto* const text : {&what_, &status_})
            if (!rest_.empty())
            {
                *text = static_cast<unsigned char>(rest_.front() - 'a');
                rest_.remove_prefix(1);
            }
        head_ = "HTTP/1.1 200 OK\r\n";
        head_ += take();
        head_ += "\r\n\r\n";
    }

    /// Which of so many things is asked.
    unsigned what(unsigned among) const { return what_ % among; }

    tidings::wire::reply next()
    {
        constexpr std::array<unsigned, 10> statuses{200, 400, 401, 403, 404, 429, 500, 502, 503, 301};
        if (!rest_.empty())
            body_ = take();
        static filter const hide_token;
        return {statuses[status_ % statuses.size()], head_, body_, &hide_token};
    }

private:
    std::string_view take()
    {
        auto const out = rest_.substr(0, rest_.find('\0'));
        rest_.remove_prefix(std::min(rest_.size(), out.size() + 1));
        return out;
    }

    std::string_view rest_;
    std::string head_;
    std::string_view body_;
    unsigned what_ = 0;
    unsigned status_ = 0;
};

/// What was refused can be shown to a person.
inline void show(tidings::failure const& why)
{
    // Valid UTF-8 on one line, nothing that a terminal obeys, and no token.
    auto const is_line = [](std::string_view text) {
        return tidings::printable_text(text) == text && text.find(token) == text.npos;
    };
    check(why.code() && why.code().category() == tidings::category());
    check(is_line(why.message()) && why.message().size() < 8000); // a replaced byte takes three
    for (auto const lang : {tidings::language::english, tidings::language::chinese})
        check(is_line(why.remedy(lang)));
    auto const link = why.link();
    check(link.empty() || (link.starts_with("https://") && is_line(link) && link.find(' ') == link.npos));
    if (auto const wait = why.wait())
        check(wait->count() >= 0 && *wait <= std::chrono::days(31));
}

inline bool decode(tidings::wire::operation& op, answers& in)
{
    auto const decoded = op.decode(in.next());
    if (!decoded)
        show(decoded.error());
    return decoded.has_value();
}

enum class ending
{
    /// Whatever the platform says.
    sure,
    /// When the call's deadline comes, should the platform always have more.
    by_deadline
};

/// Performs a procedure.
///
/// @returns Whether all of it succeeded.
inline bool perform(tidings::wire::procedure& what, answers& in, ending how = ending::sure)
{
    int const max = how == ending::sure ? 10'000 : 100;
    int made = 0;
    while (auto* const op = what.next())
    {
        if (++made > max && how == ending::by_deadline)
            return false;
        check(made <= max && what.pause().count() >= 0);
        if (auto const decoded = op->decode(in.next()); !decoded)
        {
            show(what.map_error(decoded.error()));
            return false;
        }
    }
    return true;
}

/// The same of a message to several people.
template<class Delivery>
void deliver(Delivery what, std::size_t people, answers& in)
{
    if (!perform(what, in))
        return;
    (void)what.message_id();
    for (std::size_t i = 0; i != people; ++i)
        if (auto const outcome = what.outcome(i); !outcome)
            show(outcome.error());
}

/// The same of an upload: a success has a key.
template<class Upload>
void upload(Upload what, answers& in)
{
    if (perform(what, in))
        check(!what->key().empty());
}

/// The same of the search for people.
template<class Finder, class Match>
void find(Finder what, Match const& who, answers& in)
{
    what.add(who);
    if (perform(what, in))
        (void)what.id_of(0).size();
}

inline void fetch(tidings::wire::token_operation& what, answers& in)
{
    if (!decode(what, in))
        return;
    auto const fetched = what.take_token();
    auto const text = fetched.reveal();
    check(!text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; }));
    check(what.lifetime().count() >= 0 && what.lifetime() <= std::chrono::hours(24));
}

} // namespace fuzz

#endif
