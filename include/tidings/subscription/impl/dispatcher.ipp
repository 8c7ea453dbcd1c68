// Finds out which messages an event, or a release of held messages, needs.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SUBSCRIPTION_IMPL_DISPATCHER_IPP
#define TIDINGS_SUBSCRIPTION_IMPL_DISPATCHER_IPP

#include <tidings/impl/derived_key.hpp>
#include <tidings/subscription/dispatcher.hpp>

#include <algorithm>
#include <iterator>

namespace tidings::inline v0::subscription::detail {

/// Makes the outcomes and the jobs of a plan.
class dispatch_planner
{
public:
    dispatch_planner(dispatch_setup const& s, subscriptions const& by)
        : setup_(s), by_(by), routes_(s.routes.get()), now_(s.now())
    {
    }

    void add_event(event what, std::shared_ptr<std::string const> document)
    {
        auto message = message_of(what, by_.types(), &out.known);
        auto const& node = by_.description_of(what.at);
        out.events.emplace_back(std::move(what), std::move(message), node, std::move(document));
    }

    /// The messages about an event that was just added.
    void plan_receivers()
    {
        auto const& what = out.events.back().what;
        auto const names = by_.routes(what.at);
        auto const receivers = receivers_of(what, by_, out.known);
        for (auto const& login_name : receivers)
            for (auto const& name : names)
                plan_message(login_name, name);
        if (receivers.empty())
            for (auto const& name : names)
                if (auto const* const route = find(name); !route || route->via.reaches() == audience::group)
                    plan_message(std::string(), name);
    }

    /// A held message that is due.
    ///
    /// @param event_index  Of `out.events`.
    void plan_held(held_delivery const& held, std::size_t event_index)
    {
        auto const row = add_row(held.id);
        auto const* const route = find(held.id.route);
        if (!route)
            return refuse(row, delivery_status::unconfigured, unconfigured());
        auto& all = lane_of(held.id.route, *route).jobs;
        message_part part(held.id, event_index, row);
        if (held.reason.reason != hold_reason::digest)
        {
            all.emplace_back().parts.push_back(std::move(part));
            return;
        }
        auto& digest = digests_[{held.id.person, held.id.route}];
        auto const bytes = plain_text_of(out.events[event_index].message, language_tag(), true).size();
        if (!digest.is_open || digest.parts == max_digest || digest.bytes + bytes > max_digest_bytes)
        {
            digest = open_digest{true, all.size(), 0, 0};
            all.emplace_back();
        }
        all[digest.job].parts.push_back(std::move(part));
        ++digest.parts;
        digest.bytes += bytes;
    }

    void refuse(std::size_t row, delivery_status status, failure why)
    {
        out.outcomes[row].status = status;
        out.outcomes[row].why = std::move(why);
        out.settled.push_back(row);
    }

    std::size_t add_row(delivery_id id)
    {
        out.outcomes.emplace_back(std::move(id));
        return out.outcomes.size() - 1;
    }

    bool is_due(held_delivery const& held, event const& what) const
    {
        auto const* const known = out.known.find(held.id.person);
        person const unknown(held.id.person);
        auto const* const route = find(held.id.route);
        return may_go(what, known ? *known : unknown, held.id.route) &&
               subscription::is_due(held.reason, known ? *known : unknown, by_.description_of(what.at), now_,
                                    setup_.how.zones, route ? route->how.held_by : hold_rules());
    }

    dispatch_plan out;

private:
    /// A digest has so many messages at most, and its text so many bytes: platforms limit the size of a card.
    static constexpr std::size_t max_digest = 10;
    static constexpr std::size_t max_digest_bytes = 1500;

    class open_digest
    {
    public:
        open_digest() = default;
        open_digest(bool open, std::size_t index, std::size_t n, std::size_t size) noexcept
            : is_open(open), job(index), parts(n), bytes(size)
        {
        }

        bool is_open = false;
        std::size_t job = 0;
        std::size_t parts = 0;
        std::size_t bytes = 0;
    };

    static failure unconfigured()
    {
        static constexpr remedy_text configure_it{
            "Configure the channel, the webhook or the mail server of this route, or remove the route from the "
            "subscription. The event given again is then sent by this route alone.",
            "请配置该路径对应的通道、Webhook 或邮件服务器，或从订阅中移除该路径。之后再次提交该事件，只会补发此路径。"};
        return make_failure(errc::invalid_argument, [](diagnostics& facts) {
            facts.detail = "Unconfigured";
            facts.remedy = &configure_it;
        });
    }

    configured_route const* find(std::string_view name) const
    {
        auto const found = routes_->find(name);
        return found == routes_->end() ? nullptr : &found->second;
    }

