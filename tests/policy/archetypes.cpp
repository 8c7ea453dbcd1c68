// The library asks of its policies what concepts.hpp says, and no more: a notifier made of archetypes compiles.
#include <tidings/notifier.hpp>

#include <tidings/directory/none.hpp>
#include <tidings/observer/all_of.hpp>
#include <tidings/pacing/none.hpp>
#include <tidings/provider/dingtalk.hpp>
#include <tidings/provider/feishu.hpp>
#include <tidings/provider/lark.hpp>
#include <tidings/provider/wecom.hpp>
#include <tidings/token_cache/file.hpp>
#include <tidings/token_cache/none.hpp>
#include <tidings/transport/by_scheme.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <concepts>

namespace archetypes_test {

namespace {

namespace td = tidings;
namespace asio = boost::asio;

// Each has exactly what its concept names: no default constructor, no copy, nothing to spare.
//[match_archetype
class match_archetype
{
public:
    static constexpr char const* name = "archetype";
    match_archetype() = delete;
    match_archetype(match_archetype&&) = default;
    std::string_view view() const { return {}; }
    td::result<void> check() const { return {}; }
};
static_assert(td::match_strategy<match_archetype>);
//]

//[operation_archetype
class operation_archetype : public td::wire::operation
{
public:
    operation_archetype() : operation("archetype", td::wire::idempotency::idempotent, false) {}
    td::result<void> encode(td::wire::request&, std::string_view) const override { return {}; }
    td::result<void> decode(td::wire::reply const&) override { return {}; }
};
//]

class message_archetype
{
public:
    message_archetype() = delete;
    message_archetype(message_archetype&&) = default;
};

//[provider_archetype
class provider_archetype
{
public:
    static constexpr char const* name = "archetype";
    static constexpr std::array<char const*, 1> base_urls{"http://localhost"};
    provider_archetype() = delete;
    class credentials
    {
    public:
        credentials() = delete;
        credentials(credentials&&) = default;
        td::result<void> check() const { return {}; }
        char const* app_id() const { return ""; }
        td::secret const& app_secret() const { return secret_; }

    private:
        td::secret secret_;
    };
    class recipient
    {
    public:
        char const* id() const { return ""; }
    };
    static std::unique_ptr<td::wire::token_operation> fetch_token(credentials const&) { return nullptr; }

    static constexpr auto match_support =
        boost::hana::make_map(td::supports_match<match_archetype, td::lookup_kind::look_up>);
    static constexpr auto messages = boost::hana::tuple_t<message_archetype>;
    static constexpr auto capabilities = boost::hana::make_set();

    template<class M>
        requires std::same_as<M, match_archetype>
    class finder final : public td::wire::procedure
    {
    public:
        static constexpr std::size_t max_batch = 1;
        explicit finder(credentials const&) {}
        void add(M const&) {}
        td::wire::operation* next() override { return &op_; }
        char const* id_of(std::size_t) const { return ""; }

    private:
        operation_archetype op_;
    };
    static recipient recipient_from_id(std::string_view) { return recipient(); }
    static td::failure not_found_error(std::string_view) { return td::errc::recipient_not_found; }

    class content
    {
    public:
        content(content&&) = default;
        explicit content(int) {}
    };
    static content content_of(message_archetype, td::language_tag const&) { return content(0); }
    static td::result<void> check(content const&) { return {}; }
    class delivery final : public td::wire::procedure
    {
    public:
        static constexpr std::size_t max_batch = 1;
        delivery(credentials const&, std::span<recipient const>, content const&, std::string_view) {}
        td::wire::operation* next() override { return &op_; }
        td::result<void> outcome(std::size_t) const { return {}; }
        char const* message_id() const { return ""; }

