#pragma once
// A value that says where it comes from. In YAML:
//     clock: 1.7 GHz                    # status and source stand at the head of the file or section
//     bandwidth: {value: 2.765 TB/s, status: derived, source: "6 x 1024 bit x 3.6 Gb/s", range: [2.4 TB/s, 2.8 TB/s]}
// A value that a scenario or --set puts over the one of the file is `assumed`, with the place as its source and the
// range [value, value]: it was chosen, it is not uncertain. The same holds for a bare value in a file whose schema does
// not require_sources(); where it does, a bare value without inherited status is an error.

#include "sim/error/error.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace myriad {

enum class Status : std::uint8_t { published, reported, derived, assumed };
[[nodiscard]] std::string_view name_of(Status status);

template <class T>
struct Sourced {
    T value{};
    Status status = Status::assumed;
    std::string source;
    std::optional<std::pair<T, T>> range;
    SourceMark mark;
};

}  // namespace myriad
