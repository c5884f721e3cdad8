#pragma once
// A report made anew from what a run, a sweep or a comparison has left in a folder.

#include <string>

namespace myriad {

// Throws UserError where the folder holds no result, or one that cannot be read.
[[nodiscard]] std::string report_of_folder(const std::string& folder);

}  // namespace myriad
