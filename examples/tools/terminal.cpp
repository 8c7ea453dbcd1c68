// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "terminal.hpp"

#include "files.hpp"
#include "usage_error.hpp"

#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <optional>
#include <string_view>

namespace tools {

namespace {

constexpr char interrupt = '\x03'; // Ctrl+C

/// Turns the echo of the terminal off, and its signals: ending the program would leave it without an echo.
class silence
{
public:
    silence()
    {
        if (::tcgetattr(STDIN_FILENO, &before_) != 0)
            return;
        auto quiet = before_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG);
        quiet.c_lflag |= ECHONL;
        quiet.c_cc[VEOL] = interrupt; // it ends the line, so that Enter need not follow
        off_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
    }
    silence(silence const&) = delete;
    silence& operator=(silence const&) = delete;
    ~silence()
    {
        if (off_)
            ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    }

private:
    termios before_{};
    bool off_ = false;
};

/// The next line, byte by byte: what follows it belongs to the next question. Nothing: the input has ended.
template<class Text>
bool read_line(Text& out)
{
    constexpr std::size_t max_length = 65536;
    for (;;)
    {
        char c = 0;
        auto const got = ::read(STDIN_FILENO, &c, 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return !out.empty();
        if (c == '\n')
            return true;
        if (c == interrupt)
        {
            out.push_back(c);
            return true;
        }
        if (out.size() == max_length)
            throw usage_problem("standard input", "a line has more than 65536 bytes");
        out.push_back(c);
    }
}

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r";
    auto const begin = text.find_first_not_of(blanks);
    return begin == text.npos ? std::string_view() : text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

[[noreturn]] void throw_end_of_input()
{
    throw usage_problem("standard input", "ended before every question was answered; nothing was saved");
}

} // namespace

std::string ask(std::string const& question)
{
    write_all(STDERR_FILENO, question);
    std::string line;
    if (!read_line(line))
        throw_end_of_input();
    return std::string(trimmed(line));
}

tidings::secret ask_secret(std::string const& question)
{
    std::optional<silence> quiet; // before the question: somebody may answer it at once
    if (::isatty(STDIN_FILENO) != 0)
        quiet.emplace();
    write_all(STDERR_FILENO, question);
    tidings::detail::wiped_bytes line;
    if (!read_line(line))
        throw_end_of_input();
    if (quiet && std::find(line.begin(), line.end(), interrupt) != line.end())
        throw usage_problem("standard input", "was interrupted; nothing was saved");
    return tidings::secret(trimmed({line.data(), line.size()}));
}

} // namespace tools
