// A body of several parts, as uploads have it.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_WIRE_MULTIPART_HPP
#define TIDINGS_WIRE_MULTIPART_HPP

#include <tidings/wire/request.hpp>

#include <string>
#include <string_view>

namespace tidings::inline v0::wire {

/// Writes `multipart/form-data` (RFC 7578). Calls come in this order: `field` as often as needed, `file`, `close`.
class multipart_writer
{
public:
    /// @param out    The request. The writer adds its header `Content-Type`.
    /// @param bytes  The bytes that `file` will write: the boundary does not occur in them.
    multipart_writer(request& out, std::string_view bytes) : boundary_(boundary_for(bytes)), out_(start(out)) {}

    multipart_writer& field(std::string_view name, std::string_view value);

    /// @param name       The name of the part.
    /// @param file_name  UTF-8. Characters that would end it are replaced.
    /// @param bytes      The content.
    multipart_writer& file(std::string_view name, std::string_view file_name, std::string_view bytes);

    void close();

private:
    static std::string boundary_for(std::string_view bytes);

    tidings::detail::wiped_string& start(request& out);

    void open(std::string_view name);

    std::string boundary_;
    tidings::detail::wiped_string& out_;
};

} // namespace tidings::inline v0::wire

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/wire/impl/multipart.ipp>
#endif

#endif
