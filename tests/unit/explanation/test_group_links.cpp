// Which links groups talk over, on clusters whose routes are plain to see.

#include "app/run/explain_training.h"
#include "app/run/group_links.h"
#include "interconnect/topology/build.h"
#include "models/kernels.h"
#include "tests/support/reference_clusters.h"

#include <catch2/catch.hpp>

using namespace myriad;

namespace {

// 64 cards in four servers of sixteen, each pair of cards behind a NIC of 2 x 25 GB/s; ICN links of 50 GB/s.
struct Four {
    explicit Four(std::int64_t nic_port = 25'000'000'000) {
        cluster.server.nics.port_bandwidth = BytesPerSecond{nic_port};
        topology = build_topology(cluster);
        router = make_router(topology, routing_of(cluster));
    }
    ClusterConfig cluster = reference::ppu_cluster(4);
    Topology topology;
    std::unique_ptr<Router> router;

    [[nodiscard]] LinksOfGroups links(const ParallelPlan& plan) const {
        std::vector<CardId> cards;
        for (std::uint32_t card = 0; card < 64; ++card) {
            cards.push_back(CardId{card});
        }
        return links_of_groups(topology, *router, groups_of(Layout(plan.layout()), cards));
    }
};

const GroupLinks& of(const LinksOfGroups& links, GroupKind kind) { return links[static_cast<std::size_t>(kind)]; }
bool crosses(const GroupLinks& links, LinkTier tier) { return links.crossed[static_cast<std::size_t>(tier)]; }

}  // namespace

TEST_CASE("groups inside a server talk over ICN, groups across servers over PCIe, NICs and the fabric") {
    ParallelPlan plan;
    plan.tensor_parallel = 4;
    plan.data_parallel = 4;  // 16 cards: a server; stages in servers of their own
    plan.pipeline_parallel = 4;
    const LinksOfGroups links = Four{}.links(plan);
    for (const GroupKind inside : {GroupKind::tensor, GroupKind::data}) {
        CHECK(of(links, inside).slowest == LinkTier::icn);
        CHECK(crosses(of(links, inside), LinkTier::icn));
        CHECK_FALSE(crosses(of(links, inside), LinkTier::nic));
    }
    const GroupLinks& pipeline = of(links, GroupKind::none);
    CHECK_FALSE(crosses(pipeline, LinkTier::icn));
    CHECK(crosses(pipeline, LinkTier::pcie));
    CHECK(crosses(pipeline, LinkTier::nic));
    // Two cards of 64 GB/s PCIe share a NIC of 50 GB/s: per unit that each sends, the NIC's two ports carry one unit each
    // for 25 GB/s, PCIe between card and switch one for 64, between switch and NIC two for 64.
    CHECK(pipeline.slowest == LinkTier::nic);
    CHECK(of(links, GroupKind::context) == GroupLinks{});
}

TEST_CASE("the slowest link of a ring through ICN and NICs is the one with most to carry for its bandwidth") {
    ParallelPlan plan;
    plan.data_parallel = 64;
    // Inside a server the ring takes neighbours of a row; from row to row, where there is no link, half a unit each way
    // round, two of which meet on a link: one unit over 50 GB/s. Between servers half a unit on each of two ports.
    for (const auto& [port, slowest] : {std::pair{20'000'000'000ll, LinkTier::nic},     // 1/2 / 20 > 1 / 50
                                        std::pair{30'000'000'000ll, LinkTier::icn}}) {  // 1/2 / 30 < 1 / 50
        const LinksOfGroups links = Four{port}.links(plan);
        const GroupLinks& data = of(links, GroupKind::data);
        CHECK(crosses(data, LinkTier::icn));
        CHECK(crosses(data, LinkTier::nic));
        CHECK(data.slowest == slowest);
    }
}

TEST_CASE("experts exchange with all others, so their NICs carry most") {
    const Four four;
    std::vector<CardGroup> groups;
    CardGroup& experts = groups.emplace_back(CardGroup{GroupKind::expert, {}});
    for (std::uint32_t card = 0; card < 64; ++card) {
        experts.cards.push_back(CardId{card});
    }
    const LinksOfGroups links = links_of_groups(four.topology, *four.router, groups);
    // 48 of 63 parts of what a card sends leave the server: 2 x 48 / 63 units over 50 GB/s of a NIC, against 1 / 63 for
    // each pair that shares an ICN link of 50 GB/s.
    CHECK(of(links, GroupKind::expert).slowest == LinkTier::nic);
    CHECK(crosses(of(links, GroupKind::expert), LinkTier::icn));
}

TEST_CASE("the first replica has all ranks of data-parallel index 0, a stage head is one of each stage") {
    ParallelPlan plan;
    plan.tensor_parallel = 2;
    plan.data_parallel = 4;
    plan.pipeline_parallel = 3;
    const Layout layout(plan.layout());
    CHECK(stage_heads(layout) == std::vector<std::int64_t>{0, 8, 16});
    CHECK(first_replica(layout) == std::vector<std::int64_t>{0, 1, 8, 9, 16, 17});
}

TEST_CASE("at roofline level a kernel is bound by the longer of its two times, and its launches stay apart") {
    // 100 TFLOP/s, 10 on vector lanes, 1 TB/s, 1 us a launch
    const ChipConfig chip = reference::round_chip();
    const auto nature = natures(chip, nullptr);
    Kernel kernel;
    kernel.work = Flop{1e9};         // 10 us
    kernel.read = Bytes{9'000'000};  // 9 us
    kernel.launches = 3;
    CHECK(nature(kernel).bound == ComputeBound::matrix);
    CHECK(nature(kernel).fixed == us(3));
    kernel.written = Bytes{2'000'000};  // 11 us in all
    CHECK(nature(kernel).bound == ComputeBound::hbm);
    kernel.unit = KernelUnit::vector;  // 100 us
    CHECK(nature(kernel).bound == ComputeBound::vector);
}
