// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "progress_bar.hpp"

#include "../tools/files.hpp"
#include "../tools/values.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

namespace tidings_send {

namespace {

constexpr std::size_t usual_columns = 80;

std::size_t columns()
{
    winsize size{};
    return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col != 0 ? size.ws_col : usual_columns;
}

} // namespace

bool progress_bar::can_be_shown(bool writes_json)
{
    if (::isatty(STDERR_FILENO) == 0 || tools::environment("TERM") == "dumb")
        return false;
    return !writes_json || ::isatty(STDOUT_FILENO) == 0;
}

progress_bar::progress_bar(std::size_t total) : total_(total), begin_(clock::now()) {}

std::string progress_bar::text() const
{
    constexpr std::size_t percent = 100;
    constexpr std::size_t max_width = 30;
    auto const seconds = std::chrono::duration<double>(clock::now() - begin_).count();
    auto const rate = seconds > 0 ? static_cast<double>(done_) / seconds : 0;
    auto counts = std::to_string(done_) + "/" + std::to_string(total_) + "  " +
                  std::to_string(done_ * percent / std::max<std::size_t>(total_, 1)) + "%  " +
                  std::to_string(static_cast<std::size_t>(rate)) + "/s  " + std::to_string(failed_) + " failed";
    if (unknown_ != 0)
        counts += "  " + std::to_string(unknown_) + " unknown";
    auto const available = columns() - 1; // writing into the last column may begin a new line
    if (counts.size() + 4 > available)
        return counts.substr(0, available);
    auto const width = std::min(max_width, available - counts.size() - 4);
    auto const full = done_ * width / std::max<std::size_t>(total_, 1);
    return "[" + std::string(full, '#') + std::string(width - full, '.') + "]  " + counts;
}

void progress_bar::set(std::size_t done, std::size_t failed, std::size_t unknown)
{
    done_ = done;
    failed_ = failed;
    unknown_ = unknown;
    constexpr std::chrono::milliseconds step{100};
    if (!visible_ || clock::now() - drawn_ >= step || done_ == total_)
        draw();
}

void progress_bar::draw()
{
    tools::write_all(STDERR_FILENO, erasing + text());
    visible_ = true;
    drawn_ = clock::now();
}

void progress_bar::erase()
{
    if (visible_)
        tools::write_all(STDERR_FILENO, erasing);
    visible_ = false;
}

} // namespace tidings_send
