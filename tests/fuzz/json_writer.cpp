// Any texts at any place: what the writer writes is read by Boost.JSON as what was put in, also inside of a string that holds
// a document.
//
// A byte chooses each call: containers, keys, numbers; or a text, whose length is the byte behind it.
#include <tidings/wire/json_writer.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

namespace {

namespace json = boost::json;

void check(bool right)
{
    if (!right)
        std::abort();
}

class input
{
public:
    input(unsigned char const* data, std::size_t size) noexcept : rest_(reinterpret_cast<char const*>(data), size) {}

    bool empty() const noexcept { return rest_.empty(); }
    unsigned char byte() noexcept { return rest_.empty() ? 0 : static_cast<unsigned char>(text(1).front()); }
    std::string_view text(std::size_t size) noexcept
    {
        auto const out = rest_.substr(0, size);
        rest_.remove_prefix(out.size());
        return out;
    }

private:
    std::string_view rest_;
};

constexpr unsigned max_depth = 8;

// Writes a value twice: with the writer, and as a tree.
json::value write_value(input& from, tidings::wire::json_writer& to, unsigned depth)
{
    switch (from.byte() % 8)
    {
    case 0:
    case 1:
    {
        auto const text = from.text(from.byte());
        to.string(text);
        return json::value(json::string(text.data(), text.size()));
    }
    case 2:
    {
        std::int64_t number = 0;
        auto const bytes = from.text(sizeof number);
        std::memcpy(&number, bytes.data(), bytes.size());
        to.number(number);
        return json::value(number);
    }
    case 3:
    {
        bool const value = from.byte() % 2 != 0;
        to.boolean(value);
        return json::value(value);
    }
    case 4:
    case 5:
    {
        json::array out;
        to.open_array();
        while (!from.empty() && depth != max_depth && from.byte() % 4 != 0)
            out.push_back(write_value(from, to, depth + 1));
        to.close_array();
        return out;
    }
    default:
    {
        json::object out;
        to.open_object();
        while (!from.empty() && depth != max_depth && from.byte() % 4 != 0)
        {
            auto const key = "k" + std::to_string(out.size());
            to.key(key);
            out.emplace(key, write_value(from, to, depth + 1));
        }
        to.close_object();
        return out;
    }
    }
}

json::value parsed(std::string_view document)
{
    boost::system::error_code ec;
    json::parse_options lenient;
    lenient.allow_invalid_utf8 = true;
    auto out = json::parse({document.data(), document.size()}, ec, {}, lenient);
    check(!ec);
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size)
{
    tidings::detail::wiped_string out;
    tidings::wire::json_writer to(out);
    input plain(data, size);
    auto const expected = write_value(plain, to, 0);
    check(parsed(out) == expected);
    check(out.view() == std::string_view(json::serialize(expected)));

    // The same, inside of a string.
    out.clear();
    tidings::wire::json_writer around(out);
    around.open_object().key("content").open_document();
    input inside(data, size);
    check(write_value(inside, around, 0) == expected);
    around.close_document().member("uuid", "k").close_object();
    auto const outer = parsed(out);
    check(outer.at("uuid") == "k" && parsed(outer.at("content").as_string()) == expected);
    return 0;
}
