// Feishu, the platform's brand in mainland China.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_FEISHU_HPP
#define TIDINGS_PROVIDER_FEISHU_HPP

#include <tidings/provider/lark/platform.hpp>

namespace tidings::inline v0 {

/// Feishu at open.feishu.cn. An application of Lark is not one of Feishu; choose the one whose console shows yours.
///
/// People: `match::email` and `match::phone_number` are looked up (scope `contact:user.id:readonly`),
/// `match::login_name` is used directly (scope `contact:user.employee_id:readonly`). Messages: `text`, `markdown`,
/// `feishu::card` (scope `im:message:send_as_bot`).
class feishu : public providers::lark::platform<providers::lark::feishu_brand>
{
};

} // namespace tidings::inline v0

#endif