    dispatch_lane& lane_of(std::string const& name, configured_route const& route)
    {
        auto const [found, is_new] = lanes_.emplace(name, out.lanes.size());
        if (is_new)
            out.lanes.emplace_back(route.via);
        return out.lanes[found->second];
    }

    /// Whether messages may go to a person by a route: also when they were held while they might.
    bool may_go(event const& what, person const& to, std::string_view name) const
    {
        if (name.starts_with(route::personal_prefix) && !to.uses_channel(name.substr(route::personal_prefix.size())))
            return false;
        return !setup_.how.allow || to.login_name.empty() || setup_.how.allow(what, to, name);
    }

    void plan_message(std::string const& login_name, std::string const& name)
    {
        auto const index = out.events.size() - 1;
        auto const& what = out.events[index].what;
        auto const* const known = out.known.find(login_name);
        person const unknown(login_name);
        person const& to = known ? *known : unknown;
        if (!may_go(what, to, name))
            return;
        auto const row = add_row(delivery_id(what.id, login_name, name));
        auto const* const route = find(name);
        if (!route)
            return refuse(row, delivery_status::unconfigured, unconfigured());
        auto& jobs = lane_of(name, *route).jobs;
        if (route->via.reaches() == audience::group)
        {
            if (jobs.empty())
                jobs.emplace_back().parts.emplace_back(delivery_id(what.id, std::string(), name), index, row);
            else
                jobs.front().parts.front().rows.push_back(row);
            return;
        }
        auto& job = jobs.emplace_back();
        job.parts.emplace_back(out.outcomes[row].id, index, row);
        job.held = hold_until(to, by_.description_of(what.at), now_, setup_.how.zones, route->how.held_by);
        if (job.held && !out.events[index].document)
            out.events[index].document = std::make_shared<std::string const>(what.text(by_.types()));
    }

