#pragma once
// One call a kind of file: from a name or a path to the struct that the program runs, with the document it came from.
// Everything wrong in the input is one UserError with located diagnostics.

#include "app/config_files/read_llm.h"
#include "app/config_files/read_scenario.h"
#include "app/scenario/hardware.h"
#include "app/scenario/scenario.h"
#include "app/scenario/sweep.h"
#include "sim/config/document.h"

#include <string>
#include <vector>

namespace myriad {

// Folders called `configs` in which names are looked up, first match wins.
struct ConfigRoots {
    std::vector<std::string> folders;
};

// $MYRIAD_CONFIGS if set; then every folder `configs` found upwards from the folder of `near_file` (empty: none), from
// the current directory, and from the folder of the executable. No path is compiled in.
[[nodiscard]] ConfigRoots find_config_roots(const std::string& near_file = {});

template <class T>
struct Loaded {
    T value;
    Document document;  // effective YAML, sourced values, files read
};

using Overrides = std::vector<std::string>;  // "path=value"

// `name_or_path` ends in .yaml: a path; else a name in the folder of the kind under configs/.
[[nodiscard]] Loaded<HbmFile> load_hbm(const std::string& name_or_path, const Overrides& overrides = {});
[[nodiscard]] Loaded<ChipFile> load_chip(const std::string& name_or_path, const Overrides& overrides = {});
[[nodiscard]] Loaded<TileConfig> load_core(const std::string& name_or_path, const Overrides& overrides = {});
[[nodiscard]] Loaded<ServerFile> load_server(const std::string& name_or_path, const Overrides& overrides = {});
[[nodiscard]] Loaded<FabricFile> load_fabric(const std::string& name_or_path, const Overrides& overrides = {});
[[nodiscard]] Loaded<ClusterFile> load_cluster(const std::string& name_or_path, const Overrides& overrides = {});
[[nodiscard]] Loaded<LlmFile> load_llm(const std::string& name_or_path, const Overrides& overrides = {});
[[nodiscard]] Loaded<ScheduleListing> load_schedule(const std::string& name_or_path, const Overrides& overrides = {});
[[nodiscard]] Loaded<Scenario> load_scenario(const std::string& name_or_path, const Overrides& overrides = {});
[[nodiscard]] Loaded<SweepFile> load_sweep(const std::string& name_or_path, const Overrides& overrides = {});

// `text` as if it stood in file `path`: how a command line becomes a scenario.
[[nodiscard]] Loaded<Scenario> load_scenario_text(const std::string& text, const std::string& path,
                                                  const Overrides& overrides = {});

// The scenario of one point of a sweep: `sweep_overrides` as the sweep was called with, `point` as SweepPoint says
// (paths of the scenario).
[[nodiscard]] Loaded<Scenario> load_sweep_point(const std::string& name_or_path, const Overrides& sweep_overrides,
                                                const Overrides& point);
// The effective scenario of a point as a scenario file of its own, for `myriad run`.
[[nodiscard]] std::string point_scenario_yaml(const Loaded<Scenario>& point);

// Reads the file at `path` as whatever its `kind` says and throws what is wrong with it; for `myriad check`. Returns
// the kind.
std::string check_file(const std::string& path);

}  // namespace myriad
