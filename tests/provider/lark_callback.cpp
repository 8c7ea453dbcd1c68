// Events of Lark and Feishu: the vectors that the platforms and their SDKs publish, and everything that is none.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/provider/lark/callback.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <sstream>
#include <string>
#include <string_view>

namespace lark_test {

namespace {

using tidings::errc;
using tidings::secret;
using tidings::providers::lark::callback;
using tidings::providers::lark::callback_event;
using tidings::providers::lark::callback_headers;
using tidings::providers::lark::feishu_brand;
using tidings::providers::lark::lark_brand;
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

constexpr std::string_view timestamp = "1700000000";
constexpr std::string_view nonce = "7391822";
// By sha256sum, over timestamp, nonce, key and body.
constexpr std::string_view published_signature = "3b44c70f3b587c42296aa3cdc30bb655d908bc79627f04e64e6da39e10aaebe7";

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
    return {timestamp, nonce, d::sha256_hex({timestamp, nonce, key, body}).value()};
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

constexpr std::string_view unsigned_refusal =
    "it has no signature, and with this Encrypt Key it is not a verification of the address";
constexpr std::string_view clear_refusal = "it is in the clear: an Encrypt Key is set here, and none in the console";

std::string with_challenge(std::string_view challenge)
{
    return R"({"challenge":")" + std::string(challenge) + R"(","token":"v","type":"url_verification"})";
}

} // namespace

BOOST_AUTO_TEST_SUITE(lark_callbacks)

BOOST_AUTO_TEST_CASE(the_published_event_is_verified_and_decrypted)
{
    auto const body = body_of(published);
    auto const event = with_key().open({timestamp, nonce, published_signature}, body).value();
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
    callback_headers const headers(timestamp, "2", d::sha256_hex({timestamp, "2", "test key", body}).value());
    BOOST_TEST(detail_of(platform.open(headers, body)) == "the decrypted text is not one JSON object");
}

BOOST_AUTO_TEST_CASE(the_signature_covers_the_body_to_the_byte)
{
    // Inputs of the Java SDK's TestEventDispatcher, whose timestamp is the word itself.
    BOOST_TEST(d::sha256_hex({"timestamp", "nonce", key, R"({"encrypt":"x"})"}).value() ==
               "679111441c6446b99aca421c1cd9e9bfdd488a8918e8b75a47c13177cfeeaa9b");
    BOOST_TEST(d::sha256_hex({"timestamp", "nonce", key, body_of(published)}).value() ==
               "7a51a17e7c0c52c059d226070d35f8d76e041993495ffaf5f3d05603c810e253");
    auto const refused = "the signature differs";
    BOOST_TEST(detail_of(with_key().open({timestamp, nonce, published_signature}, body_of(published) + "\n")) ==
               refused);
    BOOST_TEST(detail_of(with_key().open({timestamp, nonce, published_signature}, body_of("x"))) == refused);
    BOOST_TEST(detail_of(with_key().open({"1700000001", nonce, published_signature}, body_of(published))) == refused);
    BOOST_TEST(detail_of(with_key().open({timestamp, "739182", published_signature}, body_of(published))) == refused);
    BOOST_TEST(detail_of(with_key().open({timestamp, nonce, "0"}, body_of(published))) == refused);
    callback const other(lark_brand, secret("1212121213"), secret("v"));
    BOOST_TEST(detail_of(other.open({timestamp, nonce, published_signature}, body_of(published))) == refused);
}

BOOST_AUTO_TEST_CASE(a_wrong_signature_is_refused_wherever_it_differs)
{
    for (std::size_t i = 0; i != published_signature.size(); ++i)
    {
        std::string wrong(published_signature);
        wrong[i] = wrong[i] == '0' ? '1' : '0';
        BOOST_TEST(detail_of(with_key().open({timestamp, nonce, wrong}, body_of(published))) ==
                   "the signature differs");
    }
}

BOOST_AUTO_TEST_CASE(a_header_that_is_missing_or_too_long_is_refused)
{
    auto const body = body_of(published);
    BOOST_TEST(detail_of(with_key().open({"", nonce, published_signature}, body)) ==
               "a header of the signature is missing");
    BOOST_TEST(detail_of(with_key().open({timestamp, "", published_signature}, body)) ==
               "a header of the signature is missing");
    BOOST_TEST(detail_of(with_key().open({std::string(257, '1'), nonce, published_signature}, body)) ==
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

BOOST_AUTO_TEST_CASE(a_challenge_that_has_not_the_form_of_a_real_one_is_refused_signed_or_not)
{
    for (std::string const& challenge :
         {std::string("ajls384kdjx98XX"), std::string("5e8d3c11-6f5d-4a6b-9d0e-2f8f1c7a9b10"), std::string("a_-9"),
          std::string(64, 'x')})
        for (auto const& event : {with_token().open({}, with_challenge(challenge)),
                                  with_key().open({}, body_of(sealed(with_challenge(challenge)))),
                                  open_signed(body_of(sealed(with_challenge(challenge))))})
            BOOST_TEST(event.value().challenge_reply() == R"({"challenge":")" + challenge + R"("})");
    auto const refused = "the challenge is not 1 to 64 letters, digits, '-' and '_'";
    for (std::string const& challenge : {std::string(), std::string("a b"), std::string(R"(a\"b)"), std::string("a.b"),
                                         std::string("\xe4\xbd\xa0"), std::string("a\xff"), std::string(65, 'x')})
    {
        BOOST_TEST(detail_of(with_token().open({}, with_challenge(challenge))) == refused, challenge);
        BOOST_TEST(detail_of(open_signed(body_of(sealed(with_challenge(challenge))))) == refused, challenge);
        BOOST_TEST(with_key().open({}, body_of(sealed(with_challenge(challenge)))).has_error(), challenge);
    }
}

BOOST_AUTO_TEST_CASE(what_is_not_signed_is_refused_in_one_way_whatever_is_wrong_with_it)
{
    auto const with_type = [](std::string_view rest) {
        return sealed(R"({"challenge":"c","token":"v","type":"url_verification")" + std::string(rest));
    };
    std::string const spaces(1024, ' ');
    for (auto const& body :
         {body_of(published),
          body_of(sealed(R"({"schema":"2.0","header":{"token":"v"}})")),
          body_of(sealed("no json")),
          body_of(sealed("")),
          body_of(sealed_blocks(std::string(16, 'x'))),
          body_of(sealed_blocks(std::string(question) + "         ")),
          body_of(sealed_blocks(std::string(32, '\0'))),
          body_of(with_type("")),
          body_of(with_type("}x")),
          body_of(with_type(R"(,"uuid":"1"})")),
          body_of(with_type(R"(,"a":"1"})")),
          body_of(with_type(R"(,"a":{}})")),
          body_of(with_type(R"(,"a":1})")),
          body_of(with_type(R"(,"event":{"type":"a"}})")),
          body_of(with_type(R"(,"token":"v"})")),
          body_of(with_type(R"(,")" + std::string(300, 'a') + R"(":"1"})")),
          body_of(sealed(R"({"token":"v","type":"url_verification"})")),
          body_of(sealed(R"({"challenge":"c","type":"url_verification"})")),
          body_of(sealed(R"({"challenge":"c","token":7,"type":"url_verification"})")),
          body_of(sealed(R"({"challenge":"c","token":"v","type":"\u0075rl_verification"})")),
          body_of(sealed(R"({"challenge":"url_verification","token":"v","type":"url_verification_"})")),
          body_of(sealed(with_challenge("a\xff"))),
          body_of(sealed(with_challenge("\x01"))),
          body_of(sealed(with_challenge(R"(a\u0062)"))),
          body_of(sealed(spaces + std::string(question))),
          body_of("no base64"),
          body_of(""),
          std::string("{}"),
          std::string("x"),
          std::string()})
    {
        auto const event = with_key().open({}, body);
        BOOST_TEST((event.error() == errc::protocol_error));
        BOOST_TEST(detail_of(event) == unsigned_refusal, body);
        // Another key says the same.
        callback const other(lark_brand, secret("1212121213"), secret("v"));
        BOOST_TEST(detail_of(other.open({}, body)) == unsigned_refusal, body);
    }
}

BOOST_AUTO_TEST_CASE(a_verification_that_does_not_fit_the_settings_says_why)
{
    BOOST_TEST(detail_of(with_key("w").open({}, body_of(sealed(question)))) == "the Verification Token differs");
    BOOST_TEST(detail_of(with_key().open({}, question)) == clear_refusal);
    BOOST_TEST(detail_of(with_key().open({}, R"({"schema":"2.0","header":{"token":"v"}})")) == clear_refusal);
    callback const other(lark_brand, secret("1212121213"), secret("v"));
    BOOST_TEST(detail_of(other.open({}, body_of(sealed(question)))) == unsigned_refusal);
}

BOOST_AUTO_TEST_CASE(blocks_of_other_requests_in_a_verification_are_not_decrypted_for_its_sender)
{
    // The attack: IV v1 v2 | Y c Z v2 v3 ..., where c is a block of an event. Y and Z are drawn until the answer shows
    // what c says. Here the ciphertexts are made with the key, which is as if all were drawn well at once: even then
    // only letters come back.
    auto const hashed = d::sha256({key}).value();
    std::string const iv = "0123456789abcdef";
    auto const cipher = [&](std::string plain) {
        d::wiped_bytes text(plain.begin(), plain.end());
        d::pad(text, 16);
        auto const out = d::aes_256_cbc_encrypt(d::view_of(hashed), iv, d::view_of(text)).value();
        return iv + std::string(d::view_of(out));
    };
    auto const verification = cipher(with_challenge("5e8d3c11-6f5d-4a6b-9d0e-2f8f1c7a9b10"));
    auto const event = cipher(R"({"schema":"2.0","header":{"token":"v","event_type":"a"},"event":{"text":"hunter2"}})");
    int answered = 0;
    for (std::size_t at = 16; at + 16 <= verification.size(); at += 16)
        for (std::size_t from = 0; from + 16 <= event.size(); from += 16)
            for (std::size_t count : {16u, 32u})
            {
                auto spliced = verification;
                spliced.insert(at, event.substr(from, count));
                auto const opened = with_key().open({}, body_of(d::base64_encode(spliced)));
                answered += opened.has_value() ? 1 : 0;
                if (opened.has_error())
                    BOOST_TEST(detail_of(opened) == unsigned_refusal);
            }
    BOOST_TEST(answered == 0);
    // Each bit of each block, too: nothing but the first two letters of the challenge can be chosen by its sender.
    for (std::size_t bit = 0; bit != verification.size() * 8; ++bit)
    {
        auto altered = verification;
        altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << bit % 8));
        auto const opened = with_key().open({}, body_of(d::base64_encode(altered)));
        BOOST_TEST((opened.has_error() || bit / 8 == 14 || bit / 8 == 15), bit);
        if (opened.has_error())
            BOOST_TEST(detail_of(opened) == unsigned_refusal, bit);
    }
}

BOOST_AUTO_TEST_CASE(digits_cannot_move_between_timestamp_and_nonce)
{
    auto const body = body_of(published);
    auto const event = with_key().open({timestamp, nonce, published_signature}, body).value();
    auto const signed_at = event.signed_at().value();
    BOOST_TEST((signed_at == std::chrono::system_clock::time_point(std::chrono::seconds(1'700'000'000))));
    BOOST_TEST((event.age(signed_at + std::chrono::hours(1)) == std::chrono::hours(1)));
    BOOST_TEST((event.age(signed_at - std::chrono::seconds(1)) == std::chrono::seconds(-1)));
    auto const both = std::string(timestamp) + std::string(nonce);
    for (std::size_t i = 1; i != both.size(); ++i)
        if (i != timestamp.size())
            BOOST_TEST(detail_of(with_key().open({both.substr(0, i), both.substr(i), published_signature}, body)) ==
                           "a header of the signature is malformed",
                       i);
    for (std::string const& wrong : {std::string("a b"), std::string("\xff"), std::string(129, 'n'), std::string("\n")})
        BOOST_TEST(detail_of(with_key().open({timestamp, wrong, published_signature}, body)) ==
                   "a header of the signature is malformed");
}

BOOST_AUTO_TEST_CASE(the_time_of_a_card_callback_as_go_prints_it_is_read_and_cannot_move_either)
{
    auto const body = body_of(published);
    std::string const both = "2023-11-15 06:13:20.052290112 +0800 CST m=+3612.17391822";
    auto const signature = d::sha256_hex({both, key, body}).value();
    int opened = 0;
    for (std::size_t i = 1; i != both.size(); ++i)
    {
        auto const event = with_key().open({both.substr(0, i), both.substr(i), signature}, body);
        if (event.has_error())
            continue;
        ++opened;
        BOOST_TEST((event->signed_at() == std::chrono::system_clock::time_point(std::chrono::seconds(1'700'000'000))));
    }
    BOOST_TEST(opened > 0);
}

BOOST_AUTO_TEST_CASE(what_is_not_signed_has_no_age)
{
    BOOST_TEST(!with_token().open({}, question).value().age().has_value());
    BOOST_TEST(!with_key().open({}, body_of(sealed(question))).value().signed_at().has_value());
}

BOOST_AUTO_TEST_CASE(a_hash_that_was_prolonged_without_the_key_opens_nothing)
{
    // From a SHA-256 anybody can compute that of the same text followed by its padding and more.
    std::string body = body_of(published);
    std::size_t const bits = 8 * (timestamp.size() + nonce.size() + key.size() + body.size());
    auto prolonged = body + '\x80';
    while ((timestamp.size() + nonce.size() + key.size() + prolonged.size()) % 64 != 56)
        prolonged += '\0';
    for (int shift = 56; shift >= 0; shift -= 8)
        prolonged += static_cast<char>(bits >> shift & 0xff);
    for (std::string_view const more : {"", R"({"encrypt":"x"})", " "})
        BOOST_TEST(detail_of(open_signed(prolonged + std::string(more))) == "the body is not one JSON object");
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
    BOOST_TEST(detail_of(with_key("w").open({timestamp, nonce, published_signature}, body_of(published))) == refused);
    // Without a token the signature is what counts.
    BOOST_TEST(with_key("").open({timestamp, nonce, published_signature}, body_of(published)).has_value());
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
               "the challenge is not 1 to 64 letters, digits, '-' and '_'");
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
    BOOST_TEST(detail_of(with_token().open({}, std::string(callback::max_body + 1, '{'))) == "the body is too long");
}

BOOST_AUTO_TEST_CASE(what_is_signed_and_no_whole_ciphertext_is_refused)
{
    auto const bytes = d::base64_decode(published).value();
    for (std::size_t const size : {0u, 1u, 16u, 31u, 33u, 463u})
        BOOST_TEST(detail_of(open_signed(body_of(d::base64_encode(d::view_of(bytes).substr(0, size))))) ==
                       "the encrypted text is not base64 of whole blocks",
                   size);
    BOOST_TEST(detail_of(open_signed(R"({"encrypt":7})")) == "the encrypted text is not base64 of whole blocks");
    BOOST_TEST(detail_of(open_signed(R"({"encrypt":"*"})")) == "the encrypted text is not base64 of whole blocks");
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
    BOOST_TEST(detail_of(open_signed(body_of(sealed("")))) == "the decrypted text is not one JSON object");
}

BOOST_AUTO_TEST_CASE(settings_and_requests_that_do_not_fit_together_are_named)
{
    BOOST_TEST(detail_of(with_token().open({}, body_of(published))) == "it is encrypted, and no Encrypt Key is set");
    BOOST_TEST(detail_of(open_signed(question)) == clear_refusal);
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
