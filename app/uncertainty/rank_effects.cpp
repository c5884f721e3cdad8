// Regression of the ranks of the result on the ranks of the inputs (standardised rank regression coefficients): robust
// against curved but monotone relations, and an input's effect is seen through the noise of the others. An effect counts
// as told when its t value exceeds sqrt(2 ln(2 D / 0.05)) for D inputs: the bound exp(-t^2 / 2) on either tail, so that
// with no effect at all one is told in less than 5 % of all reports. With fewer than 20 samples beyond the inputs there
// is no regression: plain rank correlations, held against the same bound over sqrt(n - 1).

#include "app/uncertainty/rank_effects.h"

#include "sim/error/error.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace myriad {
namespace {

constexpr std::size_t kSpare = 20;    // samples beyond inputs that a regression needs
constexpr double kNegligible = 0.02;  // a coefficient below explains less than 0.04 %
using Matrix = std::vector<std::vector<double>>;

// Mean 0, sum of squares 1; empty if they do not vary.
std::vector<double> standardised_ranks(const std::vector<double>& values) {
    std::vector<double> ranks = ranks_of(values);
    const double mean = (static_cast<double>(values.size()) + 1.0) / 2.0;
    double squares = 0.0;
    for (double& rank : ranks) {
        rank -= mean;
        squares += rank * rank;
    }
    if (squares <= 0.0) {
        return {};
    }
    for (double& rank : ranks) {
        rank /= std::sqrt(squares);
    }
    return ranks;
}

double product(const std::vector<double>& a, const std::vector<double>& b) {
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

// By Gauss and Jordan with the largest pivot; nothing if it is singular.
std::optional<Matrix> inverse(Matrix matrix) {
    const std::size_t n = matrix.size();
    Matrix result(n, std::vector<double>(n));
    for (std::size_t i = 0; i < n; ++i) {
        result[i][i] = 1.0;
    }
    for (std::size_t column = 0; column < n; ++column) {
        std::size_t pivot = column;
        for (std::size_t row = column + 1; row < n; ++row) {
            pivot = std::abs(matrix[row][column]) > std::abs(matrix[pivot][column]) ? row : pivot;
        }
        if (std::abs(matrix[pivot][column]) < 1e-9) {
            return std::nullopt;
        }
        std::swap(matrix[pivot], matrix[column]);
        std::swap(result[pivot], result[column]);
        const double scale = 1.0 / matrix[column][column];
        for (std::size_t k = 0; k < n; ++k) {
            matrix[column][k] *= scale;
            result[column][k] *= scale;
        }
        for (std::size_t row = 0; row < n; ++row) {
            const double factor = matrix[row][column];
            for (std::size_t k = 0; row != column && k < n; ++k) {
                matrix[row][k] -= factor * matrix[column][k];
                result[row][k] -= factor * result[column][k];
            }
        }
    }
    return result;
}

}  // namespace

double quantile(std::vector<double> values, double share) {
    MYRIAD_CHECK(!values.empty() && share >= 0.0 && share <= 1.0, "a quantile of nothing");
    std::sort(values.begin(), values.end());
    const double place = share * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(std::floor(place));
    const std::size_t above = std::min(below + 1, values.size() - 1);
    return values[below] + (place - static_cast<double>(below)) * (values[above] - values[below]);
}

std::vector<double> ranks_of(const std::vector<double>& values) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    std::vector<double> ranks(values.size());
    for (std::size_t i = 0; i < order.size();) {
        std::size_t end = i;
        while (end < order.size() && values[order[end]] == values[order[i]]) {
            ++end;
        }
        for (std::size_t k = i; k < end; ++k) {
            ranks[order[k]] = static_cast<double>(i + 1 + end) / 2.0;  // mean of i + 1 ... end
        }
        i = end;
    }
    return ranks;
}

RankEffects rank_effects(const std::vector<std::vector<double>>& inputs, const std::vector<double>& results) {
    RankEffects found;
    found.effects.resize(inputs.size());
    const std::vector<double> y = results.size() > 2 ? standardised_ranks(results) : std::vector<double>{};
    std::vector<std::size_t> varied;
    Matrix x;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        if (std::vector<double> ranks = standardised_ranks(inputs[i]); !ranks.empty() && !y.empty()) {
            varied.push_back(i);
            x.push_back(std::move(ranks));
        }
    }
    if (varied.empty()) {
        return found;
    }
    const auto samples = static_cast<double>(results.size());
    const auto count = static_cast<double>(varied.size());
    const double bound = std::sqrt(2.0 * std::log(2.0 * count / 0.05));
    std::vector<double> with_y;
    Matrix gram(x.size(), std::vector<double>(x.size()));
    for (std::size_t i = 0; i < x.size(); ++i) {
        with_y.push_back(product(x[i], y));
        for (std::size_t k = 0; k < x.size(); ++k) {
            gram[i][k] = product(x[i], x[k]);
        }
    }
    const std::optional<Matrix> inverted =
        results.size() >= varied.size() + kSpare ? inverse(gram) : std::optional<Matrix>{};
    if (!inverted) {
        for (std::size_t i = 0; i < varied.size(); ++i) {
            const double size = std::abs(with_y[i]) * std::sqrt(samples - 1.0);
            found.effects[varied[i]] = {with_y[i], size > bound};
        }
        return found;
    }
    found.regression = true;
    std::vector<double> coefficients;
    for (std::size_t i = 0; i < varied.size(); ++i) {
        coefficients.push_back(product((*inverted)[i], with_y));
        found.explained += coefficients[i] * with_y[i];
    }
    found.explained = std::clamp(found.explained, 0.0, 1.0);
    const double variance = (1.0 - found.explained) / (samples - 1.0 - count);
    for (std::size_t i = 0; i < varied.size(); ++i) {
        const double error = std::sqrt(variance * (*inverted)[i][i]);
        const double size = std::abs(coefficients[i]);
        found.effects[varied[i]] = {coefficients[i], size > kNegligible && size > bound * error};
    }
    return found;
}

}  // namespace myriad
