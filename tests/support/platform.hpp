// A sandbox and notifiers that talk to it.
#ifndef TIDINGS_TESTS_SUPPORT_PLATFORM_HPP
#define TIDINGS_TESTS_SUPPORT_PLATFORM_HPP

#include <tidings/sandbox/server.hpp>
#include <tidings/tidings.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace test {

namespace td = tidings;

template<class Provider>
std::string brand()
{
    return std::string(Provider::name);
}

template<class Provider>
typename Provider::credentials credentials(td::sandbox::server const& platform)
{
    auto const app = platform.app(Provider::name);
    return {app.app_id, td::secret(app.app_secret)};
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
    return td::base_url(platform.url(Provider::name));
}

inline std::ptrdiff_t count_requests(td::sandbox::server const& platform, std::string_view path)
{
    auto const all = platform.requests();
    return std::count_if(all.begin(), all.end(),
                         [path](auto const& r) { return r.target.compare(0, path.size(), path) == 0; });
}

inline constexpr std::string_view token_path = "/open-apis/auth/v3/tenant_access_token/internal";
inline constexpr std::string_view look_up_path = "/open-apis/contact/v3/users/batch_get_id";
inline constexpr std::string_view send_path = "/open-apis/im/v1/messages";

} // namespace test

#endif
