// Full tables of published step times against the model:
//     training_accuracy FOLDER [TABLE]... [--rows] [-j N] [--set PATH=VALUE]...
// FOLDER holds the CSV files; TABLE is megatron_sc21, korthikanti, korthikanti_layer or vtrain, all without one. Prints
// the errors by table, then rows that a parameter was fitted on and rows held out. --rows adds every row. --set applies
// to every scenario.

#include "sim/error/error.h"
#include "tests/validation/training/modelled_steps.h"
#include "tests/validation/training/step_errors.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace {

using namespace myriad;
using accuracy::StepCase;
using accuracy::StepResult;

struct Options {
    std::string folder;
    std::vector<std::string> tables;
    bool rows = false;
    accuracy::StepRuns runs;
};

Options read_options(int argc, char** argv) {
    Options options;
    options.runs.kernel_cache = true;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if (word == "--rows") {
            options.rows = true;
        } else if (word == "--set" && i + 1 < argc) {
            options.runs.overrides.emplace_back(argv[++i]);
        } else if (word == "-j" && i + 1 < argc) {
            options.runs.parallel = std::stoi(argv[++i]);
        } else if (word.starts_with("-")) {
            throw UserError("unknown or unfinished option '" + word + "'");
        } else if (options.folder.empty()) {
            options.folder = word;
        } else {
            const auto& known = accuracy::step_tables();
            if (std::find(known.begin(), known.end(), word) == known.end()) {
                throw UserError("no table '" + word + "'; there are " + fmt::format("{}", fmt::join(known, ", ")));
            }
            options.tables.push_back(word);
        }
    }
    if (options.folder.empty()) {
        throw UserError("expected FOLDER");
    }
    if (options.tables.empty()) {
        options.tables = accuracy::step_tables();
    }
    return options;
}

void print(const std::string& what, const std::vector<double>& errors) {
    if (!errors.empty()) {
        const accuracy::StepErrors s = accuracy::sum_up_step_errors(errors);
        fmt::print("{:<34} {:4} {:8.1f} % {:+8.1f} % {:+8.1f} % {:+8.1f} %\n", what, s.rows, 100 * s.mean_absolute,
                   100 * s.bias, 100 * s.lowest, 100 * s.highest);
    }
}

void compare(const Options& options, const std::string& table) {
    const std::vector<StepCase> cases = accuracy::read_measured_steps(options.folder, table);
    const std::vector<StepResult> results = accuracy::run_steps(cases, options.runs);
    std::vector<double> all;
    std::vector<double> fitted;
    std::vector<double> held_out;
    for (std::size_t i = 0; i < cases.size(); ++i) {
        if (!results[i].why_not.empty()) {
            fmt::print("{}: not run: {}\n", cases[i].name, results[i].why_not);
            continue;
        }
        const double error = results[i].error(cases[i]);
        all.push_back(error);
        (cases[i].fitted ? fitted : held_out).push_back(error);
        if (options.rows) {
            fmt::print("  {:<44} measured {:10.2f} ms  simulated {:10.2f} ms {:+7.1f} %\n", cases[i].name,
                       cases[i].measured * 1e3, results[i].modelled * 1e3, 100 * error);
        }
    }
    print(table, all);
    if (!fitted.empty()) {
        print(table + ", rows fitted on", fitted);
        print(table + ", rows held out", held_out);
    }
}

}  // namespace

extern "C" int sc_main(int, char*[]);
int sc_main(int, char*[]) { return 0; }  // libsystemc refers to it

int main(int argc, char** argv) {
    try {
        const Options options = read_options(argc, argv);
        fmt::print("{:<34} {:>4} {:>10} {:>10} {:>10} {:>10}\n", "table", "rows", "MAPE", "bias", "lowest", "highest");
        for (const std::string& table : options.tables) {
            compare(options, table);
        }
    } catch (const UserError& error) {
        fmt::print(stderr, "training_accuracy: {}\n", error.what());
        return 2;
    }
    return 0;
}
