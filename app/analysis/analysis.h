#pragma once
// What a sweep teaches: which design is best and by how much, what each axis changes, where a bandwidth stops to help,
// what should make one doubt. Plain data: summary, JSON and report write the same.
//
// A design is a choice on all axes of role design; a load is a choice on those of role load (one load if there is none).
// A design is judged by the sweep's objectives at every load, with the choice on axes of role tuning that is best there.

#include "app/sweep/outcome.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace myriad {

struct RankedDesign {
    std::vector<std::size_t> choice;                 // of all axes; 0 on those of role load and tuning
    std::string name;                                // "total 700 GB/s, wiring 16 mesh"
    std::vector<std::string> tunings;                // by load: "tp 8, pp 1"; empty where nothing is tuned or run
    std::vector<std::optional<std::size_t>> points;  // by load; nothing: not run
    std::vector<std::optional<double>> values;       // by load, of the objective that the load has; nothing: failed
    std::vector<std::optional<double>> gains;        // by load: how many times as good as the reference; 1: equal
    std::optional<double> score;                     // geometric mean of gains; nothing: a load failed
    std::string excluded;                            // why it is not ranked; empty: it is
    bool on_front = false;                           // of Analysis::front
    // The name, and where all loads have the same tuning, it: "chip h100 (tp 8, pp 1)"
    [[nodiscard]] std::string title() const;
};

// Designs side by side. Where there are several loads with objectives of their own, each load has its own metric.
struct Ranking {
    std::vector<std::string> loads;    // names, "workload all-to-all"; one empty name if there is one load
    std::vector<std::string> labels;   // of loads: "all-to-all" where one axis is of role load, else the names
    std::vector<std::size_t> metrics;  // by load, in all_metrics()
    std::string reference;             // what gains are against: name of the baseline, or of the best design
    bool against_baseline = false;
    std::vector<RankedDesign> designs;  // ranked ones best first, then those excluded, by index
};

// Designs that no other beats in both objectives, of one load; best in x first.
struct ParetoFront {
    std::string load;
    std::size_t x = 0;  // in all_metrics()
    std::size_t y = 0;
    std::vector<std::size_t> points;
};

// What moving along one axis does to a metric, everything else staying: levels are geometric means of value relative to
// the mean of the same combination over the axis; only combinations that ran at every value count (at which any did).
struct AxisEffect {
    std::size_t axis = 0;
    std::string load;
    std::size_t metric = 0;
    std::vector<std::optional<double>> levels;  // by value of the axis; 1.2: the value is 1.2 times the mean
    double spread = 1.0;                        // largest level / smallest level
    double share = 0.0;  // of the variance of ln(value) that the main effect explains, among the points compared
    std::size_t combinations = 0;  // that were compared
    bool fitted = false;           // too few combinations ran at every value: levels and share of an additive fit
};

// Along an axis of numbers, for one combination of the others.
struct Knee {
    std::size_t axis = 0;
    std::string combination;  // labels of the other axes: "workload training, wiring 16 mesh"
    std::size_t metric = 0;
    std::optional<double> at;  // the least value from which on a doubling gains less than 10 %; nothing: it never does
    double share_there = 1.0;  // of the best value on the axis that is reached there
    double last_doubling = 1.0;  // what the last doubling of the axis gains: 1.05 is 5 %
    std::vector<std::size_t> points;
    std::string sentence;
    enum class Shape : std::uint8_t {
        grows,     // to the end of the axis: no knee
        stops,     // a knee behind the smallest value
        hardly,    // no doubling gains 10 %
        constant,  // does not depend on the axis
    } shape = Shape::grows;
};

struct Analysis {
    std::string headline;              // "16 K4xK4 at 700 GB/s is best: 1.42 times the baseline"
    std::vector<std::string> verdict;  // a few sentences: best, what matters, knee, doubts
    std::optional<Ranking> ranking;    // nothing: no result can be better or worse
    std::vector<ParetoFront> fronts;
    std::vector<AxisEffect> effects;  // by metric and load, largest share first
    std::vector<Knee> knees;
    std::vector<std::string> knee_summary;  // a sentence an axis and load: the best design, the baseline, the range
    std::vector<std::string> warnings;      // "axis 'seed' had no effect ...", "points 3 and 7 are the same system ..."
};

[[nodiscard]] Analysis analyse(const SweepOutcome& outcome);
// Its ranking alone, without fronts; nothing: no result can be better or worse.
[[nodiscard]] std::optional<Ranking> ranking_of(const SweepOutcome& outcome);

}  // namespace myriad
