// Reads a notice from JSON. Needs Boost.JSON.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_MESSAGE_NOTICE_JSON_HPP
#define TIDINGS_MESSAGE_NOTICE_JSON_HPP

#include <tidings/detail/failure.hpp>
#include <tidings/message/notice.hpp>

#include <boost/json/value.hpp>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace tidings::inline v0 {

namespace detail {

/// Reads the members of a notice; the first thing that is wrong stays.
class notice_reader
{
public:
    std::optional<notice> read(boost::json::value const& json);

    /// Empty: nothing is wrong.
    std::string const& problem() const noexcept { return problem_; }

private:
    void wrong(std::string_view path, std::string_view what);

    boost::json::object const* object(boost::json::value const& json, std::string_view path);

    bool knows(boost::json::object const& json, std::string const& path, std::initializer_list<std::string_view> names);

    template<class F>
    void each(boost::json::value const& json, std::string const& path, std::initializer_list<std::string_view> names,
              F&& f)
    {
        auto const* const all = json.if_array();
        if (!all)
            return wrong(path, "must be an array");
        for (std::size_t i = 0; i != all->size(); ++i)
        {
            auto const place = path + "[" + std::to_string(i) + "]";
            auto const* const item = object((*all)[i], place);
            if (!item || !knows(*item, place, names))
                return;
            for (auto const name : names)
                if (!item->contains({name.data(), name.size()}))
                    return wrong(place + "." + std::string(name), "is missing");
            f(*item, place);
        }
    }

    localized text(boost::json::value const& json, std::string const& path);

    severity severity_of(boost::json::value const& json);

    std::string problem_;
};

} // namespace detail

} // namespace tidings::inline v0

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/message/impl/notice_json.ipp>
#endif

#endif
