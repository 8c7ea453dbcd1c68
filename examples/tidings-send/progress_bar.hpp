// How far a run for many people has come, on a terminal.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_EXAMPLES_TIDINGS_SEND_PROGRESS_BAR_HPP
#define TIDINGS_EXAMPLES_TIDINGS_SEND_PROGRESS_BAR_HPP

#include <chrono>
#include <cstddef>
#include <string>

namespace tidings_send {

/// One line of standard error, which is written again as outcomes arrive: how many, at which rate, how many failed.
class progress_bar
{
public:
    /// Whether standard error can show one.
    ///
    /// @param writes_json  Whether standard output has JSON, which a bar on the same terminal would spoil.
    static bool can_be_shown(bool writes_json);

    /// What removes the bar, for what another part of the program writes.
    static constexpr char const* erasing = "\r\x1b[K";

    explicit progress_bar(std::size_t total);

    void set(std::size_t done, std::size_t failed, std::size_t unknown);
    void draw();
    void erase();

private:
    using clock = std::chrono::steady_clock;

    std::string text() const;

    std::size_t total_;
    std::size_t done_ = 0;
    std::size_t failed_ = 0;
    std::size_t unknown_ = 0;
    clock::time_point begin_;
    clock::time_point drawn_;
    bool visible_ = false;
};

} // namespace tidings_send

#endif
