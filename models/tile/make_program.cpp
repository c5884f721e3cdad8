// One program a kind of kernel. A kernel without a shape is a stream of its bytes with its flop on the vector lanes.

#include "models/tile/make_program.h"

#include "models/tile/attention_program.h"
#include "models/tile/vector_program.h"
#include "sim/error/error.h"

namespace myriad {
namespace {

std::unique_ptr<TileProgram> make_gemm(const ChipConfig& chip, const CoreRates& rates, GemmProgram::Problem problem,
                                       std::int64_t steps_per_tile) {
    const GemmPlan plan = choose_gemm_plan(chip, rates, problem);
    return std::make_unique<GemmProgram>(chip, rates, std::move(problem), plan, steps_per_tile);
}

}  // namespace

std::unique_ptr<TileProgram> make_program(const ChipConfig& chip, const Kernel& kernel, std::int64_t steps_per_tile) {
    MYRIAD_CHECK(!chip.tile.gemm_tiles.empty(), chip.name + " has no tile section");
    const CoreRates rates = core_rates(chip, kernel.type);
    const std::int64_t element = size_of(kernel.type).count();
    if (const auto* gemm = std::get_if<GemmShape>(&kernel.shape)) {
        GemmProgram::Problem problem;
        problem.rows.assign(static_cast<std::size_t>(gemm->batch), gemm->m);
        problem.n = gemm->n;
        problem.k = gemm->k;
        problem.element = element;
        problem.output_element = gemm->output_bytes > 0 ? gemm->output_bytes : element;
        problem.accumulate = gemm->accumulate;
        return make_gemm(chip, rates, std::move(problem), steps_per_tile);
    }
    if (const auto* grouped = std::get_if<GroupedGemmShape>(&kernel.shape)) {
        GemmProgram::Problem problem;
        for (const std::int64_t rows : grouped->rows) {
            if (rows > 0) {
                problem.rows.push_back(rows);
            }
        }
        problem.n = grouped->n;
        problem.k = grouped->k;
        problem.element = element;
        problem.output_element = element;
        return make_gemm(chip, rates, std::move(problem), steps_per_tile);
    }
    if (const auto* attention = std::get_if<AttentionShape>(&kernel.shape)) {
        return std::make_unique<AttentionProgram>(chip, rates, *attention, element, steps_per_tile);
    }
    return std::make_unique<VectorProgram>(chip, rates, kernel);
}

}  // namespace myriad
