#pragma once
// What report.html holds as data: the JSON files of a result, cut down to what the page shows.
//
// A sweep's points are turned into columns ({"mfu": [0.41, null, ...]}), because a thousand points that repeat forty
// names each would fill the page with names.

#include <string>

namespace myriad {

// Any of the texts but the first may be empty: the page says what is not there. Each must be JSON of its schema; one
// that is not throws UserError naming the file.
[[nodiscard]] std::string run_report_data(const std::string& result, const std::string& manifest,
                                          const std::string& activity);
[[nodiscard]] std::string sweep_report_data(const std::string& sweep, const std::string& manifest);
[[nodiscard]] std::string comparison_report_data(const std::string& comparison, const std::string& manifest);

// The page itself, titled as the result is.
[[nodiscard]] std::string run_report(const std::string& result, const std::string& manifest,
                                     const std::string& activity);
[[nodiscard]] std::string sweep_report(const std::string& sweep, const std::string& manifest);
[[nodiscard]] std::string comparison_report(const std::string& comparison, const std::string& manifest);

}  // namespace myriad
