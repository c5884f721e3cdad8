#pragma once
// What tasks on other machines need to run points: every scenario whole, so that a node needs the program and the folder
// and nothing else. Plans are named by their content: a task that still runs while the sweep is edited goes on reading its
// own.

#include "app/store/limits.h"
#include "app/store/store.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace myriad {

struct PlanPoint {
    std::size_t index = 0;
    std::string key;            // empty: its scenario cannot be read, `reason` says why
    std::string scenario_yaml;  // nameless
    std::string reason;
};

struct Plan {
    std::string name;  // of the sweep or batch
    PointLimits limits;
    bool kernel_cache = false;
    std::vector<PlanPoint> points;  // by index
};

// Writes it where it is not there yet, makes it the current one, and returns its name.
std::string write_plan(const Store& store, const Plan& plan);
// The plan of that name; empty: the current one. Throws UserError.
[[nodiscard]] Plan read_plan(const Store& store, const std::string& name = {});

}  // namespace myriad
