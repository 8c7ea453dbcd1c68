// Every operation, cancelled or abandoned after every number of steps, and broken at every exchange: it ends at once,
// says the truth, and leaves the notifier usable. The sanitizers see what it touches.
#include "support/many_recipients.hpp"
#include "support/peers.hpp"
#include "support/platform.hpp"
#include "support/run.hpp"
#include "support/temporary_directory.hpp"

#include <tidings/provider/dingtalk/webhook.hpp>
#include <tidings/provider/lark/webhook.hpp>
#include <tidings/provider/wecom/webhook.hpp>
#include <tidings/token_cache/file.hpp>
#include <tidings/transport/by_scheme.hpp>
#include <tidings/webhook.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/version.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(cancellation)

namespace {

using namespace test;
using namespace std::chrono_literals;
using td::sandbox::fault;
using td::sandbox::fault_kind;

// ---- What is said and what is true

// What an operation came to: no failure when it succeeded.
using outcome = td::result<void>;

template<class T>
outcome without_value(td::result<T> const& r)
{
    return r ? outcome() : outcome(r.error());
}

constexpr int many_recipients_size = 240;

// One attempt at an operation: whom it is about, and what it told about them.
struct story
{
    story(int n, int people, int of_all) : number(n), next(n + people), mark("mark" + std::to_string(of_all) + "x") {}

    int number;       // of its first person
    int next;         // of somebody whom it is not about
    std::string mark; // in its text, and in no other's
    std::map<std::string, outcome> told;
    td::receipt earlier; // of a message that it is about
    std::optional<td::send_summary> send_summary;
};

std::string login_of(int number)
{
    return "p" + std::to_string(number);
}

using chain = td::match::first_of<td::match::phone_number, td::match::email>;

template<class Match>
Match address_of(int number)
{
    auto const login = login_of(number);
    if constexpr (std::is_same_v<Match, td::match::email>)
        return Match(login + "@example.com");
    else if constexpr (std::is_same_v<Match, td::match::phone_number>)
        return Match("+65" + std::to_string(80000000 + number));
    else
        return Match(td::match::phone_number("+6589999999"), // nobody's
                     td::match::email(login + "@example.com"));
}

// ---- Operations

template<class Notifier>
asio::awaitable<outcome> send_text(Notifier& notify, story& s)
{
    auto who = address_of<typename Notifier::match_type>(s.number);
    auto const sent = co_await notify.send(std::move(who), td::text{s.mark});
    co_return s.told[login_of(s.number)] = without_value(sent);
}

template<class Notifier>
asio::awaitable<outcome> send_text_by_token(Notifier& notify, story& s)
{
    auto who = address_of<typename Notifier::match_type>(s.number);
    auto const sent = co_await notify.async_send(std::move(who), td::text{s.mark}, asio::use_awaitable);
    co_return s.told[login_of(s.number)] = without_value(sent);
}

template<class Notifier>
asio::awaitable<outcome> send_image(Notifier& notify, story& s)
{
    auto who = address_of<typename Notifier::match_type>(s.number);
    std::string const png = "\x89PNG\r\n\x1a\n...";
    auto const sent = co_await notify.send(std::move(who), td::image{png, "one.png"});
    co_return s.told[login_of(s.number)] = without_value(sent);
}

template<class Notifier>
asio::awaitable<outcome> send_file(Notifier& notify, story& s)
{
    auto who = address_of<typename Notifier::match_type>(s.number);
    auto const sent = co_await notify.send(std::move(who), td::file{"one.pdf", "%PDF-1.4 ..."});
    co_return s.told[login_of(s.number)] = without_value(sent);
}

// Of two calls, the one that comes later.
template<class Notifier>
asio::awaitable<outcome> send_after_another(Notifier& notify, story& s)
{
    using match = typename Notifier::match_type;
    notify.async_send(address_of<match>(s.next), td::text{"another"}, [](td::result<td::receipt> const&) {});
    auto const sent = co_await notify.send(address_of<match>(s.number), td::text{s.mark});
    co_return s.told[login_of(s.number)] = without_value(sent);
}

constexpr std::size_t parts_of_long_text = 3;

template<class Notifier>
asio::awaitable<outcome> send_long_text(Notifier& notify, story& s)
{
    std::string body;
    for (int i = 0; body.size() < (parts_of_long_text - 1) * 2048 + 100; ++i)
        body += s.mark + " line " + std::to_string(i) + "\n";
    auto who = address_of<typename Notifier::match_type>(s.number);
    td::text what(std::move(body));
    what.when_long(td::long_text::split);
    auto const sent = co_await notify.send(std::move(who), std::move(what));
    co_return s.told[login_of(s.number)] = without_value(sent);
}

constexpr int people_of_many = 3;
constexpr int window_of_many = 2;

template<class Match>
std::vector<Match> many(story const& s)
{
    std::vector<Match> out;
    for (int i = 0; i != people_of_many; ++i)
        out.push_back(address_of<Match>(s.number + i));
    return out;
}

// The call itself succeeds; people fail, or are left.
outcome sum_up(story& s, td::result<td::send_summary> const& all)
{
    if (!all)
        return all.error();
    s.send_summary = *all;
    for (auto const& [who, fared] : s.told)
        if (!fared)
            return fared;
    return all->complete ? outcome() : outcome(td::failure(td::errc::cancelled));
}

template<class Notifier>
asio::awaitable<outcome> send_to_many(Notifier& notify, story& s)
{
    auto const people = many<typename Notifier::match_type>(s);
    auto sink = [&s](std::size_t i, auto const&, td::result<td::receipt> const& one) {
        s.told[login_of(s.number + static_cast<int>(i))] = without_value(one);
    };
    auto how = td::send_each_options().window(window_of_many);
    auto const all = co_await notify.send_each(people, td::text{s.mark}, sink, std::move(how));
    co_return sum_up(s, all);
}

template<class Notifier>
asio::awaitable<outcome> send_to_many_with_a_slow_sink(Notifier& notify, story& s)
{
    auto const people = many<typename Notifier::match_type>(s);
    auto sink = [&s](std::size_t i, auto const&, td::result<td::receipt> one) -> asio::awaitable<void> {
        asio::steady_timer timer(co_await asio::this_coro::executor, 1ms);
        co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
        s.told[login_of(s.number + static_cast<int>(i))] = without_value(one);
    };
    auto how = td::send_each_options().window(window_of_many);
    auto const all = co_await notify.send_each(people, td::text{s.mark}, sink, std::move(how));
    co_return sum_up(s, all);
}

template<class Notifier>
asio::awaitable<outcome> send_a_batch(Notifier& notify, story& s)
{
    auto const people = many<typename Notifier::match_type>(s);
    auto sink = [&s](std::size_t i, auto const&, td::result<td::receipt> const& one) {
        s.told[login_of(s.number + static_cast<int>(i))] = without_value(one);
    };
    auto const all = co_await notify.send_each(people, td::text{s.mark}, sink, td::native_batch_options());
    co_return sum_up(s, all);
}

template<class Notifier>
asio::awaitable<outcome> resolve(Notifier& notify, story& s)
{
    auto who = address_of<typename Notifier::match_type>(s.number);
    auto const found = co_await notify.resolve(std::move(who));
    co_return without_value(found);
}

template<class Notifier>
asio::awaitable<outcome> warm_up(Notifier& notify, story&)
{
    auto const warm = co_await notify.warm_up();
    co_return warm;
}

template<class Notifier>
asio::awaitable<outcome> readers(Notifier& notify, story& s)
{
    auto const readers = co_await notify.readers(s.earlier);
    co_return without_value(readers);
}

template<class Notifier>
asio::awaitable<outcome> recall(Notifier& notify, story& s)
{
    auto const done = co_await notify.recall(s.earlier);
    co_return s.told["recalled"] = done;
}

template<class Webhook>
asio::awaitable<outcome> tell_group(Webhook& group, story& s)
{
    auto const sent = co_await group.send(td::text{s.mark});
    co_return s.told["group"] = without_value(sent);
}

// ---- Who performs them

// A notifier or a webhook of one attempt's own, and what is done with it.
class subject
{
public:
    subject() = default;
    subject(subject const&) = delete;
    subject& operator=(subject const&) = delete;
    virtual ~subject() = default;

