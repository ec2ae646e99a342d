/* hotroute: per-request profiling of production services. The C interface; hotroute.hpp is the same
 * in C++.
 *
 *   hotroute_options options;
 *   hotroute_options_init(&options);
 *   options.data_dir = "/var/lib/shop/hotroute";
 *   options.fraction = 0.1;                              // one request in ten
 *   char error[256];
 *   if (!hotroute_start(&options, error, sizeof error)) fprintf(stderr, "%s\n", error);   // the
 * service runs on
 *
 *   hotroute_request request = HOTROUTE_REQUEST_INIT;    // around each request:
 *   hotroute_request_begin(&request, "event.index", strlen("event.index"), "GET", 3);
 *   hotroute_request_set_status(&request, 200);
 *   hotroute_request_end(&request);
 *
 * Every function may be called from any thread, before hotroute_start, after hotroute_stop, before
 * main and at exit, and then does nothing. None throws, aborts or prints. None may be called from a
 * signal handler, except where it says so. Strings are copied. The interface only grows within a
 * major version.
 */
#ifndef HOTROUTE_HOTROUTE_H_
#define HOTROUTE_HOTROUTE_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HOTROUTE_VERSION_MAJOR 0
#define HOTROUTE_VERSION_MINOR 1
#define HOTROUTE_VERSION_PATCH 0
#define HOTROUTE_VERSION_STRING "0.1.0"

#define HOTROUTE_API __attribute__((visibility("default")))

