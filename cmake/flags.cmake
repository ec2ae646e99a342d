# The only place where compiler flags are set: one INTERFACE target that every target of ours links.
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "Build type" FORCE)
endif()

add_library(hotroute_flags INTERFACE)
target_compile_features(hotroute_flags INTERFACE cxx_std_20)
target_compile_options(hotroute_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wcast-align -Wconversion -Wno-sign-conversion
  -fno-omit-frame-pointer
  $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety>
  $<$<BOOL:${HOTROUTE_WARNINGS_AS_ERRORS}>:-Werror>)
target_include_directories(hotroute_flags INTERFACE ${PROJECT_SOURCE_DIR})

if(HOTROUTE_SANITIZE)
  target_compile_options(hotroute_flags INTERFACE -fsanitize=${HOTROUTE_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(hotroute_flags INTERFACE -fsanitize=${HOTROUTE_SANITIZE})
endif()

set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_EXTENSIONS OFF)
