#pragma once

#include "app/system/platform.h"
#include "sim/progress/progress_line.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace myriad {

// Draws progress while the agenda runs; the share done is asked for now and then only.
class RunProgress {
public:
    RunProgress(Platform& platform, std::string label, Bytes expected, bool wanted)
        : platform_(platform), expected_(expected) {
        if (wanted) {
            line_.emplace(std::move(label), expected.count() > 0 ? kSteps : 0);
            platform.agenda().set_heartbeat({&RunProgress::beat, this, 0});
        }
    }
    ~RunProgress() { platform_.agenda().set_heartbeat({}); }
    RunProgress(const RunProgress&) = delete;
    RunProgress& operator=(const RunProgress&) = delete;

private:
    static constexpr std::int64_t kSteps = 1000;
    static void beat(void* self, std::uint64_t /*argument*/) {
        auto& progress = *static_cast<RunProgress*>(self);
        const auto events = static_cast<std::int64_t>(progress.platform_.agenda().delivered());
        if (progress.expected_.count() > 0) {
            const double share = std::clamp(progress.platform_.arrived_share(progress.expected_), 0.0, 1.0);
            progress.line_->update(static_cast<std::int64_t>(share * kSteps));
        } else {
            progress.line_->update(events);
        }
    }

    Platform& platform_;
    Bytes expected_;
    std::optional<ProgressLine> line_;
};

}  // namespace myriad
