// Reads, changes and writes subscriptions.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SUBSCRIPTION_IMPL_SUBSCRIPTIONS_IPP
#define TIDINGS_SUBSCRIPTION_IMPL_SUBSCRIPTIONS_IPP

#include <tidings/config/channel.hpp>
#include <tidings/config/detail/json_document.hpp>
#include <tidings/config/detail/migration.hpp>
#include <tidings/detail/address.hpp>
#include <tidings/printable_text.hpp>
#include <tidings/subscription/detail/cells.hpp>
#include <tidings/subscription/subscriptions.hpp>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace tidings::inline v0::subscription {

namespace detail {

constexpr std::size_t max_name = 256;

/// What a route is called: letters, digits and a few signs, as in `webhook:ops`.
inline bool is_route(std::string_view name) noexcept
{
    constexpr std::size_t max_length = 80;
    return !name.empty() && name.size() <= max_length && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ':' || c == '-' ||
               c == '_' || c == '.';
    });
}

inline bool is_channel(std::string_view name) noexcept
{
    return std::find(std::begin(config::channel_names), std::end(config::channel_names), name) !=
           std::end(config::channel_names);
}

/// Whether a route can be turned on: also `personal:NAME` only for channels that there are.
inline bool is_usable_route(std::string_view name) noexcept
{
    if (!is_route(name) || name.ends_with(':'))
        return false;
    return !name.starts_with(route::personal_prefix) || is_channel(name.substr(route::personal_prefix.size()));
}

inline std::optional<role> find_role(std::string_view name) noexcept
{
    for (std::size_t i = 0; i != std::size(role_names); ++i)
        if (role_names[i] == name)
            return static_cast<role>(i);
    return std::nullopt;
}

inline std::string names_of(roles all)
{
    std::string out;
    for (std::size_t i = 0; i != std::size(role_names); ++i)
        if (all.has(static_cast<role>(i)))
            (out += out.empty() ? "" : ", ") += role_names[i];
    return out;
}

/// Reads the rows of a document.
class subscription_reader
{
public:
    subscription_reader(subscriptions& out, config::problems& wrong) noexcept : out_(out), wrong_(wrong) {}

    void read_row(json_node const& from, std::string const& where)
    {
        if (!config::detail::is_object_of(from, where,
                                          {"type", "node", "receivers", "routes", "personal_channels",
                                           "default_receivers", "default_routes", "inbox"},
                                          wrong_))
            return;
        auto const at = find_cell(out_.types(), from, where, wrong_);
        if (!at)
            return;
        if (std::find(seen_.begin(), seen_.end(), *at) != seen_.end())
            report(where, "is a second row of the same node", "是同一节点的第二行");
        seen_.push_back(*at);
        std::vector<std::string> receivers;
        each_text(from, where, "receivers", [&](std::string_view name, std::string const& place) {
            auto const login_name = written_login_name(name);
            if (tidings::detail::check_setting(login_name, "the login name", max_name))
                receivers.emplace_back(login_name);
            else
                report(place, "must be a login name: 1 to 256 bytes without control characters",
                       "必须是登录名：1 到 256 字节，不含控制字符");
        });
        out_.insert_receivers(*at, std::move(receivers));
        auto const turn_on = [&](std::string_view name, std::string const& place) {
            if (out_.turn_on(*at, name))
                return;
            if (is_usable_route(name))
                report(place, "is one route too many; there may be " + std::to_string(subscriptions::max_routes),
                       "路由过多；最多 " + std::to_string(subscriptions::max_routes) + " 个");
            else
                report(place, "is no route; routes are inbox, email, webhook:NAME, personal:CHANNEL and your own",
                       "不是路由；路由有 inbox、email、webhook:名称、personal:通道 以及自定义路由");
        };
        each_text(from, where, "routes", turn_on);
        each_text(from, where, "personal_channels", [&](std::string_view name, std::string const& place) {
            if (is_channel(name))
                turn_on(std::string(route::personal_prefix) + std::string(name), place);
            else
                report(place, "must be feishu, lark, dingtalk or wecom", "必须是 feishu、lark、dingtalk 或 wecom");
        });
        read_defaults(from, where, *at, turn_on);
    }

private:
    void report(std::string where, std::string english, std::string chinese)
    {
        wrong_.emplace_back(std::move(where), std::move(english), std::move(chinese));
    }

