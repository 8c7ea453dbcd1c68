// Events of Lark and Feishu: the vectors that the platforms and their SDKs publish, and everything that is none.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/callback/lark.hpp>

#include <boost/test/unit_test.hpp>

#include <sstream>
#include <string>
#include <string_view>

namespace lark_test {

namespace {

using tidings::errc;
using tidings::secret;
using tidings::lark_wire::callback;
using tidings::lark_wire::callback_event;
using tidings::lark_wire::callback_headers;
using tidings::lark_wire::feishu_brand;
using tidings::lark_wire::lark_brand;
namespace d = tidings::detail;

constexpr std::string_view key = "1212121212";

// Of the Java SDK's TestDecryptor.
constexpr std::string_view published =
    "4T4ivT/PR2APX9OYkhRKtu54s1rtIpj9xJU69Hs1yWQ/1RutbufsBs9xjx5YC3u/0hMRF49sN0kevQiEL8iB3bVEdpfyJXzXGDfKUjvKQTmG64Gb"
    "MdTW6qRpadVPem3f32jHuT6fc+4TRg4BigwoUId+l/D+vcIwu3mDgAEbaqzWfmvccmpiRMfQbh9JhdK/akmrRjo/CXPLM+hZciFXJMSpKueV3SjZ"
    "JoSls5y0ZTHC8zak/Mp/DSl1wa4mYe5laP367Lnl4ylGiXBKx3Ku29oWv79rYcO/5QT63H4rkl8bwYmAzScpb2KNnV11L3xiDzJp3hFdfXczUvm9"
    "3FXu4Lw8eDAsRzIWCccKrqHh0UvtDJD95tNn6LvYew4+Xbk1RD4k7UzWJS9AMobOK778NLNxfQ+Kn7MKzBHilXnSIVY5V+dcsOOdfqJviW4yWmT7"
    "3JHYKq1qJip7Cw7lbkmRMUmettUwdVFWxeXH6iTex3YXCgqoriCx/MzeQhdNEycipooB/vHItRt1CF44uFWj9tf8n3TdbdH4dNMD0hw8ejHJSbEH"
    "b9HAGCugUniN8BzL9wxE959JU4cu3BKjDuIk5oS9hLR1mSc3vKBuSa3VKOE=";

constexpr std::string_view published_signature = "7a51a17e7c0c52c059d226070d35f8d76e041993495ffaf5f3d05603c810e253";

constexpr std::string_view question = R"({"challenge":"c","token":"v","type":"url_verification"})";

std::string body_of(std::string_view encrypted)
{
    return R"({"encrypt":")" + std::string(encrypted) + R"("})";
}

/// What the platform makes of bytes that need not be an event. The caller pads.
std::string sealed_blocks(std::string_view plain, std::string_view with = key)
{
    std::string const iv = "0123456789abcdef";
    auto const hashed = d::sha256({with}).value();
    auto const bytes = d::aes_256_cbc_encrypt(d::view_of(hashed), iv, plain).value();
    return d::base64_encode(iv + std::string(d::view_of(bytes)));
}

std::string sealed(std::string_view plain, std::string_view with = key)
{
    d::wiped_bytes text(plain.begin(), plain.end());
    d::pad(text, 16);
    return sealed_blocks(d::view_of(text), with);
}

callback_headers sign(std::string_view body)
{
    return {"timestamp", "nonce", d::sha256_hex({"timestamp", "nonce", key, body}).value()};
}

callback with_key(char const* token = "v")
{
    return {lark_brand, secret(key), secret(token)};
}

callback with_token()
{
    return {feishu_brand, secret(), secret("v")};
}

tidings::result<callback_event> open_signed(std::string_view body)
{
    return with_key().open(sign(body), body);
}

std::string detail_of(tidings::result<callback_event> const& r)
{
    return r.has_error() && r.error().facts() ? r.error().facts()->detail : "no failure";
}

constexpr std::string_view unsigned_refusal = "it has no signature, and it is no verification of the address";

} // namespace

BOOST_AUTO_TEST_SUITE(lark_callbacks)

BOOST_AUTO_TEST_CASE(the_published_event_is_verified_and_decrypted)
{
    auto const body = body_of(published);
    auto const event = with_key().open({"timestamp", "nonce", published_signature}, body).value();
    BOOST_TEST(event.type() == "contact.user.created_v3");
    BOOST_TEST(event.id() == "f7984f25108f8137722bb63cee927e66");
    BOOST_TEST(event.json().size() == 433u);
    BOOST_TEST(d::sha256_hex({event.json()}).value() ==
               "1c134cf6f843011b8e1c56f94cd2cb637908c074fff0c01b554ad084ce27c9e1");
    BOOST_TEST(!event.is_url_verification());
    BOOST_TEST(event.challenge_reply().empty());
}

BOOST_AUTO_TEST_CASE(the_documented_ciphertext_is_decrypted_and_found_to_be_no_event)
{
    constexpr std::string_view documented = "P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=";
    auto const bytes = d::base64_decode(documented).value();
    auto const hashed = d::sha256({"test key"}).value();
    auto const plain =
        d::aes_256_cbc_decrypt(d::view_of(hashed), d::view_of(bytes).substr(0, 16), d::view_of(bytes).substr(16))
            .value();
    BOOST_TEST(d::view_of(plain).substr(0, d::unpadded_size(d::view_of(plain), 16).value()) == "hello world");

    callback const platform(lark_brand, secret("test key"), secret("v"));
    auto const body = body_of(documented);
    callback_headers const headers("1", "2", d::sha256_hex({"1", "2", "test key", body}).value());
    BOOST_TEST(detail_of(platform.open(headers, body)) == "what is encrypted is not one JSON object");
}

BOOST_AUTO_TEST_CASE(the_signature_covers_the_body_to_the_byte)
{
    BOOST_TEST(d::sha256_hex({"timestamp", "nonce", key, R"({"encrypt":"x"})"}).value() ==
               "679111441c6446b99aca421c1cd9e9bfdd488a8918e8b75a47c13177cfeeaa9b");
    auto const refused = "the signature differs";
    BOOST_TEST(detail_of(with_key().open({"timestamp", "nonce", published_signature}, body_of(published) + "\n")) ==
               refused);
    BOOST_TEST(detail_of(with_key().open({"timestamp", "nonce", published_signature}, body_of("x"))) == refused);
    BOOST_TEST(detail_of(with_key().open({"timestamq", "nonce", published_signature}, body_of(published))) == refused);
    BOOST_TEST(detail_of(with_key().open({"timestamp", "nonc", published_signature}, body_of(published))) == refused);
    BOOST_TEST(detail_of(with_key().open({"timestamp", "nonce", "0"}, body_of(published))) == refused);
    callback const other(lark_brand, secret("1212121213"), secret("v"));
    BOOST_TEST(detail_of(other.open({"timestamp", "nonce", published_signature}, body_of(published))) == refused);
}

BOOST_AUTO_TEST_CASE(a_wrong_signature_is_refused_wherever_it_differs)
{
    for (std::size_t i = 0; i != published_signature.size(); ++i)
    {
        std::string wrong(published_signature);
        wrong[i] = wrong[i] == '0' ? '1' : '0';
        BOOST_TEST(detail_of(with_key().open({"timestamp", "nonce", wrong}, body_of(published))) ==
                   "the signature differs");
    }
}

BOOST_AUTO_TEST_CASE(a_header_that_is_missing_or_too_long_is_refused)
{
    auto const body = body_of(published);
    BOOST_TEST(detail_of(with_key().open({"", "nonce", published_signature}, body)) ==
               "a header of the signature is missing");
    BOOST_TEST(detail_of(with_key().open({"timestamp", "", published_signature}, body)) ==
               "a header of the signature is missing");
    BOOST_TEST(detail_of(with_key().open({std::string(257, '1'), "nonce", published_signature}, body)) ==
               "a header of the signature is too long");
    BOOST_TEST(detail_of(with_key().open({}, body)) == unsigned_refusal);
}

BOOST_AUTO_TEST_CASE(the_verification_of_the_address_is_answered_signed_or_not_encrypted_or_not)
{
    auto const encrypted = body_of(sealed(question));
    for (auto const& event :
         {with_key().open({}, encrypted), with_key().open(sign(encrypted), encrypted), with_token().open({}, question)})
    {
        BOOST_TEST(event.value().is_url_verification());
        BOOST_TEST(event->type() == "url_verification");
        BOOST_TEST(event->id().empty());
        BOOST_TEST(event->challenge_reply() == R"({"challenge":"c"})");
    }
}

BOOST_AUTO_TEST_CASE(a_challenge_is_escaped_in_the_answer)
{
    auto const event =
        with_token().open({}, R"({"challenge":"a\"b\\\n\u4f60","token":"v","type":"url_verification"})").value();
    BOOST_TEST(event.challenge_reply() == "{\"challenge\":\"a\\\"b\\\\\\n\xe4\xbd\xa0\"}");
}

