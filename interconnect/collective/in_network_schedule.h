#pragma once
// Collectives added up and multicast by the switch that all ranks hang on, as NVLink SHARP does it: every rank asks the
// switch for the sum of its own share, which the switch collects from all ranks; the owner gives the sum back and the
// switch sends it to everybody. In pieces, a pipeline of up to four stages:
//
//     collect   each card sends its piece of all n shares up, the switch adds     S up
//     hand out  the switch sends the sum of share r to rank r                     S/n down
//     give      rank r sends it up again                                          S/n up
//     spread    the switch sends all n shares to everybody                        S down
//
// all_reduce is all four, reduce_scatter the first two, all_gather the last two. With c pieces, alpha the latency of a
// path and B a card's bandwidth to the switch, both directions moving at once,
//     all_reduce      4 alpha + (1 + 1/n) (S + S/c) / B:  a bus bandwidth of 2 (n-1)/(n+1) B, 1.556 B for n = 8
//     reduce_scatter  2 alpha + (S + S/(n c)) / B
//     all_gather      2 alpha + (S + S/(n c)) / B
// (Adding whole buffers in the switch and sending the sum down would take S / B, but needs a switch that keeps them: real
// ones answer a rank that asks and hold a few requests.)
//
// A card's memory answers the switch by itself and takes in what it spreads: such work is not in the order of the rank's
// steps, so it is done by helpers of the rank on the same card and buffer (helper ranks, schedule.h).

#include "interconnect/collective/schedule.h"
#include "interconnect/network.h"
#include "sim/units/units.h"

#include <memory>
#include <vector>

namespace myriad {

class InNetworkSchedule final : public Schedule {
public:
    // `op`: all_reduce, reduce_scatter or all_gather.
    InNetworkSchedule(CollectiveOp op, int ranks, int pieces);

    // 256 KiB each, at most 64.
    [[nodiscard]] static int pieces_for(Bytes size);

    [[nodiscard]] int ranks() const override { return ranks_; }
    [[nodiscard]] bool helped() const override { return true; }
    [[nodiscard]] int steps() const override;
    // Share r of piece p is chunk p * ranks + r.
    [[nodiscard]] std::int64_t chunks() const override { return std::int64_t{pieces_} * ranks_; }
    void sends(int rank, int step, std::vector<Transfer>& out) const override;
    [[nodiscard]] int receives(int rank, int step) const override;
    [[nodiscard]] int pattern(int step) const override;
    [[nodiscard]] std::unique_ptr<Schedule> lone_piece() const override;

private:
    // -1: the operation does without.
    struct Stages {
        int collect = -1;
        int hand_out = -1;
        int give = -1;
        int spread = -1;
    };
    // Piece that `stage` moves in `step`; -1: none.
    [[nodiscard]] int piece_of(int stage, int step) const;
    [[nodiscard]] int count() const { return stages_.collect >= 0 && stages_.give >= 0 ? 4 : 2; }

    CollectiveOp op_;
    int ranks_;
    int pieces_;
    Stages stages_;
};

}  // namespace myriad
