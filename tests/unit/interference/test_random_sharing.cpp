// Random messages, collectives and kernels on a server, with and without interference. Each seed runs in children.

#include "sim/process/children.h"
#include "sim/random/random_stream.h"
#include "tests/unit/interference/two_cards.h"

#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <sstream>

using namespace myriad;
using namespace myriad::test;

namespace {

constexpr int kCards = 4;

enum class Work { messages, kernels, both };

// When everything ended, in order of issue; laws hold or it throws.
std::string ends_of(std::uint64_t seed, Work work, bool interference) {
    RandomStream random(seed, "sharing");
    ChipConfig chip = reference::round_chip();
    chip.hbm.bandwidth = BytesPerSecond{random.integer(100, 600) * 1'000'000'000};
    chip.communication = {static_cast<int>(random.integer(0, 20)), work == Work::both ? 1 : 0};
    if (work == Work::messages) {
        chip.hbm.bandwidth = BytesPerSecond{1'000'000'000'000};  // three ports each way never fill it
    }
    PacketSystem system(icn_server(WiringRecipe::full_mesh, kCards, BytesPerSecond{50'000'000'000}, ns(500)), chip,
                        {Bytes{65'536}, BuildOrder::forward, {nullptr, interference}});
    system.elaborate();
    Finishes finishes(system);
    const CommunicatorId world =
        system.network().create_communicator(world_spec(system.topology(), CollectiveAlgorithm::automatic));
    for (int round = 0; round < 12; ++round) {
        const CardId from = card(static_cast<int>(random.below(kCards)));
        const CardId to = card(static_cast<int>((index(from) + 1 + random.below(kCards - 1)) % kCards));
        const Bytes size{random.integer(1, 20'000'000)};
        Kernel kernel;
        kernel.unit = KernelUnit::vector;
        kernel.read = Bytes{random.integer(0, 50'000'000)};
        kernel.work = Flop{random.real(0.0, 2e9)};
        if (work != Work::kernels) {
            system.network().receive(to, from, static_cast<std::uint64_t>(round), {});
            system.network().send(from, to, size, static_cast<std::uint64_t>(round), finishes.expect());
        }
        if (work != Work::messages) {
            system.card(from).execute(kernel, finishes.expect());
        }
    }
    for (int rank = 0; rank < kCards && work != Work::kernels; ++rank) {
        system.network().collective(world, rank, {CollectiveOp::all_reduce, Bytes{8'000'000}}, finishes.expect());
    }
    system.run();
    std::vector<std::string> held;
    system.check_laws(held);
    std::string text;
    for (const TimePoint end : finishes.at) {
        text += fmt::format("{} ", end.time_since_epoch().count());
    }
    return text;
}

std::vector<std::int64_t> numbers(const std::string& text) {
    std::istringstream stream(text);
    return {std::istream_iterator<std::int64_t>(stream), {}};
}

}  // namespace

TEST_CASE("random work: alone nothing changes, together nothing is faster, and laws hold") {
    constexpr std::uint64_t kSeeds = 25;
    constexpr std::size_t kRuns = 6;
    const auto results = run_children(kSeeds * kRuns, [](std::size_t job) {
        constexpr Work kWorks[] = {Work::messages, Work::kernels, Work::both};
        return ends_of(1 + job / kRuns, kWorks[job % kRuns / 2], job % 2 == 1);
    });
    for (std::size_t seed = 0; seed < kSeeds; ++seed) {
        CAPTURE(seed + 1);
        for (std::size_t run = 0; run < kRuns; ++run) {
            CAPTURE(run, results[seed * kRuns + run].reason, results[seed * kRuns + run].output);
            REQUIRE(results[seed * kRuns + run].succeeded());
        }
        const auto text = [&](std::size_t run) { return results[seed * kRuns + run].payload; };
        CHECK(text(0) == text(1));
        CHECK(text(2) == text(3));
        const auto off = numbers(text(4));
        const auto on = numbers(text(5));
        REQUIRE(off.size() == on.size());
        CAPTURE(text(4), text(5));
        // The last of all, not each one: order at a port may turn when messages are held.
        CHECK(*std::max_element(on.begin(), on.end()) + 4 >= *std::max_element(off.begin(), off.end()));
    }
}