BOOST_AUTO_TEST_CASE(what_is_not_signed_is_refused_in_one_way_whatever_is_wrong_with_it)
{
    for (auto const& body : {body_of(published), body_of(sealed(R"({"schema":"2.0","header":{"token":"v"}})")),
                             body_of(sealed(R"({"challenge":"c","token":"w","type":"url_verification"})")),
                             body_of(sealed("no json")), body_of(sealed_blocks(std::string(16, 'x'))),
                             body_of("no base64"), std::string(question), std::string("{}"), std::string()})
    {
        auto const event = with_key().open({}, body);
        BOOST_TEST((event.error() == errc::protocol_error));
        BOOST_TEST(detail_of(event) == unsigned_refusal, body);
    }
}

BOOST_AUTO_TEST_CASE(events_of_both_schemas_are_read_without_a_key)
{
    auto const newer = with_token()
                           .open({}, R"({"schema":"2.0","header":{"event_id":"5e37","event_type":
                                         "im.message.message_read_v1","token":"v"},"event":{"type":"other"}})")
                           .value();
    BOOST_TEST(newer.type() == "im.message.message_read_v1");
    BOOST_TEST(newer.id() == "5e37");
    auto const older =
        with_token()
            .open({}, R"({"uuid":"41b5","token":"v","type":"event_callback","event":{"type":"message_read"}})")
            .value();
    BOOST_TEST(older.type() == "message_read");
    BOOST_TEST(older.id() == "41b5");
    BOOST_TEST(!older.is_url_verification());
}

