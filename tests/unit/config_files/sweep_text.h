#pragma once
// A sweep from text, as if it stood in sweep.yaml.

#include "app/config_files/read_scenario.h"
#include "app/config_files/schemas.h"
#include "sim/config/document.h"
#include "tests/unit/config_files/files.h"

#include <string>
#include <utility>
#include <vector>

namespace myriad::test {

// A collective on eight cards, or one training step of a plan, then `rest`: axes and what follows.
inline std::string collective_sweep(const std::string& rest) {
    std::string text =
        "myriad: 1\nkind: sweep\nscenario:\n  cluster: ppu-8\n  fidelity: {network: analytic}\n  workload:\n"
        "    collective: {op: all_reduce, sizes: [1 MiB]}\n";
    text.append(rest);
    return text;
}
inline std::string training_sweep(const std::string& rest) {
    std::string text =
        "myriad: 1\nkind: sweep\nscenario:\n  cluster: ppu-16\n  fidelity: {network: analytic}\n  workload:\n"
        "    training:\n      model: qwen3-32b\n      plan: {tensor_parallel: 4, pipeline_parallel: 2, "
        "data_parallel: 2, micro_batch: 1, global_batch: 32}\n";
    text.append(rest);
    return text;
}

struct ReadSweep {
    Sweep sweep;
    std::string effective;
};

inline ReadSweep read_text(const std::string& text) {
    const Document document =
        Document::parse(sweep_schema(), text, "sweep.yaml", {.config_roots = {source_path("configs")}});
    SweepFile file = read_sweep(document.root());
    document.finish();
    return {std::move(file.sweep), document.effective_yaml()};
}

inline Sweep sweep_of(const std::string& text) { return read_text(text).sweep; }

// What is wrong with it, without "sweep.yaml:"; empty: nothing.
inline std::string wrong_with(const std::string& text) {
    try {
        static_cast<void>(sweep_of(text));
        return {};
    } catch (const UserError& error) {
        return error.what();
    }
}

inline std::vector<std::string> labels_of(const SweepAxis& axis) {
    std::vector<std::string> labels;
    for (const AxisValue& value : axis.values) {
        labels.push_back(value.label);
    }
    return labels;
}

// Labels of every point, "8/ring".
inline std::vector<std::string> point_names(const Sweep& sweep) {
    std::vector<std::string> names;
    for (const SweepPoint& point : sweep.points) {
        std::string name;
        for (std::size_t a = 0; a < sweep.axes.size(); ++a) {
            name += (a == 0 ? "" : "/") + sweep.axes[a].values[point.choice[a]].label;
        }
        names.push_back(name);
    }
    return names;
}

}  // namespace myriad::test
