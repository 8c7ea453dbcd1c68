// refuse: tidings: one of the policies fills no slot of a webhook, which has base_url, channel_language, clock,
#include <tidings/provider/wecom/webhook.hpp>
#include <tidings/tidings.hpp>
#include <tidings/webhook.hpp>

using namespace tidings;

#ifdef NEAR_MISS
template class tidings::webhook<wecom, transport::http, deadline>;
#else
template class tidings::webhook<wecom, transport::http, token_cache::none>;
#endif
