// What software adds to a collective, on a transport of one port a card, latency alpha and B = 1 GB/s, where a byte on
// the wire takes 1 ns.

#include "interconnect/collective/executor.h"
#include "interconnect/collective/make_schedule.h"
#include "interconnect/collective/protocol.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>

using namespace myriad;

namespace {

constexpr BytesPerSecond kGigabyte{1'000'000'000};
constexpr Picoseconds kAlpha = ns(500);

// Arrivals and timers come by one agenda, as in a network.
struct Bench final : Transport, AgendaClient {
    explicit Bench(int ranks)
        : free(static_cast<std::size_t>(ranks)),
          executor(cards(ranks), *this, {&agenda, ComponentId{0}, kTimers}),
          done(static_cast<std::size_t>(ranks), TimePoint{}) {
        agenda.enroll(ComponentId{0}, *this);
    }
    static std::vector<CardId> cards(int count) {
        std::vector<CardId> list;
        for (int c = 0; c < count; ++c) {
            list.push_back(CardId{static_cast<std::uint32_t>(c)});
        }
        return list;
    }
    void post(CardId from, CardId to, Bytes size, std::uint64_t tag, Arrival /*arrival*/,
              TransportClient& /*client*/) override {
        TimePoint& port = free[index(from)];
        port = std::max(port, agenda.now()) + transfer_time_ceil(size, kGigabyte);
        wire += size;
        messages.push_back({from, to, tag});
        agenda.schedule(port + kAlpha, Phase::deliver, ComponentId{0}, ComponentId{0}, messages.size() - 1);
    }
    void on_agenda(const AgendaRecord& record) override {
        if (record.payload >= kTimers) {
            executor.on_timer(static_cast<int>(record.payload - kTimers));
            return;
        }
        const Posted posted = messages[record.payload];
        executor.on_arrival(posted.from, posted.to, posted.tag);
    }
    static void finished(void* context, std::uint64_t rank) {
        Bench& bench = *static_cast<Bench*>(context);
        bench.done[rank] = bench.agenda.now();
    }
    Picoseconds all(const Schedule& schedule, Bytes size, const CallCost& cost) {
        for (int rank = 0; rank < executor.ranks(); ++rank) {
            executor.start(rank, schedule, size, {&Bench::finished, this, static_cast<std::uint64_t>(rank)}, cost);
        }
        agenda.run();
        CHECK(executor.idle());
        return std::max_element(done.begin(), done.end())->time_since_epoch();
    }

    static constexpr std::uint64_t kTimers = std::uint64_t{1} << 40;
    struct Posted {
        CardId from;
        CardId to;
        std::uint64_t tag;
    };
    Agenda agenda;
    std::vector<TimePoint> free;
    std::vector<Posted> messages;
    Bytes wire;
    CollectiveExecutor executor;
    std::vector<TimePoint> done;
};

Picoseconds time_of(CollectiveOp op, CollectiveAlgorithm algorithm, int ranks, Bytes size, const CallCost& cost) {
    return Bench(ranks).all(*make_schedule(op, algorithm, ranks), size, cost);
}

// 4 us to launch, 700 ns a step, messages come to the link at 2 GB/s, 1.25 bytes on the wire for each of payload.
constexpr CallCost kCost{us(4), ns(700), BytesPerSecond{2'000'000'000}, 1'250'000};

}  // namespace

TEST_CASE("every step of a ring pays its delay, its copy and its wire bytes") {
    // 1,000 bytes a step: 700 + 500 + 1,250 + 500 ns.
    CHECK(time_of(CollectiveOp::all_gather, CollectiveAlgorithm::ring, 8, Bytes{8000}, kCost) == us(4) + ns(7 * 2950));
    CHECK(time_of(CollectiveOp::all_reduce, CollectiveAlgorithm::ring, 8, Bytes{8000}, kCost) == us(4) + ns(14 * 2950));
}

TEST_CASE("a step to all peers pays one delay, for its largest message") {
    // Seven messages of 1,000 bytes through one port: 700 + 500 + 7 x 1,250 + 500 ns.
    CHECK(time_of(CollectiveOp::all_to_all, CollectiveAlgorithm::direct, 8, Bytes{8000}, kCost) ==
          us(4) + ns(700 + 500 + 7 * 1250 + 500));
}

TEST_CASE("ranks without anything to send in a step wait for nothing") {
    // A chain of 4 ranks in 8 x 3 = 24 pieces of 100 bytes. A piece takes 750 ns before it leaves and 125 ns on the
    // wire, so the delay is the bottleneck: three hops of 750 + 125 + 500 ns, then 23 more delays.
    CHECK(time_of(CollectiveOp::broadcast, CollectiveAlgorithm::ring, 4, Bytes{2400}, kCost) ==
          us(4) + ns(3 * 1375 + 23 * 750));
}

TEST_CASE("payload is counted beside what is on the wire") {
    Bench bench(4);
    bench.all(*make_schedule(CollectiveOp::all_gather, CollectiveAlgorithm::ring, 4), Bytes{4000}, kCost);
    CHECK(bench.executor.payload() == Bytes{4 * 3 * 1000});
    CHECK(bench.wire == Bytes{4 * 3 * 1250});
}

TEST_CASE("a call without cost takes what the wire takes") {
    CHECK(time_of(CollectiveOp::all_gather, CollectiveAlgorithm::ring, 8, Bytes{8000}, {}) == ns(7 * 1500));
}

TEST_CASE("ranks that enter late and calls that follow each other keep their delays") {
    // Every rank enters its second call when its first one is done. All are in step, so the times add up.
    struct Twice {
        Bench bench{4};
        std::unique_ptr<Schedule> ring = make_schedule(CollectiveOp::all_gather, CollectiveAlgorithm::ring, 4);
        std::map<std::uint64_t, int> calls;
        TimePoint last{};
        void enter(std::uint64_t rank) {
            if (++calls[rank] <= 2) {
                bench.executor.start(static_cast<int>(rank), *ring, Bytes{4000}, {&Twice::next, this, rank}, kCost);
            } else {
                last = bench.agenda.now();
            }
        }
        static void next(void* context, std::uint64_t rank) { static_cast<Twice*>(context)->enter(rank); }
    };
    Twice twice;
    for (std::uint64_t rank = 0; rank < 4; ++rank) {
        twice.enter(rank);
    }
    twice.bench.agenda.run();
    CHECK(twice.last.time_since_epoch() == 2 * (us(4) + ns(3 * 2950)));
}

TEST_CASE("the cost of a call comes from the protocol, and its own share from the library") {
    const ProtocolCost ll{"LL", us(4), ns(700), 0.5, BytesPerSecond{2'000'000'000}};
    const CollectiveLibrary library{"test", {}, {ll}, {}, {}, BytesPerSecond{10'000'000'000}};
    const CallCost cost = call_cost(library, ll, CollectiveOp::all_gather, Bytes{80'000}, 8);
    CHECK(cost.start == us(4) + us(1));  // 10,000 bytes at 10 GB/s
    CHECK(cost.wire(Bytes{1000}) == Bytes{2000});
    CHECK(cost.step_delay(Bytes{1000}) == ns(700 + 500));
    CHECK(call_cost(library, ll, CollectiveOp::broadcast, Bytes{80'000}, 8).start == us(4));
    // Rounded up to a byte.
    CHECK(call_cost({}, {"LL128", {}, {}, 0.9375, {}}, CollectiveOp::all_gather, Bytes{15}, 8).wire(Bytes{15}) ==
          Bytes{17});
}