    template<class F>
    void read_defaults(json_node const& from, std::string const& where, cell at, F const& turn_on)
    {
        if (auto const* const inbox = from.find("inbox"); inbox && (!inbox->is_boolean() || inbox->number() == 0))
            report(pointer_to(where, "inbox"), "must be true: the default route cannot be turned off",
                   "必须为 true：默认路由不能关闭");
        if (from.find("default_routes"))
        {
            bool has_inbox = false;
            each_text(from, where, "default_routes", [&](std::string_view name, std::string const& place) {
                has_inbox = has_inbox || name == route::inbox;
                turn_on(name, place);
            });
            if (!has_inbox)
                report(pointer_to(where, "default_routes"), "must have inbox: the default route cannot be turned off",
                       "必须包含 inbox：默认路由不能关闭");
        }
        if (from.find("default_receivers"))
        {
            roles stated;
            each_text(from, where, "default_receivers", [&](std::string_view name, std::string const& place) {
                if (auto const r = find_role(name))
                    stated = stated | *r;
                else
                    report(place, "must be submitter, approvers, executor or data_owner",
                           "必须是 submitter、approvers、executor 或 data_owner");
            });
            auto const locked = out_.description_of(at).receivers;
            if (!stated.includes(locked))
                report(pointer_to(where, "default_receivers"),
                       "must have " + names_of(locked) + ": default receivers cannot be removed",
                       "必须包含 " + names_of(locked) + "：默认接收人不能移除");
            out_.add_receivers(at, stated);
        }
    }

    template<class F>
    void each_text(json_node const& from, std::string const& where, std::string_view name, F const& f)
    {
        auto const* const list = from.find(name);
        if (!list)
            return;
        auto const place = pointer_to(where, name);
        if (!list->is_array())
            return report(place, "must be an array of strings", "必须是字符串数组");
        for (std::size_t i = 0; i != list->elements().size(); ++i)
            if (list->elements()[i].is_string())
                f(list->elements()[i].text(), pointer_to(place, i));
            else
                report(pointer_to(place, i), "must be a string", "必须是字符串");
    }

    subscriptions& out_;
    config::problems& wrong_;
    std::vector<cell> seen_;
};

inline json_node list_of(std::vector<std::string> const& names)
{
    json_node out(json_node::kind::array);
    for (auto const& name : names)
        out.add(json_node(std::string_view(name)));
    return out;
}

} // namespace detail

TIDINGS_DECL subscriptions::subscriptions(std::span<type_description const> types) : types_(types)
{
    std::size_t count = 0;
    for (auto const& t : types)
    {
        first_.push_back(count);
        count += t.nodes.size();
    }
    rows_.resize(count);
}

TIDINGS_DECL roles subscriptions::receiver_roles(cell at) const noexcept
{
    return description_of(at).receivers | row_of(at).more;
}

TIDINGS_DECL void subscriptions::add_receivers(cell at, roles more)
{
    row_of(at).more = row_of(at).more | more;
}

TIDINGS_DECL std::vector<std::string> const& subscriptions::receivers(cell at) const noexcept
{
    return row_of(at).receivers;
}

TIDINGS_DECL result<void> subscriptions::add_receiver(cell at, std::string login_name)
{
    if (auto const valid = tidings::detail::check_setting(login_name, "the login name", detail::max_name); !valid)
        return valid;
    auto& all = row_of(at).receivers;
    auto const place = std::lower_bound(all.begin(), all.end(), login_name);
    if (place == all.end() || *place != login_name)
        all.insert(place, std::move(login_name));
    return {};
}

TIDINGS_DECL void subscriptions::insert_receivers(cell at, std::vector<std::string> login_names)
{
    auto& all = row_of(at).receivers;
    all.insert(all.end(), std::make_move_iterator(login_names.begin()), std::make_move_iterator(login_names.end()));
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
}

TIDINGS_DECL bool subscriptions::remove_receiver(cell at, std::string_view login_name)
{
    return std::erase(row_of(at).receivers, login_name) != 0;
}

TIDINGS_DECL std::size_t subscriptions::find_route(std::string_view name) const noexcept
{
    return static_cast<std::size_t>(std::find(names_.begin(), names_.end(), name) - names_.begin());
}

