// WeCom's callbacks: the vectors that WeCom and others published, and everything that is none.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/provider/wecom/callback.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <sstream>
#include <string>
#include <string_view>

namespace wecom_test {

namespace {

using tidings::errc;
using tidings::secret;
using tidings::providers::wecom::callback;
using tidings::providers::wecom::callback_envelope;
using tidings::providers::wecom::callback_parameters;
namespace d = tidings::detail;

constexpr std::string_view token = "QDG6eK";
constexpr std::string_view aes_key = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C";
constexpr std::string_view corp = "wx5823bf96d3bd56c7";

constexpr std::string_view a1_signature = "477715d11cdb4164915debcba66cb864d751f3e6";
constexpr std::string_view a1_encrypted =
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/"
    "sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+"
    "kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+"
    "BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/"
    "uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q==";
constexpr std::string_view a1_event = "<xml><ToUserName><![CDATA[wx5823bf96d3bd56c7]]></ToUserName>\n"
                                      "<FromUserName><![CDATA[mycreate]]></FromUserName>\n"
                                      "<CreateTime>1409659813</CreateTime>\n"
                                      "<MsgType><![CDATA[text]]></MsgType>\n"
                                      "<Content><![CDATA[hello]]></Content>\n"
                                      "<MsgId>4561255354251345929</MsgId>\n"
                                      "<AgentID>218</AgentID>\n"
                                      "</xml>";

constexpr std::string_view a2_signature = "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3";
constexpr std::string_view a2_echo =
    "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==";

callback example()
{
    return {secret(token), secret(aes_key), std::string(corp)};
}

std::string body_of(std::string_view encrypted)
{
    return "<xml><ToUserName><![CDATA[wx5823bf96d3bd56c7]]></ToUserName><Encrypt><![CDATA[" + std::string(encrypted) +
           "]]></Encrypt><AgentID><![CDATA[218]]></AgentID></xml>";
}

std::string sign(std::string_view timestamp, std::string_view nonce, std::string_view encrypted)
{
    std::array<std::string_view, 4> parts{token, timestamp, nonce, encrypted};
    std::sort(parts.begin(), parts.end());
    return d::sha1_hex({parts[0], parts[1], parts[2], parts[3]}).value();
}

/// Encrypts what need not be a message, with the example's key. The caller pads.
std::string sealed(std::string_view plain)
{
    auto const key = d::base64_decode(std::string(aes_key) + "=", d::spare_bits::any).value();
    auto const bytes = d::aes_256_cbc_encrypt(d::view_of(key), d::view_of(key).substr(0, 16), plain).value();
    return d::base64_encode(d::view_of(bytes));
}

std::string padded(std::string text)
{
    auto const missing = 32 - text.size() % 32;
    return text.append(missing, static_cast<char>(missing));
}

/// What the example says to something that is signed well.
tidings::result<std::string> open_signed(std::string_view encrypted)
{
    return example().verify_url(sign("1700000000", "n", encrypted), "1700000000", "n", encrypted);
}

std::string detail_of(tidings::result<std::string> const& r)
{
    return r.has_error() && r.error().facts() ? r.error().facts()->detail : "no failure";
}

std::string const random16 = "0123456789abcdef";
std::string const length_2("\0\0\0\2", 4);

} // namespace

BOOST_AUTO_TEST_SUITE(wecom_callbacks)

BOOST_AUTO_TEST_CASE(the_documented_event_is_read)
{
    auto const event = example().decrypt(a1_signature, "1409659813", "1372623149", body_of(a1_encrypted));
    BOOST_TEST(event.value() == a1_event);
    auto const query = "msg_signature=" + std::string(a1_signature) + "&timestamp=1409659813&nonce=1372623149";
    BOOST_TEST(example().decrypt(query, body_of(a1_encrypted)).value() == a1_event);
}

BOOST_AUTO_TEST_CASE(the_documented_address_is_verified)
{
    BOOST_TEST(example().verify_url(a2_signature, "1409659589", "263014780", a2_echo).value() == "1616140317555161061");
    BOOST_TEST(example()
                   .verify_url("msg_signature=5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3&timestamp=1409659589&"
                               "nonce=263014780&echostr=P9nAzCzyDtyTWESHep1vC5X9xho%2FqYX3Zpb4yKa9SKld1DsH3Iyt3tP3"
                               "zNdtp%2B4RPcs8TgAE7OaBO%2BFZXvnaqQ%3D%3D")
                   .value() == "1616140317555161061");
}

BOOST_AUTO_TEST_CASE(an_address_that_another_project_verified_is_verified)
{
    callback const other(secret("kjr2TKI8umCBfVF3wAHk8JiPwma5VBme"),
                         secret("4Ma3YBrSBbX2aez8MJpXGBne5LSDwgGqHbhM9WPYIws"), "ww6a112864f8022910");
    BOOST_TEST(other
                   .verify_url("1ba3cb09c0d2c2b3ed6900d37f91a6efae6cb011", "1583940690", "VHh7ymSeb0jc4lSb",
                               "6KmUQuPVu7UhjyVqRdbo5SfcRqaHvbUlKSHFvBV2ZuR6TIlKsygcfeSd1GDplg1C5KSKr6UPHCaC/"
                               "nIX3ZNt9w==")
                   .value() == "94966531020182955848408");
}

BOOST_AUTO_TEST_CASE(a_reply_is_what_other_implementations_write)
{
    BOOST_TEST(example().reply("hello", "1700000000", "nonce123", random16).value() ==
               "<xml><Encrypt><![CDATA[sKqRbbiSUnDhFHOvPjtUMd2aKGsnO1wGUhhgmucZyOooAmp9WiC5uDkjoOv6eP1l5uh45DeEw9aco5AR"
               "3vyVtA==]]></Encrypt><MsgSignature><![CDATA[154aa4cf73f54ab1d205a4fdd256d88322013f85]]></MsgSignature>"
               "<TimeStamp>1700000000</TimeStamp><Nonce><![CDATA[nonce123]]></Nonce></xml>");
    auto const longer =
        example()
            .reply(
                "<xml><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[\xe4\xbd\xa0\xe5\xa5\xbd]]></Content></xml>",
                "1700000000", "nonce123", random16)
            .value();
    BOOST_TEST(longer.find("sKqRbbiSUnDhFHOvPjtUMfSIs4dbvId6WlncofN5gh/vxqJeFM5+1541Z/GA9d1o+LzWDyDAiW4c8iW1mzGmPa9fjlV"
                           "lY8jfTrdJIpzu/LBDs+G38vri+7460vVcodNFCYKfNXtMTlHIuhvhvCaTKdiIKPV4D2yL4s5fH0DFO4M=]]>") !=
               std::string::npos);
    BOOST_TEST(longer.find("5ccd9c59da28195dfbd7e5005ec77aa60e265fd7") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_length_of_reply_reads_back)
{
    auto const platform = example();
    for (std::size_t size = 0; size != 100; ++size)
    {
        std::string const text(size, 'x');
        auto const reply = platform.reply(text, "1", "n").value();
        auto const encrypted = callback_envelope(reply).only("Encrypt").value();
        BOOST_TEST(platform.decrypt(sign("1700000000", "n", encrypted), "1700000000", "n", reply).value() == text);
    }
    BOOST_TEST(platform.reply("hello", "1", "n").value() != platform.reply("hello", "1", "n").value());
}

BOOST_AUTO_TEST_CASE(a_reply_of_what_would_break_its_xml_is_refused)
{
    auto const platform = example();
    auto const refused = [&](std::string_view timestamp, std::string_view nonce, std::string_view random) {
        return platform.reply("hello", timestamp, nonce, random).error() == errc::invalid_argument;
    };
    BOOST_TEST(refused("", "n", random16));
    BOOST_TEST(refused("1a", "n", random16));
    BOOST_TEST(refused(std::string(21, '1'), "n", random16));
    BOOST_TEST(refused("1", "", random16));
    BOOST_TEST(refused("1", "]]>", random16));
    BOOST_TEST(refused("1", std::string(129, 'n'), random16));
    BOOST_TEST(refused("1", "n", "short"));
    BOOST_TEST(refused("1", "n", random16 + "x"));
    BOOST_TEST((platform.reply(std::string(callback::max_body + 1, 'x'), "1", "n").error() == errc::invalid_argument));
}

BOOST_AUTO_TEST_CASE(a_wrong_signature_is_refused_wherever_it_differs)
{
    for (std::size_t i = 0; i != a2_signature.size(); ++i)
    {
        std::string wrong(a2_signature);
        wrong[i] = wrong[i] == '0' ? '1' : '0';
        auto const echo = example().verify_url(wrong, "1409659589", "263014780", a2_echo);
        BOOST_TEST((echo.error() == errc::protocol_error));
        BOOST_TEST(detail_of(echo) == "the signature differs");
    }
    std::string upper(a2_signature);
    std::transform(upper.begin(), upper.end(), upper.begin(), [](char c) { return c >= 'a' ? c - 0x20 : c; });
    for (auto const& wrong : {upper, std::string(a2_signature.substr(1)), std::string(a2_signature) + "0"})
        BOOST_TEST(detail_of(example().verify_url(wrong, "1409659589", "263014780", a2_echo)) ==
                   "the signature differs");
}

BOOST_AUTO_TEST_CASE(a_signature_belongs_to_one_time_one_nonce_one_text_and_one_token)
{
    BOOST_TEST(detail_of(example().verify_url(a2_signature, "1409659590", "263014780", a2_echo)) ==
               "the signature differs");
    BOOST_TEST(detail_of(example().verify_url(a2_signature, "1409659589", "263014781", a2_echo)) ==
               "the signature differs");
    BOOST_TEST(detail_of(example().decrypt(a1_signature, "1409659813", "1372623149", body_of(a2_echo))) ==
               "the signature differs");
    callback const other(secret("QDG6eL"), secret(aes_key), std::string(corp));
    BOOST_TEST(detail_of(other.verify_url(a2_signature, "1409659589", "263014780", a2_echo)) ==
               "the signature differs");
}

BOOST_AUTO_TEST_CASE(a_failure_says_which_settings_to_compare_and_shows_none_of_them)
{
    auto const echo = example().verify_url(a1_signature, "1409659589", "263014780", a2_echo);
    std::ostringstream out;
    out << echo.error();
    BOOST_TEST(
        out.str() ==
        "wecom: receive callback: the answer is not the platform's protocol: the signature differs. Compare Token, "
        "EncodingAESKey and the corp id with those in WeCom's admin console: the application's page > Receive "
        "messages, and My company. If they are the same, the request is not WeCom's.");
}

BOOST_AUTO_TEST_CASE(a_plus_sign_that_became_a_blank_is_named)
{
    std::string broken(a2_echo);
    std::replace(broken.begin(), broken.end(), '+', ' ');
    BOOST_TEST(detail_of(example().verify_url(a2_signature, "1409659589", "263014780", broken)) ==
               "the signature differs; a plus sign became a blank when the query was decoded");
}

BOOST_AUTO_TEST_CASE(a_missing_parameter_is_refused)
{
    BOOST_TEST(detail_of(example().verify_url("", "1409659589", "263014780", a2_echo)) == "a parameter is missing");
    BOOST_TEST(detail_of(example().verify_url(a2_signature, "", "263014780", a2_echo)) == "a parameter is missing");
    BOOST_TEST(detail_of(example().verify_url(a2_signature, "1409659589", "", a2_echo)) == "a parameter is missing");
    BOOST_TEST(detail_of(example().verify_url(a2_signature, "1409659589", "263014780", "")) ==
               "a parameter is missing");
    BOOST_TEST(detail_of(example().verify_url("")) == "a parameter is missing");
}

BOOST_AUTO_TEST_CASE(parameters_that_are_too_long_or_no_numbers_are_refused_before_they_are_hashed)
{
    auto const refused = "a parameter is malformed or too long";
    BOOST_TEST(detail_of(example().verify_url(a2_signature, "now", "n", a2_echo)) == refused);
    for (std::string const& nonce : {std::string(65, 'n'), std::string("a b"), std::string("\x80"), std::string("a/b")})
        BOOST_TEST(detail_of(example().verify_url(a2_signature, "1409659589", nonce, a2_echo)) == refused);
    BOOST_TEST(detail_of(example().verify_url(a2_signature, "1409659589", "n", std::string((1u << 20) + 4, 'A'))) ==
               refused);
}

BOOST_AUTO_TEST_CASE(however_a_signed_request_is_divided_anew_its_text_stays_the_same)
{
    // The hash is over the sorted parts one behind the other: here nonce, timestamp, text, token. WeCom's form leaves
    // it open which ten digits are the time; `event_time` does not.
    std::string const nonce = "126301478";
    std::string const timestamp = "1409659589";
    auto const message = sealed(padded(random16 + std::string(4, '\0') + std::string(corp)));
    int opened = 0;
    for (auto const& text : {std::string(a2_echo), message})
    {
        auto const signature = sign(timestamp, nonce, text);
        auto const expected = example().verify_url(signature, timestamp, nonce, text).value();
        auto const all = nonce + timestamp + text;
        for (std::size_t i = 0; i <= all.size(); ++i)
            for (std::size_t k = i; k <= all.size(); ++k)
            {
                std::array const parts{all.substr(0, i), all.substr(i, k - i), all.substr(k)};
                for (auto const& [a, b, c] : {std::array{0u, 1u, 2u}, std::array{1u, 0u, 2u}, std::array{0u, 2u, 1u},
                                              std::array{2u, 0u, 1u}, std::array{1u, 2u, 0u}, std::array{2u, 1u, 0u}})
                {
                    if (parts[a].size() != 10) // only such a timestamp is looked at
                        continue;
                    auto const event = example().verify_url(signature, parts[a], parts[b], parts[c]);
                    if (event.has_error())
                        continue;
                    ++opened;
                    BOOST_TEST(event.value() == expected);
                    BOOST_TEST(parts[c] == text);
                }
            }
    }
    BOOST_TEST(opened > 0);
}

BOOST_AUTO_TEST_CASE(the_time_of_an_event_is_read_where_it_stands_and_nowhere_else)
{
    std::chrono::system_clock::time_point const then(std::chrono::seconds(1409659813));
    BOOST_TEST((tidings::providers::wecom::event_time(a1_event) == then));
    BOOST_TEST((tidings::providers::wecom::event_time("<xml><A><![CDATA[<CreateTime>1</CreateTime>]]></A>"
                                                      "<CreateTime>1409659813</CreateTime><ScanCodeInfo><ScanType>x") ==
                then));
    for (auto const* const event :
         {"", "<xml>", "<xml></xml>", "<xml><CreateTime>140965981</CreateTime></xml>",
          "<xml><CreateTime></CreateTime></xml>", "<xml><A><CreateTime>1409659813</CreateTime></A></xml>",
          "<xml><A><![CDATA[<CreateTime>1409659813</CreateTime>]]></A></xml>", "<xml><CreateTime>1409659813",
          "<CreateTime>1409659813</CreateTime>"})
        BOOST_TEST(!tidings::providers::wecom::event_time(event).has_value(), event);
}

BOOST_AUTO_TEST_CASE(the_age_of_a_request_is_that_of_its_timestamp)
{
    auto const given = callback_parameters::from_query("timestamp=1700000000").value();
    std::chrono::system_clock::time_point const then(std::chrono::seconds(1'700'000'000));
    BOOST_TEST((given.signed_at() == then));
    BOOST_TEST((given.age(then + std::chrono::seconds(90)) == std::chrono::seconds(90)));
    for (auto const* const query : {"", "timestamp=", "timestamp=170000000", "timestamp=17000000000", "timestamp=now"})
        BOOST_TEST(!callback_parameters::from_query(query).value().age().has_value());
}

BOOST_AUTO_TEST_CASE(settings_that_cannot_be_are_refused_with_their_names)
{
    auto const refusal = [](std::string_view t, std::string_view key, std::string_view id) {
        callback const wrong{secret(t), secret(key), std::string(id)};
        BOOST_TEST((wrong.check().error() == errc::invalid_argument));
        BOOST_TEST(
            (wrong.verify_url(a2_signature, "1409659589", "263014780", a2_echo).error() == errc::invalid_argument));
        BOOST_TEST((wrong.reply("hello", "1", "n").error() == errc::invalid_argument));
        return std::string(wrong.check().error().facts()->detail);
    };
    BOOST_TEST(example().check().has_value());
    BOOST_TEST(refusal("", aes_key, corp) == "the token is empty");
    BOOST_TEST(refusal(token, aes_key, "") == "the receive id is empty");
    std::string const key(aes_key);
    for (auto const& wrong : {std::string(), key.substr(1), key + "A", key + "=", key.substr(0, 42) + "=",
                              key.substr(0, 42) + " ", std::string(1'000'000, 'A')})
        BOOST_TEST(refusal(token, wrong, corp) == "the EncodingAESKey is not 43 characters of base64");
}

BOOST_AUTO_TEST_CASE(what_is_signed_and_no_whole_ciphertext_is_refused)
{
    auto const refused = "the encrypted text is not base64 of whole blocks";
    auto const bytes = d::base64_decode(a2_echo).value();
    for (std::size_t const size : {1u, 16u, 31u, 33u, 48u, 63u})
        BOOST_TEST(detail_of(open_signed(d::base64_encode(d::view_of(bytes).substr(0, size)))) == refused, size);
    for (auto const* const text : {"A", "AAA", "====", "not base64", "P9nAzC\n"})
        BOOST_TEST(detail_of(open_signed(text)) == refused, text);
    // Half of it, in whole blocks: the padding is gone.
    BOOST_TEST(detail_of(open_signed(d::base64_encode(d::view_of(bytes).substr(0, 32)))) ==
               "it cannot be decrypted: the EncodingAESKey differs");
}

BOOST_AUTO_TEST_CASE(padding_that_is_none_is_refused)
{
    auto const refused = "it cannot be decrypted: the EncodingAESKey differs";
    auto const good = padded(random16 + length_2 + "hi" + std::string(corp));
    BOOST_TEST(open_signed(sealed(good)).value() == "hi");
    auto const count = static_cast<std::size_t>(good.back());
    for (std::size_t i = good.size() - count; i != good.size(); ++i)
    {
        auto wrong = good;
        wrong[i] = static_cast<char>(wrong[i] ^ 0x40);
        BOOST_TEST(detail_of(open_signed(sealed(wrong))) == refused, i);
    }
    for (char const last : {'\0', '\x21', '\xff'})
    {
        auto wrong = good;
        wrong.back() = last;
        BOOST_TEST(detail_of(open_signed(sealed(wrong))) == refused);
    }
}

BOOST_AUTO_TEST_CASE(another_key_is_told_from_another_token)
{
    callback const other(secret(token), secret("4Ma3YBrSBbX2aez8MJpXGBne5LSDwgGqHbhM9WPYIws"), std::string(corp));
    BOOST_TEST(detail_of(other.verify_url(a2_signature, "1409659589", "263014780", a2_echo)) ==
               "it cannot be decrypted: the EncodingAESKey differs");
}

BOOST_AUTO_TEST_CASE(lengths_that_lie_are_refused)
{
    auto const with_length = [](std::string_view length, std::string_view rest) {
        return detail_of(open_signed(sealed(padded(random16 + std::string(length) + std::string(rest)))));
    };
    BOOST_TEST(detail_of(open_signed(sealed(padded("")))) == "the decrypted text is too short");
    BOOST_TEST(with_length("abc", "") == "the decrypted text is too short");
    BOOST_TEST(with_length({"\0\0\0\1", 4}, "") == "the decrypted text is shorter than its length field");
    BOOST_TEST(with_length("\xff\xff\xff\xff", "hi") == "the decrypted text is shorter than its length field");
    BOOST_TEST(with_length({"\x80\0\0\0", 4}, "hi") == "the decrypted text is shorter than its length field");
    BOOST_TEST(with_length(length_2, "hi") == "it is meant for another receiver");
    BOOST_TEST(with_length({"\0\0\0\3", 4}, "hi" + std::string(corp)) == "it is meant for another receiver");
}

BOOST_AUTO_TEST_CASE(what_is_meant_for_another_company_is_refused)
{
    for (std::string_view const id : {"wx5823bf96d3bd56c8", "wx5823bf96d3bd56c", "wx5823bf96d3bd56c7x", ""})
        BOOST_TEST(detail_of(open_signed(sealed(padded(random16 + length_2 + "hi" + std::string(id))))) ==
                   "it is meant for another receiver");
    callback const other(secret(token), secret(aes_key), "ww6a112864f8022910");
    BOOST_TEST(detail_of(other.verify_url(a2_signature, "1409659589", "263014780", a2_echo)) ==
               "it is meant for another receiver");
}

BOOST_AUTO_TEST_CASE(an_empty_text_and_bytes_of_any_kind_are_texts)
{
    std::string const nothing(4, '\0');
    BOOST_TEST(open_signed(sealed(padded(random16 + nothing + std::string(corp)))).value().empty());
    std::string const odd("\0\xff", 2);
    BOOST_TEST(open_signed(sealed(padded(random16 + length_2 + odd + std::string(corp)))).value() == odd);
}

BOOST_AUTO_TEST_CASE(a_body_that_is_too_long_is_not_read)
{
    BOOST_TEST(detail_of(example().decrypt(a1_signature, "1", "n", std::string(callback::max_body + 1, '<'))) ==
               "the body is too long");
    // The longest one is, in a moment.
    BOOST_TEST(detail_of(example().decrypt(a1_signature, "1", "n", std::string(callback::max_body, '<'))) ==
               "the body is not XML with one member Encrypt");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(wecom_callback_envelopes)

BOOST_AUTO_TEST_CASE(one_text_is_found_however_it_is_written)
{
    for (auto const* const xml : {
             "<xml><Encrypt>T</Encrypt></xml>",
             "<xml><Encrypt><![CDATA[T]]></Encrypt></xml>",
             "<xml>\r\n\t<Encrypt>\n <![CDATA[T]]> \n</Encrypt>\n</xml>\n",
             "<xml><Encrypt> T\n</Encrypt></xml>",
             "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xml><Encrypt>T</Encrypt></xml>",
             "<xml><A></A><B>&lt;Encrypt&gt;</B><C><![CDATA[<Encrypt>F</Encrypt>]]></C><Encrypt>T</Encrypt></xml>",
             "<xml><Encrypt>T</Encrypt><A>x<![CDATA[y]]>z<![CDATA[]]></A></xml>",
             "<xml><encrypt>F</encrypt><Encrypt2>F</Encrypt2><Encrypt>T</Encrypt></xml>",
         })
        BOOST_TEST((callback_envelope(xml).only("Encrypt") == "T"), xml);
}

BOOST_AUTO_TEST_CASE(what_two_readers_would_read_differently_is_refused)
{
    for (auto const* const xml : {
             "",
             "<",
             "<xml>",
             "<xml></xml>",
             "<xml><Encrypt></Encrypt></xml>",
             "<xml><Encrypt><![CDATA[]]></Encrypt></xml>",
             "<xml><Encrypt>T</Encrypt>",
             "<xml><Encrypt>T</Encrypt></xml>x",
             "<xml><Encrypt>T</Encrypt></xml><xml></xml>",
             "x<xml><Encrypt>T</Encrypt></xml>",
             "<xml><Encrypt>T</Encrypt><Encrypt>T</Encrypt></xml>",
             "<xml><Encrypt>T</Encrypt><Encrypt></Encrypt></xml>",
             "<xml><Encrypt><![CDATA[T]]><![CDATA[U]]></Encrypt></xml>",
             "<xml><Encrypt>T<![CDATA[U]]></Encrypt></xml>",
             "<xml><Encrypt><![CDATA[T]]>U</Encrypt></xml>",
             "<xml><Encrypt>T&#65;</Encrypt></xml>",
             "<xml><Encrypt>T<!-- c --></Encrypt></xml>",
             "<xml><!-- <Encrypt>F</Encrypt> --><Encrypt>T</Encrypt></xml>",
             "<xml><A><Encrypt>T</Encrypt></A></xml>",
             "<xml><A><Encrypt>F</Encrypt></A><Encrypt>T</Encrypt></xml>",
             "<xml><Encrypt a=\"b\">T</Encrypt></xml>",
             "<xml a=\"b\"><Encrypt>T</Encrypt></xml>",
             "<xml><Encrypt/></xml>",
             "<xml><Encrypt>T</encrypt></xml>",
             "<xml><Encrypt>T</Encrypt ></xml>",
             "<xml><Encrypt>T]]></Encrypt></xml>",
             "<xml><Encrypt><![CDATA[T</Encrypt></xml>",
             "<xml><Encrypt><![cdata[T]]></Encrypt></xml>",
             "<xml>text<Encrypt>T</Encrypt></xml>",
             "<xml><Encrypt>T</Encrypt>text</xml>",
             "<xml><:a>T</:a><Encrypt>T</Encrypt></xml>",
             "<?xml version=\"1.0\"><xml><Encrypt>T</Encrypt></xml>",
             "<?xml version=\"1.0\"",
             "<!DOCTYPE xml [<!ENTITY e \"T\">]><xml><Encrypt>&e;</Encrypt></xml>",
             "<XML><Encrypt>T</Encrypt></XML>",
             "{\"Encrypt\":\"T\"}",
         })
        BOOST_TEST(!callback_envelope(xml).only("Encrypt").has_value(), xml);
}

BOOST_AUTO_TEST_CASE(every_beginning_of_an_envelope_is_refused)
{
    auto const whole = body_of(a1_encrypted);
    for (std::size_t size = 0; size != whole.size(); ++size)
        BOOST_TEST(!callback_envelope(whole.substr(0, size)).only("Encrypt").has_value(), size);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(wecom_callback_queries)

BOOST_AUTO_TEST_CASE(parameters_are_decoded_once_in_any_order)
{
    auto const given =
        callback_parameters::from_query("nonce=a%2525&x=1&&echostr=A%2Bb%2f%3D&%74imestamp=12&msg_signature=00&y")
            .value();
    BOOST_TEST(given.nonce == "a%25");
    BOOST_TEST(given.echo == "A+b/=");
    BOOST_TEST(given.timestamp == "12");
    BOOST_TEST(given.signature == "00");
}

BOOST_AUTO_TEST_CASE(a_plus_sign_stays_one_and_an_equals_sign_may_stand_in_a_value)
{
    BOOST_TEST(callback_parameters::from_query("echostr=a+b==").value().echo == "a+b==");
    auto const raw = "msg_signature=" + std::string(a2_signature) +
                     "&timestamp=1409659589&nonce=263014780&echostr=" + std::string(a2_echo);
    BOOST_TEST(example().verify_url(raw).value() == "1616140317555161061");
}

BOOST_AUTO_TEST_CASE(a_query_that_is_none_is_refused)
{
    for (std::string const& query : {std::string("nonce=%"), std::string("nonce=%4"), std::string("nonce=%4g"),
                                     std::string("nonce=%-1"), std::string("%zz=1"), std::string("nonce=1&nonce=1"),
                                     std::string("nonce=&%6eonce=1"), std::string(8193, 'a')})
        BOOST_TEST((callback_parameters::from_query(query).error() == errc::protocol_error), query);
    BOOST_TEST(callback_parameters::from_query("").value().nonce.empty());
    BOOST_TEST((example().decrypt("nonce=%", body_of(a1_encrypted)).error() == errc::protocol_error));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace wecom_test
