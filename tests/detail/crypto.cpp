// The cryptography of callbacks, against vectors that others published.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include <tidings/detail/crypto.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace crypto_test {

namespace {

using namespace tidings::detail;
using tidings::errc;

std::string from_hex(std::string_view hex)
{
    std::string out;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        out += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
    return out;
}

std::string decoded(std::string_view text, spare_bits spare = spare_bits::zero)
{
    auto const bytes = base64_decode(text, spare);
    return bytes ? std::string(view_of(*bytes)) : "refused";
}

} // namespace

BOOST_AUTO_TEST_SUITE(crypto)

BOOST_AUTO_TEST_CASE(hashes_are_those_of_fips_180)
{
    BOOST_TEST(sha1_hex({"abc"}).value() == "a9993e364706816aba3e25717850c26c9cd0d89d");
    BOOST_TEST(sha1_hex({}).value() == "da39a3ee5e6b4b0d3255bfef95601890afd80709");
    BOOST_TEST(sha256_hex({"abc"}).value() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    BOOST_TEST(sha256_hex({}).value() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

BOOST_AUTO_TEST_CASE(parts_are_hashed_as_if_they_were_one_text)
{
    BOOST_TEST(sha256_hex({"a", "", std::string_view(), "bc"}).value() == sha256_hex({"abc"}).value());
}

BOOST_AUTO_TEST_CASE(the_mac_is_that_of_rfc_4231)
{
    auto const mac = [](std::string_view key, std::string_view message) {
        return to_hex(view_of(hmac_sha256(key, message).value()));
    };
    BOOST_TEST(mac("Jefe", "what do ya want for nothing?") ==
               "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    BOOST_TEST(mac(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First") ==
               "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    BOOST_TEST(mac({}, {}) == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

BOOST_AUTO_TEST_CASE(base64_is_that_of_rfc_4648)
{
    constexpr std::string_view plain = "foobar";
    for (auto const* const encoded : {"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"})
    {
        auto const text = decoded(encoded);
        BOOST_TEST(text == plain.substr(0, text.size()));
        BOOST_TEST(base64_encode(text) == encoded);
    }
    std::string every;
    for (int i = 0; i != 256; ++i)
        every += static_cast<char>(i);
    BOOST_TEST(decoded(base64_encode(every)) == every);
}

BOOST_AUTO_TEST_CASE(what_is_not_base64_is_refused)
{
    for (auto const* const text : {"Z", "Zg", "Zg=", "Zm9vY", "=", "==", "====", "Z===", "Zg==Zg==", "Zm 9", "Zm9\n",
                                   "Zm-_", "Zm9vYg==\n", "Z=g=", "\xff\xff\xff\xff"})
        BOOST_TEST(decoded(text) == "refused", text);
    BOOST_TEST(decoded(std::string_view("Zm\0v", 4)) == "refused");
}

BOOST_AUTO_TEST_CASE(bits_that_belong_to_no_byte_are_zero_unless_the_caller_says_otherwise)
{
    BOOST_TEST(decoded("Zh==") == "refused");
    BOOST_TEST(decoded("Zm9=") == "refused");
    BOOST_TEST(decoded("Zh==", spare_bits::any) == "f");
    BOOST_TEST(decoded("Zm9=", spare_bits::any) == "fo");
}

BOOST_AUTO_TEST_CASE(aes_is_that_of_nist_sp_800_38a)
{
    auto const key = from_hex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
    auto const iv = from_hex("000102030405060708090a0b0c0d0e0f");
    auto const plain = from_hex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51");
    auto const sealed = from_hex("f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d");
    BOOST_TEST(to_hex(view_of(aes_256_cbc_encrypt(key, iv, plain).value())) == to_hex(sealed));
    BOOST_TEST(to_hex(view_of(aes_256_cbc_decrypt(key, iv, sealed).value())) == to_hex(plain));
    BOOST_TEST(aes_256_cbc_decrypt(key, iv, {}).value().empty());
}

BOOST_AUTO_TEST_CASE(aes_refuses_what_has_the_wrong_length)
{
    std::string const key(32, 'k');
    std::string const iv(16, 'i');
    BOOST_TEST((aes_256_cbc_decrypt(key, iv, std::string(17, 'x')).error() == errc::invalid_argument));
    BOOST_TEST((aes_256_cbc_decrypt(key.substr(1), iv, std::string(16, 'x')).error() == errc::invalid_argument));
    BOOST_TEST((aes_256_cbc_encrypt(key, iv + "i", std::string(16, 'x')).error() == errc::invalid_argument));
}

BOOST_AUTO_TEST_CASE(padding_comes_off_as_it_went_on)
{
    for (std::size_t const block : {16u, 32u})
        for (std::size_t size = 0; size != 70; ++size)
        {
            wiped_bytes text(size, 'x');
            pad(text, block);
            BOOST_TEST(text.size() % block == 0u);
            BOOST_TEST(text.size() > size);
            BOOST_TEST(unpadded_size(view_of(text), block).value() == size);
        }
}

BOOST_AUTO_TEST_CASE(every_byte_of_the_padding_is_looked_at)
{
    wiped_bytes good(7, 'x');
    pad(good, 32);
    for (std::size_t i = 7; i != good.size(); ++i)
    {
        auto bad = good;
        bad[i] = static_cast<char>(bad[i] ^ 1);
        BOOST_TEST(!unpadded_size(view_of(bad), 32).has_value(), i);
    }
    BOOST_TEST(!unpadded_size({}, 16).has_value());
    BOOST_TEST(!unpadded_size(std::string(15, '\1'), 16).has_value());
    BOOST_TEST(!unpadded_size(std::string(16, '\0'), 16).has_value());
    BOOST_TEST(!unpadded_size(std::string(64, '\x21'), 32).has_value()); // 33: one more than a block
    BOOST_TEST(!unpadded_size(std::string(512, '\xff'), 32).has_value());
    BOOST_TEST(unpadded_size(std::string(16, '\x10'), 16).value() == 0u);
}

BOOST_AUTO_TEST_CASE(texts_are_equal_when_all_of_them_is)
{
    BOOST_TEST(equal_in_constant_time("", ""));
    BOOST_TEST(equal_in_constant_time("abc", "abc"));
    BOOST_TEST(!equal_in_constant_time("abc", "abd"));
    BOOST_TEST(!equal_in_constant_time("abc", "ab"));
}

BOOST_AUTO_TEST_CASE(randomness_has_the_length_asked_for_and_differs)
{
    auto const first = random_bytes(16).value();
    BOOST_TEST(first.size() == 16u);
    BOOST_TEST((first != random_bytes(16).value()));
    BOOST_TEST(random_bytes(0).value().empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace crypto_test
