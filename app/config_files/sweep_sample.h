#pragma once
// Drawing designs from the grid that conditions leave.
//
// Discrete axes: whole combinations are drawn, so that conditions hold; no combination twice unless a continuous axis
// tells them apart. `random` draws each as likely as any other; `latin_hypercube` takes, one after the other, the one
// whose values have been taken least, so that every axis is covered as evenly as the conditions allow.
// Continuous axes: `random` draws anywhere; `latin_hypercube` cuts the range into as many parts as designs lie on it and
// draws once in each part. A draw that breaks a condition is drawn again, within its part.

#include "app/config_files/axis_range.h"
#include "app/config_files/sweep_space.h"
#include "app/config_files/sweep_words.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace myriad {

struct SampleSpec {
    SampleMethod method = SampleMethod::latin_hypercube;
    std::size_t points = 0;
    std::uint64_t seed = 1;
};

// What is drawn on a continuous axis.
struct ContinuousAxis {
    std::size_t axis = 0;
    AxisRange range;
    std::string path;
};

struct Sample {
    std::vector<Choice> designs;  // 0 on axes of role load
    std::vector<std::string> notes;
};

// Values drawn become the values of their axes in `space`, sorted; `baseline` is among the designs and follows its axes.
[[nodiscard]] Sample draw_sample(SweepSpace& space, const std::vector<ContinuousAxis>& continuous,
                                 const SampleSpec& spec, std::optional<Choice>& baseline,
                                 std::vector<std::uint64_t>& cuts);

}  // namespace myriad
