// What every chip, server and cluster file must agree with: the figures that its vendor advertises, typed again from the
// published sources, and the arithmetic between them.

#include "app/config_files/load.h"
#include "app/config_files/read_hardware.h"
#include "interconnect/topology/wiring.h"
#include "sim/error/error.h"
#include "tests/unit/config_files/files.h"

#include <catch2/catch.hpp>

#include <cctype>
#include <filesystem>
#include <map>
#include <regex>
#include <string>

using namespace myriad;
using myriad::test::source_path;
using myriad::test::yaml_files;

namespace {

constexpr double kGb = 1e9;
constexpr double kGib = 1024.0 * 1024.0 * 1024.0;

struct Advertised {
    double bf16_tflops;      // dense
    double capacity_bytes;   // of HBM
    double hbm_gbps;         // GB/s
    double links_both_gbps;  // GB/s, all chip links, both ways together
    double flop_per_clock;   // bf16, of a core with a matrix unit; 0: not published
    bool core;               // has a core file
};

// flop a clock: NVIDIA A100 and Hopper whitepapers; PPU 2,048 FMA; CDNA 3 whitepaper; four arrays of 128 x 128 in a
// TensorCore up to v5p; one array of 128 x 128 in a NeuronCore; a cube of 16 x 16 x 16 in an Ascend core. The cut H20 runs a
// quarter of Hopper's rate.
const std::map<std::string, Advertised>& advertised() {
    static const std::map<std::string, Advertised> kTable{
        {"a100", {312, 80 * kGb, 2039, 600, 2048, true}},
        {"a800", {312, 80 * kGb, 2039, 400, 2048, true}},
        {"h100", {989, 80 * kGb, 3350, 900, 4096, true}},
        {"h800", {989, 80 * kGb, 3350, 400, 4096, true}},
        {"h200", {989, 141 * kGb, 4800, 900, 4096, true}},
        {"h20", {148, 96 * kGb, 4000, 900, 1024, true}},
        {"zhenwu-810e", {139.264, 96 * kGib, 2764.8, 700, 4096, true}},
        // Three times the 810E; neither its CUs nor its memory bandwidth are published.
        {"zhenwu-m890", {417.8, 144 * kGb, 4000, 800, 0, false}},
        {"mi300x", {1307.4, 192 * kGb, 5300, 896, 2048, true}},
        {"tpu-v4", {275, 32 * kGib, 1200, 600, 4 * 2 * 128 * 128, false}},
        {"tpu-v5e", {197, 16 * kGib, 819, 400, 4 * 2 * 128 * 128, false}},
        {"tpu-v5p", {459, 95 * kGib, 2765, 1200, 4 * 2 * 128 * 128, false}},
        {"tpu7x", {2307, 192 * kGib, 7380, 1200, 0, false}},
        {"trainium2", {667, 96 * kGib, 2900, 1280, 2 * 128 * 128, false}},
        // 4 + 5 + 2 lines of PCIe 6 x8: the 2,560 GB/s of the chip page do not follow from them.
        {"trainium3", {671, 144 * kGib, 4900, 1408, 2 * 128 * 128, false}},
        {"maia-100", {800, 64 * kGb, 1800, 1200, 0, false}},
        {"ascend-910b", {320, 64 * kGb, 1600, 392, 2 * 16 * 16 * 16, false}},
        {"ascend-910c", {752, 128 * kGb, 3200, 784, 2 * 16 * 16 * 16, false}},
    };
    return kTable;
}

std::string stem(const std::string& file) { return std::filesystem::path(file).stem().string(); }

double number(BytesPerSecond rate) { return static_cast<double>(rate.count()); }

}  // namespace

