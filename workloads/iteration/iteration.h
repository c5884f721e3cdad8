#pragma once
// A training-like iteration without a model: blocks of computing (plain time) and of collectives, on a network alone. The
// shape by which network simulators are compared:
//
//   forward   for each layer, for each block: compute, then the tensor-parallel all-reduce, waited for
//   backward  likewise; after each layer the data-parallel all-reduce of its gradients, waited for at the end of the
//             iteration (overlapped) or at once
//
// Rank r computes on card r. Tensor-parallel groups are neighbours; data-parallel groups take every tensor_parallel-th
// card.

#include "interconnect/network.h"
#include "sim/time/agenda.h"
#include "sim/units/units.h"
#include "workloads/training/span.h"

#include <cstdint>
#include <deque>
#include <vector>

namespace myriad {

struct IterationSpec {
    std::int64_t layers = 1;
    std::int64_t blocks = 2;  // of a layer
    Picoseconds forward_compute{};
    Picoseconds backward_compute{};  // of a block
    int tensor_parallel = 1;
    int data_parallel = 1;
    Bytes tensor_size;  // of each all-reduce; 0: none
    Bytes data_size;
    CollectiveAlgorithm tensor_algorithm = CollectiveAlgorithm::automatic;
    CollectiveAlgorithm data_algorithm = CollectiveAlgorithm::automatic;
    bool overlap_gradient_reduction = true;

    [[nodiscard]] std::int64_t ranks() const { return std::int64_t{tensor_parallel} * data_parallel; }
    // What a rank computes: no iteration is shorter.
    [[nodiscard]] Picoseconds compute() const { return layers * blocks * (forward_compute + backward_compute); }
};

struct IterationResult {
    Picoseconds time{};            // until the last rank is done
    Picoseconds compute{};         // of a rank
    Picoseconds tensor_exposed{};  // waiting for the tensor-parallel collective, mean over ranks
    Picoseconds data_exposed{};    // for the data-parallel one, likewise
    std::int64_t collectives = 0;  // entered, over all ranks
};

class Iteration final : private AgendaClient {
public:
    // Enrolls itself as `self`. Everything given must outlive the iteration. `spans`: of every rank, if wanted.
    Iteration(const IterationSpec& spec, Network& network, Agenda& agenda, ComponentId self, SpanSink* spans = nullptr);

    void start();
    [[nodiscard]] bool finished() const { return unfinished_ == 0; }
    [[nodiscard]] IterationResult result() const;

private:
    struct Rank {
        std::int64_t block = 0;  // of 2 * layers * blocks, forward first
        TimePoint waiting_since;
        Picoseconds tensor_exposed{};
        Picoseconds data_exposed{};
        std::int32_t reductions = 0;  // under way
        bool at_end = false;
        bool waits = false;  // for reductions
    };

    void create_groups();
    void compute(std::size_t rank);
    void on_agenda(const AgendaRecord& record) override;
    void end_block(std::size_t rank);
    void go_on(std::size_t rank);
    void tell(std::size_t rank, SpanKind kind, std::string_view label, TimePoint start, std::uint8_t lane = kMainLane);
    static void tensor_done(void* self, std::uint64_t rank);
    static void data_done(void* self, std::uint64_t rank);

    IterationSpec spec_;
    Network& network_;
    Agenda& agenda_;
    ComponentId self_;
    std::vector<Rank> ranks_;
    std::vector<CommunicatorId> tensor_groups_;
    std::vector<CommunicatorId> data_groups_;
    std::int64_t unfinished_ = 0;
    std::int64_t collectives_ = 0;
    SpanSink* spans_;
    std::vector<std::deque<TimePoint>> reductions_began_;  // by rank, oldest first; where spans are wanted
    TimePoint started_;
    TimePoint ended_;
};

}  // namespace myriad
