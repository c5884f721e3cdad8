#pragma once
// An assumed value of the input and its range: what --uncertainty varies.

#include "sim/config/document.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace myriad {

// Values that stand in several places of the tree but on one line of one file are one assumption and move together.
struct Assumption {
    std::vector<std::string> paths;  // as --set takes them
    std::string value;               // as the file says it
    std::string low;
    std::string high;
    ValueKind kind = ValueKind::number;
    std::string source;
    std::vector<std::string> choices;  // of a whole number: those that the files allow; empty: all
    bool logarithmic = false;  // drawn uniformly in its logarithm, because the range spans a factor of more than 4
    std::string stream;        // name of its random stream: the same in every design that rests on it
    [[nodiscard]] const std::string& name() const { return paths.front(); }
};

// Those of `assumed` that have a range of more than one value, in their order. A value with range [v, v] was chosen.
[[nodiscard]] std::vector<Assumption> assumptions_of(const std::vector<SourcedText>& assumed);

// Whole numbers in small ranges are tried one by one: four or eight NICs may divide the cards where five do not. Keeps
// those for which `loads` holds; an assumption that leaves one of them alone is none.
void keep_loadable(std::vector<Assumption>& assumptions,
                   const std::function<bool(const std::vector<std::string>& overrides)>& loads);

// The text at a share 0 to 1 of the range; whole numbers are equally likely.
[[nodiscard]] std::string value_at(const Assumption& assumption, double share);
// "path=value" for each of its paths.
void put_over(const Assumption& assumption, const std::string& value, std::vector<std::string>& overrides);

// One number in each of `count` equal parts of [0, 1), in random order: a column of a Latin hypercube.
[[nodiscard]] std::vector<double> latin_column(std::uint64_t seed, const std::string& stream, std::size_t count);

}  // namespace myriad
