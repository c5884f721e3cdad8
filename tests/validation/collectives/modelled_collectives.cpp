// No agenda and no modules: the planner alone says how long a call takes when all ranks enter at once.

#include "tests/validation/collectives/modelled_collectives.h"

#include "interconnect/topology/build.h"

#include <algorithm>
#include <cmath>

namespace myriad::accuracy {

MachineModel::MachineModel(const std::string& server, const Overrides& overrides) {
    const ServerFile file = load_server(server, overrides).value;
    ClusterConfig cluster;
    cluster.name = server;
    cluster.server = file.server;
    topology_ = std::make_unique<Topology>(build_topology(cluster));
    router_ = make_router(*topology_, {cluster.routing, cluster.routing_seed});
    planner_ = std::make_unique<ModelPlanner>(*topology_, *router_, file.chip.library);
}

MachineModel::Result MachineModel::run(CollectiveOp op, int ranks, Bytes size) {
    auto group = groups_.find(ranks);
    if (group == groups_.end()) {
        CommunicatorSpec spec;
        for (int rank = 0; rank < ranks; ++rank) {
            spec.cards.push_back(CardId{static_cast<std::uint32_t>(rank)});
        }
        group = groups_.emplace(ranks, planner_->add_group(spec)).first;
    }
    const CollectiveCall call{op, size};
    return {seconds(planner_->time(group->second, call)), planner_->plan(group->second, call).choice};
}

ErrorSummary sum_up_errors(const std::vector<double>& errors) {
    ErrorSummary summary;
    summary.rows = errors.size();
    for (const double error : errors) {
        summary.mean_absolute += std::abs(error);
        summary.bias += error;
        summary.greatest = std::max(summary.greatest, std::abs(error));
    }
    const double count = std::max(1.0, static_cast<double>(errors.size()));
    summary.mean_absolute /= count;
    summary.bias /= count;
    return summary;
}

}  // namespace myriad::accuracy
