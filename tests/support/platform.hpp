// A sandbox and notifiers that talk to it.
#ifndef TIDINGS_TESTS_SUPPORT_PLATFORM_HPP
#define TIDINGS_TESTS_SUPPORT_PLATFORM_HPP

#include <tidings/sandbox/server.hpp>
#include <tidings/tidings.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace test {

namespace td = tidings;

template<class Provider>
std::string brand()
{
    return std::string(td::platform_name_of<Provider>());
}

inline td::dingtalk::credentials dingtalk_of(td::sandbox::dingtalk_app const& app)
{
    td::dingtalk::credentials out(app.app_key, td::secret(app.app_secret));
    if (!app.robot_code.empty())
        out.robot_code(app.robot_code);
    return out;
}

/// Credentials of the platform's first application: the good one, in the standard world.
template<class Provider>
typename Provider::credentials credentials(td::sandbox::server const& platform)
{
    if constexpr (std::is_same_v<Provider, td::dingtalk>)
        return dingtalk_of(platform.dingtalk_app());
    else if constexpr (std::is_same_v<Provider, td::dingtalk_work>)
    {
        auto const app = platform.dingtalk_app();
        td::dingtalk_work::credentials out(app.app_key, td::secret(app.app_secret));
        out.agent_id(app.agent_id);
        return out;
    }
    else if constexpr (std::is_same_v<Provider, td::wecom>)
    {
        auto const app = platform.wecom_app();
        return {app.corp_id, td::secret(app.secret), app.agent_id};
    }
    else
    {
        auto const app = platform.app(Provider::name);
        return {app.app_id, td::secret(app.app_secret)};
    }
}

/// Credentials of the application with this id.
template<class Provider>
typename Provider::credentials credentials(td::sandbox::server const& platform, std::string_view app_id)
{
    auto const world = platform.world();
    auto const* const app = world.find_app(app_id);
    return {app->app_id, td::secret(app->app_secret)};
}

template<class Provider>
td::base_url url(td::sandbox::server const& platform)
{
    return td::base_url(platform.url(td::platform_name_of<Provider>()));
}

inline std::ptrdiff_t count_requests(td::sandbox::server const& platform, std::string_view path)
{
    auto const all = platform.requests();
    return std::count_if(all.begin(), all.end(),
                         [path](auto const& r) { return r.target.compare(0, path.size(), path) == 0; });
}

/// The value of `name` in the query of a request, and how often it stands there.
inline std::pair<std::string, int> query_of(td::sandbox::recorded_request const& r, std::string_view name)
{
    std::pair<std::string, int> out;
    auto const begin = r.target.find('?');
    for (auto at = begin; at != std::string::npos; at = r.target.find('&', at + 1))
    {
        auto const word = std::string_view(r.target).substr(at + 1);
        if (!word.starts_with(name) || !word.substr(name.size()).starts_with('='))
            continue;
        auto const value = word.substr(name.size() + 1);
        out.first = value.substr(0, value.find('&'));
        ++out.second;
    }
    return out;
}

/// The token that a request carries, in whatever place.
inline std::string token_in(td::sandbox::recorded_request const& r)
{
    constexpr std::string_view bearer = "Bearer ";
    if (auto const value = r.header("Authorization"); value.starts_with(bearer))
        return std::string(value.substr(bearer.size()));
    if (auto const value = r.header("x-acs-dingtalk-access-token"); !value.empty())
        return std::string(value);
    return query_of(r, "access_token").first;
}

inline constexpr std::string_view token_path = "/open-apis/auth/v3/tenant_access_token/internal";
inline constexpr std::string_view look_up_path = "/open-apis/contact/v3/users/batch_get_id";
inline constexpr std::string_view send_path = "/open-apis/im/v1/messages";

} // namespace test

#endif
