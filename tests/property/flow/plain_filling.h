#pragma once
// Max-min fair rates by their definition, from nothing, every time: what the solver and the transport are held against.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace myriad::test {

struct PlainFilling {
    std::vector<double> capacity;
    std::vector<std::vector<std::uint32_t>> paths;
    std::vector<bool> active;

    // Raise all rates alike; stop those that cross a link that is full; again with the rest.
    [[nodiscard]] std::vector<double> rates() const {
        std::vector<double> rate(paths.size(), 0.0);
        std::vector<double> left = capacity;
        std::vector<bool> rising = active;
        for (;;) {
            std::vector<double> users(capacity.size(), 0.0);
            for (std::size_t f = 0; f < paths.size(); ++f) {
                for (const std::uint32_t l : paths[f]) {
                    users[l] += rising[f] ? 1.0 : 0.0;
                }
            }
            double level = std::numeric_limits<double>::infinity();
            std::size_t first = capacity.size();
            for (std::size_t l = 0; l < capacity.size(); ++l) {
                if (users[l] > 0.0 && std::max(left[l], 0.0) / users[l] < level) {
                    level = std::max(left[l], 0.0) / users[l];
                    first = l;
                }
            }
            if (first == capacity.size()) {
                return rate;
            }
            for (std::size_t f = 0; f < paths.size(); ++f) {
                if (rising[f] && std::find(paths[f].begin(), paths[f].end(), first) != paths[f].end()) {
                    rising[f] = false;
                    rate[f] = level;
                    for (const std::uint32_t l : paths[f]) {
                        left[l] -= level;
                    }
                }
            }
        }
    }
};

}  // namespace myriad::test
