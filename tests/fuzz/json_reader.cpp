// Any document: the reader of the usual answer shows the same values as Boost.JSON alone, and both take the same documents.
//
// The first byte chooses which lengths of paths are used, and whether texts with escapes are wanted.
#include <tidings/wire/json_reader.hpp>

#include <cstddef>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

namespace wire = tidings::wire;

class recorder final : public wire::json_visitor
{
public:
    recorder(wire::path_lengths used, bool wants_texts) noexcept : used_(used), wants_texts_(wants_texts) {}

    void on_scalar(std::string_view path, wire::json_scalar const& value) override
    {
        if (!used_.has(path))
            return;
        add('=', path);
        seen += static_cast<char>('0' + static_cast<int>(value.type()));
        seen += std::to_string(value.number());
        if (wants_texts_)
            seen += value.text();
    }
    bool wants_text(std::string_view) const override { return wants_texts_; }
    void on_container(std::string_view path) override { add('{', path); }
    void on_object_end(std::string_view path) override { add('}', path); }
    wire::path_lengths used_lengths() const noexcept override { return used_; }

    std::string seen;

private:
    void add(char what, std::string_view path)
    {
        if (used_.has(path))
            ((seen += '\n') += what) += path;
    }

    wire::path_lengths used_;
    bool wants_texts_;
};

wire::path_lengths lengths_of(unsigned char choice)
{
    switch (choice % 4)
    {
    case 0: return {};
    case 1: return {"code", "data/message_id"};
    case 2: return {"a", "a/*", "a/b"};
    default: return wire::path_lengths::from({});
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size)
{
    if (size == 0)
        return 0;
    std::string_view document(reinterpret_cast<char const*>(data + 1), size - 1);
    bool const wants_texts = data[0] % 8 < 4;
    recorder ours(lengths_of(data[0]), wants_texts);
    recorder boosts(lengths_of(data[0]), wants_texts);
    bool const taken = wire::read_json(document, ours);
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (document.starts_with(byte_order_mark))
        document.remove_prefix(byte_order_mark.size());
    if (wire::detail::read_any_json(document, boosts) != taken || ours.seen != boosts.seen)
        std::abort();
    return 0;
}
