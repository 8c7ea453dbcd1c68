// A scripted fault: its kind, and the requests that it applies to.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_SANDBOX_FAULT_HPP
#define TIDINGS_SANDBOX_FAULT_HPP

#include <tidings/sandbox/world.hpp>

#include <chrono>
#include <utility>

namespace tidings::inline v0::sandbox {

/// Name and value, in the order of the wire.
using header_list = std::vector<std::pair<std::string, std::string>>;

/// What a fault does; the JSON member `kind` has these names. "Processed" means that the platform acted on the request
/// (a message is in the ledger).
enum class fault_kind
{
    /// Only `delay`: the platform's own answer, late. Processed.
    delay,
    /// `status`, `headers` and `body`, verbatim. Not processed.
    answer,
    /// A rate limit, as the platform answers it. Lark and Feishu: `modes.rate_limit_status` with code 99991400 and
    /// headers, `wait_seconds` until it frees. DingTalk: so many calls a second, WeCom: 45009. Not processed.
    throttle,
    /// The platform's own refusal with `code`, in the form that it has at the call which is hit. Not processed.
    refuse,
    /// The connection is closed as soon as it is accepted. Matches on the brand only.
    refuse_connection,
    /// Closed before the body is read. Not processed.
    cut_before_reading,
    /// Closed after the request was read, before any byte of the answer. Not processed.
    cut_before_headers,
    /// Closed before any byte of the answer; the request was processed.
    reply_lost,
    /// Closed in the middle of the answer's header. Processed.
    cut_in_headers,
    /// Closed in the middle of the answer's body. Processed.
    cut_in_body,
    /// No byte ever, connection open. Not processed.
    stall,
    /// Half a header, then silence. Processed.
    stall_in_headers,
    /// Half a body, then silence. Processed.
    stall_in_body,
    /// The platform's answer, a byte per write. Processed.
    byte_by_byte,
    /// A well-framed answer whose JSON stops in the middle. Processed.
    truncated_json,
    /// A proper answer that promises to keep the connection, which is then closed. Processed.
    close_after,
    /// A proper answer with `Connection: close`. Processed.
    connection_close,
    /// The same, but the connection stays open until the next request arrives, which is not read. Processed.
    linger,
    /// The platform's answer, and behind it the same once more: `size` bytes of that along with the first, the rest
    /// when the next request comes, which nobody reads (with `size` 0: at once, on its own). Processed.
    answer_twice,
    /// The platform's answer in chunks. Processed.
    chunked,
    /// `100 Continue` in front of the platform's answer. Processed.
    continue_first,
    /// Bytes that are no HTTP. Not processed.
    garbage,
    /// The platform's answer behind a header of `size` bytes. Processed.
    big_headers,
    /// The platform's answer with one more member of `size` bytes. Processed.
    big_body,
    /// A Content-Length that promises `size` bytes more than come before the connection closes; less, where `size` is
    /// negative. Processed.
    wrong_length,
};

/// One fault. Setters chain: `fault(fault_kind::answer).path("/open-apis/im").status(502).body("<html>")`. The JSON
/// form has members of the same names; `delay` is `delay_ms` there, and `header` adds to `headers`.
class fault
{
public:
    fault() = default;
    explicit fault(fault_kind what) : what_(what) {}

