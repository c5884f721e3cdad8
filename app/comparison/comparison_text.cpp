// The printed comparison. Differences are against the first run; a cause is shown where it makes up a thousandth of the
// time of a run, an operator where it moves by a thousandth of the time of the first.

#include "app/comparison/comparison.h"
#include "app/result/aligned_table.h"
#include "app/result/words.h"
#include "sim/units/quantity_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace myriad {
namespace {

constexpr std::size_t kWidth = 100;
constexpr std::size_t kOperatorsMost = 8;
constexpr std::size_t kInputsMost = 24;
constexpr std::size_t kValueWidth = 28;
constexpr std::size_t kNameWidth = 20;
constexpr double kShown = 1e-3;

std::string time_text(double ps) { return human_text(Picoseconds{std::llround(ps)}); }
std::string difference_text(double ps) { return ps == 0.0 ? "0" : (ps < 0 ? "-" : "+") + time_text(std::abs(ps)); }
std::string rate_text(double rate) { return human_text(BytesPerSecond{std::llround(rate)}); }

std::string text_of(const ComparedFigure& figure_of_run) {
    const double value = figure_of_run.value;
    if (figure_of_run.unit == "ps") {
        return time_text(value);
    }
    if (figure_of_run.unit == "B/s") {
        return rate_text(value);
    }
    if (figure_of_run.unit == "B") {
        return human_text(Bytes{std::llround(value)});
    }
    if (figure_of_run.unit == "%") {
        return percent(value);
    }
    return figure(value) + " " + figure_of_run.unit;
}

// Headings of tables: names where they leave room for figures, else letters, which the table of runs explains.
bool uses_letters(const Comparison& c) {
    return c.runs.size() > 2 || std::any_of(c.runs.begin(), c.runs.end(),
                                            [](const ComparedRun& run) { return run.name.size() > kNameWidth; });
}
std::string heading_of(const Comparison& c, std::size_t run) {
    return uses_letters(c) ? std::string(1, static_cast<char>('A' + run)) : c.runs[run].name;
}

std::vector<AlignedTable::Column> columns_of(const Comparison& c, const std::string& first, bool differences) {
    std::vector<AlignedTable::Column> columns{{first, Align::left}};
    for (std::size_t r = 0; r < c.runs.size(); ++r) {
        const std::string heading = heading_of(c, r);
        columns.push_back({heading, Align::right});
        if (r > 0 && differences) {
            columns.push_back({uses_letters(c) ? heading + " - A" : "difference", Align::right});
        }
    }
    return columns;
}

std::vector<std::string> cells_of(const std::string& name, const ComparedRow& row) {
    std::vector<std::string> cells{name};
    for (std::size_t r = 0; r < row.values.size(); ++r) {
        cells.push_back(time_text(row.values[r]));
        if (r > 0) {
            cells.push_back(difference_text(row.difference(r)));
        }
    }
    return cells;
}

std::string runs_text(const Comparison& c) {
    AlignedTable table({{"", Align::left},
                        {"run", Align::left},
                        {"cluster", Align::left},
                        {"cards", Align::right},
                        {"levels", Align::left},
                        {"what", Align::left}});
    for (std::size_t r = 0; r < c.runs.size(); ++r) {
        const ComparedRun& run = c.runs[r];
        table.add({uses_letters(c) ? heading_of(c, r) : "", run.name, run.cluster, grouped(run.cards),
                   run.network + ", " + run.card, run.what});
    }
    return table.text(2);
}

std::string causes_text(const Comparison& c) {
    const bool all_collectives = c.runs.front().workload == "collectives" || c.runs.front().workload == "traffic";
    std::string out = fmt::format("\nWhere the difference comes from{}\n", all_collectives ? "" : " (mean over cards)");
    AlignedTable table(columns_of(c, "cause", true));
    const double least = kShown * *std::min_element(c.total.values.begin(), c.total.values.end());
    for (const ComparedRow& row : c.causes) {
        if (std::any_of(row.values.begin(), row.values.end(), [&](double v) { return std::abs(v) >= least; })) {
            table.add(cells_of(row.name, row));
        }
    }
    table.add(cells_of(c.total.name, c.total));
    return out + table.text(2);
}

std::string operators_text(const Comparison& c) {
    AlignedTable table(columns_of(c, "operator", true));
    std::size_t shown = 0;
    for (const ComparedRow& row : c.operators) {
        bool moves = false;
        for (std::size_t r = 1; r < row.values.size(); ++r) {
            moves = moves || std::abs(row.difference(r)) >= kShown * c.total.values[0];
        }
        if (moves && shown < kOperatorsMost) {
            table.add(cells_of(row.name, row));
            ++shown;
        }
    }
    return shown == 0 ? std::string{} : "\nOperators that differ most (mean over cards)\n" + table.text(2);
}

std::string groups_text(const Comparison& c) {
    if (c.busy.empty()) {
        return {};
    }
    AlignedTable table(columns_of(c, "group", false));
    for (std::size_t g = 0; g < c.busy.size(); ++g) {
        std::vector<std::string> cells{c.busy[g].name};
        for (std::size_t r = 0; r < c.runs.size(); ++r) {
            const double busy = c.busy[g].values[r];
            cells.push_back(busy == 0.0 ? "-"
                                        : fmt::format("{} of {}", time_text(c.exposed[g].values[r]), time_text(busy)));
        }
        table.add(std::move(cells));
    }
    return "\nCommunication by group: exposed of busy (mean over cards)\n" + table.text(2);
}

std::string tiers_text(const Comparison& c) {
    std::vector<std::string> names;
    for (const ComparedRun& run : c.runs) {
        for (const ComparedTier& tier : run.tiers) {
            if (std::find(names.begin(), names.end(), tier.name) == names.end()) {
                names.push_back(tier.name);
            }
        }
    }
    if (names.empty()) {
        return {};
    }
    AlignedTable table(columns_of(c, "links", false));
    for (const std::string& name : names) {
        std::vector<std::string> cells{name};
        for (const ComparedRun& run : c.runs) {
            const auto at = std::find_if(run.tiers.begin(), run.tiers.end(),
                                         [&](const ComparedTier& tier) { return tier.name == name; });
            cells.push_back(at == run.tiers.end() ? "-"
                                                  : fmt::format("{}, {} / {}", rate_text(at->bandwidth),
                                                                percent(at->mean), percent(at->most)));
        }
        table.add(std::move(cells));
    }
    return "\nLinks: bandwidth a direction, busy in the mean / the busiest\n" + table.text(2);
}

std::string figures_text(const Comparison& c) {
    AlignedTable table(columns_of(c, "figure", false));
    for (const ComparedFigure& first : c.runs.front().figures) {
        std::vector<std::string> cells{first.name};
        for (const ComparedRun& run : c.runs) {
            const auto at = std::find_if(run.figures.begin(), run.figures.end(),
                                         [&](const ComparedFigure& f) { return f.name == first.name; });
            cells.push_back(at == run.figures.end() ? "-" : text_of(*at));
        }
        table.add(std::move(cells));
    }
    return c.runs.front().figures.empty() ? std::string{} : "\nFigures\n" + table.text(2);
}

// What the user most likely changed himself first; what things are called, and details of memory and cores, which differ in
// dozens wherever the chips do, last.
int rank_of(const ComparedInput& input) {
    const std::string& path = input.path;
    if (path.ends_with(".name") || path.ends_with(".title") || path.find(".hbm.preset.") != std::string::npos ||
        path.find(".chip.core.") != std::string::npos) {
        return 2;
    }
    return path.starts_with("cluster.server.chip.") ? 1 : 0;
}

// What a run lacks is "-".
std::vector<std::string> cells_of(const ComparedInput& input) {
    std::vector<std::string> cells{input.path};
    for (const std::string& value : input.values) {
        cells.push_back(value.empty()                ? "-"
                        : value.size() > kValueWidth ? value.substr(0, kValueWidth - 3) + "..."
                                                     : value);
    }
    return cells;
}

std::string algorithms_text(const Comparison& c) {
    AlignedTable table(columns_of(c, "collectives", false));
    for (const ComparedInput& choice : c.algorithms) {
        table.add(cells_of(choice));
    }
    return c.algorithms.empty() ? std::string{} : "\nAlgorithms that differ\n" + table.text(2);
}

std::string inputs_text(const Comparison& c) {
    if (c.inputs.empty()) {
        return {};
    }
    std::vector<const ComparedInput*> inputs;
    for (const ComparedInput& input : c.inputs) {
        inputs.push_back(&input);
    }
    std::stable_sort(inputs.begin(), inputs.end(),
                     [](const ComparedInput* a, const ComparedInput* b) { return rank_of(*a) < rank_of(*b); });
    AlignedTable table(columns_of(c, "path", false));
    for (std::size_t i = 0; i < std::min(inputs.size(), kInputsMost); ++i) {
        table.add(cells_of(*inputs[i]));
    }
    std::string out = "\nWhat differs in the input\n" + table.text(2);
    if (inputs.size() > kInputsMost) {
        out += fmt::format("  {} more in comparison.json\n", inputs.size() - kInputsMost);
    }
    return out;
}

}  // namespace

std::string comparison_text(const Comparison& c) {
    std::string out = paragraph("", c.headline, 0, kWidth);
    for (const std::string& sentence : c.verdict) {
        out += paragraph("", sentence, 2, kWidth);
    }
    out += "\n" + runs_text(c) + causes_text(c) + operators_text(c) + groups_text(c) + tiers_text(c) +
           algorithms_text(c) + figures_text(c) + inputs_text(c);
    for (const std::string& warning : c.warnings) {
        out += "\n" + paragraph("", "warning: " + warning, 2, kWidth);
    }
    return out;
}

}  // namespace myriad
