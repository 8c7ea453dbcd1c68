// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#include "results_file.hpp"

#include "../tools/files.hpp"
#include "../tools/usage_error.hpp"

#include <tidings/printable_text.hpp>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/system/error_code.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <system_error>
#include <utility>

namespace tidings_send {

using tools::usage_problem;

namespace td = tidings;
namespace json = boost::json;

namespace {

constexpr std::size_t max_results = std::size_t{1} << 30;
constexpr std::string_view header_begins = R"({"run":{"version":1,)";

struct named_fact
{
    char const* name;
    std::string run_facts::* fact;
};

/// In the order of the file.
constexpr std::array<named_fact, 6> all_facts{{{"provider", &run_facts::provider},
                                               {"match", &run_facts::match},
                                               {"language", &run_facts::language},
                                               {"application", &run_facts::application},
                                               {"message", &run_facts::message},
                                               {"key", &run_facts::key}}};

std::int64_t now()
{
    using namespace std::chrono;
    return duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
}

std::string_view text_of(json::object const& from, char const* name)
{
    auto const* const value = from.if_contains(name);
    auto const* const text = value ? value->if_string() : nullptr;
    return text ? std::string_view(text->data(), text->size()) : std::string_view();
}

std::string reason(std::string_view what)
{
    auto const error = errno;
    return std::string(what) + ": " + std::generic_category().message(error);
}

/// A new file is found after a power failure only if its directory is on disk, too.
void sync_directory_of(std::string const& path)
{
    auto const slash = path.rfind('/');
    auto const directory = slash == path.npos ? std::string(".") : path.substr(0, slash + 1);
    if (int const opened = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); opened >= 0)
    {
        ::fsync(opened);
        ::close(opened);
    }
}

} // namespace

results_file results_file::create(std::string const& path)
{
    return results_file(path, true);
}

results_file results_file::resume(std::string const& path)
{
    results_file out(path, false);
    out.read();
    return out;
}

results_file::results_file(std::string path, bool create)
    : path_(std::move(path)), name_(td::printable_text(path_)), synced_(std::chrono::steady_clock::now())
{
    std::string_view const option = create ? "--results" : "--resume";
    constexpr mode_t mode = 0600; // who was sent to is nobody else's business
    // Not blocking: opening a pipe would wait for somebody who reads from it.
    file_ = ::open(path_.c_str(), O_RDWR | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_CREAT, mode);
    auto const fail = [&](std::string const& why) {
        if (file_ >= 0)
            ::close(std::exchange(file_, -1));
        throw usage_problem(option, name_ + " " + why);
    };
    struct stat about;
    if (file_ < 0 || ::fstat(file_, &about) != 0)
        fail(reason("cannot be opened"));
    if (!S_ISREG(about.st_mode))
        fail("is no regular file");
    if (::flock(file_, LOCK_EX | LOCK_NB) != 0)
        fail(errno == EWOULDBLOCK ? "is used by another run" : reason("cannot be locked"));
    if (create && about.st_size != 0)
        fail("exists and is not empty; continue that run with --resume, or name another file");
}

results_file::results_file(results_file&& other) noexcept
    : path_(std::move(other.path_)), name_(std::move(other.name_)), file_(std::exchange(other.file_, -1)),
      is_torn_(other.is_torn_), facts_(std::move(other.facts_)), delivered_(std::move(other.delivered_)),
      people_(std::move(other.people_)), synced_(other.synced_)
{
}

results_file::~results_file()
{
    if (file_ >= 0)
        ::close(file_);
}

std::optional<std::int64_t> results_file::in_doubt_since(std::string const& id) const
{
    auto const found = people_.find(id);
    if (found == people_.end())
        return {};
    return found->second.doubt ? found->second.doubt : found->second.pending;
}

void results_file::read()
{
    auto const in = tools::read_file(path_, max_results);
    if (!in.problem.empty())
        throw usage_problem("--resume", name_ + " " + in.problem);
    std::string_view text = in.bytes;
    // The last line may be half written. Nothing was sent because of it: intents are on disk as a whole before.
    auto const whole = text.rfind('\n') == text.npos ? 0 : text.rfind('\n') + 1;
    if (whole == 0 && text.substr(0, header_begins.size()) != header_begins.substr(0, text.size()))
        throw usage_problem("--resume", name_ + " is no file of --results");
    // The line of the run is on disk before anything is sent: without it there is nothing to continue.
    std::map<std::string, std::string> id_of;
    std::size_t number = 0;
    for (auto rest = text.substr(0, whole); !rest.empty();)
    {
        auto const line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(line.size() + 1);
        ++number;
        if (!read_line(line, id_of))
            throw usage_problem("--resume", name_ + ":" + std::to_string(number) + " is no line of --results");
    }
    if (whole != text.size() && ::ftruncate(file_, static_cast<off_t>(whole)) != 0)
        throw usage_problem("--resume", name_ + " " + reason("cannot be written"));
}

