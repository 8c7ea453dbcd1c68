// A ready-made set of event types: SQL tasks, permission requests, data exports.
//
// The set is this library's own. It follows the workflows that database consoles have; no platform defines it.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SUBSCRIPTION_EVENT_TYPES_HPP
#define TIDINGS_SUBSCRIPTION_EVENT_TYPES_HPP

#include <tidings/subscription/event_type.hpp>

#include <string_view>

namespace tidings::inline v0::subscription {

/// A change of a database that people submit, approve and execute.
struct sql_task
{
    static constexpr std::string_view name = "sql_task";
    static constexpr config::label title{"SQL task", "SQL 任务"};

    enum class node
    {
        to_be_submitted,
        to_be_approved,
        approved,
        rejected,
        to_be_executed,
        executed,
        execution_failed,
        rolled_back,
        withdrawn
    };
    static constexpr typed_node<node> nodes[] = {
        {node::to_be_submitted, {"to_be_submitted", {"to be submitted", "待提交"}, role::submitter, purpose::action}},
        {node::to_be_approved,
         {"to_be_approved", {"to be approved", "待审批"}, role::approvers, purpose::action, true}},
        {node::approved, {"approved", {"approved", "审批通过"}, role::submitter}},
        {node::rejected, {"rejected", {"rejected", "审批驳回"}, role::submitter}},
        {node::to_be_executed, {"to_be_executed", {"to be executed", "待执行"}, role::executor, purpose::action}},
        {node::executed, {"executed", {"executed", "执行成功"}, {role::submitter, role::executor}}},
        {node::execution_failed,
         {"execution_failed",
          {"execution failed", "执行失败"},
          {role::submitter, role::executor},
          purpose::information,
          true}},
        {node::rolled_back, {"rolled_back", {"rolled back", "已回滚"}, {role::submitter, role::executor}}},
        {node::withdrawn, {"withdrawn", {"withdrawn", "已撤回"}, role::approvers}}};
};

/// A request for access to data.
struct permission_request
{
    static constexpr std::string_view name = "permission_request";
    static constexpr config::label title{"Permission request", "权限申请"};

    enum class node
    {
        to_be_submitted,
        to_be_approved,
        approved,
        rejected,
        withdrawn,
        expires_soon,
        expired
    };
    static constexpr typed_node<node> nodes[] = {
        {node::to_be_submitted, {"to_be_submitted", {"to be submitted", "待提交"}, role::submitter, purpose::action}},
        {node::to_be_approved,
         {"to_be_approved", {"to be approved", "待审批"}, role::approvers, purpose::action, true}},
        {node::approved, {"approved", {"approved", "审批通过"}, role::submitter}},
        {node::rejected, {"rejected", {"rejected", "审批驳回"}, role::submitter}},
        {node::withdrawn, {"withdrawn", {"withdrawn", "已撤回"}, role::approvers}},
        {node::expires_soon, {"expires_soon", {"expires soon", "即将到期"}, role::submitter}},
        {node::expired, {"expired", {"expired", "已到期"}, role::submitter}}};
};

/// A file with exported data.
struct data_export
{
    static constexpr std::string_view name = "data_export";
    static constexpr config::label title{"Data export", "数据导出"};

    enum class node
    {
        to_be_submitted,
        to_be_approved,
        approved,
        rejected,
        ready,
        failed,
        file_expires,
        withdrawn
    };
    static constexpr typed_node<node> nodes[] = {
        {node::to_be_submitted, {"to_be_submitted", {"to be submitted", "待提交"}, role::submitter, purpose::action}},
        {node::to_be_approved,
         {"to_be_approved", {"to be approved", "待审批"}, role::approvers, purpose::action, true}},
        {node::approved, {"approved", {"approved", "审批通过"}, role::submitter}},
        {node::rejected, {"rejected", {"rejected", "审批驳回"}, role::submitter}},
        {node::ready, {"ready", {"ready", "可下载"}, role::submitter, purpose::action}},
        {node::failed, {"failed", {"failed", "导出失败"}, role::submitter}},
        {node::file_expires, {"file_expires", {"file expires", "文件即将过期"}, role::submitter}},
        {node::withdrawn, {"withdrawn", {"withdrawn", "已撤回"}, role::approvers}}};
};

/// The ready-made set.
using ready_made = event_set<sql_task, permission_request, data_export>;

} // namespace tidings::inline v0::subscription

#endif
