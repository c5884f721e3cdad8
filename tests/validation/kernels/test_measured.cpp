// The tile level against published kernel times: one parameter set a chip. The bounds are what the whole tables show
// (docs/tiles.md), with room for the sample; where the goal (10 % and 5 % of bias) is missed, the bound says so.

#include "app/config_files/load.h"
#include "tests/validation/kernels/errors.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstdlib>
#include <map>

using namespace myriad;

namespace {

struct Bound {
    const char* family;
    double mean_absolute;
    double bias;
};

void hold(const char* name, const std::vector<Bound>& bounds, double overall) {
    const auto loaded = load_chip(name);
    std::map<std::string, std::vector<double>> errors;
    std::vector<double> all;
    const std::string file = std::string(MYRIAD_SOURCE_FOLDER) + "/tests/validation/kernels/cases/" + name + ".yaml";
    for (const accuracy::Row& row : accuracy::read_cases(file)) {
        const double error = accuracy::error_of(loaded.value.chip, row);
        errors[row.family].push_back(error);
        all.push_back(error);
    }
    REQUIRE(errors.size() == bounds.size());
    for (const Bound& bound : bounds) {
        REQUIRE(errors.count(bound.family) == 1);
        const accuracy::Summary summary = accuracy::sum_up(errors[bound.family]);
        INFO(bound.family << " " << summary.text());
        CHECK(summary.rows >= 9);
        CHECK(summary.mean_absolute <= bound.mean_absolute);
        CHECK(std::abs(summary.bias) <= bound.bias);
    }
    const accuracy::Summary summary = accuracy::sum_up(all);
    INFO("all " << summary.text());
    CHECK(summary.mean_absolute <= overall);
}

}  // namespace

TEST_CASE("A100: GEMM, attention and element-wise kernels against published times") {
    hold("a100",
         {{"gemm bf16", 0.12, 0.08},
          {"layer gemm", 0.13, 0.08},
          {"gemm fp16, Python", 0.15, 0.15},  // goal missed: 13 % slow
          {"prefill", 0.12, 0.06},
          {"decode", 0.14, 0.08},
          {"flash attention with backward", 0.15, 0.12},  // goal missed: 10 % slow
          {"norm", 0.17, 0.08},
          {"activation", 0.16, 0.09},
          {"rope", 0.30, 0.30}},  // goal missed: its cosines and sines are not modelled
         0.15);
}

TEST_CASE("H100: GEMM, attention and element-wise kernels against published times") {
    hold("h100",
         {{"gemm bf16", 0.18, 0.14},  // goal missed: 10 % slow between 10 and 70 us
          {"gemm fp8", 0.15, 0.08},
          {"layer gemm", 0.14, 0.12},
          {"prefill", 0.13, 0.08},
          {"decode", 0.12, 0.09},
          {"flash attention forward", 0.10, 0.06},
          {"norm", 0.18, 0.12},
          {"activation", 0.14, 0.13},
          {"rope", 0.16, 0.16}},
         0.15);
}

TEST_CASE("Zhenwu 810E: the published GEMMs") {
    // bf16 sets tensor_efficiency (FlagGems pull request 5972); the two in int8 are held out (the same, and notes of a
    // DeepGEMM tuner).
    const auto loaded = load_chip("zhenwu-810e");
    const ChipConfig& chip = loaded.value.chip;
    const auto error = [&chip](const char* family, std::int64_t m, std::int64_t n, std::int64_t k, double time,
                               bool int8) {
        accuracy::Row row = accuracy::make_row(chip.name, family, {{{"m", m}, {"n", n}, {"k", k}}}, time, false);
        if (int8) {
            row.kernels.front().type = DataType::int8;
        }
        return accuracy::error_of(chip, row);
    };
    CHECK(std::abs(error("gemm bf16", 256, 128256, 4096, 2052.8, false)) < 0.03);
    CHECK(std::abs(error("gemm fp8", 256, 128256, 4096, 1081.75, true)) < 0.06);
    CHECK(std::abs(error("gemm fp8", 1024, 7392, 8192, 501.74, true)) < 0.10);
}
