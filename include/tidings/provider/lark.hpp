// Lark, the platform's international brand.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_PROVIDER_LARK_HPP
#define TIDINGS_PROVIDER_LARK_HPP

#include <tidings/provider/lark/platform.hpp>

namespace tidings::inline v0 {

/// Lark at open.larksuite.com. An application of Feishu is not one of Lark; choose the one whose console shows yours.
///
/// People: `match::email` and `match::phone_number` are looked up (scope `contact:user.id:readonly`),
/// `match::login_name` is used directly (scope `contact:user.employee_id:readonly`). Messages: `text`, `markdown`,
/// `lark::card` (scope `im:message:send_as_bot`).
class lark : public providers::lark::platform<providers::lark::lark_brand>
{
};

} // namespace tidings::inline v0

#endif
