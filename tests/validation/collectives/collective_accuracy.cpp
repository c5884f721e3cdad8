// Full tables of published collective times against the model:
//     collective_accuracy FOLDER CHIP... [--rows] [--set PATH=VALUE]...
// FOLDER holds the CSV files; CHIP is a100, h100 or h200. Prints the errors by machine, operation and size, then rows
// that parameters were fitted on and rows held out, then tables that nothing was fitted to. --rows adds every row.
// --set applies to the server file.

#include "sim/error/error.h"
#include "tests/validation/collectives/modelled_collectives.h"

#include <fmt/format.h>

#include <cstdio>

namespace {

using namespace myriad;
using accuracy::CollectiveCase;

struct Options {
    std::string folder;
    std::vector<std::string> chips;
    bool rows = false;
    Overrides overrides;
};

Options read_options(int argc, char** argv) {
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if (word == "--rows") {
            options.rows = true;
        } else if (word == "--set" && i + 1 < argc) {
            options.overrides.emplace_back(argv[++i]);
        } else if (word.starts_with("--")) {
            throw UserError("unknown or unfinished option '" + word + "'");
        } else if (options.folder.empty()) {
            options.folder = word;
        } else {
            options.chips.push_back(word);
        }
    }
    if (options.chips.empty()) {
        throw UserError("expected FOLDER and CHIP");
    }
    return options;
}

void print(const std::string& chip, const std::string& what, int band, const std::vector<double>& errors) {
    const accuracy::ErrorSummary s = accuracy::sum_up_errors(errors);
    fmt::print("{:<6} {:<26} {:<16} {:4} {:8.1f} % {:+8.1f} % {:8.1f} %\n", chip, what, accuracy::band_text(band),
               s.rows, 100 * s.mean_absolute, 100 * s.bias, 100 * s.greatest);
}

void compare(const Options& options, const std::string& chip) {
    std::map<std::pair<std::string, int>, std::vector<double>> errors;  // by row of the table and band
    std::unique_ptr<accuracy::MachineModel> machine;
    for (const CollectiveCase& row : accuracy::read_measured_collectives(options.folder, chip)) {
        if (machine == nullptr) {
            machine = std::make_unique<accuracy::MachineModel>(row.server, options.overrides);
        }
        const auto modelled = machine->run(row.op, row.ranks, row.size);
        const double error = modelled.seconds / row.measured - 1.0;
        const int band = accuracy::band_of(row.size);
        if (row.source == "aiconfigurator") {
            errors[{fmt::format("1 {}", name_of(row.op)), band}].push_back(error);
            errors[{"2 all operations", band}].push_back(error);
            errors[{row.fitted ? "3 rows fitted on" : "4 rows held out", band}].push_back(error);
        } else {
            errors[{fmt::format("5 {} {}", row.source, name_of(row.op)), band}].push_back(error);
        }
        if (options.rows) {
            fmt::print("{:+7.1f} %  measured {:10.2f} us  {} {} on {}, {} B: {} {}\n", 100 * error, row.measured * 1e6,
                       row.source, name_of(row.op), row.ranks, row.size.count(), name_of(modelled.choice.algorithm),
                       modelled.choice.protocol);
        }
    }
    for (const auto& [key, list] : errors) {
        print(chip, key.first.substr(2), key.second, list);
    }
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const Options options = read_options(argc, argv);
        fmt::print("{:<6} {:<26} {:<16} {:>4} {:>10} {:>10} {:>10}\n", "chip", "operation", "size", "rows", "MAPE",
                   "bias", "greatest");
        for (const std::string& chip : options.chips) {
            compare(options, chip);
        }
    } catch (const UserError& error) {
        fmt::print(stderr, "collective_accuracy: {}\n", error.what());
        return 2;
    }
    return 0;
}
