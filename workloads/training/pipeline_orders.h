#pragma once
// The order of one stage by schedule: what pipeline_order() chooses from. Shapes have no problem and stages exist.

#include "workloads/training/pipeline.h"

#include <vector>

namespace myriad {

[[nodiscard]] std::vector<PipelineSlot> gpipe_order(const PipelineShape& shape);
[[nodiscard]] std::vector<PipelineSlot> one_forward_one_backward_order(const PipelineShape& shape, std::int64_t stage);
[[nodiscard]] std::vector<PipelineSlot> interleaved_order(const PipelineShape& shape, std::int64_t stage);
[[nodiscard]] std::vector<PipelineSlot> zero_bubble_order(const PipelineShape& shape, std::int64_t stage);
[[nodiscard]] std::vector<PipelineSlot> dualpipe_order(const PipelineShape& shape, std::int64_t stage);

}  // namespace myriad
