// The choice follows what communication libraries do, without their tuning tables: links of one's own are used all at
// once, servers are left last and with the least data, and a long latency is paid log2(n) times instead of n times.

#include "interconnect/collective/make_schedule.h"

#include "interconnect/collective/algorithm_table.h"
#include "sim/error/error.h"

#include <algorithm>
#include <bit>

#include <fmt/format.h>

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
    if (op == CollectiveOp::all_to_all || op == CollectiveOp::all_to_allv) {
        return {CollectiveAlgorithm::direct,
                fmt::format("picked direct: in an {} of {} ranks every pair has its own data", name_of(op), ranks)};
    }
    if (op == CollectiveOp::broadcast) {
        return {CollectiveAlgorithm::ring, fmt::format("picked ring: a broadcast to {} ranks is a pipeline", ranks)};
    }
    if (op == CollectiveOp::reduce) {
        return {CollectiveAlgorithm::ring, fmt::format("picked ring: a reduce of {} ranks is a pipeline", ranks)};
    }
    if (op == CollectiveOp::gather || op == CollectiveOp::scatter) {
        return {CollectiveAlgorithm::direct,
                fmt::format("picked direct: the {} ranks' parts all end or begin at one rank", ranks)};
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

int GroupShape::ranks() const {
    std::int64_t product = 1;
    for (const int size : hierarchy) {
        product = std::min<std::int64_t>(product * std::max(size, 0), 2LL * kRanksMax);
    }
    return static_cast<int>(product);
}

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
    if (op == CollectiveOp::all_to_allv || (op == CollectiveOp::all_to_all && ranks <= kDirectAllToAllRanksMax)) {
        // Going by dimensions sends every byte once a dimension; libraries send it straight.
        return choose_flat(op, ranks, CollectiveAlgorithm::ring);
    }
    return {CollectiveAlgorithm::hierarchical,
            fmt::format("picked hierarchical {}: {}, innermost first", hierarchy_text(sizes), parts)};
}

std::unique_ptr<Schedule> make_schedule(const ScheduleRequest& request) {
    const int ranks = request.shape.ranks();
    if (ranks < 1 || ranks > kRanksMax) {
        throw UserError(fmt::format("a group has 1 to {} ranks, found {}", kRanksMax, ranks));
    }
    if (request.root < 0 || request.root >= ranks) {
        throw UserError(fmt::format("root {} is not a rank of a group of {}", request.root, ranks));
    }
    const std::string why_not = obstacle(request.op, request.algorithm, request.shape);
    if (!why_not.empty()) {
        throw UserError(why_not);
    }
    return entry_of(request.algorithm).make(request);
}

std::unique_ptr<Schedule> make_schedule(CollectiveOp op, CollectiveAlgorithm algorithm, int ranks,
                                        const std::vector<int>& hierarchy, int root,
                                        const std::vector<CollectiveAlgorithm>& per_dimension, Bytes size) {
    GroupShape shape{.hierarchy = hierarchy, .per_dimension = per_dimension};
    if (hierarchy.empty() && algorithm != CollectiveAlgorithm::hierarchical) {
        shape = {.hierarchy = {ranks}};
    }
    check_hierarchy(shape.hierarchy, ranks);
    return make_schedule({op, algorithm, std::move(shape), root, size});
}

std::vector<CollectiveAlgorithm> candidates(CollectiveOp op, const GroupShape& shape) {
    std::vector<CollectiveAlgorithm> able;
    for (const AlgorithmEntry& entry : algorithm_table()) {
        if (can_do(entry, op) && (entry.fits == nullptr || entry.fits(shape))) {
            able.push_back(entry.algorithm);
        }
    }
    return able;
}

std::string obstacle(CollectiveOp op, CollectiveAlgorithm algorithm, const GroupShape& shape) {
    const AlgorithmEntry& entry = entry_of(algorithm);
    std::vector<std::string_view> others;
    for (const CollectiveAlgorithm able : candidates(op, shape)) {
        others.push_back(name_of(able));
    }
    if (!can_do(entry, op)) {
        std::vector<std::string_view> ops;
        for (const CollectiveOp done : entry.ops) {
            ops.push_back(name_of(done));
        }
        return fmt::format("{} does {}, not {}; for this group {} can be done by {}", name_of(algorithm),
                           fmt::join(ops, ", "), name_of(op), name_of(op), fmt::join(others, ", "));
    }
    if (entry.fits != nullptr && !entry.fits(shape)) {
        return fmt::format("{} needs {}, found {}; {} can be done by {}", name_of(algorithm), entry.needs,
                           hierarchy_text(shape.hierarchy), name_of(op), fmt::join(others, ", "));
    }
    return {};
}

bool depends_on_size(CollectiveOp op, CollectiveAlgorithm algorithm) {
    return op == CollectiveOp::all_to_allv ||
           (algorithm != CollectiveAlgorithm::automatic && entry_of(algorithm).sized);
}

}  // namespace myriad
