// Sends messages to a group, by its custom bot, on a platform that is chosen when the program runs.
//
// This header declares; what it declares is compiled once where TIDINGS_SEPARATE_COMPILATION is defined, see
// tidings/src.hpp, and in every translation unit otherwise.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_ANY_WEBHOOK_HPP
#define TIDINGS_ANY_WEBHOOK_HPP

#include <tidings/any_message.hpp>
#include <tidings/any_settings.hpp>
#include <tidings/client_end.hpp>
#include <tidings/detail/config.hpp>
#include <tidings/impl/completion.hpp>
#include <tidings/impl/observe.hpp>
#include <tidings/message/markdown.hpp>
#include <tidings/message/notice.hpp>
#include <tidings/message/text.hpp>
#include <tidings/receipt.hpp>
#include <tidings/result.hpp>
#include <tidings/send_options.hpp>
#include <tidings/webhook_address.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/deferred.hpp>

#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <variant>

namespace tidings::inline v0 {

/// A message of any kind that a group's webhook takes.
using any_webhook_message = std::variant<text, markdown, notice, any_native>;

namespace detail {

/// A webhook of some platform.
class any_webhook_base
{
public:
    virtual ~any_webhook_base() = default;
    virtual boost::asio::any_io_executor get_executor() const noexcept = 0;
    virtual std::string_view platform() const noexcept = 0;
    virtual result<void> check() const = 0;
    virtual delivery send(any_webhook_message what, send_options how) = 0;
    /// @param close  Whether to refuse every further operation.
    /// @param queue  See `engine::drain`.
    virtual boost::asio::awaitable<result<void>> end(call_options how, bool close, bool queue) = 0;
};

TIDINGS_DECL result<std::unique_ptr<any_webhook_base>> make_any_webhook(boost::asio::any_io_executor ex,
                                                                        std::string_view platform,
                                                                        webhook_address const& where,
                                                                        any_settings const& settings);
TIDINGS_DECL std::span<std::string_view const> platforms_with_webhooks();

} // namespace detail

/// Sends messages to one group, as its custom bot, on one platform, which is chosen by its name when the program runs.
///
/// Does what a `webhook` of the same platform does, over `transport::by_scheme`, with the policies' default values and
/// what `any_settings` sets, except for `token_cache` and `directory_scan`: a webhook has no tokens and looks up nobody.
/// A program that knows its platform when it is compiled uses `webhook`, which compiles only what it needs.
///
/// @par Executor       Everything runs on the executor given to `make`: one thread, or a strand.
/// @par Thread safety  As for `webhook`.
class any_webhook : public client_end<any_webhook>
{
public:
    using executor_type = boost::asio::any_io_executor;

    /// The webhook of a group. Does no network I/O.
    ///
    /// @param ex        Where everything runs.
    /// @param platform  "lark", "feishu", "dingtalk", "wecom": `Provider::name`. `-` counts as `_`.
    /// @param where     The group: the address of its custom bot. One that is not usable is the result of every call, and
    ///                  of `check`.
    /// @param settings  See `any_settings`. `token_cache` and `directory_scan` are ignored.
    /// @returns `errc::invalid_argument` for an unknown platform; `failure::message()` names those that have webhooks.
    ///
    /// @par Exception safety  Throws only `std::bad_alloc`.
    [[nodiscard]] static result<any_webhook> make(executor_type ex, std::string_view platform,
                                                  webhook_address const& where, any_settings settings = any_settings())
    {
        auto made = detail::make_any_webhook(std::move(ex), platform, where, settings);
        if (!made)
            return made.error();
        return any_webhook(*std::move(made));
    }

    /// The names of the platforms that can be chosen.
    static std::span<std::string_view const> platforms() { return detail::platforms_with_webhooks(); }

    /// Takes over the operations in flight, too. Afterwards only the destructor of the other one and assignment to it
    /// may be called.
    ///
    /// @par Thread safety  Unsafe while another thread calls either webhook.
    any_webhook(any_webhook&&) noexcept = default;
    /// Ends what it was before, as the destructor does, and takes over the other one.
    ///
    /// @par Thread safety  Unsafe while another thread calls either webhook.
    any_webhook& operator=(any_webhook&&) noexcept = default;

    /// The executor that everything runs on.
    ///
    /// @par Thread safety     May be called on any thread.
    /// @par Exception safety  Does not throw.
    [[nodiscard]] executor_type get_executor() const noexcept { return self_->get_executor(); }

    /// The name of the platform: "lark".
    [[nodiscard]] std::string_view platform() const noexcept { return self_->platform(); }

