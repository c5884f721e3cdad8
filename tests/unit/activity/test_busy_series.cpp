// Buckets of what counters grew by.

#include "sim/statistics/busy_series.h"
#include "sim/time/agenda.h"

#include <catch2/catch.hpp>

#include <vector>

using namespace myriad;

namespace {
TimePoint at(std::int64_t time) { return TimePoint{Picoseconds{time}}; }
constexpr Picoseconds operator""_ps(unsigned long long time) { return Picoseconds{static_cast<std::int64_t>(time)}; }
}  // namespace

TEST_CASE("a bucket holds what its things were busy for, the last one as long as it is") {
    BusySeries series({0, 0, 1, BusySeries::kNoClass}, 2, {Picoseconds{100}, 4});
    CHECK(series.next() == at(100));
    series.close(std::vector{100_ps, 50_ps, 0_ps, 7_ps});
    series.finish(at(140), std::vector{110_ps, 90_ps, 20_ps, 9_ps});
    REQUIRE(series.buckets() == 2);
    CHECK(series.sum(0, 0) == 150_ps);
    CHECK(series.sum(1, 0) == 50_ps);  // 10 + 40
    CHECK(series.sum(1, 1) == 20_ps);
    CHECK(series.length(1) == 40_ps);
    CHECK(series.most(0, 0) == Approx(1.0).margin(1e-4));
    CHECK(series.most(1, 0) == Approx(1.0).margin(1e-4));  // 40 of 40
    CHECK(series.share(1, 2) == Approx(0.5).margin(1e-4));
}

TEST_CASE("when there are too many buckets they are as wide as two") {
    BusySeries series({0, 0}, 1, {Picoseconds{100}, 4});
    // The first thing is busy in every other bucket, the second in those between: of two together each has a half.
    std::vector<Picoseconds> busy(2);
    for (int bucket = 0; bucket < 4; ++bucket) {
        busy[static_cast<std::size_t>(bucket % 2)] += 100_ps;
        series.close(busy);
    }
    CHECK(series.width() == 200_ps);
    CHECK(series.next() == at(600));
    REQUIRE(series.buckets() == 2);
    CHECK(series.sum(0, 0) == 200_ps);
    CHECK(series.most(0, 0) == Approx(0.5).margin(1e-4));
    series.finish(at(400), busy);
    CHECK(series.buckets() == 2);
}

TEST_CASE("a series that is to be wider waits until its buckets are even") {
    BusySeries series({0}, 1, {Picoseconds{100}, 8});
    series.widen();
    CHECK(series.next() == at(200));
    series.close(std::vector{50_ps});
    series.widen();
    CHECK(series.next() == at(400));  // one bucket: not yet
    series.close(std::vector{60_ps});
    CHECK(series.next() == at(800));
    REQUIRE(series.buckets() == 1);
    CHECK(series.sum(0, 0) == 60_ps);
    CHECK(series.length(0) == 400_ps);
}

TEST_CASE("whoever watches an agenda is told before the first instant at or after its time, once, without a record") {
    struct Client final : AgendaClient {
        std::vector<std::int64_t>* log = nullptr;
        void on_agenda(const AgendaRecord& record) override { log->push_back(record.time.time_since_epoch().count()); }
    };
    std::vector<std::int64_t> log;
    Agenda agenda;
    Client client;
    client.log = &log;
    agenda.enroll(ComponentId{0}, client);
    for (const std::int64_t time : {10, 20, 30}) {
        agenda.schedule(at(time), Phase::deliver, ComponentId{0}, ComponentId{0}, 0);
    }
    agenda.watch(at(20), {[](void* to, std::uint64_t mark) {
                              static_cast<std::vector<std::int64_t>*>(to)->push_back(static_cast<std::int64_t>(mark));
                          },
                          &log, 99});
    agenda.run();
    CHECK(log == std::vector<std::int64_t>{10, 99, 20, 30});
    CHECK(agenda.delivered() == 3);
}
