#pragma once
// A logarithmic axis: from a value to a share of its length, and where its ticks are.

#include <vector>

namespace myriad {

struct LogTick {
    double value = 0.0;
    bool labelled = false;
};

class LogAxis {
public:
    // Covers [least, greatest], both positive, with some room, from one of 1, 2, 5 x 10^n to another.
    LogAxis(double least, double greatest);

    [[nodiscard]] double first() const { return first_; }
    [[nodiscard]] double last() const { return last_; }
    // 0 at first(), 1 at last(); outside for values that are.
    [[nodiscard]] double share(double value) const;
    // 1 to 9 times each power of ten, ascending. Powers of ten are labelled; where there are fewer than three of them, 2
    // and 5 times too.
    [[nodiscard]] std::vector<LogTick> ticks() const;

private:
    double first_;
    double last_;
};

}  // namespace myriad
