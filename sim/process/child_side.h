#pragma once
// What happens inside a child, and the frame in which it hands its result to the parent.

#include "sim/process/children.h"

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace myriad {

// One byte outcome, eight bytes length (lowest first), the bytes.
struct ChildFrame {
    ChildOutcome outcome = ChildOutcome::succeeded;
    std::string bytes;
};

// Nothing unless the frame is whole and nothing follows it.
[[nodiscard]] std::optional<ChildFrame> parse_frame(std::string_view frame);

// Runs the job in the forked child and ends the process. `parent` is the process that forked; memory_max as ChildOptions.
[[noreturn]] void run_child(pid_t parent, int result_pipe, int output_pipe, Bytes memory_max,
                            const std::function<std::string()>& job);

}  // namespace myriad