BOOST_AUTO_TEST_CASE(the_token_is_the_one_of_the_schema)
{
    auto const refused = "the Verification Token differs";
    for (auto const* const body : {
             R"({"schema":"2.0","header":{"token":"w"}})",
             R"({"schema":"2.0","header":{"token":"v "}})",
             R"({"schema":"2.0","header":{"token":null}})",
             R"({"schema":"2.0","header":{},"token":"v"})",
             R"({"type":"event_callback","header":{"token":"v"}})",
             R"({"type":"url_verification","challenge":"c","token":"w"})",
             R"({"type":"url_verification","challenge":"c"})",
             R"({"token":["v"]})",
             "{}",
         })
        BOOST_TEST(detail_of(with_token().open({}, body)) == refused, body);
    BOOST_TEST(detail_of(with_key("w").open({"timestamp", "nonce", published_signature}, body_of(published))) ==
               refused);
    // Without a token the signature is what counts.
    BOOST_TEST(with_key("").open({"timestamp", "nonce", published_signature}, body_of(published)).has_value());
}

BOOST_AUTO_TEST_CASE(an_event_cannot_pass_for_a_verification_of_the_address)
{
    auto const event = with_token()
                           .open({}, R"({"schema":"2.0","header":{"token":"v","event_id":"1","event_type":"t"},
                                         "type":"url_verification","challenge":"c"})")
                           .value();
    BOOST_TEST(!event.is_url_verification());
    BOOST_TEST(event.type() == "t");
    BOOST_TEST(detail_of(with_token().open({}, R"({"type":"url_verification","token":"v"})")) ==
               "the verification of the address has no challenge");
}

