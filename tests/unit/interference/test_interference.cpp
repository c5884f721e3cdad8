// Kernels and communication of a card slow each other down by what the shares say, and not at all when alone.

#include "tests/unit/interference/two_cards.h"

#include <catch2/catch.hpp>

using namespace myriad;
using namespace myriad::test;

TEST_CASE("a kernel alone takes what it takes without interference") {
    TwoCards cards(narrow_chip());
    cards.execute(0, TwoCards::streaming());
    cards.execute(0, TwoCards::computing());
    cards.run();
    CHECK(cards.end(0) == ms(10));
    CHECK(cards.end(1) == ms(20));
}

TEST_CASE("a message alone takes what the network says") {
    TwoCards cards(narrow_chip());
    cards.send(0, 1, 200'000'000);
    cards.run();
    // 200 MB at 50 GB/s and 500 ns.
    CHECK(cards.end(0) == ms(4) + ns(500));
}

TEST_CASE("a kernel that needs no HBM and a message do not meet") {
    TwoCards cards(narrow_chip());
    cards.execute(0, TwoCards::computing());
    cards.send(0, 1, 200'000'000);
    cards.run();
    CHECK(cards.end(0) == ms(10));
    CHECK(cards.end(1) == ms(4) + ns(500));
}

TEST_CASE("a streaming kernel and a message that leaves slow each other down alike") {
    TwoCards cards(narrow_chip());
    cards.execute(0, TwoCards::streaming());
    cards.send(0, 1, 200'000'000);
    cards.run();
    // 100 + 50 GB/s are wanted of 100: both at 2/3. The message has crossed HBM after 4 ms / (2/3) = 6 ms; the kernel
    // has done 4 of its 10 ms by then and needs 6 more.
    CHECK(near(cards.end(1), ms(6) + ns(500)));
    CHECK(near(cards.end(0), ms(12)));
    const CardShareStats& stats = cards.system.card(card(0)).share()->stats();
    CHECK(stats.kernel_bytes == Approx(1e9));
    CHECK(stats.message_bytes == Approx(2e8));
    CHECK(near(stats.stretch, ms(2)));
    CHECK(near(cards.system.card(card(1)).share()->stats().held, ms(2)));
}

TEST_CASE("the same where the message arrives") {
    TwoCards cards(narrow_chip());
    cards.execute(1, TwoCards::streaming());
    cards.send(0, 1, 200'000'000);
    cards.run();
    CHECK(near(cards.end(1), ms(6) + ns(500)));
    CHECK(near(cards.end(0), ms(12)));
}

TEST_CASE("with kernels at both ends the slower end decides") {
    TwoCards cards(narrow_chip());
    Kernel half = TwoCards::streaming();  // 10 ms too, at 75 GB/s: 7.5 ms of HBM beside 10 ms of work
    half.read = Bytes{750'000'000};
    half.work = Flop{1e11};
    cards.execute(0, half);
    cards.execute(1, TwoCards::streaming());
    cards.send(0, 1, 200'000'000);
    cards.run();
    // Sender: 75 + 50 of 100, 4/5: done after 5 ms. Receiver: 2/3, after 6 ms.
    CHECK(near(cards.end(2), ms(6) + ns(500)));
    CHECK(near(cards.end(0), ms(11)));  // 5 ms at 4/5, then 6 ms
    CHECK(near(cards.end(1), ms(12)));
}

TEST_CASE("a kernel that begins while a message is under way") {
    TwoCards cards(narrow_chip());
    cards.execute(0, TwoCards::computing());  // 10 ms without HBM
    cards.execute(0, TwoCards::streaming());
    cards.send(0, 1, 600'000'000);  // 12 ms alone
    cards.run();
    // 10 ms undisturbed, then 2 ms of message at 2/3: 3 ms, in which the kernel does 2 of its 10.
    CHECK(near(cards.end(2), ms(13) + ns(500)));
    CHECK(near(cards.end(1), ms(10 + 3 + 8)));
}