    /// Begins the operation. Once begun it needs the story, and this object no more.
    virtual asio::awaitable<outcome> start(story& s) = 0;
    /// Another message, to somebody whom the story is not about.
    virtual void send_again(story const& s, std::function<void(td::result<td::receipt> const&)> done) = 0;
};

template<class Client>
class subject_of final : public subject
{
public:
    using operation = asio::awaitable<outcome> (*)(Client&, story&);

    subject_of(Client c, operation begins) : client_(std::move(c)), start_(begins) {}

    asio::awaitable<outcome> start(story& s) override { return start_(client_, s); }
    void send_again(story const& s, std::function<void(td::result<td::receipt> const&)> done) override
    {
        td::text const what("again " + s.mark);
        if constexpr (requires { typename Client::match_type; })
            client_.async_send(address_of<typename Client::match_type>(s.next), what, std::move(done));
        else
            client_.async_send(what, std::move(done));
    }

private:
    Client client_;
    operation start_;
};

using factory = std::function<std::unique_ptr<subject>(asio::any_io_executor)>;

template<class Client, class Make>
factory made_by(Make make, asio::awaitable<outcome> (*start)(Client&, story&))
{
    return [make, start](asio::any_io_executor ex) -> std::unique_ptr<subject> {
        return std::make_unique<subject_of<Client>>(make(std::move(ex)), start);
    };
}

template<class Provider, class Match, class... More>
using notifier = td::notifier<Provider, Match, td::transport::http, td::base_url, td::retry::none, More...>;
using lark = notifier<td::lark, td::match::email>;
using feishu = notifier<td::feishu, td::match::email>;
using wecom = notifier<td::wecom, td::match::email>;
using dingtalk = notifier<td::dingtalk, td::match::phone_number>;
using dingtalk_work = notifier<td::dingtalk_work, td::match::phone_number>;
template<class Provider>
using webhook = td::webhook<Provider, td::base_url, td::transport::http, td::retry::none>;
// One that can be set up for every way there is.
using versatile = td::notifier<td::lark, td::match::email, td::transport::by_scheme, td::base_url, td::retry::safe,
                               td::deadline, td::pacing::published, td::token_cache::file>;

template<class Client>
factory plain(td::sandbox::server& platform, asio::awaitable<outcome> (*start)(Client&, story&))
{
    using provider = typename Client::provider_type;
    auto const app = credentials<provider>(platform);
    auto const where = url<provider>(platform);
    auto const make = [app, where](asio::any_io_executor ex) { return Client(std::move(ex), app, where); };
    return made_by<Client>(make, start);
}

struct setting
{
    explicit setting(td::sandbox::server& platform)
        : app(credentials<td::lark>(platform)), where(url<td::lark>(platform))
    {
        repeats.max_retries(0);
    }

    versatile open(asio::any_io_executor ex) const
    {
        auto pacing = td::pacing::published(); // nobody else's
        if (most != 0)
            pacing.limit("im/v1/messages", most, per);
        return versatile(std::move(ex), app, where, way, repeats, limit, pacing, tokens());
    }

