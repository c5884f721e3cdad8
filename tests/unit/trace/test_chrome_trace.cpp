#include "sim/trace/chrome_trace.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace myriad;

namespace {

TimePoint at(std::int64_t picoseconds) { return TimePoint{ps(picoseconds)}; }

}  // namespace

TEST_CASE("a trace is JSON, and its times are microseconds without loss") {
    ChromeTrace trace;
    trace.name_process(1, "core \"0\"\n");
    trace.name_track(1, 7, "tensor");
    trace.slice(1, 7, "tile 3", at(1), at(2'000'003), {{"bytes", 12}, {"pass", "forward"}});
    trace.counter(2, "HBM read", "B/s", at(5'000'000), 2.5e12);
    const auto json = nlohmann::json::parse(trace.finish());
    CHECK(json.at("displayTimeUnit") == "ns");
    const auto& events = json.at("traceEvents");
    REQUIRE(events.size() == 6);  // name and order of the process, of the track; slice; counter
    CHECK(events[0].at("args").at("name") == "core \"0\"\n");
    CHECK(events[2].at("tid") == 7);
    CHECK(events[4].at("ph") == "X");
    CHECK(events[4].at("ts") == 0.000001);   // a picosecond
    CHECK(events[4].at("dur") == 2.000002);  // 2,000,002 ps
    CHECK(events[4].at("args").at("bytes") == 12);
    CHECK(events[4].at("args").at("pass") == "forward");
    CHECK(events[5].at("ph") == "C");
    CHECK(events[5].at("ts") == 5.0);
    CHECK(events[5].at("args").at("B/s") == 2.5e12);
    CHECK(nlohmann::json::parse(trace.finish()).at("traceEvents").empty());
}

TEST_CASE("an arrow begins and ends with the same id") {
    ChromeTrace trace;
    trace.arrow(9, "message", {1, 2, at(3'000'000)}, {4, 5, at(6'000'000)});
    const auto json = nlohmann::json::parse(trace.finish());
    const auto& events = json.at("traceEvents");
    REQUIRE(events.size() == 2);
    CHECK(events[0].at("ph") == "s");
    CHECK(events[1].at("ph") == "f");
    CHECK(events[1].at("bp") == "e");
    for (const auto& [event, pid, ts] : {std::tuple{events[0], 1, 3.0}, std::tuple{events[1], 4, 6.0}}) {
        CHECK(event.at("id") == 9);
        CHECK(event.at("cat") == "cause");
        CHECK(event.at("pid") == pid);
        CHECK(event.at("ts") == ts);
    }
}

TEST_CASE("intervals that overlap get tracks of their own") {
    TrackDealer dealer;
    CHECK(dealer.deal(at(0), at(10)) == 0);
    CHECK(dealer.deal(at(5), at(8)) == 1);
    CHECK(dealer.deal(at(8), at(20)) == 1);  // free from 8 on
    CHECK(dealer.deal(at(9), at(12)) == 2);  // both are busy
    CHECK(dealer.deal(at(10), at(11)) == 0);
}
