// A body of several parts, as uploads have it.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_WIRE_IMPL_MULTIPART_IPP
#define TIDINGS_WIRE_IMPL_MULTIPART_IPP

#include <tidings/detail/config.hpp>
#include <tidings/wire/multipart.hpp>
#include <tidings/wire/request.hpp>

#include <string>
#include <string_view>

namespace tidings::inline v0::wire {

TIDINGS_DECL multipart_writer& multipart_writer::field(std::string_view name, std::string_view value)
{
    open(name);
    out_ += "\r\n\r\n";
    out_ += value;
    out_ += "\r\n";
    return *this;
}

TIDINGS_DECL multipart_writer& multipart_writer::file(std::string_view name, std::string_view file_name,
                                                      std::string_view bytes)
{
    open(name);
    out_ += "; filename=\"";
    for (char const c : file_name)
        if (c == '"')
            out_ += "%22";
        else if (c != '\r' && c != '\n')
            out_ += c;
    out_ += "\"\r\nContent-Type: application/octet-stream\r\n\r\n";
    out_ += bytes;
    out_ += "\r\n";
    return *this;
}

TIDINGS_DECL void multipart_writer::close()
{
    out_ += "--";
    out_ += boundary_;
    out_ += "--\r\n";
}

TIDINGS_DECL std::string multipart_writer::boundary_for(std::string_view bytes)
{
    std::string out;
    for (unsigned i = 0; out.empty() || bytes.find(out) != bytes.npos; ++i)
        out = "tidings-boundary-" + std::to_string(i);
    return out;
}

TIDINGS_DECL tidings::detail::wiped_string& multipart_writer::start(request& out)
{
    std::string type("multipart/form-data; boundary=");
    type += boundary_;
    return out.body(type);
}

TIDINGS_DECL void multipart_writer::open(std::string_view name)
{
    out_ += "--";
    out_ += boundary_;
    out_ += "\r\nContent-Disposition: form-data; name=\"";
    out_ += name;
    out_ += '"';
}

} // namespace tidings::inline v0::wire

#endif