    td::lark::credentials app;
    td::base_url where;
    td::transport::by_scheme way;
    td::retry::safe repeats;
    td::deadline limit;
    unsigned most = 0; // messages in `per`
    std::chrono::milliseconds per{0};
    std::function<td::token_cache::file()> tokens = td::token_cache::file::off;
};

factory versatile_with(setting how, asio::awaitable<outcome> (*start)(versatile&, story&))
{
    auto const make = [how = std::move(how)](asio::any_io_executor ex) { return how.open(std::move(ex)); };
    return made_by<versatile>(make, start);
}

// ---- The rows

constexpr int far_more = 1000; // steps than any of them has

struct row
{
    row(factory m, int n) : make(std::move(m)), requests(n) {}

    /// How many requests can be under way at a time.
    int at_once() const { return people > 1 ? window_of_many : 1; }

    factory make;
    int requests;                               // when nothing goes wrong
    int people = 1;                             // who get the message; 0: there is none
    std::size_t parts = 1;                      // of the message
    bool has_mark = true;                       // it can be told by its text
    std::string to;                             // who gets it, where that is no person
    int max_steps = far_more;                   // what does not end by itself is looked at so far
    int many_recipients = many_recipients_size; // of whom it takes the people
    int runs = 2;                               // of the four ways to give up, so many at each step
    std::function<void(story&)> prepare = [](story&) {};
    // What is in the way until it is cleared away.
    std::function<std::shared_ptr<void>()> blocker = [] { return nullptr; };
    std::optional<td::error_code> cause; // what fails first, and what a failure later on goes back to
    bool broken = false;                 // by the obstacle
};

struct test_environment
{
    char const* name;
    row (*set)(td::sandbox::server&);
    bool tls = false;
};

template<class Client, asio::awaitable<outcome> (*Start)(Client&, story&), int Requests, int People = 1>
row plain_row(td::sandbox::server& platform)
{
    row out(plain<Client>(platform, Start), Requests);
    out.people = People;
    return out;
}

row lark_text(td::sandbox::server& platform)
{
    auto out = plain_row<lark, send_text<lark>, 3>(platform);
    out.runs = 4;
    return out;
}

// An attachment's message has nothing of the attempt's in it.
row without_mark(row r)
{
    r.has_mark = false;
    return r;
}

template<class Client, int Requests>
row image_row(td::sandbox::server& platform)
{
    return without_mark(plain_row<Client, send_image<Client>, Requests>(platform));
}

template<class Client, int Requests>
row file_row(td::sandbox::server& platform)
{
    return without_mark(plain_row<Client, send_file<Client>, Requests>(platform));
}

row wecom_long_text(td::sandbox::server& platform)
{
    auto out = plain_row<wecom, send_long_text<wecom>, 6>(platform);
    out.parts = parts_of_long_text;
    return out;
}

row wecom_chain(td::sandbox::server& platform)
{
    using client = notifier<td::wecom, chain>;
    row out(plain<client>(platform, send_text<client>), 5);
    out.cause = make_error_code(td::errc::recipient_not_found); // by the first way
    return out;
}

row dingtalk_scan(td::sandbox::server& platform)
{
    using client = notifier<td::dingtalk, td::match::email, td::addressing::directory_scan>;
    auto const app = credentials<td::dingtalk>(platform);
    auto const where = url<td::dingtalk>(platform);
    auto const make = [app, where](asio::any_io_executor ex) {
        return client(std::move(ex), app, where, td::addressing::directory_scan().calls_per_second(20));
    };
    // A page of one department: there is a pause before each call.
    platform.edit([](td::sandbox::world& w) {
        w.dingtalk.apps[0].contact_departments = {12};
        w.dingtalk.departments[3].members.resize(90);
    });
    row out(made_by<client>(make, send_text<client>), 5);
    out.many_recipients = 80;
    return out;
}

// A receipt of the application's for each attempt.
template<class Client>
row about_an_earlier_message(td::sandbox::server& platform, row r)
{
    using provider = typename Client::provider_type;
    using at_once = notifier<provider, typename Client::match_type, td::pacing::none>;
    struct sender
    {
        explicit sender(td::sandbox::server& platform)
            : notify(io.get_executor(), credentials<provider>(platform), url<provider>(platform))
        {
        }

        asio::io_context io;
        at_once notify;
    };
    auto const from = std::make_shared<sender>(platform);
    r.people = 0;
    r.prepare = [from](story& s) {
        from->notify.async_send(address_of<typename Client::match_type>(s.number), td::text{"earlier"},
                                [&s](td::result<td::receipt> const& sent) { s.earlier = sent.value(); });
        from->io.restart();
        from->io.run();
    };
    return r;
}

template<class Client>
row read_by_row(td::sandbox::server& platform)
{
    return about_an_earlier_message<Client>(platform, plain_row<Client, readers<Client>, 2>(platform));
}

template<class Client>
row recall_row(td::sandbox::server& platform)
{
    return about_an_earlier_message<Client>(platform, plain_row<Client, recall<Client>, 2>(platform));
}

template<class Provider>
row hook(td::sandbox::server& platform)
{
    auto const world = platform.world();
    std::string address(td::webhook_traits<Provider>::base_url);
    std::string chat;
    if constexpr (std::is_same_v<Provider, td::dingtalk>)
    {
        address += "/robot/send?access_token=" + world.dingtalk.hooks.front().access_token;
        chat = world.dingtalk.hooks.front().open_conversation_id;
    }
    else if constexpr (std::is_same_v<Provider, td::wecom>)
    {
        address += "/cgi-bin/webhook/send?key=" + world.wecom.hooks.front().key;
        chat = world.wecom.hooks.front().chat_id;
    }
    else
    {
        auto const here = std::find_if(world.hooks.begin(), world.hooks.end(),
                                       [](auto const& h) { return to_string(h.platform) == Provider::name; });
        address += "/open-apis/bot/v2/hook/" + here->token;
        chat = here->chat_id;
    }
    auto const make = [address, where = url<Provider>(platform)](asio::any_io_executor ex) {
        return webhook<Provider>(std::move(ex), td::webhook_address(address), where);
    };
    row out(made_by<webhook<Provider>>(make, tell_group<webhook<Provider>>), 1);
    out.to = chat;
    return out;
}

// ---- The ways

unsigned short port_of(td::sandbox::server const& platform)
{
    return static_cast<unsigned short>(std::stoul(td::transport::endpoint::parse(platform.url("lark"))->port()));
}

row by_tls(td::sandbox::server& platform)
{
    setting how(platform);
    how.way = td::transport::by_scheme(td::transport::https().ca_file(platform.ca_file()));
    return {versatile_with(how, send_text<versatile>), 3};
}

// Over TLS where the platform is asked so.
row by_proxy(td::sandbox::server& platform)
{
    auto const proxy = std::make_shared<relay>(asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), 0),
                                               port_of(platform), "HTTP/1.1 200 Connection established\r\n\r\n");
    auto const address = "127.0.0.1:" + std::to_string(proxy->port());
    setting how(platform);
    how.way = td::transport::by_scheme(td::transport::https().ca_file(platform.ca_file()).proxy(address),
                                       td::transport::http().proxy(address));
    row out(versatile_with(how, send_text<versatile>), 3);
    out.prepare = [proxy](story&) {};
    return out;
}

