// Changes in order of time, each applied to what the ones before it left.

#include "interconnect/topology/link_steps.h"

#include <algorithm>
#include <map>

namespace myriad {
namespace {

std::vector<const ClusterChange*> in_order_of_time(const std::vector<ClusterChange>& changes) {
    std::vector<const ClusterChange*> timed;
    for (const ClusterChange& change : changes) {
        if (is_timed_link_change(change)) {
            timed.push_back(&change);
        }
    }
    std::stable_sort(timed.begin(), timed.end(),
                     [](const ClusterChange* a, const ClusterChange* b) { return a->at < b->at; });
    return timed;
}

BytesPerSecond factored(BytesPerSecond bandwidth, double factor) {
    return BytesPerSecond{
        std::max<std::int64_t>(1, static_cast<std::int64_t>(static_cast<double>(bandwidth.count()) * factor + 0.5))};
}

}  // namespace

bool is_timed_link_change(const ClusterChange& change) {
    return change.at.count() > 0 && change.target != ChangeTarget::card;
}

bool has_timed_link_changes(const std::vector<ClusterChange>& changes) {
    return std::any_of(changes.begin(), changes.end(), is_timed_link_change);
}

std::vector<LinkStep> link_steps(const Topology& start, const std::vector<ClusterChange>& changes) {
    std::map<Picoseconds, LinkStep> steps;
    std::map<std::uint32_t, LinkState> now;
    // Of two changes of one link the later one counts, even if it is noticed before the other.
    std::map<std::uint32_t, Picoseconds> routes_follow;
    for (const ClusterChange* change : in_order_of_time(changes)) {
        for (const std::uint32_t number : scope_of(start, *change).links) {
            const EdgeId edge{number};
            const BytesPerSecond whole = class_of(start, edge).bandwidth;
            LinkState& state =
                now.try_emplace(number, LinkState{edge, start.edges[number].down, whole, {}}).first->second;
            const bool was_down = state.down;
            state.down = (state.down || change->down) && !change->up;
            state.bandwidth = change->bandwidth.value_or(state.bandwidth);
            if (change->bandwidth_factor) {
                state.bandwidth = factored(whole, *change->bandwidth_factor);
            }
            state.detection = change->detection;
            steps[change->at].links.push_back(state);
            if (state.down == was_down) {
                continue;
            }
            const Picoseconds follow = change->at + change->detection;
            const auto [last, fresh] = routes_follow.try_emplace(number, follow);
            if (!fresh && last->second > follow) {
                std::erase_if(steps[last->second].routed, [&](const LinkState& s) { return s.edge == edge; });
            }
            last->second = follow;
            steps[follow].routed.push_back(state);
        }
    }
    std::vector<LinkStep> list;
    for (auto& [at, step] : steps) {
        step.at = at;
        if (!step.links.empty() || !step.routed.empty()) {
            list.push_back(std::move(step));
        }
    }
    return list;
}

void apply_routed(Topology& topology, const LinkStep& step) {
    for (const LinkState& state : step.routed) {
        topology.edges[index(state.edge)].down = state.down;
    }
}

}  // namespace myriad
