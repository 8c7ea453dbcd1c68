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
        {node::to_be_submitted,
         {"to_be_submitted",
          {"to be submitted", "待提交"},
          role::submitter,
          purpose::action,
          false,
          {"{subject}: SQL task waits for you to submit it", "SQL 任务待您提交：{subject}"}}},
        {node::to_be_approved,
         {"to_be_approved",
          {"to be approved", "待审批"},
          role::approvers,
          purpose::action,
          true,
          {"{subject}: SQL task of {submitter} waits for your approval",
           "{submitter} 的 SQL 任务待您审批：{subject}"}}},
        {node::approved,
         {"approved",
          {"approved", "审批通过"},
          role::submitter,
          purpose::information,
          false,
          {"{subject}: SQL task approved", "SQL 任务审批通过：{subject}"}}},
        {node::rejected,
         {"rejected",
          {"rejected", "审批驳回"},
          role::submitter,
          purpose::information,
          false,
          {"{subject}: SQL task rejected", "SQL 任务被驳回：{subject}"}}},
        {node::to_be_executed,
         {"to_be_executed",
          {"to be executed", "待执行"},
          role::executor,
          purpose::action,
          false,
          {"{subject}: SQL task waits for you to execute it", "SQL 任务待您执行：{subject}"}}},
        {node::executed,
         {"executed",
          {"executed", "执行成功"},
          {role::submitter, role::executor},
          purpose::information,
          false,
          {"{subject}: SQL task executed", "SQL 任务执行成功：{subject}"}}},
        {node::execution_failed,
         {"execution_failed",
          {"execution failed", "执行失败"},
          {role::submitter, role::executor},
          purpose::information,
          true,
          {"{subject}: SQL task failed", "SQL 任务执行失败：{subject}"}}},
        {node::rolled_back,
         {"rolled_back",
          {"rolled back", "已回滚"},
          {role::submitter, role::executor},
          purpose::information,
          false,
          {"{subject}: SQL task rolled back", "SQL 任务已回滚：{subject}"}}},
        {node::withdrawn,
         {"withdrawn",
          {"withdrawn", "已撤回"},
          role::approvers,
          purpose::information,
          false,
          {"{subject}: SQL task withdrawn by {submitter}", "{submitter} 撤回了 SQL 任务：{subject}"}}}};
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
        {node::to_be_submitted,
         {"to_be_submitted",
          {"to be submitted", "待提交"},
          role::submitter,
          purpose::action,
          false,
          {"{subject}: permission request waits for you to submit it", "权限申请待您提交：{subject}"}}},
        {node::to_be_approved,
         {"to_be_approved",
          {"to be approved", "待审批"},
          role::approvers,
          purpose::action,
          true,
          {"{subject}: permission request of {submitter} waits for your approval",
           "{submitter} 的权限申请待您审批：{subject}"}}},
        {node::approved,
         {"approved",
          {"approved", "审批通过"},
          role::submitter,
          purpose::information,
          false,
          {"{subject}: permission granted", "权限申请审批通过：{subject}"}}},
        {node::rejected,
         {"rejected",
          {"rejected", "审批驳回"},
          role::submitter,
          purpose::information,
          false,
          {"{subject}: permission request rejected", "权限申请被驳回：{subject}"}}},
        {node::withdrawn,
         {"withdrawn",
          {"withdrawn", "已撤回"},
          role::approvers,
          purpose::information,
          false,
          {"{subject}: permission request withdrawn by {submitter}", "{submitter} 撤回了权限申请：{subject}"}}},
        {node::expires_soon,
         {"expires_soon",
          {"expires soon", "即将到期"},
          role::submitter,
          purpose::information,
          false,
          {"{subject}: permission expires soon", "权限即将到期：{subject}"}}},
        {node::expired,
         {"expired",
          {"expired", "已到期"},
          role::submitter,
          purpose::information,
          false,
          {"{subject}: permission expired", "权限已到期：{subject}"}}}};
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
        {node::to_be_submitted,
         {"to_be_submitted",
          {"to be submitted", "待提交"},
          role::submitter,
          purpose::action,
          false,
          {"{subject}: data export waits for you to submit it", "数据导出待您提交：{subject}"}}},
        {node::to_be_approved,
         {"to_be_approved",
          {"to be approved", "待审批"},
          role::approvers,
          purpose::action,
          true,
          {"{subject}: data export of {submitter} waits for your approval",
           "{submitter} 的数据导出待您审批：{subject}"}}},
        {node::approved,
         {"approved",
          {"approved", "审批通过"},
          role::submitter,
          purpose::information,
          false,
          {"{subject}: data export approved", "数据导出审批通过：{subject}"}}},
        {node::rejected,
         {"rejected",
          {"rejected", "审批驳回"},
          role::submitter,
          purpose::information,
          false,
          {"{subject}: data export rejected", "数据导出被驳回：{subject}"}}},
        {node::ready,
         {"ready",
          {"ready", "可下载"},
          role::submitter,
          purpose::action,
          false,
          {"{subject}: data export is ready to download", "数据导出可下载：{subject}"}}},
        {node::failed,
         {"failed",
          {"failed", "导出失败"},
          role::submitter,
          purpose::information,
          false,
          {"{subject}: data export failed", "数据导出失败：{subject}"}}},
        {node::file_expires,
         {"file_expires",
          {"file expires", "文件即将过期"},
          role::submitter,
          purpose::information,
          false,
          {"{subject}: the file of the data export expires soon", "数据导出的文件即将过期：{subject}"}}},
        {node::withdrawn,
         {"withdrawn",
          {"withdrawn", "已撤回"},
          role::approvers,
          purpose::information,
          false,
          {"{subject}: data export withdrawn by {submitter}", "{submitter} 撤回了数据导出：{subject}"}}}};
};

/// The ready-made set.
using ready_made = event_set<sql_task, permission_request, data_export>;

} // namespace tidings::inline v0::subscription

#endif
