#pragma once
// `when` of axes, `skip`, `derive` and `require` of a sweep.

#include "app/config_files/read_sweep_axes.h"
#include "app/config_files/sweep_space.h"
#include "sim/config/section.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace myriad {

// The grid with its conditions: what is wrong is collected.
[[nodiscard]] SweepSpace read_space(Section& sweep, const std::vector<ReadAxis>& axes);

// Index of a label on an axis; an error at `mark` if there is none.
[[nodiscard]] std::optional<std::size_t> find_label(Section& s, const SourceMark& mark, const SweepAxis& axis,
                                                    const std::string& label);

// Conditions that cut off nothing, a sentence each.
[[nodiscard]] std::vector<std::string> idle_conditions(const SweepSpace& space, const std::vector<std::uint64_t>& cuts);

}  // namespace myriad
