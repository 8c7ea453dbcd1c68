// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_IMPL_AUDIENCE_IPP
#define TIDINGS_SANDBOX_IMPL_AUDIENCE_IPP

#include <tidings/sandbox/audience.hpp>
#include <tidings/sandbox/detail/config.hpp>
#include <tidings/sandbox/detail/json_io.hpp>

namespace tidings::inline v0::sandbox {

namespace detail {

// `"everyone"`, or an array of login names.
template<>
struct own_form<audience>
{
    static void read(json::value const& v, audience& out, std::string const& path)
    {
        out = audience();
        if (v.is_string() && v.get_string() == "everyone")
            return;
        if (!v.is_array())
            throw world_error(path, "expected \"everyone\" or an array of login names");
        out.everyone = false;
        detail::read(v, out.people, path);
    }

    static json::value write(audience const& a)
    {
        return a.everyone ? json::value("everyone") : detail::write(a.people);
    }
};

} // namespace detail

TIDINGS_SANDBOX_DECL bool audience::includes(std::string_view login_name) const noexcept
{
    return everyone || std::find(people.begin(), people.end(), login_name) != people.end();
}

} // namespace tidings::inline v0::sandbox

#endif
