// refuse: tidings: this platform cannot send this kind of message;
// refuse: use_one_of
#include <tidings/provider/dingtalk/webhook.hpp>
#include <tidings/tidings.hpp>
#include <tidings/webhook.hpp>

using namespace tidings;

#ifdef NEAR_MISS
auto webhook_message(webhook<dingtalk>& group)
{
    return group.send(dingtalk::native("link", "{}"));
}
#else
auto webhook_message(webhook<dingtalk>& group)
{
    return group.send(lark::card("{}"));
}
#endif
