// Every channel is a schedule of its own over renamed ranks; side by side they share the data equally, which assumes that
// their ways are equally fast.

#include "interconnect/collective/channels.h"

#include "interconnect/collective/chain_schedule.h"
#include "interconnect/collective/concurrent_schedule.h"
#include "interconnect/collective/relabelled_schedule.h"
#include "sim/error/error.h"

#include <algorithm>
#include <numeric>

namespace myriad {

namespace {

constexpr int kStridesMax = 4;
constexpr int kChannelsMax = 8;

int place_in(const std::vector<int>& order, int rank) {
    return static_cast<int>(std::find(order.begin(), order.end(), rank) - order.begin());
}

std::unique_ptr<Schedule> ring_of(CollectiveOp op, int root, std::vector<int> order) {
    const int ranks = static_cast<int>(order.size());
    const int root_place = place_in(order, root);
    std::unique_ptr<Schedule> ring;
    if (op == CollectiveOp::broadcast || op == CollectiveOp::reduce) {
        ring = std::make_unique<ChainSchedule>(op, ranks, root_place);
    } else {
        ring = std::make_unique<PhasedSchedule>(op, std::vector<ScheduleDimension>{{ranks, CollectiveAlgorithm::ring}},
                                                root_place);
    }
    return std::make_unique<RelabelledSchedule>(std::move(ring), std::move(order));
}

// The ranks in the order of a grid whose dimensions begin with number `first`, rings turned around on demand.
std::vector<int> grid_order(const std::vector<ScheduleDimension>& dimensions, std::size_t first, bool backwards) {
    std::vector<int> order{0};
    for (std::size_t i = 0; i < dimensions.size(); ++i) {
        const std::size_t d = (first + i) % dimensions.size();
        int stride = 1;
        for (std::size_t inner = 0; inner < d; ++inner) {
            stride *= dimensions[inner].size;
        }
        const int size = dimensions[d].size;
        const bool turned = backwards && dimensions[d].algorithm == CollectiveAlgorithm::ring;
        const std::size_t known = order.size();
        for (int c = 1; c < size; ++c) {
            for (std::size_t place = 0; place < known; ++place) {
                order.push_back(order[place] + (turned ? size - c : c) * stride);
            }
        }
    }
    return order;
}

}  // namespace

std::unique_ptr<Schedule> ring_channels(CollectiveOp op, int root, const std::vector<std::vector<int>>& orders,
                                        bool both_ways) {
    std::vector<std::unique_ptr<Schedule>> rings;
    for (const std::vector<int>& order : orders) {
        rings.push_back(ring_of(op, root, order));
        if (both_ways) {
            rings.push_back(ring_of(op, root, {order.rbegin(), order.rend()}));
        }
    }
    return std::make_unique<ConcurrentSchedule>(std::move(rings));
}

std::vector<std::vector<int>> rotated_orders(const std::vector<int>& hierarchy) {
    const int ranks = std::accumulate(hierarchy.begin(), hierarchy.end(), 1, std::multiplies<>());
    const int servers = hierarchy.size() > 1 ? hierarchy.back() : 1;
    const int inside = ranks / servers;
    std::vector<std::vector<int>> orders;
    if (servers == 1 || inside == 1) {
        for (int stride = 1; stride <= std::max(1, ranks / 2) && orders.size() < kStridesMax; ++stride) {
            if (std::gcd(stride, ranks) == 1) {
                std::vector<int>& order = orders.emplace_back();
                for (std::int64_t i = 0; i < ranks; ++i) {
                    order.push_back(static_cast<int>(i * stride % ranks));
                }
            }
        }
        return orders;
    }
    for (int channel = 0; channel < std::min(inside, kChannelsMax); ++channel) {
        std::vector<int>& order = orders.emplace_back();
        for (int server = 0; server < servers; ++server) {
            for (int i = 0; i < inside; ++i) {
                const int step = server % 2 == 0 ? i : inside - 1 - i;
                order.push_back(server * inside + (channel + step) % inside);
            }
        }
    }
    return orders;
}

std::unique_ptr<Schedule> grid_channels(CollectiveOp op, int root, const std::vector<ScheduleDimension>& dimensions) {
    std::vector<ScheduleDimension> grid;
    std::copy_if(dimensions.begin(), dimensions.end(), std::back_inserter(grid),
                 [](const ScheduleDimension& dimension) { return dimension.size > 1; });
    MYRIAD_CHECK(!grid.empty(), "a grid has a dimension");
    const bool rings = std::any_of(grid.begin(), grid.end(), [](const ScheduleDimension& dimension) {
        return dimension.algorithm == CollectiveAlgorithm::ring;
    });
    std::vector<std::unique_ptr<Schedule>> ways;
    for (std::size_t first = 0; first < grid.size(); ++first) {
        std::vector<ScheduleDimension> turned = grid;
        std::rotate(turned.begin(), turned.begin() + static_cast<std::ptrdiff_t>(first), turned.end());
        for (const bool backwards : {false, true}) {
            if (backwards && !rings) {
                continue;
            }
            std::vector<int> order = grid_order(grid, first, backwards);
            auto phased = std::make_unique<PhasedSchedule>(op, turned, place_in(order, root));
            ways.push_back(std::make_unique<RelabelledSchedule>(std::move(phased), std::move(order)));
        }
    }
    return std::make_unique<ConcurrentSchedule>(std::move(ways));
}

}  // namespace myriad
