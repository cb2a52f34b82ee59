// The workloads written by hand with simdjson On-Demand, as a bound for what a general tool can
// reach: each field is looked up where it is known to stand, subtrees are copied as text, and what
// nobody asks for is not checked. Usage: records WORKLOAD FILE
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <simdjson.h>
#include <string>
#include <string_view>
#include <unistd.h>

using namespace simdjson;

namespace {

/// Output in large writes.
class Writer {
public:
  ~Writer() { flush(); }
  Writer &operator<<(std::string_view text) {
    buffer_ += text;
    return *this;
  }
  Writer &operator<<(double number) {
    char text[32];
    const auto end = std::to_chars(text, text + sizeof(text), number);
    buffer_.append(text, end.ptr);
    return *this;
  }
  Writer &operator<<(int64_t number) {
    char text[24];
    const auto end = std::to_chars(text, text + sizeof(text), number);
    buffer_.append(text, end.ptr);
    return *this;
  }
  void endRecord() {
    buffer_ += '\n';
    if (buffer_.size() > kBufferBytes)
      flush();
  }

private:
  static constexpr size_t kBufferBytes = size_t(1) << 20;

  void flush() {
    for (size_t at = 0; at < buffer_.size();) {
      const ssize_t written = ::write(STDOUT_FILENO, buffer_.data() + at, buffer_.size() - at);
      if (written < 0)
        std::exit(1);
      at += static_cast<size_t>(written);
    }
    buffer_.clear();
  }

  std::string buffer_;
};

void ordersReshape(ondemand::object order, Writer &out) {
  out << R"({"orderId":)" << order["id"].get_int64().value();
  ondemand::object customer = order["customer"];
  out << R"(,"customerId":)" << customer["id"].get_int64().value();
  out << R"(,"shipTo":)" << customer["address"].get_object().value().raw_json().value();
  out << R"(,"items":)" << order["items"].get_array().value().raw_json().value() << "}";
}

void ordersSummary(ondemand::object order, Writer &out) {
  out << R"({"orderId":)" << order["id"].get_int64().value();
  ondemand::object customer = order["customer"];
  out << R"(,"customer":)" << std::string_view(customer["name"].raw_json_token());
  out << R"(,"city":)" << std::string_view(customer["address"]["city"].raw_json_token());
  double total = 0;
  int64_t count = 0;
  std::string skus;
  for (ondemand::object item : order["items"].get_array()) {
    ++count;
    const std::string_view sku = item["sku"].raw_json_token();
    const int64_t quantity = item["qty"];
    if (quantity <= 0)
      continue;
    total += static_cast<double>(quantity) * item["price"].get_double().value();
    skus += skus.empty() ? "" : ",";
    skus += sku;
  }
  out << R"(,"total":)" << total << R"(,"count":)" << count << R"(,"skus":[)" << skus << "]}";
}

void quakesAlert(ondemand::object quake, Writer &out) {
  ondemand::object event = quake["properties"];
  ondemand::value mag = event["mag"];
  const char *level = "unknown";
  if (!mag.is_null()) {
    const double size = mag.get_double();
    level = size >= 5 ? "high" : size >= 3 ? "medium" : "low";
  }
  ondemand::value feltValue = event["felt"];
  const int64_t felt = feltValue.is_null() ? 0 : feltValue.get_int64().value();
  std::string label = level;
  label += ':';
  label += event["net"].get_string().value();
  label += event["code"].get_string().value();
  std::string title(event["title"].raw_json_token().value());
  for (char &c : title)
    if (c >= 'a' && c <= 'z')
      c = static_cast<char>(c - 'a' + 'A');
  double place[3] = {};
  size_t known = 0;
  for (auto coordinate : quake["geometry"]["coordinates"].get_array())
    if (known < 3)
      place[known++] = coordinate.get_double();
  out << R"({"id":)" << std::string_view(quake["id"].raw_json_token()) << R"(,"title":)" << title
      << R"(,"level":")" << level << R"(","lat":)" << place[1] << R"(,"lon":)" << place[0]
      << R"(,"depthKm":)" << std::nearbyint(place[2] * 10) / 10 << R"(,"felt":)" << felt
      << R"(,"label":")" << label << "\"}";
}

} // namespace

int main(int argc, char **argv) {
  using Workload = void (*)(ondemand::object, Writer &);
  const std::map<std::string_view, Workload> workloads = {{"orders_reshape", ordersReshape},
                                                          {"orders_summary", ordersSummary},
                                                          {"quakes_alert", quakesAlert}};
  if (argc != 3 || workloads.find(argv[1]) == workloads.end()) {
    std::fprintf(stderr, "usage: %s WORKLOAD FILE\n", argv[0]);
    return 2;
  }
  const Workload run = workloads.at(argv[1]);
  padded_string text = padded_string::load(argv[2]);
  ondemand::parser parser;
  Writer out;
  ondemand::document_stream records = parser.iterate_many(text, size_t(1) << 20);
  for (auto record : records) {
    run(record.get_object(), out);
    out.endRecord();
  }
  return 0;
}
