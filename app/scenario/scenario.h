#pragma once
// One experiment as data: which cluster, at which fidelity, doing what. Filled by app/config_files.

#include "app/scenario/hardware.h"
#include "app/scenario/placement.h"
#include "interconnect/collective/listed_schedule.h"
#include "interconnect/network.h"
#include "interconnect/packet/flow_control.h"
#include "models/card.h"
#include "sim/identity/card_id.h"
#include "sim/units/units.h"
#include "workloads/inference/plan.h"
#include "workloads/iteration/iteration.h"
#include "workloads/llm/model_config.h"
#include "workloads/traffic/traffic.h"
#include "workloads/training/plan.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace myriad {

enum class NetworkLevel : std::uint8_t { packet, flow, analytic };
enum class CardLevel : std::uint8_t { roofline, tile, live };

struct FidelityConfig {
    NetworkLevel network = NetworkLevel::packet;
    CardLevel card = CardLevel::roofline;
    Bytes cell;                 // payload of a packet at packet level
    bool interference = false;  // kernels and messages of a card slow each other down
    bool fold = false;          // network flow: identical cards are run once
    QueueingConfig queueing{};  // of the links at packet level, with what server and fabric say of their buffers
};

// One training step of `model`. Rank r of the plan runs on cards[r].
struct TrainingWorkload {
    LlmConfig model;
    ParallelPlan plan;
    std::vector<CardId> cards;
};

// Steps of prefill or decode of `model`. Rank r of the plan runs on cards[r].
struct InferenceWorkload {
    LlmConfig model;
    InferencePlan plan;
    std::vector<CardId> cards;
};

// One collective after another, one a size.
struct CollectiveWorkload {
    CollectiveOp op = CollectiveOp::all_reduce;
    CollectiveAlgorithm algorithm = CollectiveAlgorithm::automatic;
    std::vector<Bytes> sizes;
    std::vector<CardId> cards;                // rank r runs on cards[r]; never empty
    std::vector<int> hierarchy;               // innermost first; empty: taken from the topology
    std::vector<std::int64_t> block_weights;  // all_to_allv: as in CommunicatorSpec
    std::optional<ScheduleListing> schedule;  // user_schedule
};

// The same GEMM on every card, some times; an all-reduce of all cards; a copy between two: what is given starts at once.
// Each is also run alone before.
struct OverlapWorkload {
    struct Gemm {
        GemmShape shape;
        DataType type = DataType::bf16;
        std::int64_t repeats = 1;
    };
    struct Collective {
        CollectiveOp op = CollectiveOp::all_reduce;
        CollectiveAlgorithm algorithm = CollectiveAlgorithm::automatic;
        Bytes size;
    };
    struct Copy {
        CardId from{};
        CardId to{};
        Bytes size;
        bool read = true;  // `to` loads; else `from` stores
    };
    std::optional<Gemm> gemm;
    std::optional<Collective> collective;
    std::optional<Copy> copy;
    std::int64_t communication_cores = 16;  // of a card, for each kernel of communication; live level
};

// Flows between cards, all posted at once.
struct TrafficWorkload {
    TrafficSpec traffic;
};

// Computing as plain time and all-reduces, on the network alone.
struct IterationWorkload {
    IterationSpec iteration;
};

struct Scenario {
    std::string name;
    std::string title;
    ClusterFile cluster;
    FidelityConfig fidelity;
    std::uint64_t seed = 1;
    PlacementConfig placement;
    std::variant<TrainingWorkload, CollectiveWorkload, OverlapWorkload, TrafficWorkload, IterationWorkload,
                 InferenceWorkload>
        workload;
};

}  // namespace myriad
