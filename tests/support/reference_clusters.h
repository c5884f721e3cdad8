#pragma once
// Clusters for tests and benchmarks, as structs: the shapes of configs/ without reading YAML.

#include "interconnect/topology/config.h"
#include "models/chip_config.h"

namespace myriad::reference {

// Seven links of 50 GB/s a direction, 500 ns a hop; round numbers so that expected times are exact.
inline ServerConfig ppu_server(int cards, WiringConfig wiring) {
    ServerConfig server;
    server.name = "ppu-" + std::to_string(cards);
    server.cards = cards;
    server.wiring = std::move(wiring);
    server.links = {7, BytesPerSecond{50'000'000'000}, 1.0, ns(500)};
    server.switch_latency = ns(100);
    server.pcie = {BytesPerSecond{64'000'000'000}, ns(150)};
    return server;
}

inline WiringConfig k4_by_k4() {
    WiringConfig quad{WiringRecipe::full_mesh, 4, {}};
    return {WiringRecipe::product, 16, {quad, quad}};
}

// 16 cards as K4 x K4, eight NICs of 2 x 200 Gb/s.
inline ServerConfig ppu_16() {
    ServerConfig server = ppu_server(16, k4_by_k4());
    server.nics = {8, 2, BytesPerSecond{25'000'000'000}, ns(500)};
    return server;
}

inline FabricConfig hpn7() {
    FabricConfig fabric;
    fabric.name = "hpn-7";
    fabric.recipe = FabricRecipe::hpn7;
    fabric.link_latency = ns(500);
    fabric.switch_latency = ns(0);
    fabric.uplink = BytesPerSecond{50'000'000'000};
    fabric.hosts_per_segment = 128;
    fabric.rails = 8;
    fabric.planes = 2;
    fabric.aggs_per_plane = 60;
    fabric.max_segments = 15;
    return fabric;
}

inline ClusterConfig one_server(ServerConfig server) {
    ClusterConfig cluster;
    cluster.name = server.name;
    cluster.servers = 1;
    cluster.server = std::move(server);
    return cluster;
}

inline ClusterConfig ppu_cluster(int servers) {
    ClusterConfig cluster;
    cluster.name = "ppu-" + std::to_string(16 * servers);
    cluster.servers = servers;
    cluster.server = ppu_16();
    if (servers > 1) {
        cluster.fabric = hpn7();
    }
    return cluster;
}

// A chip with round figures: 100 TFLOP/s, 1 TB/s of HBM, 1 us a launch.
inline ChipConfig round_chip() {
    ChipConfig chip;
    chip.name = "round";
    chip.cores = 64;
    chip.matrix_cores = 20;
    chip.clock = Hertz{1'000'000'000};
    for (std::size_t type = 0; type < kDataTypes; ++type) {
        chip.tensor.rates[type] = FlopPerSecond{100e12};
        chip.vector.rates[type] = FlopPerSecond{10e12};
    }
    chip.hbm = {"HBM2e", 6, Bytes{std::int64_t{96} << 30}, BytesPerSecond{1'000'000'000'000}, 1.0};
    chip.launch_latency = us(1);
    return chip;
}

}  // namespace myriad::reference
