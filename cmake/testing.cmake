# hotroute_test(NAME <name> LABEL <unit|integration|golden|fuzz|bench|lint|e2e> SOURCES <...> [LIBS <...>] [TIMEOUT <s>])
# One GoogleTest binary, one ctest entry per TEST. Tests link the libraries; they never compile product sources again.
find_package(GTest REQUIRED)
include(GoogleTest)

function(hotroute_test)
  cmake_parse_arguments(ARG "" "NAME;LABEL;TIMEOUT" "SOURCES;LIBS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  add_executable(${ARG_NAME} ${ARG_SOURCES})
  target_link_libraries(${ARG_NAME} PRIVATE hotroute_flags ${ARG_LIBS} GTest::gmock GTest::gtest_main)
  gtest_discover_tests(${ARG_NAME} TEST_PREFIX "${ARG_LABEL}/" DISCOVERY_TIMEOUT 60
    PROPERTIES LABELS ${ARG_LABEL} TIMEOUT ${ARG_TIMEOUT})
endfunction()