td::base_url named(td::sandbox::server const& platform, char const* host)
{
    return td::base_url("http://" + std::string(host) + ":" + std::to_string(port_of(platform)));
}

row by_the_second_address(td::sandbox::server& platform)
{
    setting how(platform);
    how.where = named(platform, "platform.invalid");
    // Nobody listens at the first.
    how.way = td::transport::by_scheme(
        td::transport::https(),
        td::transport::http().resolve("platform.invalid", "127.0.0.2").resolve("platform.invalid", "127.0.0.1"));
    return {versatile_with(how, send_text<versatile>), 3};
}

row past_an_address_that_does_not_answer(td::sandbox::server& platform)
{
    auto const hole =
        std::make_shared<black_hole>(asio::ip::tcp::endpoint(asio::ip::make_address("127.0.0.2"), port_of(platform)));
    auto out = by_the_second_address(platform);
    out.prepare = [hole](story&) {};
    constexpr int up_to_the_first_request = 6;
    out.max_steps = up_to_the_first_request;
    return out;
}

row by_the_systems_resolver(td::sandbox::server& platform)
{
    setting how(platform);
    how.where = named(platform, "localhost");
    return {versatile_with(how, send_text<versatile>), 3};
}

// ---- What is waited for

row from_a_file(td::sandbox::server& platform)
{
    auto const directory = std::make_shared<std::optional<temporary_directory>>();
    setting how(platform);
    how.tokens = [directory] { return td::token_cache::file((*directory)->path()); };
    row out(versatile_with(how, send_text<versatile>), 3);
    out.prepare = [directory](story&) { directory->emplace(); };
    return out;
}

// Another process is fetching the token, and is not answered.
row behind_anothers_lock(td::sandbox::server& platform)
{
    auto const directory = std::make_shared<std::optional<temporary_directory>>();
    setting how(platform);
    how.tokens = [directory] { return td::token_cache::file((*directory)->path()); };
    row out(versatile_with(how, send_text<versatile>), 3);
    out.prepare = [directory](story&) { directory->emplace(); };
    struct other
    {
        explicit other(setting const& how) : notify(how.open(io.get_executor())) {}

        asio::io_context io;
        versatile notify;
    };
    out.blocker = [how, &platform]() -> std::shared_ptr<void> {
        platform.add_fault(fault(fault_kind::stall).path(std::string(token_path)));
        auto const before = platform.requests().size();
        auto const holder = std::make_shared<other>(how);
        asio::co_spawn(holder->io, holder->notify.warm_up(), asio::detached);
        while (platform.requests().size() == before)
            holder->io.run_one_for(5ms);
        return holder;
    };
    constexpr int up_to_the_longest_pause = 6;
    out.max_steps = up_to_the_longest_pause;
    return out;
}

row repeating(td::sandbox::server& platform, std::function<void()> spoil, int requests)
{
    setting how(platform);
    how.repeats = td::retry::safe().initial_backoff(4ms);
    row out(versatile_with(how, send_text<versatile>), requests);
    out.cause = make_error_code(boost::beast::http::error::end_of_stream);
    out.broken = true;
    out.blocker = [spoil, &platform]() -> std::shared_ptr<void> {
        spoil();
        return {nullptr, [&platform](void*) { platform.clear_faults(); }};
    };
    return out;
}

row repeating_the_token(td::sandbox::server& platform)
{
    auto const spoil = [&] { platform.add_fault(fault(fault_kind::cut_before_headers).path(std::string(token_path))); };
    return repeating(platform, spoil, 4);
}

row repeating_the_look_up(td::sandbox::server& platform)
{
    // Twice: on a connection that was kept alive it is made again at once.
    auto const spoil = [&] {
        platform.add_fault(fault(fault_kind::cut_before_headers).path(std::string(look_up_path)).times(2));
    };
    return repeating(platform, spoil, 5);
}