    /// Only requests to this platform. Default: every one.
    fault& platform(brand b)
    {
        brand_ = b;
        return *this;
    }
    /// The older name of `platform`.
    fault& on(brand b) { return platform(b); }
    /// Only this HTTP method. Default: every one.
    fault& method(std::string m)
    {
        method_ = std::move(m);
        return *this;
    }
    /// Only targets that start like this. Default: every one.
    fault& path(std::string prefix)
    {
        path_ = std::move(prefix);
        return *this;
    }
    /// How many requests it hits. Default 1; 0: all.
    fault& times(int n)
    {
        times_ = n;
        return *this;
    }
    /// How many matching requests pass unharmed first. Default 0.
    fault& after(int n)
    {
        after_ = n;
        return *this;
    }
    /// Wait before the answer (or before whatever happens instead). Real time, not the sandbox clock.
    fault& delay(std::chrono::milliseconds d)
    {
        delay_ms_ = d.count();
        return *this;
    }
    /// For `answer`. Default 500.
    fault& status(int s)
    {
        status_ = s;
        return *this;
    }
    /// For `answer`: the body.
    fault& body(std::string b)
    {
        body_ = std::move(b);
        return *this;
    }
    /// For `answer`: one more header. Without a Content-Type there is none.
    fault& header(std::string name, std::string value)
    {
        headers_.emplace(std::move(name), std::move(value));
        return *this;
    }
    /// For `throttle` at Lark and Feishu: the seconds announced; -1 leaves the headers out. Default 1.
    fault& wait_seconds(int s)
    {
        wait_seconds_ = s;
        return *this;
    }
    /// For `refuse`: one of the codes that the platform has for failures, as text.
    fault& code(std::string c)
    {
        code_ = std::move(c);
        return *this;
    }
    /// For `big_headers`, `big_body`, `wrong_length`, `answer_twice`: bytes. Default 65536. A `wrong_length` may be
    /// negative.
    fault& size(std::int64_t bytes)
    {
        size_ = bytes;
        return *this;
    }
    /// Whether the platform acts on the request. Default: what `fault_kind` says.
    fault& processed(bool yes)
    {
        processed_ = yes;
        return *this;
    }
    /// Connections that are cut end with a TCP reset. Default false: an orderly end.
    fault& reset(bool yes = true)
    {
        reset_ = yes;
        return *this;
    }

    /// Calls `f(name, member)` for each member; the names are those of the JSON form.
    template<class F, class Fault>
    static void members(F&& f, Fault& x)
    {
        f("kind", x.what_);
        f("platform", x.brand_);
        f("method", x.method_);
        f("path", x.path_);
        f("times", x.times_);
        f("after", x.after_);
        f("delay_ms", x.delay_ms_);
        f("status", x.status_);
        f("body", x.body_);
        f("headers", x.headers_);
        f("wait_seconds", x.wait_seconds_);
        f("code", x.code_);
        f("size", x.size_);
        f("processed", x.processed_);
        f("reset", x.reset_);
    }

    fault_kind kind() const noexcept { return what_; }
    fault_kind what() const noexcept { return what_; }
    bool processed() const noexcept;
    bool reset() const noexcept { return reset_; }
    std::chrono::milliseconds delay() const noexcept { return std::chrono::milliseconds(delay_ms_); }
    int status() const noexcept { return status_; }
    std::string const& body() const noexcept { return body_; }
    std::map<std::string, std::string> const& headers() const noexcept { return headers_; }
    int wait_seconds() const noexcept { return wait_seconds_; }
    std::string const& code() const noexcept { return code_; }
    std::int64_t size() const noexcept { return size_; }

    /// Whether it is for such a request at all, however often it already happened. Does not throw.
    bool matches(brand b, std::string_view method, std::string_view target) const noexcept;
    /// Counts one matching request. True: this one is hit.
    bool strikes() noexcept;
    /// Nothing left to do.
    bool spent() const noexcept { return times_ != 0 && struck_ >= times_; }

private:
    fault_kind what_ = fault_kind::delay;
    std::optional<brand> brand_;
    std::string method_;
    std::string path_;
    int times_ = 1;
    int after_ = 0;
    int struck_ = 0;
    std::int64_t delay_ms_ = 0;
    int status_ = 500;
    std::string body_;
    std::map<std::string, std::string> headers_;
    int wait_seconds_ = 1;
    std::string code_;
    std::int64_t size_ = 65536;
    std::optional<bool> processed_;
    bool reset_ = false;
};

/// Faults from JSON: one object, or an array of them. `action` and `brand` are accepted as the older names of `kind`
/// and `platform`.
///
/// @param text  JSON, UTF-8.
/// @par Errors  Throws `world_error`, as `world::from_json` does: it names the path of the bad member or value, and the
///              allowed ones.
std::vector<fault> faults_from_json(std::string_view text);

} // namespace tidings::inline v0::sandbox

#ifndef TIDINGS_SEPARATE_COMPILATION
#include <tidings/sandbox/impl/fault.ipp>
#endif

#endif
