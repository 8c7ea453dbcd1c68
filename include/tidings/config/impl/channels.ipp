// Reads and writes the file with an organisation's channels.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_CONFIG_IMPL_CHANNELS_IPP
#define TIDINGS_CONFIG_IMPL_CHANNELS_IPP

#include <tidings/config/channels.hpp>
#include <tidings/config/detail/fields.hpp>
#include <tidings/config/detail/file.hpp>
#include <tidings/config/detail/json_document.hpp>
#include <tidings/config/detail/migration.hpp>
#include <tidings/detail/failure.hpp>

#include <algorithm>
#include <utility>

namespace tidings::inline v0::config {

namespace detail {

// Names of webhooks are parts of routes, such as webhook:ops, and of file formats that have commas.
inline bool is_route_name(std::string_view name) noexcept
{
    constexpr std::size_t max_length = 64;
    return !name.empty() && name.size() <= max_length && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
               c == '.';
    });
}

/// The steps from version to version: none so far, since there is one version.
inline std::span<migration_step const> channels_migrations() noexcept
{
    return {};
}

/// The fields of a constant, for what only reads them.
template<class Settings>
std::vector<bound_field> fields_of_constant(Settings const& settings)
{
    return config::fields_of(const_cast<Settings&>(settings));
}

/// Whether to write secrets, or only references to them.
enum class secrets
{
    written,
    left_out
};

inline json_node write_settings(std::vector<bound_field> fields, secrets which)
{
    if (which == secrets::left_out)
        std::erase_if(fields, [](bound_field const& f) {
            auto* const* const hidden = std::get_if<secret_setting*>(&f.value);
            return hidden && (*hidden)->reference().empty();
        });
    return write_fields(fields);
}

} // namespace detail

TIDINGS_DECL channel const* channels::find(std::string_view name) const noexcept
{
    auto const found = channels_.find(name);
    return found == channels_.end() ? nullptr : &found->second;
}

TIDINGS_DECL void channels::set(channel c)
{
    auto const name = name_of(c);
    channels_.insert_or_assign(std::string(name), std::move(c));
}

TIDINGS_DECL bool channels::remove(std::string_view name)
{
    auto const found = channels_.find(name);
    if (found == channels_.end())
        return false;
    channels_.erase(found);
    return true;
}

TIDINGS_DECL std::string channels::status_of(std::string_view name) const
{
    auto const* const c = find(name);
    return c ? "Configured: " + app_id_of(*c) : "Unconfigured";
}

TIDINGS_DECL checked<channels> channels::parse(std::string_view text, std::string_view directory)
{
    problems wrong;
    auto root = detail::parse_json(text, wrong);
    if (!root || !detail::migrate(*root, version, detail::channels_migrations(), wrong) ||
        !detail::is_object_of(*root, "", {"version", "channels", "webhooks", "smtp"}, wrong))
        return wrong;
    channels out;
    if (auto const* const all = root->find("channels");
        all && detail::is_object_of(*all, "/channels", {std::begin(channel_names), std::end(channel_names)}, wrong))
        for (auto const& [name, settings] : all->members())
            if (auto made = make_channel(name))
            {
                auto const where = detail::pointer_to("/channels", name);
                auto const before = wrong.size();
                detail::read_fields(config::fields_of(*made), settings, where, directory, wrong);
                if (settings.is_object())
                {
                    problems incomplete;
                    check(*made, where, incomplete);
                    // A field that is there and not valid is not missing.
                    for (auto& p : incomplete)
                        if (std::none_of(wrong.begin() + static_cast<std::ptrdiff_t>(before), wrong.end(),
                                         [&p](problem const& known) {
                                             return known.where() == p.where() ||
                                                    known.where().starts_with(p.where() + '/');
                                         }))
                            wrong.push_back(std::move(p));
                }
                out.set(*std::move(made));
            }
    auto const read_settings = [&](auto& settings, detail::json_node const& from, std::string const& where) {
        auto const fields = config::fields_of(settings);
        auto const before = wrong.size();
        detail::read_fields(fields, from, where, directory, wrong);
        if (wrong.size() == before)
            detail::check_required(fields, where, wrong);
    };
    if (auto const* const all = root->find("webhooks"))
    {
        if (!all->is_object())
            wrong.emplace_back("/webhooks", "must be a JSON object", "必须是 JSON 对象");
        for (auto const& [name, from] : all->members())
        {
            auto const where = detail::pointer_to("/webhooks", name);
            if (!detail::is_route_name(name))
                wrong.emplace_back(where, "the name of a webhook has 1 to 64 letters, digits, '-', '_' and '.'",
                                   "Webhook 名称由 1 到 64 个字母、数字、“-”、“_”、“.”组成");
            read_settings(out.webhooks[name], from, where);
        }
    }
    if (auto const* const from = root->find("smtp"))
        read_settings(out.smtp.emplace(), *from, "/smtp");
    if (!wrong.empty())
        return wrong;
    return out;
}