#ifdef __cplusplus
extern "C" {
#define HOTROUTE_NOEXCEPT noexcept
#else
#define HOTROUTE_NOEXCEPT
#endif

/* One override of the fraction. `route` is a url_name or task_name, or a prefix followed by '*'. An
 * exact name wins over a prefix, a longer prefix over a shorter one. */
typedef struct hotroute_route_fraction {
  const char* route;
  double fraction; /* 0 to 1 */
} hotroute_route_fraction;

/* Fill with hotroute_options_init, then change what you want. All pointers must stay valid during
 * hotroute_start only. */
typedef struct hotroute_options {
  size_t struct_size; /* set by hotroute_options_init; lets the struct grow */
  const char*
      data_dir; /* created when missing; an existing one must be hotroute's or empty. Required */
  const char* service; /* default: the program's name */
  const char*
      build; /* what `hotroute --build` filters by; default: the executable's build-id, shortened */
  const char* host; /* default: the host name */
  double fraction;  /* probability that a request is profiled, 0 to 1; default 0.1, one in ten */
  const hotroute_route_fraction* route_fractions;
  size_t route_fraction_count;
  const char* const* excluded_routes; /* exact names or prefix*; never profiled, still counted */
  size_t excluded_route_count;
  double
      sample_hz; /* samples per second of CPU time, 1 to 1000; default 100. More than the kernel's
                    tick rate (250 on most kernels) is lowered to it; hotroute_get_stats tells */
  double
      slow_threshold_ms; /* keep every request at least this long (weight 1); 0, the default: off */
  bool keep_errors;      /* keep every request with status >= 500 and every task with status error;
                            default false */
  uint64_t max_bytes; /* hard cap on the data directory, default 4 GiB; 0: none. At the cap profiles
                         are dropped and counted until there is room again */
} hotroute_options;

HOTROUTE_API void hotroute_options_init(hotroute_options* options) HOTROUTE_NOEXCEPT;

/* Starts profiling. False, with the reason in `error` (always terminated, never longer than
 * error_size), when an option is out of range or the data directory cannot be used; the process is
 * then exactly as before. Already started: false. Creates one thread, named "hotroute", and
 * installs a handler for one signal (SIGPROF, or the next free one). */
HOTROUTE_API bool hotroute_start(const hotroute_options* options, char* error,
                                 size_t error_size) HOTROUTE_NOEXCEPT;

/* Stores what has ended, closes the files and stops the thread. Requests still running are counted
 * as abandoned. Also runs at exit. Takes milliseconds; a second call does nothing. */
HOTROUTE_API void hotroute_stop(void) HOTROUTE_NOEXCEPT;

/* Changes the default fraction from the next request on; routes with their own keep it. False, with
 * the allowed range in `error`, when it is outside 0 to 1. Not started: true, and the value is not
 * kept. */
HOTROUTE_API bool hotroute_set_fraction(double fraction, char* error,
                                        size_t error_size) HOTROUTE_NOEXCEPT;

/* One request. Private state, owned by the caller; may be on the stack. Initialise with
 * HOTROUTE_REQUEST_INIT. */
typedef struct hotroute_request {
  uint64_t state[8];
} hotroute_request;
#define HOTROUTE_REQUEST_INIT \
  {                           \
    { 0 }                     \
  }

/* Begins a request on the calling thread. `url_name` is the route's template name, never the raw
 * path. Names longer than 200 bytes and methods longer than 32 are cut. Requests may nest: samples
 * belong to the innermost, wall and CPU time of an outer request include those of the inner. Not
 * selected: no system call, no lock, and no allocation once the thread has seen the url_name. */
HOTROUTE_API void hotroute_request_begin(hotroute_request* request, const char* url_name,
                                         size_t url_name_size, const char* method,
                                         size_t method_size) HOTROUTE_NOEXCEPT;
/* HTTP status, 100 to 599; others are stored as 0 (not set). */
HOTROUTE_API void hotroute_request_set_status(hotroute_request* request,
                                              int status) HOTROUTE_NOEXCEPT;
/* At most 16 per request; keys up to 64 bytes, values up to 256. The same key again replaces the
 * value. Free unless the request is being profiled. */
HOTROUTE_API void hotroute_request_set_label(hotroute_request* request, const char* key,
                                             size_t key_size, const char* value,
                                             size_t value_size) HOTROUTE_NOEXCEPT;
/* Up to 16 bytes. Draws again: whether the request is profiled then depends on the trace id alone
 * (and the fraction), so that all services of a trace decide alike. Call it right after begin: CPU
 * time before it is not seen when the request was not selected until then. */
HOTROUTE_API void hotroute_request_set_trace_id(hotroute_request* request, const void* bytes,
                                                size_t size) HOTROUTE_NOEXCEPT;
/* Ends the request; with it, later calls on it do nothing. May be called on another thread than
 * begin. */
HOTROUTE_API void hotroute_request_end(hotroute_request* request) HOTROUTE_NOEXCEPT;

typedef enum hotroute_task_status {
  HOTROUTE_TASK_SUCCESS = 1,
  HOTROUTE_TASK_ERROR = 2,
  HOTROUTE_TASK_EXPECTED_ERROR = 3, /* failed as it may: a declined card, a bounced mail */
} hotroute_task_status;

/* One background task: a request with a task_name and a task status. Labels, trace id and end are
 * those of requests. */
HOTROUTE_API void hotroute_task_begin(hotroute_request* task, const char* task_name,
                                      size_t task_name_size) HOTROUTE_NOEXCEPT;
HOTROUTE_API void hotroute_task_set_status(hotroute_request* task,
                                           hotroute_task_status status) HOTROUTE_NOEXCEPT;

/* What the library has done since hotroute_start. */
typedef struct hotroute_stats {
  size_t struct_size; /* set by the caller to sizeof(hotroute_stats) */
  bool running;
  double fraction;           /* the default in force */
  double sample_hz;          /* the rate in force */
  uint64_t profiles_written; /* each was handed to the kernel before it was counted: a killed
                                process loses none of them */
  uint64_t bytes_written;
  uint64_t samples; /* stored or waiting to be */
  uint64_t losses;  /* sum of all loss counters; `hotroute stats` names them */
} hotroute_stats;

/* Any thread; no lock, no system call. */
HOTROUTE_API void hotroute_get_stats(hotroute_stats* stats) HOTROUTE_NOEXCEPT;

/* The library's version, "0.1.0". Signal-safe. */
HOTROUTE_API const char* hotroute_version(void) HOTROUTE_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif /* HOTROUTE_HOTROUTE_H_ */
