// Small programs whose longest chain is read off a drawing. Times in microseconds.

#include "tests/unit/explanation/spans.h"
#include "workloads/training/critical_path.h"

#include <catch2/catch.hpp>

using namespace myriad;
using namespace myriad::test;

namespace {

struct Piece {
    std::int64_t rank;
    std::int64_t from;
    std::int64_t to;
    PathCategory category;
    bool operator==(const Piece&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Piece& piece) {
    return out << "rank " << piece.rank << " " << piece.from << "-" << piece.to << " " << name_of(piece.category);
}
std::vector<Piece> pieces(const CriticalPath& path) {
    std::vector<Piece> out;
    for (const PathSegment& s : path.segments) {
        out.push_back({s.rank, s.from.time_since_epoch() / us(1), s.to.time_since_epoch() / us(1), s.category});
    }
    return out;
}
using Pieces = std::vector<Piece>;
constexpr PathCategory kMatrix = PathCategory::matrix;
constexpr PathCategory kHbm = PathCategory::hbm;
constexpr PathCategory kNetwork = PathCategory::network;
constexpr PathCategory kLate = PathCategory::late;
constexpr PathCategory kIdle = PathCategory::idle;

}  // namespace

TEST_CASE("the path of one rank is what it did") {
    Span launched = kernel(0, 4, 10, ComputeBound::hbm);
    launched.fixed = us(2);
    const CriticalPath path = critical_path(log_of(1, {kernel(0, 0, 4), launched}), at(0), at(10));
    CHECK(pieces(path) == Pieces{{0, 0, 4, kMatrix}, {0, 4, 10, kHbm}});
    CHECK(path.segments[1].fixed == us(2));
    CHECK(path.hops == 0);
}

TEST_CASE("a collective is held up by the rank that enters last") {
    // rank 0: kernel 0-3, all-reduce 3-9, kernel 9-10      the network works from 7, when rank 1 enters
    // rank 1: kernel 0-7, all-reduce 7-9, done
    const SpanLog log =
        log_of(2, {kernel(0, 0, 3), wait(SpanKind::tensor, GroupKind::tensor, 0, 3, 9, {1, 7}), kernel(0, 9, 10),
                   kernel(1, 0, 7, ComputeBound::hbm), wait(SpanKind::tensor, GroupKind::tensor, 1, 7, 9, {1, 7})});
    const CriticalPath path = critical_path(log, at(0), at(10));
    CHECK(pieces(path) == Pieces{{1, 0, 7, kHbm}, {0, 7, 9, kNetwork}, {0, 9, 10, kMatrix}});
    CHECK(path.segments[1].group == GroupKind::tensor);
    CHECK(path.hops == 1);
}

TEST_CASE("a bubble is the work of the stage before, then its message is on its way") {
    // stage 0: kernel 0-5, sends; stage 1: bubble 0-5, message 5-6, kernel 6-9
    const Cause sent{0, 5};
    const SpanLog log = log_of(2, {kernel(0, 0, 5), wait(SpanKind::bubble, GroupKind::none, 1, 0, 5, sent),
                                   wait(SpanKind::pipeline, GroupKind::none, 1, 5, 6, sent), kernel(1, 6, 9)});
    CHECK(pieces(critical_path(log, at(0), at(9))) ==
          Pieces{{0, 0, 5, kMatrix}, {1, 5, 6, kNetwork}, {1, 6, 9, kMatrix}});
}

TEST_CASE("a message that was sent before its receiver waited for it leads to its sender") {
    // stage 1 computes until 4, but the message, sent at 2, comes at 7: what stage 1 did until 4 holds up nothing.
    const SpanLog log = log_of(2, {kernel(0, 0, 2), kernel(1, 0, 4, ComputeBound::hbm),
                                   wait(SpanKind::pipeline, GroupKind::none, 1, 4, 7, {0, 2}), kernel(1, 7, 8)});
    CHECK(pieces(critical_path(log, at(0), at(8))) ==
          Pieces{{0, 0, 2, kMatrix}, {1, 2, 7, kNetwork}, {1, 7, 8, kMatrix}});
}

TEST_CASE("reductions beside the program are followed one after the other") {
    // kernels 0-2 and 2-3 each make a bucket ready; the first is reduced 2-6, the second, which waits for it, 6-10; the
    // program waits from 3 to 10.
    const auto bucket = [](std::int64_t from, std::int64_t to) {
        return on_lane(kBesideLane, wait(SpanKind::data, GroupKind::data, 0, from, to, {0, from, kBesideLane}));
    };
    const SpanLog log = log_of(1, {kernel(0, 0, 2), kernel(0, 2, 3), bucket(2, 6), bucket(6, 10),
                                   wait(SpanKind::data, GroupKind::data, 0, 3, 10, {0, 6, kBesideLane})});
    CHECK(pieces(critical_path(log, at(0), at(10))) ==
          Pieces{{0, 0, 2, kMatrix}, {0, 2, 6, kNetwork}, {0, 6, 10, kNetwork}});
}

TEST_CASE("a kernel that stood behind the other lane's leads to that lane") {
    // lane 0: kernel 0-6                        the card runs one kernel at a time, so what lane 1 gave it at 1 ran
    // lane 1: message 0-1, kernel 1-8           from 6 to 8
    const SpanLog log =
        log_of(1, {kernel(0, 0, 6), on_lane(1, wait(SpanKind::expert, GroupKind::expert, 0, 0, 1, {0, 0})),
                   on_lane(1, kernel(0, 1, 8, ComputeBound::hbm))});
    const CriticalPath path = critical_path(log, at(0), at(8));
    CHECK(pieces(path) == Pieces{{0, 0, 6, kMatrix}, {0, 6, 8, kHbm}});
    CHECK(path.segments[1].lane == kSecondLane);
    CHECK(path.segments[0].lane == kMainLane);
}

TEST_CASE("a lane that waits beside the kernels of the other is followed where it ends last") {
    // lane 0: kernel 0-4; lane 1: all-to-all 0-7, in which the last rank came at 0; then lane 0 goes on 7-9
    const SpanLog log = log_of(
        1, {kernel(0, 0, 4), on_lane(1, wait(SpanKind::expert, GroupKind::expert, 0, 0, 7, {0, 0})), kernel(0, 7, 9)});
    CHECK(pieces(critical_path(log, at(0), at(9))) == Pieces{{0, 0, 7, kNetwork}, {0, 7, 9, kMatrix}});
}

TEST_CASE("a wait for a rank that was not recorded is late, and the path stays") {
    SpanLogOptions options;
    options.chosen = {0};
    options.chosen_only = true;
    const SpanLog log = log_of(2,
                               {kernel(0, 0, 3), wait(SpanKind::tensor, GroupKind::tensor, 0, 3, 9, {1, 7}),
                                kernel(0, 9, 10), kernel(1, 0, 7)},
                               options);
    CHECK(pieces(critical_path(log, at(0), at(10))) ==
          Pieces{{0, 0, 3, kMatrix}, {0, 3, 7, kLate}, {0, 7, 9, kNetwork}, {0, 9, 10, kMatrix}});
}

TEST_CASE("time that no span tells of is idle") {
    const SpanLog log = log_of(1, {kernel(0, 1, 3), kernel(0, 5, 8)});
    CHECK(pieces(critical_path(log, at(0), at(9))) ==
          Pieces{{0, 0, 1, kIdle}, {0, 1, 3, kMatrix}, {0, 3, 5, kIdle}, {0, 5, 8, kMatrix}, {0, 8, 9, kIdle}});
    CHECK(pieces(critical_path(log_of(1, {}), at(0), at(2))) == Pieces{{0, 0, 2, kIdle}});
}

TEST_CASE("causes that name each other at one instant do not go round for ever") {
    const SpanLog log = log_of(2, {wait(SpanKind::tensor, GroupKind::tensor, 0, 0, 5, {1, 5}),
                                   wait(SpanKind::tensor, GroupKind::tensor, 1, 2, 5, {0, 5}), kernel(1, 0, 2)});
    // Rank 0 points at rank 1, which points back: what rank 1 waited for is not known.
    CHECK(pieces(critical_path(log, at(0), at(5))) == Pieces{{1, 0, 2, kMatrix}, {1, 2, 5, kLate}});
}
