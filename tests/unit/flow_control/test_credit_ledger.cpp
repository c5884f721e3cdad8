// Credits as arithmetic.

#include "interconnect/packet/credit_ledger.h"

#include <catch2/catch.hpp>

using namespace myriad;

namespace {
TimePoint at(std::int64_t t) { return TimePoint{Picoseconds{t}}; }
}  // namespace

TEST_CASE("credits that are on their way count when they are due and not a picosecond before") {
    Pool<CreditReturn> pool;
    CreditLedger ledger(100);
    ledger.claim(60);
    ledger.claim(40);
    CHECK_FALSE(ledger.covers(1));
    ledger.give_back(60, at(500), pool);
    ledger.settle(at(499), pool);
    CHECK_FALSE(ledger.covers(1));
    ledger.settle(at(500), pool);
    CHECK(ledger.covers(60));
    CHECK_FALSE(ledger.covers(61));
    CHECK(ledger.claimed_max() == 100);
    CHECK(pool.in_use() == 0);
}

TEST_CASE("credits may be announced in any order and are found by time") {
    Pool<CreditReturn> pool;
    CreditLedger ledger(90);
    for (int i = 0; i < 3; ++i) {
        ledger.claim(30);
    }
    ledger.give_back(30, at(300), pool);
    ledger.give_back(30, at(100), pool);  // before all others
    ledger.give_back(30, at(200), pool);  // between them
    CHECK(ledger.when_covered(30, at(50)) == at(100));
    CHECK(ledger.when_covered(31, at(50)) == at(200));
    CHECK(ledger.when_covered(90, at(50)) == at(300));
    CHECK(ledger.when_covered(91, at(50)) == kNever);
    CHECK(ledger.when_covered(30, at(150)) == at(150));
    ledger.settle(at(250), pool);
    CHECK(ledger.available() == 60);
    ledger.settle(kNever, pool);
    CHECK(ledger.available() == 90);
    ledger.give_back(0, at(400), pool);  // the list is whole after it has been empty
    CHECK(ledger.when_covered(90, at(0)) == at(0));
}

TEST_CASE("an unbounded buffer covers everything and remembers nothing") {
    Pool<CreditReturn> pool;
    CreditLedger ledger(-1);
    ledger.claim(1'000'000'000);
    CHECK(ledger.covers(1'000'000'000));
    ledger.give_back(5, at(5), pool);
    CHECK(pool.in_use() == 0);
    CHECK(ledger.when_covered(7, at(3)) == at(3));
    CHECK(ledger.claimed_max() == 0);
}
