#pragma once
// The page report.html: one file, nothing loaded from anywhere (docs/report.md).
//
//     const std::string page = report_html("Qwen3-32B on 16 PPUs", run_report_data({.result = result_json}));

#include <string>
#include <string_view>

namespace myriad {

inline constexpr const char* kReportFile = "report.html";

// `title` is plain text, `data` the JSON of report_data.h.
[[nodiscard]] std::string report_html(std::string_view title, std::string_view data);

// JSON that can stand inside a <script> element: what a parser of HTML could take for the element's end or for a comment
// is written as \u003c.
[[nodiscard]] std::string script_safe(std::string_view json);

}  // namespace myriad
