#pragma once
// Which inputs move a result, told from random samples by their ranks.

#include <cstddef>
#include <optional>
#include <vector>

namespace myriad {

// Quantile 0 to 1 of values, between order statistics linearly. Not of nothing.
[[nodiscard]] double quantile(std::vector<double> values, double share);
// 1 to n; equal values share the mean of their places.
[[nodiscard]] std::vector<double> ranks_of(const std::vector<double>& values);

struct RankEffect {
    double coefficient = 0.0;  // -1 to 1: of a standard deviation of ranks, all else equal
    bool told = false;         // not within what chance does; false: not distinguishable
};
struct RankEffects {
    std::vector<RankEffect> effects;  // by input
    double explained = 0.0;           // R squared of the regression; 0: there was none
    bool regression = false;          // else rank correlations: too few samples for as many inputs
};
// `inputs[i]` holds input i by sample. Inputs that do not vary have no effect.
[[nodiscard]] RankEffects rank_effects(const std::vector<std::vector<double>>& inputs,
                                       const std::vector<double>& results);

}  // namespace myriad