BOOST_AUTO_TEST_CASE(a_body_that_is_no_single_object_is_refused)
{
    auto const refused = "the body is not one JSON object";
    for (std::string_view const body :
         {"", " ", "[]", "\"encrypt\"", "{", "{} {}", "{}x", "{\"token\":\"v\",}", R"({"token":"v","token":"v"})",
          R"({"token":"w","token":"v"})", R"({"header/token":"v","header":{"token":"v"}})"})
    {
        BOOST_TEST(detail_of(with_token().open({}, body)) == refused, body);
        BOOST_TEST(detail_of(open_signed(body)) == refused, body);
    }
    BOOST_TEST(detail_of(open_signed(R"({"encrypt":"x","encrypt":"x"})")) == refused);
    std::string const deep(100'000, '[');
    BOOST_TEST(detail_of(with_token().open({}, "{\"a\":" + deep)) == refused);
    BOOST_TEST(detail_of(with_token().open({}, std::string(callback::longest_body + 1, '{'))) ==
               "the body is too long");
}

BOOST_AUTO_TEST_CASE(what_is_signed_and_no_whole_ciphertext_is_refused)
{
    auto const bytes = d::base64_decode(published).value();
    for (std::size_t const size : {0u, 1u, 16u, 31u, 33u, 463u})
        BOOST_TEST(detail_of(open_signed(body_of(d::base64_encode(d::view_of(bytes).substr(0, size))))) ==
                       "what is encrypted is not base64 of whole blocks",
                   size);
    BOOST_TEST(detail_of(open_signed(R"({"encrypt":7})")) == "what is encrypted is not base64 of whole blocks");
    BOOST_TEST(detail_of(open_signed(R"({"encrypt":"*"})")) == "what is encrypted is not base64 of whole blocks");
    // A block less: the padding is gone.
    BOOST_TEST(detail_of(open_signed(body_of(d::base64_encode(d::view_of(bytes).substr(0, 448))))) ==
               "it cannot be decrypted: the Encrypt Key differs");
}

BOOST_AUTO_TEST_CASE(padding_that_is_none_is_refused)
{
    for (std::string const& blocks :
         {std::string(16, '\0'), std::string(16, '\x11'), std::string(15, 'x') + '\2', std::string(32, '\xff')})
        BOOST_TEST(detail_of(open_signed(body_of(sealed_blocks(blocks)))) ==
                   "it cannot be decrypted: the Encrypt Key differs");
    // What is padding and nothing else has no text.
    BOOST_TEST(detail_of(open_signed(body_of(sealed("")))) == "what is encrypted is not one JSON object");
}

BOOST_AUTO_TEST_CASE(settings_and_requests_that_do_not_fit_together_are_named)
{
    BOOST_TEST(detail_of(with_token().open({}, body_of(published))) == "it is encrypted, and no Encrypt Key is set");
    BOOST_TEST(detail_of(open_signed(question)) == "it is not encrypted, and an Encrypt Key is set");
    callback const open_to_all(lark_brand, secret(), secret());
    BOOST_TEST((open_to_all.open({}, question).error() == errc::invalid_argument));
    BOOST_TEST((callback(lark_brand, secret("a\nb"), secret()).check().error() == errc::invalid_argument));
    BOOST_TEST((callback(lark_brand, secret(), secret("a\nb")).check().error() == errc::invalid_argument));
    BOOST_TEST(
        (callback(lark_brand, secret(std::string(257, 'k')), secret()).check().error() == errc::invalid_argument));
    BOOST_TEST(with_key("").check().has_value());
    BOOST_TEST(with_token().check().has_value());
}

BOOST_AUTO_TEST_CASE(a_failure_names_the_platform_and_its_console)
{
    std::ostringstream out;
    out << with_token().open({}, "{}").error();
    BOOST_TEST(
        out.str() ==
        "feishu: receive callback: the answer is not the platform's protocol: the Verification Token differs. "
        "Compare Encrypt Key and Verification Token with those in https://open.feishu.cn/app > the application > "
        "Events & Callbacks > Encryption Strategy. If they are the same, the request is not the platform's.");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace lark_test
