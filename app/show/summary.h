#pragma once
// Figures that follow from a file: what a reader would otherwise work out on paper.

#include "app/config_files/read_llm.h"
#include "app/scenario/hardware.h"

#include <string>
#include <vector>

namespace myriad {

struct Figure {
    std::string name;  // "hbm_balance", as in JSON
    double value = 0.0;
    std::string unit;     // of `value`: "flop/B"; empty: a plain number
    std::string text;     // value and unit for people
    std::string meaning;  // "matrix peak in bf16 / HBM peak"
};

[[nodiscard]] std::vector<Figure> hbm_figures(const HbmPreset& preset);
[[nodiscard]] std::vector<Figure> chip_figures(const ChipFile& chip);
[[nodiscard]] std::vector<Figure> server_figures(const ServerFile& server);
[[nodiscard]] std::vector<Figure> fabric_figures(const FabricConfig& fabric);
[[nodiscard]] std::vector<Figure> cluster_figures(const ClusterFile& cluster);
[[nodiscard]] std::vector<Figure> llm_figures(const LlmFile& llm);

}  // namespace myriad