    private:
        operation_archetype op_;
    };
};
static_assert(td::provider<provider_archetype>);
static_assert(td::looks_up<provider_archetype, match_archetype>);
static_assert(!td::addresses_directly<provider_archetype, match_archetype>);
static_assert(td::encodes_message<provider_archetype, message_archetype>);
static_assert(!td::supports<provider_archetype, td::capability::recall>());
//]

//[transport_archetype
class transport_archetype
{
public:
    using policy_kind = td::transport_kind;
    transport_archetype() = delete;
    transport_archetype(transport_archetype&&) = default;
    class client
    {
    public:
        client() = delete;
        client(client&&) = delete;
        template<class Token>
        auto async_round_trip(td::transport::exchange&, Token&& token)
        {
            return asio::async_initiate<Token, void(boost::system::error_code)>([](auto&&) {}, token);
        }
    };
    td::result<std::unique_ptr<client>> open(asio::any_io_executor const&, td::transport::endpoint const&) const
    {
        return td::failure(td::errc::connect_failed);
    }
};
static_assert(td::transport_policy<transport_archetype>);
//]

//[token_cache_archetype
class token_cache_archetype
{
public:
    using policy_kind = td::token_cache_kind;
    token_cache_archetype() = delete;
    token_cache_archetype(token_cache_archetype&&) = default;
    class entry
    {
    public:
        entry() = delete;
        entry(entry&&) = delete;
        td::cached_token peek(td::access_token::time_point) { return {}; }
        asio::awaitable<td::result<td::token_ptr>> obtain(td::token_fetch const&, td::access_token::time_point,
                                                          std::chrono::steady_clock::time_point)
        {
            co_return td::failure(td::errc::bad_credentials);
        }
        asio::awaitable<void> refresh(td::token_fetch const&, td::access_token::time_point) { co_return; }
        void drop(td::token_ptr const&) {}
    };
    std::shared_ptr<entry> entry_for(std::string const&) { return nullptr; }
};
static_assert(td::token_cache_policy<token_cache_archetype>);
//]

//[clock_archetype
class clock_archetype
{
public:
    using policy_kind = td::clock_kind;
    clock_archetype() = delete;
    clock_archetype(clock_archetype&&) = default;
    std::chrono::steady_clock::time_point now() const { return {}; }
};
static_assert(td::clock_policy<clock_archetype>);
//]

//[deadline_archetype
class deadline_archetype
{
public:
    using policy_kind = td::deadline_kind;
    deadline_archetype() = delete;
    deadline_archetype(deadline_archetype&&) = default;
    std::chrono::hours limit() const { return {}; }
};
static_assert(td::deadline_policy<deadline_archetype>);
//]

//[retry_archetype
class retry_archetype
{
public:
    using policy_kind = td::retry_kind;
    retry_archetype() = delete;
    retry_archetype(retry_archetype&&) = default;
    td::retry_decision next(td::retry_context const&) const { return td::retry_decision::stop(); }
};
static_assert(td::retry_policy<retry_archetype>);
//]

//[base_url_archetype
class base_url_archetype
{
public:
    using policy_kind = td::base_url_kind;
    base_url_archetype() = delete;
    base_url_archetype(base_url_archetype&&) = default;
    char const* text() const { return ""; }
};
static_assert(td::base_url_policy<base_url_archetype>);
//]

//[addressing_archetype
class addressing_archetype
{
public:
    using policy_kind = td::addressing_kind;
    addressing_archetype() = delete;
    static constexpr bool prefers_direct = false;
    static constexpr bool scans = false;
};
static_assert(td::addressing_policy<addressing_archetype>);
//]

//[directory_archetype
class directory_archetype
{
public:
    using policy_kind = td::directory_kind;
    directory_archetype() = delete;
    directory_archetype(directory_archetype&&) = default;
    class entry
    {
    public:
        entry() = delete;
        entry(entry&&) = delete;
        td::remembered find(std::string_view, std::string_view, td::access_token::time_point) { return {}; }
        void keep(std::string_view, std::string_view, std::string_view, td::access_token::time_point) {}
        void forget(std::string_view, std::string_view) {}
    };
    std::shared_ptr<entry> entry_for(std::string const&) { return nullptr; }
};
static_assert(td::directory_policy<directory_archetype>);
//]

//[language_archetype
class language_archetype
{
public:
    using policy_kind = td::language_kind;
    language_archetype() = delete;
    language_archetype(language_archetype&&) = default;
    td::language_tag const& tag() const { return tag_; }

private:
    td::language_tag tag_;
};
static_assert(td::language_policy<language_archetype>);
//]

//[pacing_archetype
class pacing_archetype
{
public:
    using policy_kind = td::pacing_kind;
    pacing_archetype() = delete;
    pacing_archetype(pacing_archetype&&) = default;
    class entry
    {
    public:
        entry() = delete;
        entry(entry&&) = delete;
        class permit
        {
        public:
            permit() = default;
            permit(permit&&) = default;
            permit& operator=(permit&&) = default;
            explicit operator bool() const { return false; }
            void on_sent() {}
            void on_reply(std::chrono::steady_clock::time_point, std::chrono::steady_clock::time_point) {}
            void release() {}
        };
        permit take(td::wire::operation const&, std::chrono::steady_clock::time_point) { return {}; }
        asio::awaitable<td::result<permit>> wait(td::wire::operation const&, std::chrono::steady_clock::time_point)
        {
            co_return td::failure(td::errc::rate_limited);
        }
        void refused(td::wire::operation const&, td::failure const&, std::chrono::steady_clock::time_point) {}
    };
    std::shared_ptr<entry> entry_for(std::string const&) { return nullptr; }
};
static_assert(td::pacing_policy<pacing_archetype>);
//]

//[observer_archetype
// All that an observer may be asked for: a copy, and the functions that it has.
class observer_archetype
{
public:
    using policy_kind = td::observer_kind;
    observer_archetype() = delete;
    observer_archetype(observer_archetype const&) = default;
    observer_archetype& operator=(observer_archetype const&) = delete;
    void on(td::event::attempt_ended const&) noexcept {}
};
static_assert(td::observer_policy<observer_archetype>);
static_assert(td::observes<observer_archetype, td::event::attempt_ended>);
static_assert(!td::observes<observer_archetype, td::event::attempt_begun>);
//]

using notifier_archetype =
    td::notifier<provider_archetype, match_archetype, transport_archetype, token_cache_archetype, clock_archetype,
                 deadline_archetype, base_url_archetype, addressing_archetype, directory_archetype, language_archetype,
                 pacing_archetype, retry_archetype, observer_archetype>;

// Instantiates every verb; never called.
[[maybe_unused]] asio::awaitable<void> use_everything(notifier_archetype& notify, match_archetype who,
                                                      match_archetype other, message_archetype what,
                                                      message_archetype again, provider_archetype::recipient to)
{
    auto const direct = co_await notify.send(to, std::move(again));
    BOOST_TEST(direct.has_error());
    auto const sent = co_await notify.send(std::move(who), std::move(what));
    auto const found = co_await notify.resolve(std::move(other));
    auto const warm = co_await notify.warm_up();
    BOOST_TEST((sent.has_error() || found.has_error() || warm.has_error()));
}

template<class... Policies>
using email_notifier = td::notifier<td::lark, td::match::email, Policies...>;

} // namespace

BOOST_AUTO_TEST_SUITE(policies)

BOOST_AUTO_TEST_CASE(a_notifier_of_archetypes_takes_each_of_them)
{
    BOOST_TEST((std::is_constructible_v<notifier_archetype, asio::any_io_executor, provider_archetype::credentials,
                                        transport_archetype, token_cache_archetype, clock_archetype, deadline_archetype,
                                        base_url_archetype, directory_archetype, language_archetype, pacing_archetype,
                                        retry_archetype, observer_archetype>));
}

BOOST_AUTO_TEST_CASE(policies_are_taken_in_any_order)
{
    asio::io_context io;
    td::lark::credentials const app("cli_1", td::secret("s"));
    email_notifier<td::deadline, td::base_url, td::transport::http> const notify(
        io.get_executor(), app, td::base_url("http://localhost"), td::transport::http(), td::deadline());
    email_notifier<td::transport::http, td::deadline, td::base_url> const other(io.get_executor(), app, td::deadline(),
                                                                                td::transport::http());
    BOOST_TEST((notify.get_executor() == other.get_executor()));
}

BOOST_AUTO_TEST_CASE(the_credentials_of_one_brand_are_not_those_of_the_other)
{
    BOOST_TEST((std::is_constructible_v<email_notifier<>, asio::any_io_executor, td::lark::credentials>));
    BOOST_TEST((!std::is_constructible_v<email_notifier<>, asio::any_io_executor, td::feishu::credentials>));
}

BOOST_AUTO_TEST_CASE(what_users_pass_is_never_an_aggregate)
{
    BOOST_TEST(!std::is_aggregate_v<td::text>);
    BOOST_TEST(!std::is_aggregate_v<td::markdown>);
    BOOST_TEST(!std::is_aggregate_v<td::lark::card>);
    BOOST_TEST(!std::is_aggregate_v<td::lark::credentials>);
    BOOST_TEST(!std::is_aggregate_v<td::match::email>);
    BOOST_TEST(!std::is_aggregate_v<td::match::login_name>);
    BOOST_TEST(!std::is_aggregate_v<td::match::phone_number>);
    BOOST_TEST(!std::is_aggregate_v<td::idempotency_key>);
    BOOST_TEST(!std::is_aggregate_v<td::receipt>);
    BOOST_TEST(!std::is_aggregate_v<td::failure>);
    BOOST_TEST(!std::is_aggregate_v<td::secret>);
    BOOST_TEST(!std::is_aggregate_v<td::deadline>);
    BOOST_TEST(!std::is_aggregate_v<td::base_url>);
    BOOST_TEST(!std::is_aggregate_v<td::retry::none>);
    BOOST_TEST(!std::is_aggregate_v<td::retry::safe>);
    BOOST_TEST(!std::is_aggregate_v<td::retry::at_least_once>);
    BOOST_TEST(!std::is_aggregate_v<td::transport::https>);
    BOOST_TEST(!std::is_aggregate_v<td::transport::http>);
    BOOST_TEST(!std::is_aggregate_v<td::transport::by_scheme>);
    BOOST_TEST(!std::is_aggregate_v<td::token_cache::in_memory>);
    BOOST_TEST(!std::is_aggregate_v<td::token_cache::none>);
    BOOST_TEST(!std::is_aggregate_v<td::token_cache::file>);
    BOOST_TEST(!std::is_aggregate_v<td::directory::in_memory>);
    BOOST_TEST(!std::is_aggregate_v<td::directory::none>);
    BOOST_TEST(!std::is_aggregate_v<td::pacing::published>);
    BOOST_TEST(!std::is_aggregate_v<td::pacing::none>);
    BOOST_TEST(!std::is_aggregate_v<td::observer::none>);
    BOOST_TEST(!std::is_aggregate_v<td::observer::all_of<observer_archetype>>);
    BOOST_TEST(!std::is_aggregate_v<td::channel_language>);
    BOOST_TEST(!std::is_aggregate_v<td::language_tag>);
    BOOST_TEST(!std::is_aggregate_v<td::localized>);
    BOOST_TEST(!std::is_aggregate_v<td::notice>);
    BOOST_TEST(!std::is_aggregate_v<td::send_options>);
    BOOST_TEST(!std::is_aggregate_v<td::addressing::directory_scan>);
    BOOST_TEST((!std::is_aggregate_v<td::match::first_of<td::match::phone_number, td::match::email>>));
    BOOST_TEST(!std::is_aggregate_v<td::dingtalk::credentials>);
    BOOST_TEST(!std::is_aggregate_v<td::dingtalk::native>);
    BOOST_TEST(!std::is_aggregate_v<td::dingtalk::login_id>);
    BOOST_TEST(!std::is_aggregate_v<td::wecom::credentials>);
    BOOST_TEST(!std::is_aggregate_v<td::wecom::native>);
    BOOST_TEST(!std::is_aggregate_v<td::lark::native>);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace archetypes_test
