// Text for people: both levels side by side, then what only the tile level knows.

#include "app/kernel/kernel_result_text.h"

#include "app/result/aligned_table.h"
#include "app/result/words.h"
#include "sim/units/quantity_text.h"

#include <fmt/format.h>

#include <functional>

namespace myriad {
namespace {

std::string rate_text(double flop_per_s) { return human_text(FlopPerSecond{flop_per_s}); }

std::string bandwidth_text(double bytes_per_s) {
    return human_text(BytesPerSecond{static_cast<std::int64_t>(bytes_per_s + 0.5)});
}

std::string ratio_text(const KernelRates& tile, const KernelRates& roofline) {
    return fmt::format("{:.2f}", seconds(tile.total) / seconds(roofline.total));
}

std::string heading(const KernelReport& report, const KernelPoint& point) {
    const Kernel& kernel = point.kernel;
    const double bytes = static_cast<double>((kernel.read + kernel.written).count());
    std::string text = fmt::format("{} on {}, {}: {}\n", point.spec.family->name, report.chip->name,
                                   name_of(point.spec.type), fields_text(point.spec));
    text += kernel.work.count() > 0.0 ? fmt::format("work {}; ", human_text(kernel.work)) : "";
    text += fmt::format("operands {}, results {}", human_text(kernel.read), human_text(kernel.written));
    if (kernel.work.count() > 0.0 && bytes > 0.0) {
        text += fmt::format("; {} flop/B", figure(kernel.work.count() / bytes));
    }
    return text + "\n\n";
}

// One line a figure; a column a level.
std::string levels_table(const KernelReport& report, const KernelPoint& point) {
    struct Level {
        std::string name;
        KernelRates rates;
    };
    std::vector<Level> levels;
    if (point.tile) {
        levels.push_back({"tile", tile_rates(*report.chip, point)});
    }
    if (point.roofline) {
        levels.push_back({"roofline", roofline_rates(*report.chip, point)});
    }
    std::vector<AlignedTable::Column> columns{{"", Align::left}};
    for (const Level& level : levels) {
        columns.push_back({level.name});
    }
    AlignedTable table(std::move(columns));
    const auto add = [&](const std::string& name, const std::function<std::string(const KernelRates&)>& text) {
        std::vector<std::string> row{name};
        for (const Level& level : levels) {
            row.push_back(text(level.rates));
        }
        table.add(std::move(row));
    };
    add("time", [](const KernelRates& r) { return human_text(r.total); });
    add("  launch", [](const KernelRates& r) { return human_text(r.launch); });
    add("  body", [](const KernelRates& r) { return human_text(r.body); });
    const FlopPerSecond peak = peak_of(*report.chip, point.kernel);
    if (point.kernel.work.count() > 0.0) {
        add("flop/s", [](const KernelRates& r) { return rate_text(r.flop_per_s); });
        if (peak.count() > 0.0) {
            add(fmt::format("  of {} {}", peak_name(point.kernel), human_text(peak)),
                [](const KernelRates& r) { return percent(r.peak_share); });
        }
    }
    add("HBM bytes", [](const KernelRates& r) { return human_text(r.hbm); });
    add("HBM bytes/s", [](const KernelRates& r) { return bandwidth_text(r.bytes_per_s); });
    add(fmt::format("  of HBM peak {}", human_text(report.chip->hbm.bandwidth)),
        [](const KernelRates& r) { return percent(r.hbm_share); });
    add("bound by", [](const KernelRates& r) { return r.bound; });
    std::string text = table.text(0);
    if (levels.size() == 2) {
        text += fmt::format("\ntile / roofline {}\n", ratio_text(levels[0].rates, levels[1].rates));
    } else if (point.tile) {
        text += fmt::format("\nno roofline: {} has no {}; its cores convert to a type that they have\n",
                            report.chip->name, peak_name(point.kernel));
    }
    return text;
}

// What the words of a limit mean where they name no resource.
std::string explanation(KernelLimit limit) {
    switch (limit) {
        case KernelLimit::launch:
            return "launch: starting and ending take longer than running\n";
        case KernelLimit::latency:
            return "latency: nothing is busy for half of the time; too little work to fill the card, or waiting\n";
        default:
            return "";
    }
}

std::string tile_table(const KernelReport& report, const KernelResult& tile) {
    AlignedTable table({{"", Align::left}, {"", Align::left}});
    const auto add = [&](const std::string& name, const std::string& value) { table.add({name, value}); };
    add("plan", tile.plan);
    add("tiles", fmt::format("{} on {} of {} cores, {:.2f} waves", grouped(tile.tiles), tile.cores, report.chip->cores,
                             tile.waves));
    add("matrix units", percent(tile.tensor_busy));
    add("vector lanes", percent(tile.vector_busy));
    add("core ports", percent(tile.port_busy));
    add("cache", percent(tile.cache_busy));
    add("HBM", fmt::format("{}, refresh {}", percent(tile.hbm_busy), percent(tile.refresh)));
    const double hit = tile.cache_read.count() > 0
                           ? static_cast<double>(tile.cache_hit.count()) / static_cast<double>(tile.cache_read.count())
                           : 0.0;
    add("cache hits", fmt::format("{} of {} read", percent(hit), human_text(tile.cache_read)));
    add("HBM row hits", percent(tile.row_hit_rate));
    const std::string text = table.text(2);
    return "\nhow it ran, and busy shares of the body\n" + text.substr(text.find('\n') + 1);  // without a header
}

}  // namespace

std::string kernel_text(const KernelReport& report) {
    const KernelPoint& point = *report.points.front();
    std::string text = heading(report, point) + levels_table(report, point);
    if (point.tile) {
        text += explanation(point.tile->limit) + tile_table(report, *point.tile);
    }
    return text;
}

std::string sweep_text(const KernelReport& report) {
    const bool tile = report.level == KernelLevel::tile;
    const KernelPoint& first = *report.points.front();
    std::vector<AlignedTable::Column> columns;
    for (const KernelAxis& axis : report.request->axes) {
        columns.push_back({axis.field});
    }
    for (const char* name : {"time", "flop/s", "of peak", "HBM bytes/s", "of HBM"}) {
        columns.push_back({name});
    }
    columns.push_back({"bound by", Align::left});
    if (tile) {
        columns.push_back({"roofline"});
        columns.push_back({"tile/roofline"});
        columns.push_back({"plan", Align::left});
    }
    AlignedTable table(std::move(columns));
    for (const auto& point : report.points) {
        const KernelRates rates = rates_at(*report.chip, *point, report.level);
        std::vector<std::string> row;
        for (const KernelAxis& axis : report.request->axes) {
            row.push_back(field_text(point->spec, *point->spec.family->field(axis.field)));
        }
        const bool works = point->kernel.work.count() > 0.0;
        row.insert(row.end(), {human_text(rates.total), works ? rate_text(rates.flop_per_s) : "",
                               rates.peak_share > 0.0 ? percent(rates.peak_share) : "",
                               bandwidth_text(rates.bytes_per_s), percent(rates.hbm_share), rates.bound});
        if (tile) {
            const bool both = point->roofline.has_value();
            const KernelRates roofline = both ? roofline_rates(*report.chip, *point) : KernelRates{};
            row.insert(row.end(), {both ? human_text(roofline.total) : "", both ? ratio_text(rates, roofline) : "",
                                   point->tile->plan});
        }
        table.add(std::move(row));
    }
    std::string fixed;
    for (const KernelField& field : first.spec.family->fields) {
        bool swept = false;
        for (const KernelAxis& axis : report.request->axes) {
            swept = swept || axis.field == field.name;
        }
        if (!swept) {
            fixed += fmt::format("{}{} {}", fixed.empty() ? "" : ", ", field.name, field_text(first.spec, field));
        }
    }
    std::string text = fmt::format("{} on {}, {}{}{}; {} level\n", first.spec.family->name, report.chip->name,
                                   name_of(first.spec.type), fixed.empty() ? "" : ": ", fixed, name_of(report.level));
    const FlopPerSecond peak = peak_of(*report.chip, first.kernel);
    text += peak.count() > 0.0 && first.kernel.work.count() > 0.0
                ? fmt::format("{} {}, HBM peak {}\n\n", peak_name(first.kernel), human_text(peak),
                              human_text(report.chip->hbm.bandwidth))
                : fmt::format("HBM peak {}\n\n", human_text(report.chip->hbm.bandwidth));
    return text + table.text(0);
}

}  // namespace myriad
