// refuse: tidings_this_placeholder_does_not_exist
#include <tidings/subscription/text_template.hpp>

namespace subscription_placeholder {

#ifdef NEAR_MISS
constexpr tidings::subscription::text_template title("{subject} waits for {approvers}");
#else
constexpr tidings::subscription::text_template title("{subject} waits for {approver}");
#endif

} // namespace subscription_placeholder
