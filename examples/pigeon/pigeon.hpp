// A platform that tidings does not know: all there is to write for it.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef EXAMPLES_PIGEON_PIGEON_HPP
#define EXAMPLES_PIGEON_PIGEON_HPP

#include <tidings/tidings.hpp>

#include <boost/hana/set.hpp>

namespace pigeon_post {

namespace td = tidings;

//[answer
// Every answer is {"ok":true,…} or {"ok":false,"why":"…"}.
class answer : public td::wire::json_visitor
{
public:
    void on_scalar(std::string_view path, td::wire::json_scalar const& value) override
    {
        if (path == "ok")
            ok = value.number() != 0;
        else if (path == "why")
            why = value.text();
        else if (path == "token" || path == "letter")
            text = value.text();
        else if (path == "seconds")
            seconds = value.number();
    }

    td::result<void> read(td::wire::reply const& in)
    {
        if (td::wire::read_json(in.body(), *this) && ok)
            return {};
        auto const kind = why == "who is that"    ? td::errc::recipient_not_found
                          : why == "stale token"  ? td::errc::token_rejected
                          : why == "wrong secret" ? td::errc::bad_credentials
                          : why.empty()           ? td::errc::protocol_error
                                                  : td::errc::platform_error;
        return td::make_failure(kind, [&](td::diagnostics& facts) {
            facts.http_status = in.status();
            facts.platform_code = in.cleaned(why);
        });
    }

    bool ok = false;
    std::string why;
    std::string text;
    std::int64_t seconds = 0;
};
//]

//[operations
// What can be asked: bytes out, bytes in.
class log_in final : public td::wire::token_operation
{
public:
    explicit log_in(td::secret const& key)
        : token_operation("log in", td::wire::idempotency::idempotent, false), key_(key)
    {
    }

    td::result<void> encode(td::wire::request& out, std::string_view) const override
    {
        out.start("POST", "/login");
        out.body().open_object().member("secret", key_.reveal()).close_object();
        return {};
    }
    td::result<void> decode(td::wire::reply const& in) override
    {
        answer response;
        auto const done = response.read(in);
        token_ = td::secret(response.text);
        lifetime_ = std::chrono::seconds(response.seconds);
        return done;
    }
    std::string_view confidential() const noexcept override { return key_.reveal(); }

private:
    td::secret const& key_;
};

class post_letter final : public td::wire::operation
{
public:
    post_letter(std::string_view to, std::string_view text)
        : operation("post letter", td::wire::idempotency::none, true), to_(to), text_(text)
    {
    }

    td::result<void> encode(td::wire::request& out, std::string_view token) const override
    {
        out.start("POST", "/letters");
        out.header("Pigeon-Token", token);
        out.body().open_object().member("to", to_).member("text", text_).close_object();
        return {};
    }
    td::result<void> decode(td::wire::reply const& in) override
    {
        answer response;
        auto const done = response.read(in);
        letter = response.text;
        return done;
    }

    std::string letter;

private:
    std::string_view to_;
    std::string_view text_;
};
//]

//[provider
// The platform itself.
class pigeon
{
public:
    static constexpr std::string_view name = "pigeon";
    static constexpr std::string_view title = "Pigeon Post";
    static constexpr std::array<std::string_view, 1> base_urls{"https://pigeons.example"};

    class credentials
    {
    public:
        credentials(std::string loft, td::secret key) : loft_(std::move(loft)), key_(std::move(key)) {}
        td::result<void> check() const { return {}; }
        std::string const& app_id() const { return loft_; }
        td::secret const& app_secret() const { return key_; }

    private:
        std::string loft_;
        td::secret key_;
    };

    class recipient
    {
    public:
        recipient() = default;
        explicit recipient(std::string_view roof) : roof_(roof) {}
        std::string_view id() const { return roof_; }

    private:
        std::string roof_;
    };
    using content = std::string;

    // What it can do; compile errors and tables come from these.
    static constexpr auto match_support =
        boost::hana::make_map(td::supports_match<td::match::login_name, td::lookup_kind::direct>);
    static constexpr auto messages = boost::hana::tuple_t<td::text>;
    static constexpr auto capabilities = boost::hana::make_set();

    static std::unique_ptr<td::wire::token_operation> fetch_token(credentials const& app)
    {
        return std::make_unique<log_in>(app.app_secret());
    }
    static recipient direct(td::match::login_name const& address) { return recipient(address.view()); }
    static recipient recipient_from_id(std::string_view id) { return recipient(id); }
    static td::failure not_found_error(std::string_view) { return td::errc::recipient_not_found; }

    static content content_of(td::text what, td::language_tag const& lang) { return std::move(what).take(lang); }
    static td::result<void> check(content const& what)
    {
        constexpr std::size_t max_length = 140; // a pigeon carries no more
        if (what.size() > max_length)
            return td::failure(td::errc::message_too_long);
        return {};
    }

    class delivery final : public td::wire::procedure
    {
    public:
        static constexpr std::size_t max_batch = 1;
        delivery(credentials const&, std::span<recipient const> people, content const& what, std::string_view)
            : letter_(people.front().id(), what)
        {
        }
        td::wire::operation* next() override { return std::exchange(begun_, true) ? nullptr : &letter_; }
        td::result<void> outcome(std::size_t) const { return {}; }
        std::string_view message_id() const { return letter_.letter; }

    private:
        post_letter letter_;
        bool begun_ = false;
    };
};
static_assert(td::provider<pigeon> && td::encodes_message<pigeon, td::text>);
//]

} // namespace pigeon_post

#endif
