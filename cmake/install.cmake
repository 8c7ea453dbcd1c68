# Headers, the CMake package and the pkg-config file. Nothing here depends on the machine's architecture, so the
# package lives in share/ and not in lib/.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_DATADIR}/cmake/tidings)
install(TARGETS tidings EXPORT tidings-targets FILE_SET headers FILE_SET inner)
install(EXPORT tidings-targets NAMESPACE tidings:: DESTINATION ${package_dir})

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/tidings-config.cmake.in
    ${PROJECT_BINARY_DIR}/tidings-config.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/tidings-config-version.cmake
    COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES ${PROJECT_BINARY_DIR}/tidings-config.cmake ${PROJECT_BINARY_DIR}/tidings-config-version.cmake
    DESTINATION ${package_dir})

# The way back from the .pc file to the prefix makes it relocatable.
file(RELATIVE_PATH pc_prefix /prefix/${CMAKE_INSTALL_DATADIR}/pkgconfig /prefix)
string(REGEX REPLACE "/$" "" pc_prefix "${pc_prefix}")
set(pc_includedir ${CMAKE_INSTALL_INCLUDEDIR})
configure_file(${CMAKE_CURRENT_LIST_DIR}/tidings.pc.in ${PROJECT_BINARY_DIR}/tidings.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/tidings.pc DESTINATION ${CMAKE_INSTALL_DATADIR}/pkgconfig)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/tidings)
