#pragma once
// Holds all network levels against a closed form, size by size.

#include "tests/differential/closed_form.h"
#include "tests/support/systems.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <vector>

namespace myriad::test {

struct ExpectedCollective {
    CollectiveOp op = CollectiveOp::all_reduce;
    CollectiveAlgorithm algorithm = CollectiveAlgorithm::ring;
    ClosedForm form;
};

// One part in a million, and what chunks of whole bytes and times of whole picoseconds may add.
inline void check_collectives(AllLevels& levels, const std::vector<ExpectedCollective>& expected,
                              const std::vector<std::int64_t>& sizes, BytesPerSecond rate, Picoseconds alpha) {
    for (const ExpectedCollective& collective : expected) {
        CommunicatorSpec spec = world_spec(levels.packet.topology(), collective.algorithm);
        // A dimension of its own: the analytic level takes groups of one dimension to run at the same time.
        spec.dimension = std::string(name_of(collective.op)) + " by " + std::string(name_of(collective.algorithm));
        const CommunicatorId packet_group = levels.packet.network().create_communicator(spec);
        const CommunicatorId flow_group = levels.flow.network().create_communicator(spec);
        const CommunicatorId analytic_group = levels.analytic.network().create_communicator(spec);
        for (const std::int64_t size : sizes) {
            const CollectiveCall call{collective.op, Bytes{size}};
            const double wanted = collective.form.time(Bytes{size}, rate, alpha);
            const double tolerance = 1e-6 * wanted + collective.form.rounding(rate);
            const auto by_packet = static_cast<double>(collective_time(levels.packet, packet_group, call).count());
            const auto by_flow = static_cast<double>(collective_time(levels.flow, flow_group, call).count());
            const auto by_formula = static_cast<double>(collective_time(levels.analytic, analytic_group, call).count());
            CAPTURE(name_of(collective.op), name_of(collective.algorithm), size, wanted, by_packet, by_flow,
                    by_formula);
            CHECK(std::abs(by_packet - wanted) <= tolerance);
            CHECK(std::abs(by_flow - wanted) <= tolerance);
            CHECK(std::abs(by_formula - wanted) <= tolerance);
        }
    }
    std::vector<std::string> held;
    CHECK_NOTHROW(levels.packet.check_laws(held));
    CHECK_NOTHROW(levels.flow.check_laws(held));
    CHECK_NOTHROW(levels.analytic.check_laws(held));
}

}  // namespace myriad::test