row repeating_the_message(td::sandbox::server& platform)
{
    auto const spoil = [&] { platform.add_fault(fault(fault_kind::reply_lost).path(std::string(send_path)).times(2)); };
    return repeating(platform, spoil, 5);
}

// It waits for the only connection, again and again.
row behind_another_call(td::sandbox::server& platform)
{
    setting how(platform);
    how.way = td::transport::by_scheme(td::transport::https(), td::transport::http().max_connections(1));
    row out(versatile_with(how, send_after_another<versatile>), 3);
    out.max_steps = far_more - 1; // whose exchange is broken is another matter
    return out;
}

row at_a_pace(td::sandbox::server& platform)
{
    setting how(platform);
    how.most = 1;
    how.per = 10ms;
    row out(versatile_with(how, send_to_many<versatile>), 6);
    out.people = people_of_many;
    return out;
}

constexpr test_environment scenes[] = {
    {"send a text", lark_text},
    {"send a text by a completion token", plain_row<lark, send_text_by_token<lark>, 3>},
    {"send an image", image_row<lark, 4>},
    {"send a file", file_row<lark, 4>},
    {"send to many", plain_row<lark, send_to_many<lark>, 6, people_of_many>},
    {"send to many with a slow sink", plain_row<lark, send_to_many_with_a_slow_sink<lark>, 6, people_of_many>},
    {"send a batch", plain_row<lark, send_a_batch<lark>, 3, people_of_many>},
    {"resolve", plain_row<lark, resolve<lark>, 2, 0>},
    {"warm up", plain_row<lark, warm_up<lark>, 1, 0>},
    {"read by", read_by_row<lark>},
    {"recall", recall_row<lark>},
    {"Feishu: read by", read_by_row<feishu>},
    {"WeCom: send a text", plain_row<wecom, send_text<wecom>, 4>},
    {"WeCom: send an image", image_row<wecom, 5>},
    {"WeCom: send a file", file_row<wecom, 5>},
    {"WeCom: send a long text", wecom_long_text},
    {"WeCom: send to many", plain_row<wecom, send_to_many<wecom>, 9, people_of_many>},
    {"WeCom: send to somebody known in two ways", wecom_chain},
    {"WeCom: recall", recall_row<wecom>},
    {"DingTalk: send a text", plain_row<dingtalk, send_text<dingtalk>, 3>},
    {"DingTalk: send an image", image_row<dingtalk, 4>},
    {"DingTalk: send a file", file_row<dingtalk, 4>},
    {"DingTalk: send to many", plain_row<dingtalk, send_to_many<dingtalk>, 6, people_of_many>},
    {"DingTalk: read by", read_by_row<dingtalk>},
    {"DingTalk: recall", recall_row<dingtalk>},
    {"DingTalk: send a work notification", plain_row<dingtalk_work, send_text<dingtalk_work>, 4>},
    {"DingTalk: read by, of a work notification", read_by_row<dingtalk_work>},
    {"DingTalk: recall a work notification", recall_row<dingtalk_work>},
    {"DingTalk: send to an address of the directory", dingtalk_scan},
    {"tell a group of Lark's", hook<td::lark>},
    {"tell a group of Feishu's", hook<td::feishu>},
    {"tell a group of DingTalk's", hook<td::dingtalk>},
    {"tell a group of WeCom's", hook<td::wecom>},
    {"by TLS", by_tls, true},
    {"through a proxy", by_proxy},
    {"through a proxy by TLS", by_proxy, true},
    {"by the second address", by_the_second_address},
    {"past an address that does not answer", past_an_address_that_does_not_answer},
    {"by the system's resolver", by_the_systems_resolver},
    {"with a token in a file", from_a_file},
    {"behind another's lock", behind_anothers_lock},
    {"repeating the token", repeating_the_token},
    {"repeating the look-up", repeating_the_look_up},
    {"repeating the message", repeating_the_message},
    {"behind another call", behind_another_call},
    {"at a pace", at_a_pace},
};

td::sandbox::options stage(test_environment const& s)
{
    auto world = many_recipients(many_recipients_size);
    for (auto const& one : world.people)
    {
        world.dingtalk.departments[3].members.push_back(one.login_name);
        world.dingtalk.apps[0].availability.people.push_back(one.login_name);
    }
    // Many are looked up who do not have that mailbox.
    world.wecom.limits.organisation_size = 1'000'000;
    return td::sandbox::options().tls(s.tls).world(std::move(world));
}

// ---- One attempt

// An operation on a context of its own.
class attempt
{
public:
    attempt(row const& r, story& s) : story_(s), subject_(r.make(io_.get_executor()))
    {
        asio::co_spawn(io_, subject_->start(s),
                       asio::bind_cancellation_slot(stop_.slot(), [this](std::exception_ptr thrown, outcome got) {
                           thrown_ = thrown;
                           got_ = std::move(got);
                       }));
    }

    /// Runs so many handlers, or until it has ended.
    ///
    /// @param pause  Before each of them.
    void run(int steps)
    {
        for (int i = 0; i != steps && !ended(); ++i)
            io_.run_one_for(2s);
    }
    void cancel() { stop_.emit(asio::cancellation_type::terminal); }
    void abandon() { subject_.reset(); }
    bool ended() const noexcept { return got_.has_value(); }
    bool threw() const noexcept { return thrown_ != nullptr; }
    outcome const& got() const { return *got_; }

    /// Nothing is left to do, and what was posted has arrived.
    bool is_idle()
    {
        io_.restart();
        io_.run_for(5s);
        return io_.stopped();
    }

