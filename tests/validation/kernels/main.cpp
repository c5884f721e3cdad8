// Full tables of published kernel times against the tile level:
//     kernel_accuracy FOLDER CHIP [--rows] [--family NAME] [--every N] [--set PATH=VALUE]...
// FOLDER holds the CSV files. Prints error by family, small and large shapes apart, fitted and held-out half apart.

#include "app/config_files/load.h"
#include "models/tile/simulate_kernel.h"
#include "sim/error/error.h"
#include "tests/validation/kernels/measured_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

namespace {

using namespace myriad;

void print_summary(const std::string& name, std::vector<double> errors) {
    if (errors.empty()) {
        return;
    }
    double bias = 0.0;
    std::vector<double> absolute;
    for (const double e : errors) {
        bias += e;
        absolute.push_back(std::abs(e));
    }
    std::sort(absolute.begin(), absolute.end());
    double sum = 0.0;
    for (const double e : absolute) {
        sum += e;
    }
    const auto n = static_cast<double>(errors.size());
    fmt::print("{:<34} {:>4} rows  MAPE {:5.1f} %  median {:5.1f} %  p90 {:5.1f} %  max {:6.1f} %  bias {:+5.1f} %\n",
               name, errors.size(), 100 * sum / n, 100 * absolute[absolute.size() / 2],
               100 * absolute[std::min(absolute.size() - 1, absolute.size() * 9 / 10)], 100 * absolute.back(),
               100 * bias / n);
}

}  // namespace

int main(int argc, char** argv) {
    Overrides overrides;
    bool print_rows = false;
    std::string family;
    std::size_t every = 1;
    for (int i = 3; i < argc; ++i) {
        const std::string word = argv[i];
        if (word == "--rows") {
            print_rows = true;
        } else if (word == "--set" && i + 1 < argc) {
            overrides.emplace_back(argv[++i]);
        } else if (word == "--family" && i + 1 < argc) {
            family = argv[++i];
        } else if (word == "--every" && i + 1 < argc) {
            every = std::stoul(argv[++i]);
        }
    }
    try {
        const auto loaded = load_chip(argv[2], overrides);
        const ChipConfig& chip = loaded.value.chip;
        std::map<std::string, std::vector<double>> errors;
        std::size_t index = 0;
        for (const accuracy::Row& row : accuracy::read_measured(argv[1], argv[2])) {
            if (!family.empty() && row.family != family) {
                continue;
            }
            if (index++ % every != 0) {
                continue;
            }
            KernelResult result;
            Picoseconds modelled{};
            for (const Kernel& kernel : row.kernels) {
                result = simulate_kernel(chip, kernel);
                modelled += row.kernel_only ? result.total - chip.launch_latency * kernel.launches : result.total;
            }
            const double error = seconds(modelled) / row.measured - 1.0;
            const double limit = row.family.find("gemm") != std::string::npos ? 10e-6 : 20e-6;
            const std::string half = row.fitted ? "fitted" : "held out";
            errors[row.family + (row.measured >= limit ? ", large, " : ", small, ") + half].push_back(error);
            errors[row.family + ", all"].push_back(error);
            errors["zz all"].push_back(error);
            if (print_rows) {
                fmt::print(
                    "{:+7.1f} %  {:9.2f} us measured {:9.2f}  {:<10} t{:.2f} v{:.2f} h{:.2f} r{:.2f} c{:.2f} p{:.2f} "
                    "hit{:.2f} row{:.2f} | {} | {}\n",
                    100 * error, seconds(modelled) * 1e6, row.measured * 1e6, name_of(result.limit), result.tensor_busy,
                    result.vector_busy, result.hbm_busy, result.refresh, result.cache_busy, result.port_busy,
                    result.cache_read.count() ? double(result.cache_hit.count()) / double(result.cache_read.count())
                                              : 0.0,
                    result.row_hit_rate, result.plan, row.name);
            }
        }
        for (const auto& [name, list] : errors) {
            print_summary(name, list);
        }
    } catch (const UserError& error) {
        fmt::print(stderr, "{}\n", error.what());
        return 2;
    }
    return 0;
}
