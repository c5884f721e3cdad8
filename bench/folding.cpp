// How far a cluster folds and what that costs: a step like training's in a layout of tensor x data x pipeline ranks with
// expert groups inside the data dimension, on a cluster of configs/.
//
//   bench_folding CLUSTER ROUTING TENSOR DATA PIPELINE EXPERT [ALGORITHM [whole | fold]]
//
// ROUTING is a word of a cluster file's `routing` ("as_built": what the file says), ALGORITHM one of `algorithm` for
// the data dimension. Prints classes, seconds and memory of
// fold(), then of the run of the representatives; `whole` runs every card on the flow level instead, `fold` stops before the
// run.

#include "app/config_files/load.h"
#include "app/config_files/words.h"
#include "sim/error/error.h"
#include "tests/differential/folding/layouts.h"

#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <string>

using namespace myriad;
using namespace myriad::test;

namespace {

double seconds_used() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto of = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
    };
    return of(usage.ru_utime) + of(usage.ru_stime);
}

double peak_mib() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

StepShape shape_of(const RankLayout& layout) {
    StepShape shape;
    shape.micro_batches = 2 * layout.pipeline;
    shape.tensor_size = Bytes{std::int64_t{1} << 25};
    shape.expert_size = Bytes{std::int64_t{1} << 25};
    shape.stage_size = Bytes{std::int64_t{1} << 23};
    shape.data_size = Bytes{std::int64_t{1} << 28};
    shape.compute = us(500);
    return shape;
}

void run(const Script& script, const ClusterFile& file, const ClusterConfig& cluster, bool fold_only) {
    FoldedSystem system(cluster, file.chip.chip, false, {}, file.chip.library);
    ScriptMachine machine(script, system.network(), system.agenda(), ComponentId{system.first_free_component()});
    const double begun = seconds_used();
    machine.create_groups();
    machine.announce(system.network());
    const double announced = seconds_used();
    const Folding& folding = system.fold(script.program_of_card);
    const double folded = seconds_used();
    const FoldedNetwork::Sizes& sizes = system.network().sizes();
    std::printf("classes       %zu of %zu cards%s%s\n", folding.classes, script.operations.size(),
                folding.folded ? "" : ", not folded: ", folding.why_not.c_str());
    std::printf("rounds        %d\nconnections   %zu in %zu classes\nlink classes  %zu\ngroup classes %zu\n",
                sizes.rounds, sizes.connections, sizes.connection_classes, sizes.link_classes, sizes.group_classes);
    std::printf("announce      %.2f s\nfold          %.2f s, %.0f MiB at most\n", announced - begun, folded - announced,
                peak_mib());
    std::fflush(stdout);
    if (!folding.folded || fold_only) {
        return;
    }
    for (const CardId card : folding.representatives) {
        machine.start(card);
    }
    ScriptRun result;
    finish(result, machine, system, folding.representatives);
    MYRIAD_CHECK(result.finished, "every program ends");
    std::printf("run           %.2f s, %.0f MiB at most\nmessages      %lld\nsimulated     %.6f ms\n",
                seconds_used() - folded, peak_mib(), static_cast<long long>(result.counters.messages),
                static_cast<double>(system.agenda().now().time_since_epoch().count()) * 1e-9);
}

void run_all(const Script& script, const ClusterFile& file, const ClusterConfig& cluster) {
    const double begun = seconds_used();
    const ScriptRun result = run_whole(script, cluster, file.chip.chip, file.chip.library);
    MYRIAD_CHECK(result.finished, "every program ends");
    TimePoint last{};
    for (const std::vector<TimePoint>& ends : result.ends) {
        last = std::max(last, ends.back());
    }
    std::printf("whole run     %.2f s, %.0f MiB at most\nmessages      %lld\nsimulated     %.6f ms\n",
                seconds_used() - begun, peak_mib(), static_cast<long long>(result.counters.messages),
                static_cast<double>(last.time_since_epoch().count()) * 1e-9);
}

}  // namespace

// The systems hold cards, though none here, and SystemC brings its own main().
int sc_main(int argc, char** argv) {
    if (argc < 7) {
        std::fprintf(stderr, "bench_folding CLUSTER ROUTING TENSOR DATA PIPELINE EXPERT [ALGORITHM [whole | fold]]\n");
        return 2;
    }
    const std::string routing = argv[2];
    const Overrides overrides = routing == "as_built" ? Overrides{} : Overrides{"routing=" + routing};
    const ClusterFile file = load_cluster(argv[1], overrides).value;
    const RankLayout layout{std::atoi(argv[3]), std::atoi(argv[4]), std::atoi(argv[5]), std::atoi(argv[6])};
    MYRIAD_CHECK(layout.cards() == file.cards(), "the layout takes all cards");
    StepShape shape = shape_of(layout);
    for (const Word<CollectiveAlgorithm>& word : kCollectiveAlgorithmWords) {
        if (argc > 7 && word.name == std::string_view(argv[7])) {
            shape.data_algorithm = word.value;
        }
    }
    const Script script = training_like(layout, shape);
    const std::string what = argc > 8 ? argv[8] : "";
    if (what == "whole") {
        run_all(script, file, file.cluster);
    } else {
        run(script, file, file.cluster, what == "fold");
    }
    return 0;
}
