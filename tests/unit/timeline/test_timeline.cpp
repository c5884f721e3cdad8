// The file is read as a viewer reads it.

#include "app/timeline/group_lanes.h"
#include "app/timeline/slice_list.h"
#include "app/timeline/timeline.h"
#include "tests/unit/explanation/spans.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <map>
#include <set>

using namespace myriad;
using namespace myriad::test;
using Json = nlohmann::json;

namespace {

// What every event of the format needs; empty: all is well.
std::string problem_of(const Json& json) {
    std::map<std::int64_t, std::pair<int, int>> arrows;
    std::set<std::pair<std::int64_t, std::int64_t>> named;
    for (const Json& event : json.at("traceEvents")) {
        const std::string phase = event.at("ph");
        if (!event.at("pid").is_number_integer() || event.at("pid") == 0) {
            return "pid: " + event.dump();
        }
        if (phase == "M") {
            if (event.at("name") == "thread_name") {
                named.emplace(event.at("pid"), event.at("tid"));
            }
            continue;
        }
        if (event.at("ts").get<double>() < 0.0 || event.at("name").get<std::string>().empty()) {
            return "ts or name: " + event.dump();
        }
        if (phase == "C") {
            continue;
        }
        if (!named.contains({event.at("pid"), event.at("tid")})) {
            return "a track without a name: " + event.dump();
        }
        if (phase == "X" && event.at("dur").get<double>() < 0.0) {
            return "dur: " + event.dump();
        }
        if (phase == "s" || phase == "f") {
            auto& [begun, ended] = arrows[event.at("id")];
            (phase == "s" ? begun : ended) += 1;
            if (phase == "f" && event.at("bp") != "e") {
                return "bp: " + event.dump();
            }
        } else if (phase != "X") {
            return "phase: " + event.dump();
        }
    }
    for (const auto& [id, ends] : arrows) {
        if (ends != std::pair{1, 1}) {
            return "arrow " + std::to_string(id);
        }
    }
    return "";
}

// The slice of a track that a moment lies in.
std::string slice_at(const Json& json, const Json& moment) {
    for (const Json& event : json.at("traceEvents")) {
        if (event.at("ph") == "X" && event.at("tid") == moment.at("tid") && event.at("ts") <= moment.at("ts") &&
            moment.at("ts") < event.at("ts").get<double>() + event.at("dur").get<double>()) {
            return event.at("name");
        }
    }
    return "";
}

// Two stages, two micro-batches; stage 1 waits for the first message and then for the second.
std::vector<Span> two_stages() {
    return {kernel(0, 0, 4),
            kernel(0, 4, 8),
            wait(SpanKind::bubble, GroupKind::none, 1, 0, 4, {0, 4}),
            wait(SpanKind::pipeline, GroupKind::none, 1, 4, 5, {0, 4}),
            kernel(1, 5, 7),
            wait(SpanKind::bubble, GroupKind::none, 1, 7, 8, {0, 8}),
            wait(SpanKind::pipeline, GroupKind::none, 1, 8, 9, {0, 8}),
            kernel(1, 9, 11),
            on_lane(kBesideLane, wait(SpanKind::data, GroupKind::data, 1, 7, 10, {1, 7})),
            on_lane(kBesideLane, wait(SpanKind::data, GroupKind::data, 1, 8, 11, {1, 8}))};
}

}  // namespace

TEST_CASE("a timeline is a file that viewers can read, with arrows from causes to waits") {
    const SpanLog log = log_of(2, two_stages());
    TimelineOptions options;
    options.representatives = {0, 1};
    options.names = {"pp 0", "pp 1"};
    options.counters = {{1, "memory", "bytes", {{at(0), 1e9}, {at(5), 2e9}}}};
    const Timeline timeline = make_timeline(log, critical_path(log, at(0), at(11)), options);
    const Json json = Json::parse(timeline.json);
    CHECK(problem_of(json).empty());
    CHECK(timeline.ranks == std::vector<std::int64_t>{0, 1});
    CHECK(timeline.resolution == Picoseconds{0});
    std::map<std::string, int> phases;
    std::set<std::string> names;
    std::vector<Json> begun;
    std::vector<Json> ended;
    for (const Json& event : json.at("traceEvents")) {
        phases[event.at("ph")] += 1;
        if (event.at("ph") == "M" && event.at("args").contains("name")) {
            names.insert(event.at("args").at("name"));
        }
        if (event.at("ph") == "s") {
            begun.push_back(event);
        } else if (event.at("ph") == "f") {
            ended.push_back(event);
        }
    }
    CHECK(names == std::set<std::string>{"critical path", "rank 0: pp 0", "rank 1: pp 1", "program", "pp messages",
                                         "dp collectives", "dp collectives 2"});
    // Eight spans of programs, two collectives and two messages under way, and the path: kernels 0-4 and 4-8 of stage 0,
    // message 8-9, kernel 9-11.
    CHECK(phases["X"] == 8 + 2 + 2 + 4);
    CHECK(phases["C"] == 2);
    REQUIRE(begun.size() == 2);  // the two messages
    for (std::size_t i = 0; i < 2; ++i) {
        CHECK(slice_at(json, begun[i]) == "gemm");
        CHECK(slice_at(json, ended[i]) == "pipeline");
    }
}

