# An overlay port of the tree that it is in: vcpkg install tidings --overlay-ports=packaging/vcpkg
cmake_path(ABSOLUTE_PATH CMAKE_CURRENT_LIST_DIR OUTPUT_VARIABLE source)
cmake_path(APPEND source ../../..)
cmake_path(NORMAL_PATH source)

set(VCPKG_BUILD_TYPE release) # headers: there is nothing to build twice
vcpkg_cmake_configure(SOURCE_PATH "${source}" OPTIONS -DBUILD_TESTING=OFF -DTIDINGS_BUILD_EXAMPLES=OFF)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(PACKAGE_NAME tidings CONFIG_PATH share/cmake/tidings)
vcpkg_fixup_pkgconfig()
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/share/doc")
vcpkg_install_copyright(FILE_LIST "${source}/LICENSE")
