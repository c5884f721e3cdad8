#pragma once
// `range` of an axis: from one number or quantity to another, as labels that are also the values.
//
// Values are written in the unit of the ends if they share it ("200 GB/s"), else in whichever is shorter. What `steps`
// and draws work out is rounded to four significant digits; both ends, and what `step` and `factor` give, stay exact.
// Whole ends without a unit make whole values.

#include "sim/config/schema.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace myriad {

// A number with or without a unit: byte/s, byte, ps, Hz, FLOP(/s), W, USD/h or plain.
struct LabelNumber {
    ValueKind kind = ValueKind::number;
    double value = 0.0;
};
// Of a label that is one, as it is or as the only item of a list: "8", "[1 MiB]".
[[nodiscard]] std::optional<LabelNumber> number_of_label(std::string_view label);

class AxisRange {
public:
    // What is wrong with the ends is in `problem`; empty: nothing.
    AxisRange(std::string_view from, std::string_view to, bool is_log);

    [[nodiscard]] const std::string& problem() const { return problem_; }

    // Labels, or a problem: two that round to the same, too many, a step of another kind.
    struct Labels {
        std::vector<std::string> labels;
        std::string problem;
    };
    [[nodiscard]] Labels by_steps(std::int64_t steps) const;
    [[nodiscard]] Labels by_step(std::string_view step) const;
    [[nodiscard]] Labels by_factor(std::string_view factor) const;

    // At this share of the way, from 0 to 1.
    [[nodiscard]] std::string label_at(double share) const;
    // Where on the way a label stands; nothing: it is no such value, or outside.
    [[nodiscard]] std::optional<double> share_of(std::string_view label) const;

private:
    [[nodiscard]] std::string exact_label(double number) const;
    [[nodiscard]] std::string with_unit(const std::string& number) const;
    [[nodiscard]] double number_at(double share) const;
    [[nodiscard]] Labels without_twins(Labels labels) const;

    std::string from_text_;
    std::string to_text_;
    ValueKind kind_ = ValueKind::number;
    std::string unit_;  // of numbers; empty: none
    double unit_size_ = 1.0;
    bool one_unit_ = true;
    bool is_whole_ = false;
    bool is_log_ = false;
    double from_ = 0.0;  // in unit_
    double to_ = 0.0;
    std::string problem_;
};

}  // namespace myriad
