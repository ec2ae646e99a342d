/* A C host, which links no C++ library itself: profiles one request, and prints which library would
 * carry exceptions. Usage: consumer DATA_DIR */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "hotroute/hotroute.h"

static void serve(void) {
  hotroute_request request = HOTROUTE_REQUEST_INIT;
  hotroute_request_begin(&request, "consumer.index", strlen("consumer.index"), "GET", 3);
  hotroute_request_set_status(&request, 200);
  hotroute_request_end(&request);
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  hotroute_options options;
  hotroute_options_init(&options);
  options.data_dir = argv[1];
  options.fraction = 1;
  char error[256];
  if (!hotroute_start(&options, error, sizeof error)) {
    fprintf(stderr, "%s\n", error);
    return 1;
  }
  serve();
  hotroute_stop();
  Dl_info unwinder = {0};
  dladdr(dlsym(RTLD_DEFAULT, "_Unwind_RaiseException"), &unwinder);
  printf("version %s\nunwinder %s\n", hotroute_version(), unwinder.dli_fname);
  return 0;
}
