// What a failure says, and what it advises.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/detail/failure.hpp>

#include <tidings/detail/utf8.hpp>

#include <boost/asio/error.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <sstream>
#include <string>
#include <string_view>

namespace failure_test {

namespace {

using tidings::errc;
using tidings::failure;
using tidings::make_failure;
using tidings::detail::amend;
using tidings::detail::new_facts;

constexpr int last_errc = static_cast<int>(errc::invalid_recipient);

bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != text.npos;
}

bool has_control(std::string_view text)
{
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

// A failure whose only fact is this.
template<class Set>
failure with(errc e, Set set)
{
    auto const facts = new_facts();
    set(*facts);
    return {e, facts};
}

std::string render(std::string_view text, tidings::diagnostics const& facts)
{
    return tidings::detail::render(text, facts);
}

} // namespace

BOOST_AUTO_TEST_SUITE(messages)

BOOST_AUTO_TEST_CASE(a_message_has_every_part_in_order)
{
    auto const f = with(errc::outcome_unknown, [](tidings::diagnostics& d) {
        d.platform = "lark";
        d.operation = "send message";
        d.detail = "our words";
        d.cause = boost::asio::error::connection_reset;
        d.platform_code = "230013";
        d.platform_message = "their words";
        d.log_id = "L1";
    });
    BOOST_TEST(f.message() ==
               "lark: send message: the message may have been delivered or not: the answer was lost: our words (" +
                   boost::system::error_code(boost::asio::error::connection_reset).message() +
                   "); the platform says 230013 \"their words\"; log id L1");
}

BOOST_AUTO_TEST_CASE(the_recipient_is_a_fact_and_no_part_of_what_is_printed)
{
    auto const f = make_failure(errc::recipient_not_found, [](auto& d) { d.recipient = "ada@example.com"; });
    BOOST_TEST(f.recipient() == "ada@example.com");
    std::ostringstream printed;
    printed << f;
    BOOST_TEST(!contains(printed.str(), "ada"));
}

BOOST_AUTO_TEST_CASE(parts_that_are_missing_leave_no_trace)
{
    BOOST_TEST(failure(errc::cancelled).message() == "the operation was cancelled");
    BOOST_TEST(make_failure(errc::cancelled, "by you").message() == "the operation was cancelled: by you");
    BOOST_TEST(with(errc::cancelled, [](auto& d) { d.platform_code = "7"; }).message() ==
               "the operation was cancelled; the platform says 7");
    BOOST_TEST(with(errc::cancelled, [](auto& d) { d.platform_message = "hm"; }).message() ==
               "the operation was cancelled; the platform says \"hm\"");
    BOOST_TEST(with(errc::cancelled, [](auto& d) { d.log_id = "L"; }).message() ==
               "the operation was cancelled; log id L");
    BOOST_TEST(with(errc::cancelled, [](auto& d) { d.operation = "send message"; }).message() ==
               "send message: the operation was cancelled");
    BOOST_TEST(with(errc::cancelled, [](auto& d) { d.platform = "lark"; }).message() ==
               "lark: the operation was cancelled");
    // A cause that says the same again says nothing.
    BOOST_TEST(with(errc::timed_out, [](auto& d) { d.cause = make_error_code(errc::timed_out); }).message() ==
               "the deadline passed");
}

BOOST_AUTO_TEST_CASE(control_characters_of_others_are_replaced)
{
    std::string evil = "a\r\nb\tc\x1b[2Jd\x7f";
    evil += '\0';
    evil += "e";
    auto const f = with(errc::platform_error, [&](tidings::diagnostics& d) {
        d.platform_message = evil;
        d.platform_code = evil;
        d.log_id = evil;
        d.detail = evil;
    });
    BOOST_TEST(!has_control(f.message()));
    BOOST_TEST(contains(f.message(), "\"a  b c [2Jd  e\""));
    BOOST_TEST(contains(f.message(), "log id a  b c [2Jd  e"));
}

BOOST_AUTO_TEST_CASE(every_code_point_that_a_terminal_obeys_is_replaced)
{
    // U+009B is an escape sequence of one code point; U+2028 ends a line; U+202E turns the text around.
    for (std::string_view const point :
         {"\xc2\x80", "\xc2\x85", "\xc2\x9b", "\xc2\x9f", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xae"})
    {
        auto const f =
            with(errc::platform_error, [&](auto& d) { d.platform_message = "a" + std::string(point) + "31mz"; });
        BOOST_TEST(!contains(f.message(), point));
        BOOST_TEST(contains(f.message(), "31mz"));
    }
}

BOOST_AUTO_TEST_CASE(other_languages_are_kept)
{
    auto const f = with(errc::platform_error, [](auto& d) { d.platform_message = "应用尚未开通 \xf0\x9f\x98\x80 é"; });
    BOOST_TEST(contains(f.message(), "应用尚未开通 \xf0\x9f\x98\x80 é"));
}

BOOST_AUTO_TEST_CASE(long_text_of_others_is_cut)
{
    auto const f = with(errc::platform_error, [](auto& d) { d.platform_message = std::string(100'000, 'x') + "end"; });
    BOOST_TEST(f.message().size() < 1000u);
    BOOST_TEST(contains(f.message(), "xxx...\""));
    BOOST_TEST(!contains(f.message(), "end"));
    BOOST_TEST(f.platform_message().size() == 100'003u); // the fact itself is whole
    auto const fits = with(errc::platform_error, [](auto& d) { d.platform_message = std::string(600, 'x'); });
    BOOST_TEST(contains(fits.message(), std::string(600, 'x') + '"'));
}

BOOST_AUTO_TEST_CASE(long_text_is_not_cut_within_a_character)
{
    for (std::string const padding : {"", "a", "ab", "abc"})
    {
        std::string text = padding;
        while (text.size() < 1000)
            text += "\xf0\x9f\x98\x80";
        auto const f = with(errc::platform_error, [&](auto& d) { d.platform_message = text; });
        BOOST_TEST(tidings::detail::find_invalid_utf8(f.message()) == std::string::npos, padding);
    }
}

BOOST_AUTO_TEST_CASE(a_failure_is_printed_with_its_remedy)
{
    std::ostringstream out;
    out << failure(errc::timed_out) << '|' << failure(errc::cancelled);
    BOOST_TEST(out.str() == "the deadline passed. Try again, or allow more time.|the operation was cancelled");
}

BOOST_AUTO_TEST_CASE(what_is_printed_has_no_control_characters_either)
{
    auto const f = with(errc::permission_missing, [](tidings::diagnostics& d) {
        d.scopes.emplace_back("a:b\n\x1b[31m");
        d.link = "https://h/\r\nevil\x1b[0m";
    });
    std::ostringstream out;
    out << f;
    BOOST_TEST(!has_control(out.str()));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(failures)

BOOST_AUTO_TEST_CASE(a_failure_can_be_amended_without_changing_its_copies)
{
    auto const original = make_failure(errc::server_error, "one");
    auto const amended = amend(original, [](tidings::diagnostics& d) {
        d.operation = "send message";
        d.attempts = 3;
    });
    BOOST_TEST(amended.code() == original.code());
    BOOST_TEST(amended.operation() == "send message");
    BOOST_TEST(amended.attempts() == 3u);
    BOOST_TEST(amended.facts()->detail == "one");
    BOOST_TEST(original.operation() == "");
    BOOST_TEST(original.attempts() == 0u);

    auto const bare = amend(failure(errc::cancelled), [](tidings::diagnostics& d) { d.attempts = 1; });
    BOOST_TEST((bare == errc::cancelled));
    BOOST_TEST(bare.attempts() == 1u);
}

BOOST_AUTO_TEST_CASE(every_fact_has_a_question)
{
    auto const f = with(errc::permission_missing, [](tidings::diagnostics& d) {
        d.platform = "lark";
        d.operation = "send message";
        d.recipient = "r";
        d.platform_code = "1";
        d.platform_message = "m";
        d.log_id = "l";
        d.http_status = 400;
        d.attempts = 2;
        d.cause = boost::asio::error::eof;
        d.scopes.emplace_back("s");
        d.link = "k";
        d.refused_ip = "i";
        d.wait = std::chrono::seconds(5);
    });
    BOOST_TEST(f.platform() == "lark");
    BOOST_TEST(f.operation() == "send message");
    BOOST_TEST(f.recipient() == "r");
    BOOST_TEST(f.platform_code() == "1");
    BOOST_TEST(f.platform_message() == "m");
    BOOST_TEST(f.log_id() == "l");
    BOOST_TEST(f.http_status() == 400u);
    BOOST_TEST(f.attempts() == 2u);
    BOOST_TEST(f.cause() == boost::system::error_code(boost::asio::error::eof));
    BOOST_TEST(f.scopes().at(0) == "s");
    BOOST_TEST(f.link() == "k");
    BOOST_TEST(f.refused_ip() == "i");
    BOOST_TEST(f.wait()->count() == 5);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(remedies)

BOOST_AUTO_TEST_CASE(facts_are_filled_in)
{
    tidings::diagnostics facts;
    facts.scopes = {"a:b", "c:d"};
    facts.link = "LINK";
    facts.console = "CONSOLE";
    facts.app_id = "APP";
    facts.refused_ip = "IP";
    facts.wait = std::chrono::seconds(7);
    BOOST_TEST(render("{scopes}|{link}|{console}|{app}|{ip}|{wait}", facts) == "a:b, c:d|LINK|CONSOLE|APP|IP|7");
    BOOST_TEST(render("no fact", facts) == "no fact");
    BOOST_TEST(render("", facts) == "");
    BOOST_TEST(render("twice {ip} and {ip}.", facts) == "twice IP and IP.");
}

BOOST_AUTO_TEST_CASE(a_sentence_whose_fact_is_missing_is_left_out)
{
    tidings::diagnostics facts;
    facts.link = "LINK";
    BOOST_TEST(render("Do this. Look at {ip}. Then {link} opens.", facts) == "Do this. Then LINK opens.");
    BOOST_TEST(render("Look at {ip}. Do this.", facts) == "Do this.");
    BOOST_TEST(render("Do this. Look at {ip}.", facts) == "Do this.");
    BOOST_TEST(render("{link} and {ip}.", facts) == "");
    BOOST_TEST(render("做这个。看 {ip} 那个。打开 {link} 页。", facts) == "做这个。打开 LINK 页。");
    BOOST_TEST(render("{unknown} is no fact. Go on.", facts) == "Go on.");
}

BOOST_AUTO_TEST_CASE(a_full_stop_inside_a_fact_ends_no_sentence)
{
    tidings::diagnostics facts;
    facts.link = "a. b";
    BOOST_TEST(render("Open {link} now. Look at {ip}. End.", facts) == "Open a. b now. End.");
}

BOOST_AUTO_TEST_CASE(braces_inside_a_fact_are_not_filled_in)
{
    tidings::diagnostics facts;
    facts.link = "{ip}";
    facts.refused_ip = "SECRET";
    BOOST_TEST(render("Open {link}.", facts) == "Open {ip}.");
}

BOOST_AUTO_TEST_CASE(every_kind_that_a_person_can_mend_has_a_remedy_in_both_languages)
{
    for (int i = 1; i <= last_errc; ++i)
    {
        auto const e = static_cast<errc>(i);
        auto const f = with(e, [](tidings::diagnostics& d) {
            d.scopes.emplace_back("SCOPE");
            d.link = "LINK";
            d.console = "CONSOLE";
            d.refused_ip = "IP";
            d.wait = std::chrono::seconds(7);
        });
        bool const mendable = e != errc::cancelled && e != errc::invalid_argument;
        BOOST_TEST_CONTEXT(f.code().message())
        for (auto const lang : {tidings::language::english, tidings::language::chinese})
        {
            BOOST_TEST(f.remedy(lang).empty() == !mendable);
            BOOST_TEST(f.remedy(lang).find_first_of("{}") == std::string::npos);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_remedies_of_the_kinds_name_what_is_known)
{
    auto const fill = [](tidings::diagnostics& d) {
        d.scopes.emplace_back("im:message");
        d.link = "https://link";
        d.console = "https://console";
        d.refused_ip = "203.0.113.7";
        d.wait = std::chrono::seconds(7);
    };
    struct
    {
        errc kind;
        std::string_view part;
    } const rows[] = {
        {errc::bad_credentials, "https://console"},
        {errc::permission_missing, "im:message"},
        {errc::permission_missing, "https://link"},
        {errc::bot_disabled, "https://console"},
        {errc::ip_not_allowed, "203.0.113.7"},
        {errc::ip_not_allowed, "https://console"},
        {errc::rate_limited, "7"},
    };
    for (auto const& row : rows)
        for (auto const lang : {tidings::language::english, tidings::language::chinese})
            BOOST_TEST(contains(with(row.kind, fill).remedy(lang), row.part), with(row.kind, fill).remedy(lang));
}

BOOST_AUTO_TEST_CASE(a_remedy_of_its_own_comes_before_that_of_the_kind)
{
    static constexpr tidings::remedy_text own{"Own words.", "自己的话。"};
    auto const f = with(errc::server_error, [](tidings::diagnostics& d) { d.remedy = &own; });
    BOOST_TEST(f.remedy() == "Own words.");
    BOOST_TEST(f.remedy(tidings::language::chinese) == "自己的话。");
}

BOOST_AUTO_TEST_CASE(a_code_that_is_not_ours_has_no_remedy)
{
    BOOST_TEST(failure(boost::system::error_code(boost::asio::error::eof)).remedy() == "");
    BOOST_TEST(failure().remedy() == "");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace failure_test
