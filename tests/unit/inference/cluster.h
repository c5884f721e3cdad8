#pragma once
// A plan of inference on fake cards and a fake network, run to its end.

#include "models/ppu/roofline.h"
#include "tests/unit/llm/models.h"
#include "tests/unit/training/fakes.h"
#include "workloads/inference/step.h"

namespace myriad::test {

struct InferenceCluster {
    InferenceCluster(std::int64_t cards_wanted, const FakeCard::Time& time) : network(agenda, ComponentId{0}) {
        for (std::int64_t i = 0; i < cards_wanted; ++i) {
            cards.push_back(std::make_unique<FakeCard>(agenda, static_cast<ComponentId>(i + 1), time));
        }
    }
    InferencePlatform platform() {
        InferencePlatform result{{}, {}, network, agenda, spans, {}, memory};
        for (std::size_t i = 0; i < cards.size(); ++i) {
            result.cards.push_back(cards[i].get());
            result.placement.push_back(static_cast<CardId>(i));
        }
        return result;
    }
    InferenceResult run(const LlmConfig& model, const InferencePlan& plan) {
        InferenceRun run(model, plan, platform());
        run.start();
        agenda.run();
        return run.result();
    }

    Agenda agenda;
    FakeNetwork network;
    SpanSink* spans = nullptr;
    MemoryRate memory{};
    std::vector<std::unique_ptr<FakeCard>> cards;
};

// Eight layers, so that 1, 2, 4 and 8 stages divide them.
inline LlmConfig eight_layers() {
    LlmConfig m = dense("small", {8, 64, 8, 4, 8, 128, 512});
    m.max_position = 8192;
    return m;
}

// A layer takes `time`, embedding and head none.
inline FakeCard::Time layer_time(Picoseconds time) {
    return [=](const Kernel& kernel) { return kernel.label == "mlp_up" ? time : Picoseconds{0}; };
}

// A kernel starts in 3 us; HBM at 2 TB/s, 80 % of it when streaming; arithmetic costs nothing to speak of.
inline ChipConfig memory_bound_chip() {
    ChipConfig chip;
    chip.name = "memory bound";
    for (const DataType type : {DataType::bf16, DataType::fp8, DataType::fp32}) {
        chip.tensor.set(type, FlopPerSecond{1e20});
        chip.vector.set(type, FlopPerSecond{1e20});
    }
    chip.hbm.bandwidth = BytesPerSecond{2'000'000'000'000};
    chip.hbm.efficiency = 0.8;
    chip.launch_latency = us(3);
    return chip;
}
inline FakeCard::Time roofline_of(const ChipConfig& chip) {
    return [chip](const Kernel& kernel) { return roofline_time(chip, kernel).total; };
}

}  // namespace myriad::test