TIDINGS_DECL checked<channels> channels::load(std::string const& path)
{
    constexpr std::size_t max_bytes = std::size_t{1} << 20;
    tidings::detail::wiped_bytes bytes;
    struct stat is;
    if (auto why = detail::read_file(path, max_bytes, detail::file_access::any, bytes, &is); !why.empty())
        return problems{problem("", std::move(why))};
    auto const slash = path.find_last_of('/');
    auto out = parse({bytes.data(), bytes.size()}, slash == path.npos ? "" : path.substr(0, slash + 1));
    if (out && out->has_secret())
        if (auto const why = detail::exposure_of(is); !why.empty())
            return problems{problem("", "contains a secret and " + why)};
    return out;
}

TIDINGS_DECL bool channels::has_secret() const
{
    auto const has = [](auto const& settings) {
        return detail::has_literal_secret(detail::fields_of_constant(settings));
    };
    return std::any_of(channels_.begin(), channels_.end(), [&has](auto const& c) { return has(c.second); }) ||
           std::any_of(webhooks.begin(), webhooks.end(), [&has](auto const& w) { return has(w.second); }) ||
           (smtp && has(*smtp));
}

TIDINGS_DECL void channels::write(tidings::detail::wiped_string& out, bool with_secrets) const
{
    using detail::json_node;
    auto const which = with_secrets ? detail::secrets::written : detail::secrets::left_out;
    auto const settings_of = [which](auto const& settings) {
        return detail::write_settings(detail::fields_of_constant(settings), which);
    };
    json_node root(json_node::kind::object);
    root.add("version", json_node(version));
    json_node all(json_node::kind::object);
    for (auto const name : channel_names)
        if (auto const* const c = find(name))
            all.add(std::string(name), settings_of(*c));
    root.add("channels", std::move(all));
    if (!webhooks.empty())
    {
        json_node groups(json_node::kind::object);
        for (auto const& [name, settings] : webhooks)
            groups.add(name, settings_of(settings));
        root.add("webhooks", std::move(groups));
    }
    if (smtp)
        root.add("smtp", settings_of(*smtp));
    detail::write_json(root, out);
    out += '\n';
}

TIDINGS_DECL std::string channels::text_without_secrets() const
{
    tidings::detail::wiped_string out;
    write(out, false);
    return std::string(out.view());
}

TIDINGS_DECL result<void> channels::save(std::string const& path) const
{
    tidings::detail::wiped_string text;
    write(text, true);
    if (auto why = detail::replace_file(path, text, has_secret()); !why.empty())
        return make_failure(errc::invalid_argument, [&](diagnostics& facts) {
            facts.operation = "save settings";
            facts.detail = printable_text(path) + " " + why;
        });
    return {};
}

} // namespace tidings::inline v0::config

#endif
