// Rows are made of what the runs have under one name: a cause or an operator that a run lacks took no time there. The
// words are made from the largest differences, with their share of the whole.

#include "app/comparison/comparison.h"

#include "app/result/words.h"
#include "sim/error/error.h"
#include "sim/units/quantity_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace myriad {
namespace {

constexpr double kSame = 1e-9;           // of the total: differences below are rounding
constexpr double kWorthASentence = 0.1;  // of the difference of the totals, or of the total where they are alike
constexpr std::size_t kSentences = 4;

std::string time_text(double ps) { return human_text(Picoseconds{std::llround(std::abs(ps))}); }
std::string signed_time(double ps) { return (ps < 0 ? "-" : "+") + time_text(ps); }

// Largest difference of any run first, then by name; rows that are nothing anywhere are left out.
void order(std::vector<ComparedRow>& rows) {
    std::erase_if(rows, [](const ComparedRow& row) {
        return std::all_of(row.values.begin(), row.values.end(), [](double v) { return v == 0.0; });
    });
    const auto weight = [](const ComparedRow& row) {
        double most = 0.0;
        for (std::size_t r = 1; r < row.values.size(); ++r) {
            most = std::max(most, std::abs(row.difference(r)));
        }
        return most;
    };
    std::stable_sort(rows.begin(), rows.end(), [&](const ComparedRow& a, const ComparedRow& b) {
        const double of_a = weight(a);
        const double of_b = weight(b);
        return of_a != of_b ? of_a > of_b : a.name < b.name;
    });
}

// A row a name, `value_of(run, row index of run)` scaled.
template <class List, class Value>
std::vector<ComparedRow> rows_of(const Comparison& comparison, List&& list_of, Value&& value_of) {
    std::vector<ComparedRow> rows;
    std::map<std::string, std::size_t> index;
    for (std::size_t r = 0; r < comparison.runs.size(); ++r) {
        for (const auto& item : list_of(comparison.runs[r])) {
            const auto [at, is_new] = index.emplace(item.name, rows.size());
            if (is_new) {
                rows.push_back({item.name, CauseKind::other, std::vector<double>(comparison.runs.size())});
            }
            rows[at->second].values[r] += value_of(item) * comparison.scale[r];
        }
    }
    return rows;
}

void add_causes(Comparison& out) {
    out.causes = rows_of(
        out, [](const ComparedRun& run) -> const auto& { return run.causes; },
        [](const ComparedCause& cause) { return cause.time; });
    for (ComparedRow& row : out.causes) {
        for (const ComparedRun& run : out.runs) {
            for (const ComparedCause& cause : run.causes) {
                row.kind = cause.name == row.name ? cause.kind : row.kind;
            }
        }
    }
    for (std::size_t r = 0; r < out.runs.size(); ++r) {
        double sum = 0.0;
        for (const ComparedRow& row : out.causes) {
            sum += row.values[r];
        }
        // Means over cards are rounded to a picosecond each.
        const double allowed = 16.0 * out.scale[r] + kSame * out.total.values[r];
        if (std::abs(sum - out.total.values[r]) > allowed) {
            throw LawError("causes add up to the time of a run", out.runs[r].name,
                           fmt::format("{} ps against {} ps", sum, out.total.values[r]));
        }
    }
    order(out.causes);
}

using Words = std::vector<std::pair<std::string, std::string>>;

// What does not stand in all runs with the same value, in the order of the first run.
std::vector<ComparedInput> differing(const std::vector<ComparedRun>& runs, const Words ComparedRun::*words) {
    std::vector<std::map<std::string, std::string>> values;
    std::vector<std::string> paths;
    std::set<std::string> seen;
    for (const ComparedRun& run : runs) {
        auto& of_run = values.emplace_back();
        for (const auto& [path, value] : run.*words) {
            of_run[path] = value;
            if (seen.insert(path).second) {
                paths.push_back(path);
            }
        }
    }
    std::vector<ComparedInput> inputs;
    for (const std::string& path : paths) {
        ComparedInput input{path, {}};
        for (const auto& of_run : values) {
            const auto at = of_run.find(path);
            input.values.push_back(at == of_run.end() ? "" : at->second);
        }
        if (std::any_of(input.values.begin(), input.values.end(),
                        [&](const std::string& v) { return v != input.values.front(); })) {
            inputs.push_back(std::move(input));
        }
    }
    return inputs;
}

std::string speed_sentence(const Comparison& c, std::size_t r) {
    const double first = c.total.values[0];
    const double other = c.total.values[r];
    const std::string& name = c.runs[r].name;
    const std::string& against = c.runs[0].name;
    if (std::abs(other - first) <= kSame * first) {
        return fmt::format("{} takes as long as {}: {}", name, against, time_text(first));
    }
    return fmt::format("{} is {} times as {} as {}: {} instead of {} ({}, {}{})", name,
                       figure(other < first ? first / other : other / first), other < first ? "fast" : "slow", against,
                       time_text(other), time_text(first), signed_time(other - first), other < first ? "-" : "+",
                       percent(std::abs(other - first) / first));
}

// The causes of run r's difference in words, largest first.
std::string cause_sentence(const Comparison& c, std::size_t r) {
    const double whole = c.total.difference(r);
    const bool alike = std::abs(whole) <= kSame * c.total.values[0];
    const double least = kWorthASentence * (alike ? c.total.values[0] : std::abs(whole));
    std::vector<const ComparedRow*> rows;
    for (const ComparedRow& row : c.causes) {
        if (std::abs(row.difference(r)) >= least) {
            rows.push_back(&row);
        }
    }
    std::stable_sort(rows.begin(), rows.end(), [&](const ComparedRow* a, const ComparedRow* b) {
        return std::abs(a->difference(r)) > std::abs(b->difference(r));
    });
    rows.resize(std::min(rows.size(), kSentences));
    std::vector<std::string> parts;
    for (const ComparedRow* row : rows) {
        parts.push_back(fmt::format("{} {} ({} -> {})", row->name, signed_time(row->difference(r)),
                                    time_text(row->values[0]), time_text(row->values[r])));
    }
    if (parts.empty()) {
        return {};
    }
    return fmt::format("{}: {}", c.runs[r].name, fmt::join(parts, "; "));
}

std::string tier_sentence(const Comparison& c, std::size_t r) {
    std::vector<std::string> parts;
    for (const ComparedTier& tier : c.runs[r].tiers) {
        for (const ComparedTier& first : c.runs[0].tiers) {
            if (first.name != tier.name || first.bandwidth == tier.bandwidth) {
                continue;
            }
            const auto rate = [](double value) { return human_text(BytesPerSecond{std::llround(value)}); };
            parts.push_back(fmt::format("{} {} -> {} a link and direction, busiest {} -> {}", tier.name,
                                        rate(first.bandwidth), rate(tier.bandwidth), percent(first.most),
                                        percent(tier.most)));
        }
    }
    return parts.empty() ? std::string{} : fmt::format("links of {}: {}", c.runs[r].name, fmt::join(parts, "; "));
}

void add_words(Comparison& out) {
    out.headline = speed_sentence(out, 1);
    for (std::size_t r = 1; r < out.runs.size(); ++r) {
        if (r > 1) {
            out.verdict.push_back(speed_sentence(out, r));
        }
        for (std::string sentence : {cause_sentence(out, r), tier_sentence(out, r)}) {
            if (!sentence.empty()) {
                out.verdict.push_back(std::move(sentence));
            }
        }
    }
}

void add_warnings(Comparison& out) {
    const ComparedRun& first = out.runs.front();
    for (std::size_t r = 1; r < out.runs.size(); ++r) {
        const ComparedRun& run = out.runs[r];
        if (run.network != first.network || run.card != first.card) {
            out.warnings.push_back(fmt::format(
                "{} ran at levels {}/{}, {} at {}/{}: part of the difference may be the models', not the systems'",
                first.name, first.network, first.card, run.name, run.network, run.card));
        }
        if (out.scale[r] != 1.0) {
            out.warnings.push_back(
                fmt::format("a step of {} has {} tokens, one of {} {}: all times of {} are scaled by {}", first.name,
                            grouped(std::llround(first.work)), run.name, grouped(std::llround(run.work)), run.name,
                            figure(out.scale[r])));
        }
        if (run.what != first.what && out.scale[r] == 1.0) {
            out.warnings.push_back(fmt::format("{} is a {}, {} a {}", first.name, first.what, run.name, run.what));
        }
    }
    if (out.inputs.empty()) {
        out.warnings.push_back("the inputs of the runs do not differ");
    }
}

}  // namespace

