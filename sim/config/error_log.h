#pragma once
// Collects what is wrong with the user's input, so that one run shows several mistakes.

#include "sim/error/error.h"

#include <string>
#include <vector>

namespace myriad {

class ErrorLog {
public:
    void add(SourceMark mark, std::string message);
    [[nodiscard]] bool empty() const { return diagnostics_.empty(); }
    [[nodiscard]] std::size_t size() const { return diagnostics_.size(); }
    // One UserError with the first 20 by place, the last of which tells how many more there are; a place that two references
    // reach is reported once.
    void throw_if_any() const;

private:
    std::vector<Diagnostic> diagnostics_;
};

}  // namespace myriad
