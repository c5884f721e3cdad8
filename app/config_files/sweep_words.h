#pragma once
// Words of sweep files.

#include "app/scenario/sweep.h"
#include "sim/config/schema.h"

#include <cstdint>

namespace myriad {

enum class SampleMethod : std::uint8_t { random, latin_hypercube };

inline constexpr Word<AxisRole> kAxisRoleWords[] = {
    {"design", AxisRole::design, "the architect"},
    {"load", AxisRole::load, "the world: a workload, a size, a seed that designs are judged by"},
    {"tuning", AxisRole::tuning, "whoever uses a design, at its best: a plan; each load has its own"},
};

// Whether ratios of neighbours are equal, instead of differences.
inline constexpr Word<bool> kScaleWords[] = {
    {"linear", false, "equal differences"},
    {"log", true, "equal ratios"},
};

inline constexpr Word<SampleMethod> kSampleWords[] = {
    {"random", SampleMethod::random, "each as likely as any other"},
    {"latin_hypercube", SampleMethod::latin_hypercube, "every axis evenly covered"},
};

}  // namespace myriad
