"""The project's rules as data: who may include whom, what the signal handler may call, and sizes.

The include table is that of docs/architecture.md. A folder is named by its longest matching prefix; a folder without a
row may include nothing of ours, so a new folder has to be entered here first.
"""

# Folder -> prefixes of our own headers that it may include. Every folder may include itself.
INCLUDES = {
    "base/": [],
    "proto/": ["base/"],
    "profiler/include/": ["hotroute/hotroute.h"],
    # Within the profiler: the record of the stage before; session wires the stages.
    "profiler/select/": ["base/", "proto/"],
    "profiler/request/": ["base/", "proto/", "profiler/select/"],
    "profiler/capture/": ["base/", "proto/", "profiler/select/", "profiler/request/"],
    "profiler/symbols/": ["base/", "proto/"],
    "profiler/encode/": ["base/", "proto/", "profiler/request/", "profiler/capture/",
                         "profiler/symbols/", "hotroute/hotroute.h"],
    "profiler/session/": ["base/", "proto/", "profiler/", "hotroute/hotroute.h"],
    "store/": ["base/", "proto/", "hotroute/v1/"],
    "viewer/aggregate/": ["base/", "proto/", "store/", "hotroute/v1/"],
    "viewer/compare/": ["base/", "proto/", "store/", "viewer/aggregate/"],
    "viewer/formats/": ["base/", "proto/", "store/", "viewer/aggregate/"],
    "viewer/render/": ["base/", "viewer/aggregate/", "viewer/compare/"],
    "viewer/cli/": ["base/", "proto/", "store/", "viewer/"],
    "viewer/web/": ["base/", "proto/", "store/", "viewer/"],
    "docs/examples/ticketshop/": ["ticketshop/", "hotroute/hotroute.hpp"],
    "tests/consumer/": ["hotroute/hotroute.h", "hotroute/hotroute.hpp"],
    "tests/": ["base/", "proto/", "profiler/", "store/", "viewer/", "hotroute/", "gtest/",
               "gmock/"],
}

# Headers of other libraries -> the only folders that may include them. libprotobuf, SQLite and Boost must never reach
# the profiled process; libunwind stays where it is private.
LIBRARIES = {
    "sqlite3.h": ["store/", "docs/examples/", "tests/"],
    "google/protobuf/": ["store/", "viewer/", "tests/"],
    "hotroute/v1/": ["store/", "viewer/", "tests/"],
    "boost/": ["viewer/cli/", "viewer/web/", "tests/"],
    "libunwind.h": ["profiler/capture/", "tests/"],
    "httplib.h": ["docs/examples/"],
}

# What a host compiles against pulls in nothing but the standard library.
PUBLIC_HEADERS = "profiler/include/"
PUBLIC_C_HEADERS = ["stdbool.h", "stddef.h", "stdint.h"]

MAX_LINES = 400

# Object files in a build directory -> their functions that run inside a signal. What these reach in their object is
# followed; a call into another object has to be on the list below, and its function may be an entry here.
HANDLER_ENTRIES = {
    "profiler/**/signal_handler.cc.o": ["HandleSamplingSignal"],
    "profiler/**/libunwind_walker.cc.o": ["Walk"],
    "base/**/clock.cc.o": ["MonotonicNanos"],
}

# What those functions may call outside their object file, as `nm -C` writes it. Everything here is signal-safe: no
# allocation, no lock, no first touch of thread-local storage.
HANDLER_CALLS = [
    r"unw_backtrace",
    r"clock_gettime",
    r"__errno_location",
    r"mem(cpy|move|set)",
    r"hotroute::MonotonicNanos\(\)",
    r"_GLOBAL_OFFSET_TABLE_",
]
