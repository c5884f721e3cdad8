#pragma once
// Schedules that use several ways at once: rings in several orders, the dimensions of a grid in several orders. Each
// way carries an equal share of the data.

#include "interconnect/collective/phased_schedule.h"
#include "interconnect/collective/schedule.h"
#include "interconnect/network.h"

#include <memory>
#include <vector>

namespace myriad {

// One ring for each order of the ranks and, with `both_ways`, one against it. A broadcast or reduce is a chain of each.
[[nodiscard]] std::unique_ptr<Schedule> ring_channels(CollectiveOp op, int root,
                                                      const std::vector<std::vector<int>>& orders, bool both_ways);

// Orders for ring_channels() where nothing is known about links. `hierarchy` as for the hierarchical algorithm.
//   flat             r, r + s, r + 2s ... for the up to four smallest s that have no factor in common with the number
//                    of ranks and are at most half of it: rings that share no link on a full mesh
//   two dimensions   servers one after another; channel c of up to eight (one a card) goes through every second server
//   or more          as c, c + 1 ... c - 1, through the others backwards, so that each channel leaves and enters
//                    servers by a card of its own, the same at both ends (but for the last server of an odd number)
[[nodiscard]] std::vector<std::vector<int>> rotated_orders(const std::vector<int>& hierarchy);

// The dimensions of a grid at once: for each of D dimensions a PhasedSchedule that begins with it and goes on with the
// next ones around; when a dimension is a ring, each of them a second time with all rings the other way. On a torus
// this is the bucket algorithm in all dimensions and directions; on K4 x K4 rows and columns work at the same time.
[[nodiscard]] std::unique_ptr<Schedule> grid_channels(CollectiveOp op, int root,
                                                      const std::vector<ScheduleDimension>& dimensions);

}  // namespace myriad
