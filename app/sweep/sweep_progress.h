#pragma once
// The line on a terminal while a sweep runs: points done, failed, from earlier runs, the best so far, when it is over.

#include "app/scenario/sweep.h"
#include "app/sweep/engine.h"
#include "sim/progress/progress_line.h"

#include <cstddef>
#include <optional>
#include <string>

namespace myriad {

class SweepProgress {
public:
    SweepProgress(const Sweep& sweep, const SweepStage* stage, std::size_t points, bool wanted,
                  ProgressSink sink = progress_on_stderr());
    void start(std::size_t known);  // so many points are done already
    void add(const EnginePoint& end);
    void say(const std::string& state);  // of the executor

private:
    [[nodiscard]] std::string detail() const;
    void draw();
    const Sweep& sweep_;
    std::string label_;
    std::size_t points_;
    bool wanted_;
    ProgressSink sink_;
    std::optional<std::size_t> metric_;  // that "best" means
    std::size_t done_ = 0;
    std::size_t known_ = 0;
    std::size_t failed_ = 0;
    std::optional<double> best_;
    std::size_t best_point_ = 0;
    std::string state_;
    std::optional<ProgressLine> line_;
};

}  // namespace myriad
