#pragma once
// Writes the few shapes of SVG that the drawings need. Coordinates in pixels, y downwards.

#include <string>
#include <string_view>

namespace myriad {

struct Point {
    double x = 0;
    double y = 0;
};

enum class Anchor { start, middle, end };

struct TextStyle {
    double size = 12;
    Anchor anchor = Anchor::middle;
    std::string_view fill = "#1b1f24";
    bool bold = false;
};

class SvgWriter {
public:
    void rectangle(Point corner, double width, double height, std::string_view fill, std::string_view stroke,
                   double radius = 5);
    void line(Point from, Point to, std::string_view stroke, double width);
    // Quadratic curve with one control point.
    void curve(Point from, Point control, Point to, std::string_view stroke, double width);
    void text(Point at, std::string_view text, const TextStyle& style);
    // The whole file; the writer is empty afterwards.
    [[nodiscard]] std::string finish(double width, double height);

private:
    std::string body_;
};

// About how wide `text` is, for a sans-serif face.
[[nodiscard]] double text_width(std::string_view text, double size);
// `text` between tags or quotes.
[[nodiscard]] std::string svg_escaped(std::string_view text);

}  // namespace myriad
