// SVG as text. Numbers are written with one decimal, so the same picture is the same bytes everywhere.

#include "interconnect/topology/drawing/svg_writer.h"

#include <fmt/format.h>

namespace myriad {
std::string svg_escaped(std::string_view text) {
    std::string result;
    for (const char c : text) {
        switch (c) {
            case '&':
                result += "&amp;";
                break;
            case '<':
                result += "&lt;";
                break;
            case '>':
                result += "&gt;";
                break;
            case '"':
                result += "&quot;";
                break;
            default:
                result += c;
        }
    }
    return result;
}

void SvgWriter::rectangle(Point corner, double width, double height, std::string_view fill, std::string_view stroke,
                          double radius) {
    body_ +=
        fmt::format(R"(<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="{:.1f}" fill="{}" stroke="{}"/>)"
                    "\n",
                    corner.x, corner.y, width, height, radius, fill, stroke);
}

void SvgWriter::line(Point from, Point to, std::string_view stroke, double width) {
    body_ += fmt::format(R"(<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" stroke="{}" stroke-width="{:.1f}"/>)"
                         "\n",
                         from.x, from.y, to.x, to.y, stroke, width);
}

void SvgWriter::curve(Point from, Point control, Point to, std::string_view stroke, double width) {
    body_ += fmt::format(
        R"(<path d="M{:.1f} {:.1f} Q{:.1f} {:.1f} {:.1f} {:.1f}" fill="none" stroke="{}" stroke-width="{:.1f}"/>)"
        "\n",
        from.x, from.y, control.x, control.y, to.x, to.y, stroke, width);
}

void SvgWriter::text(Point at, std::string_view text, const TextStyle& style) {
    const std::string_view anchor = style.anchor == Anchor::start    ? "start"
                                    : style.anchor == Anchor::middle ? "middle"
                                                                     : "end";
    body_ += fmt::format(R"(<text x="{:.1f}" y="{:.1f}" font-size="{:.1f}" text-anchor="{}" fill="{}"{}>{}</text>)"
                         "\n",
                         at.x, at.y, style.size, anchor, style.fill, style.bold ? R"( font-weight="bold")" : "",
                         svg_escaped(text));
}

std::string SvgWriter::finish(double width, double height) {
    std::string file = fmt::format(
        R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0:.0f}" height="{1:.0f}" viewBox="0 0 {0:.0f} {1:.0f}" )"
        R"(font-family="Helvetica, Arial, sans-serif">)"
        "\n"
        R"(<rect width="{0:.0f}" height="{1:.0f}" fill="#ffffff"/>)"
        "\n",
        width, height);
    file += body_ + "</svg>\n";
    body_.clear();
    return file;
}

double text_width(std::string_view text, double size) { return 0.56 * size * static_cast<double>(text.size()); }

}  // namespace myriad
