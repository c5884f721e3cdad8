#pragma once
// A plan on fake cards and a fake network, run to its end.

#include "tests/unit/training/fakes.h"
#include "workloads/training/step.h"

namespace myriad::test {

struct Cluster {
    Cluster(std::int64_t cards_wanted, const FakeCard::Time& time) : network(agenda, ComponentId{0}) {
        for (std::int64_t i = 0; i < cards_wanted; ++i) {
            cards.push_back(std::make_unique<FakeCard>(agenda, static_cast<ComponentId>(i + 1), time));
        }
    }
    TrainingPlatform platform() {
        TrainingPlatform result{{}, {}, network, agenda, nullptr, {}};
        for (std::size_t i = 0; i < cards.size(); ++i) {
            result.cards.push_back(cards[i].get());
            result.placement.push_back(static_cast<CardId>(i));
        }
        return result;
    }
    TrainingResult run(const LlmConfig& model, const ParallelPlan& plan) {
        TrainingStep step(model, plan, platform());
        step.start();
        agenda.run();
        return step.result();
    }

    Agenda agenda;
    FakeNetwork network;
    std::vector<std::unique_ptr<FakeCard>> cards;
};

// A small dense model: eight layers, so that pp 1, 2, 4 and 8 divide them.
inline LlmConfig small_model() {
    LlmConfig m;
    m.name = "small";
    m.layers = 8;
    m.hidden = 64;
    m.heads = 8;
    m.kv_heads = 4;
    m.head_dim = 8;
    m.ffn = 128;
    m.vocab = 512;
    return m;
}

inline ParallelPlan small_plan(std::int64_t tp, std::int64_t pp, std::int64_t dp, std::int64_t micro_batches) {
    ParallelPlan plan;
    plan.tensor_parallel = tp;
    plan.pipeline_parallel = pp;
    plan.data_parallel = dp;
    plan.global_batch = dp * micro_batches;
    plan.sequence_length = 32;
    return plan;
}

// One kernel of a layer forward and one backward take time, everything else none.
inline FakeCard::Time layer_times(Picoseconds forward, Picoseconds backward) {
    return [=](const Kernel& kernel) {
        return kernel.label == "mlp_up" ? forward : kernel.label == "mlp_up_dgrad" ? backward : Picoseconds{0};
    };
}

}  // namespace myriad::test
