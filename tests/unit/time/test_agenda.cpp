#include "sim/time/agenda.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <random>

using namespace myriad;

namespace {

// Writes down what it is given, and may react.
struct Recorder final : AgendaClient {
    std::vector<std::uint64_t>* log = nullptr;
    std::function<void(const AgendaRecord&)> react;
    void on_agenda(const AgendaRecord& record) override {
        log->push_back(record.payload);
        if (react) {
            react(record);
        }
    }
};

constexpr ComponentId id(std::uint32_t n) { return ComponentId{n}; }
TimePoint at(std::int64_t t) { return TimePoint{ps(t)}; }

}  // namespace

TEST_CASE("at one instant: deliver before arbitrate, then destination, then source, then the source's own order") {
    struct Entry {
        Phase phase;
        std::uint32_t destination;
        std::uint32_t source;
        std::uint64_t payload;
    };
    // Payloads number the expected order.
    std::vector<Entry> entries{{Phase::deliver, 0, 1, 0},   {Phase::deliver, 0, 2, 1},   {Phase::deliver, 0, 2, 2},
                               {Phase::deliver, 1, 0, 3},   {Phase::deliver, 2, 0, 4},   {Phase::arbitrate, 0, 0, 5},
                               {Phase::arbitrate, 1, 0, 6}, {Phase::arbitrate, 1, 2, 7}, {Phase::observe, 0, 0, 8}};
    for (std::uint32_t seed = 1; seed <= 50; ++seed) {
        INFO("seed " << seed);
        std::mt19937 random(seed);
        // Shuffle, but keep the one pair of equal (phase, destination, source) in its own order: 1 before 2.
        std::shuffle(entries.begin(), entries.end(), random);
        const auto place = [&](std::uint64_t payload) {
            return std::find_if(entries.begin(), entries.end(), [&](const Entry& e) { return e.payload == payload; });
        };
        if (place(1) > place(2)) {
            std::iter_swap(place(1), place(2));
        }
        Agenda agenda;
        std::vector<std::uint64_t> log;
        std::vector<Recorder> clients(3);
        for (std::uint32_t i = 0; i < 3; ++i) {
            clients[i].log = &log;
            agenda.enroll(id(i), clients[i]);
        }
        for (const Entry& e : entries) {
            agenda.schedule(at(7), e.phase, id(e.destination), id(e.source), e.payload);
        }
        agenda.run();
        CHECK(log == std::vector<std::uint64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8});
        CHECK(agenda.now() == at(7));
        CHECK(agenda.delivered() == 9);
    }
}

TEST_CASE("a big instant is sorted the same way as a small one") {
    // 5,000 records take the radix path: destination rises, per destination the source rises, per source the order
    // written.
    for (std::uint32_t seed = 1; seed <= 5; ++seed) {
        INFO("seed " << seed);
        std::mt19937 random(seed);
        Agenda agenda;
        std::vector<std::uint64_t> log;
        std::vector<Recorder> clients(700);
        for (std::uint32_t i = 0; i < clients.size(); ++i) {
            clients[i].log = &log;
            agenda.enroll(id(i), clients[i]);
        }
        struct Written {
            std::uint32_t destination, source;
            std::uint64_t payload;
        };
        std::vector<Written> written;
        for (std::uint64_t n = 0; n < 5000; ++n) {
            written.push_back(
                {static_cast<std::uint32_t>(random() % 700), static_cast<std::uint32_t>(random() % 300), n});
            agenda.schedule(at(3), Phase::deliver, id(written.back().destination), id(written.back().source), n);
        }
        std::stable_sort(written.begin(), written.end(), [](const Written& a, const Written& b) {
            return std::pair(a.destination, a.source) < std::pair(b.destination, b.source);
        });
        agenda.run();
        REQUIRE(log.size() == written.size());
        CHECK(std::equal(log.begin(), log.end(), written.begin(),
                         [](std::uint64_t payload, const Written& w) { return payload == w.payload; }));
    }
}

TEST_CASE("what an arbitration delivers to the same instant comes before the next arbitration") {
    Agenda agenda;
    std::vector<std::uint64_t> log;
    Recorder a, b;
    a.log = b.log = &log;
    agenda.enroll(id(0), a);
    agenda.enroll(id(1), b);
    a.react = [&](const AgendaRecord& record) {
        if (record.phase() == static_cast<std::uint32_t>(Phase::arbitrate)) {
            agenda.schedule(agenda.now(), Phase::deliver, id(1), id(0), 99);
            agenda.schedule(agenda.now(), Phase::arbitrate, id(1), id(0), 100);
        }
    };
    agenda.schedule(at(1), Phase::arbitrate, id(0), id(0), 1);
    agenda.schedule(at(2), Phase::deliver, id(0), id(0), 2);
    agenda.run();
    CHECK(log == std::vector<std::uint64_t>{1, 99, 100, 2});
}
