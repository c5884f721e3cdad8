// Two rows a part: alone, and with the others at once. Rows are explained at every level that is off by more than kOff.

#include "app/fidelity/overlap_ladder.h"

#include "app/fidelity/overlap_causes.h"
#include "app/result/aligned_table.h"
#include "app/result/words.h"
#include "sim/error/error.h"
#include "sim/units/quantity_text.h"

#include <nlohmann/json.hpp>

#include <fmt/core.h>

#include <cmath>

namespace myriad {
namespace {

using Json = nlohmann::json;

constexpr double kOff = 0.005;  // of the judge's time
constexpr std::size_t kIndent = 13;
constexpr std::size_t kWidth = 100;

void add_rows(const std::vector<Json>& results, const std::vector<std::string>& texts, OverlapLadder& ladder) {
    const Json& parts = results.back().at("overlap").at("parts");
    for (std::size_t part = 0; part < parts.size(); ++part) {
        for (const bool alone : {true, false}) {
            if (!alone && parts.size() == 1) {
                continue;
            }
            LadderRow row{parts[part].at("what").get<std::string>() + (alone ? ", alone" : ", together"), {}};
            for (const Json& result : results) {
                const Json& same = result.at("overlap").at("parts").at(part);
                MYRIAD_CHECK(same.at("what") == parts[part].at("what"), "levels run the same parts in the same order");
                row.cells.push_back(
                    {Picoseconds{same.at(alone ? "alone_ps" : "together_ps").get<std::int64_t>()}, "", {}});
            }
            ladder.rows.push_back(std::move(row));
            const std::size_t number = ladder.rows.size() - 1;
            for (std::size_t level = 0; level + 1 < results.size(); ++level) {
                if (std::abs(ladder.ratio(number, level) - 1.0) <= kOff) {
                    continue;
                }
                const OverlapPair pair{texts[level], texts.back()};
                ladder.findings.push_back(
                    {number, level, alone ? causes_alone(pair, part) : causes_together(pair, part)});
            }
        }
    }
}

// What the tile level says of its GEMM against the ideal, which is why the roofline's single efficiency is off.
void add_ideal(const std::vector<Json>& results, OverlapLadder& ladder) {
    for (const Json& result : results) {
        if (!result.at("overlap").contains("kernel")) {
            continue;
        }
        const Json& kernel = result.at("overlap").at("kernel");
        for (OverlapFinding& finding : ladder.findings) {
            const Json& coarse = results[finding.level];
            const Json& parts = coarse.at("overlap").at("parts");
            const Json& part = parts.at(parts.size() > 1 ? finding.row / 2 : finding.row);
            const bool alone = ladder.rows[finding.row].name.ends_with("alone");
            if (coarse.at("fidelity").at("card") != "roofline" || part.at("size_bytes") != 0 || !alone) {
                continue;
            }
            for (const auto& why : kernel.at("why").get<std::vector<std::string>>()) {
                finding.causes.push_back("tile, against the ideal: " + why);
            }
        }
    }
}

std::string short_name(const std::string& level) { return level.substr(0, level.find(',')); }

std::string findings_text(const OverlapLadder& ladder) {
    std::string out;
    std::string levels;
    for (std::size_t i = 0; i < ladder.findings.size(); ++i) {
        const OverlapFinding& finding = ladder.findings[i];
        const LadderRow& row = ladder.rows[finding.row];
        levels += (levels.empty() ? "" : " and ") + short_name(ladder.levels[finding.level]);
        // Levels that say the same are told once.
        if (i + 1 < ladder.findings.size() && ladder.findings[i + 1].row == finding.row &&
            row.cells[ladder.findings[i + 1].level].time == row.cells[finding.level].time) {
            continue;
        }
        const Picoseconds off = row.cells[finding.level].time - row.cells.back().time;
        out += fmt::format("  {}: {} {} too {}, {:.3f} of {}\n", row.name, levels,
                           human_text(Picoseconds{std::abs(off.count())}), off.count() < 0 ? "short" : "long",
                           ladder.ratio(finding.row, finding.level), short_name(ladder.levels.back()));
        for (const std::string& cause : finding.causes) {
            out += paragraph("    - ", cause, 6, kWidth);
        }
        levels.clear();
    }
    return out;
}

}  // namespace

double OverlapLadder::ratio(std::size_t row, std::size_t level) const {
    const std::vector<LadderCell>& cells = rows[row].cells;
    return cells.back().time.count() > 0 ? seconds(cells[level].time) / seconds(cells.back().time) : 0.0;
}

OverlapLadder overlap_ladder_of(const std::vector<std::string>& names, const std::vector<std::string>& results,
                                std::vector<std::string> left_out) {
    OverlapLadder ladder;
    ladder.left_out = std::move(left_out);
    std::vector<Json> parsed;
    for (std::size_t level = 0; level < names.size(); ++level) {
        Json result = Json::parse(results[level]);
        MYRIAD_CHECK(result.contains("overlap"), "this ladder is of an overlap workload");
        ladder.title = result.at("title").get<std::string>();
        ladder.cluster = result.at("cluster").get<std::string>();
        ladder.levels.push_back(names[level] +
                                (result.at("fidelity").at("interference").get<bool>() ? ", with interference" : ""));
        parsed.push_back(std::move(result));
    }
    add_rows(parsed, results, ladder);
    add_ideal(parsed, ladder);
    return ladder;
}

std::string overlap_ladder_text(const OverlapLadder& ladder) {
    std::string out = ladder.title + "\n\n" + paragraph("cluster", ladder.cluster, kIndent, kWidth);
    const std::string judge = short_name(ladder.levels.back());
    std::vector<AlignedTable::Column> columns{{"part", Align::left}};
    for (const std::string& level : ladder.levels) {
        out += paragraph(columns.size() == 1 ? "levels" : "", level, kIndent, kWidth);
        columns.push_back({short_name(level)});
    }
    for (const std::string& reason : ladder.left_out) {
        out += paragraph("left out", reason, kIndent, kWidth);
    }
    for (std::size_t level = 0; level + 1 < ladder.levels.size(); ++level) {
        columns.push_back({fmt::format("{} / {}", short_name(ladder.levels[level]), judge)});
    }
    AlignedTable table(std::move(columns));
    for (std::size_t r = 0; r < ladder.rows.size(); ++r) {
        std::vector<std::string> cells{ladder.rows[r].name};
        for (const LadderCell& cell : ladder.rows[r].cells) {
            cells.push_back(human_text(cell.time));
        }
        for (std::size_t level = 0; level + 1 < ladder.levels.size(); ++level) {
            cells.push_back(fmt::format("{:.3f}", ladder.ratio(r, level)));
        }
        table.add(std::move(cells));
    }
    out += '\n' + table.text(2);
    const std::string findings = findings_text(ladder);
    return out + (findings.empty()
                      ? fmt::format("\nNo level is off by more than {} of {}.\n", percent(kOff), judge)
                      : fmt::format("\nWhere levels are off by more than {} of {}, and what the runs report of it\n{}",
                                    percent(kOff), judge, findings));
}

std::string overlap_ladder_json(const OverlapLadder& ladder) {
    Json json = {{"schema", "myriad-fidelity-overlap/1"},
                 {"title", ladder.title},
                 {"cluster", ladder.cluster},
                 {"levels", ladder.levels},
                 {"left_out", ladder.left_out},
                 {"judge", short_name(ladder.levels.back())},
                 {"parts", Json::array()},
                 {"findings", Json::array()}};
    for (std::size_t r = 0; r < ladder.rows.size(); ++r) {
        Json row = {{"name", ladder.rows[r].name}, {"levels", Json::array()}};
        for (std::size_t level = 0; level < ladder.levels.size(); ++level) {
            row["levels"].push_back(
                {{"time_ps", ladder.rows[r].cells[level].time.count()}, {"ratio_to_judge", ladder.ratio(r, level)}});
        }
        json["parts"].push_back(std::move(row));
    }
    for (const OverlapFinding& finding : ladder.findings) {
        json["findings"].push_back({{"name", ladder.rows[finding.row].name},
                                    {"level", short_name(ladder.levels[finding.level])},
                                    {"causes", finding.causes}});
    }
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace myriad
