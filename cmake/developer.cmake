# Settings for those who work on tidings itself. Nothing here reaches a user of the library: it is included only when
# this is the top-level project, and only our own programs link `tidings_warnings`.

set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

add_library(tidings_warnings INTERFACE)
option(TIDINGS_WERROR "Warnings in our own programs are errors" ON)
if(NOT MSVC)
    target_compile_options(tidings_warnings INTERFACE
        -Wall -Wextra -Wpedantic -Wshadow -Wconversion $<$<BOOL:${TIDINGS_WERROR}>:-Werror>)
endif()

set(TIDINGS_SANITIZE "" CACHE STRING "Sanitizers, as the compiler names them: address,undefined or thread")
if(TIDINGS_SANITIZE)
    # A target whose property TIDINGS_SANITIZE is set has other ones.
    set(sanitizers "$<TARGET_PROPERTY:TIDINGS_SANITIZE>")
    string(REPLACE "," "$<COMMA>" all "${TIDINGS_SANITIZE}")
    set(sanitizers "$<IF:$<BOOL:${sanitizers}>,${sanitizers},${all}>")
    # Null pointers crash by themselves, and nothing is cast to a type of stricter alignment; checking each access for
    # both is half of the build's time. The check of a vptr reads through a pipe: without file descriptors, which some
    # tests leave a program, it errs.
    add_compile_options(-fsanitize=${sanitizers} -fno-sanitize=null,alignment,vptr -fno-sanitize-recover=all
        -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${sanitizers})
    if(TIDINGS_SANITIZE MATCHES thread AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
        add_compile_options(-Wno-tsan) # GCC does not model the fences Asio uses and says so in every file
    endif()
endif()

# Compiling twice what did not change, and waiting for the linker, are what makes a build long.
find_program(TIDINGS_CCACHE ccache)
if(TIDINGS_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${TIDINGS_CCACHE})
endif()
find_program(TIDINGS_MOLD mold)
if(TIDINGS_MOLD)
    add_link_options(-fuse-ld=mold)
endif()

# Reading the headers and instantiating what all use is half of a compilation. Off by default, because a source that
# forgets an include compiles then. GCC 12 does not survive precompiled headers of this size.
option(TIDINGS_PRECOMPILE "Precompile what the sources of our own programs include (clang)" OFF)

# tidings_precompile(name program|sandbox|test): the first target of each kind compiles it for the others, whose flags are
# the same.
function(tidings_precompile name kind)
    if(NOT TIDINGS_PRECOMPILE)
        return()
    endif()
    get_property(first GLOBAL PROPERTY tidings_precompiled_${kind})
    if(first)
        target_precompile_headers(${name} REUSE_FROM ${first})
        return()
    endif()
    set_property(GLOBAL PROPERTY tidings_precompiled_${kind} ${name})
    target_precompile_headers(${name} PRIVATE <tidings/tidings.hpp> <boost/asio.hpp>)
    if(NOT kind STREQUAL program)
        target_precompile_headers(${name} PRIVATE <tidings/sandbox/server.hpp>)
    endif()
    if(kind STREQUAL test)
        target_precompile_headers(${name} PRIVATE <boost/test/unit_test.hpp>)
    endif()
endfunction()

# tidings_program(name sources...): one of our own programs, with our warnings.
function(tidings_program name)
    add_executable(${name} ${ARGN})
    target_link_libraries(${name} PRIVATE tidings::tidings tidings_warnings)
endfunction()

# The library's definitions compiled once: those of sending for whoever sends, and those of platforms chosen at run time, channels
# and subscriptions beside them. A package of the headers alone has no programs.
if(EXISTS ${PROJECT_SOURCE_DIR}/src/tidings.cpp)
    add_library(tidings_sending STATIC EXCLUDE_FROM_ALL ${PROJECT_SOURCE_DIR}/src/tidings.cpp)
    target_link_libraries(tidings_sending PUBLIC tidings::tidings PRIVATE tidings_warnings)
    target_compile_definitions(tidings_sending PUBLIC TIDINGS_SEPARATE_COMPILATION)

    add_library(tidings_definitions STATIC EXCLUDE_FROM_ALL
        ${PROJECT_SOURCE_DIR}/src/any.cpp ${PROJECT_SOURCE_DIR}/src/config.cpp ${PROJECT_SOURCE_DIR}/src/subscription.cpp)
    target_link_libraries(tidings_definitions PUBLIC tidings_sending PRIVATE tidings_warnings)
endif()

# The sandbox compiled once, for all our programs that run one.
if(EXISTS ${PROJECT_SOURCE_DIR}/tests/support/sandbox.cpp)
    add_library(tidings_sandbox STATIC EXCLUDE_FROM_ALL ${PROJECT_SOURCE_DIR}/tests/support/sandbox.cpp)
    target_link_libraries(tidings_sandbox PUBLIC tidings_sending PRIVATE tidings_warnings)
endif()