bool results_file::read_line(std::string_view line, std::map<std::string, std::string>& id_of)
{
    boost::system::error_code ec;
    auto const parsed = json::parse({line.data(), line.size()}, ec);
    auto const* const row = ec ? nullptr : parsed.if_object();
    if (!row)
        return false;
    if (!facts_)
    {
        auto const* const run = row->if_contains("run") ? row->at("run").if_object() : nullptr;
        if (!run || !line.starts_with(header_begins))
            return false;
        run_facts facts;
        for (auto const& [name, fact] : all_facts)
            facts.*fact = text_of(*run, name);
        facts_ = std::move(facts);
        return !facts_->key.empty();
    }
    if (row->contains("resumed"))
    {
        // An outcome that follows is not that of an attempt before.
        for (auto& [id, person] : people_)
            if (auto const begun = std::exchange(person.pending, std::nullopt); begun && !person.doubt)
                person.doubt = begun;
        return true;
    }
    auto const to = std::string(text_of(*row, "to"));
    if (auto const id = std::string(text_of(*row, "intent")); !id.empty())
    {
        auto const* const time = row->if_contains("time");
        if (!time || !time->is_int64())
            return false;
        people_[id].pending = time->get_int64();
        id_of[to] = id;
        return true;
    }
    auto const outcome = text_of(*row, "outcome");
    if (outcome != "delivered" && outcome != "failed" && outcome != "unknown")
        return false;
    auto const known = id_of.find(to);
    if (known == id_of.end())
        return true; // not tried
    auto& person = people_[known->second];
    if (outcome == "unknown" && !person.doubt)
        person.doubt = person.pending ? person.pending : now();
    person.pending.reset();
    if (outcome == "delivered")
    {
        delivered_.insert(known->second);
        people_.erase(known->second);
    }
    return true;
}

void results_file::begin(run_facts const& facts)
{
    auto const write_line = [this](json::object line) {
        try
        {
            write(json::serialize(line) + "\n");
            sync();
        }
        catch (results_problem const& e)
        {
            throw usage_problem("--results, --resume", e.what());
        }
    };
    if (facts_)
    {
        for (auto const& [name, fact] : all_facts)
            if (facts.*fact != (*facts_).*fact)
                throw usage_problem("--resume", name_ + " is of a run with another " + name +
                                                    ", which cannot be continued with this command");
        json::object resumed;
        resumed["resumed"] = now();
        write_line(std::move(resumed));
        return;
    }
    json::object run;
    run["version"] = 1;
    for (auto const& [name, fact] : all_facts)
        run[name] = facts.*fact;
    json::object header;
    header["run"] = std::move(run);
    write_line(std::move(header));
    sync_directory_of(path_);
    facts_ = facts;
}

void results_file::intend(std::span<recipient const> people)
{
    std::string lines;
    auto const time = now();
    for (auto const& p : people)
    {
        json::object intent;
        intent["intent"] = p.person.id;
        intent["to"] = td::printable_text(p.person.to);
        intent["time"] = time;
        lines += json::serialize(intent) + "\n";
    }
    write(lines);
    sync();
}

void results_file::add(std::string const& row)
{
    constexpr std::chrono::seconds step{1};
    write(row + "\n");
    if (std::chrono::steady_clock::now() - synced_ >= step)
        sync();
}

void results_file::write(std::string const& text)
{
    // Behind a line of which only the beginning was written, no other one may begin.
    if (is_torn_)
        throw results_problem(name_ + " cannot be written any more");
    is_torn_ = !tools::write_all(file_, text);
    if (is_torn_)
        throw results_problem(name_ + " " + reason("cannot be written"));
}

void results_file::sync()
{
    if (::fdatasync(file_) != 0)
        throw results_problem(name_ + " " + reason("cannot be written"));
    synced_ = std::chrono::steady_clock::now();
}

} // namespace tidings_send
