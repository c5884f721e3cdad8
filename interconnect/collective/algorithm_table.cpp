// The table, and the makers that are more than a constructor.

#include "interconnect/collective/algorithm_table.h"

#include "interconnect/collective/binomial_schedule.h"
#include "interconnect/collective/borrowed_schedule.h"
#include "interconnect/collective/bruck_schedule.h"
#include "interconnect/collective/chain_schedule.h"
#include "interconnect/collective/channels.h"
#include "interconnect/collective/doubling_schedule.h"
#include "interconnect/collective/folded_schedule.h"
#include "interconnect/collective/in_network_schedule.h"
#include "interconnect/collective/pairwise_schedule.h"
#include "interconnect/collective/phased_schedule.h"
#include "interconnect/collective/tree_schedule.h"
#include "interconnect/collective/uneven_exchange.h"
#include "sim/error/error.h"

#include <algorithm>
#include <bit>
#include <numeric>

namespace myriad {

namespace {

using Op = CollectiveOp;
using Algorithm = CollectiveAlgorithm;

std::unique_ptr<Schedule> flat(const ScheduleRequest& request, Algorithm algorithm) {
    return std::make_unique<PhasedSchedule>(
        request.op, std::vector<ScheduleDimension>{{request.shape.ranks(), algorithm}}, request.root);
}

std::unique_ptr<Schedule> ring(const ScheduleRequest& request) {
    if (request.op == Op::broadcast || request.op == Op::reduce) {
        return std::make_unique<ChainSchedule>(request.op, request.shape.ranks(), request.root);
    }
    return flat(request, Algorithm::ring);
}

std::unique_ptr<Schedule> bidirectional_ring(const ScheduleRequest& request) {
    std::vector<int> order(static_cast<std::size_t>(request.shape.ranks()));
    std::iota(order.begin(), order.end(), 0);
    return ring_channels(request.op, request.root, {order}, true);
}

std::unique_ptr<Schedule> multi_ring(const ScheduleRequest& request) {
    const auto& found = request.shape.rings;
    return ring_channels(request.op, request.root, found.empty() ? rotated_orders(request.shape.hierarchy) : found,
                         true);
}

std::unique_ptr<Schedule> uneven(const ScheduleRequest& request, UnevenExchange::Order order) {
    const int ranks = request.shape.ranks();
    const BlockWeights& stated = request.shape.block_weights;
    const BlockWeights weights = stated.empty() ? block_weights(BlockDistribution::even, ranks, 0.0, 0) : stated;
    return std::make_unique<UnevenExchange>(block_bytes(weights, ranks, request.size), ranks, order);
}

std::unique_ptr<Schedule> direct(const ScheduleRequest& request) {
    return request.op == Op::all_to_allv ? uneven(request, UnevenExchange::Order::direct)
                                         : flat(request, Algorithm::direct);
}

std::unique_ptr<Schedule> folded(const ScheduleRequest& request, Algorithm core, FoldedSchedule::Fold fold) {
    const int ranks = request.shape.ranks();
    const int inner = FoldedSchedule::core_ranks(ranks);
    std::unique_ptr<Schedule> schedule;
    if (core == Algorithm::recursive_doubling) {
        schedule = std::make_unique<DoublingSchedule>(inner);
    } else {
        schedule = std::make_unique<PhasedSchedule>(
            request.op, std::vector<ScheduleDimension>{{inner, Algorithm::halving_doubling}},
            FoldedSchedule::core_root(ranks, request.root));
    }
    if (inner == ranks) {
        return schedule;
    }
    return std::make_unique<FoldedSchedule>(request.op, ranks, request.root, std::move(schedule), fold);
}

std::unique_ptr<Schedule> pairwise(const ScheduleRequest& request) {
    if (request.op == Op::all_to_allv) {
        return uneven(request, UnevenExchange::Order::pairwise);
    }
    return std::make_unique<PairwiseSchedule>(request.shape.ranks());
}

std::unique_ptr<Schedule> halving_doubling(const ScheduleRequest& request) {
    return request.op == Op::all_to_all ? pairwise(request)
                                        : folded(request, Algorithm::halving_doubling, FoldedSchedule::Fold::whole);
}

std::unique_ptr<Schedule> rabenseifner(const ScheduleRequest& request) {
    return folded(request, Algorithm::halving_doubling, FoldedSchedule::Fold::halves);
}

std::unique_ptr<Schedule> recursive_doubling(const ScheduleRequest& request) {
    return folded(request, Algorithm::recursive_doubling, FoldedSchedule::Fold::whole);
}

std::unique_ptr<Schedule> bruck(const ScheduleRequest& request) {
    return std::make_unique<BruckSchedule>(request.op, request.shape.ranks());
}

std::unique_ptr<Schedule> binomial_tree(const ScheduleRequest& request) {
    return std::make_unique<BinomialSchedule>(request.op, request.shape.ranks(), request.root);
}

std::unique_ptr<Schedule> two_trees(const ScheduleRequest& request) {
    const std::vector<int>& hierarchy = request.shape.hierarchy;
    const int ranks = request.shape.ranks();
    const int inside = hierarchy.size() > 1 ? ranks / hierarchy.back() : 1;
    return double_binary_tree(request.op, ranks, inside, request.root, request.size);
}

std::vector<ScheduleDimension> dimensions_of(const GroupShape& shape) {
    const std::vector<Algorithm> algorithms =
        shape.per_dimension.empty() ? default_per_dimension(shape.hierarchy) : shape.per_dimension;
    MYRIAD_CHECK(algorithms.size() == shape.hierarchy.size(), "one algorithm for each dimension of the hierarchy");
    std::vector<ScheduleDimension> dimensions;
    for (std::size_t d = 0; d < algorithms.size(); ++d) {
        const bool simple = algorithms[d] == Algorithm::ring || algorithms[d] == Algorithm::direct ||
                            algorithms[d] == Algorithm::halving_doubling;
        MYRIAD_CHECK(simple, "a dimension takes ring, direct or halving_doubling");
        dimensions.push_back({shape.hierarchy[d], algorithms[d]});
    }
    return dimensions;
}

std::unique_ptr<Schedule> hierarchical(const ScheduleRequest& request) {
    return std::make_unique<PhasedSchedule>(request.op, dimensions_of(request.shape), request.root);
}

std::unique_ptr<Schedule> multi_dimensional(const ScheduleRequest& request) {
    return grid_channels(request.op, request.root, dimensions_of(request.shape));
}

// A dimension is done by a simple algorithm: halving is not folded there, because what a pair shares would no longer be
// one range for the other dimensions.
bool dimensions_can(const GroupShape& shape) {
    const std::vector<Algorithm> algorithms =
        shape.per_dimension.empty() ? default_per_dimension(shape.hierarchy) : shape.per_dimension;
    for (std::size_t d = 0; d < algorithms.size() && d < shape.hierarchy.size(); ++d) {
        const bool halving = algorithms[d] == Algorithm::halving_doubling;
        if (halving && !std::has_single_bit(static_cast<unsigned>(shape.hierarchy[d]))) {
            return false;
        }
    }
    return true;
}

std::unique_ptr<Schedule> in_network(const ScheduleRequest& request) {
    return std::make_unique<InNetworkSchedule>(request.op, request.shape.ranks(),
                                               InNetworkSchedule::pieces_for(request.size));
}

bool on_reducing_switch(const GroupShape& shape) { return shape.on_reducing_switch; }

std::unique_ptr<Schedule> user_schedule(const ScheduleRequest& request) {
    return std::make_unique<BorrowedSchedule>(*request.shape.schedule);
}

bool has_schedule(const GroupShape& shape) {
    return shape.schedule != nullptr && shape.schedule->ranks() == shape.ranks();
}

bool three_or_more(const GroupShape& shape) { return shape.ranks() >= 3; }

bool is_grid(const GroupShape& shape) {
    return dimensions_can(shape) &&
           std::count_if(shape.hierarchy.begin(), shape.hierarchy.end(), [](int size) { return size > 1; }) >= 2;
}

constexpr std::string_view kSwitch = "all ranks behind one switch that reduces (server key switch_reduction)";
constexpr std::string_view kSchedule = "a schedule for as many ranks as the group has";
constexpr std::string_view kRing = "3 ranks or more";
constexpr std::string_view kGrid =
    "two dimensions or more, such as hierarchy 4x4, and powers of two where a dimension is halved";
constexpr std::string_view kHalving = "a power of two of ranks in each dimension that is halved";

}  // namespace

const std::vector<AlgorithmEntry>& algorithm_table() {
    static const std::vector<Op> all{Op::all_reduce, Op::all_gather, Op::reduce_scatter, Op::all_to_all,
                                     Op::broadcast,  Op::reduce,     Op::gather,         Op::scatter};
    static const std::vector<Op> all_and_uneven = [] {
        std::vector<Op> ops = all;
        ops.push_back(Op::all_to_allv);
        return ops;
    }();
    static const std::vector<Op> trees{Op::all_reduce, Op::broadcast, Op::reduce};
    static const std::vector<Op> rooted{Op::broadcast, Op::reduce, Op::gather, Op::scatter};
    static const std::vector<Op> reduced{Op::all_reduce, Op::all_gather, Op::reduce_scatter};
    static const std::vector<AlgorithmEntry> table{
        {Algorithm::ring, all, {}, nullptr, false, ring},
        {Algorithm::bidirectional_ring, all, kRing, three_or_more, false, bidirectional_ring},
        {Algorithm::multi_ring, all, kRing, three_or_more, false, multi_ring},
        {Algorithm::direct, all_and_uneven, {}, nullptr, false, direct},
        {Algorithm::halving_doubling, all, {}, nullptr, false, halving_doubling},
        {Algorithm::rabenseifner, {Op::all_reduce, Op::reduce}, {}, nullptr, false, rabenseifner},
        {Algorithm::recursive_doubling, {Op::all_reduce}, {}, nullptr, false, recursive_doubling},
        {Algorithm::bruck, {Op::all_gather, Op::all_to_all}, {}, nullptr, false, bruck},
        {Algorithm::pairwise, {Op::all_to_all, Op::all_to_allv}, {}, nullptr, false, pairwise},
        {Algorithm::binomial_tree, rooted, {}, nullptr, false, binomial_tree},
        {Algorithm::double_binary_tree, trees, {}, nullptr, true, two_trees},
        {Algorithm::hierarchical, all, kHalving, dimensions_can, false, hierarchical},
        {Algorithm::multi_dimensional, all, kGrid, is_grid, false, multi_dimensional},
        {Algorithm::in_network, reduced, kSwitch, on_reducing_switch, true, in_network},
        {Algorithm::user_schedule, all, kSchedule, has_schedule, false, user_schedule},
    };
    return table;
}

const AlgorithmEntry& entry_of(CollectiveAlgorithm algorithm) {
    const auto& table = algorithm_table();
    const auto found = std::find_if(table.begin(), table.end(),
                                    [&](const AlgorithmEntry& entry) { return entry.algorithm == algorithm; });
    MYRIAD_CHECK(found != table.end(), "choose_algorithm comes before the table");
    return *found;
}

bool can_do(const AlgorithmEntry& entry, CollectiveOp op) {
    return std::find(entry.ops.begin(), entry.ops.end(), op) != entry.ops.end();
}

}  // namespace myriad
