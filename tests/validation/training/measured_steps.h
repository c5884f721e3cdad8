#pragma once
// Published times of training steps on A100, each as a scenario with what a row of its table changes: from CSV files
// (training_accuracy), or from the YAML cases beside this file, which are some of their rows (tests). Settings that all
// rows of a table share stand in scenarios/measured/.

#include "tests/validation/csv_records.h"

#include <string>
#include <vector>

namespace myriad::accuracy {

// What of a step was measured.
enum class StepPart : std::uint8_t {
    whole,  // the iteration
    layer,  // one layer forward and backward: what a layer more adds, the optimizer left out
};

struct StepCase {
    std::string table;     // "megatron_sc21"
    std::string name;      // "1.7 B on 32"
    std::string scenario;  // in scenarios/: "measured/megatron_sc21"
    std::vector<std::string> overrides;
    StepPart part = StepPart::whole;
    double measured = 0.0;  // s
    bool fitted = false;    // of the rows that a parameter was fitted on
    bool slow = false;      // on more than one server
};

// "megatron_sc21", "korthikanti", "korthikanti_layer", "vtrain".
[[nodiscard]] const std::vector<std::string>& step_tables();

// Rows of a table as the CSV file in `folder` has them. Empty where the file is not there.
[[nodiscard]] std::vector<StepCase> read_measured_steps(const std::string& folder, const std::string& table);
// Rows of a YAML file: `table`, `columns` named as in the CSV file, `rows`.
[[nodiscard]] std::vector<StepCase> read_step_cases(const std::string& path);

}  // namespace myriad::accuracy
