// What came back, as a decoder sees it.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_WIRE_REPLY_HPP
#define TIDINGS_WIRE_REPLY_HPP

#include <tidings/detail/ascii.hpp>
#include <tidings/detail/wiped_string.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace tidings::inline v0::wire {

/// The secrets of a request. Removes them from the texts of its reply.
class text_filter
{
public:
    /// @returns Whether anything was taken out.
    virtual bool clean(tidings::detail::wiped_string& text) const = 0;
    /// @returns Whether the request had this text in it, so that a reply which has it may only repeat it.
    virtual bool was_sent(std::string_view /*text*/) const noexcept { return false; }

protected:
    ~text_filter() = default;
};

/// Whether a request with this reply status may have been passed on and accepted, also when a gateway sent it: gateways
/// send 408 and 499 when the server behind them was slow.
constexpr bool may_have_been_taken(unsigned status) noexcept
{
    return status >= 500 || status == 408 || status == 499;
}
/// The same of a code that is an HTTP status: gateways answer with frames like those of the platforms, also with 200.
constexpr bool is_gateway_code(std::int64_t code) noexcept
{
    return code == 408 || code == 499 || (code >= 500 && code < 600);
}

/// A complete HTTP reply. A view: its bytes belong to the transport.
///
/// Text of it that becomes part of a failure has to pass the filter first, before anything is read from it: use
/// `read_refusal` for the body, `clean_header` for a header and `cleaned` for other text.
class reply
{
public:
    /// @param status  The HTTP status.
    /// @param head    The status line and the header lines, followed by the empty line and perhaps more; used to look
    ///                headers up.
    /// @param body    The whole body.
    /// @param filter  Null: nothing is removed from texts.
    reply(unsigned status, std::string_view head, std::string_view body, text_filter const* filter = nullptr) noexcept
        : status_(status), head_(head), body_(body), filter_(filter)
    {
    }

    /// The same reply, with a filter that outlives it.
    reply with(text_filter const& filter) const noexcept { return {status_, head_, body_, &filter}; }

    text_filter const* filter() const noexcept { return filter_; }

    /// Text of the reply as it may be kept.
    std::string cleaned(std::string_view text) const;
    /// The value of a header as it may be kept.
    std::string clean_header(std::string_view name) const { return cleaned(header(name)); }

    unsigned status() const noexcept { return status_; }
    std::string_view body() const noexcept { return body_; }

    /// The text after the status in the status line, such as `Not Found`; often empty. Looked up each time.
    std::string_view reason() const noexcept;

    /// The value of the first header of that name, ignoring letter case; empty if there is none. Meant for rare cases:
    /// it searches the head each time, so that a success pays nothing for headers.
    std::string_view header(std::string_view name) const noexcept;

private:
    static std::string_view trimmed(std::string_view text) noexcept;

    unsigned status_;
    std::string_view head_;
    std::string_view body_;
    text_filter const* filter_ = nullptr;
};

} // namespace tidings::inline v0::wire

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/wire/impl/reply.ipp>
#endif

#endif
