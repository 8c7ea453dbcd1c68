// What tidings-send says about each person, and its exit code.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_EXAMPLES_TIDINGS_SEND_REPORT_HPP
#define TIDINGS_EXAMPLES_TIDINGS_SEND_REPORT_HPP

#include "order.hpp"
#include "progress_bar.hpp"
#include "results_file.hpp"

#include <tidings/receipt.hpp>
#include <tidings/result.hpp>

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace tidings_send {

/// What the program ends with; docs/tidings-send.md has the same list.
enum exit_code
{
    all_delivered = 0,
    not_reached = 1, ///< At least one person was not reached.
    usage = 2,       ///< The command line, or a file that it names; nothing was sent.
    unknown = 3      ///< An outcome is not known, or the report of the outcomes could not be written.
};

/// Writes the report: what was delivered, and JSON, to standard output; the rest to standard error, on a terminal with a
/// progress bar.
class report
{
public:
    /// @param what        Outlives the report.
    /// @param knows_keys  Whether the platform knows idempotency keys.
    /// @param results     Gets the outcomes, too. May be null; outlives the report.
    report(order const& what, bool knows_keys, results_file* results);

    /// What became of the message to the next person, or of the look-up.
    void add(tidings::result<tidings::receipt> const& outcome);

    /// The same for all people who remain. They were not tried.
    void add_rest(tidings::failure const& why);

    /// The first failure, if there is no other outcome than failures that are wrong for everybody: the setting-up of
    /// the application, the message, the network. No other person can be reached then.
    tidings::failure const* wrong_for_everybody() const noexcept;

    /// Everybody whom an interrupted run may have reached, and who is not sent to again.
    void add_doubtful();

    /// The file of results cannot be written. Nothing more may be sent.
    void results_lost(std::string const& why);

    /// How many people have an outcome.
    std::size_t size() const noexcept { return next_; }
    /// Whether there is a progress bar.
    bool shows_progress() const noexcept { return bar_.has_value(); }

    /// Writes the summary.
    exit_code finish();

private:
    void count(tidings::failure const& why);
    void count_for_everybody(tidings::failure const& why);
    /// What to report of the next person, whom an interrupted run may have reached.
    tidings::failure reported(tidings::failure const& why) const;
    void write(tidings::result<tidings::receipt> const& outcome, std::string const& to);
    std::string json_row(tidings::result<tidings::receipt> const& outcome, bool tried) const;
    void keep(std::string const& row);
    void write_failure(tidings::failure const& why, std::string const& recipients);
    void put(int descriptor, std::string const& line);

    order const& what_;
    bool knows_keys_;
    results_file* results_;
    std::optional<progress_bar> bar_;
    std::size_t doubtful_ = 0; ///< People at the beginning who are not sent to.
    std::size_t next_ = 0;
    std::size_t delivered_ = 0;
    std::size_t failed_ = 0;
    std::size_t unknown_ = 0;
    std::size_t usage_ = 0;     ///< Of those that failed: because of the command line.
    std::size_t everybody_ = 0; ///< Of those that failed: for a reason that holds for everybody.
    std::optional<tidings::failure> first_for_everybody_;
    std::map<std::string, std::string> reasons_; ///< What was said in full already, and of whom.
    std::size_t same_reason_ = 0;                ///< Failures for everybody that were not said again.
    bool lost_ = false;
};

} // namespace tidings_send

#endif
