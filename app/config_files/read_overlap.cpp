// Rules between keys: what fits a card's memory, which types the chip has, what the live level has kernels for.

#include "app/config_files/read_overlap.h"

#include "app/config_files/check_algorithm.h"
#include "app/config_files/words.h"
#include "sim/units/quantity_text.h"

#include <fmt/format.h>

namespace myriad {
namespace {

void check_fits(Section& s, const char* key, double bytes, Bytes memory) {
    if (bytes > static_cast<double>(memory.count())) {
        s.error(key, fmt::format("operands of {} do not fit the {} of a card",
                                 human_text(Bytes{static_cast<std::int64_t>(bytes)}), human_text(memory)));
    }
}

OverlapWorkload::Gemm read_gemm(Section s, const ChipConfig& chip) {
    OverlapWorkload::Gemm gemm;
    gemm.shape.m = s.get<std::int64_t>("m");
    gemm.shape.n = s.get<std::int64_t>("n");
    gemm.shape.k = s.get<std::int64_t>("k");
    gemm.type = s.enumeration("data_type", kGemmTypeWords);
    gemm.repeats = s.get<std::int64_t>("repeats");
    if (chip.tensor.of(gemm.type).count() <= 0) {
        s.error("data_type", fmt::format("{} has no {} on its matrix units", chip.name, name_of(gemm.type)));
    }
    const auto m = static_cast<double>(gemm.shape.m);
    const auto n = static_cast<double>(gemm.shape.n);
    const auto k = static_cast<double>(gemm.shape.k);
    check_fits(s, "m", (m * k + k * n + m * n) * static_cast<double>(size_of(gemm.type).count()), chip.hbm.capacity);
    s.finish();
    return gemm;
}

OverlapWorkload::Collective read_collective(Section s, const ClusterFile& cluster, bool live) {
    OverlapWorkload::Collective collective;
    collective.op = s.enumeration("op", kCollectiveOpWords);
    collective.algorithm = s.enumeration("algorithm", kCollectiveAlgorithmWords);
    collective.size = s.get<Bytes>("size");
    if (live && collective.algorithm != CollectiveAlgorithm::automatic &&
        collective.algorithm != CollectiveAlgorithm::direct) {
        s.error("algorithm",
                fmt::format("the kernel of card level live is direct, not {}", name_of(collective.algorithm)));
    }
    if (collective.op == CollectiveOp::all_to_allv) {
        s.error("op", "uneven blocks are for collective workloads");
    }
    check_algorithm(s, "algorithm", collective.op, collective.algorithm, {cluster.cards()},
                    cluster.cluster.server.switch_reduction && cluster.cluster.servers == 1);
    if (live && collective.op != CollectiveOp::all_reduce) {
        s.error("op", fmt::format("card level live has a kernel for all_reduce, none for {}", name_of(collective.op)));
    }
    check_fits(s, "size", 2.0 * static_cast<double>(collective.size.count()), cluster.chip.chip.hbm.capacity);
    s.finish();
    return collective;
}

OverlapWorkload::Copy read_copy(Section s, const ClusterFile& cluster) {
    OverlapWorkload::Copy copy;
    const auto card = [&](const char* key) {
        const int number = s.get<int>(key);
        if (number >= cluster.cards()) {
            s.error(key,
                    fmt::format("card {} does not exist, the cluster has cards 0 to {}", number, cluster.cards() - 1));
        }
        return CardId{static_cast<std::uint32_t>(number)};
    };
    copy.from = card("from");
    copy.to = card("to");
    if (copy.from == copy.to) {
        s.error("to", "a copy leads to another card");
    }
    copy.size = s.get<Bytes>("size");
    copy.read = s.enumeration("direction", kCopyDirectionWords);
    check_fits(s, "size", static_cast<double>(copy.size.count()), cluster.chip.chip.hbm.capacity);
    s.finish();
    return copy;
}

}  // namespace

OverlapWorkload read_overlap(Section s, const ClusterFile& cluster, bool live) {
    OverlapWorkload overlap;
    const ChipConfig& chip = cluster.chip.chip;
    if (s.has("gemm")) {
        overlap.gemm = read_gemm(s.section("gemm"), chip);
    }
    if (s.has("collective")) {
        overlap.collective = read_collective(s.section("collective"), cluster, live);
        if (cluster.cards() < 2) {
            s.error("collective", "a collective needs at least 2 cards");
        }
    }
    if (s.has("copy")) {
        overlap.copy = read_copy(s.section("copy"), cluster);
    }
    if (!overlap.gemm && !overlap.collective && !overlap.copy) {
        s.error("communication_cores", "expected at least one of 'gemm', 'collective' and 'copy'");
    }
    overlap.communication_cores = s.get<std::int64_t>("communication_cores");
    const std::int64_t kernels = (overlap.collective ? 1 : 0) + (overlap.copy ? 1 : 0);
    if (kernels * overlap.communication_cores >= chip.cores) {
        s.error("communication_cores", fmt::format("{} x {} cores of communication leave none of the {} cores of {}",
                                                   kernels, overlap.communication_cores, chip.cores, chip.name));
    }
    s.finish();
    return overlap;
}

}  // namespace myriad
