#pragma once
// The program of one rank: a coroutine (two where DualPipe runs passes side by side) that talks to its card and to the
// network only. Internal to training/.

#include "interconnect/network.h"
#include "models/card.h"
#include "sim/task/task.h"
#include "sim/time/agenda.h"
#include "workloads/training/collective_stream.h"
#include "workloads/training/group_calls.h"
#include "workloads/training/ledger.h"
#include "workloads/training/program.h"
#include "workloads/training/result.h"
#include "workloads/training/weights.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace myriad {

class RankProgram;

[[nodiscard]] std::string_view name_of(Pass pass);

// One number of all ranks: a word for each of them, the least that comes apart into equal chunks. So short, its time is
// that of its steps.
[[nodiscard]] inline CollectiveCall scalar_call(std::int64_t ranks) {
    return {CollectiveOp::all_reduce, Bytes{4 * ranks}, 0};
}

// Weights that a pass of ZeRO-3 gathers before it uses them: a layer, the embedding, the head.
struct WeightUnit {
    Bytes dense;
    Bytes expert;
    // Gathers of dense and expert weights up to and with this unit's.
    std::array<std::int64_t, 2> calls{};
};

// What all ranks of a pipeline stage share.
struct StageContext {
    std::vector<PipelineSlot> order;
    std::vector<ChunkContent> chunks;
    std::vector<std::int64_t> last_slot;  // by chunk: the slot that finishes its gradients
    StageWeights weights;
    std::vector<WeightUnit> units;  // zero_stage 3: in the order in which passes use them
    std::vector<Bytes> kept;        // by chunk: activations of one micro-batch
    Kernel optimizer;
    KernelNature optimizer_nature;
};

// What all ranks share.
struct StepContext {
    const LlmConfig& model;
    const ParallelPlan& plan;
    const Layout& layout;
    const ExpertLoads& loads;
    const StagePrograms& programs;
    PipelineShape pipeline;
    Bytes message;  // between two pipeline stages, for one micro-batch
    Network& network;
    const Agenda& agenda;
    SpanSink* spans = nullptr;
    MemorySink* memory = nullptr;
    std::vector<StageContext> stages;
    std::vector<CardId> placement;                              // by rank
    std::vector<RankProgram*> ranks;                            // by rank: the program that runs for it
    std::vector<std::vector<std::int64_t>> rings;               // by context group: its ranks
    std::unordered_map<std::uint64_t, TimePoint> norm_entered;  // by class of model group: last entry into the norm
    std::vector<Picoseconds> operator_time;                     // by label, over all ranks
    bool time_alone = false;
    std::vector<Picoseconds> operator_alone;  // likewise, each kernel as if alone on its card
    GroupCalls calls;                         // where spans are wanted
    std::vector<std::uint32_t> group_class;   // by communicator: groups that behave alike; empty: each its own
};

// Seats of a rank. Lanes have groups of their own, so that what they do side by side cannot be mixed up.
struct RankGroups {
    std::array<std::array<Member, kLanes>, kGroupKinds> of;
    std::vector<std::array<Member, kLanes>> dispatch;  // by routing sample; empty: even
    std::vector<std::array<Member, kLanes>> combine;
    std::size_t ring = 0;      // in StepContext::rings
    std::vector<Member> data;  // by chunk
    std::vector<Member> expert_data;
    std::vector<Member> weights;  // by chunk, zero_stage 3: for weights, as `data` is for gradients
    std::vector<Member> expert_weights;
};

struct RankTotals {
    std::array<Picoseconds, kGroupKinds> busy{};  // of collectives and shifts, hidden or not
    std::int64_t messages_sent = 0;
    std::int64_t messages_received = 0;
    Bytes bytes_sent{0};
    Bytes bytes_received{0};
    std::int64_t collectives_entered = 0;
    std::int64_t collectives_finished = 0;
    TimePoint finished{};
    Bytes activations_most;
    Bytes activations_left;  // 0 at the end
};

class RankProgram final : private StreamOwner {
public:
    // `multiplicity`: ranks that it runs for.
    RankProgram(StepContext& context, Card& card, std::int64_t rank, const RankGroups& groups,
                std::int64_t multiplicity);
    RankProgram(const RankProgram&) = delete;
    RankProgram& operator=(const RankProgram&) = delete;
    ~RankProgram() = default;

    void start();
    [[nodiscard]] bool finished() const { return task_.done(); }
    void rethrow() const { task_.rethrow(); }
    [[nodiscard]] const RankTotals& totals() const { return totals_; }
    [[nodiscard]] const std::array<Picoseconds, kSpanKinds>& time() const { return ledger_.time(); }
    [[nodiscard]] std::int64_t rank() const { return rank_; }
    [[nodiscard]] std::int64_t multiplicity() const { return multiplicity_; }
    // "rank 12 (tp 4, dp 1, pp 0): all_gather, micro-batch 3 forward"
    [[nodiscard]] std::string state() const;

private:
    // An exchange in flight.
    struct Call {
        RankProgram* owner = nullptr;
        Signal done{0};
        std::string_view label;
        GroupKind group = GroupKind::none;
        WaitCause cause;
        Member member;
        std::uint64_t number = 0;
        TimePoint started{};
        TimePoint ended{};
        std::uint8_t lane = kMainLane;
        std::uint8_t parts = 0;  // a shift has two: its send and its receive
        bool collective = false;
    };
    // Passes run on a lane.
    struct Lane {
        std::array<Call, kSlots> calls;
        std::uint8_t number = 0;
        const char* doing = "not started";
        std::string_view detail;
        PipelineSlot slot;
        bool in_pass = false;
        std::uint64_t shifts = 0;
    };
    // Messages that come to one chunk from one side, in order of micro-batches.
    struct Inbox {
        struct Letter {
            TimePoint sent{};
            std::uint8_t lane = kMainLane;  // of the sender
        };
        std::deque<Letter> letters;  // sent by the neighbour, not yet taken
    };
    enum Direction : std::uint8_t { kForward = 0, kBackward = 1 };

