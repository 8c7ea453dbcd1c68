// The file of results, from which an interrupted run is continued.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_EXAMPLES_TIDINGS_SEND_RESULTS_FILE_HPP
#define TIDINGS_EXAMPLES_TIDINGS_SEND_RESULTS_FILE_HPP

#include "order.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace tidings_send {

/// What has to be the same in a run that is continued.
struct run_facts
{
    std::string provider;
    std::string match; ///< Of several fields, with commas between.
    std::string language;
    std::string application;
    std::string message; ///< A digest.
    std::string key;
};

/// The file cannot be written, so nothing more may be sent.
class results_problem : public std::runtime_error
{
    using std::runtime_error::runtime_error;
};

/// A JSON object a line: the facts of the run; an intent for each person, which is on disk before anything is sent to
/// that person; the outcomes; and a line for each time that the run was continued. A person who has an intent and no
/// outcome was under way when the program was killed.
///
/// Locked while the object exists, so that two runs do not continue the same file.
class results_file
{
public:
    using seconds = std::chrono::seconds;

    /// A new file. One that exists has to be empty; otherwise that is a usage error.
    static results_file create(std::string const& path);
    /// The file of an interrupted run. One that does not exist is created, since the program may have been killed before
    /// it created the file. A file of something else is a usage error.
    static results_file resume(std::string const& path);

    results_file(results_file&& other) noexcept;
    results_file& operator=(results_file&&) = delete;
    ~results_file();

    /// Nothing: no message of that run was sent.
    std::optional<run_facts> const& facts() const noexcept { return facts_; }

    /// Whether that person has the message.
    bool is_delivered(std::string const& id) const { return delivered_.contains(id); }
    /// When the message was first sent to a person who may have it. Nothing: to nobody with this id.
    std::optional<std::int64_t> in_doubt_since(std::string const& id) const;

    /// Writes the facts, or, if the file has them, that the run is continued. Facts that differ from those of the file are a usage error.
    void begin(run_facts const& facts);
    /// The same people are going to be sent to. When this returns, that is on disk.
    void intend(std::span<recipient const> people);
    /// @param row  A line without a line break.
    void add(std::string const& row);
    /// Everything is on disk.
    void sync();

private:
    /// How far one person came, by the lines of the file.
    struct progress
    {
        std::optional<std::int64_t> pending; ///< Of an intent without an outcome.
        std::optional<std::int64_t> doubt;   ///< Of the first attempt that may have reached them.
    };

    results_file(std::string path, bool create);

    void read();
    bool read_line(std::string_view line, std::map<std::string, std::string>& id_of);
    void write(std::string const& text);

    std::string path_;
    std::string name_; ///< Printable.
    int file_ = -1;
    bool is_torn_ = false; ///< A line may be written in part.
    std::optional<run_facts> facts_;
    std::set<std::string> delivered_;
    std::map<std::string, progress> people_;
    std::chrono::steady_clock::time_point synced_;
};

} // namespace tidings_send

#endif