TEST_CASE("a lane of a group shows what is under way, from the last entry to the end, once") {
    const SpanLog log =
        log_of(2, {// Entered at 0, complete at 2, ended at 6; the program waits for it from 5 on.
                   on_lane(kBesideLane, wait(SpanKind::tensor, GroupKind::tensor, 0, 0, 6, {1, 2})), kernel(0, 0, 5),
                   wait(SpanKind::tensor, GroupKind::tensor, 0, 5, 6, {1, 2}),
                   // Waited for from its entry on; rank 1 comes at 8.
                   wait(SpanKind::expert, GroupKind::expert, 0, 6, 10, {1, 8}),
                   // Sent at 9, before the rank waits for it from 10 on.
                   wait(SpanKind::pipeline, GroupKind::none, 0, 10, 12, {1, 9}),
                   // Two buckets of gradients, and one wait for both, which is no collective.
                   on_lane(kBesideLane, wait(SpanKind::data, GroupKind::data, 0, 11, 13, {0, 11})),
                   on_lane(kBesideLane, wait(SpanKind::data, GroupKind::expert_data, 0, 11, 15, {0, 11})),
                   wait(SpanKind::data, GroupKind::data, 0, 12, 15, {0, 11}),
                   // The network takes no time after the last entry.
                   wait(SpanKind::context, GroupKind::context, 0, 15, 16, {1, 16})});
    std::map<std::string, std::vector<std::pair<TimePoint, TimePoint>>> drawn;
    for (const auto& [group, spans] : under_way(log, 0)) {
        for (const Span& span : spans) {
            drawn[name_of_group_lane(group)].emplace_back(span.start, span.end);
        }
    }
    using Times = std::vector<std::pair<TimePoint, TimePoint>>;
    CHECK(drawn.size() == 5);
    CHECK(drawn["tp collectives"] == Times{{at(2), at(6)}});
    CHECK(drawn["ep collectives"] == Times{{at(8), at(10)}});
    CHECK(drawn["pp messages"] == Times{{at(9), at(12)}});
    CHECK(drawn["dp collectives"] == Times{{at(11), at(13)}});
    CHECK(drawn["edp collectives"] == Times{{at(11), at(15)}});
}

TEST_CASE("representatives come first, evenly picked, then the ranks that the path is longest on") {
    const SpanLog log =
        log_of(6, {kernel(5, 0, 9), kernel(3, 9, 10), wait(SpanKind::tensor, GroupKind::tensor, 3, 0, 9, {5, 9}),
                   kernel(0, 0, 1), kernel(2, 0, 1)});
    const CriticalPath path = critical_path(log, at(0), at(10));
    TimelineOptions options;
    options.representatives = {0, 1, 2};
    options.ranks = 5;
    CHECK(ranks_shown(log, path, options) == std::vector<std::int64_t>{0, 1, 2, 5, 3});
    options.ranks = 100;
    CHECK(ranks_shown(log, path, options) == std::vector<std::int64_t>{0, 1, 2, 5, 3, 4});
    options.ranks = 2;
    CHECK(ranks_shown(log, path, options) == std::vector<std::int64_t>{0, 2});
    options.ranks = 1;
    CHECK(ranks_shown(log, path, options) == std::vector<std::int64_t>{0});
}

TEST_CASE("a file that would grow too large draws short spans together and says so") {
    std::vector<Span> spans;
    for (std::int64_t i = 0; i < 2000; ++i) {
        spans.push_back(kernel(0, 10 * i, 10 * i + 4));
        spans.push_back(kernel(0, 10 * i + 4, 10 * i + 10, ComputeBound::hbm, "norm"));
    }
    const SpanLog log = log_of(1, spans);
    const CriticalPath path = critical_path(log, at(0), at(20'000));
    TimelineOptions options;
    options.representatives = {0};
    options.bytes_most = 100'000;
    const Timeline timeline = make_timeline(log, path, options);
    CHECK(timeline.json.size() <= options.bytes_most);
    CHECK(timeline.resolution > us(10));
    const Json json = Json::parse(timeline.json);
    CHECK(problem_of(json).empty());
    CHECK_THAT(timeline.json, Catch::Contains("are drawn together"));
    double drawn = 0.0;
    std::int64_t counted = 0;
    for (const Json& event : json.at("traceEvents")) {
        if (event.at("ph") == "X" && event.at("pid") == 2) {
            drawn += event.at("dur").get<double>();
            counted += event.at("args").contains("spans") ? event.at("args").at("spans").get<std::int64_t>() : 1;
        }
    }
    CHECK(drawn == Approx(20'000.0));  // they follow each other, so none of the time is lost
    CHECK(counted == 4000);
}

TEST_CASE("only runs of short slices are joined") {
    SliceList slices;
    const auto add = [&](std::int64_t from, std::int64_t to, std::string_view kind) {
        Slice slice;
        slice.begin = at(from);
        slice.end = at(to);
        slice.kind = kind;
        slices.add(slice);
    };
    add(0, 1, "compute");
    add(1, 3, "tensor");
    add(3, 20, "compute");
    add(20, 21, "compute");
    add(40, 41, "compute");  // far away
    CHECK(slices.joined(Picoseconds{0}).size() == 5);
    const std::vector<Slice> joined = slices.joined(us(5));
    REQUIRE(joined.size() == 4);
    CHECK(joined[0].joined == 2);
    CHECK(joined[0].kind == "tensor");  // 2 of 3 us
    CHECK(joined[0].end == at(3));
    CHECK(joined[1].joined == 1);
    CHECK(slices.covers(at(2)));
    CHECK_FALSE(slices.covers(at(21)));
    CHECK_FALSE(slices.covers(at(30)));
}