    /// Whether another message is delivered after all this.
    outcome still_works()
    {
        outcome again = td::failure(td::errc::timed_out);
        subject_->send_again(story_, [&](td::result<td::receipt> const& sent) { again = without_value(sent); });
        BOOST_TEST(is_idle());
        return again;
    }

private:
    // A cancellation is posted where it is emitted elsewhere than in a coroutine's own context: its signal outlives
    // the context.
    asio::cancellation_signal stop_;
    story& story_;
    asio::io_context io_;
    std::unique_ptr<subject> subject_;
    std::exception_ptr thrown_;
    std::optional<outcome> got_;
};

// All that was told in a scene, compared with what the platform knows once it is over: a request that its sender gave
// up may arrive late.
class event_log
{
public:
    event_log(row const& r, td::sandbox::server& platform) : row_(r), platform_(platform) {}
    event_log(event_log const&) = delete;
    event_log& operator=(event_log const&) = delete;

    story& begin()
    {
        auto const count = static_cast<int>(stories_.size());
        auto const next = count * (row_.people + 1);
        int const most = row_.many_recipients - people_of_many;
        BOOST_TEST_REQUIRE((row_.has_mark || next < most)); // or messages would be mistaken for others
        auto& s = *stories_.emplace_back(std::make_unique<story>(next % most, row_.people, count));
        row_.prepare(s);
        return s;
    }
    /// Nobody is going to be told anything more.
    void end(story& s, bool ended, std::string where)
    {
        if (ended)
            ended_.emplace_back(&s, std::move(where));
    }

    void compare() const
    {
        std::this_thread::sleep_for(5ms);
        auto const ledger = platform_.ledger();
        for (auto const& [s, where] : ended_)
            BOOST_TEST_CONTEXT(where)
            {
                if (row_.people != 0)
                    compare_messages(*s, ledger);
                if (auto const told = s->told.find("recalled"); told != s->told.end())
                    compare_recalled(*s, told->second, ledger);
                if (s->send_summary)
                    compare_tally(*s);
            }
    }

private:
    using rows = std::vector<td::sandbox::message>;

    void compare_messages(story const& s, rows const& ledger) const
    {
        for (int i = 0; i != row_.people; ++i)
        {
            auto const who = row_.to.empty() ? login_of(s.number + i) : row_.to;
            std::multiset<std::string> arrived;
            for (auto const& one : ledger)
                if (one.to == who && (!row_.has_mark || says(one.content, s.mark)))
                    arrived.insert(one.content);
            std::set<std::string> const different(arrived.begin(), arrived.end());
            BOOST_TEST(arrived.size() == different.size(), who << " got something twice");
            auto const told = s.told.find(row_.to.empty() ? who : "group");
            if (told == s.told.end())
                BOOST_TEST(arrived.empty(), who << " got a message, and nobody was told");
            else if (told->second)
                BOOST_TEST(arrived.size() == row_.parts, who);
            else
            {
                auto const why = told->second.error();
                auto const before = parts_before(why);
                bool const unknown = why == td::errc::outcome_unknown;
                BOOST_TEST((arrived.size() == before || (unknown && arrived.size() == before + 1)),
                           who << " got " << arrived.size() << ": " << why);
            }
        }
    }

    /// The message, and not the one that is sent afterwards.
    static bool says(std::string const& content, std::string const& mark)
    {
        return content.find(mark) != content.npos && content.find("again " + mark) == content.npos;
    }

    /// Of a long text: as many as the failure says.
    static std::size_t parts_before(td::failure const& why)
    {
        std::string const detail = why.facts() ? why.facts()->detail : std::string();
        auto const at = detail.find("part ");
        return at == detail.npos ? 0 : std::stoul(detail.substr(at + 5)) - 1;
    }

    static void compare_recalled(story const& s, outcome const& told, rows const& ledger)
    {
        for (auto const& one : ledger)
            if (one.message_id == s.earlier.message_id())
            {
                if (told)
                    BOOST_TEST(one.recalled);
                else if (told.error() != td::errc::outcome_unknown)
                    BOOST_TEST(!one.recalled, told.error());
            }
    }

    static void compare_tally(story const& s)
    {
        std::size_t delivered = 0;
        std::size_t unknown = 0;
        for (auto const& [who, fared] : s.told)
        {
            delivered += fared.has_value();
            unknown += fared.has_error() && fared.error() == td::errc::outcome_unknown;
        }
        BOOST_TEST(s.send_summary->delivered == delivered);
        BOOST_TEST(s.send_summary->unknown == unknown);
        BOOST_TEST(s.send_summary->total() == s.told.size());
        BOOST_TEST(s.send_summary->complete == (s.told.size() == people_of_many));
    }

    row const& row_;
    td::sandbox::server& platform_;
    std::vector<std::unique_ptr<story>> stories_;
    std::vector<std::pair<story*, std::string>> ended_;
};

// How an attempt is given up.
struct manner_of_giving_up
{
    /// The four of them, in turn.
    static manner_of_giving_up number(int n)
    {
        constexpr bool late[] = {false, true, true, false};
        return {late[n % 4], n % 2 == 1};
    }

    std::string describe(int steps) const
    {
        return "cancelled after " + std::to_string(steps) + " steps" + (late ? ", late" : "") +
               (destroyed ? ", and destroyed" : "");
    }

    bool late;      // what it waits for may be there, and it does not know yet
    bool destroyed; // its notifier goes, too
};

// Whether a failure goes back to what was wrong before.
bool tells_of(std::optional<td::error_code> const& cause, td::failure const& why)
{
    return cause && why.cause() == *cause;
}

