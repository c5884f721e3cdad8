#pragma once
// Shapes of pipelines for tests, and their orders as text: "F0 F1 I0 W0", with the chunk behind a dot where a stage
// holds several, "F0.1", and "F0+B1" for two side by side.

#include "workloads/training/pipeline.h"

#include <string>

namespace myriad::test {

inline constexpr PipelineSchedule kSchedules[] = {
    PipelineSchedule::gpipe,       PipelineSchedule::one_forward_one_backward,
    PipelineSchedule::interleaved, PipelineSchedule::zb_h1,
    PipelineSchedule::zb_h2,       PipelineSchedule::dualpipe};

inline PipelineShape shape_of(PipelineSchedule schedule, std::int64_t stages, std::int64_t micro_batches,
                              std::int64_t chunks = 1) {
    return {.schedule = schedule,
            .stages = stages,
            .chunks = schedule == PipelineSchedule::dualpipe ? 2 : chunks,
            .micro_batches = micro_batches};
}

inline std::string text_of(const PipelineShape& shape, std::int64_t stage) {
    std::string text;
    bool beside = false;
    for (const PipelineSlot& slot : pipeline_order(shape, stage)) {
        text += text.empty() ? "" : beside ? "+" : " ";
        text += slot.pass == Pass::forward      ? "F"
                : slot.pass == Pass::backward   ? "B"
                : slot.pass == Pass::input_grad ? "I"
                                                : "W";
        text += std::to_string(slot.micro_batch);
        text += shape.chunks > 1 ? "." + std::to_string(slot.chunk) : "";
        beside = slot.beside_next;
    }
    return text;
}

}  // namespace myriad::test
