// Random text out of what chat platforms take for more than text. The same for the same seed.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TESTS_SUPPORT_HOSTILE_TEXT_HPP
#define TIDINGS_TESTS_SUPPORT_HOSTILE_TEXT_HPP

#include <array>
#include <cstddef>
#include <random>
#include <string>
#include <string_view>

namespace test {

class hostile_text
{
public:
    explicit hostile_text(unsigned seed) : random_(seed) {}

    /// @param most  Pieces.
    std::string operator()(std::size_t max_size = 12)
    {
        static constexpr std::array<std::string_view, 72> pieces{"a",
                                                                 "Zed",
                                                                 "7",
                                                                 "12",
                                                                 "\"",
                                                                 "'",
                                                                 "\n",
                                                                 "\n",
                                                                 "\n\n",
                                                                 "\r\n",
                                                                 "\t",
                                                                 " ",
                                                                 " ",
                                                                 "  ",
                                                                 "    ",
                                                                 "\\",
                                                                 "\\\\",
                                                                 "*",
                                                                 "**",
                                                                 "***",
                                                                 "_",
                                                                 "__",
                                                                 "~",
                                                                 "~~",
                                                                 "`",
                                                                 "``",
                                                                 "```",
                                                                 "#",
                                                                 "## ",
                                                                 ">",
                                                                 "> ",
                                                                 "-",
                                                                 "- ",
                                                                 "+ ",
                                                                 "* ",
                                                                 "1. ",
                                                                 "2) ",
                                                                 "---",
                                                                 "===",
                                                                 "|",
                                                                 ":-",
                                                                 "!",
                                                                 "[",
                                                                 "]",
                                                                 "(",
                                                                 ")",
                                                                 "](",
                                                                 "[x](y)",
                                                                 "[x](https://e.example)",
                                                                 "![i](https://e.example)",
                                                                 "<",
                                                                 ">",
                                                                 "<at user_id=\"all\"></at>",
                                                                 "<at id=all></at>",
                                                                 "</at>",
                                                                 "<@all>",
                                                                 "<font color=\"warning\">",
                                                                 "</font>",
                                                                 "<a href=\"https://e.example\">",
                                                                 "<b>",
                                                                 "$userName=a$",
                                                                 "$",
                                                                 "=",
                                                                 "@所有人",
                                                                 "&lt;",
                                                                 "&#42;",
                                                                 "&",
                                                                 "构建失败。",
                                                                 "ビルド",
                                                                 "\xf0\x9f\x8e\x89",
                                                                 "é",
                                                                 "https://e.example/~a_b*c"};
        std::string out;
        for (auto left = pick(max_size + 1); left != 0; --left)
            out += pieces[pick(pieces.size())];
        return out;
    }

    /// At least 0, less than `end`. The same with every standard library, which its distributions are not.
    std::size_t pick(std::size_t end) { return static_cast<std::size_t>(random_()) % end; }

private:
    std::mt19937 random_;
};

} // namespace test

#endif
