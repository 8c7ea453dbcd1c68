// One setting that an administrator enters: how it is named, shown and checked.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_CONFIG_FIELD_HPP
#define TIDINGS_CONFIG_FIELD_HPP

#include <tidings/config/problem.hpp>
#include <tidings/config/secret_setting.hpp>

#include <boost/hana/accessors.hpp>
#include <boost/hana/define_struct.hpp>
#include <boost/hana/first.hpp>
#include <boost/hana/for_each.hpp>
#include <boost/hana/second.hpp>
#include <boost/hana/size.hpp>
#include <boost/hana/unpack.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace tidings::inline v0::config {

/// What a form shows for a field.
enum class field_kind
{
    text,
    secret,  ///< Not shown while it is entered, and never afterwards.
    number,  ///< Digits. In JSON a number or digit text.
    choice,  ///< One of `field::choices`.
    choices, ///< Several of `field::choices`, in order of preference. In JSON one of them or an array.
    url,
    path
};

/// The description of one setting. The JSON file, environment variables, command-line flags and forms are made from it.
struct field
{
    std::string_view name{}; ///< The member in JSON: "app_secret".
    field_kind kind = field_kind::text;
    bool required = false;
    label title{};              ///< As the platform's console calls it: "App Secret".
    label help{};               ///< Where to find it, and what it looks like.
    std::string_view pattern{}; ///< An ECMAScript regular expression for the whole value. Empty: any text.
    std::span<std::string_view const> choices{};
};

/// Several values of `field::choices`.
using choice_list = std::vector<std::string>;

/// The value of one field, wherever it is.
using value_ref = std::variant<std::string*, secret_setting*, std::optional<std::int64_t>*, choice_list*>;

/// A field together with its value in a struct of settings.
struct bound_field
{
    field const* description;
    value_ref value;
};

/// The fields of `settings`, in the order of their declaration.
///
/// @tparam Settings  A Hana struct whose static member `fields` describes its members in the same order.
template<class Settings>
std::vector<bound_field> fields_of(Settings& settings)
{
    namespace hana = boost::hana;
    static_assert(hana::value(hana::size(hana::accessors<Settings>())) == std::size(Settings::fields),
                  "tidings: each member of the settings has one description in `fields`");
    static_assert(
        hana::unpack(hana::accessors<Settings>(),
                     [](auto const&... member) {
                         std::size_t i = 0;
                         return ((std::string_view(hana::first(member).c_str()) == Settings::fields[i++].name) && ...);
                     }),
        "tidings: the descriptions in `fields` have the names and the order of the members");
    std::vector<bound_field> out;
    out.reserve(std::size(Settings::fields));
    hana::for_each(hana::accessors<Settings>(), [&](auto const& member) {
        out.push_back({&Settings::fields[out.size()], &hana::second(member)(settings)});
    });
    return out;
}

/// Reads the value of one field from text: what was typed, a variable or a flag.
///
/// @param to         Changed only if the text is valid.
/// @param text       `choices`: with commas between. A secret may be a reference, see `secret_setting`.
/// @param where      What a problem is about.
/// @param directory  What the path of `file:PATH` is relative to: that of the file which the settings are saved to. Empty:
///                   the working directory.
TIDINGS_DECL bool read_text(bound_field const& to, std::string_view text, std::string_view where, problems& out,
                            std::string_view directory = {});

/// Reads what environment variables set. A variable is named `prefix` and the field's name in capitals:
/// `TIDINGS_LARK_APP_ID`. An unset or empty variable changes nothing.
///
/// @param variable  `std::getenv`, or a replacement of the same signature.
TIDINGS_DECL void read_environment(std::span<bound_field const> fields, std::string_view prefix, problems& out,
                                   char* (*variable)(char const*));

/// The command-line flag of a field: `--app-id`. A flag of a secret takes only a reference.
TIDINGS_DECL std::string flag_of(field const& f);

/// Whether the field has a value.
TIDINGS_DECL bool has_value(bound_field const& f);

/// The value for display. A secret's reference as it was written, nothing for a secret itself.
TIDINGS_DECL std::string display_text(bound_field const& f);

/// The description of a form as a JSON array, an object for each field: `name`, `label`, `help`, `kind`, `required`,
/// `pattern`, `choices`. `label` and `help` have the members `en` and `zh`.
TIDINGS_DECL std::string form_json(std::span<field const> fields);

} // namespace tidings::inline v0::config

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/config/impl/field.ipp>
#endif

#endif
