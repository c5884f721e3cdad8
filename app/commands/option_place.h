#pragma once
// Some options become values of a scenario (--network, --sizes). What the reader finds wrong with such a value is told
// at the option that the user wrote, not at a place in a text that no user has seen.

#include "sim/error/error.h"

#include <string>
#include <vector>

namespace myriad {

struct OptionPlace {
    std::string file;    // as the reader names it
    int line = 0;        // 0: every line
    std::string option;  // empty: the message says enough
};

// The same findings, each at the option of the first place that fits, or where it was.
[[nodiscard]] UserError told_by_option(const UserError& error, const std::vector<OptionPlace>& places);

}  // namespace myriad