TEST_CASE("every chip file has the figures that are advertised, and they follow from one another") {
    std::size_t found = 0;
    for (const std::string& path : yaml_files("configs/chips")) {
        const std::string name = stem(path);
        INFO(name);
        REQUIRE(advertised().count(name) == 1);
        const Advertised& want = advertised().at(name);
        const ChipFile file = load_chip(path).value;
        const ChipConfig& chip = file.chip;
        CHECK(chip.name == name);
        CHECK(chip.tensor.of(DataType::bf16).count() == Approx(want.bf16_tflops * 1e12));
        CHECK(static_cast<double>(chip.hbm.capacity.count()) == Approx(want.capacity_bytes));
        CHECK(number(chip.hbm.bandwidth) == Approx(want.hbm_gbps * 1e9));
        CHECK(number(file.links.per_link) * file.links.links * 2 == Approx(want.links_both_gbps * 1e9));
        if (want.flop_per_clock > 0) {
            const double peak = chip.matrix_cores * want.flop_per_clock * static_cast<double>(chip.clock.count());
            // Clocks and peaks are printed to three digits.
            CHECK(peak == Approx(chip.tensor.of(DataType::bf16).count()).epsilon(0.005));
        }
        CHECK(has_core(chip) == want.core);
        ++found;
    }
    CHECK(found == advertised().size());
}

TEST_CASE("the stacks of every chip hold its memory and can run at its bandwidth") {
    for (const auto& [name, want] : advertised()) {
        INFO(name);
        const HbmConfig hbm = load_chip(source_path("configs/chips/" + name + ".yaml")).value.chip.hbm;
        const HbmPreset preset = load_hbm(source_path("configs/hbm/" + hbm.preset.name + ".yaml")).value.preset;
        const double stack = static_cast<double>(hbm.capacity.count()) / hbm.stacks;
        const auto room = static_cast<double>(preset.organisation.capacity().count());
        CHECK(stack <= room);
        CHECK(stack > 0.4 * room);  // rows are a power of two; a TPU v5e has half of the stack of its generation
        // Bytes a second of the stacks at the rate of the preset; chips run them there or a step below.
        const double share = number(hbm.bandwidth) / (number(preset.stack_peak()) * hbm.stacks);
        CHECK(share <= 1.001);
        CHECK(share >= 0.75);
    }
}

TEST_CASE("the dense peaks of every chip are in the order of their widths") {
    for (const auto& [name, want] : advertised()) {
        INFO(name);
        const ChipConfig chip = load_chip(source_path("configs/chips/" + name + ".yaml")).value.chip;
        const auto peak = [&](DataType type) { return chip.tensor.of(type).count(); };
        for (const DataType eight : {DataType::fp8, DataType::int8}) {
            // Not native, as fast as bf16 (TPU), twice as fast, or nearly four times (MXFP8 of Trainium3).
            CHECK(
                (peak(eight) == 0 || (peak(eight) >= peak(DataType::bf16) && peak(eight) < 4 * peak(DataType::bf16))));
        }
        CHECK(peak(DataType::tf32) <= peak(DataType::bf16));
        CHECK(peak(DataType::fp32) <= peak(DataType::bf16) / 2);
        CHECK(chip.vector.of(DataType::fp32).count() < peak(DataType::bf16));
    }
}

namespace {

struct Wired {
    int cards;
    double card_gbps;  // GB/s per direction, raw, of the links that the busiest card uses
    std::size_t edges;
    std::size_t switches;
};

// Edges count bonded links once: n (n - 1) / 2 of a full mesh, n of a ring, d n of a torus of d dimensions that are longer
// than two and wrap around, one of each card to each of its switches.
const std::map<std::string, Wired>& wired() {
    static const std::map<std::string, Wired> kTable{
        {"hgx-8", {8, 450, 8, 1}},
        {"hgx-8-a100", {8, 300, 8, 1}},
        {"hgx-8-a800", {8, 200, 8, 1}},
        {"hgx-8-h800", {8, 200, 8, 1}},
        {"hgx-8-h20", {8, 450, 8, 1}},
        {"hgx-8-h200", {8, 450, 8, 1}},
        // Two quads of 6 edges and 4 between them; 8 quads of 6.
        {"ppu-8", {8, 200, 16, 0}},
        {"ppu-16", {16, 300, 48, 0}},
        {"m890-64", {64, 400, 64, 1}},
        {"mi300x-8", {8, 448, 28, 0}},
        {"ascend-910b-8", {8, 196, 28, 0}},
        {"tpu-v4-64", {64, 300, 3 * 64, 0}},
        {"tpu-v4-4096", {4096, 300, 3 * 4096, 0}},
        {"tpu-v5e-64", {64, 200, 2 * 8 * 7, 0}},  // does not wrap around
        {"tpu-v5e-256", {256, 200, 2 * 256, 0}},
        {"tpu-v5p-64", {64, 600, 3 * 64, 0}},
        {"tpu-v5p-8960", {8960, 600, 3 * 8960, 0}},
        {"tpu7x-64", {64, 600, 3 * 64, 0}},
        {"tpu7x-9216", {9216, 600, 3 * 9216, 0}},
        // 1,024 GB/s both ways inside the instance; 256 more in the UltraServer.
        {"trn2-16", {16, 512, 2 * 16, 0}},
        {"trn2-64", {64, 640, 3 * 64, 0}},
        // 256 + 320 + 128; 36 switches of sleds and one that stands for those of a rack, in each of two racks.
        {"trn3-144", {144, 704, 144 + 144 + 72, 36 + 2}},
        {"maia-100-4", {4, 450, 6, 0}},
        {"maia-100-64", {64, 600, 16 * 6 + 3 * 64, 3}},
        // 48 x 7 first-level switches with 8 cards below and 16 of the 7 x 16 second-level switches above.
        {"cloudmatrix384", {384, 392, 48 * 7 * (8 + 16), 48 * 7 + 7 * 16}},
    };
    return kTable;
}

}  // namespace

