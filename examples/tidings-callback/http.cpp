// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "http.hpp"

#include <utility>

namespace beast = boost::beast;
namespace http = beast::http;

namespace tidings_callback {

response answer(request const& asked, http::status status, std::string body, std::string_view type)
{
    response out(status, asked.version());
    out.keep_alive(asked.keep_alive());
    if (!body.empty())
        out.set(http::field::content_type, beast::string_view(type.data(), type.size()));
    out.body() = std::move(body);
    out.prepare_payload();
    return out;
}

} // namespace tidings_callback
