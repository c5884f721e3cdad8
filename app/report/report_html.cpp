// The template with its five holes filled. It is walked once, so what fills a hole is never searched for another.

#include "app/report/report_html.h"

#include "app/report/assets.h"
#include "sim/error/error.h"

namespace myriad {
namespace {

std::string html_escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

}  // namespace

std::string script_safe(std::string_view json) {
    std::string out;
    out.reserve(json.size());
    for (const char c : json) {
        // "<" stands in strings of JSON only, where its escape means the same.
        if (c == '<') {
            out += "\\u003c";
        } else {
            out += c;
        }
    }
    return out;
}

std::string report_html(std::string_view title, std::string_view data) {
    std::string out;
    std::string_view rest = kReportTemplate;
    while (!rest.empty()) {
        const std::size_t begin = rest.find("{{");
        out += rest.substr(0, begin);
        if (begin == std::string_view::npos) {
            break;
        }
        const std::size_t end = rest.find("}}", begin);
        MYRIAD_CHECK(end != std::string_view::npos, "a hole of the report's template has no end");
        const std::string_view hole = rest.substr(begin + 2, end - begin - 2);
        if (hole == "title") {
            out += html_escaped(title);
        } else if (hole == "style") {
            out += kReportStyle;
        } else if (hole == "library") {
            out += kChartLibrary;
        } else if (hole == "script") {
            out += kReportScript;
        } else {
            MYRIAD_CHECK(hole == "data", "a hole of the report's template that nothing fills");
            out += script_safe(data);
        }
        rest = rest.substr(end + 2);
    }
    return out;
}

}  // namespace myriad
