// A directory that goes away with the test.
//
// Copyright (c) 2026 the tidings authors. Distributed under the Boost Software License, Version 1.0.
#ifndef TIDINGS_TESTS_SUPPORT_TEMPORARY_DIRECTORY_HPP
#define TIDINGS_TESTS_SUPPORT_TEMPORARY_DIRECTORY_HPP

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <stdlib.h>
#include <string>
#include <string_view>
#include <system_error>

namespace test {

class temporary_directory
{
public:
    temporary_directory()
    {
        auto name = (std::filesystem::temp_directory_path() / "tidings-test-XXXXXX").string();
        if (!::mkdtemp(name.data()))
            throw std::system_error(errno, std::generic_category(), "cannot make " + name);
        path_ = name;
    }
    temporary_directory(temporary_directory const&) = delete;
    temporary_directory& operator=(temporary_directory const&) = delete;
    ~temporary_directory()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    std::string path() const { return path_.string(); }

    /// @returns The path of a file in it that holds this text.
    std::string write(std::string const& name, std::string_view text) const
    {
        auto const file = path_ / name;
        std::ofstream out(file, std::ios::binary);
        out << text;
        if (!out.flush())
            throw std::runtime_error("cannot write " + file.string());
        return file.string();
    }

    /// What stands in a file of it; empty when there is none.
    std::string read(std::string const& name) const
    {
        std::ifstream in(path_ / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }

private:
    std::filesystem::path path_;
};

} // namespace test

#endif
