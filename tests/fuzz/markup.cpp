// Any bytes as portable Markdown: read, rendered in every dialect and divided; nobody is mentioned, nothing is cut
// apart.
#include <tidings/provider/dingtalk/dialect.hpp>
#include <tidings/provider/lark/dialect.hpp>
#include <tidings/provider/wecom/dialect.hpp>

#include <tidings/detail/utf8.hpp>
#include <tidings/message/notice_json.hpp>
#include <tidings/provider/detail/split.hpp>

#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

void check(bool right)
{
    if (!right)
        std::abort();
}

void check_nesting(std::string_view source)
{
    using tidings::detail::markup_event;
    std::vector<markup_event::kind> open;
    tidings::detail::markup const parsed(source);
    for (auto const& e : parsed.events())
    {
        if (e.what >= markup_event::kind::text)
            continue;
        if (e.opens)
            open.push_back(e.what);
        else
        {
            check(!open.empty() && open.back() == e.what);
            open.pop_back();
        }
        check(open.size() <= 24);
    }
    check(open.empty());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size)
{
    using namespace tidings;
    std::string_view const input(reinterpret_cast<char const*>(data), size);
    bool const is_utf8 = detail::find_invalid_utf8(input) == input.npos;

    check_nesting(input);
    auto const escaped = markdown::escape(input);
    for (auto* const render : {providers::lark::render_markdown, providers::lark::render_card_markdown,
                               providers::dingtalk::render_markdown, providers::wecom::render_markdown})
        for (auto const text : {input, std::string_view(escaped)})
        {
            auto const shown = render(text);
            check(!is_utf8 || detail::find_invalid_utf8(shown) == shown.npos);
            for (std::string_view const mention : {"<at ", "<at>", "<@", "<font ", "<font>"})
                check(shown.find(mention) == shown.npos);
            check(render != providers::wecom::render_markdown || shown.find("$userName=") == shown.npos);
        }
    check(providers::wecom::plain_text(input).find("<a ") == std::string::npos);

    constexpr std::size_t max_size = 40;
    for (auto const& piece : detail::split_text(input, max_size, detail::nested_json_cost()))
    {
        check(detail::nested_json_cost()(piece) <= max_size);
        check(!is_utf8 || detail::find_invalid_utf8(piece) == piece.npos);
    }
    auto const rendered = [](std::string_view piece) { return providers::dingtalk::render_markdown(piece).size(); };
    for (auto const& piece : detail::split_markdown(input, 2 * max_size, rendered))
        check(!is_utf8 || detail::find_invalid_utf8(piece) == piece.npos);

    if (auto const read = notice::from_json(input); read)
        check(read->check().has_value());
    return 0;
}
