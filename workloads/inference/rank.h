#pragma once
// The program of one rank of inference: steps of micro-batches, a coroutine that talks to its card and to the network
// only. Internal to inference/.

#include "interconnect/network.h"
#include "models/card.h"
#include "sim/task/task.h"
#include "sim/time/agenda.h"
#include "workloads/inference/groups.h"
#include "workloads/inference/program.h"
#include "workloads/training/group_calls.h"
#include "workloads/training/ledger.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace myriad {

class InferenceRank;

// What all ranks share.
struct InferenceContext {
    const InferencePlan& plan;
    const Layout& layout;
    const ExpertLoads& loads;
    const InferencePrograms& programs;
    Network& network;
    const Agenda& agenda;
    SpanSink* spans = nullptr;
    std::vector<LayerRange> layers;  // by stage
    std::vector<CardId> placement;   // by rank
    std::vector<InferenceRank*> ranks;
    Bytes activation;  // of a micro-batch, between stages
    Bytes tokens;      // likewise, from the last stage to the first
    // In the steps that are measured, over all ranks:
    std::vector<Picoseconds> operator_time;  // by label
    std::vector<std::int64_t> runs;          // by part
    GroupCalls calls;                        // where spans are wanted
};

struct InferenceTotals {
    std::array<Picoseconds, kGroupKinds> busy{};  // of collectives, in the steps that are measured
    ModelBytes bytes;                             // likewise
    std::int64_t messages_sent = 0;
    std::int64_t messages_received = 0;
    Bytes bytes_sent{0};
    Bytes bytes_received{0};
    std::int64_t collectives_entered = 0;
    std::int64_t collectives_finished = 0;
    TimePoint first_pass{};                        // end of the first micro-batch of the first step
    std::vector<TimePoint> step_ends;              // by step, this rank's part
    std::array<Picoseconds, kSpanKinds> before{};  // kinds until the steps that are measured
    std::array<Picoseconds, kSpanKinds> after{};   // until their end
};

class InferenceRank {
public:
    InferenceRank(InferenceContext& context, Card& card, std::int64_t rank, const InferenceSeats& seats);
    InferenceRank(const InferenceRank&) = delete;
    InferenceRank& operator=(const InferenceRank&) = delete;
    ~InferenceRank() = default;

    void start();
    [[nodiscard]] bool finished() const { return task_.done(); }
    void rethrow() const { task_.rethrow(); }
    [[nodiscard]] const InferenceTotals& totals() const { return totals_; }
    [[nodiscard]] std::int64_t stage() const { return place_.pp; }
    // "rank 12 (tp 4, dp 1, pp 0): waits for all_reduce, step 3, micro-batch 0"
    [[nodiscard]] std::string state() const;

private:
    struct Call {
        InferenceRank* owner = nullptr;
        Signal done{0};
        std::string_view label;
        GroupKind group = GroupKind::none;
        Member member;
        std::uint64_t number = 0;
        WaitCause cause;
        TimePoint started{};
        TimePoint ended{};
    };
    enum Stream : std::uint8_t { kActivations, kTokens };
    // Messages of one stream, in order of passes.
    struct Inbox {
        std::int64_t sent = 0;
        std::int64_t received = 0;
        bool awaited = false;
        TimePoint sent_at{};
    };

    Task run();
    Task run_pass();
    Task run_part(std::size_t part);
    Task receive(Stream stream, std::int64_t from, std::uint64_t tag, Bytes size);
    void send(Stream stream, std::int64_t to, Bytes size);
    void begin(const ProgramStep& step);
    static void call_done(void* call, std::uint64_t argument);
    void emit(Span span);
    void emit_beside(const Call& call);
    void emit_wait(SpanKind kind, std::string_view label, TimePoint start, TimePoint end, const WaitCause& cause,
                   GroupKind group = GroupKind::none);
    [[nodiscard]] bool measured() const { return step_ >= context_.plan.warmup; }
    [[nodiscard]] std::int64_t pass() const { return step_ * context_.plan.passes() + micro_batch_; }
    [[nodiscard]] std::uint64_t tag(Stream stream, std::int64_t pass) const {
        return static_cast<std::uint64_t>(2 * pass + stream);
    }
    [[nodiscard]] TimePoint now() const { return context_.agenda.now(); }

    InferenceContext& context_;
    Card& card_;
    std::int64_t rank_;
    RankPlace place_;
    const InferenceSeats& seats_;
    InferenceTotals totals_;
    Ledger ledger_;
    std::array<Call, kSlots> calls_;
    std::array<Inbox, 2> inbox_;
    std::vector<std::uint64_t> calls_made_;  // by seat; where spans are wanted
    Signal sends_{0};
    std::int64_t step_ = 0;
    std::int64_t micro_batch_ = 0;
    std::string_view doing_ = "not started";
    std::string_view detail_;
    Task task_;
};

}  // namespace myriad
