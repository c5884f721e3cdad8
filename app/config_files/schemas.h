#pragma once
// What may stand in the files that a user writes: one schema a kind of file. The reference page and the JSON Schemas
// are generated from these tables.

#include "sim/config/schema.h"

#include <string_view>
#include <vector>

namespace myriad {

[[nodiscard]] const Schema& hbm_schema();       // configs/hbm/
[[nodiscard]] const Schema& core_schema();      // configs/cores/
[[nodiscard]] const Schema& chip_schema();      // configs/chips/
[[nodiscard]] const Schema& server_schema();    // configs/servers/
[[nodiscard]] const Schema& fabric_schema();    // configs/fabrics/
[[nodiscard]] const Schema& cluster_schema();   // configs/clusters/
[[nodiscard]] const Schema& llm_schema();       // configs/llms/
[[nodiscard]] const Schema& schedule_schema();  // configs/schedules/
[[nodiscard]] const Schema& scenario_schema();  // scenarios/
[[nodiscard]] const Schema& sweep_schema();     // scenarios/sweeps/

// Part of a server: wiring.
[[nodiscard]] const Schema& wiring_schema();
// `flow_control` of a server and of a fabric.
[[nodiscard]] const Schema& server_flow_control_schema();
[[nodiscard]] const Schema& fabric_flow_control_schema();
// Parts of a scenario: workload.training.plan, and the routing in it; workload.inference and its plan.
[[nodiscard]] const Schema& plan_schema();
[[nodiscard]] const Schema& routing_schema();
[[nodiscard]] const Schema& inference_schema();
[[nodiscard]] const Schema& inference_plan_schema();

// Every kind of file above, in this order.
[[nodiscard]] std::vector<SchemaFunction> file_schemas();
// The schema of a `kind`, null if there is none.
[[nodiscard]] const Schema* schema_of_kind(std::string_view kind);

// Workloads of a scenario.
[[nodiscard]] const Schema& traffic_schema();
[[nodiscard]] const Schema& iteration_schema();

}  // namespace myriad
