#include "sim/time/radix_heap.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

using namespace myriad;

namespace {
TimePoint at(std::int64_t t) { return TimePoint{ps(t)}; }
}  // namespace

TEST_CASE("the radix heap returns records in time order, equal times in the order of pushing") {
    // Differential: against a stable sort of the same records, pushes and pops interleaved, never before the last pop.
    for (std::uint32_t seed = 1; seed <= 20; ++seed) {
        INFO("seed " << seed);
        std::mt19937 random(seed);
        RadixHeap heap;
        std::vector<AgendaRecord> reference;
        std::int64_t last = 0;
        std::uint64_t serial = 0;
        for (int round = 0; round < 300; ++round) {
            const auto pushes = random() % 8;
            for (unsigned i = 0; i < pushes; ++i) {
                const std::int64_t span = std::int64_t{1} << (random() % 40);
                const AgendaRecord record{at(last + static_cast<std::int64_t>(random()) % span), 0, serial++};
                heap.push(record);
                reference.push_back(record);
            }
            REQUIRE(heap.empty() == reference.empty());
            if (heap.empty() || random() % 2 == 0) {
                continue;
            }
            std::stable_sort(reference.begin(), reference.end(),
                             [](const auto& a, const auto& b) { return a.time < b.time; });
            REQUIRE(heap.minimum() == reference.front().time);
            std::vector<std::uint64_t> popped;
            last = heap.minimum().time_since_epoch().count();
            heap.pop_minimum([&](const AgendaRecord& record) { popped.push_back(record.payload); },
                             [](const AgendaRecord&, std::size_t) {});
            std::vector<std::uint64_t> expected;
            while (!reference.empty() && reference.front().time == at(last)) {
                expected.push_back(reference.front().payload);
                reference.erase(reference.begin());
            }
            REQUIRE(popped == expected);
        }
    }
}

TEST_CASE("looking at the minimum does not forbid an earlier record") {
    RadixHeap heap;
    heap.push({at(1000), 0, 1});
    CHECK(heap.minimum() == at(1000));
    heap.push({at(10), 0, 2});
    CHECK(heap.minimum() == at(10));
}
