// Every line starts as dots; a pass blanks its time on all chunks of its stage and writes its name on its own.

#include "workloads/training/pipeline_picture.h"

#include <fmt/format.h>
#include <algorithm>

namespace myriad {

namespace {

char letter_of(Pass pass) {
    switch (pass) {
        case Pass::forward:
            return 'F';
        case Pass::backward:
            return 'B';
        case Pass::input_grad:
            return 'I';
        case Pass::weight_grad:
            break;
    }
    return 'W';
}

void put(std::string& line, std::size_t at, const std::string& text) { line.replace(at, text.size(), text); }

// The lines of a stage, one a chunk, `unit` characters a time unit.
std::vector<std::string> lines_of(const std::vector<TimedSlot>& slots, std::int64_t chunks, std::size_t units,
                                  std::size_t unit) {
    std::string idle;
    for (std::size_t i = 0; i < units; ++i) {
        idle += fmt::format("{:<{}}", '.', unit);
    }
    std::vector<std::string> lines(static_cast<std::size_t>(chunks), idle);
    for (const TimedSlot& timed : slots) {
        const std::size_t at = static_cast<std::size_t>(timed.begin) * unit;
        const std::size_t size = static_cast<std::size_t>(timed.end) * unit - at;
        for (std::size_t chunk = 0; chunk < lines.size(); ++chunk) {
            // Not idle, but at work on another chunk; what stands there already is the other of two side by side.
            if (lines[chunk][at] == '.') {
                put(lines[chunk], at, std::string(size, ' '));
            }
        }
        const std::string name = fmt::format("{}{}", letter_of(timed.slot.pass), timed.slot.micro_batch);
        put(lines[static_cast<std::size_t>(timed.slot.chunk)], at, fmt::format("{:-<{}}", name, size - 1));
    }
    return lines;
}

}  // namespace

std::string pipeline_picture(const PipelineShape& shape, const PassTimes& times) {
    const PipelineTimeline timeline = pipeline_timeline(shape, times);
    const auto units = static_cast<std::size_t>(timeline.end());
    const std::size_t unit = fmt::formatted_size("F{} ", shape.micro_batches - 1);
    std::string picture;
    for (std::int64_t stage = 0; stage < shape.stages; ++stage) {
        const std::vector<std::string> lines =
            lines_of(timeline.stages[static_cast<std::size_t>(stage)], shape.chunks, units, unit);
        for (std::size_t chunk = 0; chunk < lines.size(); ++chunk) {
            const std::string name = shape.chunks == 1 ? fmt::format("stage {}", stage)
                                     : chunk == 0      ? fmt::format("stage {} chunk 0", stage)
                                                       : fmt::format("        chunk {}", chunk);
            const std::string line = fmt::format("{:<{}}{}", name, shape.chunks == 1 ? 9 : 18, lines[chunk]);
            picture += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
        }
    }
    return picture;
}

}  // namespace myriad
