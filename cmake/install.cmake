# Installation: the public headers, libhotroute.so, the hotroute program, and what CMake and pkg-config find them by.
# tests/consumer/ installs all of it and builds two programs against it.
include(CMakePackageConfigHelpers)

install(TARGETS hotroute EXPORT hotroute_targets
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
  INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(TARGETS hotroute_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/profiler/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  FILES_MATCHING PATTERN "*.h" PATTERN "*.hpp")

set(hotroute_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/hotroute)
install(EXPORT hotroute_targets NAMESPACE hotroute:: DESTINATION ${hotroute_package_dir})
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/hotroute-config.cmake.in
  ${PROJECT_BINARY_DIR}/hotroute-config.cmake INSTALL_DESTINATION ${hotroute_package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/hotroute-config-version.cmake
  COMPATIBILITY SameMajorVersion)
install(FILES ${PROJECT_BINARY_DIR}/hotroute-config.cmake
  ${PROJECT_BINARY_DIR}/hotroute-config-version.cmake DESTINATION ${hotroute_package_dir})

# From the folder of hotroute.pc back to the prefix, so that an installation can be moved.
file(RELATIVE_PATH hotroute_prefix_from_pc
  /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
configure_file(${CMAKE_CURRENT_LIST_DIR}/hotroute.pc.in ${PROJECT_BINARY_DIR}/hotroute.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/hotroute.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
