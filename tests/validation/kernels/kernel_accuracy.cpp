// Full tables of published kernel times against the tile level:
//     kernel_accuracy FOLDER CHIP [--family NAME] [--every N] [--rows] [--set PATH=VALUE]...
// FOLDER holds the CSV files. Prints the errors by family, large and small shapes apart, the half on which parameters
// were fitted and the half held out apart. --rows adds every row, --every takes one of N.

#include "app/config_files/load.h"
#include "sim/error/error.h"
#include "tests/validation/kernels/errors.h"

#include <fmt/format.h>

#include <cstdio>
#include <map>

namespace {

using namespace myriad;

struct Options {
    std::string folder;
    std::string chip;
    std::string family;
    std::size_t every = 1;
    bool rows = false;
    Overrides overrides;
};

Options read_options(int argc, char** argv) {
    if (argc < 3) {
        throw UserError("expected FOLDER and CHIP");
    }
    Options options;
    options.folder = argv[1];
    options.chip = argv[2];
    for (int i = 3; i < argc; ++i) {
        const std::string word = argv[i];
        if (word == "--rows") {
            options.rows = true;
        } else if (i + 1 == argc) {
            throw UserError("unknown or unfinished option '" + word + "'");
        } else if (word == "--set") {
            options.overrides.emplace_back(argv[++i]);
        } else if (word == "--family") {
            options.family = argv[++i];
        } else if (word == "--every") {
            options.every = std::stoul(argv[++i]);
        } else {
            throw UserError("unknown option '" + word + "'");
        }
    }
    return options;
}

void compare(const Options& options) {
    const auto loaded = load_chip(options.chip, options.overrides);
    const ChipConfig& chip = loaded.value.chip;
    std::map<std::string, std::vector<double>> errors;
    std::size_t index = 0;
    for (const accuracy::Row& row : accuracy::read_measured(options.folder, options.chip)) {
        if ((!options.family.empty() && row.family != options.family) || index++ % options.every != 0) {
            continue;
        }
        const double error = accuracy::error_of(chip, row);
        errors[row.family + (row.large() ? ", large, " : ", small, ") + (row.fitted ? "fitted" : "held out")].push_back(
            error);
        errors["all rows"].push_back(error);
        if (options.rows) {
            fmt::print("{:+7.1f} %  measured {:10.2f} us  {}: {}\n", 100 * error, row.measured * 1e6, row.family,
                       row.name);
        }
    }
    for (const auto& [name, list] : errors) {
        fmt::print("{:<48} {}\n", name, accuracy::sum_up(list).text());
    }
}

}  // namespace

int main(int argc, char** argv) {
    try {
        compare(read_options(argc, argv));
    } catch (const UserError& error) {
        fmt::print(stderr, "kernel_accuracy: {}\n", error.what());
        return 2;
    }
    return 0;
}
