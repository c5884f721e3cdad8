// The ladder for a terminal: one table, then why each operator that matters takes what it takes at the finest level.

#include "app/fidelity/ladder.h"
#include "app/result/aligned_table.h"
#include "app/result/words.h"
#include "sim/units/quantity_text.h"

#include <fmt/core.h>

namespace myriad {

namespace {

constexpr double kWorthExplaining = 0.01;  // of the step
constexpr std::size_t kIndent = 13;
constexpr std::size_t kWidth = 100;

void add(const LadderRow& row, const std::string& indent, AlignedTable& table) {
    std::vector<std::string> cells{indent + row.name};
    for (const LadderCell& cell : row.cells) {
        cells.push_back(human_text(cell.time));
    }
    cells.push_back(row.ratio() > 0.0 ? fmt::format("{:.2f}", row.ratio()) : "");
    cells.push_back(row.cells.back().limit);
    table.add(std::move(cells));
}

std::string why_text(const Ladder& ladder) {
    const double step = seconds(ladder.totals.back().cells.back().time);
    std::string out;
    for (const LadderRow& row : ladder.operators) {
        const LadderCell& finest = row.cells.back();
        if (finest.why.empty() || seconds(finest.time) < kWorthExplaining * step) {
            continue;
        }
        out += fmt::format("  {}\n", row.name);
        for (const std::string& cause : finest.why) {
            out += paragraph("    ", cause, 4, kWidth);
        }
    }
    return out;
}

}  // namespace

std::string ladder_text(const Ladder& ladder) {
    std::string out = ladder.title + "\n\n" + paragraph("cluster", ladder.cluster, kIndent, kWidth);
    std::vector<AlignedTable::Column> columns{{"mean over cards", Align::left}};
    for (const std::string& level : ladder.levels) {
        columns.push_back({level.substr(0, level.find(','))});
        out += paragraph(out.ends_with("\n") && columns.size() == 2 ? "levels" : "", level, kIndent, kWidth);
    }
    columns.push_back({"ratio"});
    columns.push_back({"limit", Align::left});
    AlignedTable table(std::move(columns));
    for (const LadderRow& row : ladder.totals) {
        add(row, "", table);
        if (row.name == "compute") {
            for (const LadderRow& op : ladder.operators) {
                add(op, "  ", table);
            }
        }
    }
    out += '\n' + table.text(2);
    const std::string why = why_text(ladder);
    if (!why.empty()) {
        out += fmt::format("\nWhy, at level {}: factors against the ideal, operators above {}\n",
                           ladder.levels.back().substr(0, ladder.levels.back().find(',')), percent(kWorthExplaining)) +
               why;
    }
    return out;
}

}  // namespace myriad