// Cancels an operation after every number of steps.
//
// @returns  Whether a failure had the cause that it has to have, if its row has one.
bool cancel_after_each_step(test_environment const& scene)
{
    td::sandbox::server platform(stage(scene));
    row const r = scene.set(platform);
    event_log told(r, platform);
    bool told_the_cause = false;
    bool over = false;
    for (int steps = 0; !over && steps <= r.max_steps; ++steps)
        for (int run = 0; run != r.runs; ++run)
        {
            auto const how = manner_of_giving_up::number(r.runs * steps + run);
            // Before the first step, it is the caller who would touch what is gone.
            if (how.destroyed && steps == 0)
                continue;
            BOOST_TEST_CONTEXT(scene.name << ", " << how.describe(steps))
            {
                auto& s = told.begin();
                attempt a(r, s);
                auto blocker = r.blocker();
                auto const before = platform.requests().size();
                a.run(steps);
                over = over || a.ended();
                if (how.late && !a.ended())
                    std::this_thread::sleep_for(1ms);
                auto const made = static_cast<int>(platform.requests().size() - before);
                a.cancel();
                if (how.destroyed)
                {
                    a.run(steps % 3);
                    a.abandon();
                }
                auto const begun = std::chrono::steady_clock::now();
                a.run(far_more);
                BOOST_TEST_REQUIRE(a.ended());
                BOOST_TEST((std::chrono::steady_clock::now() - begun < 5s)); // of the ten that it has
                // Later versions of Asio end a coroutine that is cancelled before its first step.
                bool const has_not_begun = BOOST_VERSION > 108100 && steps == 0 && a.threw();
                BOOST_TEST((has_not_begun || !a.threw()));
                told.end(s, true, how.describe(steps));
                if (a.got().has_error())
                {
                    auto const why = a.got().error();
                    BOOST_TEST((why == td::errc::cancelled || why == td::errc::outcome_unknown ||
                                why == td::errc::partly_delivered),
                               why);
                    // It is no failure's, unless there was one.
                    BOOST_TEST((why != td::errc::cancelled || !why.cause() || tells_of(r.cause, why)), why);
                    // What is made once more had failed before.
                    BOOST_TEST((why.attempts() < 2 || why.cause()), why);
                    told_the_cause = told_the_cause || tells_of(r.cause, why);
                }
                else if (!has_not_begun) // That came too late: what there was to ask was asked already.
                    BOOST_TEST(made + r.at_once() >= r.requests, "only " << made << " requests had been made");
                blocker.reset();
                if (how.destroyed)
                    BOOST_TEST(a.is_idle());
                else
                {
                    auto const again = a.still_works();
                    BOOST_TEST(again.has_value(), again.error());
                }
                if (over)
                    BOOST_TEST(steps > r.requests); // each request is a step at least
                BOOST_TEST_REQUIRE(steps < far_more);
            }
        }
    BOOST_TEST_CONTEXT(scene.name)
    told.compare();
    return !r.cause || told_the_cause;
}

} // namespace

BOOST_AUTO_TEST_CASE(whatever_is_cancelled_wherever_ends_at_once_says_the_truth_and_leaves_a_usable_notifier)
{
    for (auto const& scene : scenes)
        BOOST_TEST(cancel_after_each_step(scene), scene.name);
}

BOOST_AUTO_TEST_CASE(a_chain_that_is_cancelled_behind_its_first_link_names_what_that_came_to)
{
    struct canceller
    {
        using policy_kind = td::observer_kind;

        void on(td::event::person_resolved const& e) const noexcept
        {
            if (e.error == td::errc::recipient_not_found)
                stop->emit(asio::cancellation_type::terminal);
        }

        asio::cancellation_signal* stop;
    };
    td::sandbox::server platform;
    asio::cancellation_signal stop;
    asio::io_context io;
    notifier<td::wecom, chain, canceller> notify(io.get_executor(), credentials<td::wecom>(platform),
                                                 url<td::wecom>(platform), canceller{&stop});
    std::optional<td::result<td::receipt>> got;
    notify.async_send(address_of<chain>(1), td::text{"hi"},
                      asio::bind_cancellation_slot(stop.slot(), [&got](td::result<td::receipt> sent) { got = sent; }));
    io.run_for(5s);
    BOOST_TEST_REQUIRE(got.has_value());
    BOOST_TEST_REQUIRE(got->has_error());
    BOOST_TEST((got->error() == td::errc::cancelled), got->error());
    BOOST_TEST((got->error().cause() == td::errc::recipient_not_found), got->error());
    BOOST_TEST(platform.ledger().empty());
}

BOOST_AUTO_TEST_CASE(whatever_is_abandoned_wherever_touches_nothing_that_is_gone)
{
    for (auto const& one : scenes)
    {
        td::sandbox::server platform(stage(one));
        row const r = one.set(platform);
        event_log told(r, platform);
        bool over = false;
        // From the first step on, with which the operation begins: before, it is the caller who would touch what is
        // gone.
        for (int steps = 1; !over && steps <= r.max_steps; ++steps)
            BOOST_TEST_CONTEXT(one.name << ", abandoned after " << steps << " steps")
            {
                auto& s = told.begin();
                attempt a(r, s);
                auto blocker = r.blocker();
                a.run(steps);
                over = a.ended();
                a.abandon();
                if (steps % 2 == 0) // the others end with the context in the middle of them
                {
                    blocker.reset();
                    a.run(far_more);
                    BOOST_TEST(a.ended());
                    BOOST_TEST(a.is_idle());
                }
                told.end(s, a.ended(), "abandoned after " + std::to_string(steps) + " steps");
                BOOST_TEST_REQUIRE(steps < far_more);
            }
        BOOST_TEST_CONTEXT(one.name)
        told.compare();
    }
}

