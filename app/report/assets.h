#pragma once
// Text files under app/report/assets/ and Chart.js, as they stand in the program: embed_assets.cmake makes the .cpp at
// build time.

#include <string_view>

namespace myriad {

extern const std::string_view kReportTemplate;  // HTML with {{title}}, {{style}}, {{library}}, {{script}} and {{data}}
extern const std::string_view kReportStyle;
extern const std::string_view kReportScript;  // all modules, in the order in which they need each other
extern const std::string_view kChartLibrary;  // Chart.js, its licence in its first lines

}  // namespace myriad
