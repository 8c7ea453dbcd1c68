// What the tests of the operations share: a request taken apart, an answer put together.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TESTS_PROVIDER_WIRE_HPP
#define TIDINGS_TESTS_PROVIDER_WIRE_HPP

#include <tidings/provider/feishu.hpp>
#include <tidings/provider/lark.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace test {

using tidings::errc;
using tidings::failure;

inline std::string const app_id = "cli_a1b2c3d4e5f60718";

inline tidings::providers::lark::application lark_app()
{
    return {tidings::providers::lark::lark_brand, app_id};
}
inline tidings::providers::lark::application feishu_app()
{
    return {tidings::providers::lark::feishu_brand, app_id};
}

/// Failures and successes in words that a test report can show.
inline std::string kind(errc e)
{
    return tidings::make_error_code(e).message();
}
inline std::string kind(failure const& f)
{
    return f.code().message();
}
template<class T>
std::string kind(tidings::result<T> const& r)
{
    return r ? "success" : kind(r.error());
}

/// Equal as JSON: blanks and the order of keys aside.
inline boost::json::value json(std::string_view text)
{
    boost::system::error_code ec;
    auto out = boost::json::parse({text.data(), text.size()}, ec);
    BOOST_TEST(!ec, ec.message() << " in " << text);
    return out;
}

/// A request, taken apart.
class sent
{
public:
    explicit sent(tidings::wire::operation const& what, std::string_view token = "t-1")
    {
        tidings::wire::request out("", "Host: h\r\n");
        auto const written = what.encode(out, token);
        BOOST_REQUIRE(written.has_value());
        std::string_view bytes = out.finish();
        auto const head_end = bytes.find("\r\n\r\n");
        BOOST_REQUIRE(head_end != bytes.npos);
        body = bytes.substr(head_end + 4);
        auto head = bytes.substr(0, head_end + 2);
        auto const line_end = head.find("\r\n");
        line = head.substr(0, line_end);
        for (head.remove_prefix(line_end + 2); !head.empty(); head.remove_prefix(head.find("\r\n") + 2))
            headers.emplace_back(head.substr(0, head.find("\r\n")));
    }

    std::string line; ///< "POST /path?query HTTP/1.1"
    std::vector<std::string> headers;
    std::string body;

    bool has(std::string_view header) const
    {
        return std::find(headers.begin(), headers.end(), header) != headers.end();
    }
    std::string header(std::string_view name) const
    {
        for (auto const& one : headers)
            if (one.substr(0, name.size()) == name && one.substr(name.size(), 2) == ": ")
                return one.substr(name.size() + 2);
        return {};
    }
};

/// Headers of an answer, each with its line end, and its body.
class said
{
public:
    said(unsigned s, std::string_view b, std::string_view headers = {})
        : status(s), head("HTTP/1.1 " + std::to_string(s) + " X\r\n" + std::string(headers) + "\r\n"), body(b)
    {
    }
    tidings::wire::reply view() const { return {status, head, body}; }

    unsigned status;
    std::string head;
    std::string body;
};

/// The failure that an answer must be; an empty one when it was taken for a success.
template<class Operation>
failure refused(Operation& what, said const& in)
{
    auto const done = what.decode(in.view());
    BOOST_TEST(done.has_error(), "taken for a success: " << in.status << ' ' << in.body);
    return done.has_error() ? done.error() : failure();
}

/// What a send makes of an answer that must be a refusal.
inline failure send_refused(said const& in, tidings::providers::lark::application const& app = lark_app())
{
    tidings::providers::lark::recipient const to("open_id", "ou_1");
    tidings::providers::lark::content const what{tidings::providers::lark::content::kind::text, "x"};
    tidings::providers::lark::send_message op(app, to, what, "k");
    return refused(op, in);
}

inline bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != text.npos;
}

} // namespace test

#endif
