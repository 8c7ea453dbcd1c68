// The two regions of one platform.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_LARK_BRAND_HPP
#define TIDINGS_PROVIDER_LARK_BRAND_HPP

#include <string_view>

namespace tidings::inline v0::providers::lark {

/// The differences between Lark and Feishu: addresses and the language of a post. Their API is the same.
/// Source: the base URLs of the platforms' own SDKs.
struct brand
{
    constexpr brand(std::string_view n, std::string_view t, std::string_view api, std::string_view pages,
                    std::string_view language) noexcept
        : name(n), title(t), base_url(api), console(pages), locale(language)
    {
    }

    std::string_view name;
    std::string_view title;
    std::string_view base_url;
    std::string_view console;
    std::string_view locale;
};

inline constexpr brand lark_brand{"lark", "Lark", "https://open.larksuite.com", "https://open.larksuite.com/app",
                                  "en_us"};
inline constexpr brand feishu_brand{"feishu", "Feishu", "https://open.feishu.cn", "https://open.feishu.cn/app",
                                    "zh_cn"};

} // namespace tidings::inline v0::providers::lark

#endif
