// Floors from lists of steps; a rank whose load of experts changes is taken to have the lightest all the time.

#include "workloads/inference/bound.h"

#include "workloads/training/bound.h"

#include <algorithm>

namespace myriad {
namespace {

class PassFloor {
public:
    PassFloor(const InferenceContext& context, const NetworkFloor& floor) : context_(context), floor_(floor) {}

    // One micro-batch on a stage; of the loads that a rank may have, the lightest.
    [[nodiscard]] Picoseconds of(std::int64_t stage, const Card& card) const {
        const InferencePrograms& programs = context_.programs;
        Picoseconds time{0};
        if (stage == 0) {
            time += part(InferencePrograms::kEmbedding, card);
        }
        std::vector<Picoseconds> of_kind(programs.kinds.size(), Picoseconds{-1});
        const LayerRange& layers = context_.layers[static_cast<std::size_t>(stage)];
        for (std::int64_t layer = layers.first; layer < layers.first + layers.count; ++layer) {
            Picoseconds& known = of_kind[programs.kind_of[static_cast<std::size_t>(layer)]];
            if (known < Picoseconds{0}) {
                known = lightest(layer, card);
            }
            time += known;
        }
        if (stage + 1 == static_cast<std::int64_t>(context_.layers.size())) {
            time += part(InferencePrograms::kHead, card);
        }
        return time;
    }

    [[nodiscard]] Picoseconds message(Bytes size) const {
        return floor_.injection.count() == 0 ? Picoseconds{0}
                                             : transfer_time_floor(size, floor_.injection) + floor_.latency;
    }

private:
    [[nodiscard]] Picoseconds part(std::size_t number, const Card& card) const {
        return list_floor(context_.programs.parts[number].list, card, context_.layout, floor_);
    }
    [[nodiscard]] Picoseconds lightest(std::int64_t layer, const Card& card) const {
        Picoseconds least = part(context_.programs.layer(layer, 0), card);
        for (std::size_t load = 1; load < static_cast<std::size_t>(context_.programs.loads); ++load) {
            least = std::min(least, part(context_.programs.layer(layer, load), card));
        }
        return least;
    }

    const InferenceContext& context_;
    NetworkFloor floor_;
};

}  // namespace

InferenceFloor inference_floor(const InferenceContext& context, const std::vector<const Card*>& cards_of_stage,
                               const NetworkFloor& floor) {
    const PassFloor pass(context, floor);
    const auto stages = static_cast<std::int64_t>(cards_of_stage.size());
    Picoseconds longest{0};
    Picoseconds through = pass.message(context.activation) * (stages - 1);
    for (std::int64_t stage = 0; stage < stages; ++stage) {
        const Picoseconds time = pass.of(stage, *cards_of_stage[static_cast<std::size_t>(stage)]);
        longest = std::max(longest, time);
        through += time;
    }
    InferenceFloor result;
    const std::int64_t passes = context.plan.passes();
    result.step = longest * passes;
    if (context.plan.phase == InferencePhase::decode && stages > 1) {
        result.step = std::max(result.step, through + pass.message(context.tokens));
    }
    result.first_tokens = through;
    result.all_first_tokens = through + longest * (passes - 1);
    return result;
}

}  // namespace myriad
