#pragma once
// Steps of inference of a language model: a program per rank (rank.h), run on cards and a network that share an agenda.
//
//   InferenceRun run(model, plan, {cards, placement, network, agenda});
//   run.start();
//   agenda.run();                             // or the SystemC bridge
//   const InferenceResult result = run.result();

#include "interconnect/network.h"
#include "models/card.h"
#include "sim/time/agenda.h"
#include "workloads/inference/memory.h"
#include "workloads/inference/plan.h"
#include "workloads/inference/result.h"
#include "workloads/training/step.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace myriad {

// Of the memory of a card.
struct MemoryRate {
    BytesPerSecond peak{0};
    BytesPerSecond streaming{0};  // what streaming reaches of it
};

struct InferencePlatform {
    std::vector<Card*> cards;       // by rank
    std::vector<CardId> placement;  // by rank
    Network& network;
    const Agenda& agenda;       // for the time only
    SpanSink* spans = nullptr;  // every span of every rank, if wanted
    NetworkFloor floor{};
    MemoryRate memory{};  // 0: no bound is given
};

class InferenceRun {
public:
    // Throws UserError with everything that is wrong with the plan (memory included), without places in a file: a
    // reader that has places calls validate() and validate_memory() itself before.
    InferenceRun(LlmConfig model, InferencePlan plan, InferencePlatform platform);
    ~InferenceRun();
    InferenceRun(const InferenceRun&) = delete;
    InferenceRun& operator=(const InferenceRun&) = delete;

    void start();
    [[nodiscard]] bool finished() const;
    // What the first `limit` unfinished ranks wait for, a line each; for a stall.
    [[nodiscard]] std::string unfinished(std::size_t limit = 16) const;

    // After the agenda ran out. Throws LawError when a rank has not finished, messages sent and received differ, a
    // rank's kinds do not add up, or a step is below its lower bound.
    [[nodiscard]] InferenceResult result() const;

    // Every kernel with the label of its operator and how often it was run in the measured steps, over all ranks.
    using KernelVisit = std::function<void(std::string_view label, const Kernel& kernel, std::int64_t times)>;
    void visit_kernels(const KernelVisit& visit) const;

private:
    void check_laws() const;
    void check_floor(const InferenceResult& result) const;
    void add_step_time(InferenceResult& result) const;
    void add_rates(InferenceResult& result) const;
    void add_times(InferenceResult& result) const;
    void add_operators(InferenceResult& result) const;
    void add_memory_bound(InferenceResult& result) const;
    void add_experts(InferenceResult& result) const;

    LlmConfig model_;
    InferencePlan plan_;
    InferencePlatform platform_;
    TimePoint started_{};
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace myriad
