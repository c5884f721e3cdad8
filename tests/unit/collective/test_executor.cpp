// Times of schedules on a transport of fixed latency alpha and bandwidth B = 1 GB/s, where a byte takes 1 ns.

#include "tests/unit/collective/fixed_transport.h"

#include "interconnect/collective/executor.h"
#include "interconnect/collective/make_schedule.h"

#include <catch2/catch.hpp>

#include <memory>
#include <random>

using namespace myriad;

namespace {

constexpr BytesPerSecond kGigabyte{1'000'000'000};
constexpr Picoseconds kAlpha = ns(500);

std::vector<CardId> cards(int count) {
    std::vector<CardId> list;
    for (int c = 0; c < count; ++c) {
        list.push_back(CardId{static_cast<std::uint32_t>(c) + 100});  // cards are not numbered like ranks
    }
    return list;
}

// Runs one collective, all ranks entering at 0, and returns when the last rank is done.
struct Run {
    FixedTransport transport;
    CollectiveExecutor executor;
    std::vector<Picoseconds> done;

    Run(int ranks, PortModel ports, Picoseconds latency = kAlpha)
        : transport(ports, kGigabyte, latency),
          executor(cards(ranks), transport),
          done(static_cast<std::size_t>(ranks), Picoseconds{-1}) {}

    void enter(int rank, const Schedule& schedule, Bytes size) {
        executor.start(rank, schedule, size, {&Run::finished, this, static_cast<std::uint64_t>(rank)});
    }
    static void finished(void* context, std::uint64_t rank) {
        Run& run = *static_cast<Run*>(context);
        run.done[rank] = run.transport.now();
    }
    Picoseconds all(const Schedule& schedule, Bytes size) {
        for (int rank = 0; rank < executor.ranks(); ++rank) {
            enter(rank, schedule, size);
        }
        transport.run();
        CHECK(executor.idle());
        CHECK(executor.messages() == static_cast<std::uint64_t>(transport.messages()));
        return *std::max_element(done.begin(), done.end());
    }
};

Picoseconds time_of(CollectiveOp op, CollectiveAlgorithm algorithm, int ranks, Bytes size, PortModel ports,
                    const std::vector<int>& hierarchy = {}) {
    return Run(ranks, ports).all(*make_schedule(op, algorithm, ranks, hierarchy), size);
}

}  // namespace

TEST_CASE("a ring takes (n-1)(S/(nB) + alpha), twice that for all_reduce") {
    // 8 ranks, 8,000 bytes: 1 us of data + 0.5 us of latency a step, 7 steps.
    const auto time = [](CollectiveOp op) {
        return time_of(op, CollectiveAlgorithm::ring, 8, Bytes{8000}, PortModel::per_sender);
    };
    CHECK(time(CollectiveOp::all_gather) == ns(7 * 1500));
    CHECK(time(CollectiveOp::reduce_scatter) == ns(7 * 1500));
    CHECK(time(CollectiveOp::all_reduce) == ns(2 * 7 * 1500));
    // Blocks hop along: 7 + 6 + ... + 1 = 28 parts of 1,000 bytes through each port, 7 latencies.
    CHECK(time(CollectiveOp::all_to_all) == ns(28 * 1000 + 7 * 500));
    // A chain of 8 x 7 = 56 pieces; the size is 56 ns a piece here: 56 + 8 - 2 = 62 pieces and 7 latencies.
    CHECK(time_of(CollectiveOp::broadcast, CollectiveAlgorithm::ring, 8, Bytes{56 * 56}, PortModel::per_sender) ==
          ns(62 * 56 + 7 * 500));
}

TEST_CASE("direct takes S/(nb) + alpha for each phase when every pair has a link") {
    const auto time = [](CollectiveOp op) {
        return time_of(op, CollectiveAlgorithm::direct, 8, Bytes{8000}, PortModel::per_pair);
    };
    CHECK(time(CollectiveOp::all_gather) == ns(1500));
    CHECK(time(CollectiveOp::reduce_scatter) == ns(1500));
    CHECK(time(CollectiveOp::all_to_all) == ns(1500));
    CHECK(time(CollectiveOp::all_reduce) == ns(3000));
    CHECK(time(CollectiveOp::broadcast) == ns(3000));
    // One port for all: seven parts one after another.
    CHECK(time_of(CollectiveOp::all_to_all, CollectiveAlgorithm::direct, 8, Bytes{8000}, PortModel::per_sender) ==
          ns(7 * 1000 + 500));
}

TEST_CASE("halving and doubling takes S(n-1)/(nB) + log2(n) alpha for each half") {
    const auto time = [](CollectiveOp op) {
        return time_of(op, CollectiveAlgorithm::halving_doubling, 8, Bytes{8000}, PortModel::per_sender);
    };
    CHECK(time(CollectiveOp::all_gather) == ns(7000 + 3 * 500));
    CHECK(time(CollectiveOp::reduce_scatter) == ns(7000 + 3 * 500));
    CHECK(time(CollectiveOp::all_reduce) == ns(2 * (7000 + 3 * 500)));
    // The farthest leaf waits for 4,000, 2,000 and 1,000 bytes, one after another, before it can gather.
    CHECK(time(CollectiveOp::broadcast) == ns(2 * (7000 + 3 * 500)));
    // Pairwise exchange.
    CHECK(time(CollectiveOp::all_to_all) == ns(7 * 1500));
}

TEST_CASE("a hierarchy adds up its dimensions, each on what the inner ones left") {
    // 4 x 4 x 8 with a link for each pair, 12,800 bytes: direct on 3,200 bytes a peer, direct on 800 bytes a peer,
    // halving 800 bytes: 400 + 200 + 100 in 3 steps.
    const Picoseconds half = ns(3200 + 500) + ns(800 + 500) + ns(700 + 3 * 500);
    const auto time = [](CollectiveOp op) {
        return time_of(op, CollectiveAlgorithm::hierarchical, 128, Bytes{12800}, PortModel::per_pair, {4, 4, 8});
    };
    CHECK(time(CollectiveOp::reduce_scatter) == half);
    CHECK(time(CollectiveOp::all_gather) == half);
    CHECK(time(CollectiveOp::all_reduce) == 2 * half);
    CHECK(time(CollectiveOp::broadcast) == 2 * half);
    // Each phase moves a whole buffer: 3,200 a peer twice, then pairwise 1,600 in 7 steps.
    CHECK(time(CollectiveOp::all_to_all) == ns(2 * 3700 + 7 * (1600 + 500)));
}

TEST_CASE("a size that does not divide is cut at floor(i S / n), and nothing is lost") {
    // 3 bytes in 8 chunks: chunks 2, 5 and 7 have one byte, the others none; each step still moves all 8 chunks.
    Run run(8, PortModel::per_sender);
    const auto ring = make_schedule(CollectiveOp::all_reduce, CollectiveAlgorithm::ring, 8);
    run.all(*ring, Bytes{3});
    CHECK(run.transport.bytes() == Bytes{14 * 3});
    CHECK(run.transport.messages() == 14 * 8);
    // Ranges that wrap around the end: each of 7 ranks keeps its own part and sends the rest of 1,003 bytes.
    Run wrap(7, PortModel::per_pair);
    wrap.all(*make_schedule(CollectiveOp::all_to_all, CollectiveAlgorithm::ring, 7), Bytes{1003});
    Bytes expected;
    for (int step = 0; step < 6; ++step) {
        for (int rank = 0; rank < 7; ++rank) {
            for (int hop = 1; hop < 7 - step; ++hop) {
                const int chunk = (rank + hop) % 7;
                expected += Bytes{(chunk + 1) * 1003 / 7 - chunk * 1003 / 7};
            }
        }
    }
    CHECK(wrap.transport.bytes() == expected);
}

TEST_CASE("messages of no bytes take the latency") {
    CHECK(time_of(CollectiveOp::all_reduce, CollectiveAlgorithm::ring, 5, Bytes{0}, PortModel::per_sender) ==
          ns(8 * 500));
    CHECK(time_of(CollectiveOp::broadcast, CollectiveAlgorithm::direct, 5, Bytes{0}, PortModel::per_sender) ==
          ns(2 * 500));
}

TEST_CASE("a group of one rank is done at once") {
    for (const CollectiveAlgorithm algorithm : {CollectiveAlgorithm::ring, CollectiveAlgorithm::direct}) {
        CHECK(time_of(CollectiveOp::broadcast, algorithm, 1, Bytes{100}, PortModel::per_sender) == ns(0));
    }
}

TEST_CASE("the ring waits for a late rank and finds what came meanwhile") {
    // The late rank r has got the steps 0 .. n-2 when it enters (r+1 could only send step 0, r+2 two steps, ...), so it
    // posts n steps at once. That saves nothing: what it adds itself in step 0 still needs all 2(n-1) hops.
    Run run(8, PortModel::per_sender);
    const auto ring = make_schedule(CollectiveOp::all_reduce, CollectiveAlgorithm::ring, 8);
    const Picoseconds late = us(100);
    for (int rank = 0; rank < 8; ++rank) {
        run.transport.at(rank == 3 ? late : ns(0), [&run, &ring, rank] { run.enter(rank, *ring, Bytes{8000}); });
    }
    run.transport.at(late, [&run] { CHECK(run.transport.messages() == 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8); });
    run.transport.run();
    CHECK(*std::max_element(run.done.begin(), run.done.end()) == late + ns(14 * 1500));
    CHECK(run.executor.idle());
}

TEST_CASE("the root of a chain is done when what it sent has arrived") {
    // 8 x 3 = 24 pieces of 100 bytes: the root's last one arrives after 2,400 ns and a latency, the last rank gets it
    // two more hops later.
    Run run(4, PortModel::per_sender);
    const auto chain = make_schedule(CollectiveOp::broadcast, CollectiveAlgorithm::ring, 4);
    CHECK(run.all(*chain, Bytes{2400}) == ns(2600 + 3 * 500));
    CHECK(run.done[0] == ns(2400 + 500));
}

TEST_CASE("a rank that is a call ahead finds its messages counted for the right call") {
    // Each rank enters its next call from the completion of the last: no barrier, yet n calls take n times as long.
    struct Loop {
        FixedTransport transport{PortModel::per_sender, kGigabyte, kAlpha};
        CollectiveExecutor executor{cards(8), transport};
        std::unique_ptr<Schedule> schedules[2] = {
            make_schedule(CollectiveOp::all_reduce, CollectiveAlgorithm::ring, 8),
            make_schedule(CollectiveOp::all_gather, CollectiveAlgorithm::direct, 8)};
        std::vector<int> calls = std::vector<int>(8);
        Picoseconds last{};
        void enter(int rank) {
            const auto call = static_cast<std::size_t>(calls[static_cast<std::size_t>(rank)]++);
            if (call < 6) {
                executor.start(rank, *schedules[call % 2], Bytes{8000},
                               {&Loop::finished, this, static_cast<std::uint64_t>(rank)});
            } else {
                last = transport.now();
            }
        }
        static void finished(void* context, std::uint64_t rank) {
            static_cast<Loop*>(context)->enter(static_cast<int>(rank));
        }
    };
    Loop loop;
    for (int rank = 0; rank < 8; ++rank) {
        loop.enter(rank);
    }
    loop.transport.run();
    // Ring: 14 x 1,500; direct through one port: 7 x 1,000 + 500.
    CHECK(loop.last == 3 * (ns(14 * 1500) + ns(7500)));
    CHECK(loop.executor.idle());
}

TEST_CASE("calls that are entered together run one after another") {
    Run run(8, PortModel::per_sender);
    const auto ring = make_schedule(CollectiveOp::all_reduce, CollectiveAlgorithm::ring, 8);
    for (int rank = 0; rank < 8; ++rank) {
        run.enter(rank, *ring, Bytes{8000});
        run.enter(rank, *ring, Bytes{4000});
    }
    run.transport.run();
    for (const Picoseconds done : run.done) {
        CHECK(done == ns(14 * 1500 + 14 * 1000));
    }
    CHECK(run.executor.idle());
}

TEST_CASE("a stall is described") {
    Run run(4, PortModel::per_sender);
    const auto ring = make_schedule(CollectiveOp::all_reduce, CollectiveAlgorithm::ring, 4);
    for (int rank = 0; rank < 3; ++rank) {
        run.enter(rank, *ring, Bytes{4000});
    }
    run.transport.run();
    CHECK_FALSE(run.executor.idle());
    // Rank 0 never hears from rank 3; rank 1 gets one message, rank 2 two.
    CHECK(run.executor.waiting_text() ==
          "rank 0 in step 0 of 6: waits for 1 messages, 0 of its own under way\n"
          "rank 1 in step 1 of 6: waits for 1 messages, 0 of its own under way\n"
          "rank 2 in step 2 of 6: waits for 1 messages, 0 of its own under way\n"
          "rank 3 has not entered call 0\n");
}

TEST_CASE("the rule of execution holds with any latencies and entries") {
    const std::vector<int> hierarchy{3, 2, 4};
    for (const CollectiveOp op : {CollectiveOp::all_reduce, CollectiveOp::all_to_all, CollectiveOp::broadcast}) {
        for (const CollectiveAlgorithm algorithm :
             {CollectiveAlgorithm::ring, CollectiveAlgorithm::direct, CollectiveAlgorithm::hierarchical}) {
            const std::uint32_t seed = 17 + static_cast<std::uint32_t>(op);
            CAPTURE(name_of(op), name_of(algorithm), seed);
            std::mt19937 random(seed);
            const auto schedule = make_schedule(op, algorithm, 24, hierarchy, 5);

            // Counts arrivals by (rank, step); a post of step k before all arrivals of 0 .. k-1 is a fault.
            struct Watch final : Transport {
                const Schedule& schedule;
                FixedTransport inner{PortModel::per_sender, kGigabyte, kAlpha};
                std::vector<std::vector<int>> arrived;
                std::vector<int> posted;
                int faults = 0;
                explicit Watch(const Schedule& s)
                    : schedule(s), arrived(24, std::vector<int>(static_cast<std::size_t>(s.steps()))), posted(24) {}
                int step_of_post(int rank) const {
                    std::vector<Transfer> sends;
                    int before = 0;
                    for (int step = 0;; ++step) {
                        schedule.sends(rank, step, sends);
                        before += static_cast<int>(sends.size());
                        if (posted[static_cast<std::size_t>(rank)] < before) {
                            return step;
                        }
                    }
                }
                void post(CardId from, CardId to, Bytes size, std::uint64_t tag, Arrival arrival,
                          TransportClient& client) override {
                    const int sender = static_cast<int>(index(from)) - 100;
                    const int step = step_of_post(sender);
                    ++posted[static_cast<std::size_t>(sender)];
                    for (int k = 0; k < step; ++k) {
                        faults += arrived[static_cast<std::size_t>(sender)][static_cast<std::size_t>(k)] !=
                                  schedule.receives(sender, k);
                    }
                    const auto receiver = static_cast<std::size_t>(index(to)) - 100;
                    relays.push_back(
                        std::make_unique<Relay>(arrived[receiver][static_cast<std::size_t>(step)], client));
                    inner.post(from, to, size, tag, arrival, *relays.back());
                }
                struct Relay final : TransportClient {
                    int& count;
                    TransportClient& client;
                    Relay(int& c, TransportClient& t) : count(c), client(t) {}
                    void on_arrival(CardId from, CardId to, std::uint64_t tag) override {
                        ++count;
                        client.on_arrival(from, to, tag);
                    }
                };
                std::vector<std::unique_ptr<Relay>> relays;
            };
            Watch watch(*schedule);
            watch.inner.jitter = [&random] { return Picoseconds{static_cast<std::int64_t>(random() % 5'000'000)}; };
            CollectiveExecutor executor(cards(24), watch);
            int finished = 0;
            const auto count = [](void* context, std::uint64_t) { ++*static_cast<int*>(context); };
            for (int rank = 0; rank < 24; ++rank) {
                watch.inner.at(Picoseconds{static_cast<std::int64_t>(random() % 20'000'000)}, [&, rank] {
                    executor.start(rank, *schedule, Bytes{24'001}, {count, &finished, 0});
                });
            }
            watch.inner.run();
            CHECK(watch.faults == 0);
            CHECK(finished == 24);
            CHECK(executor.idle());
        }
    }
}
