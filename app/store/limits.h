#pragma once
// What a point of a sweep may take of the host, as the user writes it.

#include "sim/progress/host_clock.h"
#include "sim/units/quantity_text.h"
#include "sim/units/units.h"

#include <string_view>

namespace myriad {

struct PointLimits {
    HostDuration time{};  // 0: none
    Bytes memory{};       // 0: none
};

// "90 s", "10min", "2 h": a time of the host.
[[nodiscard]] Parsed<HostDuration> parse_host_time(std::string_view text);

}  // namespace myriad
