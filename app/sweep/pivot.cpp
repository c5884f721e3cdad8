// A table allows some values of every axis: all of them, or those that `where` means. Its sub-tables are the
// combinations of the axes that are neither rows nor columns.

#include "app/sweep/pivot.h"

#include "sim/error/error.h"

#include <algorithm>
#include <numeric>

namespace myriad {
namespace {

std::size_t axis_called(const Sweep& sweep, const std::string& name) {
    const auto at =
        std::find_if(sweep.axes.begin(), sweep.axes.end(), [&](const SweepAxis& axis) { return axis.name == name; });
    MYRIAD_CHECK(at != sweep.axes.end(), "no axis is called " + name);
    return static_cast<std::size_t>(at - sweep.axes.begin());
}

std::vector<std::size_t> allowed_values(const SweepAxis& axis, const SweepTable& table) {
    std::vector<std::size_t> allowed(axis.values.size());
    std::iota(allowed.begin(), allowed.end(), std::size_t{0});
    for (const auto& [name, label] : table.where) {
        if (name == axis.name) {
            std::erase_if(allowed,
                          [&, &wanted = label](std::size_t v) { return !means_label(wanted, axis.values[v].label); });
        }
    }
    return allowed;
}

std::vector<std::string> labels(const SweepAxis& axis, const std::vector<std::size_t>& values) {
    std::vector<std::string> texts;
    texts.reserve(values.size());
    for (const std::size_t v : values) {
        texts.push_back(axis.values[v].label);
    }
    return texts;
}

}  // namespace

PointIndex::PointIndex(const Sweep& sweep) {
    for (const SweepPoint& point : sweep.points) {
        index_.emplace(point.choice, point.index);
    }
}

std::optional<std::size_t> PointIndex::find(const std::vector<std::size_t>& choice) const {
    const auto at = index_.find(choice);
    return at == index_.end() ? std::nullopt : std::optional(at->second);
}

std::vector<SubTable> sub_tables(const Sweep& sweep, const SweepTable& table) {
    const std::size_t rows = axis_called(sweep, table.rows);
    const std::size_t columns = axis_called(sweep, table.columns);
    std::vector<std::vector<std::size_t>> allowed;
    std::size_t combinations = 1;
    for (std::size_t a = 0; a < sweep.axes.size(); ++a) {
        allowed.push_back(allowed_values(sweep.axes[a], table));
        combinations *= a == rows || a == columns ? 1 : allowed[a].size();
    }
    const PointIndex index(sweep);
    std::vector<SubTable> all;
    for (std::size_t n = 0; n < combinations; ++n) {
        SubTable sub;
        std::vector<std::size_t> choice(sweep.axes.size());
        std::size_t rest = n;
        for (std::size_t a = sweep.axes.size(); a-- > 0;) {
            if (a == rows || a == columns) {
                continue;
            }
            choice[a] = allowed[a][rest % allowed[a].size()];
            rest /= allowed[a].size();
            if (allowed[a].size() > 1) {
                sub.fixed.emplace_back(sweep.axes[a].name, sweep.axes[a].values[choice[a]].label);
            }
        }
        std::reverse(sub.fixed.begin(), sub.fixed.end());
        sub.row_labels = labels(sweep.axes[rows], allowed[rows]);
        sub.column_labels = labels(sweep.axes[columns], allowed[columns]);
        for (const std::size_t row : allowed[rows]) {
            choice[rows] = row;
            std::vector<std::optional<std::size_t>>& line = sub.points.emplace_back();
            for (const std::size_t column : allowed[columns]) {
                choice[columns] = column;
                line.push_back(index.find(choice));
            }
        }
        all.push_back(std::move(sub));
    }
    return all;
}

}  // namespace myriad