Comparison compare_runs(std::vector<ComparedRun> runs) {
    MYRIAD_CHECK(runs.size() >= 2, "a comparison of one run");
    Comparison out;
    for (const ComparedRun& run : runs) {
        if (run.workload != runs.front().workload) {
            throw UserError(fmt::format("'{}' is of workload {}, '{}' of {}: expected runs of one workload",
                                        runs.front().name, runs.front().workload, run.name, run.workload));
        }
        const bool scaled = run.work > 0.0 && run.work != runs.front().work;
        out.scale.push_back(scaled ? runs.front().work / run.work : 1.0);
    }
    out.runs = std::move(runs);
    out.total.name = "total";
    for (std::size_t r = 0; r < out.runs.size(); ++r) {
        out.total.values.push_back(out.runs[r].total * out.scale[r]);
    }
    add_causes(out);
    out.operators = rows_of(
        out, [](const ComparedRun& run) -> const auto& { return run.operators; },
        [](const ComparedOperator& op) { return op.time; });
    order(out.operators);
    const auto groups = [](const ComparedRun& run) -> const auto& { return run.groups; };
    out.busy = rows_of(out, groups, [](const ComparedGroup& group) { return group.busy; });
    out.exposed = rows_of(out, groups, [](const ComparedGroup& group) { return group.exposed; });
    out.inputs = differing(out.runs, &ComparedRun::inputs);
    out.algorithms = differing(out.runs, &ComparedRun::algorithms);
    add_words(out);
    add_warnings(out);
    return out;
}

}  // namespace myriad
