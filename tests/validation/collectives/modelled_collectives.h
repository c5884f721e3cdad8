#pragma once
// The same collectives by the analytic level, one server, `automatic`, and errors summed up.

#include "app/config_files/load.h"
#include "interconnect/analytic/model_planner.h"
#include "tests/validation/collectives/measured_collectives.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace myriad::accuracy {

class MachineModel {
public:
    // A server by the name of its file.
    explicit MachineModel(const std::string& server, const Overrides& overrides = {});

    struct Result {
        double seconds = 0.0;
        AlgorithmChoice choice;
    };
    // On the first `ranks` cards.
    [[nodiscard]] Result run(CollectiveOp op, int ranks, Bytes size);
    [[nodiscard]] double error_of(const CollectiveCase& measured) {
        return run(measured.op, measured.ranks, measured.size).seconds / measured.measured - 1.0;
    }

private:
    std::unique_ptr<Topology> topology_;
    std::unique_ptr<Router> router_;
    std::unique_ptr<ModelPlanner> planner_;
    std::map<int, CommunicatorId> groups_;  // by ranks
};

struct ErrorSummary {
    std::size_t rows = 0;
    double mean_absolute = 0.0;
    double bias = 0.0;
    double greatest = 0.0;  // absolute
};
[[nodiscard]] ErrorSummary sum_up_errors(const std::vector<double>& errors);

}  // namespace myriad::accuracy
