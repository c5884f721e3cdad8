// Servers against measured collectives of their largest sizes, where the library's latency no longer shows: bus bandwidth
// that the wiring allows lies within a fifth of what was reached. A rate taken for the wrong direction is off by two.

#include "app/config_files/load.h"
#include "app/run/run.h"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <string>

using namespace myriad;

namespace {

struct Measured {
    const char* cluster;
    const char* op;
    const char* algorithm;
    int ranks;
    std::int64_t bytes;
    double busbw_gbps;  // GB/s
    const char* source;
};

constexpr std::int64_t kGib = std::int64_t{1} << 30;

double modelled_gbps(const Measured& row) {
    const std::string text = fmt::format(
        "myriad: 1\nkind: scenario\ncluster: {}\nfidelity: {{network: analytic}}\nworkload:\n"
        "  collective: {{op: {}, algorithm: {}, ranks: {}, sizes: [{} B]}}\n",
        MYRIAD_SOURCE_FOLDER "/configs/clusters/" + std::string(row.cluster) + ".yaml", row.op, row.algorithm,
        row.ranks, row.bytes);
    const Loaded<Scenario> loaded = load_scenario_text(text, "measured.yaml");
    const RunReport report = run_scenario(loaded.value, {.progress = false}).report;
    REQUIRE(report.collectives.size() == 1);
    return report.collectives.front().busbw * 1e-9;
}

}  // namespace

TEST_CASE("measured bus bandwidths lie within a fifth of what the wiring of a server allows") {
    const char* const engineering = "stas00/ml-engineering, network/README.md: nccl-tests, NVLS off";
    const Measured rows[] = {
        {"a100-8", "all_reduce", "ring", 8, 16 * kGib, 234.89, engineering},
        {"h200-8", "all_reduce", "ring", 8, 16 * kGib, 367.2, engineering},
        {"h200-8", "all_reduce", "ring", 4, 8 * kGib, 363.3, engineering},
        {"h200-8", "all_gather", "ring", 8, 16 * kGib, 361.4, engineering},
        {"h200-8", "reduce_scatter", "ring", 8, 16 * kGib, 362.9, engineering},
        {"mi300x-8", "all_reduce", "direct", 2, 4 * kGib, 47.671, engineering},
        {"mi300x-8", "all_reduce", "direct", 8, 4 * kGib, 312.912, engineering},
        {"m890-64", "all_reduce", "ring", 8, 2 * kGib, 333.7, "PCCL on M890, public notes (2026)"},
    };
    for (const Measured& row : rows) {
        const double modelled = modelled_gbps(row);
        const double excess = modelled / row.busbw_gbps - 1.0;
        CAPTURE(row.cluster, row.op, row.ranks, row.source, row.busbw_gbps, modelled);
        UNSCOPED_INFO(fmt::format("{} {} of {}: measured {:.1f} GB/s, modelled {:.1f}, {:+.1f} %", row.cluster, row.op,
                                  row.ranks, row.busbw_gbps, modelled, 100 * excess));
        CHECK(excess > -0.1);
        CHECK(excess < 0.2);
    }
}