TIDINGS_DECL bool subscriptions::is_on(cell at, std::string_view route_name) const noexcept
{
    auto const i = find_route(route_name);
    return i != names_.size() && ((row_of(at).routes >> i) & 1u) != 0;
}

TIDINGS_DECL std::vector<std::string> subscriptions::routes(cell at) const
{
    std::vector<std::string> out;
    for (std::size_t i = 0; i != names_.size(); ++i)
        if (((row_of(at).routes >> i) & 1u) != 0)
            out.push_back(names_[i]);
    return out;
}

TIDINGS_DECL result<void> subscriptions::turn_on(cell at, std::string_view route_name)
{
    if (!detail::is_usable_route(route_name))
        return make_failure(errc::invalid_argument, "\"" + printable_text(route_name) + "\" is no route");
    auto const i = find_route(route_name);
    if (i == max_routes)
        return make_failure(errc::invalid_argument,
                            "there are more than " + std::to_string(max_routes) + " different routes");
    if (i == names_.size())
        names_.emplace_back(route_name);
    row_of(at).routes |= std::uint64_t{1} << i;
    return {};
}

TIDINGS_DECL result<void> subscriptions::turn_off(cell at, std::string_view route_name)
{
    if (route_name == route::inbox)
        return make_failure(errc::invalid_argument, "the inbox is the default route, which cannot be turned off");
    if (auto const i = find_route(route_name); i != names_.size())
        row_of(at).routes &= ~(std::uint64_t{1} << i);
    return {};
}

TIDINGS_DECL config::checked<subscriptions> subscriptions::parse(std::span<type_description const> types,
                                                                 std::string_view text)
{
    config::problems wrong;
    auto root = config::detail::parse_json(text, wrong);
    if (!root || !config::detail::migrate(*root, version, {}, wrong) ||
        !config::detail::is_object_of(*root, "", {"version", "rows"}, wrong))
        return wrong;
    subscriptions out(types);
    detail::subscription_reader reader(out, wrong);
    if (auto const* const rows = root->find("rows"))
    {
        if (!rows->is_array())
            wrong.emplace_back("/rows", "must be an array", "必须是数组");
        for (std::size_t i = 0; i != rows->elements().size(); ++i)
            reader.read_row(rows->elements()[i], config::detail::pointer_to("/rows", i));
    }
    if (!wrong.empty())
        return wrong;
    return out;
}

TIDINGS_DECL std::string subscriptions::text() const
{
    using detail::json_node;
    json_node root(json_node::kind::object);
    root.add("version", json_node(version));
    json_node rows(json_node::kind::array);
    for (cell at; at.type != types_.size(); ++at.type)
        for (at.node = 0; at.node != types_[at.type].nodes.size(); ++at.node)
        {
            std::vector<std::string> on;
            std::vector<std::string> personal;
            for (auto const& name : routes(at))
                if (name.starts_with(route::personal_prefix))
                    personal.push_back(name.substr(route::personal_prefix.size()));
                else if (name != route::inbox)
                    on.push_back(name);
            std::sort(on.begin(), on.end());
            std::sort(personal.begin(), personal.end());
            auto const parts = receiver_roles(at);
            auto const& own = row_of(at);
            if (on.empty() && personal.empty() && own.receivers.empty() && parts == description_of(at).receivers)
                continue;
            json_node entry(json_node::kind::object);
            entry.add("type", json_node(types_[at.type].name));
            entry.add("node", json_node(description_of(at).name));
            if (parts != description_of(at).receivers)
            {
                json_node names(json_node::kind::array);
                for (std::size_t i = 0; i != std::size(role_names); ++i)
                    if (parts.has(static_cast<role>(i)))
                        names.add(json_node(role_names[i]));
                entry.add("default_receivers", std::move(names));
            }
            if (!own.receivers.empty())
                entry.add("receivers", detail::list_of(own.receivers));
            if (!on.empty())
                entry.add("routes", detail::list_of(on));
            if (!personal.empty())
                entry.add("personal_channels", detail::list_of(personal));
            rows.add(std::move(entry));
        }
    root.add("rows", std::move(rows));
    tidings::detail::wiped_string out;
    config::detail::write_json(root, out);
    out += '\n';
    return std::string(out.view());
}

} // namespace tidings::inline v0::subscription

#endif
