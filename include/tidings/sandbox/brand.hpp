// Which platform something belongs to.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_BRAND_HPP
#define TIDINGS_SANDBOX_BRAND_HPP

#include <string_view>

namespace tidings::inline v0::sandbox {

/// Which platform. Lark and Feishu: same wire, other company, other people's data.
enum class brand
{
    lark,
    feishu,
    dingtalk,
    wecom,
};

/// "lark", "feishu", "dingtalk" or "wecom". Does not throw.
std::string_view to_string(brand which) noexcept;

} // namespace tidings::inline v0::sandbox

#endif
