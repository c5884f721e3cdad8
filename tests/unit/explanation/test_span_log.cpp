#include "tests/unit/explanation/spans.h"

#include <catch2/catch.hpp>

using namespace myriad;
using namespace myriad::test;

TEST_CASE("a span comes out of the log as it went in") {
    Span in = on_lane(kBesideLane, wait(SpanKind::expert, GroupKind::embedding, 1, 3, 9, {0, 5, kSecondLane}));
    in.start = TimePoint{ps(3'000'000'000'001)};
    in.end = TimePoint{ps(9'000'000'000'007)};
    in.label = "all_to_all";
    in.pass = "weight_grad";
    in.micro_batch = 4095;
    in.chunk = 255;
    in.bound = ComputeBound::on_chip;
    in.fixed = ps(123'456'789'012);
    const SpanLog log = log_of(2, {kernel(1, 0, 1), in});
    REQUIRE(log.count(1) == 2);
    const Span out = log.at(1, 1);
    CHECK(out.rank == 1);
    CHECK(out.kind == SpanKind::expert);
    CHECK(out.beside);
    CHECK(out.lane == kBesideLane);
    CHECK(out.label == "all_to_all");
    CHECK(out.start == in.start);
    CHECK(out.end == in.end);
    CHECK(out.pass == "weight_grad");
    CHECK(out.micro_batch == 4095);
    CHECK(out.chunk == 255);
    CHECK(out.cause_rank == 0);
    CHECK(out.cause_lane == kSecondLane);
    CHECK(out.cause_at == at(5));
    CHECK(out.group == GroupKind::embedding);
    CHECK(out.bound == ComputeBound::on_chip);
    CHECK(out.fixed == in.fixed);
    CHECK(log.at(1, 0).micro_batch == -1);
    CHECK(log.at(1, 0).pass.empty());
    CHECK(log.at(1, 0).cause_rank == -1);
}

TEST_CASE("spans stand in order of their ends, whatever the order in which they were told") {
    const SpanLog log = log_of(1, {kernel(0, 4, 9), kernel(0, 2, 4), kernel(0, 0, 2)});
    CHECK(log.end_at(0, 0) == at(2));
    CHECK(log.end_at(0, 2) == at(9));
    CHECK(log.first_after(0, at(3)) == 1);
    CHECK(log.first_after(0, at(4)) == 2);  // not the one that ends at that very moment
    CHECK(log.first_after(0, at(9)) == 3);
}

TEST_CASE("too many spans: the chosen ranks' are kept, and what finds no room is counted") {
    SpanLogOptions options;
    options.most = 4;
    options.chosen = {1};
    std::vector<Span> spans{kernel(0, 0, 1), kernel(1, 0, 1), kernel(0, 1, 2), kernel(1, 1, 2)};
    SpanLog whole = log_of(2, spans, options);
    CHECK_FALSE(whole.narrowed());
    CHECK(whole.size() == 4);
    // The fifth does not fit with those of rank 0; without them it does.
    spans.push_back(kernel(1, 2, 3));
    SpanLog narrow = log_of(2, spans, options);
    CHECK(narrow.narrowed());
    CHECK(narrow.size() == 3);
    CHECK(narrow.recorded_ranks() == std::vector<std::int64_t>{1});
    CHECK(narrow.count(0) == 0);
    CHECK(narrow.dropped() == 0);
    // Rank 1 alone has room for four.
    spans.push_back(kernel(1, 3, 4));
    spans.push_back(kernel(1, 4, 5));
    spans.push_back(kernel(0, 2, 3));  // nobody asked for it any more: not counted
    SpanLog full = log_of(2, spans, options);
    CHECK(full.size() == 4);
    CHECK(full.dropped() == 1);
}