    Task run();
    Task run_pass(std::int64_t slot, Lane& lane);
    Task forward(Lane& lane);
    Task backward(Lane& lane, bool last);
    Task weight_gradients(Lane& lane, bool last);
    Task run_list(const StepList& list, Lane& lane);
    Task receive(Lane& lane, Direction direction);
    Task reduce_gradients();
    Task update();
    Task gather_weights();
    Task use_weights(Lane& lane);
    void ask_for_weights(std::int64_t units);
    [[nodiscard]] bool weights_have_come(std::int64_t unit) const;
    Task blocking_collective(Member member, CollectiveCall call, GroupKind group, std::string_view label);
    Task send(Lane& lane, Direction direction);
    [[nodiscard]] bool host_is_late(std::int32_t operations);
    Task wait_for_host(Lane& lane);
    // The host goes on when the card is here.
    void host_waits() { host_free_ = std::max(host_free_, now()); }
    void begin(const ProgramStep& step, Lane& lane);
    void enter(Call& call, Member member, const CollectiveCall& what);
    void shift(Call& call, Member member, Bytes size, Lane& lane);
    void finish_kernel(const Kernel& kernel, const KernelNature& nature, std::uint16_t label, TimePoint asked,
                       Lane& lane, SpanKind kind);
    void gradients_ready(const ParameterCount& parameters, std::size_t chunk);
    void push_gradients(std::size_t stream);
    void make_streams();
    [[nodiscard]] std::size_t stream_of(std::size_t chunk) const { return gradient_streams_.size() > 1 ? chunk : 0; }
    void note_entry(const Member& member, std::uint8_t lane);
    [[nodiscard]] std::uint64_t group_class(const Member& member) const;
    void stream_begins(const Member& member) override;
    void stream_ends(const Member& member, GroupKind group, std::string_view label, TimePoint start) override;
    static void call_done(void* call, std::uint64_t argument);
    void record_wait(Lane& lane, SpanKind kind, GroupKind group, std::string_view label, TimePoint start,
                     const WaitCause& cause);
    void record_beside(Lane& lane, const Call& call);
    void record_receive(Lane& lane, TimePoint start, TimePoint ready, const WaitCause& cause);
    [[nodiscard]] Span span_of(const Lane& lane, SpanKind kind, std::string_view label, TimePoint start) const;
    void record_norm(TimePoint start, TimePoint last_entry, const WaitCause& cause);
    void emit(Span span);
    void holds_activations(const Lane& lane, bool more);

    [[nodiscard]] const PartProgram& layer_program(std::int64_t layer, const ChunkContent& chunk,
                                                   const Lane& lane) const;
    [[nodiscard]] const PartProgram& mtp_program(const Lane& lane) const;
    [[nodiscard]] Member member_of(const ProgramStep& step, const Lane& lane) const;
    [[nodiscard]] std::int64_t peer_of(const Lane& lane, Direction direction, bool receiving, int& chunk) const;
    [[nodiscard]] std::uint64_t message_tag(const Lane& lane, Direction direction, bool receiving) const;
    [[nodiscard]] const StageContext& stage() const { return context_.stages[static_cast<std::size_t>(place_.pp)]; }
    [[nodiscard]] const ChunkContent& chunk_of(const Lane& lane) const {
        return stage().chunks[static_cast<std::size_t>(lane.slot.chunk)];
    }
    [[nodiscard]] TimePoint now() const { return context_.agenda.now(); }

    StepContext& context_;
    Card& card_;
    std::int64_t rank_;
    std::int64_t multiplicity_;
    RankPlace place_;
    std::int64_t expert_group_;
    const RankGroups& groups_;
    RankTotals totals_;
    Ledger ledger_;
    std::array<Lane, kLanes> lanes_;
    Signal sends_{0};
    Signal gradients_{0};
    // By group of chunks: one, or (DualPipe) one a chunk. Null where nobody shares the parameters.
    std::vector<std::array<std::unique_ptr<CollectiveStream>, 2>> gradient_streams_;  // dense, expert
    std::vector<ParameterCount> unsent_;  // likewise: gradients that are ready, less than a bucket
    WaitCause stream_cause_;              // of the bucket or gather that ended last
    std::array<std::unique_ptr<CollectiveStream>, 2> weight_streams_;  // dense, expert; zero_stage 3
    std::int64_t weights_asked_ = 0;                                   // units
    std::int64_t weights_used_ = 0;
    std::int64_t weights_awaited_ = -1;  // unit
    Signal weights_here_{0};
    std::array<std::vector<Inbox>, 2> inbox_;  // by direction, chunk
    // By seat, for causes.
    std::vector<std::uint64_t> calls_made_;
    std::vector<std::uint64_t> calls_ended_;
    TimePoint card_free_{};
    TimePoint last_sent_{};
    TimePoint host_free_{};  // when the host has issued all that it was asked for so far
    Task task_;
};

}  // namespace myriad
