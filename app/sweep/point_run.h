#pragma once
// One point in the process that is its own: from a scenario to its record, kept in the store.

#include "app/config_files/load.h"
#include "app/store/store.h"

#include <functional>
#include <string>

namespace myriad {

struct PointRun {
    const Store* store = nullptr;  // null: the record is kept nowhere
    bool kernel_cache = false;
};

// Of a collective of several sizes the largest is run.
//
// What stands in the store, or what running the scenario gives. A user error of the run (the plan does not fit) and a
// broken law are records too; their place in a file is left out, because the same system may be written in many files.
//
// `yaml` gives the nameless text, where the point must run.
[[nodiscard]] PointRecord run_point(Scenario scenario, const std::string& key, const std::function<std::string()>& yaml,
                                    const PointRun& options);

// The scenario with a name, for `myriad run`.
[[nodiscard]] std::string named_scenario(const std::string& nameless_yaml, const std::string& name);

}  // namespace myriad