BOOST_AUTO_TEST_CASE(whatever_breaks_at_whichever_exchange_fails_until_none_breaks_and_works_the_next_time)
{
    for (auto const& one : scenes)
    {
        td::sandbox::server platform(stage(one));
        row const r = one.set(platform);
        if (r.broken || r.max_steps != far_more)
            continue; // broken already
        event_log told(r, platform);
        bool succeeded = false;
        for (int broken = 0; !succeeded; ++broken)
            BOOST_TEST_CONTEXT(one.name << " with exchange " << broken << " broken")
            {
                auto& s = told.begin();
                // Once more than there are requests at a time: a connection that had been kept alive is replaced.
                int const times = std::max(r.people, 1) + 1;
                platform.add_fault(fault(fault_kind::cut_before_headers).after(broken).times(times).reset());
                attempt a(r, s);
                a.run(far_more);
                platform.clear_faults();
                BOOST_TEST_REQUIRE(a.ended());
                BOOST_TEST(!a.threw());
                told.end(s, true, "with exchange " + std::to_string(broken) + " broken");
                auto const again = a.still_works();
                BOOST_TEST(again.has_value(), again.error());
                succeeded = a.got().has_value();
                if (succeeded)
                    BOOST_TEST(broken == r.requests);
                else
                    BOOST_TEST_REQUIRE(broken < r.requests, a.got().error());
            }
        BOOST_TEST_CONTEXT(one.name)
        told.compare();
    }
}

// What made it wait is not forgotten when the wait is over, by whomever.
BOOST_AUTO_TEST_CASE(who_gives_up_after_something_has_failed_learns_what_it_was)
{
    td::error_code const lost = boost::beast::http::error::end_of_stream;
    auto const cut = [](std::string_view path) {
        // Twice: on a connection that was kept alive it is made again at once.
        return fault(fault_kind::cut_before_headers).path(std::string(path)).times(path == token_path ? 1 : 2);
    };
    auto const stall = [](std::string_view path) { return fault(fault_kind::stall).path(std::string(path)); };
    struct way
    {
        char const* name;
        std::vector<fault> faults;
        std::size_t requests; // until it waits
        td::error_code cause;
        bool foreseen = false; // that the deadline comes first: nobody waits for it
        bool beside = false;   // another call, which does what this one waits for
    };
    std::vector<way> const ways{
        {"a token", {cut(token_path), stall(token_path)}, 2, lost},
        // Twice: at a deadline the other call may end a little earlier, and this one fetches on.
        {"a token that another call fetches", {cut(token_path), stall(token_path).times(2)}, 2, lost, false, true},
        {"a look-up", {cut(look_up_path), stall(look_up_path)}, 4, lost},
        {"a token after one that was rejected",
         {fault(fault_kind::refuse).path(std::string(look_up_path)).code("99991663"),
          fault(fault_kind::stall).path(std::string(token_path)).after(1)},
         3,
         make_error_code(td::errc::token_rejected)},
        {"its turn",
         {fault(fault_kind::throttle).path(std::string(send_path)).wait_seconds(-1)},
         3,
         make_error_code(td::errc::rate_limited),
         true},
    };
    for (auto const& one : ways)
        for (bool const by_deadline : {false, true})
        {
            if (by_deadline && one.foreseen)
                continue;
            BOOST_TEST_CONTEXT("waiting for " << one.name << (by_deadline ? " until the deadline" : ""))
            {
                td::sandbox::server platform;
                for (auto const& f : one.faults)
                    platform.add_fault(f);
                setting how(platform);
                how.repeats = td::retry::safe().initial_backoff(1ms);
                how.limit = td::deadline(by_deadline ? std::chrono::seconds(1) : 1h);
                asio::cancellation_signal stop;
                asio::io_context io;
                auto notify = how.open(io.get_executor());
                td::failure got;
                if (one.beside)
                    notify.async_send("bob@example.com", td::text{"hi"}, [](auto const&) {});
                notify.async_send("ada@example.com", td::text{"hi"},
                                  asio::bind_cancellation_slot(stop.slot(), [&](td::result<td::receipt> const& sent) {
                                      got = sent.has_error() ? sent.error() : td::failure();
                                  }));
                while (!got.code() && platform.requests().size() < one.requests)
                    io.run_one_for(5ms);
                io.run_for(50ms); // nothing else is left to do
                BOOST_TEST_REQUIRE(!got.code());
                if (!by_deadline)
                    stop.emit(asio::cancellation_type::terminal);
                for (auto const end = std::chrono::steady_clock::now() + 5s;
                     !got.code() && std::chrono::steady_clock::now() < end;)
                    io.run_one_for(5ms);
                BOOST_TEST((got == (by_deadline ? td::errc::timed_out : td::errc::cancelled)), got);
                BOOST_TEST(got.cause() == one.cause, got);
            }
        }
}

// What goes on after a send_each is cancelled as everything before it.
BOOST_AUTO_TEST_CASE(a_coroutine_that_sends_to_many_goes_on_as_it_was)
{
    td::sandbox::server platform;
    run([&](asio::any_io_executor ex) -> asio::awaitable<void> {
        lark notify(ex, credentials<td::lark>(platform), url<td::lark>(platform));
        std::vector<td::match::email> const people{td::match::email("ada@example.com")};
        auto const sink = [](std::size_t, auto const&, auto const&) {};
        for (bool const throws : {true, false})
        {
            co_await asio::this_coro::throw_if_cancelled(throws);
            auto const sent = co_await notify.send_each(people, td::text{"hi"}, sink);
            BOOST_TEST(sent.has_value());
            bool const after = co_await asio::this_coro::throw_if_cancelled();
            BOOST_TEST(after == throws);
        }
    });
}

BOOST_AUTO_TEST_SUITE_END()
