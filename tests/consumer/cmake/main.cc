// A C++ host: profiles one request that throws and catches, and prints which library carries its
// exceptions. Usage: consumer DATA_DIR
#include <dlfcn.h>

#include <iostream>
#include <stdexcept>
#include <string>

#include "hotroute/hotroute.hpp"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  hotroute::Options options = hotroute::Options::FromEnvironment();
  options.data_dir = argv[1];
  options.fraction = 1;
  std::string error;
  if (!hotroute::Start(options, &error)) {
    std::cerr << error << "\n";
    return 1;
  }
  {
    hotroute::Request request("consumer.index", "GET");
    try {
      throw std::runtime_error("caught");
    } catch (const std::runtime_error& caught) {
      request.SetLabel("exception", caught.what());
    }
    request.SetStatus(200);
  }
  hotroute::Stop();
  Dl_info unwinder{};
  dladdr(dlsym(RTLD_DEFAULT, "_Unwind_RaiseException"), &unwinder);
  std::cout << "version " << hotroute_version() << "\nunwinder " << unwinder.dli_fname << "\n";
  return 0;
}
