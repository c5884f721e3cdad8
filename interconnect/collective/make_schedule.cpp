// The choice follows what communication libraries do, without their tuning tables: links of one's own are used all at
// once, servers are left last and with the least data, and a long latency is paid log2(n) times instead of n times.

#include "interconnect/collective/make_schedule.h"

#include "interconnect/collective/chain_broadcast.h"
#include "interconnect/collective/phased_schedule.h"
#include "sim/error/error.h"

#include <algorithm>
#include <bit>

#include <fmt/core.h>

namespace myriad {

namespace {

constexpr int kRanksMax = 1 << 20;

bool is_power_of_two(int n) { return n > 0 && std::has_single_bit(static_cast<unsigned>(n)); }

// Above, n (n - 1) messages are too many, for a library's buffers as for a simulation of each.
constexpr int kDirectAllToAllRanksMax = 2048;

std::vector<int> without_ones(const std::vector<int>& hierarchy) {
    std::vector<int> sizes;
    std::copy_if(hierarchy.begin(), hierarchy.end(), std::back_inserter(sizes), [](int n) { return n > 1; });
    return sizes;
}

void check_dimension(CollectiveAlgorithm algorithm, int size) {
    MYRIAD_CHECK(algorithm == CollectiveAlgorithm::ring || algorithm == CollectiveAlgorithm::direct ||
                     algorithm == CollectiveAlgorithm::halving_doubling,
                 "a dimension takes ring, direct or halving_doubling");
    if (algorithm == CollectiveAlgorithm::halving_doubling && !is_power_of_two(size)) {
        throw UserError(fmt::format(
            "halving_doubling needs a power of two of ranks, found {}; ring, direct and hierarchical take any number",
            size));
    }
}

void check_hierarchy(const std::vector<int>& hierarchy, int ranks) {
    std::int64_t product = 1;
    for (const int size : hierarchy) {
        if (size < 1) {
            throw UserError(fmt::format("a hierarchy has positive sizes, found {}", hierarchy_text(hierarchy)));
        }
        product = std::min<std::int64_t>(product * size, 2LL * kRanksMax);
    }
    if (hierarchy.empty() || product != ranks) {
        throw UserError(fmt::format("hierarchy {} does not make up the group of {} ranks",
                                    hierarchy.empty() ? std::string{"(none)"} : hierarchy_text(hierarchy), ranks));
    }
}

AlgorithmChoice choose_flat(CollectiveOp op, int ranks, CollectiveAlgorithm fits) {
    if (fits == CollectiveAlgorithm::direct) {
        return {fits,
                fmt::format("picked direct: each of the {} ranks reaches every other without sharing a link", ranks)};
    }
    if (op == CollectiveOp::all_to_all) {
        return {CollectiveAlgorithm::direct,
                fmt::format("picked direct: in an all_to_all of {} ranks every pair has its own data", ranks)};
    }
    if (op == CollectiveOp::broadcast) {
        return {CollectiveAlgorithm::ring, fmt::format("picked ring: a broadcast to {} ranks is a pipeline", ranks)};
    }
    if (fits == CollectiveAlgorithm::halving_doubling && is_power_of_two(ranks)) {
        return {fits,
                fmt::format("picked halving_doubling: {} ranks without links of their own, a power of two", ranks)};
    }
    return {CollectiveAlgorithm::ring,
            fmt::format("picked ring: {} ranks, {}", ranks,
                        is_power_of_two(ranks) ? "neighbours have links of their own" : "not a power of two")};
}

}  // namespace

std::string hierarchy_text(const std::vector<int>& hierarchy) {
    std::string text;
    for (const int size : hierarchy) {
        text += fmt::format("{}{}", text.empty() ? "" : "x", size);
    }
    return text;
}

std::vector<CollectiveAlgorithm> default_per_dimension(const std::vector<int>& hierarchy) {
    std::vector<CollectiveAlgorithm> algorithms(hierarchy.size(), CollectiveAlgorithm::direct);
    if (hierarchy.size() > 1) {
        algorithms.back() =
            is_power_of_two(hierarchy.back()) ? CollectiveAlgorithm::halving_doubling : CollectiveAlgorithm::ring;
    }
    return algorithms;
}

AlgorithmChoice choose_algorithm(CollectiveOp op, CollectiveAlgorithm wanted, const GroupShape& shape) {
    if (wanted != CollectiveAlgorithm::automatic) {
        return {wanted, {}};
    }
    int ranks = 1;
    CollectiveAlgorithm fits = CollectiveAlgorithm::direct;
    std::string parts;
    for (std::size_t d = 0; d < shape.hierarchy.size(); ++d) {
        ranks *= shape.hierarchy[d];
        if (shape.hierarchy[d] > 1) {
            fits = d < shape.per_dimension.size() ? shape.per_dimension[d] : CollectiveAlgorithm::ring;
            parts += fmt::format("{}{} in {}", parts.empty() ? "" : ", ", name_of(fits), shape.hierarchy[d]);
        }
    }
    const std::vector<int> sizes = without_ones(shape.hierarchy);
    if (sizes.size() < 2) {
        return choose_flat(op, ranks, fits);
    }
    if (op == CollectiveOp::all_to_all && ranks <= kDirectAllToAllRanksMax) {
        // Going by dimensions sends every byte once a dimension; libraries send it straight.
        return choose_flat(op, ranks, CollectiveAlgorithm::ring);
    }
    return {CollectiveAlgorithm::hierarchical,
            fmt::format("picked hierarchical {}: {}, innermost first", hierarchy_text(sizes), parts)};
}

std::unique_ptr<Schedule> make_schedule(CollectiveOp op, CollectiveAlgorithm algorithm, int ranks,
                                        const std::vector<int>& hierarchy, int root,
                                        const std::vector<CollectiveAlgorithm>& per_dimension) {
    MYRIAD_CHECK(algorithm != CollectiveAlgorithm::automatic, "choose_algorithm comes before make_schedule");
    if (ranks < 1 || ranks > kRanksMax) {
        throw UserError(fmt::format("a group has 1 to {} ranks, found {}", kRanksMax, ranks));
    }
    if (root < 0 || root >= ranks) {
        throw UserError(fmt::format("root {} is not a rank of a group of {}", root, ranks));
    }
    if (algorithm != CollectiveAlgorithm::hierarchical) {
        check_dimension(algorithm, ranks);
        if (op == CollectiveOp::broadcast && algorithm == CollectiveAlgorithm::ring) {
            return std::make_unique<ChainBroadcast>(ranks, root);
        }
        return std::make_unique<PhasedSchedule>(op, std::vector<ScheduleDimension>{{ranks, algorithm}}, root);
    }
    check_hierarchy(hierarchy, ranks);
    MYRIAD_CHECK(per_dimension.empty() || per_dimension.size() == hierarchy.size(),
                 "one algorithm for each dimension of the hierarchy");
    const std::vector<CollectiveAlgorithm> algorithms =
        per_dimension.empty() ? default_per_dimension(hierarchy) : per_dimension;
    std::vector<ScheduleDimension> dimensions;
    for (std::size_t d = 0; d < hierarchy.size(); ++d) {
        check_dimension(algorithms[d], hierarchy[d]);
        dimensions.push_back({hierarchy[d], algorithms[d]});
    }
    return std::make_unique<PhasedSchedule>(op, dimensions, root);
}

}  // namespace myriad
