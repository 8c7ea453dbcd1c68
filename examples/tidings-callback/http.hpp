// The requests that tidings-callback receives and its answers.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_EXAMPLES_TIDINGS_CALLBACK_HTTP_HPP
#define TIDINGS_EXAMPLES_TIDINGS_CALLBACK_HTTP_HPP

#include <boost/beast/core/string.hpp>
#include <boost/beast/http.hpp>

#include <string>
#include <string_view>

namespace tidings_callback {

using request = boost::beast::http::request<boost::beast::http::string_body>;
using response = boost::beast::http::response<boost::beast::http::string_body>;

response answer(request const& asked, boost::beast::http::status status, std::string body = {},
                std::string_view type = "text/plain; charset=utf-8");

} // namespace tidings_callback

#endif
