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
    # Null pointers crash by themselves, and nothing is cast to a type of stricter alignment; checking each access for
    # both is half of the build's time.
    add_compile_options(-fsanitize=${TIDINGS_SANITIZE} -fno-sanitize=null,alignment -fno-sanitize-recover=all
        -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${TIDINGS_SANITIZE})
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

# tidings_program(name sources...): one of our own programs, with our warnings.
function(tidings_program name)
    add_executable(${name} ${ARGN})
    target_link_libraries(${name} PRIVATE tidings::tidings tidings_warnings)
endfunction()

# The sandbox compiled once, for all our programs that run one.
add_library(tidings_sandbox STATIC EXCLUDE_FROM_ALL ${PROJECT_SOURCE_DIR}/tests/support/sandbox.cpp)
target_link_libraries(tidings_sandbox PUBLIC tidings::tidings PRIVATE tidings_warnings)
target_compile_definitions(tidings_sandbox PUBLIC TIDINGS_SEPARATE_COMPILATION)