    /// Whether the address and the settings are usable, without any I/O. Only sending shows whether the platform knows
    /// the address.
    ///
    /// @returns Success, or the failure with which every call ends, such as `errc::invalid_argument` for an address of
    ///          another platform or of another form. It contains neither the address nor the signing secret.
    ///
    /// @par Exception safety  Throws only `std::bad_alloc`.
    [[nodiscard]] result<void> check() const { return self_->check(); }

    /// Sends one message to the group: `webhook::send`.
    ///
    /// @param what  The message. An `any_native` is in the terms of the platform's webhooks.
    /// @param how   The idempotency key (random unless given), the group's language, and the deadline of this call.
    ///              DingTalk delivers messages with the same key only once; Lark, Feishu and WeCom have no keys for
    ///              webhooks.
    /// @returns The receipt, or the failure. The receipt names no message and no person: the platforms name none.
    ///
    /// @par Preconditions     The webhook has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the operation, which owns the arguments.
    /// @par Executor          Must be awaited on `get_executor()`. On another executor use `async_send`.
    /// @par Per-operation cancellation  As for `webhook::send`.
    /// @par Errors            As for `webhook::send`.
    /// @par Exception safety  Throws only `std::bad_alloc`.
    /// @par Thread safety     May be called on any thread, and must be awaited on `get_executor()`.
    [[nodiscard]] boost::asio::awaitable<result<receipt>> send(any_webhook_message what,
                                                               send_options how = send_options())
    {
        return self_->send(std::move(what), std::move(how)).operation;
    }

    /// Sends one message to the group, for any completion token and from any thread: `webhook::async_send`.
    ///
    /// @param what   The message.
    /// @param token  Default: `boost::asio::deferred`.
    /// @returns What the token makes of the completion signature `void(result<receipt>)`.
    ///
    /// @par Preconditions     The webhook has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the call, not the operation, which owns `what`.
    /// @par Executor
    ///   The operation runs on `get_executor()`. The handler is called on its associated executor, `get_executor()`
    ///   unless it has one; never inside this call.
    /// @par Per-operation cancellation
    ///   `terminal` and `partial`: completes with `errc::cancelled`, or with `errc::outcome_unknown` once the request
    ///   was being written. `total`: completes with `errc::cancelled` until the request is being written, and is ignored
    ///   from then on. The signal may be emitted on the calling thread.
    /// @par Errors            As for `send`. An exception of `send` becomes `errc::outcome_unknown`.
    /// @par Exception safety  This call throws only `std::bad_alloc`; nothing is sent then.
    /// @par Thread safety     May be called on any thread.
    template<class Token = boost::asio::deferred_t>
        requires detail::no_options<Token, send_options>
    [[nodiscard]] auto async_send(any_webhook_message what, Token&& token = Token())
    {
        return async_send(std::move(what), send_options(), std::forward<Token>(token));
    }

    /// Sends one message to the group, with options, for any completion token and from any thread.
    ///
    /// @param what   The message.
    /// @param how    The idempotency key, the group's language, and the deadline of this call.
    /// @param token  Default: `boost::asio::deferred`.
    /// @returns What the token makes of the completion signature `void(result<receipt>)`.
    ///
    /// @par Preconditions     The webhook has not been moved from.
    /// @par Object lifetimes  `*this` must outlive the call, not the operation, which owns the other arguments.
    /// @par Executor
    ///   The operation runs on `get_executor()`. The handler is called on its associated executor, `get_executor()`
    ///   unless it has one; never inside this call.
    /// @par Per-operation cancellation
    ///   `terminal` and `partial`: completes with `errc::cancelled`, or with `errc::outcome_unknown` once the request
    ///   was being written. `total`: completes with `errc::cancelled` until the request is being written, and is ignored
    ///   from then on. The signal may be emitted on the calling thread.
    /// @par Errors            As for `send`. An exception of `send` becomes `errc::outcome_unknown`.
    /// @par Exception safety  This call throws only `std::bad_alloc`; nothing is sent then.
    /// @par Thread safety     May be called on any thread.
    template<class Token = boost::asio::deferred_t>
    [[nodiscard]] auto async_send(any_webhook_message what, send_options how, Token&& token = Token())
    {
        auto begun = self_->send(std::move(what), std::move(how));
        return detail::async_run<receipt>(get_executor(), std::move(begun.operation), std::forward<Token>(token),
                                          begun.committed);
    }

private:
    friend class client_end<any_webhook>;

    explicit any_webhook(std::unique_ptr<detail::any_webhook_base> self) noexcept : self_(std::move(self)) {}

    boost::asio::awaitable<result<void>> end(call_options how, bool close, bool queue)
    {
        return self_->end(how, close, queue);
    }

    std::unique_ptr<detail::any_webhook_base> self_;
};

} // namespace tidings::inline v0

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/impl/any_webhook.ipp>
#endif

#endif
