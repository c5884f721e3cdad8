// CPU time of a flat ring all-reduce with every message simulated, as other simulators are timed: 1 GiB over 1,024
// ranks is 2.1 million messages. On a ring of links a message is one hop, behind one switch it is two. The result is
// checked against the closed form 2 (n - 1) (S / (n B) + alpha) before it is timed.
//
//   bench_ring_all_reduce RANKS ring|switch [MIB]

#include "app/system/packet_system.h"
#include "sim/error/error.h"
#include "tests/support/reference_clusters.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>

using namespace myriad;

namespace {

double cpu_seconds(double& peak_mib) {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    peak_mib = static_cast<double>(usage.ru_maxrss) / 1024.0;
    const auto of = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
    };
    return of(usage.ru_utime) + of(usage.ru_stime);
}

void count_down(void* context, std::uint64_t /*argument*/) { --*static_cast<std::int64_t*>(context); }

}  // namespace

int sc_main(int, char*[]) { return 0; }

int main(int argc, char** argv) {
    setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);
    const int ranks = argc > 1 ? std::atoi(argv[1]) : 1024;
    const bool through_switch = argc > 2 && std::string(argv[2]) == "switch";
    const std::int64_t mebibytes = argc > 3 ? std::atoll(argv[3]) : 1024;
    ServerConfig server =
        reference::ppu_server(ranks, {through_switch ? WiringRecipe::icn_switch : WiringRecipe::ring, ranks, {}});
    server.links.links = 2;  // of 50 GB/s a direction; bonded to 100 GB/s behind a switch
    const double bandwidth = through_switch ? 100e9 : 50e9;
    const double alpha_s = through_switch ? 1.1e-6 : 0.5e-6;
    PacketSystem system(reference::one_server(std::move(server)), reference::round_chip(),
                        {Bytes{std::int64_t{1} << 30}});
    system.elaborate();
    CommunicatorSpec spec{"world", "world", {}, CollectiveAlgorithm::ring, {}};
    for (int c = 0; c < ranks; ++c) {
        spec.cards.push_back(CardId{static_cast<std::uint32_t>(c)});
    }
    const CommunicatorId world = system.network().create_communicator(std::move(spec));
    std::int64_t unfinished = ranks;
    double peak_mib = 0.0;
    const double built_s = cpu_seconds(peak_mib);
    for (int rank = 0; rank < ranks; ++rank) {
        system.network().collective(world, rank, {CollectiveOp::all_reduce, Bytes{mebibytes << 20}},
                                    {count_down, &unfinished, 0});
    }
    system.run();
    const double run_s = cpu_seconds(peak_mib) - built_s;
    MYRIAD_CHECK(unfinished == 0 && system.network().idle(), system.network().waiting_text());
    const double size = static_cast<double>(mebibytes) * 1048576.0;
    const double expected_s = 2.0 * (ranks - 1) * (size / ranks / bandwidth + alpha_s);
    const double simulated_s = seconds(system.agenda().now().time_since_epoch());
    const double off_ppm = (simulated_s / expected_s - 1.0) * 1e6;
    MYRIAD_CHECK(std::abs(off_ppm) < 1.0, "off the closed form by " + std::to_string(off_ppm) + " ppm");
    std::printf(
        "%6d ranks, %s: %.2f M messages, CPU %.3f s (build %.3f s), %.2f M messages/s, peak %.0f MiB, "
        "simulated %.6f ms, %.3f ppm off the closed form\n",
        ranks, through_switch ? "switch" : "ring", static_cast<double>(system.transport().messages()) * 1e-6,
        built_s + run_s, built_s, static_cast<double>(system.transport().messages()) * 1e-6 / run_s, peak_mib,
        simulated_s * 1e3, off_ppm);
    std::fflush(stdout);
    _exit(0);
}
