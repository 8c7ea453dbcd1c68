// Several names as a part of a sentence.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_DETAIL_ENUMERATE_HPP
#define TIDINGS_DETAIL_ENUMERATE_HPP

#include <cstddef>
#include <string>

namespace tidings::inline v0::detail {

/// "lark, feishu and wecom".
template<class Names, class NameOf>
std::string enumerate(Names const& names, NameOf name_of)
{
    std::string out;
    std::size_t i = 0;
    for (auto const& item : names)
    {
        out += i == 0 ? "" : i + 1 == names.size() ? " and " : ", ";
        out += name_of(item);
        ++i;
    }
    return out;
}

} // namespace tidings::inline v0::detail

#endif
