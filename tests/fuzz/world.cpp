// Any world file, any script of misfortunes: refused with `world_error`, or read; and a world that was read and written
// is the same when it is read again.
#include <tidings/sandbox/fault.hpp>
#include <tidings/sandbox/world.hpp>
#include <tidings/sandbox/world_error.hpp>

#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size)
{
    namespace sandbox = tidings::sandbox;
    std::string_view const input(reinterpret_cast<char const*>(data), size);
    try
    {
        auto const written = to_json(sandbox::world::from_json(input));
        if (to_json(sandbox::world::from_json(written)) != written)
            std::abort();
    }
    catch (sandbox::world_error const&)
    {
    }
    try
    {
        (void)sandbox::faults_from_json(input);
    }
    catch (sandbox::world_error const&)
    {
    }
    return 0;
}