    dispatch_setup const& setup_;
    subscriptions const& by_;
    std::shared_ptr<route_table const> routes_;
    std::chrono::sys_seconds now_;
    std::map<std::string, std::size_t, std::less<>> lanes_;
    std::map<std::pair<std::string, std::string>, open_digest> digests_; ///< By person and route.
};

inline void add_people_of(event const& what, people_query& out)
{
    for (auto const* const login_name : {&what.submitter, &what.executor, &what.data_owner})
        if (!login_name->empty())
            out.login_names.push_back(*login_name);
    out.login_names.insert(out.login_names.end(), what.approvers.begin(), what.approvers.end());
}

TIDINGS_DECL result<void> check_event(event const& what, subscriptions const& by)
{
    auto const types = by.types();
    if (what.at.type >= types.size() || what.at.node >= types[what.at.type].nodes.size())
        return make_failure(errc::invalid_argument, "the event is of no type, or of no node, of the subscriptions");
    // An event that is made by a program keeps to the same rules as one that is read: it may have to be kept.
    auto const read = event::parse(types, what.text(types));
    if (!read)
        return make_failure(errc::invalid_argument, "the event is not valid: " + config::to_string(read.error()));
    return {};
}

TIDINGS_DECL people_query query_of(event const& what, subscriptions const& by)
{
    people_query out;
    add_people_of(what, out);
    auto const& added = by.receivers(what.at);
    out.login_names.insert(out.login_names.end(), added.begin(), added.end());
    if (what.approvers.empty() && by.receiver_roles(what.at).has(role::approvers))
        out.roles.emplace_back("approver");
    return out;
}

TIDINGS_DECL dispatch_plan plan_event(dispatch_setup const& setup, event what, subscriptions const& by, people known)
{
    dispatch_planner planner(setup, by);
    planner.out.known = std::move(known);
    planner.add_event(std::move(what), nullptr);
    planner.plan_receivers();
    return std::move(planner.out);
}

TIDINGS_DECL held_messages::held_messages(std::vector<held_delivery> all_held, std::span<type_description const> types)
    : all(std::move(all_held))
{
    for (auto const& held : all)
        if (!events_.contains(held.event.get()))
            events_.emplace(held.event.get(),
                            event::parse(types, held.event ? std::string_view(*held.event) : std::string_view()));
}

TIDINGS_DECL people_query query_of(held_messages const& held)
{
    people_query out;
    for (auto const& one : held.all)
        out.login_names.push_back(one.id.person);
    held.for_each_event([&out](event const& what) { add_people_of(what, out); });
    return out;
}

TIDINGS_DECL dispatch_plan plan_release(dispatch_setup const& setup, held_messages held, subscriptions const& by,
                                        people known)
{
    dispatch_planner planner(setup, by);
    planner.out.known = std::move(known);
    std::map<std::string const*, std::size_t> index_of;
    for (auto const& one : held.all)
    {
        auto const& what = held.event_of(one);
        if (!what)
        {
            auto const row = planner.add_row(one.id);
            planner.refuse(row, delivery_status::failed,
                           make_failure(errc::invalid_argument,
                                        "the held event cannot be read: " + config::to_string(what.error())));
            continue;
        }
        if (!planner.is_due(one, *what))
            continue;
        auto const [found, is_new] = index_of.emplace(one.event.get(), planner.out.events.size());
        if (is_new)
            planner.add_event(*what, one.event);
        planner.plan_held(one, found->second);
    }
    return std::move(planner.out);
}

/// Appends a message whose first line is its title.
inline void add_to_digest(std::string& digest, std::string_view message)
{
    digest += digest.empty() ? "- " : "\n- ";
    for (char const c : message)
    {
        digest += c;
        if (c == '\n')
            digest += "  ";
    }
}

/// One message about several events.
inline notice digest_of(dispatch_plan const& plan, std::vector<message_part const*> const& parts)
{
    auto const count = std::to_string(parts.size());
    localized title(count + " messages");
    title.in("zh", count + " 条消息");
    notice out(std::move(title));
    std::string english;
    std::string chinese;
    for (auto const* const part : parts)
    {
        auto const& one = plan.events[part->event];
        add_to_digest(english, plain_text_of(one.message, language_tag(), true));
        add_to_digest(chinese, plain_text_of(one.message, language_tag("zh"), true));
    }
    localized body(std::move(english));
    body.in("zh", std::move(chinese));
    out.body(std::move(body));
    return out;
}

/// The people that a message to a group is about, as a fact of it.
inline void name_people(notice& to, dispatch_plan const& plan, message_part const& part)
{
    constexpr std::size_t max_names = 10;
    std::string names;
    std::size_t count = 0;
    for (auto const row : part.rows)
    {
        auto const& login_name = plan.outcomes[row].id.person;
        if (login_name.empty() || ++count > max_names)
            continue;
        auto const* const known = plan.known.find(login_name);
        (names += names.empty() ? "" : ", ") += known && !known->name.empty() ? known->name : login_name;
    }
    if (names.empty())
        return;
    if (count > max_names)
        names += ", … (" + std::to_string(count) + ")";
    localized label("For");
    label.in("zh", "相关人员");
    to.fact(std::move(label), localized(std::move(names)));
}

TIDINGS_DECL idempotency_key key_of(std::vector<message_part const*> const& parts)
{
    if (parts.size() == 1)
        return parts.front()->id.key();
    std::vector<std::string> keys;
    for (auto const* const part : parts)
        keys.emplace_back(part->id.key().view());
    std::sort(keys.begin(), keys.end());
    std::string all;
    for (auto const& key : keys)
        (all += key) += '\n';
    return tidings::detail::derived_key(idempotency_key("digest"), {all});
}

TIDINGS_DECL notification notification_of(dispatch_setup const& setup, dispatch_plan const& plan,
                                          std::vector<message_part const*> const& parts, audience reaches)
{
    auto const& first = *parts.front();
    auto const& about = plan.events[first.event];
    auto const* const known = plan.known.find(first.id.person);
    notification out(known ? *known : person(first.id.person),
                     parts.size() > 1 ? digest_of(plan, parts) : about.message, key_of(parts));
    out.language = out.to.language.empty() ? setup.how.language : language_tag(out.to.language);
    for (auto const* const part : parts)
        out.events.push_back(part->id.event);
    if (parts.size() > 1)
        return out;
    out.wants = about.wants;
    out.urgent = about.urgent;
    out.link = about.what.link;
    if (reaches == audience::group)
        name_people(out.message, plan, first);
    return out;
}

TIDINGS_DECL failure log_failure_of(std::exception_ptr const& thrown)
{
    if (tidings::detail::is_out_of_memory(thrown))
        std::rethrow_exception(thrown);
    return make_failure(errc::invalid_argument, "the log of deliveries failed" + tidings::detail::text_of(thrown));
}

TIDINGS_DECL failure preparation_failure_of(std::exception_ptr const& thrown)
{
    auto out = tidings::detail::failure_of(thrown);
    return failure(errc::invalid_argument, boost::intrusive_ptr<diagnostics const>(out.facts()));
}

TIDINGS_DECL failure route_failure_of(std::exception_ptr const& thrown)
{
    try
    {
        std::rethrow_exception(thrown);
    }
    catch (boost::system::system_error const& e)
    {
        if (e.code() == boost::asio::error::operation_aborted)
            return errc::cancelled;
    }
    catch (...)
    {
    }
    return tidings::detail::failure_of(thrown);
}

} // namespace tidings::inline v0::subscription::detail

#endif
