#include "interconnect/collective/point_to_point.h"

#include <catch2/catch.hpp>

#include <string>

using namespace myriad;

namespace {

constexpr CardId kFrom{3};
constexpr CardId kTo{8};

// Writes a letter for each completion.
struct Log {
    std::string text;
    Completion operator()(char letter) { return {&Log::write, this, static_cast<std::uint64_t>(letter)}; }
    static void write(void* context, std::uint64_t letter) {
        static_cast<Log*>(context)->text += static_cast<char>(letter);
    }
};

}  // namespace

TEST_CASE("a receive that waits is called when the message arrives, after the sender") {
    PointToPoint match;
    Log log;
    CHECK_FALSE(match.receive(kTo, kFrom, 7, log('r')));
    CHECK(match.unmatched() == 1);
    const auto message = match.send(kFrom, kTo, 7, log('s'));
    CHECK(match.unmatched() == 0);
    CHECK(log.text.empty());
    match.arrived(message);
    CHECK(log.text == "sr");
    CHECK(match.in_flight() == 0);
}

TEST_CASE("a late receive finds the message, whether under way or there") {
    PointToPoint match;
    Log log;
    const auto first = match.send(kFrom, kTo, 7, log('1'));
    const auto second = match.send(kFrom, kTo, 7, log('2'));
    match.arrived(first);
    CHECK(log.text == "1");
    CHECK(match.receive(kTo, kFrom, 7, log('a')));  // the caller owes the completion
    CHECK_FALSE(match.receive(kTo, kFrom, 7, log('b')));
    match.arrived(second);
    CHECK(log.text == "12b");
    CHECK(match.unmatched() == 0);
}

TEST_CASE("messages match in the order of sending, even when a later one arrives first") {
    PointToPoint match;
    Log log;
    CHECK_FALSE(match.receive(kTo, kFrom, 7, log('a')));
    CHECK_FALSE(match.receive(kTo, kFrom, 7, log('b')));
    const auto first = match.send(kFrom, kTo, 7, log('1'));
    const auto second = match.send(kFrom, kTo, 7, log('2'));
    match.arrived(second);
    match.arrived(first);
    CHECK(log.text == "2b1a");
}

TEST_CASE("another tag, sender or receiver does not match") {
    PointToPoint match;
    Log log;
    CHECK_FALSE(match.receive(kTo, kFrom, 8, log('t')));
    CHECK_FALSE(match.receive(kFrom, kTo, 7, log('d')));
    match.arrived(match.send(kFrom, kTo, 7, log('s')));
    CHECK(log.text == "s");
    CHECK(match.unmatched() == 3);
}

TEST_CASE("ids of messages are reused") {
    PointToPoint match;
    Log log;
    for (std::uint64_t tag = 0; tag < 1000; ++tag) {
        const auto message = match.send(kFrom, kTo, tag, log('s'));
        CHECK(message == 0);
        match.arrived(message);
        CHECK(match.receive(kTo, kFrom, tag, log('r')));
    }
}
