// Who gets how much of a link that several want: by input, by flow, and with one queue an input or one a way out.

#include "tests/support/flow_rig.h"

#include <catch2/catch.hpp>

using namespace myriad;
using namespace myriad::test;

namespace {

constexpr BytesPerSecond kRate{50'000'000'000};  // 20 ps a byte
constexpr Bytes kCell{4096};
constexpr std::int64_t kCellTime = 81'920;
constexpr std::int64_t kHop = 500'000;

QueueingConfig turns(Arbitration arbitration) {
    QueueingConfig queueing;
    queueing.arbitration = arbitration;
    return queueing;
}

// Cards 0 and 1 behind a first switch, card 2 and the sink 3 at a second.
Topology two_behind_one() {
    Drawing drawing("two behind one");
    for (int c = 0; c < 4; ++c) {
        drawing.node(NodeKind::card, "card" + std::to_string(c));
    }
    const std::uint32_t first = drawing.node(NodeKind::icn_switch, "first");
    const std::uint32_t second = drawing.node(NodeKind::icn_switch, "second");
    drawing.link(0, first, kRate, ns(500));
    drawing.link(1, first, kRate, ns(500));
    drawing.link(first, second, kRate, ns(500));
    drawing.link(2, second, kRate, ns(500));
    drawing.link(3, second, kRate, ns(500));
    return drawing.topology();
}

// When flows 0, 1, 2 -> 3 of 300 cells each end, in cell times after the first cell could have come.
std::vector<double> shares(Arbitration arbitration) {
    FlowRig rig(two_behind_one(), kCell, turns(arbitration));
    for (int from = 0; from < 3; ++from) {
        rig.post(from, 3, 300 * 4096, static_cast<std::uint64_t>(from));
    }
    rig.run();
    std::vector<double> ends;
    for (std::uint64_t from = 0; from < 3; ++from) {
        ends.push_back(static_cast<double>(rig.end(from).count() - 2 * kHop) / static_cast<double>(kCellTime));
    }
    return ends;
}

// When a message from card 0 to card 3 of eight cells ends, whose cells take turns with eight for card 2, where cards 1
// and 4 send much.
Picoseconds bystander(InputQueues queues) {
    QueueingConfig queueing = credits(1, 64 * 4096);
    queueing.control.queues = queues;
    FlowRig rig(star(5, kRate, ns(500)), kCell, queueing);
    int posters[2];
    rig.post(1, 2, 100 * 4096, 1);
    rig.post(4, 2, 100 * 4096, 2);
    rig.post(0, 2, 8 * 4096, 3, &posters[0]);
    rig.post(0, 3, 8 * 4096, 4, &posters[1]);
    rig.run();
    return rig.broken_law().empty() ? rig.end(4) : ps(-1);
}

}  // namespace

TEST_CASE("round robin shares by input: the flow that is alone at its input gets half") {
    // Turns alternate between the inputs, so flow 2 has its 300 cells through after 600 cell times, give or take a turn and
    // the hop that the others come later (6.1 cell times, in which it is alone).
    const std::vector<double> ends = shares(Arbitration::round_robin);
    CHECK(ends[2] == Approx(594).margin(2));
    CHECK(ends[0] == Approx(900).margin(2));
    CHECK(ends[1] == Approx(900).margin(2));
}

TEST_CASE("per-flow-fair shares by flow: three flows of one size end together") {
    // The bottleneck is busy from the first cell of flow 2 on: 900 cells, the last round holds one of each.
    const std::vector<double> ends = shares(Arbitration::per_flow_fair);
    // Flow 2 has a lead of the 6.1 cells that it sent alone, so its last turn is that many rounds of three earlier.
    CHECK(ends[2] == Approx(900 - 2 * 6).margin(4));
    CHECK(ends[0] == Approx(900).margin(2));
    CHECK(ends[1] == Approx(900).margin(2));
}

TEST_CASE("an incast of equal messages ends for all within one round, at the bandwidth of the sink") {
    FlowRig rig(star(9, kRate, ns(500)), kCell, turns(Arbitration::round_robin));
    for (int from = 1; from < 9; ++from) {
        rig.post(from, 0, 50 * 4096, static_cast<std::uint64_t>(from));
    }
    rig.run();
    // 400 cells one after the other; the last of each sender is in the last round of eight.
    CHECK(rig.last_end().count() == 400 * kCellTime + 2 * kHop);
    for (std::uint64_t from = 1; from < 9; ++from) {
        CHECK(rig.end(from).count() > 392 * kCellTime + 2 * kHop);
    }
}

TEST_CASE("what passes through a card and each of its own connections get equal shares of its link") {
    // A line 0 - 1 - 2: flow 0 -> 2 passes card 1, which sends two messages of other posters to 2. 300 cells each.
    Drawing line("line");
    for (int c = 0; c < 3; ++c) {
        line.node(NodeKind::card, "card" + std::to_string(c));
    }
    line.link(0, 1, kRate, ns(500));
    line.link(1, 2, kRate, ns(500));
    FlowRig rig(line.topology(), kCell, turns(Arbitration::per_flow_fair));
    int posters[2];
    rig.post(0, 2, 300 * 4096, 0);
    rig.post(1, 2, 300 * 4096, 1, &posters[0]);
    rig.post(1, 2, 300 * 4096, 2, &posters[1]);
    rig.run();
    const auto cells = [&](std::uint64_t tag) {
        return static_cast<double>(rig.end(tag).count() - kHop) / static_cast<double>(kCellTime);
    };
    // The bottleneck carries 900 cells. Eight cells of the first own message are committed before the second is posted,
    // so it is eight rounds ahead, of two or three cells each.
    CHECK(cells(0) == Approx(900).margin(2));
    CHECK(cells(1) == Approx(900 - 8 * 2.5).margin(5));
    CHECK(cells(2) == Approx(900).margin(2));
}

TEST_CASE("with a queue a way out nobody waits behind a packet for another way out") {
    // Card 0's cells alternate, first for card 2: the eighth for card 3 is the sixteenth on its link.
    CHECK(bystander(InputQueues::per_output).count() == 16 * kCellTime + 2 * kHop);
}

TEST_CASE("with one FIFO an input the head of the line blocks") {
    // The input is read a packet at a time. Cell k for card 2 starts at 4 k: while the cell for card 3 behind it is read,
    // cells of cards 1 and 4 go to card 2, and the next cell of card 0 comes when one more stands before it. The eighth
    // for card 3 follows the one at 28.
    CHECK(bystander(InputQueues::one).count() == 30 * kCellTime + 2 * kHop);
}
