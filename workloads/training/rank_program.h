#pragma once
// The program of one rank: a coroutine that talks to its card and to the network only. Internal to training/.

#include "interconnect/network.h"
#include "models/card.h"
#include "sim/task/task.h"
#include "sim/time/agenda.h"
#include "workloads/training/collective_entries.h"
#include "workloads/training/program.h"
#include "workloads/training/result.h"

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace myriad {

class RankProgram;

// What all ranks share.
struct StepContext {
    const LlmConfig& model;
    const ParallelPlan& plan;
    const StagePrograms& programs;
    std::vector<GradientBuckets> buckets;  // by stage
    Network& network;
    const Agenda& agenda;
    SpanSink* spans = nullptr;
    std::vector<CardId> placement;  // by rank
    std::vector<RankProgram*> ranks;
    CollectiveEntries entries;
    std::vector<KernelNature> optimizer_nature;  // by stage
    std::vector<Picoseconds> operator_time;      // by label, over all ranks
    bool time_alone = false;
    std::vector<Picoseconds> operator_alone;  // likewise, each kernel as if alone on its card
};

struct RankCommunicators {
    CommunicatorId tensor{};
    CommunicatorId data{};
    CommunicatorId model{};  // tp x pp ranks of one replica
    CommunicatorId tied{};   // first and last stage
    int model_rank = 0;
};

struct RankTotals {
    std::array<Picoseconds, kSpanKinds> time{};
    Picoseconds tensor_busy{0};
    Picoseconds data_busy{0};
    std::int64_t messages_sent = 0;
    std::int64_t messages_received = 0;
    Bytes bytes_sent{0};
    Bytes bytes_received{0};
    std::int64_t collectives_entered = 0;
    std::int64_t collectives_finished = 0;
    TimePoint finished{};
};

class RankProgram {
public:
    RankProgram(StepContext& context, Card& card, std::int64_t rank, const RankCommunicators& communicators);
    RankProgram(const RankProgram&) = delete;
    RankProgram& operator=(const RankProgram&) = delete;

    void start();
    [[nodiscard]] bool finished() const { return task_.done(); }
    void rethrow() const { task_.rethrow(); }
    [[nodiscard]] const RankTotals& totals() const { return totals_; }
    // "rank 12 (tp 4, dp 1, pp 0): all_gather, micro-batch 3 forward"
    [[nodiscard]] std::string state() const;

private:
    // A collective in flight.
    struct Call {
        RankProgram* owner = nullptr;
        Signal done{0};
        std::string_view label;
        CommunicatorId communicator{};
        std::int64_t number = 0;  // of the communicator's calls
        TimePoint started{};
        TimePoint ended{};
        CollectiveEntries::Last last;  // once it has ended
    };
    // Messages that come from one neighbour, in order of micro-batches.
    struct Inbox {
        std::int64_t sent = 0;          // by the neighbour so far
        std::deque<TimePoint> sent_at;  // of those that this rank has not received yet
    };
    enum Direction : std::uint8_t { kForward = 0, kBackward = 1 };

    Task run();
    Task forward(std::int64_t micro_batch);
    Task backward(std::int64_t micro_batch, bool last);
    Task run_list(const StepList& list);
    Task receive(std::int64_t micro_batch, Direction direction);
    Task reduce_gradients();
    Task update();
    Task blocking_collective(CommunicatorId communicator, int rank, CollectiveCall call, SpanKind kind, GroupKind group,
                             std::string_view label);
    void send(std::int64_t micro_batch, Direction direction);
    void enter(Call& call, CommunicatorId communicator, int rank, const CollectiveCall& what);
    void gradients_ready(Bytes size);
    void start_next_bucket();
    static void call_done(void* call, std::uint64_t argument);
    static void bucket_done(void* self, std::uint64_t argument);
    // From `start` to `end`, as part of what the program is at.
    [[nodiscard]] Span span(SpanKind kind, std::string_view label, TimePoint start, TimePoint end) const;
    [[nodiscard]] Span kernel_span(SpanKind kind, std::string_view label, TimePoint start,
                                   const KernelNature& nature) const;
    [[nodiscard]] Span wait_span(SpanKind kind, GroupKind group, std::string_view label, TimePoint start, TimePoint end,
                                 const CollectiveEntries::Last& cause) const;
    void record(const Span& span);
    void record_beside(SpanKind kind, GroupKind group, std::string_view label, TimePoint start, TimePoint end,
                       const CollectiveEntries::Last& cause);

    [[nodiscard]] bool first_stage() const { return place_.pp == 0; }
    [[nodiscard]] bool last_stage() const;
    [[nodiscard]] std::int64_t stage_layers() const;
    [[nodiscard]] TimePoint now() const { return context_.agenda.now(); }
    [[nodiscard]] const GradientBuckets& buckets() const;

    StepContext& context_;
    Card& card_;
    std::int64_t rank_;
    RankPlace place_;
    RankCommunicators communicators_;
    RankTotals totals_;
    std::array<Call, 2> calls_;  // tensor-parallel slots
    Signal sends_{0};
    Signal buckets_reduced_{0};
    std::deque<Bytes> buckets_waiting_;
    bool bucket_running_ = false;
    TimePoint bucket_started_{};
    std::int64_t bucket_call_ = 0;
    CollectiveEntries::Last bucket_last_;  // of the bucket that was reduced last
    TimePoint last_sent_{};
    std::string_view pass_;
    std::array<Inbox, 2> inbox_;
    const char* doing_ = "not started";
    std::string_view detail_;
    std::int64_t micro_batch_ = 0;
    Task task_;
};

}  // namespace myriad