TEST_CASE("every server file is wired with the links and rates that are published") {
    std::size_t found = 0;
    for (const std::string& path : yaml_files("configs/servers")) {
        const std::string name = stem(path);
        INFO(name);
        REQUIRE(wired().count(name) == 1);
        const Wired& want = wired().at(name);
        const ServerConfig server = load_server(path).value.server;
        const WiringGraph graph = wire(server.wiring, name, server.links.links);
        CHECK(server.cards == want.cards);
        CHECK(graph.cards == want.cards);
        CHECK(graph.links.size() == want.edges);
        CHECK(graph.switches.size() == want.switches);
        CHECK(graph.links_per_card() * number(server.links.per_link) == Approx(want.card_gbps * 1e9));
        CHECK(graph.links_per_card() <= server.links.links);
        ++found;
    }
    CHECK(found == wired().size());
}

TEST_CASE("CloudMatrix384 is not oversubscribed: every first-level switch sends up what it takes from its cards") {
    const ServerConfig server = load_server(source_path("configs/servers/cloudmatrix384.yaml")).value.server;
    const WiringGraph graph = wire(server.wiring, server.name, server.links.links);
    std::map<int, std::pair<int, int>> links;  // of a first-level switch: from cards, to second-level switches
    for (const WiringLink& link : graph.links) {
        if (link.a < graph.cards) {
            links[link.b].first += link.bonded;
        } else {
            links[link.a].second += link.bonded;
        }
    }
    REQUIRE(links.size() == 48 * 7);
    for (const auto& [node, down_up] : links) {
        // 8 cards x 56 GB/s = 16 switches x 28 GB/s = 448 GB/s.
        CHECK(down_up == std::pair<int, int>{16, 16});
    }
}

TEST_CASE("every cluster has the cards that its name says") {
    for (const std::string& path : yaml_files("configs/clusters")) {
        const std::string name = stem(path);
        INFO(name);
        // The last number that ends a word: tpu-v4-64, cloudmatrix384, h800-64-ib.
        static const std::regex number("([0-9]+)(-[a-z]+)*$");
        std::smatch found;
        REQUIRE(std::regex_search(name, found, number));
        CHECK(load_cluster(path).value.cards() == std::stoi(found[1]));
    }
}

TEST_CASE("a level below roofline refuses a chip without a core file, with the place") {
    const auto message = [](const std::string& text) {
        try {
            static_cast<void>(load_scenario_text(text, "s.yaml"));
            return std::string("loads");
        } catch (const UserError& error) {
            return std::string(error.what());
        }
    };
    const std::string cluster = "cluster: " + source_path("configs/clusters/ascend-910b-8.yaml") + "\n";
    const std::string head = "myriad: 1\nkind: scenario\n" + cluster;
    const std::string work = "workload:\n  collective: {op: all_reduce, sizes: [1 MiB]}\n";
    CHECK(message(head + "fidelity: {card: tile}\n" + work) ==
          "s.yaml:4:18: error: card level tile needs a core file, and chip 'ascend-910b' names none: too little is "
          "published of its cores; expected roofline");
    CHECK(message(head + "fidelity: {card: roofline}\n" + work) == "loads");
}
