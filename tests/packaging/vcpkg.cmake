# cmake -D source=TREE -D version=X.Y.Z -D work=DIRECTORY -D compiler=CXX -P vcpkg.cmake: installs the overlay port, and
# configures a project that finds it.
cmake_minimum_required(VERSION 3.25)
set(port ${source}/packaging/vcpkg/tidings)
set(CURRENT_PACKAGES_DIR ${work}/package)
file(REMOVE_RECURSE ${work})

function(run)
    execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE said ERROR_VARIABLE said)
    if(NOT status EQUAL 0)
        list(JOIN ARGN " " command)
        message(FATAL_ERROR "${command}\n${said}")
    endif()
endfunction()

# ---- What the port calls

function(vcpkg_cmake_configure)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "SOURCE_PATH" "OPTIONS")
    run(${CMAKE_COMMAND} -S ${arg_SOURCE_PATH} -B ${work}/build -DCMAKE_BUILD_TYPE=Release
        -DCMAKE_INSTALL_PREFIX=${CURRENT_PACKAGES_DIR} -DCMAKE_CXX_COMPILER=${compiler} ${arg_OPTIONS})
endfunction()

function(vcpkg_cmake_install)
    run(${CMAKE_COMMAND} --build ${work}/build --target install)
endfunction()

# Moves the package's files, and with them the way from there to the prefix.
function(vcpkg_cmake_config_fixup)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "PACKAGE_NAME;CONFIG_PATH" "")
    set(to ${CURRENT_PACKAGES_DIR}/share/${arg_PACKAGE_NAME})
    file(RENAME ${CURRENT_PACKAGES_DIR}/${arg_CONFIG_PATH} ${to})
    file(GLOB files ${to}/*.cmake)
    foreach(file IN LISTS files)
        file(READ ${file} text)
        set(up "get_filename_component(_IMPORT_PREFIX \"\${_IMPORT_PREFIX}\" PATH)\n")
        string(REPLACE "${up}${up}${up}" "${up}${up}" text "${text}")
        string(REPLACE "/../../../\" ABSOLUTE)" "/../../\" ABSOLUTE)" text "${text}")
        file(WRITE ${file} "${text}")
    endforeach()
endfunction()

function(vcpkg_fixup_pkgconfig)
endfunction()

function(vcpkg_install_copyright)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "FILE_LIST")
    file(COPY_FILE ${arg_FILE_LIST} ${CURRENT_PACKAGES_DIR}/share/tidings/copyright)
endfunction()

# ---- The port

set(CMAKE_CURRENT_LIST_DIR ${port})
include(${port}/portfile.cmake)

foreach(file IN ITEMS include/tidings/tidings.hpp include/tidings/sandbox/server.hpp share/tidings/tidings-config.cmake
        share/tidings/copyright share/pkgconfig/tidings.pc)
    if(NOT EXISTS ${CURRENT_PACKAGES_DIR}/${file})
        message(FATAL_ERROR "the port does not install ${file}")
    endif()
endforeach()
if(EXISTS ${CURRENT_PACKAGES_DIR}/bin OR EXISTS ${CURRENT_PACKAGES_DIR}/share/doc)
    message(FATAL_ERROR "the port installs programs, or a second copy of the licence")
endif()
run(${CMAKE_COMMAND} -S ${source}/tests/consumer/find_package -B ${work}/consumer -DCMAKE_CXX_COMPILER=${compiler}
    -Dtidings_DIR=${CURRENT_PACKAGES_DIR}/share/tidings)

# ---- What it says of itself

file(READ ${port}/vcpkg.json said)
string(JSON said_version GET "${said}" version)
if(NOT said_version STREQUAL version)
    message(FATAL_ERROR "vcpkg.json is of version ${said_version}, the library of ${version}")
endif()
# Every library of Boost of whose headers one is included is a dependency, or one of those that Asio and Beast stand on.
set(depends "")
string(JSON count LENGTH "${said}" dependencies)
math(EXPR last "${count} - 1")
foreach(i RANGE ${last})
    string(JSON name GET "${said}" dependencies ${i} name)
    list(APPEND depends ${name})
endforeach()
file(GLOB_RECURSE headers ${source}/include/*.hpp ${source}/include/*.ipp)
foreach(header IN LISTS headers)
    file(STRINGS ${header} includes REGEX "^#include <boost/")
    foreach(include IN LISTS includes)
        string(REGEX REPLACE "^#include <boost/([a-z0-9_]+).*" "boost-\\1" name "${include}")
        string(REPLACE "_" "-" name "${name}")
        if(NOT name IN_LIST depends)
            message(FATAL_ERROR "${header} includes of ${name}, which vcpkg.json does not name")
        endif()
    endforeach()
endforeach()
