// The requests by which a platform shows whether messages would be delivered.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_WIRE_IMPL_DIAGNOSTIC_IPP
#define TIDINGS_WIRE_IMPL_DIAGNOSTIC_IPP

#include <tidings/detail/config.hpp>
#include <tidings/diagnosis.hpp>
#include <tidings/wire/diagnostic.hpp>
#include <tidings/wire/operation.hpp>

#include <string_view>

namespace tidings::inline v0::wire {

TIDINGS_COLD TIDINGS_DECL bool diagnostic::fail(failure const& why, diagnosis& out) const
{
    auto const id = concerned(why);
    if (!id.empty())
        out.fail(id, why);
    return !id.empty();
}

TIDINGS_COLD TIDINGS_DECL void diagnostic::fail(failure const& why, diagnosis& out, std::string_view otherwise) const
{
    if (!fail(why, out))
        out.unknown(otherwise, finding_text::of(why));
}

} // namespace tidings::inline v0::wire

#endif
