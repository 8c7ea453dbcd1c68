// A platform whose name is known only when the program runs.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_EXAMPLES_SEND_CHANNEL_HPP
#define TIDINGS_EXAMPLES_SEND_CHANNEL_HPP

#include "order.hpp"

#include <tidings/receipt.hpp>
#include <tidings/result.hpp>
#include <tidings/send_each.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace tidings_send {

/// Called for each person, in order.
using sink = std::function<void(std::size_t, tidings::result<tidings::receipt> const&)>;

/// A notifier of some platform and some match strategy. Each platform is a source of its own, since a notifier is much
/// code to compile.
class channel
{
public:
    virtual ~channel() = default;

    /// The address in the form in which it is used, or what is wrong with it. No I/O.
    virtual tidings::result<std::string> check(std::string const& to) const = 0;

    /// Whether the platform knows idempotency keys, so that an unknown outcome can be settled by sending again.
    virtual bool knows_keys() const = 0;

    /// Sends the order's message to these people. All arguments outlive the call.
    ///
    /// @param more  Asked between two portions of people: false ends the call, and the rest is not tried.
    virtual boost::asio::awaitable<tidings::result<tidings::send_summary>> send(std::vector<std::string> const& to,
                                                                                std::function<bool()> const& more,
                                                                                sink const& report) = 0;

    /// The platform's id of a person.
    virtual boost::asio::awaitable<tidings::result<std::string>> resolve(std::string const& to) = 0;
};

/// The channel for an order. The order outlives it.
using opener = std::unique_ptr<channel> (*)(boost::asio::any_io_executor, order const&);

std::unique_ptr<channel> open_lark(boost::asio::any_io_executor ex, order const& what);
std::unique_ptr<channel> open_feishu(boost::asio::any_io_executor ex, order const& what);
std::unique_ptr<channel> open_dingtalk(boost::asio::any_io_executor ex, order const& what);
std::unique_ptr<channel> open_dingtalk_work(boost::asio::any_io_executor ex, order const& what);
std::unique_ptr<channel> open_wecom(boost::asio::any_io_executor ex, order const& what);

} // namespace tidings_send

#endif
