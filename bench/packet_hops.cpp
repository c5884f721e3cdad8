// Packet hops per second at 16, 1,024 and 16,384 cards (or as many servers as told): a hierarchical all-reduce over
// all cards through the real modules. The result is checked before it is timed: every message arrives, every byte is
// conserved. One size a process, because SystemC elaborates once.
//
//   bench_packet_hops SERVERS [MIB_PER_RANK] [CELL_KIB] [fifo | credits | fair]
//
// fifo: unbounded FIFO links; credits: bounded buffers of four cells a virtual channel on ICN and PCIe, round robin;
// fair: unbounded, flows take turns.

#include "app/system/packet_system.h"
#include "sim/error/error.h"
#include "tests/support/reference_clusters.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

using namespace myriad;

namespace {

// Of the processor, by this process: other work on the machine does not count.
double host_seconds() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double resident_mib() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

void count_down(void* context, std::uint64_t /*argument*/) { --*static_cast<std::int64_t*>(context); }

}  // namespace

int sc_main(int, char*[]) { return 0; }

int main(int argc, char** argv) {
    setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);
    const int servers = argc > 1 ? std::atoi(argv[1]) : 1;
    const std::int64_t mebibytes = argc > 2 ? std::atoll(argv[2]) : 1024;
    const std::int64_t cell_kib = argc > 3 ? std::atoll(argv[3]) : 1024;
    const std::string mode = argc > 4 ? argv[4] : "fifo";
    PacketSystemOptions options{Bytes{cell_kib << 10}};
    if (mode == "credits") {
        options.queueing.arbitration = Arbitration::round_robin;
        options.queueing.control.modelled = true;
        options.queueing.control.icn = {4, options.cell * 4};
        options.queueing.control.pcie = {1, options.cell * 4};
    } else if (mode == "fair") {
        options.queueing.arbitration = Arbitration::per_flow_fair;
    }
    const double start = host_seconds();
    PacketSystem system(reference::ppu_cluster(servers), reference::round_chip(), options);
    system.elaborate();
    const double built = host_seconds();
    const double built_mib = resident_mib();
    const int cards = servers * 16;
    CommunicatorSpec spec{"world", "world", {}, CollectiveAlgorithm::hierarchical, {}};
    for (int c = 0; c < cards; ++c) {
        spec.cards.push_back(CardId{static_cast<std::uint32_t>(c)});
    }
    const CommunicatorId world = system.network().create_communicator(std::move(spec));
    std::int64_t unfinished = cards;
    for (int rank = 0; rank < cards; ++rank) {
        system.network().collective(world, rank, {CollectiveOp::all_reduce, Bytes{mebibytes << 20}},
                                    {count_down, &unfinished, 0});
    }
    const double posted = host_seconds();
    system.run();
    const double ended = host_seconds();
    MYRIAD_CHECK(unfinished == 0 && system.network().idle(), system.network().waiting_text());
    std::vector<std::string> held;
    system.check_laws(held);
    MYRIAD_CHECK(system.transport().posted() == system.transport().arrived(), "bytes were lost");
    const double hops = static_cast<double>(system.fabric().hops());
    std::printf(
        "%6d cards  %s  build %.2f s %.0f MiB  %zu modules  %.2f M hops  %.2f M messages  run %.2f s (post %.2f)  "
        "%.2f M hops/s  peak %.0f MiB  simulated %.6f ms\n",
        cards, mode.c_str(), built - start, built_mib, static_cast<std::size_t>(system.counters().modules), hops * 1e-6,
        static_cast<double>(system.transport().messages()) * 1e-6, ended - built, posted - built,
        hops * 1e-6 / (ended - built), resident_mib(), seconds(system.agenda().now().time_since_epoch()) * 1e3);
    std::fflush(stdout);
    _exit(0);  // destroying 100,000 modules takes longer than the run
}
