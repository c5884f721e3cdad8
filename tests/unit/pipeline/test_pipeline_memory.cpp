// How many micro-batches a stage holds, against the memory that the schedules' authors publish.

#include "tests/unit/pipeline/shapes.h"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace myriad;
using test::shape_of;

namespace {

// Micro-batches whose input gradient is still to come: what Qi et al. count with M_B, the others being owed M_W.
std::int64_t before_input_grad(const PipelineShape& shape, std::int64_t stage) {
    std::int64_t held = 0;
    std::int64_t most = 0;
    for (const PipelineSlot& slot : pipeline_order(shape, stage)) {
        held += slot.pass == Pass::forward ? 1 : slot.pass == Pass::weight_grad ? 0 : -1;
        most = std::max(most, held);
    }
    return most;
}

constexpr std::int64_t kStages[] = {1, 2, 3, 4, 8};

}  // namespace

TEST_CASE("GPipe holds all micro-batches, 1F1B one for each stage from here to the end") {
    for (const std::int64_t stages : kStages) {
        for (std::int64_t m = 1; m <= 2 * stages; ++m) {
            for (std::int64_t stage = 0; stage < stages; ++stage) {
                CHECK(micro_batches_in_flight(shape_of(PipelineSchedule::gpipe, stages, m), stage, 0) == m);
                CHECK(micro_batches_in_flight(shape_of(PipelineSchedule::one_forward_one_backward, stages, m), stage,
                                              0) == std::min(stages - stage, m));
            }
        }
    }
}

TEST_CASE("interleaved holds Pv + P - 1 chunks on stage 0, (P-1)/(Pv) more than 1F1B") {
    // Korthikanti et al. 2022: activations of 1 + (p-1)/(pm) times L layers, m chunks. One more than the warm-up is held:
    // 2(P - stage - 1) + (v-1)P + 1, on stage 0 Pv + P - 1 of 1/v of a stage each.
    for (const std::int64_t stages : kStages) {
        for (const std::int64_t chunks : {2, 3}) {
            const PipelineShape shape = shape_of(PipelineSchedule::interleaved, stages, 3 * stages, chunks);
            for (std::int64_t stage = 0; stage < stages; ++stage) {
                CHECK(passes_in_flight(shape, stage) == 2 * (stages - stage - 1) + (chunks - 1) * stages + 1);
            }
            CHECK(passes_in_flight(shape, 0) == stages * chunks + stages - 1);
        }
    }
    // By chunk: P 2, v 2, m 4, stage 0: F0.0 F1.0 F0.1 F1.1 F2.0 B0.1 F3.0 B1.1 F2.1 B0.0 ... chunk 0 holds 0 1 2 3 until
    // B0.0; chunk 1 holds 0 1, and 2 3 once these are gone.
    const PipelineShape shape = shape_of(PipelineSchedule::interleaved, 2, 4, 2);
    CHECK(micro_batches_in_flight(shape, 0, 0) == 4);
    CHECK(micro_batches_in_flight(shape, 0, 1) == 2);
}

TEST_CASE("ZB-H1 holds P micro-batches on every stage, ZB-H2 2P - 1") {
    // Qi et al. 2023, table 2, i = stage + 1: (p-i+1) M_B + (i-1) M_W and (2p-2i+1) M_B + (2i-2) M_W.
    for (const std::int64_t stages : kStages) {
        for (std::int64_t m = 1; m <= 4 * stages; ++m) {
            const PipelineShape h1 = shape_of(PipelineSchedule::zb_h1, stages, m);
            const PipelineShape h2 = shape_of(PipelineSchedule::zb_h2, stages, m);
            for (std::int64_t stage = 0; stage < stages; ++stage) {
                CHECK(micro_batches_in_flight(h1, stage, 0) == std::min(stages, m));
                CHECK(micro_batches_in_flight(h2, stage, 0) == std::min(2 * stages - 1, m));
                CHECK(before_input_grad(h1, stage) == std::min(stages - stage, m));
                CHECK(before_input_grad(h2, stage) == std::min(2 * stages - 2 * stage - 1, m));
            }
        }
    }
}

TEST_CASE("DualPipe holds P + 1 passes on every stage, of two chunks") {
    // DeepSeek-V3 report, table 2: activations PP + 1.
    for (const std::int64_t stages : {2, 4, 6, 8, 16}) {
        for (const std::int64_t extra : {0, 2, 12}) {
            const PipelineShape shape = shape_of(PipelineSchedule::dualpipe, stages, 2 * stages + extra);
            for (std::int64_t stage = 0; stage < stages; ++stage) {
                CHECK(passes_in_flight(shape, stage) == stages + 1);
                // The near direction runs further ahead than the far one, and both together need their peaks apart.
                const std::int64_t chunk_0 = micro_batches_in_flight(shape, stage, 0);
                const std::int64_t chunk_1 = micro_batches_in_flight(shape, stage, 1);
                CHECK(chunk_0 + chunk_1 >= stages + 1);
                CHECK(chunk_0 == micro_batches_in_flight(shape, stages - 1 - stage, 1));
            }
        }
    }
}
