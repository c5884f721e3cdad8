// The readers put into the structs what the files say, and report rules between keys at the value that breaks them.

#include "app/config_files/load.h"
#include "app/config_files/read_hardware.h"
#include "app/config_files/schemas.h"
#include "sim/config/schema_text.h"
#include "tests/unit/config_files/files.h"

#include <catch2/catch.hpp>

using namespace myriad;
using Catch::Matchers::Contains;
using myriad::test::source_path;

namespace {

std::string config(const std::string& name) { return source_path("configs/" + name + ".yaml"); }

// What is wrong with a cluster under overrides, one line a diagnostic; empty if nothing.
std::string cluster_problem(const std::string& name, const Overrides& overrides) {
    try {
        static_cast<void>(load_cluster(config("clusters/" + name), overrides));
        return "";
    } catch (const UserError& error) {
        std::string text;
        for (const Diagnostic& diagnostic : error.diagnostics()) {
            text += diagnostic.text() + "\n";
        }
        return text;
    }
}

}  // namespace

TEST_CASE("an HBM file: nanoseconds of the DRAM become cycles of the clock") {
    const HbmPreset preset = load_hbm(config("hbm/hbm2e-3.6")).value.preset;
    // 8 channels x 2 x 64 bit x 2 transfers x 1.8 GHz = 460.8 GB/s; 16 PC x 16 banks x 65,536 rows x 1 KiB = 16 GiB.
    CHECK(preset.stack_peak() == BytesPerSecond{460'800'000'000});
    CHECK(preset.organisation.capacity() == Bytes{std::int64_t{16} << 30});
    const HbmTiming t = preset.timing();
    CHECK(t.burst == 2);
    CHECK(t.activate_to_read == 26);  // 14 ns x 1.8 = 25.2
    CHECK(t.read_to_precharge == 9);  // 5 ns x 1.8 = 9.0
    CHECK(t.refresh_interval == 7020);
    CHECK(t.read_to_write == 22);  // 27 + 2 + 2 - 9
}

TEST_CASE("a chip's bandwidth sets the clock of its stacks") {
    const auto clock_of = [](const char* chip) { return load_chip(config(chip)).value.chip.hbm.preset.clock; };
    CHECK(clock_of("chips/zhenwu-810e") == Hertz{1'800'000'000});
    // 3.35 TB/s / (5 stacks x 512 B a cycle) = 1.3086 GHz: HBM3 at 5.23 Gb/s.
    CHECK(clock_of("chips/h100") == Hertz{1'308'593'750});
    // Refreshed twice as often: half of 7,020 cycles.
    CHECK(load_chip(config("chips/zhenwu-810e")).value.chip.hbm.preset.timing().refresh_interval == 3510);
    CHECK(load_chip(config("chips/zhenwu-810e"), {"hbm.preset.controller.refresh=none"})
              .value.chip.hbm.preset.controller.refresh == HbmRefresh::none);
}

TEST_CASE("an HBM file whose parts do not fit is refused where it says so") {
    CHECK_THROWS_WITH(load_hbm(config("hbm/hbm2-2.0"), {"organisation.banks_per_group=3"}),
                      Catch::Contains("banks_per_group is 3, expected a power of two"));
    CHECK_THROWS_WITH(load_hbm(config("hbm/hbm2-2.0"), {"organisation.banks_per_group=16"}),
                      Catch::Contains("at most 64 banks a channel, not 128"));
    CHECK_THROWS_WITH(load_hbm(config("hbm/hbm2-2.0"), {"organisation.burst_transfers=16"}),
                      Catch::Contains("a burst moves 8 to 64 B, not 128"));
    CHECK_THROWS_WITH(load_hbm(config("hbm/hbm2-2.0"), {"controller.write_low=0.9"}),
                      Catch::Contains("write_low must be less than write_high"));
    // 350 ns of 3900 / 4 fit, 500 do not.
    CHECK_THROWS_WITH(load_hbm(config("hbm/hbm2-2.0"), {"controller.refresh_rate=4", "times.refresh_all=500 ns"}),
                      Catch::Contains("too little time is left between refreshes"));
}

TEST_CASE("PCIe payload follows from generation, lanes and efficiency") {
    // Gen5 x16: 32 GT/s x 16 / 8 = 64 GB/s, x 128/130 = 63.01538 GB/s, x 0.85 = 53.56308 GB/s.
    CHECK(pcie_bandwidth(5, 16, 0.85).count() == 53'563'076'923);
    // Gen4 x8 without loss: 16 GT/s x 8 / 8 x 128/130 = 15.753846 GB/s.
    CHECK(pcie_bandwidth(4, 8, 1.0).count() == 15'753'846'154);
    // Gen6 x16: 64 GT/s x 16 / 8 = 128 GB/s x 236/256 = 118 GB/s.
    CHECK(pcie_bandwidth(6, 16, 1.0).count() == 118'000'000'000);
}

TEST_CASE("the Zhenwu 810E is read as hardware notes describe it") {
    const ChipFile file = load_chip(config("chips/zhenwu-810e")).value;
    const ChipConfig& chip = file.chip;
    CHECK(chip.cores == 64);
    CHECK(chip.clock == Hertz{1'700'000'000});
    // 20 CUs x 2,048 FMA x 2 flop x 1.7 GHz.
    CHECK(chip.tensor.of(DataType::bf16).count() == Approx(20.0 * 2048 * 2 * 1.7e9));
    CHECK(chip.tensor.of(DataType::bf16).count() == Approx(chip.matrix_cores * 2048.0 * 2 * 1.7e9));
    CHECK(chip.tensor.of(DataType::int8).count() == Approx(2 * chip.tensor.of(DataType::bf16).count()));
    CHECK(chip.tensor.of(DataType::fp8).count() == 0.0);
    // 64 CUs x 64 lanes x 2 x 1.7 GHz.
    CHECK(chip.vector.of(DataType::fp32).count() == Approx(64.0 * 64 * 2 * 1.7e9));
    // 6 stacks x 1,024 bit x 3.6 Gb/s.
    CHECK(chip.hbm.bandwidth.count() == 6 * 1024 * 3'600'000'000LL / 8);
    CHECK(chip.hbm.capacity == Bytes{96LL << 30});
    CHECK(chip.l2 == Bytes{16LL << 20});
    CHECK(chip.last_level_cache == Bytes{64LL << 20});
    CHECK(chip.tdp.count() == 400.0);
    // 700 GB/s as advertised, both ways.
    CHECK(file.links.per_link.count() * file.links.links * 2 == 700'000'000'000);
    REQUIRE(file.nameplate_bf16.has_value());
    CHECK(file.nameplate_bf16->count() == Approx(118.7e12));
}

TEST_CASE("clusters have the cards that their names say") {
    const std::pair<const char*, int> clusters[] = {{"ppu-8", 8},       {"ppu-16", 16},       {"ppu-128", 128},
                                                    {"ppu-1024", 1024}, {"ppu-16384", 16384}, {"h20-16", 16},
                                                    {"h100-1024", 1024}};
    for (const auto& [name, cards] : clusters) {
        INFO(name);
        CHECK(load_cluster(config(std::string("clusters/") + name)).value.cards() == cards);
    }
}

TEST_CASE("the payload of a NIC port is its raw rate times its efficiency") {
    const ClusterFile file = load_cluster(config("clusters/ppu-128")).value;
    // 200 Gb/s = 25 GB/s, x 0.9825.
    CHECK(file.cluster.server.nics.port_bandwidth.count() == 24'562'500'000);
    CHECK(file.cluster.server.nics.ports * file.cluster.server.nics.count == 16);
    // 400 Gb/s = 50 GB/s, x 0.9825.
    CHECK(file.cluster.fabric.uplink.count() == 49'125'000'000);
}

TEST_CASE("an H20 server takes over the H100 server except for card and NICs") {
    const ServerFile file = load_server(config("servers/hgx-8-h20")).value;
    CHECK(file.chip.chip.name == "h20");
    CHECK(file.server.wiring.recipe == WiringRecipe::icn_switch);
    CHECK(file.server.wiring.size == 8);
    // 4 x 400 Gb/s for eight cards: 2 x 200 Gb/s a NIC.
    CHECK(file.server.nics.count == 4);
    CHECK(file.server.nics.ports == 2);
}

TEST_CASE("link_total replaces the chip's bandwidth per link") {
    // 1,400 GB/s both ways = 700 per direction over 7 links.
    const ServerFile file = load_server(config("servers/ppu-16"), {"link_total=1400 GB/s"}).value;
    CHECK(file.server.links.per_link.count() == 100'000'000'000);
    CHECK(file.server.links.links == 7);
}

TEST_CASE("a recipe alone can be overridden, whatever it replaces") {
    const ServerFile ring = load_server(config("servers/ppu-16"), {"wiring.recipe=ring"}).value;
    CHECK(ring.server.wiring.recipe == WiringRecipe::ring);
    CHECK(ring.server.wiring.size == 16);
    CHECK(ring.server.wiring.factors.empty());
}

TEST_CASE("a cluster named by an override replaces the one of the file") {
    const Loaded<Scenario> scenario = load_scenario(source_path("scenarios/all_reduce_server.yaml"), {"cluster=ppu-8"});
    CHECK(scenario.value.cluster.cluster.name == "ppu-8");
    CHECK(scenario.value.cluster.cluster.server.wiring.recipe == WiringRecipe::matched_quads);
    CHECK(scenario.value.cluster.cluster.server.nics.count == 4);
}

TEST_CASE("sixteen cards in a full mesh do not fit seven links, unless the total is divided") {
    CHECK_THAT(cluster_problem("ppu-16", {"server.wiring.recipe=full_mesh"}),
               Contains("wiring full_mesh of 16 takes 15 links of a card, but the chip has 7"));
    CHECK(cluster_problem("ppu-16", {"server.wiring.recipe=full_mesh", "server.link_budget=divided"}).empty());
}

TEST_CASE("a wiring of another size than the server is refused") {
    CHECK_THAT(cluster_problem("ppu-16", {"server.cards=12"}), Contains("joins 16 cards, but the server has 12"));
}

TEST_CASE("NICs and servers are held against the fabric") {
    CHECK_THAT(cluster_problem("ppu-128", {"server.nics.count=4"}),
               Contains("has 8 rails, but server 'ppu-16' has 4 NICs"));
    CHECK_THAT(cluster_problem("ppu-128", {"server.nics.ports=1"}),
               Contains("has 2 planes, but a NIC of server 'ppu-16' has 1"));
    CHECK_THAT(cluster_problem("ppu-16", {"servers=2"}), Contains("2 servers need a 'fabric'"));
    // 15 segments x 128 hosts = 1,920.
    CHECK(cluster_problem("ppu-128", {"servers=1920"}).empty());
    CHECK_THAT(cluster_problem("ppu-128", {"servers=1921"}), Contains("1921 servers do not fit"));
    CHECK_THAT(cluster_problem("ppu-128", {"server.nics.count=6"}), Contains("6 NICs do not divide 16 cards"));
}

TEST_CASE("every kind of file has a reference page and a JSON Schema") {
    const std::string page = reference_page(file_schemas());
    for (const SchemaFunction schema : file_schemas()) {
        INFO(schema().name());
        CHECK_THAT(page, Contains(schema().doc()));
        CHECK_THAT(json_schema(schema()), Contains("2020-12"));
        CHECK(schema_of_kind(schema().name()) == &schema());
    }
    CHECK(schema_of_kind("chips") == nullptr);
}
