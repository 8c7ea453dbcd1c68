// Whatever somebody writes as an address: of a person, a group's webhook, a platform, a proxy. What is taken is in the
// one form it is used in; what is refused is not repeated where it may hold a secret.
#include <tidings/tidings.hpp>
#include <tidings/transport/detail/proxy_address.hpp>
#include <tidings/transport/detail/proxy_rules.hpp>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

namespace td = tidings;

void check(bool right)
{
    if (!right)
        std::abort();
}

bool is_line(std::string_view text)
{
    return std::none_of(text.begin(), text.end(),
                        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

// What is shorter, or has blanks, may be our own words.
bool repeats(td::failure const& refusal, std::string const& input)
{
    return input.size() >= 64 && input.find(' ') == input.npos && refusal.message().find(input) != std::string::npos;
}

void people(std::string const& input)
{
    td::match::phone_number const number(input);
    if (number.check())
    {
        auto const e164 = number.view();
        check(e164.size() >= 9 && e164.size() <= 16 && e164[0] == '+');
        check(e164.find_first_not_of("0123456789", 1) == e164.npos);
        check(td::match::phone_number(e164).view() == e164);
    }
    td::match::email const mailbox(input);
    if (mailbox.check())
        check(is_line(mailbox.view()) && std::count(input.begin(), input.end(), '@') == 1);
    td::match::login_name const name(input);
    if (name.check())
        check(is_line(name.view()) && !name.view().empty());
    // A chain takes what one of its links does.
    using chain = td::match::first_of<td::match::phone_number, td::match::email>;
    check(chain(input).check().has_value() == (number.check().has_value() || mailbox.check().has_value()));
}

/// A text that somebody kept of a recipient, or says that they did.
template<class Provider>
void recipient(std::string const& input)
{
    using to = typename Provider::recipient;
    if (auto const made = to::parse(input))
    {
        check(made->text() == input && is_line(made->id()) && made->check() && !made->id().empty());
    }
    else
        check(!repeats(made.error(), input));
    for (auto const* const type : {"userid", "user_id", "open_id", "union_id", "email", "chat_id", "department", "tag"})
    {
        to const recipient(type, input);
        auto const again = to::parse(recipient.text());
        check(again.has_value() == recipient.check().has_value());
        check(!again || *again == recipient);
        if (Provider::name == td::wecom::name && recipient.check()) // it would be several people, or everybody
            check(input.find_first_of("|, ") == input.npos && input.front() != '@');
    }
}

template<class Provider>
void webhook(std::string const& input)
{
    auto const read = td::detail::read_webhook<td::webhook_traits<Provider>>(td::webhook_address(input), {});
    if (read)
    {
        check(!read->token().empty() && is_line(read->token()));
        check(input.find(read->token()) != input.npos);
    }
    else
        check(!repeats(read.error(), input));
}

void hosts(std::string const& input)
{
    auto const there = td::transport::endpoint::parse(input);
    if (there)
    {
        check(!there->host().empty() && is_line(there->authority()) && is_line(there->prefix()));
        auto const again = td::transport::endpoint::parse((there->tls() ? "https://" : "http://") +
                                                          there->host_and_port() + there->prefix());
        check(again && again->host() == there->host() && again->port() == there->port() &&
              again->prefix() == there->prefix());
    }
    static auto const platform = td::transport::endpoint::parse("https://open.feishu.cn").value();
    static auto const address = td::transport::endpoint::parse("http://[2001:db8::1]:8080/x").value();
    for (auto const* const where : {&platform, &address})
        check(!td::transport::detail::exempted(input, *where) ||
              td::transport::detail::exempted("other.example," + input, *where));
}

void proxies(std::string const& input)
{
    using td::transport::detail::proxy_address;
    auto const seen = proxy_address::parse(td::transport::proxy(input));
    if (seen)
    {
        check(!seen->host().empty() && is_line(seen->name()) && is_line(seen->credentials().reveal()));
        (void)seen->without_secrets(input);
    }
    else
        check(!repeats(seen.error(), input));
    auto const shown = proxy_address::parse(td::transport::proxy("proxy.example:3128", "ada", td::secret(input)));
    if (shown && input.size() > 3 && input.find('*') == input.npos) // which stands for what was hidden
        check(shown->without_secrets("it was " + input + '.').find(input) == std::string::npos);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size)
{
    std::string const input(reinterpret_cast<char const*>(data), size);
    people(input);
    recipient<td::lark>(input);
    recipient<td::dingtalk>(input);
    recipient<td::wecom>(input);
    webhook<td::lark>(input);
    webhook<td::feishu>(input);
    webhook<td::dingtalk>(input);
    webhook<td::wecom>(input);
    hosts(input);
    proxies(input);
    return 0;
}
