// One card of each class against all of them: every operation of every card ends when that of its representative does.

#include "tests/differential/folding/layouts.h"
#include "tests/support/reference_clusters.h"

#include <catch2/catch.hpp>

#include <cstdio>
#include <string>

using namespace myriad;
using namespace myriad::test;

namespace {

ClusterConfig sprayed(int servers) {
    ClusterConfig cluster = reference::ppu_cluster(servers);
    cluster.routing = FabricRouting::spray;
    return cluster;
}

// Runs both and compares; gives the folded one.
ScriptRun compare(const std::string& name, const Script& script, const ClusterConfig& cluster, bool folds = true) {
    const ScriptRun whole = run_whole(script, cluster, reference::round_chip());
    const ScriptRun folded = run_folded(script, cluster, reference::round_chip());
    const std::int64_t difference = largest_difference(whole, folded);
    std::printf("%-40s %4zu cards %4zu classes, largest difference %lld ps  %s\n", name.c_str(), whole.ends.size(),
                folded.folding.classes, static_cast<long long>(difference), folded.folding.why_not.c_str());
    INFO(name << ": " << folded.folding.why_not);
    CHECK(folded.folding.folded == folds);
    CHECK(whole.finished);
    CHECK(folded.finished);
    CHECK(difference == 0);
    CHECK(folded.counters.messages == whole.counters.messages);
    CHECK(folded.counters.payload == whole.counters.payload);
    CHECK(folded.counters.wire == whole.counters.wire);
    CHECK(folded.link_bytes == whole.link_bytes);
    CHECK(folded.held == whole.held);
    return folded;
}

}  // namespace

TEST_CASE("a server of sixteen cards folds exactly") {
    compare("tp4 dp4", training_like({.tensor = 4, .data = 4}, {}), sprayed(1));
    compare("tp16", training_like({.tensor = 16}, {}), sprayed(1));
    compare("dp16 ep4", training_like({.data = 16, .expert = 4}, {}), sprayed(1));
    compare("tp4 pp4", training_like({.tensor = 4, .pipeline = 4}, {}), sprayed(1));
}

TEST_CASE("four servers of a sprayed fabric fold exactly") {
    compare("tp4 dp16", training_like({.tensor = 4, .data = 16}, {}), sprayed(4));
    compare("tp4 dp4 pp4", training_like({.tensor = 4, .data = 4, .pipeline = 4}, {}), sprayed(4));
    compare("tp2 dp16 pp2 ep8", training_like({.tensor = 2, .data = 16, .pipeline = 2, .expert = 8}, {}), sprayed(4));
}
