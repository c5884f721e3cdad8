// One card of each class against all of them: every operation of every card ends when that of its representative does, and
// every link carries what it does in the whole. A difference is a picosecond or none: rates are sums of doubles, which
// the two add up in other orders.

#include "app/config_files/load.h"
#include "interconnect/collective/group_shape.h"
#include "interconnect/collective/uneven_exchange.h"
#include "interconnect/topology/build.h"
#include "tests/differential/folding/layouts.h"
#include "tests/support/systems.h"

#include <catch2/catch.hpp>

#include <cstdio>
#include <string>

using namespace myriad;
using namespace myriad::test;

namespace {

// The HPN fabric with fewer aggregation switches, so that all cards can run too, and two servers a segment, so that
// messages go over them.
ClusterConfig hpn(int servers, FabricRouting routing, int aggs = 4) {
    ClusterConfig cluster = reference::ppu_cluster(servers);
    cluster.fabric.aggs_per_plane = aggs;
    cluster.fabric.hosts_per_segment = 2;
    cluster.fabric.max_segments = 16;
    cluster.routing = routing;
    return cluster;
}

ClusterConfig clos(int servers, int leaf_down, int spines, FabricRouting routing) {
    ClusterConfig cluster = hpn(servers, routing);
    cluster.fabric.recipe = FabricRecipe::clos2;
    cluster.fabric.leaf_down = leaf_down;
    cluster.fabric.spines = spines;
    return cluster;
}

ClusterConfig torus(std::vector<int> sizes, ServerRouting routing) {
    int cards = 1;
    for (const int size : sizes) {
        cards *= size;
    }
    WiringConfig wiring{WiringRecipe::torus, cards, {}};
    wiring.sizes = std::move(sizes);
    ClusterConfig cluster = reference::one_server(reference::ppu_server(cards, wiring));
    cluster.server.routing = routing;
    return cluster;
}

struct Compared {
    std::string name;
    RankLayout layout;
    StepShape shape;
    ClusterConfig cluster;
    std::size_t classes_max = 0;
    CollectiveLibrary library{};
};

// Runs both and compares; gives the folded one.
ScriptRun compare(const std::string& name, const Script& script, const ClusterConfig& cluster,
                  const CollectiveLibrary& library = {}) {
    const ScriptRun whole = run_whole(script, cluster, reference::round_chip(), library);
    const ScriptRun folded = run_folded(script, cluster, reference::round_chip(), library);
    const std::int64_t difference = largest_difference(whole, folded);
    std::printf("%-44s %4zu cards %4zu classes, largest difference %lld ps  %s\n", name.c_str(), whole.ends.size(),
                folded.folding.classes, static_cast<long long>(difference), folded.folding.why_not.c_str());
    std::fflush(stdout);
    INFO(name << ": " << folded.folding.why_not);
    CHECK(whole.finished);
    CHECK(folded.finished);
    CHECK(difference <= 1);
    CHECK(folded.counters.messages == whole.counters.messages);
    CHECK(folded.counters.payload == whole.counters.payload);
    CHECK(folded.counters.wire == whole.counters.wire);
    CHECK(folded.link_bytes == whole.link_bytes);
    CHECK(folded.held == whole.held);
    return folded;
}

void compare_all(const std::vector<Compared>& cases) {
    for (const Compared& one : cases) {
        const ScriptRun folded = compare(one.name, training_like(one.layout, one.shape), one.cluster, one.library);
        INFO(one.name);
        CHECK(folded.folding.folded);
        CHECK(folded.folding.classes <= one.classes_max);
    }
}

StepShape with_data(CollectiveAlgorithm algorithm, std::int64_t size = std::int64_t{1} << 22) {
    StepShape shape;
    shape.data_algorithm = algorithm;
    shape.data_size = Bytes{size};
    return shape;
}

// In each server a group of its sixteen cards that runs `call` twice, the second time while all cards of one place compute
// and reduce among themselves.
Script servers_and_peers(int servers, CollectiveAlgorithm algorithm, const CollectiveCall& call) {
    using Kind = Operation::Kind;
    Script script;
    script.operations.resize(static_cast<std::size_t>(16 * servers));
    script.program_of_card.assign(script.operations.size(), 0);
    for (int g = 0; g < servers + 16; ++g) {
        const bool inside = g < servers;
        CommunicatorSpec spec{
            fmt::format("group{}", g), inside ? "server" : "peers", {}, CollectiveAlgorithm::automatic, {}};
        spec.algorithm = inside ? algorithm : CollectiveAlgorithm::halving_doubling;
        for (int r = 0; r < (inside ? 16 : servers); ++r) {
            spec.cards.push_back(card(inside ? 16 * g + r : 16 * r + g - servers));
        }
        script.groups.push_back(std::move(spec));
    }
    for (std::uint32_t c = 0; c < script.operations.size(); ++c) {
        const std::uint32_t peers = static_cast<std::uint32_t>(servers) + c % 16;
        script.operations[c] = {
            {.kind = Kind::call, .group = c / 16, .collective = call},
            {.kind = Kind::compute, .time = us(3)},
            {.kind = Kind::begin_call, .group = c / 16, .collective = call},
            {.kind = Kind::call, .group = peers, .collective = {CollectiveOp::all_reduce, Bytes{1 << 18}}},
            {.kind = Kind::join}};
    }
    return script;
}

CollectiveLibrary costly() {
    CollectiveLibrary library;
    library.name = "test";
    library.algorithms = {CollectiveAlgorithm::ring, CollectiveAlgorithm::direct, CollectiveAlgorithm::halving_doubling,
                          CollectiveAlgorithm::hierarchical};
    library.protocols = {{"LL", us(4), ns(800), 0.5, BytesPerSecond{100'000'000'000}, 0},
                         {"Simple", us(20), us(1), 0.9, {}, 0}};
    library.peer_protocols = {{"LL", us(6), ns(100), 0.5, BytesPerSecond{8'000'000'000}, 0},
                              {"Simple", us(12), ns(0), 0.86, {}, 1}};
    library.own_copy = BytesPerSecond{1'000'000'000'000};
    return library;
}

}  // namespace

// K4 x K4 looks the same from every card, so a stage of a pipeline is one class: its four groups of four lie in rows.
TEST_CASE("a server of sixteen cards folds to its pipeline stages") {
    const ClusterConfig server = hpn(1, FabricRouting::ecmp);
    compare_all({{"tp4 dp4", {.tensor = 4, .data = 4}, {}, server, 1},
                 {"tp16", {.tensor = 16}, {}, server, 1},
                 {"dp16 ep4", {.data = 16, .expert = 4}, {}, server, 1},
                 {"tp4 pp4", {.tensor = 4, .pipeline = 4}, {}, server, 4},
                 {"tp4 dp4, software costs", {.tensor = 4, .data = 4}, {}, server, 1, costly()}});
}

TEST_CASE("64 and 128 cards of a sprayed fabric fold to their pipeline stages") {
    const ClusterConfig four = hpn(4, FabricRouting::spray);
    const ClusterConfig eight = hpn(8, FabricRouting::spray);
    compare_all({{"tp4 dp16", {.tensor = 4, .data = 16}, {}, four, 1},
                 {"tp4 dp4 pp4", {.tensor = 4, .data = 4, .pipeline = 4}, {}, four, 4},
                 {"tp2 dp16 pp2 ep8", {.tensor = 2, .data = 16, .pipeline = 2, .expert = 8}, {}, four, 2},
                 {"tp4 dp4 pp4, software costs", {.tensor = 4, .data = 4, .pipeline = 4}, {}, four, 4, costly()},
                 {"tp8 dp16", {.tensor = 8, .data = 16}, {}, eight, 1},
                 {"tp4 dp8 pp4 ep4", {.tensor = 4, .data = 8, .pipeline = 4, .expert = 4}, {}, eight, 4}});
}

TEST_CASE("512 cards of a sprayed fabric fold to their pipeline stages") {
    compare_all({{"tp8 dp64", {.tensor = 8, .data = 64}, {}, hpn(32, FabricRouting::spray), 1},
                 {"tp8 dp16 pp4 ep8",
                  {.tensor = 8, .data = 16, .pipeline = 4, .expert = 8},
                  {},
                  hpn(32, FabricRouting::spray, 2),
                  4}});
}

TEST_CASE("every algorithm of the data dimension folds exactly") {
    const ClusterConfig four = hpn(4, FabricRouting::spray);
    const RankLayout layout{.tensor = 4, .data = 16};
    compare_all({{"ring", layout, with_data(CollectiveAlgorithm::ring), four, 4},
                 {"bidirectional ring", layout, with_data(CollectiveAlgorithm::bidirectional_ring), four, 4},
                 {"direct", layout, with_data(CollectiveAlgorithm::direct), four, 4},
                 {"halving and doubling", layout, with_data(CollectiveAlgorithm::halving_doubling), four, 4},
                 {"hierarchical", layout, with_data(CollectiveAlgorithm::hierarchical), four, 4}});
}

TEST_CASE("tori fold by their coordinates") {
    const StepShape ring = with_data(CollectiveAlgorithm::ring);
    compare_all(
        {{"torus 4 x 4 x 4", {.tensor = 4, .data = 16}, {}, torus({4, 4, 4}, ServerRouting::shortest), 16},
         {"torus 4 x 4 x 4, dimension order",
          {.tensor = 4, .data = 16},
          {},
          torus({4, 4, 4}, ServerRouting::dimension_order),
          16},
         {"torus 8 x 4 x 4, rings", {.tensor = 8, .data = 16}, ring, torus({8, 4, 4}, ServerRouting::shortest), 32},
         {"torus 8 x 8, pipeline",
          {.tensor = 8, .data = 4, .pipeline = 2},
          ring,
          torus({8, 8}, ServerRouting::shortest),
          32}});
}

TEST_CASE("oversubscribed Clos fabrics fold, sprayed, over the first path, and dealt") {
    const RankLayout layout{.tensor = 4, .data = 16, .pipeline = 2};
    const RankLayout experts{.tensor = 4, .data = 32, .expert = 16};
    for (const FabricRouting routing : {FabricRouting::spray, FabricRouting::first, FabricRouting::spread}) {
        compare_all({{"clos of 16 ports, two spines", layout, {}, clos(8, 16, 2, routing), 64},
                     {"clos of 32 ports, three spines", experts, {}, clos(8, 32, 3, routing), 64}});
    }
}

TEST_CASE("clusters in configs/ fold, with what their libraries cost and their switches add") {
    const auto load = [](const char* name, const Overrides& overrides) {
        return load_cluster(std::string(MYRIAD_SOURCE_FOLDER) + "/configs/clusters/" + name + ".yaml", overrides).value;
    };
    const ClusterFile ppu = load("ppu-128", {"routing=spray"});
    const ClusterFile h100 = load("h100-1024", {"routing=spray", "servers=16"});
    compare_all({{"ppu-128 tp4 dp8 pp4", {.tensor = 4, .data = 8, .pipeline = 4}, {}, ppu.cluster, 4, ppu.chip.library},
                 {"ppu-128 tp8 dp16 ep8", {.tensor = 8, .data = 16, .expert = 8}, {}, ppu.cluster, 4, ppu.chip.library},
                 {"h100 tp8 dp16", {.tensor = 8, .data = 16}, {}, h100.cluster, 8, h100.chip.library},
                 {"h100 tp4 dp8 pp4 ep8",
                  {.tensor = 4, .data = 8, .pipeline = 4, .expert = 8},
                  {},
                  h100.cluster,
                  32,
                  h100.chip.library},
                 {"h100 tp8 dp16, switch",
                  {.tensor = 8, .data = 16},
                  {.tensor_algorithm = CollectiveAlgorithm::in_network},
                  h100.cluster,
                  8,
                  h100.chip.library}});
}

// 2^22 + 3 bytes in 16 chunks: three of them are a byte longer. Ranks that send a longer one are late by 20 ps at 50 GB/s.
TEST_CASE("a size that does not divide splits the ranks that send a byte more") {
    const ScriptRun even =
        compare("dp16, even", training_like({.tensor = 4, .data = 16}, {}), hpn(4, FabricRouting::spray));
    const ScriptRun uneven =
        compare("dp16, three bytes more",
                training_like({.tensor = 4, .data = 16}, with_data(CollectiveAlgorithm::direct, (1 << 22) + 3)),
                hpn(4, FabricRouting::spray));
    CHECK(even.folding.classes == 1);
    CHECK(uneven.folding.classes > 1);
}

TEST_CASE("a slow link splits the cards that feel it, and they are all still right") {
    const Script script = training_like({.tensor = 4, .data = 16}, {});
    for (const char* link : {"server2.card5-*", "server1.nic3-*"}) {
        ClusterConfig cluster = hpn(4, FabricRouting::spray);
        ClusterChange slow{ChangeTarget::link, link};
        slow.bandwidth_factor = 0.5;
        cluster.changes = {slow};
        const ScriptRun folded = compare(link, script, cluster);
        CHECK(folded.folding.classes > 1);
    }
}

TEST_CASE("hashed routes leave many classes, which is said, and everything runs") {
    const Script script = training_like({.tensor = 4, .data = 32, .expert = 8}, {});
    ClusterConfig cluster = hpn(8, FabricRouting::ecmp, 60);
    cluster.server.nics.count = 16;  // two cards of one NIC are alike even so
    cluster.fabric.rails = 16;
    const ScriptRun folded = compare("ecmp", script, cluster);
    CHECK_FALSE(folded.folding.folded);
    CHECK(folded.folding.why_not.find("classes of 128 cards") != std::string::npos);
    CHECK(folded.folding.representatives.size() == 128);
}

TEST_CASE("links that change during the run are not folded, and run as ever") {
    ClusterConfig cluster = hpn(4, FabricRouting::spray);
    ClusterChange slow{ChangeTarget::link, "server2.card5-*"};
    slow.bandwidth_factor = 0.5;
    slow.at = us(100);
    cluster.changes = {slow};
    const ScriptRun folded = compare("a link that slows down", training_like({.tensor = 4, .data = 16}, {}), cluster);
    CHECK_FALSE(folded.folding.folded);
    CHECK(folded.folding.why_not == "links change during the run");
}

TEST_CASE("programs of one number that wait differently would be told apart by their number alone") {
    Script script = training_like({.tensor = 4, .data = 4}, {});
    script.program_of_card[5] = 1;  // says that card 5 is another program, though it is not
    const ScriptRun folded = compare("one card of another program", script, hpn(1, FabricRouting::ecmp));
    CHECK(folded.folding.classes > 1);
}

// Four servers run the same call inside, then each card an all_reduce with its like in the other servers. Whatever ranks do
// differently, those of one number do the same: sixteen classes at most.
TEST_CASE("every operation by every algorithm folds among sibling groups") {
    const ClusterConfig cluster = hpn(4, FabricRouting::spray);
    const Topology topology = build_topology(cluster);
    std::vector<CardId> first_server;
    for (std::uint32_t card = 0; card < 16; ++card) {
        first_server.push_back(CardId{card});
    }
    const GroupShape shape = shape_of_group(topology, first_server);
    int compared = 0;
    for (const CollectiveOp op :
         {CollectiveOp::all_reduce, CollectiveOp::all_gather, CollectiveOp::reduce_scatter, CollectiveOp::all_to_all,
          CollectiveOp::broadcast, CollectiveOp::reduce, CollectiveOp::gather, CollectiveOp::scatter}) {
        for (const CollectiveAlgorithm algorithm : candidates(op, shape)) {
            Script script = servers_and_peers(4, algorithm, {op, Bytes{1 << 20}, has_root(op) ? 5 : 0});
            const std::string name = fmt::format("{} by {}", name_of(op), name_of(algorithm));
            const ScriptRun folded = compare(name, script, cluster);
            INFO(name);
            CHECK(folded.folding.folded);
            CHECK(folded.folding.classes <= 16);
            ++compared;
        }
    }
    CHECK(compared > 40);
}

// What expert e gets falls as 1 / (e + 1): ranks of one number in their expert groups are alike, eight classes.
TEST_CASE("uneven exchanges fold among sibling groups") {
    StepShape shape;
    shape.expert_weights = block_weights(BlockDistribution::zipf, 8, 1.0, 1);
    const ScriptRun folded = compare("all_to_allv", training_like({.tensor = 4, .data = 16, .expert = 8}, shape),
                                     hpn(4, FabricRouting::spray));
    CHECK(folded.folding.folded);
    CHECK(folded.folding.classes == 8);
}

TEST_CASE("random steps on random clusters fold exactly") {
    for (std::uint64_t seed = 7000; seed < 7080; ++seed) {
        RandomStream random(seed, "folding");
        const auto power = [&](int least, int most) { return 1 << random.integer(least, most); };
        const int servers = power(1, 3);
        RankLayout layout;
        layout.tensor = power(0, 4);
        layout.pipeline = power(0, std::min(3, std::countr_zero(static_cast<unsigned>(16 * servers / layout.tensor))));
        layout.data = 16 * servers / layout.tensor / layout.pipeline;
        layout.expert = std::min(layout.data, power(0, 3));
        layout.data_innermost = random.chance(0.3);
        StepShape shape;
        shape.micro_batches = static_cast<int>(random.integer(1, 4));
        shape.tensor_size = Bytes{std::int64_t{1} << random.integer(14, 23)};
        shape.data_size = Bytes{std::int64_t{1} << random.integer(14, 24)};
        shape.expert_size = Bytes{std::int64_t{1} << random.integer(14, 23)};
        shape.stage_size = Bytes{random.integer(1, 1 << 22)};
        shape.compute = ns(random.integer(1, 100'000));
        shape.later_stages = ns(random.chance(0.5) ? random.integer(1, 20'000) : 0);
        shape.overlap = random.chance(0.7);
        constexpr CollectiveAlgorithm kAlgorithms[] = {CollectiveAlgorithm::automatic, CollectiveAlgorithm::ring,
                                                       CollectiveAlgorithm::direct,
                                                       CollectiveAlgorithm::halving_doubling};
        shape.data_algorithm = kAlgorithms[random.below(4)];
        const FabricRouting routing = random.chance(0.7) ? FabricRouting::spray : FabricRouting::first;
        ClusterConfig cluster = random.chance(0.5) ? hpn(servers, routing) : clos(servers, power(3, 5), 3, routing);
        cluster.fabric.uplink = BytesPerSecond{random.integer(5, 60) * 1'000'000'000};
        if (servers == 1) {
            cluster = hpn(1, routing);
        }
        compare(fmt::format("seed {}: tp{} dp{} pp{} ep{}{}", seed, layout.tensor, layout.data, layout.pipeline,
                            layout.expert, layout.data_innermost ? ", dp innermost" : ""),
                training_like(layout, shape), cluster, random.chance(0.3) ? costly() : CollectiveLibrary{});
    }
}
