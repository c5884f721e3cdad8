#pragma once
// What report.html holds as data: the JSON files of a result, cut down to what the page shows.
//
// A sweep's points are turned into columns ({"mfu": [0.41, null, ...]}), because a thousand points that repeat forty
// names each would fill the page with names.

#include <cstddef>
#include <string>
#include <vector>

namespace myriad {

// Files of the folder of a run; any but the first may be empty: the page says what is not there.
struct RunTexts {
    std::string result;
    std::string manifest;
    std::string activity;
    std::string uncertainty;
};

// Each text must be JSON of its schema; one that is not throws UserError naming the file. `activities`: by run; an empty
// text, or none at all, where it is not known what the links did.
[[nodiscard]] std::string run_report_data(const RunTexts& texts);
[[nodiscard]] std::string sweep_report_data(const std::string& sweep, const std::string& manifest);
[[nodiscard]] std::string comparison_report_data(const std::string& comparison, const std::string& manifest,
                                                 const std::vector<std::string>& activities);
// Name of the activity of the run at this index in the folder of a comparison: "activity_1.json".
[[nodiscard]] std::string compared_activity_file(std::size_t run);

// The page itself, titled as the result is.
[[nodiscard]] std::string run_report(const RunTexts& texts);
[[nodiscard]] std::string sweep_report(const std::string& sweep, const std::string& manifest);
[[nodiscard]] std::string comparison_report(const std::string& comparison, const std::string& manifest,
                                            const std::vector<std::string>& activities);

}  // namespace myriad
