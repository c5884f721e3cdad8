#pragma once
// One training step of a language model: a program per rank (rank_program.h), run on cards and a network that share
// an agenda.
//
//   TrainingStep step(model, plan, {cards, placement, network, agenda});
//   step.start();
//   agenda.run();                             // or the SystemC bridge
//   const TrainingResult result = step.result();

#include "interconnect/foldable_network.h"
#include "interconnect/network.h"
#include "models/card.h"
#include "sim/time/agenda.h"
#include "workloads/training/plan.h"
#include "workloads/training/program.h"
#include "workloads/training/result.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace myriad {

// What no network can beat, for the lower bound: a card sends and receives at most `injection` each way, and every
// message takes `latency`. Injection 0: communication is free.
struct NetworkFloor {
    BytesPerSecond injection{0};
    Picoseconds latency{0};
};

struct TrainingPlatform {
    std::vector<Card*> cards;       // by rank
    std::vector<CardId> placement;  // by rank
    Network& network;
    const Agenda& agenda;       // for the time only
    SpanSink* spans = nullptr;  // every span of every rank, if wanted
    NetworkFloor floor{};
    // What bounds a kernel, for the spans; empty: not told.
    std::function<KernelNature(const Kernel&)> nature{};
    bool time_alone = false;  // also add up what operators would take with nothing beside them
    MemorySink* memory = nullptr;
    // `network`, where identical cards may be run once; null: every rank runs. fold() is as FoldableNetwork's, and makes
    // the cards, which card() then gives: `cards` is empty.
    FoldableNetwork* foldable = nullptr;
    std::function<const Folding&(std::vector<std::uint32_t> program_of_card)> fold{};
    std::function<Card&(CardId)> card{};
};

// Time of one rank, as kinds that add up to the step time.
struct RankTimes {
    std::array<Picoseconds, kSpanKinds> time{};
};

class TrainingStep {
public:
    // Throws UserError with everything that is wrong with the plan (memory included), without places in a file: a
    // reader that has places calls validate() and validate_memory() itself before.
    TrainingStep(LlmConfig model, ParallelPlan plan, TrainingPlatform platform);
    ~TrainingStep();
    TrainingStep(const TrainingStep&) = delete;
    TrainingStep& operator=(const TrainingStep&) = delete;

    // The rank whose program runs for `rank`: itself, or one that is exactly like it.
    [[nodiscard]] std::int64_t runs_for(std::int64_t rank) const;

    // Starts every rank at the agenda's present time.
    void start();
    [[nodiscard]] bool finished() const;
    // What the first `limit` unfinished ranks wait for, a line each; for a stall.
    [[nodiscard]] std::string unfinished(std::size_t limit = 16) const;

    // After the agenda ran out. Throws LawError when a rank has not finished, messages sent and received differ, a
    // rank's kinds do not add up to the step time, or the step is below its lower bound.
    [[nodiscard]] TrainingResult result() const;
    [[nodiscard]] RankTimes rank_times(std::int64_t rank) const;
    [[nodiscard]] Picoseconds lower_bound() const;

    // Every kernel of the step with the label of its operator, once for each place where it stands in a program.
    void visit_kernels(const std::function<void(std::string_view label, const Kernel& kernel)>& visit) const;

private:
    void check_laws(TimePoint end) const;
    void check_memory() const;
    void add_rates(TrainingResult& result) const;
    void add_times(TrainingResult& result) const;
    void add_ideal_bubble(TrainingResult& result) const;
    void add_operators(TrainingResult& result) const;
    [[nodiscard]] TimePoint end() const;

    LlmConfig model_;
    ParallelPlan plan_;
    TrainingPlatform platform_;
    TimePoint started_{};
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace myriad
