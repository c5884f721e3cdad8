// As test_measured_steps.cpp, on 32 to 3,072 cards.

#include "tests/validation/training/step_check.h"

using namespace myriad::accuracy;

TEST_CASE("A100: GPT 175B, 530B and 1T, Korthikanti et al. 2022") {
    hold_table("korthikanti", 6, {0.08, 0.20}, [](const StepCase& row) { return row.slow; });
}

TEST_CASE("A100: ten GPTs on 32 to 3,072 cards, Narayanan et al. 2021") {
    hold_table("megatron_sc21", 10, {0.08, 0.20}, [](const StepCase&) { return true; });
}