TEST_CASE("messages behind one another on a port do not add up") {
    TwoCards cards(narrow_chip());
    cards.execute(0, TwoCards::streaming());
    cards.send(0, 1, 100'000'000);
    cards.send(0, 1, 100'000'000);
    cards.run();
    // As one message of 200 MB. The first half alone takes 2 ms and 500 ns; at 2/3 half as much again.
    CHECK(near(cards.end(1), ms(3) + ns(750)));
    CHECK(near(cards.end(2), ms(6) + ns(500)));
    CHECK(near(cards.end(0), ms(12)));
}

TEST_CASE("an all-gather beside kernels on both cards") {
    TwoCards cards(narrow_chip());
    const CommunicatorId world =
        cards.system.network().create_communicator(world_spec(cards.system.topology(), CollectiveAlgorithm::direct));
    for (int rank = 0; rank < 2; ++rank) {
        cards.execute(rank, TwoCards::streaming());
        cards.system.network().collective(world, rank, {CollectiveOp::all_gather, Bytes{400'000'000}},
                                          cards.finishes.expect());
    }
    cards.run();
    // 200 MB each way. Of each HBM 100 + 50 + 50 are wanted: all at a half, 8 ms; the kernel then has 6 ms left.
    CHECK(near(cards.end(1), ms(8) + ns(500)));
    CHECK(near(cards.end(3), ms(8) + ns(500)));
    CHECK(near(cards.end(0), ms(14)));
    CHECK(near(cards.end(2), ms(14)));
}

TEST_CASE("bytes that are added cost HBM more than bytes that are stored") {
    ChipConfig chip = narrow_chip();
    chip.communication.reduction_bytes = 1;
    TwoCards cards(chip);
    const CommunicatorId world =
        cards.system.network().create_communicator(world_spec(cards.system.topology(), CollectiveAlgorithm::direct));
    for (int rank = 0; rank < 2; ++rank) {
        cards.execute(rank, TwoCards::streaming());
        cards.system.network().collective(world, rank, {CollectiveOp::reduce_scatter, Bytes{400'000'000}},
                                          cards.finishes.expect());
    }
    cards.run();
    // 200 MB each way, the arriving ones twice: 100 + 50 + 100 wanted, all at 2/5: 10 ms, 4 ms of the kernel done.
    CHECK(near(cards.end(1), ms(10) + ns(500)));
    CHECK(near(cards.end(0), ms(16)));
}

TEST_CASE("a collective in progress keeps its cores from a kernel") {
    ChipConfig chip = narrow_chip();
    chip.communication.cores = 16;
    TwoCards cards(chip);
    Card& first = cards.system.card(card(0));
    cards.execute(0, TwoCards::computing());
    first.begin_collective();
    first.begin_collective();
    // Ends after 4 ms, when a message of 200 MB less 500 ns is there.
    struct End {
        Card& card;
        static void both(void* self, std::uint64_t) {
            static_cast<End*>(self)->card.end_collective();
            static_cast<End*>(self)->card.end_collective();
        }
    } end{first};
    cards.system.network().receive(card(1), card(0), 0, {&End::both, &end, 0});
    cards.system.network().send(card(0), card(1), Bytes{200'000'000 - 25'000}, 0, {});
    cards.run();
    // 64 - 2 x 16 cores for 4 ms: 2 ms done, 8 left.
    CHECK(near(cards.end(0), ms(12)));
}

TEST_CASE("a kernel of the matrix units keeps its cores where enough others are left") {
    ChipConfig chip = narrow_chip();  // 20 matrix cores of 64
    chip.communication.cores = 44;
    TwoCards cards(chip);
    cards.system.card(card(0)).begin_collective();
    Kernel kernel;
    kernel.work = Flop{1e12};  // 10 ms at 100 TFLOP/s
    cards.execute(0, kernel);
    cards.system.run();
    CHECK(cards.end(0) == ms(10));
    cards.system.card(card(0)).end_collective();
}

TEST_CASE("without interference nothing is shared") {
    TwoCards cards(narrow_chip(), false);
    cards.execute(0, TwoCards::streaming());
    cards.send(0, 1, 200'000'000);
    cards.run();
    CHECK(cards.end(0) == ms(10));
    CHECK(cards.end(1) == ms(4) + ns(500));
    CHECK(cards.system.card(card(0)).share() == nullptr);
}
