// DCQCN: the arithmetic of a rate, and senders that settle at their share.

#include "interconnect/packet/dcqcn.h"
#include "tests/support/flow_rig.h"

#include <catch2/catch.hpp>

using namespace myriad;
using namespace myriad::test;

namespace {

constexpr BytesPerSecond kRate{10'000'000'000};  // 100 ps a byte
constexpr Bytes kCell{4096};

TimePoint at(Picoseconds time) { return TimePoint{time}; }

}  // namespace

TEST_CASE("a notification takes half of the rate at first, and less when alpha has fallen") {
    const DcqcnConfig config;
    DcqcnRate rate(config, kRate, at(ns(0)));
    CHECK(rate.at_line());
    rate.congested(at(ns(0)));  // alpha is 1: half
    CHECK(rate.rate() == Approx(5e9));
    CHECK(rate.alpha() == Approx(1.0));  // (1 - g) 1 + g
    // Ten alpha timers later: (1 - 1/256) ^ 10.
    rate.catch_up(at(us(550)));
    CHECK(rate.alpha() == Approx(0.96162).epsilon(1e-4));
}

TEST_CASE("fast recovery halves the way back, then the target rises") {
    DcqcnConfig config;
    config.additive = BytesPerSecond{100'000'000};
    DcqcnRate rate(config, kRate, at(ns(0)));
    rate.congested(at(ns(0)));
    rate.congested(at(ns(1)));  // target 5e9, rate 2.5e9
    rate.catch_up(at(us(54)));
    CHECK(rate.rate() == Approx(2.5e9));
    rate.catch_up(at(us(55) + ns(1)));
    CHECK(rate.rate() == Approx(3.75e9));
    rate.catch_up(at(us(5 * 55) + ns(1)));  // five recoveries: 5e9 - 2.5e9 / 2 ^ 5
    CHECK(rate.rate() == Approx(4.921875e9));
    rate.catch_up(at(us(6 * 55) + ns(1)));  // additive: target 5.1e9
    CHECK(rate.rate() == Approx((5.1e9 + 4.921875e9) / 2));
}

TEST_CASE("bytes sent raise the rate as time does, and both together by the larger step") {
    DcqcnConfig config;
    config.rise_bytes = Bytes{1'000'000};
    config.recoveries = 1;
    config.additive = BytesPerSecond{100'000'000};
    config.hyper = BytesPerSecond{1'000'000'000};
    DcqcnRate rate(config, kRate, at(ns(0)));
    rate.congested(at(ns(0)));
    rate.congested(at(ns(0)));        // target 5e9, rate 2.5e9
    rate.sent(1'000'000, at(ns(1)));  // recovery: 3.75e9
    CHECK(rate.rate() == Approx(3.75e9));
    rate.sent(1'000'000, at(ns(2)));  // two by bytes: target 5.1e9
    CHECK(rate.rate() == Approx(4.425e9));
    rate.catch_up(at(us(2 * 55)));  // one by time: additive, 5.2e9; two by time and by bytes: hyper, 6.2e9
    CHECK(rate.rate() == Approx(((5.2e9 + 4.425e9) / 2 + 6.2e9) / 2));
}

TEST_CASE("packets are spaced by the rate") {
    const DcqcnConfig config;
    DcqcnRate rate(config, kRate, at(ns(0)));
    rate.congested(at(ns(0)));
    rate.sent(5'000, at(ns(10)));  // 5e9 B/s: 1 us
    CHECK(rate.allowed_at() == at(ns(1010)));
    rate.sent(5'000, at(ns(500)));  // early: from the last on
    CHECK(rate.allowed_at() == at(ns(2010)));
}

TEST_CASE("four senders into one sink settle near a quarter each, without pauses and with the link busy") {
    QueueingConfig queueing;
    queueing.arbitration = Arbitration::fifo;
    queueing.control.modelled = true;
    EthernetControl ethernet;
    ethernet.pause.shared = Bytes{8'000'000};
    ethernet.pause.headroom = Bytes{131'072};
    // Ten times the paper's steps: they are for links of 40 Gb/s and runs of seconds.
    ethernet.dcqcn = DcqcnConfig{};
    ethernet.dcqcn->additive = BytesPerSecond{50'000'000};
    ethernet.dcqcn->hyper = BytesPerSecond{500'000'000};
    queueing.control.ethernet = ethernet;
    FlowRig rig(star(5, kRate, us(1), NodeKind::ethernet_switch), kCell, queueing);
    // 50 MB each: 200 MB are 20 ms of the sink's link, some 400 notification intervals.
    for (int from = 1; from < 5; ++from) {
        rig.post(from, 0, 50'000'000, static_cast<std::uint64_t>(from));
    }
    rig.run();
    CHECK(rig.broken_law().empty());
    CHECK(rig.congestion->notifications() > 100);
    // The link carries 200 MB in 20 ms; rates that swing below their share may leave a fifth of it idle at most.
    const double end = seconds(rig.last_end());
    CHECK(end >= 0.020);
    CHECK(end < 0.025);
    // Shares are within a quarter of each other: the first to end does not do so long before the last.
    for (std::uint64_t from = 1; from < 5; ++from) {
        CHECK(seconds(rig.end(from)) > 0.75 * end);
    }
    // Marks hold the queue far below what would pause somebody: 1/8 of 8 MB.
    CHECK(rig.fabric->shared_buffer(NodeId{0})->used_max() < 4'000'000);
    const LinkControlStats& stats = rig.direction(0, 1).control()->stats();
    CHECK(stats.marks > 100);
}

TEST_CASE("without marks nobody slows down") {
    QueueingConfig queueing;
    queueing.control.modelled = true;
    EthernetControl ethernet;
    ethernet.dcqcn = DcqcnConfig{};
    ethernet.mark = {Bytes{1'000'000'000}, Bytes{1'000'000'000}, 1.0};
    queueing.control.ethernet = ethernet;
    FlowRig rig(star(3, kRate, us(1), NodeKind::ethernet_switch), kCell, queueing);
    rig.post(1, 0, 100 * 4096, 1);
    rig.post(2, 0, 100 * 4096, 2);
    rig.run();
    CHECK(rig.congestion->notifications() == 0);
    CHECK(rig.last_end().count() == 200 * 409'600 + 2'000'000);
}
