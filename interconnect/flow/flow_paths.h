#pragma once
// Where the flows of a connection run: one flow a route, over which resources and how late. A topology and its router
// say it (RoutedPaths); a folded network, in which a flow stands for many, says it of its classes
// (interconnect/folding/quotient_paths.h).

#include "interconnect/flow/fluid_links.h"
#include "interconnect/routing/routes.h"
#include "sim/identity/card_id.h"
#include "sim/units/units.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace myriad {

struct FlowPath {
    std::vector<std::uint32_t> resources;  // each once
    std::vector<std::uint32_t> weights;    // beside them: flows like this one over each (max_min.h); empty: 1 each
    Picoseconds latency{};
};

class FlowPaths {
public:
    virtual ~FlowPaths() = default;

    [[nodiscard]] virtual std::vector<BytesPerSecond> capacities() const = 0;  // by resource
    [[nodiscard]] virtual std::size_t ends() const = 0;  // that messages begin and finish at, numbered from 0

    // Replaces `paths` by those of messages between two ends, in the order in which shares are dealt; gives how many
    // connections this one stands for, itself included.
    virtual std::int64_t find(CardId from, CardId to, std::vector<FlowPath>& paths) = 0;
};

class RoutedPaths final : public FlowPaths {
public:
    // Both must outlive this.
    RoutedPaths(const Topology& topology, Router& router)
        : router_(router), links_(topology), ends_(ends_of(topology)) {}

    [[nodiscard]] std::vector<BytesPerSecond> capacities() const override { return links_.capacities(); }
    [[nodiscard]] std::size_t ends() const override { return ends_; }
    std::int64_t find(CardId from, CardId to, std::vector<FlowPath>& paths) override {
        const RouteSet routes = router_.between(from, to);
        paths.resize(routes.size());
        for (std::size_t r = 0; r < routes.size(); ++r) {
            paths[r].latency = links_.walk(from, routes[r], paths[r].resources);
        }
        return 1;
    }

    [[nodiscard]] FluidLinks& links() { return links_; }
    [[nodiscard]] const FluidLinks& links() const { return links_; }

private:
    Router& router_;
    FluidLinks links_;
    std::size_t ends_;
};

}  // namespace myriad
