// Any request to a callback's address: an event or a failure. What is signed and encrypted well reads back, and what is
// signed well and is no message does not.
#include <tidings/printable_text.hpp>
#include <tidings/provider/lark/callback.hpp>
#include <tidings/provider/wecom/callback.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace tidings;
namespace d = tidings::detail;

void check(bool right)
{
    if (!right)
        std::abort();
}

constexpr std::string_view token = "QDG6eK";
constexpr std::string_view aes_key = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C";
constexpr std::string_view corp = "wx5823bf96d3bd56c7";
constexpr std::string_view encrypt_key = "1212121212";
constexpr std::string_view timestamp = "1700000000";

std::string wecom_signature(std::string_view encrypted)
{
    std::array<std::string_view, 4> parts{token, timestamp, "n", encrypted};
    std::sort(parts.begin(), parts.end());
    return d::sha1_hex({parts[0], parts[1], parts[2], parts[3]}).value();
}

// The input as a whole request, as what is signed, and as what is signed and encrypted.
void check_wecom(std::string const& input)
{
    static providers::wecom::callback const platform{secret(token), secret(aes_key), std::string(corp)};
    auto const line = input.find('\n');
    auto const query = input.substr(0, line);
    auto const body = line == input.npos ? std::string() : input.substr(line + 1);
    (void)platform.verify_url(query);
    (void)platform.decrypt(query, body);
    (void)platform.verify_url(wecom_signature(input), timestamp, "n", input);
    if (auto const encrypted = providers::wecom::callback_envelope(input).only("Encrypt"))
    {
        check(!encrypted->empty() && input.find(*encrypted) != input.npos);
        (void)platform.decrypt(wecom_signature(*encrypted), timestamp, "n", input);
    }

    auto const key = d::base64_decode(std::string(aes_key) + "=", d::spare_bits::any).value();
    auto const whole = input.substr(0, input.size() / 32 * 32);
    auto const sealed = d::aes_256_cbc_encrypt(d::view_of(key), d::view_of(key).substr(0, 16), whole).value();
    auto const text = d::base64_encode(d::view_of(sealed));
    auto const opened = platform.verify_url(wecom_signature(text), timestamp, "n", text);
    check(!opened || whole.find(*opened + std::string(corp)) != whole.npos);

    auto const reply = platform.reply(input, timestamp, "n", "0123456789abcdef").value();
    auto const encrypted = providers::wecom::callback_envelope(reply).only("Encrypt").value();
    check(platform.decrypt(wecom_signature(encrypted), timestamp, "n", reply).value() == input);
}

void check_lark(std::string const& input)
{
    static providers::lark::callback const with_key(providers::lark::lark_brand, secret(encrypt_key), secret());
    static providers::lark::callback const with_token(providers::lark::feishu_brand, secret(), secret("v"));
    auto const open_signed = [](std::string_view body) {
        return with_key.open({timestamp, "n", d::sha256_hex({timestamp, "n", encrypt_key, body}).value()}, body);
    };
    (void)with_key.open({}, input);
    (void)d::read_unix_seconds(input);
    (void)d::read_go_time(input);
    (void)with_key.open({input, input, input}, input);
    (void)open_signed(input);
    auto const plain = with_token.open({}, input);

    // The same text encrypted is the same event.
    d::wiped_bytes text(input.begin(), input.end());
    d::pad(text, d::aes_block);
    std::string const iv = "0123456789abcdef";
    auto const key = d::sha256({encrypt_key}).value();
    auto const sealed = d::aes_256_cbc_encrypt(d::view_of(key), iv, d::view_of(text)).value();
    auto const event =
        open_signed(R"({"encrypt":")" + d::base64_encode(iv + std::string(d::view_of(sealed))) + R"("})");
    check(!event || event->json() == input);

    // Not signed, it is a verification or nothing.
    static providers::lark::callback const with_both(providers::lark::lark_brand, secret(encrypt_key), secret("v"));
    auto const anybodys =
        with_both.open({}, R"({"encrypt":")" + d::base64_encode(iv + std::string(d::view_of(sealed))) + R"("})");
    check(!anybodys || (anybodys->is_url_verification() && event && event->is_url_verification() &&
                        input.find("\"v\"") != input.npos));
    if (plain)
    {
        check(event && event->type() == plain->type() && event->id() == plain->id());
        check(event->challenge_reply() == plain->challenge_reply());
        check(wire::is_json_object(plain->is_url_verification() ? plain->challenge_reply() : "{}"));
        // What is printed of an event is what a strict reader reads.
        boost::system::error_code ec;
        auto const shown = printable_json(plain->json());
        auto const read = boost::json::parse(shown, ec);
        check(!ec && read.is_object() && printable_text(shown) == shown);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size)
{
    std::string const input(reinterpret_cast<char const*>(data), size);
    auto const bytes = d::base64_decode(input);
    check(!bytes || d::base64_encode(d::view_of(*bytes)) == input);
    check_wecom(input);
    check_lark(input);
    return 0;
}
