#include "ticketshop/ticket.h"

#include <zlib.h>

#include <random>
#include <stdexcept>

namespace ticketshop {
namespace {

constexpr int kSquaresPerSide = 48;

void DrawCode(const std::string& code, std::string* svg) {
  std::seed_seq seed(code.begin(), code.end());
  std::mt19937 bits(seed);
  for (int y = 0; y < kSquaresPerSide; ++y) {
    for (int x = 0; x < kSquaresPerSide; ++x) {
      const bool dark = (bits() & 1) != 0;
      *svg += "<rect x=\"" + std::to_string(x * 4) + "\" y=\"" + std::to_string(y * 4) +
              "\" width=\"4\" height=\"4\" fill=\"" + (dark ? "#111111" : "#fdfdfd") + "\"/>\n";
    }
  }
}

}  // namespace

std::string DrawTicket(const std::string& shop_name, const Order& order) {
  std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 192 220\">\n";
  DrawCode(order.code, &svg);
  svg += "<text y=\"210\">" + shop_name + " " + order.code + "</text>\n</svg>\n";
  return svg;
}

std::string Compress(std::string_view bytes) {
  uLongf size = compressBound(bytes.size());
  std::string out(size, '\0');
  const int code =
      compress2(reinterpret_cast<Bytef*>(out.data()), &size,
                reinterpret_cast<const Bytef*>(bytes.data()), bytes.size(), Z_BEST_COMPRESSION);
  if (code != Z_OK) throw std::runtime_error("ticket: zlib error " + std::to_string(code));
  out.resize(size);
  return out;
}

}  // namespace ticketshop
