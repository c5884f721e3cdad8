#pragma once
// What happens to links during a run, as a list of instants.
//
// A link that dies at T carries nothing from T on; routes avoid it from T plus the detection time of the change on. So a
// change may have two instants, one of links and one of routes. A bandwidth factor is a share of the bandwidth at the
// start, whatever factors came before it.

#include "interconnect/topology/changes.h"
#include "interconnect/topology/topology.h"

#include <vector>

namespace myriad {

// Both directions of a link, from an instant on.
struct LinkState {
    EdgeId edge{};
    bool down = false;
    BytesPerSecond bandwidth{};  // per direction, while it is up
    Picoseconds detection{};     // of the change that made it so
};

struct LinkStep {
    Picoseconds at{};
    std::vector<LinkState> links;   // that carry in another way from here on
    std::vector<LinkState> routed;  // that routes take or avoid from here on, as `down` says
};

// Whether the change happens to links, and not before the run.
[[nodiscard]] bool is_timed_link_change(const ClusterChange& change);
[[nodiscard]] bool has_timed_link_changes(const std::vector<ClusterChange>& changes);

// In order of time; within a step in order of the changes. `start`: the topology as it is when the run starts.
[[nodiscard]] std::vector<LinkStep> link_steps(const Topology& start, const std::vector<ClusterChange>& changes);

// Makes the topology what routes see from the step on.
void apply_routed(Topology& topology, const LinkStep& step);

}  // namespace myriad
